//! What can be cleared away: runtimes that nothing needs, what removed apps have stored; and what is there beside apps.

use crate::i18n::{gettext, gettext_f, ngettext_f};
use crate::live::Live;
use crate::sentence;
use crate::widgets::{dialogs, set_label, text_button};
use crate::window::Msg;
use relm4::adw::prelude::*;
use relm4::{Sender, adw, gtk};
use strata_model::{Action, Failure, Installed, Leftover, PartKind, Request};

/// What a removed app left, with its name where some origin still has it.
pub(crate) type Left = Vec<(Leftover, Option<String>)>;

/// The open dialog.
#[derive(Debug)]
pub(crate) struct Storage {
    dialog: adw::PreferencesDialog,
    sender: Sender<Msg>,
    unused: adw::ActionRow,
    remove_unused: gtk::Button,
    left: adw::PreferencesGroup,
    left_rows: Vec<adw::ActionRow>,
    remove_all: gtk::Button,
    parts: adw::ExpanderRow,
    part_rows: Vec<adw::ActionRow>,
    shown: Vec<Installed>,
    /// What was so when the leftovers were last counted.
    counted: Option<(usize, Vec<String>, usize)>,
}

impl Storage {
    /// The dialog, not shown yet.
    pub(crate) fn new(sender: &Sender<Msg>) -> Self {
        let remove_unused = text_button(&gettext("Remove"), &gettext("Remove unused runtimes"));
        remove_unused.set_action_name(Some("win.remove-unused"));
        remove_unused.set_valign(gtk::Align::Center);
        let unused = adw::ActionRow::builder().title(gettext("Runtimes That No App Needs")).build();
        unused.add_suffix(&remove_unused);
        let remove_all = text_button(&gettext("Remove All…"), &gettext("Remove the data of all removed apps"));
        remove_all.add_css_class("flat");
        let left = adw::PreferencesGroup::builder()
            .title(gettext("Data of Removed Apps"))
            .description(gettext("Settings, documents and caches that apps kept for themselves"))
            .header_suffix(&remove_all)
            .build();
        let parts = adw::ExpanderRow::builder().title(gettext("Runtimes and Add-ons")).build();
        let page = adw::PreferencesPage::new();
        let group = |row: &gtk::Widget| {
            let group = adw::PreferencesGroup::new();
            group.add(row);
            page.add(&group);
        };
        group(unused.upcast_ref());
        page.add(&left);
        group(parts.upcast_ref());
        let dialog = adw::PreferencesDialog::builder()
            .title(gettext("Storage"))
            .search_enabled(false)
            .content_width(560)
            .content_height(560)
            .build();
        dialog.add(&page);
        Self {
            dialog,
            sender: sender.clone(),
            unused,
            remove_unused,
            left,
            left_rows: Vec::new(),
            remove_all,
            parts,
            part_rows: Vec::new(),
            shown: Vec::new(),
            counted: None,
        }
    }

    /// The widget to present.
    pub(crate) fn dialog(&self) -> &adw::PreferencesDialog {
        &self.dialog
    }

    /// Shows how things are now, and has the leftovers counted again when they may be others.
    pub(crate) fn show(&mut self, live: &Live) {
        let Some(snapshot) = &live.snapshot else { return };
        let installed = live.installed().unwrap_or_default();
        let at_work = |action: Action| {
            snapshot.tasks.iter().filter(|task| task.request.action == action && !task.state.is_final()).count()
        };
        self.show_unused(installed, at_work(Action::RemoveUnused) > 0);
        if self.shown != installed || self.part_rows.is_empty() {
            self.show_parts(installed);
            self.shown = installed.to_vec();
        }
        let apps = installed.iter().filter(|part| part.kind == PartKind::App).count();
        let now = Some((apps, snapshot.settings.data.keep.clone(), at_work(Action::RemoveData)));
        if self.counted != now {
            self.counted = now;
            self.sender.emit(Msg::CountLeftovers);
        }
    }

    fn show_unused(&self, installed: &[Installed], at_work: bool) {
        let unused: Vec<&Installed> = installed.iter().filter(|part| part.unused).collect();
        let size = sentence::size(unused.iter().map(|part| part.size).sum());
        let words = match unused.len() {
            _ if at_work => gettext("Removing…"),
            0 => gettext("None"),
            count => ngettext_f(
                "{n} of them; removing frees {size}",
                "{n} of them; removing frees {size}",
                count,
                &[("size", &size)],
            ),
        };
        self.unused.set_subtitle(&words);
        self.remove_unused.set_visible(!unused.is_empty());
        self.remove_unused.set_sensitive(!at_work);
    }

