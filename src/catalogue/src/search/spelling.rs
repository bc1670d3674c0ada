//! Misspelt words: what somebody may have meant.

use super::near::Near;
use super::terms::Terms;
use super::vocabulary::Vocabulary;
use super::word::stem;
use crate::words::is_language;
use std::cmp::Reverse;

/// Most names that are taken for what was meant.
const MOST_NAMES: usize = 20;
/// Most words near to one that are looked at more closely.
const MOST_NEAR: usize = 8;
/// A word that more apps have is none that somebody misspelt.
pub(super) const MOST_MISTAKEN: u64 = 2;

/// How sure it is that words are spelt right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// More apps have them than there are mistakes.
    Right,
    /// An app is called so or has them as a keyword.
    Given,
    /// An app mentions them in its summary, say.
    Doubtful,
    /// They are in descriptions at most.
    Unknown,
}

/// What is asked of words that may have been meant.
pub(super) trait Told {
    /// Whether a word tells what some app is: in its name, its keywords, or by its categories.
    fn tells(&self, word: &str) -> rusqlite::Result<bool>;
    /// Whether two words stand side by side somewhere.
    fn stand_together(&self, one: &str, other: &str) -> rusqlite::Result<bool>;
}

/// Fewest letters of each of two words that were written as one.
const FEWEST_LETTERS: usize = 3;

/// The words of a query with those replaced that nobody knows; `None` if there is nothing to replace.
pub(super) fn corrected(words: &Vocabulary, terms: &Terms, told: &impl Told) -> rusqlite::Result<Option<Terms>> {
    terms.replaced(|word| {
        let stem_is_known = || stem(word).is_some_and(|stem| words.get(stem).is_some());
        if words.sum_from(word, 1) > 0 || stem_is_known() {
            return Ok(None);
        }
        // "notepad++" is nearly "notepad"; a single letter would be another language.
        if let Some(plain) = word.strip_suffix("plusplus").filter(|plain| words.get(plain).is_some()) {
            return Ok(Some(plain.to_owned()));
        }
        // A blank that is missing changes no letter.
        if let Some(two) = parted(words, word, told)? {
            return Ok(Some(two));
        }
        let near = nearest(words, word, mistakes(word));
        let telling = first_telling(&near, told)?;
        // Of what tells nothing, a word that hardly any app has is hardly meant.
        let likely =
            |near: &Nearby| near.distance == 1 && near.number > MOST_MISTAKEN || is_same_letters(&near.text, word);
        Ok(telling.or_else(|| near.into_iter().find(likely).map(|near| near.text)))
    })
}

/// The same with those replaced, too, that hardly any app has, where what is one mistake away tells what apps are.
pub(super) fn doubted(words: &Vocabulary, terms: &Terms, told: &impl Told) -> rusqlite::Result<Option<Terms>> {
    terms.replaced(|word| {
        if words.sum_from(word, MOST_MISTAKEN + 1) > MOST_MISTAKEN {
            return Ok(None);
        }
        if let Some(two) = parted(words, word, told)? {
            return Ok(Some(two));
        }
        first_telling(&nearest(words, word, mistakes(word).map(|_| 1)), told)
    })
}

fn first_telling(near: &[Nearby], told: &impl Told) -> rusqlite::Result<Option<String>> {
    let least = near.first().map(|near| near.distance);
    for near in near.iter().filter(|near| Some(near.distance) == least) {
        if told.tells(&near.text)? {
            return Ok(Some(near.text.clone()));
        }
    }
    Ok(None)
}

/// The two known words that a word is made of, if some app has the two side by side.
fn parted(words: &Vocabulary, word: &str, told: &impl Told) -> rusqlite::Result<Option<String>> {
    let places = word.char_indices().map(|(place, _)| place).skip(FEWEST_LETTERS);
    for (one, other) in places.map(|place| word.split_at(place)) {
        let known = other.chars().count() >= FEWEST_LETTERS && words.get(one).is_some() && words.sum_from(other, 1) > 0;
        if known && told.stand_together(one, other)? {
            return Ok(Some(format!("{one} {other}")));
        }
    }
    Ok(None)
}

