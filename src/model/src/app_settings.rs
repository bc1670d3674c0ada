//! How a person wants one app to be started, and where it lies with its data. AppImages have such settings.

use crate::marked;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use zvariant::Type;

/// Most arguments, and most variables. What starts with more is started by a script.
const MOST: usize = 200;

/// Most bytes of all of them together: they become one line of a desktop file, and one program is started with them.
const BYTES: usize = 32 << 10;

/// The settings of one app, as they are or shall be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct AppSettings {
    /// The folder that its file lies in, by its whole path.
    pub folder: String,
    /// Arguments before its own.
    pub arguments: Vec<String>,
    /// What is set in its environment.
    pub environment: BTreeMap<String, String>,
    /// Whether it is started in a terminal.
    pub terminal: InTerminal,
    /// A home folder of its own lies beside it.
    pub portable_home: bool,
    /// A folder for its settings lies beside it.
    pub portable_config: bool,
    /// It is in the menus of the desktop.
    pub in_menus: bool,
}

/// Whether an app is started in a terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum InTerminal {
    /// As it says itself.
    #[default]
    Auto,
    /// In one.
    Yes,
    /// By itself.
    No,
}

/// What of an app's settings cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence())]
pub enum Unfit {
    /// A variable that has no such name.
    Name,
    /// A character that is none of a text.
    Character,
    /// More arguments or variables than an app is started with.
    Many,
    /// Longer texts than an app is started with.
    Long,
    /// A folder that is not named by its whole path.
    Folder,
    /// A quote that does not end.
    Quote,
}

impl Unfit {
    /// Every kind, for tests.
    pub const ALL: [Self; 6] = [Self::Name, Self::Character, Self::Many, Self::Long, Self::Folder, Self::Quote];

    /// What is wrong, in English, to be translated by the face.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Name => {
                marked("The name of a variable has letters without accents, digits and _, and begins with no digit.")
            }
            Self::Character => marked("Line breaks, and other characters that show nothing, are not taken."),
            Self::Many => marked("An app is started with 200 arguments and 200 variables at most."),
            Self::Long => marked("Arguments and variables have 32 KB together at most."),
            Self::Folder => marked("A folder is named by its whole path."),
            Self::Quote => marked("A quotation mark is opened and does not end."),
        }
    }
}

impl AppSettings {
    /// Whether they can be those of an app, as far as that can be told without looking at the disk.
    ///
    /// # Errors
    /// The first thing that cannot be.
    pub fn check(&self) -> Result<(), Unfit> {
        if !self.folder.starts_with('/') {
            return Err(Unfit::Folder);
        }
        if self.arguments.len().max(self.environment.len()) > MOST {
            return Err(Unfit::Many);
        }
        let pairs = || self.environment.iter().flat_map(|(name, value)| [name, value]);
        if self.arguments.iter().chain(pairs()).map(String::len).sum::<usize>() > BYTES {
            return Err(Unfit::Long);
        }
        self.environment.iter().try_for_each(|(name, value)| check_variable(name, value))?;
        self.arguments.iter().chain([&self.folder]).try_for_each(|text| check_text(text))
    }

    /// The same app with nothing of the person's own in how it is started. Where it lies stays, and so does whether it is in
    /// menus.
    #[must_use]
    pub fn reset(self) -> Self {
        Self { folder: self.folder, in_menus: self.in_menus, ..Self::default() }
    }
}

/// Whether a variable of an app's environment can be set to this.
///
/// # Errors
/// [`Unfit::Name`], [`Unfit::Character`].
pub fn check_variable(name: &str, value: &str) -> Result<(), Unfit> {
    if is_variable(name) { check_text(value) } else { Err(Unfit::Name) }
}

/// Whether a variable can be called so: as everybody reads it who may start the app.
pub fn is_variable(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The arguments that a person has written as one line.
///
/// # Errors
/// [`Unfit::Quote`], [`Unfit::Character`].
pub fn read_arguments(line: &str) -> Result<Vec<String>, Unfit> {
    let crate::command_line::Words { words, open } = crate::command_line::split(line);
    if open {
        return Err(Unfit::Quote);
    }
    words.iter().try_for_each(|word| check_text(word))?;
    Ok(words)
}

fn check_text(text: &str) -> Result<(), Unfit> {
    if text.contains(char::is_control) { Err(Unfit::Character) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(arguments: &[&str], environment: &[(&str, &str)]) -> AppSettings {
        AppSettings {
            folder: "/home/ann/Applications".into(),
            arguments: arguments.iter().map(|one| (*one).into()).collect(),
            environment: environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            ..AppSettings::default()
        }
    }

    #[test]
    fn what_no_app_can_be_started_with_is_refused() {
        for (settings, expected) in [
            (settings(&["--name", "a b; $(id)", "%f", ""], &[("_LANG2", "C=x y")]), None),
            (settings(&["a\0b"], &[]), Some(Unfit::Character)),
            (settings(&["a\nb"], &[]), Some(Unfit::Character)),
            (settings(&[], &[("A", "1\n2")]), Some(Unfit::Character)),
            (settings(&[], &[("A=B", "1")]), Some(Unfit::Name)),
            (settings(&[], &[("", "1")]), Some(Unfit::Name)),
            (settings(&[], &[("1A", "1")]), Some(Unfit::Name)),
            (settings(&[], &[("Ä", "1")]), Some(Unfit::Name)),
            (settings(&vec!["x"; 100_000], &[]), Some(Unfit::Many)),
            (settings(&[&"x".repeat(BYTES + 1)], &[]), Some(Unfit::Long)),
            (AppSettings { folder: "Applications".into(), ..AppSettings::default() }, Some(Unfit::Folder)),
            (AppSettings { folder: "/a\nb".into(), ..AppSettings::default() }, Some(Unfit::Character)),
        ] {
            assert_eq!(settings.check().err(), expected, "{settings:.200?}");
        }
    }

    #[test]
    fn arguments_are_written_as_one_line() {
        assert_eq!(read_arguments("--a 'b c'").unwrap(), ["--a", "b c"]);
        assert_eq!(read_arguments(" ").unwrap(), [""; 0]);
        assert_eq!(read_arguments("'b c"), Err(Unfit::Quote));
        assert_eq!(read_arguments("a\u{7}"), Err(Unfit::Character));
    }

    #[test]
    fn a_reset_app_stays_where_it_is() {
        let mine = AppSettings { in_menus: true, portable_home: true, ..settings(&["x"], &[("A", "1")]) };
        assert_eq!(mine.reset(), AppSettings { in_menus: true, ..settings(&[], &[]) });
    }

    #[test]
    fn each_reason_has_its_own_sentence() {
        let sentences: std::collections::BTreeSet<_> = Unfit::ALL.iter().map(|unfit| unfit.sentence()).collect();
        assert_eq!(sentences.len(), Unfit::ALL.len());
    }
}
