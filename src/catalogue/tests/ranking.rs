//! The rules of ranking, each with the reason.

#![allow(clippy::unwrap_used)] // Also outside of the functions that clippy knows for tests.

mod world;

use strata_catalogue::{Fit, Query};
use strata_model::popularity::Popularity;
use world::{World, among_others, catalogue, entry, feed, found};

const VERIFIED: &str = "<custom><value key='flathub::verification::verified'>true</value></custom>";

/// The reason, the words, and the apps in the order in which they are to come.
type Rule = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const RULES: &[Rule] = &[
    (
        "the exact name before names that begin with it",
        "mail",
        &[("Exact", "<name>Mail</name>"), ("Longer", "<name>Mail Reader</name>"), ("Part", "<name>Mailbox</name>")],
    ),
    (
        "the exact id before every name",
        "a.b.Id",
        &[("Id", "<name>Nothing like it</name>"), ("Other", "<name>a.b.Idea</name>")],
    ),
    (
        "a name before a keyword before a description",
        "notes",
        &[
            ("Name", "<name>My Notes</name>"),
            ("Keyword", "<name>Quill</name><keywords><keyword>notes</keyword></keywords>"),
            ("Text", "<name>Pen</name><description><p>You can keep notes in it.</p></description>"),
        ],
    ),
    (
        "a summary before a description",
        "weather",
        &[
            ("Summary", "<name>Sky</name><summary>Know the weather</summary>"),
            ("Text", "<name>Map</name><description><p>Shows the weather too.</p></description>"),
        ],
    ),
    (
        "a word in several fields before the same in one",
        "photo",
        &[
            ("Both", "<name>Lens</name><summary>Photo album</summary><keywords><keyword>photo</keyword></keywords>"),
            ("One", "<name>Album</name><summary>Photo album</summary>"),
        ],
    ),
    (
        "words side by side before words apart",
        "audio editor",
        &[
            ("Together", "<name>Wave</name><summary>Fast audio editor</summary>"),
            ("Apart", "<name>Tag</name><summary>Editor of the many tags in files of audio</summary>"),
        ],
    ),
    (
        "words in any order and in different fields",
        "chess gnome",
        &[
            ("Name", "<name>GNOME Chess</name>"),
            ("Fields", "<name>Knights</name><summary>Play chess</summary><developer><name>GNOME</name></developer>"),
        ],
    ),
    (
        "among equals, the verified one",
        "ruler",
        &[
            (
                "Verified",
                "<name>Ruler One</name><custom><value key='flathub::verification::verified'>true</value></custom>",
            ),
            ("Plain", "<name>Ruler Two</name>"),
        ],
    ),
    (
        "among equals, the one whose developer cares",
        "clock",
        &[
            (
                "Kept",
                "<name>Clock</name><summary>S</summary><description><p>D</p></description><url type='homepage'>https://e.org</url>",
            ),
            ("Left", "<name>Clock</name><summary>S</summary>"),
        ],
    ),
    (
        "a name in several words that is typed as one",
        "wifi",
        &[("Name", "<name>Wi-Fi Analyzer</name>"), ("Other", "<name>Net</name><summary>Shows wifi networks</summary>")],
    ),
    ("a later word of a name in a script without spaces", "象棋", &[("Chess", "<name>国际象棋</name>")]),
    (
        "a name that is written as one word",
        "fire fox",
        &[("One", "<name>Firefox</name>"), ("Two", "<name>Zoo</name><summary>A fox, a fire</summary>")],
    ),
    (
        "short words that are also written as one",
        "to do list",
        &[("One", "<name>Tasks</name><summary>Todo list</summary>")],
    ),
    (
        "the name but for a mistake before other words that are as typed",
        "gimpp",
        &[("Gimp", "<name>Gimp</name>"), ("Other", "<name>Tool</name><summary>Like gimpp</summary>")],
    ),
    (
        "other forms of a word behind the form itself",
        "editing photos",
        &[
            ("Same", "<name>A</name><summary>Editing photos is easy</summary>"),
            ("Form", "<name>B</name><summary>Edit a photo</summary>"),
        ],
    ),
    (
        "another form of a word in a name before the word itself in a description",
        "drawing",
        &[
            ("Name", "<name>My Draw</name><summary>Draw pictures</summary><description><p>D</p></description>"),
            ("Text", "<name>Board</name><description><p>Made for drawing, too.</p></description>"),
        ],
    ),
    (
        "what is of the kind that was asked for before what mentions it",
        "web browser",
        &[
            ("Is", "<name>Fox</name><categories><category>WebBrowser</category></categories>"),
            (
                "Mentions",
                "<name>Parents</name><summary>Watch the web browser</summary><keywords><keyword>web browser</keyword></keywords>",
            ),
        ],
    ),
    (
        "of one kind the better kept one, not the one whose name says so",
        "video player",
        &[
            (
                "Kept",
                "<name>Cone</name><categories><category>Video</category><category>Player</category></categories><screenshots><screenshot><image>https://e.org/a.png</image></screenshot></screenshots><description><p>D</p></description><url type='homepage'>https://e.org</url><developer><name>D</name></developer>",
            ),
            (
                "Named",
                "<name>Some Video Player</name><categories><category>Video</category><category>Player</category></categories>",
            ),
        ],
    ),
    (
        "what plays films before what plays sound only, though both are of AudioVideo",
        "video player",
        &[
            (
                "Films",
                "<name>Cone</name><categories><category>AudioVideo</category><category>Video</category><category>Player</category></categories>",
            ),
            (
                "Sound",
                "<name>Radio</name><summary>Player without video</summary><categories><category>AudioVideo</category><category>Audio</category><category>Player</category></categories>",
            ),
        ],
    ),
    ("who edits is an editor", "photo editor", &[("Edits", "<name>Gnu</name><summary>Edit photographs</summary>")]),
    (
        "a word inside a name that is written as one before a category",
        "office",
        &[
            ("Inside", "<name>LibreOffice Calc</name>"),
            ("Category", "<name>Diary</name><categories><category>Office</category></categories>"),
        ],
    ),
    (
        "what more opens, of equals",
        "sketch",
        &[
            (
                "Many",
                "<name>Sketch</name><provides><mediatype>image/png</mediatype><mediatype>image/gif</mediatype></provides>",
            ),
            ("None", "<name>Sketch</name>"),
        ],
    ),
    (
        "ids that begin so, in whatever letters, and nothing that only has the words",
        "A.B.Dom",
        &[("Domino", "<name>Game</name>"), ("Domain", "<name>Net</name>")],
    ),
    (
        "an id of another list by its last part",
        "org.other.domino",
        &[("domino-esr", "<name>Game</name>"), ("Own", "<name>Domino Online</name>")],
    ),
    (
        "what people wrap their wish in counts for nothing",
        "something like photoshop",
        &[("Meant", "<name>Paint</name><keywords><keyword>photoshop</keyword></keywords>")],
    ),
    (
        "a short word that people use for a long one",
        "ms word",
        &[("Writer", "<name>Writer</name><keywords><keyword>Microsoft Word</keyword></keywords>")],
    ),
];

