//! The words of a query, and how FTS5 is asked for them.

use super::word::{BESIDE_TEXT, TELLING, is_empty_word, is_short, prefix, root, said, stem, with_stem};
use crate::words::folded;

/// Most bytes of a query that are looked at.
const MOST_BYTES: usize = 200;
/// Most words of a query.
const MOST_WORDS: usize = 10;
/// Behind these, "to do" is no list of things to do.
const ASKING: [&str; 8] = ["how", "like", "looking", "need", "something", "want", "way", "what"];
/// The words of a query, folded: letters and digits only, so none of them can be FTS5's syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Terms {
    words: Vec<String>,
    /// The same as they were typed; several words may have been written as one.
    typed: Vec<String>,
}

impl Terms {
    pub(super) fn new(text: &str) -> Self {
        let end = text.floor_char_boundary(MOST_BYTES);
        let (mut words, mut typed) = (Vec::new(), Vec::new());
        for written in text[..end].split_whitespace() {
            for word in folded(written).split(' ').filter(|word| !word.is_empty()) {
                words.push(word.to_owned());
                typed.push(written.to_owned());
            }
        }
        words.truncate(MOST_WORDS);
        typed.truncate(MOST_WORDS);
        Self { words, typed }
    }

    /// Some of these words, by their places.
    fn some(&self, places: &[usize]) -> Self {
        let of = |all: &[String]| places.iter().filter_map(|&place| all.get(place).cloned()).collect();
        Self { words: of(&self.words), typed: of(&self.typed) }
    }

    /// The words as they were typed, each once.
    pub(super) fn shown(&self) -> Vec<String> {
        let mut shown = self.typed.clone();
        shown.dedup();
        shown
    }

    /// The same words with some of them replaced, each by one word or several; `None` if there is nothing to replace.
    pub(super) fn replaced<E>(
        &self,
        mut replace: impl FnMut(&str) -> Result<Option<String>, E>,
    ) -> Result<Option<Self>, E> {
        let (mut words, mut typed) = (Vec::new(), Vec::new());
        for (word, written) in self.words.iter().zip(&self.typed) {
            if let Some(other) = replace(word)? {
                words.extend(other.split(' ').map(str::to_owned));
                typed.extend(other.split(' ').map(str::to_owned));
            } else {
                words.push(word.clone());
                typed.push(written.clone());
            }
        }
        Ok((words != self.words).then_some(Self { words, typed }))
    }

    /// The telling words, each by itself.
    pub(super) fn each(&self) -> impl Iterator<Item = Self> {
        self.telling_places().map(|place| self.some(&[place]))
    }

