//! The daemon's error texts as typed failures. It has no codes: what counts is what stands in the text.

use crate::blocker::blocker;
use crate::fields::cut;
use crate::packages::split;
use strata_model::{Failure, FailureKind, Stop};

/// How a transaction ended that did not end well. `asked` are the packages that the person asked for, `layered` those that
/// are there: of several that a text names, one of these is what it is about.
pub fn ended(text: &str, asked: &[String], layered: &[String]) -> Stop {
    if is_cancelled(text) { Stop::Cancelled } else { failure(text, asked, layered).into() }
}

/// Somebody cancelled it: a prefix names the place where it stopped.
pub fn is_cancelled(text: &str) -> bool {
    text.trim_end().trim_end_matches('.').ends_with("Operation was cancelled")
}

/// What an error text is about.
pub fn failure(text: &str, asked: &[String], layered: &[String]) -> Failure {
    let patterns = || PATTERNS.iter().find_map(|(kind, subject)| Some((*kind, subject(text)?.to_owned())));
    let (kind, subject) = lost(text, layered)
        .map(|package| (FailureKind::Unsolvable, package.to_owned()))
        .or_else(patterns)
        .or_else(|| blocker(text, asked, layered).map(|package| (FailureKind::Unsolvable, package)))
        .unwrap_or_else(|| (FailureKind::Other, alone(asked).unwrap_or("rpm-ostree").to_owned()));
    Failure::new(kind, subject, cut(text))
}

/// A layered package that no repository has any more: nothing can be made with it.
fn lost<'t>(text: &'t str, layered: &[String]) -> Option<&'t str> {
    let names = text.split_once(NOT_FOUND)?.1.lines().next()?;
    names.split(',').map(str::trim).find(|name| layered.iter().any(|one| one == name))
}

/// What was asked for, if that is one thing: of several nobody can tell which one is to blame.
pub(crate) fn alone(asked: &[String]) -> Option<&str> {
    if let [one] = asked { Some(one) } else { None }
}

const NOT_FOUND: &str = "Packages not found: ";

type Subject = fn(&str) -> Option<&str>;

/// The first that fits counts. The daemon's words (2025.9), then those of the libraries below it.
const PATTERNS: &[(FailureKind, Subject)] = &[
    (FailureKind::NotFound, |text| word(text.split_once(NOT_FOUND)?.1)),
    (FailureKind::AlreadyInstalled, |text| requested(text, " is already requested")),
    (FailureKind::NotInstalled, |text| requested(text, " is not currently requested")),
    (FailureKind::NotFound, |text| text.starts_with("No overrides for package '").then(|| quoted(text)).flatten()),
    (FailureKind::InSystem, |text| text.contains(" is already provided by: ").then(|| quoted(text)).flatten()),
    (FailureKind::ScriptFailed, script),
    (FailureKind::Staged, |text| text.contains("Staged deployment (remove with cleanup").then_some("")),
    (FailureKind::NoEarlierSystem, |text| text.contains("No rollback deployment found").then_some("")),
    (FailureKind::LayeringLocked, |text| text.contains("LockLayering=true").then_some("")),
    (FailureKind::NotFound, |text| {
        text.strip_prefix("Version ")?.split_once(" not found in ").map(|(version, _)| version)
    }),
    (FailureKind::NotFound, |text| between(text, "No such branch '", "'")),
    (FailureKind::NotFound, |text| text.starts_with("Deployment with id '").then(|| quoted(text)).flatten()),
    (FailureKind::NotFound, |text| between(text, "OS name \"", "\" not found")),
    (FailureKind::OriginGone, |text| between(text, "Yum repo '", "' not found")),
    (FailureKind::BadRequest, |text| text.contains("not allowed in yum .repo files").then_some("")),
    (FailureKind::BadRequest, |text| text.starts_with("Invalid cleanup type").then_some("")),
    (FailureKind::RestartNeeded, |text| text.contains("--allow-replacement not specified").then_some("")),
    (FailureKind::RestartNeeded, |text| text.contains("Not running under systemd").then_some("")),
    (FailureKind::NotFound, |text| image_before(text, "manifest unknown")),
    (FailureKind::NeedsLogin, |text| {
        asked(text, &["unauthorized: ", "authentication required", "access to the resource is denied"])
    }),
    (FailureKind::NoSpace, |text| {
        any(text, &["o space left on device", "would be exceeded, at least", "Disk quota", "not enough space"])
    }),
    (FailureKind::Forbidden, |text| between(text, "Running image ", " is rejected by policy")),
    (FailureKind::SignatureMissing, |text| {
        any(text, &["no signatures found", "is not signed", "signature was required"])
    }),
    (FailureKind::KeyMissing, |text| any(text, &["public key not found", "NOKEY", "No public key"])),
    (FailureKind::SignatureWrong, |text| {
        let signs =
            ["BAD signature", "signatures in total", "key expired", "nvalid signature", "Invalid GPG signature"];
        any(text, &signs)
    }),
    (FailureKind::Damaged, |text| any(text, &["Corrupted ", "checksum mismatch", "Digest mismatch"])),
    (FailureKind::AskedTooOften, |text| asked(text, &["toomanyrequests", "Too Many Requests", "Status code: 429"])),
    (FailureKind::RepositoryGone, |text| gone(text).and_then(|_| between(text, "cannot update repo '", "'"))),
    (FailureKind::NothingThere, |text| word(gone(text)?.split([' ', ')']).next()?)),
    (FailureKind::Offline, offline),
];

