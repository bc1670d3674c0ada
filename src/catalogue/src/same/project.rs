//! Projects on forges, out of the addresses that apps name.

/// Forges whose projects are known by their addresses.
const FORGES: [&str; 3] = ["github.com", "gitlab.com", "codeberg.org"];
/// Where forges have pages of projects: `https://ann.github.io/app` is of `github.com/ann/app`.
const PAGES: [(&str, &str); 3] =
    [("github.io", "github.com"), ("gitlab.io", "gitlab.com"), ("codeberg.page", "codeberg.org")];
/// What comes behind a project in the address of one of its pages.
const BEHIND: [&str; 12] = [
    "-",
    "issues",
    "wiki",
    "wikis",
    "releases",
    "tree",
    "blob",
    "discussions",
    "merge_requests",
    "pulls",
    "src",
    "raw",
];

/// A project on a forge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Project {
    /// Host, owner and name, in small letters: forges do not tell capital ones from them.
    pub(super) key: String,
}

impl Project {
    /// The project that an address is about, or a page of.
    pub(super) fn of(url: &str) -> Option<Self> {
        let (host, path) = parts(url)?;
        let mut segments: Vec<&str> = path.split(['/', '?', '#']).filter(|part| !part.is_empty()).collect();
        let (forge, owner) = if FORGES.contains(&host.as_str()) {
            (host.as_str(), None)
        } else {
            let is_page =
                |(pages, forge): &(&str, &'static str)| Some((*forge, host.strip_suffix(pages)?.strip_suffix('.')?));
            let (forge, owner) = PAGES.iter().find_map(is_page)?;
            segments.truncate(1);
            (forge, Some(owner))
        };
        let end = segments.iter().position(|part| BEHIND.contains(part)).unwrap_or(segments.len());
        segments.truncate(if forge == "gitlab.com" { end } else { end.min(2) });
        segments.splice(0..0, owner);
        let plain = |part: &&str| part.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
        if segments.len() < 2 || !segments.iter().all(plain) {
            return None;
        }
        let path = segments.join("/");
        Some(Self { key: format!("{forge}/{}", path.strip_suffix(".git").unwrap_or(&path)).to_lowercase() })
    }

    /// What it is called on its forge.
    pub(super) fn name(&self) -> &str {
        self.key.rsplit('/').next().unwrap_or_default()
    }

    /// Whose it is there.
    pub(super) fn owner(&self) -> &str {
        self.key.split('/').nth(1).unwrap_or_default()
    }
}

/// Host and path of an address of the web.
pub(super) fn parts(url: &str) -> Option<(String, &str)> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.split(['@', ':', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let host = host.strip_prefix("www.").map(str::to_owned).unwrap_or(host);
    (!host.is_empty() && !url.contains('@')).then_some((host, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_is_known_by_any_of_its_pages() {
        for (url, expected) in [
            ("https://github.com/Ann/App", Some("github.com/ann/app")),
            ("http://www.github.com/Ann/App.git", Some("github.com/ann/app")),
            ("https://github.com/Ann/App/issues/new?x=y", Some("github.com/ann/app")),
            ("https://github.com/Ann/App#readme", Some("github.com/ann/app")),
            ("https://gitlab.com/a/b/App/-/issues", Some("gitlab.com/a/b/app")),
            ("https://gitlab.com/a/App/issues", Some("gitlab.com/a/app")),
            ("https://ann.github.io/App/start.html", Some("github.com/ann/app")),
            ("https://ann.github.io", None),
            ("https://github.com/Ann", None),
            ("https://github.com/", None),
            ("https://evil@github.com/Ann/App", None),
            ("https://example.org/ann/app", None),
            ("https://github.com/issues/new", None),
            ("", None),
        ] {
            assert_eq!(Project::of(url).map(|project| project.key).as_deref(), expected, "{url}");
        }
    }
}
