//! Which sources apps come from, and in which order of preference.

use crate::{Offer, OfferId, SourceKind, order};
use serde::{Deserialize, Serialize};
use zvariant::Type;

/// Where apps come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sources {
    /// Where new Flatpaks go if an app can be had in several installations.
    pub installation: Installation,
    /// Apps that are neither listed nor found, by their ids; `*` stands for any text.
    pub hidden: Vec<String>,
    /// The kinds of sources in their order of preference; those that are not named come behind, as usual.
    pub order: Vec<SourceKind>,
    /// Flatpaks are offered.
    pub flatpaks: bool,
    /// AppImages are offered.
    pub appimages: bool,
    /// Packages of the system are offered.
    pub packages: bool,
}

impl Default for Sources {
    fn default() -> Self {
        Self {
            installation: Installation::default(),
            hidden: Vec::new(),
            order: SourceKind::ALL.to_vec(),
            flatpaks: true,
            appimages: true,
            packages: true,
        }
    }
}

impl Sources {
    /// The kinds of sources, the preferred one first.
    pub fn in_order(&self) -> [SourceKind; 3] {
        let mut all = SourceKind::ALL;
        all.sort_by_key(|kind| self.rank(*kind));
        all
    }

    /// The place of a kind of source in the order of preference; the least is preferred.
    pub fn rank(&self, kind: SourceKind) -> usize {
        let usual = SourceKind::ALL.iter().position(|one| *one == kind).unwrap_or_default();
        self.order.iter().position(|one| *one == kind).unwrap_or(self.order.len() + usual)
    }

    /// The kinds of source are preferred as they are where nobody says anything.
    pub fn is_in_usual_order(&self) -> bool {
        SourceKind::ALL.iter().is_sorted_by_key(|kind| self.rank(*kind))
    }

    /// What is new of this kind of source is offered.
    pub const fn offer(&self, kind: SourceKind) -> bool {
        match kind {
            SourceKind::Flatpak => self.flatpaks,
            SourceKind::AppImage => self.appimages,
            SourceKind::Package => self.packages,
        }
    }

    /// Orders offers best first, with the one to take by default at the front: the best one, in the preferred installation
    /// if its origin carries it there too.
    pub fn arrange(&self, offers: &mut [Offer]) {
        offers.sort_by_key(|offer| order::place(offer, self));
        let Some(best) = offers.first().map(|offer| offer.id.clone()) else { return };
        let preferred = OfferId { scope: self.installation.scope().to_owned(), ..best };
        if let Some(place) = offers.iter().position(|offer| offer.id == preferred) {
            offers[..=place].rotate_right(1);
        }
    }
}

/// A Flatpak installation to prefer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum Installation {
    /// For everybody on this machine.
    #[default]
    System,
    /// For this person only.
    User,
}

impl Installation {
    /// Its name as the scope of an offer.
    pub const fn scope(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(scope: &str, origin: &str) -> Offer {
        let reference = "app/org.example.Chess/x86_64/stable".to_owned();
        let id = OfferId { source: SourceKind::Flatpak, scope: scope.to_owned(), origin: origin.to_owned(), reference };
        Offer::new(id)
    }

    #[test]
    fn the_preferred_installation_wins_only_for_the_same_origin() {
        let sources = Sources { installation: Installation::User, ..Sources::default() };
        let mut offers = [offer("system", "flathub"), offer("user", "other"), offer("user", "flathub")];
        sources.arrange(&mut offers);
        assert_eq!(offers, [offer("user", "flathub"), offer("system", "flathub"), offer("user", "other")]);
        let mut offers = [offer("system", "flathub"), offer("user", "other")];
        sources.arrange(&mut offers);
        assert_eq!(offers[0], offer("system", "flathub"));
    }
    #[test]
    fn what_the_settings_do_not_name_comes_behind_as_usual() {
        use SourceKind::{AppImage, Flatpak, Package};
        let cases: [(&[SourceKind], [SourceKind; 3], &str); 4] = [
            (&[], [Flatpak, AppImage, Package], "nothing is said"),
            (&[Package], [Package, Flatpak, AppImage], "one is"),
            (&[AppImage, Flatpak, AppImage], [AppImage, Flatpak, Package], "one is twice"),
            (&[Package, AppImage, Flatpak], [Package, AppImage, Flatpak], "all are"),
        ];
        for (order, expected, reason) in cases {
            let sources = Sources { order: order.to_vec(), ..Sources::default() };
            assert_eq!(sources.in_order(), expected, "{reason}");
        }
    }

    #[test]
    fn offers_stand_in_the_order_of_the_settings_with_the_preferred_installation_first() {
        let of = |source| Offer::new(OfferId { source, ..offer("user", "flathub").id });
        let package = of(SourceKind::Package);
        let mut offers = [offer("system", "flathub"), offer("user", "flathub"), package.clone()];
        let user = Sources { installation: Installation::User, ..Sources::default() };
        let order = vec![SourceKind::Package, SourceKind::Flatpak];
        Sources { order, ..user }.arrange(&mut offers);
        assert_eq!(offers[0], package);
    }
}
