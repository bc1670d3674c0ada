//! The file: made whole or not at all, and known for what it is.

#![allow(clippy::unwrap_used)] // Also outside of the functions that clippy knows for tests.

mod world;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use strata_catalogue::{BuildPlan, Catalogue, CatalogueError, List, Page, Query, build};
use world::{World, entry, feed, fixture, found, id};

#[test]
fn a_catalogue_knows_its_generation_and_shows_it_until_it_is_closed() {
    let mut world = World::speaking(&["C"]);
    world.build_generation(7).unwrap();
    let old = Catalogue::open(&world.target()).unwrap();
    world.add("other", 1, fixture("other.xml"));
    world.build_generation(8).unwrap();
    let new = Catalogue::open(&world.target()).unwrap();
    assert_eq!((old.generation(), new.generation()), (7, 8));
    assert_eq!(old.app(&id("org.example.Other")).unwrap(), None);
    assert!(new.app(&id("org.example.Other")).unwrap().is_some());
}

#[test]
fn a_catalogue_whose_attributes_are_not_of_its_apps_is_damaged() {
    let world = World::speaking(&["C"]);
    for change in ["substr(body, 1, length(body) - 4)", "body || x'00000000'", "body || x'00'", "x''"] {
        world.build().unwrap();
        let file = rusqlite::Connection::open(world.target()).unwrap();
        file.execute(&format!("UPDATE attributes SET body = {change}"), []).unwrap();
        drop(file);
        let answer = Catalogue::open(&world.target()).and_then(|catalogue| catalogue.search(&Query::new("chess")));
        assert!(matches!(answer, Err(CatalogueError::Damaged(_))), "{change}: {answer:?}");
    }
}

#[test]
fn a_path_with_special_characters_is_a_path() {
    let world = World::speaking(&["C"]);
    let odd = world.file("50% of #1?mode=rw &ä");
    let target = odd.join("catalogue.db");
    let (feeds, languages) = (world.feeds.clone(), world.languages.clone());
    build(&BuildPlan { feeds, languages, target: target.clone(), generation: 1, ..BuildPlan::default() }).unwrap();
    assert_eq!(found(&Catalogue::open(&target).unwrap(), "paint").len(), 1);
}

#[test]
fn what_is_no_catalogue_is_known_as_such() {
    let world = World::speaking(&["C"]);
    let path = world.target();
    assert!(matches!(Catalogue::open(&path), Err(CatalogueError::NotBuilt(_))));
    world.build().unwrap();
    let whole = fs::read(&path).unwrap();

    let damaged: Vec<(&str, Vec<u8>)> = vec![
        ("empty", Vec::new()),
        ("text", b"not a database, but quite some text all the same".repeat(40)),
        ("cut after the header", whole[..100].to_vec()),
        ("cut in the middle", whole[..whole.len() / 2].to_vec()),
        ("cut by a page", whole[..whole.len() - page_size(&whole)].to_vec()),
        ("cut within a page", whole[..whole.len() - page_size(&whole) / 2].to_vec()),
        ("longer", [&whole[..], b"more"].concat()),
        ("another program's", with_number(&whole, 68, 1)),
    ];
    for (what, bytes) in damaged {
        fs::write(&path, bytes).unwrap();
        let error = Catalogue::open(&path).unwrap_err();
        assert!(matches!(error, CatalogueError::Damaged(_)), "{what}: {error:?}");
        assert!(error.is_mended_by_build());
        world.build().unwrap();
        assert!(Catalogue::open(&path).is_ok(), "{what}");
    }

    fs::write(&path, with_number(&whole, 60, 1_000_000)).unwrap();
    let error = Catalogue::open(&path).unwrap_err();
    assert!(matches!(error, CatalogueError::WrongSchema { found: 1_000_000, .. }), "from the future: {error:?}");
}

/// Bytes of a page, as the header says. <https://www.sqlite.org/fileformat2.html#page_size>
fn page_size(file: &[u8]) -> usize {
    usize::from(u16::from_be_bytes([file[16], file[17]]))
}

/// The file with another number at a place of its header.
fn with_number(file: &[u8], place: usize, number: u32) -> Vec<u8> {
    let mut file = file.to_vec();
    file[place..place + 4].copy_from_slice(&number.to_be_bytes());
    file
}

