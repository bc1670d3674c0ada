//! Feeds of strangers: what is bad costs itself.

#![allow(clippy::unwrap_used)] // Also outside of the functions that clippy knows for tests.

mod world;

use std::io::Write;
use strata_catalogue::{BuildReport, LossReason};
use world::{World, document, documents, entry, feed, found, id};

/// What is left out of a feed, and how many apps it still gives.
fn outcome(bytes: impl AsRef<[u8]>) -> (usize, Vec<(LossReason, usize)>) {
    let BuildReport { apps, losses, .. } = World::of(bytes).build().unwrap();
    (apps, losses.into_iter().map(|loss| (loss.reason, loss.count)).collect())
}

#[test]
fn a_bad_entry_costs_itself() {
    let named = |id: &str| entry(id, "<name>N</name>");
    let good = named("a.b.Good");
    let cases: Vec<(&str, String, LossReason)> = vec![
        ("crossed tags", entry("a.b.C", "<name>N<b></name></b>"), LossReason::Malformed),
        ("unknown entity", entry("a.b.C", "<name>&bomb;</name>"), LossReason::Malformed),
        ("character zero", entry("a.b.C", "<name>&#0;</name>"), LossReason::Malformed),
        ("nested entry", entry("a.b.C", "<name>N</name><component>"), LossReason::Malformed),
        ("a path for an id", named("../../etc/passwd"), LossReason::BadId),
        ("slashes in the id", named("a/b"), LossReason::BadId),
        ("no id", entry("", "<name>N</name>"), LossReason::BadId),
        ("a very long id", named(&"x".repeat(300)), LossReason::BadId),
        ("no name", entry("a.b.C", "<summary>S</summary>"), LossReason::NoName),
        ("a name in a foreign language only", entry("a.b.C", "<name xml:lang='xx'>N</name>"), LossReason::NoName),
        ("a name of nothing", entry("a.b.C", "<name> \u{202e} </name>"), LossReason::NoName),
        ("a name of no width", entry("a.b.C", "<name>\u{200b}&#x2060;</name>"), LossReason::NoName),
        ("a name of a filler", entry("a.b.C", "<name>\u{3164}</name>"), LossReason::NoName),
        ("a name of a tag", entry("a.b.C", "<name>\u{e0001}</name>"), LossReason::NoName),
        ("a name of an annotation", entry("a.b.C", "<name>\u{fff9}\u{fffb}</name>"), LossReason::NoName),
        ("a name of what is no character yet", entry("a.b.C", "<name>\u{378}</name>"), LossReason::NoName),
        ("a name without a point", entry("a.b.C", "<name>\u{2800}</name>"), LossReason::NoName),
        ("no offer", named("a.b.C").replace("flatpak", "snap"), LossReason::NoOffer),
        ("a ref that is a path", named("a.b.C").replace("app/a.b.C", "app/../.."), LossReason::NoOffer),
        ("far too large", entry("a.b.C", &"<name>N</name>".repeat(400_000)), LossReason::TooLarge),
    ];
    for (what, bad, reason) in cases {
        let (apps, losses) = outcome(feed(&[good.clone(), bad, named("a.b.Other")]));
        assert_eq!((apps, losses), (2, vec![(reason, 1)]), "{what}");
    }
}

