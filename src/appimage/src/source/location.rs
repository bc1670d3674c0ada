//! Where a file lies that is to be installed, or started.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use strata_model::{Failure, FailureKind};

/// The path, whether it is written as one or as a `file:` address.
///
/// # Errors
/// [`FailureKind::BadRequest`] for what does not lie on this machine.
pub(super) fn path(location: &str) -> Result<PathBuf, Failure> {
    let path = match location.strip_prefix("file://") {
        Some(rest) => decoded(rest.strip_prefix("localhost").unwrap_or(rest)).map(PathBuf::from),
        None => Some(PathBuf::from(location)),
    };
    path.filter(|path| path.is_absolute()).ok_or_else(|| {
        let detail = "an AppImage has to be a file on this machine: fetch it first";
        Failure::new(FailureKind::BadRequest, location, detail)
    })
}

/// `%20` and the like as the bytes that they stand for.
fn decoded(text: &str) -> Option<OsString> {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let Some((first, more)) = rest.split_first() {
        if *first != b'%' {
            bytes.push(*first);
            rest = more;
            continue;
        }
        let (digits, more) = more.split_at_checked(2)?;
        let digits =
            std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = more;
    }
    Some(OsString::from_vec(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_here_has_a_path() {
        for (location, expected) in [
            ("/a/b.AppImage", Some("/a/b.AppImage")),
            ("/a/100%.AppImage", Some("/a/100%.AppImage")),
            ("file:///a/b%20c.AppImage", Some("/a/b c.AppImage")),
            ("file://localhost/a/%C3%BC", Some("/a/ü")),
            ("file:///a/%+1", None),
            ("file:///a/%2", None),
            ("file://elsewhere/a", None),
            ("https://example.org/a.AppImage", None),
            ("a.AppImage", None),
            ("", None),
        ] {
            assert_eq!(path(location).ok(), expected.map(PathBuf::from), "{location}");
        }
    }
}
