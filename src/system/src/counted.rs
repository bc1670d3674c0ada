//! Numbers in the texts that the daemon says on its way.

/// The count of `… (k/n)` at the end or `[k/n] …` at the beginning; nothing where `k` is more than `n`.
pub(crate) fn count(text: &str) -> Option<(u64, u64)> {
    let front = || text.strip_prefix('[')?.split_once(']').map(|(count, _)| count);
    let back = || text.strip_suffix(')')?.rsplit_once('(').map(|(_, count)| count);
    let read = |count: &str| {
        let (done, total) = count.split_once('/')?;
        let (done, total) = (done.trim().parse::<u64>().ok()?, total.trim().parse::<u64>().ok()?);
        (total > 0 && done <= total).then_some((done, total))
    };
    front().and_then(read).or_else(|| back().and_then(read))
}

/// Bytes of a size in brackets at the end, as GLib writes it: `(103.4 MB)`, with a space that does not break.
pub(crate) fn size(text: &str) -> Option<u64> {
    let (_, size) = text.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    bytes(size)
}

/// How many layers have to come, and their bytes: `ostree chunk layers needed: 7 (103.7 MB)`.
pub(crate) fn layers_needed(text: &str) -> Option<(u64, u64)> {
    let (_, needed) = text.split_once("layers needed: ")?;
    let count = needed.split_whitespace().next()?.parse().ok()?;
    Some((count, size(needed).unwrap_or_default()))
}

fn bytes(size: &str) -> Option<u64> {
    // GLib's units are powers of 1,000; of 1,024 with an i. It rounds to one place.
    const UNITS: [(&str, u64); 14] = [
        ("B", 1),
        ("byte", 1),
        ("bytes", 1),
        ("kB", 1_000),
        ("KB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("TB", 1_000_000_000_000),
        ("KiB", 1 << 10),
        ("kiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("TiB", 1 << 40),
        ("EB", 1_000_000_000_000_000_000),
    ];
    let (number, unit) = size.trim().split_once(char::is_whitespace)?;
    let unit = UNITS.iter().find(|(name, _)| *name == unit.trim())?.1;
    let (whole, rest) = number.split_once('.').unwrap_or((number, "0"));
    let tenth: u64 = rest.get(..1)?.parse().ok()?;
    whole.parse::<u64>().ok()?.checked_mul(unit)?.checked_add(unit / 10 * tenth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_stand_in_front_or_behind() {
        let cases = [
            ("Importing packages (1/2)", Some((1, 2))),
            ("[0/7] Fetching ostree chunk f6e31448158e6bee5ec (103.4\u{a0}MB)", Some((0, 7))),
            ("[12/66] Fetching layer abc (a/b)", Some((12, 66))),
            ("Importing packages", None),
            ("Importing packages (3/2)", None),
            ("Importing packages (0/0)", None),
            ("Fetching (103.4\u{a0}MB)", None),
            ("[7]", None),
            ("(18446744073709551616/2)", None),
        ];
        for (text, expected) in cases {
            assert_eq!(count(text), expected, "{text}");
        }
    }

    #[test]
    fn sizes_are_as_glib_writes_them() {
        let cases = [
            ("Fetching layer abc (103.4\u{a0}MB)", Some(103_400_000)),
            ("(2.7\u{a0}kB)", Some(2700)),
            ("(1 byte)", Some(1)),
            ("(512\u{a0}bytes)", Some(512)),
            ("(1.5 GiB)", Some((1 << 30) + (1 << 30) / 10 * 5)),
            ("(many MB)", None),
            ("(99999999999999999999 MB)", None),
            ("(99999999999 EB)", None),
            ("(1/2)", None),
            ("no size", None),
        ];
        for (text, expected) in cases {
            assert_eq!(size(text), expected, "{text}");
        }
        assert_eq!(layers_needed("ostree chunk layers needed: 7 (103.7\u{a0}MB)"), Some((7, 103_700_000)));
        assert_eq!(layers_needed("custom layers needed: 2"), Some((2, 0)));
        assert_eq!(layers_needed("layers already present: 5"), None);
    }
}