#[test]
fn what_comes_before_what() {
    for (reason, words, apps) in RULES {
        let expected: Vec<String> = apps.iter().map(|(id, _)| format!("a.b.{id}")).collect();
        let mut backwards: Vec<_> = apps.to_vec();
        backwards.reverse();
        // Whatever order the feed has them in.
        for apps in [apps.to_vec(), backwards] {
            let mut found = found(&catalogue(&apps), words);
            // What has some of the words only may come behind.
            found.truncate(expected.len());
            assert_eq!(found, expected, "{reason}: {words}");
        }
    }
}

#[test]
fn a_generic_name_is_the_one_that_people_use() {
    let names = |names: &[&str]| names.iter().map(|name| format!("a.b.{name}")).collect::<Vec<_>>();
    let mut world = World::of(feed(&among_others(&[
        ("Plain", "<name>Calculator</name>"),
        ("Known", "<name>Calculator</name>"),
        ("Loved", "<name>Calculator</name>"),
    ])));
    assert!(!world.catalogue().knows_popularity().unwrap());
    let installs = [("a.b.Known".to_owned(), 900), ("a.b.Loved".to_owned(), 90_000), ("a.b.Plain".to_owned(), 3)];
    world.like(&Popularity { installs: installs.into(), ..Popularity::default() });
    assert!(world.catalogue().knows_popularity().unwrap());
    assert_eq!(found(&world.catalogue(), "calculator"), names(&["Loved", "Known", "Plain"]));
}

