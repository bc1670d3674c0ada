//! What comes before what.

/// How a query fits an app, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It is the name, or the id.
    Exact,
    /// The name begins with its words: "writer" of "Writer for Python".
    Beginning,
    /// The name begins with it in the middle of a word: "fire" of "Firefox"; or it is the beginning of the id.
    Prefix,
    /// It is the name but for a mistake: "firefx" of "Firefox".
    Misspelt,
    /// Its words are in the name: "chess" of "GNOME Chess"; or it is an id that ends as this one does.
    Inside,
    /// A later word of the name begins with it: "che" of "GNOME Chess".
    InsidePrefix,
    /// It is the later words of the name but for a mistake: "ches" of "GNOME Chess", "editro" of "Text Editor".
    InsideMisspelt,
    /// It fits in other fields, or its words fit apart from each other.
    Elsewhere,
    /// The same but for a mistake, where the words as they were typed are in descriptions only.
    ElsewhereMisspelt,
    /// Other forms of its words fit in its name, keywords or summary: "drawing" of "draw".
    Form,
    /// It fits in its description only, where a word that is nearly the same is in names or keywords.
    InText,
    /// It fits only if taken less strictly.
    Loosely,
}

impl Fit {
    /// How a query, folded, fits a part of a name that begins with it; `place` words of the name come before.
    pub(super) fn of_name(query: &str, key: &str, place: i64) -> Self {
        let rest = key.get(query.len()..).unwrap_or_default();
        match (place, rest.is_empty(), rest.starts_with(' ')) {
            (0, true, _) => Self::Exact,
            (0, false, true) => Self::Beginning,
            (0, false, false) => Self::Prefix,
            (_, true, _) | (_, false, true) => Self::Inside,
            (_, false, false) => Self::InsidePrefix,
        }
    }

    /// Fits of one shelf are ordered by their score, shelves by their place: whoever types a name gets it first, and
    /// a word in the middle of a name is only a sign among others.
    pub(super) const fn shelf(self) -> u8 {
        match self {
            Self::Exact => 0,
            Self::Beginning => 1,
            Self::Prefix => 2,
            Self::Misspelt => 3,
            Self::Inside
            | Self::InsidePrefix
            | Self::InsideMisspelt
            | Self::Elsewhere
            | Self::ElsewhereMisspelt
            | Self::Form
            | Self::InText => 4,
            Self::Loosely => 5,
        }
    }

    /// What a fit is worth beside the words, on a shelf that it shares with others.
    pub(super) const fn worth(self) -> f64 {
        match self {
            Self::Inside => 1.6,
            Self::InsidePrefix | Self::InsideMisspelt => 1.2,
            // A word that hardly any app has is a mistake more often than what is meant.
            Self::InText => 0.4,
            _ => 1.0,
        }
    }
}

/// The last shelf.
const PARTLY: u8 = 6;

/// What it is worth that the words stand side by side.
pub(super) const TOGETHER: f64 = 1.25;
/// What it is worth at least that the words are what it is by its categories: of many that are the same, one that has it in
/// its name is hardly meant rather than another one.
pub(super) const ROLE: f64 = 1.5;

/// What is known of an app that fits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Candidate {
    pub(super) number: i64,
    pub(super) fit: Fit,
    /// How well the words fit, greater is better, 0 if that was not asked.
    pub(super) relevance: f64,
    /// The words stand side by side.
    pub(super) together: bool,
    /// The words are what it is by its categories.
    pub(super) role: bool,
    /// 0 to 1000: how likely it is meant, whatever the words.
    pub(super) prior: u16,
    /// Which of the readings fits so; 0 for the words as they were typed.
    pub(super) reading: usize,
    /// It has some of the words only.
    pub(super) partly: bool,
}

impl Candidate {
    /// Best first.
    pub(super) fn order(&self, other: &Self) -> std::cmp::Ordering {
        let by_fit = self.shelf().cmp(&other.shelf());
        by_fit.then_with(|| other.score().total_cmp(&self.score())).then_with(|| self.number.cmp(&other.number))
    }

