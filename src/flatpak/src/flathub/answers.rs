//! What Flathub answered last, kept with when and by which name, and made into what the catalogue reads.

use super::parse::Entry;
use super::part::Part;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use strata_model::popularity::Popularity;
use strata_model::{Failure, FailureKind};
use strata_platform::{Environment, files};

/// Largest file that is read, in bytes; some four hundred ids with their numbers.
const MAX_FILE: u64 = 1 << 20;

/// A clock that was set back by less than this makes no answer one from the future.
const TOLERANCE: i64 = 3600;

/// The last answer of each part.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Answers(BTreeMap<Part, Answer>);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answer {
    /// Where it was asked; the name is good for this alone.
    pub(super) address: String,
    pub(super) etag: Option<String>,
    /// When it came or was confirmed, seconds since 1970.
    pub(super) asked: i64,
    /// Until when the server wants to be left alone, seconds since 1970.
    pub(super) not_before: i64,
    pub(super) entries: Vec<Entry>,
}

fn file(environment: &Environment) -> PathBuf {
    environment.popularity().with_file_name("flathub-answers.json")
}

impl Answers {
    /// What was kept; nothing where that makes no sense.
    pub(super) fn read(environment: &Environment) -> Self {
        let content = files::read_bounded(&file(environment), MAX_FILE).ok();
        content.and_then(|content| serde_json::from_slice(&content).ok()).unwrap_or_default()
    }

    /// Keeps the answers, and what the catalogue reads of them. As long as nobody answered, nothing takes the place of what
    /// lies there already.
    pub(super) fn write(&self, environment: &Environment, now: i64) -> Result<(), Failure> {
        let bad = |path: &Path, error: std::io::Error| {
            Failure::new(FailureKind::Unwritable, path.to_string_lossy(), error.to_string())
        };
        let keep = |path: PathBuf, content: serde_json::Result<Vec<u8>>| {
            let written = content
                .map_err(Into::into)
                .and_then(|content| files::replace_if_other(&path, &content, MAX_FILE).map(drop));
            written.map_err(|error| bad(&path, error))
        };
        keep(file(environment), serde_json::to_vec(self))?;
        if self.0.values().all(|answer| answer.address.is_empty()) {
            return Ok(());
        }
        keep(environment.popularity(), serde_json::to_vec(&self.popularity(now)))
    }

    pub(super) fn is_due(&self, part: Part, address: &str, now: i64) -> bool {
        self.0.get(&part).is_none_or(|answer| {
            // However a clock was set, nobody is left alone for longer than they can have asked for.
            let rests = (now..now + super::LONGEST_REST).contains(&answer.not_before.saturating_sub(1));
            let is_fresh =
                answer.address == address && (-TOLERANCE..part.fresh_for()).contains(&now.saturating_sub(answer.asked));
            !rests && !is_fresh
        })
    }

    /// The name of what is here from this address.
    pub(super) fn etag(&self, part: Part, address: &str) -> Option<String> {
        self.0.get(&part).filter(|answer| answer.address == address)?.etag.clone()
    }

    pub(super) fn confirm(&mut self, part: Part, now: i64) {
        if let Some(answer) = self.0.get_mut(&part) {
            (answer.asked, answer.not_before) = (now, 0);
        }
    }

    pub(super) fn rest(&mut self, part: Part, until: i64) {
        self.0.entry(part).or_default().not_before = until;
    }

    pub(super) fn put(&mut self, part: Part, answer: Answer) {
        self.0.insert(part, answer);
    }

    fn entries(&self, part: Part, now: i64) -> &[Entry] {
        let answer = self.0.get(&part).filter(|answer| (-TOLERANCE..part.good_for()).contains(&(now - answer.asked)));
        answer.map_or(&[], |answer| answer.entries.as_slice())
    }