fn any<'a>(text: &'a str, parts: &[&str]) -> Option<&'a str> {
    parts.iter().any(|part| text.contains(part)).then(|| host(text).unwrap_or_default())
}

/// The address at which there is nothing, and what stands after it.
fn gone(text: &str) -> Option<&str> {
    let signs = ["Status code: 404 for ", "Status code: 410 for "];
    signs.iter().find_map(|sign| text.split_once(sign)).map(|(_, address)| address)
}

/// Who refused: a host or the image that was asked for.
fn asked<'a>(text: &'a str, parts: &[&str]) -> Option<&'a str> {
    let part = parts.iter().find(|part| text.contains(**part))?;
    host(text).or_else(|| image_before(text, part)).or(Some("rpm-ostree"))
}

/// The image of a container, as in `reading manifest latest in ghcr.io/a/b: manifest unknown`.
fn image_before<'a>(text: &'a str, complaint: &str) -> Option<&'a str> {
    let (before, _) = text.split_once(complaint)?;
    before.rsplit_once(" in ").and_then(|(_, image)| word(image.trim_end_matches([':', ' '])))
}

/// A network that is not there, as curl, libdnf and the tools for containers put it.
fn offline(text: &str) -> Option<&str> {
    const SIGNS: [&str; 20] = [
        "Could not connect to server",
        "Couldn't connect to server",
        "Failed to connect to ",
        "Could not resolve host",
        "Couldn't resolve host",
        "Timeout was reached",
        "Operation timed out",
        "Connection timed out",
        "Connection refused",
        "connection refused",
        "no such host",
        "Network is unreachable",
        "network is unreachable",
        "i/o timeout",
        "Temporary failure in name resolution",
        "All mirrors were tried",
        "Operation too slow",
        "onnection reset by peer",
        "TLS handshake timeout",
        "context deadline exceeded",
    ];
    // While it fetches from there, a status of the web is the origin's fault and looks the same to a person.
    let fetching = text.contains("While fetching ") && text.contains("Server returned HTTP 5");
    let sign = SIGNS.iter().any(|sign| text.contains(sign));
    (sign || fetching).then(|| host(text).or_else(|| between(text, "host: ", " ")).unwrap_or("rpm-ostree"))
}

/// The host of the first address in a text.
fn host(text: &str) -> Option<&str> {
    let (_, after) = text.split_once("://")?;
    let host = after.split(|c: char| c == '/' || c == '"' || c == '\'' || c.is_whitespace()).next()?;
    Some(host.trim_end_matches([':', ',', '.'])).filter(|host| !host.is_empty())
}

/// `Running %post for badscript: …`
fn script(text: &str) -> Option<&str> {
    let (_, after) = text.split_once("Running %")?;
    let (_, package) = after.split_once(" for ")?;
    let name = package.split([':', ' ']).next()?;
    Some(split(name).0).filter(|name| !name.is_empty())
}

/// `Package/capability 'greet' is …`
fn requested<'a>(text: &'a str, says: &str) -> Option<&'a str> {
    let (before, _) = text.split_once(says)?;
    quoted(before).or_else(|| word(before.rsplit(' ').next()?))
}

/// What stands between the first pair of quotation marks.
fn quoted(text: &str) -> Option<&str> {
    let start = text.find(['\'', '"'])?;
    let mark = &text[start..=start];
    let (inside, _) = text[start + 1..].split_once(mark)?;
    word(inside)
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(inside, _)| inside).filter(|inside| !inside.is_empty())
}

