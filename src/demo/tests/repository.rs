//! The real `flatpak` command sees, installs, updates and starts what a made repository holds.

#![allow(clippy::unwrap_used, reason = "tests say what went wrong by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use strata_demo::{AddonSpec, AppSpec, Key, Manners, Repository};
use tempfile::TempDir;

/// A private machine: nothing of the tester's own installations is seen or touched.
struct Machine {
    folder: TempDir,
}

impl Machine {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn flatpak(&self, arguments: &[&str]) -> Output {
        let runtime = self.path("run");
        fs::create_dir_all(&runtime).unwrap();
        let mut command = Command::new("flatpak");
        command.args(arguments).env("LANG", "C.UTF-8").env_remove("LANGUAGE");
        for (name, folder) in [
            ("HOME", "home"),
            ("XDG_RUNTIME_DIR", "run"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_DATA_HOME", "data"),
            ("FLATPAK_USER_DIR", "user"),
            ("FLATPAK_SYSTEM_DIR", "system"),
            ("FLATPAK_CONFIG_DIR", "config"),
        ] {
            command.env(name, self.path(folder));
        }
        let none = format!("unix:path={}", self.path("no-bus").display());
        command.env("DBUS_SESSION_BUS_ADDRESS", &none).env("DBUS_SYSTEM_BUS_ADDRESS", &none);
        command.output().unwrap()
    }

