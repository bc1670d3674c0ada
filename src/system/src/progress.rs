//! How far a transaction is, out of what it says on its way.
//!
//! A transaction is one bar from 0 to 100 that never goes back. The daemon says neither how many steps there are nor how
//! long each takes, so each step that it counts has a share of the bar, by its place in the order in which the daemon
//! takes them; what it does not count is not given a number: there the bar pulses.

use crate::counted::{count, layers_needed, size};
use strata_model::{Progress, Stage};

/// What the daemon says on the peer connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A step without a count begins.
    Begin(String),
    /// It ended, well or not.
    End,
    /// How far the step of this name is, 0 to 100.
    Percent(String, u32),
    /// The step that had a percentage ended.
    PercentEnd,
    /// Objects of OSTree come.
    Download(Download),
    /// A remark.
    Message(String),
    /// The transaction calls itself something else now.
    Title(String),
    /// The end: well, or with an error.
    Finished(bool, String),
}

/// Where a download of OSTree's is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Download {
    /// Descriptions of what has to come that were asked for and are not here: the whole is still unknown.
    pub metadata_outstanding: u32,
    /// Parts of static deltas, all and those that are here.
    pub delta_parts: (u32, u32),
    /// Bytes of all parts.
    pub delta_size: u64,
    /// Files that are here.
    pub fetched: u32,
    /// Files that have been asked for so far.
    pub requested: u32,
    /// Bytes that have come.
    pub bytes: u64,
}

/// What a transaction does to the system, as far as it decides which steps there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// An image comes, then what is layered on it.
    Image,
    /// The image stays.
    Packages,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Image,
    Lists,
    Packages,
    Import,
    Assembly,
}

impl Step {
    /// Its share of the bar, from and to. The rest is writing, which nobody counts.
    const fn share(self, course: Course) -> (u8, u8) {
        match (course, self) {
            (_, Self::Image) => (0, 60),
            (Course::Image, Self::Lists) => (60, 64),
            (Course::Image, Self::Packages) => (64, 75),
            (Course::Image, Self::Import) => (75, 80),
            (Course::Image, Self::Assembly) => (80, 88),
            (Course::Packages, Self::Lists) => (0, 10),
            (Course::Packages, Self::Packages) => (10, 50),
            (Course::Packages, Self::Import) => (50, 65),
            (Course::Packages, Self::Assembly) => (65, 85),
        }
    }

    /// Which step a text with a percentage belongs to.
    fn of(text: &str) -> Option<Self> {
        const KNOWN: [(&str, Step); 8] = [
            ("Updating metadata", Step::Lists),
            ("Importing rpm-md", Step::Lists),
            ("Downloading", Step::Packages),
            ("Importing", Step::Import),
            ("Relabeling", Step::Import),
            ("Checking out packages", Step::Assembly),
            ("Processing packages", Step::Assembly),
            ("Running", Step::Assembly),
        ];
        KNOWN.iter().find(|(begin, _)| text.starts_with(begin)).map(|(_, step)| *step)
    }

    const fn stage(self) -> Stage {
        match self {
            Self::Image | Self::Packages => Stage::Downloading,
            Self::Lists => Stage::Preparing,
            Self::Import | Self::Assembly => Stage::Installing,
        }
    }
}

/// Layers of a container image. Bytes within a layer are not told, so a layer counts when it is here.
#[derive(Clone, Copy, Debug, Default)]
struct Layers {
    needed: u64,
    needed_size: u64,
    here: u64,
    coming: u64,
}

/// Turns what is said into one bar.
#[derive(Debug)]
pub struct Meter {
    course: Course,
    highest: u8,
    layers: Layers,
}

impl Meter {
    /// A bar at its beginning.
    pub fn new(course: Course) -> Self {
        Self { course, highest: 0, layers: Layers::default() }
    }

