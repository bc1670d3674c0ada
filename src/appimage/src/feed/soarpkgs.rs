//! The index of soarpkgs: packages with digests, signed as a whole. Nothing of it is read, unpacked even, before its
//! signature was checked. It is a database of SQLite with a row for each version of a package:
//! <https://github.com/pkgforge/soar/tree/main/crates/soar-db/migrations/metadata>

use super::html::blocks;
use super::value::{TEXTS, digest, gather, is_https, number, text, texts};
use super::{BadFeed, Download, Feed, FeedLoss, Project, Record};
use crate::format::Architecture;
use crate::limits;
use minisign_verify::{PublicKey, Signature};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use serde::de::DeserializeSeed;
use serde_json::{Deserializer, Map, Value};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::Read;
use strata_model::version;

/// What is read of a package as it stands.
const PLAIN: [&str; 11] = [
    "pkg_id",
    "pkg_name",
    "pkg_type",
    "app_id",
    "description",
    "version",
    "download_url",
    "size",
    "bsum",
    "icon",
    "build_date",
];
/// What is read of it as lists, in JSON or in SQLite's own form of that.
const LISTS: [&str; 4] = ["licenses", "homepages", "source_urls", "categories"];
/// Without these it is no such index.
const NEEDED: [&str; 2] = ["pkg_name", "download_url"];

/// Where the header of a database says how it was written, and what a file says that stands alone.
/// <https://sqlite.org/fileformat2.html>
const WRITTEN: std::ops::Range<usize> = 18..20;
const ALONE: [u8; 2] = [1, 1];

/// What a value takes at least, once it is read, in bytes.
const VALUE: usize = 64;

/// A row.
type Package = Map<String, Value>;

/// Why an index is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadIndex {
    /// The key did not make the signature over it.
    #[error("its signature is not by its key")]
    BadSignature,
    /// It is packed wrongly.
    #[error("it cannot be unpacked")]
    Packed,
    /// It is no index.
    #[error(transparent)]
    Feed(#[from] BadFeed),
}

/// Reads the index for a machine: a database packed by Zstandard, with a signature of minisign's over what is packed.
///
/// # Errors
/// See [`BadIndex`]. What is wrong with an entry costs that entry.
pub fn soarpkgs(packed: &[u8], signature: &str, key: &str, machine: Architecture) -> Result<Feed, BadIndex> {
    if packed.len() > limits::FEED || signature.len() > limits::MINISIGN {
        return Err(BadFeed::TooLarge.into());
    }
    let key = PublicKey::from_base64(key).map_err(|_| BadIndex::BadSignature)?;
    let signature = Signature::decode(signature).map_err(|_| BadIndex::BadSignature)?;
    key.verify(packed, &signature, false).map_err(|_| BadIndex::BadSignature)?;
    let mut unpacked = Vec::new();
    let reader = zstd::stream::read::Decoder::new(packed).map_err(|_| BadIndex::Packed)?;
    reader.take(limits::INDEX as u64 + 1).read_to_end(&mut unpacked).map_err(|_| BadIndex::Packed)?;
    if unpacked.len() > limits::INDEX {
        return Err(BadFeed::TooLarge.into());
    }
    let (packages, more) = packages(unpacked).map_err(|error| {
        tracing::debug!(%error, "no index");
        BadFeed::Malformed
    })?;
    let each = |each: &mut dyn FnMut(Value)| {
        newest(packages).into_iter().map(Value::Object).for_each(each);
        Ok(more)
    };
    Ok(gather(each, |package, _| record(package, machine))?)
}

/// The rows of the database, and whether there are more than are read.
fn packages(mut database: Vec<u8>) -> rusqlite::Result<(Vec<Package>, bool)> {
    // One that its writer kept a journal beside would be looked for together with that.
    if let Some(written) = database.get_mut(WRITTEN) {
        written.copy_from_slice(&ALONE);
    }
    let mut connection = Connection::open_in_memory()?;
    connection.deserialize_read_exact("main", database.as_slice(), database.len(), true)?;
    connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")?;
    let columns = columns(&connection)?;
    if NEEDED.iter().any(|needed| !columns.iter().any(|column| column == needed)) {
        return Err(rusqlite::Error::InvalidColumnName(NEEDED.join(", ")));
    }
    let found = |name: &&&str| columns.iter().any(|column| column == **name);
    let plain = PLAIN.iter().filter(found).map(|name| (*name).to_owned());
    // In text or in SQLite's own bytes; what is neither, or has no end, is nothing.
    let list = |name: &&str| {
        let room = limits::INDEX_LIST;
        format!("CASE WHEN octet_length({name}) <= {room} AND json_valid({name}, 9) THEN json({name}) END AS {name}")
    };
    let wanted: Vec<String> = plain.chain(LISTS.iter().filter(found).map(list)).collect();
    let query = format!("SELECT {} FROM packages ORDER BY rowid", wanted.join(", "));
    let mut statement = connection.prepare(&query)?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let (mut rows, mut packages) = (statement.query([])?, Vec::new());
    // Rows of a file may share what they hold, and so have far more in all than it.
    let mut room = limits::INDEX;
    while let Some(row) = rows.next()? {
        match package(&names, row, &mut room)? {
            Some(package) if packages.len() < limits::FEED_ENTRIES => packages.push(package),
            _ => return Ok((packages, true)),
        }
    }
    Ok((packages, false))
}

