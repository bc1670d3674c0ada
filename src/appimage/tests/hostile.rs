//! Files of strangers that mean harm: each costs itself or a part of itself, soon, and nothing else.

#![allow(clippy::unwrap_used, clippy::panic)]

mod made;

use backhand::compression::Compressor;
use made::raw::{HEAD, Raw};
use made::{DESKTOP, Elf, Made, PNG, appimage, look, squash};
use strata_appimage::{InspectError, Inspection, LossReason, NoAppImage, Part, Payload, PictureKind};

/// What a file is refused as.
fn refused(what: &str, bytes: &[u8]) -> NoAppImage {
    match look(bytes) {
        Err(InspectError::NoAppImage(reason)) => reason,
        other => panic!("{what}: {other:?}"),
    }
}

/// What is lost of it.
fn losses(found: &Inspection) -> Vec<(Part, LossReason)> {
    found.losses.iter().map(|loss| (loss.part, loss.reason)).collect()
}

/// `bytes` with `value` in place of what is at `place`.
fn with(bytes: &[u8], place: usize, value: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[place..place + value.len()].copy_from_slice(value);
    bytes
}

#[test]
fn what_is_no_appimage_says_why() {
    use NoAppImage as No;
    let elf = |change: &dyn Fn(&mut Elf)| {
        let mut elf = Elf::default();
        change(&mut elf);
        elf.build()
    };
    let plain = Elf::default().build();
    let upd = |content: Vec<u8>| elf(&|elf| elf.sections = vec![(".upd_info", content.clone())]);
    let one = upd(vec![b'x'; 100]);
    // The table of sections, the second of which is the named one.
    let table = one.len() - 3 * 64;
    let two = elf(&|elf| elf.sections = vec![(".sha256_sig", vec![0; 100]), (".sig_key", vec![0; 100])]);
    let keys = two.len() - 4 * 64 + 2 * 64;
    let cases: Vec<(&str, Vec<u8>, NoAppImage)> = vec![
        ("nothing", vec![], No::TooShort),
        ("one byte", vec![0x7f], No::TooShort),
        ("a text", b"#!/bin/sh\nrm -rf ~ # not an AppImage\n".to_vec(), No::NoProgram),
        ("a picture", PNG.to_vec(), No::NoProgram),
        ("a program without a mark", elf(&|elf| elf.mark = [0; 3]), No::NoMark),
        ("a third type", elf(&|elf| elf.mark = *b"AI\x03"), No::UnknownType),
        ("a class that is none", with(&plain, 4, &[9]), No::BadHeader),
        ("a byte order that is none", with(&plain, 5, &[7]), No::BadHeader),
        ("a version that is none", with(&plain, 6, &[9]), No::BadHeader),
        ("a machine of yore", elf(&|elf| elf.machine = 2), No::UnknownMachine),
        ("a narrow program for a wide machine", elf(&|elf| elf.wide = false), No::UnknownMachine),
        ("a table of sections at 2^63", with(&plain, 40, &(1_u64 << 63).to_le_bytes()), No::BadHeader),
        ("a table of sections at 2^64-1", with(&plain, 40, &u64::MAX.to_le_bytes()), No::BadHeader),
        ("a table of sections behind the end", with(&plain, 40, &9999_u64.to_le_bytes()), No::BadHeader),
        ("65,535 sections", with(&plain, 60, &u16::MAX.to_le_bytes()), No::BadHeader),
        ("sections of one byte", with(&plain, 58, &1_u16.to_le_bytes()), No::BadHeader),
        ("sections of 65,535 bytes", with(&plain, 58, &u16::MAX.to_le_bytes()), No::BadHeader),
        ("program headers at 2^63", with(&plain, 32, &(1_u64 << 63).to_le_bytes()), No::BadHeader),
        ("65,535 program headers", with(&plain, 56, &u16::MAX.to_le_bytes()), No::BadHeader),
        ("program headers of no bytes", with(&plain, 54, &0_u16.to_le_bytes()), No::BadHeader),
        ("a section of 2^63 bytes", with(&one, table + 64 + 32, &(1_u64 << 63).to_le_bytes()), No::BadHeader),
        ("a section at 2^64-1", with(&one, table + 64 + 24, &u64::MAX.to_le_bytes()), No::BadHeader),
        ("a section over the end", with(&one, table + 64 + 32, &100_000_u64.to_le_bytes()), No::BadHeader),
        ("a section over the header", with(&one, table + 64 + 24, &0_u64.to_le_bytes()), No::BadHeader),
        ("names of 2^63 bytes", with(&one, table + 128 + 32, &(1_u64 << 63).to_le_bytes()), No::BadHeader),
        ("update information of 100 KB", upd(vec![b'x'; 100_000]), No::BadHeader),
        ("signature and key over each other", with(&two, keys + 24, &150_u64.to_le_bytes()), No::BadHeader),
        (
            "two signatures",
            elf(&|elf| elf.sections = vec![(".sha256_sig", vec![1; 9]), (".sha256_sig", vec![2; 9])]),
            No::BadHeader,
        ),
        ("a runtime of 65 MB", elf(&|elf| elf.sections = vec![(".text", vec![0; 65 << 20])]), No::BadHeader),
    ];
    for (what, bytes, reason) in cases {
        assert_eq!(refused(what, &bytes), reason, "{what}");
    }
}

