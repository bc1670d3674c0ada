//! Times the window in the world that it is started in, on a display that is there, beside `bare`.
//!
//! `measure-window PROGRAMS RUNS`
//!
//! PROGRAMS is the folder with `strata` and `stratactl`; `bare` lies beside this program. Standard output has rows of a
//! Markdown table for `benches/run`. What is timed are the moments that `marks.rs` tells of: a widget's frame has been
//! painted, drawn without a graphics card.

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Nothing may take longer.
const DEADLINE: Duration = Duration::from_mins(1);
/// How long a program has to be quiet to rest …
const QUIET: Duration = Duration::from_secs(2);
/// … of hundredths of a second: what asking the main loop whether it turns takes in that time, at most.
const WATCHING: u64 = 30;
/// What is typed, key by key.
const TYPED: &str = "editor";
/// How many pages of apps are opened before memory is counted.
const PAGES: usize = 10;
/// First starts that are timed: the very first has the disk still busy with the world that was just made.
const FIRST_STARTS: usize = 3;

/// Whether the program asks its main loop all the time whether it turns, to know how long it stalls.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Watch {
    Stalls,
    Nothing,
}

/// A program that runs, and the moments it told of.
struct Running {
    watch: Watch,
    child: Child,
    begun: Instant,
    moments: Receiver<(Instant, String)>,
}

/// What was painted, when, and the longest stall before.
struct Moment {
    after: Duration,
    stall: u64,
}

impl Running {
    fn start(program: &Path, watch: Watch) -> Result<Self> {
        let mut command = Command::new(program);
        let stalls = if watch == Watch::Stalls { ",stalls=debug" } else { "" };
        command.env("STRATA_LOG", format!("error,marks=debug{stalls}")).stdin(Stdio::null());
        let begun = Instant::now();
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let errors = child.stderr.take().ok_or("no standard error")?;
        let (told, moments) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(errors).lines().map_while(std::result::Result::ok) {
                if told.send((Instant::now(), line)).is_err() {
                    return;
                }
            }
        });
        Ok(Self { watch, child, begun, moments })
    }

    /// Waits until this has been painted, since a moment.
    fn painted(&self, what: &str, since: Instant) -> Result<Moment> {
        let sign = format!("painted {what};");
        let mut worst = 0;
        loop {
            let (when, line) = self.moments.recv_timeout(DEADLINE).map_err(|_| format!("{what} was not painted"))?;
            worst = worst.max(stall(&line));
            if line.contains(&sign) && when >= since {
                return Ok(Moment { after: when - since, stall: worst });
            }
        }
    }

    fn start_until(program: &Path, what: &str, watch: Watch) -> Result<(Self, Moment)> {
        let running = Self::start(program, watch)?;
        let moment = running.painted(what, running.begun)?;
        Ok((running, moment))
    }

    /// Waits until it uses no processor time, but for what watching takes.
    fn rests(&self) -> Result<()> {
        let most = if self.watch == Watch::Stalls { WATCHING } else { 0 };
        let begun = Instant::now();
        while begun.elapsed() < DEADLINE {
            let before = ticks(self.child.id())?;
            std::thread::sleep(QUIET);
            if ticks(self.child.id())? - before <= most {
                return Ok(());
            }
        }
        Err("the window does not come to rest".into())
    }

    /// The longest stall since the last moment, now that it rests.
    fn stalled(&self) -> u64 {
        self.moments.try_iter().map(|(_, line)| stall(&line)).max().unwrap_or_default()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let programs = PathBuf::from(arguments.next().ok_or("where are the programs?")?);
    let runs: usize = arguments.next().and_then(|text| text.to_str()?.parse().ok()).ok_or("how many runs?")?;
    let bare = std::env::current_exe()?.with_file_name("bare");
    let strata = programs.join("strata");
    first_start(&strata)?;
    starts(&strata, &bare, runs)?;
    searches(&strata, runs)?;
    pages(&strata, &programs.join("stratactl"))?;
    rest(&strata, &bare, &programs.join("stratactl"))
}

