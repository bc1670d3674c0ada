//! Apps that come to lie in another folder.

use super::*;
use crate::library::running::runs;
use std::process::{Command, Stdio};

const HERE: &str = "Applications/App.AppImage";
const THERE: &str = "big/apps/App.AppImage";

fn own() -> Settings {
    Settings { portable_home: true, portable_config: true, ..Settings::default() }
}

fn go(world: &World, settings: Settings, folder: &str) -> Result<Changed, LibraryError> {
    world.library().configure(ID, settings, true, &Place::Folder(world.path(folder)))
}

/// An app with a version before and something in its own folders.
fn lived_in() -> World {
    let world = World::new();
    world.install(&app("1"));
    world.library().update(ID, &world.fetched(&app("2"))).unwrap();
    world.put(&format!("{HERE}.home/notes"), b"precious");
    std::os::unix::fs::symlink("nowhere", world.path(&format!("{HERE}.home/link"))).unwrap();
    world
}

#[test]
fn all_that_is_an_apps_goes_along_and_nothing_stays() {
    let world = lived_in();
    let settings = Settings { portable_home: true, ..Settings::default() };
    let record = go(&world, settings, "big/apps").unwrap().record;
    assert_eq!((record.path, record.previous.is_some()), (world.path(THERE), true));
    let desktop = world.text(".local/share/applications/org.example.App.desktop");
    assert!(desktop.contains(&format!("TryExec={}\n", world.path(THERE).display())), "{desktop}");
    assert!(!desktop.contains(HERE), "{desktop}");
    assert_eq!(world.text(&format!("{THERE}.home/notes")), "precious");
    assert_eq!(std::fs::read_link(world.path(&format!("{THERE}.home/link"))).unwrap(), Path::new("nowhere"));
    assert_eq!(std::fs::read_dir(world.path("Applications")).unwrap().count(), 0);
    let installed = world.library().one(ID).unwrap();
    assert_eq!((installed.presence, installed.lacks), (Presence::There, vec![]));
    // And it goes on there: back to the version before, and away.
    world.library().go_back(ID).unwrap();
    assert_eq!(std::fs::read(world.path(THERE)).unwrap(), app("1"));
    world.library().remove(ID, true).unwrap();
    assert_eq!(std::fs::read_dir(world.path("big/apps")).unwrap().count(), 0);
}

#[test]
fn the_folder_that_it_lies_in_is_no_other_by_whichever_path() {
    let world = lived_in();
    std::os::unix::fs::symlink(world.path("Applications"), world.path("link")).unwrap();
    for folder in ["Applications", "link", "Applications/"] {
        let settings = Settings { portable_home: true, ..Settings::default() };
        assert_eq!(go(&world, settings, folder).unwrap().record.path, world.path(HERE), "{folder}");
    }
}

#[test]
fn folders_of_its_own_are_as_they_are_there_whoever_made_them() {
    let world = lived_in();
    let record = world.library().get(ID).unwrap();
    assert!(!record.settings.portable_home && record.settings_now().portable_home);
    // It was not switched on, and cannot be switched off either as long as there is something in it.
    let refused = go(&world, Settings::default(), "Applications").unwrap_err();
    assert!(matches!(&refused, LibraryError::NotEmpty(path) if *path == world.path(&format!("{HERE}.home"))));
    std::fs::remove_dir_all(world.path(&format!("{HERE}.home"))).unwrap();
    std::fs::create_dir(world.path(&format!("{HERE}.home"))).unwrap();
    go(&world, Settings::default(), "Applications").unwrap();
    assert!(!world.path(&format!("{HERE}.home")).exists(), "an empty one goes, whoever made it");
    // What the person moved there before is the app's own.
    world.put(&format!("{THERE}.home/notes"), b"mine");
    let refused = go(&world, Settings::default(), "big/apps").unwrap_err();
    assert!(matches!(refused, LibraryError::InTheWay(_)), "it would be used, and nobody wishes that: {refused}");
    go(&world, Settings { portable_home: true, ..Settings::default() }, "big/apps").unwrap();
    assert_eq!(world.text(&format!("{THERE}.home/notes")), "mine");
}

