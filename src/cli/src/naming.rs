//! From a name as a person types it to the things that are called so.

use strsim::osa_distance;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// How many things are suggested at most.
const MOST_NEAR: usize = 3;

/// Fewer letters than this begin too many names.
const SHORTEST_BEGINNING: usize = 3;

/// More mistakes than this make another name of any, however long it is.
const MOST_MISTAKES: usize = 8;

/// Something that a person may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// What a typed name comes to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Match {
    /// One thing is called so, in full.
    One(Candidate),
    /// Several are.
    Several(Vec<Candidate>),
    /// Nothing is; these are called nearly so.
    Near(Vec<Candidate>),
}

/// Looks for what is called so: by its id, the last part of its id, or its name, without regard to case and accents.
pub(crate) fn find(typed: &str, candidates: impl IntoIterator<Item = Candidate>) -> Match {
    let wanted = id_of(&folded(typed)).to_owned();
    // What ids begin with says little: many apps have it in common.
    let allowed = mistakes(last_part(&wanted));
    let mut exact: Vec<Candidate> = Vec::new();
    let mut near: Vec<(usize, Candidate)> = Vec::new();
    for candidate in candidates {
        let (id, name) = (folded(&candidate.id), folded(&candidate.name));
        let id = id_of(&id);
        if wanted.is_empty() || exact.iter().any(|known| known.id == candidate.id) {
            continue;
        }
        if [id, last_part(id), &*name].contains(&&*wanted) {
            exact.push(candidate);
        } else if let Some(distance) = distance(&wanted, allowed, id, &name)
            && !near.iter().any(|(_, known)| known.id == candidate.id)
        {
            near.push((distance, candidate));
        }
    }
    if let Ok([one]) = <[Candidate; 1]>::try_from(exact.clone()) {
        return Match::One(one);
    }
    if !exact.is_empty() {
        return Match::Several(exact);
    }
    let nearest = near.iter().map(|(distance, _)| *distance).min();
    near.retain(|(distance, _)| Some(*distance) == nearest);
    near.sort_by(|(_, first), (_, second)| first.id.cmp(&second.id));
    Match::Near(near.into_iter().map(|(_, candidate)| candidate).take(MOST_NEAR).collect())
}

/// Of several words the one that was most likely meant.
pub(crate) fn nearest<'a>(typed: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = folded(typed);
    let allowed = mistakes(&wanted);
    let near = words.into_iter().filter_map(|word| Some((distance(&wanted, allowed, word, last_part(word))?, word)));
    near.min().map(|(_, word)| word)
}

/// How far away a thing is from what was typed; `None` if too far to be meant.
fn distance(wanted: &str, allowed: usize, id: &str, name: &str) -> Option<usize> {
    let length = wanted.chars().count();
    // What is that much longer or shorter is further away: comparing takes time by both lengths.
    let like = |called: &&str| called.chars().count().abs_diff(length) <= allowed;
    let edits = [id, last_part(id), name].into_iter().filter(like).map(|called| osa_distance(wanted, called)).min();
    let edits = edits.filter(|&edits| edits <= allowed);
    let is_long = length >= SHORTEST_BEGINNING;
    let is_part = is_long
        && (last_part(id).starts_with(wanted)
            || name.starts_with(wanted)
            || name.split_whitespace().any(|word| word == wanted));
    // Part of a name is as good as one mistake.
    edits.into_iter().chain(is_part.then_some(1)).min()
}

/// How many mistakes somebody makes in a text of that length.
fn mistakes(text: &str) -> usize {
    ((text.chars().count() + 2) / 4).min(MOST_MISTAKES)
}

/// Older ids are names of desktop files.
fn id_of(folded: &str) -> &str {
    folded.strip_suffix(".desktop").unwrap_or(folded)
}

fn last_part(id: &str) -> &str {
    id.rsplit('.').next().unwrap_or(id)
}

/// Small letters without accents, single blanks.
fn folded(text: &str) -> String {
    let letters = text.nfd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase).collect::<String>();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const APPS: [(&str, &str); 7] = [
        ("org.gnome.Chess", "Chess"),
        ("org.rookery.Rookery", "Rookery"),
        ("io.github.lastline.NightTram", "Night Tram"),
        ("fr.example.Editeur", "Éditeur d’images"),
        ("gimp.desktop", "GNU Image Manipulation Program"),
        ("org.one.Maps", "Maps"),
        ("org.two.maps", "City Plans"),
    ];

    fn ids(found: &Match) -> (char, Vec<&str>) {
        let (kind, found) = match found {
            Match::One(one) => ('1', std::slice::from_ref(one)),
            Match::Several(several) => ('n', &several[..]),
            Match::Near(near) => ('~', &near[..]),
        };
        (kind, found.iter().map(|candidate| &*candidate.id).collect())
    }

    #[test]
    fn only_what_is_called_so_in_full_is_taken() {
        let cases: [(&str, char, &[&str], &str); 15] = [
            ("Chess", '1', &["org.gnome.Chess"], "its name"),
            ("  cHESS ", '1', &["org.gnome.Chess"], "in whatever letters"),
            ("org.gnome.chess", '1', &["org.gnome.Chess"], "its id in other letters"),
            ("editeur d’images", '1', &["fr.example.Editeur"], "without the accents"),
            ("nighttram", '1', &["io.github.lastline.NightTram"], "the last part of its id"),
            ("gimp", '1', &["gimp.desktop"], "an id that names a desktop file"),
            ("org.gnome.Chess.desktop", '1', &["org.gnome.Chess"], "the older id of the same"),
            ("maps", 'n', &["org.one.Maps", "org.two.maps"], "one's name is the end of the other's id"),
            ("ches", '~', &["org.gnome.Chess"], "one letter too few is only suggested"),
            ("rokoery", '~', &["org.rookery.Rookery"], "two letters that changed places"),
            ("org.gnome.Ches", '~', &["org.gnome.Chess"], "a mistake in an id"),
            ("tram", '~', &["io.github.lastline.NightTram"], "a word of its name"),
            ("rook", '~', &["org.rookery.Rookery"], "the beginning of its name"),
            ("org.example.Nothing", '~', &[], "nothing is like it"),
            ("", '~', &[], "nothing was typed"),
        ];
        for (typed, kind, expected, reason) in cases {
            let candidate = |(id, name): (&str, &str)| Candidate { id: id.to_owned(), name: name.to_owned() };
            // Each twice, as what is installed in two places.
            let found = find(typed, APPS.into_iter().chain(APPS).map(candidate));
            assert_eq!(ids(&found), (kind, expected.to_vec()), "{typed}: {reason}");
        }
    }

    #[test]
    fn the_nearest_word_is_suggested() {
        let keys = ["appearance.style", "sources.installation", "sources.hidden"];
        let cases = [
            ("apearance.style", Some("appearance.style")),
            ("style", Some("appearance.style")),
            ("sources.instalation", Some("sources.installation")),
            ("source.hiden", Some("sources.hidden")),
            ("colour", None),
        ];
        for (typed, expected) in cases {
            assert_eq!(nearest(typed, keys), expected, "{typed}");
        }
    }
}
