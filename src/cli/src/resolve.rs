//! From what a person types to what the engine is asked.

mod fitting;
mod present;
mod switching;

use crate::choice::Choice;
use crate::ending::Trouble;
use crate::lookup::{self, Known};
use crate::session::Session;
use crate::text::{clean, gettext_f};
use crate::{catalogue, origin, packages, words};
pub(crate) use fitting::{apart, no_installation};
use gettextrs::gettext;
pub(crate) use present::{ToOpen, installed, is_there, to_open, to_remove};
use std::path::Path;
use strata_model::{
    App, AppId, FailureKind, Obstacle, Offer, OfferId, Request, Snapshot, SourceKind, Stop, marked, offer,
};
use strata_platform::Environment;
pub(crate) use switching::to_switch;

/// What a person named.
#[derive(Debug, PartialEq, Eq)]
enum Named {
    /// An app by its id or its name.
    App,
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
    source: Option<SourceKind>,
) -> Result<Vec<Request>, Trouble> {
    let mut requests = Vec::new();
    for name in names {
        let request = install_one(session, snapshot, name, source).await?;
        let request = fitting::in_scope(session, snapshot, name, request)?;
        if !requests.contains(&request) {
            requests.push(request);
        }
    }
    Ok(requests)
}

async fn install_one(
    session: &mut Session,
    snapshot: &Snapshot,
    name: &str,
    source: Option<SourceKind>,
) -> Result<Request, Trouble> {
    match read(name)? {
        Named::Location(location) => {
            let kind = fitting::kind_of(&location, source)?;
            let scope = match kind {
                SourceKind::Package => OfferId::package("").scope,
                SourceKind::AppImage => OfferId::app_image("", "").scope,
                SourceKind::Flatpak => {
                    session.scope(snapshot)?.unwrap_or(snapshot.settings.sources.installation.scope()).to_owned()
                }
            };
            Ok(Request::install_file(kind, &scope, &location))
        }
        Named::App if source == Some(SourceKind::Package) => {
            fitting::no_installation_of_package(session, snapshot, name)?;
            match packaged(&session.environment, name) {
                Some(app) => first(offered(session, snapshot, app.head.id.as_str(), source).await?, name),
                None => Ok(Request::install(OfferId::package(name)).named(name)),
            }
        }
        Named::Reference(reference) => {
            fitting::comes_from(name, SourceKind::Flatpak, source)?;
            install_reference(session, snapshot, &reference).await
        }
        Named::App => {
            let found = match offered(session, snapshot, name, source).await {
                Err(Trouble::NothingFound(_)) if origin::is_none(snapshot) => {
                    return Err(Trouble::NothingFound(format!("{} {}", unknown(name), origin::none())));
                }
                offered => offered?,
            };
            first(found, name)
        }
    }
}

fn first(found: Vec<Request>, name: &str) -> Result<Request, Trouble> {
    found.into_iter().next().ok_or_else(|| not_offered(name))
}

/// The app of that id, if it is to be had as a package.
pub(crate) fn packaged(environment: &Environment, id: &str) -> Option<Box<App>> {
    let app = lookup::app(&catalogue::open(environment).ok()?, id, &[]).ok()??;
    app.offers.iter().any(|offer| offer.id.source == SourceKind::Package).then_some(app)
}

/// Requests for each offer of an app, the one to take by default first.
async fn offered(
    session: &mut Session,
    snapshot: &Snapshot,
    name: &str,
    source: Option<SourceKind>,
) -> Result<Vec<Request>, Trouble> {
    let app = match catalogue::ask_in(session, |catalogue| lookup::look_up(catalogue, name, &[])).await? {
        Known::App(app) => app,
        Known::Called(found) => {
            let meant = match Choice::of(name, found, unknown(name)) {
                Ok(one) => one,
                Err(choice) => {
                    let advice = how_to_install(session, name, source);
                    session.choose(choice, &advice).await?
                }
            };
            let app = catalogue::ask_in(session, |catalogue| lookup::app(catalogue, &meant.id, &[])).await?;
            app.ok_or_else(|| not_found(name))?
        }
    };
    let scope = session.scope(snapshot)?;
    let mut app = app;
    app.offers.retain(|offer| scope.is_none_or(|scope| offer.id.scope == scope));
    app.offers.retain(|offer| source.is_none_or(|source| offer.id.source == source));
    match refusal(&app.head.name, &app.offers) {
        Some(refusal) => Err(refusal),
        None => Ok(requests(*app, snapshot, scope)),
    }
}

/// Why nothing that the app is offered as can be installed, if so.
fn refusal(name: &str, offers: &[Offer]) -> Option<Trouble> {
    let obstacle = offer::obstacle(offers).filter(|_| !offers.iter().any(can_be_asked_for))?;
    let sentence = gettext_f("“{name}” cannot be installed.", &[("name", &clean(name))]);
    Some(Trouble::Refused(format!("{sentence} {}", words::obstacle(obstacle))))
}

/// It can be installed, or is there already, which is no failure: a plan says so.
fn can_be_asked_for(offer: &Offer) -> bool {
    offer.is_installable() || offer.obstacle == Some(Obstacle::InSystem)
}

fn requests(app: App, snapshot: &Snapshot, scope: Option<&str>) -> Vec<Request> {
    let mut offers = app.offers;
    snapshot.settings.sources.arrange(&mut offers);
    offers.retain(|offer| can_be_asked_for(offer) && scope.is_none_or(|scope| offer.id.scope == scope));
    offers.into_iter().map(|offer| Request::install(offer.id).named(&app.head.name)).collect()
}

