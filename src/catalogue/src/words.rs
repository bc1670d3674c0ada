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

/// A folded text, and the same from each later word on: what a person may begin to type to mean it. In scripts that
/// write no spaces a word may begin at each letter.
pub(crate) fn beginnings(folded: &str) -> impl Iterator<Item = &str> {
    let mut after_space = false;
    let begins = folded.char_indices().skip(1).filter_map(move |(place, letter)| {
        let begins = after_space || is_written_without_spaces(letter);
        after_space = letter == ' ';
        begins.then_some(place)
    });
    std::iter::once(folded).chain(begins.map(|place| &folded[place..]))
}

/// Chinese, Japanese, Thai, Lao, Khmer, Burmese.
fn is_written_without_spaces(letter: char) -> bool {
    matches!(letter,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// A folded name written as one word, if it has several: "Wi-Fi Analyzer" is looked for as "wifi".
pub(crate) fn run_together(folded: &str) -> Option<String> {
    folded.contains(' ').then(|| folded.replace(' ', ""))
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
        assert_eq!(beginnings("国际象棋").collect::<Vec<_>>(), ["国际象棋", "际象棋", "象棋", "棋"]);
        assert_eq!(beginnings("").collect::<Vec<_>>(), [""]);
        assert_eq!(run_together("wi fi analyzer").as_deref(), Some("wifianalyzer"));
        assert_eq!(run_together("chess"), None);
    }
}
