//! Parental controls: what somebody who looks after a person lets them install and open, as malcontent keeps it.

use crate::app::ContentRating;
use crate::{OfferId, marked};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a person is allowed. Nothing is forbidden by default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Controls {
    /// Only what is listed may be opened; else what is listed may not.
    pub only_listed: bool,
    /// Full references of apps.
    pub listed: BTreeSet<String>,
    /// For each attribute of OARS the most that an app may answer.
    pub most: BTreeMap<String, Level>,
    /// Apps may be installed for oneself.
    pub user_installation: bool,
    /// Apps may be installed for everybody.
    pub system_installation: bool,
}

/// How much of something an app contains, in the words of OARS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// None of it.
    None,
    /// Some.
    Mild,
    /// Much.
    Moderate,
    /// Very much: no limit.
    Intense,
}

/// Why parental controls keep an app back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guard {
    /// It contains more of something than is allowed.
    Content,
    /// It does not say what it contains.
    Unrated,
    /// It may not be opened.
    Opening,
    /// No app may be installed there.
    Installing,
}

impl Default for Controls {
    fn default() -> Self {
        let (listed, most) = (BTreeSet::new(), BTreeMap::new());
        Self { only_listed: false, listed, most, user_installation: true, system_installation: true }
    }
}

impl Controls {
    /// Anything is forbidden at all. To install for everybody is forbidden by malcontent itself, also to those whom
    /// nobody looks after: alone it says nothing.
    pub fn restrict(&self) -> bool {
        let has_limit = self.most.values().any(|most| *most < Level::Intense);
        self.only_listed || !self.listed.is_empty() || has_limit || !self.user_installation
    }

    /// Why an offer is kept back, if it is. `rating` is what the app answers about its content, `None` if that cannot be
    /// known here.
    pub fn guard(&self, offer: &OfferId, rating: Option<&[ContentRating]>) -> Option<Guard> {
        // What apps stand on, and what extends them, is nobody's to open.
        if !self.restrict() || offer.reference.starts_with("runtime/") {
            return None;
        }
        let content = rating.and_then(|rating| self.content(rating));
        // The other two are about Flatpaks.
        let is_app = offer.reference.starts_with("app/");
        let opening = || (is_app && self.forbid_opening(&offer.reference)).then_some(Guard::Opening);
        let installing = || (is_app && self.forbid_installing(&offer.scope)).then_some(Guard::Installing);
        content.or_else(opening).or_else(installing)
    }

    /// No app may be installed in this scope.
    pub fn forbid_installing(&self, scope: &str) -> bool {
        let allowed = if scope == "user" { self.user_installation } else { self.system_installation };
        self.restrict() && !allowed
    }

    /// An installed app may not be opened. What is forbidden is so in every branch.
    pub fn forbid_opening(&self, reference: &str) -> bool {
        let id = |reference: &str| reference.split('/').nth(1).map(str::to_owned);
        if self.only_listed {
            return !self.listed.contains(reference);
        }
        self.listed.iter().any(|listed| id(listed) == id(reference))
    }

    /// A file that is no app may not be opened: it would be an app that nobody has allowed.
    pub fn forbid_opening_files(&self) -> bool {
        self.only_listed || self.forbid_installing("user")
    }

    /// An app that answered, but not to an attribute, has none of it.
    fn content(&self, rating: &[ContentRating]) -> Option<Guard> {
        if self.most.is_empty() {
            return None;
        }
        if rating.is_empty() {
            return Some(Guard::Unrated);
        }
        let exceeds = |answer: &ContentRating| {
            let most = self.most.get(&answer.attribute);
            most.is_some_and(|most| Level::named(&answer.value).is_some_and(|level| level > *most))
        };
        rating.iter().any(exceeds).then_some(Guard::Content)
    }
}

impl Level {
    /// By its word.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "none" => Self::None,
            "mild" => Self::Mild,
            "moderate" => Self::Moderate,
            "intense" => Self::Intense,
            _ => return None,
        })
    }
}

