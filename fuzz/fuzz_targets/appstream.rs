//! AppStream XML, from the cutting into entries to what is known of each.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| strata_catalogue::fuzzing::appstream(bytes));
