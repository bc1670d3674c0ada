//! One word of a query, and how FTS5 is asked for it.

/// Bytes of a beginning that is looked for in descriptions too; in scripts other than Latin two letters are enough.
const LONG_ENOUGH: usize = 4;
/// Where an app tells what it is.
pub(super) const TELLING: &str = "{name keywords role summary}";
/// Everywhere but in descriptions.
pub(super) const BESIDE_TEXT: &str = "{name id keywords role summary developer}";
/// Words that say nothing about an app: articles and the like, and what people wrap their wish in. They count in names
/// only.
const EMPTY_WORDS: [&str; 52] = [
    "a",
    "alternative",
    "an",
    "and",
    "any",
    "app",
    "application",
    "apps",
    "are",
    "best",
    "can",
    "could",
    "do",
    "does",
    "for",
    "from",
    "good",
    "how",
    "i",
    "in",
    "is",
    "it",
    "like",
    "linux",
    "looking",
    "me",
    "my",
    "need",
    "of",
    "on",
    "or",
    "please",
    "program",
    "programs",
    "similar",
    "software",
    "some",
    "something",
    "that",
    "the",
    "this",
    "to",
    "use",
    "using",
    "want",
    "way",
    "what",
    "where",
    "which",
    "with",
    "you",
    "your",
];
/// What people write short or in the British way, and apps do not.
const SHORT_FOR: [(&str, &[&str]); 9] = [
    ("colour", &["color"]),
    ("docs", &["documents"]),
    ("grey", &["gray"]),
    ("modelling", &["modeling"]),
    ("ms", &["microsoft"]),
    ("pics", &["pictures"]),
    ("tv", &["television"]),
    ("vids", &["videos"]),
    ("vs", &["visual", "studio"]),
];

/// A word as it was typed or, if it is short for another one, as that one. Of the last one that may be the beginning; of
/// the others it is not where they are so short that they begin everything.
pub(super) fn said(word: &str, last: bool) -> String {
    let typed = match word.len() {
        ..=2 if !last => format!("{BESIDE_TEXT} : \"{word}\""),
        3 if !last => format!("{BESIDE_TEXT} : (\"{word}\" OR \"{word}s\")"),
        _ => prefix(singular(word)),
    };
    match SHORT_FOR.iter().find(|(short, _)| *short == word) {
        Some((_, long)) => {
            let long: Vec<String> = long.iter().map(|word| with_stem(word)).collect();
            format!("({typed} OR ({}))", long.join(" AND "))
        }
        None => typed,
    }
}

/// A plural's singular, which begins what the plural begins: of "edit videos", who says "videos" is not meant rather than
/// who says "video". Other words as they are.
fn singular(word: &str) -> &str {
    let one = word.strip_suffix('s').filter(|one| one.chars().count() > 3 && !one.ends_with(['i', 's', 'u']));
    one.unwrap_or(word)
}

/// Words that begin with this one. A single Latin letter begins every other word, so it stands for itself. The beginning of
/// a word is not looked for in descriptions, which hold every beginning, until it is long enough to mean something.
pub(super) fn prefix(word: &str) -> String {
    if word.len() == 1 {
        return format!("\"{word}\"");
    }
    if word.len() < LONG_ENOUGH {
        return format!("{BESIDE_TEXT} : \"{word}\"*");
    }
    format!("\"{word}\"*")
}

/// A whole word where it tells what an app is.
pub(super) fn telling(word: &str) -> String {
    format!("{{name keywords role}} : \"{word}\"")
}

/// Two words side by side, the second one maybe in another form.
pub(super) fn side_by_side(one: &str, other: &str) -> String {
    format!("\"{one} {}\"*", root(other))
}

/// It says nothing about an app.
pub(crate) fn is_empty_word(word: &str) -> bool {
    EMPTY_WORDS.contains(&word)
}

/// Too short to mean much by itself.
pub(super) fn is_short(word: &str) -> bool {
    word.chars().count() <= 3 && word.chars().all(char::is_alphabetic)
}

/// The stem, or the word itself if it has none.
pub(crate) fn root(word: &str) -> &str {
    stem(word).unwrap_or(word)
}

/// A word in any of its forms; the one that was typed says more than the others.
pub(super) fn with_stem(word: &str) -> String {
    let typed = prefix(singular(word));
    match stem(word).map(prefix) {
        Some(others) if others != typed => format!("({typed} OR {others})"),
        _ => typed,
    }
}

/// The beginning that other forms of an English word share, if it is long enough to mean something.
pub(super) fn stem(word: &str) -> Option<&str> {
    const ENDINGS: [&str; 10] = ["ations", "ation", "ings", "ing", "ers", "er", "ies", "ed", "es", "s"];
    if word.ends_with("ss") {
        return None;
    }
    // Who edits is an editor; a tutor or an author is nobody who does.
    let actor = word.strip_suffix("ors").or_else(|| word.strip_suffix("or")).filter(|stem| stem.ends_with('t'));
    let plain = ENDINGS.iter().filter_map(|ending| word.strip_suffix(ending));
    let stem = actor.into_iter().chain(plain).find(|stem| stem.chars().count() > 3)?;
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
    fn stems_are_long_enough_to_mean_something() {
        let cases = [
            ("editing", Some("edit")),
            ("running", Some("run")),
            ("games", Some("game")),
            ("calling", Some("call")),
            ("king", None),
            ("editor", Some("edit")),
            ("editors", Some("edit")),
            ("player", Some("play")),
            ("author", None),
            ("mirror", None),
        ];
        for (word, expected) in cases {
            assert_eq!(stem(word), expected, "{word}");
        }
    }
}
