//! Dates as AppStream writes them.

/// Seconds since 1970 of `2024-05-01` or `2024-05-01T12:00:00Z`, at the beginning of the day; `None` if it is no date.
pub(crate) fn seconds(date: &str) -> Option<i64> {
    let mut parts = date.trim().get(..10)?.split('-');
    let year: i64 = parts.next()?.parse().ok()?;
    let month: i64 = parts.next()?.parse().ok()?;
    let day: i64 = parts.next()?.parse().ok()?;
    if !(1970..10_000).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    Some(days_since_1970(year, month, day) * 86_400)
}

/// A date that has been, else 0: nobody knows when something was released that is still to come. A day ahead is the
/// same day somewhere else.
pub(crate) fn past(date: i64, now: i64) -> i64 {
    const DAY: i64 = 86_400;
    if (0..=now.saturating_add(DAY)).contains(&date) { date.min(now) } else { 0 }
}

/// Days in the proleptic Gregorian calendar, with years that begin in March so that the leap day comes last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_still_to_come_has_no_date() {
        let now = 1_000_000_000;
        let cases = [(5, 5), (now, now), (now + 3_600, now), (now + 90_000, 0), (-1, 0), (i64::MIN, 0), (i64::MAX, 0)];
        for (date, expected) in cases {
            assert_eq!(past(date, now), expected, "{date}");
        }
    }

    #[test]
    fn dates_of_all_kinds() {
        let cases = [
            ("1970-01-01", Some(0)),
            ("2000-02-29", Some(951_782_400)),
            ("2024-05-01T12:34:56Z", Some(1_714_521_600)),
            ("2024-13-01", None),
            ("1969-12-31", None),
            ("yesterday", None),
            ("", None),
            ("20240501äö", None),
        ];
        for (text, expected) in cases {
            assert_eq!(seconds(text), expected, "{text:?}");
        }
    }
}
