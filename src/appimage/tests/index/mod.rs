//! Indices of soarpkgs, made and signed as their makers do it.

#![allow(dead_code)] // Not every test needs all of it.
#![allow(clippy::unwrap_used)]

use minisign::KeyPair;
use rusqlite::Connection;
use std::io::Cursor;
use std::sync::LazyLock;

/// The table as soarpkgs' tool makes it, by the columns that matter and some that do not.
pub(crate) const TABLE: &str = "CREATE TABLE packages (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, pkg_id TEXT COLLATE NOCASE, pkg_name TEXT NOT NULL COLLATE NOCASE,
    pkg_type TEXT COLLATE NOCASE, app_id TEXT COLLATE NOCASE, description TEXT, version TEXT NOT NULL, licenses JSONB,
    download_url TEXT NOT NULL, size BIGINT, bsum TEXT, icon TEXT, homepages JSONB, source_urls JSONB, categories JSONB,
    build_date TEXT, provides JSONB, soar_syms BOOLEAN NOT NULL DEFAULT false);";

static KEYS: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate_unencrypted_keypair().unwrap());

/// An index as it is published.
pub(crate) struct Index {
    pub(crate) packed: Vec<u8>,
    pub(crate) signature: String,
}

/// The key that signs them, as people write it.
pub(crate) fn key() -> String {
    KEYS.pk.to_base64()
}

/// An index of what these statements of SQL leave.
pub(crate) fn index(statements: &str) -> Index {
    packed(&database(statements))
}

/// The database of what these statements leave.
pub(crate) fn database(statements: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("metadata.sdb");
    let connection = Connection::open(&file).unwrap();
    connection.execute_batch(statements).unwrap();
    connection.close().unwrap();
    std::fs::read(&file).unwrap()
}

/// An index of these bytes.
pub(crate) fn packed(content: &[u8]) -> Index {
    signed(zstd::stream::encode_all(content, 3).unwrap())
}

/// The same of what is packed already, or claims to be.
pub(crate) fn signed(packed: Vec<u8>) -> Index {
    let signature = minisign::sign(None, &KEYS.sk, Cursor::new(&packed), Some("made for a test"), None).unwrap();
    Index { packed, signature: signature.to_string() }
}

/// Two AppImages of projects that AppImageHub's list of the tests has, too.
pub(crate) const WEATHERVANE: &str = r#"INSERT INTO packages
    (pkg_name, pkg_type, app_id, description, version, licenses, download_url, size, bsum, homepages, source_urls) VALUES
    ('weathervane', 'appimage', 'io.github.ridgeline.Weathervane', 'Shows the weather', '2.1', '["MIT","CC0-1.0"]',
     'https://github.com/ridgeline/weathervane/releases/download/2.1/w.AppImage', 1048576,
     '00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF', '["https://weathervane.example.org"]',
     '["https://github.com/ridgeline/weathervane"]'),
    ('lathe', 'AppImage', NULL, 'Turns things', '1', NULL,
     'https://codeberg.org/ben/lathe/releases/download/1/lathe.AppImage', 5, 'short', NULL, '["https://example.org/lathe"]');"#;
