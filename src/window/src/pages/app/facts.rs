//! The strip of facts under an app's head; only what is known.

use crate::i18n::{gettext, gettext_f};
use crate::sentence::{self, permission};
use crate::widgets::dialogs::mark;
use relm4::adw::prelude::*;
use relm4::{adw, gtk};
use strata_model::oars::minimum_age;
use strata_model::{App, Installed, Offer, Permission};

/// Narrowest fact, in pixels: two beside each other on a telephone, six in a wide window.
const WIDTH: i32 = 134;

/// The strip of facts.
#[derive(Debug)]
pub(crate) struct Facts {
    root: adw::WrapBox,
    size: Fact,
    safety: Fact,
}

#[derive(Debug)]
struct Fact {
    root: gtk::Box,
    icon: gtk::Image,
    value: gtk::Label,
    name: gtk::Label,
}

impl Facts {
    pub(super) fn new(app: &App) -> Self {
        let root = adw::WrapBox::builder()
            .justify(adw::JustifyMode::Fill)
            .justify_last_line(true)
            .line_spacing(6)
            .css_classes(["card", "facts"])
            .build();
        let size = Fact::new("folder-download-symbolic");
        let safety = Fact::new("security-high-symbolic");
        root.append(&safety.root);
        root.append(&size.root);
        for (icon, value, name) in fixed(app) {
            let fact = Fact::new(icon);
            fact.show(&value, &name);
            root.append(&fact.root);
        }
        let facts = Self { root, size, safety };
        if let Some(bytes) = download_size(&app.offers) {
            facts.show_download(bytes);
        }
        facts
    }

    pub(super) fn root(&self) -> &adw::WrapBox {
        &self.root
    }

    pub(super) fn show_download(&self, bytes: u64) {
        self.size.icon.set_icon_name(Some("folder-download-symbolic"));
        self.size.show(&sentence::size(bytes), &gettext("Download"));
    }

    pub(super) fn show_installed(&self, installed: Option<&Installed>) {
        if let Some(installed) = installed {
            self.size.icon.set_icon_name(Some("drive-harddisk-symbolic"));
            self.size.show(&sentence::size(installed.size), &gettext("Installed"));
        }
    }

    pub(super) fn show_safety(&self, may: &[Permission]) {
        let worst = permission::worst(may);
        let (_, class) = mark(worst);
        self.safety.icon.set_css_classes(&[class]);
        self.safety.value.set_css_classes(&["value", class]);
        self.safety.icon.set_icon_name(Some(match class {
            "success" => "security-high-symbolic",
            "warning" => "security-medium-symbolic",
            _ => "security-low-symbolic",
        }));
        self.safety.show(&permission::verdict(worst), &gettext("Safety"));
    }
}

/// What does not change while the page is shown.
fn fixed(app: &App) -> Vec<(&'static str, String, String)> {
    let mut facts = Vec::new();
    let version = app.offers.first().map(|offer| (offer.version.clone(), offer.released));
    if let Some((version, released)) = version.filter(|(version, _)| !version.is_empty()) {
        let day = sentence::day(released);
        facts.push((
            "software-update-available-symbolic",
            version,
            if day.is_empty() { gettext("Version") } else { day },
        ));
    }
    if let Some((value, name)) = license(&app.license) {
        facts.push(("text-x-generic-symbolic", value, name));
    }
    if let Some(age) = minimum_age(&app.content_rating) {
        let value = if age == 0 { gettext("All Ages") } else { gettext_f("{age}+", &[("age", &age.to_string())]) };
        facts.push(("system-users-symbolic", value, gettext("Age Rating")));
    }
    if app.relations.fits_phone() {
        facts.push(("phone-symbolic", gettext("Phone"), gettext("Fits as Well")));
    }
    facts
}

/// Bytes of the offer to take, if it says so; what it stands on is known only once getting it has been planned.
fn download_size(offers: &[Offer]) -> Option<u64> {
    let taken = offers.iter().find(|offer| offer.is_installable())?;
    Some(taken.download_size).filter(|bytes| *bytes > 0)
}

/// Free or not, and the licence itself.
fn license(spdx: &str) -> Option<(String, String)> {
    let short: String = spdx.chars().take(40).collect();
    if spdx.is_empty() {
        None
    } else if spdx.contains("LicenseRef-proprietary") {
        Some((gettext("Proprietary"), gettext("Licence")))
    } else if spdx.contains("LicenseRef") {
        Some((gettext("Special"), gettext("Licence")))
    } else {
        Some((gettext("Free Software"), short))
    }
}

impl Fact {
    fn new(icon: &str) -> Self {
        let icon = gtk::Image::builder().icon_name(icon).pixel_size(20).build();
        icon.set_accessible_role(gtk::AccessibleRole::Presentation);
        let label = |class: &str| {
            let label = gtk::Label::builder().ellipsize(gtk::pango::EllipsizeMode::End).css_classes([class]).build();
            label.set_justify(gtk::Justification::Center);
            label
        };
        let (value, name) = (label("value"), label("caption"));
        name.add_css_class("dimmed");
        let root = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(3).visible(false).build();
        root.set_width_request(WIDTH);
        root.add_css_class("fact");
        root.append(&icon);
        root.append(&value);
        root.append(&name);
        Self { root, icon, value, name }
    }

    fn show(&self, value: &str, name: &str) {
        self.value.set_label(value);
        self.name.set_label(name);
        self.root.set_tooltip_text(Some(&format!("{name}: {value}")));
        self.root.set_visible(true);
    }
}
