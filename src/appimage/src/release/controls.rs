//! Control files for updates by delta. One at an address of its own is read to know whether something is newer, and needed
//! once more when that is fetched: it comes once, is kept as it came, and is asked for by its name.

use super::kept::{file, is_younger, now};
use super::zsync::{ControlFile, parse};
use super::{ResolveError, Resolver};
use crate::limits;
use serde::{Deserialize, Serialize};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use strata_platform::files;
use strata_platform::http::{self, News, Url};
use tokio::task::spawn_blocking;

/// Longest that a control file may take in all.
const TIME: Duration = Duration::from_mins(1);
/// Most bytes of all that are kept; those of a usual app have less than one million.
const ALL: u64 = 64 << 20;
/// Largest label, in bytes.
const LABEL: usize = 8 << 10;
/// The end of the names of those that are kept.
const KIND: &str = "zsync";

/// What stands before a control file that is kept, in a line of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Label {
    /// Where it was asked for.
    address: String,
    /// Where it came from in the end.
    from: String,
    /// What the server names it by.
    etag: Option<String>,
    /// When it came, in seconds since 1970.
    asked: u64,
}

impl Resolver {
    /// Fetches the control file of a file of a release; `None` if it is not there. It is used once, and not kept.
    ///
    /// # Errors
    /// See [`ResolveError`].
    pub async fn control_file(&self, url: &str) -> Result<Option<ControlFile>, ResolveError> {
        let Some(News::New { body, from, .. }) = self.ask_for_control(url, None).await? else { return Ok(None) };
        parse(body, &from).map(Some).ok_or(ResolveError::Malformed)
    }

    /// The control file at an address of its own; `None` if there is none. Its server is asked by the name of the one that
    /// is kept; one that has no names is asked anew, unless what it said `lately` is good enough.
    ///
    /// # Errors
    /// See [`ResolveError`].
    pub async fn own_control_file(&self, url: &str, lately: bool) -> Result<Option<ControlFile>, ResolveError> {
        let (label, known) = self.kept_control(url).await.unzip();
        let etag = label.as_ref().and_then(|label| label.etag.clone());
        let counts = |label: &Label| lately && label.etag.is_none() && is_younger(label.asked, self.least_age);
        if label.as_ref().is_some_and(counts) {
            return Ok(known);
        }
        match self.ask_for_control(url, etag.as_deref()).await? {
            None => Ok(None),
            Some(News::New { body, etag, from }) => {
                let label = Label { address: url.to_owned(), from: from.to_string(), etag, asked: now() };
                let control = parse(body, &from).ok_or(ResolveError::Malformed)?;
                self.keep_control(label, control.bytes.clone()).await;
                Ok(Some(control))
            }
            Some(_) => Ok(known),
        }
    }

    async fn ask_for_control(&self, url: &str, etag: Option<&str>) -> Result<Option<News>, ResolveError> {
        match http::fetch_news(&self.client, url, etag, limits::CONTROL_FILE, TIME).await {
            Ok(News::Busy(_)) => Err(ResolveError::Busy),
            Ok(news) => Ok(Some(news)),
            Err(error) if error.is_nothing_there() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn kept_control(&self, url: &str) -> Option<(Label, ControlFile)> {
        let (folder, url) = (self.environment.releases(), url.to_owned());
        spawn_blocking(move || read(&folder, &url)).await.ok().flatten()
    }

    /// What cannot be kept is fetched again.
    async fn keep_control(&self, label: Label, bytes: Vec<u8>) {
        let folder = self.environment.releases();
        if let Ok(Err(error)) = spawn_blocking(move || write(&folder, &label, bytes)).await {
            tracing::warn!(%error, "a control file cannot be kept");
        }
    }
}

/// Takes away what is kept of an address: nobody asks there any more.
pub(crate) fn forget(folder: &Path, address: &str) -> io::Result<()> {
    match std::fs::remove_file(file(folder, address, KIND)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// What is kept; nothing where that makes no sense.
fn read(folder: &Path, address: &str) -> Option<(Label, ControlFile)> {
    let most = (limits::CONTROL_FILE + LABEL) as u64;
    let mut bytes = files::read_bounded(&file(folder, address, KIND), most).ok()?;
    let end = bytes.iter().take(LABEL).position(|byte| *byte == b'\n')?;
    let label: Label = serde_json::from_slice(&bytes[..end]).ok()?;
    let from = Url::parse(&label.from).ok().filter(|_| label.address == address)?;
    bytes.drain(..=end);
    Some((label, parse(bytes, &from)?))
}

fn write(folder: &Path, label: &Label, mut bytes: Vec<u8>) -> io::Result<()> {
    let mut line = serde_json::to_vec(label)?;
    line.push(b'\n');
    bytes.splice(..0, line);
    files::replace(&file(folder, &label.address, KIND), &bytes)?;
    prune(folder, ALL)
}

/// Takes away those that came first, until the others have so many bytes at most.
fn prune(folder: &Path, most: u64) -> io::Result<()> {
    let mut all: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|kind| kind == KIND) {
            let metadata = entry.metadata()?;
            all.push((metadata.modified()?, metadata.len(), path));
        }
    }
    all.sort_by(|one, other| other.cmp(one));
    let mut size = 0;
    for (_, length, path) in all {
        size += length;
        if size > most {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(folder: &Path, address: &str, age: u64) {
        let head = format!("zsync: 0.6.2\nLength: 7\nURL: a.AppImage\nSHA-1: {}\n\n\u{0}\n\u{1}", "a".repeat(40));
        let label = Label { address: address.to_owned(), from: address.to_owned(), etag: None, asked: now() };
        write(folder, &label, head.into_bytes()).unwrap();
        let file = std::fs::File::options().write(true).open(file(folder, address, KIND)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(age)).unwrap();
    }

    #[test]
    fn what_is_kept_is_read_as_it_came_and_what_makes_no_sense_is_not() {
        let kept = tempfile::tempdir().unwrap();
        let (folder, address) = (kept.path(), "https://example.org/files/a.zsync");
        assert_eq!(read(folder, address), None);
        keep(folder, address, 0);
        let (label, control) = read(folder, address).unwrap();
        assert_eq!((&*label.address, &*control.url), (address, "https://example.org/files/a.AppImage"));
        assert!(control.bytes.starts_with(b"zsync: ") && control.bytes.ends_with(b"\0\n\x01"), "{control:?}");
        for bad in [&b""[..], b"{}\n", b"no line", b"\n\n\n"] {
            std::fs::write(file(folder, address, KIND), bad).unwrap();
            assert_eq!(read(folder, address), None, "{bad:?}");
        }
        forget(folder, address).unwrap();
        forget(folder, address).unwrap();
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
    }

    #[test]
    fn those_that_came_first_go_where_there_are_too_many() {
        let kept = tempfile::tempdir().unwrap();
        let folder = kept.path();
        let addresses = [1, 2, 3].map(|number| format!("https://example.org/{number}"));
        for (address, age) in addresses.iter().zip([30, 10, 20]) {
            keep(folder, address, age);
        }
        std::fs::write(folder.join("answer.json"), vec![7; 9999]).unwrap();
        let size = file(folder, &addresses[0], KIND).metadata().unwrap().len();
        prune(folder, 2 * size).unwrap();
        assert_eq!(addresses.map(|address| read(folder, &address).is_some()), [false, true, true]);
        assert!(folder.join("answer.json").exists());
    }
}
