//! The command line itself.

use std::fs::File;
use std::process::{Command, Output, Stdio};
use strata_demo::Scenario;
use strata_tests::{Ended, Running, programs, stratactl, world};

/// `stratactl` where there is no bus, no home and no engine.
fn alone(words: &[&str]) -> Ended {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(programs().join("stratactl"));
    command.args(words).env_clear().env("HOME", folder.path()).env("STRATA_POLICY", folder.path());
    command.env("STRATA_APPSTREAM", folder.path());
    Running::start(command).end()
}

#[test]
fn wrong_usage_is_told_from_failure() {
    for words in [&[][..], &["dance"], &["search"], &["list", "--updates", "--unused"], &["remove"], &["cancel", "x"]] {
        let ended = alone(words).expect(2);
        assert!(ended.out.is_empty() && ended.err.contains("--help"), "{words:?}: {}", ended.err);
    }
    let help = alone(&["--help"]).expect(0).out;
    assert_eq!(help.matches("--installation <NAME>").count(), 1, "{help}");
    assert!(help.contains("\nCommon options:\n") && help.contains("\nExamples:\n"), "{help}");
    for command in ["search", "install", "update", "remove", "history", "remotes", "completions"] {
        assert!(help.contains(command), "{command} is not in the help");
    }
}

#[test]
fn completions_and_manual_pages_come_from_the_program() {
    for (shell, sign) in [("bash", "complete -F"), ("zsh", "#compdef stratactl"), ("fish", "complete -c stratactl")] {
        assert!(alone(&["completions", shell]).expect(0).out.contains(sign), "{shell}");
    }
    let page = alone(&["man"]).expect(0).out;
    assert!(page.contains(".TH stratactl 1") && page.contains("EXIT") || page.contains("Exit status"), "{page}");
    assert!(alone(&["man", "install"]).expect(0).out.contains("stratactl\\-install"));
    let _ = alone(&["man", "dance"]).expect(3);
}

#[test]
fn settings_are_read_without_an_engine() {
    let all = alone(&["settings"]).expect(0).out;
    assert!(all.contains("sources.installation\tsystem\tdefault\tsystem, user\n"), "{all}");
    assert_eq!(alone(&["settings", "network.screenshots", "--json"]).expect(0).json(), true);
    let details = alone(&["settings", "network", "--json", "--details"]).expect(0).json();
    assert_eq!((details.as_array().unwrap().len(), &details[0]["set_by"]), (3, &"default".into()));
    let _ = alone(&["settings", "no.such"]).expect(3);
    let nearly = alone(&["settings", "source.instalation", "user"]).expect(3);
    assert!(nearly.err.contains("Did you mean sources.installation?"), "{nearly:?}");
}

#[test]
fn without_its_service_it_says_so_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(programs().join("stratactl"));
    command.args(["list", "--verbose"]).env_clear().env("HOME", folder.path());
    command.env("STRATA_SERVICE", folder.path().join("nothing-here"));
    let ended = Running::start(command).end().expect(1);
    assert!(ended.err.contains("Strata’s service is not running. Try again"), "{}", ended.err);
    assert!(ended.err.contains("nothing-here"), "no details: {}", ended.err);
}

/// Runs it to its end, its result written to `out`.
fn printed_to(mut command: Command, out: impl Into<Stdio>) -> Output {
    command.stdin(Stdio::null()).stdout(out).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap()
}

#[test]
fn a_result_that_cannot_be_written_was_not_given() {
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let world = world(Scenario::Default);
    let exported = world.folder().join("apps.json");
    let cases = [&["export"][..], &["list"], &["--json", "list"], &["search", "columnar"], &["--json", "show", "none"]];
    for words in cases.into_iter().chain([&["man"][..], &["completions", "bash"], &["--help"], &["--version"]]) {
        let ended = printed_to(stratactl(&world, words), full());
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(
            ended.status.code() == Some(1) && said.contains("“standard output” cannot be written"),
            "{words:?}: {said}"
        );
    }
    let to_file = printed_to(stratactl(&world, &["export", exported.to_str().unwrap()]), full());
    assert!(
        to_file.status.code() == Some(1) && exported.exists(),
        "the sentence about it could not be said: {to_file:?}"
    );

    // Who reads no further has read enough.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let ended = printed_to(stratactl(&world, &["export"]), writer);
    assert!(ended.status.success() && ended.stderr.is_empty(), "{ended:?}");
}
