//! Where an AppImage says that its updates come from. AppImage specification, “Update information”, and the kinds that
//! tools use beyond it. <https://github.com/AppImage/AppImageSpec/blob/master/draft.md#update-information>

use crate::limits;
use serde::{Deserialize, Serialize};
use strata_platform::http::is_address;

/// Where updates come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum UpdateInformation {
    /// A control file at a fixed address.
    Zsync {
        /// Its `http` or `https` address.
        url: String,
    },
    /// A control file among the files of a release.
    Releases {
        /// Where the project lives.
        forge: Forge,
        /// Whose it is.
        owner: String,
        /// Its name there.
        repository: String,
        /// Which release.
        release: Release,
        /// The control file's name, with `*` for anything.
        pattern: String,
    },
    /// A file of a product on OpenDesktop's shops.
    Pling {
        /// The product's number.
        product: String,
        /// The file's name, with `*` for anything.
        pattern: String,
    },
}

/// Where projects live.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "forge")]
pub enum Forge {
    /// github.com.
    GitHub,
    /// gitlab.com.
    GitLab,
    /// codeberg.org.
    Codeberg,
    /// A server of Forgejo's or Gitea's, which answer alike.
    Gitea {
        /// Its host, with a port where it needs one.
        host: String,
    },
}

/// Which release is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "release", content = "tag")]
pub enum Release {
    /// The newest that is for everybody.
    Latest,
    /// The newest of those that are not for everybody.
    LatestPre,
    /// The newest of all.
    LatestAll,
    /// The one with this tag.
    Tag(String),
}

/// Why update information is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum BadUpdateInformation {
    /// Its service was closed in 2021.
    #[error("its service, Bintray, is closed")]
    Dead,
    /// A kind that is not known.
    #[error("its kind is not known")]
    UnknownKind,
    /// Parts are missing, or there are too many.
    #[error("parts of it are missing")]
    WrongParts,
    /// A part says what it cannot mean.
    #[error("a part of it makes no sense")]
    BadPart,
    /// It is longer than its section.
    #[error("it is too long")]
    TooLong,
}

impl UpdateInformation {
    /// Reads it from its text.
    ///
    /// # Errors
    /// See [`BadUpdateInformation`].
    pub fn parse(text: &str) -> Result<Self, BadUpdateInformation> {
        use BadUpdateInformation as Bad;
        if text.len() > limits::UPDATE_INFORMATION {
            return Err(Bad::TooLong);
        }
        let parts: Vec<_> = text.trim().split('|').collect();
        if parts.iter().any(|part| part.is_empty() || part.len() > limits::UPDATE_FIELD) {
            return Err(Bad::WrongParts);
        }
        let plain = !parts.iter().any(|part| part.contains(char::is_control));
        match parts.as_slice() {
            _ if !plain => Err(Bad::BadPart),
            ["zsync", url] if is_address(url) => Ok(Self::Zsync { url: (*url).to_owned() }),
            ["gh-releases-zsync", rest @ ..] => releases(Forge::GitHub, rest),
            ["gl-releases-zsync", rest @ ..] => releases(Forge::GitLab, rest),
            ["cb-releases-zsync" | "codeberg-releases-zsync", rest @ ..] => releases(Forge::Codeberg, rest),
            ["gitea-releases-zsync" | "forgejo-releases-zsync", instance, rest @ ..] => {
                let host = host(instance).ok_or(Bad::BadPart)?;
                releases(Forge::Gitea { host }, rest)
            }
            ["pling-v1-zsync", product, pattern] if product.bytes().all(|byte| byte.is_ascii_digit()) => {
                Ok(Self::Pling { product: (*product).to_owned(), pattern: pattern_of(pattern)? })
            }
            ["zsync", _] | ["pling-v1-zsync", _, _] => Err(Bad::BadPart),
            ["bintray-zsync", ..] => Err(Bad::Dead),
            ["zsync" | "pling-v1-zsync" | "gitea-releases-zsync" | "forgejo-releases-zsync", ..] => {
                Err(Bad::WrongParts)
            }
            _ => Err(Bad::UnknownKind),
        }
    }
}

fn releases(forge: Forge, parts: &[&str]) -> Result<UpdateInformation, BadUpdateInformation> {
    let [owner, repository, tag, pattern] = parts else { return Err(BadUpdateInformation::WrongParts) };
    // GitLab's projects may lie in groups of groups.
    let owners: Vec<_> = owner.split('/').collect();
    let nested = owners.len() == 1 || forge == Forge::GitLab;
    if !nested || !owners.iter().chain([repository]).all(|name| is_name(name)) {
        return Err(BadUpdateInformation::BadPart);
    }
    let release = match *tag {
        "latest" => Release::Latest,
        "latest-pre" => Release::LatestPre,
        "latest-all" => Release::LatestAll,
        tag if is_folder(tag) => return Err(BadUpdateInformation::BadPart),
        tag => Release::Tag(tag.to_owned()),
    };
    let (owner, repository) = ((*owner).to_owned(), (*repository).to_owned());
    Ok(UpdateInformation::Releases { forge, owner, repository, release, pattern: pattern_of(pattern)? })
}

/// A pattern names a file, never a path.
fn pattern_of(text: &str) -> Result<String, BadUpdateInformation> {
    if text.contains('/') { Err(BadUpdateInformation::BadPart) } else { Ok(text.to_owned()) }
}

/// A name of an owner or a project: what becomes part of an address as it stands.
pub(crate) fn is_name(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !text.is_empty() && text.len() <= 100 && text.bytes().all(known) && !is_folder(text)
}

