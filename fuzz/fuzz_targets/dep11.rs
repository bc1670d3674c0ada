//! DEP-11 YAML, from the cutting into documents to what is known of each.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| strata_catalogue::fuzzing::dep11(bytes));
