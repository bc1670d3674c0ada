//! Which AppImages are of apps that are known already: on evidence, and never by name alone.

#![allow(clippy::unwrap_used, clippy::panic)]

mod world;

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use strata_catalogue::Catalogue;
use strata_model::evidence::Sign;
use strata_model::listed::Listed;
use strata_model::text::{Block, Span, Style};
use strata_model::{Obstacle, SourceKind};
use world::{World, entry, feed, id};

/// Two entries of real lists, and whether they are of one app: looked at by hand.
///
/// Drawn by a seed (Python's `random.sample` of 130 after `seed(20261123)`) from the 175 pairs, in order of their names, of
/// AppImageHub's list of November 2026 and a list of 2,063 apps that have anything in common by which they could be taken for
/// one: the name, an id that ends in it, the project, a project that is called so, a name that is one letter away, or a
/// word that is all of one name and part of the other one. Descriptions are cut.
#[derive(Debug, Deserialize)]
struct Pair {
    same: bool,
    listed: Listed,
    app: Known,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Known {
    id: String,
    name: String,
    summary: String,
    developer: String,
    links: BTreeMap<String, String>,
    categories: Vec<String>,
    provides: Vec<String>,
    description: String,
}

impl Known {
    fn new(id: &str, name: &str, summary: &str) -> Self {
        Self { id: id.to_owned(), name: name.to_owned(), summary: summary.to_owned(), ..Self::default() }
    }

    fn link(mut self, kind: &str, url: &str) -> Self {
        self.links.insert(kind.to_owned(), url.to_owned());
        self
    }

    fn of(mut self, category: &str) -> Self {
        self.categories.push(category.to_owned());
        self
    }

