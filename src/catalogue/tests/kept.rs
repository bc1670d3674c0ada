//! What was read from a feed is kept: what did not change is not read again, and nobody sees a difference.

#![allow(clippy::unwrap_used)] // Also outside of the functions that clippy knows for tests.

mod world;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use strata_catalogue::{Catalogue, List, Page, Query};
use world::{World, document, documents, entry, feed, fixture, id};

/// Two feeds of one app each, in both formats.
fn two() -> World {
    let mut world = World::empty();
    write_feed(&world, "One");
    world.add("one", 1, world.file("one.xml"));
    world.add_packages("debian", documents(&[document("a.b.Two", "")]));
    world
}

/// Puts another list in the place of the first feed's.
fn write_feed(world: &World, name: &str) {
    let new = world.file("one.new");
    fs::write(&new, feed(&[entry("a.b.One", &format!("<name>{name}</name>"))])).unwrap();
    fs::rename(new, world.file("one.xml")).unwrap();
}

/// How many feeds a build reads, and of how many it takes what was kept.
fn counts(world: &World) -> (usize, usize) {
    let report = world.build().unwrap();
    (report.read, report.kept)
}

fn name(world: &World, app: &str) -> Option<String> {
    let app = Catalogue::open(&world.target()).unwrap().app(&id(app)).unwrap();
    app.map(|app| app.head.name)
}

/// The files that are kept, by their names.
fn kept(world: &World) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(world.file("entries")).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

/// The one that holds some text.
fn kept_with(world: &World, text: &str) -> PathBuf {
    let has = |path: &PathBuf| String::from_utf8_lossy(&fs::read(path).unwrap()).contains(text);
    kept(world).into_iter().find(has).unwrap()
}

/// Replaces text of the same length in a kept file, and makes it whole again.
fn change(path: &Path, from: &str, to: &str) {
    let bytes = fs::read(path).unwrap();
    let text = String::from_utf8(bytes[..bytes.len() - 4].to_vec()).unwrap().replace(from, to);
    let mut sum = flate2::Crc::new();
    sum.update(text.as_bytes());
    fs::write(path, [text.as_bytes(), &sum.sum().to_le_bytes()].concat()).unwrap();
}

#[test]
fn only_the_feed_that_changed_is_read() {
    let world = two();
    assert_eq!(counts(&world), (2, 0));
    assert_eq!(counts(&world), (0, 2));
    // That shows where an app comes from.
    change(&kept_with(&world, "a.b.One"), "\"One\"", "\"Eno\"");
    change(&kept_with(&world, "a.b.Two"), "\"N\"", "\"M\"");
    write_feed(&world, "Changed");
    assert_eq!(counts(&world), (1, 1));
    assert_eq!(name(&world, "a.b.One").as_deref(), Some("Changed"));
    assert_eq!(name(&world, "a.b.Two").as_deref(), Some("M"));
}

#[test]
fn a_change_that_hides_its_size_and_time_is_seen() {
    let world = two();
    assert_eq!(counts(&world), (2, 0));
    let file = world.file("one.xml");
    let modified = fs::metadata(&file).unwrap().modified().unwrap();
    write_feed(&world, "Two");
    fs::File::options().write(true).open(&file).unwrap().set_modified(modified).unwrap();
    assert_eq!(counts(&world), (1, 1));
    assert_eq!(name(&world, "a.b.One").as_deref(), Some("Two"));
}

#[test]
fn other_languages_read_everything_again() {
    let mut world = World::speaking(&["C"]);
    let languages = [&["C"][..], &["de"], &["de", "fr"], &["fr", "de"]];
    for speaking in languages {
        world.languages = speaking.iter().map(|&language| language.to_owned()).collect();
        assert_eq!(counts(&world), (1, 0), "{speaking:?}");
        assert_eq!(counts(&world), (0, 1), "{speaking:?}");
    }
}

#[test]
fn what_settings_and_origins_say_needs_no_reading() {
    let mut world = two();
    assert_eq!(counts(&world), (2, 0));
    world.sources.hidden = vec!["a.b.One".to_owned()];
    world.feeds.reverse();
    world.feeds[0].priority = 7;
    assert_eq!(counts(&world), (0, 2));
    let app = Catalogue::open(&world.target()).unwrap().app(&id("a.b.One")).unwrap().unwrap();
    assert!(app.offers[0].obstacle.is_some());
}

