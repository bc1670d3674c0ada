//! Words as search compares them.

use std::borrow::Cow;
use std::sync::LazyLock;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Small letters without accents, anything that is no letter or digit as a space: `Gnome Düfte!` is `gnome dufte`. Letters
/// that are written in several ways are one (full width, ligatures, `ß` and `ss`), and languages of programs are words of
/// their own: `C++` is `cplusplus`, `C#` is `csharp`, `.NET` is `dotnet`.
pub(crate) fn folded(text: &str) -> String {
    let mut words = fold(text, |words, run| {
        for byte in run.bytes() {
            if byte.is_ascii_alphanumeric() {
                words.push(char::from(byte.to_ascii_lowercase()));
            } else {
                separate(words);
            }
        }
    });
    words.truncate(words.trim_end().len());
    words
}

/// A text so that what FTS5's `unicode61` makes of it is the same, word by word, as what [`folded`] makes of it. What the
/// tokenizer does by itself is left to it, which is quicker.
pub(crate) fn indexed(text: &str) -> Cow<'_, str> {
    match special(text.as_bytes()) {
        Some(_) => Cow::Owned(fold(text, String::push_str)),
        None => Cow::Borrowed(text),
    }
}

/// Folds a text, but leaves plain runs of it to `push`.
fn fold(text: &str, push: impl Fn(&mut String, &str)) -> String {
    let (mut words, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(place) = special(rest.as_bytes()) {
        push(&mut words, &rest[..place]);
        rest = &rest[place..];
        if let Some(sign) = rest.chars().next().filter(char::is_ascii) {
            match spoken(&words, rest.as_bytes()) {
                Some(word) => words.push_str(word),
                None => separate(&mut words),
            }
            rest = &rest[sign.len_utf8()..];
        }
        let mut letters = rest.chars();
        while let Some(letter) = letters.next().filter(|letter| !letter.is_ascii()) {
            push_folded(&mut words, letter);
            rest = letters.as_str();
        }
    }
    push(&mut words, rest);
    words
}

/// Where the first letter is that is not plain, or the first sign that may be spoken.
fn special(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let place = from + bytes[from..].iter().position(|&byte| SPECIAL[usize::from(byte)])?;
        if bytes[place] != b'.' || begins_net(&bytes[place..]) {
            return Some(place);
        }
        from = place + 1;
    }
}

/// A table, because every byte that is indexed is looked up.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0x80;
    while byte < 256 {
        special[byte] = true;
        byte += 1;
    }
    special[b'+' as usize] = true;
    special[b'#' as usize] = true;
    special[b'.' as usize] = true;
    special
};

/// What a sign stands for in the name of a language of programs: behind what was read of a text, at the beginning of the
/// rest.
fn spoken(before: &str, rest: &[u8]) -> Option<&'static str> {
    let mut word = before.chars().rev().take_while(|letter| letter.is_alphanumeric());
    let letters = (word.next().is_some(), word.next().is_some());
    let ends = !rest.get(1).is_some_and(u8::is_ascii_alphanumeric);
    match (rest, letters) {
        ([b'+', b'+', ..], (true, _)) => Some("plusplus"),
        // Behind longer words it is a number or a place in a page.
        ([b'#', ..], (true, false)) if ends => Some("sharp"),
        ([b'.', ..], (false, _)) => Some("dot"),
        _ => None,
    }
}

/// A folded word names a language of programs: another letter makes another language of it.
pub(crate) fn is_language(word: &str) -> bool {
    let letters = word.strip_suffix("sharp").or_else(|| word.strip_suffix("plusplus"));
    word == "dotnet" || letters.is_some_and(|letters| letters.chars().count() == 1)
}

fn begins_net(rest: &[u8]) -> bool {
    rest.get(..4).is_some_and(|begins| begins.eq_ignore_ascii_case(b".net"))
        && !rest.get(4).is_some_and(u8::is_ascii_alphanumeric)
}

fn separate(words: &mut String) {
    if !words.is_empty() && !words.ends_with(' ') {
        words.push(' ');
    }
}

