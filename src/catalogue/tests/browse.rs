//! Lists to walk through.

#![allow(clippy::unwrap_used)] // Also outside of the functions that clippy knows for tests.

mod world;

use strata_catalogue::{Catalogue, Category, List, Page, Subcategory};
use strata_model::popularity::Popularity;
use world::{World, entry, feed, id};

fn ids(catalogue: &Catalogue, list: &List, page: Page) -> Vec<String> {
    catalogue.browse(list, page).unwrap().into_iter().map(|app| app.id.to_string()).collect()
}

const WHOLE: Page = Page { offset: 0, limit: 100 };

#[test]
fn lists_hold_what_they_say_in_their_order() {
    let catalogue = World::speaking(&["C"]).catalogue();
    let (chess, paint, board) = ("org.gnome.Chess", "org.example.Paint", "org.example.Chessboard");
    let all = ["org.example.Chess.Engine", "org.example.Chess", board, paint, "org.example.Firefox", chess];
    let cases: [(List, &[&str]); 8] = [
        (List::Category(Category::Play), &[chess, "org.example.Chess.Engine"]),
        (List::Category(Category::Create), &[paint]),
        (List::Category(Category::Learn), &[]),
        (List::RecentlyUpdated, &[chess, board]),
        (List::New, &[chess, board, paint]),
        (List::Developer("Ann & Sons".to_owned()), &[board, paint]),
        (List::Developer("nobody".to_owned()), &[]),
        (List::All, &all),
    ];
    for (list, expected) in cases {
        assert_eq!(ids(&catalogue, &list, WHOLE), expected, "{list:?}");
    }
}

#[test]
fn tiles_that_hold_apps_are_counted() {
    let catalogue = World::speaking(&["C"]).catalogue();
    let expected = [(Category::Create, 1), (Category::Work, 1), (Category::Play, 2), (Category::Tools, 2)];
    assert_eq!(catalogue.categories().unwrap(), expected);
}

#[test]
fn pages_follow_each_other_without_gaps() {
    let entries: Vec<String> = (0..25)
        .map(|n| entry(&format!("a.b.App{n}"), "<name>Same</name><releases><release date='2024-01-01'/></releases>"))
        .collect();
    let catalogue = World::of(feed(&entries)).catalogue();
    for list in [List::All, List::RecentlyUpdated, List::New, List::Category(Category::Tools)] {
        let whole = ids(&catalogue, &list, WHOLE);
        assert_eq!(whole.len(), 25, "{list:?}");
        let paged: Vec<String> =
            (0..4).flat_map(|n| ids(&catalogue, &list, Page { offset: n * 10, limit: 10 })).collect();
        assert_eq!(paged, whole, "{list:?}");
    }
    assert_eq!(ids(&catalogue, &List::All, Page { offset: usize::MAX, limit: usize::MAX }), Vec::<String>::new());
}

#[test]
fn the_parts_of_a_tile() {
    let app = |id: &str, categories: &str| entry(id, &format!("<name>N</name><categories>{categories}</categories>"));
    let catalogue = World::of(feed(&[
        app("a.b.Chess", "<category>Game</category><category>BoardGame</category>"),
        app("a.b.Cards", "<category>Game</category><category>CardGame</category>"),
        app("a.b.Both", "<category>Game</category><category>CardGame</category><category>BoardGame</category>"),
        app("a.b.Other", "<category>Utility</category><category>BoardGame</category>"),
    ]))
    .catalogue();
    let board = Subcategory::named(Category::Play, "BoardGame").unwrap();
    let cards = Subcategory::named(Category::Play, "CardGame").unwrap();
    assert_eq!(catalogue.subcategories(Category::Play).unwrap(), [(board, 2), (cards, 2)]);
    assert_eq!(catalogue.subcategories(Category::Learn).unwrap(), []);
    let mut found = ids(&catalogue, &List::Subcategory(Category::Play, board), WHOLE);
    found.sort();
    assert_eq!(found, ["a.b.Both", "a.b.Chess"], "not what has the category under another tile");
}

/// Twenty apps with a release each, the later the higher their number.
fn twenty() -> World {
    let app = |n: usize| {
        let release = format!("<releases><release date='20{:02}-01-01'/></releases>", 5 + n);
        entry(&format!("a.b.App{n:02}"), &format!("<name>App {n:02}</name>{release}"))
    };
    World::of(feed(&(0..20).map(app).collect::<Vec<_>>()))
}

