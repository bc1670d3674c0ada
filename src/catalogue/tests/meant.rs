//! What is meant by what is typed: words that are left out, read otherwise, or called by what apps open.

#![allow(clippy::unwrap_used)] // Also outside of the functions that clippy knows for tests.

mod world;

use strata_catalogue::{Catalogue, Query};
use world::{World, catalogue, entry, feed};

#[test]
fn letters_in_another_order_are_likelier_than_other_letters() {
    let catalogue = catalogue(&[
        ("Gimp", "<name>Image Manipulation</name><keywords><keyword>gimp</keyword></keywords>"),
        ("Gmtp", "<name>gMTP</name>"),
    ]);
    let found = catalogue.search(&Query::new("gmip")).unwrap();
    assert_eq!(found.corrected.unwrap().words, "gimp");
    assert_eq!(found.apps.iter().map(|app| app.id.as_str()).collect::<Vec<_>>(), ["a.b.Gimp", "a.b.Gmtp"]);
}

/// What is typed; where few apps have all of it, what others have, without which words, and how many come before; how many
/// are found.
type Taken = (&'static str, Option<(&'static str, &'static [&'static str], usize)>, usize);

#[test]
fn what_is_left_out_is_said() {
    let catalogue = catalogue(&[
        ("Photo", "<name>Album</name><summary>Look at photos</summary>"),
        ("Video", "<name>Camera</name><summary>Take photos and videos</summary>"),
        ("Code", "<name>Studio</name><keywords><keyword>code</keyword></keywords>"),
        ("Key", "<name>Codes</name><description><p>For Damp, too.</p></description>"),
    ]);
    let cases: [Taken; 6] = [
        ("chessedit photos", Some(("photos", &["chessedit"], 0)), 2),
        ("photos chessedit videos", Some(("photos videos", &["chessedit"], 0)), 1),
        ("vs code", Some(("code", &["vs"], 0)), 2),
        ("look photos", Some(("photos", &["look"], 1)), 2),
        ("photos", None, 2),
        ("how do I", None, 0),
    ];
    for (typed, expected, count) in cases {
        let found = catalogue.search(&Query::new(typed)).unwrap();
        let partly = found.partly.map(|partly| (partly.words, partly.left_out, partly.from));
        let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        let expected = expected.map(|(words, left_out, from)| (words.to_owned(), owned(left_out), from));
        assert_eq!((partly, found.total, found.corrected), (expected, count, None), "{typed}");
    }
    for (typed, expected) in [("damp", true), ("photos", false), ("code", false), ("nowhere", false)] {
        assert_eq!(catalogue.search(&Query::new(typed)).unwrap().only_mentioned, expected, "{typed}");
    }
}

#[test]
fn the_words_that_say_what_an_app_is_are_kept() {
    let mentions =
        |n: usize| entry(&format!("a.b.Other{n}"), "<name>Tool</name><description><p>Works online.</p></description>");
    let mut entries = vec![
        entry("a.b.Chess", "<name>Chess</name><summary>Play chess</summary>"),
        entry("a.b.Tutor", "<name>Tutor</name><keywords><keyword>learn</keyword></keywords>"),
    ];
    entries.extend((0..20).map(mentions));
    entries.extend((0..20).map(|n| entry(&format!("a.b.Learn{n}"), "<name>School</name><summary>Learn</summary>")));
    let catalogue = World::of(feed(&entries)).catalogue();
    // With what the longest word, or the one that most apps have, would have found.
    for (typed, left_out) in [("chess online", "online"), ("online chess", "online"), ("learn chess", "learn")] {
        let found = catalogue.search(&Query::new(typed)).unwrap();
        let partly = found.partly.unwrap();
        assert_eq!((partly.words.as_str(), partly.left_out.join(" ").as_str()), ("chess", left_out), "{typed}");
        assert_eq!(found.apps[0].id.as_str(), "a.b.Chess", "{typed}");
    }
}

#[test]
fn what_an_app_opens_is_found_as_people_call_it() {
    let opens = |media: &str| format!("<name>App</name><provides><mediatype>{media}</mediatype></provides>");
    let catalogue = catalogue(&[
        ("Song", &opens("audio/mpeg")),
        ("Text", &opens("application/vnd.openxmlformats-officedocument.wordprocessingml.document")),
        ("Paint", &opens("image/x-xcf")),
        ("Web", &opens("x-scheme-handler/http")),
    ]);
    for (typed, expected) in [("mp3", "a.b.Song"), ("docx", "a.b.Text"), ("xcf", "a.b.Paint")] {
        let found = catalogue.search(&Query::new(typed)).unwrap();
        assert_eq!(found.apps.iter().map(|app| app.id.as_str()).collect::<Vec<_>>(), [expected], "{typed}");
    }
    assert_eq!(catalogue.search(&Query::new("http")).unwrap().total, 0, "an address is no file");
}

