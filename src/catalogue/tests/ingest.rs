//! What is read from feeds and how offers of one app come together.

mod world;

use strata_catalogue::{Catalogue, LossReason};
use strata_model::app::{AppKind, Branding, ContentRating, Image, LinkKind};
use strata_model::relation::{Compare, Relation, Relations};
use strata_model::system::SystemObstacle;
use strata_model::text::{Block, Span, Style};
use strata_model::{Obstacle, OfferId, SourceKind};
use world::{World, document, documents, entry, feed, fixture, id};

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

fn two_remotes(main: i32, other: i32) -> Catalogue {
    let mut world = World::empty();
    world.add("main", main, fixture("main.xml"));
    world.add("other", other, fixture("other.xml"));
    world.catalogue()
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
fn offers_of_one_id_are_one_app() {
    // Priorities of both remotes, the name that is shown, whether the first offer is verified, the order of the offers.
    let (main, other, beta) = (("main", "stable"), ("other", "stable"), ("other", "beta"));
    let cases = [
        ((1, 1), "GNOME Chess", true, [main, other, beta], "verified before not"),
        ((2, 1), "GNOME Chess", true, [main, other, beta], "by priority"),
        ((1, 2), "Chess of the distribution", false, [other, beta, main], "by priority, verified or not"),
    ];
    for ((main, other), name, verified, expected, reason) in cases {
        let app = two_remotes(main, other).app(&id("org.gnome.Chess")).unwrap().unwrap();
        assert_eq!(app.head.name, name, "{reason}");
        assert_eq!(app.head.verified, verified, "{reason}");
        let offers: Vec<_> =
            app.offers.iter().map(|o| (o.id.origin.as_str(), o.id.reference.rsplit('/').next().unwrap())).collect();
        assert_eq!(offers, expected, "{reason}");
    }
}

#[test]
fn an_origin_vouches_only_for_its_own_offers() {
    let verified = "<custom><value key='flathub::verification::verified'>true</value></custom>";
    let mut world = World::empty();
    for (origin, priority, more) in [("trusted", 2, ""), ("stranger", 1, verified)] {
        let file = world.file(origin);
        std::fs::write(&file, feed(&[entry("a.b.Tool", &format!("<name>Tool</name>{more}"))])).unwrap();
        world.add(origin, priority, file);
    }
    let app = world.catalogue().app(&id("a.b.Tool")).unwrap().unwrap();
    assert_eq!(app.offers.iter().map(|offer| offer.verified).collect::<Vec<_>>(), [false, true]);
    assert!(!app.head.verified, "the first offer is not");
}

#[test]
fn only_flathub_is_believed_that_its_apps_are_verified() {
    let verified = "<custom><value key='flathub::verification::verified'>true</value>\
                    <value key='flathub::verification::website'>b.a</value></custom>";
    let mut world = World::of(feed(&[entry("a.b.Tool", &format!("<name>Tool</name>{verified}"))]));
    for (verifies, expected) in [(true, "b.a"), (false, "")] {
        world.feeds[0].verifies = verifies;
        let app = world.catalogue().app(&id("a.b.Tool")).unwrap().unwrap();
        assert_eq!((app.head.verified, app.offers[0].verified), (verifies, verifies));
        assert_eq!(app.verified_by, expected);
    }
}

#[test]
fn an_offer_has_its_own_version_and_runtime() {
    let app = two_remotes(1, 1).app(&id("org.gnome.Chess")).unwrap().unwrap();
    let [main, other, ..] = app.offers.as_slice() else { panic!("{:?}", app.offers) };
    assert_eq!((main.version.as_str(), main.runtime.as_str()), ("47.0", "org.gnome.Platform/x86_64/47"));
    assert_eq!((other.version.as_str(), other.runtime.as_str()), ("48.0", "org.fedora.Platform/x86_64/f42"));
    assert!(main.verified && !other.verified);
}

#[test]
fn addons_belong_to_what_they_extend_and_are_no_apps() {
    let world = World::speaking(&["de"]);
    let report = world.build().unwrap();
    assert_eq!((report.apps, report.addons), (6, 1));
    let catalogue = world.catalogue();
    let app = catalogue.app(&id("org.gnome.Chess")).unwrap().unwrap();
    let [addon] = app.addons.as_slice() else { panic!("{:?}", app.addons) };
    assert_eq!((addon.id.as_str(), addon.name.as_str()), ("org.gnome.Chess.Boards", "Mehr Bretter"));
    assert_eq!(addon.offers[0].id.reference, "runtime/org.gnome.Chess.Boards/x86_64/stable");
    assert_eq!(world::found(&catalogue, "marble glass"), Vec::<String>::new());
}

#[test]
fn an_installed_thing_finds_its_row_by_its_offer() {
    let catalogue = two_remotes(1, 1);
    let offer = |origin: &str, reference: &str| OfferId {
        source: SourceKind::Flatpak,
        scope: "user".to_owned(),
        origin: origin.to_owned(),
        reference: reference.to_owned(),
    };
    let cases = [
        ("main", "app/org.gnome.Chess/x86_64/stable", Some("org.gnome.Chess")),
        ("other", "app/org.gnome.Chess/x86_64/beta", Some("org.gnome.Chess")),
        ("main", "app/org.gnome.Chess/x86_64/beta", None),
        ("main", "runtime/org.gnome.Chess.Boards/x86_64/stable", Some("org.gnome.Chess.Boards")),
        ("main", "runtime/org.gnome.Platform/x86_64/47", Some("org.gnome.Platform")),
        ("elsewhere", "app/org.gnome.Chess/x86_64/stable", None),
    ];
    for (origin, reference, expected) in cases {
        let found = catalogue.offer(&offer(origin, reference)).unwrap();
        assert_eq!(found.as_ref().map(|row| row.id.as_str()), expected, "{origin} {reference}");
    }
}

#[test]
fn rows_come_in_the_order_asked_by_old_ids_too() {
    let catalogue = World::speaking(&["C"]).catalogue();
    let asked = ["org.example.Paint", "no.such.App", "glchess.desktop", "org.gnome.Chess.desktop"].map(id);
    let rows = catalogue.summaries(&asked).unwrap();
    let ids: Vec<_> = rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["org.example.Paint", "org.gnome.Chess", "org.gnome.Chess"]);
    assert_eq!(catalogue.app(&id("no.such.App")).unwrap(), None);
}

