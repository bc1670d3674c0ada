//! What the rows of the page say.

use crate::i18n::{gettext, gettext_f};
use crate::live::Key;
use crate::sentence::{self, permission};
use crate::widgets::action_button::Abilities;
use crate::widgets::app_row::RowFacts;
use crate::widgets::changes;
use crate::widgets::row_group::GroupRow;
use strata_catalogue::{Catalogue, CatalogueError};
use strata_model::app::{Icon, Release};
use strata_model::{AppSummary, PartKind, Update};

/// An update with what the catalogue knows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(super) update: Update,
    app: Option<AppSummary>,
    news: Vec<Release>,
}

impl Known {
    /// An update of which nothing else is known.
    pub(super) fn plain(update: Update) -> Self {
        Self { update, app: None, news: Vec::new() }
    }
}

/// Flatpaks do not say which version an update brings; the catalogue does.
pub(super) fn with_catalogue(catalogue: &Catalogue, mut update: Update) -> Result<Known, CatalogueError> {
    let app = catalogue.offer(&update.offer)?;
    let mut news = Vec::new();
    if let Some(head) = app.as_ref().filter(|_| update.kind == PartKind::App) {
        let whole = catalogue.app(&head.id)?;
        let offer = whole.iter().flat_map(|app| &app.offers).find(|offer| offer.id == update.offer);
        if let Some(offer) = offer.filter(|_| update.to_version.is_empty()) {
            update.to_version.clone_from(&offer.version);
        }
        let releases = whole.map(|app| app.releases).unwrap_or_default();
        news = changes::between(&releases, &update.from_version, &update.to_version);
    }
    Ok(Known { update, app, news })
}

/// Apps before what they stand on, each by name.
pub(super) fn sorted(mut updates: Vec<Known>) -> Vec<Known> {
    let part = |kind| match kind {
        PartKind::App => 0,
        PartKind::Addon | PartKind::Package => 1,
        PartKind::Runtime => 2,
    };
    updates.sort_by_cached_key(|Known { update, app, .. }| {
        let name = app.as_ref().map_or(&update.name, |app| &app.name);
        (part(update.kind), name.to_lowercase())
    });
    updates
}

/// The row of an update.
pub(super) fn row(known: Known) -> GroupRow {
    let Known { update, app, news } = known;
    GroupRow { facts: facts(&update, app), news }
}

fn facts(one: &Update, app: Option<AppSummary>) -> RowFacts {
    let name = app.as_ref().map_or_else(|| one.name.clone(), |app| app.name.clone());
    let part = match one.kind {
        PartKind::App => String::new(),
        PartKind::Addon => gettext("Add-on"),
        PartKind::Package => gettext("Package"),
        PartKind::Runtime => gettext("Runtime"),
    };
    let size = match one.download_size {
        _ if one.downloaded => gettext("Downloaded"),
        0 => String::new(),
        size => sentence::size(size),
    };
    RowFacts {
        heading: String::new(),
        key: Key::Offer(one.offer.clone()),
        page: app.as_ref().filter(|_| one.kind == PartKind::App).map(|app| app.id.clone()),
        name: name.clone(),
        verified: false,
        line: versions(one),
        small: [part, size].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        warning: warning(&name, one),
        icon: app.map_or_else(Icon::default, |app| app.icon),
        can: Abilities { get: true, open: one.kind == PartKind::App },
        removable: false,
    }
}

pub(super) fn versions(one: &Update) -> String {
    match (one.from_version.as_str(), one.to_version.as_str()) {
        ("", "") => String::new(),
        (old, new) if old == new => gettext_f("{version}, built anew", &[("version", new)]),
        ("", new) => new.to_owned(),
        (old, "") => old.to_owned(),
        (old, new) => format!("{old} → {new}"),
    }
}

fn warning(name: &str, one: &Update) -> String {
    if one.end_of_life.is_some() {
        return sentence::end_of_life(name, one.end_of_life.as_ref());
    }
    let new: Vec<String> = permission::lines(&one.new_permissions).into_iter().map(|(_, words)| words).collect();
    if new.is_empty() {
        return String::new();
    }
    // Translators: before a list of what an app may do after its update
    gettext_f("Wants more: {permissions}", &[("permissions", &new.join("; "))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::{OfferId, SourceKind};

    fn update(kind: PartKind, name: &str, from: &str, to: &str) -> Update {
        let offer = OfferId {
            source: SourceKind::Flatpak,
            scope: String::new(),
            origin: String::new(),
            reference: name.to_owned(),
        };
        Update {
            offer,
            id: name.to_owned(),
            kind,
            name: name.to_owned(),
            from_version: from.to_owned(),
            to_version: to.to_owned(),
            revision: String::new(),
            download_size: 0,
            downloaded: false,
            new_permissions: Vec::new(),
            end_of_life: None,
            held: false,
        }
    }

    #[test]
    fn apps_come_before_runtimes_and_versions_read_well() {
        let all = [(PartKind::Runtime, "a"), (PartKind::App, "z"), (PartKind::App, "B")];
        let known = all.map(|(kind, name)| Known::plain(update(kind, name, "", "")));
        let names: Vec<String> = sorted(known.into()).into_iter().map(|one| one.update.name).collect();
        assert_eq!(names, ["B", "z", "a"]);
        assert_eq!(versions(&update(PartKind::App, "a", "1", "2")), "1 → 2");
        assert_eq!(versions(&update(PartKind::App, "a", "", "")), "");
    }
}
