//! Where the icon of an app is read from.

use std::path::PathBuf;
use strata_model::app::Icon;

/// Where an icon is read from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum IconPlace {
    /// A file on this machine.
    Disk(PathBuf),
    /// An address, which is asked once.
    Web(String),
}

impl IconPlace {
    /// Of a picture in a row or a tile.
    pub(crate) fn small(icon: &Icon) -> Option<Self> {
        Self::first([&icon.small, &icon.large], icon)
    }

    /// Of a picture at the head of a page.
    pub(crate) fn large(icon: &Icon) -> Option<Self> {
        Self::first([&icon.large, &icon.small], icon)
    }

    fn first(files: [&Option<PathBuf>; 2], icon: &Icon) -> Option<Self> {
        let file = files.into_iter().flatten().next().cloned().map(Self::Disk);
        file.or_else(|| icon.remote.clone().map(Self::Web))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_this_machine_comes_first_and_then_the_size() {
        let disk = |name: &str| Some(IconPlace::Disk(name.into()));
        let url = "https://example.org/app.png";
        let mut icon = Icon { small: Some("s".into()), large: Some("l".into()), remote: Some(url.to_owned()) };
        assert_eq!((IconPlace::small(&icon), IconPlace::large(&icon)), (disk("s"), disk("l")));
        icon.large = None;
        assert_eq!((IconPlace::small(&icon), IconPlace::large(&icon)), (disk("s"), disk("s")));
        icon.small = None;
        assert_eq!(IconPlace::small(&icon), Some(IconPlace::Web(url.to_owned())));
        assert_eq!(IconPlace::large(&Icon::default()), None);
    }
}
