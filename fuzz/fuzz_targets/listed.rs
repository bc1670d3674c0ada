//! Lists of AppImages as their source keeps them, from the lines to what is known of each app.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| strata_catalogue::fuzzing::listed(bytes));
