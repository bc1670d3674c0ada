//! Work that is broken off at every step: by a kill, by a step that fails, and once more while it is mended.

use super::*;
use std::io;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

type Work = fn(&World, &Library) -> Result<(), LibraryError>;

/// What is done, from which state.
struct Case {
    name: &'static str,
    before: fn(&World),
    work: Work,
}

fn applications(world: &World) -> Place {
    Place::Folder(world.path("Applications"))
}

fn settings() -> Settings {
    Settings { arguments: vec!["--quiet".into()], portable_home: true, ..Settings::default() }
}

fn is_there(world: &World) {
    let folder = applications(world);
    let new = world.fetched(&app("1"));
    let settings = Settings { portable_config: true, ..Settings::default() };
    world.library().install(&new, &folder, settings).unwrap();
}

fn was_updated(world: &World) {
    is_there(world);
    world.library().update(ID, &world.fetched(&app("2"))).unwrap();
}

const CASES: [Case; 14] = [
    Case {
        name: "install",
        before: |world| drop(world.fetched(&app("1"))),
        work: |world, library| {
            let new = new(&world.path("Applications/.strata-0000.part"));
            library.install(&new, &applications(world), settings()).map(drop)
        },
    },
    Case {
        name: "integrate where it lies",
        before: |world| drop(world.put("Downloads/App.AppImage", &app("1"))),
        work: |world, library| {
            let new = new(&world.path("Downloads/App.AppImage"));
            library.install(&new, &Place::Here, Settings::default()).map(drop)
        },
    },
    Case {
        name: "integrate and move",
        before: |world| drop(world.put("Downloads/App.AppImage", &app("1"))),
        work: |world, library| {
            let new = new(&world.path("Downloads/App.AppImage"));
            library.install(&new, &applications(world), Settings::default()).map(drop)
        },
    },
    Case {
        name: "update",
        before: |world| {
            is_there(world);
            world.fetched(&app("2"));
        },
        work: |world, library| library.update(ID, &new(&world.path("Applications/.strata-0000.part"))).map(drop),
    },
    Case {
        name: "update by a file of the person's",
        before: |world| {
            is_there(world);
            world.put("Downloads/App.AppImage", &app("2"));
        },
        work: |world, library| library.update(ID, &new(&world.path("Downloads/App.AppImage"))).map(drop),
    },
    Case {
        name: "update again",
        before: |world| {
            was_updated(world);
            world.fetched(&app("3"));
        },
        work: |world, library| library.update(ID, &new(&world.path("Applications/.strata-0000.part"))).map(drop),
    },
    Case { name: "go back", before: was_updated, work: |_, library| library.go_back(ID).map(drop) },
    Case { name: "keep the new one", before: was_updated, work: |_, library| library.keep_new(ID).map(drop) },
    Case {
        name: "start otherwise",
        before: is_there,
        work: |_, library| library.configure(ID, settings(), true, &Place::Here).map(drop),
    },
    Case {
        name: "out of menus",
        before: is_there,
        work: |_, library| library.configure(ID, settings(), false, &Place::Here).map(drop),
    },
    Case {
        name: "elsewhere",
        before: |world| {
            was_updated(world);
            world.put("Applications/App.AppImage.config/app/rc", b"1");
        },
        work: |world, library| {
            let settings = Settings { portable_config: true, ..settings() };
            library.configure(ID, settings, true, &Place::Folder(world.path("Elsewhere"))).map(drop)
        },
    },
    Case {
        name: "elsewhere and out of menus",
        before: is_there,
        work: |world, library| {
            library.configure(ID, settings(), false, &Place::Folder(world.path("Elsewhere"))).map(drop)
        },
    },
    Case { name: "remove", before: was_updated, work: |_, library| library.remove(ID, false).map(drop) },
    Case {
        name: "remove with data",
        before: |world| {
            was_updated(world);
            world.put("Applications/App.AppImage.config/app/rc", b"1");
        },
        work: |_, library| library.remove(ID, true).map(drop),
    },
];

impl Case {
    /// The home as it is before, always at the same path.
    fn begin(&self, world: &World) {
        if world.home.exists() {
            std::fs::remove_dir_all(&world.home).unwrap();
        }
        std::fs::create_dir_all(&world.home).unwrap();
        (self.before)(world);
    }

    /// The states before and after, and how many steps lie between.
    fn states(&self, world: &World) -> (Tree, Tree, usize) {
        self.begin(world);
        let old = world.tree();
        let (library, steps) = gated(world, |_| Ok(()));
        (self.work)(world, &library).unwrap();
        let steps = steps.load(Ordering::SeqCst);
        assert!(steps > 5, "{}: {steps} steps", self.name);
        (old, world.tree(), steps)
    }
}

type Tree = BTreeMap<String, (u32, Vec<u8>)>;

/// A library whose steps are counted and asked for.
fn gated(world: &World, gate: impl Fn(usize) -> io::Result<()> + Send + Sync + 'static) -> (Library, Arc<AtomicUsize>) {
    let steps = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&steps);
    let disk = Disk::gated(move || gate(counted.fetch_add(1, Ordering::SeqCst)));
    (Library { disk, ..world.library() }, steps)
}

