//! What an app asks of the machine it runs on.
//! <https://www.freedesktop.org/software/appstream/docs/chap-Metadata.html#tag-relations>

use serde::{Deserialize, Serialize};

/// What an app needs, wants and can make use of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Relations {
    /// Without this it does not work.
    pub requires: Vec<Relation>,
    /// Without this it works less well.
    pub recommends: Vec<Relation>,
    /// With this it works as well.
    pub supports: Vec<Relation>,
}

/// One thing that an app asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Relation {
    /// A way to be worked with, in AppStream's words: `pointing`, `keyboard`, `touch`, `gamepad`, `tablet` …
    Control {
        /// Which one.
        control: String,
    },
    /// A length of the display's shortest side in logical pixels.
    Display {
        /// How the display compares with the length.
        compare: Compare,
        /// The length.
        pixels: u32,
    },
    /// A connection, in AppStream's words: `always`, `offline-only`, `first-run`.
    Internet {
        /// Which one.
        need: String,
    },
    /// Memory.
    Memory {
        /// How the memory compares with the size.
        compare: Compare,
        /// The size in MiB.
        mebibytes: u64,
    },
}

/// How what is there compares with what is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compare {
    /// As much or more.
    #[default]
    AtLeast,
    /// As much or less.
    AtMost,
    /// More.
    MoreThan,
    /// Less.
    LessThan,
    /// Exactly as much.
    Exactly,
    /// Anything else.
    Not,
}

/// The shortest side of a phone's display in logical pixels.
const PHONE_PIXELS: u32 = 360;

impl Relations {
    /// The app says that it can be worked with by touch, and that a phone's display is large enough for it. An app that
    /// says nothing of it is not known to fit.
    pub fn fits_phone(&self) -> bool {
        let all = || self.requires.iter().chain(&self.recommends).chain(&self.supports);
        let touch = all().any(|relation| matches!(relation, Relation::Control { control } if control == "touch"));
        let displays: Vec<bool> = all().filter_map(Relation::fits_phone_display).collect();
        touch && !displays.is_empty() && displays.iter().all(|&fits| fits)
    }
}

impl Relation {
    /// Whether a phone's display is as it is asked for; `None` if no display is spoken of.
    fn fits_phone_display(&self) -> Option<bool> {
        let Self::Display { compare, pixels } = self else { return None };
        Some(match compare {
            Compare::AtLeast => PHONE_PIXELS >= *pixels,
            Compare::AtMost => PHONE_PIXELS <= *pixels,
            Compare::MoreThan => PHONE_PIXELS > *pixels,
            Compare::LessThan => PHONE_PIXELS < *pixels,
            Compare::Exactly => PHONE_PIXELS == *pixels,
            Compare::Not => PHONE_PIXELS != *pixels,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_needs_touch_and_a_small_display() {
        let touch = || Relation::Control { control: "touch".to_owned() };
        let keyboard = || Relation::Control { control: "keyboard".to_owned() };
        let display = |pixels| Relation::Display { compare: Compare::AtLeast, pixels };
        let at_most = |pixels| Relation::Display { compare: Compare::AtMost, pixels };
        let cases = [
            (vec![], vec![], false, "it says nothing"),
            (vec![display(360)], vec![touch(), keyboard()], true, "both"),
            (vec![display(300)], vec![touch()], true, "smaller still"),
            (vec![display(361)], vec![touch()], false, "one pixel too large"),
            (vec![display(360)], vec![keyboard()], false, "not by touch"),
            (vec![], vec![touch()], false, "no word about the display"),
            (vec![], vec![touch(), at_most(600)], true, "made for small displays"),
        ];
        for (requires, supports, expected, reason) in cases {
            let relations = Relations { requires, supports, ..Relations::default() };
            assert_eq!(relations.fits_phone(), expected, "{reason}");
        }
    }
}
