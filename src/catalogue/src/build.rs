//! Building the catalogue.

use crate::appstream::{Component, Languages};
use crate::carried;
use crate::deadline::{Clock, Deadline};
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
use std::io::{self, BufRead};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};
use strata_model::SourceKind;
use strata_model::feed::Feed;
use strata_model::parental::Controls;
use strata_model::pattern::Patterns;
use strata_model::settings::Sources;
use strata_model::system::SystemObstacle;

/// What to build a catalogue from, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildPlan {
    /// The lists to read. Among equals, earlier ones come first.
    pub feeds: Vec<Feed>,
    /// The person's languages, best first, as in `pt_BR`.
    pub languages: Vec<String>,
    /// What the settings hide, which sources they have switched off, and the order of preference.
    #[serde(default)]
    pub sources: Sources,
    /// Apps that the settings put first, by their ids, in this order; those of the origins count if none of them is there.
    #[serde(default)]
    pub picks: Vec<String>,
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

impl BuildReport {
    /// A feed took longer than [`crate::FEED_TIME`]: another time there may be more of it.
    pub fn is_cut_off(&self) -> bool {
        self.losses.iter().any(|loss| loss.reason == LossReason::TooSlow)
    }
}

/// Builds a catalogue beside the target and renames it over the target. A bad feed or entry costs itself and is
/// reported; an error means that there is no new catalogue and the old one is as it was. What was read from each feed is
/// kept in the folder `entries` beside the target, and a feed that is as it was then is not read again.
pub fn build(plan: &BuildPlan) -> Result<BuildReport, CatalogueError> {
    build_by(plan, &Clock::real())
}

fn build_by(plan: &BuildPlan, clock: &Clock) -> Result<BuildReport, CatalogueError> {
    let folder = Folder::beside(&plan.target);
    let built = build_with(plan, Some(&folder), clock);
    if matches!(built, Err(CatalogueError::NoSpace(_))) {
        // What is kept only saves time: the room there is belongs to the catalogue.
        folder.clear();
        return build_with(plan, None, clock);
    }
    built
}

fn build_with(plan: &BuildPlan, folder: Option<&Folder>, clock: &Clock) -> Result<BuildReport, CatalogueError> {
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
    let hidden = Patterns::new(&plan.sources.hidden);
    let carried = carried::read(&plan.carried);
    for feed in ordered(&plan.feeds) {
        let origin = Origin::new(feed, &hidden, &carried, plan);
        build.read(&origin, &Deadline::new(clock))?;
    }
    let Build { merge, losses, report, .. } = build;
    let counts = merge.finish(&writer, &plan.sources, &plan.picks)?;
    let report = BuildReport { apps: counts.apps, addons: counts.addons, losses: losses.into_list(), ..report };
    let json = |error: serde_json::Error| CatalogueError::Write(error.to_string());
    let languages = serde_json::to_string(&plan.languages).map_err(json)?;
    writer.finish(plan.generation, &languages, &serde_json::to_string(&report).map_err(json)?)?;
    if let Some(folder) = folder {
        folder.keep_only(plan.feeds.iter());
    }
    Ok(report)
}