fn word(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use FailureKind::*;

    #[test]
    fn error_texts_name_kind_and_subject() {
        let cases = [
            ("Packages not found: nosuchpkg", NotFound, "nosuchpkg"),
            ("Packages not found: one, two", NotFound, "one, two"),
            ("Package/capability 'greet' is already requested", AlreadyInstalled, "greet"),
            ("Package/capability 'base-doc' is not currently requested", NotInstalled, "base-doc"),
            (
                "\"base-tool\" is already provided by: base-tool-1.0-1.noarch. Use --allow-inactive to explicitly require it.",
                InSystem,
                "base-tool",
            ),
            (
                "Running %post for badscript: bwrap(/bin/sh): Child process exited with code 7",
                ScriptFailed,
                "badscript",
            ),
            ("No overrides for package 'podman'", NotFound, "podman"),
            ("Staged deployment (remove with cleanup -p)", Staged, ""),
            ("No rollback deployment found", NoEarlierSystem, ""),
            ("Cannot operate; `LockLayering=true` in configuration.", LayeringLocked, ""),
            ("Version 99.9 not found in rig:rig/41/x86_64/desktop", NotFound, "99.9"),
            (
                "While pulling rig/41/x86_64/nosuch: No such branch 'rig/41/x86_64/nosuch' in repository summary",
                NotFound,
                "rig/41/x86_64/nosuch",
            ),
            ("Deployment with id 'nosuch' not found", NotFound, "nosuch"),
            ("OS name \"nosuchos\" not found", NotFound, "nosuchos"),
            ("Yum repo 'nosuchrepo' not found", OriginGone, "nosuchrepo"),
            ("Changing 'baseurl' not allowed in yum .repo files", BadRequest, ""),
            ("Invalid cleanup type: bogus", BadRequest, ""),
            ("Creating overlayfs: Running systemd worker: Not running under systemd", RestartNeeded, ""),
            (
                "While pulling rig/41/x86_64/desktop: While fetching http://127.0.0.1:8009/summary.sig: [7] Could not connect to server",
                Offline,
                "127.0.0.1:8009",
            ),
            (
                "Creating importer: failed to invoke method OpenImage: pinging container registry quay.io: Get \"https://quay.io/v2/\": dial tcp: lookup quay.io: no such host",
                Offline,
                "quay.io",
            ),
            (
                "cannot update repo 'updates': Cannot download repomd.xml: Cannot download repodata/repomd.xml: All mirrors were tried; Last error: Curl error (6): Couldn't resolve hostname for https://mirrors.fedoraproject.org/metalink?repo=updates [Could not resolve host: mirrors.fedoraproject.org]",
                Offline,
                "mirrors.fedoraproject.org",
            ),
            (
                "Creating importer: failed to invoke method OpenImage: reading manifest latest in ghcr.io/ublue-os/nosuch: manifest unknown",
                NotFound,
                "ghcr.io/ublue-os/nosuch",
            ),
            (
                "While pulling fedora/41/x86_64/silverblue: Commit 4f5a: GPG signatures found, but none are in trusted keyring; Can't check signature: public key not found",
                KeyMissing,
                "",
            ),
            (
                "Updating rpm-md repo 'copr:a:b': cannot update repo 'copr:a:b': Cannot download repomd.xml: Cannot download repodata/repomd.xml: All mirrors were tried; Last error: Status code: 404 for https://copr.example/a/b/repodata/repomd.xml (IP: 192.0.2.1)",
                RepositoryGone,
                "copr:a:b",
            ),
            (
                "While fetching: Status code: 410 for https://ostree.example/summary (IP: 192.0.2.1)",
                NothingThere,
                "https://ostree.example/summary",
            ),
            (
                "Creating importer: failed to invoke method OpenImage: reading manifest latest in ghcr.io/a/b: toomanyrequests: rate exceeded",
                AskedTooOften,
                "ghcr.io/a/b",
            ),
            (
                "Pulling: Source image rejected: Running image docker://ghcr.io/a/b:latest is rejected by policy.",
                Forbidden,
                "docker://ghcr.io/a/b:latest",
            ),
            ("Importing: Unencapsulating base: write /var/tmp/x: no space left on device", NoSpace, ""),
            (
                "Fetching: Get \"https://ghcr.io/v2/\": read tcp 192.0.2.2:1: read: connection reset by peer",
                Offline,
                "ghcr.io",
            ),
            ("Commit: write: No space left on device", NoSpace, ""),
            ("min-free-space-percent '3%' would be exceeded, at least 13.0 kB requested", NoSpace, ""),
            ("something that nobody knows", Other, "rpm-ostree"),
        ];
        for (text, kind, subject) in cases {
            let failure = failure(text, &[], &[]);
            assert_eq!((failure.kind, failure.subject.as_str()), (kind, subject), "{text}");
            assert_eq!(failure.detail, text);
        }
    }

    #[test]
    fn a_layered_package_that_is_nowhere_any_more_is_what_blocks() {
        let text = "Packages not found: gone, ffmpeg-libs";
        let layered = ["htop".to_owned(), "ffmpeg-libs".to_owned()];
        let failure = |layered: &[String]| super::failure(text, &[], layered);
        assert_eq!((failure(&layered).kind, &*failure(&layered).subject), (Unsolvable, "ffmpeg-libs"));
        assert_eq!((failure(&[]).kind, &*failure(&[]).subject), (NotFound, "gone, ffmpeg-libs"));
    }

    #[test]
    fn a_cancel_is_known_by_its_end() {
        for text in [
            "rpmdb checkout: Operation was cancelled",
            "Committing: Tweaking SELinux timestamps: Analyzing /usr/etc/selinux content: Operation was cancelled",
            "Operation was cancelled",
        ] {
            assert_eq!(ended(text, &[], &[]), Stop::Cancelled, "{text}");
        }
        let other = ended("Operation was cancelled: and then it failed", &[], &[]);
        assert!(matches!(other, Stop::Failed(_)), "only at the end");
    }
}