/// Names, and their later words, that somebody may have meant by a whole query, each with its number of mistakes; the
/// nearest first.
pub(super) fn names(names: &Vocabulary, query: &str) -> Vec<(String, u8)> {
    let Some(most) = mistakes(query) else { return Vec::new() };
    let mut found = near(names, query, most);
    // What is spelt as a name is none of its mistakes.
    found.retain(|near| near.distance > 0);
    found.sort_unstable_by_key(|near| (near.distance, !is_same_letters(&near.text, query), near.number));
    found.into_iter().take(MOST_NAMES).map(|near| (near.text, near.distance)).collect()
}

/// Those of some words that are known, with the number of apps that have each.
pub(crate) fn counted(vocabulary: &Vocabulary, words: impl IntoIterator<Item = String>) -> Vec<(u64, String)> {
    words.into_iter().filter_map(|word| Some((vocabulary.get(&word)?, word))).collect()
}

/// How many mistakes a text of this length may have; `None` for one that is too short to guess at.
fn mistakes(text: &str) -> Option<u8> {
    match text.chars().count() {
        _ if is_language(text) => None,
        0..4 => None,
        4..8 => Some(1),
        _ => Some(2),
    }
}

/// Two texts have the same letters, in another order or with blanks elsewhere: whoever hits keys in the wrong order hits
/// the right ones.
pub(super) fn is_same_letters(one: &str, other: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().filter(|letter| *letter != ' ').collect();
        letters.sort_unstable();
        letters
    };
    sorted(one) == sorted(other)
}

/// Two texts begin with the same letter, or with the same two in another order: hardly anybody mistakes the first one.
pub(super) fn begin_alike(one: &str, other: &str) -> bool {
    let first = |text: &str| text.chars().next();
    let swapped = |text: &str| text.chars().take(2).collect::<Vec<_>>();
    let reversed = |text: &str| swapped(text).into_iter().rev().collect::<Vec<_>>();
    first(one) == first(other) || swapped(one) == reversed(other)
}

/// The known words that are nearest to another one; among equals the same letters first, then what most apps have.
fn nearest(vocabulary: &Vocabulary, word: &str, most: Option<u8>) -> Vec<Nearby> {
    let mut near = most.map(|most| near(vocabulary, word, most)).unwrap_or_default();
    near.retain(|near| near.distance > 0 && begin_alike(&near.text, word));
    near.sort_by_key(|near| (near.distance, !is_same_letters(&near.text, word), Reverse(near.number)));
    near.truncate(MOST_NEAR);
    near
}

/// A known text that is near another one.
#[derive(Debug)]
struct Nearby {
    distance: u8,
    /// What the vocabulary says of it.
    number: u64,
    text: String,
}