#[test]
fn words_that_were_written_as_one_are_read_as_two() {
    let catalogue = catalogue(&[
        ("Pho", "<name>Gallery</name><summary>A photo editor</summary>"),
        ("Pst", "<name>Pstoedit</name>"),
        ("Pac", "<name>Kapman</name><summary>Like Pac-Man</summary>"),
        ("Pcm", "<name>PCMan</name>"),
        ("Pack", "<name>Packages</name><summary>The package manager</summary>"),
    ]);
    for (typed, meant, first) in [("photoedit", "photo edit", "a.b.Pho"), ("pacman", "pac man", "a.b.Pac")] {
        let found = catalogue.search(&Query::new(typed)).unwrap();
        assert_eq!(found.corrected.map(|taken| taken.words).as_deref(), Some(meant), "{typed}");
        assert_eq!(found.apps[0].id.as_str(), first, "{typed}");
        assert!(found.apps.iter().all(|app| app.id.as_str() != "a.b.Pack"), "{typed}: nor what begins alike");
    }
}

#[test]
fn what_is_nearer_is_meant() {
    let catalogue = catalogue(&[
        ("Photos", "<name>Photos</name>"),
        ("Gimp", "<name>Image Manipulation</name><keywords><keyword>photoshop</keyword></keywords>"),
    ]);
    let found = catalogue.search(&Query::new("photoshp")).unwrap();
    assert_eq!(found.corrected.unwrap().words, "photoshop", "one mistake, not two, though that is a name");
    assert_eq!(found.apps.iter().map(|app| app.id.as_str()).collect::<Vec<_>>(), ["a.b.Gimp", "a.b.Photos"]);
}

/// What is found first for some words, and whether they were taken for others.
fn first(catalogue: &Catalogue, typed: &str) -> (Option<String>, bool) {
    let found = catalogue.search(&Query::new(typed)).unwrap();
    (found.apps.first().map(|app| app.id.as_str().to_owned()), found.corrected.is_some())
}

#[test]
fn what_is_typed_means_what_it_most_likely_means() {
    let catalogue = catalogue(&[
        ("Gimp", "<name>Image Manipulation</name><summary>Edit pictures</summary>"),
        ("Load", "<name>Loader</name><summary>Download files</summary>"),
        ("Tennix", "<name>Tennix</name><summary>Play tennis</summary>"),
        ("Cola", "<name>Cola</name><summary>Work with git</summary>"),
        ("Gitg", "<name>Branches</name><summary>Work with git</summary>"),
        ("Dag", "<name>Forest</name><summary>Work with git</summary>"),
        ("Civ", "<name>Freeciv Qt client</name><summary>A client</summary>"),
        ("Mail", "<name>Post</name><summary>A mail client</summary>"),
        ("Talk", "<name>Talk</name><summary>A chat client</summary>"),
        ("Mines", "<name>Bombs</name><keywords><keyword>minesweeper</keyword></keywords>"),
        ("Pad", "<name>Leaf</name><keywords><keyword>notepad</keyword></keywords>"),
    ]);
    for (typed, expected, taken, reason) in [
        ("gimp download", "a.b.Gimp", false, "a name is not left out"),
        ("tennis", "a.b.Tennix", false, "it has the word, though its name is written otherwise"),
        ("mine sweeper", "a.b.Mines", false, "a keyword that is written as one"),
        ("notepad++", "a.b.Pad", true, "of this kind, where nothing is called so"),
        ("https://example.org/apps/a.b.Gimp", "a.b.Gimp", false, "the address of a page"),
        ("fotepad", "", false, "hardly anybody mistakes the first letter"),
        ("www.example.Nothing", "", false, "an id is not taken apart"),
    ] {
        let expected = (!expected.is_empty()).then(|| expected.to_owned());
        assert_eq!(first(&catalogue, typed), (expected, taken), "{typed}: {reason}");
    }
    let found = catalogue.search(&Query::new("git client")).unwrap();
    let called: Vec<&str> = found.apps.iter().map(|app| app.id.as_str()).collect();
    assert!(!called.contains(&"a.b.Civ") && found.corrected.is_none(), "words that are right: {found:?}");
    let partly = catalogue.search(&Query::new("c# tennis")).unwrap().partly.unwrap();
    assert_eq!((partly.words.as_str(), partly.left_out), ("tennis", vec!["c#".to_owned()]), "as it was typed");
}
