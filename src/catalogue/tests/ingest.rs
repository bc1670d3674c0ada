//! What is read of the entries of a feed, as an app's page shows it.

mod world;

use strata_catalogue::LossReason;
use strata_model::SourceKind;
use strata_model::app::{AppKind, Branding, ContentRating, Image, LinkKind};
use strata_model::relation::{Compare, Relation, Relations};
use strata_model::text::{Block, Span, Style};
use world::{World, entry, feed, fixture, id};

fn plain(text: &str) -> Span {
    Span { text: text.to_owned(), style: Style::Plain }
}

#[test]
fn an_app_page_has_everything_that_its_entry_says() {
    let app = World::speaking(&["C"]).catalogue().app(&id("org.gnome.Chess")).unwrap().unwrap();
    assert_eq!(app.head.name, "GNOME Chess");
    assert_eq!(app.head.developer, "The GNOME Project");
    assert_eq!(app.head.icon.small, Some(fixture("icons/64x64/org.gnome.Chess.png")));
    assert_eq!(app.head.icon.large, Some(fixture("icons/128x128/org.gnome.Chess.png")));
    assert!(app.head.verified);
    assert_eq!(app.verified_by, "GNOME on gitlab");
    assert_eq!(app.head.sources, [SourceKind::Flatpak]);
    let code = Span { text: "gnome-chess game.pgn".to_owned(), style: Style::Code };
    let simple = Span { text: "simple".to_owned(), style: Style::Emphasis };
    let first = [plain("GNOME Chess is a "), simple, plain(" chess game. Run "), code, plain(" & play.")];
    assert_eq!(app.description[0], Block::Paragraph { spans: first.to_vec() });
    let items = vec![vec![plain("Play against a friend")], vec![plain("Play against the computer")]];
    assert_eq!(app.description[1], Block::List { ordered: false, items });
    assert_eq!(app.categories, ["Game", "BoardGame"]);
    assert_eq!(app.keywords, ["game", "strategy"]);
    assert_eq!(app.license, "GPL-3.0-or-later AND CC-BY-SA-3.0");
    let rating = ContentRating { attribute: "violence-cartoon".to_owned(), value: "mild".to_owned() };
    assert_eq!(app.content_rating, [rating]);
    let branding = Branding { light: Some("#f9e1a1".to_owned()), dark: Some("#443300".to_owned()) };
    assert_eq!(app.branding, branding);
    let provided: Vec<_> = app.provides.iter().map(|p| (p.kind.as_str(), p.value.as_str())).collect();
    let expected = [("binary", "gnome-chess"), ("mediatype", "application/x-chess-pgn"), ("id", "glchess.desktop")];
    assert_eq!(provided, expected);
    let spoken: Vec<_> = app.translations.iter().map(|t| (t.locale.as_str(), t.percent)).collect();
    assert_eq!(spoken, [("de", Some(98)), ("en_US", None), ("fr", Some(100))]);
}

#[test]
fn links_lead_to_the_web_only() {
    let app = World::speaking(&["C"]).catalogue().app(&id("org.gnome.Chess")).unwrap().unwrap();
    let kinds: Vec<_> = app.links.iter().map(|link| link.kind).collect();
    assert_eq!(kinds, [LinkKind::Homepage, LinkKind::Bugtracker]);
}

#[test]
fn screenshots_come_with_their_sizes_the_default_one_first() {
    let app = World::speaking(&["C"]).catalogue().app(&id("org.gnome.Chess")).unwrap().unwrap();
    let captions: Vec<_> = app.screenshots.iter().map(|screenshot| screenshot.caption.as_str()).collect();
    assert_eq!(captions, ["A game", "A second picture"]);
    let image = |url: &str, width, height| Image { url: format!("https://dl.example.org/media/{url}"), width, height };
    assert_eq!(app.screenshots[0].images, [image("chess/1.png", 1_600, 1_200), image("chess/1-small.png", 224, 168)]);
}

