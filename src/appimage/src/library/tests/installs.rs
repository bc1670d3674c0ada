//! AppImages become apps: fetched ones, and ones that the person has.

use super::*;
use crate::format::Format;
use crate::inspect::InspectError;
use crate::signature::Signature;

const DESKTOP: &str = ".local/share/applications/org.example.App.desktop";

#[test]
fn an_app_is_there_with_all_that_menus_need() {
    let world = World::new();
    let changed = world.install(&app("1"));
    let record = changed.record;
    assert_eq!((record.id.as_str(), record.name.as_str(), &*changed.notes), (ID, "App", &[][..]));
    assert_eq!(record.path, world.path("Applications/App.AppImage"));
    assert_eq!(
        world.names(),
        [
            DESKTOP,
            ".local/share/icons/hicolor/scalable/apps/appimage-org.example.App.svg",
            ".local/share/mime/packages/appimage-org.example.App-0.xml",
            ".local/share/strata/appimages/org.example.App.json",
            "Applications/App.AppImage",
        ]
    );
    let desktop = world.text(DESKTOP);
    let path = record.path.display();
    for line in [
        format!("Exec=env DESKTOPINTEGRATION=1 {path} %U"),
        format!("TryExec={path}"),
        "Icon=appimage-org.example.App".to_owned(),
        "Name[de]=Anwendung".to_owned(),
    ] {
        assert!(desktop.lines().any(|found| found == line), "{line} in {desktop}");
    }
    assert!(!desktop.contains("StartupWMClass"), "its id is its own: {desktop}");
    assert_eq!(record.path.metadata().unwrap().permissions().mode() & 0o777, 0o755);
    assert_eq!(std::fs::read(&record.path).unwrap(), app("1"));
    let listing = world.library().all().unwrap();
    assert_eq!(listing.apps, [Installed { record, presence: Presence::There, lacks: vec![] }]);
}

#[test]
fn nothing_of_others_is_replaced_or_hidden() {
    for taken in [
        ".local/share/applications/org.example.App.desktop",
        ".local/share/flatpak/exports/share/applications/org.example.App.desktop",
        "system/var/lib/flatpak/exports/share/applications/org.example.App.desktop",
        "system/usr/share/applications/org.example.App.desktop",
        "system/usr/local/share/applications/org.example.App.desktop",
    ] {
        let world = World::new();
        world.put(taken, b"theirs");
        world.put("Applications/App.AppImage", b"theirs");
        let record = world.install(&app("1")).record;
        assert_eq!(record.id, "org.example.App-appimage", "{taken}");
        assert_eq!(record.path, world.path("Applications/App-2.AppImage"));
        assert_eq!((world.text(taken), world.text("Applications/App.AppImage")), ("theirs".into(), "theirs".into()));
        let desktop = world.text(".local/share/applications/org.example.App-appimage.desktop");
        assert!(desktop.contains("StartupWMClass=org.example.App\n"), "its windows are known by it: {desktop}");
        world.library().remove(&record.id, false).unwrap();
        assert_eq!((world.text(taken), world.text("Applications/App.AppImage")), ("theirs".into(), "theirs".into()));
    }
}

#[test]
fn the_same_file_is_installed_once() {
    let world = World::new();
    world.install(&app("1"));
    let again = world.put("Downloads/App.AppImage", &app("1"));
    for path in [again, world.path("Applications/App.AppImage")] {
        let error = world.library().install(&new(&path), &Place::Here, Settings::default()).unwrap_err();
        assert!(matches!(&error, LibraryError::Already(id) if id == ID), "{error}");
    }
}

