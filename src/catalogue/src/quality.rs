//! How well kept an app looks: what breaks ties where nothing is known about how many people use it.

use crate::appstream::Component;
use strata_model::app::Icon;

const YEAR: i64 = 365 * 86_400;

/// What its developer did for it, 0 to 700.
pub(crate) fn of(component: &Component, icon: &Icon, now: i64) -> u16 {
    let age = now - component.releases.newest.first().map_or(0, |release| release.date);
    let freshness = match age {
        age if age < YEAR => 200,
        age if age < 3 * YEAR => 120,
        age if age < 6 * YEAR => 50,
        _ => 0,
    };
    let signs = [
        (icon.large.is_some(), 120),
        (icon.small.is_some(), 60),
        (!component.screenshots.is_empty(), 120),
        (component.descriptions.best().is_some(), 60),
        (!component.translations.is_empty(), 40),
        (!component.content_rating.is_empty(), 40),
        (component.developers.best().is_some(), 30),
        (!component.links.is_empty(), 30),
    ];
    freshness + signs.iter().filter(|(given, _)| *given).map(|(_, worth)| worth).sum::<u16>()
}

/// How likely an app is meant, whatever the words: 0 to 1000.
pub(crate) fn prior(quality: u16, verified: bool) -> u16 {
    (quality + if verified { 300 } else { 0 }).min(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn care_counts_and_verification_counts_more_than_any_single_sign() {
        let now = 40 * YEAR;
        let poor = of(&Component::default(), &Icon::default(), now);
        let icon = Icon { small: Some("a".into()), large: Some("b".into()) };
        let better = of(&Component::default(), &icon, now);
        assert!(poor < better && better < 700);
        assert!(prior(poor, true) > prior(better, false));
        assert_eq!(prior(700, true), 1_000);
    }
}
