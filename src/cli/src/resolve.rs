//! From what a person types to what the engine is asked.

use crate::catalogue;
use crate::ending::Trouble;
use crate::session::Session;
use crate::text::{clean, gettext_f};
use gettextrs::gettext;
use std::path::Path;
use strata_model::{AppId, FailureKind, Installed, OfferId, PartKind, Request, Snapshot, SourceKind, Stop, marked};

/// What a person named.
#[derive(Debug, PartialEq, Eq)]
enum Named {
    /// An app by its id.
    App(AppId),
    /// A full reference, `app/org.gnome.Chess/x86_64/stable`.
    Reference(String),
    /// A file or address that describes what to install.
    Location(String),
}

/// Requests that install what was named.
pub(crate) async fn to_install(
    session: &mut Session,
    snapshot: &Snapshot,
    names: &[String],
) -> Result<Vec<Request>, Trouble> {
    let mut requests = Vec::new();
    for name in names {
        let request = install_one(session, snapshot, name).await?;
        if !requests.contains(&request) {
            requests.push(request);
        }
    }
    Ok(requests)
}

async fn install_one(session: &mut Session, snapshot: &Snapshot, name: &str) -> Result<Request, Trouble> {
    match read(name)? {
        Named::Location(location) => {
            let scope = session.scope(snapshot)?.unwrap_or(snapshot.settings.sources.installation.scope());
            Ok(Request::install_file(SourceKind::Flatpak, scope, &location))
        }
        Named::Reference(reference) => install_reference(session, snapshot, &reference).await,
        Named::App(id) => {
            let found = offered(session, snapshot, &id).await?;
            found.into_iter().next().ok_or_else(|| not_found(name))
        }
    }
}

/// Requests for each offer of an app, the one to take by default first.
async fn offered(session: &mut Session, snapshot: &Snapshot, id: &AppId) -> Result<Vec<Request>, Trouble> {
    let app = catalogue::ask_in(session, |catalogue| catalogue.app(id)).await?;
    let Some(app) = app else { return Ok(Vec::new()) };
    let scope = session.scope(snapshot)?;
    let mut offers = app.offers;
    snapshot.settings.sources.arrange(&mut offers);
    offers.retain(|offer| scope.is_none_or(|scope| offer.id.scope == scope));
    Ok(offers.into_iter().map(|offer| Request::install(offer.id).named(&app.head.name)).collect())
}

/// The catalogue knows the references of apps; for anything else the origins are asked one after the other.
async fn install_reference(session: &mut Session, snapshot: &Snapshot, reference: &str) -> Result<Request, Trouble> {
    let id = reference.split('/').nth(1).and_then(|id| AppId::new(id).ok());
    if let Some(id) = id {
        let known = offered(session, snapshot, &id).await?;
        if let Some(request) = known.into_iter().find(|request| request.offer.reference == reference) {
            return Ok(request);
        }
    }
    let scope = session.scope(snapshot)?;
    let usual = snapshot.settings.sources.installation.scope();
    let wanted =
        |origin: &&strata_model::snapshot::Origin| origin.enabled && scope.is_none_or(|scope| origin.scope == scope);
    let mut origins: Vec<_> = snapshot.origins.iter().filter(wanted).collect();
    origins.sort_by_key(|origin| (std::cmp::Reverse(origin.priority), origin.scope != usual));
    for origin in origins {
        let (source, scope, origin) = (origin.source, origin.scope.clone(), origin.name.clone());
        let request = Request::install(OfferId { source, scope, origin, reference: reference.to_owned() });
        let planned = session.interrupt.or(session.engine.plan(&request)).await?;
        match planned {
            Err(Stop::Failed(failure)) if failure.kind == FailureKind::NotFound => {}
            _ => return Ok(request),
        }
    }
    Err(not_found(reference))
}

/// The one installed part that was named.
pub(crate) fn installed<'a>(session: &Session, snapshot: &'a Snapshot, name: &str) -> Result<&'a Installed, Trouble> {
    let scope = session.scope(snapshot)?;
    let parts = matching(&snapshot.installed, name, scope);
    match parts[..] {
        [] => Err(Trouble::NothingFound(gettext_f("“{name}” is not installed.", &[("name", &clean(name))]))),
        [part] => Ok(part),
        _ => Err(Trouble::Usage(ambiguous(&parts, name))),
    }
}

