//! How each forge is asked, and what its answer says.
//! <https://docs.github.com/rest/releases/releases>, <https://docs.gitlab.com/api/releases/>,
//! <https://codeberg.org/api/swagger>

use super::{Asset, ResolveError};
use crate::bytes::hex;
use crate::feed::Project;
use crate::json::{Form, Shape, entries};
use crate::limits;
use crate::update_information::{Forge, Release};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use strata_platform::environment::Forges;
use strata_platform::http::is_address;

/// A release as all forges have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Published {
    pub(super) tag: String,
    /// Seconds since 1970, 0 if unknown.
    pub(super) date: i64,
    pub(super) development: bool,
    pub(super) assets: Vec<Asset>,
}

/// Most releases that are asked for: the newest with an AppImage is among them, or the project stopped to make any.
const RELEASES: usize = 30;

/// What is read of a release. GitLab's files are links within an object.
const RELEASE: Shape = Shape::object(&[
    ("tag_name", Shape::PLAIN),
    ("published_at", Shape::PLAIN),
    ("created_at", Shape::PLAIN),
    ("draft", Shape::PLAIN),
    ("prerelease", Shape::PLAIN),
    ("assets", FILES),
]);
const LINKED_RELEASE: Shape = Shape::object(&[
    ("tag_name", Shape::PLAIN),
    ("released_at", Shape::PLAIN),
    ("created_at", Shape::PLAIN),
    ("upcoming_release", Shape::PLAIN),
    ("assets", Shape::object(&[("links", FILES)])),
]);
const FILES: Shape = Shape::list(limits::ASSETS, &FILE);
const FILE: Shape = Shape::object(&[
    ("name", Shape::PLAIN),
    ("size", Shape::PLAIN),
    ("digest", Shape::PLAIN),
    ("id", Shape::PLAIN),
    ("updated_at", Shape::PLAIN),
    ("created_at", Shape::PLAIN),
    ("browser_download_url", Shape::PLAIN),
    ("direct_asset_url", Shape::PLAIN),
    ("url", Shape::PLAIN),
]);

/// Where a project's releases are asked for, one after the other until there is an answer: the one that is named by its
/// tag; or the one that the project calls its newest, which a correction of an older one does not become by its date,
/// then the newest by date. GitLab has no such name.
pub(super) fn addresses(forges: &Forges, project: &Project, release: Option<&Release>) -> Vec<String> {
    let gitea = match &project.forge {
        Forge::GitLab => {
            let path = escaped(&format!("{}/{}", project.owner, project.repository));
            let releases = format!("{}/projects/{path}/releases", forges.gitlab);
            return match release {
                Some(Release::Tag(tag)) => vec![format!("{releases}/{}", escaped(tag))],
                _ => vec![format!("{releases}?per_page={RELEASES}")],
            };
        }
        Forge::GitHub => None,
        Forge::Codeberg => Some(forges.codeberg.clone()),
        Forge::Gitea { host } => Some(forges.gitea.replace("{host}", host)),
    };
    let size = if gitea.is_some() { "limit" } else { "per_page" };
    let base = gitea.as_ref().unwrap_or(&forges.github);
    let releases = format!("{base}/repos/{}/{}/releases", project.owner, project.repository);
    let newest = format!("{releases}?{size}={RELEASES}");
    match release {
        Some(Release::Tag(tag)) => vec![format!("{releases}/tags/{}", escaped(tag))],
        Some(Release::LatestPre | Release::LatestAll) => vec![newest],
        Some(Release::Latest) | None => vec![format!("{releases}/latest"), newest],
    }
}

/// A text as a part of a path.
fn escaped(text: &str) -> String {
    let mut found = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            found.push(char::from(byte));
        } else {
            found.push('%');
            found.push_str(&hex(&[byte]).to_uppercase());
        }
    }
    found
}

/// Reads an answer: a list of releases, or one. What is wrong with a release or a file costs that one.
pub(super) fn releases(forge: &Forge, body: &[u8], encrypted: bool) -> Result<Vec<Published>, ResolveError> {
    let shape = if *forge == Forge::GitLab { LINKED_RELEASE } else { RELEASE };
    let mut found = Vec::new();
    let each = |release: Value| found.extend(release.as_object().and_then(|one| published(forge, one, encrypted)));
    entries(body, Form::ListOrOne("tag_name"), RELEASES, shape, each).map_err(|_| ResolveError::Malformed)?;
    Ok(found)
}

fn published(forge: &Forge, release: &Map<String, Value>, encrypted: bool) -> Option<Published> {
    if is_true(release, "draft") || is_true(release, "upcoming_release") {
        return None;
    }
    let tag = text(release, "tag_name").filter(|tag| is_tag(tag))?;
    let date = date(release, &["published_at", "released_at", "created_at"]);
    let assets = release.get("assets");
    let (assets, address) = match forge {
        Forge::GitLab => (assets.and_then(|assets| assets.get("links")), ["direct_asset_url", "url"]),
        _ => (assets, ["browser_download_url", "browser_download_url"]),
    };
    let assets = assets.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let assets = assets.iter().take(limits::ASSETS).filter_map(Value::as_object);
    let assets = assets.filter_map(|asset| file(asset, address, encrypted)).collect();
    Some(Published { tag: tag.to_owned(), date, development: is_true(release, "prerelease"), assets })
}

fn is_tag(text: &str) -> bool {
    !text.is_empty() && text.len() <= limits::FEED_NAME && !text.contains(char::is_control)
}

fn file(asset: &Map<String, Value>, address: [&str; 2], encrypted: bool) -> Option<Asset> {
    let url = address.iter().find_map(|key| text(asset, key))?;
    let safe = is_address(url) && url.len() <= limits::FEED_URL && (!encrypted || url.starts_with("https://"));
    let name = text(asset, "name")?;
    // On GitLab a link has a title, and its file's name stands in the address.
    let own = url.split(['?', '#']).next()?.rsplit('/').next()?;
    let name = if name.to_ascii_lowercase().contains(".appimage") { name } else { own };
    let plain = name.len() <= limits::NAME && !name.contains(|c: char| c == '/' || c.is_control());
    let sha256 = text(asset, "digest").and_then(|digest| digest.strip_prefix("sha256:"));
    let sha256 = sha256.filter(|digest| digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let number = |key: &str| asset.get(key).and_then(Value::as_u64).unwrap_or_default();
    (safe && plain).then(|| Asset {
        name: name.to_owned(),
        url: url.to_owned(),
        size: number("size"),
        sha256: sha256.map(str::to_ascii_lowercase),
        blake3: None,
        id: number("id"),
        updated: date(asset, &["updated_at", "created_at"]),
    })
}

fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str)
}

/// The first of these moments that is said, in seconds since 1970; 0 if that makes no sense.
fn date(object: &Map<String, Value>, keys: &[&str]) -> i64 {
    let date = keys.iter().find_map(|key| text(object, key));
    date.and_then(|date| date.parse::<jiff::Timestamp>().ok()).map_or(0, jiff::Timestamp::as_second)
}

fn is_true(object: &Map<String, Value>, key: &str) -> bool {
    object.get(key).and_then(Value::as_bool).unwrap_or_default()
}
