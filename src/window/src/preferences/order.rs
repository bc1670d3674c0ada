//! The order of the sources as the page has it: what is moved has its new place at once, and the settings follow.

use strata_model::SourceKind;

/// Where something is moved to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

/// The order, and how far the settings have followed it. One order at a time is on its way to them: two could overtake each
/// other.
#[derive(Debug)]
pub(super) struct Order {
    /// As the page has it.
    own: Vec<SourceKind>,
    /// As the settings had it when they were last heard of.
    settings: Vec<SourceKind>,
    /// On its way to the settings.
    sent: Option<Vec<SourceKind>>,
}

impl Order {
    pub(super) fn new() -> Self {
        let all = SourceKind::ALL.to_vec();
        Self { own: all.clone(), settings: all, sent: None }
    }

    /// As the page has it.
    pub(super) fn now(&self) -> &[SourceKind] {
        &self.own
    }

    /// Moves one by a place; `false` if there is none.
    pub(super) fn shift(&mut self, kind: SourceKind, way: Way) -> bool {
        let Some(place) = self.own.iter().position(|one| *one == kind) else { return false };
        let other = match way {
            Way::Up => place.checked_sub(1),
            Way::Down => Some(place + 1).filter(|&at| at < self.own.len()),
        };
        let Some(other) = other else { return false };
        self.own.swap(place, other);
        true
    }

    /// Hears what the settings have. What is still on its way to them counts more; what somebody else has set meanwhile counts
    /// more than that.
    pub(super) fn hear(&mut self, settings: &[SourceKind]) {
        let is_on_its_way = self.sent.is_some() && settings == self.settings;
        settings.clone_into(&mut self.settings);
        if is_on_its_way {
            return;
        }
        if self.sent.take().is_none_or(|sent| sent != settings) {
            settings.clone_into(&mut self.own);
        }
    }

    /// Gives what to set now, if anything, and counts it as on its way: not before what was sent has arrived.
    pub(super) fn send(&mut self) -> Option<Vec<SourceKind>> {
        if self.sent.is_some() || self.own == self.settings {
            return None;
        }
        self.sent = Some(self.own.clone());
        self.sent.clone()
    }

    /// What is still to be set where the page hears of the settings no more.
    pub(super) fn rest(&self) -> Option<&[SourceKind]> {
        self.sent.as_ref().filter(|sent| **sent != self.own).map(|_| &*self.own)
    }

    /// It could not be set: the settings have what they had.
    pub(super) fn give_up(&mut self) {
        self.sent = None;
        self.own.clone_from(&self.settings);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::SourceKind::{AppImage, Flatpak, Package};

    const FIRST: [SourceKind; 3] = [Flatpak, AppImage, Package];
    const SECOND: [SourceKind; 3] = [Flatpak, Package, AppImage];
    const THIRD: [SourceKind; 3] = [Package, Flatpak, AppImage];

    type Kinds = Vec<SourceKind>;

    /// As the page has it, and what is set now.
    fn state(order: &mut Order) -> (Kinds, Option<Kinds>) {
        (order.now().to_vec(), order.send())
    }

    fn shows(own: [SourceKind; 3], set: Option<[SourceKind; 3]>) -> (Kinds, Option<Kinds>) {
        (own.to_vec(), set.map(|set| set.to_vec()))
    }

    /// One that was moved up twice before anything was heard of the settings.
    fn pressed_twice() -> Order {
        let mut order = Order::new();
        order.hear(&FIRST);
        assert!(order.shift(Package, Way::Up));
        assert_eq!(state(&mut order), shows(SECOND, Some(SECOND)));
        assert!(order.shift(Package, Way::Up));
        assert_eq!(state(&mut order), shows(THIRD, None), "one after the other");
        assert_eq!(order.rest(), Some(&THIRD[..]), "or now, if the page is left");
        order
    }

    #[test]
    fn two_quick_moves_are_two() {
        let mut order = pressed_twice();
        order.hear(&FIRST);
        assert_eq!(state(&mut order), shows(THIRD, None), "something else has changed");
        order.hear(&SECOND);
        assert_eq!(state(&mut order), shows(THIRD, Some(THIRD)));
        assert_eq!(order.rest(), None);
        order.hear(&THIRD);
        assert_eq!(state(&mut order), shows(THIRD, None));
        assert!(!order.shift(Package, Way::Up) && !order.shift(AppImage, Way::Down), "there is no further place");
    }

    #[test]
    fn there_and_back_is_as_before() {
        let mut order = Order::new();
        order.hear(&FIRST);
        assert!(order.shift(Package, Way::Up) && order.send().is_some() && order.shift(Package, Way::Down));
        order.hear(&FIRST);
        assert_eq!(state(&mut order), shows(FIRST, None), "the settings are still to get the first move");
        order.hear(&SECOND);
        assert_eq!(state(&mut order), shows(FIRST, Some(FIRST)));
    }

    #[test]
    fn what_cannot_be_set_is_taken_back_and_what_others_set_is_shown() {
        let mut order = pressed_twice();
        order.give_up();
        assert_eq!(state(&mut order), shows(FIRST, None));
        let mut order = pressed_twice();
        let other = [AppImage, Flatpak, Package];
        order.hear(&other);
        assert_eq!(state(&mut order), shows(other, None));
    }
}
