//! Texts of strangers, fit for the desktop's own surfaces.

/// One line of so many characters at most, without what turns the direction of writing.
pub(crate) fn line(text: &str, most: usize) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control() && !turns_direction(*c)).collect();
    if plain.chars().count() <= most {
        return plain;
    }
    plain.chars().take(most - 1).chain(['…']).collect()
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
