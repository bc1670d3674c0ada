//! What is compared of an entry.

use super::project::{Project, parts};
use super::text::{compact, is_telling, plain_words, words};
use crate::appstream::{Component, spans};
use strata_model::app::LinkKind;

/// How much of a description is compared, in bytes.
const MOST_DESCRIBED: usize = 800;
/// Least letters of a maker's name: shorter ones are anybody's.
const LEAST_MAKER: usize = 3;
/// Shortest summary that is no coincidence, in letters.
const LEAST_SUMMARY: usize = 10;
/// Parts of ids and hosts that say nobody's name.
const NOBODY: [&str; 40] = [
    "github",
    "gitlab",
    "codeberg",
    "sourceforge",
    "bitbucket",
    "launchpad",
    "io",
    "com",
    "org",
    "net",
    "de",
    "app",
    "dev",
    "page",
    "pages",
    "site",
    "sites",
    "web",
    "blog",
    "docs",
    "wiki",
    "help",
    "bugs",
    "issues",
    "releases",
    "release",
    "download",
    "downloads",
    "latest",
    "files",
    "file",
    "projects",
    "project",
    "repositories",
    "home",
    "appimage",
    "opensuse",
    "debian",
    "flathub",
    "google",
];

/// What is compared of an entry.
#[derive(Debug)]
pub(super) struct Side {
    /// Its id.
    pub(super) id: String,
    /// Where it stands in its list, if that is all that names it.
    pub(super) listed: String,
    /// Its name as it is written.
    pub(super) written: String,
    /// Its names, each as one word.
    pub(super) names: Vec<String>,
    /// The end of its id, the same.
    pub(super) tail: String,
    /// The projects that it says are its own.
    pub(super) projects: Vec<Project>,
    /// Who stands behind it: people, owners of projects, domains.
    pub(super) makers: Vec<String>,
    /// Its summaries, folded.
    pub(super) summaries: Vec<String>,
    pub(super) summary_words: Vec<String>,
    /// The words of summary and description.
    pub(super) words: Vec<String>,
    /// Those that are no names, general ones too.
    pub(super) plain_words: Vec<String>,
    pub(super) categories: Vec<String>,
}

impl Side {
    /// Of an entry with the id by which it is known.
    pub(super) fn of(id: &str, component: &Component) -> Self {
        let listing = component.listing.as_ref();
        let described: Vec<String> = component
            .descriptions
            .all()
            .map(|blocks| {
                let mut text = String::new();
                for span in blocks.iter().flat_map(spans) {
                    text.push_str(&span.text);
                    text.push(' ');
                    if text.len() > MOST_DESCRIBED {
                        break;
                    }
                }
                text.truncate(text.floor_char_boundary(MOST_DESCRIBED));
                text
            })
            .collect();
        let texts = || component.summaries.all().chain(&described);
        let plain = id.strip_suffix(".desktop").unwrap_or(id);
        let projects = projects(component);
        let names: Vec<String> =
            component.names.all().map(|name| compact(name)).filter(|name| !name.is_empty()).collect();
        let tail = compact(plain.rsplit('.').next().unwrap_or_default());
        let is_own = |word: &str| tail == word || names.iter().any(|name| name == word);
        let begins = component.names.best().and_then(|name| name.split_whitespace().next()).unwrap_or_default();
        // What mentions its own name says nothing by it, nor what begins with it.
        let besides = |text: &String| -> String {
            let words = text.split_whitespace().enumerate();
            let other = words.filter(|(place, word)| !is_own(&compact(word)) && (*place > 0 || *word != begins));
            other.flat_map(|(_, word)| [word, " "]).collect()
        };
        let plain_words = once(texts().flat_map(|text| plain_words(&besides(text))));
        Self {
            id: id.to_owned(),
            listed: listing.map(|listing| listing.reference.clone()).unwrap_or_default(),
            written: component.names.best().cloned().unwrap_or_default(),
            makers: makers(plain, component, &projects),
            summaries: summaries(component, &described),
            summary_words: component.summaries.all().flat_map(|text| words(text)).collect(),
            words: once(texts().flat_map(|text| words(text))),
            plain_words,
            tail,
            names,
            categories: component.categories.iter().filter(|category| is_telling(category)).cloned().collect(),
            projects,
        }
    }
}

fn once(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = words.collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Summaries of some length. Where there is only a short description, that is one.
fn summaries(component: &Component, described: &[String]) -> Vec<String> {
    let short = described.iter().filter(|text| text.len() < 200);
    let all = component.summaries.all().chain(short).map(|text| crate::words::folded(text));
    all.filter(|text| text.len() >= LEAST_SUMMARY).collect()
}

/// The projects that an entry says are its own. Flathub's repositories hold how apps are built there.
pub(super) fn projects(component: &Component) -> Vec<Project> {
    use LinkKind::{Bugtracker, Contribute, Homepage, VcsBrowser};
    let own = |kind| matches!(kind, Homepage | VcsBrowser | Bugtracker | Contribute);
    let mut found: Vec<Project> = Vec::new();
    for link in component.links.iter().filter(|link| own(link.kind)) {
        if let Some(project) = Project::of(&link.url).filter(|project| project.owner() != "flathub")
            && !found.contains(&project)
        {
            found.push(project);
        }
    }
    found
}

fn makers(id: &str, component: &Component, projects: &[Project]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |text: &str| {
        let maker = compact(text);
        if maker.chars().count() >= LEAST_MAKER && !NOBODY.contains(&maker.as_str()) && !found.contains(&maker) {
            found.push(maker);
        }
    };
    // An id that is only a place in a list names nobody.
    if let Some((domain, _)) = id.rsplit_once('.').filter(|_| component.listing.is_none()) {
        domain.split('.').for_each(&mut add);
    }
    for project in projects {
        add(project.owner());
    }
    component.developers.all().for_each(|developer| add(developer));
    for link in &component.links {
        for part in site(&link.url) {
            add(&part);
        }
    }
    if let Some(listing) = &component.listing {
        for part in site(&listing.page) {
            add(&part);
        }
        // Sites of many people have their names in the path.
        let path = parts(&listing.page).map(|(_, path)| path).unwrap_or_default();
        let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
        folders.split(['/', ':']).for_each(&mut add);
    }
    found
}

/// Whose a host is: the part before the last, or the first one of a site that many have.
fn site(url: &str) -> Vec<String> {
    let Some((host, _)) = parts(url) else { return Vec::new() };
    let parts: Vec<&str> = host.split('.').collect();
    let [first, .., domain, _] = parts[..] else {
        return parts.first().map(|first| (*first).to_owned()).into_iter().collect();
    };
    let many = ["github", "gitlab", "codeberg", "sourceforge"].contains(&domain);
    vec![if many { first.to_owned() } else { domain.to_owned() }]
}
