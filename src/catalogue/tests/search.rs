//! What is found, and what comes first.

mod world;

use strata_catalogue::{Fit, Found, Query};
use world::{World, entry, feed, found};

#[test]
fn every_key_finds_what_it_may_mean() {
    let catalogue = World::speaking(&["C"]).catalogue();
    // The query, what has to come first, and why.
    let cases = [
        ("chess", "org.example.Chess", "the exact name"),
        ("CHESS", "org.example.Chess", "case is nothing"),
        ("gnome chess", "org.gnome.Chess", "the exact name of two words"),
        ("chess gnome", "org.gnome.Chess", "words in any order"),
        ("chessb", "org.example.Chessboard", "a name's beginning"),
        ("gnome ch", "org.gnome.Chess", "the last word is not whole"),
        ("gno che", "org.gnome.Chess", "no word is whole"),
        ("pain", "org.example.Paint", "a later word's beginning"),
        ("photo editing", "org.example.Paint", "other forms of the words"),
        ("app for editing photos", "org.example.Paint", "empty words"),
        ("engine chess", "org.example.Chess.Engine", "words in different fields"),
        ("strategy", "org.gnome.Chess", "a keyword"),
        ("ann sons", "org.example.Paint", "a developer, the better kept app first"),
        ("photographers", "org.example.Paint", "a word of the description"),
        ("web browser", "org.example.Firefox", "a category as words"),
        ("org.gnome.Chess", "org.gnome.Chess", "an id"),
        ("glchess.desktop", "org.gnome.Chess", "a former id"),
        ("firefox", "org.example.Firefox", "a part of the id"),
        ("p", "org.example.Paint", "one letter: names"),
    ];
    for (query, first, reason) in cases {
        let found = found(&catalogue, query);
        assert_eq!(found.first().map(String::as_str), Some(first), "{query:?}, {reason}: {found:?}");
    }
}

#[test]
fn the_order_of_names() {
    let catalogue = World::speaking(&["C"]).catalogue();
    let expected = ["org.example.Chess", "org.example.Chessboard", "org.gnome.Chess", "org.example.Chess.Engine"];
    assert_eq!(found(&catalogue, "chess"), expected, "exact, then its beginning, then inside, then elsewhere");
}

#[test]
fn verified_is_a_tie_break_and_no_more() {
    let verified = "<custom><value key='flathub::verification::verified'>true</value></custom>";
    let mut entries = vec![
        entry("a.b.Plain", "<name>Tool One</name><summary>Measure things</summary>"),
        entry("a.b.Known", &format!("<name>Tool Two</name><summary>Measure things</summary>{verified}")),
        entry("a.b.Far", &format!("<name>Other</name><description><p>Not for measure</p></description>{verified}")),
    ];
    // A word says something only where most apps do not have it.
    entries.extend((0..20).map(|n| entry(&format!("a.b.Other{n}"), "<name>Something else</name>")));
    let catalogue = World::of(feed(&entries)).catalogue();
    assert_eq!(found(&catalogue, "measure"), ["a.b.Known", "a.b.Plain", "a.b.Far"]);
}

#[test]
fn accents_are_nothing() {
    let mut world = World::empty();
    world.add("other", 1, world::fixture("other.xml"));
    let catalogue = world.catalogue();
    for query in ["editeur", "éditeur", "ÉDITEUR", "e\u{301}dit"] {
        assert_eq!(found(&catalogue, query)[0], "org.example.Other", "{query:?}");
    }
}

#[test]
fn letters_are_folded_the_same_wherever_they_stand() {
    // Where the app is found, and by what; the other way round as well.
    let pairs = [
        ("Straße", "strasse"),
        ("Ærø", "aero"),
        ("Łódź", "lodz"),
        ("Đorđe", "dorde"),
        ("Œuvre", "oeuvre"),
        ("Ｆｕｌｌ１", "full1"),
        ("ｶﾞﾐﾗ", "ガミラ"),
        ("Oﬃce", "office"),
        ("İzmir", "izmir"),
        ("Κόσμος", "ΚΟΣΜΟΣ"),
        ("한글", "한글"),
        ("Größe", "GRÖSSE"),
    ];
    for (one, other) in pairs {
        for (written, typed) in [(one, other), (other, one)] {
            for inside in [
                format!("<name>{written}</name>"),
                format!("<name>N</name><summary>It is {written}</summary>"),
                format!("<name>N</name><description><p>As “{written}” is.</p></description>"),
                format!("<name>N</name><keywords><keyword>{written}</keyword></keywords>"),
            ] {
                let catalogue = World::of(feed(&[entry("a.b.It", &inside)])).catalogue();
                assert_eq!(found(&catalogue, typed), ["a.b.It"], "{typed} in {inside}");
            }
        }
    }
}