#[test]
fn what_is_not_as_it_was_written_is_not_used_and_replaced() {
    let world = two();
    assert_eq!(counts(&world), (2, 0));
    let file = kept_with(&world, "a.b.One");
    let whole = fs::read(&file).unwrap();
    let flipped = |place: usize| {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        bytes
    };
    let other = fs::read(kept_with(&world, "a.b.Two")).unwrap();
    let longer = [&whole[..], b"\n"].concat();
    let mut cases: Vec<(String, Vec<u8>)> = vec![
        ("empty".to_owned(), Vec::new()),
        ("another program's".to_owned(), b"SQLite format 3\0".repeat(100)),
        ("another feed's".to_owned(), other),
        ("longer".to_owned(), longer),
    ];
    // Everywhere: label, entries, checksum.
    cases.extend((0..whole.len()).step_by(7).map(|place| (format!("cut at {place}"), whole[..place].to_vec())));
    cases.extend((0..whole.len()).step_by(7).map(|place| (format!("damaged at {place}"), flipped(place))));
    for (what, bytes) in cases {
        fs::write(&file, bytes).unwrap();
        assert_eq!(counts(&world), (1, 1), "{what}");
        assert_eq!(name(&world, "a.b.One").as_deref(), Some("One"), "{what}");
        assert_eq!(fs::read(&file).unwrap(), whole, "{what}");
    }
}

#[test]
fn another_version_of_strata_reads_again() {
    let world = two();
    assert_eq!(counts(&world), (2, 0));
    let file = kept_with(&world, "a.b.One");
    let whole = fs::read(&file).unwrap();
    for (from, to) in [("\"strata\":\"0", "\"strata\":\"9"), ("\"format\":3", "\"format\":1"), ("one.xml", "two.xml")] {
        change(&file, from, to);
        assert_ne!(fs::read(&file).unwrap(), whole, "{from}");
        assert_eq!(counts(&world), (1, 1), "{from}");
        assert_eq!(fs::read(&file).unwrap(), whole, "{from}");
    }
}

#[test]
fn entries_that_break_off_are_read_from_the_feed_from_there_on() {
    let world = World::of(feed(&[
        entry("a.b.One", "<name>N</name>"),
        entry("a.b.Bad", "<name>N<b></name></b>"),
        entry("a.b.Two", "<name>N</name>"),
        entry("a.b.Three", "<name>N</name>"),
    ]));
    let read = world.build().unwrap();
    let whole = answers(&world);
    // Whole by its checksum, and no entry all the same.
    change(&kept(&world).remove(0), "\"a.b.Two\"", "\"a.b.Two\\");
    let again = world.build().unwrap();
    assert_eq!((again.read, again.kept, &again.losses), (1, 0, &read.losses));
    assert_eq!((answers(&world), read.losses[0].count), (whole, 1));
    assert_eq!(counts(&world), (0, 1), "it was replaced");
}

#[test]
fn what_is_too_large_is_not_read() {
    let world = two();
    assert_eq!(counts(&world), (2, 0));
    let file = kept_with(&world, "a.b.One");
    // With holes: it takes no room.
    fs::File::options().write(true).open(&file).unwrap().set_len(1 << 40).unwrap();
    assert_eq!(counts(&world), (1, 1));
    assert!(fs::metadata(&file).unwrap().len() < 10_000);
}

#[test]
fn a_feed_that_goes_takes_its_entries_along() {
    let mut world = two();
    assert_eq!(counts(&world), (2, 0));
    let (gone, stays) = (kept_with(&world, "a.b.Two"), kept_with(&world, "a.b.One"));
    let elsewhere = world.file("elsewhere");
    fs::write(&elsewhere, "a person's own").unwrap();
    symlink(&elsewhere, world.file("entries/link")).unwrap();
    fs::write(gone.with_extension("new"), "of a build that broke off").unwrap();
    world.feeds.pop();
    assert_eq!(counts(&world), (0, 1));
    assert_eq!(kept(&world), [stays]);
    assert!(elsewhere.exists());
}

#[test]
fn a_feed_that_breaks_off_is_read_each_time() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let entries: Vec<String> = (0..500).map(|n| entry(&format!("a.b.App{}", n * 7), "<name>N</name>")).collect();
    std::io::Write::write_all(&mut encoder, feed(&entries).as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let world = World::of(&packed[..packed.len() * 2 / 3]);
    assert_eq!(counts(&world), (1, 0));
    assert_eq!(counts(&world), (1, 0));
    assert_eq!(kept(&world), Vec::<PathBuf>::new());
}

