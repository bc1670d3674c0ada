//! Text of strangers: folded, and never longer than what a page can show.

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

/// White space folded to single spaces and cut away at both ends, control characters dropped, cut to `room` bytes.
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
    for c in word.chars().filter(|&c| !is_hidden(c)) {
        if text.len() + c.len_utf8() > room {
            return false;
        }
        text.push(c);
    }
    true
}

/// Control characters, and those that turn the direction of what comes after them: a name could reach out of its row.
fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

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
            ("C\u{200e} ו־Java", "C\u{200e} ו־Java", "a mark reaches no further than its neighbours"),
        ];
        for (raw, expected, reason) in cases {
            assert_eq!(folded(raw, NAME), expected, "{reason}");
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