/// A name for a folder itself or the one above. Within an address it folds into what is before it, escaped too.
pub(crate) fn is_folder(text: &str) -> bool {
    matches!(text, "." | "..")
}

/// A host out of what is written for it, `https://` before it or not.
fn host(text: &str) -> Option<String> {
    let text = text.strip_prefix("https://").unwrap_or(text).trim_end_matches('/');
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':');
    let plain = !text.is_empty() && text.bytes().all(known);
    (plain && is_address(&format!("https://{text}"))).then(|| text.to_ascii_lowercase())
}

/// Whether a file's name fits a pattern, in which `*` stands for anything and `?` for one character.
pub fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut seen) = (0, 0);
    // Where the last star stood, and what it stands for up to now.
    let mut star: Option<(usize, usize)> = None;
    while seen < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, seen));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || *wanted == name[seen] => (at, seen) = (at + 1, seen + 1),
            _ => {
                let Some((place, taken)) = star else { return false };
                star = Some((place, taken + 1));
                (at, seen) = (place + 1, taken + 1);
            }
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(forge: Forge, owner: &str, release: Release) -> UpdateInformation {
        let (repository, pattern) = ("App".to_owned(), "App-*x86_64.AppImage.zsync".to_owned());
        UpdateInformation::Releases { forge, owner: owner.to_owned(), repository, release, pattern }
    }

    #[test]
    fn every_kind_is_read() {
        let gitea = |host: &str| Forge::Gitea { host: host.to_owned() };
        for (text, expected) in [
            ("gh-releases-zsync|ann|App|latest|App-*x86_64.AppImage.zsync", of(Forge::GitHub, "ann", Release::Latest)),
            (
                "gh-releases-zsync|ann|App|latest-pre|App-*x86_64.AppImage.zsync",
                of(Forge::GitHub, "ann", Release::LatestPre),
            ),
            (
                "gl-releases-zsync|a/b|App|latest-all|App-*x86_64.AppImage.zsync",
                of(Forge::GitLab, "a/b", Release::LatestAll),
            ),
            (
                "cb-releases-zsync|ann|App|v1/2|App-*x86_64.AppImage.zsync",
                of(Forge::Codeberg, "ann", Release::Tag("v1/2".into())),
            ),
            (
                "forgejo-releases-zsync|https://Git.example/|ann|App|latest|App-*x86_64.AppImage.zsync",
                of(gitea("git.example"), "ann", Release::Latest),
            ),
            (
                "gitea-releases-zsync|git.example:3000|ann|App|latest|App-*x86_64.AppImage.zsync\n",
                of(gitea("git.example:3000"), "ann", Release::Latest),
            ),
        ] {
            assert_eq!(UpdateInformation::parse(text), Ok(expected), "{text}");
        }
        let zsync = UpdateInformation::Zsync { url: "https://example.org/a.zsync".into() };
        assert_eq!(UpdateInformation::parse("zsync|https://example.org/a.zsync"), Ok(zsync));
        let pling = UpdateInformation::Pling { product: "1234".into(), pattern: "a*.AppImage".into() };
        assert_eq!(UpdateInformation::parse("pling-v1-zsync|1234|a*.AppImage"), Ok(pling));
    }

    #[test]
    fn what_makes_no_sense_is_told_by_kind() {
        use BadUpdateInformation as Bad;
        for (text, expected) in [
            ("", Bad::WrongParts),
            ("zsync", Bad::WrongParts),
            ("zsync|", Bad::WrongParts),
            ("zsync|file:///etc/passwd", Bad::BadPart),
            ("zsync|javascript:alert(1)", Bad::BadPart),
            ("bintray-zsync|a|b|c|d", Bad::Dead),
            ("torrent|x", Bad::UnknownKind),
            ("gh-releases-zsync|ann|App|latest", Bad::WrongParts),
            ("gh-releases-zsync|ann|App|latest|x|y", Bad::WrongParts),
            ("gh-releases-zsync|..|App|latest|x", Bad::BadPart),
            ("gh-releases-zsync|a/b|App|latest|x", Bad::BadPart),
            ("gh-releases-zsync|ann|App?x=1|latest|x", Bad::BadPart),
            ("gh-releases-zsync|ann|App|..|x", Bad::BadPart),
            ("gl-releases-zsync|ann|App|.|x", Bad::BadPart),
            ("gh-releases-zsync|ann|App|latest|../x", Bad::BadPart),
            ("gh-releases-zsync|ann|App|la\ntest|x", Bad::BadPart),
            ("gitea-releases-zsync|git.example/path|ann|App|latest|x", Bad::BadPart),
            ("gitea-releases-zsync|ann@evil|ann|App|latest|x", Bad::BadPart),
            ("pling-v1-zsync|12a|x", Bad::BadPart),
        ] {
            assert_eq!(UpdateInformation::parse(text), Err(expected), "{text}");
        }
        assert_eq!(UpdateInformation::parse(&"a".repeat(2000)), Err(Bad::TooLong));
    }

    #[test]
    fn patterns_fit_whole_names() {
        for (pattern, name, expected) in [
            ("App-*x86_64.AppImage", "App-1.2-x86_64.AppImage", true),
            ("App-*x86_64.AppImage", "App-1.2-aarch64.AppImage", false),
            ("*", "", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("a*b*c", "a--b-c-b-c", true),
            ("a*b*c", "a--b-c-b-", false),
            ("", "a", false),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
        // Would take for ever if every star were tried with every other.
        assert!(!fits(&"*a".repeat(200), &"a".repeat(199)));
    }
}
