//! Whether an AppImage runs. Its runtime stays for as long as what it has started: it keeps the bundle mounted, or takes
//! away in the end what it unpacked.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Some process is this file's; those of other people nobody can tell.
pub(super) fn runs(path: &Path) -> bool {
    let file = |path: &Path| path.metadata().ok().map(|found| (found.dev(), found.ino()));
    let own = file(path);
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    own.is_some() && processes.map(|process| process.path().join("exe")).any(|exe| file(&exe) == own)
}