#[test]
fn releases_are_newest_first_and_never_in_the_future() {
    let catalogue = World::speaking(&["C"]).catalogue();
    let chess = catalogue.app(&id("org.gnome.Chess")).unwrap().unwrap();
    let versions: Vec<_> = chess.releases.iter().map(|release| (release.version.as_str(), release.date)).collect();
    assert_eq!(versions, [("47.0", 1_726_444_800), ("46.0", 1_710_547_200)]);
    let paint = catalogue.app(&id("org.example.Paint")).unwrap().unwrap();
    let versions: Vec<_> = paint.releases.iter().map(|release| (release.version.as_str(), release.date)).collect();
    assert_eq!(versions, [("2.0", 0), ("1.0", 1_577_836_800)], "still the newest, but who knows since when");
}

#[test]
fn a_person_reads_their_own_language_as_far_as_there_is_one() {
    let cases: &[(&[&str], &str, &str, &str, &str)] = &[
        (&["C"], "GNOME Chess", "A game", "New pieces.", "chess/1.png"),
        (&["de_AT"], "GNOME Schach", "Ein Spiel", "Neue Figuren.", "chess/1-de.png"),
        (&["pt_BR"], "Xadrez do GNOME", "A game", "New pieces.", "chess/1.png"),
        (&["pt_PT"], "GNOME Chess", "A game", "New pieces.", "chess/1.png"),
        (&["ar_EG"], "شطرنج جنوم", "A game", "New pieces.", "chess/1.png"),
        (&["fr", "de"], "GNOME Schach", "Ein Spiel", "Neue Figuren.", "chess/1-de.png"),
    ];
    for (languages, name, caption, notes, picture) in cases {
        let app = World::speaking(languages).catalogue().app(&id("org.gnome.Chess")).unwrap().unwrap();
        assert_eq!(app.head.name, *name, "{languages:?}");
        assert_eq!(app.screenshots[0].caption, *caption, "{languages:?}");
        assert_eq!(app.releases[0].notes, [Block::Paragraph { spans: vec![plain(notes)] }], "{languages:?}");
        assert!(app.screenshots[0].images[0].url.ends_with(picture), "{languages:?}");
    }
}

#[test]
fn descriptions_are_translated_as_a_whole_or_in_their_parts() {
    let catalogue = World::speaking(&["de"]).catalogue();
    let chess = catalogue.app(&id("org.gnome.Chess")).unwrap().unwrap();
    let whole = [
        Block::Paragraph { spans: vec![plain("GNOME Schach ist ein einfaches Schachspiel.")] },
        Block::List { ordered: true, items: vec![vec![plain("Gegen Freunde")], vec![plain("Gegen den Rechner")]] },
    ];
    assert_eq!(chess.description, whole);
    let paint = catalogue.app(&id("org.example.Paint")).unwrap().unwrap();
    let parts = [
        Block::Paragraph { spans: vec![plain("Für Fotografen.")] },
        Block::List { ordered: false, items: vec![vec![plain("Pinsel")]] },
    ];
    assert_eq!(paint.description, parts);
}

#[test]
fn markup_in_a_name_is_text_and_an_icon_stays_in_its_folder() {
    let app = World::speaking(&["C"]).catalogue().app(&id("org.example.Paint")).unwrap().unwrap();
    assert_eq!(app.head.name, "Easy <b>Paint</b> & Draw");
    assert_eq!(app.head.developer, "Ann & Sons");
    assert_eq!(app.head.icon, strata_model::app::Icon::default());
}

#[test]
fn an_empty_answer_to_the_rating_is_an_answer() {
    let catalogue = World::speaking(&["C"]).catalogue();
    let rating = |app: &str| catalogue.app(&id(app)).unwrap().unwrap().content_rating;
    assert!(rating("org.example.Paint").iter().all(|answer| answer.value == "none"));
    assert_eq!(rating("org.example.Paint").len(), 1);
    assert_eq!(rating("org.example.Chess"), []);
}

#[test]
fn an_app_page_says_what_the_app_asks_of_the_machine() {
    let inside = "<name>N</name>
        <requires>
          <display_length compare='ge'>360</display_length>
          <display_length side='longest'>1000</display_length>
          <memory>2048</memory>
          <internet bandwidth_mbitps='4'>always</internet>
          <kernel>Linux</kernel>
        </requires>
        <recommends><control>keyboard</control><display_length compare='le'>large</display_length></recommends>
        <supports><control>touch</control><internet>sometimes</internet></supports>";
    let app = World::of(feed(&[entry("a.b.C", inside)])).catalogue().app(&id("a.b.C")).unwrap().unwrap();
    let display = |compare, pixels| Relation::Display { compare, pixels };
    let control = |control: &str| Relation::Control { control: control.to_owned() };
    let requires = vec![
        display(Compare::AtLeast, 360),
        Relation::Memory { compare: Compare::AtLeast, mebibytes: 2_048 },
        Relation::Internet { need: "always".to_owned() },
    ];
    let recommends = vec![control("keyboard"), display(Compare::AtMost, 3_839)];
    assert_eq!(app.relations, Relations { requires, recommends, supports: vec![control("touch")] });
}