#[test]
fn languages_of_programs_are_words_of_their_own() {
    let mut entries = vec![
        entry("a.b.Plus", "<name>C++ Studio</name><summary>Write C++</summary>"),
        entry("a.b.Sharp", "<name>Mono</name><keywords><keyword>C#</keyword></keywords>"),
        entry("a.b.Plain", "<name>C Studio</name><summary>Write C programs for the net</summary>"),
        entry("a.b.Functional", "<name>Lambda</name><description><p>For F#, too.</p></description>"),
        entry("a.b.Dot", "<name>Dots</name><summary>Tools for .NET</summary>"),
        entry("a.b.Compiler", "<name>Front</name><summary>Calls g++ for you</summary>"),
        entry("a.b.Pad", "<name>Notepad++</name>"),
        entry("a.b.Other", "<name>Notepad</name><url type='homepage'>https://example.net</url>"),
    ];
    entries.extend((0..20).map(|n| entry(&format!("a.b.Z{n}"), "<name>Something else</name>")));
    let catalogue = World::of(feed(&entries)).catalogue();
    // What is typed, and all that it finds.
    let cases: [(&str, &[&str]); 10] = [
        ("c++", &["a.b.Plus"]),
        ("C++ studio", &["a.b.Plus"]),
        ("c#", &["a.b.Sharp"]),
        ("f#", &["a.b.Functional"]),
        (".net", &["a.b.Dot"]),
        ("dotnet", &["a.b.Dot"]),
        ("g++", &["a.b.Compiler"]),
        ("c studio", &["a.b.Plain", "a.b.Plus"]),
        ("notepad++", &["a.b.Pad"]),
        ("notepad", &["a.b.Other", "a.b.Pad"]),
    ];
    for (typed, expected) in cases {
        assert_eq!(found(&catalogue, typed), expected, "{typed}");
    }
}

#[test]
fn words_are_found_in_the_persons_languages_and_in_english() {
    let catalogue = World::speaking(&["de"]).catalogue();
    for query in ["schach", "chess gnome", "brettspiel", "strategie", "strategy", "figuren"] {
        let expected = query != "figuren"; // release notes are not searched
        assert_eq!(found(&catalogue, query).contains(&"org.gnome.Chess".to_owned()), expected, "{query:?}");
    }
    for query in ["xadrez", "échecs"] {
        assert_eq!(found(&catalogue, query), Vec::<String>::new(), "{query:?}: a language they do not read");
    }
}

#[test]
fn the_total_counts_what_the_limit_hides() {
    let entries: Vec<String> = (0..150).map(|n| entry(&format!("a.b.Game{n}"), "<name>A game</name>")).collect();
    let catalogue = World::of(feed(&entries)).catalogue();
    for (text, limit) in [("game", 10), ("g", 10), ("game", 0), ("game", 1_000_000)] {
        let found = catalogue.search(&Query { limit, ..Query::new(text) }).unwrap();
        assert_eq!(found.apps.len(), limit.min(150), "{text} {limit}");
        assert!(limit == 0 || found.total == 150, "{text} {limit}: {}", found.total);
    }
}

#[test]
fn nothing_is_found_for_nothing() {
    let catalogue = World::speaking(&["C"]).catalogue();
    for query in ["", "   ", "!!", "qqqqqq"] {
        let found = catalogue.search(&Query::new(query)).unwrap();
        assert_eq!((found.apps.len(), found.total), (0, 0), "{query:?}");
    }
}

/// What a search takes the words for, and whether nothing has them as they were typed.
fn taken_for(found: &Found) -> Option<(&str, bool)> {
    found.corrected.as_ref().map(|corrected| (corrected.words.as_str(), corrected.instead))
}

#[test]
fn a_misspelt_name_comes_before_what_has_the_words_elsewhere() {
    let mut entries = vec![
        entry("a.b.Unison", "<name>Unison</name><summary>Keep folders alike</summary>"),
        entry("a.b.Lawyer", "<name>Contracts</name><summary>For every union, unizon and guild</summary>"),
        entry("a.b.Union", "<name>Union Square</name><summary>A game</summary>"),
    ];
    entries.extend((0..20).map(|n| entry(&format!("a.b.Other{n}"), "<name>Something else</name>")));
    let catalogue = World::of(feed(&entries)).catalogue();
    assert_eq!(
        found(&catalogue, "unizon"),
        ["a.b.Unison", "a.b.Lawyer"],
        "the name is meant, though the word is known"
    );
    assert_eq!(found(&catalogue, "union")[0], "a.b.Union", "what is in a name is not corrected");
    let two = catalogue.search(&Query::new("unxson")).unwrap();
    assert_eq!((two.apps[0].id.as_str(), taken_for(&two)), ("a.b.Unison", Some(("unison", true))));
    let one = catalogue.search(&Query::new("unizon")).unwrap();
    assert_eq!(taken_for(&one), Some(("unison", false)), "what stands first is said, whatever follows");
}

