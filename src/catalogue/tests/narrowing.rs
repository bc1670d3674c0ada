//! What filters leave, and what is hidden altogether.

#![allow(clippy::unwrap_used)] // Also outside of the functions that clippy knows for tests.

mod world;

use strata_catalogue::{Catalogue, Category, Filter, List, Page, Query, Scope};
use strata_model::feed::ReferenceState;
use strata_model::installed::EndOfLife;
use strata_model::parental::{Controls, Guard, Level};
use strata_model::{Obstacle, SourceKind};
use world::{World, entry, feed, found, id};

const WHOLE: Page = Page { offset: 0, limit: 100 };

fn world() -> World {
    let verified = "<custom><value key='flathub::verification::verified'>true</value></custom>";
    let phone =
        "<requires><display_length>300</display_length></requires><supports><control>touch</control></supports>";
    World::of(feed(&[
        entry(
            "a.b.Verified",
            &format!("<name>Game One</name>{verified}<categories><category>Game</category></categories>"),
        ),
        entry("a.b.Free", "<name>Game Two</name><project_license>GPL-3.0-or-later</project_license>"),
        entry("a.b.Phone", &format!("<name>Game Three</name>{phone}")),
        entry("a.b.Plain", "<name>Game Four</name>"),
    ]))
}

#[test]
fn a_filter_leaves_what_it_asks_for() {
    let catalogue = world().catalogue();
    let only = |id_: &str| Some(vec![id(id_), id("a.b.Unknown")]);
    // The filter, and what it leaves.
    let cases: Vec<(Filter, &[&str])> = vec![
        (Filter { verified: true, ..Filter::default() }, &["a.b.Verified"]),
        (Filter { free: true, ..Filter::default() }, &["a.b.Free"]),
        (Filter { phone: true, ..Filter::default() }, &["a.b.Phone"]),
        (Filter { category: Some(Category::Play), ..Filter::default() }, &["a.b.Verified"]),
        (Filter { installed: only("a.b.Plain"), ..Filter::default() }, &["a.b.Plain"]),
        (Filter { installed: Some(Vec::new()), ..Filter::default() }, &[]),
        (Filter { source: Some(SourceKind::Package), ..Filter::default() }, &[]),
        (Filter { free: true, verified: true, ..Filter::default() }, &[]),
        (Filter { free: true, source: Some(SourceKind::Flatpak), ..Filter::default() }, &["a.b.Free"]),
    ];
    for (filter, expected) in cases {
        for words in ["game", "g", "gmae"] {
            let answer = catalogue.search(&Query { filter: filter.clone(), ..Query::new(words) }).unwrap();
            let ids: Vec<&str> = answer.apps.iter().map(|app| app.id.as_str()).collect();
            assert_eq!((ids.as_slice(), answer.total), (expected, expected.len()), "{words} {filter:?}");
        }
        let listed = catalogue.browse_narrowed(&List::All, &filter, WHOLE).unwrap();
        let ids: Vec<&str> = listed.iter().map(|app| app.id.as_str()).collect();
        assert_eq!(ids, expected, "{filter:?}");
    }
    assert_eq!(found(&catalogue, "game").len(), 4);
}

#[test]
fn an_installation_has_what_can_be_had_there_and_what_is_there() {
    let mut world = World::of(feed(&[entry("a.b.Here", "<name>Game</name>"), entry("a.b.Both", "<name>Game</name>")]));
    let other = world.file("other.xml");
    let there: Vec<String> = (0..450).map(|n| entry(&format!("a.b.There{n}"), "<name>Game</name>")).collect();
    std::fs::write(&other, feed(&[there, vec![entry("a.b.Both", "<name>Game</name>")]].concat())).unwrap();
    world.add("other", 2, other);
    world.feeds[1].scope = "system".to_owned();
    let catalogue = world.catalogue();
    let found = |scope: Option<Scope>, limit| {
        let filter = Filter { scope, ..Filter::default() };
        let found = catalogue.search(&Query { limit, filter, ..Query::new("game") }).unwrap();
        found.apps.into_iter().map(|app| app.id.to_string()).collect::<Vec<_>>()
    };
    let user = |installed: &[&str]| {
        Some(Scope { name: "user".to_owned(), installed: installed.iter().map(|app| id(app)).collect() })
    };
    assert_eq!(found(None, 5).len(), 5);
    assert_eq!(found(user(&[]), 5), ["a.b.Both", "a.b.Here"], "however many others there are");
    assert_eq!(found(user(&["a.b.There7", "a.b.Unknown"]), 5).len(), 3);
    assert_eq!(found(user(&[]), 1).len(), 1);
    assert_eq!(found(Some(Scope::default()), 5), Vec::<String>::new());
}