#[test]
fn headers_of_all_sizes_and_orders_are_read() {
    for (wide, big, machine, name) in [
        (true, false, 62, "x86_64"),
        (false, false, 3, "i686"),
        (true, false, 183, "aarch64"),
        (true, true, 183, "aarch64"),
        (false, true, 40, "armhf"),
        (true, false, 243, "riscv64"),
    ] {
        let sections = vec![(".upd_info", b"zsync|https://example.org/a.zsync\0\0\0".to_vec())];
        let elf = Elf { wide, big, machine, sections, interpreter: big, ..Elf::default() };
        let bundle = squash(Compressor::Gzip, &[("a.desktop", Made::File(DESKTOP.as_bytes()))]);
        let found = look(&appimage(&elf, &bundle)).unwrap();
        assert_eq!((found.architecture.as_str(), found.needs_fuse2), (name, big));
        assert!(matches!(found.updates, Some(Ok(_))), "{:?}", found.updates);
        assert_eq!(found.contents.desktop.unwrap().text, DESKTOP, "{name}");
    }
}

#[test]
fn a_bundle_that_is_damaged_costs_itself() {
    let elf = Elf::default();
    let good = squash(Compressor::Gzip, &[("a.desktop", Made::File(DESKTOP.as_bytes()))]);
    let long = |place: usize, value: u64| with(&good, place, &value.to_le_bytes());
    let cases: Vec<(&str, Vec<u8>, LossReason)> = vec![
        ("no bundle", vec![], LossReason::Unreadable),
        ("four letters of one", b"hsqs".to_vec(), LossReason::Damaged),
        ("DwarFS", b"DWARFS\x02\x05 and so on".to_vec(), LossReason::Unreadable),
        ("a bundle of something", vec![0xaa; 4096], LossReason::Unreadable),
        ("packed by LZO", with(&good, 20, &3_u16.to_le_bytes()), LossReason::Unreadable),
        ("packed by the old LZMA", with(&good, 20, &2_u16.to_le_bytes()), LossReason::Unreadable),
        ("packed by what is not known", with(&good, 20, &77_u16.to_le_bytes()), LossReason::Unreadable),
        ("SquashFS 3", with(&good, 28, &3_u16.to_le_bytes()), LossReason::Unreadable),
        ("blocks of nothing", with(&good, 12, &0_u32.to_le_bytes()), LossReason::Damaged),
        ("blocks of 2 GB", with(&good, 12, &(1_u32 << 31).to_le_bytes()), LossReason::Damaged),
        ("blocks of two sizes", with(&good, 22, &13_u16.to_le_bytes()), LossReason::Damaged),
        ("10 GB declared", long(40, 10 << 30), LossReason::Damaged),
        ("2^64-1 bytes declared", long(40, u64::MAX), LossReason::Damaged),
        ("a table of inodes at 2^63", long(64, 1 << 63), LossReason::Damaged),
        ("a table of folders at 2^63", long(72, 1 << 63), LossReason::Damaged),
        ("tables in the wrong order", long(72, 96), LossReason::Damaged),
        ("a table of shared blocks at 2^63", long(80, 1 << 63), LossReason::Damaged),
    ];
    for (what, bundle, reason) in cases {
        let found = look(&appimage(&elf, &bundle)).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(losses(&found), [(Part::Payload, reason)], "{what}");
        assert_eq!(found.contents.desktop, None, "{what}");
    }
}

