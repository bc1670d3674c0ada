//! Desktop files: what starts the app is ours alone, and what was written reads as it was meant.
#![no_main]

use strata_appimage::desktop::{BadDesktopFile, DesktopFile, Wish};
use strata_model::command_line;

/// What is run is the program; `env` may set something for it before.
fn is_ours(command: &str) -> bool {
    let Some((before, after)) = command.split_once(PROGRAM) else { return false };
    let sets = |words: &str| command_line::split(words).words.iter().all(|word| word.contains('='));
    (before.is_empty() || before.strip_prefix("env ").is_some_and(sets)) && (after.is_empty() || after.starts_with(' '))
}

const PROGRAM: &str = "/home/ann/Applications/app.appimage";

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(file) = DesktopFile::parse(text) else { return };
    let wish =
        Wish { program: PROGRAM.into(), icon: Some("org.example.App".into()), name: "App".into(), ..Wish::default() };
    let made = file.rewrite(&wish).expect("nothing is wrong with this wish");
    let written = made.to_string();
    match DesktopFile::parse(&written) {
        Ok(read) => {
            assert_eq!(read, made, "{written}");
            assert_eq!(read.rewrite(&wish).as_ref(), Ok(&made), "once more changes nothing: {written}");
        }
        // Our lines came on top of the most that there may be.
        Err(error) => assert_eq!(error, BadDesktopFile::TooLarge, "{written}"),
    }
    for command in written.lines().filter_map(|line| line.strip_prefix("Exec=")) {
        assert!(is_ours(command), "{command}");
    }
    for program in written.lines().filter_map(|line| line.strip_prefix("TryExec=")) {
        assert_eq!(program, PROGRAM);
    }
});