#[test]
fn what_a_filter_leaves_out_is_not_taken_for_a_mistake() {
    let category = |name: &str| format!("<categories><category>{name}</category></categories>");
    let catalogue = World::of(feed(&[
        entry("a.b.Chess", &format!("<name>Chess</name>{}", category("Game"))),
        entry("a.b.Chest", &format!("<name>Chest</name>{}", category("Office"))),
    ]))
    .catalogue();
    let filter = Filter { category: Some(Category::Work), ..Filter::default() };
    let answer = catalogue.search(&Query { filter, ..Query::new("chess") }).unwrap();
    assert_eq!((answer.apps, answer.corrected, answer.filtered), (Vec::new(), None, true));
    assert_eq!(found(&catalogue, "chess"), ["a.b.Chess"]);
    assert!(!catalogue.search(&Query::new("chezzzz")).unwrap().filtered, "nothing fits, with or without a filter");
}

#[test]
fn pages_of_a_narrowed_list_follow_each_other() {
    let entries: Vec<String> = (0..60)
        .map(|n| {
            let licence = if n % 3 == 0 { "<project_license>MIT</project_license>" } else { "" };
            entry(&format!("a.b.App{n:02}"), &format!("<name>App {n:02}</name>{licence}"))
        })
        .collect();
    let catalogue = World::of(feed(&entries)).catalogue();
    let filter = Filter { free: true, ..Filter::default() };
    let pages: Vec<_> = (0..4)
        .flat_map(|n| catalogue.browse_narrowed(&List::All, &filter, Page { offset: n * 6, limit: 6 }).unwrap())
        .map(|app| app.id.to_string())
        .collect();
    let expected: Vec<String> = (0..60).step_by(3).map(|n| format!("a.b.App{n:02}")).collect();
    assert_eq!(pages, expected);
}

/// The ids of a list.
fn listed(catalogue: &Catalogue, list: &List) -> Vec<String> {
    catalogue.browse(list, WHOLE).unwrap().into_iter().map(|app| app.id.to_string()).collect()
}

#[test]
fn what_the_settings_hide_has_a_page_that_says_so_and_nothing_else() {
    let mut world = world();
    world.sources.hidden = vec!["a.b.P*".to_owned()];
    let catalogue = world.catalogue();
    for list in [List::All, List::Popular, List::Category(Category::Tools)] {
        assert!(!listed(&catalogue, &list).iter().any(|id| id.starts_with("a.b.P")), "{list:?}");
    }
    assert_eq!(found(&catalogue, "game").len(), 2);
    assert!(!found(&catalogue, "a.b.Plain").contains(&"a.b.Plain".to_owned()), "nor by its id");
    let app = catalogue.app(&id("a.b.Plain")).unwrap().unwrap();
    let hidden = Obstacle::Hidden { pattern: "a.b.P*".to_owned() };
    assert_eq!(app.offers[0].obstacle, Some(hidden));
    assert!(!app.offers[0].is_installable());
}

#[test]
fn what_a_source_has_that_is_switched_off_is_neither_listed_nor_found_and_says_why() {
    let mut world = world();
    world.sources.flatpaks = false;
    let catalogue = world.catalogue();
    for list in [List::All, List::Popular, List::Category(Category::Tools)] {
        assert_eq!(listed(&catalogue, &list), Vec::<String>::new(), "{list:?}");
    }
    assert_eq!(found(&catalogue, "game"), Vec::<String>::new());
    let app = catalogue.app(&id("a.b.Plain")).unwrap().unwrap();
    assert_eq!(app.offers[0].obstacle, Some(Obstacle::SourceOff { source: SourceKind::Flatpak }));
    assert!(!app.offers[0].is_installable());
    assert_eq!(app.head.sources, [SourceKind::Flatpak], "where it came from, if it is installed");
}

#[test]
fn what_parental_controls_keep_back_says_why_and_cannot_be_installed() {
    let rated = |value: &str| {
        format!(
            "<name>Game</name><content_rating type='oars-1.1'>\
             <content_attribute id='violence-fantasy'>{value}</content_attribute></content_rating>"
        )
    };
    let entries = [
        entry("a.b.Calm", &rated("mild")),
        entry("a.b.Wild", &rated("intense")),
        entry("a.b.Listed", &rated("none")),
        entry("a.b.Silent", "<name>Game</name>"),
    ];
    let mut world = World::of(feed(&entries));
    world.controls.listed = ["app/a.b.Listed/x86_64/stable".to_owned()].into();
    world.controls.most = [("violence-fantasy".to_owned(), Level::Mild)].into();
    let catalogue = world.catalogue();
    let guarded = |guard| Some(Obstacle::Guarded { guard });
    let cases = [
        ("a.b.Calm", None, true),
        ("a.b.Wild", guarded(Guard::Content), false),
        ("a.b.Silent", guarded(Guard::Unrated), false),
        ("a.b.Listed", guarded(Guard::Opening), true),
    ];
    for (app, obstacle, is_listed) in cases {
        let offer = catalogue.app(&id(app)).unwrap().unwrap().offers.remove(0);
        assert_eq!((offer.is_installable(), &offer.obstacle), (obstacle.is_none(), &obstacle), "{app}");
        assert_eq!(listed(&catalogue, &List::All).contains(&app.to_owned()), is_listed, "{app}");
        assert_eq!(found(&catalogue, "game").contains(&app.to_owned()), is_listed, "{app}");
    }
    world.controls = Controls { user_installation: false, ..Controls::default() };
    let catalogue = world.catalogue();
    assert_eq!(listed(&catalogue, &List::Popular).len(), listed(&catalogue, &List::All).len(), "that is against none");
    let offer = catalogue.app(&id("a.b.Calm")).unwrap().unwrap().offers.remove(0);
    assert_eq!(offer.obstacle, guarded(Guard::Installing));
}

