//! AppImages: whatever the bytes are, an answer comes soon, and what is told of them stays within its bounds.
#![no_main]

use std::io::Cursor;
use strata_appimage::inspect;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(found) = inspect(&mut Cursor::new(bytes)) else { return };
    let contents = &found.contents;
    for file in contents.desktop.iter().chain(&contents.appstream).chain(&contents.mime_packages) {
        assert!(!file.name.is_empty() && !file.name.contains('/'), "{}", file.name);
    }
    assert!(contents.mime_packages.len() <= 16);
    assert_eq!(found.size, bytes.len() as u64);
});
