//! Apps are updated, taken back, started otherwise, taken away.

use super::*;
use crate::signature::Signature;
use std::io::Read;
use strata_model::Question as Ask;

const ICON_1: &str = ".local/share/icons/hicolor/scalable/apps/appimage-org.example.App.svg";
const ICON_2: &str = ".local/share/icons/hicolor/64x64/apps/appimage-org.example.App.png";
const RECORD: &str = ".local/share/strata/appimages/org.example.App.json";
const PREVIOUS: &str = "Applications/.App.AppImage.previous";

fn update(world: &World, version: &str) -> Changed {
    world.library().update(ID, &world.fetched(&app(version))).unwrap()
}

#[test]
fn the_new_version_has_the_old_ones_place_while_that_runs() {
    let world = World::new();
    let before = world.install(&app("1")).record;
    let mut running = std::fs::File::open(&before.path).unwrap();
    let mut fresh = world.fetched(&app("2"));
    fresh.facts = Facts { version: "2.0".into(), ..Facts::default() };
    let after = world.library().update(ID, &fresh).unwrap().record;
    assert_eq!((&after.id, &after.path, after.version.name.as_str()), (&before.id, &before.path, "2.0"));
    assert_eq!(after.previous, Some(before.version));
    assert_eq!(std::fs::read(&after.path).unwrap(), app("2"));
    assert_eq!(std::fs::read(world.path(PREVIOUS)).unwrap(), app("1"));
    let mut bytes = Vec::new();
    running.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes, app("1"), "what runs reads on in the old one");
    let names = world.names();
    assert!(names.contains(&ICON_2.to_owned()) && !names.contains(&ICON_1.to_owned()), "{names:?}");
    assert!(world.text(".local/share/applications/org.example.App.desktop").contains("X-Version=2\n"));
    assert_eq!(world.library().all().unwrap().apps[0].presence, Presence::There);
}

#[test]
fn the_same_file_is_no_update() {
    let world = World::new();
    world.install(&app("1"));
    let before = world.tree();
    assert!(world.library().update(ID, &world.fetched(&app("1"))).unwrap().unchanged);
    assert_eq!(world.tree(), before, "and what was fetched is gone");
    let mut same = world.fetched(&app("1"));
    (same.facts.version, same.facts.mark) = ("nightly".into(), "2-0-0".into());
    let changed = world.library().update(ID, &same).unwrap();
    assert!(changed.unchanged && changed.record.previous.is_none());
    let known = world.library().get(ID).unwrap().version;
    assert_eq!(
        (known.name.as_str(), known.mark.as_str()),
        ("nightly", "2-0-0"),
        "or it would be fetched again and again"
    );
}

#[test]
fn one_can_go_back_until_the_new_one_was_started() {
    let world = World::new();
    world.install(&app("1"));
    let before = world.tree();
    update(&world, "2");
    // The one that was never started is not what to go back to.
    update(&world, "3");
    assert_eq!(std::fs::read(world.path(PREVIOUS)).unwrap(), app("1"));
    let record = world.library().go_back(ID).unwrap().record;
    // But for what was gone back from, which is remembered.
    let left = record.left.unwrap();
    let text = world.tree().remove(RECORD).unwrap();
    let mut now = world.tree();
    now.insert(RECORD.into(), before[RECORD].clone());
    assert_eq!(now, before);
    assert!(String::from_utf8(text.1).unwrap().contains(&left.sha256));
    assert!(matches!(world.library().go_back(ID), Err(LibraryError::NoPrevious)));

    assert_eq!(update(&world, "2").record.left, None);
    assert_eq!(world.library().keep_new(ID).unwrap().previous, None);
    assert!(!world.path(PREVIOUS).exists());
    assert!(matches!(world.library().go_back(ID), Err(LibraryError::NoPrevious)));
    update(&world, "3");
    assert_eq!(std::fs::read(world.path(PREVIOUS)).unwrap(), app("2"));
    std::fs::write(world.path(PREVIOUS), app("4")).unwrap();
    assert!(matches!(world.library().go_back(ID), Err(LibraryError::Changed)), "that is not what was there");
}

