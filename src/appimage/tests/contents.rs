//! What of a bundle is the app's own, however it is laid out.

#![allow(clippy::unwrap_used)]

mod made;

use backhand::compression::Compressor;
use made::{DESKTOP, Elf, Made, PNG, appimage, look, squash};
use strata_appimage::{Inspection, LossReason, Part};

fn bundle(entries: &[(&str, Made)]) -> Inspection {
    look(&appimage(&Elf::default(), &squash(Compressor::Gzip, entries))).unwrap()
}

/// What is lost of it, and where.
fn losses(found: &Inspection) -> Vec<(Part, &str, LossReason)> {
    found.losses.iter().map(|loss| (loss.part, loss.path.as_str(), loss.reason)).collect()
}

#[test]
fn the_description_of_an_add_on_is_not_the_apps() {
    let description = || Made::File(b"<component/>");
    for (others, own) in [
        (&["metainfo/org.example.App.Addon.metainfo.xml"][..], "metainfo/org.example.App.metainfo.xml"),
        (&["metainfo/org.example.App.Addon.metainfo.xml"], "appdata/org.example.App.appdata.xml"),
        (&["metainfo/a.appdata.xml", "metainfo/org.example.App-x.appdata.xml"], "metainfo/org.example.App.appdata.xml"),
        (&["metainfo/x.appdata.xml"], "metainfo/another.appdata.xml"),
    ] {
        let own_path = format!("usr/share/{own}");
        let others: Vec<_> = others.iter().map(|other| format!("usr/share/{other}")).collect();
        let mut entries = vec![
            (".DirIcon", Made::File(PNG)),
            ("org.example.App.desktop", Made::File(DESKTOP.as_bytes())),
            (own_path.as_str(), description()),
        ];
        entries.extend(others.iter().map(|other| (other.as_str(), description())));
        let found = bundle(&entries);
        assert_eq!(losses(&found), []);
        let name = found.contents.appstream.unwrap().name;
        assert_eq!(Some(name.as_str()), own.rsplit('/').next());
    }
}

#[test]
fn of_too_many_the_first_are_read() {
    let mut paths = Vec::new();
    for number in 10..40 {
        paths.push((format!("{number}.desktop"), DESKTOP));
        paths.push((format!("usr/share/metainfo/{number}.metainfo.xml"), "<component/>"));
        paths.push((format!("usr/share/mime/packages/{number}.xml"), "<mime-info/>"));
    }
    let text = |(path, text): &'static (String, &'static str)| (path.as_str(), Made::File(text.as_bytes()));
    let paths: &'static [_] = paths.leak();
    let mut entries: Vec<_> = paths.iter().map(text).collect();
    entries.push((".DirIcon", Made::File(PNG)));
    let found = bundle(&entries);
    let lost = [
        (Part::DesktopFile, "", LossReason::TooMany),
        (Part::DesktopFile, "11.desktop", LossReason::Several),
        (Part::MimePackage, "usr/share/mime/packages", LossReason::TooMany),
    ];
    assert_eq!(losses(&found), lost);
    assert_eq!(found.contents.desktop.unwrap().name, "10.desktop");
    assert_eq!(found.contents.appstream.unwrap().name, "10.metainfo.xml");
    assert_eq!(found.contents.mime_packages.len(), 16);
    // Without one of the app's name it is the first of many.
    entries.retain(|(path, _)| *path != "usr/share/metainfo/10.metainfo.xml");
    let found = bundle(&entries);
    assert!(losses(&found).contains(&(Part::AppStream, "usr/share/metainfo", LossReason::TooMany)));
    assert_eq!(found.contents.appstream.unwrap().name, "11.metainfo.xml");
}

#[test]
fn a_line_that_is_no_text_costs_itself() {
    let text = b"[Desktop Entry]\nName=App\nName[fr]=Caf\xe9\r\nExec=app\n# \xff\nIcon=app\nComment=\xc3";
    let found = bundle(&[("a.desktop", Made::File(text)), (".DirIcon", Made::File(PNG))]);
    assert_eq!(losses(&found), [(Part::DesktopFile, "a.desktop", LossReason::Damaged)]);
    assert_eq!(found.contents.desktop.unwrap().text, "[Desktop Entry]\nName=App\nExec=app\nIcon=app\n");
}

#[test]
fn a_picture_is_found_in_the_folder_of_old_and_by_a_path_of_a_system() {
    for (icon, path) in [
        ("app", "usr/share/pixmaps/app.png"),
        ("/usr/share/pixmaps/app.png", "usr/share/pixmaps/app.png"),
        ("/opt/app/icons/app.svg", "app.png"),
        ("/usr/share/icons/app", "usr/share/icons/hicolor/256x256/apps/app.png"),
    ] {
        let text = format!("[Desktop Entry]\nName=A\nExec=a\nIcon={icon}\n");
        let found = bundle(&[("a.desktop", Made::File(text.as_bytes())), (path, Made::File(PNG))]);
        assert_eq!(losses(&found), [], "{icon}");
        assert_eq!(found.contents.icon.unwrap().path, path, "{icon}");
    }
}
