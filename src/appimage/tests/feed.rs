//! Catalogues of AppImages: what is bad costs itself, and one project is one record.

#![allow(clippy::unwrap_used)]

mod index;

use index::{Index, TABLE, WEATHERVANE, index, key};
use std::collections::BTreeMap;
use strata_appimage::Architecture;
use strata_appimage::feed::{
    BadFeed, Feed, FeedLoss, Life, Record, Signs, app_icons, app_image_hub, merge, signs, soarpkgs,
};
use strata_model::text::Block;

/// Where the feed is from.
const SITE: &str = "https://appimage.github.io";

const HUB: &[u8] = include_bytes!("feeds/app-image-hub.json");

fn soar() -> Feed {
    let Index { packed, signature } = index(&format!("{TABLE}{WEATHERVANE}"));
    soarpkgs(&packed, &signature, &key(), Architecture::X86_64).unwrap()
}

fn losses(of: &[(FeedLoss, usize)]) -> BTreeMap<FeedLoss, usize> {
    of.iter().copied().collect()
}

#[test]
fn app_image_hub_is_read_entry_by_entry() {
    let feed = app_image_hub(HUB, SITE).unwrap();
    let names: Vec<_> = feed.records.iter().map(|record| record.name.as_str()).collect();
    assert_eq!(names, ["Weathervane", "Rookery", "Kiln", "Anvil", "kiln", "Lathe"]);
    let lost = [
        (FeedLoss::Malformed, 2),
        (FeedLoss::NoName, 3),
        (FeedLoss::Template, 1),
        (FeedLoss::NoDownload, 3),
        (FeedLoss::BadAddress, 2),
    ];
    assert_eq!(feed.losses, losses(&lost));
    let record = &feed.records[0];
    assert_eq!(record.project.as_ref().unwrap().key(), "github.com/ridgeline/weathervane");
    assert_eq!(record.summary, "Shows the weather & the wind");
    assert!(
        matches!(&record.description[..], [Block::Paragraph { .. }, Block::List { items, .. }] if items.len() == 2)
    );
    assert_eq!((record.developer.as_str(), record.licence.as_str()), ("ridgeline", "GPL-3.0"));
    assert_eq!(record.icons, ["https://appimage.github.io/database/Weathervane/icons/128x128/weathervane.png"]);
    let pictures = ["https://appimage.github.io/database/Weathervane/screenshot.png", "https://example.org/second.png"];
    assert_eq!(record.screenshots, pictures);
    let other = &feed.records[1];
    assert_eq!((other.project.as_ref(), other.page.as_str()), (None, "https://download.example.org/rookery/"));
    assert_eq!(other.icons, Vec::<String>::new(), "one leads out of the database, one is not encrypted");
    assert_eq!(feed.records[5].project.as_ref().unwrap().key(), "codeberg.org/ben/lathe");
}

