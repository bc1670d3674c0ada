//! What there was not when somebody last asked for it: kept for the catalogue, where it comes last and says so. One file,
//! which may be deleted at any time.

use crate::release::now;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use strata_model::feed::ReferenceState;
use strata_model::offer::Absence;
use strata_platform::{Environment, files};

/// Largest file, in bytes; one of [`MOST`] has 200 KB.
const FILE: u64 = 1 << 20;
/// Most apps that are remembered: nobody looks at so many.
const MOST: usize = 2000;
/// How long it counts, in seconds: a month later it may well be otherwise.
const TIME: u64 = 30 * 86_400;

/// What there was not, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Absent {
    absence: Absence,
    /// Seconds since 1970.
    since: u64,
}

/// By their lists and their names in them.
type All = BTreeMap<String, Absent>;

fn key(origin: &str, reference: &str) -> String {
    format!("{origin}/{reference}")
}

/// What the catalogue is told of a list.
pub(super) fn references(environment: &Environment, origin: &str) -> Vec<ReferenceState> {
    let state = |(reference, absent): (String, Absent)| ReferenceState {
        reference,
        download_size: 0,
        installed_size: 0,
        end_of_life: None,
        masked: None,
        missing: Some(absent.absence),
    };
    let of_list = |(key, absent): (String, Absent)| {
        let reference = key.strip_prefix(origin)?.strip_prefix('/')?.to_owned();
        Some((reference, absent))
    };
    read(environment).into_iter().filter_map(of_list).map(state).collect()
}

/// Remembers what there was not of an app, or forgets it because it was there.
pub(super) fn remember(
    environment: &Environment,
    origin: &str,
    reference: &str,
    absence: Option<Absence>,
) -> io::Result<()> {
    let mut all = read(environment);
    let key = key(origin, reference);
    let known = all.remove(&key);
    if absence.is_none() && known.is_none() {
        return Ok(());
    }
    if let Some(absence) = absence.filter(|_| all.len() < MOST) {
        all.insert(key, Absent { absence, since: now() });
    }
    files::replace(&file(environment), &serde_json::to_vec(&all)?)
}

/// Those that still count.
fn read(environment: &Environment) -> All {
    let content = files::read_bounded(&file(environment), FILE).ok();
    let mut all: All = content.and_then(|content| serde_json::from_slice(&content).ok()).unwrap_or_default();
    let now = now();
    all.retain(|_, absent| now.checked_sub(absent.since).is_some_and(|age| age < TIME));
    all
}

fn file(environment: &Environment) -> PathBuf {
    environment.listed_appimages().join("absent.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_there_is_told_for_a_month_or_until_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().as_os_str().to_owned();
        let environment = Environment::from_variables(&|name| (name == "HOME").then(|| home.clone()));
        let told = || {
            let states = references(&environment, "list");
            states.into_iter().map(|state| (state.reference, state.missing)).collect::<Vec<_>>()
        };
        remember(&environment, "list", "A", None).unwrap();
        assert!(!file(&environment).exists(), "nothing to remember");
        remember(&environment, "list", "A", Some(Absence::ProjectGone)).unwrap();
        remember(&environment, "list", "B", Some(Absence::NoAppImage)).unwrap();
        remember(&environment, "list2", "B", Some(Absence::OtherMachine)).unwrap();
        remember(&environment, "list", "A", Some(Absence::NoRelease)).unwrap();
        let [a, b] = [("A", Absence::NoRelease), ("B", Absence::NoAppImage)];
        assert_eq!(told(), [a, b].map(|(name, absence)| (name.to_owned(), Some(absence))));
        remember(&environment, "list", "A", None).unwrap();
        assert_eq!(told().len(), 1);
        for (since, counts) in [(now() - TIME + 60, true), (now() - TIME, false), (now() + 7, false)] {
            let all = All::from([("list/C".to_owned(), Absent { absence: Absence::NoRelease, since })]);
            files::replace(&file(&environment), &serde_json::to_vec(&all).unwrap()).unwrap();
            assert_eq!(told().len(), usize::from(counts), "{since}");
        }
        files::replace(&file(&environment), b"{").unwrap();
        assert_eq!(told(), [], "what makes no sense says nothing");
    }
}
