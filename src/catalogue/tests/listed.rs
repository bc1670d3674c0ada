//! Lists of AppImages in the catalogue.

#![allow(clippy::unwrap_used, clippy::panic)]

mod world;

use strata_catalogue::{List, LossReason, Page};
use strata_model::app::Icon;
use strata_model::feed::ReferenceState;
use strata_model::listed::{HEADER, Line, Listed, Lost};
use strata_model::offer::Absence;
use strata_model::text::{Block, Span, Style};
use strata_model::{Obstacle, OfferId, SourceKind};
use world::{World, entry, feed, found, id};

fn listed(name: &str) -> Listed {
    let project = format!("https://github.com/ann/{}", name.replace(' ', "-"));
    Listed {
        reference: name.replace(' ', "-"),
        name: name.to_owned(),
        page: format!("{project}/releases"),
        repository: project,
        fetchable: true,
        ..Listed::default()
    }
}

/// Somebody takes care of it.
fn kept(app: Listed) -> Listed {
    let description = vec![Block::Paragraph { spans: vec![span("It is there.")] }];
    let screenshots = vec!["https://a.org/a.png".to_owned()];
    Listed { developer: "Ann".to_owned(), description, screenshots, ..app }
}

fn missing(reference: &str, absence: Absence) -> ReferenceState {
    ReferenceState {
        reference: reference.to_owned(),
        download_size: 0,
        installed_size: 0,
        end_of_life: None,
        masked: None,
        missing: Some(absence),
    }
}

fn span(text: &str) -> Span {
    Span { text: text.to_owned(), style: Style::Plain }
}

#[test]
fn an_appimage_is_found_and_says_how_it_can_be_had() {
    let mut world = World::of(feed(&[entry("a.b.Chess", "<name>Chess</name>")]));
    world.add_listed(&[Listed {
        summary: "Paint the sea".to_owned(),
        description: vec![Block::Paragraph { spans: vec![span("With \u{202e}brushes"), span(" and  more")] }],
        categories: vec!["Graphics".to_owned()],
        licence: "MIT".to_owned(),
        icons: vec!["https://example.org/icon.svg".to_owned(), "https://example.org/icon.png".to_owned()],
        screenshots: vec!["https://example.org/a.png".to_owned(), "file:///etc/passwd".to_owned()],
        ..listed("Aivazovsky")
    }]);
    let catalogue = world.catalogue();
    assert_eq!(found(&catalogue, "paint sea"), ["appimagehub:Aivazovsky"]);
    let app = catalogue.app(&id("appimagehub:Aivazovsky")).unwrap().unwrap();
    assert_eq!((app.head.name.as_str(), app.license.as_str()), ("Aivazovsky", "MIT"));
    assert_eq!(app.head.sources, [SourceKind::AppImage]);
    assert_eq!(app.description, [Block::Paragraph { spans: vec![span("With brushes"), span(" and more")] }]);
    assert_eq!(app.screenshots.len(), 1, "an address of the web");
    let icon = Icon { remote: Some("https://example.org/icon.png".to_owned()), ..Icon::default() };
    assert_eq!(app.head.icon, icon, "a picture, no drawing");
    let [offer] = &app.offers[..] else { panic!("{:?}", app.offers) };
    assert_eq!(offer.id, OfferId::app_image("appimagehub", "Aivazovsky"));
    assert!(offer.is_installable() && !offer.verified);
    assert_eq!(offer.obstacle, None);
}