#[test]
fn a_bad_document_costs_itself() {
    let good = document("a.b.Good", "");
    let bomb: String =
        (1..30).map(|n| format!("x{n}: &x{n} [*x{}, *x{}]\n", n - 1, n - 1)).collect::<Vec<_>>().concat();
    let cases: Vec<(&str, String, LossReason)> = vec![
        ("an open quote", document("a.b.C", "Summary: 'S"), LossReason::Malformed),
        ("a name of nothing", document("a.b.C", "").replace("C: N", "C: \"\\u3164\\u200b\""), LossReason::NoName),
        ("an open list", document("a.b.C", "Categories: [A"), LossReason::Malformed),
        ("an alias", document("a.b.C", "Summary: &s\n  C: S\nDescription: *s"), LossReason::Malformed),
        ("a bomb of aliases", format!("x0: &x0 [lol, lol]\n{bomb}{}", document("a.b.C", "")), LossReason::Malformed),
        ("lists in lists", document("a.b.C", &format!("X: {}", "[".repeat(100_000))), LossReason::Malformed),
        ("a character zero", document("a.b.C", "Summary:\n  C: \"a\u{0}b\""), LossReason::Malformed),
        ("markup that is none", document("a.b.C", "Description:\n  C: <p>a<b></p>"), LossReason::Malformed),
        ("an entity in it", document("a.b.C", "Description:\n  C: <p>&bomb;</p>"), LossReason::Malformed),
        ("a path for an id", document("../../etc/passwd", ""), LossReason::BadId),
        ("slashes in the id", document("a/b", ""), LossReason::BadId),
        ("no id", document("''", ""), LossReason::BadId),
        ("a list for an id", document("[a, b]", ""), LossReason::BadId),
        ("a name in a foreign language only", document("a.b.C", "").replace("  C:", "  xx:"), LossReason::NoName),
        ("a name of nothing", document("a.b.C", "").replace("C: N", "C: \"\\u202e\""), LossReason::NoName),
        ("no package", document("a.b.C", "").replace("Package", "X"), LossReason::NoOffer),
        ("an option for a package", document("a.b.C", "").replace("tool", "--force"), LossReason::NoOffer),
        ("a path for a package", document("a.b.C", "").replace("tool", "../x"), LossReason::NoOffer),
        ("far too large", document("a.b.C", &"X: y\n".repeat(1_000_000)), LossReason::TooLarge),
    ];
    for (what, bad, reason) in cases {
        let text = documents(&[good.clone(), bad, document("a.b.Other", "")]);
        let BuildReport { apps, losses, .. } = World::packages(text).build().unwrap();
        let losses: Vec<_> = losses.into_iter().map(|loss| (loss.reason, loss.count)).collect();
        assert_eq!((apps, losses), (2, vec![(reason, 1)]), "{what}");
    }
}

#[test]
fn odd_documents_are_read_as_far_as_they_make_sense() {
    let numbers = "Releases:\n- version: '1'\n  unix-timestamp: -5\n- version: '2'\n  unix-timestamp: 99999999999999999999\n\
                   - date: never\nScreenshots:\n- thumbnails:\n  - url: https://e.org/a.png\n    width: -1\n    height: 1e9\n\
                   Languages:\n- locale: de\n  percentage: -7\n- locale: fr\n  percentage: 9999";
    let cases = [
        ("numbers that are none", numbers.to_owned()),
        (
            "texts where lists belong",
            "Categories: A\nKeywords: k\nReleases: 1\nScreenshots: {a: b}\nIcon: x\nProvides: y".to_owned(),
        ),
        ("lists where texts belong", "Summary: [a]\nProjectLicense: [b]\nDescription:\n  C: [c]".to_owned()),
        ("nothing where something belongs", "Summary:\nCategories:\nReleases:\nIcon: ~\nUrl: null".to_owned()),
        ("ten thousand keywords", format!("Keywords:\n  C:\n{}", "  - k\n".repeat(10_000))),
        ("keys that nobody knows", "X-Own: {a: [b, {c: d}]}".to_owned()),
        ("a key twice", "Summary:\n  C: S\nSummary:\n  C: T".to_owned()),
        ("an anchor that nothing refers to", "Summary: &s\n  C: S".to_owned()),
        ("tags", "Summary: !!map\n  C: !!str S".to_owned()),
        ("an end before the end", "...\nName:\n  C: M".to_owned()),
    ];
    for (what, more) in cases {
        let world = World::packages(documents(&[document("a.b.C", &more)]));
        let report = world.build().unwrap();
        assert_eq!((report.apps, &report.losses), (1, &vec![]), "{what}");
        let app = world.catalogue().app(&id("a.b.C")).unwrap().unwrap();
        assert_eq!(app.head.name, "N", "{what}");
        assert!(app.keywords.len() <= 500, "{what}");
        assert!(app.releases.iter().all(|release| release.date >= 0), "{what}");
    }
}

#[test]
fn an_icon_stays_in_its_folder_in_both_formats() {
    for name in ["../../secret.png", "/etc/passwd", "..", ".", "64x64/org.gnome.Chess.png", "a\\b.png"] {
        let xml = format!("<name>N</name><icon type='cached' width='64'>{name}</icon>");
        let yaml = document("a.b.C", &format!("Icon:\n  cached:\n  - name: '{name}'\n    width: 64\n"));
        for world in [World::of(feed(&[entry("a.b.C", &xml)])), World::packages(documents(&[yaml]))] {
            let app = world.catalogue().app(&id("a.b.C")).unwrap().unwrap();
            assert_eq!(app.head.icon, strata_model::app::Icon::default(), "{name}");
        }
    }
}

