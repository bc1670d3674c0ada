//! Whether this machine has the library of FUSE 2, which runtimes of old load: most image-based systems have none.

use crate::format::Architecture;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Where distributions put libraries.
const FOLDERS: [&str; 9] = [
    "usr/lib64",
    "usr/lib",
    "usr/lib32",
    "usr/lib/x86_64-linux-gnu",
    "usr/lib/aarch64-linux-gnu",
    "usr/lib/i386-linux-gnu",
    "usr/lib/arm-linux-gnueabihf",
    "usr/lib/riscv64-linux-gnu",
    "usr/local/lib",
];

/// Whether it is there in the width that an AppImage's runtime has.
pub(super) fn has_fuse2(system_root: &Path, architecture: Architecture) -> bool {
    let wide = !matches!(architecture, Architecture::I686 | Architecture::Armhf);
    FOLDERS.iter().any(|folder| is_library(&system_root.join(folder).join("libfuse.so.2"), wide))
}

/// ELF's header: the mark, then 1 for 32 and 2 for 64 bits.
fn is_library(path: &Path, wide: bool) -> bool {
    let mut head = [0; 5];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && head.starts_with(b"\x7fELF") && head[4] == 1 + u8::from(wide)
}
