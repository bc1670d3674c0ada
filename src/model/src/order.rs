//! Which offer comes first, as one written policy: what nothing speaks against, then by source, by the priority of the
//! origin, by verification. Where one origin serves several installations, the preferred one counts.

use crate::settings::Sources;
use crate::{Offer, marked};
use std::cmp::Reverse;

/// An offer's place among those of its app: the least comes first. Among equals the feeds' own order counts.
pub fn place(offer: &Offer, sources: &Sources) -> (bool, usize, Reverse<(i32, bool)>) {
    (offer.obstacle.is_some(), sources.rank(offer.id.source), Reverse((offer.priority, offer.verified)))
}

/// Why one offer comes before another: the first point of the policy in which they differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Something speaks against the second.
    Obstacle,
    /// Its source comes first, as usual.
    Source,
    /// Its source comes first, as the settings have it.
    Order,
    /// Its origin has the greater priority.
    Priority,
    /// It is verified and the second is not.
    Verified,
    /// Both come from the same place, and the first is for the installation that is preferred.
    Installation,
    /// They are alike; the order of the origins counts.
    Alike,
}

impl Why {
    /// Every reason, the weightiest first.
    pub const ALL: [Self; 7] =
        [Self::Obstacle, Self::Source, Self::Order, Self::Priority, Self::Verified, Self::Installation, Self::Alike];

    /// The reason why `first` comes before `second`.
    pub fn of(first: &Offer, second: &Offer, sources: &Sources) -> Self {
        if first.obstacle.is_some() != second.obstacle.is_some() {
            Self::Obstacle
        } else if first.id.source != second.id.source {
            if sources.is_in_usual_order() { Self::Source } else { Self::Order }
        } else if first.id.origin == second.id.origin && first.id.scope == sources.installation.scope() {
            Self::Installation
        } else if first.priority != second.priority {
            Self::Priority
        } else if first.verified != second.verified {
            Self::Verified
        } else {
            Self::Alike
        }
    }

    /// The reason in English, to be translated by the face; `{first}` and `{second}` stand for the places that the
    /// offers come from.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Obstacle => marked("Something speaks against the one from {second}."),
            Self::Source => marked("Flatpaks come before AppImages, and these before system packages."),
            Self::Order => marked("Your preferences have these sources in another order than usual."),
            Self::Priority => marked("{first} has the higher priority among your sources, {second} a lower one."),
            Self::Verified => marked("The one from {first} is verified, the one from {second} is not."),
            Self::Installation => marked("Both come from {first}; your preferences say for whom apps are installed."),
            Self::Alike => marked("{first} and {second} are equally good; {first} was set up before."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Installation;
    use crate::{Obstacle, OfferId, SourceKind};

    fn offer(source: SourceKind, scope: &str, origin: &str, priority: i32, verified: bool) -> Offer {
        let id =
            OfferId { source, scope: scope.to_owned(), origin: origin.to_owned(), reference: "app/a/b/c".to_owned() };
        Offer { verified, priority, ..Offer::new(id) }
    }

    #[test]
    fn the_reason_is_the_first_point_in_which_they_differ() {
        let flatpak = |scope, origin, priority, verified| offer(SourceKind::Flatpak, scope, origin, priority, verified);
        let packaged = offer(SourceKind::Package, "system", "debian", 9, true);
        let masked = Offer { obstacle: Some(Obstacle::NotCarried), ..flatpak("system", "c", 99, true) };
        let user = Sources { installation: Installation::User, ..Sources::default() };
        let reversed = Sources { order: vec![SourceKind::Package], ..user.clone() };
        assert_eq!(Why::of(&packaged, &flatpak("system", "a", 1, false), &reversed), Why::Order);
        assert!(place(&packaged, &reversed) < place(&flatpak("system", "a", 1, false), &reversed));
        let appimage = offer(SourceKind::AppImage, "user", "", 1, false);
        assert_eq!(
            Why::of(&flatpak("system", "a", 1, false), &appimage, &reversed),
            Why::Order,
            "their order is another"
        );
        let cases = [
            (flatpak("system", "a", 1, false), masked, Why::Obstacle),
            (flatpak("system", "a", 1, false), packaged, Why::Source),
            (flatpak("system", "a", 2, false), flatpak("user", "b", 1, true), Why::Priority),
            (flatpak("system", "a", 1, true), flatpak("user", "b", 1, false), Why::Verified),
            (flatpak("user", "a", 1, true), flatpak("system", "a", 1, true), Why::Installation),
            (flatpak("system", "a", 1, true), flatpak("system", "b", 1, true), Why::Alike),
        ];
        for (first, second, expected) in cases {
            assert_eq!(Why::of(&first, &second, &user), expected, "{first:?} {second:?}");
            let ordered = place(&first, &user) <= place(&second, &user);
            assert!(ordered, "the reason is the one by which they were ordered: {expected:?}");
        }
    }
}
