//! Lists to walk through.

mod lists;
mod similar;
mod subcategory;

pub(crate) use lists::rows;
use serde::{Deserialize, Serialize};
use strata_model::AppId;
pub use subcategory::Subcategory;

/// A list of apps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum List {
    /// The apps of a tile, the likeliest first.
    Category(Category),
    /// The apps of a part of a tile, the likeliest first.
    Subcategory(Category, Subcategory),
    /// By newest release, newest first.
    RecentlyUpdated,
    /// Those that came last, newest first: by an origin's own list, else by their first release; apps that do not say
    /// are left out.
    New,
    /// Those that most people use, by an origin's own list, else the likeliest ones.
    Popular,
    /// Those that more people than usual turn to, by an origin's own list, else the likeliest ones of the newest
    /// releases.
    Trending,
    /// Picks for the front page, by an origin's own list, else drawn from the likeliest ones: others each day.
    Picks {
        /// The day to draw for, in days since 1970.
        day: u64,
    },
    /// The apps of one developer, by name.
    Developer(String),
    /// The apps that are most like this one: they share categories, keywords, words of the summary.
    Similar(AppId),
    /// Every app, by name.
    All,
    /// Every app, the likeliest first.
    Likeliest,
    /// The same of what may stand on the front page: in the place of [`List::Popular`] where nobody says what is popular.
    Suggested,
}

/// A part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many to leave out before.
    pub offset: usize,
    /// At most so many.
    pub limit: usize,
}

/// The tiles of the front page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Pictures, sound, film.
    Create,
    /// Office and money.
    Work,
    /// Games.
    Play,
    /// People and messages.
    Socialise,
    /// Knowledge.
    Learn,
    /// Programs that make programs.
    Develop,
    /// Everything that helps, and whatever fits nowhere else.
    Tools,
}

impl Category {
    /// Every tile, in the order of the front page.
    pub const ALL: [Self; 7] =
        [Self::Create, Self::Work, Self::Play, Self::Socialise, Self::Learn, Self::Develop, Self::Tools];

    /// The tile's name in the catalogue and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Work => "work",
            Self::Play => "play",
            Self::Socialise => "socialise",
            Self::Learn => "learn",
            Self::Develop => "develop",
            Self::Tools => "tools",
        }
    }

    /// A tile by its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tile| tile.as_str() == name)
    }

    /// The categories of the menu specification that a tile gathers.
    /// <https://specifications.freedesktop.org/menu-spec/latest/category-registry.html>
    const fn gathers(self) -> &'static [&'static str] {
        match self {
            Self::Create => &[
                "Graphics",
                "AudioVideo",
                "Audio",
                "Video",
                "Photography",
                "Art",
                "Music",
                "Recorder",
                "AudioVideoEditing",
                "Midi",
                "Mixer",
                "Sequencer",
                "Publishing",
                "3DGraphics",
                "2DGraphics",
                "VectorGraphics",
                "RasterGraphics",
            ],
            Self::Work => &[
                "Office",
                "Finance",
                "Calendar",
                "ContactManagement",
                "Database",
                "Presentation",
                "ProjectManagement",
                "Spreadsheet",
                "WordProcessor",
                "Chart",
                "FlowChart",
                "PDA",
            ],
            Self::Play => &["Game"],
            Self::Socialise => &[
                "Chat",
                "InstantMessaging",
                "Email",
                "IRCClient",
                "Telephony",
                "VideoConference",
                "News",
                "Feed",
                "HamRadio",
            ],
            Self::Learn => &["Education", "Science"],
            Self::Develop => &["Development", "IDE", "WebDevelopment", "Debugger", "RevisionControl", "GUIDesigner"],
            Self::Tools => &["Utility", "System", "Settings"],
        }
    }

    /// The tiles that an app of these categories is found under: at least one, so that nothing is out of reach.
    pub(crate) fn of(categories: &[String]) -> Vec<Self> {
        let fits = |tile: &Self| categories.iter().any(|category| tile.gathers().contains(&category.as_str()));
        let tiles: Vec<Self> = Self::ALL.into_iter().filter(fits).collect();
        if tiles.is_empty() { vec![Self::Tools] } else { tiles }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_app_has_a_tile() {
        let cases: &[(&[&str], &[Category])] = &[
            (&["Graphics", "Photography"], &[Category::Create]),
            (&["Network", "InstantMessaging"], &[Category::Socialise]),
            (&["Network", "WebBrowser"], &[Category::Tools]),
            (&["Education", "Game"], &[Category::Play, Category::Learn]),
            (&[], &[Category::Tools]),
        ];
        for (categories, expected) in cases {
            let categories: Vec<String> = categories.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(Category::of(&categories), *expected, "{categories:?}");
        }
        for tile in Category::ALL {
            assert_eq!(Category::named(tile.as_str()), Some(tile));
        }
    }
}
