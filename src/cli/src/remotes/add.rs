//! `remotes add`: what it would be is looked at first, and nothing else is added then.

use super::question;
use crate::ending::{Ending, Trouble};
use crate::follow::{self, Followed};
use crate::output::{Output, bold};
use crate::session::Session;
use crate::text::{clean, gettext_f};
use crate::{change, plan};
use gettextrs::gettext;
use strata_model::snapshot::Origin;
use strata_model::{Request, Snapshot, SourceKind};

/// Adds an origin as the engine finds it now, after a yes to that.
pub(crate) async fn run(
    session: &mut Session,
    snapshot: &Snapshot,
    location: &str,
    name: Option<&str>,
) -> Result<Ending, Trouble> {
    let request = request(session, snapshot, location, name)?;
    let planned = plan::all(session, vec![request]).await?;
    if !session.output.json {
        plan::show(session, &planned);
    }
    let [plan::Planned { plan: Ok(found), .. }] = &planned[..] else {
        change::report(session, &Followed { tasks: Vec::new(), interrupted: false }, &planned);
        return Ok(plan::ending(&planned));
    };
    session.consent(&question(&found.request)).await?;
    follow::to_the_end(session, std::slice::from_ref(&found.request)).await
}

/// Tells a person what an origin would be.
pub(crate) fn show(output: &Output, origin: &Origin) {
    output.line(&format!("  {}: {}", gettext("Address"), clean(&origin.url)));
    if !origin.signed {
        let warning =
            gettext("What it sends is not signed: nobody can tell who made it, or whether it was changed on its way.");
        output.line(&format!("  {} {warning}", bold("!")));
    }
}

fn request(session: &Session, snapshot: &Snapshot, location: &str, name: Option<&str>) -> Result<Request, Trouble> {
    let scope = session.scope(snapshot)?.unwrap_or(snapshot.settings.sources.installation.scope());
    let file = std::path::absolute(location).ok().filter(|path| !location.contains("://") && path.exists());
    let location = match file.as_deref().and_then(std::path::Path::to_str) {
        Some(path) => path,
        None if location.starts_with("https://")
            || location.starts_with("http://")
            || location.starts_with("file://") =>
        {
            location
        }
        None => {
            let sentence = gettext_f("There is no file or folder “{name}”.", &[("name", &clean(location))]);
            return Err(Trouble::NothingFound(sentence));
        }
    };
    Ok(Request::add_origin(SourceKind::Flatpak, scope, name.unwrap_or_default(), location))
}
