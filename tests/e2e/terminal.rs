//! What a person sees on a terminal: questions, bars, tables that fit.

use crate::facts::installed;
use strata_demo::Scenario;
use strata_tests::{Terminal, ctl, stratactl, world};

const COLUMNAR: &str = "org.columnar.Columnar";

#[test]
fn a_person_is_asked_and_sees_what_fits_the_terminal() {
    let world = world(Scenario::Default);
    let _ = ctl(&world, &["refresh"]).expect(0);
    let before = installed(&world, "system");

    let mut terminal = Terminal::start(&stratactl(&world, &["install", COLUMNAR]), 80);
    terminal.shows("Install Columnar").shows("To download:").shows("[y/N]").types("n\n");
    assert_eq!(terminal.end(), 4, "{}", terminal.screen());
    assert_eq!(installed(&world, "system"), before);

    let mut terminal = Terminal::start(&stratactl(&world, &["install", COLUMNAR]), 80);
    terminal.shows("[y/N]").types("\u{3}");
    assert_eq!(terminal.end(), 4, "Ctrl+C at the question: {}", terminal.screen());

    let mut terminal = Terminal::start(&stratactl(&world, &["install", COLUMNAR]), 80);
    terminal.shows("[y/N]").types("y\n").shows("Installed Columnar");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen());

    for columns in [40, 80] {
        let mut terminal = Terminal::start(&stratactl(&world, &["list"]), columns);
        terminal.shows("Columnar");
        assert_eq!(terminal.end(), 0);
        assert!(terminal.screen().contains("\u{1b}[1m"), "the heading is bold: {:?}", terminal.screen());
        for line in plain(&terminal.screen()).lines() {
            assert!(line.chars().count() <= usize::from(columns), "{columns}: {line:?}");
        }
    }
    let mut command = stratactl(&world, &["list"]);
    command.env("NO_COLOR", "1");
    let mut terminal = Terminal::start(&command, 80);
    terminal.shows("Columnar");
    let _ = terminal.end();
    assert!(!terminal.screen().contains("\u{1b}["), "{:?}", terminal.screen());
}

/// The text without the terminal's commands.
fn plain(screen: &str) -> String {
    let mut parts = screen.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once(|c: char| c.is_ascii_alphabetic()).map_or("", |(_, rest)| rest)
    })
}
