//! Text of strangers: folded, and never longer than what a page can show.

use icu_properties::props::{BidiControl, DefaultIgnorableCodePoint, GeneralCategory, JoinControl, VariationSelector};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Room for a name, a developer, a caption.
pub(crate) const NAME: usize = 200;
/// Room for a summary.
pub(crate) const SUMMARY: usize = 500;
/// Room for an address.
pub(crate) const URL: usize = 2_048;
/// Room for a word: a category, a keyword, a file type.
pub(crate) const WORD: usize = 120;
/// Room for one paragraph.
pub(crate) const PARAGRAPH: usize = 8_000;

/// White space folded to single spaces and cut away at both ends, what shows nothing dropped, cut to `room` bytes.
pub(crate) fn folded(raw: &str, room: usize) -> String {
    let mut text = String::with_capacity(raw.len().min(room));
    push_folded(&mut text, raw, room);
    text.truncate(text.trim_end().len());
    text
}

/// The same, added to what is there. A space at the end stays, for what follows.
pub(crate) fn push_folded(text: &mut String, raw: &str, room: usize) {
    if is_folded(raw) && text.len() + raw.len() <= room {
        text.push_str(raw);
    } else if raw.is_ascii() {
        // Most text is, and is told apart from white space much more quickly.
        push_words(text, raw, raw.split_ascii_whitespace(), room);
    } else {
        push_words(text, raw, raw.split_whitespace(), room);
    }
}

/// Letters, digits and signs of ASCII with single spaces between them, none at the beginning or the end: nothing is left
/// to be done. Without an early end, so that it is seen of many bytes at once.
fn is_folded(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let other = bytes.iter().fold(0, |seen, byte| seen | u8::from(!matches!(byte, b' '..=b'~')));
    let double = pairs.fold(0, |seen, (&one, &next)| seen | u8::from((one | next) == b' '));
    other | double == 0 && !raw.starts_with(' ') && !raw.ends_with(' ')
}

fn push_words<'a>(text: &mut String, raw: &str, words: impl Iterator<Item = &'a str>, room: usize) {
    let mut space = raw.starts_with(char::is_whitespace);
    for word in words {
        if space && !text.is_empty() && !text.ends_with(' ') && text.len() < room {
            text.push(' ');
        }
        space = true;
        if !push_visible(text, word, room) {
            return;
        }
    }
    let open = raw.ends_with(char::is_whitespace) && !text.is_empty() && !text.ends_with(' ');
    if open && text.len() < room {
        text.push(' ');
    }
}

/// `false` if there was no room for all of it.
fn push_visible(text: &mut String, word: &str, room: usize) -> bool {
    let fits = text.len() + word.len() <= room;
    if fits && word.bytes().all(|byte| byte.is_ascii_graphic()) {
        text.push_str(word);
        return true;
    }
    for c in word.chars() {
        if is_hidden(c) && !belongs_to(text, c) {
            continue;
        }
        if text.len() + c.len_utf8() > room {
            return false;
        }
        text.push(c);
    }
    true
}

/// Characters that show nothing, by which one name could look like another, and those that turn the direction of what
/// comes after them: a name could reach out of its row.
fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_control();
    }
    c.is_control()
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        || CodePointSetData::new::<BidiControl>().contains(c)
        // Borders of annotations, which nobody draws.
        || matches!(c, '\u{fff9}'..='\u{fffb}')
}

/// What decides how the character before it is written, at the end of a text: a joiner, as Persian, Hindi and emoji have
/// them, or another form of it. Letters of ASCII have no others.
fn belongs_to(text: &str, c: char) -> bool {
    let Some(before) = text.chars().next_back().filter(|before| !before.is_ascii()) else { return false };
    let (joins, forms) = (CodePointSetData::new::<JoinControl>(), CodePointSetData::new::<VariationSelector>());
    let after_form = joins.contains(c) && forms.contains(before);
    after_form || !is_hidden(before) && (joins.contains(c) || forms.contains(c))
}

/// Whether anything of a text can be seen.
pub(crate) fn is_visible(text: &str) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new();
    let shows = |c: char| {
        use GeneralCategory::{Format, Unassigned};
        !c.is_whitespace() && !is_hidden(c) && !matches!(category.get(c), Format | Unassigned) && c != BLANK
    };
    text.bytes().any(|byte| byte.is_ascii_graphic()) || text.chars().any(shows)
}

/// A pattern of Braille without a point: no white space by its properties, and nothing to be seen.
const BLANK: char = '\u{2800}';

