//! Under which licence an app stands, and what that lets a person do.

use crate::i18n::gettext;
use crate::pages::app::facts::{self, Freedom};
use crate::widgets::sheet::{Lead, Sheet, linked, row};
use relm4::adw;
use strata_catalogue::{Licence, Terms};
use strata_model::App;

pub(super) fn sheet(app: &App) -> Sheet {
    let sheet = Sheet::new(&gettext("Licence"));
    let freedom = Freedom::of(&app.license);
    let words = match freedom {
        Freedom::Free => gettext("Everybody may use it for anything, read how it works, change it and pass it on."),
        Freedom::Special => gettext("It has terms of its own. Read them before you rely on it."),
        Freedom::Proprietary => {
            gettext("You may use it as its developer allows. Nobody else may read, change or pass it on.")
        }
        Freedom::Unknown => gettext("It does not say what you may do with it."),
    };
    let (icon, class, title) = (facts::LICENCE, freedom.class(), freedom.words());
    sheet.lead(&Lead { icon, class, title: &title, words: &words });
    let rows: Vec<adw::ActionRow> = Terms::of(&app.license).licences.iter().map(line).collect();
    sheet.group(&gettext("What It Stands Under"), &rows);
    sheet
}

fn line(licence: &Licence) -> adw::ActionRow {
    let known = if licence.name.is_empty() { gettext("Terms of its own") } else { licence.name.clone() };
    let id = if licence.id == "proprietary" { gettext("Proprietary") } else { licence.id.clone() };
    linked(row(&known, &id), &licence.url)
}
