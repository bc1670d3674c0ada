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

    /// The same words with some of them replaced; `None` if there is nothing to replace.
    pub(super) fn replaced<E>(
        &self,
        mut replace: impl FnMut(&str) -> Result<Option<String>, E>,
    ) -> Result<Option<Self>, E> {
        let mut words = self.words.clone();
        for word in &mut words {
            if let Some(other) = replace(word)? {
                *word = other;
            }
        }
        Ok((words != self.words).then_some(Self { words }))
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

    /// The words as one, for names that are written as one: "fire fox". `None` for a single word.
    pub(super) fn run_together(&self) -> Option<String> {
        (self.words.len() > 1).then(|| self.words.concat())
    }

    /// Every word, each in any field, each maybe not whole yet. Single letters beside longer words are left out:
    /// they are in every description.
    pub(super) fn strict(&self) -> String {
        let longer: Vec<&String> = self.words.iter().filter(|word| word.chars().count() > 1).collect();
        let words = if longer.is_empty() { self.words.iter().collect() } else { longer };
        let mut all = Vec::new();
        let mut words = words.into_iter().peekable();
        while let Some(word) = words.next() {
            match words.next_if(|next| is_short(word) && is_short(next)) {
                // "to do" is also written "todo".
                Some(next) => {
                    let joined = prefix(&format!("{word}{next}"));
                    all.push(format!("(({} AND {}) OR {joined})", prefix(word), prefix(next)));
                }
                None => all.push(prefix(word)),
            }
        }
        all.join(" AND ")
    }

    /// Every word as in [`Terms::strict`], but not in descriptions.
    pub(super) fn beside_text(&self) -> String {
        format!("{{name id keywords summary developer}} : ({})", self.strict())
    }

    /// The words side by side, in whatever order, where few words say much; `None` for a single word.
    pub(super) fn together(&self) -> Option<String> {
        // Two letters begin too many words to say anything about what stands beside them.
        let long = self.telling().filter(|word| word.chars().count() > 2);
        let telling: Vec<String> = long.map(|word| format!("\"{}\"*", root(word))).collect();
        let most_between = telling.len();
        (telling.len() > 1).then(|| format!("{{name keywords summary}} : NEAR({}, {most_between})", telling.join(" ")))
    }

    /// The telling words with their stems, where an app tells what it is; `None` if no word has a stem.
    pub(super) fn forms(&self) -> Option<String> {
        let any = self.telling().any(|word| stem(word).is_some());
        let forms: Vec<String> = self.telling().map(|word| with_stem(word)).collect();
        any.then(|| format!("{{name keywords summary}} : ({})", forms.join(" AND ")))
    }

    /// Any of the words in one field.
    pub(super) fn in_field(&self, field: &str) -> String {
        let words: Vec<String> = self.words.iter().map(|word| format!("\"{}\"*", root(word))).collect();
        format!("{{{field}}} : ({})", words.join(" OR "))
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
        self.words.iter().filter(|word| !is_empty_word(word))
    }
}

/// Words that begin with this one. A single Latin letter begins every other word, so it stands for itself. The beginning of a word is not looked for in descriptions, which hold every
/// beginning, until it is long enough to mean something.
fn prefix(word: &str) -> String {
    if word.len() == 1 {
        return format!("\"{word}\"");
    }
    if word.len() < LONG_ENOUGH {
        return format!("{{name id keywords summary developer}} : \"{word}\"*");
    }
    format!("\"{word}\"*")
}

/// A whole word where it tells what an app is.
pub(super) fn telling(word: &str) -> String {
    format!("{{name keywords}} : \"{word}\"")
}

/// It says nothing about an app.
pub(crate) fn is_empty_word(word: &str) -> bool {
    EMPTY_WORDS.contains(&word)
}

/// Too short to mean much by itself.
fn is_short(word: &str) -> bool {
    word.chars().count() <= 3 && word.chars().all(char::is_alphabetic)
}

/// The stem, or the word itself if it has none.
fn root(word: &str) -> &str {
    stem(word).unwrap_or(word)
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
            ("todo lists", "\"todo\"* AND \"lists\"*"),
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
    fn short_neighbours_may_be_one_word() {
        let strict = Terms::new("to do list").strict();
        assert!(strict.contains("\"todo\"*") && strict.ends_with(" AND \"list\"*"), "{strict}");
        assert!(!Terms::new("photo list").strict().contains("photolist"));
        assert_eq!(Terms::new("fire fox").run_together().as_deref(), Some("firefox"));
        assert_eq!(Terms::new("firefox").run_together(), None);
    }

    #[test]
    fn words_side_by_side() {
        let expected = "{name keywords summary} : NEAR(\"edit\"* \"audio\"*, 2)";
        assert_eq!(Terms::new("edit the audio").together().as_deref(), Some(expected));
        assert_eq!(Terms::new("the audio").together(), None);
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
        let forms = "{name keywords summary} : ((\"editing\"* OR \"edit\"*))";
        assert_eq!(Terms::new("the editing").forms().as_deref(), Some(forms));
        assert_eq!(Terms::new("the edit").forms(), None);
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
