//! What `fuzz/` drives: the cutting and reading of feeds, and what has to be true of whatever comes out.

use crate::appstream::component::Component;
use crate::appstream::entry::Surroundings;
use crate::appstream::split::{Piece, Splitter};
use crate::appstream::text::{NAME, SUMMARY, URL, WORD, is_visible};
use crate::appstream::{Icon, Languages};
use crate::entries::Entry;
use crate::{dep11, listed};

const AROUND: Surroundings = Surroundings { media_base: Some("https://dl.example.org/media") };

fn languages() -> Languages {
    Languages::new(&["de_AT", "pt_BR", "he"].map(str::to_owned))
}

/// Reads bytes as AppStream XML.
pub fn appstream(bytes: &[u8]) {
    let (mut splitter, mut languages) = (Splitter::new(bytes), languages());
    while let Ok(Some(piece)) = splitter.next() {
        if let Piece::Component(entry, _) = piece
            && let Ok(Some(component)) = Component::parse(entry, &AROUND, &mut languages)
        {
            check(&component);
        }
    }
}

/// Reads bytes as DEP-11 YAML.
pub fn dep11(bytes: &[u8]) {
    let (mut documents, mut languages) = (dep11::split::Documents::new(bytes), languages());
    let mut reader = dep11::document::Documents::default();
    while let Ok(Some(piece)) = documents.next() {
        let Piece::Component(document, _) = piece else { continue };
        let skimmed = reader.parse(document, &AROUND, &mut languages);
        if let Ok(Some(component)) = &skimmed {
            check(component);
        }
        // A whole document may fail at what was left out; one that does not has to say the same.
        let whole = dep11::document::Documents::parse_whole(document, &AROUND, &mut languages);
        if whole.is_ok() {
            assert_eq!(skimmed, whole, "what was left out was needed: {}", String::from_utf8_lossy(document));
        }
    }
}

/// Reads bytes as a list of AppImages.
pub fn listed(bytes: &[u8]) {
    let (mut lines, languages) = (listed::Lines::new(bytes), languages());
    // A line may count thousands of lost entries.
    for _ in 0..1000 {
        match lines.next(&languages) {
            Ok(Some(Entry::Read(component))) => check(&component),
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => break,
        }
    }
}

/// Bounds and addresses, whatever the entry says.
fn check(component: &Component) {
    let of_the_web = |url: &str| url.len() <= URL && (url.starts_with("https://") || url.starts_with("http://"));
    assert!(component.names.all().chain(component.developers.all()).all(|name| name.len() <= NAME));
    assert!(component.summaries.all().all(|summary| summary.len() <= SUMMARY));
    assert!(component.keywords.all().flatten().chain(&component.categories).all(|word| word.len() <= WORD));
    let lines = || component.names.all().chain(component.summaries.all()).chain(component.developers.all());
    assert!(lines().all(|line| is_visible(line) && !line.contains(['\u{202e}', '\u{200e}', '\u{200b}', '\n', '\0'])));
    assert!(component.links.iter().all(|link| of_the_web(&link.url)));
    assert!(component.screenshots.iter().flat_map(|shot| &shot.images).all(|image| of_the_web(&image.url)));
    assert!(component.icons.iter().all(|icon| !matches!(icon, Icon::Remote { url, .. } if !of_the_web(url))));
    assert!(component.releases.newest.iter().all(|release| release.date >= 0));
    assert!(component.bundles.iter().all(|bundle| bundle.reference.split('/').all(|part| !part.starts_with('.'))));
}