    /// The same with two neighbours written as one word, for each two of them, where this is let through: "mine sweeper".
    pub(super) fn joined_pairs(&self, is_known: impl Fn(&str) -> bool) -> Vec<Self> {
        let join = |place: usize| {
            let one = format!("{}{}", self.words.get(place)?, self.words.get(place + 1)?);
            let mut all = self.clone();
            all.words.splice(place..place + 2, [one.clone()]);
            all.typed.splice(place..place + 2, [one.clone()]);
            is_known(&one).then_some(all)
        };
        (0..self.words.len()).filter_map(join).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub(super) fn count(&self) -> usize {
        self.words.len()
    }

    /// The words as a name would have them.
    pub(super) fn joined(&self) -> String {
        self.words.join(" ")
    }

    /// The same without the empty words; `None` if that is the same, or nothing.
    pub(super) fn joined_telling(&self) -> Option<String> {
        let telling: Vec<&str> = self.telling().map(String::as_str).collect();
        (!telling.is_empty() && telling.len() < self.words.len()).then(|| telling.join(" "))
    }

    /// Digits and nothing else, as versions are.
    pub(super) fn is_number(&self) -> bool {
        self.words.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// A single letter: names that begin with it are all that can be meant.
    pub(super) fn is_one_letter(&self) -> bool {
        matches!(self.words.as_slice(), [word] if word.chars().count() == 1)
    }

    /// The words as one, for names that are written as one: "fire fox". `None` for a single word.
    pub(super) fn run_together(&self) -> Option<String> {
        (self.words.len() > 1).then(|| self.words.concat())
    }

    /// Every telling word, each in any field, the last one maybe not whole yet, and none of the others of which that may
    /// be. `None` if no word tells anything: then names are all that can be meant.
    pub(super) fn strict(&self) -> Option<String> {
        let telling: Vec<&String> = self.telling().collect();
        // Single letters beside longer words are left out: they are in every description.
        let longer: Vec<&String> = telling.iter().copied().filter(|word| word.chars().count() > 1).collect();
        let words = if longer.is_empty() { telling } else { longer };
        let mut all = Vec::new();
        let mut words = words.into_iter().peekable();
        while let Some(word) = words.next() {
            match words.next_if(|next| is_short(word) && is_short(next)) {
                // "to do" is also written "todo".
                Some(next) => {
                    let joined = prefix(&format!("{word}{next}"));
                    let next = said(next, words.peek().is_none());
                    all.push(format!("(({} AND {next}) OR {joined})", said(word, false)));
                }
                None => all.push(said(word, words.peek().is_none())),
            }
        }
        (!all.is_empty()).then(|| all.join(" AND "))
    }

    /// Every word as in [`Terms::strict`], but not in descriptions.
    pub(super) fn beside_text(&self) -> Option<String> {
        Some(format!("{BESIDE_TEXT} : ({})", self.strict()?))
    }

    /// The telling words or their stems, not in descriptions.
    pub(super) fn told(&self) -> Option<String> {
        Some(format!("{BESIDE_TEXT} : ({})", self.all_anyhow()?))
    }

    /// The telling words, whole, one or many, not in descriptions.
    pub(super) fn whole(&self) -> Option<String> {
        let either = |word: &String| {
            let one = word.strip_suffix('s').unwrap_or(word);
            format!("(\"{one}\" OR \"{one}s\")")
        };
        let whole: Vec<String> = self.telling().map(either).collect();
        (!whole.is_empty()).then(|| format!("{BESIDE_TEXT} : ({})", whole.join(" AND ")))
    }

    /// The telling words in any field, whole, one or many, or in other forms.
    pub(super) fn whole_anywhere(&self) -> Option<String> {
        let whole = |word: &String| match stem(word) {
            Some(stem) => format!("(\"{word}\" OR {})", prefix(stem)),
            None => format!("(\"{word}\" OR \"{word}s\")"),
        };
        let whole: Vec<String> = self.telling().map(whole).collect();
        (!whole.is_empty()).then(|| whole.join(" AND "))
    }

    /// The same in names, keywords or categories alone: nobody puts there what is misspelt.
    pub(super) fn given(&self) -> Option<String> {
        let whole: Vec<String> = self.telling().map(|word| format!("\"{word}\"")).collect();
        (!whole.is_empty()).then(|| format!("{{name keywords role}} : ({})", whole.join(" AND ")))
    }

    /// There is only one telling word.
    pub(super) fn is_one(&self) -> bool {
        self.telling().count() == 1
    }

    /// The telling words or their stems as what an app is by its categories.
    pub(super) fn role(&self) -> Option<String> {
        let words: Vec<String> = self.telling().map(|word| format!("\"{}\"*", root(word))).collect();
        let long = self.telling().all(|word| word.chars().count() > 2);
        (!words.is_empty() && long).then(|| format!("{{role}} : ({})", words.join(" AND ")))
    }

    /// The words side by side, in whatever order, where few words say much; `None` for a single word.
    pub(super) fn together(&self) -> Option<String> {
        // Two letters begin too many words to say anything about what stands beside them.
        let long = self.telling().filter(|word| word.chars().count() > 2);
        let telling: Vec<String> = long.map(|word| format!("\"{}\"*", root(word))).collect();
        let most_between = telling.len();
        (telling.len() > 1).then(|| format!("{TELLING} : NEAR({}, {most_between})", telling.join(" ")))
    }

    /// The telling words with their stems, where an app tells what it is; `None` if no word has a stem.
    pub(super) fn forms(&self) -> Option<String> {
        let any = self.telling().any(|word| stem(word).is_some());
        let forms: Vec<String> = self.telling().map(|word| with_stem(word)).collect();
        any.then(|| format!("{TELLING} : ({})", forms.join(" AND ")))
    }

    /// Any of the words in one field.
    pub(super) fn in_field(&self, field: &str) -> String {
        let words: Vec<String> = self.words.iter().map(|word| format!("\"{}\"*", root(word))).collect();
        format!("{{{field}}} : ({})", words.join(" OR "))
    }

    /// The telling words, each or its stem anywhere; `None` if that is the same as [`Terms::strict`].
    pub(super) fn loose(&self) -> Option<String> {
        let loose = self.all_anyhow()?;
        (Some(&loose) != self.strict().as_ref()).then_some(loose)
    }

    /// The same, whatever else is the same.
    pub(super) fn all_anyhow(&self) -> Option<String> {
        let telling: Vec<String> = self.telling().map(|word| with_stem(word)).collect();
        (!telling.is_empty()).then(|| telling.join(" AND "))
    }

    /// Keeps some of the telling words: as many as pass a test together, those first that say most, and not all of them.
    /// What is kept and what is left out, both in the order of the query; `None` if there is nothing to keep or to leave
    /// out.
    pub(super) fn kept<E>(
        &self,
        mut says: impl FnMut(&Self) -> Result<f64, E>,
        mut passes: impl FnMut(&Self) -> Result<bool, E>,
    ) -> Result<Option<(Self, Vec<String>)>, E> {
        let telling: Vec<usize> = self.telling_places().collect();
        let mut places: Vec<(f64, usize)> = Vec::new();
        for &place in &telling {
            places.push((says(&self.some(&[place]))?, place));
        }
        places.sort_by(|(one, first), (other, second)| other.total_cmp(one).then(first.cmp(second)));
        let mut kept: Vec<usize> = Vec::new();
        for (_, place) in places.into_iter().filter(|(says, _)| *says > 0.0) {
            let mut more = kept.clone();
            more.push(place);
            more.sort_unstable();
            if more.len() < telling.len() && passes(&self.some(&more))? {
                kept = more;
            }
        }
        let left_out: Vec<usize> = telling.into_iter().filter(|place| !kept.contains(place)).collect();
        Ok((!kept.is_empty()).then(|| (self.some(&kept), self.some(&left_out).shown())))
    }

    fn telling(&self) -> impl Iterator<Item = &String> {
        self.telling_places().filter_map(|place| self.words.get(place))
    }

    fn telling_places(&self) -> impl Iterator<Item = usize> {
        let at = |place: usize| self.words.get(place).map(String::as_str);
        let is_telling = move |place: usize| {
            let before = place.checked_sub(1).and_then(at);
            let thing_to_do = |before: Option<&str>| before.is_none_or(|before| !ASKING.contains(&before));
            match (before, at(place), at(place + 1)) {
                (before, Some("to"), Some("do")) => thing_to_do(before),
                (Some("to"), Some("do"), _) => thing_to_do(place.checked_sub(2).and_then(at)),
                (_, word, _) => word.is_some_and(|word| !is_empty_word(word)),
            }
        };
        (0..self.words.len()).filter(move |place| is_telling(*place))
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
            ("gtk", "{name id keywords role summary developer} : \"gtk\"*"),
            ("Éditeur", "\"editeur\"*"),
            ("todo lists", "\"todo\"* AND \"list\"*"),
        ];
        for (text, expected) in cases {
            assert_eq!(Terms::new(text).strict().as_deref(), Some(expected), "{text:?}");
        }
        for empty in ["", "  ", "!?\"", "\u{301}"] {
            assert!(Terms::new(empty).is_empty(), "{empty:?}");
        }
        assert_eq!(Terms::new(&"long ".repeat(1_000)).words.len(), MOST_WORDS);
        assert!(Terms::new(&"ä".repeat(1_000)).joined().len() <= MOST_BYTES);
    }

    #[test]
    fn short_neighbours_may_be_one_word() {
        let strict = Terms::new("to do list").strict().unwrap();
        assert!(strict.contains("\"todo\"*") && strict.ends_with(" AND \"list\"*"), "{strict}");
        assert!(!Terms::new("photo list").strict().unwrap().contains("photolist"));
        assert_eq!(Terms::new("fire fox").run_together().as_deref(), Some("firefox"));
        assert_eq!(Terms::new("firefox").run_together(), None);
    }

    #[test]
    fn what_people_wrap_their_wish_in_says_nothing() {
        let telling = |text: &str| Terms::new(text).telling().cloned().collect::<Vec<_>>().join(" ");
        let cases = [
            ("something like photoshop", "photoshop"),
            ("how do I print", "print"),
            ("how to do taxes", "taxes"),
            ("to do list", "to do list"),
            ("my to do list", "to do list"),
            ("what can I use", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(telling(text), expected, "{text}");
        }
        assert_eq!(Terms::new("the").strict(), None, "only names are meant");
        assert_eq!(Terms::new("the gimp").joined_telling().as_deref(), Some("gimp"));
    }

    #[test]
    fn short_words_stand_for_long_ones() {
        let word = |text: &str| Terms::new(text).strict().unwrap();
        assert!(word("ms word").contains("\"microsoft\"*"), "{}", word("ms word"));
        assert!(word("ms word").contains(" : \"ms\" OR"), "two letters begin too much: {}", word("ms word"));
        assert!(word("vs code").contains("(\"visual\"* AND \"studio\"*)"), "{}", word("vs code"));
        assert!(word("word ms").contains("\"ms\"* OR"), "the last word may not be whole: {}", word("word ms"));
    }

    #[test]
    fn the_words_that_say_most_and_fit_together_are_kept() {
        let kept = |text: &str, known: &[&str], says: &[&str]| {
            let all_known = |some: &Terms| Ok::<_, ()>(some.words.iter().all(|word| known.contains(&word.as_str())));
            let says = |word: &Terms| Ok(if says.contains(&&*word.joined()) { 1.0 } else { 0.5 });
            let kept = Terms::new(text).kept(says, all_known).unwrap();
            kept.map(|(kept, left_out)| (kept.joined(), left_out.join(" ")))
        };
        let some = |kept: &str, left_out: &str| Some((kept.to_owned(), left_out.to_owned()));
        assert_eq!(kept("chess online", &["chess", "online"], &["chess"]), some("chess", "online"));
        assert_eq!(kept("online chess", &["chess", "online"], &["chess"]), some("chess", "online"));
        assert_eq!(kept("chessedit photos", &["photos"], &[]), some("photos", "chessedit"));
        assert_eq!(kept("one vs code", &["code", "one"], &["code"]), some("one code", "vs"));
        assert_eq!(kept("vs code", &[], &[]), None, "nothing to keep");
        assert_eq!(kept("code", &["code"], &[]), None, "nothing to leave out");
    }

    #[test]
    fn words_side_by_side() {
        let expected = "{name keywords role summary} : NEAR(\"edit\"* \"audio\"*, 2)";
        assert_eq!(Terms::new("edit the audio").together().as_deref(), Some(expected));
        assert_eq!(Terms::new("the audio").together(), None);
    }

    #[test]
    fn loosely_taken_words() {
        let cases = [
            ("app for editing photos", Some("(\"editing\"* OR \"edit\"*) AND \"photo\"*")),
            ("chess", None),
            ("gimp", None),
            ("the", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Terms::new(text).loose().as_deref(), expected, "{text:?}");
        }
        let forms = "{name keywords role summary} : ((\"editing\"* OR \"edit\"*))";
        assert_eq!(Terms::new("the editing").forms().as_deref(), Some(forms));
        assert_eq!(Terms::new("the edit").forms(), None);
    }
}