/// A bundle by hand with a desktop file and what `change` adds to its root.
fn root_of(change: impl FnOnce(&mut Raw, &mut Vec<(Vec<u8>, usize)>)) -> Inspection {
    let mut raw = Raw::default();
    let mut entries = vec![(b"a.desktop".to_vec(), raw.file(DESKTOP.as_bytes()))];
    change(&mut raw, &mut entries);
    let entries: Vec<_> = entries.iter().map(|(name, place)| (name.as_slice(), *place)).collect();
    let listing = raw.list(&entries);
    let root = raw.folder(listing);
    look(&appimage(&Elf::default(), &raw.build(root))).unwrap()
}

#[test]
fn a_bad_picture_costs_itself() {
    type Change = fn(&mut Raw) -> usize;
    let cases: Vec<(&str, Change, LossReason)> = vec![
        ("a link to the machine's own files", |raw| raw.link(b"/etc/passwd"), LossReason::Outside),
        ("a link out of the bundle", |raw| raw.link(b"../../../etc/passwd"), LossReason::Outside),
        ("a link out and in again", |raw| raw.link(b"../a.desktop"), LossReason::Outside),
        ("a link to itself", |raw| raw.link(b".DirIcon"), LossReason::Loop),
        ("a link through itself", |raw| raw.link(b".DirIcon/.DirIcon"), LossReason::Loop),
        ("a link to a folder", |raw| raw.link(b"."), LossReason::NoFile),
        ("a link to nothing", |raw| raw.link(b""), LossReason::NoFile),
        ("a link below a file", |raw| raw.link(b"a.desktop/x"), LossReason::NoFile),
        ("a link to a text", |raw| raw.link(b"a.desktop"), LossReason::NoPicture),
        ("a link of 4 GB", |raw| raw.link_of(u32::MAX, b"x"), LossReason::TooLarge),
        ("a text", |raw| raw.file(b"I am a picture"), LossReason::NoPicture),
        ("nothing", |raw| raw.file(b""), LossReason::NoPicture),
        ("a web page", |raw| raw.file(b"<html><svg onload=alert(1)></svg></html>"), LossReason::NoPicture),
        ("half a PNG", |raw| raw.file(b"\x89PNG\r\n\x1a\n"), LossReason::NoPicture),
        ("bytes that are no text", |raw| raw.file(&[0xff; 100]), LossReason::NoPicture),
        ("a device", |raw| raw.device(4), LossReason::NoFile),
        ("a pipe", |raw| raw.device(6), LossReason::NoFile),
        ("a kind that is none", |raw| raw.device(99), LossReason::Damaged),
        ("a folder", |raw| raw.folder((0, 0)), LossReason::NoFile),
        ("10 GB declared", |raw| raw.file_of(10 << 30, 96, (u32::MAX, 0), &[]), LossReason::TooLarge),
        ("2^64-1 bytes declared", |raw| raw.file_of(u64::MAX, 96, (u32::MAX, 0), &[]), LossReason::TooLarge),
        ("a block at 2^63", |raw| raw.file_of(4096, 1 << 63, (u32::MAX, 0), &[4096 | 1 << 24]), LossReason::Damaged),
        ("a block at 2^64-1", |raw| raw.file_of(4096, u64::MAX, (u32::MAX, 0), &[4096 | 1 << 24]), LossReason::Damaged),
        ("a block of 16 MB", |raw| raw.file_of(4096, 96, (u32::MAX, 0), &[0xff_ffff]), LossReason::Damaged),
        ("a block too short", |raw| raw.file_of(4096, 96, (u32::MAX, 0), &[7 | 1 << 24]), LossReason::Damaged),
        ("a packed block that is none", |raw| raw.file_of(9, 96, (u32::MAX, 0), &[9]), LossReason::Damaged),
        ("a shared block that is none", |raw| raw.file_of(9, 96, (7, 0), &[]), LossReason::Damaged),
        ("a hole", |raw| raw.file_of(4096, 96, (u32::MAX, 0), &[0]), LossReason::NoPicture),
    ];
    for (what, change, reason) in cases {
        let found = root_of(|raw, entries| {
            let place = change(raw);
            entries.push((b".DirIcon".to_vec(), place));
        });
        assert_eq!(losses(&found), [(Part::Icon, reason)], "{what}");
        assert_eq!(found.contents.desktop.unwrap().text, DESKTOP, "{what}");
    }
}