#[test]
fn a_feed_that_is_none_is_told() {
    for (what, bytes, expected) in [
        ("nothing", b"".to_vec(), BadFeed::Malformed),
        ("a web page", b"<html>".to_vec(), BadFeed::Malformed),
        ("a list", b"[]".to_vec(), BadFeed::Malformed),
        ("no list", br#"{"items": {}}"#.to_vec(), BadFeed::Malformed),
        ("half", HUB[..HUB.len() / 2].to_vec(), BadFeed::Malformed),
        ("lists in lists", format!("{{\"items\": {}", "[".repeat(1_000_000)).into_bytes(), BadFeed::Malformed),
        ("9 MB", vec![b' '; 9 << 20], BadFeed::TooLarge),
    ] {
        assert_eq!(app_image_hub(&bytes, SITE), Err(expected), "{what}");
    }
    let many = format!("{{\"items\": [{}0]}}", "0,".repeat(60_000));
    let feed = app_image_hub(many.as_bytes(), SITE).unwrap();
    assert_eq!(feed.losses, losses(&[(FeedLoss::Malformed, 50_000), (FeedLoss::TooMany, 1)]));
}

#[test]
fn long_texts_and_lists_are_cut() {
    let long = "x".repeat(100_000);
    let icons = vec![format!("\"{}\"", &long[..3000]); 1000].join(",");
    let entry = format!(
        r#"{{"items": [{{"name": "{long}", "license": "{long}", "icons": [{icons}], "links": [{{"type": "GitHub", "url": "a/b"}}]}}]}}"#
    );
    let feed = app_image_hub(entry.as_bytes(), SITE).unwrap();
    let record = &feed.records[0];
    assert_eq!((record.name.len(), record.licence.len()), (200, 200));
    assert!(record.icons.len() <= 64 && record.icons.iter().all(|icon| icon.len() <= 2048));
}

#[test]
fn signs_of_life_are_by_name() {
    let found = signs("# OBSOLETE SOURCES\nLathe 2021\nkiln\n\nodd year\nfuture 9999", "closed 2018\nlathe\n").unwrap();
    for (name, expected) in [
        ("lathe", Life::Archived),
        ("Kiln", Life::Obsolete(None)),
        ("odd", Life::Obsolete(None)),
        ("future", Life::Obsolete(None)),
        ("closed", Life::Archived),
        ("weathervane", Life::Alive),
    ] {
        assert_eq!(found.of(name), expected, "{name}");
    }
    assert_eq!(signs("old 2019", "").unwrap().of("old"), Life::Obsolete(Some(2019)));
    assert_eq!(signs("<!DOCTYPE html>", ""), Err(BadFeed::Malformed));
    assert_eq!(signs(&"a\n".repeat(600_000), ""), Err(BadFeed::TooLarge));
    let icons = app_icons(br#"[{"packageName": "Kiln", "icon": "icons/kiln.png"}, {"packageName": "a", "icon": "../x"}, {"packageName": "b", "icon": "http://x/y"}, {"packageName": "c", "icon": ""}, 5]"#);
    let icons = icons.unwrap();
    assert_eq!(icons.get("kiln").map(String::as_str), Some("https://portable-linux-apps.github.io/icons/kiln.png"));
    assert!(!icons.contains_key("b") && !icons.contains_key("c"), "{icons:?}");
}

#[test]
fn one_project_is_one_record_unless_it_makes_several_apps() {
    let hub = app_image_hub(HUB, SITE).unwrap().records;
    let merged = merge(vec![hub, soar().records], &signs("weathervane 2022", "").unwrap());
    let names: Vec<_> = merged.records.iter().map(|record| record.name.as_str()).collect();
    assert_eq!(names, ["Weathervane", "Rookery", "Kiln", "Anvil", "Lathe"], "ann/tools makes two");
    assert_eq!((merged.merged, &*merged.begins), (3, [0, 5].as_slice()), "the second brings nothing of its own");
    let record = &merged.records[0];
    assert_eq!(record.licence, "GPL-3.0", "the first one's word counts");
    assert_eq!((record.id.as_str(), record.downloads.len()), ("io.github.ridgeline.Weathervane", 1));
    assert_eq!(record.life, Life::Obsolete(Some(2022)));
    assert_eq!(merged.records[2].licence, "MIT", "what was missing is filled in");
    assert_eq!(merge(vec![], &Signs::default()).records, []);
}

#[test]
fn a_project_with_very_many_apps_keeps_them_all() {
    let item = |number: usize| format!(r#"{{"name":"App {number}","links":[{{"type":"GitHub","url":"ann/apps"}}]}}"#);
    let items: Vec<_> = (0..50_000).map(item).collect();
    let feed = app_image_hub(format!("{{\"items\":[{}]}}", items.join(",")).as_bytes(), SITE).unwrap();
    let upper = feed.records.iter().map(|record| Record { name: record.name.to_uppercase(), ..record.clone() });
    let catalogues = vec![feed.records.clone(), upper.collect()];
    // Would take for ever if every record were compared with every other.
    let merged = merge(catalogues, &Signs::default());
    assert_eq!((merged.records.len(), merged.merged), (50_000, 50_000));
    assert_eq!(merged.records[49_999].name, "App 49999");
}

#[test]
fn a_record_that_is_many_keeps_some_downloads() {
    let read = soar().records;
    let again = |number: usize| {
        let mut record = read[0].clone();
        record.downloads[0].url = format!("https://example.org/{number}");
        record
    };
    let merged = merge(vec![(0..1000).map(again).collect()], &Signs::default());
    assert_eq!((merged.records.len(), merged.records[0].downloads.len()), (1, 64));
}
