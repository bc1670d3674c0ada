//! The words of a query, and how FTS5 is asked for them.

use crate::words::folded;

/// Most bytes of a query that are looked at.
const MOST_BYTES: usize = 200;
/// Most words of a query.
const MOST_WORDS: usize = 10;
/// Bytes of a beginning that is looked for in descriptions too; in scripts other than Latin two letters are enough.
const LONG_ENOUGH: usize = 4;
/// Words that say nothing about an app; left out where they stand in the way.
const EMPTY_WORDS: [&str; 18] = [
    "a",
    "an",
    "and",
    "app",
    "application",
    "apps",
    "for",
    "from",
    "in",
    "my",
    "of",
    "on",
    "or",
    "program",
    "software",
    "the",
    "to",
    "with",
];

/// The words of a query, folded: letters and digits only, so none of them can be FTS5's syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Terms {
    words: Vec<String>,
}

impl Terms {
    pub(super) fn new(text: &str) -> Self {
        let end = text.floor_char_boundary(MOST_BYTES);
        let folded = folded(&text[..end]);
        Self { words: folded.split(' ').filter(|word| !word.is_empty()).take(MOST_WORDS).map(str::to_owned).collect() }
    }

    /// The same words with some of them replaced.
    pub(super) fn replaced(&self, replace: impl FnMut(&String) -> String) -> Self {
        Self { words: self.words.iter().map(replace).collect() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words as a name would have them.
    pub(super) fn joined(&self) -> String {
        self.words.join(" ")
    }

    /// A single letter: names that begin with it are all that can be meant.
    pub(super) fn is_one_letter(&self) -> bool {
        matches!(self.words.as_slice(), [word] if word.chars().count() == 1)
    }

    /// Every word, each in any field, each maybe not whole yet. Single letters beside longer words are left out:
    /// they are in every description.
    pub(super) fn strict(&self) -> String {
        let longer: Vec<String> =
            self.words.iter().filter(|word| word.chars().count() > 1).map(|w| prefix(w)).collect();
        if longer.is_empty() {
            return self.words.iter().map(|word| prefix(word)).collect::<Vec<_>>().join(" AND ");
        }
        longer.join(" AND ")
    }

    /// The same without the empty words, and with each word's stem as well; `None` if that is the same.
    pub(super) fn loose(&self) -> Option<String> {
        let telling: Vec<String> = self.telling().map(|word| with_stem(word)).collect();
        let loose = telling.join(" AND ");
        (!telling.is_empty() && loose != self.strict()).then_some(loose)
    }

    /// Any of the telling words; `None` if there is only one.
    pub(super) fn any(&self) -> Option<String> {
        let telling: Vec<String> = self.telling().map(|word| with_stem(word)).collect();
        (telling.len() > 1).then(|| telling.join(" OR "))
    }

    fn telling(&self) -> impl Iterator<Item = &String> {
        self.words.iter().filter(|word| !EMPTY_WORDS.contains(&word.as_str()))
    }
}

/// Words that begin with this one. The beginning of a word is not looked for in descriptions, which hold every
/// beginning, until it is long enough to mean something.
fn prefix(word: &str) -> String {
    if word.len() < LONG_ENOUGH {
        return format!("{{name id keywords summary developer}} : \"{word}\"*");
    }
    format!("\"{word}\"*")
}

fn with_stem(word: &str) -> String {
    match stem(word) {
        Some(stem) => format!("({} OR {})", prefix(word), prefix(stem)),
        None => prefix(word),
    }
}

/// The beginning that other forms of an English word share, if it is long enough to mean something.
fn stem(word: &str) -> Option<&str> {
    const ENDINGS: [&str; 10] = ["ations", "ation", "ings", "ing", "ers", "er", "ies", "ed", "es", "s"];
    if word.ends_with("ss") {
        return None;
    }
    let stem = ENDINGS.iter().filter_map(|ending| word.strip_suffix(ending)).find(|stem| stem.chars().count() > 3)?;
    Some(single(stem))
}

/// "running" is of "run", but "calling" of "call".
fn single(stem: &str) -> &str {
    let mut letters = stem.chars().rev();
    match (letters.next(), letters.next()) {
        (Some(a), Some(b)) if a == b && !matches!(a, 'f' | 'l' | 's' | 'z') => stem.strip_suffix(a).unwrap_or(stem),
        _ => stem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_words_and_never_syntax() {
        let cases = [
            ("Photo  Editor", "\"photo\"* AND \"editor\"*"),
            ("\"quoted\" NEAR (x*)", "\"quoted\"* AND \"near\"*"),
            ("name:x -y ^z", "\"name\"*"),
            ("gtk", "{name id keywords summary developer} : \"gtk\"*"),
            ("Éditeur", "\"editeur\"*"),
        ];
        for (text, expected) in cases {
            assert_eq!(Terms::new(text).strict(), expected, "{text:?}");
        }
        for empty in ["", "  ", "!?\"", "\u{301}"] {
            assert!(Terms::new(empty).is_empty(), "{empty:?}");
        }
        assert_eq!(Terms::new(&"long ".repeat(1_000)).words.len(), MOST_WORDS);
        assert!(Terms::new(&"ä".repeat(1_000)).joined().len() <= MOST_BYTES);
    }

    #[test]
    fn loosely_taken_words() {
        let cases = [
            ("app for editing photos", Some("(\"editing\"* OR \"edit\"*) AND (\"photos\"* OR \"photo\"*)")),
            ("chess", None),
            ("gimp", None),
            ("the", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Terms::new(text).loose().as_deref(), expected, "{text:?}");
        }
        assert_eq!(Terms::new("fooo barr").any().as_deref(), Some("\"fooo\"* OR \"barr\"*"));
        assert_eq!(Terms::new("fooo").any(), None);
    }

    #[test]
    fn stems_are_long_enough_to_mean_something() {
        let cases = [
            ("editing", Some("edit")),
            ("running", Some("run")),
            ("games", Some("game")),
            ("calling", Some("call")),
            ("king", None),
        ];
        for (word, expected) in cases {
            assert_eq!(stem(word), expected, "{word}");
        }
    }
}