#[test]
fn shared_blocks_are_bounded() {
    for (what, (start, size), offset, good) in [
        ("where it is", (96, 4096 | 1 << 24), 0, true),
        ("behind its end", (96, 4096 | 1 << 24), 4090, false),
        ("at 2^32-1", (96, 4096 | 1 << 24), u32::MAX, false),
        ("in a block at 2^63", (1 << 63, 4096 | 1 << 24), 0, false),
        ("in a block of 16 MB", (96, 0xff_ffff), 0, false),
        ("in a hole", (96, 0), 0, false),
    ] {
        let mut raw = Raw::default();
        let mut shared = PNG.to_vec();
        shared.resize(4096, 0);
        raw.data = shared;
        raw.fragments = vec![(start, size)];
        let icon = raw.file_of(PNG.len() as u64, 0, (0, offset), &[]);
        let desktop = raw.file(DESKTOP.as_bytes());
        let listing = raw.list(&[(b".DirIcon", icon), (b"a.desktop", desktop)]);
        let root = raw.folder(listing);
        let found = look(&appimage(&Elf::default(), &raw.build(root))).unwrap();
        assert_eq!(found.contents.icon.is_some(), good, "{what}: {:?}", found.losses);
    }
}

#[test]
fn names_that_lead_elsewhere_cost_the_folder() {
    for name in [&b".."[..], b".", b"../../.bashrc", b"/etc/cron.d/x", b"a/b.desktop", b"a\0.desktop", &[b'a'; 300]] {
        let mut raw = Raw::default();
        let place = raw.file(DESKTOP.as_bytes());
        let listing = raw.list(&[(name, place)]);
        let root = raw.folder(listing);
        let found = look(&appimage(&Elf::default(), &raw.build(root))).unwrap();
        assert_eq!(found.contents.desktop, None, "{name:?}");
        assert!(losses(&found).contains(&(Part::DesktopFile, LossReason::Damaged)), "{name:?}: {:?}", found.losses);
    }
}

#[test]
fn folders_without_end_are_given_up() {
    // A folder that has itself in it, and is walked through by a link.
    let found = root_of(|raw, entries| {
        let next = raw.next();
        let listing = raw.list(&[(b"x", next)]);
        assert_eq!(raw.folder(listing), next);
        entries.push((b"x".to_vec(), next));
        let link = raw.link("x/".repeat(200).as_bytes());
        entries.push((b".DirIcon".to_vec(), link));
    });
    assert_eq!(losses(&found), [(Part::Icon, LossReason::TooMany)]);
    // Links that double: 2^40 steps if each were walked.
    let found = root_of(|raw, entries| {
        for number in 0..40_u32 {
            let next = number + 1;
            let link = raw.link(format!("l{next}/../l{next}").as_bytes());
            entries.push((format!("l{number}").into_bytes(), link));
        }
        let link = raw.link(b"l0");
        entries.push((b".DirIcon".to_vec(), link));
    });
    assert_eq!(losses(&found), [(Part::Icon, LossReason::Loop)]);
}

#[test]
fn a_million_entries_are_too_many() {
    let mut raw = Raw::default();
    let place = raw.file(PNG);
    let start = raw.listed();
    for _ in 0..1_000_000 / 250 {
        raw.run(250, place);
        for _ in 0..250 {
            raw.entry(b"x", place);
        }
    }
    let length = u32::try_from(raw.listed() - start).unwrap();
    let root = raw.folder((start, length));
    let found = look(&appimage(&Elf::default(), &raw.build(root))).unwrap();
    assert!(losses(&found).contains(&(Part::DesktopFile, LossReason::TooMany)), "{:?}", found.losses);
    assert_eq!(found.contents.desktop, None);
}

#[test]
fn listings_that_lie_are_damaged() {
    for (what, count, length, reason) in [
        ("more than there are", 257, 100, LossReason::Damaged),
        ("2^32 of them", 0, 100, LossReason::Damaged),
        ("longer than the table", 1, 4_000_000_000, LossReason::Damaged),
        ("half an entry", 1, 15, LossReason::Damaged),
        ("half a header", 1, 5, LossReason::Damaged),
    ] {
        let mut raw = Raw::default();
        let place = raw.file(DESKTOP.as_bytes());
        raw.run(count, place);
        raw.entry(b"a.desktop", place);
        let root = raw.folder((0, length));
        let found = look(&appimage(&Elf::default(), &raw.build(root))).unwrap();
        assert!(losses(&found).contains(&(Part::DesktopFile, reason)), "{what}: {:?}", found.losses);
    }
}

