//! Links, and the small print.

use super::content::section;
use super::explain::Known;
use super::offers;
use crate::i18n::gettext;
use crate::sentence;
use relm4::gtk;
use relm4::gtk::prelude::*;
use strata_model::app::{Link, LinkKind};

/// The small print, and what changes in it.
#[derive(Debug)]
pub(crate) struct Details {
    root: gtk::Box,
    grid: gtk::Grid,
    shown: Vec<(String, String)>,
}

impl Details {
    pub(super) fn new() -> Self {
        let root = section(&gettext("Details"));
        let grid = gtk::Grid::builder().column_spacing(18).row_spacing(9).css_classes(["card", "details"]).build();
        root.append(&grid);
        Self { root, grid, shown: Vec::new() }
    }

    pub(super) fn root(&self) -> &gtk::Box {
        &self.root
    }

    /// Shows what is known.
    pub(super) fn show(&mut self, known: &Known<'_>) {
        let mut lines = lines(known);
        lines.retain(|(_, value)| !value.is_empty());
        if lines != self.shown {
            self.fill(&lines);
            self.shown = lines;
        }
    }

    fn fill(&self, lines: &[(String, String)]) {
        while let Some(old) = self.grid.first_child() {
            self.grid.remove(&old);
        }
        for (row, (name, value)) in (0..).zip(lines) {
            let name = gtk::Label::builder().label(name).xalign(0.0).yalign(0.0).wrap(true).build();
            name.add_css_class("dimmed");
            let value =
                gtk::Label::builder().label(value).xalign(0.0).wrap(true).selectable(true).hexpand(true).build();
            value.set_wrap_mode(gtk::pango::WrapMode::WordChar);
            self.grid.attach(&name, 0, row, 1, 1);
            self.grid.attach(&value, 1, row, 1, 1);
        }
    }
}

/// What there is to say: of what is installed, else of the offer that is meant.
fn lines(known: &Known<'_>) -> Vec<(String, String)> {
    let Known { app, offer, installed, live, .. } = known;
    let here = installed.map(|installed| &installed.offer);
    let id = here.or(offer.map(|offer| &offer.id)).or(app.offers.first().map(|offer| &offer.id));
    let runtime = installed.map(|one| one.runtime.as_str()).or(offer.map(|offer| offer.runtime.as_str()));
    let newest = offer.map(|offer| released(&offer.version, offer.released)).unwrap_or_default();
    let branch = id.map(|id| offers::branch(id).to_owned()).unwrap_or_default();
    let mut lines = vec![
        (gettext("From"), id.map(|id| offers::place(live, id)).unwrap_or_default()),
        (gettext("Newest Version"), newest),
        (gettext("Branch"), branch),
    ];
    if let Some(installed) = installed {
        lines.push((gettext("Installed Version"), released(&installed.version, installed.changed)));
        // Nobody counts what a package of the system brings along.
        let size = if installed.size > 0 { sentence::size(installed.size) } else { String::new() };
        lines.push((gettext("Installed Size"), size));
    } else if let Some(offer) = offer.filter(|offer| offer.installed_size > 0) {
        lines.push((gettext("Size on Disk"), sentence::size(offer.installed_size)));
    }
    let stands_on = runtime.unwrap_or_default().to_owned();
    lines.extend([
        (gettext("Stands On"), stands_on),
        (gettext("Licence"), app.license.clone()),
        (gettext("Id"), app.head.id.to_string()),
    ]);
    lines
}

/// A version with its day: `5.0, 3 March 2026`.
fn released(version: &str, seconds: i64) -> String {
    let day = sentence::day(seconds);
    [version, &day].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The links, two to a line where there is room.
pub(super) fn links(links: &[Link]) -> gtk::Box {
    let root = section(&gettext("Links"));
    let flow = gtk::FlowBox::builder()
        .homogeneous(true)
        .selection_mode(gtk::SelectionMode::None)
        .min_children_per_line(1)
        .max_children_per_line(2)
        .row_spacing(6)
        .column_spacing(12)
        .css_classes(["links"])
        .build();
    for link in links {
        let child = gtk::FlowBoxChild::builder().child(&button(link)).focusable(false).build();
        flow.append(&child);
    }
    root.append(&flow);
    root
}

fn button(link: &Link) -> gtk::Button {
    let (icon, name) = kind(link.kind);
    let image = gtk::Image::builder().icon_name(icon).build();
    image.set_accessible_role(gtk::AccessibleRole::Presentation);
    let name = gtk::Label::builder().label(name).xalign(0.0).css_classes(["heading"]).build();
    let address = gtk::Label::builder()
        .label(link.url.trim_start_matches("https://").trim_end_matches('/'))
        .xalign(0.0)
        .ellipsize(gtk::pango::EllipsizeMode::End)
        .css_classes(["caption", "dimmed"])
        .build();
    let text = gtk::Box::builder().orientation(gtk::Orientation::Vertical).hexpand(true).build();
    text.append(&name);
    text.append(&address);
    let content = gtk::Box::builder().spacing(12).build();
    content.append(&image);
    content.append(&text);
    gtk::Button::builder()
        .child(&content)
        .tooltip_text(&link.url)
        .width_request(268)
        .action_name("win.open-link")
        .action_target(&link.url.to_variant())
        .css_classes(["card", "activatable", "app-link"])
        .build()
}

fn kind(kind: LinkKind) -> (&'static str, String) {
    match kind {
        LinkKind::Homepage => ("web-browser-symbolic", gettext("Web Site")),
        LinkKind::Bugtracker => ("dialog-warning-symbolic", gettext("Report a Problem")),
        LinkKind::Faq => ("dialog-question-symbolic", gettext("Questions and Answers")),
        LinkKind::Help => ("help-browser-symbolic", gettext("Help")),
        LinkKind::Donation => ("emote-love-symbolic", gettext("Donate")),
        LinkKind::Translate => ("preferences-desktop-locale-symbolic", gettext("Translate")),
        LinkKind::Contact => ("mail-send-symbolic", gettext("Contact")),
        LinkKind::VcsBrowser => ("utilities-terminal-symbolic", gettext("Source Code")),
        LinkKind::Contribute => ("system-users-symbolic", gettext("Contribute")),
    }
}
