//! Disks that keep no mark for programs, or have none but programs, as memory sticks do.

use super::*;
use std::io::ErrorKind;

/// A library on such a disk.
fn library(world: &World, kind: impl FnOnce(&mut Disk)) -> Library {
    let mut library = world.library();
    kind(&mut library.disk);
    library
}

fn settled(library: &Library) -> bool {
    let recovered = library.recover().unwrap();
    recovered.faults.is_empty() && recovered.done.is_empty() && recovered.undone.is_empty()
}

#[test]
fn where_nothing_can_be_made_a_program_nothing_is_installed() {
    type Kind = fn(&mut Disk);
    let kinds: [(&str, Kind); 4] = [
        ("as FAT is, which has neither", |disk| (disk.no_programs, disk.one_name) = (true, true)),
        ("with second names", |disk| disk.no_programs = true),
        ("that says no", |disk| disk.refuses = Some(ErrorKind::PermissionDenied)),
        ("that says that it cannot", |disk| disk.refuses = Some(ErrorKind::Unsupported)),
    ];
    for (what, kind) in kinds {
        for name in ["Downloads", "Applications"] {
            let world = World::new();
            let (file, folder) = (world.put("Downloads/App.AppImage", &app("1")), world.path(name));
            let place = if file.starts_with(&folder) { Place::Here } else { Place::Folder(folder.clone()) };
            let before = world.tree();
            let library = library(&world, kind);
            let refused = library.install(&new(&file), &place, Settings::default());
            assert!(matches!(&refused, Err(LibraryError::NoPrograms(path)) if *path == folder), "{what}: {refused:?}");
            assert_eq!(world.tree(), before, "{what}: {place:?}");
            assert!(settled(&library), "{what}: {place:?}");
        }
    }
}

#[test]
fn where_all_is_a_program_already_nothing_has_to_be_made_one() {
    for refuses in [ErrorKind::PermissionDenied, ErrorKind::Unsupported] {
        let world = World::new();
        let library = library(&world, |disk| disk.refuses = Some(refuses));
        let place = Place::Folder(world.path("Applications"));
        let put = |below: &str, bytes: &[u8]| {
            let path = world.put(below, bytes);
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o777)).unwrap();
            new(&path)
        };
        library.install(&put("Downloads/App.AppImage", &app("1")), &place, Settings::default()).unwrap();
        library.install(&put("Downloads/other", &other(made::DESKTOP)), &Place::Here, Settings::default()).unwrap();
        library.update(ID, &put("Applications/.strata-0000.part", &app("2"))).unwrap();
        assert!(settled(&library));
    }
}

#[test]
fn a_file_is_made_one_that_starts_only_where_it_is_none() {
    type Kind = fn(&mut Disk);
    let kinds: [(Kind, bool); 3] = [
        (|_| {}, true),
        (|disk| disk.no_programs = true, false),
        (|disk| disk.refuses = Some(ErrorKind::PermissionDenied), false),
    ];
    for (kind, keeps_marks) in kinds {
        let world = World::new();
        let (file, library) = (world.put("Downloads/App.AppImage", &app("1")), library(&world, kind));
        for (before, after) in [(0o640, 0o740), (0o700, 0o700), (0o555, 0o555)] {
            std::fs::set_permissions(&file, PermissionsExt::from_mode(before)).unwrap();
            let marked = library.make_startable(&Candidate::read(&file).unwrap());
            let mode = file.metadata().unwrap().permissions().mode() & 0o777;
            if keeps_marks || before == after {
                marked.unwrap();
                assert_eq!(mode, after);
            } else {
                assert!(matches!(&marked, Err(LibraryError::NoPrograms(path)) if *path == world.path("Downloads")));
                assert_eq!(mode, before);
            }
        }
        assert_eq!(world.names(), ["Downloads/App.AppImage"]);
    }
}

#[test]
fn a_file_of_somebody_elses_is_not_the_disks_fault() {
    let world = World::new();
    let file = world.put("Downloads/App.AppImage", &app("1"));
    if std::os::unix::fs::chown(&file, Some(7), None).is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI may give files away");
        eprintln!("skipped: no right to give a file away here");
        return;
    }
    let library = library(&world, |disk| disk.refuses = Some(ErrorKind::PermissionDenied));
    let refused = library.install(&new(&file), &Place::Here, Settings::default());
    let Err(LibraryError::Io { path, error }) = &refused else { panic!("{refused:?}") };
    assert_eq!((path, error.kind()), (&file, ErrorKind::PermissionDenied));
    assert!(settled(&library));
    let refused = library.make_startable(&Candidate::read(&file).unwrap());
    assert!(matches!(&refused, Err(LibraryError::Io { path, .. }) if *path == file), "{refused:?}");
}

#[test]
fn what_is_refused_or_broken_off_is_no_program_afterwards() {
    let world = World::new();
    let file = world.put("Downloads/App.AppImage", &app("1"));
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o640)).unwrap();
    let before = world.tree();
    let places = world.library().places.clone();
    for place in [Place::Here, Place::Folder(world.path("Applications"))] {
        let marked = file.clone();
        let (change, mode) = (places.change(ID), |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777);
        // It is a program by now, and what comes next is the decision.
        let gate =
            move || if mode(&marked) == 0o755 && change.exists() { Err(ErrorKind::StorageFull.into()) } else { Ok(()) };
        let library = Library { disk: Disk::gated(gate), ..world.library() };
        assert!(library.install(&new(&file), &place, Settings::default()).is_err());
        assert_eq!(mode(&file), 0o755, "nothing could be done about it either");
        assert_eq!(world.library().recover().unwrap().undone, [ID]);
        assert_eq!(world.tree(), before, "{place:?}");
    }
}
