//! The objects of an archive-mode OSTree repository, written by this process itself: `ostree commit` costs 30 ms, most
//! of it the start of a program.
//!
//! The formats are those of `ostree-core.h`: file objects are a header and raw deflate, the others GVariant. Numbers in
//! them are big-endian. Everything belongs to root, has canonical permissions and no extended attributes.

use super::tree::Node;
use crate::{DemoError, Key};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use zgvariant::serialized::Context;
use zgvariant::{LE, Type, Variant};

/// Mode of a regular file, of a program and of a folder.
const FILE: u32 = 0o100_644;
const PROGRAM: u32 = 0o100_755;
const FOLDER: u32 = 0o040_755;

/// Extended attributes: there are none.
type Attributes = Vec<(Vec<u8>, Vec<u8>)>;
/// What a file's content is hashed behind: owner, group, mode, device, target of a link.
type FileHeader = (u32, u32, u32, u32, &'static str, Attributes);
/// What a packed file begins with: the same behind its length.
type PackedHeader = (u64, u32, u32, u32, u32, &'static str, Attributes);
type FolderMeta = (u32, u32, u32, Attributes);
type FolderTree<'a> = (Vec<(&'a str, Vec<u8>)>, Vec<(&'a str, Vec<u8>, Vec<u8>)>);
/// Values of a commit: `xa.metadata` and so on.
pub(super) type Values<'a> = BTreeMap<&'a str, Variant<'a>>;
type CommitParts<'a> = (&'a Values<'a>, Vec<u8>, Vec<(String, Vec<u8>)>, &'a str, &'static str, u64, Vec<u8>, Vec<u8>);

/// A checksum, as it stands in objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sum([u8; 32]);

/// A tree that is in the store.
#[derive(Debug)]
pub(super) struct Stored {
    tree: Sum,
    meta: Sum,
    /// Bytes on a disk.
    pub(super) installed: u64,
    /// Bytes of its packed files.
    pub(super) download: u64,
}

/// What a commit says beside its tree.
#[derive(Debug)]
pub(super) struct Commit<'a> {
    pub(super) reference: &'a str,
    pub(super) values: Values<'a>,
    /// Seconds since 1970.
    pub(super) date: u64,
    pub(super) key: Option<&'a Key>,
}

/// Writes objects, from several threads at once.
#[derive(Debug)]
pub(super) struct Objects {
    folder: PathBuf,
    /// Makes the names of unfinished files different.
    unfinished: AtomicU64,
}

impl Objects {
    pub(super) fn new(repository: &Path) -> Self {
        Self { folder: repository.to_owned(), unfinished: AtomicU64::new(0) }
    }

    /// Writes a folder with all that is in it.
    pub(super) fn folder(&self, nodes: &BTreeMap<String, Node>) -> Result<Stored, DemoError> {
        let meta: FolderMeta = (0, 0, FOLDER.to_be(), Attributes::new());
        let meta = self.put("dirmeta", &variant(&meta)?)?;
        let (mut files, mut folders, mut installed, mut download) = (Vec::new(), Vec::new(), 0, 0);
        for (name, node) in nodes {
            match node {
                Node::File { bytes, program } => {
                    let (sum, packed) = self.file(bytes, if *program { PROGRAM } else { FILE })?;
                    installed += (bytes.len() as u64).div_ceil(512) * 512;
                    download += packed;
                    files.push((name.as_str(), sum.0.to_vec()));
                }
                Node::Folder(inner) => {
                    let inner = self.folder(inner)?;
                    installed += inner.installed;
                    download += inner.download;
                    folders.push((name.as_str(), inner.tree.0.to_vec(), inner.meta.0.to_vec()));
                }
            }
        }
        let tree: FolderTree = (files, folders);
        Ok(Stored { tree: self.put("dirtree", &variant(&tree)?)?, meta, installed, download })
    }

    /// Writes a commit and makes the reference point to it. Gives its checksum.
    pub(super) fn commit(&self, root: &Stored, commit: &Commit) -> Result<String, DemoError> {
        let reference = self.folder.join("refs/heads").join(commit.reference);
        let parent = match fs::read_to_string(&reference) {
            Ok(parent) => bytes(parent.trim()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(DemoError::file(&reference)(error)),
        };
        let subject = format!("Export {}", commit.reference);
        let (tree, meta) = (root.tree.0.to_vec(), root.meta.0.to_vec());
        let parts: CommitParts = (&commit.values, parent, Vec::new(), &subject, "", commit.date.to_be(), tree, meta);
        let object = variant(&parts)?;
        let sum = self.put("commit", &object)?;
        if let Some(key) = commit.key {
            self.sign(sum, &object, key)?;
        }
        let sum = text(&sum.0);
        self.replace(&reference, |file| writeln!(file, "{sum}"))?;
        Ok(sum)
    }

    /// Puts a signature beside a commit, where OSTree looks for it.
    fn sign(&self, sum: Sum, object: &[u8], key: &Key) -> Result<(), DemoError> {
        let values: Values = BTreeMap::from([("ostree.gpgsigs", Variant::new(vec![key.signature(object)?]))]);
        let signatures = variant(&values)?;
        self.replace(&self.path(sum, "commitmeta"), |file| file.write_all(&signatures))
    }

    /// Writes a file's content. Gives the bytes that it takes packed as well.
    fn file(&self, bytes: &[u8], mode: u32) -> Result<(Sum, u64), DemoError> {
        let header: FileHeader = (0, 0, mode.to_be(), 0, "", Attributes::new());
        let mut hash = Sha256::new();
        hash.update(framed(&variant(&header)?));
        hash.update(bytes);
        let sum = Sum(hash.finalize().into());
        let path = self.path(sum, "filez");
        if !path.exists() {
            let length = bytes.len() as u64;
            let header: PackedHeader = (length.to_be(), 0, 0, mode.to_be(), 0, "", Attributes::new());
            let header = framed(&variant(&header)?);
            self.replace(&path, |file| {
                file.write_all(&header)?;
                let mut packer = DeflateEncoder::new(file, Compression::fast());
                packer.write_all(bytes)?;
                packer.finish().map(drop)
            })?;
        }
        let size = fs::metadata(&path).map_err(DemoError::file(&path))?.len();
        Ok((sum, size))
    }

    /// Writes an object that is named by the checksum of its bytes.
    fn put(&self, kind: &str, object: &[u8]) -> Result<Sum, DemoError> {
        let sum = Sum(Sha256::digest(object).into());
        let path = self.path(sum, kind);
        if !path.exists() {
            self.replace(&path, |file| file.write_all(object))?;
        }
        Ok(sum)
    }

    fn path(&self, sum: Sum, kind: &str) -> PathBuf {
        let name = text(&sum.0);
        let (folder, rest) = name.split_at(2);
        self.folder.join("objects").join(folder).join(format!("{rest}.{kind}"))
    }

    /// Writes a file beside its place and renames it: several threads may write the same object.
    fn replace(
        &self,
        path: &Path,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), DemoError> {
        let new = self.folder.join("tmp").join(format!("new-{}", self.unfinished.fetch_add(1, Ordering::Relaxed)));
        let written = || -> io::Result<()> {
            let mut file = BufWriter::new(File::create(&new)?);
            write(&mut file)?;
            file.flush()?;
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::rename(&new, path)
        };
        written().map_err(DemoError::file(path))
    }
}

/// A header as OSTree writes it: its length, padded to eight bytes, before it.
fn framed(header: &[u8]) -> Vec<u8> {
    let length = u32::try_from(header.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes()[..], &[0; 4], header].concat()
}

fn variant<T: Serialize + Type>(value: &T) -> Result<Vec<u8>, DemoError> {
    let wrong = |error: zgvariant::Error| DemoError::Description(format!("an object: {error}"));
    Ok(zgvariant::to_bytes(Context::new(LE, 0), value).map_err(wrong)?.bytes().to_vec())
}

fn text(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |text, byte| format!("{text}{byte:02x}"))
}

/// The bytes of a checksum in hexadecimal; fewer where it is none.
fn bytes(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks_exact(2);
    pairs.map_while(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