#[test]
fn markup_in_a_name_is_text_in_both_formats() {
    let xml = "<name>&lt;b&gt;N&lt;/b&gt; &amp;amp;</name>";
    let yaml = document("a.b.C", "").replace("C: N", "C: '<b>N</b> &amp;'");
    for world in [World::of(feed(&[entry("a.b.C", xml)])), World::packages(documents(&[yaml]))] {
        let app = world.catalogue().app(&id("a.b.C")).unwrap().unwrap();
        assert_eq!(app.head.name, "<b>N</b> &amp;");
    }
}

#[test]
fn other_encodings_are_no_lists() {
    let xml = feed(&[entry("a.b.C", "<name>N</name>")]);
    let yaml = documents(&[document("a.b.C", "")]);
    for text in [xml, yaml] {
        let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let marked: Vec<u8> = [vec![0xff, 0xfe], wide(u16::to_le_bytes)].concat();
        for bytes in [wide(u16::to_le_bytes), wide(u16::to_be_bytes), marked] {
            assert_eq!(outcome(bytes), (0, vec![(LossReason::Malformed, 1)]));
        }
    }
    let yaml = documents(&[document("a.b.C", "Summary:\n  C: Ü"), document("a.b.D", "")]);
    let latin: Vec<u8> = yaml.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let report = World::packages(latin).build().unwrap();
    assert_eq!((report.apps, report.losses.len(), report.losses[0].reason), (1, 1, LossReason::Malformed));
}

#[test]
fn odd_entries_are_read_as_far_as_they_make_sense() {
    let deep = format!("<name>N</name>{}{}", "<x>".repeat(100_000), "</x>".repeat(100_000));
    let cases: Vec<(&str, String)> = vec![
        ("deeply nested unknown elements", deep),
        ("styles in styles", format!("<name>N</name><description><p>{}", "<em>".repeat(50_000) + &"</em>".repeat(50_000) + "</p></description>")),
        ("only foreign keywords", "<name>N</name><keywords xml:lang='fr'><keyword>x</keyword></keywords>".to_owned()),
        ("empty elements", "<name>N</name><summary/><description/><screenshots/><releases/><name xml:lang='de'/>".to_owned()),
        ("numbers that are none", "<name>N</name><screenshots><screenshot><image width='-1' height='x'>https://e.org/a.png</image></screenshot></screenshots><releases><release timestamp='9e9' date='never'/></releases>".to_owned()),
        ("ten thousand keywords", format!("<name>N</name><keywords>{}</keywords>", "<keyword>k</keyword>".repeat(10_000))),
        ("unknown elements with known names inside", "<name>N</name><x><name>M</name><id>other</id></x>".to_owned()),
        ("an unquoted attribute", "<name>N</name><url type=homepage>https://e.org</url>".to_owned()),
        ("character data", "<name><![CDATA[N]]></name>".to_owned()),
        ("the character zero", "<name>\u{0}N\u{0}</name><summary>\u{0}</summary>".to_owned()),
    ];
    for (what, inside) in cases {
        let world = World::of(feed(&[entry("a.b.C", &inside)]));
        let report = world.build().unwrap();
        assert_eq!((report.apps, &report.losses), (1, &vec![]), "{what}");
        let app = world.catalogue().app(&id("a.b.C")).unwrap().unwrap();
        assert_eq!(app.head.name, "N", "{what}");
        assert!(app.keywords.len() <= 500, "{what}");
    }
}

#[test]
fn entities_do_not_multiply() {
    let bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>";
    let text = format!("{bomb}{}", feed(&[entry("a.b.C", "<name>&b;</name>"), entry("a.b.D", "<name>N</name>")]));
    assert_eq!(outcome(text), (1, vec![(LossReason::Malformed, 1)]));
}