#[test]
fn an_origins_own_lists_come_before_what_can_be_seen_from_here() {
    let apps = |apps: &[&str]| apps.iter().map(|app| format!("a.b.App{app}")).collect::<Vec<_>>();
    let mut world = twenty();
    world.like(&Popularity {
        popular: apps(&["03", "11", "nothing", "03"]),
        trending: apps(&["12"]),
        new: apps(&["07", "01"]),
        pick_of_the_day: Some("a.b.App05".to_owned()),
        picks_of_the_week: apps(&["06", "05"]),
        installs: [("a.b.App03".to_owned(), 1_234)].into(),
    });
    let catalogue = world.catalogue();
    let installs = |app: &str| {
        let id = strata_model::AppId::new(&format!("a.b.App{app}")).unwrap();
        catalogue.app(&id).unwrap().unwrap().installs
    };
    assert_eq!((installs("03"), installs("04")), (Some(1_234), None));
    let cases = [
        (List::Popular, apps(&["03", "11"])),
        (List::Trending, apps(&["12"])),
        (List::New, apps(&["07", "01"])),
        (List::Picks { day: 1 }, apps(&["05", "06"])),
    ];
    for (list, expected) in cases {
        assert_eq!(ids(&catalogue, &list, WHOLE), expected, "{list:?}");
    }
}

#[test]
fn an_origin_says_nothing_of_the_apps_of_another() {
    let mut world = twenty();
    let other = world.file("other.xml");
    std::fs::write(&other, feed(&[entry("c.d.Foreign", "<name>Foreign</name>")])).unwrap();
    world.add("other", 5, other);
    let foreign = "c.d.Foreign".to_owned();
    let installs = [(foreign.clone(), 1_000_000)].into();
    world.like(&Popularity { installs, popular: vec![foreign, "a.b.App01".to_owned()], ..Popularity::default() });
    let catalogue = world.catalogue();
    assert_eq!(ids(&catalogue, &List::Popular, WHOLE), ["a.b.App01"]);
    let (_, reasons) = catalogue.explain(&strata_catalogue::Query::new("foreign")).unwrap();
    assert_eq!(reasons[0].popularity, None);
    let installs = |id: &str| catalogue.app(&strata_model::AppId::new(id).unwrap()).unwrap().unwrap().installs;
    assert_eq!(installs("c.d.Foreign"), None);
}

#[test]
fn without_an_origins_word_lists_are_made_of_what_is_known_here() {
    let catalogue = twenty().catalogue();
    assert_eq!(ids(&catalogue, &List::Popular, WHOLE).len(), 20);
    assert_eq!(ids(&catalogue, &List::Trending, WHOLE), ["a.b.App19"], "the newest releases only");
    assert_eq!(ids(&catalogue, &List::New, WHOLE)[0], "a.b.App19");
    // Nothing has an icon to show at large.
    assert_eq!(ids(&catalogue, &List::Picks { day: 3 }, WHOLE), Vec::<String>::new());
}

#[test]
fn similar_apps_share_words_and_categories() {
    let app = |id: &str, name: &str, summary: &str, keywords: &[&str], category: &str| {
        let keywords = keywords.join("</keyword><keyword>");
        let inside = format!(
            "<name>{name}</name><summary>{summary}</summary><keywords><keyword>{keywords}</keyword></keywords>\
             <categories><category>{category}</category></categories>"
        );
        entry(id, &inside)
    };
    let mut entries = vec![
        app("a.b.Chess", "Chess", "Play chess against the computer", &["board", "strategy"], "BoardGame"),
        app("a.b.Knights", "Knights", "Play chess with friends", &["board", "strategy"], "BoardGame"),
        app("a.b.Go", "Igo", "Play an old game of stones", &["board"], "BoardGame"),
        app("a.b.Mail", "Mail", "Read letters", &["post"], "Email"),
    ];
    entries.extend((0..40).map(|n| entry(&format!("a.b.Z{n}"), "<name>Something else</name><summary>Play</summary>")));
    let catalogue = World::of(feed(&entries)).catalogue();
    let similar = |app: &str| ids(&catalogue, &List::Similar(id(app)), WHOLE);
    assert_eq!(similar("a.b.Chess"), ["a.b.Knights", "a.b.Go"]);
    assert_eq!(similar("a.b.Mail"), Vec::<String>::new(), "nothing is like it");
    assert_eq!(similar("a.b.Unknown"), Vec::<String>::new());
    let page = Page { offset: 1, limit: 1 };
    assert_eq!(ids(&catalogue, &List::Similar(id("a.b.Chess")), page), ["a.b.Go"]);
}

#[test]
fn picks_of_the_settings_come_before_those_of_the_origin() {
    let mut world = World::speaking(&["C"]);
    world.like(&Popularity { picks_of_the_week: vec!["org.gnome.Chess".to_owned()], ..Popularity::default() });
    let of_today = |world: &World| ids(&world.catalogue(), &List::Picks { day: 0 }, WHOLE);
    assert_eq!(of_today(&world), ["org.gnome.Chess"]);
    world.picks = ["org.nowhere.App", "org.example.Paint", "org.example.Chess"].map(str::to_owned).to_vec();
    assert_eq!(
        of_today(&world),
        ["org.example.Paint", "org.example.Chess"],
        "in their order, without what is not there"
    );
    world.picks = vec!["org.nowhere.App".to_owned()];
    assert_eq!(of_today(&world), ["org.gnome.Chess"], "none of them is there");
    world.picks = vec!["org.example.Paint".to_owned()];
    world.sources.hidden = vec!["org.example.*".to_owned()];
    assert_eq!(of_today(&world), ["org.gnome.Chess"], "what is hidden is nobody's pick");
}