/// What becomes of each letter of two bytes, if that is one letter: Latin, Greek, Cyrillic, Hebrew, Arabic. Asking Unicode's
/// tables takes ten times as long.
static COMMON: LazyLock<Vec<Option<char>>> = LazyLock::new(|| {
    let one = |c: char| {
        let mut letters = String::new();
        push_any(&mut letters, c);
        let mut letters = letters.chars();
        letters.next().filter(|_| letters.next().is_none())
    };
    ('\0'..'\u{800}').map(one).collect()
});

/// Adds a letter as [`folded`] has it.
fn push_folded(words: &mut String, c: char) {
    match c {
        '\u{4e00}'..='\u{9fff}' => words.push(c),
        '\0'..'\u{800}' => match COMMON.get(c as usize) {
            Some(Some(letter)) => words.push(*letter),
            _ => push_any(words, c),
        },
        _ => push_any(words, c),
    }
}

/// The same for any of them; one sign may be several letters.
fn push_any(words: &mut String, c: char) {
    if is_combining_mark(c) {
        return;
    }
    // Signs such as ™ stand behind words and are no part of them.
    if !c.is_alphanumeric() {
        return separate(words);
    }
    decompose_compatible(c, |part| {
        for letter in part.to_lowercase().filter(|&letter| !is_combining_mark(letter)) {
            match plain(letter) {
                Some(letters) => words.push_str(letters),
                None if letter.is_alphanumeric() => words.push(letter),
                None => separate(words),
            }
        }
    });
}

/// What people write for a letter that Unicode does not take apart.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "n",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
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

/// The inner words of names that are written as one: where each begins in the text, and its letters. `LibreOffice` holds
/// `Office`, `KMail` holds `Mail`, `IRCClient` holds `Client`.
pub(crate) fn humps(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut letters = text.char_indices().peekable();
    let (mut before, mut places) = (' ', Vec::new());
    while let Some((place, letter)) = letters.next() {
        let small_behind = letters.peek().is_some_and(|(_, next)| next.is_lowercase());
        let begins = before.is_lowercase() || (small_behind && before.is_alphanumeric());
        if letter.is_uppercase() && begins {
            places.push(place);
        }
        before = letter;
    }
    let ends = |place: usize| {
        let next = places.iter().find(|&&next| next > place).copied().unwrap_or(text.len());
        let word = text[place..next].find(|letter: char| !letter.is_alphanumeric());
        word.map_or(next, |length| place + length)
    };
    let words: Vec<_> = places.iter().map(|&place| (place, &text[place..ends(place)])).collect();
    words.into_iter()
}

/// Shortest inner word that means something, in bytes.
const LEAST_HUMP: usize = 3;

/// A name from each of its inner words on, folded.
pub(crate) fn inner_beginnings(name: &str) -> impl Iterator<Item = String> {
    humps(name).filter(|(_, word)| word.len() >= LEAST_HUMP).map(|(place, _)| folded(&name[place..]))
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
            ("C++ and g++, C++11", "cplusplus and gplusplus cplusplus 11"),
            ("a + b ++ c", "a b c"),
            ("C#, f#; #1 page#2 a#b", "csharp fsharp 1 page 2 a b"),
            (".NET or ASP.net, (.net) .network", "dotnet or asp net dotnet network"),
            ("Straße ÆØŁĐıŒþ", "strasse aeoldioeth"),
            ("Ｆｕｌｌ ｶﾞ ﬁ x² Word™ soft…", "full カ fi x2 word soft"),
            ("\u{301}", ""),
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
    fn names_that_are_written_as_one_hold_words() {
        let cases: [(&str, &[&str]); 8] = [
            ("LibreOffice Writer", &["office writer"]),
            ("KMail", &["mail"]),
            ("KeePassXC", &["passxc"]),
            ("IRCClient", &["client"]),
            ("GNOME Chess", &[]),
            ("LaTeX", &[]),
            ("iOS", &[]),
            ("ΜεγάληΛέξη", &["λεξη"]),
        ];
        for (name, expected) in cases {
            assert_eq!(inner_beginnings(name).collect::<Vec<_>>(), expected, "{name}");
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
