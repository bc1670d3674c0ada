//! The strip of facts under an app's head: each at a glance, and a dialog behind it.

use crate::i18n::{gettext, gettext_f};
use crate::sentence::{self, permission};
use crate::widgets::dialogs::mark;
use crate::widgets::set_label;
use relm4::adw::prelude::*;
use relm4::{adw, gtk};
use strata_catalogue::Terms;
use strata_model::oars::minimum_age;
use strata_model::relation::Relations;
use strata_model::{Action, App, Installed, Offer, Permission, Plan, Severity};

/// Narrowest fact, in pixels: two beside each other on a telephone, six in a wide window.
const WIDTH: i32 = 130;

pub(super) const LICENCE: &str = "text-x-generic-symbolic";
pub(super) const DOWNLOADS: &str = "folder-download-symbolic";
const DISK: &str = "drive-harddisk-symbolic";

/// What the strip tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    Safety,
    Size,
    Downloads,
    Licence,
    Age,
    Machine,
}

/// What a licence lets a person do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freedom {
    Free,
    Special,
    Proprietary,
    Unknown,
}

/// The strip of facts.
#[derive(Debug)]
pub(crate) struct Facts {
    root: adw::WrapBox,
    size: Tile,
    safety: Tile,
    downloads: Tile,
}

#[derive(Debug)]
struct Tile {
    root: gtk::Button,
    icon: gtk::Image,
    value: gtk::Label,
    name: gtk::Label,
    /// What the value is of, for whoever hears it; the small line below it may say more.
    spoken: String,
}

impl Fact {
    const ALL: [Self; 6] = [Self::Safety, Self::Size, Self::Downloads, Self::Licence, Self::Age, Self::Machine];

    /// Its name in actions.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Safety => "safety",
            Self::Size => "size",
            Self::Downloads => "downloads",
            Self::Licence => "licence",
            Self::Age => "age",
            Self::Machine => "machine",
        }
    }

    /// The fact with this name.
    pub(super) fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fact| fact.word() == word)
    }
}

impl Freedom {
    pub(super) fn of(expression: &str) -> Self {
        if expression.is_empty() {
            Self::Unknown
        } else if Terms::of(expression).free {
            Self::Free
        } else if expression.contains("LicenseRef-proprietary") || expression == "Proprietary" {
            Self::Proprietary
        } else {
            Self::Special
        }
    }

    pub(super) fn words(self) -> String {
        match self {
            Self::Free => gettext("Free Software"),
            Self::Special => gettext("Own Terms"),
            Self::Proprietary => gettext("Proprietary"),
            Self::Unknown => gettext("Not Known"),
        }
    }

    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Free => "success",
            Self::Special | Self::Unknown => "dimmed",
            Self::Proprietary => "warning",
        }
    }
}

impl Facts {
    pub(super) fn new(app: &App) -> Self {
        let root = adw::WrapBox::builder()
            .justify(adw::JustifyMode::Fill)
            .justify_last_line(true)
            .line_spacing(6)
            .css_classes(["card", "facts"])
            .build();
        let tile = |fact, icon: &str, name: &str| {
            let tile = Tile::new(fact, icon, name);
            root.append(&tile.root);
            tile
        };
        let safety = tile(Fact::Safety, "security-medium-symbolic", &gettext("Safety"));
        safety.show("…");
        let size = tile(Fact::Size, DOWNLOADS, &gettext("Size"));
        size.show("…");
        let downloads = tile(Fact::Downloads, "view-sort-descending-symbolic", &gettext("Downloads a Month"));
        downloads.show(&sentence::count(app.installs.unwrap_or_default()));
        downloads.root.set_visible(app.installs.is_some());
        let licence = tile(Fact::Licence, LICENCE, &gettext("Licence"));
        licence.name.set_label(&short_licence(&app.license));
        licence.show(&Freedom::of(&app.license).words());
        let age = tile(Fact::Age, "system-users-symbolic", &gettext("Age Rating"));
        age.show(&minimum_age(&app.content_rating).map_or_else(|| gettext("Not Rated"), age_words));
        let (icon, words) = machine(&app.relations);
        tile(Fact::Machine, icon, &gettext("Made For")).show(&words);
        Self { root, size, safety, downloads }
    }

    pub(super) fn root(&self) -> &adw::WrapBox {
        &self.root
    }