    /// Where the bar is now, if what was said moves it.
    pub fn hear(&mut self, said: &Said) -> Option<Progress> {
        match said {
            Said::Begin(text) => Some(self.begin(text)),
            Said::End => self.layer_ended(),
            Said::Percent(text, percent) => Some(self.percent(text, *percent)),
            Said::Download(download) => Some(self.download(*download)),
            Said::Message(text) => {
                if let Some((count, size)) = layers_needed(text) {
                    self.layers.needed = self.layers.needed.saturating_add(count);
                    self.layers.needed_size = self.layers.needed_size.saturating_add(size);
                }
                None
            }
            Said::Finished(true, _) => Some(self.at(Stage::Finishing, 100)),
            Said::PercentEnd | Said::Title(_) | Said::Finished(false, _) => None,
        }
    }

    fn begin(&mut self, text: &str) -> Progress {
        if let Some((here, total)) = count(text).filter(|_| text.contains("Fetching")) {
            self.layers.coming = size(text).unwrap_or_default();
            return self.layer(here, total);
        }
        let stage = match text {
            _ if text.starts_with("Staging") => Stage::Finishing,
            _ if text.starts_with("Writing") || text.starts_with("Running") || text.starts_with("Updating") => {
                Stage::Installing
            }
            _ => Stage::Preparing,
        };
        pulse(stage)
    }

    /// `here` layers of `total` have come. Where all sizes are known, bytes say more than the count.
    fn layer(&mut self, here: u64, total: u64) -> Progress {
        let Layers { needed, needed_size, here: bytes, .. } = self.layers;
        let part = if needed == total && needed_size > 0 { ratio(bytes, needed_size) } else { ratio(here, total) };
        let progress = self.within(Step::Image, part);
        Progress { bytes, total_bytes: needed_size, ..progress }
    }

    fn layer_ended(&mut self) -> Option<Progress> {
        let coming = std::mem::take(&mut self.layers.coming);
        if coming == 0 {
            return None;
        }
        self.layers.here = self.layers.here.saturating_add(coming);
        let Layers { needed, needed_size, here, .. } = self.layers;
        (needed > 0 && needed_size > 0).then(|| {
            let progress = self.within(Step::Image, ratio(here, needed_size));
            Progress { bytes: here.min(needed_size), total_bytes: needed_size, ..progress }
        })
    }

    /// Of counted steps the daemon leaves the percentage at 0 until the last, and writes the count into the text.
    fn percent(&mut self, text: &str, percent: u32) -> Progress {
        let counted = count(text).map(|(done, total)| ratio(done, total));
        let said = u8::try_from(percent.min(100)).unwrap_or(100);
        match Step::of(text) {
            Some(step) => self.within(step, counted.unwrap_or_default().max(said)),
            None => pulse(Stage::Installing),
        }
    }

    fn download(&mut self, download: Download) -> Progress {
        let (parts, parts_here) = download.delta_parts;
        let part = match download {
            _ if parts > 0 && download.delta_size > 0 => Some(ratio(download.bytes, download.delta_size)),
            _ if parts > 0 => Some(ratio(parts_here.into(), parts.into())),
            // How much has to come is found out while it comes.
            Download { metadata_outstanding: 1.., .. } | Download { requested: 0, .. } => None,
            Download { fetched, requested, .. } => Some(ratio(fetched.into(), requested.into())),
        };
        let progress = part.map_or_else(|| pulse(Stage::Downloading), |part| self.within(Step::Image, part));
        Progress { bytes: download.bytes, total_bytes: download.delta_size, ..progress }
    }

    /// `part` per cent of a step.
    fn within(&mut self, step: Step, part: u8) -> Progress {
        let (from, to) = step.share(self.course);
        let share = u32::from(to - from) * u32::from(part.min(100)) / 100;
        self.at(step.stage(), from.saturating_add(u8::try_from(share).unwrap_or_default()))
    }

    fn at(&mut self, stage: Stage, percent: u8) -> Progress {
        self.highest = self.highest.max(percent);
        Progress { stage, percent: Some(self.highest), ..Progress::default() }
    }
}

fn pulse(stage: Stage) -> Progress {
    Progress { stage, ..Progress::default() }
}

