//! What was read from feeds, kept beside the catalogue: a feed that did not change is not read again.
//!
//! One file a feed: its label as a line of JSON, each entry as another, and four bytes that change with any byte before
//! them. All of it may go at any time: it only saves work, a third of a build from XML and half of one from YAML
//! (docs/benchmarks.md). JSON, because the model's types are read and written so already.

use crate::entries::Entry;
use flate2::Crc;
use rustix::fs::OFlags;
use serde::Serialize;
use std::collections::HashSet;
use std::fs::{self, DirBuilder, File, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, Take, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use strata_model::feed::Feed;

/// To be counted up when what is kept, or how it is read from a feed, changes.
const FORMAT: u32 = 3;
/// Most bytes of one file: ten times what the largest feed known needs, and more.
const MOST_BYTES: u64 = 256 << 20;
/// Bytes of the checksum at the end.
const SUM_BYTES: u64 = 4;
const CHUNK: usize = 64 << 10;

/// What decides what is read from a feed: the same again gives the same entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Label {
    strata: &'static str,
    format: u32,
    /// The program that reads: a changed one of the same version may read differently.
    program: Option<State>,
    /// The feed's file.
    path: PathBuf,
    languages: Vec<String>,
    state: State,
}

/// A file as it is. Contents and their time can be put back; when that was done and which file it is cannot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct State {
    size: u64,
    /// Seconds since 1970, and nanoseconds.
    modified: (i64, i64),
    changed: (i64, i64),
    inode: u64,
    device: u64,
}

impl Label {
    pub(crate) fn new(feed: &Feed, file: &File, languages: &[String]) -> io::Result<Self> {
        Ok(Self {
            strata: env!("CARGO_PKG_VERSION"),
            format: FORMAT,
            program: fs::metadata("/proc/self/exe").ok().as_ref().map(State::of),
            path: feed.file.clone(),
            languages: languages.to_vec(),
            state: State::of(&file.metadata()?),
        })
    }

    /// As the first line of a file.
    fn line(&self) -> io::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }
}

impl State {
    fn of(metadata: &Metadata) -> Self {
        Self {
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
            inode: metadata.ino(),
            device: metadata.dev(),
        }
    }
}

/// The folder of what is kept.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// That of a catalogue.
    pub(crate) fn beside(catalogue: &Path) -> Self {
        Self(catalogue.with_file_name("entries"))
    }

    /// Where a feed's entries are kept. A path that has the same name as another one is told from it by its label.
    fn path(&self, feed: &Path) -> PathBuf {
        let mut hasher = DefaultHasher::new();
        feed.hash(&mut hasher);
        self.0.join(format!("{:016x}", hasher.finish()))
    }

    /// The entries of a feed, if they are kept as the label says and nothing befell them.
    pub(crate) fn find(&self, label: &Label) -> Option<Kept> {
        match self.open(label) {
            Ok(kept) => kept,
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                tracing::info!(feed = ?label.path, %error, "what was kept of a feed cannot be used");
                None
            }
        }
    }

    fn open(&self, label: &Label) -> io::Result<Option<Kept>> {
        self.check()?;
        // Nothing is followed, and nothing waited for.
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let mut options = File::options();
        options.read(true).custom_flags(flags.bits().cast_signed());
        let mut file = options.open(self.path(&label.path))?;
        let metadata = file.metadata()?;
        if !metadata.is_file() || !(SUM_BYTES..=MOST_BYTES).contains(&metadata.size()) {
            return Err(io::Error::other("no file of its size"));
        }
        let bytes = metadata.size() - SUM_BYTES;
        let expected = label.line()?;
        let mut found = vec![0; expected.len()];
        // A label of another length is another one.
        if (&mut file).take(bytes).read(&mut found)? < found.len() || found != expected {
            return Ok(None);
        }
        let mut sum = Crc::new();
        sum.update(&found);
        let entries_at = found.len() as u64;
        if !is_whole(&mut file, bytes - entries_at, sum)? {
            return Err(io::Error::other("damaged"));
        }
        file.seek(io::SeekFrom::Start(entries_at))?;
        let lines = BufReader::with_capacity(CHUNK, file.take(bytes - entries_at));
        Ok(Some(Kept { lines, line: Vec::new() }))
    }

    /// Begins to keep a feed's entries.
    pub(crate) fn begin(&self, label: &Label) -> Keeping {
        Keeping(self.create(label).inspect_err(log).ok())
    }

    fn create(&self, label: &Label) -> io::Result<New> {
        match DirBuilder::new().mode(0o700).create(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => self.check()?,
        }
        let path = self.path(&label.path);
        let beside = path.with_extension("new");
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        // Which apps a person's origins carry is nobody else's business.
        let file = File::options().write(true).create_new(true).mode(0o600).open(&beside)?;
        let file = BufWriter::with_capacity(CHUNK, file);
        let mut begun = New { file, sum: Crc::new(), bytes: 0, beside, path };
        begun.write(&label.line()?)?;
        Ok(begun)
    }

    /// Something else of this name, a link above all, is not gone into.
    fn check(&self) -> io::Result<()> {
        if fs::symlink_metadata(&self.0)?.is_dir() { Ok(()) } else { Err(io::ErrorKind::NotADirectory.into()) }
    }

    /// Throws away what is kept of feeds that there are no more, and what builds that broke off left.
    pub(crate) fn keep_only<'a>(&self, feeds: impl Iterator<Item = &'a Feed>) {
        let kept: HashSet<PathBuf> = feeds.map(|feed| self.path(&feed.file)).collect();
        if self.check().is_err() {
            return;
        }
        for entry in fs::read_dir(&self.0).into_iter().flatten().flatten() {
            let path = entry.path();
            if !kept.contains(&path)
                && let Err(error) = fs::remove_file(&path)
            {
                tracing::warn!(?path, %error, "what was kept of a feed cannot be removed");
            }
        }
    }

    /// Throws everything away.
    pub(crate) fn clear(&self) {
        self.keep_only(std::iter::empty());
        // What is not empty, or no folder, is not ours alone.
        let _stays = fs::remove_dir(&self.0);
    }
}

