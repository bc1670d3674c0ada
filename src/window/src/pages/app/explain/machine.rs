//! What an app asks of the machine.

use crate::i18n::{gettext, gettext_f};
use crate::pages::app::facts;
use crate::sentence;
use crate::widgets::sheet::{Lead, Sheet, row, signed};
use relm4::adw;
use strata_model::App;
use strata_model::relation::{Compare, Relation, Relations};

pub(super) fn sheet(app: &App) -> Sheet {
    let sheet = Sheet::new(&gettext("Made For"));
    let relations = &app.relations;
    let (icon, title) = facts::machine(relations);
    let words = if relations.fits_phone() {
        gettext("It fits small screens and can be worked with by touch.")
    } else if *relations == Relations::default() {
        gettext("It does not say what it is made for; most likely for a large screen, a keyboard and a mouse.")
    } else {
        gettext("It is not made for small screens or not for touch.")
    };
    sheet.lead(&Lead { icon, class: "accent", title: &title, words: &words });
    for (heading, relations) in [
        (gettext("It Needs"), &relations.requires),
        (gettext("It Works Best With"), &relations.recommends),
        (gettext("It Also Works With"), &relations.supports),
    ] {
        let rows: Vec<adw::ActionRow> = relations.iter().map(line).collect();
        sheet.group(&heading, &rows);
    }
    sheet
}

fn line(relation: &Relation) -> adw::ActionRow {
    let (icon, words) = match relation {
        Relation::Control { control } => self::control(control),
        Relation::Display { compare, pixels } => {
            let length = gettext_f("{n} pixels", &[("n", &pixels.to_string())]);
            ("video-display-symbolic", compared(&gettext("Shorter side of the screen"), *compare, &length))
        }
        Relation::Internet { need } => ("network-wireless-symbolic", internet(need)),
        Relation::Memory { compare, mebibytes } => {
            let size = sentence::size(mebibytes.saturating_mul(1 << 20));
            ("drive-harddisk-symbolic", compared(&gettext("Memory"), *compare, &size))
        }
    };
    signed(row(&words, ""), icon, "dimmed")
}

fn control(control: &str) -> (&'static str, String) {
    match control {
        "pointing" => ("input-mouse-symbolic", gettext("A mouse or touchpad")),
        "keyboard" => ("input-keyboard-symbolic", gettext("A keyboard")),
        "console" => ("utilities-terminal-symbolic", gettext("A terminal")),
        "touch" => ("phone-symbolic", gettext("A touch screen")),
        "gamepad" => ("input-gaming-symbolic", gettext("A game controller")),
        "tablet" => ("input-tablet-symbolic", gettext("A drawing tablet")),
        "voice" => ("audio-input-microphone-symbolic", gettext("Your voice")),
        "vision" => ("camera-web-symbolic", gettext("A camera")),
        "tv-remote" => ("video-display-symbolic", gettext("A television’s remote control")),
        other => ("applications-system-symbolic", other.chars().take(40).collect()),
    }
}

fn internet(need: &str) -> String {
    match need {
        "always" => gettext("A connection to the internet, always"),
        "first-run" => gettext("A connection to the internet when it runs for the first time"),
        "offline-only" => gettext("No connection to the internet"),
        _ => gettext("A connection to the internet"),
    }
}

fn compared(what: &str, compare: Compare, amount: &str) -> String {
    let values = [("what", what), ("amount", amount)];
    match compare {
        Compare::AtLeast => gettext_f("{what}: at least {amount}", &values),
        Compare::AtMost => gettext_f("{what}: at most {amount}", &values),
        Compare::MoreThan => gettext_f("{what}: more than {amount}", &values),
        Compare::LessThan => gettext_f("{what}: less than {amount}", &values),
        Compare::Exactly => gettext_f("{what}: exactly {amount}", &values),
        Compare::Not => gettext_f("{what}: anything but {amount}", &values),
    }
}
