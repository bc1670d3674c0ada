//! Scribe: an AppImage that writes a file, in any version, and a forge that releases them.

#![allow(dead_code)] // each kind of test takes what it needs

#[path = "../../src/appimage/tests/made/mod.rs"]
pub(crate) mod made;

use backhand::compression::Compressor;
use made::{DESKTOP, Made, PNG};
use object::{Object, ObjectSection};
use std::fs;
use std::io::Cursor;
use std::path::PathBuf;
use strata_demo::{Key, World};

pub(crate) const ID: &str = "org.example.Scribe";
/// Where its updates come from.
pub(crate) const UPDATES: &str = "gh-releases-zsync|ann|Scribe|latest|Scribe-*-x86_64.AppImage.zsync";

/// A version of it, whose updates come from there.
pub(crate) fn scribe_of(version: &str, updates: &str) -> Vec<u8> {
    scribe_doing(b"#!/bin/sh\necho \"$DESKTOPINTEGRATION\" > \"$HOME/written\"\n", version, updates)
}

/// The same that does something else.
pub(crate) fn scribe_doing(run: &[u8], version: &str, updates: &str) -> Vec<u8> {
    let desktop = DESKTOP.replace("Name=App", &format!("Name=Scribe\nX-AppImage-Version={version}"));
    let entries = [
        ("AppRun", Made::File(run)),
        ("org.example.Scribe.desktop", Made::File(desktop.as_bytes())),
        ("app.png", Made::File(PNG)),
    ];
    let mut runtime = made::fixture("runtime-x86_64");
    let sections = object::File::parse(&*runtime).unwrap();
    let (offset, size) = sections.section_by_name(".upd_info").unwrap().file_range().unwrap();
    assert!(updates.len() as u64 <= size);
    let offset = usize::try_from(offset).unwrap();
    runtime[offset..offset + updates.len()].copy_from_slice(updates.as_bytes());
    [runtime, made::squash(Compressor::Gzip, &entries)].concat()
}

/// The same, signed: what is signed is the sum of the file without signature and key.
pub(crate) fn signed(mut file: Vec<u8>, key: &Key) -> Vec<u8> {
    let sum = strata_appimage::inspect(&mut Cursor::new(&file)).unwrap().sha256;
    let texts = [key.signature_text(sum.as_bytes()).unwrap(), key.public_text().unwrap().into_bytes()];
    for (section, text) in [".sha256_sig", ".sig_key"].into_iter().zip(texts) {
        let sections = object::File::parse(&*file).unwrap();
        let (offset, size) = sections.section_by_name(section).unwrap().file_range().unwrap();
        assert!(text.len() as u64 <= size);
        let offset = usize::try_from(offset).unwrap();
        file[offset..offset + text.len()].copy_from_slice(&text);
    }
    file
}

/// A file that the person has downloaded.
pub(crate) fn put(world: &World, name: &str, bytes: &[u8]) -> PathBuf {
    let folder = world.environment().home.join("Downloads");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), bytes).unwrap();
    folder.join(name)
}

/// From now on AppImageHub lists it, with more about it in the manner of its feed.
pub(crate) fn list(world: &World, more: &serde_json::Value) {
    let mut item = serde_json::json!({"name": "Scribe", "description": "Write a file",
        "links": [{"type": "GitHub", "url": "ann/Scribe"}]});
    item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let feed = serde_json::json!({"version": 1, "items": [item]}).to_string();
    fs::write(world.folder().join("www/appimagehub/feed.json"), feed).unwrap();
}

/// From now on the forge has this version.
pub(crate) fn release(world: &World, version: &str) {
    publish(world, version, &scribe_of(version, UPDATES), None);
}

/// From now on the forge has this file as a version, and says that this is its digest.
pub(crate) fn publish(world: &World, version: &str, bytes: &[u8], digest: Option<&str>) {
    let (base, www) = (world.server().unwrap().url(), world.folder().join("www"));
    let put = |path: &str, content: &[u8]| {
        let path = www.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    let app = format!("Scribe-{version}-x86_64.AppImage");
    put(&format!("scribe/{app}"), bytes);
    put(&format!("scribe/{app}.zsync"), &made::zsync::control(bytes, &app, 2048, made::zsync::USUAL));
    let digest = digest.map(|digest| format!("sha256:{digest}"));
    let file = |name: &str, size: usize| serde_json::json!({"name": name, "size": size, "digest": digest, "browser_download_url": format!("{base}/scribe/{name}")});
    let files = [file(&app, bytes.len()), file(&format!("{app}.zsync"), 9)];
    let release = serde_json::json!({"tag_name": version, "published_at": "2026-11-22T12:00:00Z", "assets": files});
    put("forges/repos/ann/Scribe/releases/latest", release.to_string().as_bytes());
    // An answer counts for ten minutes.
    let _ = fs::remove_dir_all(world.environment().releases());
}
