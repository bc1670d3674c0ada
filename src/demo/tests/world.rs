//! A world makes itself, is what it says, and leaves nothing behind.

#![allow(clippy::unwrap_used, reason = "tests say what went wrong by panicking")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use strata_demo::{Scenario, World, WorldOptions};

fn world(scenario: Scenario) -> World {
    World::create(&WorldOptions { scenario, ..WorldOptions::default() }).unwrap()
}

/// Runs a command in the world, which must succeed, and gives what it printed.
fn ok(world: &World, words: &[&str]) -> String {
    let output = world.command(words[0]).args(&words[1..]).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < deadline, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Processes that have the folder in their environment.
fn members(folder: &Path) -> usize {
    let mark = format!("STRATA_WORLD={}", folder.display());
    let environments = std::fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path().join("environ"));
    let texts = environments.filter_map(|path| std::fs::read(path).ok());
    texts.filter(|text| text.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes())).count()
}

#[test]
fn the_default_world_is_lived_in() {
    let began = Instant::now();
    let world = world(Scenario::Default);
    println!("a world in {:.1} s", began.elapsed().as_secs_f64());
    let apps = ok(&world, &["flatpak", "remote-ls", "--app", "--columns=application", "orchard"]);
    assert!(apps.lines().count() >= 30, "{apps}");
    let updates = ok(&world, &["flatpak", "remote-ls", "--updates", "--app", "--columns=application"]);
    assert!(updates.contains("io.github.pigmentlab.Gouache"), "{updates}");
    let unused = ok(&world, &["flatpak", "list", "--runtime", "--columns=application,branch"]);
    assert!(unused.contains("org.orchard.Platform\t25"), "{unused}");
    assert!(ok(&world, &["flatpak", "run", "io.github.frameby.Stillframe"]).contains("Stillframe"));
}

#[test]
fn everything_ends_with_the_world() {
    let world = world(Scenario::Bare);
    let folder = world.folder().to_owned();
    let sleeper = world.command("sleep").arg("600").stdin(Stdio::null()).spawn();
    assert!(members(&folder) >= 3, "two buses and a command");
    drop(world);
    assert!(!folder.exists());
    assert_eq!(members(&folder), 0);
    sleeper.unwrap().wait().unwrap();
}

#[test]
fn everything_ends_when_the_maker_is_killed() {
    let mut demo = Command::new(env!("CARGO_BIN_EXE_strata-demo"))
        .args(["--scenario", "bare", "--", "sh", "-c", "echo $STRATA_WORLD; exec sleep 600"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(demo.stdout.take().unwrap()), &mut line).unwrap();
    let folder = Path::new(line.trim());
    assert!(folder.join("run/bus").exists());
    demo.kill().unwrap();
    demo.wait().unwrap();
    until("the folder is gone", || !folder.exists());
    until("the processes are gone", || members(folder) == 0);
}

#[test]
fn the_command_has_the_last_word() {
    let demo = Command::new(env!("CARGO_BIN_EXE_strata-demo"))
        .args(["--scenario", "bare", "--", "sh", "-c", "flatpak remotes; exit 7"])
        .output()
        .unwrap();
    assert_eq!(demo.status.code(), Some(7));
    let said = String::from_utf8(demo.stdout).unwrap();
    assert_eq!(said.trim(), "", "no remotes, and nothing of strata-demo itself");
}

#[test]
fn an_empty_world_can_be_filled() {
    let world = world(Scenario::Empty);
    let file = format!("{}/meadow.flatpakrepo", world.server().unwrap().url());
    ok(&world, &["flatpak", "remote-add", "--user", "--from", "meadow", &file]);
    let apps = ok(&world, &["flatpak", "remote-ls", "--app", "--columns=application", "meadow"]);
    assert!(apps.contains("net.herbaria.Herbarium"), "{apps}");
}

#[test]
fn pictures_are_drawn_when_they_are_looked_at_and_nothing_else_is_served() {
    let world = world(Scenario::Bare);
    let url = world.server().unwrap().url();
    let picture = world.folder().join("picture.png");
    ok(&world, &["curl", "-sf", "-o", picture.to_str().unwrap(), &format!("{url}/screens/org.rookery.Rookery-0.png")]);
    assert!(std::fs::read(picture).unwrap().starts_with(b"\x89PNG"));
    let outside = format!("{url}/../etc/session-bus.conf");
    for missing in [format!("{url}/screens/org.rookery.Rookery-9.png"), outside] {
        let status = world.command("curl").args(["-sf", "--path-as-is", &missing]).status().unwrap();
        assert!(!status.success(), "{missing}");
    }
}
