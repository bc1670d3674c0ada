//! Which entry of another source is of an app that is known already. Only on evidence, and never by name alone: one app
//! that is told to be another one is worse than two that stand beside each other.

mod index;
mod known;
mod project;
mod side;
mod text;

pub(crate) use index::{Index, projects_of};

use side::Side;
use strata_model::evidence::{Evidence, Sign};

/// What signs have to weigh together.
const ENOUGH: i32 = 2;
/// Where the names say little: they are of general words, or several apps have them.
const ENOUGH_OF_COMMON: i32 = 3;
/// A sign that needs little beside it.
const STRONG: i32 = 3;
/// What needs nothing beside it.
const SURE: i32 = 6;
/// So many words that both descriptions have were written by the same people.
const SAME_TEXT: usize = 8;

/// How two entries came to be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Meeting {
    /// Several known apps have this name.
    ambiguous: bool,
    /// Several known apps come from this project.
    shared_project: bool,
}

/// What speaks for two entries being of one app, with its weight; nothing if that is not enough.
fn judge(new: &Side, known: &Side, meeting: Meeting) -> Option<(i32, Vec<Evidence>)> {
    match known::verdict(new, known) {
        Some(true) => return Some((i32::MAX, vec![evidence(Sign::Known, known.id.clone())])),
        Some(false) => return None,
        None => {}
    }
    let named = named(new, known);
    if let Some(project) = shared_project(new, known)
        && (named.is_some() || !meeting.shared_project && is_of_project(new, known, project))
    {
        let signs = [evidence(Sign::Repository, project.to_owned())].into_iter().chain(named);
        return Some((SURE, signs.collect()));
    }
    let named = named?;
    let mut signs = Vec::new();
    let weight = makers(new, known, &mut signs) + texts(new, known, &mut signs) + categories(new, known, &mut signs)
        - rivals(new, known);
    let is_common = named.sign == Sign::IdName || !text::is_distinctive(&new.written);
    // What does the same may be called the same: what it does is no sign then.
    let needs_strong = meeting.ambiguous || says_what_it_does(new, known) || is_elsewhere(new, known);
    let enough = if is_common || needs_strong { ENOUGH_OF_COMMON } else { ENOUGH };
    let strong = signs.iter().any(|(weight, _)| *weight >= STRONG);
    let is_same = weight >= enough && (strong || !needs_strong);
    is_same.then(|| (weight, [named].into_iter().chain(signs.into_iter().map(|(_, sign)| sign)).collect()))
}

fn evidence(sign: Sign, detail: String) -> Evidence {
    Evidence { sign, detail }
}

/// Whether they are called alike.
fn named(new: &Side, known: &Side) -> Option<Evidence> {
    if let Some(name) = new.names.iter().find(|name| known.names.contains(name)) {
        return Some(evidence(Sign::Name, name.clone()));
    }
    let is_tail = |name: &&String| **name == known.tail;
    new.names.iter().find(is_tail).map(|name| evidence(Sign::IdName, name.clone()))
}

fn shared_project<'a>(new: &'a Side, known: &Side) -> Option<&'a str> {
    new.projects.iter().map(|project| project.key.as_str()).find(|key| known.projects.iter().any(|own| own.key == *key))
}

/// Whether the names have something to do with each other, or with the project's: a project may make several apps.
fn is_of_project(new: &Side, known: &Side, project: &str) -> bool {
    let name = text::compact(project.rsplit('/').next().unwrap_or_default());
    let akin = |a: &str, b: &str| a.len() > 2 && b.len() > 2 && (a.contains(b) || b.contains(a));
    let known_names = || known.names.iter().chain([&known.tail]);
    known_names().any(|own| new.names.iter().any(|other| akin(own, other)) || akin(own, &name))
}

type Weighed = Vec<(i32, Evidence)>;

/// The same people or sites. One that is called as the app is says less: so may be two apps' that share a name.
fn makers(new: &Side, known: &Side, signs: &mut Weighed) -> i32 {
    let shared = || new.makers.iter().filter(|maker| known.makers.contains(maker));
    let is_name = |maker: &&String| new.names.contains(maker) || known.names.contains(maker) || known.tail == **maker;
    let found = shared().find(|maker| !is_name(maker)).map(|maker| (STRONG, maker));
    let Some((weight, maker)) = found.or_else(|| shared().next().map(|maker| (1, maker))) else { return 0 };
    signs.push((weight, evidence(Sign::Maker, maker.clone())));
    weight
}

/// The same summary, or words that both have beside those of their names.
fn texts(new: &Side, known: &Side, signs: &mut Weighed) -> i32 {
    if let Some(summary) = new.summaries.iter().find(|summary| known.summaries.contains(summary)) {
        let weight = if text::words(summary).nth(1).is_some() { STRONG } else { STRONG - 1 };
        signs.push((weight, evidence(Sign::Summary, summary.clone())));
        return weight;
    }
    let names: Vec<String> = text::name_words(&new.written).chain(text::name_words(&known.written)).collect();
    let is_own = |word: &&String| !names.contains(word) && !new.names.contains(word);
    let shared: Vec<&String> = new.words.iter().filter(|word| known.words.contains(word)).filter(is_own).collect();
    let in_summary = shared.iter().any(|word| known.summary_words.contains(*word));
    let weight = match shared.len() {
        SAME_TEXT.. => STRONG,
        3.. => 2,
        2 => 1,
        1 if in_summary && text::is_distinctive(&new.written) => 1,
        _ => return 0,
    };
    let words: Vec<&str> = shared.into_iter().take(SAME_TEXT).map(String::as_str).collect();
    signs.push((weight, evidence(Sign::Words, words.join(" "))));
    weight
}

/// Categories that say what both are. A game is nothing else, and what is of another kind altogether speaks against it.
fn categories(new: &Side, known: &Side, signs: &mut Weighed) -> i32 {
    if let Some(category) = new.categories.iter().find(|category| known.categories.contains(category)) {
        signs.push((1, evidence(Sign::Category, category.clone())));
        return 1;
    }
    let either = new.categories.is_empty() || known.categories.is_empty();
    let is_game = |side: &Side| side.categories.iter().any(|category| category == "Game");
    let has_main = |side: &Side| side.categories.iter().any(|category| text::is_main(category));
    match () {
        () if either => 0,
        () if is_game(new) != is_game(known) => -2,
        () if has_main(new) && has_main(known) => -1,
        () => 0,
    }
}

/// Two projects of one name that belong to different people: one of them is not the other, as far as anybody says.
fn rivals(new: &Side, known: &Side) -> i32 {
    let is_rival = |own: &project::Project| {
        new.projects
            .iter()
            .any(|other| other.key != own.key && text::compact(other.name()) == text::compact(own.name()))
    };
    if known.projects.iter().any(is_rival) { STRONG } else { 0 }
}

/// The known one says where it is made, and the new one is made elsewhere, unless that is only where it is packed.
fn is_elsewhere(new: &Side, known: &Side) -> bool {
    let packs = |project: &project::Project| project.name().contains("appimage") || project.name().contains("appdir");
    !known.projects.is_empty() && new.projects.iter().any(|project| !packs(project))
}

/// All of its name are words by which one of them is described: so may any other be called that does the same.
fn says_what_it_does(new: &Side, known: &Side) -> bool {
    let words: Vec<String> = text::plain_name_words(&new.written).collect();
    let says = |side: &Side| words.iter().all(|word| side.plain_words.contains(word));
    !words.is_empty() && (says(new) || says(known))
}
