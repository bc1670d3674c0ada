//! Questions that need an answer before something is done, and technical words on request.

use crate::i18n::{gettext, gettext_f};
use crate::sentence::{self, permission};
use relm4::adw;
use relm4::adw::prelude::*;
use relm4::gtk;
use strata_model::plan::SystemPlan;
use strata_model::{Action, Failure, Permission, Plan, Severity, SourceKind, Update};

/// Asks whether to remove something; `answer` is called with whether its data go too, and only on yes. Apps have some, each
/// source in its own place; `None` for what is no app.
pub(crate) fn remove(parent: &gtk::Window, name: &str, app: Option<SourceKind>, answer: impl Fn(bool) + 'static) {
    let dialog = warning(&gettext_f("Remove “{name}”?", &[("name", name)]), "", &gettext("Remove"));
    let data = data_row(&gettext("Delete Its Data Too"), app);
    if app.is_some() {
        dialog.set_extra_child(Some(&boxed(&data)));
    }
    dialog.connect_response(Some("yes"), move |_, _| answer(data.is_active()));
    dialog.present(Some(parent));
}

/// Shows what a plan warns of; `answer` is called on yes, with whether data go too.
pub(crate) fn plan(parent: &gtk::Window, plan: &Plan, answer: impl Fn(bool) + 'static) {
    let name = [("name", plan.request.name.as_str())];
    if plan.system.as_ref().is_some_and(|system| system.nothing_to_do) {
        nothing_to_do(parent, &gettext_f("“{name}” Is There Already", &name), plan);
        return;
    }
    let (heading, yes) = match plan.request.action {
        Action::Update => (gettext_f("Update “{name}”?", &name), gettext("Update")),
        Action::Install if plan.request.replaces.is_some() => {
            let source = sentence::source(plan.request.offer.source);
            (gettext_f("Switch “{name}” to {source}?", &[name[0], ("source", &source)]), gettext("Switch"))
        }
        _ => (gettext_f("Get “{name}”?", &name), gettext("Get")),
    };
    let dialog = question(&heading, "", &yes);
    dialog.set_response_appearance("yes", adw::ResponseAppearance::Suggested);
    let lines = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
    for warning in &plan.warnings {
        lines.append(&line(&sentence::warning(warning), "dialog-warning-symbolic", "warning"));
    }
    append_permissions(&lines, &gettext("It could then also:"), &plan.new_permissions());
    if let Some(system) = &plan.system {
        for words in system_words(system, plan.download_size) {
            lines.append(&line(&words, "package-x-generic-symbolic", "dimmed"));
        }
    }
    let before = plan.request.replaces.as_ref().map(|offer| offer.source);
    let data = data_row(&gettext("Delete the Data of the One Before"), before);
    if plan.request.replaces.is_some() {
        lines.append(&boxed(&data));
    }
    dialog.set_extra_child(Some(&lines));
    dialog.connect_response(Some("yes"), move |_, _| answer(data.is_active()));
    dialog.present(Some(parent));
}

/// Whether what an app keeps for itself goes too.
fn data_row(title: &str, source: Option<SourceKind>) -> adw::SwitchRow {
    let subtitle = match source {
        // What it stored elsewhere nobody can tell from what is others'.
        Some(SourceKind::AppImage) => gettext("The folders beside it, if it has any; what it stored elsewhere stays"),
        _ => gettext("Settings, documents and caches that it keeps for itself"),
    };
    adw::SwitchRow::builder().title(title).subtitle(subtitle).build()
}

fn boxed(row: &adw::SwitchRow) -> gtk::ListBox {
    let list = gtk::ListBox::builder().selection_mode(gtk::SelectionMode::None).css_classes(["boxed-list"]).build();
    list.append(row);
    list
}

/// Says that everything is as it was wanted.
fn nothing_to_do(parent: &gtk::Window, heading: &str, plan: &Plan) {
    let words: Vec<String> = plan.warnings.iter().map(sentence::warning).collect();
    let dialog = adw::AlertDialog::new(Some(heading), Some(&words.join("\n")));
    dialog.add_responses(&[("close", &gettext("Close"))]);
    dialog.set_close_response("close");
    dialog.present(Some(parent));
}

/// Which packages come along, and what has to be downloaded, as far as the daemon says it.
fn system_words(plan: &SystemPlan, download_size: u64) -> Vec<String> {
    let mut words = vec![sentence::system::list(&plan.changes)];
    if download_size > 0 {
        words.push(gettext_f("{size} to download", &[("size", &sentence::size(download_size))]));
    }
    words.retain(|one| !one.is_empty());
    words
}

