//! Words as search compares them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Small letters without accents, anything that is no letter or digit as a space: `Gnome Düfte!` is `gnome dufte`.
/// The same as what FTS5's `unicode61 remove_diacritics 2` makes of it, word by word.
pub(crate) fn folded(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for c in text.nfd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            words.push(c);
        } else if !words.is_empty() && !words.ends_with(' ') {
            words.push(' ');
        }
    }
    words.truncate(words.trim_end().len());
    words
}

/// A folded text, and the same from each later word on: what a person may begin to type to mean it.
pub(crate) fn beginnings(folded: &str) -> impl Iterator<Item = &str> {
    std::iter::once(folded).chain(folded.match_indices(' ').map(|(space, _)| &folded[space + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded() {
        let cases = [
            ("GNOME Chess", "gnome chess"),
            ("  Décathlon—Ça!  ", "decathlon ca"),
            ("C++", "c"),
            ("ΑΘΉΝΑ", "αθηνα"),
            ("Éditeur d’images", "editeur d images"),
            ("日本語", "日本語"),
            ("!?", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(folded(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_name_begins_at_each_of_its_words() {
        let found: Vec<_> = beginnings("gnome image viewer").collect();
        assert_eq!(found, ["gnome image viewer", "image viewer", "viewer"]);
    }
}
