//! Leaves out texts in languages that the person does not read, line by line and before the YAML is read: they are most
//! of a catalogue, and reading them is most of the time.
//!
//! Only what is certain is left out. Where a document is written in a way that is not looked through here, all of what
//! follows stays, and the parser finds out by itself.

use crate::appstream::Languages;

/// Top-level keys whose values are maps of languages.
const MAPS: [&str; 5] = ["Name", "Summary", "Description", "DeveloperName", "Keywords"];
/// Top-level keys whose values are lists in which such maps lie.
const LISTS: [&str; 2] = ["Releases", "Screenshots"];
/// The keys of such maps in those lists.
const INNER: [&str; 2] = ["description", "caption"];

/// Copies a document into `kept` without those texts.
pub(crate) fn skim(document: &str, languages: &mut Languages, kept: &mut String) {
    kept.clear();
    let mut rest = document;
    let mut in_list = false;
    while !rest.is_empty() {
        let (line, after) = first_line(rest);
        if let Some(key) = open_key(line, 0) {
            in_list = LISTS.contains(&key);
        }
        kept.push_str(line);
        rest = after;
        if opens_map(line, in_list) {
            let Some(after) = skim_map(rest, key_column(line), languages, kept) else {
                kept.push_str(rest);
                return;
            };
            rest = after;
        }
    }
}

/// Whether the values of a map of languages begin after this line.
fn opens_map(line: &str, in_list: bool) -> bool {
    match open_key(line, 0) {
        Some(key) => MAPS.contains(&key),
        None if in_list => {
            let inner = line.trim_start_matches(' ').trim_start_matches("- ").trim_end();
            inner.strip_suffix(':').is_some_and(|key| INNER.contains(&key))
        }
        None => false,
    }
}

/// Copies the entries of a map of languages, and gives what follows. `None`, and nothing copied, if one of them is odd:
/// what is odd may belong to what was left out before it.
fn skim_map<'d>(mut rest: &'d str, around: usize, languages: &mut Languages, kept: &mut String) -> Option<&'d str> {
    let own = indent(rest);
    if own <= around {
        return Some(rest);
    }
    let start = kept.len();
    while !rest.is_empty() && indent(rest) == own {
        let Some((language, end)) = entry(rest, own) else {
            kept.truncate(start);
            return None;
        };
        if languages.rank(language).is_some() {
            kept.push_str(&rest[..end]);
        }
        rest = &rest[end..];
    }
    Some(rest)
}

/// The language of the entry that begins here, and where the next one begins.
fn entry(text: &str, own: usize) -> Option<(&str, usize)> {
    let (line, _) = first_line(text);
    let (language, value) = line[own..].split_once(':')?;
    // `de:Schach` is no entry but a text.
    let is_entry = value.is_empty() || value.starts_with([' ', '\r', '\n']);
    let known = |c: char| c.is_ascii_alphanumeric() || "_@.-".contains(c);
    if !is_entry || language.is_empty() || language.starts_with('-') || !language.chars().all(known) {
        return None;
    }
    let value_at = line.len() - value.len();
    let mut end = value_end(text, value_at)?;
    let is_open = value.trim().is_empty();
    while end < text.len() {
        let line = first_line(&text[end..]).0;
        let deep = indent(line);
        // A list may stand below its key without being indented.
        let item = is_open && deep == own && line[own..].starts_with("- ");
        if item {
            end += value_end(&text[end..], own + 2)?;
        } else if deep > own || line.trim().is_empty() {
            end += line.len();
        } else if line[deep..].starts_with('\t') {
            // It may belong to the text before.
            return None;
        } else {
            break;
        }
    }
    Some((language, end))
}

/// Where the line after a value ends, which for a quoted one is not the line that it begins in. `None` for what may go
/// on in ways that are not looked through.
fn value_end(text: &str, at: usize) -> Option<usize> {
    let value = text[at..].trim_start_matches(' ');
    let begins = text.len() - value.len();
    let closed = match value.as_bytes().first() {
        Some(b'"') => begins + quoted(&value.as_bytes()[1..], b'"')? + 1,
        Some(b'\'') => begins + quoted(&value.as_bytes()[1..], b'\'')? + 1,
        Some(b'{' | b'[' | b'&' | b'*' | b'!' | b'?' | b'%' | b'@' | b'`' | b'#' | b'\t') => return None,
        _ => return Some(begins + first_line(value).0.len()),
    };
    let (tail, _) = first_line(&text[closed..]);
    tail.trim().is_empty().then_some(closed + tail.len())
}