/// An address that a browser or a download may be given, else nothing. Relative ones are taken from `base`.
pub(crate) fn address(raw: &str, base: Option<&str>) -> Option<String> {
    let raw = raw.trim();
    let whole = match base {
        Some(base) if !raw.contains("://") && !raw.is_empty() => {
            format!("{}/{}", base.trim_end_matches('/'), raw.trim_start_matches('/'))
        }
        _ => raw.to_owned(),
    };
    let known = whole.starts_with("https://") || whole.starts_with("http://");
    let clean = if whole.is_ascii() {
        whole.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'"'))
    } else {
        !whole.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"'))
    };
    (known && clean && whole.len() <= URL).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_folded_and_bounded() {
        let cases = [
            ("  a \n\t b  ", 10, "a b"),
            ("a\u{0}b\u{202e}c", 10, "abc"),
            ("<b>bold</b> &", 20, "<b>bold</b> &"),
            ("äöü", 5, "äö"),
            ("one two", 4, "one"),
            ("one two", 7, "one two"),
            ("one  two", 10, "one two"),
            (" one two", 10, "one two"),
            ("one two ", 10, "one two"),
            ("one\ttwo\u{7f}", 10, "one two"),
        ];
        for (raw, room, expected) in cases {
            assert_eq!(folded(raw, room), expected, "{raw:?}");
        }
    }

    #[test]
    fn other_scripts_keep_their_letters_and_turn_nothing_around_them() {
        let cases = [
            ("  شطرنج\u{a0}جنوم ", "شطرنج جنوم", "Arabic, a space that does not break"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم", "Persian writes words apart without a space"),
            ("\u{202b}שחמט\u{202c}", "שחמט", "an embedding is taken out, its letters stay"),
            ("שחמט\u{202e}exe", "שחמטexe", "an override"),
            ("\u{2067}فارسی\u{2069} (1)", "فارسی (1)", "an isolate"),
            ("שָׁלוֹם", "שָׁלוֹם", "points belong to their letters"),
            ("C\u{200e} ו־Java", "C ו־Java", "a mark that only turns its neighbours"),
            ("क्\u{200d}ष", "क्\u{200d}ष", "Hindi joins"),
            ("👩\u{200d}💻 ❤\u{fe0f}\u{200d}🔥", "👩\u{200d}💻 ❤\u{fe0f}\u{200d}🔥", "emoji of several"),
            ("Fire\u{200c}fox\u{200d}", "Firefox", "ASCII has nothing to be joined"),
            ("می\u{200c}\u{200c}\u{200d}خ", "می\u{200c}خ", "one joiner is enough"),
            ("F\u{200b}i\u{ad}r\u{2060}e\u{e0066}fo\u{115f}x", "Firefox", "another name that looks the same"),
            ("a\u{fff9}b\u{fffa}c\u{fffb}", "abc", "annotations"),
            ("GIMP\u{fe0f}", "GIMP", "there is no other form of it"),
        ];
        for (raw, expected, reason) in cases {
            assert_eq!(folded(raw, NAME), expected, "{reason}");
        }
    }

    #[test]
    fn what_shows_nothing_is_not_visible() {
        let invisible = [
            "",
            " \u{a0}\u{3000}",
            "\u{200b}",
            "\u{3164}\u{ffa0}",
            "\u{e0001}\u{e0041}",
            "\u{fff9}\u{fffb}",
            "\u{2800}",
            "\u{ad}",
            "\u{200e}\u{2066}",
            "\u{600}",
            "\u{378}\u{e0fff}",
            "\u{180b}\u{fe0f}",
            "\u{200d}",
        ];
        for text in invisible {
            assert!(!is_visible(text) && !is_visible(&folded(text, NAME)), "{text:?}");
        }
        for text in ["-", "日", "\u{200b}a", "👻", "\u{3164}x", "ü", "\u{2801}"] {
            assert!(is_visible(text) && is_visible(&folded(text, NAME)), "{text:?}");
        }
    }

    #[test]
    fn addresses_are_of_the_web_or_nothing() {
        let base = Some("https://dl.example.org/media/");
        let cases = [
            ("https://example.org/a.png", None, Some("https://example.org/a.png")),
            ("a/b.png", base, Some("https://dl.example.org/media/a/b.png")),
            ("a/b.png", None, None),
            ("file:///etc/passwd", base, None),
            ("javascript:alert(1)", None, None),
            ("https://example.org/\"onload=", None, None),
        ];
        for (raw, base, expected) in cases {
            assert_eq!(address(raw, base).as_deref(), expected, "{raw:?}");
        }
        assert_eq!(address(&format!("https://e.org/{}", "x".repeat(URL)), None), None);
    }
}
