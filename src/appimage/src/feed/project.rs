//! Where a project lives, out of an address or what catalogues write for one.

use crate::update_information::{Forge, is_name};
use serde::{Deserialize, Serialize};
use strata_platform::http::Url;

/// A project on a forge.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Project {
    /// Where it lives.
    #[serde(flatten)]
    pub forge: Forge,
    /// Whose it is; on GitLab possibly a group within a group, with `/`.
    pub owner: String,
    /// Its name there.
    pub repository: String,
}

impl Project {
    /// A project of GitHub's by `owner/repository`; more behind it, and GitHub's own address before it, are forgiven.
    pub fn of_slug(text: &str) -> Option<Self> {
        if text.contains("://") {
            return Self::of_url(text);
        }
        Self::new(Forge::GitHub, text)
    }

    /// A project by an address on one of the forges that are known by their host.
    pub fn of_url(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "https" | "http"))?;
        let forge = match url.host_str()?.trim_start_matches("www.") {
            "github.com" => Forge::GitHub,
            "gitlab.com" => Forge::GitLab,
            "codeberg.org" => Forge::Codeberg,
            _ => return None,
        };
        Self::new(forge, url.path())
    }

    fn new(forge: Forge, path: &str) -> Option<Self> {
        let path = path.trim_matches('/');
        let parts: Vec<_> = match forge {
            // What is behind `-` is a page of the project.
            Forge::GitLab => path.split("/-/").next()?.split('/').collect(),
            _ => path.split('/').take(2).collect(),
        };
        let (repository, owner) = parts.split_last()?;
        let repository = repository.strip_suffix(".git").unwrap_or(repository);
        let plain = !owner.is_empty() && owner.iter().chain([&repository]).all(|name| is_name(name));
        plain.then(|| Self { forge, owner: owner.join("/"), repository: repository.to_owned() })
    }

    /// The address of its page.
    pub fn url(&self) -> String {
        format!("https://{}/{}/{}", self.host(), self.owner, self.repository)
    }

    fn host(&self) -> &str {
        match &self.forge {
            Forge::GitHub => "github.com",
            Forge::GitLab => "gitlab.com",
            Forge::Codeberg => "codeberg.org",
            Forge::Gitea { host } => host,
        }
    }

    /// What is equal for two ways to write the same project: forges do not tell capital letters from small ones.
    pub fn key(&self) -> String {
        format!("{}/{}/{}", self.host(), self.owner, self.repository).to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_is_known_however_it_is_written() {
        for (text, expected) in [
            ("ann/App", Some("github.com/ann/app")),
            ("ann/App/releases", Some("github.com/ann/app")),
            ("https://github.com/Ann/App.git", Some("github.com/ann/app")),
            ("http://www.github.com/ann/app/releases/tag/v1", Some("github.com/ann/app")),
            ("https://gitlab.com/a/b/App/-/releases", Some("gitlab.com/a/b/app")),
            ("https://codeberg.org/ann/app/", Some("codeberg.org/ann/app")),
            ("https://example.org/ann/app", None),
            ("https://github.com.evil.example/ann/app", None),
            ("https://github.com/ann", None),
            ("ann", None),
            ("", None),
            ("../..", None),
            ("ann/../etc", None),
            ("ann/a?b", None),
            ("javascript://github.com/ann/app", None),
        ] {
            assert_eq!(Project::of_slug(text).map(|project| project.key()).as_deref(), expected, "{text}");
        }
    }
}
