//! What is new in an app: in its newest version on the page, in all of them in a dialog.

use super::content::section;
use crate::i18n::{gettext, gettext_f};
use crate::sentence;
use crate::widgets::description::description;
use crate::widgets::sheet::{self, Sheet};
use crate::widgets::text_button;
use relm4::gtk;
use relm4::gtk::prelude::*;
use strata_model::app::Release;
use strata_model::{App, Installed};

/// The newest version, and a way to those before; `None` if no version is known.
pub(super) fn newest(app: &App) -> Option<gtk::Box> {
    let release = app.releases.first()?;
    let part = section(&gettext_f("What’s New in {version}", &[("version", &release.version)]));
    let day = sentence::day(release.date);
    if !day.is_empty() {
        part.append(&gtk::Label::builder().label(day).xalign(0.0).css_classes(["caption", "dimmed"]).build());
    }
    part.append(&notes(release));
    if app.releases.len() > 1 {
        let all = text_button(
            &gettext("Version History"),
            &gettext_f("Version history of {name}", &[("name", &app.head.name)]),
        );
        all.set_halign(gtk::Align::Start);
        all.set_action_target_value(Some(&"versions".to_variant()));
        all.set_action_name(Some("app.dialog"));
        part.append(&all);
    }
    Some(part)
}

/// Every version that its developer tells of.
pub(super) fn sheet(app: &App, installed: Option<&Installed>) -> Sheet {
    let sheet = Sheet::new(&gettext("Version History"));
    for release in &app.releases {
        let here = installed.is_some_and(|installed| installed.version == release.version);
        sheet.append(&whole(release, here));
    }
    sheet
}

fn whole(release: &Release, here: bool) -> gtk::Box {
    let line = gtk::Box::builder().spacing(9).build();
    line.append(&gtk::Label::builder().label(&release.version).xalign(0.0).css_classes(["title-4"]).build());
    let marks = [(here, gettext("Installed"), "accent"), (release.development, gettext("For testing"), "warning")];
    for (_, words, class) in marks.into_iter().filter(|(there, ..)| *there) {
        line.append(&gtk::Label::builder().label(words).css_classes(["caption-heading", class]).build());
    }
    let day = gtk::Label::builder().label(sentence::day(release.date)).xalign(1.0).hexpand(true).build();
    day.set_css_classes(&["caption", "dimmed", "numeric"]);
    line.append(&day);
    let part = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).build();
    part.append(&line);
    part.append(&notes(release));
    if !release.url.is_empty() {
        let row = sheet::linked(sheet::row(&gettext("More About This Version"), ""), &release.url);
        let list = gtk::ListBox::builder().selection_mode(gtk::SelectionMode::None).css_classes(["boxed-list"]).build();
        list.append(&row);
        part.append(&list);
    }
    part
}

fn notes(release: &Release) -> gtk::Box {
    if !release.notes.is_empty() {
        return description(&release.notes);
    }
    let words = gettext("Its developer does not say what is new.");
    let none = gtk::Label::builder().label(words).xalign(0.0).wrap(true).css_classes(["dimmed"]).build();
    let part = gtk::Box::default();
    part.append(&none);
    part
}
