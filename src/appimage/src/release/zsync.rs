//! The head of a control file for updates by delta: text lines, an empty line, then the sums of all blocks.
//! <http://zsync.moria.org.uk/>

use crate::limits;
use strata_platform::http::{Url, is_address};

/// A control file, and what its head says of the file it is for.
#[derive(Clone, PartialEq, Eq)]
pub struct ControlFile {
    /// The file's name, without folders; empty if it is not said or is a path.
    pub name: String,
    /// Where the file is.
    pub url: String,
    /// Its bytes.
    pub length: u64,
    /// Its SHA-1 in lowercase hexadecimal digits.
    pub sha1: String,
    /// The control file as it came, with the sums of all blocks.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for ControlFile {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, url, length, sha1, bytes } = self;
        write!(out, "{name} at {url}: {length} bytes, SHA-1 {sha1} ({} bytes)", bytes.len())
    }
}

/// The lines before the sums of a control file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head<'a>(&'a str);

impl<'a> Head<'a> {
    /// What a line says; the first of several.
    pub(crate) fn value(self, key: &str) -> Option<&'a str> {
        let mut lines = self.0.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| *found == key).map(|(_, value)| value.trim())
    }
}

/// The lines of a control file, and what is behind them.
pub(crate) fn head(bytes: &[u8]) -> Option<(Head<'_>, &[u8])> {
    let begin = &bytes[..bytes.len().min(limits::CONTROL_HEAD)];
    let end = begin.windows(2).position(|pair| pair == b"\n\n")?;
    let lines = std::str::from_utf8(&bytes[..end]).ok()?;
    lines.starts_with("zsync: ").then_some((Head(lines), &bytes[end + 2..]))
}

/// Reads a head. What its `URL` says is relative to where the control file came from in the end.
pub(super) fn parse(body: Vec<u8>, from: &Url) -> Option<ControlFile> {
    let (head, _) = head(&body)?;
    let value = |key: &str| head.value(key);
    let url = from.join(value("URL")?).ok()?;
    let downgraded = from.scheme() == "https" && url.scheme() != "https";
    let length: u64 = value("Length")?.parse().ok()?;
    let sha1 = value("SHA-1")?.to_ascii_lowercase();
    let good = sha1.len() == 40 && sha1.bytes().all(|byte| byte.is_ascii_hexdigit()) && length > 0;
    let name =
        value("Filename").filter(|name| !name.contains(|c: char| c == '/' || c.is_control())).unwrap_or_default();
    let name = if matches!(name, "." | "..") || name.len() > limits::NAME { "" } else { name };
    let name = name.to_owned();
    (good && !downgraded && is_address(url.as_str())).then(|| ControlFile {
        name,
        url: url.into(),
        length,
        sha1,
        bytes: body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_is_read_and_nothing_behind_it() {
        let from = Url::parse("https://example.org/files/a.AppImage.zsync").unwrap();
        let head = |url: &str, length: &str, sum: &str| {
            format!(
                "zsync: 0.6.2\nFilename: a.AppImage\nBlocksize: 2048\nLength: {length}\nHash-Lengths: 2,2,5\nURL: {url}\nSHA-1: {sum}\n\n\u{0}\u{1}"
            )
        };
        let sum = "A".repeat(40);
        for (url, expected) in [
            ("b.AppImage", Some("https://example.org/files/b.AppImage")),
            ("../b.AppImage", Some("https://example.org/b.AppImage")),
            ("https://other.example/b", Some("https://other.example/b")),
            ("//other.example/b", Some("https://other.example/b")),
            ("http://example.org/b", None),
            ("file:///etc/passwd", None),
            ("javascript:x", None),
        ] {
            let found = parse(head(url, "7", &sum).into_bytes(), &from);
            assert_eq!(found.map(|found| found.url).as_deref(), expected, "{url}");
        }
        let whole = parse(head("b", "7", &sum).into_bytes(), &from).unwrap();
        assert_eq!(whole.bytes, head("b", "7", &sum).into_bytes());
        assert_eq!((whole.name.as_str(), whole.length, whole.sha1), ("a.AppImage", 7, "a".repeat(40)));
        for bad in [
            String::new(),
            "zsync: 0.6.2\n".into(),
            head("b", "-1", &sum),
            head("b", "99999999999999999999999", &sum),
            head("b", "0", &sum),
            head("b", "7", "short"),
            head("b", "7", &sum).replace("zsync", "torrent"),
            "\n".repeat(100),
            "a".repeat(1 << 20),
        ] {
            assert_eq!(parse(bad.clone().into_bytes(), &from), None, "{bad:.60}");
        }
        let path = head("b", "7", &sum).replace("Filename: a", "Filename: ../../a");
        assert_eq!(parse(path.into_bytes(), &from).unwrap().name, "");
    }
}