#[test]
fn what_cannot_start_by_itself_unpacks_itself() {
    let dynamic = |mark: [u8; 3]| {
        let elf = Elf { interpreter: true, mark, ..elf() };
        made::appimage(&elf, &made::squash(Compressor::Gzip, &[("a.desktop", In::File(made::DESKTOP.as_bytes()))]))
    };
    let exec = |world: &World, id: &str| {
        let text = world.text(&format!(".local/share/applications/{id}.desktop"));
        text.lines().find_map(|line| line.strip_prefix("Exec=").map(str::to_owned)).unwrap()
    };
    let world = World::new();
    let changed = world.install(&dynamic(*b"AI\x02"));
    assert_eq!(changed.notes, [Note::Unpacks, Note::NoIcon]);
    assert!(exec(&world, "a").starts_with("env DESKTOPINTEGRATION=1 APPIMAGE_EXTRACT_AND_RUN=1 /"));
    // Unpacked it does not look for folders of its own.
    let settings = Settings { portable_home: true, portable_config: true, ..Settings::default() };
    world.library().configure("a", settings, true, &Place::Here).unwrap();
    let file = changed.record.path.display().to_string();
    let own = format!("HOME={file}.home XDG_CONFIG_HOME={file}.config {file}");
    assert!(exec(&world, "a").contains(&own), "{own}");
    let start = world.library().start("a").unwrap();
    assert!(start.environment.contains(&("HOME".into(), format!("{file}.home"))), "{start:?}");
    for (library, unpacks) in [
        (&b"\x7fELF\x02"[..], false),
        (b"\x7fELF\x01", true), // for programs of 32 bits
        (b"", true),
    ] {
        let world = World::new();
        world.put("system/usr/lib64/libfuse.so.2", library);
        assert_eq!(world.install(&dynamic(*b"AI\x02")).notes.contains(&Note::Unpacks), unpacks, "{library:?}");
        assert_eq!(exec(&world, "a").contains("EXTRACT"), unpacks);
    }
    // The first type cannot unpack itself.
    let world = World::new();
    assert!(world.install(&dynamic(*b"AI\x01")).notes.contains(&Note::NeedsFuse2));
}

#[test]
fn an_app_for_a_terminal_says_so() {
    let world = World::new();
    let desktop = "[Desktop Entry]\nType=Application\nName=Lister\nExec=lister\nTerminal=true\n";
    assert_eq!(world.install(&other(desktop)).notes, [Note::WantsTerminal, Note::NoIcon]);
}

#[test]
fn an_app_that_does_not_want_to_be_in_menus_is_not_unless_the_person_wants_it() {
    let world = World::new();
    let desktop = "[Desktop Entry]\nType=Application\nName=Shy\nExec=shy\nX-AppImage-Integrate=false\n";
    let changed = world.install(&other(desktop));
    assert_eq!((changed.notes, changed.record.files), (vec![Note::NotWished], vec![]));
    assert!(!changed.record.integrated);
    let changed = world.library().configure("other", Settings::default(), true, &Place::Here).unwrap();
    assert_eq!(changed.record.files, [Made::desktop("other")]);
    let changed = world.library().configure("other", Settings::default(), false, &Place::Here).unwrap();
    assert_eq!(changed.record.files, []);
    assert_eq!(world.names(), [".local/share/strata/appimages/other.json", "Applications/Shy.AppImage"]);
}

#[test]
fn an_app_that_says_nothing_of_itself_has_the_name_that_is_known() {
    let world = World::new();
    let mut silent = world.fetched(&bundle(&[("AppRun", In::File(b"x"))]));
    silent.facts.name = "Größe / Maß".into();
    let place = Place::Folder(world.path("Applications"));
    let changed = world.library().install(&silent, &place, Settings::default()).unwrap();
    assert_eq!(changed.notes, [Note::NoDesktopFile, Note::NoIcon]);
    assert_eq!(changed.record.path, world.path("Applications/Größe-Maß.AppImage"));
    let desktop = world.text(&format!(".local/share/applications/{}.desktop", changed.record.id));
    assert!(desktop.contains("Name=Größe / Maß\n"), "{desktop}");
}

