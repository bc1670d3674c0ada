//! Misspelt words: what somebody may have meant.

use super::terms::Terms;
use super::vocabulary::Vocabulary;
use super::word::stem;
use crate::words::is_language;
use fst::Automaton;
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
        // A blank that is missing changes no letter.
        if let Some(two) = parted(words, word, told)? {
            return Ok(Some(two));
        }
        let near = nearest(words, word, mistakes(word));
        let telling = first_telling(&near, told)?;
        // Of what tells nothing, a word that hardly any app has is hardly meant.
        let likely = |near: &Nearby| near.number > MOST_MISTAKEN || is_same_letters(&near.text, word);
        Ok(telling.or_else(|| near.into_iter().find(likely).map(|near| near.text)))
    })
}

/// The same with those replaced, too, that hardly any app has, where what is one mistake away tells what apps are.
pub(super) fn doubted(words: &Vocabulary, terms: &Terms, told: &impl Told) -> rusqlite::Result<Option<Terms>> {
    terms.replaced(|word| {
        if words.sum_from(word, MOST_MISTAKEN + 1) > MOST_MISTAKEN {
            return Ok(None);
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

/// How many mistakes lie between two texts.
pub(super) fn distance(one: &str, other: &str) -> u8 {
    let near = Near::new(one, u8::MAX - 1);
    let end = other.bytes().fold(near.start(), |state, byte| near.accept(&state, byte));
    end.map_or(u8::MAX, |rows| near.distance(&rows))
}

/// The known words that are nearest to another one; among equals the same letters first, then what most apps have.
fn nearest(vocabulary: &Vocabulary, word: &str, most: Option<u8>) -> Vec<Nearby> {
    let mut near = most.map(|most| near(vocabulary, word, most)).unwrap_or_default();
    near.retain(|near| near.distance > 0);
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

/// Accepts what is at most so many changes from a word: a letter more, less, another one, or two that changed places.
/// Letters are characters, whatever the script, though the vocabulary gives them byte by byte.
struct Near {
    word: Vec<char>,
    most: u8,
}

/// Longest text that is corrected, in letters.
const MOST_LETTERS: usize = 47;

/// A row of the table of distances between the beginnings of the word and what was read so far. An array, because the
/// automaton makes one for each letter that it looks at.
type Row = [u8; MOST_LETTERS + 1];

/// How far the reading is.
#[derive(Clone, Copy)]
struct Rows {
    /// The row of the letter before the last one, which changing places needs.
    before: Row,
    now: Row,
    /// The last letter; none at the beginning.
    letter: Option<char>,
    /// The bits of a letter that is not whole yet, and how many bytes of it are missing.
    partial: u32,
    missing: u8,
}

impl Near {
    fn new(word: &str, most: u8) -> Self {
        Self { word: word.chars().collect(), most }
    }

    fn distance(&self, rows: &Rows) -> u8 {
        rows.now[self.word.len()]
    }

    /// One more letter; `None` if that is too far already.
    fn read(&self, rows: &Rows, letter: char) -> Option<Rows> {
        let mut next = [u8::MAX; MOST_LETTERS + 1];
        next[0] = rows.now[0].saturating_add(1);
        let mut least = next[0];
        for place in 0..self.word.len() {
            next[place + 1] = self.step(rows, &next, place, letter);
            least = least.min(next[place + 1]);
        }
        let hope = least <= self.most;
        hope.then_some(Rows { before: rows.now, now: next, letter: Some(letter), partial: 0, missing: 0 })
    }

    /// The distance of one more letter of the word, from its neighbours in the table.
    fn step(&self, rows: &Rows, next: &Row, place: usize, letter: char) -> u8 {
        let wanted = self.word[place];
        let changed = rows.now[place].saturating_add(u8::from(wanted != letter));
        let distance = changed.min(rows.now[place + 1].saturating_add(1)).min(next[place].saturating_add(1));
        let swapped = place > 0 && rows.letter == Some(wanted) && self.word[place - 1] == letter;
        if swapped { distance.min(rows.before[place - 1].saturating_add(1)) } else { distance }
    }
}

/// What a byte of UTF-8 adds to a letter: its bits, and how many bytes follow if it begins one.
fn bits(byte: u8) -> (u32, u8) {
    match byte {
        0..0x80 => (u32::from(byte), 0),
        0x80..0xc0 => (u32::from(byte & 0x3f), 0),
        0xc0..0xe0 => (u32::from(byte & 0x1f), 1),
        0xe0..0xf0 => (u32::from(byte & 0x0f), 2),
        0xf0.. => (u32::from(byte & 0x07), 3),
    }
}

impl Automaton for Near {
    /// `None`: too far already, whatever comes.
    type State = Option<Rows>;

    fn start(&self) -> Self::State {
        let now = std::array::from_fn(|place| u8::try_from(place).unwrap_or(u8::MAX));
        let start = Rows { before: now, now, letter: None, partial: 0, missing: 0 };
        (self.word.len() <= MOST_LETTERS).then_some(start)
    }

    fn is_match(&self, state: &Self::State) -> bool {
        state.as_ref().is_some_and(|rows| rows.missing == 0 && self.distance(rows) <= self.most)
    }

    fn can_match(&self, state: &Self::State) -> bool {
        state.is_some()
    }

    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        let rows = state.as_ref()?;
        let (bits, follow) = bits(byte);
        let (partial, missing) =
            if rows.missing == 0 { (bits, follow) } else { (rows.partial << 6 | bits, rows.missing - 1) };
        match missing {
            0 => self.read(rows, char::from_u32(partial)?),
            _ => Some(Rows { partial, missing, ..*rows }),
        }
    }
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
    fn mistakes_between_texts() {
        let cases = [
            ("photoshp", "photoshop", 1),
            ("photoshp", "photos", 2),
            ("fire fox", "firefox", 1),
            ("gmip", "gimp", 1),
            ("почда", "почта", 1),
            ("same", "same", 0),
            ("abc", "xyzxyz", 6),
        ];
        for (one, other, expected) in cases {
            assert_eq!(distance(one, other), expected, "{one} and {other}");
        }
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
