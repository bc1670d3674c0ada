//! Building the catalogue.

use crate::appstream::{Component, Languages};
use crate::carried;
use crate::entries::{Entries, Entry};
use crate::feed;
use crate::kept::{Folder, Keeping, Kept, Label};
use crate::loss::{Loss, Losses};
use crate::merge::{Merge, Shown};
use crate::origin::Origin;
use crate::store::writer::Writer;
use crate::{CatalogueError, LossReason};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};
use strata_model::feed::Feed;
use strata_model::parental::Controls;
use strata_model::pattern::Patterns;
use strata_model::system::SystemObstacle;

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
    /// What parental controls let the person install and open.
    #[serde(default)]
    pub controls: Controls,
    /// Why the system takes no packages, if so.
    #[serde(default)]
    pub layering: Option<SystemObstacle>,
    /// Where rpm keeps what the system's image carries, if it does.
    #[serde(default)]
    pub carried: PathBuf,
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
    /// Feeds that were read.
    #[serde(default)]
    pub read: usize,
    /// Feeds that were as they were the last time, of which what was read then was taken.
    #[serde(default)]
    pub kept: usize,
    /// What was left out and why.
    pub losses: Vec<Loss>,
}

/// Builds a catalogue beside the target and renames it over the target. A bad feed or entry costs itself and is
/// reported; an error means that there is no new catalogue and the old one is as it was. What was read from each feed is
/// kept in the folder `entries` beside the target, and a feed that is as it was then is not read again.
pub fn build(plan: &BuildPlan) -> Result<BuildReport, CatalogueError> {
    let folder = Folder::beside(&plan.target);
    let built = build_with(plan, Some(&folder));
    if matches!(built, Err(CatalogueError::NoSpace(_))) {
        // What is kept only saves time: the room there is belongs to the catalogue.
        folder.clear();
        return build_with(plan, None);
    }
    built
}

fn build_with(plan: &BuildPlan, folder: Option<&Folder>) -> Result<BuildReport, CatalogueError> {
    let writer = Writer::create(&plan.target)?;
    let mut build = Build {
        plan,
        folder,
        writer: &writer,
        merge: Merge::default(),
        losses: Losses::default(),
        languages: Languages::new(&plan.languages),
        now: now(),
        report: BuildReport::default(),
    };
    let hidden = Patterns::new(&plan.hidden);
    let carried = carried::read(&plan.carried);
    for feed in ordered(&plan.feeds) {
        build.read(&Origin::new(feed, &hidden, &carried, plan))?;
    }
    let Build { merge, losses, report, .. } = build;
    let counts = merge.finish(&writer)?;
    let report = BuildReport { apps: counts.apps, addons: counts.addons, losses: losses.into_list(), ..report };
    let json = |error: serde_json::Error| CatalogueError::Write(error.to_string());
    let languages = serde_json::to_string(&plan.languages).map_err(json)?;
    writer.finish(plan.generation, &languages, &serde_json::to_string(&report).map_err(json)?)?;
    if let Some(folder) = folder {
        folder.keep_only(plan.feeds.iter());
    }
    Ok(report)
}

/// Best first: by source, then by priority, then as the plan has them.
fn ordered(feeds: &[Feed]) -> Vec<&Feed> {
    let mut ordered: Vec<&Feed> = feeds.iter().collect();
    ordered.sort_by_key(|feed| (feed.source, std::cmp::Reverse(feed.priority)));
    ordered
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// A build on its way.
struct Build<'a> {
    plan: &'a BuildPlan,
    /// Where entries are kept, if they are.
    folder: Option<&'a Folder>,
    writer: &'a Writer,
    merge: Merge,
    losses: Losses,
    languages: Languages,
    now: i64,
    report: BuildReport,
}

