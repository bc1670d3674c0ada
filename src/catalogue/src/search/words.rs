//! What search looks through.

use super::{formats, roles};
use crate::appstream::{self, Component};
use crate::part::Part;
use crate::words::indexed;

/// What search looks through for one app, in all languages of the person, ready for the index.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) keywords: String,
    /// What its categories say it is.
    pub(crate) role: String,
    pub(crate) summary: String,
    pub(crate) developer: String,
    pub(crate) description: String,
}

impl Words {
    /// How much it is.
    pub(crate) fn bytes(&self) -> usize {
        let Self { name, id, keywords, role, summary, developer, description } = self;
        [name, id, keywords, role, summary, developer, description].into_iter().map(String::len).sum()
    }
}

/// What search looks through for an app.
pub(crate) fn of(part: &Part, component: &Component) -> Words {
    let joined = |texts: &mut dyn Iterator<Item = &String>| {
        let mut text = String::new();
        for more in texts {
            text.push_str(&indexed(more));
            text.push('\n');
        }
        text
    };
    let keywords = joined(&mut component.keywords.all().flatten());
    let (role, categories) = roles::spoken(&component.categories);
    let formats = formats::spoken(&component.provides).join(" ");
    Words {
        name: joined(&mut component.names.all().chain(&part.inner_names)),
        id: telling_parts(part.id.as_str()),
        keywords: keywords + &indexed(&categories) + &indexed(&formats),
        role: indexed(&role).into_owned(),
        summary: joined(&mut component.summaries.all()),
        developer: joined(&mut component.developers.all()),
        description: joined(
            &mut component.descriptions.all().flatten().flat_map(appstream::spans).map(|span| &span.text),
        ),
    }
}

/// An id without the parts that say nothing about the app: `io.github.ann.Paint` is `ann Paint`.
pub(super) fn telling_parts(id: &str) -> String {
    const HOSTS: [&str; 7] = ["github", "gitlab", "sourceforge", "codeberg", "flathub", "gitea", "bitbucket"];
    let parts: Vec<&str> = id.split('.').collect();
    let skipped = usize::from(parts.len() > 2);
    let telling = parts.into_iter().skip(skipped).filter(|part| !HOSTS.contains(part) && *part != "desktop");
    telling.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_searched_by_their_telling_parts() {
        let cases = [
            ("org.gnome.Chess", "gnome Chess"),
            ("io.github.ann.Paint", "ann Paint"),
            ("org.kde.kate.desktop", "kde kate"),
            ("0ad.desktop", "0ad"),
        ];
        for (id, expected) in cases {
            assert_eq!(telling_parts(id), expected, "{id}");
        }
    }
}