    fn show_parts(&mut self, installed: &[Installed]) {
        for row in self.part_rows.drain(..) {
            self.parts.remove(&row);
        }
        let stands_beneath = |part: &&Installed| matches!(part.kind, PartKind::Runtime | PartKind::Addon);
        let mut parts: Vec<&Installed> = installed.iter().filter(stands_beneath).collect();
        parts.sort_by_key(|part| std::cmp::Reverse(part.size));
        let size = sentence::size(parts.iter().map(|part| part.size).sum());
        let words = ngettext_f(
            "{n} part that apps stand on, {size}",
            "{n} parts that apps stand on, {size}",
            parts.len(),
            &[("size", &size)],
        );
        self.parts.set_subtitle(&words);
        self.parts.set_sensitive(!parts.is_empty());
        for part in parts {
            let branch = part.offer.reference.rsplit('/').next().unwrap_or_default();
            let unused = if part.unused { gettext("needed by nothing") } else { String::new() };
            let version = if part.version.is_empty() { branch } else { &part.version };
            let words = [version, &unused].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · ");
            let row = adw::ActionRow::builder().use_markup(false).title(&part.name).subtitle(words).build();
            let size =
                gtk::Label::builder().label(sentence::size(part.size)).css_classes(["dimmed", "numeric"]).build();
            row.add_suffix(&size);
            self.parts.add_row(&row);
            self.part_rows.push(row);
        }
    }

    /// Shows what removed apps have left, or why nobody can say.
    pub(crate) fn show_left(&mut self, left: &Result<Left, Failure>) {
        for row in self.left_rows.drain(..) {
            self.left.remove(&row);
        }
        let rows = match left {
            Ok(left) if left.is_empty() => vec![plain(&gettext("Nothing is left of any removed app"), "")],
            Ok(left) => left.iter().map(|(left, name)| self.row(left, name.as_deref())).collect(),
            Err(failure) => vec![plain(&sentence::failure(failure), &sentence::remedy(failure))],
        };
        for row in rows {
            self.left.add(&row);
            self.left_rows.push(row);
        }
        let all: Vec<Leftover> = left.iter().flatten().map(|(left, _)| left.clone()).collect();
        self.remove_all.set_visible(all.len() > 1);
        let fresh = text_button(&gettext("Remove All…"), &gettext("Remove the data of all removed apps"));
        fresh.add_css_class("flat");
        fresh.set_visible(all.len() > 1);
        let (sender, size) = (self.sender.clone(), sentence::size(all.iter().map(|left| left.size).sum()));
        fresh.connect_clicked(move |button| {
            let heading = gettext("Remove the Data of All Removed Apps?");
            ask(button, &heading, &size, all.iter().map(|left| request(left, None)).collect(), &sender);
        });
        self.left.set_header_suffix(Some(&fresh));
        self.remove_all = fresh;
    }

    fn row(&self, left: &Leftover, name: Option<&str>) -> adw::ActionRow {
        let called = name.unwrap_or(&left.id).to_owned();
        let size = sentence::size(left.size);
        let id = if name.is_some() { left.id.as_str() } else { "" };
        let changed = gettext_f("last changed on {day}", &[("day", &sentence::day(left.changed))]);
        let words = [id, &size, &changed].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · ");
        let row = adw::ActionRow::builder().use_markup(false).title(&called).subtitle(words).build();
        let keep = text_button(&gettext("Keep"), &gettext_f("Keep the data of {name}", &[("name", &called)]));
        keep.set_tooltip_text(Some(&gettext("Keep it, and do not mention it any more")));
        let remove = gtk::Button::builder().icon_name("user-trash-symbolic").tooltip_text(gettext("Remove…")).build();
        set_label(&remove, &gettext_f("Remove the data of {name}", &[("name", &called)]));
        for button in [&keep, &remove] {
            button.set_valign(gtk::Align::Center);
            button.add_css_class("flat");
            row.add_suffix(button);
        }
        let (sender, id) = (self.sender.clone(), left.id.clone());
        keep.connect_clicked(move |_| sender.emit(Msg::KeepData(id.clone())));
        let (sender, request) = (self.sender.clone(), request(left, name));
        remove.connect_clicked(move |button| {
            let heading = gettext_f("Remove the Data of “{name}”?", &[("name", &called)]);
            ask(button, &heading, &size, vec![request.clone()], &sender);
        });
        row
    }
}

fn request(left: &Leftover, name: Option<&str>) -> Request {
    Request::remove_data(left.source, &left.id).named(name.unwrap_or(&left.id))
}

fn plain(title: &str, subtitle: &str) -> adw::ActionRow {
    adw::ActionRow::builder().use_markup(false).title(title).subtitle(subtitle).css_classes(["dimmed"]).build()
}

fn ask(parent: &gtk::Button, heading: &str, size: &str, requests: Vec<Request>, sender: &Sender<Msg>) {
    let body = gettext_f("This frees {size}. What was stored is gone for good.", &[("size", size)]);
    let dialog = dialogs::warning(heading, &body, &gettext("Remove"));
    let sender = sender.clone();
    dialog.connect_response(Some("yes"), move |_, _| sender.emit(Msg::Submit(requests.clone())));
    dialog.present(Some(parent));
}