#[test]
fn another_key_or_none_is_asked_about() {
    let signed = |key: &str| Signature::Signed { fingerprint: key.to_owned() };
    let (same, changed) = (signed("A"), Question::Person(Ask::KeyChanged { before: "A".into(), after: "B".into() }));
    let unsigned = Question::Person(Ask::NoLongerSigned { before: "A".into() });
    for (signature, digest, provenance, question) in [
        (same.clone(), false, Provenance::SameKey, None),
        (same.clone(), true, Provenance::ReleaseDigest, None),
        (signed("B"), false, Provenance::FirstSeen, Some(changed.clone())),
        (signed("B"), true, Provenance::ReleaseDigest, Some(changed)),
        (Signature::NotSigned, false, Provenance::NotSigned, Some(unsigned.clone())),
        (Signature::NotSigned, true, Provenance::ReleaseDigest, Some(unsigned.clone())),
        (Signature::WithoutKey, false, Provenance::NotSigned, Some(unsigned)),
        (Signature::Bad, false, Provenance::Bad, Some(Question::BadSignature)),
        (Signature::Bad, true, Provenance::Bad, Some(Question::BadSignature)),
    ] {
        let world = World::new();
        let mut first = world.fetched(&app("1"));
        first.candidate.inspection.signature = same.clone();
        let place = Place::Folder(world.path("Applications"));
        let record = world.library().install(&first, &place, Settings::default()).unwrap().record;
        assert_eq!(record.version.provenance, Provenance::FirstSeen);
        let mut next = world.fetched(&app("2"));
        next.candidate.inspection.signature = signature.clone();
        next.facts.sha256 = digest.then(|| next.candidate.inspection.sha256.clone());
        if let Some(question) = question {
            let before = world.tree();
            // A yes to something else is none.
            next.accepted = Some(Question::Person(Ask::KeyChanged { before: "A".into(), after: "C".into() }));
            let asked = world.library().update(ID, &next);
            assert!(matches!(&asked, Err(LibraryError::Ask(found)) if *found == question), "{asked:?}");
            let preview = world.library().preview_update(ID, &next);
            assert_eq!(
                preview.is_ok(),
                question != Question::BadSignature,
                "who only looks is asked nothing: {preview:?}"
            );
            assert_eq!(world.tree(), before);
            next.accepted = Some(question);
        }
        let record = world.library().update(ID, &next).unwrap().record;
        assert_eq!(record.version.provenance, provenance, "{signature:?} {digest}");
        let known = if signature == signed("B") { "B" } else { "A" };
        assert_eq!(record.fingerprint.as_deref(), Some(known), "a key is remembered over what is not signed");
    }
}

#[test]
fn an_app_goes_and_nothing_else() {
    let world = World::new();
    world.put(".local/share/applications/other.desktop", b"theirs");
    world.put(".local/share/icons/hicolor/64x64/apps/other.png", b"theirs");
    world.put("Applications/Other.AppImage", b"theirs");
    let before = world.tree();
    world.install(&app("1"));
    update(&world, "2");
    let removed = world.library().remove(ID, false).unwrap();
    assert_eq!(world.tree(), before);
    assert_eq!((removed.left, removed.stranger), (vec![], None));
    assert!(matches!(world.library().remove(ID, false), Err(LibraryError::NotInstalled(_))));
    for id in ["", "..", "../x", "a/b"] {
        assert!(matches!(world.library().remove(id, true), Err(LibraryError::NotInstalled(_))), "{id}");
    }
}

#[test]
fn data_of_its_own_is_offered_and_goes_only_where_it_shall() {
    let world = World::new();
    world.install(&app("1"));
    let settings = Settings { portable_home: true, portable_config: true, ..Settings::default() };
    world.library().configure(ID, settings, true, &Place::Here).unwrap();
    world.put("Applications/App.AppImage.home/notes", b"precious");
    std::os::unix::fs::symlink(world.path("system"), world.path("Applications/App.AppImage.home/link")).unwrap();
    let kept = world.put("system/kept", b"kept");
    let error = world.library().configure(ID, Settings::default(), true, &Place::Here).unwrap_err();
    assert!(matches!(&error, LibraryError::NotEmpty(path) if path.ends_with("App.AppImage.home")), "{error}");
    let data = world.library().data(ID).unwrap();
    assert_eq!(data.len(), 2);
    assert!(data[0].size.is_some_and(|size| size >= 8), "{data:?}");
    let removed = world.library().remove(ID, false).unwrap();
    assert_eq!(removed.left.len(), 1, "the empty one was ours");
    assert_eq!(world.text("Applications/App.AppImage.home/notes"), "precious");

    world.install(&app("1"));
    world.library().remove(ID, true).unwrap();
    assert!(!world.path("Applications/App.AppImage.home").exists() && kept.exists(), "links are not followed");
}

