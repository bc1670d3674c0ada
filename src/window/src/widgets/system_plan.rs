//! A question about a change of the system: asked at once, with what would change as soon as that is known. Nothing is done
//! before.

use crate::i18n::{gettext, gettext_f};
use crate::sentence::{self, system as words};
use crate::widgets::{dialogs, package_changes, set_label};
use crate::window::Msg;
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{Sender, adw, gtk};
use strata_client::Engine;
use strata_model::plan::SystemPlan;
use strata_model::{Action, Failure, FailureKind, Plan, Request, Stop};

/// Rows of packages that are seen at once, in pixels.
const HEIGHT: i32 = 260;

/// What yes is said with.
const YES: &str = "yes";

/// Asks whether to do this, which takes a plan first; on yes it is submitted.
pub(crate) fn ask(parent: &adw::ApplicationWindow, engine: Engine, request: Request, sender: &Sender<Msg>) {
    let dialog = question(&request);
    let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
    dialog.set_extra_child(Some(&column));
    let (asked, sender) = (request.clone(), sender.clone());
    dialog.connect_response(Some(YES), move |_, _| sender.emit(Msg::Submit(vec![asked.clone()])));
    let is_busy = engine.snapshot().borrow().system.system.running.is_some();
    if is_busy {
        // The daemon tries one thing after the other: what it would say comes when the other one is done.
        let words = gettext(
            "Something else changes the system now. This comes after it, and what it changes is not known before.",
        );
        column.append(&dialogs::line(&words, "dialog-information-symbolic", "dimmed"));
    } else {
        look(&dialog, &column, engine, request);
    }
    dialog.present(Some(parent));
}

/// Shows what a change would do as soon as that is known. Nobody can say yes before, and who closes the question gives the
/// plan up.
pub(crate) fn look(dialog: &adw::AlertDialog, column: &gtk::Box, engine: Engine, request: Request) {
    dialog.set_response_enabled(YES, false);
    let spinner = adw::Spinner::builder().height_request(32).build();
    set_label(&spinner, &gettext("Looking at what changes…"));
    column.append(&spinner);
    let planned = relm4::spawn(async move { engine.plan(&request).await });
    let unwanted = planned.abort_handle();
    dialog.connect_closed(move |_| unwanted.abort());
    let (dialog, column) = (dialog.clone(), column.clone());
    glib::spawn_future_local(async move {
        let plan = match planned.await {
            Ok(plan) => plan,
            // The question was closed.
            Err(error) if error.is_cancelled() => return,
            Err(error) => Err(Failure::new(FailureKind::Other, "", error.to_string()).into()),
        };
        column.remove(&spinner);
        match plan {
            Ok(plan) => {
                show(&column, &plan);
                let is_something = plan.system.as_ref().is_none_or(|system| !system.nothing_to_do);
                dialog.set_response_enabled(YES, is_something);
            }
            Err(Stop::Failed(failure)) => {
                let words = format!("{} {}", sentence::failure(&failure), sentence::remedy(&failure));
                column.append(&dialogs::line(&words, "dialog-warning-symbolic", "warning"));
            }
            Err(Stop::Cancelled) => {
                dialog.close();
            }
        }
    });
}

fn question(request: &Request) -> adw::AlertDialog {
    let name = [("name", request.name.as_str())];
    let (heading, body, yes) = match request.action {
        Action::Remove => {
            let body = gettext("What came along only for it goes too. It is gone after the next restart.");
            (gettext_f("Remove “{name}” from the System?", &name), body, gettext("Remove"))
        }
        Action::Reset => {
            let body = gettext("It is as the system’s image has it after the next restart, and is updated with it.");
            (gettext_f("Bring “{name}” Back as the Image Has It?", &name), body, gettext("Bring Back"))
        }
        _ => {
            let body = gettext(
                "It is downloaded, and the computer starts it at the next restart. Your files and your apps stay as they are.",
            );
            (gettext_f("Change the System to Version {name}?", &name), body, gettext("Change"))
        }
    };
    let dialog = dialogs::question(&heading, &body, &yes);
    let is_removal = request.action == Action::Remove;
    let looks = if is_removal { adw::ResponseAppearance::Destructive } else { adw::ResponseAppearance::Suggested };
    dialog.set_response_appearance(YES, looks);
    dialog
}

fn show(column: &gtk::Box, plan: &Plan) {
    for warning in &plan.warnings {
        column.append(&dialogs::line(&sentence::warning(warning), "dialog-warning-symbolic", "warning"));
    }
    append_plan(column, plan.system.as_ref());
}

/// Adds which packages change, as far as that is known.
fn append_plan(column: &gtk::Box, plan: Option<&SystemPlan>) {
    let known = plan.filter(|plan| plan.changes_known);
    let line = match known {
        None => gettext("Which packages change is not known."),
        Some(plan) if plan.changes.is_empty() => gettext("No packages change."),
        Some(plan) => words::counts(&plan.changes),
    };
    column.append(&gtk::Label::builder().label(line).wrap(true).xalign(0.0).css_classes(["heading"]).build());
    let rows: Vec<gtk::Widget> =
        known.iter().flat_map(|plan| &plan.changes).map(|change| package_changes::row(change).upcast()).collect();
    if rows.is_empty() {
        return;
    }
    let list = boxed(&rows);
    set_label(&list, &gettext("What Changes"));
    let scrolled = gtk::ScrolledWindow::builder()
        .child(&list)
        .propagate_natural_height(true)
        .max_content_height(HEIGHT)
        .hscrollbar_policy(gtk::PolicyType::Never)
        .build();
    column.append(&scrolled);
}

/// Rows in a box of their own.
pub(crate) fn boxed(rows: &[gtk::Widget]) -> gtk::ListBox {
    let list = gtk::ListBox::builder().selection_mode(gtk::SelectionMode::None).css_classes(["boxed-list"]).build();
    for row in rows {
        list.append(row);
    }
    list
}