/// Per cent, 0 of nothing.
fn ratio(part: u64, whole: u64) -> u8 {
    let percent = (u128::from(part) * 100).checked_div(u128::from(whole)).unwrap_or_default();
    u8::try_from(percent.min(100)).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percents(course: Course, said: &[Said]) -> Vec<Option<u8>> {
        let mut meter = Meter::new(course);
        said.iter().filter_map(|said| meter.hear(said)).map(|progress| progress.percent).collect()
    }

    fn percent(text: &str, percent: u32) -> Said {
        Said::Percent(text.to_owned(), percent)
    }

    fn begin(text: &str) -> Said {
        Said::Begin(text.to_owned())
    }

    #[test]
    fn counts_in_texts_move_the_bar_where_the_percentage_stays() {
        let said = [
            begin("Checking out tree 5599b98"),
            percent("Importing packages", 0),
            percent("Importing packages (1/2)", 0),
            percent("Importing packages (2/2)", 100),
            percent("Checking out packages (1/2)", 0),
            begin("Staging deployment"),
            Said::Finished(true, String::new()),
        ];
        let expected = [None, Some(50), Some(57), Some(65), Some(75), None, Some(100)];
        assert_eq!(percents(Course::Packages, &said), expected);
    }

    #[test]
    fn the_bar_never_goes_back() {
        let said = [
            percent("Importing packages (2/2)", 100),
            begin("Resolving dependencies"),
            percent("Updating metadata for 'a'", 10),
            percent("Importing packages (9/2)", 7),
        ];
        assert_eq!(percents(Course::Packages, &said), [Some(65), None, Some(65), Some(65)]);
    }

    #[test]
    fn words_of_other_versions_of_the_daemon_have_their_place_or_pulse() {
        let said = [
            percent("Updating metadata for 'fedora'...", 30),
            percent("Downloading from 'updates'", 50),
            percent("Importing (3/10)", 0),
            percent("Relabeling packages (2/2)", 100),
            percent("Running post scripts (1/2)", 0),
            percent("Something new (1/2)", 50),
            begin("Something new altogether"),
        ];
        let expected = [Some(3), Some(30), Some(54), Some(65), Some(75), None, None];
        assert_eq!(percents(Course::Packages, &said), expected);
    }

    #[test]
    fn layers_count_by_their_bytes_and_else_by_their_number() {
        let (first, second) =
            ("[0/2] Fetching ostree chunk f6e (75.0\u{a0}MB)", "[1/2] Fetching layer e05 (25.0\u{a0}MB)");
        let needed = Said::Message("ostree chunk layers needed: 2 (100.0\u{a0}MB)".to_owned());
        let said = [needed, begin(first), Said::End, begin(second), Said::End, begin("Staging deployment"), Said::End];
        let expected = [Some(0), Some(45), Some(45), Some(60), None];
        assert_eq!(percents(Course::Image, &said), expected);
        let unknown = [begin("[0/4] Fetching layer a"), Said::End, begin("[1/4] Fetching layer b"), Said::End];
        assert_eq!(percents(Course::Image, &unknown), [Some(0), Some(15)], "without sizes");
    }

    #[test]
    fn a_download_has_a_percentage_once_the_whole_is_known() {
        let files = Download { fetched: 21, requested: 63, bytes: 7, ..Download::default() };
        let cases = [
            (files, Some(19), "a third of the files"),
            (Download { metadata_outstanding: 3, ..files }, None, "more may come to light"),
            (Download { requested: 0, fetched: 0, ..files }, None, "nothing is known"),
            (Download { delta_parts: (4, 1), ..files }, Some(15), "one of four parts"),
            (Download { delta_parts: (4, 1), delta_size: 70, ..files }, Some(6), "by the bytes of all parts"),
        ];
        for (download, expected, reason) in cases {
            let progress = Meter::new(Course::Image).hear(&Said::Download(download)).unwrap();
            assert_eq!(progress.percent, expected, "{reason}");
            assert_eq!((progress.bytes, progress.stage), (7, Stage::Downloading), "{reason}");
        }
    }
}
