//! A language that marks what was translated: whatever is on the screen without the mark, and is no word of the demo
//! world's, was forgotten.

use crate::pages;
use crate::window::Window;
use std::path::{Path, PathBuf};
use std::process::Command;
use strata_demo::Scenario;

const MARK: char = '⟦';

/// What stands between the parts of a line.
const BETWEEN: [&str; 4] = [". ", " · ", " → ", "\n"];

/// Names of keys, GTK's own.
const KEYS: [&str; 6] = ["Strg", "Alt", "Esc", "Eingabe", "Enter", "Links"];

/// Words that are not Strata's: of GTK and libadwaita in German, of licences, names, and units of size.
const OTHERS: [&str; 18] = [
    "Info",
    "Details",
    "Ein Problem melden",
    "Mitwirkende",
    "Rechtshinweis",
    "Strata",
    "strata",
    "Scribe",
    "Zurück",
    "Schließen",
    "Minimieren",
    "Maximieren",
    "Suchen",
    "GNU General Public License v3.0 or later",
    "stable",
    "KB",
    "MB",
    "kB",
];

/// German sentences with marks around them, as an installed translation.
fn marked_translation(folder: &Path) {
    let messages = folder.join("de/LC_MESSAGES");
    std::fs::create_dir_all(&messages).unwrap();
    let po = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../po/de.po");
    let marked = folder.join("marked.po");
    let mut filter = Command::new("msgfilter");
    filter.args(["--keep-header", "-i"]).arg(po).arg("-o").arg(&marked);
    filter.args(["sed", "-e", "1s/^/⟦/", "-e", "$s/$/⟧/"]);
    assert!(filter.status().unwrap().success());
    let mut format = Command::new("msgfmt");
    assert!(format.arg("-o").arg(messages.join("strata.mo")).arg(&marked).status().unwrap().success());
}

/// Everything that the demo world says, in its own words.
fn words_of_the_world(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let words = entries.map(|path| {
        if path.is_dir() { words_of_the_world(&path) } else { std::fs::read_to_string(path).unwrap_or_default() }
    });
    words.collect::<Vec<_>>().join("\n")
}

/// As in "Strg+F": GTK's own names of keys.
fn is_of_keys(part: &str) -> bool {
    let is_key = |key: &str| KEYS.contains(&key) || key.chars().count() == 1;
    part.split('+').all(is_key)
}

fn is_known(part: &str, world: &str) -> bool {
    let is_word = |word: &&str| word.chars().filter(|letter| letter.is_alphabetic()).count() > 1;
    let part = part.trim();
    let is_address = !part.contains(char::is_whitespace) && part.contains('.');
    // As in "Oktober 2026", of which the C library knows the month.
    let is_month = part.split_once(' ').is_some_and(|(_, year)| year.len() == 4 && year.parse::<u16>().is_ok());
    let is_path = part.starts_with("~/") || part.starts_with('/');
    if is_address || is_path || is_month || is_of_keys(part) {
        return true;
    }
    world.contains(part)
        || part.split_whitespace().filter(is_word).all(|word| OTHERS.contains(&word) || world.contains(word))
}

fn is_forgotten(name: &str, world: &str) -> bool {
    if name.contains(MARK) || OTHERS.contains(&name) {
        return false;
    }
    let mut parts = vec![name];
    for between in BETWEEN {
        parts = parts.into_iter().flat_map(|part| part.split(between)).collect();
    }
    !parts.into_iter().all(|part| is_known(part, world))
}

fn is_translated(scenario: Scenario) {
    let folder = tempfile::tempdir().unwrap();
    marked_translation(folder.path());
    let german = [("LC_ALL", "de_DE.UTF-8".as_ref()), ("STRATA_LOCALE", folder.path().as_os_str())];
    let Some(window) = Window::open_with(scenario, &[], &german) else { return };
    let world = words_of_the_world(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../src/demo/data"));
    let look = |place: &str| {
        let nodes = window.nodes();
        assert!(nodes.iter().any(|node| node.name.contains(MARK)), "{place}: nothing is translated");
        let forgotten: Vec<&String> =
            nodes.iter().map(|node| &node.name).filter(|name| is_forgotten(name, &world)).collect();
        assert!(forgotten.is_empty(), "{place}: {forgotten:#?}");
    };
    match scenario {
        Scenario::Default => pages::walk(&window, look),
        _ => pages::walk_system(&window, look),
    }
}

#[test]
fn every_sentence_is_translated() {
    is_translated(Scenario::Default);
}

#[test]
fn every_sentence_about_the_system_is_translated() {
    is_translated(Scenario::Advisories);
}

#[test]
fn what_is_not_translated_is_seen() {
    let world = "name = \"Attic\"\nsummary = \"Back up your files\"";
    for known in [
        "⟦Attic öffnen⟧",
        "Attic. Back up your files. ⟦Installiert⟧",
        "1,2\u{a0}MB",
        "7.0 → 7.1",
        "Attic",
        "•",
        "~/Applications",
    ] {
        assert!(!is_forgotten(known, world), "{known}");
    }
    for forgotten in ["Open Attic", "Nothing Done Yet", "Attic. Installed", "8 Updates"] {
        assert!(is_forgotten(forgotten, world), "{forgotten}");
    }
}