    /// Runs flatpak, which must succeed, and gives what it printed.
    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.flatpak(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn add(&self, url: &str) {
        self.ok(&["--user", "remote-add", "--no-gpg-verify", "tests", url]);
    }
}

fn repository(folder: &Path) -> Repository {
    let mut repository = Repository::create(folder.join("repository")).unwrap();
    repository.runtime("org.example.Platform", "1").unwrap();
    repository
}

#[test]
fn apps_install_start_and_update() {
    let machine = Machine::new();
    let mut repository = repository(machine.folder.path());
    repository.app(&AppSpec::new("org.example.Chess")).unwrap();
    repository.finish().unwrap();
    machine.add(&repository.url());
    machine.ok(&["--user", "install", "-y", "tests", "org.example.Chess"]);
    assert_eq!(machine.ok(&["run", "org.example.Chess"]), "org.example.Chess 1.0\n");
    let mark = machine.path("home/.var/app/org.example.Chess/data/started");
    assert_eq!(fs::read_to_string(mark).unwrap(), "1.0\n");

    let newer = AppSpec::new("org.example.Chess").version("2.0").permissions("[Context]\nshared=network;\n");
    repository.app(&newer).unwrap();
    repository.finish().unwrap();
    let updates = machine.ok(&["--user", "remote-ls", "--updates", "--columns=application", "tests"]);
    assert_eq!(updates, "org.example.Chess\n");
    machine.ok(&["--user", "update", "-y"]);
    assert_eq!(machine.ok(&["run", "org.example.Chess"]), "org.example.Chess 2.0\n");
    assert!(machine.ok(&["info", "--show-permissions", "org.example.Chess"]).contains("network"));
}

#[test]
fn names_of_apps_survive_as_they_are() {
    let machine = Machine::new();
    let mut repository = repository(machine.folder.path());
    let mut app = AppSpec::new("org.example.Markup");
    app.name = "Fish & <Chips>".to_owned();
    repository.app(&app).unwrap();
    repository.finish().unwrap();
    machine.add(&repository.url());
    machine.ok(&["--user", "update", "--appstream", "tests"]);
    assert_eq!(machine.ok(&["--user", "remote-ls", "--app", "--columns=name", "tests"]), "Fish & <Chips>\n");
}

#[test]
fn an_ended_app_names_its_heir_and_sizes_are_real() {
    let machine = Machine::new();
    let mut repository = repository(machine.folder.path());
    repository.app(&AppSpec::new("org.example.New").payload(300_000)).unwrap();
    repository.app(&AppSpec::new("org.example.Old").ended("It moved", Some("org.example.New"))).unwrap();
    repository.finish().unwrap();
    machine.add(&repository.url());
    let ended = machine.ok(&["--user", "remote-info", "tests", "org.example.Old"]);
    assert!(ended.contains("End-of-life: It moved"), "{ended}");
    assert!(ended.contains("app/org.example.New/"), "{ended}");
    let sizes = machine.ok(&["--user", "remote-ls", "--columns=application,download-size", "tests"]);
    let size = sizes.lines().find(|line| line.starts_with("org.example.New")).unwrap();
    // What cannot be compressed, and a little for the rest.
    let number = size.split_whitespace().nth(1).and_then(|number| number.parse::<f64>().ok()).unwrap();
    assert!((300.0..330.0).contains(&number) && size.ends_with("kB"), "{sizes}");
}

#[test]
fn an_addon_belongs_to_its_app() {
    let machine = Machine::new();
    let mut repository = repository(machine.folder.path());
    let mut app = AppSpec::new("org.example.Paint");
    app.extension_point = Some("org.example.Paint.Plugin".to_owned());
    repository.app(&app).unwrap();
    repository.addon(&AddonSpec::new("org.example.Paint.Plugin.Oil", "org.example.Paint")).unwrap();
    repository.finish().unwrap();
    machine.add(&repository.url());
    machine.ok(&["--user", "install", "-y", "tests", "org.example.Paint"]);
    machine.ok(&["--user", "install", "-y", "tests", "org.example.Paint.Plugin.Oil"]);
    let installed = machine.ok(&["--user", "list", "--columns=application"]);
    assert!(installed.contains("org.example.Paint.Plugin.Oil"), "{installed}");
}

#[test]
fn a_broken_commit_does_not_install() {
    let machine = Machine::new();
    let mut repository = repository(machine.folder.path());
    let app = AppSpec::new("org.example.Broken");
    repository.app(&app).unwrap();
    repository.app(&AppSpec::new("org.example.Whole")).unwrap();
    repository.finish().unwrap();
    assert!(repository.break_commit(&app.reference()).unwrap() > 9_000);
    let server = repository.serve().unwrap();
    machine.add(&server.url());
    assert!(!machine.flatpak(&["--user", "install", "-y", "tests", "org.example.Broken"]).status.success());
    machine.ok(&["--user", "install", "-y", "tests", "org.example.Whole"]);
}

#[test]
fn every_object_is_one_of_ostree() {
    let machine = Machine::new();
    let key = Key::shared().unwrap();
    let mut repository = Repository::create(machine.path("repository")).unwrap().signed(key);
    repository.runtime("org.example.Platform", "1").unwrap();
    let mut app = AppSpec::new("org.example.Chess").ended("It moved", Some("org.example.New"));
    // Variants have other offsets from 256 bytes and from 64 kB on.
    app.permissions = format!("[Context]\nfilesystems={};\n", "home;".repeat(20_000));
    let first = repository.app(&app).unwrap();
    let second = repository.app(&AppSpec::new("org.example.Chess").version("2.0").payload(0)).unwrap();
    repository.finish().unwrap();
    let ostree = |words: &[&str]| {
        let output = Command::new("ostree").args(words).arg("--repo").arg(repository.folder()).output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    ostree(&["fsck", "--verify-bindings"]);
    let log = ostree(&["log", &AppSpec::new("org.example.Chess").reference()]);
    assert!(log.contains(&first) && log.contains(&second), "a version follows the one before: {log}");
}

#[test]
fn signatures_are_checked() {
    let machine = Machine::new();
    let key = Key::shared().unwrap();
    let mut repository = Repository::create(machine.path("repository")).unwrap().signed(key.clone());
    repository.runtime("org.example.Platform", "1").unwrap();
    repository.app(&AppSpec::new("org.example.Chess")).unwrap();
    repository.finish().unwrap();
    let right = machine.path("right.gpg");
    fs::write(&right, key.public().unwrap()).unwrap();
    let wrong = machine.path("wrong.gpg");
    fs::write(&wrong, Key::create().unwrap().public().unwrap()).unwrap();
    for (name, file, expected) in [("right", &right, true), ("wrong", &wrong, false)] {
        let import = format!("--gpg-import={}", file.display());
        let added = machine.flatpak(&["--user", "remote-add", &import, name, &repository.url()]);
        assert_eq!(added.status.success(), expected, "{name}");
    }
    machine.ok(&["--user", "install", "-y", "right", "org.example.Chess"]);
}

#[test]
fn a_connection_that_breaks_off_fails_the_install_and_a_mended_one_does_not() {
    let machine = Machine::new();
    let mut repository = repository(machine.folder.path());
    repository.app(&AppSpec::new("org.example.Large").payload(2_000_000)).unwrap();
    repository.finish().unwrap();
    let server = repository.serve().unwrap();
    machine.add(&server.url());
    machine.ok(&["--user", "install", "-y", "tests", "org.example.Platform"]);
    server.behave(Manners { cut_after: Some(500_000), ..Manners::default() });
    assert!(!machine.flatpak(&["--user", "install", "-y", "tests", "org.example.Large"]).status.success());
    server.behave(Manners::default());
    machine.ok(&["--user", "install", "-y", "tests", "org.example.Large"]);
    assert!(server.sent() > 2_500_000);
}