/// Best first: by source, then by priority, then as the plan has them. Lists of AppImages come last: they know least of an
/// app, and what they have is compared with what is there.
fn ordered(feeds: &[Feed]) -> Vec<&Feed> {
    let mut ordered: Vec<&Feed> = feeds.iter().collect();
    let last = |feed: &Feed| feed.source == SourceKind::AppImage;
    ordered.sort_by_key(|feed| (last(feed), feed.source, std::cmp::Reverse(feed.priority)));
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
    /// What breaks off costs the rest of this feed: what came before is taken in, and the next feed has its own time.
    fn read(&mut self, origin: &Origin, deadline: &Deadline) -> Result<(), CatalogueError> {
        self.merge.begin_feed(origin.feed.source);
        let taken = match feed::open(&origin.feed.file) {
            Ok(file) => self.take_file(origin, file, deadline)?,
            Err(error) => Err(error),
        };
        if let Err(error) = taken {
            self.lose(origin, &error);
        }
        self.merge.add_lists(origin);
        Ok(())
    }

    /// The inner error is the feed's: it breaks off.
    fn take_file(
        &mut self,
        origin: &Origin,
        file: File,
        deadline: &Deadline,
    ) -> Result<io::Result<()>, CatalogueError> {
        let label = Label::new(origin.feed, &file, &self.plan.languages).ok();
        let mut taken = 0;
        let kept = self.folder.zip(label.as_ref()).and_then(|(folder, label)| folder.find(label));
        if let Some(kept) = kept {
            match self.take_kept(origin, kept, &mut taken, deadline)? {
                Ok(()) => {
                    self.report.kept += 1;
                    return Ok(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::TimedOut => return Ok(Err(error)),
                Err(error) => {
                    tracing::warn!(origin = origin.feed.origin, %error, "what was kept of a feed breaks off");
                }
            }
        }
        self.report.read += 1;
        self.take_read(origin, file, label.as_ref(), taken, deadline)
    }

    /// Takes in what was kept of a feed, and counts it. The inner error means that it ends before its time.
    fn take_kept(
        &mut self,
        origin: &Origin,
        mut kept: Kept,
        taken: &mut usize,
        deadline: &Deadline,
    ) -> Result<io::Result<()>, CatalogueError> {
        loop {
            match deadline.check().and_then(|()| kept.next()) {
                Ok(Some((entry, json))) => self.take(origin, entry, json)?,
                Ok(None) => return Ok(Ok(())),
                Err(error) => return Ok(Err(error)),
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
        deadline: &Deadline,
    ) -> Result<io::Result<()>, CatalogueError> {
        let again = file.try_clone();
        let mut keeping = self.folder.zip(label).map(|(folder, label)| folder.begin(label)).unwrap_or_default();
        // Dates stay as the file has them until they are taken in.
        let read = match feed::unpacked(file, deadline.clone()).and_then(Entries::new) {
            Ok(entries) => self.take_entries(origin, entries, &mut keeping, known, deadline)?,
            Err(error) => Err(error),
        };
        // Of one that breaks off nothing is kept: another time it may be readable.
        if read.is_ok() {
            let now = again.and_then(|file| Label::new(origin.feed, &file, &self.plan.languages));
            // What changed while it was read is kept for nobody.
            if now.ok().as_ref() == label {
                keeping.finish();
            }
        }
        Ok(read)
    }

    /// The inner error is the feed's: it breaks off.
    fn take_entries(
        &mut self,
        origin: &Origin,
        mut entries: Entries<impl BufRead>,
        keeping: &mut Keeping,
        known: usize,
        deadline: &Deadline,
    ) -> Result<io::Result<()>, CatalogueError> {
        let (mut count, mut json) = (0, Vec::new());
        loop {
            let entry = match deadline.check().and_then(|()| entries.next(&mut self.languages)) {
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
        let is_slow = error.kind() == io::ErrorKind::TimedOut;
        let reason = if is_slow { LossReason::TooSlow } else { LossReason::Unreadable };
        self.losses.add(origin.feed, reason, || error.to_string());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalogue;
    use crate::deadline::FEED_TIME;
    use std::cell::Cell;
    use strata_model::AppId;

    fn plan(folder: &std::path::Path, feeds: &[(&str, usize)]) -> BuildPlan {
        let feeds = feeds.iter().map(|&(origin, entries)| {
            let entry = |n| {
                format!(
                    "<component type='desktop'><id>org.{origin}.A{n}</id><name>N</name>\
                     <bundle type='flatpak'>app/org.{origin}.A{n}/x86_64/stable</bundle></component>"
                )
            };
            let file = folder.join(origin);
            let entries: String = (0..entries).map(entry).collect();
            std::fs::write(&file, format!("<components>{entries}</components>")).unwrap();
            Feed {
                source: SourceKind::Flatpak,
                scope: "user".to_owned(),
                origin: origin.to_owned(),
                url: String::new(),
                priority: 0,
                file,
                icons: PathBuf::new(),
                references: Vec::new(),
                verifies: false,
                popularity: None,
            }
        });
        BuildPlan { feeds: feeds.collect(), target: folder.join("catalogue.db"), generation: 1, ..BuildPlan::default() }
    }

    /// At each look a hundredth of the time that a feed has is over.
    fn hurrying() -> Clock {
        let looks = Cell::new(0);
        Clock::new(move || {
            looks.set(looks.get() + 1);
            FEED_TIME / 100 * looks.get()
        })
    }

    #[test]
    fn a_feed_that_takes_too_long_costs_its_rest_and_no_other_feed() {
        let folder = tempfile::tempdir().unwrap();
        let plan = plan(folder.path(), &[("first", 3), ("slow", 200), ("last", 3)]);
        let has = |app: &str| {
            let catalogue = Catalogue::open(&plan.target).unwrap();
            catalogue.app(&AppId::new(app).unwrap()).unwrap().is_some()
        };
        let report = build_by(&plan, &hurrying()).unwrap();
        let losses: Vec<_> = report.losses.iter().map(|loss| (&*loss.origin, loss.reason, loss.count)).collect();
        assert_eq!(losses, [("slow", LossReason::TooSlow, 1)]);
        assert!(report.is_cut_off());
        assert!(report.apps > 6 && report.apps < 206, "{report:?}");
        assert!(has("org.first.A2") && has("org.slow.A0") && !has("org.slow.A199") && has("org.last.A2"));
        // With more time there is all of it, and nothing of the slow reading was kept.
        let report = build(&plan).unwrap();
        assert_eq!((report.apps, report.read, report.kept, report.is_cut_off()), (206, 1, 2, false));
        // What is kept has its time too.
        let report = build_by(&plan, &hurrying()).unwrap();
        assert_eq!((report.is_cut_off(), has("org.slow.A0"), has("org.slow.A199")), (true, true, false));
    }
}
