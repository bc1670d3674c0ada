//! How much of a stranger's file is believed and read. Everything here is a bound on memory or time before either is
//! spent; a file beyond one is told as what it is, never cut silently.

/// Largest header of a runtime that is looked at, in bytes: ELF's own has at most 64.
pub(crate) const ELF_HEADER: usize = 64;
/// Most sections of a runtime. Real ones have about 40.
pub(crate) const SECTIONS: u64 = 1024;
/// Most program headers of a runtime. Real ones have about 12.
pub(crate) const SEGMENTS: u64 = 256;
/// Largest table of section names, in bytes. Real ones have about 400.
pub(crate) const SECTION_NAMES: u64 = 64 << 10;
/// Largest section that is read for what it says, in bytes: keys have 8,192 in every runtime.
pub(crate) const SECTION: u64 = 64 << 10;
/// Where the payload begins at the latest, in bytes. Runtimes have 200 KB to 1 MB.
pub(crate) const RUNTIME: u64 = 64 << 20;

/// Largest piece of SquashFS's tables when unpacked, in bytes; the format's own.
pub(crate) const METADATA_BLOCK: usize = 8 << 10;
/// Most pieces of SquashFS's tables that one inspection unpacks: what is looked for lies near the root, and 2,000 pieces
/// (16 MB) are the whole tables of an app of 300,000 files.
pub(crate) const METADATA_READS: usize = 2000;
/// Pieces of the tables that are kept unpacked at a time.
pub(crate) const METADATA_KEPT: usize = 64;
/// Most entries that one inspection looks at in all the folders that it lists or searches.
pub(crate) const ENTRIES: usize = 100_000;
/// Longest name of an entry, in bytes; the format's own.
pub(crate) const NAME: usize = 256;
/// Longest target of a link, in bytes: what Linux follows.
pub(crate) const LINK: usize = 4096;
/// Most links that lead from a name to a file: what Linux follows is 40, what real bundles need is 3.
pub(crate) const LINKS: usize = 16;
/// Deepest folder that is walked into.
pub(crate) const DEPTH: usize = 32;

/// Largest desktop file, in bytes. LibreOffice's, with 100 languages, has 30 KB.
pub(crate) const DESKTOP_FILE: u64 = 1 << 20;
/// Most lines of a desktop file.
pub(crate) const DESKTOP_LINES: usize = 20_000;
/// Longest line of a desktop file, in bytes.
pub(crate) const DESKTOP_VALUE: usize = 64 << 10;
/// Largest icon, in bytes.
pub(crate) const ICON: u64 = 8 << 20;
/// Largest AppStream description, in bytes.
pub(crate) const APPSTREAM: u64 = 4 << 20;
/// Largest description of file types, in bytes.
pub(crate) const MIME_PACKAGE: u64 = 1 << 20;
/// Most descriptions of file types.
pub(crate) const MIME_PACKAGES: usize = 16;

/// Longest update information, in bytes; its section has 1,024.
pub(crate) const UPDATE_INFORMATION: usize = 1024;
/// Longest part of update information, in bytes.
pub(crate) const UPDATE_FIELD: usize = 512;

/// Largest catalogue that is read, packed or not, in bytes. AppImageHub's has 0.8 MB.
pub(crate) const FEED: usize = 8 << 20;
/// Largest index of soarpkgs, unpacked, in bytes. It has about a thousand packages, of 2 KB each.
pub(crate) const INDEX: usize = 32 << 20;
/// Longest list of texts in it, in bytes. Real ones have 300.
pub(crate) const INDEX_LIST: usize = 16 << 10;
/// Most entries of a catalogue. AppImageHub has 1,422.
pub(crate) const FEED_ENTRIES: usize = 50_000;
/// Most parts of a catalogue, such as addresses and runs of text; each takes up to 200 bytes. AppImageHub has about 7,000.
pub(crate) const FEED_PARTS: usize = 200_000;
/// Longest list within an entry.
pub(crate) const FEED_LIST: usize = 64;
/// Room for a name, a word, a licence, in bytes.
pub(crate) const FEED_NAME: usize = 200;
/// Room for one line on what an app is for, in bytes.
pub(crate) const FEED_SUMMARY: usize = 200;
/// Room for an address, in bytes.
pub(crate) const FEED_URL: usize = 2048;
/// How much of a description is read, in bytes.
pub(crate) const DESCRIPTION: usize = 64 << 10;
/// Room for a run of text in a description, in bytes.
pub(crate) const PARAGRAPH: usize = 8000;
/// Most paragraphs and lists of a description, and items of a list.
pub(crate) const BLOCKS: usize = 200;
/// Largest signature of minisign's, in bytes. Real ones have about 350.
pub(crate) const MINISIGN: usize = 4096;
/// Largest list of names, in bytes. Real ones have 20 KB.
pub(crate) const SIGNS: usize = 1 << 20;

/// Largest answer about releases, in bytes. Thirty releases of fifty files each have about 3 MB.
pub(crate) const RELEASES: usize = 4 << 20;
/// Most files of a release.
pub(crate) const ASSETS: usize = 500;
/// Largest control file, in bytes: that of a file of 2 GB in blocks of 2 KB has 9 MB.
pub(crate) const CONTROL_FILE: usize = 32 << 20;
/// Within how many bytes the head of a control file ends.
pub(crate) const CONTROL_HEAD: usize = 16 << 10;

/// Largest AppImage, in bytes. The largest ones known, games and machine learning, have 4 GB.
pub(crate) const APPIMAGE: u64 = 16 << 30;
/// Largest note about a download that goes on later, in bytes.
pub(crate) const NOTE: u64 = 8 << 10;
/// Least that has to come in [`STALL`] of a download, in bytes: 1 KB a second is what the slowest of telephones has.
pub(crate) const TRICKLE: u64 = 64 << 10;
/// How long a download may be slower than that, in seconds.
pub(crate) const STALL: u64 = 64;

/// Most blocks of a file that is put together from an old one: those of the largest, in the blocks that tools choose for it.
pub(crate) const DELTA_BLOCKS: u64 = 4 << 20;
/// Most parts of it that are asked for. Real updates need 1 to 200.
pub(crate) const DELTA_RANGES: usize = 256;
/// Of how many parts in a hundred that have to be fetched on the whole file is fetched instead: it comes in one piece.
pub(crate) const DELTA_SHARE: u64 = 80;
