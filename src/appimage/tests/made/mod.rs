//! AppImages made for tests: runtimes with any header, bundles by backhand, and bundles by hand for what no tool makes.

#![allow(dead_code, clippy::unwrap_used, clippy::panic)] // each test takes what it needs, and stops where it lacks it

pub(crate) mod raw;
pub(crate) mod zsync;

use backhand::compression::{CompressionOptions, Compressor, Lz4};
use backhand::{FilesystemCompressor, FilesystemWriter, NodeHeader};
use std::io::Cursor;
use std::path::PathBuf;
use strata_appimage::{InspectError, Inspection, inspect};

/// A desktop file that says enough.
pub(crate) const DESKTOP: &str = "[Desktop Entry]\nType=Application\nName=App\nExec=app %U\nIcon=app\n";
/// The smallest PNG: one white point.
pub(crate) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xff\xff\xff\x7f\0\t\xfb\x03\xfd*\x86\xe3\x8a\0\0\0\0IEND\xaeB`\x82";

/// Something in a bundle.
pub(crate) enum Made<'a> {
    File(&'a [u8]),
    Link(&'a str),
    Folder,
}

/// A file that the tests did not make; see `tests/fixtures/appimages`.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let target = option_env!("CARGO_TARGET_TMPDIR").unwrap_or_else(|| panic!("only for tests beside the room"));
    let folder = PathBuf::from(target).with_file_name("fixtures");
    let path = folder.join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}; run: ./dev fixtures", path.display()))
}

pub(crate) fn look(bytes: &[u8]) -> Result<Inspection, InspectError> {
    inspect(&mut Cursor::new(bytes))
}

pub(crate) fn compressor(kind: Compressor) -> FilesystemCompressor {
    let options = (kind == Compressor::Lz4).then_some(CompressionOptions::Lz4(Lz4 { version: 1, flags: 0 }));
    FilesystemCompressor::new(kind, options).unwrap()
}

/// A bundle as tools make it.
pub(crate) fn squash(kind: Compressor, entries: &[(&str, Made)]) -> Vec<u8> {
    let mut writer = FilesystemWriter::default();
    writer.set_compressor(compressor(kind));
    let header = NodeHeader { permissions: 0o755, ..NodeHeader::default() };
    for (path, made) in entries {
        if let Some((folder, _)) = path.rsplit_once('/') {
            writer.push_dir_all(folder, header).unwrap();
        }
        match made {
            Made::File(bytes) => writer.push_file(Cursor::new(bytes.to_vec()), path, header).unwrap(),
            Made::Link(target) => writer.push_symlink(target, path, header).unwrap(),
            Made::Folder => writer.push_dir_all(path, header).unwrap(),
        }
    }
    let mut image = Cursor::new(Vec::new());
    writer.write(&mut image).unwrap();
    image.into_inner()
}

/// A runtime: an ELF program of nothing but headers and sections.
pub(crate) struct Elf {
    pub(crate) wide: bool,
    pub(crate) big: bool,
    pub(crate) machine: u16,
    pub(crate) mark: [u8; 3],
    pub(crate) interpreter: bool,
    pub(crate) sections: Vec<(&'static str, Vec<u8>)>,
}

impl Default for Elf {
    fn default() -> Self {
        let (wide, big, machine, interpreter) = (true, false, 62, false);
        Self { wide, big, machine, mark: *b"AI\x02", interpreter, sections: Vec::new() }
    }
}

impl Elf {
    /// Its bytes, in the order header, program header, sections, names, table of sections.
    pub(crate) fn build(&self) -> Vec<u8> {
        let (head, program, section) = if self.wide { (64, 56, 64) } else { (52, 32, 40) };
        let mut bytes = vec![0; head + program];
        let mut names = b"\0.shstrtab\0".to_vec();
        let mut table: Vec<(usize, u32, usize, usize)> = vec![(0, 0, 0, 0)];
        for (name, content) in &self.sections {
            table.push((names.len(), 1, bytes.len(), content.len()));
            names.extend_from_slice(name.as_bytes());
            names.push(0);
            bytes.extend_from_slice(content);
        }
        table.push((1, 3, bytes.len(), names.len()));
        bytes.extend_from_slice(&names);
        let place = bytes.len();
        for (name, kind, offset, size) in &table {
            let mut entry = vec![0; section];
            self.put(&mut entry, 0, *name as u64, 4);
            self.put(&mut entry, 4, u64::from(*kind), 4);
            let (at, width) = if self.wide { (24, 8) } else { (16, 4) };
            self.put(&mut entry, at, *offset as u64, width);
            self.put(&mut entry, at + width, *size as u64, width);
            bytes.extend_from_slice(&entry);
        }
        bytes[..4].copy_from_slice(b"\x7fELF");
        bytes[4..7].copy_from_slice(&[1 + u8::from(self.wide), 1 + u8::from(self.big), 1]);
        bytes[8..11].copy_from_slice(&self.mark);
        let fields = if self.wide {
            [(16, 2, 2), (18, u64::from(self.machine), 2), (20, 1, 4), (32, 64, 8), (40, place as u64, 8)]
        } else {
            [(16, 2, 2), (18, u64::from(self.machine), 2), (20, 1, 4), (28, 52, 4), (32, place as u64, 4)]
        };
        let rest = if self.wide { 52 } else { 40 };
        let counts = [head, program, 1, section, table.len(), table.len() - 1];
        for (at, value, width) in fields {
            self.put(&mut bytes, at, value, width);
        }
        for (number, value) in counts.into_iter().enumerate() {
            self.put(&mut bytes, rest + 2 * number, value as u64, 2);
        }
        self.put(&mut bytes, head, if self.interpreter { 3 } else { 1 }, 4);
        bytes
    }

    fn put(&self, bytes: &mut [u8], at: usize, value: u64, width: usize) {
        let little = value.to_le_bytes();
        for (number, byte) in little[..width].iter().enumerate() {
            bytes[if self.big { at + width - 1 - number } else { at + number }] = *byte;
        }
    }
}

/// A runtime and what is behind it.
pub(crate) fn appimage(elf: &Elf, bundle: &[u8]) -> Vec<u8> {
    [elf.build().as_slice(), bundle].concat()
}

/// An AppImage that starts: it writes the file `written` where it is started, and ends with a status:
/// `write(open("written", O_WRONLY | O_CREAT, 0644), "written", 7)`, `exit(status)`.
pub(crate) fn writer(status: u8) -> Vec<u8> {
    #[rustfmt::skip]
    let code = [
        0x48, 0x8d, 0x3d, 0x32, 0, 0, 0, 0xbe, 0x41, 0, 0, 0, 0xba, 0xa4, 1, 0, 0, 0xb8, 2, 0, 0, 0, 0x0f, 0x05,
        0x89, 0xc7, 0x48, 0x8d, 0x35, 0x18, 0, 0, 0, 0xba, 7, 0, 0, 0, 0xb8, 1, 0, 0, 0, 0x0f, 0x05,
        0xbf, status, 0, 0, 0, 0xb8, 0x3c, 0, 0, 0, 0x0f, 0x05,
    ];
    let text = [&code[..], b"written\0"].concat();
    let mut elf = Elf { sections: vec![(".text", text)], ..Elf::default() }.build();
    let (base, text_begins, size) = (0x40_0000, 64 + 56, elf.len() as u64);
    // The one piece that is loaded: all of it, to be read and run.
    for (at, value) in [(24, base + text_begins), (64 + 16, base), (64 + 32, size), (64 + 40, size), (64 + 48, 0x1000)]
    {
        elf[at..at + 8].copy_from_slice(&u64::to_le_bytes(value));
    }
    elf[64 + 4] = 5;
    let bundle = squash(Compressor::Gzip, &[("org.example.App.desktop", Made::File(DESKTOP.as_bytes()))]);
    [elf, bundle].concat()
}
