//! Which app of a project a file is: projects release several now and then, and their names are all that tells them apart.

use super::Asset;
use serde::{Deserialize, Serialize};

/// An app of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct App {
    /// What it is called.
    pub name: String,
    /// What the project's other apps are called.
    pub others: Vec<String>,
}

/// How well a file fits an app, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// It bears its name.
    Own,
    /// It bears nobody's name, and the project has one app only.
    Unnamed,
}

impl App {
    /// Whether a file can be this app; `None` if it is another one, or could be.
    pub(super) fn fit(&self, asset: &Asset) -> Option<Fit> {
        let (own, other) = self.lengths(asset);
        let alone = self.others.iter().all(|other| plain(other) == plain(&self.name));
        match own {
            0 if alone => Some(Fit::Unnamed),
            own if own > other => Some(Fit::Own),
            _ => None,
        }
    }

    /// Whether a file bears the name of another app of the project.
    pub(super) fn is_another(&self, asset: &Asset) -> bool {
        let (own, other) = self.lengths(asset);
        other > own
    }

    /// How much of a file's name is this app's, and another one's. Where one begins with the other the longer is meant.
    fn lengths(&self, asset: &Asset) -> (usize, usize) {
        let file = plain(&asset.name);
        let length =
            |name: &String| Some(plain(name)).filter(|name| file.starts_with(name)).map_or(0, |name| name.len());
        (length(&self.name), self.others.iter().map(length).max().unwrap_or_default())
    }
}

/// A name without all that is written differently from place to place.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_the_app_whose_name_it_bears() {
        let app = |name: &str, others: &[&str]| App {
            name: name.to_owned(),
            others: others.iter().map(|&other| other.to_owned()).collect(),
        };
        for (name, others, file, expected) in [
            ("Foo", &[][..], "Foo-1.2.AppImage", Some(Fit::Own)),
            ("Foo Bar", &[], "foo_bar-1.2.AppImage", Some(Fit::Own)),
            ("Foo", &[], "Something.AppImage", Some(Fit::Unnamed)),
            ("Foo", &["foo"], "Something.AppImage", Some(Fit::Unnamed)),
            ("", &[], "Something.AppImage", Some(Fit::Unnamed)),
            ("Foo", &["Foo Server"], "Foo-1.2.AppImage", Some(Fit::Own)),
            ("Foo", &["Foo Server"], "Foo-Server-1.2.AppImage", None),
            ("Foo Server", &["Foo"], "Foo-Server-1.2.AppImage", Some(Fit::Own)),
            ("Foo Server", &["Foo"], "Foo-1.2.AppImage", None),
            ("Foo", &["Bar"], "Something.AppImage", None),
            ("Foo", &["Bar"], "Bar.AppImage", None),
        ] {
            let asset = Asset { name: file.into(), ..Asset::default() };
            assert_eq!(app(name, others).fit(&asset), expected, "{name} beside {others:?}: {file}");
        }
    }
}