impl Build<'_> {
    fn read(&mut self, origin: &Origin) -> Result<(), CatalogueError> {
        match feed::open(&origin.feed.file) {
            Ok(file) => self.take_file(origin, file)?,
            Err(error) => self.lose(origin, &error),
        }
        self.merge.add_lists(origin);
        Ok(())
    }

    fn take_file(&mut self, origin: &Origin, file: File) -> Result<(), CatalogueError> {
        let label = Label::new(origin.feed, &file, &self.plan.languages).ok();
        let mut taken = 0;
        let kept = self.folder.zip(label.as_ref()).and_then(|(folder, label)| folder.find(label));
        if let Some(kept) = kept
            && self.take_kept(origin, kept, &mut taken)?
        {
            self.report.kept += 1;
            return Ok(());
        }
        self.report.read += 1;
        self.take_read(origin, file, label.as_ref(), taken)
    }

    /// Takes in what was kept of a feed and counts it; `false` if that ends before its time.
    fn take_kept(&mut self, origin: &Origin, mut kept: Kept, taken: &mut usize) -> Result<bool, CatalogueError> {
        loop {
            match kept.next() {
                Ok(Some((entry, json))) => self.take(origin, entry, json)?,
                Ok(None) => return Ok(true),
                Err(error) => {
                    tracing::warn!(origin = origin.feed.origin, %error, "what was kept of a feed breaks off");
                    return Ok(false);
                }
            }
            *taken += 1;
        }
    }

    /// Reads a feed, keeps its entries, and takes them in but for the first ones, which are known already.
    fn take_read(
        &mut self,
        origin: &Origin,
        file: File,
        label: Option<&Label>,
        known: usize,
    ) -> Result<(), CatalogueError> {
        let again = file.try_clone();
        let mut keeping = self.folder.zip(label).map(|(folder, label)| folder.begin(label)).unwrap_or_default();
        match self.take_entries(origin, file, &mut keeping, known)? {
            Ok(()) => {
                let now = again.and_then(|file| Label::new(origin.feed, &file, &self.plan.languages));
                // What changed while it was read is kept for nobody.
                if now.ok().as_ref() == label {
                    keeping.finish();
                }
            }
            // Another time it may be readable: what came before is not kept.
            Err(error) => self.lose(origin, &error),
        }
        Ok(())
    }

    /// The inner error is the feed's: it breaks off.
    fn take_entries(
        &mut self,
        origin: &Origin,
        file: File,
        keeping: &mut Keeping,
        known: usize,
    ) -> Result<io::Result<()>, CatalogueError> {
        // Dates stay as the file has them until they are taken in.
        let mut entries = match feed::unpacked(file).and_then(Entries::new) {
            Ok(entries) => entries,
            Err(error) => return Ok(Err(error)),
        };
        let (mut count, mut json) = (0, Vec::new());
        loop {
            let entry = match entries.next(&mut self.languages) {
                Ok(Some(Entry::NotShown)) => continue,
                Ok(Some(entry)) => entry,
                Ok(None) => return Ok(Ok(())),
                Err(error) => return Ok(Err(error)),
            };
            json.clear();
            serde_json::to_writer(&mut json, &entry).map_err(|error| CatalogueError::Write(error.to_string()))?;
            keeping.add(&json);
            count += 1;
            if count > known {
                self.take(origin, entry, &json)?;
            }
        }
    }

    fn take(&mut self, origin: &Origin, entry: Entry, json: &[u8]) -> Result<(), CatalogueError> {
        match entry {
            Entry::Read(component) => self.add(origin, *component, json),
            Entry::NotShown => Ok(()),
            Entry::Lost(reason, example) => {
                self.losses.add(origin.feed, reason, || example);
                Ok(())
            }
        }
    }

    fn lose(&mut self, origin: &Origin, error: &io::Error) {
        self.losses.add(origin.feed, LossReason::Unreadable, || error.to_string());
    }

    fn add(&mut self, origin: &Origin, mut component: Component, json: &[u8]) -> Result<(), CatalogueError> {
        component.limit_dates(self.now);
        let id = component.id.clone();
        let entry = Shown { component, json };
        if let Err(reason) = self.merge.add(entry, origin, self.now, self.writer)? {
            self.losses.add(origin.feed, reason, || id);
        }
        Ok(())
    }
}
