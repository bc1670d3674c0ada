//! What an origin says about how its apps are liked, read for the build.

use crate::prior;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use strata_model::popularity::Popularity;

/// Largest file that is read, in bytes: a line for each of a hundred thousand apps.
const MOST_BYTES: u64 = 8 << 20;
/// Most apps of one list.
const MOST_LISTED: usize = 1_000;

/// One origin's word about its apps.
#[derive(Debug, Default)]
pub(crate) struct Liked {
    uses: HashMap<String, Uses>,
    lists: Vec<(&'static str, Vec<String>)>,
}

/// How many people use an app, as far as an origin says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Uses {
    /// 0 to 1000.
    pub(crate) score: Option<u16>,
    /// Installs in the last month.
    pub(crate) installs: Option<i64>,
}

impl Uses {
    /// The same with what another origin says, where this one is silent.
    pub(crate) fn or(self, other: Self) -> Self {
        Self { score: self.score.or(other.score), installs: self.installs.or(other.installs) }
    }

    fn counted(installs: u64) -> Self {
        Self { score: Some(prior::of_installs(installs)), installs: i64::try_from(installs).ok() }
    }

    fn placed(score: u16) -> Self {
        Self { score: Some(score), installs: None }
    }
}

/// The names of the lists in the catalogue.
pub(crate) const POPULAR: &str = "popular";
pub(crate) const TRENDING: &str = "trending";
pub(crate) const NEW: &str = "new";
pub(crate) const PICKS: &str = "picks";

/// Reads what lies there. A file that cannot be read is as good as none: it is made anew from the network.
pub(crate) fn read(path: &Path) -> io::Result<Liked> {
    let mut text = Vec::new();
    File::open(path)?.take(MOST_BYTES).read_to_end(&mut text)?;
    Ok(Liked::new(serde_json::from_slice(&text)?))
}

impl Liked {
    pub(crate) fn new(popularity: Popularity) -> Self {
        let Popularity { installs, popular, trending, new, pick_of_the_day, picks_of_the_week } = popularity;
        let mut uses: HashMap<String, Uses> =
            installs.into_iter().map(|(id, installs)| (id, Uses::counted(installs))).collect();
        let count = popular.len().max(1);
        for (place, id) in popular.iter().enumerate() {
            // A place says less than a number: from the most down to the half of it.
            let by_place = prior::MOST - u16::try_from(place * 500 / count).unwrap_or(500);
            uses.entry(id.clone()).or_insert(Uses::placed(by_place));
        }
        let picks = pick_of_the_day.into_iter().chain(picks_of_the_week).collect();
        let lists = [(POPULAR, popular), (TRENDING, trending), (NEW, new), (PICKS, picks)];
        Self { uses, lists: lists.map(|(name, ids)| (name, first(ids))).to_vec() }
    }

    /// How many people use an app.
    pub(crate) fn uses(&self, id: &str) -> Uses {
        self.uses.get(id).copied().unwrap_or_default()
    }

    /// The origin's lists, each with its name, best first.
    pub(crate) fn lists(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        self.lists.iter().map(|(name, ids)| (*name, ids.as_slice()))
    }
}

/// Each once, and not too many.
fn first(ids: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    ids.into_iter().filter(|id| seen.insert(id.clone())).take(MOST_LISTED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installs_count_before_places() {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let liked = Liked::new(Popularity {
            installs: [("a.b.Counted".to_owned(), 1_000)].into(),
            popular: names(&["a.b.First", "a.b.Counted", "a.b.First"]),
            pick_of_the_day: Some("a.b.Day".to_owned()),
            picks_of_the_week: names(&["a.b.Week", "a.b.Day"]),
            ..Popularity::default()
        });
        assert_eq!(liked.uses("a.b.First"), Uses { score: Some(1_000), installs: None });
        assert_eq!(liked.uses("a.b.Counted"), Uses { score: Some(500), installs: Some(1_000) });
        assert_eq!(liked.uses("a.b.Unknown"), Uses::default());
        let lists: Vec<_> = liked.lists().filter(|(_, ids)| !ids.is_empty()).collect();
        let (popular, picks) = (names(&["a.b.First", "a.b.Counted"]), names(&["a.b.Day", "a.b.Week"]));
        assert_eq!(lists, [(POPULAR, popular.as_slice()), (PICKS, picks.as_slice())]);
    }

    #[test]
    fn what_is_no_such_file_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("popularity.json");
        assert!(read(&path).is_err());
        std::fs::write(&path, "<html>").unwrap();
        assert!(read(&path).is_err());
        std::fs::write(&path, r#"{"popular":["a.b.C"],"unknown":1}"#).unwrap();
        assert_eq!(read(&path).unwrap().uses("a.b.C").score, Some(1_000));
    }
}