#[test]
fn where_it_cannot_lie_all_stays_as_it_was() {
    type Put = fn(&World);
    let folder = |world: &World, name: &str| world.path(name);
    let cases: [(&str, Put, &str); 7] = [
        ("a file", |world| drop(world.put("big/apps", b"")), "no folder"),
        ("a file above", |world| drop(world.put("big", b"")), "Not a directory"),
        ("its name is taken", |world| drop(world.put(THERE, b"theirs")), "in the way"),
        ("its data's name is taken", |world| drop(world.put(&format!("{THERE}.home/x"), b"theirs")), "in the way"),
        ("of the version before", |world| drop(world.put("big/apps/.App.AppImage.previous", b"x")), "in the way"),
        (
            "of another app that is away",
            |world| {
                let path = world.put(THERE, &other(made::DESKTOP));
                world.library().install(&new(&path), &Place::Here, Settings::default()).unwrap();
                std::fs::rename(path, world.path("away")).unwrap();
            },
            "in the way",
        ),
        (
            "its data is a link",
            |world| {
                std::fs::rename(world.path(&format!("{HERE}.home")), world.path("data")).unwrap();
                std::os::unix::fs::symlink("../data", world.path(&format!("{HERE}.home"))).unwrap();
            },
            "cannot be renamed",
        ),
    ];
    for (what, put, why) in cases {
        let world = lived_in();
        put(&world);
        let before = world.tree();
        let settings = Settings { portable_home: true, ..Settings::default() };
        let refused = go(&world, settings, "big/apps").unwrap_err();
        assert!(refused.to_string().contains(why), "{what}: {refused}");
        assert!(world.tree() == before, "{what}");
    }
    let world = lived_in();
    let before = world.tree();
    for name in ["a=b", "a\nb", "a/../b", &format!("{HERE}.home/apps")] {
        let settings = Settings { portable_home: true, ..Settings::default() };
        let place = Place::Folder(folder(&world, name));
        let refused = world.library().configure(ID, settings, true, &place).unwrap_err();
        assert!(matches!(refused, LibraryError::BadFolder(_)), "{name}: {refused}");
    }
    let relative = world.library().configure(ID, own(), true, &Place::Folder("apps".into())).unwrap_err();
    assert!(matches!(relative, LibraryError::BadFolder(_)), "{relative}");
    assert_eq!(world.tree(), before);
}

#[test]
fn a_file_that_somebody_changed_is_not_taken_along_unread() {
    let world = lived_in();
    world.put(HERE, &app("3"));
    let settings = Settings { portable_home: true, ..Settings::default() };
    assert!(matches!(go(&world, settings.clone(), "big/apps"), Err(LibraryError::Changed)));
    world.library().reread(ID).unwrap();
    go(&world, settings, "big/apps").unwrap();
    assert_eq!(std::fs::read(world.path(THERE)).unwrap(), app("3"));
}

#[test]
fn a_version_before_that_somebody_took_away_is_not_missed() {
    let world = lived_in();
    std::fs::remove_file(world.path("Applications/.App.AppImage.previous")).unwrap();
    let record = go(&world, Settings { portable_home: true, ..Settings::default() }, "big/apps").unwrap().record;
    assert_eq!((record.previous, record.path), (None, world.path(THERE)));
}

#[test]
fn data_is_not_taken_away_from_an_app_that_runs() {
    let world = World::new();
    // A program of the machine's that waits for what never comes, with a bundle behind it.
    let mut program = std::fs::read("/bin/cat").unwrap();
    program[8..11].copy_from_slice(b"AI\x02");
    let desktop = made::squash(Compressor::Gzip, &[("org.example.App.desktop", In::File(made::DESKTOP.as_bytes()))]);
    program.extend(desktop);
    world.install(&program);
    go(&world, own(), "Applications").unwrap();
    let mut running = Command::new(world.path(HERE)).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    assert!(runs(&world.path(HERE)));
    let before = world.tree();
    let refused = go(&world, own(), "big/apps").unwrap_err();
    assert!(matches!(&refused, LibraryError::Running(name) if name == "App"), "{refused}");
    assert_eq!(world.tree(), before);
    // Without such folders nothing is taken away from it.
    go(&world, Settings::default(), "big/apps").unwrap();
    assert!(runs(&world.path(THERE)));
    drop(running.stdin.take());
    running.wait().unwrap();
    assert!(!runs(&world.path(THERE)));
    go(&world, own(), "Applications").unwrap();
}
