//! A list of apps that somebody brings: read, and compared with what is here and what can be had.

use crate::{Catalogue, CatalogueError};
use strata_model::app_list::{AppList, FORMAT, ListedApp, MAX_APPS, VERSION};
use strata_model::settings::Sources;
use strata_model::snapshot::Origin;
use strata_model::{AppId, Failure, FailureKind, Installed, Obstacle, Offer, PartKind, Request, Snapshot, offer};

/// What would become of an app of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is here already.
    There,
    /// It can be had by this request.
    Get(Request),
    /// It cannot be had here, because of that if it is known.
    Missing(Option<Obstacle>),
}

/// Reads a list; `subject` is its file's name.
///
/// # Errors
/// [`FailureKind::BadFile`] if it is none, or one of a later version of the format.
pub fn read(subject: &str, bytes: &[u8]) -> Result<AppList, Failure> {
    let bad = |detail: &str| Failure::new(FailureKind::BadFile, subject, detail);
    let mut list: AppList = serde_json::from_slice(bytes).map_err(|error| bad(&error.to_string()))?;
    if list.format != FORMAT {
        return Err(bad("it is no list of apps"));
    }
    if list.version > VERSION {
        return Err(bad(&format!("version {} of the format, known here is {VERSION}", list.version)));
    }
    list.apps.truncate(MAX_APPS);
    list.addons.truncate(MAX_APPS);
    Ok(list)
}

/// The list as the text of its file.
pub fn write(list: &AppList) -> String {
    // Plain data: there is nothing in it that JSON cannot hold.
    serde_json::to_string_pretty(list).unwrap_or_default() + "\n"
}

/// What would become of each app of the list, then of each add-on, in its order.
///
/// # Errors
/// When the catalogue cannot be read.
pub fn compare(
    list: &AppList,
    catalogue: &Catalogue,
    snapshot: &Snapshot,
) -> Result<Vec<(ListedApp, Fate)>, CatalogueError> {
    let fate = |kind: PartKind, app: &ListedApp| -> Result<Fate, CatalogueError> {
        if snapshot.installed.iter().any(|installed| installed.kind == kind && is_it(installed, app)) {
            return Ok(Fate::There);
        }
        let offers = match AppId::new(&app.id) {
            Ok(id) => catalogue.offers_of(&id)?,
            Err(_) => Vec::new(),
        };
        Ok(choose(list, app, offers, &snapshot.origins, &snapshot.settings.sources))
    };
    // Whoever wrote the list may call an app as they like; here it is called what it is.
    let named = |app: &ListedApp| -> Result<ListedApp, CatalogueError> {
        let known = AppId::new(&app.id).ok().map(|id| catalogue.summaries(&[id])).transpose()?;
        let name = known.and_then(|known| known.into_iter().next()).map(|known| known.name);
        Ok(ListedApp { name: name.unwrap_or_else(|| app.name.clone()), ..app.clone() })
    };
    let apps = list.apps.iter().map(|app| (PartKind::App, app));
    let addons = list.addons.iter().map(|addon| (PartKind::Addon, addon));
    apps.chain(addons).map(|(kind, app)| named(app).and_then(|app| Ok((app.clone(), fate(kind, &app)?)))).collect()
}

fn is_it(installed: &Installed, app: &ListedApp) -> bool {
    installed.offer.source == app.source && installed.id == app.id
}

