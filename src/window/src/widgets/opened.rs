//! Questions about files that were opened: what they would bring.

use super::dialogs::{append_permissions, choice, line, question};
use crate::i18n::{gettext, gettext_f};
use crate::sentence;
use relm4::adw;
use relm4::adw::prelude::*;
use relm4::gtk;
use strata_model::plan::WarningKind;
use strata_model::snapshot::Origin;
use strata_model::{Plan, SourceKind};

/// What a person wants of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It becomes an app, or takes the place of the one that it is another version of.
    Install,
    /// It becomes an app beside that one.
    KeepBoth,
    /// It is started, and stays the file that it is.
    RunOnce,
}

/// Shows what a file would install; `answer` is called unless nothing is wanted of it.
pub(crate) fn ask_installing(parent: &gtk::Window, plan: &Plan, answer: impl Fn(Answer) + 'static) {
    let name = named(plan);
    let name = [("name", &*name)];
    let (once, both) = (gettext("Run Once"), gettext("Keep Both"));
    let (heading, between, yes) = if plan.request.replaces.is_some() {
        (gettext_f("Replace with “{name}”?", &name), Some(("both", &*both)), gettext("Replace"))
    } else {
        let once = can_run_once(plan).then_some(("once", &*once));
        (gettext_f("Install “{name}”?", &name), once, gettext("Install"))
    };
    let dialog = choice(&heading, &summary(plan), between, &yes);
    dialog.set_response_appearance("yes", adw::ResponseAppearance::Suggested);
    let lines = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
    for warning in &plan.warnings {
        lines.append(&line(&sentence::warning(warning), "dialog-warning-symbolic", "warning"));
    }
    append_permissions(&lines, &gettext("It could then:"), &plan.permissions_after);
    dialog.set_extra_child(Some(&lines));
    dialog.connect_response(None, move |_, response| match response {
        "yes" => answer(Answer::Install),
        "both" => answer(Answer::KeepBoth),
        "once" => answer(Answer::RunOnce),
        _ => {}
    });
    dialog.present(Some(parent));
}

/// An AppImage starts by itself, unless this machine lacks what it needs, or it speaks in a terminal, which the window has
/// not.
fn can_run_once(plan: &Plan) -> bool {
    let needs_more = |kind| matches!(kind, WarningKind::NeedsFuse2 | WarningKind::WantsTerminal);
    let can_start = !plan.warnings.iter().any(|warning| needs_more(warning.kind));
    plan.request.offer.source == SourceKind::AppImage && can_start
}

/// Asks whether to add an origin, with what is known of it; `answer` is called on yes.
pub(crate) fn ask_adding(parent: &impl IsA<gtk::Widget>, origin: &Origin, answer: impl Fn() + 'static) {
    let name = if origin.title.is_empty() { &origin.name } else { &origin.title };
    let body = gettext(
        "Its apps would be listed and could be installed, and it could send updates. Add only origins that you trust.",
    );
    let dialog = question(&gettext_f("Add “{name}”?", &[("name", name)]), &body, &gettext("Add"));
    dialog.set_response_appearance("yes", adw::ResponseAppearance::Suggested);
    let facts = gtk::ListBox::builder().selection_mode(gtk::SelectionMode::None).css_classes(["boxed-list"]).build();
    let whom = if origin.scope == "user" { gettext("You only") } else { gettext("Everybody who uses this computer") };
    facts.append(&fact(&gettext("Address"), &origin.url));
    facts.append(&fact(&gettext("Added for"), &whom));
    let lines = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
    lines.append(&facts);
    if !origin.signed {
        let words =
            gettext("What it sends is not signed: nobody can tell who made it, or whether it was changed on its way.");
        lines.append(&line(&words, "dialog-warning-symbolic", "warning"));
    }
    dialog.set_extra_child(Some(&lines));
    dialog.connect_response(Some("yes"), move |_, _| answer());
    dialog.present(Some(parent));
}

fn fact(title: &str, value: &str) -> adw::ActionRow {
    let row = adw::ActionRow::builder().title(title).use_markup(false).subtitle(value).build();
    row.set_subtitle_selectable(true);
    row.add_css_class("property");
    row
}

/// What would come, with its version where somebody says it.
fn named(plan: &Plan) -> String {
    let version = plan.steps.iter().map(|step| &*step.version).find(|version| !version.is_empty()).unwrap_or_default();
    format!("{} {version}", breakable(&plan.request.name)).trim_end().to_owned()
}

/// An id without a name is one long word: it may go on in the next line after each of its dots.
fn breakable(name: &str) -> String {
    name.replace('.', ".\u{200b}")
}

/// The last part of a path or an address.
pub(crate) fn file_name(location: &str) -> &str {
    let path = location.split(['?', '#']).next().unwrap_or(location);
    path.trim_end_matches('/').rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(location)
}

/// Where it comes from and what it takes.
fn summary(plan: &Plan) -> String {
    let mut origins: Vec<&str> =
        plan.steps.iter().map(|step| step.origin.as_str()).filter(|name| !name.is_empty()).collect();
    origins.sort_unstable();
    origins.dedup();
    let is_file = origins.is_empty() || plan.request.replaces.is_some();
    if is_file && plan.download_size == 0 {
        // It lies here already.
        let disk = plan.steps.iter().map(|step| step.installed_size).fold(0, u64::saturating_add);
        return gettext_f("It takes {disk} on the disk.", &[("disk", &sentence::size(disk))]);
    }
    let download = sentence::size(plan.download_size);
    let disk = sentence::size(u64::try_from(plan.size_change).unwrap_or_default());
    let values = [("origin", &*origins.join(", ")), ("download", &*download), ("disk", &*disk)];
    gettext_f("From {origin}. At most {download} to download, {disk} on the disk.", &values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::Request;
    use strata_model::plan::Warning;

    #[test]
    fn only_an_appimage_that_this_machine_can_start_is_run_once() {
        let plan = |source, warnings: &[WarningKind]| {
            let warning = |kind: &WarningKind| Warning { kind: *kind, subject: String::new(), end_of_life: None };
            let plan = Plan::nothing(&Request::install_file(source, "user", "/a/file"));
            Plan { warnings: warnings.iter().map(warning).collect(), ..plan }
        };
        assert!(can_run_once(&plan(SourceKind::AppImage, &[WarningKind::NotVerified, WarningKind::Moved])));
        assert!(!can_run_once(&plan(SourceKind::AppImage, &[WarningKind::NeedsFuse2])));
        assert!(!can_run_once(&plan(SourceKind::AppImage, &[WarningKind::WantsTerminal])));
        assert!(!can_run_once(&plan(SourceKind::Flatpak, &[])));
    }

    #[test]
    fn the_name_is_the_last_part() {
        for (location, name) in [
            ("/home/ann/my app.flatpak", "my app.flatpak"),
            ("https://example.org/a.flatpakref?x=/1", "a.flatpakref"),
            ("https://example.org/", "example.org"),
            ("/", "/"),
        ] {
            assert_eq!(file_name(location), name);
        }
    }
}