#[test]
fn packages_of_the_distribution_are_offers() {
    let world = World::packages(documents(&[document("org.gnome.Eog.desktop", "")]));
    let catalogue = world.catalogue();
    let app = catalogue.app(&id("org.gnome.Eog")).unwrap().unwrap();
    let [offer] = app.offers.as_slice() else { panic!("{:?}", app.offers) };
    assert_eq!((&offer.id, offer.from()), (&OfferId::package("tool"), "debian"));
    assert!(!offer.verified && offer.is_installable());
    assert_eq!(catalogue.offer(&OfferId::package("tool")).unwrap().unwrap().id, app.head.id);
}

#[test]
fn a_package_tells_which_desktop_file_opens_it() {
    let yaml = |more: &str| documents(&[document("org.gimp.GIMP", more)]);
    let xml = |more: &str| {
        let inside = format!("<name>GIMP</name><pkgname>tool</pkgname>{more}");
        format!(
            "<components><component type='desktop-application'><id>org.gimp.GIMP</id>{inside}</component></components>"
        )
    };
    let cases = [
        (yaml("Launchable:\n  desktop-id:\n  - gimp.desktop\n  - other.desktop\n"), "gimp.desktop"),
        (xml("<launchable type='desktop-id'>gimp.desktop</launchable>"), "gimp.desktop"),
        (xml("<launchable type='service'>gimp.service</launchable>"), "org.gimp.GIMP.desktop"),
        (xml("<launchable type='desktop-id'>../../gimp.desktop</launchable>"), "org.gimp.GIMP.desktop"),
        (yaml(""), "org.gimp.GIMP.desktop"),
    ];
    for (list, launcher) in cases {
        let catalogue = World::packages(&list).catalogue();
        let offers = catalogue.offers_of(&id("org.gimp.GIMP")).unwrap();
        assert_eq!(offers[0].launcher, launcher, "{list}");
    }
}

