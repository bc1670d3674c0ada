//! What a person named of what is installed.

use super::{Named, fitting, packaged, read};
use crate::choice::Choice;
use crate::ending::Trouble;
use crate::installed;
use crate::naming::{self, Candidate, Match};
use crate::session::Session;
use crate::text::{clean, gettext_f};
use strata_model::{App, Installed, Obstacle, OfferId, PartKind, Request, Snapshot, SourceKind, marked};

/// A request that removes what was named.
pub(crate) async fn to_remove(
    session: &mut Session,
    snapshot: &Snapshot,
    name: &str,
    source: Option<SourceKind>,
    delete_data: bool,
) -> Result<Request, Trouble> {
    let request = removal(session, snapshot, name, source, delete_data).await?;
    fitting::in_scope(session, snapshot, name, request)
}

async fn removal(
    session: &mut Session,
    snapshot: &Snapshot,
    name: &str,
    source: Option<SourceKind>,
    delete_data: bool,
) -> Result<Request, Trouble> {
    let is_apart = source == Some(SourceKind::Package) || matching(&snapshot.installed, name, None).is_empty();
    if let Some(app) = packaged(&session.environment, name).filter(|_| is_apart) {
        if let Some(package) = layered(session, &app).await? {
            return Ok(Request::remove(package, delete_data).named(&app.head.name));
        }
    } else if source == Some(SourceKind::Package) {
        return Ok(Request::remove(OfferId::package(name), delete_data).named(name));
    }
    let mut known = snapshot.clone();
    let is_named = !matches!(called(&known.installed, name, None), Match::Near(_));
    // It may be a package that is layered.
    if source.is_none() && !is_named && is_apart && installed::may_have_layers(&session.environment) {
        known.installed = installed::with_layers(session, known.installed).await?;
    }
    known.installed.retain(|part| source.is_none_or(|source| part.offer.source == source));
    let part = installed(session, &known, name).await?;
    Ok(Request::remove(part.offer.clone(), delete_data).named(&part.name))
}

/// What opens when something is named.
#[derive(Debug)]
pub(crate) enum ToOpen {
    /// An app that is there.
    App(OfferId),
    /// A file that is no app, by its path or address.
    File(String),
}

/// What opens when this is named. An app may be called like a file: “PDF/A”.
pub(crate) async fn to_open(session: &mut Session, snapshot: &Snapshot, name: &str) -> Result<ToOpen, Trouble> {
    if !is_there(&snapshot.installed, name, None)
        && let Named::Location(location) = read(name)?
    {
        let own = OfferId::app_image("", "").scope;
        let is_elsewhere = session.scope(snapshot)?.is_some_and(|scope| scope != own);
        return if is_elsewhere { Err(super::not_offered(name)) } else { Ok(ToOpen::File(location)) };
    }
    Ok(ToOpen::App(app_to_open(session, snapshot, name).await?))
}

async fn app_to_open(session: &mut Session, snapshot: &Snapshot, name: &str) -> Result<OfferId, Trouble> {
    if matching(&snapshot.installed, name, None).is_empty()
        && let Some(app) = packaged(&session.environment, name)
        // It may have been named by an id that it had before.
        && matching(&snapshot.installed, app.head.id.as_str(), None).is_empty()
    {
        // What the image carries is not layered: nobody has to be woken for it.
        if let Some(carried) = app.offers.iter().find(|offer| offer.obstacle == Some(Obstacle::InSystem)) {
            return Ok(carried.id.clone());
        }
        if let Some(package) = layered(session, &app).await? {
            return Ok(package);
        }
    }
    Ok(installed(session, snapshot, name).await?.offer.clone())
}

/// The app's package, if it is layered; that may not have been looked at yet.
async fn layered(session: &mut Session, app: &App) -> Result<Option<OfferId>, Trouble> {
    let now = installed::with_system(session).await?;
    let parts = installed::of_app(&now, &app.head.id, &app.offers, None);
    Ok(parts.into_iter().find(|part| part.kind == PartKind::Package).map(|part| part.offer.clone()))
}

/// The one installed part that was named.
pub(crate) async fn installed<'a>(
    session: &mut Session,
    snapshot: &'a Snapshot,
    name: &str,
) -> Result<&'a Installed, Trouble> {
    let scope = session.scope(snapshot)?.map(str::to_owned);
    let scope = scope.as_deref();
    let parts = matching(&snapshot.installed, name, scope);
    if !parts.is_empty() {
        return one_of(&parts, name);
    }
    let unknown = gettext_f("“{name}” is not installed.", &[("name", &clean(name))]);
    let meant = match Choice::of(name, called(&snapshot.installed, name, scope), unknown) {
        Ok(one) => one,
        Err(choice) => session.choose(choice, "").await?,
    };
    one_of(&matching(&snapshot.installed, &meant.id, scope), &meant.id)
}

fn one_of<'a>(parts: &[&'a Installed], name: &str) -> Result<&'a Installed, Trouble> {
    match parts[..] {
        [part] => Ok(part),
        _ => Err(Trouble::Usage(ambiguous(parts, name))),
    }
}

/// What is installed under that name; anything else than an app only where no app is called so.
fn called(installed: &[Installed], name: &str, scope: Option<&str>) -> Match {
    let candidates = |is_app: bool| {
        let here = move |part: &&Installed| {
            (part.kind == PartKind::App) == is_app && scope.is_none_or(|scope| part.offer.scope == scope)
        };
        let parts = installed.iter().filter(here);
        parts.map(|part| Candidate { id: part.id.clone(), name: part.name.clone() })
    };
    match naming::find(name, candidates(true)) {
        Match::Near(near) => match naming::find(name, candidates(false)) {
            Match::Near(_) => Match::Near(near),
            called => called,
        },
        called => called,
    }
}

/// Something installed has that id, that reference or that name.
pub(crate) fn is_there(installed: &[Installed], name: &str, scope: Option<&str>) -> bool {
    !matching(installed, name, scope).is_empty() || !matches!(called(installed, name, scope), Match::Near(_))
}

/// The installed parts of that id or reference; an app comes before a runtime of the same id.
pub(super) fn matching<'a>(installed: &'a [Installed], name: &str, scope: Option<&str>) -> Vec<&'a Installed> {
    let is_it = |part: &&Installed| {
        (part.id == name || part.offer.reference == name) && scope.is_none_or(|scope| part.offer.scope == scope)
    };
    let mut parts: Vec<_> = installed.iter().filter(is_it).collect();
    if parts.iter().any(|part| part.kind == PartKind::App) {
        parts.retain(|part| part.kind == PartKind::App);
    }
    parts
}

pub(super) fn ambiguous(parts: &[&Installed], name: &str) -> String {
    let mut scopes: Vec<&str> = parts.iter().map(|part| &*part.offer.scope).collect();
    scopes.sort_unstable();
    scopes.dedup();
    let (sentence, choices) = if scopes.len() > 1 {
        (marked("“{name}” is installed more than once. Say which with --installation: {choices}"), scopes)
    } else {
        let references = parts.iter().map(|part| &*part.offer.reference).collect();
        (marked("“{name}” is installed in several versions. Say which by its reference: {choices}"), references)
    };
    gettext_f(sentence, &[("name", &clean(name)), ("choices", &clean(&choices.join(", ")))])
}
