//! The distribution's own AppStream: which lists lie on this machine.
//! <https://www.freedesktop.org/software/appstream/docs/chap-CatalogData.html>

use crate::appstream::Languages;
use crate::deadline::{Clock, Deadline};
use crate::entries::Entries;
use crate::feed;
use std::collections::HashSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use strata_model::SourceKind;
use strata_model::feed::Feed;

/// Folders with lists, below each of the distribution's folders; the middle one is an older name of the first.
const LISTS: [&str; 3] = ["xml", "xmls", "yaml"];
/// How the names of lists end. What they hold is told by themselves.
const ENDINGS: [&str; 6] = [".xml", ".xml.gz", ".yml", ".yml.gz", ".yaml", ".yaml.gz"];
/// Most files of one folder that are looked at.
const MOST_FILES: usize = 1_000;
/// Most lists of all folders together. A distribution has a handful of them for each of its archives.
const MOST_LISTS: usize = 100;
/// Longest name of an origin, in bytes.
const MOST_NAME_BYTES: usize = 120;
/// How much of a list is looked through for its origin, in bytes.
const MOST_HEADER_BYTES: u64 = 64 << 10;

/// The lists below some folders, as feeds of packages for everybody on this machine. A file that can be reached in two
/// ways is one list; what cannot be read is left out, or found out when it is.
pub fn feeds(folders: &[PathBuf]) -> Vec<Feed> {
    let mut known = HashSet::new();
    let mut feeds = Vec::new();
    for folder in folders {
        for file in LISTS.iter().flat_map(|name| files(&folder.join(name))) {
            if feeds.len() == MOST_LISTS {
                tracing::warn!("more than {MOST_LISTS} lists of packages; the others are left out");
                return feeds;
            }
            // A name that leads nowhere is none: package managers leave such links behind.
            let Ok(file) = file.canonicalize() else { continue };
            if known.insert(file.clone()) {
                feeds.push(feed_of(file, folder, folders));
            }
        }
    }
    feeds
}

/// The lists in a folder, by name, so that the same files always come in the same order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().take(MOST_FILES);
    let is_list = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        ENDINGS.iter().any(|ending| name.ends_with(ending))
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_list).collect();
    files.sort();
    files
}

fn feed_of(file: PathBuf, own: &Path, folders: &[PathBuf]) -> Feed {
    let origin = origin(&file);
    // Icons lie beside the list, or in another of the folders.
    let icons = std::iter::once(own).chain(folders.iter().map(PathBuf::as_path));
    let mut icons = icons.map(|folder| folder.join("icons").join(&origin));
    let icons = icons.find(|folder| folder.is_dir()).unwrap_or_else(|| own.join("icons").join(&origin));
    Feed {
        source: SourceKind::Package,
        scope: "system".to_owned(),
        origin,
        url: String::new(),
        priority: 0,
        file,
        icons,
        references: Vec::new(),
        verifies: false,
        popularity: None,
    }
}

/// The list's own word for where its entries come from, or the file's name.
fn origin(file: &Path) -> String {
    let said = said_origin(file).filter(|name| is_plain(name));
    said.unwrap_or_else(|| {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let stem = name.split('.').next().filter(|stem| is_plain(stem));
        stem.unwrap_or("distribution").to_owned()
    })
}

fn said_origin(file: &Path) -> Option<String> {
    // The header comes before the first entry, and this is asked often.
    let deadline = Deadline::new(&Clock::real());
    let unpacked = feed::open(file).and_then(|file| feed::unpacked(file, deadline));
    let begins = unpacked.ok()?.take(MOST_HEADER_BYTES);
    let mut entries = Entries::new(begins).ok()?;
    entries.next(&mut Languages::new(&[])).ok()?;
    entries.origin().map(str::to_owned)
}

