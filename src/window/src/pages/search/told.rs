//! What is said of a search: how many were found, what the words were taken for, that nothing was found.

use super::filters;
use crate::i18n::{gettext, gettext_f, ngettext_f};
use crate::widgets::state_page;
use relm4::adw;
use strata_catalogue::{Corrected, Found, MOST_COUNTED, Partly};
use strata_model::marked;

/// Most letters of what was typed that are said again.
const MOST_LETTERS: usize = 60;

/// The words, or as much of them as anybody reads.
fn short(text: &str) -> String {
    match text.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What the words were taken for, or what few apps have all of; else how many were found.
pub(super) fn found(text: &str, found: &Found) -> String {
    let text = &short(text);
    match found {
        Found { corrected: Some(Corrected { words, instead }), .. } => {
            let sentence = match instead {
                true => marked("Nothing for “{text}”. These are for “{word}”."),
                false => marked("First what “{word}” finds, then what “{text}” finds."),
            };
            gettext_f(sentence, &[("text", text), ("word", &short(words))])
        }
        Found { partly: Some(Partly { words, left_out, from }), .. } => {
            let sentence = match from {
                0 => marked("Nothing has all of “{text}”. These are for “{word}”, without “{left_out}”."),
                _ => marked("First what has all of “{text}”, then what “{word}” finds, without “{left_out}”."),
            };
            gettext_f(sentence, &[("text", text), ("word", &short(words)), ("left_out", &short(&left_out.join(" ")))])
        }
        Found { only_mentioned: true, .. } => gettext_f("Only descriptions mention “{text}”.", &[("text", text)]),
        Found { total, .. } => count(*total),
    }
}

/// How many were found, as far as search counts.
pub(super) fn count(total: usize) -> String {
    if total < MOST_COUNTED {
        ngettext_f("{n} app", "{n} apps", total, &[])
    } else {
        ngettext_f("{n} app or more", "{n} apps or more", MOST_COUNTED, &[])
    }
}

pub(super) fn nothing_found(text: &str, filtered: bool) -> adw::StatusPage {
    let title = gettext_f("Nothing Found for “{text}”", &[("text", &short(text))]);
    if filtered {
        let page = state_page::empty("edit-find-symbolic", &title, &gettext("The filters may leave out what fits."));
        return state_page::with_button(page, &gettext("Clear Filters"), filters::CLEAR);
    }
    state_page::empty("edit-find-symbolic", &title, &gettext("Try another word, or fewer of them."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_reads_a_thousand_letters() {
        assert_eq!(short("größer"), "größer");
        assert_eq!(short(&"ö".repeat(1000)), "ö".repeat(60) + "…");
    }

    #[test]
    fn a_count_is_no_more_exact_than_search_is() {
        let cases = [(1, "1 app"), (399, "399 apps"), (400, "400 apps or more"), (731, "400 apps or more")];
        for (total, expected) in cases {
            assert_eq!(count(total), expected);
        }
    }
}