#[test]
fn what_speaks_against_an_appimage_is_said_and_the_best_of_it_comes_first() {
    let mut world = World::empty();
    let by_hand = Listed { fetchable: false, ..listed("Paint D") };
    let neglected = Listed { neglected: true, ..listed("Paint C") };
    world.add_listed(&[by_hand, neglected, listed("Paint B"), listed("Paint A")]);
    world.feeds[0].references = vec![missing("Paint-B", Absence::NoAppImage)];
    let catalogue = world.catalogue();
    let page = "https://github.com/ann/Paint-D/releases".to_owned();
    let expected = [
        ("Paint-A", None, true),
        ("Paint-B", Some(Obstacle::Missing { absence: Absence::NoAppImage }), true),
        ("Paint-C", Some(Obstacle::Neglected), true),
        ("Paint-D", Some(Obstacle::ByHand { page }), false),
    ];
    for (name, obstacle, is_installable) in expected {
        let offers = catalogue.offers_of(&id(&format!("appimagehub:{name}"))).unwrap();
        assert_eq!((offers[0].is_installable(), &offers[0].obstacle), (is_installable, &obstacle), "{name}");
    }
}

#[test]
fn what_was_not_there_when_last_asked_for_comes_last() {
    let mut world = World::empty();
    world.add_listed(&[kept(listed("Paint A")), listed("Paint B")]);
    assert_eq!(found(&world.catalogue(), "paint")[0], "appimagehub:Paint-A");
    world.feeds[0].references = vec![missing("Paint-A", Absence::ProjectGone)];
    assert_eq!(found(&world.catalogue(), "paint"), ["appimagehub:Paint-B", "appimagehub:Paint-A"]);
}

#[test]
fn what_only_a_list_of_appimages_has_is_not_put_forward() {
    let inside = "<name>Chess</name><summary>Beat it</summary><developer><name>Bob</name></developer>\
        <description><p>Play</p></description><url type='homepage'>https://a.org</url>";
    let mut world = World::of(feed(&[entry("a.b.Knight", inside)]));
    world.add_listed(&[kept(listed("Chess"))]);
    let catalogue = world.catalogue();
    assert_eq!(found(&catalogue, "chess"), ["a.b.Knight", "appimagehub:Chess"]);
    let front = catalogue.browse(&List::Popular, Page { offset: 0, limit: 9 }).unwrap();
    assert_eq!(front.iter().map(|app| app.id.as_str()).collect::<Vec<_>>(), ["a.b.Knight"]);
}

#[test]
fn what_nobody_looks_after_comes_last() {
    let mut world = World::empty();
    let neglected = Listed { neglected: true, summary: "Paint, paint, paint".to_owned(), ..listed("Paint A") };
    world.add_listed(&[neglected, listed("Paint B")]);
    assert_eq!(found(&world.catalogue(), "paint"), ["appimagehub:Paint-B", "appimagehub:Paint-A"]);
}

#[test]
fn a_bad_line_costs_itself_and_what_the_source_left_out_is_counted() {
    let app = |listed: Listed| serde_json::to_string(&Line::App(Box::new(listed))).unwrap();
    let lines = [
        HEADER.to_owned(),
        app(listed("One")),
        "{\"app\":7}".to_owned(),
        app(Listed { name: " \u{3164} ".to_owned(), ..listed("Two") }),
        app(Listed { page: "javascript:1".to_owned(), ..listed("Three") }),
        app(Listed { reference: "../../x".to_owned(), ..listed("Four") }),
        app(Listed { reference: String::new(), ..listed("Five") }),
        app(Listed { summary: "x".repeat(2 << 20), ..listed("Six") }),
        serde_json::to_string(&Line::Lost { reason: Lost::NoOffer, count: 300 }).unwrap(),
        app(listed("Last")),
    ];
    let mut world = World::empty();
    world.add_listed_lines(&lines.join("\n"));
    let report = world.build().unwrap();
    let losses: Vec<_> = report.losses.iter().map(|loss| (loss.reason, loss.count)).collect();
    let expected = [
        (LossReason::Malformed, 1),
        (LossReason::TooLarge, 1),
        (LossReason::BadId, 2),
        (LossReason::NoName, 1),
        (LossReason::NoOffer, 301),
    ];
    assert_eq!((report.apps, &losses[..]), (2, &expected[..]));
    // What was kept of it says the same.
    let again = world.build().unwrap();
    assert_eq!((again.kept, again.losses), (1, report.losses));
}