#[test]
fn two_lists_that_tell_of_one_package_are_one_offer() {
    let mut world = World::packages(documents(&[document("org.gnome.Eog.desktop", "")]));
    world.add_packages("updates", documents(&[document("org.gnome.Eog.desktop", "")]));
    let app = world.catalogue().app(&id("org.gnome.Eog")).unwrap().unwrap();
    assert_eq!(app.offers.len(), 1, "{:?}", app.offers);
}

#[test]
fn what_the_machine_takes_counts_as_it_is_now() {
    let (locked, ordinary) = (SystemObstacle::LayeringLocked, SystemObstacle::NotImageBased);
    let mut world = World::packages(documents(&[document("org.gnome.Eog.desktop", "")]));
    let eog = id("org.gnome.Eog");
    let obstacle = |catalogue: &Catalogue| catalogue.offers_of(&eog).unwrap().remove(0).obstacle;
    let named = |obstacle| Some(Obstacle::System { obstacle });
    assert_eq!(obstacle(&world.catalogue()), None, "the machine takes packages");
    world.layering = Some(ordinary);
    assert_eq!(obstacle(&world.catalogue()), named(ordinary), "as it was when it was built");
    let later = |now| world.catalogue().with_layering(now);
    assert_eq!(obstacle(&later(None)), None, "it became one that takes packages");
    assert_eq!(obstacle(&later(Some(locked))), named(locked), "it became another that takes none");
    world.hidden = vec!["org.gnome.*".to_owned()];
    let hidden = world.catalogue().with_layering(None);
    assert!(matches!(obstacle(&hidden), Some(Obstacle::Hidden { .. })), "what the settings say stays");
}

#[test]
fn what_the_image_carries_is_part_of_the_system_whatever_it_takes() {
    let mut world = World::packages(documents(&[document("org.gnome.Eog.desktop", "")]));
    let obstacle = |catalogue: &Catalogue| catalogue.offers_of(&id("org.gnome.Eog")).unwrap().remove(0);
    let package = obstacle(&world.catalogue()).id.reference;
    world.carried = world.file("rpmdb.sqlite");
    let connection = rusqlite::Connection::open(&world.carried).unwrap();
    connection.execute("CREATE TABLE Name (key 'TEXT' NOT NULL, hnum INTEGER, idx INTEGER)", []).unwrap();
    connection.execute("INSERT INTO Name VALUES (?, 1, 0)", [package]).unwrap();
    for layering in [None, Some(SystemObstacle::LayeringLocked)] {
        world.layering = layering;
        assert_eq!(obstacle(&world.catalogue()).obstacle, Some(Obstacle::InSystem));
        let later = obstacle(&world.catalogue().with_layering(layering));
        assert_eq!((later.is_installable(), later.obstacle), (false, Some(Obstacle::InSystem)));
        assert!(world.catalogue().app(&id("org.gnome.Eog")).unwrap().unwrap().head.carried);
    }
}