/// It becomes the name of a folder.
fn is_plain(name: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || "._-+:".contains(c);
    !name.is_empty() && name.len() <= MOST_NAME_BYTES && !name.starts_with('.') && name.chars().all(known)
}

/// The name of a package as it can be given to a package manager; `None` if it is none.
pub(crate) fn package(name: &str) -> Option<&str> {
    let known = |c: char| c.is_ascii_alphanumeric() || "._-+~:".contains(c);
    let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    (begins && name.len() <= MOST_NAME_BYTES && name.chars().all(known)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const XML: &str = "<components origin='fedora'><component type='desktop'><id>a.b.C</id></component></components>";
    const YAML: &str = "---\nFile: DEP-11\nOrigin: debian-main\n---\nType: desktop-application\nID: a.b.D\n";

    /// Makes files with their folders.
    fn write(folder: &Path, files: &[(&str, &str)]) {
        for (name, text) in files {
            let file = folder.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
    }

    fn origins(feeds: &[Feed]) -> Vec<&str> {
        feeds.iter().map(|feed| feed.origin.as_str()).collect()
    }

    #[test]
    fn lists_are_found_with_their_icons() {
        let world = tempfile::tempdir().unwrap();
        let at = |name: &str| world.path().join(name);
        let (share, cache) = (at("share"), at("cache"));
        write(&share, &[("xml/a.xml", XML), ("xml/notes.txt", XML), ("icons/fedora/64x64/x.png", "")]);
        write(&cache, &[("yaml/b.yml", YAML), ("xmls/c.xml", "<components/>")]);
        write(&share, &[("icons/debian-main/64x64/y.png", "")]);
        let found = feeds(&[share.clone(), cache.clone(), at("nowhere")]);
        assert_eq!(origins(&found), ["fedora", "c", "debian-main"]);
        assert_eq!(found[0].icons, share.join("icons/fedora"));
        assert_eq!(found[1].icons, cache.join("icons/c"), "where they would be");
        assert_eq!(found[2].icons, share.join("icons/debian-main"), "in another of the folders");
        assert!(found.iter().all(|feed| feed.source == SourceKind::Package && feed.scope == "system"));
    }

    #[test]
    fn a_file_that_is_reached_in_two_ways_is_one_list() {
        let world = tempfile::tempdir().unwrap();
        let (first, second) = (world.path().join("first"), world.path().join("second"));
        write(&first, &[("xml/a.xml", XML)]);
        std::os::unix::fs::symlink(&first, &second).unwrap();
        std::os::unix::fs::symlink("a.xml", first.join("xml/b.xml")).unwrap();
        std::os::unix::fs::symlink("gone.xml", first.join("xml/c.xml")).unwrap();
        assert_eq!(origins(&feeds(&[first.clone(), second, first])), ["fedora"]);
    }

    #[test]
    fn an_origin_is_no_path() {
        for bad in ["../../etc", "/etc", ".hidden", "", "a b", "a/b"] {
            let world = tempfile::tempdir().unwrap();
            write(world.path(), &[("xml/list.xml", &XML.replace("fedora", bad))]);
            assert_eq!(origins(&feeds(&[world.path().to_owned()])), ["list"], "{bad:?}");
        }
    }

    #[test]
    fn lists_are_counted() {
        let world = tempfile::tempdir().unwrap();
        for number in 0..MOST_LISTS + 5 {
            write(world.path(), &[(&format!("xml/{number:04}.xml"), XML)]);
        }
        assert_eq!(feeds(&[world.path().to_owned()]).len(), MOST_LISTS);
    }

    #[test]
    fn a_package_is_a_name() {
        for good in ["gimp", "0ad", "libstdc++6", "Foo_Bar", "a.b-c~1"] {
            assert_eq!(package(good), Some(good));
        }
        for bad in ["", "-y", "a b", "../x", "a;b", "a/b", "ä", "$(x)"] {
            assert_eq!(package(bad), None, "{bad:?}");
        }
    }
}