fn near(vocabulary: &Vocabulary, text: &str, most: u8) -> Vec<Nearby> {
    let mut found = Vec::new();
    let automaton = Near::new(text, most);
    vocabulary.search(&automaton, |known, number, state| {
        if let Some(rows) = state {
            found.push(Nearby { distance: automaton.distance(&rows), number, text: known.to_owned() });
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// These words tell something, and these pairs stand together.
    struct These(fn(&str) -> bool, &'static [(&'static str, &'static str)]);

    impl Told for These {
        fn tells(&self, word: &str) -> rusqlite::Result<bool> {
            Ok((self.0)(word))
        }

        fn stand_together(&self, one: &str, other: &str) -> rusqlite::Result<bool> {
            Ok(self.1.contains(&(one, other)))
        }
    }

    /// What a word is taken for where every word tells something.
    fn meant(vocabulary: &Vocabulary, word: &str) -> Option<String> {
        let meant = corrected(vocabulary, &Terms::new(word), &These(|_| true, &[])).unwrap();
        meant.map(|meant| meant.joined())
    }

    #[test]
    fn words_that_are_known_side_by_side_were_written_as_one() {
        let words = [("box", 9), ("edit", 30), ("fire", 9), ("firefox", 3), ("not", 80), ("pad", 5), ("photo", 20)];
        let words = Vocabulary::of(words);
        let told = These(|_| true, &[("photo", "edit"), ("edit", "photo")]);
        let read = |text: &str| corrected(&words, &Terms::new(text), &told).unwrap().map(|terms| terms.joined());
        assert_eq!(read("photoedit").as_deref(), Some("photo edit"));
        assert_eq!(read("best photoedit").as_deref(), Some("best photo edit"));
        assert_eq!(read("firebox").as_deref(), Some("firefox"), "no app is a fire box");
        assert_eq!(read("notpad"), None);
    }

    #[test]
    fn a_word_that_tells_something_is_meant_before_a_common_one() {
        let words = Vocabulary::of([("fihs", 1), ("fish", 3), ("fits", 90), ("known", 3), ("quan", 1)]);
        let tells = These(|word| word == "fish", &[]);
        let fish = |text: &str| {
            let read = |terms: Option<Terms>| terms.map(|terms| terms.joined());
            let terms = Terms::new(text);
            (read(corrected(&words, &terms, &tells).unwrap()), read(doubted(&words, &terms, &tells).unwrap()))
        };
        let taken = |text: &str| Some(text.to_owned());
        assert_eq!(fish("fith"), (taken("fish"), taken("fish")));
        assert_eq!(fish("fihs"), (None, taken("fish")), "hardly any app has it");
        assert_eq!(fish("fits"), (None, None), "many apps have it");
        assert_eq!(fish("knows"), (taken("known"), None), "it tells nothing, but nothing else is near");
        assert_eq!(fish("quran"), (None, None), "of what tells nothing, hardly any app has the word that is near");
        assert_eq!(fish("known fihs"), (None, taken("known fish")));
    }

    #[test]
    fn the_nearest_word_is_meant() {
        let words = [("calculator", 20), ("calendar", 9), ("editor", 90), ("edits", 2), ("firefox", 3), ("gimp", 4)];
        let vocabulary = Vocabulary::of(words);
        let cases = [
            ("firefx", Some("firefox"), "a letter less"),
            ("fireffox", Some("firefox"), "a letter more"),
            ("firebox", Some("firefox"), "another letter"),
            ("friefox", Some("firefox"), "two that changed places count one"),
            ("gmip", Some("gimp"), "four letters are enough"),
            ("edito", None, "the beginning of a word"),
            ("editor", None, "a word"),
            ("editr", Some("editor"), "what most apps have among equals"),
            ("gip", None, "too short to guess"),
            ("firxfxx", None, "two changes are too many for seven letters"),
            ("calculatro", Some("calculator"), "but not for ten"),
            ("callculater", Some("calculator"), "two changes"),
            ("zzzzzzzzzz", None, "nothing near"),
        ];
        for (word, expected, reason) in cases {
            assert_eq!(meant(&vocabulary, word).as_deref(), expected, "{word}: {reason}");
        }
    }

    #[test]
    fn letters_are_letters_in_every_script() {
        let words = [("редактор", 9), ("почта", 5), ("ημερολόγιο", 3), ("מחשבון", 2), ("日本語", 1)];
        let mut words: Vec<_> = words.map(|(word, count)| (crate::words::folded(word), count)).to_vec();
        words.sort();
        let vocabulary = Vocabulary::of(words.iter().map(|(word, count)| (word.as_str(), *count)));
        let cases = [
            ("почт", None, "the beginning of a word"),
            ("пчта", Some("почта"), "a letter less"),
            ("почтта", Some("почта"), "a letter more"),
            ("почда", Some("почта"), "another letter"),
            ("опчта", Some("почта"), "two that changed places"),
            ("опчат", None, "twice is too much for five letters"),
            ("редатокр", Some("редактор"), "but not for eight"),
            ("מחשובן", Some("מחשבון"), "two that changed places, from right to left"),
        ];
        for (word, expected, reason) in cases {
            assert_eq!(meant(&vocabulary, word).as_deref(), expected, "{word}: {reason}");
        }
    }

    #[test]
    fn letters_in_another_order() {
        assert!(is_same_letters("texteditor", "text editor") && is_same_letters("gmip", "gimp"));
        assert!(!is_same_letters("gimp", "gimps"));
    }

    #[test]
    fn a_name_may_hold_as_many_mistakes_as_its_length_allows() {
        let cases = [
            ("abc", None),
            ("abcd", Some(1)),
            ("abcdefg", Some(1)),
            ("gnome chess", Some(2)),
            ("µhop", Some(1)),
            ("fsharp", None),
        ];
        for (text, expected) in cases {
            assert_eq!(mistakes(text), expected, "{text}");
        }
    }
}
