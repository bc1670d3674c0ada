//! Offers: the ways to get an app.

use crate::evidence::Evidence;
use crate::installed::EndOfLife;
use crate::marked;
use crate::parental::Guard;
use crate::system::SystemObstacle;
use serde::{Deserialize, Serialize};
use zvariant::Type;

/// Where offers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum SourceKind {
    /// Flatpaks from remotes.
    Flatpak,
    /// AppImages from catalogues or files.
    AppImage,
    /// Packages of the distribution.
    Package,
}

impl SourceKind {
    /// Every kind, in the usual order of preference.
    pub const ALL: [Self; 3] = [Self::Flatpak, Self::AppImage, Self::Package];

    /// The name in settings, JSON and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Flatpak => "flatpak",
            Self::AppImage => "app-image",
            Self::Package => "package",
        }
    }
}

/// Names one offer, or one installed thing, for as long as its origin carries it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
pub struct OfferId {
    /// The source that understands the rest.
    pub source: SourceKind,
    /// Where it would be or is installed: for Flatpaks the installation (`user`, `system`, or an extra one's id).
    pub scope: String,
    /// The origin within the source: for Flatpaks the remote's name. Empty if it came from a file.
    pub origin: String,
    /// The reference within the origin: for Flatpaks the full ref, `app/org.gnome.Chess/x86_64/stable`.
    pub reference: String,
}

impl OfferId {
    /// An AppImage: one that a list has, by its name there; one that came from a file, with no origin, by the id that it has on
    /// this machine. AppImages are one person's own.
    pub fn app_image(origin: &str, name: &str) -> Self {
        let (scope, origin, reference) = ("user".to_owned(), origin.to_owned(), name.to_owned());
        Self { source: SourceKind::AppImage, scope, origin, reference }
    }

    /// Both are one thing once they are installed: a Flatpak is the same from whichever remote it came.
    pub fn is_same_thing(&self, other: &Self) -> bool {
        let named_alike = (self.source, &self.scope, &self.reference) == (other.source, &other.scope, &other.reference);
        named_alike && (self.source == SourceKind::Flatpak || self.origin == other.origin)
    }

    /// A package that is layered, or could be, by its name. The update daemon finds the repository that has it, so none
    /// is named.
    pub fn package(name: &str) -> Self {
        let (scope, origin) = ("system".to_owned(), String::new());
        Self { source: SourceKind::Package, scope, origin, reference: name.to_owned() }
    }
}

/// One way to get an app, as the catalogue knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Its name.
    pub id: OfferId,
    /// The list that tells of it, where that is no part of its name: packages are named by themselves alone.
    #[serde(default)]
    pub list: String,
    /// The desktop file that opens it, of a package: `org.gimp.GIMP.desktop`. Empty where nothing tells of one.
    #[serde(default)]
    pub launcher: String,
    /// The newest version's own text, empty if unknown.
    pub version: String,
    /// When the newest version was released, seconds since 1970, 0 if unknown.
    pub released: i64,
    /// The origin says that it comes from the app's own developer.
    pub verified: bool,
    /// The priority of the origin; greater comes first.
    pub priority: i32,
    /// The runtime it needs (`org.gnome.Platform/x86_64/48`), empty if none.
    pub runtime: String,
    /// Bytes to download without what it stands on, 0 if unknown.
    #[serde(default)]
    pub download_size: u64,
    /// Bytes on the disk without what it stands on, 0 if unknown.
    #[serde(default)]
    pub installed_size: u64,
    /// What speaks against it, if anything.
    #[serde(default)]
    pub obstacle: Option<Obstacle>,
    /// What speaks for it being of this app; nothing where the app is known by it.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}

impl Offer {
    /// An offer of which nothing but its name is known.
    pub fn new(id: OfferId) -> Self {
        Self {
            id,
            list: String::new(),
            launcher: String::new(),
            version: String::new(),
            released: 0,
            verified: false,
            priority: 0,
            runtime: String::new(),
            download_size: 0,
            installed_size: 0,
            obstacle: None,
            evidence: Vec::new(),
        }
    }

    /// Where it comes from, within its source: its origin, or else the list that tells of it.
    pub fn from(&self) -> &str {
        if self.id.origin.is_empty() { &self.list } else { &self.id.origin }
    }

    /// It can be installed, whatever may speak against it.
    pub fn is_installable(&self) -> bool {
        self.obstacle.as_ref().is_none_or(|obstacle| !obstacle.forbids())
    }
}

/// What speaks against the offer to take, the first that can be installed; where none can, against the first.
pub fn obstacle(offers: &[Offer]) -> Option<&Obstacle> {
    let taken = offers.iter().find(|offer| offer.is_installable()).or(offers.first())?;
    taken.obstacle.as_ref()
}

/// Why there was nothing to be had when somebody last asked where an offer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Absence {
    /// Its project is not there, or nobody may see it.
    ProjectGone,
    /// Its project has released nothing.
    NoRelease,
    /// The releases have no AppImage, or none any more.
    NoAppImage,
    /// The AppImages are for other kinds of processors.
    OtherMachine,
}

impl Absence {
    /// Its name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ProjectGone => "project-gone",
            Self::NoRelease => "no-release",
            Self::NoAppImage => "no-app-image",
            Self::OtherMachine => "other-machine",
        }
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::ProjectGone => marked("When it was last asked for, its project was not there any more."),
            Self::NoRelease => marked("When it was last asked for, its project had released nothing."),
            Self::NoAppImage => marked("When it was last asked for, the releases of its project had no AppImage."),
            Self::OtherMachine => {
                marked("When it was last asked for, there were AppImages of it for other kinds of processors only.")
            }
        }
    }
}