#[test]
fn links_are_not_followed() {
    let world = two();
    assert_eq!(counts(&world), (2, 0));
    let file = kept_with(&world, "a.b.One");
    let outside = world.file("outside");
    fs::rename(&file, &outside).unwrap();
    let whole = fs::read(&outside).unwrap();
    symlink(&outside, &file).unwrap();
    symlink(&outside, file.with_extension("new")).unwrap();
    assert_eq!(counts(&world), (1, 1));
    assert!(fs::symlink_metadata(&file).unwrap().is_file());
    assert_eq!(fs::read(&outside).unwrap(), whole);

    // Nor is the folder.
    let folder = world.file("a-folder");
    fs::rename(world.file("entries"), &folder).unwrap();
    fs::write(folder.join("own"), "a person's own").unwrap();
    symlink(&folder, world.file("entries")).unwrap();
    let before = fs::read_dir(&folder).unwrap().count();
    assert_eq!(counts(&world), (2, 0));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), before);
}

#[test]
fn where_nothing_can_be_kept_catalogues_are_built() {
    let world = two();
    fs::write(world.file("entries"), "in the way").unwrap();
    assert_eq!(counts(&world), (2, 0));
    assert_eq!(counts(&world), (2, 0));
    assert_eq!(fs::read(world.file("entries")).unwrap(), b"in the way");
    fs::remove_file(world.file("entries")).unwrap();
    assert_eq!(counts(&world), (2, 0));
    // A folder where a file is to be; works for root too.
    let file = kept_with(&world, "a.b.One");
    fs::remove_file(&file).unwrap();
    fs::create_dir_all(file.join("full")).unwrap();
    assert_eq!(counts(&world), (1, 1));
    assert_eq!(kept(&world).len(), 2);
}

#[test]
fn only_the_person_reads_it() {
    let world = two();
    assert_eq!(counts(&world), (2, 0));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&world.file("entries")), 0o700);
    for path in kept(&world) {
        assert_eq!(mode(&path), 0o600, "{path:?}");
    }
}

#[test]
fn a_date_is_looked_at_when_it_is_taken_and_not_when_it_was_kept() {
    let soon = seconds() + 3_600;
    let releases = format!("<release version='2' timestamp='99999999999'/><release version='1' timestamp='{soon}'/>");
    let world = World::of(feed(&[entry("a.b.C", &format!("<name>N</name><releases>{releases}</releases>"))]));
    for expected in [(1, 0), (0, 1)] {
        let before = seconds();
        assert_eq!(counts(&world), expected);
        let app = Catalogue::open(&world.target()).unwrap().app(&id("a.b.C")).unwrap().unwrap();
        assert_eq!(app.releases[0].date, 0, "nobody knows");
        assert!((before..=seconds()).contains(&app.releases[1].date), "today, somewhere else");
        let as_written = kept_with(&world, "99999999999");
        assert_eq!(as_written, kept_with(&world, &soon.to_string()));
    }
}

fn seconds() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

/// All that a catalogue answers: lists, pages and searches.
fn answers(world: &World) -> String {
    let catalogue = Catalogue::open(&world.target()).unwrap();
    let mut said = String::new();
    let mut add = |what: String| said.push_str(&(what + "\n"));
    let all = catalogue.browse(&List::All, Page { offset: 0, limit: 1_000 }).unwrap();
    assert!(!all.is_empty());
    for list in [List::All, List::New, List::RecentlyUpdated, List::Popular] {
        add(format!("{list:?} {:?}", catalogue.browse(&list, Page { offset: 0, limit: 1_000 }).unwrap()));
    }
    add(format!("{:?}", catalogue.categories().unwrap()));
    for row in &all {
        add(serde_json::to_string(&catalogue.app(&row.id).unwrap().unwrap()).unwrap());
        let letter: String = row.name.chars().take(1).collect();
        for words in [row.name.as_str(), row.summary.as_str(), &letter, row.id.as_str()] {
            add(format!("{words} {:?}", catalogue.search(&Query::new(words)).unwrap()));
        }
    }
    said
}

#[test]
fn nobody_sees_a_difference() {
    for languages in [&["C"][..], &["de_AT"], &["pt_BR", "he"], &["sr@latin", "fr"]] {
        let mut world = World::speaking(languages);
        world.add("other", 2, fixture("other.xml"));
        let bad = [entry("../bad", "<name>N</name>"), entry("a.b.C", "<name>N<b></name></b>")];
        fs::write(world.file("bad.xml"), feed(&bad)).unwrap();
        world.add("bad", 0, world.file("bad.xml"));
        for name in ["debian.yml", "all.yml", "all.xml"] {
            world.add_packages(name, fs::read(fixture("same").join(name)).unwrap());
        }
        let read = world.build().unwrap();
        let expected = answers(&world);
        let kept = world.build().unwrap();
        assert_eq!((read.read, read.kept, kept.read, kept.kept), (6, 0, 0, 6), "{languages:?}");
        assert_eq!(answers(&world), expected, "{languages:?}");
        assert_eq!(kept.losses, read.losses, "{languages:?}");
        assert!(read.losses.len() >= 2, "{languages:?}");
    }
}