#[test]
fn texts_that_are_none_cost_themselves() {
    let large = vec![b'#'; 2 << 20];
    for (what, text, reason) in [
        ("no text", &b"\xff\xfe[\0D\0e\0s\0k"[..], LossReason::WrongKind),
        ("a group that is no text", b"[Desktop Entry]\xff\nName=a\n", LossReason::WrongKind),
        ("a character zero", b"[Desktop Entry]\nName=a\0b", LossReason::WrongKind),
        ("no group", b"Name=App\nExec=app\n", LossReason::WrongKind),
        ("nothing", b"", LossReason::WrongKind),
        ("2 MB", &large, LossReason::TooLarge),
    ] {
        let bundle = squash(Compressor::Gzip, &[("a.desktop", Made::File(text)), (".DirIcon", Made::File(PNG))]);
        let found = look(&appimage(&Elf::default(), &bundle)).unwrap();
        assert_eq!(losses(&found), [(Part::DesktopFile, reason)], "{what}");
        assert!(found.contents.icon.is_some(), "{what}");
    }
}

#[test]
fn icon_names_that_are_paths_are_not_looked_for() {
    for icon in ["/etc/passwd", "../../x", "usr/x", ".hidden", "", "a\tb"] {
        let text = format!("[Desktop Entry]\nName=A\nIcon={icon}\n[Other]\nIcon=x\n");
        let bundle = squash(
            Compressor::Gzip,
            &[("a.desktop", Made::File(text.as_bytes())), ("usr/x.png", Made::File(PNG)), ("x.png", Made::File(PNG))],
        );
        let found = look(&appimage(&Elf::default(), &bundle)).unwrap();
        assert_eq!(found.contents.icon, None, "{icon}");
        assert_eq!(losses(&found), [(Part::Icon, LossReason::Missing)], "{icon}");
    }
}

#[test]
fn all_that_is_looked_for_is_found_however_it_is_packed() {
    let svg = b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>";
    let noise: Vec<u8> = (0..700_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[1]).collect();
    for packed in [Compressor::Gzip, Compressor::Xz, Compressor::Zstd, Compressor::Lz4] {
        let bundle = squash(
            packed,
            &[
                ("usr/bin/app", Made::File(&noise)),
                ("a.desktop", Made::Link("usr/share/applications/a.desktop")),
                ("usr/share/applications/a.desktop", Made::File(DESKTOP.as_bytes())),
                (".DirIcon", Made::Link("app.svg")),
                ("app.svg", Made::Link("usr/share/icons/hicolor/scalable/apps/../apps/app.svg")),
                ("usr/share/icons/hicolor/scalable/apps/app.svg", Made::File(svg)),
                ("usr/share/metainfo/a.appdata.xml", Made::File(b"<component/>")),
                ("usr/share/metainfo/0.appdata.xml", Made::File(b"<component/>")),
                ("usr/share/mime/packages/a.xml", Made::File(b"<mime-info/>")),
            ],
        );
        let found = look(&appimage(&Elf::default(), &bundle)).unwrap();
        assert_eq!(found.losses, [], "{packed:?}");
        assert!(matches!(found.payload, Payload::SquashFs { .. }));
        assert_eq!(found.contents.desktop.unwrap().text, DESKTOP);
        let icon = found.contents.icon.unwrap();
        assert_eq!((icon.kind, icon.bytes.as_slice()), (PictureKind::Svg, &svg[..]));
        assert_eq!(icon.path, "usr/share/icons/hicolor/scalable/apps/app.svg");
        assert_eq!(found.contents.mime_packages.len(), 1);
        assert_eq!(found.contents.appstream.unwrap().name, "a.appdata.xml");
    }
}

#[test]
fn cut_or_changed_anywhere_it_is_told_or_read() {
    let sections = vec![(".upd_info", vec![0; 64]), (".sha256_sig", vec![0; 64]), (".sig_key", vec![0; 64])];
    let entries = [("a.desktop", Made::File(DESKTOP.as_bytes())), (".DirIcon", Made::File(PNG))];
    let whole = appimage(&Elf { sections, ..Elf::default() }, &squash(Compressor::Gzip, &entries));
    let used = whole.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    for length in 0..used {
        if let Ok(found) = look(&whole[..length]) {
            assert!(found.contents.desktop.is_none(), "cut at {length}: SquashFS's length is more than that");
        }
    }
    for place in 0..used {
        for value in [0, 0x7f, 0xff] {
            // Whatever it says: it comes to an end, and nothing is taken that is not there.
            if let Ok(found) = look(&with(&whole, place, &[value])) {
                assert!(found.size == whole.len() as u64);
            }
        }
    }
    assert!(HEAD < used);
}