/// No catalogue yet: only the lists of the machine are there.
fn first_start(strata: &Path) -> Result<()> {
    let cache = PathBuf::from(std::env::var_os("XDG_CACHE_HOME").ok_or("no cache folder")?).join("strata");
    let mut times = Vec::new();
    for _ in 0..FIRST_STARTS {
        end_engine()?;
        if cache.exists() {
            fs::remove_dir_all(&cache)?;
        }
        let (_running, moment) = Running::start_until(strata, "explore", Watch::Nothing)?;
        times.push(moment.after);
    }
    let first = times[0].as_millis();
    let words = format!("{} ms, middle of {FIRST_STARTS}; the very first {first} ms", middle(&mut times).as_millis());
    row("first start without a catalogue → apps listed", &words, "≤ 1,000 ms");
    Ok(())
}

fn starts(strata: &Path, bare: &Path, runs: usize) -> Result<()> {
    let (mut own, mut least) = (Vec::new(), Vec::new());
    // The engine still builds the catalogue of the first start, and leaves with nothing to do.
    engine_ends()?;
    // In turns: how quick a machine is changes while others use it too.
    for _ in 0..runs {
        least.push(Running::start_until(bare, "bare", Watch::Nothing)?.1.after);
        own.push(Running::start_until(strata, "explore", Watch::Nothing)?.1.after);
    }
    let (own, least) = (middle(&mut own), middle(&mut least));
    let figures = format!(
        "{} ms; the smallest window {} ms: + {} ms",
        own.as_millis(),
        least.as_millis(),
        own.saturating_sub(least).as_millis()
    );
    row("start → content shown, with a catalogue", &figures, "+ 80 ms");
    let mut worst = 0;
    for _ in 0..runs {
        let (running, _) = Running::start_until(strata, "explore", Watch::Stalls)?;
        running.rests()?;
        worst = worst.max(running.stalled());
    }
    row("worst stall of the main loop, once content is shown, until it rests", &format!("{worst} ms"), "≤ 50 ms");
    Ok(())
}

fn searches(strata: &Path, runs: usize) -> Result<()> {
    let (running, _) = Running::start_until(strata, "explore", Watch::Stalls)?;
    running.rests()?;
    focus(running.child.id())?;
    let (mut last_keys, mut stall) = (Vec::new(), 0);
    for _ in 0..runs {
        keys(&["key", "ctrl+f"])?;
        for end in 1..=TYPED.len() {
            let typed = &TYPED[..end];
            let pressed = Instant::now();
            keys(&["key", &typed[end - 1..]])?;
            // One letter is not searched for in names that are no beginnings; what is found is painted all the same.
            let moment = running.painted(&format!("found {typed}"), pressed)?;
            stall = stall.max(moment.stall);
            if end == TYPED.len() {
                last_keys.push(moment.after);
            }
        }
        keys(&["key", "Escape"])?;
        keys(&["key", "Escape"])?;
        running.rests()?;
    }
    let middle = middle(&mut last_keys).as_millis();
    row(
        &format!("last key of “{TYPED}” → results painted, with what `xdotool` takes"),
        &format!("{middle} ms"),
        "≤ 50 ms",
    );
    row("worst stall of the main loop while typing", &format!("{stall} ms"), "≤ 50 ms");
    Ok(())
}

/// Stalls while pages are opened.
fn pages(strata: &Path, stratactl: &Path) -> Result<()> {
    let (running, _) = Running::start_until(strata, "explore", Watch::Stalls)?;
    running.rests()?;
    let mut stall = 0;
    for id in apps(stratactl)?.iter().take(PAGES) {
        let asked = Instant::now();
        Command::new(strata).args(["--app", id]).status()?;
        stall = stall.max(running.painted("app", asked)?.stall);
        running.rests()?;
        stall = stall.max(running.stalled());
    }
    row("worst stall of the main loop while pages are opened", &format!("{stall} ms"), "≤ 50 ms");
    Ok(())
}