#[test]
fn what_apps_that_are_gone_have_left_is_found_and_goes() {
    let world = World::new();
    let files = || world.library().left().unwrap().into_iter().map(|left| left.file).collect::<Vec<_>>();
    assert_eq!(files(), Vec::<String>::new(), "there is no folder");
    world.install(&app("1"));
    world.put("Applications/App.AppImage.home/notes", b"precious");
    world.put("Applications/App.AppImage.config/settings", b"x=1");
    // The person's own, which is no app of Strata's, and what is named otherwise.
    world.put("Applications/Own.AppImage", b"own");
    for other in ["Own.AppImage.home", ".AppImage.home", "Folder.home", "App.AppImage.home.old"] {
        world.put(&format!("Applications/{other}/file"), b"x");
    }
    let kept = world.put("system/kept", b"kept");
    std::os::unix::fs::symlink(world.path("system"), world.path("Applications/Link.AppImage.home")).unwrap();
    assert_eq!(files(), Vec::<String>::new(), "all of it is in use, or nobody knows whose it is");
    // Its drive may come back.
    std::fs::rename(world.path("Applications/App.AppImage"), world.path("away")).unwrap();
    assert_eq!(files(), Vec::<String>::new());
    let refused = world.library().remove_left("App.AppImage");
    assert!(matches!(refused, Err(LibraryError::NotInstalled(_))), "{refused:?}");
    world.library().remove(ID, false).unwrap();
    let left = world.library().left().unwrap();
    assert_eq!((left.len(), &*left[0].file, left[0].folders.len(), left[0].size), (1, "App.AppImage", 2, 11));
    for bad in ["", "..", "Own.AppImage", "../system", "App.AppImage/../../system"] {
        assert!(world.library().remove_left(bad).is_err(), "{bad}");
    }
    world.library().remove_left("App.AppImage").unwrap();
    assert_eq!(files(), Vec::<String>::new());
    assert!(!world.path("Applications/App.AppImage.home").exists() && kept.exists());
    // A record that cannot be read may be of any of them.
    world.put("Applications/Gone.AppImage.home/file", b"x");
    world.put(RECORD, b"{");
    assert!(world.library().left().is_err());
}

#[test]
fn what_somebody_put_in_its_place_stays() {
    let world = World::new();
    world.install(&app("1"));
    let path = world.put("Applications/App.AppImage", b"my notes");
    assert_eq!(world.library().all().unwrap().apps[0].presence, Presence::Missing);
    let removed = world.library().remove(ID, false).unwrap();
    assert_eq!((removed.stranger, std::fs::read(&path).unwrap()), (Some(path.clone()), b"my notes".to_vec()));
}

#[test]
fn records_that_were_changed_lead_nowhere_else() {
    let world = World::new();
    world.install(&app("1"));
    let victim = world.put("precious.desktop", b"kept");
    let record = RECORD;
    let text = world.text(record);
    let files = ["../../precious.desktop", "applications/../../../precious.desktop", victim.to_str().unwrap()];
    world.put(record, text.replace("\"files\": [", &format!("\"files\": [\"{}\", ", files.join("\", \""))).as_bytes());
    world.library().remove(ID, true).unwrap();
    assert_eq!(std::fs::read(&victim).unwrap(), b"kept");

    world.install(&app("1"));
    let text = world.text(record);
    world.put(record, text.replace("Applications/App.AppImage", "Applications/../precious.desktop").as_bytes());
    let listing = world.library().all().unwrap();
    assert!(listing.apps.is_empty() && matches!(&*listing.faults, [LibraryError::Damaged { .. }]), "{listing:?}");
    assert!(matches!(world.library().remove(ID, true), Err(LibraryError::Damaged { .. })));
    // Its file is nobody's now, and its id is not given to another.
    assert_eq!(world.library().found().unwrap().len(), 1);
    assert_eq!(world.install(&app("2")).record.id, "org.example.App-appimage");
}

#[test]
fn a_change_that_cannot_be_read_stops_its_app_only() {
    let world = World::new();
    world.install(&app("1"));
    world.put(".local/share/strata/appimages/changes/org.example.App.json", b"{");
    world.put(".local/share/strata/appimages/changes/other.json", b"{\"id\": \"../x\"}");
    assert!(matches!(world.library().remove(ID, false), Err(LibraryError::Damaged { .. })));
    assert!(world.library().get(ID).is_ok());
    for faults in [2, 0] {
        let recovered = world.library().recover().unwrap();
        assert_eq!(recovered.faults.len(), faults, "{recovered:?}");
    }
    world.library().remove(ID, false).unwrap();
}

