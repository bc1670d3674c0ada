//! Everything that is known of an AppImage without running it.

use crate::bytes::read_at;
use crate::contents::{self, Contents};
use crate::format::{Architecture, Format, Head, NoAppImage, head};
use crate::limits;
use crate::loss::{Loss, LossReason, Part};
use crate::payload::{Payload, payload};
use crate::sections::{contents as section, text};
use crate::signature::{Signature, digests, signature};
use crate::squashfs::SquashFs;
use crate::update_information::{BadUpdateInformation, UpdateInformation};
use serde::{Deserialize, Serialize};
use std::io::{Read, Seek, SeekFrom};

/// What an AppImage is and carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// Bytes of the file.
    pub size: u64,
    /// SHA-256 of the file, in lowercase hexadecimal digits.
    pub sha256: String,
    /// Its type.
    pub format: Format,
    /// The machine that it is made for.
    pub architecture: Architecture,
    /// It needs the machine's FUSE 2 library to start by itself. Not known of type 1 with damaged tables, which needs it
    /// always.
    pub needs_fuse2: bool,
    /// The bundle.
    pub payload: Payload,
    /// Where updates come from; `None` if it does not say.
    pub updates: Option<Result<UpdateInformation, BadUpdateInformation>>,
    /// Who signed it.
    pub signature: Signature,
    /// What the bundle says of the app; empty if it cannot be read, which is among the losses.
    pub contents: Contents,
    /// What could not be read, and why.
    pub losses: Vec<Loss>,
}

/// Why a file was not inspected at all.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    /// It is no AppImage.
    #[error(transparent)]
    NoAppImage(#[from] NoAppImage),
    /// It could not be read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Where type 1 images keep their update information: in what ISO 9660 leaves to applications.
const ISO_UPDATE_INFORMATION: (u64, usize) = (33_651, 512);

/// Reads a file. Nothing of it is run, unpacked to the disk or followed out of it. Reads all of the file for its digest,
/// so it belongs into a blocking task.
///
/// # Errors
/// See [`InspectError`]. What is damaged within an AppImage is no error, but among the losses.
pub fn inspect(reader: &mut (impl Read + Seek)) -> Result<Inspection, InspectError> {
    let size = reader.seek(SeekFrom::End(0))?;
    let head = head(reader)?;
    let payload = payload(reader, &head);
    let digests = digests(reader, head.runtime.as_ref())?;
    let signature = match &head.runtime {
        Some(runtime) => signature(reader, runtime, &digests.signed),
        None => Signature::NotSigned,
    };
    let updates = update_information(reader, &head).map(|text| UpdateInformation::parse(&text));
    let mut losses = Vec::new();
    let contents = bundle(reader, payload, &mut losses);
    Ok(Inspection {
        size,
        sha256: digests.whole,
        format: head.format,
        architecture: head.architecture,
        needs_fuse2: head.runtime.as_ref().is_none_or(|runtime| runtime.dynamic),
        payload,
        updates,
        signature,
        contents,
        losses,
    })
}

fn update_information(reader: &mut (impl Read + Seek), head: &Head) -> Option<String> {
    let bytes = match (head.format, &head.runtime) {
        (Format::One, _) => read_at(reader, ISO_UPDATE_INFORMATION.0, ISO_UPDATE_INFORMATION.1).ok()?,
        (Format::Two, runtime) => section(reader, runtime.as_ref()?.update_information.as_ref()?, limits::SECTION)?,
    };
    text(&bytes)
}

fn bundle(reader: &mut (impl Read + Seek), payload: Payload, losses: &mut Vec<Loss>) -> Contents {
    let opened = match payload {
        Payload::SquashFs { offset, .. } => SquashFs::open(reader, offset),
        Payload::DwarFs | Payload::Iso9660 | Payload::Unknown => Err(LossReason::Unreadable),
    };
    match opened {
        Ok(mut image) => contents::contents(&mut image, losses),
        Err(reason) => {
            losses.push(Loss { part: Part::Payload, path: String::new(), reason });
            Contents::default()
        }
    }
}