/// Whether the next bytes are followed by their checksum, and by nothing else.
fn is_whole(file: &mut File, bytes: u64, mut sum: Crc) -> io::Result<bool> {
    let (mut left, mut chunk) = (bytes, vec![0; CHUNK]);
    while left > 0 {
        let most = chunk.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let count = file.read(&mut chunk[..most])?;
        if count == 0 {
            return Ok(false);
        }
        sum.update(&chunk[..count]);
        left -= count as u64;
    }
    let mut expected = Vec::new();
    file.take(SUM_BYTES + 1).read_to_end(&mut expected)?;
    Ok(expected == sum.sum().to_le_bytes())
}

/// The entries of a feed that were kept, one after the other.
#[derive(Debug)]
pub(crate) struct Kept {
    lines: BufReader<Take<File>>,
    line: Vec<u8>,
}

impl Kept {
    /// The next entry, and the same as JSON; `None` at the end.
    ///
    /// # Errors
    /// When it cannot be read. Those before it were right.
    pub(crate) fn next(&mut self) -> io::Result<Option<(Entry, &[u8])>> {
        self.line.clear();
        if self.lines.read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        let json = self.line.trim_ascii_end();
        Ok(Some((serde_json::from_slice(json)?, json)))
    }
}

/// A feed's entries on their way to be kept. Where they cannot be, that is logged and costs nothing else.
#[derive(Debug, Default)]
pub(crate) struct Keeping(Option<New>);

impl Keeping {
    /// Adds an entry, as JSON.
    pub(crate) fn add(&mut self, json: &[u8]) {
        let added = self.0.as_mut().map_or(Ok(()), |new| new.add(json));
        if added.inspect_err(log).is_err() {
            self.0 = None;
        }
    }

    /// Puts them in the place of what was kept before. Dropped before that, they leave nothing behind.
    pub(crate) fn finish(mut self) {
        // Whatever comes of it is logged.
        let _kept = self.0.take().map_or(Ok(()), New::finish).inspect_err(log);
    }
}

fn log(error: &io::Error) {
    tracing::warn!(%error, "a feed's entries cannot be kept");
}

/// A file that is being written.
#[derive(Debug)]
struct New {
    file: BufWriter<File>,
    sum: Crc,
    bytes: u64,
    /// Where it is written, and where it belongs.
    beside: PathBuf,
    path: PathBuf,
}

impl New {
    fn add(&mut self, json: &[u8]) -> io::Result<()> {
        self.write(json)?;
        self.write(b"\n")
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes += bytes.len() as u64;
        if self.bytes + SUM_BYTES > MOST_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.sum.update(bytes);
        self.file.write_all(bytes)
    }

    /// It need not reach the disk: what a power cut leaves of it is known for what it is.
    fn finish(mut self) -> io::Result<()> {
        self.file.write_all(&self.sum.sum().to_le_bytes())?;
        self.file.flush()?;
        fs::rename(&self.beside, &self.path)
    }
}

impl Drop for New {
    fn drop(&mut self) {
        // After a rename there is nothing at this name any more, and that is no error.
        let _gone = fs::remove_file(&self.beside);
    }
}
