//! Packages that the distribution lists, as offers of apps.

#![allow(clippy::unwrap_used)] // Also outside of the functions that clippy knows for tests.

mod world;

use strata_catalogue::{Catalogue, Filter, List, Page};
use strata_model::settings::Sources;
use strata_model::system::SystemObstacle;
use strata_model::{Obstacle, OfferId, SourceKind};
use world::{World, document, documents, entry, feed, id};

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
    let later = |now| world.catalogue().with_layering(now, Sources::default());
    assert_eq!(obstacle(&later(None)), None, "it became one that takes packages");
    assert_eq!(obstacle(&later(Some(locked))), named(locked), "it became another that takes none");
    world.sources.hidden = vec!["org.gnome.*".to_owned()];
    let hidden = world.catalogue().with_layering(None, Sources::default());
    assert!(matches!(obstacle(&hidden), Some(Obstacle::Hidden { .. })), "what the settings say stays");
}

#[test]
fn the_sources_that_the_settings_prefer_come_first_and_one_that_is_off_does_not_count() {
    use SourceKind::{Flatpak, Package};
    let mut world = World::of(format!("<components>{}</components>", entry("org.gnome.Eog", "<name>Tool</name>")));
    world.add_packages("debian", documents(&[document("org.gnome.Eog.desktop", "")]));
    let eog = id("org.gnome.Eog");
    let sources = |catalogue: &Catalogue| {
        let shown = catalogue.app(&eog).unwrap().unwrap();
        let offers = shown.offers.iter().map(|offer| (offer.id.source, offer.is_installable())).collect::<Vec<_>>();
        (offers, shown.head.sources)
    };
    let both = |first, second| (vec![(first, true), (second, true)], vec![first, second]);
    assert_eq!(sources(&world.catalogue()), both(Flatpak, Package));
    world.sources.order = vec![Package];
    assert_eq!(sources(&world.catalogue()), both(Package, Flatpak));
    let locked = Some(SystemObstacle::LayeringLocked);
    let now = world.catalogue().with_layering(locked, world.sources.clone());
    assert_eq!(sources(&now).0, [(Flatpak, true), (Package, false)], "what cannot be had comes last");
    let later = world.catalogue().with_layering(None, Sources::default());
    assert_eq!(sources(&later).0[0].0, Flatpak, "the settings are others by now");
    world.sources.packages = false;
    let off = sources(&world.catalogue());
    assert_eq!(off, (vec![(Flatpak, true), (Package, false)], vec![Flatpak]), "it is found by the other");
    let filter = Filter { source: Some(Package), ..Filter::default() };
    let page = Page { offset: 0, limit: 9 };
    assert_eq!(world.catalogue().browse_narrowed(&List::All, &filter, page).unwrap(), [], "and not among packages");
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
        let later = obstacle(&world.catalogue().with_layering(layering, Sources::default()));
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
