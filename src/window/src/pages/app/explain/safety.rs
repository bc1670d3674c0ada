//! What an app may do, the gravest first, and who it comes from.

use super::Known;
use crate::i18n::{gettext, gettext_f};
use crate::pages::app::facts;
use crate::sentence::permission::{self, Explained};
use crate::widgets::dialogs::mark;
use crate::widgets::sheet::{Lead, Sheet, row, signed, valued};
use relm4::adw;
use strata_catalogue::Terms;
use strata_model::Severity;

pub(super) fn sheet(known: &Known<'_>) -> Sheet {
    let sheet = Sheet::new(&gettext("Safety"));
    let Some(may) = known.plan.map(facts::permissions) else {
        let words = gettext("What it may do is said by the place it comes from, which has not answered.");
        let title = gettext("Not Known Yet");
        sheet.lead(&Lead { icon: "dialog-question-symbolic", class: "dimmed", title: &title, words: &words });
        sheet.group(&gettext("Who It Comes From"), &trust(known));
        return sheet;
    };
    let worst = permission::worst(may);
    let (_, class) = mark(worst);
    let (title, words) = (permission::verdict(worst), in_a_sentence(worst));
    sheet.lead(&Lead { icon: facts::shield(worst), class, title: &title, words: &words });
    let all = permission::explained(may);
    for severity in Severity::GRAVEST_FIRST {
        let rows: Vec<adw::ActionRow> = all.iter().filter(|one| one.severity == severity).map(line).collect();
        sheet.group(&heading(severity), &rows);
    }
    sheet.group(&gettext("Who It Comes From"), &trust(known));
    sheet
}

fn in_a_sentence(worst: Severity) -> String {
    match worst {
        Severity::None => gettext("It reaches nothing outside of its own sandbox."),
        Severity::Low => gettext("It reaches little outside of its own sandbox."),
        Severity::Medium => gettext("It reaches some of your things. Get it if you trust its developer."),
        Severity::High => {
            gettext("It could do almost anything that you can do. Get it only if you trust its developer.")
        }
    }
}

fn heading(severity: Severity) -> String {
    match severity {
        Severity::None => gettext("Ordinary for Every App"),
        other => permission::risk(other),
    }
}

fn line(one: &Explained) -> adw::ActionRow {
    let (icon, class) = mark(one.severity);
    let row = signed(row(&one.words, &one.explanation), icon, class);
    valued(row, &permission::risk(one.severity), &["caption", class])
}

fn trust(known: &Known<'_>) -> Vec<adw::ActionRow> {
    let app = known.app;
    let verified = if known.offer.map_or(app.head.verified, |offer| offer.verified) {
        let words = if app.verified_by.is_empty() {
            gettext("It was checked that it comes from its own developer.")
        } else {
            gettext_f("Verified by {who}", &[("who", &app.verified_by)])
        };
        signed(row(&gettext("Verified"), &words), "strata-verified-symbolic", "verified")
    } else {
        let words = gettext("Nobody has checked that it comes from its own developer.");
        signed(row(&gettext("Not Verified"), &words), "dialog-question-symbolic", "dimmed")
    };
    let free = if Terms::of(&app.license).free {
        let words = gettext("Everybody can read how it works, and experts do.");
        signed(row(&gettext("Its Code Is Public"), &words), "object-select-symbolic", "success")
    } else {
        let words = gettext("Only its developer knows how it works.");
        signed(row(&gettext("Its Code May Not Be Public"), &words), "dialog-question-symbolic", "dimmed")
    };
    vec![verified, free]
}
