//! Sizes as the daemon's libraries write them.

/// GLib's: powers of ten, one digit after the point, a no-break space before the unit.
pub(super) fn decimal(bytes: u64) -> String {
    const UNITS: [(u64, &str); 4] =
        [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    let Some((unit, name)) = UNITS.into_iter().find(|(unit, _)| bytes >= *unit) else {
        return format!("{bytes} byte{}", if bytes == 1 { "" } else { "s" });
    };
    // A tenth of the unit is enough; halves go up, as in printf for what is not exactly half.
    let tenths = (u128::from(bytes) * 10 + u128::from(unit) / 2) / u128::from(unit);
    format!("{}.{}\u{a0}{name}", tenths / 10, tenths % 10)
}

/// What libostree says it transferred: bytes, from a KiB on whole KiB.
pub(super) fn transferred(bytes: u64) -> String {
    if bytes < 1024 { format!("{bytes} B") } else { format!("{} KiB", bytes / 1024) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_recorded() {
        let cases = [
            (0, "0 bytes"),
            (7_000, "7.0\u{a0}kB"),
            (229_500, "229.5\u{a0}kB"),
            (103_656_420, "103.7\u{a0}MB"),
            (2_735, "2.7\u{a0}kB"),
            (248_186, "248.2\u{a0}kB"),
        ];
        for (bytes, text) in cases {
            assert_eq!(decimal(bytes), text);
        }
        assert_eq!(transferred(739), "739 B");
        assert_eq!(transferred(117_237 * 1024), "117237 KiB");
    }
}
