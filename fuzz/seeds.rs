//! Writes what fuzzing begins with where no fixture is small enough: AppImages of every kind, as the tests make them, a
//! desktop file, a list. `seeds CORPUS`

#![allow(clippy::unwrap_used)]

#[path = "../src/appimage/tests/made/mod.rs"]
mod made;

use backhand::compression::Compressor;
use made::{DESKTOP, Elf, Made, PNG, appimage, squash};
use std::path::{Path, PathBuf};
use strata_model::listed::{HEADER, Line, Listed, Lost};
use strata_model::text::{Block, Span, Style};

fn main() {
    let corpus = PathBuf::from(std::env::args_os().nth(1).unwrap());
    write_appimages(&corpus.join("appimage"));
    write(&corpus.join("desktop"), "plain", DESKTOP.as_bytes());
    write(&corpus.join("listed"), "one", list().as_bytes());
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join(name), bytes).unwrap();
}

fn write_appimages(folder: &Path) {
    let write = |name: &str, bytes: &[u8]| write(folder, name, bytes);
    let desktop = Made::File(DESKTOP.as_bytes());
    let entries = [
        ("app.desktop", desktop),
        ("app.png", Made::File(PNG)),
        (".DirIcon", Made::Link("app.png")),
        ("usr/share/metainfo/app.appdata.xml", Made::File(b"<component><id>org.example.App</id></component>")),
        ("usr/share/mime/packages/app.xml", Made::File(b"<mime-info/>")),
        ("usr/bin", Made::Folder),
    ];
    let kinds =
        [("gzip", Compressor::Gzip), ("xz", Compressor::Xz), ("zstd", Compressor::Zstd), ("lz4", Compressor::Lz4)];
    for (name, kind) in kinds {
        let bundle = squash(kind, &entries);
        write(name, &appimage(&Elf::default(), &bundle));
        write(&format!("{name}-narrow"), &appimage(&Elf { wide: false, machine: 3, ..Elf::default() }, &bundle));
    }
    let sections = vec![
        (".upd_info", b"gh-releases-zsync|ann|app|latest|App-*x86_64.AppImage.zsync\0".to_vec()),
        (".sha256_sig", vec![0; 64]),
        (".sig_key", vec![0; 64]),
    ];
    let bundle = squash(Compressor::Gzip, &entries);
    write("sections", &appimage(&Elf { sections, ..Elf::default() }, &bundle));
    write("first", &appimage(&Elf { mark: *b"AI\x01", ..Elf::default() }, &bundle));
}

fn list() -> String {
    let spans = vec![Span { text: "All in one".to_owned(), style: Style::Emphasis }];
    let app = Listed {
        reference: "App".to_owned(),
        id: "org.example.App".to_owned(),
        name: "App".to_owned(),
        summary: "Does it all".to_owned(),
        description: vec![Block::List { ordered: false, items: vec![spans] }],
        categories: vec!["Graphics".to_owned()],
        page: "https://example.org/app".to_owned(),
        icons: vec!["https://example.org/app.png".to_owned()],
        ..Listed::default()
    };
    let lines = [Line::App(Box::new(app)), Line::Lost { reason: Lost::NoName, count: 2 }];
    let lines = lines.map(|line| serde_json::to_string(&line).unwrap() + "\n");
    format!("{HEADER}\n{}", lines.concat())
}
