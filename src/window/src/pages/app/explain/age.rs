//! From which age on an app is suited, and why.

use crate::i18n::{gettext, gettext_f};
use crate::pages::app::facts;
use crate::widgets::sheet::{Lead, Sheet, row, signed, valued};
use relm4::adw;
use strata_model::App;
use strata_model::oars::minimum_age;
use strata_model::rating::{Amount, Rated, Topic, rated};

pub(super) fn sheet(app: &App) -> Sheet {
    let sheet = Sheet::new(&gettext("Age Rating"));
    let Some(age) = minimum_age(&app.content_rating) else {
        let words = gettext("Its developer has not answered what it contains.");
        let title = gettext("Not Rated");
        sheet.lead(&Lead { icon: "dialog-question-symbolic", class: "dimmed", title: &title, words: &words });
        return sheet;
    };
    let words = if age == 0 {
        gettext("By its developer’s answers there is nothing in it that children should not see.")
    } else {
        let age = age.to_string();
        gettext_f("By its developer’s answers it is suited for people of {age} years and older.", &[("age", &age)])
    };
    let title = facts::age_words(age);
    sheet.lead(&Lead { icon: "system-users-symbolic", class: "accent", title: &title, words: &words });
    let mut there: Vec<Rated> = app.content_rating.iter().filter_map(rated).collect();
    there.sort_by_key(|one| (std::cmp::Reverse(one.age), one.topic));
    let rows: Vec<adw::ActionRow> = there.iter().map(line).collect();
    sheet.group(&gettext("What It Contains"), &rows);
    let absent = Topic::ALL.into_iter().filter(|topic| there.iter().all(|one| one.topic != *topic));
    let rows: Vec<adw::ActionRow> =
        absent.map(|topic| signed(row(&gettext(topic.label()), ""), "object-select-symbolic", "success")).collect();
    sheet.group(&gettext("What It Does Not Contain"), &rows);
    sheet.note(&gettext("After the Open Age Ratings Service. The developer answers; nobody checks it."));
    sheet
}

fn line(one: &Rated) -> adw::ActionRow {
    let class = match one.amount {
        Amount::Mild => "success",
        Amount::Moderate => "warning",
        Amount::Intense => "error",
    };
    let icon = if one.amount == Amount::Mild { "dialog-information-symbolic" } else { "dialog-warning-symbolic" };
    let topic = gettext_f(
        "{topic}, from {age} years",
        &[("topic", &gettext(one.topic.label())), ("age", &one.age.to_string())],
    );
    valued(signed(row(&gettext(one.words), &topic), icon, class), &gettext(one.amount.label()), &["caption", class])
}
