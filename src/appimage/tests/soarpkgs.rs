//! The index of soarpkgs: believed once its signature is good, and read row by row.

#![allow(clippy::unwrap_used)]

mod index;

use index::{Index, TABLE, WEATHERVANE, index, key, packed, signed};
use std::io::Read;
use strata_appimage::Architecture;
use strata_appimage::feed::{BadFeed, BadIndex, Feed, FeedLoss, soarpkgs};

fn read(index: &Index) -> Result<Feed, BadIndex> {
    soarpkgs(&index.packed, &index.signature, &key(), Architecture::X86_64)
}

fn of(statements: &str) -> Result<Feed, BadIndex> {
    read(&index(statements))
}

/// The versions and addresses of what is read.
fn downloads(feed: &Feed) -> Vec<(&str, &str)> {
    feed.records.iter().map(|record| (&*record.downloads[0].version, &*record.downloads[0].url)).collect()
}

#[test]
fn a_package_is_read_with_its_digest_and_the_project_that_publishes_it() {
    let feed = of(&format!("{TABLE}{WEATHERVANE}")).unwrap();
    let record = &feed.records[0];
    assert_eq!((record.id.as_str(), record.licence.as_str()), ("io.github.ridgeline.Weathervane", "MIT AND CC0-1.0"));
    assert_eq!(record.homepage, "https://weathervane.example.org");
    let download = &record.downloads[0];
    let (size, version) = (download.size, download.version.as_str());
    assert_eq!((size, version, download.architecture), (1 << 20, "2.1", Architecture::X86_64));
    assert_eq!(download.blake3.as_deref(), Some("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"));
    let other = &feed.records[1];
    assert_eq!((other.downloads[0].blake3.as_deref(), other.downloads[0].sha256.as_deref()), (None, None), "no digest");
    assert_eq!(other.project.as_ref().unwrap().key(), "codeberg.org/ben/lathe", "where the file is, not the source");
}

#[test]
fn what_is_of_no_use_costs_itself() {
    let rows = "INSERT INTO packages (pkg_name, pkg_type, version, download_url) VALUES
        ('ripple', 'static', '1', 'https://example.org/ripple'), ('', 'appimage', '1', 'https://example.org/x'),
        ('plain', 'appimage', '1', 'http://example.org/plain'), ('untold', NULL, '1', 'https://example.org/y'),
        ('page', 'appimage', '1', 'https://example.org/page.AppImage')";
    let feed = of(&format!("{TABLE}{rows}")).unwrap();
    assert_eq!(downloads(&feed), [("1", "https://example.org/page.AppImage")]);
    assert_eq!(feed.records[0].page, "https://example.org/page.AppImage", "no project is known, so the file itself");
    let lost = [(FeedLoss::NoName, 1), (FeedLoss::NoDownload, 1), (FeedLoss::OtherKind, 2)];
    assert_eq!(feed.losses, lost.into_iter().collect());
}

#[test]
fn the_newest_version_of_a_package_counts() {
    let rows = "INSERT INTO packages (pkg_name, pkg_type, version, download_url, build_date) VALUES
        ('a', 'appimage', '1.9', 'https://example.org/1.9', NULL), ('A', 'appimage', '1.10', 'https://example.org/1.10', NULL),
        ('a', 'appimage', '1.2', 'https://example.org/1.2', NULL),
        ('b', 'appimage', '2', 'https://example.org/b2', '2026-05-01'), ('b', 'appimage', '10', 'https://example.org/b10', '2025-05-01')";
    let feed = of(&format!("{TABLE}{rows}")).unwrap();
    assert_eq!(downloads(&feed), [("1.10", "https://example.org/1.10"), ("2", "https://example.org/b2")]);
}