#[test]
fn one_app_has_the_offers_of_all_sources() {
    let chess = "org.gnome.Chess";
    let cases = [
        (chess, "", chess, 2, "the same id"),
        ("org.gnome.Chess.desktop", "", chess, 2, "the name of its desktop file"),
        ("glchess.desktop", "", chess, 2, "an id that the other one provides"),
        ("org.gnome.glchess", "Provides:\n  ids:\n  - org.gnome.Chess.desktop", chess, 2, "it provides the other's"),
        ("chess.desktop", "", "chess.desktop", 1, "another app"),
        ("org.gnome.Chess.Boards", "", "org.gnome.Chess.Boards", 1, "an add-on has that id, and stays one"),
    ];
    for (named, more, known, offers, reason) in cases {
        let mut world = World::speaking(&["C"]);
        world.add_packages("debian", documents(&[document(named, more).replace("C: N\n", "C: GNOME Chess\n")]));
        let catalogue = world.catalogue();
        let app = catalogue.app(&id(known)).unwrap();
        assert_eq!(app.map_or(0, |app| app.offers.len()), offers, "{reason}");
        if offers == 2 {
            let app = catalogue.app(&id(known)).unwrap().unwrap();
            assert_eq!(app.head.name, "GNOME Chess", "{reason}: the better source says what it is");
            assert_eq!(app.head.sources, [SourceKind::Flatpak, SourceKind::Package], "{reason}");
            let by_its_name = catalogue.app(&id(named)).unwrap().unwrap();
            assert_eq!(by_its_name.head, app.head, "{reason}");
        }
    }
}

#[test]
fn nobody_takes_the_place_of_an_app_by_saying_to_be_it() {
    let firefox = entry("org.evil.Fox", "<name>Fox</name><provides><id>firefox.desktop</id></provides>");
    let mut world = World::of(feed(&[firefox]));
    world.add_packages("debian", documents(&[document("firefox.desktop", "").replace("C: N\n", "C: Firefox\n")]));
    let catalogue = world.catalogue();
    assert_eq!(catalogue.app(&id("org.evil.Fox")).unwrap().unwrap().offers.len(), 1);
    let own = catalogue.app(&id("firefox.desktop")).unwrap().unwrap();
    assert_eq!((own.head.name.as_str(), own.offers[0].id.source), ("Firefox", SourceKind::Package));
}

#[test]
fn what_is_shown_is_verified_only_by_its_own_origin() {
    let verified = "<custom><value key='flathub::verification::verified'>true</value>\
                    <value key='flathub::verification::website'>good.org</value></custom>";
    // Both have the same priority; what was read first is shown, what is verified is offered first.
    let mut world = World::of(feed(&[entry("a.b.App", "<name>Not the real one</name>")]));
    let other = world.file("other.xml");
    std::fs::write(&other, feed(&[entry("a.b.App", &format!("<name>App</name>{verified}"))])).unwrap();
    world.add("other", 1, other);
    let app = world.catalogue().app(&id("a.b.App")).unwrap().unwrap();
    assert_eq!((app.head.name.as_str(), app.offers[0].id.origin.as_str()), ("Not the real one", "other"));
    assert!(!app.head.verified && app.verified_by.is_empty());
}

#[test]
fn an_entry_of_another_kind_is_no_part_of_an_app_and_counted() {
    let addon = "<component type='addon'><id>a.b.App</id><name>N</name><extends>a.b.C</extends>\
                 <bundle type='flatpak'>runtime/a.b.App/x86_64/stable</bundle></component>";
    let report = World::of(feed(&[entry("a.b.App", "<name>N</name>"), addon.to_owned()])).build().unwrap();
    assert_eq!((report.apps, report.losses[0].reason), (1, LossReason::OtherKind));
}

#[test]
fn what_extends_an_app_of_the_distribution_is_an_addon_and_other_kinds_are_not_shown() {
    let addon = document("eog-exif", "Extends:\n- eog.desktop").replace("desktop-application", "addon");
    let kinds = ["font", "codec", "firmware", "driver", "inputmethod", "icon-theme", "operating-system", "generic"];
    let others = kinds.map(|kind| document(&format!("org.{kind}"), "").replace("desktop-application", kind));
    let listed: Vec<String> = [document("eog.desktop", ""), addon].into_iter().chain(others).collect();
    let world = World::packages(documents(&listed));
    let report = world.build().unwrap();
    assert_eq!((report.apps, report.addons, report.losses), (1, 1, vec![]));
    let app = world.catalogue().app(&id("eog.desktop")).unwrap().unwrap();
    assert_eq!(app.addons.iter().map(|addon| addon.id.as_str()).collect::<Vec<_>>(), ["eog-exif"]);
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
