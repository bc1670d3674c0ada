//! Builds a catalogue from an AppStream file and times what readers do with it.
//!
//! `cargo run --release -p strata-catalogue --example measure -- FILE [ICONS [WORDS…]]`

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use strata_catalogue::{BuildPlan, Catalogue, List, Page, Query, build};
use strata_model::SourceKind;
use strata_model::feed::Feed;

/// What is typed, key by key.
const TYPED: [&str; 12] = [
    "editor",
    "firefox",
    "photo editing",
    "text editor",
    "video player",
    "chess",
    "music",
    "calculator",
    "gnome image viewer",
    "e",
    "disk usage",
    "libreoffice writer",
];
const ROUNDS: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let file = PathBuf::from(arguments.next().ok_or("which file?")?);
    let icons = arguments.next().map_or_else(|| file.with_file_name("icons"), PathBuf::from);
    let words: Vec<String> = arguments.filter_map(|word| word.into_string().ok()).collect();
    let target = file.with_file_name("measured-catalogue.db");
    measure_build(&file, &icons, &target)?;
    let catalogue = Catalogue::open(&target)?;
    if words.is_empty() {
        measure_searches(&catalogue)?;
        measure_reading(&catalogue, &target)?;
    } else {
        show(&catalogue, &words.join(" "))?;
    }
    Ok(())
}

fn measure_build(file: &Path, icons: &Path, target: &Path) -> Result<(), Box<dyn Error>> {
    let feed = Feed {
        source: SourceKind::Flatpak,
        scope: "user".to_owned(),
        origin: "measured".to_owned(),
        url: "https://example.org/".to_owned(),
        priority: 1,
        file: file.to_owned(),
        icons: icons.to_owned(),
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
    let (cpu, begun) = (cpu(), Instant::now());
    let report = build(&plan)?;
    let spent = self::cpu().saturating_sub(cpu);
    println!(
        "build: {} apps, {} add-ons, {spent:?} CPU, {:?} elapsed, peak {} KiB, file {} KiB",
        report.apps,
        report.addons,
        begun.elapsed(),
        peak_kib()?,
        target.metadata()?.len() / 1024
    );
    for loss in &report.losses {
        println!("  left out: {loss:?}");
    }
    Ok(())
}

fn measure_searches(catalogue: &Catalogue) -> Result<(), Box<dyn Error>> {
    let mut elapsed: Vec<Duration> = Vec::new();
    let mut times: Vec<(Duration, String, usize)> = Vec::new();
    for typed in TYPED {
        for (end, c) in typed.char_indices() {
            let key = &typed[..end + c.len_utf8()];
            for _ in 0..ROUNDS {
                let (begun, before) = (Instant::now(), cpu());
                let found = catalogue.search(&Query::new(key))?;
                times.push((cpu().saturating_sub(before), key.to_owned(), found.total));
                elapsed.push(begun.elapsed());
            }
        }
    }
    times.sort();
    elapsed.sort();
    let at = |hundredth: usize| times.len() * hundredth / 100;
    let [half, ninety, most] = [at(50), at(90), at(99)];
    println!("search: {} keys", times.len());
    println!("  CPU     median {:?}, 90 % {:?}, 99 % {:?}", times[half].0, times[ninety].0, times[most].0);
    println!("  elapsed median {:?}, 90 % {:?}, 99 % {:?}", elapsed[half], elapsed[ninety], elapsed[most]);
    let mut slowest: Vec<&str> = Vec::new();
    for (time, key, total) in times.iter().rev() {
        if slowest.len() < 8 && !slowest.contains(&key.as_str()) {
            slowest.push(key);
            println!("  {key:?}: {time:?}, {total} found");
        }
    }
    Ok(())
}

fn measure_reading(catalogue: &Catalogue, target: &Path) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let page = Page { offset: 0, limit: 60 };
    let first = Catalogue::open(target)?.browse(&List::RecentlyUpdated, page)?;
    println!("open and first list: {:?}", begun.elapsed());
    let begun = Instant::now();
    let tiles = catalogue.categories()?;
    println!("categories: {:?} {tiles:?}", begun.elapsed());
    for list in [List::RecentlyUpdated, List::New, List::All, List::Category(strata_catalogue::Category::Create)] {
        let begun = Instant::now();
        let count = catalogue.browse(&list, page)?.len();
        println!("browse {list:?}: {count} in {:?}", begun.elapsed());
    }
    let begun = Instant::now();
    for row in &first {
        let app = catalogue.app(&row.id)?.ok_or("a listed app has no page")?;
        if app.head != *row {
            return Err("an app's page shows another row".into());
        }
    }
    println!("app pages: {} in {:?}", first.len(), begun.elapsed());
    Ok(())
}

fn show(catalogue: &Catalogue, words: &str) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let found = catalogue.search(&Query { text: words.to_owned(), limit: 15 })?;
    println!("{words}: {} in {:?}, corrected to {:?}", found.total, begun.elapsed(), found.corrected);
    for app in &found.apps {
        println!("  {} ({}): {}", app.name, app.id, app.summary);
    }
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