    /// Shows how large it is: what is installed of it, else what has to come for it.
    pub(super) fn show_size(&self, installed: Option<&Installed>, plan: Option<&Plan>, offer: Option<&Offer>) {
        let planned = plan.filter(|plan| plan.request.action == Action::Install).map(|plan| plan.download_size);
        let download = || planned.or(offer.map(|offer| offer.download_size)).unwrap_or_default();
        let (icon, name, bytes) = installed.map_or_else(
            || (DOWNLOADS, gettext("Download"), download()),
            |installed| (DISK, gettext("Installed"), installed.size),
        );
        self.size.icon.set_icon_name(Some(icon));
        self.size.name.set_label(&name);
        self.size.show(&if bytes > 0 { sentence::size(bytes) } else { gettext("Not Known") });
    }

    /// Shows how safe it is; before that is known, that it is not.
    pub(super) fn show_safety(&self, plan: Option<&Plan>, failed: bool) {
        let Some(plan) = plan else {
            self.safety.colour("dimmed");
            return self.safety.show(&if failed { gettext("Not Known") } else { "…".to_owned() });
        };
        let worst = permission::worst(permissions(plan));
        self.safety.colour(mark(worst).1);
        self.safety.icon.set_icon_name(Some(shield(worst)));
        self.safety.show(&permission::verdict(worst));
    }

    /// Shows how often it is downloaded, or not, by the person's wish.
    pub(super) fn show_downloads(&self, shown: bool) {
        self.downloads.root.set_visible(shown);
    }
}

/// What an app may do once it is had, or may do now.
pub(super) fn permissions(plan: &Plan) -> &[Permission] {
    if plan.request.action == Action::Remove { &plan.permissions_before } else { &plan.permissions_after }
}

/// The sign of how safe something is.
pub(super) const fn shield(worst: Severity) -> &'static str {
    match worst {
        Severity::None | Severity::Low => "security-high-symbolic",
        Severity::Medium => "security-medium-symbolic",
        Severity::High => "security-low-symbolic",
    }
}

/// From which age on, in a few words.
pub(super) fn age_words(age: u8) -> String {
    if age == 0 { gettext("All Ages") } else { gettext_f("{age}+", &[("age", &age.to_string())]) }
}

/// What it is made for, with a sign.
pub(super) fn machine(relations: &Relations) -> (&'static str, String) {
    if relations.fits_phone() {
        ("phone-symbolic", gettext("Phone and Desktop"))
    } else {
        ("computer-symbolic", gettext("Desktop"))
    }
}

fn short_licence(expression: &str) -> String {
    match Freedom::of(expression) {
        Freedom::Free => expression.split('=').next().unwrap_or_default().chars().take(40).collect(),
        _ => gettext("Licence"),
    }
}

impl Tile {
    fn new(fact: Fact, icon: &str, name: &str) -> Self {
        let icon = gtk::Image::builder().icon_name(icon).pixel_size(20).build();
        icon.set_accessible_role(gtk::AccessibleRole::Presentation);
        let label = |class: &str| {
            let label = gtk::Label::builder().ellipsize(gtk::pango::EllipsizeMode::End).css_classes([class]).build();
            label.set_justify(gtk::Justification::Center);
            label
        };
        let (value, small) = (label("value"), label("caption"));
        small.add_css_class("dimmed");
        small.set_label(name);
        let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(3).build();
        column.append(&icon);
        column.append(&value);
        column.append(&small);
        let root = gtk::Button::builder()
            .child(&column)
            .width_request(WIDTH)
            .action_name("app.dialog")
            .action_target(&fact.word().to_variant())
            .css_classes(["flat", "fact"])
            .build();
        Self { root, icon, value, name: small, spoken: name.to_owned() }
    }

    fn show(&self, value: &str) {
        self.value.set_label(value);
        let words = format!("{}: {value}", self.spoken);
        self.root.set_tooltip_text(Some(&words));
        set_label(&self.root, &words);
    }

    fn colour(&self, class: &str) {
        self.icon.set_css_classes(&[class]);
        self.value.set_css_classes(&["value", class]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_has_a_name_of_its_own() {
        for fact in Fact::ALL {
            assert_eq!(Fact::named(fact.word()), Some(fact));
        }
        assert_eq!(Fact::named("weather"), None);
    }

    #[test]
    fn a_licence_is_free_only_if_it_is_known_to_be() {
        let cases = [
            ("MIT", Freedom::Free),
            ("LicenseRef-proprietary=https://example.org", Freedom::Proprietary),
            ("CC-BY-NC-4.0", Freedom::Special),
            ("Whatever", Freedom::Special),
            ("", Freedom::Unknown),
        ];
        for (expression, expected) in cases {
            assert_eq!(Freedom::of(expression), expected, "{expression}");
        }
    }
}
