//! How well search finds what people mean, on a catalogue as large as a real one.
//!
//! `cargo run --release -p strata-catalogue --example relevance -- FILE NEEDS [SEED]`
//!
//! NEEDS is a table of what people look for, see `tests/data/relevance-needs.tsv`. Names, their first four letters and
//! names with one typing mistake are made from 300 apps drawn at random by a seed. Prints the shares as a table, and
//! every query that missed.

use std::collections::HashSet;
use std::error::Error;
use std::path::Path;
use strata_catalogue::{BuildPlan, Catalogue, List, Page, Query, build};
use strata_model::feed::Feed;
use strata_model::{AppSummary, SourceKind};

const APPS: usize = 300;
const SEED: u64 = 20_260_101;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, needs, rest @ ..] = arguments.as_slice() else { return Err("FILE NEEDS [SEED]".into()) };
    let seed = rest.first().map_or(Ok(SEED), |seed| seed.parse())?;
    let folder = tempfile::tempdir()?;
    let catalogue = built(Path::new(file), &folder.path().join("catalogue.db"))?;
    let needs = std::fs::read_to_string(needs)?;
    println!("seed {seed}\n\n| queries | found | goal |\n|---|---|---|");
    let mut missed = report(&catalogue, "needs", &needs_of(&needs)?, "92 % within five")?;
    let (names, prefixes, typos) = drawn(&catalogue, seed)?;
    missed.extend(report(&catalogue, "names", &names, "100 % first")?);
    missed.extend(report(&catalogue, "four letters", &prefixes, "90 % within five")?);
    missed.extend(report(&catalogue, "one mistake", &typos, "97 % within three")?);
    println!("\nMissed:");
    for line in missed {
        println!("- {line}");
    }
    Ok(())
}

fn built(file: &Path, target: &Path) -> Result<Catalogue, Box<dyn Error>> {
    let feed = Feed {
        source: SourceKind::Flatpak,
        scope: "user".to_owned(),
        origin: "measured".to_owned(),
        url: "https://example.org/".to_owned(),
        priority: 1,
        file: file.to_owned(),
        icons: file.with_file_name("icons"),
        references: Vec::new(),
        popularity: None,
    };
    let plan = BuildPlan {
        feeds: vec![feed],
        languages: vec!["C".to_owned()],
        hidden: Vec::new(),
        target: target.to_owned(),
        generation: 1,
    };
    build(&plan)?;
    Ok(Catalogue::open(target)?)
}

/// What is typed, and which names are meant, any of them within the first so many.
#[derive(Debug)]
struct Case {
    typed: String,
    meant: Vec<String>,
    within: usize,
}

fn needs_of(table: &str) -> Result<Vec<Case>, Box<dyn Error>> {
    let lines = table.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let case = |line: &str| {
        let mut columns = line.split('\t');
        let (Some(typed), Some(meant), Some(within)) = (columns.next(), columns.next(), columns.next()) else {
            return Err(format!("not three columns: {line}").into());
        };
        let meant = meant.split('|').map(str::to_owned).collect();
        Ok(Case { typed: typed.to_owned(), meant, within: within.trim().parse()? })
    };
    lines.map(case).collect()
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

fn report(catalogue: &Catalogue, kind: &str, cases: &[Case], goal: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let mut missed = Vec::new();
    for case in cases {
        let found = catalogue.search(&Query::new(case.typed.as_str()))?.apps;
        let is_meant = |app: &AppSummary| case.meant.iter().any(|name| name.to_lowercase() == app.name.to_lowercase());
        if !found.iter().take(case.within).any(is_meant) {
            let first: Vec<&str> = found.iter().take(case.within).map(|app| app.name.as_str()).collect();
            let place = found.iter().position(is_meant).map_or("nowhere".to_owned(), |place| (place + 1).to_string());
            missed.push(format!("{kind}: “{}” for {}: at {place}, behind {first:?}", case.typed, case.meant.join("|")));
        }
    }
    let hits = cases.len() - missed.len();
    #[allow(clippy::cast_precision_loss)] // Some hundred.
    let share = 100.0 * hits as f64 / cases.len().max(1) as f64;
    println!("| {kind} | {hits} of {} ({share:.1} %) | {goal} |", cases.len());
    Ok(missed)
}

/// A small generator of numbers (xorshift64*): the same draw for the same seed, on every machine.
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number).unwrap_or(0) % limit.max(1)
    }
}
