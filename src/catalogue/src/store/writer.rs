//! Writes a new catalogue beside the old one and puts it in its place.

use super::attributes::{self, Attributes};
use super::schema;
use crate::CatalogueError;
use crate::appstream::Component;
use crate::part::Part;
use crate::search::words::Words;
use rusqlite::{Connection, OpenFlags, params};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use strata_model::Offer;

/// Bytes of a page: larger than SQLite's own choice, for fewer of them to be made and written.
const PAGE_BYTES: i64 = 8 << 10;
/// Memory for SQLite's pages, in KiB. Nearly everything is written in order, so few are wanted twice.
const PAGES_KIB: i64 = 4 << 10;
/// Memory for the words before they are written, in bytes: enough to write them once and in order.
const WORDS_BYTES: i64 = 24 << 20;

/// A catalogue that is being written. Dropped before [`Writer::finish`], it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Writer {
    connection: Option<Connection>,
    file: PathBuf,
    target: PathBuf,
}

impl Writer {
    /// Begins a catalogue that will take the place of `target`. What a build that broke off left is thrown away.
    pub(crate) fn create(target: &Path) -> Result<Self, CatalogueError> {
        if target.is_dir() {
            return Err(CatalogueError::InTheWay(target.to_owned()));
        }
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(|error| unwritable(&error))?;
        }
        let mut file = target.as_os_str().to_owned();
        file.push(".new");
        let file = PathBuf::from(file);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unwritable(&error)),
            _ => {}
        }
        // Which apps a person's origins carry is nobody else's business.
        let private = File::options().write(true).create_new(true).mode(0o600).open(&file);
        drop(private.map_err(|error| unwritable(&error))?);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&file, flags)?;
        let writer = Self { connection: Some(connection), file, target: target.to_owned() };
        // The file is worth nothing until it is whole, so it needs no journal; it reaches the disk before its new name.
        writer.connection()?.execute_batch(&format!(
            "PRAGMA page_size={PAGE_BYTES}; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;
             PRAGMA locking_mode=EXCLUSIVE; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-{PAGES_KIB}; PRAGMA application_id={}; PRAGMA user_version={};
             BEGIN; {} INSERT INTO words (words, rank) VALUES ('hashsize', {WORDS_BYTES});",
            schema::APPLICATION,
            schema::NUMBER,
            schema::TABLES
        ))?;
        Ok(writer)
    }

    pub(super) fn connection(&self) -> Result<&Connection, CatalogueError> {
        self.connection.as_ref().ok_or_else(|| CatalogueError::Write("finished already".to_owned()))
    }

    /// What search looks through for an app. To be called in the order of numbers.
    fn add_words(&self, number: i64, words: &Words) -> Result<(), CatalogueError> {
        let mut insert = self.connection()?.prepare_cached(
            "INSERT INTO words (rowid, name, id, keywords, role, summary, developer, description)
             VALUES (?,?,?,?,?,?,?,?)",
        )?;
        let Words { name, id, keywords, role, summary, developer, description } = words;
        insert.execute(params![number, name, id, keywords, role, summary, developer, description])?;
        Ok(())
    }

    /// What the page of a part shows: its entry, as JSON.
    pub(crate) fn add_detail(&self, number: i64, body: &[u8]) -> Result<(), CatalogueError> {
        let mut insert = self.connection()?.prepare_cached("INSERT INTO detail (number, body) VALUES (?,?)")?;
        insert.execute(params![number, body])?;
        Ok(())
    }

    /// What was added as the detail of a part, if it makes sense.
    pub(crate) fn detail(&self, number: i64) -> Result<Option<Component>, CatalogueError> {
        let mut select = self.connection()?.prepare_cached("SELECT body FROM detail WHERE number = ?")?;
        let body: Vec<u8> = select.query_row([number], |row| row.get(0))?;
        Ok(super::row::entry(&body))
    }

    /// A part, whole but for its detail. To be called in the order of numbers.
    pub(crate) fn add_part(&self, number: i64, part: &Part) -> Result<(), CatalogueError> {
        self.add_row(number, part)?;
        for (place, offer) in part.offers.iter().enumerate() {
            self.add_offer(number, place, offer)?;
        }
        if let Some(words) = part.words.as_ref().filter(|_| part.is_listed()) {
            self.add_words(number, words)?;
        }
        Ok(())
    }

    fn add_row(&self, number: i64, part: &Part) -> Result<(), CatalogueError> {
        let path = |path: &Option<PathBuf>| path.as_ref().and_then(|path| path.to_str().map(str::to_owned));
        let mut insert = self.connection()?.prepare_cached(
            "INSERT INTO part (number, detail, kind, standing, id, name, summary, developer, icon_small, icon_large,
             icon_remote, verified, sources, carried, upkeep, popularity, installs, updated, first)
             VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        )?;
        insert.execute(params![
            number,
            part.detail,
            part.kind,
            part.standing(),
            part.id.as_str(),
            part.name,
            part.summary,
            part.developer,
            path(&part.icon.small),
            path(&part.icon.large),
            part.icon.remote,
            part.verified(),
            part.sources(),
            part.is_carried(),
            part.upkeep,
            part.popularity.score,
            part.popularity.installs,
            part.updated,
            part.first
        ])?;
        Ok(())
    }

    /// What search asks about each app that it finds, in the order of numbers.
    pub(crate) fn add_attributes<'a>(&self, apps: impl Iterator<Item = &'a Part>) -> Result<(), CatalogueError> {
        let body = attributes::packed(apps.map(|app| Attributes { prior: app.prior().value(), marks: app.marks() }));
        self.connection()?.execute("INSERT INTO attributes (body) VALUES (?)", params![body])?;
        Ok(())
    }

    /// An app in a list of an origin.
    pub(crate) fn add_listed(&self, list: &str, place: i64, number: i64) -> Result<(), CatalogueError> {
        let mut insert =
            self.connection()?.prepare_cached("INSERT INTO listed (list, place, number) VALUES (?,?,?)")?;
        insert.execute(params![list, place, number])?;
        Ok(())
    }

    fn add_offer(&self, number: i64, place: usize, offer: &Offer) -> Result<(), CatalogueError> {
        let mut insert = self.connection()?.prepare_cached(
            "INSERT INTO offer (number, place, source, scope, origin, reference, version, released, verified, priority,
             runtime, download_size, installed_size, obstacle, list, launcher, evidence)
             VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        )?;
        let size = |size: u64| i64::try_from(size).unwrap_or(i64::MAX);
        let obstacle = offer.obstacle.as_ref().map(serde_json::to_string).transpose();
        let told = Some(&offer.evidence).filter(|evidence| !evidence.is_empty());
        let evidence = told.map(serde_json::to_string).transpose();
        insert.execute(params![
            number,
            i64::try_from(place).unwrap_or(i64::MAX),
            offer.id.source.as_str(),
            offer.id.scope,
            offer.id.origin,
            offer.id.reference,
            offer.version,
            offer.released,
            offer.verified,
            offer.priority,
            offer.runtime,
            size(offer.download_size),
            size(offer.installed_size),
            obstacle.map_err(|error| CatalogueError::Write(error.to_string()))?,
            offer.list,
            offer.launcher,
            evidence.map_err(|error| CatalogueError::Write(error.to_string()))?,
        ])?;
        Ok(())
    }

    /// A map of words for finding what somebody may have meant.
    pub(super) fn add_vocabulary(&self, kind: i64, body: &[u8]) -> Result<(), CatalogueError> {
        self.connection()?.execute("INSERT INTO vocabulary (kind, body) VALUES (?, ?)", params![kind, body])?;
        Ok(())
    }

    /// What extends an app.
    pub(crate) fn add_addon(&self, app: i64, addon: i64) -> Result<(), CatalogueError> {
        let mut insert = self.connection()?.prepare_cached("INSERT OR IGNORE INTO addon (app, addon) VALUES (?,?)")?;
        insert.execute(params![app, addon])?;
        Ok(())
    }

    /// Makes the catalogue whole and puts it in the place of the old one: from now on readers see it, and after a
    /// power cut there is the old one or the new one.
    pub(crate) fn finish(mut self, generation: u64, languages: &str, report: &str) -> Result<(), CatalogueError> {
        let connection = self.connection()?;
        let generation = i64::try_from(generation).unwrap_or(i64::MAX);
        connection.execute(
            "INSERT INTO about (generation, languages, report) VALUES (?,?,?)",
            params![generation, languages, report],
        )?;
        connection.execute_batch(&schema::indexes())?;
        connection.execute_batch("INSERT INTO words (words) VALUES ('optimize')")?;
        self.add_vocabulary(schema::VOCABULARY_WORDS, &terms(connection)?)?;
        connection.execute_batch("COMMIT")?;
        if let Some(connection) = self.connection.take() {
            connection.close().map_err(|(_, error)| error)?;
        }
        self.put_in_place().map_err(|error| unwritable(&error))
    }

    fn put_in_place(&self) -> io::Result<()> {
        File::open(&self.file)?.sync_all()?;
        fs::rename(&self.file, &self.target)?;
        match self.target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
            _ => Ok(()),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.connection.take());
        // After a rename there is nothing at this name any more, and that is no error.
        let _gone = fs::remove_file(&self.file);
    }
}

/// Every word that is known, with the number of apps that have it.
fn terms(connection: &Connection) -> Result<Vec<u8>, CatalogueError> {
    connection.execute_batch("CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'words', 'row')")?;
    let mut statement = connection.prepare("SELECT term, doc FROM temp.terms ORDER BY term")?;
    let mut rows = statement.query([])?;
    let mut map = fst::MapBuilder::memory();
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(1)?;
        map.insert(row.get_ref(0)?.as_bytes().unwrap_or_default(), number.unsigned_abs()).map_err(unmapped)?;
    }
    map.into_inner().map_err(unmapped)
}

/// What the library of maps says against one.
#[allow(clippy::needless_pass_by_value)] // Used as a function for `map_err`.
pub(super) fn unmapped(error: fst::Error) -> CatalogueError {
    CatalogueError::Write(error.to_string())
}

fn unwritable(error: &io::Error) -> CatalogueError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => CatalogueError::NoSpace(error.to_string()),
        _ => CatalogueError::Write(error.to_string()),
    }
}

/// While writing; readers have their own kinds of errors.
impl From<rusqlite::Error> for CatalogueError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::NoSpace(error.to_string()),
            _ => Self::Write(error.to_string()),
        }
    }
}
