//! The rules of ranking, each with the reason.

#![allow(clippy::unwrap_used)] // Also outside of the functions that clippy knows for tests.

mod world;

use strata_catalogue::{Catalogue, Fit, Query};
use strata_model::popularity::Popularity;
use world::{World, entry, feed, found};

/// A catalogue of some apps, by the last part of their ids, among many that have nothing to do with them: a word says
/// something only where most apps do not have it.
fn catalogue(apps: &[(&str, &str)]) -> Catalogue {
    World::of(feed(&entries(apps))).catalogue()
}

fn entries(apps: &[(&str, &str)]) -> Vec<String> {
    let mut entries: Vec<String> = apps.iter().map(|(id, inside)| entry(&format!("a.b.{id}"), inside)).collect();
    // As long as descriptions are: the weight of a word depends on it.
    let long = format!("<description><p>{}</p></description>", "Words of another kind altogether. ".repeat(40));
    let other = |n: usize| entry(&format!("a.b.Z{n}"), &format!("<name>Something else</name>{long}"));
    entries.extend((0..40).map(other));
    entries
}

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
];

#[test]
fn what_comes_before_what() {
    for (reason, words, apps) in RULES {
        let expected: Vec<String> = apps.iter().map(|(id, _)| format!("a.b.{id}")).collect();
        let mut backwards: Vec<_> = apps.to_vec();
        backwards.reverse();
        // Whatever order the feed has them in.
        for apps in [apps.to_vec(), backwards] {
            assert_eq!(found(&catalogue(&apps), words), expected, "{reason}: {words}");
        }
    }
}

#[test]
fn a_generic_name_is_the_one_that_people_use() {
    let names = |names: &[&str]| names.iter().map(|name| format!("a.b.{name}")).collect::<Vec<_>>();
    let mut world = World::of(feed(&entries(&[
        ("Plain", "<name>Calculator</name>"),
        ("Known", "<name>Calculator</name>"),
        ("Loved", "<name>Calculator</name>"),
    ])));
    let installs = [("a.b.Known".to_owned(), 900), ("a.b.Loved".to_owned(), 90_000), ("a.b.Plain".to_owned(), 3)];
    world.like(&Popularity { installs: installs.into(), ..Popularity::default() });
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
    let world = World::of(feed(&entries(&[
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
