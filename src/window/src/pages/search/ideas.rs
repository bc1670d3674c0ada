//! Words to begin with, for whoever has none: only those that find something.

use crate::i18n::{gettext, gettext_f};
use crate::widgets::{set_label, text_button};
use relm4::adw;
use relm4::gtk::prelude::*;
use strata_catalogue::{Catalogue, CatalogueError, Query};
use strata_model::marked;

/// What people look for, in the order of the chips.
const WORDS: [&str; 18] = [
    marked("Photos"),
    marked("Music"),
    marked("Video"),
    marked("Drawing"),
    marked("Notes"),
    marked("Writing"),
    marked("Calendar"),
    marked("Chat"),
    marked("Mail"),
    marked("Chess"),
    marked("Puzzle"),
    marked("Maps"),
    marked("Weather"),
    marked("Languages"),
    marked("Stars"),
    marked("Code"),
    marked("Passwords"),
    marked("Backup"),
];
/// Most chips: two or three lines of them.
const MOST: usize = 12;

/// The words that find an app here, in the person's language.
pub(super) fn read(catalogue: &Catalogue) -> Result<Vec<String>, CatalogueError> {
    let mut found = Vec::new();
    for word in WORDS {
        let word = gettext(word);
        let known = catalogue.search(&Query { limit: 1, ..Query::new(word.as_str()) })?;
        // What it was taken for is another word.
        if !known.apps.is_empty() && known.corrected.is_none() && known.partly.is_none() {
            found.push(word);
        }
        if found.len() == MOST {
            break;
        }
    }
    Ok(found)
}

/// Room for the chips.
pub(super) fn room() -> adw::WrapBox {
    let room = adw::WrapBox::builder().child_spacing(9).line_spacing(9).align(0.5).visible(false).build();
    set_label(&room, &gettext("Ideas"));
    room
}

/// Shows a chip for each word.
pub(super) fn show(room: &adw::WrapBox, words: &[String]) {
    while let Some(old) = room.first_child() {
        room.remove(&old);
    }
    for word in words {
        let chip = text_button(word, &gettext_f("Search for {word}", &[("word", word)]));
        chip.add_css_class("chip");
        chip.set_action_target_value(Some(&word.to_variant()));
        chip.set_action_name(Some("win.search-for"));
        room.append(&chip);
    }
    room.set_visible(!words.is_empty());
}
