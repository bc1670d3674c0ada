//! What kind of AppImage a file is, and for which machine. AppImage specification, “Image format”.
//! <https://github.com/AppImage/AppImageSpec/blob/master/draft.md#image-format>

use crate::bytes::read_at;
use crate::limits;
use crate::sections::{Runtime, runtime};
use object::Endianness;
use object::elf::{EM_386, EM_AARCH64, EM_ARM, EM_RISCV, EM_X86_64, FileHeader32, FileHeader64, Machine};
use serde::{Deserialize, Serialize};
use std::io::{Read, Seek};

/// The two types of AppImages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// An ISO 9660 image that is a program as well.
    One,
    /// A program with an image behind it.
    Two,
}

/// The machines that AppImages are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Architecture {
    /// 64-bit PCs.
    X86_64,
    /// 64-bit ARM.
    Aarch64,
    /// 32-bit PCs.
    I686,
    /// 32-bit ARM.
    Armhf,
    /// 64-bit RISC-V.
    Riscv64,
}

impl Architecture {
    /// As `uname -m` has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Aarch64 => "aarch64",
            Self::I686 => "i686",
            Self::Armhf => "armhf",
            Self::Riscv64 => "riscv64",
        }
    }

    /// What this program was made for, if AppImages are.
    pub fn of_this_machine() -> Option<Self> {
        let all = [Self::X86_64, Self::Aarch64, Self::Riscv64];
        all.into_iter().find(|known| known.as_str() == std::env::consts::ARCH)
    }

    fn of(machine: Machine, wide: bool) -> Option<Self> {
        match (machine, wide) {
            (EM_X86_64, true) => Some(Self::X86_64),
            (EM_AARCH64, true) => Some(Self::Aarch64),
            (EM_RISCV, true) => Some(Self::Riscv64),
            (EM_386, false) => Some(Self::I686),
            (EM_ARM, false) => Some(Self::Armhf),
            _ => None,
        }
    }
}

/// Why a file is no AppImage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum NoAppImage {
    /// Nothing is in it, or less than a program's header.
    #[error("it ends before a program could begin")]
    TooShort,
    /// It is no program for Linux.
    #[error("it is no program for Linux")]
    NoProgram,
    /// It is a program like any other.
    #[error("it is a program, but carries no AppImage mark")]
    NoMark,
    /// A type that is not known here.
    #[error("it is an AppImage of a type that is not known")]
    UnknownType,
    /// Its header says what cannot be.
    #[error("its header is damaged")]
    BadHeader,
    /// It is made for a machine that AppImages are not known for.
    #[error("it is made for a machine that is not known")]
    UnknownMachine,
}

/// What the head of a file says.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) format: Format,
    pub(crate) architecture: Architecture,
    /// `None` for type 1 without a readable table of sections: it needs none.
    pub(crate) runtime: Option<Runtime>,
}

/// Where a type 1 image names itself an ISO 9660 one, and as what.
const ISO_MARK: (u64, &[u8]) = (32_769, b"CD001");

/// Reads the head of a file.
pub(crate) fn head(reader: &mut (impl Read + Seek)) -> Result<Head, NoAppImage> {
    let bytes = read_at(reader, 0, 20).map_err(|_| NoAppImage::TooShort)?;
    if !bytes.starts_with(b"\x7fELF") {
        return Err(NoAppImage::NoProgram);
    }
    let format = match (&bytes[8..10], bytes[10]) {
        (b"AI", 1) => Format::One,
        (b"AI", 2) => Format::Two,
        (b"AI", _) => return Err(NoAppImage::UnknownType),
        // The oldest ones have no mark; a program that is an ISO image as well can be nothing else.
        _ if is_iso(reader) => Format::One,
        _ => return Err(NoAppImage::NoMark),
    };
    // Width, byte order, version.
    let wide = match (bytes[4], bytes[5], bytes[6]) {
        (1, 1 | 2, 1) => false,
        (2, 1 | 2, 1) => true,
        _ => return Err(NoAppImage::BadHeader),
    };
    let (machine, runtime) = if wide {
        runtime::<FileHeader64<Endianness>>(reader, size_of::<FileHeader64<Endianness>>())
    } else {
        runtime::<FileHeader32<Endianness>>(reader, size_of::<FileHeader32<Endianness>>())
    }?;
    let architecture = Architecture::of(machine, wide).ok_or(NoAppImage::UnknownMachine)?;
    match format {
        Format::One => Ok(Head { format, architecture, runtime: runtime.ok() }),
        Format::Two => Ok(Head { format, architecture, runtime: Some(runtime?) }),
    }
}

fn is_iso(reader: &mut (impl Read + Seek)) -> bool {
    read_at(reader, ISO_MARK.0, ISO_MARK.1.len()).is_ok_and(|found| found == ISO_MARK.1)
}

const _: () = assert!(size_of::<FileHeader64<Endianness>>() <= limits::ELF_HEADER);
