//! Lists to walk through.

#![allow(clippy::unwrap_used)] // Also outside of the functions that clippy knows for tests.

mod world;

use strata_catalogue::{Catalogue, Category, List, Page};
use world::{World, entry, feed};

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
        (List::RecentlyUpdated, &[paint, chess, board]),
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