fn broken() -> io::Error {
    io::Error::from(io::ErrorKind::StorageFull)
}

fn is_old_or_new(world: &World, (old, new): (&Tree, &Tree), what: &str) -> bool {
    let now = world.tree();
    if now == *new {
        return true;
    }
    let names = |tree: &Tree| tree.keys().cloned().collect::<Vec<_>>();
    assert!(now == *old, "{what}: {:#?} is neither {:#?} nor {:#?}", names(&now), names(old), names(new));
    false
}

#[test]
fn nothing_works_any_more_from_some_step_on() {
    for case in CASES {
        let world = World::new();
        let (old, new, steps) = case.states(&world);
        let mut ends = [false; 2];
        for step in 0..steps {
            // And then the mending is broken off as well, a step later each time.
            for mended in 0.. {
                let what = format!("{} at step {step} of {steps}, mended for {mended} steps", case.name);
                case.begin(&world);
                let (library, _) = gated(&world, move |now| if now >= step { Err(broken()) } else { Ok(()) });
                let _ = (case.work)(&world, &library);
                let (library, used) = gated(&world, move |now| if now >= mended { Err(broken()) } else { Ok(()) });
                let _ = library.recover();
                let whole = used.load(Ordering::SeqCst) <= mended;
                let recovered = world.library().recover().unwrap();
                assert!(recovered.faults.is_empty(), "{what}: {recovered:?}");
                ends[usize::from(is_old_or_new(&world, (&old, &new), &what))] = true;
                if whole {
                    break;
                }
            }
        }
        assert_eq!(ends, [true, true], "{}: both ends were seen", case.name);
    }
}

#[test]
fn a_file_has_one_name_only_and_nothing_works_any_more_from_some_step_on() {
    for case in CASES {
        let world = World::new();
        let (old, new, _) = case.states(&world);
        let begin = |gate: Box<dyn Fn(usize) -> io::Result<()> + Send + Sync>| {
            case.begin(&world);
            let (mut library, steps) = gated(&world, gate);
            library.disk.one_name = true;
            let done = (case.work)(&world, &library);
            (done, steps.load(Ordering::SeqCst))
        };
        let (done, steps) = begin(Box::new(|_| Ok(())));
        done.unwrap();
        assert!(is_old_or_new(&world, (&old, &new), case.name), "{}: all of it is done", case.name);
        for step in 0..steps {
            let what = format!("{} at step {step} of {steps}", case.name);
            let _ = begin(Box::new(move |now| if now >= step { Err(broken()) } else { Ok(()) }));
            let mut library = world.library();
            library.disk.one_name = true;
            let recovered = library.recover().unwrap();
            assert!(recovered.faults.is_empty(), "{what}: {recovered:?}");
            is_old_or_new(&world, (&old, &new), &what);
        }
    }
}

#[test]
fn one_step_fails() {
    for case in CASES {
        let world = World::new();
        let (old, new, steps) = case.states(&world);
        for step in 0..steps {
            let what = format!("{} without step {step} of {steps}", case.name);
            case.begin(&world);
            let (library, _) = gated(&world, move |now| if now == step { Err(broken()) } else { Ok(()) });
            match (case.work)(&world, &library) {
                Ok(()) => assert!(is_old_or_new(&world, (&old, &new), &what), "{what}: it said that it was done"),
                Err(LibraryError::Unfinished(_)) => {
                    world.library().recover().unwrap();
                    assert!(is_old_or_new(&world, (&old, &new), &what), "{what}: it was decided");
                }
                // At once, and not only after the next start.
                Err(_) => assert!(!is_old_or_new(&world, (&old, &new), &what), "{what}: it said that it was not done"),
            }
        }
    }
}

#[test]
fn a_killed_process_leaves_the_old_state_or_the_new_one() {
    for (number, case) in CASES.iter().enumerate() {
        let world = World::new();
        let (old, new, steps) = case.states(&world);
        for step in 0..steps {
            case.begin(&world);
            let mut child = Command::new(std::env::current_exe().unwrap());
            child.args(["--exact", "library::tests::broken::child", "--ignored", "--nocapture"]);
            child.env("STRATA_TEST_HOME", &world.home);
            child.env("STRATA_TEST_CASE", number.to_string()).env("STRATA_TEST_STEP", step.to_string());
            let output = child.output().unwrap();
            let what = format!("{} killed at step {step} of {steps}", case.name);
            assert!(!output.status.success(), "{what}: {output:?}");
            let recovered = world.library().recover().unwrap();
            assert!(recovered.faults.is_empty(), "{what}: {recovered:?}");
            is_old_or_new(&world, (&old, &new), &what);
        }
    }
}

/// The process that is killed.
#[test]
#[ignore = "started by another test"]
fn child() {
    let variable = |name: &str| std::env::var(name).unwrap();
    let Ok(home) = std::env::var("STRATA_TEST_HOME") else { return };
    let world = World::of(home.into());
    let case = &CASES[variable("STRATA_TEST_CASE").parse::<usize>().unwrap()];
    let step: usize = variable("STRATA_TEST_STEP").parse().unwrap();
    let (library, _) = gated(&world, move |now| {
        if now == step {
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL)?;
        }
        Ok(())
    });
    (case.work)(&world, &library).unwrap();
}