    /// What has some of the words only stands behind all that has them all.
    pub(super) const fn shelf(&self) -> u8 {
        if self.partly { PARTLY } else { self.fit.shelf() }
    }

    /// What the words say, with at most half as much again for how likely it is meant: a bounded push, so that a
    /// well-kept app comes before its equals and not before what fits better. Of what is of the kind that was asked for,
    /// which one is meant rather than another says nothing else: there the push is twice as strong.
    pub(super) fn score(&self) -> f64 {
        let most = if self.role { 1.0 } else { 0.5 };
        let push = 1.0 + most * f64::from(self.prior.min(1_000)) / 1_000.0;
        let together = if self.together { TOGETHER } else { 1.0 };
        let worth = if self.role { self.fit.worth().max(ROLE) } else { self.fit.worth() };
        (self.relevance + 1.0) * worth * together * push
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fits_of_names() {
        let cases = [
            ("chess", "chess", 0, Fit::Exact),
            ("chess", "chess clock", 0, Fit::Beginning),
            ("ches", "chess clock", 0, Fit::Prefix),
            ("chess", "chess", 1, Fit::Inside),
            ("chess", "chess puzzles", 2, Fit::Inside),
            ("che", "chess", 1, Fit::InsidePrefix),
        ];
        for (query, key, place, expected) in cases {
            assert_eq!(Fit::of_name(query, key, place), expected, "{query} of {key} at {place}");
        }
    }

    fn candidate(fit: Fit, relevance: f64, prior: u16) -> Candidate {
        Candidate { number: 1, fit, relevance, together: false, role: false, prior, reading: 0, partly: false }
    }

    #[test]
    fn what_comes_first() {
        // Each with the reason why the left one comes before the right one.
        let cases = [
            ("the exact name, however badly kept", candidate(Fit::Exact, 1.0, 0), candidate(Fit::Prefix, 20.0, 1_000)),
            (
                "whole words of a name before a part of one",
                candidate(Fit::Beginning, 1.0, 0),
                candidate(Fit::Prefix, 9.0, 9),
            ),
            ("the better kept of equals", candidate(Fit::Prefix, 5.0, 600), candidate(Fit::Prefix, 5.0, 500)),
            (
                "what fits much better, not what is kept better",
                candidate(Fit::Elsewhere, 9.0, 0),
                candidate(Fit::Elsewhere, 5.0, 1_000),
            ),
            (
                "a word of the name before a word elsewhere",
                candidate(Fit::Inside, 5.0, 0),
                candidate(Fit::Elsewhere, 5.0, 900),
            ),
            (
                "but not whatever it says elsewhere",
                candidate(Fit::Elsewhere, 12.0, 0),
                candidate(Fit::InsidePrefix, 5.0, 0),
            ),
            (
                "the name but for a mistake, not the words as they are somewhere else",
                candidate(Fit::Misspelt, 0.0, 0),
                candidate(Fit::Elsewhere, 9.0, 1_000),
            ),
            (
                "a name that begins so, not one that is written nearly so",
                candidate(Fit::Prefix, 0.0, 0),
                candidate(Fit::Misspelt, 0.0, 1_000),
            ),
            (
                "a word that is nearly the same in a name before one in a description",
                candidate(Fit::InsideMisspelt, 5.0, 0),
                candidate(Fit::InText, 9.0, 500),
            ),
            (
                "what has all of the words",
                candidate(Fit::Loosely, 0.1, 0),
                Candidate { partly: true, ..candidate(Fit::Exact, 9.0, 9) },
            ),
            ("what fits strictly", candidate(Fit::Elsewhere, 0.1, 0), candidate(Fit::Loosely, 50.0, 1_000)),
        ];
        for (reason, first, second) in cases {
            assert_eq!(first.order(&second), std::cmp::Ordering::Less, "{reason}");
        }
    }
}
