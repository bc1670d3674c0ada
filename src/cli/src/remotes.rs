//! `remotes`: where apps come from.

pub(crate) mod add;

use crate::args::RemotesChange;
use crate::ending::{Ending, Trouble};
use crate::session::Session;
use crate::table::Table;
use crate::text::{clean, gettext_f};
use crate::{follow, installed, json, words};
use gettextrs::gettext;
use strata_model::snapshot::Origin;
use strata_model::{Action, Failure, FailureKind, Installed, Request, Snapshot, SourceKind, marked};

/// How many installed things are named before they are only counted.
const MOST_NAMED: usize = 6;

pub(crate) async fn run(mut session: Session, change: Option<RemotesChange>) -> Result<Ending, Trouble> {
    let mut snapshot = session.ready().await?;
    if let Some(RemotesChange::Enable { name } | RemotesChange::Disable { name }) = &change {
        // It may be one of packages, of which nobody knows before the system is read.
        let is_unknown = snapshot.origins.iter().all(|origin| origin.name != *name);
        if is_unknown && installed::may_have_layers(&session.environment) {
            installed::with_system(&mut session).await?;
            snapshot = session.ready().await?;
        }
    }
    let request = match change {
        None => return list(&session, &snapshot),
        Some(RemotesChange::Add { location, name }) => {
            return add::run(&mut session, &snapshot, &location, name.as_deref()).await;
        }
        Some(RemotesChange::Remove { name }) => existing(&session, &snapshot, Action::RemoveOrigin, &name)?,
        Some(RemotesChange::Enable { name }) => existing(&session, &snapshot, Action::EnableOrigin, &name)?,
        Some(RemotesChange::Disable { name }) => existing(&session, &snapshot, Action::DisableOrigin, &name)?,
        Some(RemotesChange::Priority { name, priority }) => {
            let request = existing(&session, &snapshot, Action::PrioritiseOrigin, &name)?;
            Request { priority, ..request }
        }
    };
    match request.action {
        Action::RemoveOrigin => ask_to_remove(&mut session, &snapshot, &request).await?,
        Action::DisableOrigin => ask_to_disable(&mut session, &snapshot, &request).await?,
        _ => {}
    }
    follow::to_the_end(&mut session, &[request]).await
}

fn list(session: &Session, snapshot: &Snapshot) -> Result<Ending, Trouble> {
    let scope = session.scope(snapshot)?;
    let here = |origin: &&Origin| scope.is_none_or(|scope| origin.scope == scope);
    let mut origins: Vec<_> = snapshot.origins.iter().filter(here).collect();
    origins.sort_by_key(|origin| (std::cmp::Reverse(origin.priority), &origin.name, &origin.scope));
    if session.output.json {
        session.output.result(&origins.iter().map(|origin| remote(origin)).collect::<Vec<_>>());
        return Ok(Ending::Done);
    }
    let header = [
        marked("Name"),
        marked("Title"),
        marked("Installation"),
        marked("Address"),
        marked("Priority"),
        marked("State"),
    ]
    .map(gettext);
    let mut table = Table::new(header.to_vec(), &[3, 1, 0]);
    for origin in origins {
        let state = gettext(if !origin.enabled {
            marked("off")
        } else if origin.signed {
            marked("on")
        } else {
            marked("on, not signed")
        });
        let priority = origin.priority.to_string();
        table.row(&[&origin.name, &origin.title, &origin.scope, &origin.url, &priority, &state]);
    }
    if table.is_empty() {
        session.output.note(&gettext("No origins are set up."));
    }
    session.output.table(&table);
    Ok(Ending::Done)
}

fn remote(origin: &Origin) -> json::Remote<'_> {
    json::Remote {
        source: origin.source,
        installation: &origin.scope,
        name: &origin.name,
        title: &origin.title,
        url: &origin.url,
        priority: origin.priority,
        enabled: origin.enabled,
        listed: origin.listed,
        signed: origin.signed,
    }
}

/// Flatpak keeps an origin that something came from, so there is nothing to ask then.
async fn ask_to_remove(session: &mut Session, snapshot: &Snapshot, request: &Request) -> Result<(), Trouble> {
    let installed = from(snapshot, request);
    if !installed.is_empty() {
        session.output.note(&gettext_f("Installed from it: {names}", &[("names", &names(&installed))]));
        return Err(Failure::new(FailureKind::OriginInUse, &request.offer.origin, "").into());
    }
    session.output.note(&gettext("Its apps will not be found any more. Nothing is installed from it."));
    session.consent(&question(request)).await
}

async fn ask_to_disable(session: &mut Session, snapshot: &Snapshot, request: &Request) -> Result<(), Trouble> {
    let installed = from(snapshot, request);
    let lost = if request.offer.source == SourceKind::Package {
        gettext("Its packages will not be found any more, and those that are layered from it get no more updates.")
    } else if installed.is_empty() {
        gettext("Its apps will not be found any more. Nothing is installed from it.")
    } else {
        let values = [("names", &*names(&installed))];
        gettext_f("Its apps will not be found any more, and these get no more updates: {names}", &values)
    };
    session.output.note(&lost);
    session.consent(&question(request)).await
}

fn question(request: &Request) -> String {
    gettext_f("{intention}?", &[("intention", &words::intention(request))])
}

/// What is installed from the origin of a request, apps first.
fn from<'a>(snapshot: &'a Snapshot, request: &Request) -> Vec<&'a Installed> {
    let is_from = |part: &&Installed| {
        (&part.offer.scope, &part.offer.origin) == (&request.offer.scope, &request.offer.origin)
            && part.offer.source == request.offer.source
    };
    let mut installed: Vec<_> = snapshot.installed.iter().filter(is_from).collect();
    installed.sort_by_key(|part| (part.kind, &part.name, &part.id));
    installed
}

/// The first few by their names, and how many more there are.
fn names(installed: &[&Installed]) -> String {
    let named =
        installed.iter().take(MOST_NAMED).map(|part| clean(if part.name.is_empty() { &part.id } else { &part.name }));
    let named = named.collect::<Vec<_>>().join(", ");
    match installed.len().saturating_sub(MOST_NAMED) {
        0 => named,
        more => gettext_f("{names} and {count} more", &[("names", &named), ("count", &more.to_string())]),
    }
}

fn existing(session: &Session, snapshot: &Snapshot, action: Action, name: &str) -> Result<Request, Trouble> {
    let scope = session.scope(snapshot)?;
    let is_it = |origin: &&Origin| origin.name == name && scope.is_none_or(|scope| origin.scope == scope);
    let origins: Vec<_> = snapshot.origins.iter().filter(is_it).collect();
    match origins[..] {
        [] => Err(Trouble::NothingFound(gettext_f("There is no origin “{name}”.", &[("name", &clean(name))]))),
        [origin] => Ok(Request::change_origin(action, origin.source, &origin.scope, &origin.name)),
        _ => {
            let scopes: Vec<_> = origins.iter().map(|origin| &*origin.scope).collect();
            let sentence = marked("“{name}” is set up more than once. Say which with --installation: {choices}");
            let values = [("name", &*clean(name)), ("choices", &*clean(&scopes.join(", ")))];
            Err(Trouble::Usage(gettext_f(sentence, &values)))
        }
    }
}
