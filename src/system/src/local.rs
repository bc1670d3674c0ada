//! Packages in files: what they are, and whether they can be layered at all, before the daemon is asked.

use crate::header::{self, Header, Package};
use crate::wishes::open;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use strata_model::{Failure, FailureKind};

/// What a package begins with: a block of old, of which the first bytes and the type still count.
const LEAD: usize = 96;
const LEAD_MAGIC: [u8; 4] = [0xed, 0xab, 0xee, 0xdb];
/// The byte of the type, of two, that says whether it holds programs or sources.
const LEAD_TYPE: usize = 7;
const SOURCES: u8 = 1;
/// What a header begins with; its counts come after four more bytes.
const HEADER_MAGIC: [u8; 4] = [0x8e, 0xad, 0xe8, 0x01];
const HEADER_BEGIN: usize = 16;

/// Of the signatures: bytes of the header and of what is packed after it, in two sizes, and the header's checksum.
const SIZE: u32 = 1000;
const LONG_SIZE: u32 = 270;
const HEADER_SHA256: u32 = 273;

/// Why a file is not layered.
#[derive(Debug)]
enum Unfit {
    NoPackage,
    CutOff,
    Damaged(&'static str),
    Machine(String),
    Unreadable(io::Error),
}

impl From<io::Error> for Unfit {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::CutOff } else { Self::Unreadable(error) }
    }
}

/// The package in a file.
///
/// # Errors
/// [`FailureKind::NotAPackage`], [`FailureKind::CutOff`], [`FailureKind::WrongArchitecture`], and
/// [`FailureKind::BadFile`] for one that cannot be read.
pub(crate) fn read(path: &Path) -> Result<Package, Failure> {
    let read = open(path).map_err(Unfit::Unreadable).and_then(|file| package(&file));
    let fits =
        read.and_then(|package| if runs_here(&package.architecture) { Ok(package) } else { Err(machine(package)) });
    fits.map_err(|unfit| {
        let (kind, detail) = match unfit {
            Unfit::NoPackage => (FailureKind::NotAPackage, String::new()),
            Unfit::CutOff => (FailureKind::CutOff, String::new()),
            Unfit::Damaged(detail) => (FailureKind::BadFile, detail.to_owned()),
            Unfit::Machine(detail) => (FailureKind::WrongArchitecture, detail),
            Unfit::Unreadable(error) => (FailureKind::BadFile, error.to_string()),
        };
        Failure::new(kind, path.to_string_lossy(), detail)
    })
}

fn machine(package: Package) -> Unfit {
    Unfit::Machine(package.architecture)
}

fn package(file: &File) -> Result<Package, Unfit> {
    let length = file.metadata()?.len();
    let mut lead = [0; LEAD];
    let begin = usize::try_from(length).unwrap_or(LEAD).min(LEAD);
    file.read_exact_at(&mut lead[..begin], 0)?;
    if lead[..4] != LEAD_MAGIC {
        return Err(Unfit::NoPackage);
    }
    let signatures = block(file, LEAD as u64, length)?;
    // The signatures are padded to eight bytes.
    let begin = LEAD as u64 + (signatures.len() as u64).next_multiple_of(8);
    let bytes = block(file, begin, length)?;
    let signatures = inside(&signatures)?;
    let size = signatures.number(SIZE).or_else(|| signatures.number(LONG_SIZE));
    if size.is_some_and(|size| length - begin < size) {
        return Err(Unfit::CutOff);
    }
    if signatures.text(HEADER_SHA256).is_some_and(|expected| expected != checksum(&bytes)) {
        return Err(Unfit::Damaged("its header does not have the checksum that it came with"));
    }
    if lead[LEAD_TYPE] == SOURCES {
        return Err(Unfit::Machine("it holds sources, and no programs".to_owned()));
    }
    inside(&bytes)?.package().ok_or(Unfit::Damaged("its header says neither name nor version"))
}

/// A header with its beginning, as long as it says itself.
fn block(file: &File, at: u64, length: u64) -> Result<Vec<u8>, Unfit> {
    let mut begin = [0; HEADER_BEGIN];
    file.read_exact_at(&mut begin, at)?;
    if begin[..4] != HEADER_MAGIC {
        return Err(Unfit::Damaged("a header does not begin as one"));
    }
    let size = header::size(&begin[8..]).ok_or(Unfit::Damaged("a header is larger than any"))?;
    // Before memory is taken for it.
    if length.saturating_sub(at) < (HEADER_BEGIN + size) as u64 {
        return Err(Unfit::CutOff);
    }
    let mut bytes = vec![0; HEADER_BEGIN + size];
    file.read_exact_at(&mut bytes, at)?;
    Ok(bytes)
}

