//! Command lines as people and desktop files write them: words between blanks, quotes around what has blanks in it. No
//! shell sees them, so nothing else means anything.

/// Characters for which a word is put into quotes.
const RESERVED: &str = " \t\n\r\"'\\><~|&;$*?#()`";

/// A line taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Its words without quotes.
    pub words: Vec<String>,
    /// A quote is opened and does not end: it was taken to end with the line.
    pub open: bool,
}

/// Takes a line apart. Quotes are those of GLib, which most desktops start apps by: single ones too, in which nothing is
/// escaped. <https://docs.gtk.org/glib/func.shell_parse_argv.html>
pub fn split(line: &str) -> Words {
    let mut words = Vec::new();
    let mut now: Option<String> = None;
    let mut quote = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(open), other) if open == other => quote = None,
            (None, '"' | '\'') => {
                quote = Some(character);
                now.get_or_insert_default();
            }
            (None, '\\') => {
                // A line that goes on in the next one.
                let escaped = characters.next().filter(|escaped| *escaped != '\n');
                now.get_or_insert_default().extend(escaped);
            }
            (Some('"'), '\\') => now.get_or_insert_default().push(escaped_in_quotes(&mut characters)),
            (None, ' ' | '\t' | '\n' | '\r') => words.extend(now.take()),
            (_, other) => now.get_or_insert_default().push(other),
        }
    }
    words.extend(now);
    Words { words, open: quote.is_some() }
}

/// What a backslash in double quotes and what is behind it mean: it escapes what has a meaning there, and is one before
/// all else.
fn escaped_in_quotes(characters: &mut std::str::Chars) -> char {
    let ahead = characters.clone().next().filter(|next| matches!(next, '"' | '`' | '$' | '\\' | '\n'));
    if ahead.is_some() {
        characters.next();
    }
    ahead.unwrap_or('\\')
}

/// A word in quotes where it needs them.
pub fn quote(word: &str) -> String {
    if !word.is_empty() && !word.contains(|c| RESERVED.contains(c)) {
        return word.to_owned();
    }
    let mut quoted = String::from("\"");
    for character in word.chars() {
        if matches!(character, '"' | '`' | '$' | '\\') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted.push('"');
    quoted
}

/// A line of which [`split`] makes these words.
pub fn join(words: &[String]) -> String {
    words.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_those_of_glib() {
        for (line, expected) in [
            (r"a 'b c' d", &["a", "b c", "d"][..]),
            (r#"'a "b" c'"#, &[r#"a "b" c"#]),
            (r#""it's""#, &["it's"]),
            (r"'a\b'", &[r"a\b"]),
            (r"'a\' b", &[r"a\", "b"]),
            (r#"a'b'"c"d"#, &["abcd"]),
            (r"'' x", &["", "x"]),
            (r#""a\nb""#, &[r"a\nb"]),
            (r#""a\ b""#, &[r"a\ b"]),
            (r#""\'""#, &[r"\'"]),
            (r#""\"\`\$\\""#, &[r#""`$\"#]),
            ("\"a\\\nb\"", &["a\nb"]),
            ("a\\\nb", &["ab"]),
            (r"a\nb \' \\", &["anb", "'", r"\"]),
            (r"a\ b", &["a b"]),
        ] {
            assert_eq!(
                (split(line).words, split(line).open),
                (expected.iter().map(|word| (*word).into()).collect(), false),
                "{line}"
            );
        }
        for (line, expected) in [("'a b", "a b"), (r#""a\"#, r"a\"), ("\"", "")] {
            assert_eq!(split(line), Words { words: vec![expected.to_owned()], open: true }, "{line}");
        }
    }

    #[test]
    fn what_is_put_together_is_taken_apart_the_same() {
        let words =
            ["a", "a b", "", "$HOME", "`id`", "a;b", "'", "\"", "\\", "\\n", "ü", "a=b", " ", "\r", "--x=\"y z\""];
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(split(&join(&words)), Words { words, open: false });
        assert_eq!(split("  "), Words::default());
    }
}