/// What speaks against an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Obstacle {
    /// It gets no more updates. It can be installed all the same.
    EndOfLife(EndOfLife),
    /// Somebody told Flatpak to leave it alone (`flatpak mask`): it is not updated. It can be installed all the same, as
    /// with Flatpak itself.
    Masked {
        /// The pattern that fits it.
        pattern: String,
    },
    /// The settings hide it (`sources.hidden`), by the distribution's, the administrator's or the person's wish.
    Hidden {
        /// The pattern that fits it.
        pattern: String,
    },
    /// The settings have sources of its kind switched off (`sources.flatpaks` and the like).
    SourceOff {
        /// The kind.
        source: SourceKind,
    },
    /// It is a package, and the system takes none.
    System {
        /// Why.
        obstacle: SystemObstacle,
    },
    /// It is a package that the system's image carries: it is there already.
    InSystem,
    /// It is made for another kind of processor than what its origin has for this machine.
    OtherMachine {
        /// As its reference has it, such as `aarch64`.
        architecture: String,
    },
    /// What would be installed is another app, which has a page of its own.
    OtherApp {
        /// The id of that one.
        id: String,
    },
    /// Its origin lists it, and does not have it.
    NotCarried,
    /// Strata cannot install it from where it is listed; a person can get it by hand.
    ByHand {
        /// The address of a page that it can be had from.
        page: String,
    },
    /// There was nothing to be had when somebody last asked. It can be tried all the same.
    Missing {
        /// What there was not.
        absence: Absence,
    },
    /// Nobody looks after it any more, as far as others have noticed. It can be installed all the same.
    Neglected,
    /// Parental controls keep it back.
    Guarded {
        /// Why.
        guard: Guard,
    },
}

impl Obstacle {
    /// It cannot be installed because of it.
    pub const fn forbids(&self) -> bool {
        !matches!(self, Self::EndOfLife(_) | Self::Masked { .. } | Self::Missing { .. } | Self::Neglected)
    }

    /// What speaks against it, in English, to be translated by the face; `{detail}` stands for [`Obstacle::detail`].
    pub const fn sentence(&self) -> &'static str {
        match self {
            Self::EndOfLife(_) => marked("It gets no more updates. {detail}"),
            Self::Masked { .. } => marked("It is not updated: Flatpak was told to leave “{detail}” alone."),
            Self::Hidden { .. } => marked("It is hidden by the settings (“{detail}” in sources.hidden)."),
            Self::SourceOff { source } => match source {
                SourceKind::Flatpak => marked("Flatpaks are switched off in the settings (sources.flatpaks)."),
                SourceKind::AppImage => marked("AppImages are switched off in the settings (sources.appimages)."),
                SourceKind::Package => marked("System packages are switched off in the settings (sources.packages)."),
            },
            Self::System { obstacle } => obstacle.sentence(),
            Self::InSystem => marked("It is part of the system already."),
            Self::OtherMachine { .. } => marked("It is made for another kind of processor ({detail})."),
            Self::OtherApp { .. } => marked("What would be installed is another app, “{detail}”."),
            Self::NotCarried => marked("Its origin lists it, but does not have it."),
            Self::ByHand { .. } => {
                marked("Strata cannot fetch it by itself. Download it from {detail}, then open the file with Strata.")
            }
            Self::Missing { absence } => absence.sentence(),
            Self::Neglected => {
                marked("Nobody seems to look after it: its project is closed, or has released nothing for years.")
            }
            Self::Guarded { guard } => guard.sentence(),
        }
    }

    /// The origin's own words or the pattern; may be empty.
    pub fn detail(&self) -> &str {
        match self {
            Self::EndOfLife(end) => &end.reason,
            Self::Masked { pattern } | Self::Hidden { pattern } => pattern,
            Self::SourceOff { source } => source.as_str(),
            Self::OtherMachine { architecture } => architecture,
            Self::OtherApp { id } => id,
            Self::ByHand { page } => page,
            Self::Missing { absence } => absence.as_str(),
            Self::System { .. } | Self::InSystem | Self::NotCarried | Self::Neglected | Self::Guarded { .. } => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(obstacle: Option<Obstacle>) -> Offer {
        let (scope, origin, reference) = (String::new(), String::new(), String::new());
        let id = OfferId { source: SourceKind::Package, scope, origin, reference };
        Offer { obstacle, ..Offer::new(id) }
    }

    #[test]
    fn an_obstacle_counts_if_no_other_way_is_free() {
        let ended = || offer(Some(Obstacle::EndOfLife(EndOfLife { reason: String::new(), successor: String::new() })));
        let packaged = || offer(Some(Obstacle::System { obstacle: SystemObstacle::LayeringLocked }));
        let cases = [
            (vec![], None, "nothing is offered"),
            (vec![packaged()], Some(true), "nothing else is there"),
            (vec![packaged(), offer(None)], None, "the second can be installed"),
            (vec![offer(None), ended()], None, "the first is free"),
            (vec![packaged(), ended()], Some(false), "the second can be installed all the same"),
        ];
        for (offers, forbids, reason) in cases {
            assert_eq!(obstacle(&offers).map(Obstacle::forbids), forbids, "{reason}");
        }
    }
}
