//! Links, and the small print.

use super::content::section;
use crate::i18n::gettext;
use crate::live::Live;
use crate::sentence;
use relm4::gtk;
use relm4::gtk::prelude::*;
use strata_model::app::{Link, LinkKind};
use strata_model::{App, Installed};

/// The small print, and what changes in it.
#[derive(Debug)]
pub(crate) struct Details {
    root: gtk::Box,
    grid: gtk::Grid,
    app: Vec<(String, String)>,
    origin: Option<(String, String)>,
    shown: Vec<(String, String)>,
}

impl Details {
    pub(super) fn new(app: &App) -> Self {
        let root = section(&gettext("Details"));
        let grid = gtk::Grid::builder().column_spacing(18).row_spacing(6).build();
        root.append(&grid);
        let offer = app.offers.first();
        let mut lines = vec![(gettext("Id"), app.head.id.to_string())];
        if !app.license.is_empty() {
            lines.push((gettext("Licence"), app.license.clone()));
        }
        if let Some(offer) = offer.filter(|offer| !offer.runtime.is_empty()) {
            lines.push((gettext("Runtime"), offer.runtime.clone()));
        }
        let origin = offer.map(|offer| (offer.id.scope.clone(), offer.id.origin.clone()));
        let mut details = Self { root, grid, app: lines, origin, shown: Vec::new() };
        details.show_live(&Live::default(), None);
        details
    }

    pub(super) fn root(&self) -> &gtk::Box {
        &self.root
    }

    /// Shows where it comes from, and what is installed of it.
    pub(super) fn show_live(&mut self, live: &Live, installed: Option<&Installed>) {
        let mut lines = self.app.clone();
        let place =
            installed.map(|one| (one.offer.scope.clone(), one.offer.origin.clone())).or_else(|| self.origin.clone());
        if let Some((scope, origin)) = place {
            lines.push((gettext("From"), live.origin_title(&scope, &origin)));
        }
        if let Some(installed) = installed {
            lines.push((gettext("Installed version"), installed.version.clone()));
            lines.push((gettext("Installed or changed"), sentence::day(installed.changed)));
        }
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
            let name = gtk::Label::builder().label(name).xalign(0.0).yalign(0.0).css_classes(["dimmed"]).build();
            let value =
                gtk::Label::builder().label(value).xalign(0.0).wrap(true).selectable(true).hexpand(true).build();
            value.set_wrap_mode(gtk::pango::WrapMode::WordChar);
            self.grid.attach(&name, 0, row, 1, 1);
            self.grid.attach(&value, 1, row, 1, 1);
        }
    }
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