fn state(id: &str) -> ReferenceState {
    ReferenceState {
        reference: format!("app/{id}/x86_64/stable"),
        download_size: 0,
        installed_size: 0,
        end_of_life: None,
        masked: None,
        missing: None,
    }
}

#[test]
fn what_the_origin_knows_of_its_references_stands_at_the_offers() {
    let mut world = world();
    let end = EndOfLife { reason: "Use another".to_owned(), successor: "app/a.b.New/x86_64/stable".to_owned() };
    world.feeds[0].references = vec![
        ReferenceState { download_size: 7, installed_size: 9, ..state("a.b.Free") },
        ReferenceState { end_of_life: Some(end.clone()), ..state("a.b.Plain") },
        ReferenceState { masked: Some("a.b.Ph*".to_owned()), ..state("a.b.Phone") },
        state("a.b.Verified"),
    ];
    let catalogue = world.catalogue();
    let offer = |app: &str| catalogue.app(&id(app)).unwrap().unwrap().offers.remove(0);
    let free = offer("a.b.Free");
    assert_eq!((free.download_size, free.installed_size, free.obstacle), (7, 9, None));
    let plain = offer("a.b.Plain");
    assert!(plain.is_installable(), "the end of its life forbids nothing");
    assert_eq!(plain.obstacle, Some(Obstacle::EndOfLife(end)));
    let phone = offer("a.b.Phone");
    assert!(phone.is_installable(), "nor does a mask, as with Flatpak itself");
    assert_eq!(phone.obstacle, Some(Obstacle::Masked { pattern: "a.b.Ph*".to_owned() }));

    let last: Vec<String> = found(&catalogue, "game").split_off(2);
    assert!(
        last.contains(&"a.b.Plain".to_owned()) && last.contains(&"a.b.Phone".to_owned()),
        "found, but behind: {last:?}"
    );
    let front = listed(&catalogue, &List::Popular);
    assert!(!front.contains(&"a.b.Plain".to_owned()) && !front.contains(&"a.b.Phone".to_owned()), "{front:?}");
    assert_eq!(listed(&catalogue, &List::All).len(), 4);
}

#[test]
fn an_app_with_a_better_offer_elsewhere_is_not_at_its_end() {
    let mut world = World::of(feed(&[entry("a.b.Two", "<name>Two</name>")]));
    let other = world.file("other.xml");
    std::fs::write(&other, feed(&[entry("a.b.Two", "<name>Two</name>")])).unwrap();
    world.add("other", 0, other);
    let end = EndOfLife { reason: String::new(), successor: String::new() };
    world.feeds[0].references = vec![ReferenceState { end_of_life: Some(end), ..state("a.b.Two") }];
    let catalogue = world.catalogue();
    let app = catalogue.app(&id("a.b.Two")).unwrap().unwrap();
    assert_eq!(app.offers[0].id.origin, "other", "whatever the priority");
    assert_eq!(listed(&catalogue, &List::Popular), ["a.b.Two"]);
}

#[test]
fn what_cannot_be_had_says_why() {
    let offered = |id: &str, reference: &str| {
        format!(
            "<component type='desktop-application'><id>{id}</id><name>Game</name><bundle type='flatpak'>{reference}</bundle></component>"
        )
    };
    let mut world = World::of(feed(&[
        entry("a.b.Here", "<name>Game</name>"),
        offered("a.b.Arm", "app/a.b.Arm/aarch64/stable"),
        entry("a.b.Gone", "<name>Game</name>"),
        offered("a.b.False", "app/a.b.Here/x86_64/stable"),
        offered("a.b.Here.Part", "app/a.b.Here/x86_64/stable"),
        offered("old.desktop", "app/a.b.New/x86_64/stable"),
    ]));
    let obstacle = |world: &World, app: &str| {
        let app = world.catalogue().app(&id(app)).unwrap().unwrap();
        app.offers[0].obstacle.clone()
    };
    assert_eq!(obstacle(&world, "a.b.Gone"), None, "nobody says what the origin has");
    world.feeds[0].references = vec![state("a.b.Here"), state("a.b.New")];
    let other = Obstacle::OtherApp { id: "a.b.Here".to_owned() };
    let cases = [
        ("a.b.Here", None),
        ("a.b.Arm", Some(Obstacle::OtherMachine { architecture: "aarch64".to_owned() })),
        ("a.b.Gone", Some(Obstacle::NotCarried)),
        ("a.b.False", Some(other)),
        ("a.b.Here.Part", None),
        ("old.desktop", None),
    ];
    for (app, expected) in cases {
        assert!(expected.as_ref().is_none_or(Obstacle::forbids), "{app}");
        assert_eq!(obstacle(&world, app), expected, "{app}");
    }
}
