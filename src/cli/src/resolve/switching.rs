//! What a person wants to have from another source than they have it from.

use super::{first, installed, is_there, not_found, requests};
use crate::ending::Trouble;
use crate::session::Session;
use crate::text::{clean, gettext_f};
use crate::{catalogue, lookup, words};
use strata_model::{Request, Snapshot, SourceKind, marked};

/// A request that puts the best offer of a source into the place of what is installed.
pub(crate) async fn to_switch(
    session: &mut Session,
    snapshot: &Snapshot,
    name: &str,
    to: SourceKind,
    delete_data: bool,
) -> Result<Request, Trouble> {
    // Who has it from both means the other one.
    let mut others = snapshot.clone();
    others.installed.retain(|part| part.offer.source != to);
    let scope = session.scope(snapshot)?;
    if !is_there(&others.installed, name, scope) && is_there(&snapshot.installed, name, scope) {
        let sentence = marked("“{name}” comes from there already ({source}).");
        return Err(Trouble::Usage(gettext_f(sentence, &[("name", &clean(name)), ("source", words::source(to))])));
    }
    let part = installed(session, &others, name).await?.clone();
    let app = catalogue::ask_in(session, |catalogue| lookup::app(catalogue, &part.id, &[])).await?;
    let app = app.ok_or_else(|| not_found(name))?;
    let called = app.head.name.clone();
    let mut offered = requests(*app, snapshot, None);
    offered.retain(|request| request.offer.source == to);
    let offer = first(offered, name)?.offer;
    Ok(Request::switch(part.offer, offer, delete_data).named(&called))
}