#[test]
fn a_feed_that_breaks_off_keeps_what_came_before() {
    let entries: Vec<String> = (0..50).map(|n| entry(&format!("a.b.App{n}"), "<name>N</name>")).collect();
    let text = feed(&entries);
    let half = &text[..text.len() / 2];
    let (apps, losses) = outcome(half);
    assert!((20..30).contains(&apps), "{apps}");
    assert_eq!(losses, [(LossReason::Malformed, 1)]);

    let entries: Vec<String> = (0..3_000).map(|n| entry(&format!("a.b.App{}", n * 7), "<name>N</name>")).collect();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(feed(&entries).as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    assert_eq!(outcome(&packed), (3_000, vec![]));
    let (apps, losses) = outcome(&packed[..packed.len() * 2 / 3]);
    assert!((1..3_000).contains(&apps), "{apps}");
    assert_eq!(losses.last(), Some(&(LossReason::Unreadable, 1)));
}

#[test]
fn what_is_no_feed_gives_nothing_and_breaks_nothing() {
    let wide: Vec<u8> = feed(&[entry("a.b.C", "<name>N</name>")]).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let noise: Vec<u8> = (0..100_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    for bytes in [Vec::new(), b"<components>".to_vec(), b"<html><body>404</body></html>".to_vec(), wide, noise] {
        assert_eq!(outcome(&bytes).0, 0, "{:?}", &bytes[..bytes.len().min(20)]);
    }
    let mut world = World::empty();
    let folder = world.file("a-folder.xml");
    std::fs::create_dir(&folder).unwrap();
    world.add("folder", 1, folder);
    assert_eq!(world.build().unwrap().losses[0].reason, LossReason::Unreadable);
}

#[test]
fn wrong_letters_cost_the_entry_that_has_them() {
    let mut bytes = feed(&[entry("a.b.C", "<name>N\u{fc}</name>"), entry("a.b.D", "<name>N</name>")]).into_bytes();
    let place = bytes.iter().position(|&byte| byte == 0xc3).unwrap();
    bytes[place] = 0xff;
    assert_eq!(outcome(bytes), (1, vec![(LossReason::Malformed, 1)]));
}

#[test]
fn long_texts_are_cut() {
    let long = "word ".repeat(20_000);
    let inside = format!("<name>{long}</name><summary>{long}</summary><description><p>{long}</p></description>");
    let catalogue = World::of(feed(&[entry("a.b.C", &inside)])).catalogue();
    let app = catalogue.app(&id("a.b.C")).unwrap().unwrap();
    assert!(app.head.name.len() <= 200 && app.head.summary.len() <= 500);
    assert!(serde_json::to_string(&app.description).unwrap().len() < 10_000);
}

#[test]
fn a_description_of_very_many_pieces_costs_no_more_than_others() {
    let items = "<li><em>a</em>b</li>".repeat(100_000);
    let cases = [
        ("lists and paragraphs", format!("<ul>{items}</ul>") + &"<p>a</p>".repeat(200_000)),
        ("one list of one item", format!("<ul><li>{}</li></ul>", "<em>a</em>b".repeat(300_000))),
        ("styles behind a full paragraph", format!("<p>{}{}</p>", "a".repeat(8_000), "<em>x</em> x".repeat(300_000))),
    ];
    for (what, inside) in cases {
        let inside = format!("<name>N</name><description>{inside}</description>");
        let app = World::of(feed(&[entry("a.b.C", &inside)])).catalogue().app(&id("a.b.C")).unwrap().unwrap();
        assert!(!app.description.is_empty() && app.description.len() <= 200, "{what}");
        assert!(serde_json::to_string(&app.description).unwrap().len() < 400_000, "{what}");
    }
}

#[test]
fn a_name_cannot_turn_the_text_around_it() {
    let catalogue = World::of(feed(&[entry("a.b.C", "<name>a\u{202e}b\u{2066}c&#x202e;</name>")])).catalogue();
    assert_eq!(catalogue.app(&id("a.b.C")).unwrap().unwrap().head.name, "abc");
}

#[test]
fn no_query_is_syntax_or_too_long() {
    let catalogue = World::speaking(&["C"]).catalogue();
    for query in ["\"", "'; DROP TABLE part; --", "name:chess", "chess*", "(", "NEAR(a b)", "^a", "-", "\0", "%", "🙂"]
    {
        let _some = found(&catalogue, query);
    }
    let _long = found(&catalogue, &"chess ".repeat(100_000));
    assert_eq!(found(&catalogue, "\"chess\"")[0], "org.example.Chess");
}