#[test]
fn what_is_too_large_to_be_remembered_is_refused_before_anything_is_done() {
    let world = World::new();
    world.install(&app("1"));
    let before = world.tree();
    let settings = Settings { arguments: vec!["x".repeat(2 << 20)], ..Settings::default() };
    assert!(matches!(world.library().configure(ID, settings, true, &Place::Here), Err(LibraryError::Io { .. })));
    assert_eq!(world.tree(), before);
}

#[test]
fn what_is_gone_from_menus_is_told_and_made_again() {
    let world = World::new();
    world.install(&app("1"));
    let before = world.tree();
    std::fs::remove_file(world.path(ICON_1)).unwrap();
    let library = world.library();
    assert_eq!(library.all().unwrap().apps[0].lacks.len(), 1);
    library.configure(ID, Settings::default(), true, &Place::Here).unwrap();
    assert_eq!(world.tree(), before);
    assert_eq!(library.all().unwrap().apps[0].lacks, []);
}

#[test]
fn a_drive_that_is_gone_keeps_nobody_from_removing() {
    let world = World::new();
    world.install(&app("1"));
    let settings = Settings { portable_home: true, ..Settings::default() };
    world.library().configure(ID, settings, true, &Place::Here).unwrap();
    std::fs::remove_dir_all(world.path("Applications")).unwrap();
    assert_eq!(world.library().all().unwrap().apps[0].presence, Presence::Missing);
    world.library().remove(ID, true).unwrap();
    assert_eq!(world.names(), Vec::<String>::new());
}

#[test]
fn a_file_that_updated_itself_is_read_again() {
    let world = World::new();
    let before = world.install(&app("1")).record;
    world.put("Applications/App.AppImage", &app("2"));
    assert_eq!(world.library().all().unwrap().apps[0].presence, Presence::Changed);
    let after = world.library().reread(ID).unwrap();
    assert!(!after.unchanged && after.record.version.sha256 != before.version.sha256);
    assert_eq!(world.library().all().unwrap().apps[0].presence, Presence::There);
    assert!(world.path(ICON_2).exists() && !world.path(ICON_1).exists());
    assert!(world.library().reread(ID).unwrap().unchanged);
}

#[test]
fn the_person_says_how_it_is_started() {
    let world = World::new();
    world.install(&app("1"));
    let settings = Settings {
        arguments: vec!["--name".into(), "a b; $(id)".into()],
        environment: BTreeMap::from([("LANG".into(), "C".into())]),
        terminal: Some(true),
        ..Settings::default()
    };
    world.library().configure(ID, settings.clone(), true, &Place::Here).unwrap();
    let desktop = ".local/share/applications/org.example.App.desktop";
    let said = |text: &str| {
        let path = world.path("Applications/App.AppImage");
        let exec = format!("Exec=env DESKTOPINTEGRATION=1 LANG=C {} --name \"a b; \\\\$(id)\" %U", path.display());
        assert!(text.contains(&exec) && text.contains("Terminal=true\n"), "{exec}\n{text}");
    };
    said(&world.text(desktop));
    assert_eq!(update(&world, "2").record.settings, settings);
    said(&world.text(desktop));
    let bad = Settings { environment: BTreeMap::from([("A B".into(), "x".into())]), ..Settings::default() };
    assert!(matches!(world.library().configure(ID, bad, true, &Place::Here), Err(LibraryError::BadSettings(_))));
}

#[test]
fn what_is_left_of_downloads_goes_after_a_week() {
    let world = World::new();
    let (old, young) = (world.put("Applications/.strata-1.part", b"1"), world.put("Applications/.strata-2.part", b"2"));
    let note = world.put("Applications/.strata-1.note", b"{}");
    let long_ago = SystemTime::now() - Duration::from_hours(8 * 24);
    for path in [&old, &note] {
        std::fs::File::options().write(true).open(path).unwrap().set_modified(long_ago).unwrap();
    }
    let other = world.put("Applications/.strata-3.txt", b"mine");
    std::fs::File::options().write(true).open(&other).unwrap().set_modified(long_ago).unwrap();
    world.library().recover().unwrap();
    assert!(!old.exists() && !note.exists() && young.exists() && other.exists());
}