/// The columns of the table, none where it is something else: what a view is made of may take for ever.
fn columns(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let query = "SELECT info.name FROM sqlite_schema AS of, pragma_table_info('packages') AS info
        WHERE of.name = 'packages' AND of.type = 'table'";
    let mut statement = connection.prepare(query)?;
    statement.query_map([], |row| row.get(0))?.collect()
}

/// A row; `None` if there is no room for it.
fn package(names: &[String], row: &Row, room: &mut usize) -> rusqlite::Result<Option<Package>> {
    let mut package = Package::new();
    for (place, name) in names.iter().enumerate() {
        let (value, size) = match row.get_ref(place)? {
            ValueRef::Integer(number) => (number.into(), VALUE),
            ValueRef::Text(bytes) => (read_text(name, bytes), bytes.len() + VALUE),
            ValueRef::Blob(bytes) => (Value::Null, bytes.len()),
            ValueRef::Null | ValueRef::Real(_) => continue,
        };
        let items = value.as_array().map_or(0, Vec::len);
        let Some(left) = room.checked_sub(size + items * VALUE) else { return Ok(None) };
        *room = left;
        package.insert(name.clone(), value);
    }
    Ok(Some(package))
}

fn read_text(name: &str, bytes: &[u8]) -> Value {
    if !LISTS.contains(&name) {
        return String::from_utf8_lossy(bytes).into();
    }
    TEXTS.deserialize(&mut Deserializer::from_slice(bytes)).unwrap_or_default()
}

/// Of each package the version that is newest, in the place of the first one.
fn newest(packages: Vec<Package>) -> Vec<Package> {
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    let mut found: Vec<Package> = Vec::new();
    for package in packages {
        let text = |key| text(&package, key, limits::FEED_NAME).to_lowercase();
        match places.entry((text("pkg_id"), text("pkg_name"))) {
            Entry::Vacant(place) => {
                place.insert(found.len());
                found.push(package);
            }
            Entry::Occupied(place) if is_newer(&package, &found[*place.get()]) => found[*place.get()] = package,
            Entry::Occupied(_) => {}
        }
    }
    found
}

/// By the day where both have one, else by the version.
fn is_newer(package: &Package, other: &Package) -> bool {
    let text = |package: &Package, key| text(package, key, limits::FEED_NAME);
    let (day, other_day) = (text(package, "build_date"), text(other, "build_date"));
    let by_day = if day.is_empty() || other_day.is_empty() { Ordering::Equal } else { day.cmp(&other_day) };
    by_day.then_with(|| version::compare(&text(package, "version"), &text(other, "version"))) == Ordering::Greater
}

fn record(package: &Package, machine: Architecture) -> Result<Record, FeedLoss> {
    if !text(package, "pkg_type", limits::FEED_NAME).eq_ignore_ascii_case("appimage") {
        return Err(FeedLoss::OtherKind);
    }
    let name = text(package, "pkg_name", limits::FEED_NAME);
    if name.is_empty() {
        return Err(FeedLoss::NoName);
    }
    let url = text(package, "download_url", limits::FEED_URL);
    if !is_https(&url) {
        return Err(FeedLoss::NoDownload);
    }
    let download = Download {
        architecture: machine,
        version: text(package, "version", limits::FEED_NAME),
        size: number(package, "size").unwrap_or_default(),
        sha256: None,
        blake3: package.get("bsum").and_then(Value::as_str).and_then(digest),
        url,
    };
    let (sources, homepages) = (texts(package, "source_urls"), texts(package, "homepages"));
    // Whoever publishes the AppImage may be another one than whoever wrote the app.
    let project = [&download.url].into_iter().chain(&sources).chain(&homepages).find_map(|url| Project::of_url(url));
    let icon = text(package, "icon", limits::FEED_URL);
    Ok(Record {
        id: text(package, "app_id", limits::FEED_NAME),
        summary: text(package, "description", limits::FEED_SUMMARY),
        description: blocks(package.get("description").and_then(Value::as_str).unwrap_or_default()),
        categories: texts(package, "categories"),
        licence: texts(package, "licenses").join(" AND "),
        homepage: homepages.into_iter().find(|url| is_https(url)).unwrap_or_default(),
        page: if project.is_none() { download.url.clone() } else { String::new() },
        icons: Some(icon).filter(|url| is_https(url)).into_iter().collect(),
        downloads: vec![download],
        project,
        name,
        ..Record::default()
    })
}
