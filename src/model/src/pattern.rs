//! Patterns of ids, in which `*` stands for any text.

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
}
