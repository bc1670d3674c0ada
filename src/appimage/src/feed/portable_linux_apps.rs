//! What Portable-Linux-Apps knows of projects: which ones are closed, which had no release for years, and icons. Its lists
//! name programs and not projects, so they are a sign, and no more.

use super::value::{below, is_https, parse, text};
use super::{BadFeed, Life};
use crate::json::{Form, Shape};
use crate::limits;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Where icons lie that are written as paths.
const SITE: &str = "https://portable-linux-apps.github.io/";

/// What is read of an app.
const APP: Shape = Shape::object(&[("packageName", Shape::PLAIN), ("icon", Shape::PLAIN)]);

/// What is known of programs, by their names in small letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signs(HashMap<String, Life>);

impl Signs {
    /// What is known of a program.
    pub fn of(&self, name: &str) -> Life {
        self.0.get(&name.to_lowercase()).copied().unwrap_or_default()
    }

    /// How many programs something is known of.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Nothing is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Reads the lists `obsolete-apps` and `archived-apps`: a name in each line, and for obsolete ones the year of the last
/// release. What is archived is so whatever the other list says.
///
/// # Errors
/// [`BadFeed::TooLarge`], and [`BadFeed::Malformed`] for what is another kind of file.
pub fn signs(obsolete: &str, archived: &str) -> Result<Signs, BadFeed> {
    let mut signs = HashMap::new();
    for (list, closed) in [(obsolete, false), (archived, true)] {
        if list.len() > limits::SIGNS {
            return Err(BadFeed::TooLarge);
        }
        if list.trim_start().starts_with('<') {
            return Err(BadFeed::Malformed);
        }
        for line in list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let mut words = line.split_whitespace();
            let Some(name) = words.next().filter(|name| name.len() <= limits::FEED_NAME) else { continue };
            let year = words.next().and_then(|year| year.parse().ok()).filter(|year| (2000..2200).contains(year));
            signs.insert(name.to_lowercase(), if closed { Life::Archived } else { Life::Obsolete(year) });
        }
    }
    Ok(Signs(signs))
}

/// Reads `apps.json`: the icons of programs, by their names in small letters.
///
/// # Errors
/// See [`BadFeed`].
pub fn app_icons(bytes: &[u8]) -> Result<HashMap<String, String>, BadFeed> {
    let mut icons = HashMap::new();
    parse(bytes, Form::List, APP, |app| icons.extend(app.as_object().and_then(icon)))?;
    Ok(icons)
}

/// An app's name and icon.
fn icon(app: &Map<String, Value>) -> Option<(String, String)> {
    let (name, icon) = (text(app, "packageName", limits::FEED_NAME), text(app, "icon", limits::FEED_URL));
    let icon = if icon.contains("://") { Some(icon).filter(|url| is_https(url)) } else { below(SITE, &icon) };
    Some((name.to_lowercase(), icon.filter(|url| url != SITE)?)).filter(|(name, _)| !name.is_empty())
}