#[test]
fn what_is_not_taken_leaves_everything_as_it_was() {
    let world = World::new();
    let place = Place::Folder(world.path("Applications"));
    let part = world.fetched(&app("1"));
    let before = world.tree();
    let install = |new: &New, place: &Place| world.library().install(new, place, Settings::default()).unwrap_err();
    let facts = Facts { sha256: Some("0".repeat(64)), ..Facts::default() };
    assert!(matches!(install(&New { facts, ..part.clone() }, &place), LibraryError::WrongDigest { .. }));
    let mut bad = part.clone();
    bad.candidate.inspection.signature = Signature::Bad;
    assert!(matches!(install(&bad, &place), LibraryError::Ask(Question::BadSignature)));
    for folder in ["relative", "/a=b", "/a\nb"] {
        assert!(matches!(install(&part, &Place::Folder(folder.into())), LibraryError::BadFolder(_)), "{folder}");
    }
    let settings = Settings { arguments: vec!["a\0b".into()], ..Settings::default() };
    let wished = world.library().install(&part, &place, settings);
    assert!(matches!(wished, Err(LibraryError::BadSettings(_))), "{wished:?}");
    assert_eq!(world.tree(), before);
    world.put("Applications/.strata-0000.part", &app("2"));
    assert!(matches!(install(&part, &place), LibraryError::Changed));

    let mut bad = New { accepted: Some(Question::BadSignature), ..new(&world.path("Applications/.strata-0000.part")) };
    bad.candidate.inspection.signature = Signature::Bad;
    let taken = world.library().install(&bad, &place, Settings::default()).unwrap();
    assert_eq!(taken.record.version.provenance, Provenance::Bad, "the person said yes, and it is still bad");
}

#[test]
fn only_appimages_for_this_machine_are_read() {
    let world = World::new();
    let read = |bytes: &[u8]| Candidate::read(&world.put("file", bytes)).unwrap_err();
    assert!(matches!(read(b"text"), LibraryError::NoAppImage(InspectError::NoAppImage(_))));
    let machine = if Architecture::of_this_machine() == Some(Architecture::Aarch64) { 62 } else { 183 };
    let foreign = Elf { machine, ..elf() }.build();
    assert!(matches!(read(&foreign), LibraryError::OtherMachine(_)));
    let link = world.path("link");
    std::os::unix::fs::symlink(world.put("real", &app("1")), &link).unwrap();
    for path in [link, world.home.clone(), world.path("none"), "/dev/null".into()] {
        assert!(matches!(Candidate::read(&path), Err(LibraryError::Io { .. })), "{}", path.display());
    }
}

#[test]
fn what_the_person_has_already_is_found_and_taken_where_it_lies_or_moved() {
    let world = World::new();
    world.install(&app("1"));
    let mine = world.put("Applications/Mine-1.2.AppImage", &other(made::DESKTOP));
    world.put("Applications/.hidden.AppImage", &app("3"));
    world.put("Applications/notes.txt", b"text");
    std::fs::create_dir(world.path("Applications/Folder.AppImage")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", world.path("Applications/Endless.AppImage")).unwrap();
    let library = world.library();
    let found = Found {
        path: mine.clone(),
        size: mine.metadata().unwrap().len(),
        format: Format::Two,
        architecture: Architecture::of_this_machine().unwrap(),
    };
    assert_eq!(library.found().unwrap(), [found]);
    let record = library.install(&new(&mine), &Place::Here, Settings::default()).unwrap().record;
    assert_eq!((record.path, record.id.as_str()), (mine, "other"));
    assert_eq!(library.found().unwrap(), []);

    let far = world.put("Downloads/far.AppImage", &app("4"));
    let place = Place::Folder(world.path("Applications"));
    let record = library.install(&new(&far), &place, Settings::default()).unwrap().record;
    assert_eq!(record.path, world.path("Applications/App-2.AppImage"));
    assert!(!far.exists() && record.path.metadata().unwrap().permissions().mode() & 0o100 != 0);
}
