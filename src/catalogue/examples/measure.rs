//! Builds a catalogue from an AppStream file and times what readers do with it.
//!
//! `measure FILE NEEDS…`
//!
//! FILE's icons lie beside it in `icons`, the catalogue is made there too, in `measured`. What is typed are the needs of
//! the tables NEEDS (see `tests/data/relevance-needs.tsv`) and the names of 100 apps drawn by a seed, key by key: every
//! beginning of every one of them is a query, one letter included. Standard output has lines of figures for
//! `benches/run`, separated by tabs: `build` apps, add-ons, milliseconds of processor time, peak in MiB; `again`
//! milliseconds for building it once more with what was kept of FILE; `search` keys, median and 99th hundredth in
//! milliseconds of processor time. Standard error has more, for people.

#[path = "shared/built.rs"]
mod built;
#[path = "shared/needs.rs"]
mod needs;
#[path = "shared/random.rs"]
mod random;

use built::built;
use mimalloc::MiMalloc;
use needs::needs;
use random::Random;
use std::collections::BTreeSet;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use strata_catalogue::{Catalogue, Category, List, Page, Query};

/// That of `strata-service`, which builds the catalogue.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const SEED: u64 = 20_260_101;
const NAMES: usize = 100;
/// Nobody types more of a name than this.
const MOST_LETTERS: usize = 30;
/// How many times each key is asked; the first time counts too.
const ROUNDS: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let file = arguments.next().ok_or("which file?")?;
    let tables: Vec<PathBuf> = arguments.collect();
    let target = file.with_file_name("measured").join("catalogue.db");
    let catalogue = measure_build(&file, &target)?;
    measure_searches(&catalogue, &keys(&catalogue, &tables)?)?;
    measure_reading(&catalogue, &target)
}

fn measure_build(file: &Path, target: &Path) -> Result<Catalogue, Box<dyn Error>> {
    // What an earlier build kept is none of this one's work.
    if let Err(error) = std::fs::remove_dir_all(target.with_file_name("entries"))
        && error.kind() != std::io::ErrorKind::NotFound
    {
        return Err(error.into());
    }
    let (cpu, begun) = (cpu(), Instant::now());
    let (_, report) = built(file, target)?;
    let spent = self::cpu().saturating_sub(cpu);
    let peak = peak_kib()? / 1024;
    println!("build\t{}\t{}\t{}\t{peak}", report.apps, report.addons, spent.as_millis());
    eprintln!("build: {:?} elapsed, file {} KiB", begun.elapsed(), target.metadata()?.len() / 1024);
    let before = self::cpu();
    let (catalogue, again) = built(file, target)?;
    let spent = self::cpu().saturating_sub(before);
    if (again.read, again.kept) != (0, report.read) {
        return Err("a feed that is as it was is read again".into());
    }
    println!("again\t{}", spent.as_millis());
    for loss in &report.losses {
        eprintln!("  left out: {loss:?}");
    }
    Ok(catalogue)
}

/// Every beginning of everything that is typed, once.
fn keys(catalogue: &Catalogue, tables: &[PathBuf]) -> Result<Vec<String>, Box<dyn Error>> {
    let mut typed = Vec::new();
    for table in tables {
        typed.extend(needs(table)?.into_iter().map(|[typed, ..]| typed));
    }
    let all = catalogue.browse(&List::All, Page { offset: 0, limit: 100_000 })?;
    let mut random = Random(SEED);
    let names = (0..NAMES).filter_map(|_| all.get(random.below(all.len()))).map(|app| app.name.to_lowercase());
    typed.extend(names);
    let mut keys = BTreeSet::new();
    for text in &typed {
        let ends = text.char_indices().take(MOST_LETTERS).map(|(start, c)| start + c.len_utf8());
        keys.extend(ends.map(|end| text[..end].to_owned()));
    }
    Ok(keys.into_iter().collect())
}

fn measure_searches(catalogue: &Catalogue, keys: &[String]) -> Result<(), Box<dyn Error>> {
    let mut elapsed: Vec<Duration> = Vec::new();
    let mut times: Vec<(Duration, &str, usize)> = Vec::new();
    for key in keys {
        for _ in 0..ROUNDS {
            let (begun, before) = (Instant::now(), cpu());
            let found = catalogue.search(&Query::new(key.as_str()))?;
            times.push((cpu().saturating_sub(before), key, found.total));
            elapsed.push(begun.elapsed());
        }
    }
    times.sort();
    elapsed.sort();
    let at = |hundredth: usize| times.len() * hundredth / 100;
    let [half, ninety, most] = [at(50), at(90), at(99)];
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    println!("search\t{}\t{:.2}\t{:.2}", keys.len(), milliseconds(times[half].0), milliseconds(times[most].0));
    eprintln!("search: {} keys, {ROUNDS} times each", keys.len());
    eprintln!("  CPU     median {:?}, 90 % {:?}, 99 % {:?}", times[half].0, times[ninety].0, times[most].0);
    eprintln!("  elapsed median {:?}, 90 % {:?}, 99 % {:?}", elapsed[half], elapsed[ninety], elapsed[most]);
    let mut slowest: Vec<&str> = Vec::new();
    for (time, key, total) in times.iter().rev() {
        if slowest.len() < 8 && !slowest.contains(key) {
            slowest.push(key);
            eprintln!("  {key:?}: {time:?}, {total} found");
        }
    }
    Ok(())
}

fn measure_reading(catalogue: &Catalogue, target: &Path) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let page = Page { offset: 0, limit: 60 };
    let first = Catalogue::open(target)?.browse(&List::RecentlyUpdated, page)?;
    eprintln!("open and first list: {:?}", begun.elapsed());
    let begun = Instant::now();
    let tiles = catalogue.categories()?;
    eprintln!("categories: {:?} {tiles:?}", begun.elapsed());
    for list in [List::RecentlyUpdated, List::New, List::All, List::Category(Category::Create)] {
        let begun = Instant::now();
        let count = catalogue.browse(&list, page)?.len();
        eprintln!("browse {list:?}: {count} in {:?}", begun.elapsed());
    }
    let begun = Instant::now();
    for row in &first {
        let app = catalogue.app(&row.id)?.ok_or("a listed app has no page")?;
        if app.head != *row {
            return Err("an app's page shows another row".into());
        }
    }
    eprintln!("app pages: {} in {:?}", first.len(), begun.elapsed());
    Ok(())
}

/// Time that this thread, which does all of the work, was on a processor: on a busy machine the clock on the wall says
/// more about the others.
fn cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

fn peak_kib() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).ok_or("no peak")?;
    Ok(line.split_whitespace().nth(1).ok_or("no peak")?.parse()?)
}