#[test]
fn damage_inside_is_an_error_and_never_a_crash() {
    let world = World::speaking(&["C"]);
    world.build().unwrap();
    let whole = fs::read(world.target()).unwrap();
    let size = page_size(&whole);
    let pages = whole.len() / size;
    for page in 1..pages {
        let mut bytes = whole.clone();
        for byte in &mut bytes[page * size..(page + 1) * size] {
            *byte ^= 0x5a;
        }
        fs::write(world.target(), bytes).unwrap();
        let Ok(catalogue) = Catalogue::open(&world.target()) else { continue };
        let page = Page { offset: 0, limit: 50 };
        let results = [
            catalogue.search(&Query::new("chess")).map(|_| ()),
            catalogue.app(&id("org.gnome.Chess")).map(|_| ()),
            catalogue.browse(&List::All, page).map(|_| ()),
            catalogue.browse(&List::RecentlyUpdated, page).map(|_| ()),
            catalogue.categories().map(|_| ()),
        ];
        for error in results.into_iter().filter_map(Result::err) {
            assert!(error.is_mended_by_build(), "{error:?}");
        }
    }
}

#[test]
fn a_build_that_fails_leaves_the_old_catalogue_and_nothing_else() {
    let world = World::speaking(&["C"]);
    world.build_generation(1).unwrap();
    // A folder in the way, which works for root too.
    let beside = world.file("catalogue.db.new");
    fs::create_dir(&beside).unwrap();
    assert!(matches!(world.build_generation(2), Err(CatalogueError::Write(_))));
    assert_eq!(Catalogue::open(&world.target()).unwrap().generation(), 1);
    fs::remove_dir(&beside).unwrap();

    // What a killed build left is thrown away.
    fs::write(&beside, "half a catalogue").unwrap();
    world.build_generation(3).unwrap();
    assert_eq!(Catalogue::open(&world.target()).unwrap().generation(), 3);
    assert!(!beside.exists());
}

#[test]
fn a_catalogue_can_be_read_where_nothing_can_be_written() {
    let world = World::speaking(&["C"]);
    world.build().unwrap();
    let folder = world.target().parent().unwrap().to_owned();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    let opened = Catalogue::open(&world.target());
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(found(&opened.unwrap(), "paint").len(), 1);
}

#[test]
fn only_the_person_reads_it() {
    let world = World::speaking(&["C"]);
    world.build().unwrap();
    assert_eq!(fs::metadata(world.target()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_is_no_file_is_not_waited_for_and_gives_way_to_a_build() {
    let world = World::speaking(&["C"]);
    // Zeros without end, as a pipe is silence without end.
    for leads_to in ["/dev/zero", "catalogue.db"] {
        std::os::unix::fs::symlink(leads_to, world.target()).unwrap();
        assert!(Catalogue::open(&world.target()).unwrap_err().is_mended_by_build(), "{leads_to}");
        world.build().unwrap();
        assert_eq!(found(&Catalogue::open(&world.target()).unwrap(), "paint").len(), 1, "{leads_to}");
        fs::remove_file(world.target()).unwrap();
    }
}

#[test]
fn a_folder_in_its_way_is_said_and_kept() {
    let world = World::speaking(&["C"]);
    fs::create_dir_all(world.target().join("full")).unwrap();
    let opened = Catalogue::open(&world.target()).unwrap_err();
    assert!(matches!(opened, CatalogueError::InTheWay(_)) && !opened.is_mended_by_build());
    assert!(matches!(world.build_generation(1), Err(CatalogueError::InTheWay(_))));
    assert!(world.target().join("full").exists());
}

/// A file system of its own; needs the right to mount.
struct Small(std::path::PathBuf);

impl Small {
    fn mount(at: std::path::PathBuf, bytes: u64) -> Option<Self> {
        fs::create_dir(&at).unwrap();
        let options = format!("size={bytes}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "small"]).arg(&at).status().unwrap();
        mounted.success().then_some(Self(at))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[test]
fn on_a_full_disk_the_old_catalogue_stays_and_the_reason_is_said() {
    let mut world = World::speaking(&["C"]);
    let Some(small) = Small::mount(world.file("small"), 1_000_000) else {
        assert!(std::env::var_os("CI").is_none(), "CI may mount");
        eprintln!("skipped: no right to mount a small file system here");
        return;
    };
    let target = small.0.join("catalogue.db");
    let plan = |world: &World, generation| BuildPlan {
        feeds: world.feeds.clone(),
        languages: world.languages.clone(),
        target: target.clone(),
        generation,
        ..BuildPlan::default()
    };
    build(&plan(&world, 1)).unwrap();
    let many = world.file("many.xml");
    let apps: Vec<String> =
        (0..5_000).map(|n| entry(&format!("a.b.App{n}"), &format!("<name>App {n} of many</name>"))).collect();
    fs::write(&many, feed(&apps)).unwrap();
    world.add("many", 1, many);
    let error = build(&plan(&world, 2)).unwrap_err();
    assert!(matches!(error, CatalogueError::NoSpace(_)), "{error:?}");
    let old = Catalogue::open(&target).unwrap();
    assert_eq!((old.generation(), found(&old, "paint").len()), (1, 1));
    let left: Vec<_> = fs::read_dir(&small.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["catalogue.db"], "nothing half made stays");
}