fn inside(block: &[u8]) -> Result<Header<'_>, Unfit> {
    block.get(8..).and_then(Header::of).ok_or(Unfit::Damaged("a header is not whole"))
}

fn checksum(bytes: &[u8]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0'));
    Sha256::digest(bytes).iter().flat_map(digits).collect()
}

/// Whether programs of this kind run on this machine; of a machine that nobody knows here, all may.
fn runs_here(architecture: &str) -> bool {
    let own: &[&str] = match std::env::consts::ARCH {
        "x86_64" => &["x86_64", "amd64", "i386", "i486", "i586", "i686", "athlon"],
        "aarch64" => &["aarch64"],
        "riscv64" => &["riscv64"],
        "s390x" => &["s390x"],
        "powerpc64" => &["ppc64"],
        _ => return true,
    };
    // `x86_64_v3`, `ppc64le`
    architecture == "noarch" || own.iter().any(|kind| architecture.starts_with(kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::tests::{header as entries, package as of};

    const OWN: &[u8] = if cfg!(target_arch = "x86_64") { b"x86_64\0" } else { b"noarch\0" };
    const PAYLOAD: usize = 40;

    fn block(entries: &[u8]) -> Vec<u8> {
        HEADER_MAGIC.into_iter().chain([0; 4]).chain(entries.iter().copied()).collect()
    }

    /// A package with its size and checksum, and something that is packed.
    fn file(architecture: &[u8], kind: u8) -> Vec<u8> {
        let main = block(&of(architecture));
        let size = u32::try_from(main.len() + PAYLOAD).unwrap().to_be_bytes();
        let sum = format!("{}\0", checksum(&main));
        let signatures = block(&entries(&[(SIZE, 4, &size), (HEADER_SHA256, 6, sum.as_bytes())]));
        let mut bytes = LEAD_MAGIC.to_vec();
        bytes.extend([3, 0, 0, kind]);
        bytes.resize(LEAD, 0);
        bytes.extend(&signatures);
        bytes.resize(LEAD + signatures.len().next_multiple_of(8), 0);
        bytes.extend(main);
        bytes.extend([7; PAYLOAD]);
        bytes
    }

    fn told(bytes: &[u8]) -> Result<String, FailureKind> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.rpm");
        std::fs::write(&path, bytes).unwrap();
        let told = read(&path).map_err(|failure| (failure.kind, failure.subject));
        told.map(|package| package.name).map_err(|(kind, subject)| {
            assert_eq!(subject, path.to_string_lossy());
            kind
        })
    }

    #[test]
    fn a_package_is_read_and_everything_else_refused_with_its_reason() {
        let whole = file(OWN, 0);
        assert_eq!(told(&whole).as_deref(), Ok("own-tool"));
        assert_eq!(told(b""), Err(FailureKind::NotAPackage));
        assert_eq!(
            told(b"not a package, and longer than what one begins with".repeat(4).as_slice()),
            Err(FailureKind::NotAPackage)
        );
        for end in 4..whole.len() {
            assert_eq!(told(&whole[..end]), Err(FailureKind::CutOff), "{end} of {}", whole.len());
        }
        assert_eq!(told(&file(b"s390x\0", 0)), Err(FailureKind::WrongArchitecture));
        assert_eq!(told(&file(b"noarch\0", SOURCES)), Err(FailureKind::WrongArchitecture), "sources");
        let mut changed = whole.clone();
        let place = whole.len() - PAYLOAD - 1 - OWN.len();
        changed[place] ^= 1;
        assert_eq!(told(&changed), Err(FailureKind::BadFile), "the checksum tells");
        let mut huge = whole;
        huge[LEAD + 8] = 0xff;
        assert_eq!(told(&huge), Err(FailureKind::BadFile), "no memory is taken for it");
    }

    #[test]
    fn what_is_no_file_is_none() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().to_owned(), folder.path().join("missing.rpm")] {
            assert_eq!(read(&path).unwrap_err().kind, FailureKind::BadFile);
        }
    }
}