    /// What still counts of all this.
    fn popularity(&self, now: i64) -> Popularity {
        let ids = |part| self.entries(part, now).iter().map(|entry| entry.id.clone()).collect::<Vec<_>>();
        let counted = [Part::New, Part::Trending, Part::Popular].into_iter().flat_map(|part| self.entries(part, now));
        Popularity {
            installs: counted.filter_map(|entry| Some((entry.id.clone(), entry.installs?))).collect(),
            popular: ids(Part::Popular),
            trending: ids(Part::Trending),
            new: ids(Part::New),
            pick_of_the_day: ids(Part::PickOfTheDay).into_iter().next(),
            picks_of_the_week: ids(Part::PicksOfTheWeek),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;
    const DAY: i64 = 24 * 3600;

    fn answered(asked: i64) -> Answers {
        let entries = vec![Entry { id: "org.a.B".to_owned(), installs: Some(7) }];
        let answer = Answer { address: "x".to_owned(), etag: Some("e".to_owned()), asked, not_before: 0, entries };
        Answers(Part::ALL.into_iter().map(|part| (part, answer.clone())).collect())
    }

    #[test]
    fn a_part_is_asked_again_when_it_is_due() {
        let cases = [
            (Part::Popular, 12 * 3600 - 1, "x", false, "still fresh"),
            (Part::Popular, 12 * 3600, "x", true, "not any more"),
            (Part::PickOfTheDay, 60, "y", true, "of another day"),
            (Part::New, -60, "x", false, "a clock was set a little back"),
            (Part::New, -2 * DAY, "x", true, "a clock was wrong"),
        ];
        for (part, age, address, due, reason) in cases {
            assert_eq!(answered(NOW - age).is_due(part, address, NOW), due, "{reason}");
        }
        assert!(Answers::default().is_due(Part::New, "x", NOW));
        let mut answers = Answers::default();
        answers.rest(Part::New, NOW + 60);
        assert!(!answers.is_due(Part::New, "x", NOW) && answers.is_due(Part::New, "x", NOW + 60));
        answers.rest(Part::New, NOW + 30 * DAY);
        assert!(answers.is_due(Part::New, "x", NOW), "nobody asks for a month");
    }

    #[test]
    fn a_name_is_good_for_its_address() {
        assert_eq!(answered(NOW).etag(Part::New, "x").as_deref(), Some("e"));
        assert_eq!(answered(NOW).etag(Part::New, "y"), None);
    }

    #[test]
    fn an_answer_counts_for_as_long_as_what_it_is_about() {
        let at = |age: i64| {
            let known = answered(NOW - age).popularity(NOW);
            let pick = known.pick_of_the_day.is_some();
            let Popularity { installs, popular, trending, new, picks_of_the_week, .. } = known;
            let lists = [popular, trending, new, picks_of_the_week].map(|list| list.len());
            (installs.get("org.a.B").copied(), lists, pick)
        };
        assert_eq!(at(0), (Some(7), [1, 1, 1, 1], true));
        assert_eq!(at(3 * DAY), (Some(7), [1, 1, 1, 1], false));
        assert_eq!(at(9 * DAY), (Some(7), [1, 1, 1, 0], false));
        assert_eq!(at(15 * DAY), (Some(7), [1, 0, 1, 0], false));
        assert_eq!(at(31 * DAY), (None, [0; 4], false));
        assert_eq!(at(-DAY), (None, [0; 4], false), "from the future");
    }

    #[test]
    fn what_is_kept_is_found_again_and_what_stays_is_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().as_os_str().to_owned();
        let environment = Environment::from_variables(&|name| (name == "HOME").then(|| home.clone()));
        assert_eq!(Answers::read(&environment), Answers::default());
        let answers = answered(NOW);
        answers.write(&environment, NOW).unwrap();
        assert_eq!(Answers::read(&environment), answers);
        let file = environment.popularity();
        let known: Popularity = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        assert_eq!(known.popular, ["org.a.B"]);
        let inode = || std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(&file).unwrap());
        let before = inode();
        answered(NOW + 60).write(&environment, NOW + 60).unwrap();
        assert_eq!(inode(), before, "the same is not written again");
        answered(NOW).write(&environment, NOW + 9 * DAY).unwrap();
        assert_ne!(inode(), before);
        std::fs::write(super::file(&environment), "no JSON").unwrap();
        assert_eq!(Answers::read(&environment), Answers::default());
        let before = inode();
        let mut unanswered = Answers::default();
        unanswered.rest(Part::Popular, NOW + 60);
        unanswered.write(&environment, NOW).unwrap();
        assert_eq!(
            (inode(), Answers::read(&environment)),
            (before, unanswered),
            "nobody answered: what was known stays"
        );
    }
}