/// The installed parts of that id or reference; an app comes before a runtime of the same id.
pub(crate) fn matching<'a>(installed: &'a [Installed], name: &str, scope: Option<&str>) -> Vec<&'a Installed> {
    let is_it = |part: &&Installed| {
        (part.id == name || part.offer.reference == name) && scope.is_none_or(|scope| part.offer.scope == scope)
    };
    let mut parts: Vec<_> = installed.iter().filter(is_it).collect();
    if parts.iter().any(|part| part.kind == PartKind::App) {
        parts.retain(|part| part.kind == PartKind::App);
    }
    parts
}

fn ambiguous(parts: &[&Installed], name: &str) -> String {
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

pub(crate) fn not_found(name: &str) -> Trouble {
    let sentence = marked("There is no app with the id “{name}”. Look for it with: stratactl search {name}");
    Trouble::NothingFound(gettext_f(sentence, &[("name", &clean(name))]))
}

fn read(name: &str) -> Result<Named, Trouble> {
    if let Some((scheme, _)) = name.split_once("://") {
        return match scheme {
            "http" | "https" | "file" => Ok(Named::Location(name.to_owned())),
            _ => Err(Trouble::Usage(gettext("Only addresses with https:, http: and file: can be installed."))),
        };
    }
    if is_reference(name) {
        return Ok(Named::Reference(name.to_owned()));
    }
    let looks_like_a_file = [".flatpakref", ".flatpak"].iter().any(|end| name.ends_with(end)) || name.contains('/');
    if looks_like_a_file {
        let path = std::path::absolute(name).ok().filter(|path| path.is_file());
        let path = path.as_deref().and_then(Path::to_str).map(str::to_owned);
        return path
            .map(Named::Location)
            .ok_or_else(|| Trouble::NothingFound(gettext_f("There is no file “{name}”.", &[("name", &clean(name))])));
    }
    AppId::new(name).map(Named::App).map_err(|_| not_found(name))
}

fn is_reference(name: &str) -> bool {
    let parts: Vec<_> = name.split('/').collect();
    matches!(parts[..], ["app" | "runtime", id, arch, branch]
        if AppId::new(id).is_ok() && !arch.is_empty() && !branch.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_told_apart() {
        let reference = "app/org.gnome.Chess/x86_64/stable";
        assert_eq!(read(reference).unwrap(), Named::Reference(reference.to_owned()));
        assert_eq!(read("org.gnome.Chess").unwrap(), Named::App(AppId::new("org.gnome.Chess").unwrap()));
        let address = "https://example.org/chess.flatpakref";
        assert_eq!(read(address).unwrap(), Named::Location(address.to_owned()));
        assert!(matches!(read("ftp://example.org/x.flatpakref"), Err(Trouble::Usage(_))));
        assert!(matches!(read("./not-there.flatpak"), Err(Trouble::NothingFound(_))));
        assert!(matches!(read("two words"), Err(Trouble::NothingFound(_))));
    }

    #[test]
    fn a_file_is_named_by_its_whole_path() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("chess.flatpakref");
        std::fs::write(&file, "").unwrap();
        let path = file.to_str().unwrap();
        assert_eq!(read(path).unwrap(), Named::Location(path.to_owned()));
    }

    fn part(scope: &str, reference: &str, kind: PartKind) -> Installed {
        let offer = OfferId {
            source: SourceKind::Flatpak,
            scope: scope.to_owned(),
            origin: "flathub".to_owned(),
            reference: reference.to_owned(),
        };
        Installed {
            offer,
            id: reference.split('/').nth(1).unwrap().to_owned(),
            kind,
            name: String::new(),
            version: String::new(),
            revision: String::new(),
            runtime: String::new(),
            size: 0,
            changed: 0,
            unused: false,
            held: false,
            end_of_life: None,
        }
    }

    #[test]
    fn installed_parts_are_found_by_id_and_reference_and_installation() {
        let parts = [
            part("user", "app/a.b/x86_64/stable", PartKind::App),
            part("system", "app/a.b/x86_64/stable", PartKind::App),
            part("system", "runtime/a.b/x86_64/stable", PartKind::Runtime),
        ];
        assert_eq!(matching(&parts, "a.b", None).len(), 2);
        assert_eq!(matching(&parts, "a.b", Some("user")), [&parts[0]]);
        assert_eq!(matching(&parts, "runtime/a.b/x86_64/stable", None), [&parts[2]]);
        assert!(ambiguous(&matching(&parts, "a.b", None), "a.b").contains("system, user"));
    }
}