#[test]
fn what_very_many_apps_have_is_answered_with_the_likeliest_ones() {
    let mut apps: Vec<String> =
        (0..1_500).map(|n| entry(&format!("a.b.Game{n}"), "<name>Pastime</name><summary>A game</summary>")).collect();
    apps.push(entry("a.b.Best", &format!("<name>Pastime</name><summary>A game</summary>{VERIFIED}")));
    let catalogue = World::of(feed(&apps)).catalogue();
    let answer = catalogue.search(&Query::new("game")).unwrap();
    assert_eq!((answer.apps[0].id.as_str(), answer.total), ("a.b.Best", 400), "it looks no further");
}

#[test]
fn reasons_say_what_the_order_is_made_of() {
    let world = World::of(feed(&among_others(&[
        ("Exact", "<name>Chess</name>"),
        ("Inside", &format!("<name>GNOME Chess</name><summary>Play chess</summary>{VERIFIED}")),
        ("Else", "<name>Board</name><keywords><keyword>chess</keyword></keywords>"),
    ])));
    let query = Query::new("chess");
    let catalogue = world.catalogue();
    let (answer, reasons) = catalogue.explain(&query).unwrap();
    assert_eq!(answer, catalogue.search(&query).unwrap(), "explaining changes nothing");
    let fits: Vec<_> = reasons.iter().map(|reason| (reason.fit, reason.fields.clone(), reason.verified)).collect();
    let expected = [
        (Fit::Exact, vec!["name"], false),
        (Fit::Inside, vec!["name", "summary"], true),
        (Fit::Elsewhere, vec!["keywords"], false),
    ];
    assert_eq!(fits, expected);
    for pair in reasons.windows(2) {
        assert!((pair[0].shelf, -pair[0].score) <= (pair[1].shelf, -pair[1].score), "{pair:?}");
    }
    assert_eq!(catalogue.explain(&Query::new("!")).unwrap().1, []);
}

#[test]
fn what_several_apps_have_is_spelt_right() {
    let keyword = |word: &str| format!("<keywords><keyword>{word}</keyword></keywords>");
    let entries = |apps: usize| {
        let like =
            (0..apps).map(|n| entry(&format!("a.b.Mail{n}"), &format!("<name>Bird {n}</name>{}", keyword("email"))));
        let mut all: Vec<String> = like.collect();
        all.push(entry("a.b.K", "<name>Kmail</name>"));
        all.extend(among_others(&[]));
        feed(&all)
    };
    for apps in [1, 2, 3, 9] {
        let found = World::of(entries(apps)).catalogue().search(&Query::new("email")).unwrap();
        assert!(found.apps[0].id.as_str().starts_with("a.b.Mail"), "{apps}: {:?}", found.apps[0]);
        assert_eq!(found.corrected, None, "{apps}");
        let guessed = found.apps.iter().any(|app| app.id.as_str() == "a.b.K");
        assert_eq!(guessed, apps < 3, "{apps}: behind, where few have it");
    }
}
