//! The questions before the system goes back: what is in its way, what changes, the restart.

use crate::i18n::{gettext, gettext_f};
use crate::sentence::{self, system as words};
use crate::widgets::dialogs;
use crate::widgets::system_plan::{self, boxed};
use crate::window::{Msg, SystemMsg};
use relm4::adw::prelude::*;
use relm4::{Sender, adw, gtk};
use strata_client::Engine;
use strata_model::deployment::Deployment;
use strata_model::{Action, Request};

/// Asks whether to go back to this version, with what changes as soon as that is known; on yes says so, and whether newer ones are to be held back.
pub(crate) fn ask(
    parent: &adw::ApplicationWindow,
    engine: Engine,
    target: &Deployment,
    is_held: bool,
    sender: &Sender<Msg>,
) {
    let version = words::version(target);
    let heading = gettext_f("Go Back to Version {version}?", &[("version", &version)]);
    let dialog = dialogs::question(&heading, &body(target), &gettext("Roll Back"));
    dialog.set_response_appearance("yes", adw::ResponseAppearance::Suggested);
    let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
    let changes = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
    column.append(&changes);
    let hold = adw::SwitchRow::builder()
        .title(gettext("Hold System Updates"))
        .subtitle(gettext("So that the newer version does not come back tomorrow; until you release them"))
        .build();
    if !is_held && !target.booted {
        column.append(&boxed(std::slice::from_ref(hold.upcast_ref())));
    }
    dialog.set_extra_child(Some(&column));
    let sender = sender.clone();
    dialog.connect_response(Some("yes"), move |_, _| {
        sender.emit(Msg::System(SystemMsg::RollBackNow(hold.is_active())));
    });
    system_plan::look(&dialog, &changes, engine, Request::system(Action::RollBack, ""));
    dialog.present(Some(parent));
}

fn body(target: &Deployment) -> String {
    let day = sentence::day(target.timestamp);
    let made = if day.is_empty() { String::new() } else { gettext_f("It was made on {day}.", &[("day", &day)]) };
    let when = gettext("The computer starts it at the next restart. Your files and your apps stay as they are.");
    [made, when].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Says that something is staged, without which the way back is not free; on yes it is discarded first.
pub(crate) fn ask_discarding(parent: &adw::ApplicationWindow, staged: &Deployment, sender: &Sender<Msg>) {
    let body = gettext_f(
        "Version {version} waits for the next restart. Going back is possible once it is discarded; it can be downloaded again.",
        &[("version", &words::version(staged))],
    );
    let heading = gettext("Discard What Waits for the Restart?");
    let dialog = dialogs::warning(&heading, &body, &gettext("Discard and Go On"));
    let sender = sender.clone();
    dialog.connect_response(Some("yes"), move |_, _| sender.emit(Msg::System(SystemMsg::DiscardAndRollBack)));
    dialog.present(Some(parent));
}

/// Says that it goes back at the next restart, and offers that.
pub(crate) fn offer_restart(parent: &adw::ApplicationWindow, sender: &Sender<Msg>) {
    let heading = gettext("Restart Now?");
    let body = gettext("The other version of the system is there after the next restart.");
    let dialog = adw::AlertDialog::new(Some(&heading), Some(&body));
    dialog.add_responses(&[("later", &gettext("Later")), ("restart", &gettext("Restart"))]);
    dialog.set_close_response("later");
    dialog.set_response_appearance("restart", adw::ResponseAppearance::Suggested);
    let sender = sender.clone();
    dialog.connect_response(Some("restart"), move |_, _| sender.emit(Msg::System(SystemMsg::Restart)));
    dialog.present(Some(parent));
}