/// Shows what some updates of many would change, with what the person was not asked about yet; `answer` is called with
/// whether these go along. Without them is what Enter means, where there are others. The system is one of them, if its
/// newer version is named.
pub(crate) fn updates(
    parent: &gtk::Window,
    asking: &[Update],
    system: Option<&str>,
    others: bool,
    answer: impl Fn(bool) + 'static,
) {
    let dialog = question(&gettext("Some Updates Change More"), "", &gettext("Update All"));
    if others {
        dialog.add_response("rest", &gettext("Update the Others"));
        dialog.set_default_response(Some("rest"));
        dialog.set_response_appearance("rest", adw::ResponseAppearance::Suggested);
    }
    let lines = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
    if let Some(version) = system {
        let words = gettext_f(
            "The system comes along: version {version} is downloaded, and starts at the next restart.",
            &[("version", version)],
        );
        lines.append(&line(&words, "computer-symbolic", "dimmed"));
    }
    // First those that name their apps themselves: they must not stand under another one's heading.
    for update in asking.iter().filter(|update| update.end_of_life.is_some()) {
        let words = sentence::end_of_life(&update.name, update.end_of_life.as_ref());
        lines.append(&line(&words, "dialog-warning-symbolic", "warning"));
    }
    for update in asking {
        let heading = gettext_f("“{name}” could then also:", &[("name", &update.name)]);
        append_permissions(&lines, &heading, &update.new_permissions);
    }
    let scrolled = gtk::ScrolledWindow::builder()
        .child(&lines)
        .propagate_natural_height(true)
        .max_content_height(320)
        .hscrollbar_policy(gtk::PolicyType::Never)
        .build();
    dialog.set_extra_child(Some(&scrolled));
    dialog.connect_response(None, move |_, response| match response {
        "yes" => answer(true),
        "rest" => answer(false),
        _ => {}
    });
    dialog.present(Some(parent));
}

/// Shows the technical words of a failure, to read and to copy.
pub(crate) fn details(parent: &gtk::Window, failure: &Failure) {
    let dialog = adw::AlertDialog::new(Some(&sentence::failure(failure)), Some(&sentence::remedy(failure)));
    dialog.add_response("close", &gettext("Close"));
    dialog.set_close_response("close");
    let text = gtk::Label::builder().label(&failure.detail).wrap(true).selectable(true).xalign(0.0).build();
    text.set_wrap_mode(gtk::pango::WrapMode::WordChar);
    text.add_css_class("monospace");
    let scrolled = gtk::ScrolledWindow::builder()
        .child(&text)
        .propagate_natural_height(true)
        .max_content_height(240)
        .css_classes(["card", "details"])
        .build();
    scrolled.set_visible(!failure.detail.is_empty());
    dialog.set_extra_child(Some(&scrolled));
    dialog.present(Some(parent));
}

/// A question that is answered with `yes` or `no`.
pub(crate) fn question(heading: &str, body: &str, yes: &str) -> adw::AlertDialog {
    choice(heading, body, None, yes)
}

/// The same with another answer between the two, by its id and its words.
pub(super) fn choice(heading: &str, body: &str, between: Option<(&str, &str)>, yes: &str) -> adw::AlertDialog {
    let dialog = adw::AlertDialog::new(Some(heading), Some(body));
    dialog.add_response("no", &gettext("Cancel"));
    if let Some((id, words)) = between {
        dialog.add_response(id, words);
    }
    dialog.add_response("yes", yes);
    dialog.set_close_response("no");
    dialog.set_default_response(Some("yes"));
    dialog
}

/// The same about what cannot be taken back. Enter alone does not say yes.
pub(crate) fn warning(heading: &str, body: &str, yes: &str) -> adw::AlertDialog {
    let dialog = question(heading, body, yes);
    dialog.set_response_appearance("yes", adw::ResponseAppearance::Destructive);
    dialog.set_default_response(Some("no"));
    dialog
}

pub(super) fn append_permissions(lines: &gtk::Box, heading: &str, permissions: &[Permission]) {
    let new = permission::lines(permissions);
    if new.is_empty() {
        return;
    }
    let heading = gtk::Label::builder().label(heading).xalign(0.0).wrap(true).css_classes(["heading"]).build();
    lines.append(&heading);
    for (severity, words) in new {
        // A tick would say that all is well; that is for the person to say.
        let (icon, class) = if severity <= Severity::Low { ("list-add-symbolic", "dimmed") } else { mark(severity) };
        lines.append(&line(&words, icon, class));
    }
}

/// The icon and the style class of a severity.
pub(crate) const fn mark(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::None | Severity::Low => ("object-select-symbolic", "success"),
        Severity::Medium => ("dialog-warning-symbolic", "warning"),
        Severity::High => ("dialog-warning-symbolic", "error"),
    }
}

/// A line of a question, with its icon.
pub(crate) fn line(words: &str, icon: &str, class: &str) -> gtk::Box {
    let image = gtk::Image::builder().icon_name(icon).valign(gtk::Align::Start).css_classes([class]).build();
    image.set_accessible_role(gtk::AccessibleRole::Presentation);
    let label = gtk::Label::builder().label(words).xalign(0.0).wrap(true).hexpand(true).build();
    // Addresses and ids are words that no line may be as long as.
    label.set_wrap_mode(gtk::pango::WrapMode::WordChar);
    let line = gtk::Box::builder().spacing(12).build();
    line.append(&image);
    line.append(&label);
    line
}
