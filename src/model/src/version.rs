//! Which of two versions of a package is the newer one, by rpm's rules.

use std::cmp::Ordering;

/// Compares `[epoch:]version-release`; without an epoch it is 0.
pub fn compare(one: &str, other: &str) -> Ordering {
    let (one, other) = (parts(one), parts(other));
    let releases = || runs(one.2, other.2);
    one.0.cmp(&other.0).then_with(|| runs(one.1, other.1)).then_with(releases)
}

fn parts(text: &str) -> (u64, &str, &str) {
    let (epoch, rest) = text.split_once(':').unwrap_or(("0", text));
    let (version, release) = rest.split_once('-').unwrap_or((rest, ""));
    (epoch.parse().unwrap_or_default(), version, release)
}

/// Run by run of digits or letters: a number above letters, more runs above fewer, `~` below everything, even the end, and `^`
/// above the end alone.
pub fn runs(one: &str, other: &str) -> Ordering {
    let (mut one, mut other) = (one, other);
    loop {
        (one, other) = (begin(one), begin(other));
        for (sign, above_end) in [('~', false), ('^', true)] {
            match (one.starts_with(sign), other.starts_with(sign)) {
                (true, true) => return runs(&one[1..], &other[1..]),
                (true, false) => return if above_end && other.is_empty() { Ordering::Greater } else { Ordering::Less },
                (false, true) => return if above_end && one.is_empty() { Ordering::Less } else { Ordering::Greater },
                (false, false) => {}
            }
        }
        if one.is_empty() || other.is_empty() {
            return one.len().cmp(&other.len());
        }
        let is_number = one.starts_with(|first: char| first.is_ascii_digit());
        let (left, right);
        (left, one) = run(one, is_number);
        (right, other) = run(other, is_number);
        let order = match (is_number, right.is_empty()) {
            (true, true) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (true, false) => numbers(left, right),
            (false, false) => left.cmp(right),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// From the next character on that counts.
fn begin(text: &str) -> &str {
    text.trim_start_matches(|next: char| !next.is_ascii_alphanumeric() && next != '~' && next != '^')
}

/// The digits or letters that a text begins with, and the rest.
fn run(text: &str, digits: bool) -> (&str, &str) {
    let fits = |next: char| if digits { next.is_ascii_digit() } else { next.is_ascii_alphabetic() };
    text.split_at(text.find(|next| !fits(next)).unwrap_or(text.len()))
}

fn numbers(one: &str, other: &str) -> Ordering {
    let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Ordering::{Equal, Greater, Less};

    #[test]
    fn versions_are_compared_as_rpm_does() {
        // After rpm's own tests of rpmvercmp.
        let cases = [
            ("1.0", "1.0", Equal),
            ("1.0", "2.0", Less),
            ("2.0.1", "2.0", Greater),
            ("2.0.1a", "2.0.1", Greater),
            ("5.5p10", "5.5p1", Greater),
            ("10xyz", "10.1xyz", Less),
            ("xyz10", "xyz10.1", Less),
            ("xyz.4", "8", Less),
            ("10.0001", "10.1", Equal),
            ("20101121", "20101122", Less),
            ("2_0", "2.0", Equal),
            ("a+", "a_", Equal),
            ("1.0~rc1", "1.0", Less),
            ("1.0~rc1", "1.0~rc2", Less),
            ("1.0^", "1.0", Greater),
            ("1.0^git1", "1.0^git2", Less),
            ("1.0^git1", "1.01", Less),
            ("1.0~rc1^git1", "1.0~rc1", Greater),
        ];
        for (one, other, expected) in cases {
            assert_eq!(runs(one, other), expected, "{one} {other}");
            assert_eq!(runs(other, one), expected.reverse(), "{other} {one}");
        }
    }

    #[test]
    fn an_epoch_comes_before_the_version_and_the_release_after() {
        assert_eq!(compare("1:1.0-1", "2.0-1"), Greater);
        assert_eq!(compare("1.0-2.fc42", "1.0-10.fc42"), Less);
        assert_eq!(compare("0:1.0-1", "1.0-1"), Equal);
    }
}