impl Guard {
    /// Why, in English, to be translated by the face.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Content => marked("Parental controls keep it back because of what it contains."),
            Self::Unrated => marked("Parental controls keep it back because it does not say what it contains."),
            Self::Opening => marked("Parental controls do not let you open it."),
            Self::Installing => marked("Parental controls do not let you install apps here."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SourceKind;

    fn offer(scope: &str, reference: &str) -> OfferId {
        let (scope, reference) = (scope.to_owned(), reference.to_owned());
        OfferId { source: SourceKind::Flatpak, scope, origin: "hub".to_owned(), reference }
    }

    fn chess(scope: &str) -> OfferId {
        offer(scope, "app/org.a.Chess/x86_64/stable")
    }

    fn rating(answers: &[(&str, &str)]) -> Vec<ContentRating> {
        let answer = |(attribute, value): &(&str, &str)| ContentRating {
            attribute: (*attribute).to_owned(),
            value: (*value).to_owned(),
        };
        answers.iter().map(answer).collect()
    }

    fn limited() -> Controls {
        let most =
            [("violence-realistic", Level::Mild), ("social-chat", Level::None), ("money-gambling", Level::Intense)];
        Controls { most: most.map(|(name, most)| (name.to_owned(), most)).into(), ..Controls::default() }
    }

    #[test]
    fn an_app_may_contain_as_much_as_is_allowed() {
        type Case = (&'static [(&'static str, &'static str)], Option<Guard>, &'static str);
        let cases: &[Case] = &[
            (&[], Some(Guard::Unrated), "nobody knows"),
            (&[("violence-realistic", "mild")], None, "as much as allowed"),
            (&[("violence-realistic", "moderate")], Some(Guard::Content), "more"),
            (&[("drugs-alcohol", "intense")], None, "nobody set a limit"),
            (&[("money-gambling", "intense")], None, "any amount"),
            (&[("drugs-alcohol", "none"), ("social-chat", "mild")], Some(Guard::Content), "one is enough"),
            (&[("social-chat", "sometimes")], None, "no word of OARS"),
        ];
        for (answers, expected, reason) in cases {
            assert_eq!(limited().guard(&chess("user"), Some(&rating(answers))), *expected, "{reason}");
        }
        assert_eq!(limited().guard(&chess("user"), None), None, "it cannot be known here");
        assert_eq!(Controls::default().guard(&chess("user"), Some(&[])), None, "nobody looks after this person");
    }

    #[test]
    fn a_list_says_what_may_be_opened_or_what_may_not() {
        let listed = BTreeSet::from(["app/org.a.Chess/x86_64/stable".to_owned()]);
        let not = Controls { listed: listed.clone(), ..Controls::default() };
        let only = Controls { only_listed: true, ..not.clone() };
        let cases = [
            ("app/org.a.Chess/x86_64/stable", true, false),
            ("app/org.a.Chess/x86_64/beta", true, true),
            ("app/org.a.Go/x86_64/stable", false, true),
        ];
        for (reference, by_not, by_only) in cases {
            assert_eq!(not.forbid_opening(reference), by_not, "{reference}");
            assert_eq!(only.forbid_opening(reference), by_only, "{reference}");
        }
        assert_eq!(not.guard(&chess("user"), None), Some(Guard::Opening));
        let all = Controls { only_listed: true, ..limited() };
        assert_eq!(all.guard(&offer("user", "runtime/org.a.Platform/x86_64/1"), Some(&[])), None, "nobody opens it");
    }

    #[test]
    fn where_nothing_may_be_installed_counts_for_whom_somebody_looks_after() {
        let usual = Controls { system_installation: false, ..Controls::default() };
        assert_eq!(usual.guard(&chess("system"), None), None, "malcontent says so of everybody");
        let child = Controls { system_installation: false, ..limited() };
        assert_eq!(child.guard(&chess("system"), None), Some(Guard::Installing));
        assert_eq!(child.guard(&chess("user"), None), None);
        let locked = Controls { user_installation: false, ..Controls::default() };
        assert_eq!(locked.guard(&chess("user"), None), Some(Guard::Installing));
        assert!(locked.forbid_installing("user") && !locked.forbid_installing("system"));
        let listed = Controls { only_listed: true, ..Controls::default() };
        for (controls, forbidden) in [(usual, false), (child, false), (locked, true), (listed, true)] {
            assert_eq!(controls.forbid_opening_files(), forbidden, "{controls:?}");
        }
    }
}
