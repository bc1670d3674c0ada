//! Patterns of ids, in which `*` stands for any text.

use std::collections::HashMap;

/// Whether a text fits a pattern as a whole.
pub fn fits(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut left) = text.strip_prefix(first) else { return false };
    let Some((middle, last)) = rest.rsplit_once('*').or(Some(("", rest))) else { return false };
    for piece in middle.split('*') {
        let Some(found) = left.find(piece) else { return false };
        left = &left[found + piece.len()..];
    }
    left.ends_with(last)
}

/// Patterns with their places, by what is behind their last star.
type ByEnd<'a> = HashMap<&'a str, Vec<(usize, &'a str)>>;

/// Many patterns, asked about all at once: however many there are, only those are looked at that begin and end as the text
/// does.
#[derive(Debug, Default)]
pub struct Patterns<'a> {
    /// Without a star, with their places.
    plain: HashMap<&'a str, usize>,
    /// By what is before their first star and behind their last one, with their places.
    starred: HashMap<&'a str, ByEnd<'a>>,
    all: &'a [String],
}

impl<'a> Patterns<'a> {
    /// Makes some patterns ready.
    pub fn new(all: &'a [String]) -> Self {
        let mut patterns = Self { all, ..Self::default() };
        for (place, pattern) in all.iter().enumerate() {
            match (pattern.split_once('*'), pattern.rsplit_once('*')) {
                (Some((before, _)), Some((_, behind))) => {
                    let alike = patterns.starred.entry(before).or_default().entry(behind).or_default();
                    alike.push((place, pattern));
                }
                _ => drop(patterns.plain.entry(pattern).or_insert(place)),
            }
        }
        patterns
    }

    /// The first pattern that fits a text.
    pub fn first(&self, text: &str) -> Option<&'a str> {
        let mut first = self.plain.get(text).copied();
        let ends = || (0..=text.len()).filter(|&end| text.is_char_boundary(end));
        for behind in ends().filter_map(|end| self.starred.get(&text[..end])) {
            for (place, pattern) in ends().filter_map(|start| behind.get(&text[start..])).flatten() {
                if first.is_none_or(|first| *place < first) && fits(pattern, text) {
                    first = Some(*place);
                }
            }
        }
        first.map(|place| self.all[place].as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        let cases = [
            ("org.gnome.Chess", "org.gnome.Chess", true),
            ("org.gnome.Chess", "org.gnome.Chess2", false),
            ("org.gnome.*", "org.gnome.Chess", true),
            ("org.gnome.*", "org.gnom", false),
            ("*.Chess", "org.gnome.Chess", true),
            ("*", "", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("a*a", "a", false),
            ("**x**", "axb", true),
            ("", "a", false),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn of_many_patterns_the_first_that_fits() {
        let patterns: Vec<String> =
            ["b*", "org.*.Chess", "org.gnome.*", "*.Chess", "a*b*c", "plain", "*mid*", "plain", "ö*"]
                .map(str::to_owned)
                .to_vec();
        let set = Patterns::new(&patterns);
        let texts = [
            "org.gnome.Chess",
            "org.gnome.Maps",
            "com.Chess",
            "abc",
            "a-b-c",
            "plain",
            "amidst",
            "öl",
            "b",
            "x",
            "",
            "org.Chess",
            "org..Chess",
        ];
        for text in texts {
            let expected = patterns.iter().find(|pattern| fits(pattern, text)).map(String::as_str);
            assert_eq!(set.first(text), expected, "{text}");
        }
        assert_eq!(Patterns::new(&[]).first("x"), None);
    }
}
