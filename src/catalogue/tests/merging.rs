//! How offers of one app come together, and what belongs to it.

#![allow(clippy::unwrap_used)] // Also outside of the functions that clippy knows for tests.

mod world;

use strata_catalogue::{Catalogue, LossReason};
use strata_model::{OfferId, SourceKind};
use world::{World, entry, feed, fixture, id};

fn two_remotes(main: i32, other: i32) -> Catalogue {
    let mut world = World::empty();
    world.add("main", main, fixture("main.xml"));
    world.add("other", other, fixture("other.xml"));
    world.catalogue()
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