#[test]
fn an_app_page_says_how_the_app_is_met() {
    let catalogue = World::speaking(&["C"]).catalogue();
    let cases = [
        ("org.gnome.Chess", AppKind::Desktop),
        ("org.example.Chess.Engine", AppKind::Console),
        ("org.example.Firefox", AppKind::Web),
    ];
    for (app, expected) in cases {
        assert_eq!(catalogue.app(&id(app)).unwrap().unwrap().kind, expected, "{app}");
    }
}

#[test]
fn further_values_are_kept_by_their_keys() {
    let many = (0..1_000).map(|n| format!("<value key='k{n}'>v{n}</value>")).collect::<Vec<_>>().concat();
    let first = "<custom><value key='X-Colour'>blue &amp; green</value><value key='X-Colour'>red</value></custom>";
    let inside = format!("<name>N</name>{first}<metadata><value>no key</value>{many}</metadata>");
    let app = World::of(feed(&[entry("a.b.C", &inside)])).catalogue().app(&id("a.b.C")).unwrap().unwrap();
    assert_eq!(app.custom["X-Colour"], "blue & green", "the first one counts");
    assert_eq!(app.custom["k7"], "v7");
    assert_eq!(app.custom.len(), 100, "as many as a page can show");
}

#[test]
fn a_release_says_where_more_about_it_is_and_whom_it_is_for() {
    let releases = "<release version='3' timestamp='30' type='development'/>
        <release version='2' timestamp='20'><url type='details'>https://example.org/2</url></release>
        <release version='1' timestamp='10'><url>javascript:alert(1)</url></release>";
    let inside = format!("<name>N</name><releases>{releases}</releases>");
    let app = World::of(feed(&[entry("a.b.C", &inside)])).catalogue().app(&id("a.b.C")).unwrap().unwrap();
    let found: Vec<_> = app.releases.iter().map(|r| (r.version.as_str(), r.development, r.url.as_str())).collect();
    assert_eq!(found, [("3", true, ""), ("2", false, "https://example.org/2"), ("1", false, "")]);
}

#[test]
fn videos_are_no_pictures() {
    let video = "<video codec='av1' container='webm' width='10' height='10'>https://e.org/v.webm</video>";
    let picture = "<image width='8' height='6'>https://e.org/a.png</image>";
    let shots = format!("<screenshot type='default'>{video}</screenshot><screenshot>{video}{picture}</screenshot>");
    let inside = format!("<name>N</name><screenshots>{shots}</screenshots>");
    let app = World::of(feed(&[entry("a.b.C", &inside)])).catalogue().app(&id("a.b.C")).unwrap().unwrap();
    let urls: Vec<_> = app.screenshots.iter().flat_map(|s| s.images.iter().map(|image| image.url.as_str())).collect();
    assert_eq!(urls, ["https://e.org/a.png"]);
}

#[test]
fn what_adds_to_entries_of_other_files_is_none_itself() {
    let added = entry("a.b.C", "<name>N</name>").replace("<component ", "<component merge='append' ");
    let report = World::of(feed(&[added, entry("a.b.D", "<name>N</name>")])).build().unwrap();
    assert_eq!((report.apps, report.losses), (1, vec![]));
}

#[test]
fn losses_are_counted_with_their_reason() {
    let mut world = World::empty();
    world.add("other", 1, fixture("other.xml"));
    world.add("gone", 1, fixture("no-such-file.xml"));
    let report = world.build().unwrap();
    assert_eq!(report.apps, 2);
    let losses: Vec<_> = report.losses.iter().map(|loss| (loss.origin.as_str(), loss.reason, loss.count)).collect();
    assert_eq!(losses, [("gone", LossReason::Unreadable, 1), ("other", LossReason::BadId, 1)]);
    assert_eq!(report.losses[1].example, "org.example.Düsseldorf");
}