/// The way that is most like the one of before: from the same origin by its address, whatever it is called here, for
/// the same people, in the same branch; else the one that would be taken anyway.
fn choose(list: &AppList, app: &ListedApp, mut offers: Vec<Offer>, origins: &[Origin], sources: &Sources) -> Fate {
    sources.arrange(&mut offers);
    let obstacle = offer::obstacle(&offers).cloned();
    let url = list.origin_of(app).map(|origin| origin.url.trim_end_matches('/'));
    let is_from = |offer: &Offer| {
        let is_it = |origin: &&Origin| origin.scope == offer.id.scope && origin.name == offer.id.origin;
        let here = origins.iter().find(is_it).map(|origin| origin.url.trim_end_matches('/'));
        if url.is_some_and(|url| !url.is_empty()) { url == here } else { offer.id.origin == app.origin }
    };
    let likeness = |offer: &Offer| {
        let same_branch = offer.id.reference == app.reference;
        (is_from(offer), same_branch, offer.id.scope == app.installation)
    };
    let possible = offers.into_iter().filter(Offer::is_installable).rev();
    match possible.max_by_key(likeness) {
        Some(offer) => Fate::Get(Request::install(offer.id).named(&app.name)),
        None => Fate::Missing(obstacle),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::app_list::ListedOrigin;
    use strata_model::{OfferId, SourceKind};

    const REFERENCE: &str = "app/org.a.B/x86_64/stable";

    fn listed() -> AppList {
        let app = ListedApp {
            id: "org.a.B".to_owned(),
            name: "B".to_owned(),
            source: SourceKind::Flatpak,
            installation: "user".to_owned(),
            origin: "hub".to_owned(),
            reference: REFERENCE.to_owned(),
            version: "1".to_owned(),
        };
        let origin = ListedOrigin {
            source: SourceKind::Flatpak,
            installation: "user".to_owned(),
            name: "hub".to_owned(),
            title: "The Hub".to_owned(),
            url: "https://hub.example.org/repo/".to_owned(),
        };
        AppList {
            format: FORMAT.to_owned(),
            version: 1,
            created: 1,
            apps: vec![app],
            addons: Vec::new(),
            origins: vec![origin],
        }
    }

    fn origin(scope: &str, name: &str, url: &str) -> Origin {
        Origin {
            source: SourceKind::Flatpak,
            scope: scope.to_owned(),
            name: name.to_owned(),
            title: String::new(),
            url: url.to_owned(),
            priority: 1,
            enabled: true,
            listed: true,
            signed: true,
        }
    }

    fn offered(scope: &str, origin: &str, reference: &str) -> Offer {
        Offer::new(OfferId {
            source: SourceKind::Flatpak,
            scope: scope.to_owned(),
            origin: origin.to_owned(),
            reference: reference.to_owned(),
        })
    }

    #[test]
    fn the_way_most_like_the_one_of_before_is_taken() {
        let list = listed();
        let origins = [
            origin("system", "flathub", "https://hub.example.org/repo"),
            origin("user", "hub", "https://another.example.org"),
            origin("user", "flathub", "https://hub.example.org/repo"),
        ];
        let beta = "app/org.a.B/x86_64/beta";
        let cases = [
            (vec![("user", "hub", REFERENCE), ("system", "flathub", REFERENCE)], 1, "known by its address"),
            (vec![("system", "flathub", REFERENCE), ("user", "flathub", REFERENCE)], 1, "for the same people"),
            (vec![("user", "flathub", beta), ("system", "flathub", REFERENCE)], 1, "the branch before the people"),
            (vec![("user", "hub", beta), ("user", "hub", "app/org.a.B/x86_64/x")], 0, "what would be taken anyway"),
        ];
        for (offers, taken, reason) in cases {
            let offers: Vec<Offer> = offers.into_iter().map(|(a, b, c)| offered(a, b, c)).collect();
            let wanted = Request::install(offers[taken].id.clone()).named("B");
            let sources = Sources::default();
            assert_eq!(choose(&list, &list.apps[0], offers, &origins, &sources), Fate::Get(wanted), "{reason}");
        }
    }

    #[test]
    fn what_cannot_be_had_is_missing_with_its_reason() {
        let list = listed();
        let fate = |offers| choose(&list, &list.apps[0], offers, &[], &Sources::default());
        assert_eq!(fate(Vec::new()), Fate::Missing(None));
        let hidden = Obstacle::Hidden { pattern: "org.a.*".to_owned() };
        let offer = Offer { obstacle: Some(hidden.clone()), ..offered("user", "hub", REFERENCE) };
        assert_eq!(fate(vec![offer]), Fate::Missing(Some(hidden)));
    }

    #[test]
    fn only_lists_of_apps_of_a_known_version_are_read() {
        let good = serde_json::to_string(&listed()).unwrap();
        assert_eq!(read("x", good.as_bytes()), Ok(listed()));
        let least = r#"{"format":"strata-app-list","version":1,"more":2,"apps":[{"id":"a","source":"flatpak"}]}"#;
        assert_eq!(read("x", least.as_bytes()).unwrap().apps[0].id, "a");
        let later = good.replace("\"version\":1", "\"version\":2");
        for bad in ["", "[]", "{}", &later, &good.replace(FORMAT, "else")] {
            assert_eq!(read("x", bad.as_bytes()).unwrap_err().kind, FailureKind::BadFile, "{bad}");
        }
    }
}
