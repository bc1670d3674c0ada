//! Words for people: translated, free of anything that a terminal would obey, sizes and dates written out.

use jiff::{Timestamp, tz::TimeZone};
pub(crate) use strata_platform::i18n::{begin, gettext_f};

/// A stranger's text without what a terminal would obey: control characters of both sets, and the marks that turn
/// the direction of writing. White space becomes one blank.
pub(crate) fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            c if c.is_whitespace() => {
                if !clean.ends_with(' ') {
                    clean.push(' ');
                }
            }
            c if c.is_control() || turns_direction(c) => {}
            c => clean.push(c),
        }
    }
    clean.trim().to_owned()
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A number of bytes in decimal units as Flatpak itself uses, with one digit behind the point, rounded: the same as in
/// the window.
pub(crate) fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if count < 1000 {
        return format!("{count} B");
    }
    // In tenths of the unit.
    let (mut tenths, mut unit) = ((u128::from(count) + 50) / 100, 0);
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths = (tenths + 500) / 1000;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

/// A moment in the person's own time, `2026-05-17 14:03`; empty for 0, which stands for unknown.
pub(crate) fn moment(seconds: i64) -> String {
    written(seconds, "%Y-%m-%d %H:%M")
}

/// The day of a moment, `2026-05-17`; empty for 0, which stands for unknown.
pub(crate) fn day(seconds: i64) -> String {
    written(seconds, "%Y-%m-%d")
}

fn written(seconds: i64, format: &str) -> String {
    match Timestamp::from_second(seconds) {
        Ok(moment) if seconds != 0 => moment.to_zoned(TimeZone::system()).strftime(format).to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        assert_eq!(clean("\u{1b}]0;own\u{7}Red\u{9b}31m\r\nName "), "]0;ownRed31m Name");
        assert_eq!(clean("gnp.\u{202e}exe"), "gnp.exe");
        assert_eq!(clean("Ünïcode  名前"), "Ünïcode 名前");
    }

    #[test]
    fn bytes_are_rounded_to_a_tenth() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (27_800_000, "27.8 MB"),
            (9_949_000, "9.9 MB"),
            (1_173_934, "1.2 MB"),
            (999_960, "1.0 MB"),
        ];
        for (count, text) in cases {
            assert_eq!(bytes(count), text);
        }
        assert_eq!(bytes(u64::MAX), "18446.7 PB");
    }
}