#[test]
fn lists_are_read_in_both_forms_that_databases_have_for_them() {
    let row = |name: &str, licences: &str| {
        format!(
            "INSERT INTO packages (pkg_name, pkg_type, version, download_url, licenses)
             VALUES ('{name}', 'appimage', '1', 'https://example.org/{name}', {licences});"
        )
    };
    let rows = [
        row("text", r#"'["MIT"]'"#),
        row("bytes", r#"jsonb('["MIT"]')"#),
        row("one", r#"'"MIT"'"#),
        row("broken", "'[\"MIT'"),
        row("other", "x'ff00ff'"),
        row("number", "7"),
    ];
    let feed = of(&format!("{TABLE}{}", rows.concat())).unwrap();
    let licences: Vec<&str> = feed.records.iter().map(|record| &*record.licence).collect();
    assert_eq!(licences, ["MIT", "MIT", "MIT", "", "", ""]);
}

#[test]
fn columns_may_be_missing_and_journals_too() {
    let small = "CREATE TABLE packages (pkg_name, pkg_type, download_url);
        INSERT INTO packages VALUES ('a', 'appimage', 'https://example.org/a')";
    assert_eq!(downloads(&of(small).unwrap()), [("", "https://example.org/a")]);
    let journal = of(&format!("PRAGMA journal_mode = WAL; {small}")).unwrap();
    assert_eq!(journal.records.len(), 1, "a file that stood beside a journal");
}

#[test]
fn what_is_no_such_table_is_no_index() {
    let malformed = Err(BadIndex::Feed(BadFeed::Malformed));
    for (what, statements) in [
        ("no table", "CREATE TABLE other (a)"),
        ("other columns", "CREATE TABLE packages (name, url)"),
        (
            "a view that never ends",
            "CREATE VIEW packages AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)
             SELECT n AS pkg_name, n AS download_url FROM r",
        ),
    ] {
        assert_eq!(of(statements), malformed, "{what}");
    }
    let whole = index::database(&format!("{TABLE}{WEATHERVANE}"));
    for (what, content) in [("nothing", &b""[..]), ("a web page", b"<html>"), ("half", &whole[..whole.len() / 2])] {
        assert_eq!(read(&packed(content)), malformed, "{what}");
    }
    // Whatever of it is damaged, it is read or refused.
    for place in (0..whole.len()).step_by(97) {
        let mut damaged = whole.clone();
        damaged[place] ^= 0xff;
        let _either = read(&packed(&damaged));
    }
}

#[test]
fn an_index_that_somebody_changed_is_not_read() {
    let good = index(&format!("{TABLE}{WEATHERVANE}"));
    let other = index("CREATE TABLE other (a)");
    let mut changed = good.packed.clone();
    changed[20] ^= 1;
    let cut = good.packed[..good.packed.len() - 1].to_vec();
    for (what, packed, signature) in [
        ("a changed index", changed, good.signature.clone()),
        ("a cut one", cut, good.signature.clone()),
        ("none", Vec::new(), good.signature.clone()),
        ("no signature", good.packed.clone(), String::new()),
        ("another's signature", good.packed.clone(), other.signature),
        ("a comment that was changed", good.packed.clone(), good.signature.replace("made", "baked")),
        ("a signature that is a text", good.packed.clone(), "trust me".to_owned()),
    ] {
        assert_eq!(read(&Index { packed, signature }), Err(BadIndex::BadSignature), "{what}");
    }
    let soarpkgs_own = "RWQ109gKujRqohsA7RERlXFfeJi23EcHN3Dz8TxyPAywa5mLw/fbcbU4";
    for key in [soarpkgs_own, "no key", ""] {
        let read = soarpkgs(&good.packed, &good.signature, key, Architecture::X86_64);
        assert_eq!(read, Err(BadIndex::BadSignature), "{key}");
    }
    let long = Index { signature: "x".repeat(9000), ..good };
    assert_eq!(read(&long), Err(BadIndex::Feed(BadFeed::TooLarge)));
}

#[test]
fn a_signed_index_is_bounded_all_the_same() {
    let bomb = zstd::stream::encode_all(std::io::repeat(0).take(100 << 20), 3).unwrap();
    assert!(bomb.len() < 100_000);
    assert_eq!(read(&signed(bomb)), Err(BadIndex::Feed(BadFeed::TooLarge)), "100 MB");
    assert_eq!(read(&signed(b"[]".to_vec())), Err(BadIndex::Packed));
    let many = format!(
        "{TABLE} WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 50003)
         INSERT INTO packages (pkg_name, pkg_type, version, download_url)
         SELECT n, 'appimage', '1', 'https://example.org/' || n FROM r"
    );
    let feed = of(&many).unwrap();
    assert_eq!((feed.records.len(), feed.losses.get(&FeedLoss::TooMany)), (50_000, Some(&1)));
}

#[test]
fn what_rows_hold_is_bounded_in_all() {
    let insert = "INSERT INTO packages (pkg_name, pkg_type, version, download_url, description, licenses)";
    let row = |name: &str, description: &str, licences: &str| {
        format!("{insert} VALUES ('{name}', 'appimage', '1', 'https://example.org/{name}', {description}, {licences});")
    };
    let ones = "'[' || substr(replace(hex(zeroblob(2000000)), '00', '1,'), 3) || '1]'";
    let feed = of(&format!("{TABLE}{}{}", row("long", "'x'", ones), row("short", "'x'", "'[\"MIT\"]'"))).unwrap();
    let licences: Vec<&str> = feed.records.iter().map(|record| &*record.licence).collect();
    assert_eq!(licences, ["", "MIT"], "a list without end is none");
    let big: String = (0..23).map(|number| row(&format!("a{number}"), "hex(zeroblob(500000))", "NULL")).collect();
    let feed = of(&format!("{TABLE}{big}")).unwrap();
    assert_eq!((feed.records.len(), feed.losses.get(&FeedLoss::TooMany)), (23, None), "what fits");
    // In the file 80 bytes for each list, and as texts 1,280.
    let lists = format!(
        "{TABLE} WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 20000)
         {insert} SELECT n, 'appimage', '1', 'https://example.org/' || n, 'x',
             '[\"a\"{}]'
         FROM r",
        ",\"a\"".repeat(19)
    );
    let feed = of(&lists).unwrap();
    assert_eq!(feed.losses.get(&FeedLoss::TooMany), Some(&1));
    assert!((1000..20_000).contains(&feed.records.len()), "{}", feed.records.len());
}