/// The catalogue knows the references of apps; for anything else the origins are asked one after the other.
async fn install_reference(session: &mut Session, snapshot: &Snapshot, reference: &str) -> Result<Request, Trouble> {
    let id = reference.split('/').nth(1).unwrap_or_default();
    let app = catalogue::ask_in(session, |catalogue| lookup::app(catalogue, id, &[])).await?;
    let scope = session.scope(snapshot)?;
    if let Some(app) = app {
        let known = requests(*app, snapshot, scope);
        if let Some(request) = known.into_iter().find(|request| request.offer.reference == reference) {
            return Ok(request);
        }
    }
    let usual = snapshot.settings.sources.installation.scope();
    let wanted = |origin: &&strata_model::snapshot::Origin| {
        let has_references = origin.enabled && origin.source == SourceKind::Flatpak;
        has_references && scope.is_none_or(|scope| origin.scope == scope)
    };
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

pub(crate) fn not_found(name: &str) -> Trouble {
    Trouble::NothingFound(format!("{} {}", unknown(name), advice(name)))
}

/// Nothing is called so.
pub(crate) fn unknown(name: &str) -> String {
    gettext_f("There is no app “{name}”.", &[("name", &clean(name))])
}

/// What to do then, where nothing is called nearly so.
pub(crate) fn advice(name: &str) -> String {
    gettext_f("Look for it with: stratactl search {name}", &[("name", &clean(name))])
}

/// What to do where no app is called so, of which there may be a package.
fn how_to_install(session: &Session, name: &str, source: Option<SourceKind>) -> String {
    let is_anywhere = source.is_none() && session.global.installation.is_none();
    // The id of an app is no name of a package.
    let is_a_word = !name.contains(char::is_whitespace) && name.matches('.').count() < 2;
    if !is_anywhere || !is_a_word || !packages::are_to_be_had(&session.environment) {
        return advice(name);
    }
    let sentence = marked("To add the package of that name to the system: stratactl install --source package {name}");
    format!("{}\n{}", advice(name), gettext_f(sentence, &[("name", &clean(name))]))
}

/// The app is known, but not where the person wants it.
fn not_offered(name: &str) -> Trouble {
    let sentence = marked("“{name}” cannot be had in this way: from that source, or for that installation.");
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
    let looks_like_a_file = [".flatpakref", ".flatpak", ".rpm"].iter().any(|end| name.ends_with(end))
        || is_appimage(name)
        || name.contains('/');
    if looks_like_a_file {
        let path = std::path::absolute(name).ok().filter(|path| path.is_file());
        let path = path.as_deref().and_then(Path::to_str).map(str::to_owned);
        return path
            .map(Named::Location)
            .ok_or_else(|| Trouble::NothingFound(gettext_f("There is no file “{name}”.", &[("name", &clean(name))])));
    }
    Ok(Named::App)
}

fn is_appimage(location: &str) -> bool {
    Path::new(location).extension().is_some_and(|end| end.eq_ignore_ascii_case("AppImage"))
}

fn is_reference(name: &str) -> bool {
    let parts: Vec<_> = name.split('/').collect();
    matches!(parts[..], ["app" | "runtime", id, arch, branch]
        if AppId::new(id).is_ok() && !arch.is_empty() && !branch.is_empty())
}

#[cfg(test)]
mod tests {
    use super::present::{ambiguous, matching};
    use super::*;
    use strata_model::installed::EndOfLife;
    use strata_model::system::SystemObstacle;
    use strata_model::{Installed, PartKind};

    #[test]
    fn what_is_typed_is_told_apart() {
        let reference = "app/org.gnome.Chess/x86_64/stable";
        assert_eq!(read(reference).unwrap(), Named::Reference(reference.to_owned()));
        for name in ["org.gnome.Chess", "chess", "two words"] {
            assert_eq!(read(name).unwrap(), Named::App);
        }
        let address = "https://example.org/chess.flatpakref";
        assert_eq!(read(address).unwrap(), Named::Location(address.to_owned()));
        assert!(matches!(read("ftp://example.org/x.flatpakref"), Err(Trouble::Usage(_))));
        assert!(matches!(read("./not-there.flatpak"), Err(Trouble::NothingFound(_))));
    }

    #[test]
    fn what_cannot_be_installed_is_refused_with_the_reason() {
        let id = part("", "app/a.b/x86_64/stable", PartKind::App).offer;
        let offer = |obstacle| Offer { obstacle, ..Offer::new(id.clone()) };
        let locked = || offer(Some(Obstacle::System { obstacle: SystemObstacle::LayeringLocked }));
        let refused = refusal("Chess", &[locked()]).unwrap();
        let sentence = format!("“Chess” cannot be installed. {}", SystemObstacle::LayeringLocked.sentence());
        assert_eq!((refused.sentence(), refused.ending()), (sentence, crate::ending::Ending::Failed));
        assert!(refusal("Chess", &[locked(), offer(None)]).is_none());
        let ended = EndOfLife { reason: String::new(), successor: String::new() };
        assert!(refusal("Chess", &[offer(Some(Obstacle::EndOfLife(ended)))]).is_none(), "it can be had all the same");
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
        let id = reference.split('/').nth(1).unwrap().to_owned();
        Installed { id, name: String::new(), ..Installed::new(offer, kind) }
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