#[test]
fn a_misspelt_word_of_a_name_comes_before_what_has_it_in_its_description() {
    let long = "Words of another kind altogether. ".repeat(10);
    let text = |text: &str| format!("<description><p>{text} {long}</p></description>");
    let mut entries = vec![
        entry("a.b.Go", "<name>Go Fish</name>"),
        entry(
            "a.b.Tank",
            "<name>Tank</name><summary>An aquarium</summary><keywords><keyword>fish</keyword></keywords>",
        ),
        entry("a.b.Text", &format!("<name>Pond</name>{}", text("A fihs swims in it."))),
        entry("a.b.Cuts", &format!("<name>Cloth</name>{}", text("It fits, fits, fits."))),
        entry("a.b.Shoe", &format!("<name>Shoe</name>{}", text("It fits."))),
        entry("a.b.Coat", &format!("<name>Coat</name>{}", text("It fits."))),
        entry("a.b.Tells", "<name>Story</name><summary>Stories that a tattler tells</summary>"),
        entry("a.b.Rattler", "<name>The Rattler</name>"),
    ];
    entries.extend((0..40).map(|n| entry(&format!("a.b.Z{n}"), &format!("<name>Something else</name>{}", text("")))));
    let catalogue = World::of(feed(&entries)).catalogue();
    let found = catalogue.search(&Query::new("fihs")).unwrap();
    let ids: Vec<&str> = found.apps.iter().map(|app| app.id.as_str()).collect();
    assert_eq!(ids, ["a.b.Go", "a.b.Tank", "a.b.Text"], "by the worth of where it is");
    assert_eq!(taken_for(&found), Some(("fish", false)));
    let unknown = catalogue.search(&Query::new("fith")).unwrap();
    assert_eq!(taken_for(&unknown), Some(("fish", true)), "of what is as near, what is in a name");
    let (_, reasons) = catalogue.explain(&Query::new("fihs")).unwrap();
    let fits: Vec<_> = reasons.iter().map(|reason| (reason.fit, reason.taken_for.as_deref())).collect();
    let expected = [(Fit::InsideMisspelt, Some("fish")), (Fit::ElsewhereMisspelt, Some("fish")), (Fit::InText, None)];
    assert_eq!(fits, expected);
    let kept = catalogue.search(&Query::new("tattler")).unwrap();
    assert_eq!(kept.apps[0].id.as_str(), "a.b.Tells", "what is in a summary is no mistake");
    assert_eq!(taken_for(&kept), None);
}

#[test]
fn the_likeliest_names_are_found_however_many_begin_alike() {
    let verified = "<custom><value key='flathub::verification::verified'>true</value></custom>";
    let flood = (0..21_000).map(|n| entry(&format!("a.b.F{n}"), &format!("<name>Photo {n:05}</name>")));
    let mut entries: Vec<String> = flood.collect();
    // Behind all of them by its spelling.
    entries.push(entry("a.b.Real", &format!("<name>Photos</name>{verified}")));
    entries.push(entry("a.b.Inside", &format!("<name>My Photos</name>{verified}")));
    entries.push(entry("a.b.Same", &format!("<name>Photo 00007</name>{verified}")));
    let catalogue = World::of(feed(&entries)).catalogue();
    for typed in ["phot", "pho", "ph", "p"] {
        let first = found(&catalogue, typed);
        assert_eq!(first.len(), 60, "{typed}");
        assert_eq!(first[..2], ["a.b.Same", "a.b.Real"], "{typed}");
    }
    let all = catalogue.search(&Query { limit: 1_000, ..Query::new("photo") }).unwrap().apps;
    for id in ["a.b.Real", "a.b.Same", "a.b.Inside"] {
        assert!(all.iter().any(|app| app.id.as_str() == id), "{id} behind names of which it is a whole word");
    }
    assert_eq!(found(&catalogue, "photo 00007")[0], "a.b.Same");
    assert_eq!(found(&catalogue, "photo 20999")[0], "a.b.F20999", "the least likely one, by its whole name");
    assert_eq!(found(&catalogue, "photos")[..2], ["a.b.Real", "a.b.Inside"]);
}

#[test]
fn misspelt_words_are_corrected_and_reported() {
    let catalogue = World::speaking(&["C"]).catalogue();
    // The query, what it was taken for, what has to come first.
    let cases = [
        ("gnome che", None, "org.gnome.Chess"),
        ("chsess", Some("chess"), "org.example.Chess"),
        ("gnmoe chess", Some("gnome chess"), "org.gnome.Chess"),
        ("photogarphers", Some("photographers"), "org.example.Paint"),
    ];
    for (query, corrected, first) in cases {
        let found = catalogue.search(&Query::new(query)).unwrap();
        assert_eq!(taken_for(&found), corrected.map(|corrected| (corrected, true)), "{query:?}");
        assert_eq!(found.apps[0].id.as_str(), first, "{query:?}");
    }
}
