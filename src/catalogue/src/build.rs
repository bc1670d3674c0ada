//! Building the catalogue.

use crate::appstream::{Component, Languages};
use crate::entries::{Entries, Entry};
use crate::feed;
use crate::loss::{Loss, Losses};
use crate::merge::Merge;
use crate::origin::Origin;
use crate::store::writer::Writer;
use crate::{CatalogueError, LossReason};
use serde::{Deserialize, Serialize};
use std::io::BufRead;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};
use strata_model::feed::Feed;

/// What to build a catalogue from, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildPlan {
    /// The lists to read. Among equals, earlier ones come first.
    pub feeds: Vec<Feed>,
    /// The person's languages, best first, as in `pt_BR`.
    pub languages: Vec<String>,
    /// Apps that the settings hide, by their ids; `*` stands for any text.
    #[serde(default)]
    pub hidden: Vec<String>,
    /// The file to write.
    pub target: PathBuf,
    /// The number of this build.
    pub generation: u64,
}

/// What a build made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildReport {
    /// Apps that can be found.
    pub apps: usize,
    /// Add-ons of apps.
    pub addons: usize,
    /// What was left out and why.
    pub losses: Vec<Loss>,
}

/// Builds a catalogue beside the target and renames it over the target. A bad feed or entry costs itself and is
/// reported; an error means that there is no new catalogue and the old one is as it was.
pub fn build(plan: &BuildPlan) -> Result<BuildReport, CatalogueError> {
    let writer = Writer::create(&plan.target)?;
    let mut build = Build {
        writer: &writer,
        merge: Merge::default(),
        losses: Losses::default(),
        languages: Languages::new(&plan.languages),
        now: now(),
    };
    for feed in ordered(&plan.feeds) {
        build.read(&Origin::new(feed, &plan.hidden))?;
    }
    let Build { merge, losses, .. } = build;
    let counts = merge.finish(&writer)?;
    let report = BuildReport { apps: counts.apps, addons: counts.addons, losses: losses.into_list() };
    let json = |error: serde_json::Error| CatalogueError::Write(error.to_string());
    let languages = serde_json::to_string(&plan.languages).map_err(json)?;
    writer.finish(plan.generation, &languages, &serde_json::to_string(&report).map_err(json)?)?;
    Ok(report)
}

/// Best first: by source, then by priority, then as the plan has them.
fn ordered(feeds: &[Feed]) -> Vec<&Feed> {
    let mut ordered: Vec<&Feed> = feeds.iter().collect();
    ordered.sort_by_key(|feed| (feed.source, std::cmp::Reverse(feed.priority)));
    ordered
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// A build on its way.
struct Build<'a> {
    writer: &'a Writer,
    merge: Merge,
    losses: Losses,
    languages: Languages,
    now: i64,
}

impl Build<'_> {
    fn read(&mut self, origin: &Origin) -> Result<(), CatalogueError> {
        match feed::open(&origin.feed.file) {
            Ok(file) => self.read_entries(origin, file)?,
            Err(error) => self.losses.add(origin.feed, LossReason::Unreadable, || error.to_string()),
        }
        self.merge.add_lists(origin);
        Ok(())
    }

    fn read_entries(&mut self, origin: &Origin, file: Box<dyn BufRead>) -> Result<(), CatalogueError> {
        let feed = origin.feed;
        let entries = Entries::new(file, self.now);
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                self.losses.add(feed, LossReason::Unreadable, || error.to_string());
                return Ok(());
            }
        };
        loop {
            match entries.next(&mut self.languages) {
                Ok(Some(Entry::Read(component))) => self.add(origin, *component)?,
                Ok(Some(Entry::NotShown)) => {}
                Ok(Some(Entry::Lost(reason, example))) => self.losses.add(feed, reason, || example),
                Ok(None) => return Ok(()),
                Err(error) => {
                    self.losses.add(feed, LossReason::Unreadable, || error.to_string());
                    return Ok(());
                }
            }
        }
    }

    fn add(&mut self, origin: &Origin, component: Component) -> Result<(), CatalogueError> {
        let id = component.id.clone();
        if let Err(reason) = self.merge.add(component, origin, self.now, self.writer)? {
            self.losses.add(origin.feed, reason, || id);
        }
        Ok(())
    }
}