    fn entry(&self) -> String {
        let text = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
        let element = |name: &str, value: &str| format!("<{name}>{}</{name}>", text(value));
        let elements = |name: &str, values: &[String]| {
            values.iter().map(|value| element(name, value)).collect::<Vec<_>>().concat()
        };
        let link = |(kind, url): (&String, &String)| format!("<url type='{kind}'>{}</url>", text(url));
        let links = self.links.iter().map(link).collect::<Vec<_>>().concat();
        let (categories, provides) = (elements("category", &self.categories), elements("id", &self.provides));
        let inside = format!(
            "<name>{}</name><summary>{}</summary><developer_name>{}</developer_name>{links}<categories>{categories}\
             </categories><provides>{provides}</provides><description><p>{}</p></description>",
            text(&self.name),
            text(&self.summary),
            text(&self.developer),
            text(&self.description)
        );
        entry(&self.id, &inside)
    }
}

/// An AppImage with a project on GitHub.
fn listed(name: &str, project: &str, summary: &str, category: &str) -> Listed {
    Listed {
        reference: name.replace(' ', "-"),
        name: name.to_owned(),
        summary: summary.to_owned(),
        description: vec![Block::Paragraph { spans: vec![Span { text: summary.to_owned(), style: Style::Plain }] }],
        categories: vec![category.to_owned()],
        repository: format!("https://github.com/{project}"),
        page: format!("https://github.com/{project}/releases"),
        ..Listed::default()
    }
}

fn catalogue(known: &[Known], listed: &[Listed]) -> Catalogue {
    let mut world = World::of(feed(&known.iter().map(Known::entry).collect::<Vec<_>>()));
    world.add_listed(listed);
    world.catalogue()
}

/// What AppImages were taken for, with the signs.
fn merges(catalogue: &Catalogue) -> Vec<(String, String, Vec<Sign>)> {
    let mut found = Vec::new();
    for (app, offers) in catalogue.merges().unwrap() {
        for offer in offers.into_iter().filter(|offer| offer.id.source == SourceKind::AppImage) {
            let signs = offer.evidence.iter().map(|evidence| evidence.sign).collect();
            found.push((offer.id.reference, app.id.to_string(), signs));
        }
    }
    found
}

#[test]
fn of_pairs_that_were_looked_at_none_is_wrong_and_nearly_all_are_found() {
    let pairs: Vec<Pair> =
        include_str!("fixtures/pairs.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(pairs.len() >= 120);
    let known: BTreeMap<&str, &Known> = pairs.iter().map(|pair| (&*pair.app.id, &pair.app)).collect();
    let known: Vec<Known> = known.into_values().cloned().collect();
    let listed: BTreeMap<&str, &Listed> = pairs.iter().map(|pair| (&*pair.listed.reference, &pair.listed)).collect();
    let listed: Vec<Listed> = listed.into_values().cloned().collect();
    let found: BTreeSet<(String, String)> =
        merges(&catalogue(&known, &listed)).into_iter().map(|(name, app, _)| (name, app)).collect();
    let named = |pair: &Pair| (pair.listed.reference.clone(), pair.app.id.clone());
    let same: BTreeSet<_> = pairs.iter().filter(|pair| pair.same).map(named).collect();
    let wrong: Vec<_> = found.difference(&same).collect();
    assert!(wrong.is_empty(), "taken for what they are not: {wrong:?}");
    let missed: Vec<_> = same.difference(&found).collect();
    println!("{} of {} pairs are the same, missed: {missed:?}", same.len(), pairs.len());
    assert!(found.len() * 10 >= same.len() * 9, "missed: {missed:?}");
}

#[test]
fn a_name_alone_says_nothing_and_signs_do() {
    let paint = || Known::new("org.sea.Aivazovsky", "Aivazovsky", "Paint the sea with brushes").of("Graphics");
    let at = |project: &str, summary: &str, category: &str| listed("Aivazovsky", project, summary, category);
    let cases: [(Known, Listed, Option<&[Sign]>, &str); 9] = [
        (paint(), at("ann/Aivazovsky", "", "Qt"), None, "the name alone"),
        (paint(), at("ann/Aivazovsky", "", "Graphics"), None, "one weak sign beside a name that is a word"),
        (paint(), at("ann/Aivazovsky", "Chat with painters", "Network"), None, "of another kind"),
        (
            paint().link("vcs-browser", "https://github.com/Ann/aivazovsky.git"),
            at("ann/Aivazovsky", "", "Qt"),
            Some(&[Sign::Repository, Sign::Name]),
            "the same project",
        ),
        (
            paint(),
            at("ann/Aivazovsky", "Paint the sea with brushes.", "Graphics"),
            Some(&[Sign::Name, Sign::Summary, Sign::Category]),
            "the same summary",
        ),
        (paint(), at("sea/a", "", "Qt"), Some(&[Sign::Name, Sign::Maker]), "whose project it is stands in the id"),
        (
            paint().link("homepage", "https://ann.example/"),
            at("ann/x", "", "Qt"),
            Some(&[Sign::Name, Sign::Maker]),
            "whose project it is has the site",
        ),
        (
            paint().link("vcs-browser", "https://github.com/ben/aivazovsky"),
            at("ann/Aivazovsky", "Brushes to paint the sea and waves", "Graphics"),
            None,
            "the other one is made elsewhere",
        ),
        (
            Known::new("org.a.Packets", "Packet Sender", "Send packets over networks, UDP and TCP").of("Network"),
            listed("PacketSender", "ann/PacketSender", "Sends packets, TCP or UDP, over networks", "Network"),
            None,
            "the name says what it does, and so may another one's",
        ),
    ];
    for (known, listed, expected, reason) in cases {
        let found = merges(&catalogue(&[known], &[listed]));
        let signs = found.first().map(|(_, _, signs)| signs.as_slice());
        assert_eq!(signs, expected, "{reason}");
    }
}

#[test]
fn of_two_apps_of_one_name_none_is_taken_without_a_strong_sign() {
    let known = |id: &str| Known::new(id, "Aivazovsky", "Paint waves, ships and clouds").of("Graphics");
    let listed = |project: &str| listed("Aivazovsky", project, "Clouds, waves and ships to paint", "Graphics");
    let alone = merges(&catalogue(&[known("org.a.One")], &[listed("ann/x")]));
    assert_eq!(alone.len(), 1, "{alone:?}");
    let both = [known("org.a.One"), known("org.ben.Two")];
    assert_eq!(merges(&catalogue(&both, &[listed("ann/x")])), []);
    let found = merges(&catalogue(&both, &[listed("ben/x")]));
    assert_eq!(found[0].1, "org.ben.Two", "{found:?}");
    // Two that a distribution and an origin call by other ids, of one project.
    let both = both.map(|app| app.link("vcs-browser", "https://github.com/cay/x"));
    assert_eq!(merges(&catalogue(&both, &[listed("cay/x")])).len(), 1);
}

#[test]
fn of_one_project_with_several_apps_the_name_decides() {
    let of_project = |id: &str, name: &str| {
        Known::new(id, name, "A part of the suite").link("vcs-browser", "https://github.com/ann/suite")
    };
    let known = [of_project("org.a.Writer", "Suite Writer"), of_project("org.a.Painter", "Suite Painter")];
    let found = merges(&catalogue(&known, &[listed("Suite Painter", "ann/suite", "", "Qt")]));
    assert_eq!(found[0].1, "org.a.Painter");
    assert_eq!(merges(&catalogue(&known, &[listed("Suite", "ann/suite", "", "Qt")])), [], "any of them");
    assert_eq!(merges(&catalogue(&known[..1], &[listed("Chess", "ann/suite", "", "Qt")])).len(), 1, "the suite's own");
    let other = [Known::new("org.a.Writer", "Writer", "").link("bugtracker", "https://github.com/ann/mono/issues")];
    assert_eq!(merges(&catalogue(&other, &[listed("Chess", "ann/mono", "", "Qt")])), [], "nothing in common");
}

#[test]
fn an_offer_that_came_to_an_app_is_found_by_both_names_and_hidden_with_it() {
    let known = Known::new("org.a.One", "One", "Paint").link("vcs-browser", "https://github.com/ann/one");
    let mut world = World::of(feed(&[known.entry()]));
    world.add_listed(&[listed("One", "ann/one", "Paint", "Graphics")]);
    let app = world.catalogue().app(&id("appimagehub:One")).unwrap().unwrap();
    assert_eq!(app.head.id, id("org.a.One"));
    assert_eq!(app.head.sources, [SourceKind::Flatpak, SourceKind::AppImage]);
    let [own, came] = &app.offers[..] else { panic!("{:?}", app.offers) };
    assert!(own.evidence.is_empty() && came.evidence.len() == 2, "{:?}", app.offers);
    world.sources.hidden = vec!["org.a.*".to_owned()];
    let app = world.catalogue().app(&id("org.a.One")).unwrap().unwrap();
    assert!(app.offers.iter().all(|offer| matches!(offer.obstacle, Some(Obstacle::Hidden { .. }))), "{:?}", app.offers);
}
