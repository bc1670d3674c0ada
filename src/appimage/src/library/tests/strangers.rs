//! Files of the person's own that come while an app is installed: none of them is replaced or taken away unread.

use super::*;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Most steps that an install takes.
const STEPS: usize = 60;

/// Installs what lies in the downloads; before a step something happens. Whether it did, and whether the app is there.
fn install_while(one_name: bool, step: usize, happens: impl Fn(&Path) + Send + Sync + 'static) -> (World, bool, bool) {
    let world = World::new();
    let file = world.put("Downloads/App.AppImage", &app("1"));
    let (home, steps) = (world.home.clone(), Arc::new(AtomicUsize::new(0)));
    let taken = Arc::clone(&steps);
    let gate = move || -> io::Result<()> {
        if steps.fetch_add(1, Ordering::SeqCst) == step {
            happens(&home);
        }
        Ok(())
    };
    let mut library = Library { disk: Disk::gated(gate), ..world.library() };
    library.disk.one_name = one_name;
    let folder = Place::Folder(world.path("Applications"));
    let installed = library.install(&new(&file), &folder, Settings::default());
    let is_done = installed.is_ok();
    if let Err(error) = installed {
        assert!(matches!(error, LibraryError::Changed | LibraryError::InTheWay(_)), "at step {step}: {error}");
        assert_eq!(world.library().all().unwrap().apps.len(), 0, "at step {step}: {error}");
    }
    let recovered = world.library().recover().unwrap();
    assert!(recovered.faults.is_empty() && recovered.done.is_empty() && recovered.undone.is_empty(), "{recovered:?}");
    (world, taken.load(Ordering::SeqCst) > step, is_done)
}

#[test]
fn a_newer_file_in_the_place_of_the_one_that_was_read_stays() {
    for one_name in [false, true] {
        let mut lost = 0;
        for step in 0..STEPS {
            let (world, has_come, is_done) = install_while(one_name, step, |home| {
                let beside = home.join("Downloads/new");
                std::fs::write(&beside, app("2")).unwrap();
                std::fs::rename(beside, home.join("Downloads/App.AppImage")).unwrap();
            });
            let newer = std::fs::read(world.path("Downloads/App.AppImage"));
            lost += usize::from(has_come && newer.ok() != Some(app("2")));
            if is_done {
                assert_eq!(std::fs::read(world.path("Applications/App.AppImage")).unwrap(), app("1"), "at step {step}");
            }
        }
        // Between the look and the step itself there is no time but here.
        assert!(lost <= 1, "{lost}");
    }
}

#[test]
fn a_file_that_has_the_place_by_now_stays() {
    for one_name in [false, true] {
        let mut ends = [0; 2];
        for step in 0..STEPS {
            let (world, _, is_done) = install_while(one_name, step, |home| {
                let place = home.join("Applications/App.AppImage");
                if !place.exists() && place.parent().unwrap().exists() {
                    std::fs::write(place, "mine").unwrap();
                }
            });
            let found = std::fs::read(world.path("Applications/App.AppImage")).unwrap();
            assert!(found == if is_done { app("1") } else { b"mine".to_vec() }, "at step {step}");
            assert_eq!(world.path("Downloads/App.AppImage").exists(), !is_done, "at step {step}");
            ends[usize::from(is_done)] += 1;
        }
        assert!(ends.iter().all(|count| *count > 5), "{ends:?}");
    }
}

#[test]
fn a_name_that_leaves_no_room_for_others_is_refused_at_once() {
    let world = World::new();
    for (length, fits) in [(245, true), (246, false), (255, false)] {
        let name = format!("{}.AppImage", "a".repeat(length - 9));
        let file = world.put(&format!("Downloads/{name}"), &app("1"));
        let preview = world.library().preview(&new(&file), &Place::Here, Settings::default());
        assert_eq!(preview.is_ok(), fits, "{length}");
        assert!(fits || matches!(preview, Err(LibraryError::LongName(_))), "{length}: {preview:?}");
    }
}
