//! How well search finds what people mean, on a catalogue as large as a real one, beside other programs.
//!
//! `relevance FILE NEEDS HELD-OUT [PEERS [SEED]]`
//!
//! NEEDS and HELD-OUT are tables of what people look for (see `tests/data/relevance-needs.tsv`); search may be tuned to
//! the first, never to the second. Names, their first four letters and names with one typing mistake are made from 300
//! apps drawn by a seed. With PEERS above 0, `flatpak search` and `appstreamcli search`, which have to know the same
//! catalogue, are asked so many queries of each kind, drawn by the seed too; Strata's share of the same draw stands
//! beside theirs. Prints the shares as a table, and every query that Strata missed.

#[path = "shared/built.rs"]
mod built;
#[path = "shared/needs.rs"]
mod needs;
#[path = "shared/random.rs"]
mod random;

use built::built;
use needs::needs;
use random::Random;
use std::collections::HashSet;
use std::error::Error;
use std::path::Path;
use std::process::Command;
use strata_catalogue::{Catalogue, List, Page, Query};
use strata_model::AppSummary;

const APPS: usize = 300;
/// The kind of queries with a mistake in them.
const MISTAKES: &str = "one mistake";
const SEED: u64 = 20_260_101;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, tuned, held_out, rest @ ..] = arguments.as_slice() else {
        return Err("FILE NEEDS HELD-OUT [PEERS [SEED]]".into());
    };
    let peers: usize = rest.first().map_or(Ok(0), |number| number.parse())?;
    let seed: u64 = rest.get(1).map_or(Ok(SEED), |seed| seed.parse())?;
    let folder = tempfile::tempdir()?;
    let (catalogue, report) = built(Path::new(file), &folder.path().join("catalogue.db"))?;
    println!("{} apps, seed {seed}, {peers} queries of a kind for the peers\n", report.apps);
    println!("| queries | Strata | of the peers’ draw | `flatpak search` | `appstreamcli search` | goal |");
    println!("|---|---|---|---|---|---|");
    let (names, prefixes, typos) = drawn(&catalogue, seed)?;
    let kinds = [
        ("needs", cases(Path::new(tuned))?, "92 % within five"),
        ("needs held out", cases(Path::new(held_out))?, "–"),
        ("names", names, "100 % first"),
        ("four letters", prefixes, "90 % within five"),
        (MISTAKES, typos, "97 % within three"),
    ];
    let mut missed = Vec::new();
    for (kind, cases, goal) in kinds {
        missed.extend(row(&catalogue, kind, &cases, goal, &draw(&cases, peers, seed))?);
    }
    println!("\nMissed:");
    for line in missed {
        println!("- {line}");
    }
    Ok(())
}

/// What is typed, and which names are meant, any of them within the first so many.
#[derive(Clone, Debug)]
struct Case {
    typed: String,
    meant: Vec<String>,
    within: usize,
}

/// The needs of a table.
fn cases(table: &Path) -> Result<Vec<Case>, Box<dyn Error>> {
    let case = |[typed, meant, within]: [String; 3]| {
        Ok(Case { typed, meant: meant.split('|').map(str::to_owned).collect(), within: within.trim().parse()? })
    };
    needs(table)?.into_iter().map(case).collect()
}

/// Some of the cases, in the order of the draw.
fn draw(cases: &[Case], count: usize, seed: u64) -> Vec<Case> {
    let mut left: Vec<&Case> = cases.iter().collect();
    let mut random = Random(seed);
    let count = count.min(left.len());
    (0..count).map(|_| left.swap_remove(random.below(left.len())).clone()).collect()
}

/// Prints a row and gives what Strata missed.
fn row(
    catalogue: &Catalogue,
    kind: &str,
    cases: &[Case],
    goal: &str,
    drawn: &[Case],
) -> Result<Vec<String>, Box<dyn Error>> {
    let own = |typed: &str| -> Result<Vec<String>, Box<dyn Error>> {
        Ok(catalogue.search(&Query::new(typed))?.apps.into_iter().map(|app| app.name).collect())
    };
    let mut missed = Vec::new();
    for case in cases {
        let found = own(&case.typed)?;
        if !case.is_met(&found) {
            let first = &found[..found.len().min(case.within)];
            let place = found.iter().position(|name| case.means(name));
            let place = place.map_or("nowhere".to_owned(), |place| format!("at {}", place + 1));
            missed.push(format!("{kind}: “{}” for {}: {place}, behind {first:?}", case.typed, case.meant.join("|")));
        }
    }
    let all = share(cases.len() - missed.len(), cases.len());
    // Of misspelt words a peer may well find nothing.
    let some = kind != MISTAKES;
    let of_draw = share_of(drawn, some, own)?;
    let flatpak = share_of(drawn, some, flatpak)?;
    let appstream = share_of(drawn, some, appstreamcli)?;
    println!("| {kind} | {all} | {of_draw} | {flatpak} | {appstream} | {goal} |");
    Ok(missed)
}

