//! What removing an origin would take along.

use strata_model::snapshot::Origin;
use strata_model::{Action, Installed, PartKind, Request};

/// What is in the way of removing an origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Removal {
    /// Nothing came from it.
    Free,
    /// These apps came from it, and would have to go first; Flatpak keeps an origin that something came from.
    With(Vec<Installed>),
    /// Apps from elsewhere stand on what came from it: these.
    Needed(Vec<Installed>),
}

/// What removing the origin means with what is installed.
pub(super) fn removal(origin: &Origin, installed: &[Installed]) -> Removal {
    let (from, others): (Vec<&Installed>, Vec<&Installed>) = installed.iter().partition(|part| {
        (part.offer.source, &part.offer.scope, &part.offer.origin) == (origin.source, &origin.scope, &origin.name)
    });
    if from.is_empty() {
        return Removal::Free;
    }
    let stands_on_it = |app: &&&Installed| {
        let is_base = |part: &&Installed| part.offer.reference.strip_prefix("runtime/") == Some(&*app.runtime);
        !app.runtime.is_empty() && from.iter().any(is_base)
    };
    let needing: Vec<Installed> = others.iter().filter(stands_on_it).map(|app| (*app).clone()).collect();
    if !needing.is_empty() {
        return Removal::Needed(needing);
    }
    Removal::With(from.into_iter().filter(|part| part.kind == PartKind::App).cloned().collect())
}

/// The requests that remove it, with the apps that came from it; what these stand on is then needed by nothing.
pub(super) fn requests(origin: &Origin, removal: &Removal) -> Vec<Request> {
    let Origin { source, scope, name, title, .. } = origin;
    let mut requests = Vec::new();
    if let Removal::With(apps) = removal {
        requests.extend(apps.iter().map(|app| Request::remove(app.offer.clone(), false).named(&app.name)));
        requests.push(Request::remove_unused(*source, scope));
    }
    requests.push(Request::change_origin(Action::RemoveOrigin, *source, scope, name).named(title));
    requests
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::{OfferId, SourceKind};

    fn part(origin: &str, reference: &str, runtime: &str) -> Installed {
        let offer = OfferId {
            source: SourceKind::Flatpak,
            scope: "user".to_owned(),
            origin: origin.to_owned(),
            reference: reference.to_owned(),
        };
        let kind = if reference.starts_with("app/") { PartKind::App } else { PartKind::Runtime };
        Installed { name: String::new(), runtime: runtime.to_owned(), ..Installed::new(offer, kind) }
    }

    #[test]
    fn what_an_origin_takes_along_is_known_before() {
        let origin = Origin {
            source: SourceKind::Flatpak,
            scope: "user".to_owned(),
            name: "hub".to_owned(),
            title: String::new(),
            url: String::new(),
            priority: 1,
            enabled: true,
            listed: true,
            signed: true,
        };
        let base = part("hub", "runtime/org.a.Platform/x86_64/1", "");
        let own = part("hub", "app/org.a.B/x86_64/stable", "org.a.Platform/x86_64/1");
        let strange = part("elsewhere", "app/org.c.D/x86_64/stable", "org.a.Platform/x86_64/1");
        let apart = part("elsewhere", "app/org.c.E/x86_64/stable", "org.c.Platform/x86_64/1");
        assert_eq!(removal(&origin, std::slice::from_ref(&apart)), Removal::Free);
        assert_eq!(requests(&origin, &Removal::Free).len(), 1);
        let with = removal(&origin, &[base.clone(), own.clone(), apart]);
        assert_eq!(with, Removal::With(vec![own.clone()]));
        let actions: Vec<Action> = requests(&origin, &with).iter().map(|request| request.action).collect();
        assert_eq!(actions, [Action::Remove, Action::RemoveUnused, Action::RemoveOrigin]);
        assert_eq!(removal(&origin, &[base, own, strange.clone()]), Removal::Needed(vec![strange]));
    }
}