/// Memory, and processor time at rest.
fn rest(strata: &Path, bare: &Path, stratactl: &Path) -> Result<()> {
    let least = {
        let (bare, _) = Running::start_until(bare, "bare", Watch::Nothing)?;
        bare.rests()?;
        anonymous(bare.child.id())?
    };
    let (running, _) = Running::start_until(strata, "explore", Watch::Nothing)?;
    for id in apps(stratactl)?.iter().take(PAGES) {
        let asked = Instant::now();
        Command::new(strata).args(["--app", id]).status()?;
        running.painted("app", asked)?;
        running.rests()?;
    }
    let page = anonymous(running.child.id())?;
    Command::new(strata).args(["--page", "explore"]).status()?;
    running.rests()?;
    let explore = anonymous(running.child.id())?;
    let size = |kib: u64| format!("{}.{} MB", kib / 1024, kib % 1024 * 10 / 1024);
    let figures =
        format!("{} on Explore, {} on an app’s page; the smallest window {}", size(explore), size(page), size(least));
    row(&format!("anonymous memory after {PAGES} pages of apps"), &figures, "smallest + 30 MB");
    let before = ticks(running.child.id())?;
    std::thread::sleep(Duration::from_secs(10));
    let used = ticks(running.child.id())? - before;
    row("processor time at rest on Explore, in ten seconds", &format!("{} ms", used * 10), "0");
    if let Some(engine) = engine()? {
        row("anonymous memory of the engine", &size(anonymous(engine)?), "≤ 8 MB");
    }
    Ok(())
}

fn row(what: &str, own: &str, goal: &str) {
    println!("| {what} | {own} | – | {goal} |");
}

fn middle(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn stall(line: &str) -> u64 {
    let number = line.rsplit("stall ").next().and_then(|rest| rest.strip_suffix(" ms"));
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Ids of apps that have pages, well apart from each other in a search.
fn apps(stratactl: &Path) -> Result<Vec<String>> {
    let output = Command::new(stratactl).args(["--json", "search", "--limit", "50", TYPED]).output()?;
    let found: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let ids = found.as_array().ok_or("no list of apps")?.iter().filter_map(|app| app["id"].as_str());
    let ids: Vec<String> = ids.map(str::to_owned).collect();
    if ids.len() < PAGES { Err("too few apps are found".into()) } else { Ok(ids) }
}

fn keys(words: &[&str]) -> Result<()> {
    if Command::new("xdotool").args(words).status()?.success() { Ok(()) } else { Err("xdotool failed".into()) }
}

fn focus(pid: u32) -> Result<()> {
    let found = Command::new("xdotool").args(["search", "--onlyvisible", "--pid", &pid.to_string()]).output()?;
    let id = String::from_utf8(found.stdout)?.lines().next().ok_or("there is no window")?.to_owned();
    keys(&["windowfocus", "--sync", &id])
}

/// Processor time so far, in hundredths of a second.
fn ticks(pid: u32) -> Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let after = stat.rsplit(')').next().ok_or("no such line")?;
    let field = |at: usize| after.split_whitespace().nth(at).and_then(|text| text.parse::<u64>().ok());
    Ok(field(11).zip(field(12)).map(|(user, system)| user + system).ok_or("no times")?)
}

/// In KiB.
fn anonymous(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).ok_or("no such line")?;
    Ok(line.split_whitespace().next().ok_or("no size")?.parse()?)
}

/// The engine of this world.
fn engine() -> Result<Option<u32>> {
    let own = format!("XDG_CACHE_HOME={}", std::env::var("XDG_CACHE_HOME")?);
    for entry in fs::read_dir("/proc")? {
        let Ok(pid) = entry?.file_name().to_string_lossy().parse::<u32>() else { continue };
        let is_engine =
            fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.starts_with("strata-service"));
        let is_ours = || {
            fs::read(format!("/proc/{pid}/environ"))
                .is_ok_and(|all| all.split(|byte| *byte == 0).any(|one| one == own.as_bytes()))
        };
        if is_engine && is_ours() {
            return Ok(Some(pid));
        }
    }
    Ok(None)
}

fn engine_ends() -> Result<()> {
    let begun = Instant::now();
    while engine()?.is_some() {
        if begun.elapsed() > DEADLINE {
            return Err("the engine does not leave".into());
        }
        std::thread::sleep(QUIET);
    }
    Ok(())
}

fn end_engine() -> Result<()> {
    let begun = Instant::now();
    while let Some(pid) = engine()? {
        Command::new("kill").arg(pid.to_string()).status()?;
        if begun.elapsed() > DEADLINE {
            return Err("the engine does not end".into());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