/// How many of the cases are met. `some`: something has to be found for one of them at least.
fn share_of(
    cases: &[Case],
    some: bool,
    search: impl Fn(&str) -> Result<Vec<String>, Box<dyn Error>>,
) -> Result<String, Box<dyn Error>> {
    let (mut hits, mut names) = (0, 0);
    for case in cases {
        let found = search(&case.typed)?;
        hits += usize::from(case.is_met(&found));
        names += found.len();
    }
    match (cases.len(), names) {
        (0, _) => Ok("–".to_owned()),
        // It would look bad for a reason that is ours.
        (_, 0) if some => Err(format!("a peer finds nothing at all, as for “{}”", cases[0].typed).into()),
        (all, _) => Ok(share(hits, all)),
    }
}

fn share(hits: usize, of: usize) -> String {
    #[allow(clippy::cast_precision_loss)] // Some hundred.
    let hundredths = 100.0 * hits as f64 / of.max(1) as f64;
    format!("{hits} of {of} ({hundredths:.1} %)")
}

impl Case {
    /// One of the meant apps is among the first of the names.
    fn is_met(&self, names: &[String]) -> bool {
        names.iter().take(self.within).any(|name| self.means(name))
    }

    fn means(&self, name: &str) -> bool {
        self.meant.iter().any(|meant| meant.to_lowercase() == name.to_lowercase())
    }
}

/// The names that `flatpak search` gives, in its order: one a line where it prints no table.
fn flatpak(typed: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let output = printed(Command::new("flatpak").args(["search", "--columns=name", "--", typed]))?;
    Ok(output.lines().map(|line| line.trim().to_owned()).collect())
}

/// The names that `appstreamcli search` gives, in its order.
fn appstreamcli(typed: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let output = printed(Command::new("appstreamcli").args(["search", "--", typed]))?;
    Ok(output.lines().filter_map(|line| line.strip_prefix("Name:")).map(|name| name.trim().to_owned()).collect())
}

/// What a program prints; finding nothing may be a failure to it.
fn printed(command: &mut Command) -> Result<String, Box<dyn Error>> {
    let output = command.output().map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

type Drawn = (Vec<Case>, Vec<Case>, Vec<Case>);

/// Apps of one name are one: nobody can type which of them is meant.
fn drawn(catalogue: &Catalogue, seed: u64) -> Result<Drawn, Box<dyn Error>> {
    let mut all = catalogue.browse(&List::All, Page { offset: 0, limit: 100_000 })?;
    let mut names = HashSet::new();
    all.retain(|app| app.name.chars().count() > 3 && names.insert(app.name.to_lowercase()));
    let mut random = Random(seed);
    let mut cases = (Vec::new(), Vec::new(), Vec::new());
    while cases.0.len() < APPS && !all.is_empty() {
        let app: AppSummary = all.swap_remove(random.below(all.len()));
        let case = |typed: String, within| Case { typed, meant: vec![app.name.clone()], within };
        let name = app.name.to_lowercase();
        cases.1.push(case(name.chars().take(4).collect(), 5));
        if let Some(mistaken) = mistaken(&name, &mut random) {
            cases.2.push(case(mistaken, 3));
        }
        cases.0.push(case(name, 1));
    }
    Ok(cases)
}

/// One mistake in the longest word, behind its first letter: a letter less, twice, another one, or two that changed
/// places. `None` if no word is long enough: search guesses at words of four letters and more.
fn mistaken(name: &str, random: &mut Random) -> Option<String> {
    let longest = name.split(' ').max_by_key(|word| word.chars().count())?;
    let mut letters: Vec<char> = longest.chars().collect();
    if letters.len() < 5 || !letters.iter().all(|letter| letter.is_alphabetic()) {
        return None;
    }
    let place = 1 + random.below(letters.len() - 2);
    match random.below(4) {
        0 => drop(letters.remove(place)),
        1 => letters.insert(place, letters[place]),
        2 => letters[place] = if letters[place] == 'x' { 'y' } else { 'x' },
        _ => letters.swap(place, place + 1),
    }
    let mistaken: String = letters.into_iter().collect();
    (mistaken != longest).then(|| name.replacen(longest, &mistaken, 1))
}