/// How long a quoted text is, its closing quote included.
fn quoted(text: &[u8], quote: u8) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr2(quote, b'\\', &text[at..])?;
        match (quote, text[at], text.get(at + 1)) {
            (b'"', b'\\', _) | (b'\'', b'\'', Some(b'\'')) => at += 2,
            (b'\'', b'\\', _) => at += 1,
            _ => return Some(at + 1),
        }
        if at > text.len() {
            return None;
        }
    }
}

/// A key without a value in the same line, `Name:`, that is indented so far.
fn open_key(line: &str, indent: usize) -> Option<&str> {
    let key = line.get(indent..)?.trim_end().strip_suffix(':')?;
    key.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(key)
}

/// The first line, its end included, and what follows.
fn first_line(text: &str) -> (&str, &str) {
    text.split_at(memchr::memchr(b'\n', text.as_bytes()).map_or(text.len(), |end| end + 1))
}

/// Where the key of a line stands, after the dashes of lists.
fn key_column(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '-']).len()
}

fn indent(text: &str) -> usize {
    text.bytes().take_while(|&byte| byte == b' ').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skimmed(document: &str) -> String {
        let mut kept = "of the document before".to_owned();
        skim(document, &mut Languages::new(&["de".to_owned()]), &mut kept);
        kept
    }

    #[test]
    fn texts_in_other_languages_are_left_out() {
        let cases = [
            (
                "ID: a\nName:\n  fr: x\n  C: y\n  de: z\nIcon:\n  fr: 1\n",
                "ID: a\nName:\n  C: y\n  de: z\nIcon:\n  fr: 1\n",
                "plain",
            ),
            ("Summary:\n  fr: x\n    y\n\n    z\n  C: a\n", "Summary:\n  C: a\n", "over lines"),
            (
                "Description:\n  fr: >-\n    <p>a</p>\n\n    <p>b</p>\n  C: |\n    c\n",
                "Description:\n  C: |\n    c\n",
                "blocks",
            ),
            ("Name:\n  fr: \"a\\\"\n\n  de: b\"\n  C: 'c''s'\n", "Name:\n  C: 'c''s'\n", "quotes over lines"),
            (
                "Keywords:\n  fr:\n  - a\n  - 'b\n\n    c'\n  C:\n  - d\nID: e\n",
                "Keywords:\n  C:\n  - d\nID: e\n",
                "lists",
            ),
            ("Keywords:\n  fr:\n    - a\n  de:\n    - b", "Keywords:\n  de:\n    - b", "indented ones"),
            (
                "Releases:\n- version: '1'\n  description:\n    fr: a\n    C: b\n- version: '2'\n",
                "Releases:\n- version: '1'\n  description:\n    C: b\n- version: '2'\n",
                "inside of lists",
            ),
            (
                "Screenshots:\n- caption:\n    fr: a\n    C: b\n  thumbnails:\n  - url: c\n",
                "Screenshots:\n- caption:\n    C: b\n  thumbnails:\n  - url: c\n",
                "as the first key of an item",
            ),
            ("Name:\r\n  fr: x\r\n  C: y\r\n", "Name:\r\n  C: y\r\n", "lines that end in another way"),
        ];
        for (document, expected, reason) in cases {
            assert_eq!(skimmed(document), expected, "{reason}");
        }
    }

    #[test]
    fn what_is_not_certain_stays() {
        let cases = [
            ("Name:\n  fr: 'x\n  C: y\n", "an open quote"),
            ("Name:\n  fr: 'x' y\n  C: y\n", "something after a quote"),
            ("Name:\n  fr: &a x\n  C: *a\n", "an anchor"),
            ("Name:\n  fr: x\n  ? de\n  : y\n", "an odd key"),
            ("Name:\n  fr: x\n  # fr: z\n", "a comment"),
            ("Name:\n  fr:x\n  C: y\n", "no key"),
            ("Name: {fr: x, C: y}\n", "a flow"),
            ("Name:\n\tfr: x\n", "a tab"),
            ("Name:\n  C: x\n  fr: y\n\tz\n", "a tab that may go on with a text"),
            ("Screenshots:\n- caption:\n  thumbnails:\n  - url: c\n", "a key without languages"),
            ("Custom:\n  description:\n    fr: x\n", "a key of another meaning"),
            ("Name:\nfr: x\n", "nothing below"),
            ("Name:", "the end"),
            ("", "nothing"),
        ];
        for (document, reason) in cases {
            assert_eq!(skimmed(document), document, "{reason}");
        }
    }
}
