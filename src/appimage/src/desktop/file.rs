//! The lines of a desktop file. A line that no reader takes is left out, because GLib refuses the whole file for one;
//! all others stay as they are, comments and translations too.

use crate::limits;

/// The group that says what the app is.
pub(super) const ENTRY: &str = "Desktop Entry";

/// A desktop file as its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesktopFile {
    pub(super) lines: Vec<Line>,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A comment, or nothing.
    Comment(String),
    /// The beginning of a group, by its name.
    Group(String),
    /// A key, its language if it has one, and the value as it is written.
    Entry { key: String, locale: Option<String>, value: String },
}

/// Why a desktop file is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDesktopFile {
    /// It has no group that says what the app is.
    #[error("it has no group [Desktop Entry]")]
    NoEntry,
    /// It describes a link or a folder.
    #[error("it describes no app")]
    NoApp,
    /// It is larger than such a file may be.
    #[error("it is too large")]
    TooLarge,
    /// A path or an argument that was asked for cannot stand in one.
    #[error("a path or an argument cannot stand in it")]
    BadWish,
}

impl DesktopFile {
    /// Reads a desktop file.
    ///
    /// # Errors
    /// [`BadDesktopFile::TooLarge`], [`BadDesktopFile::NoEntry`] and [`BadDesktopFile::NoApp`].
    pub fn parse(text: &str) -> Result<Self, BadDesktopFile> {
        if text.len() as u64 > limits::DESKTOP_FILE {
            return Err(BadDesktopFile::TooLarge);
        }
        let mut lines = Vec::new();
        let mut grouped = false;
        for text in text.trim_start_matches('\u{feff}').lines() {
            // Before the first group only comments are allowed.
            match line(text) {
                Some(Line::Entry { .. }) if !grouped => {}
                Some(line) => {
                    grouped |= matches!(line, Line::Group(_));
                    lines.push(line);
                }
                None => {}
            }
            if lines.len() > limits::DESKTOP_LINES {
                return Err(BadDesktopFile::TooLarge);
            }
        }
        let file = Self { lines };
        if !file.lines.iter().any(|line| matches!(line, Line::Group(name) if name == ENTRY)) {
            return Err(BadDesktopFile::NoEntry);
        }
        match file.get("Type") {
            None | Some("Application") => Ok(file),
            Some(_) => Err(BadDesktopFile::NoApp),
        }
    }

    /// The value of a key of the app, as it is written, without a language. Where it stands twice the last counts, as
    /// for GLib.
    pub fn get(&self, wanted: &str) -> Option<&str> {
        let found = self.grouped().filter(|(group, _)| *group == ENTRY).filter_map(|(_, line)| match line {
            Line::Entry { key, locale: None, value } if key == wanted => Some(value.as_str()),
            _ => None,
        });
        found.last()
    }

    /// Whether the app may be shown in menus by others than itself.
    pub fn wants_integration(&self) -> bool {
        !self.get("X-AppImage-Integrate").is_some_and(|value| value.eq_ignore_ascii_case("false") || value == "0")
    }

    /// Whether the app runs in a terminal.
    pub fn wants_terminal(&self) -> bool {
        self.get("Terminal") == Some("true")
    }

    /// Each line with the group it stands in.
    fn grouped(&self) -> impl Iterator<Item = (&str, &Line)> {
        let mut group = "";
        self.lines.iter().map(move |line| {
            if let Line::Group(name) = line {
                group = name;
            }
            (group, line)
        })
    }
}

impl std::fmt::Display for DesktopFile {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for line in &self.lines {
            match line {
                Line::Comment(text) => writeln!(out, "{text}")?,
                Line::Group(name) => writeln!(out, "[{name}]")?,
                Line::Entry { key, locale: None, value } => writeln!(out, "{key}={value}")?,
                Line::Entry { key, locale: Some(locale), value } => writeln!(out, "{key}[{locale}]={value}")?,
            }
        }
        Ok(())
    }
}

/// A line that readers take; `None` for one that they do not.
fn line(text: &str) -> Option<Line> {
    let text = text.trim_end();
    if text.len() > limits::DESKTOP_VALUE || text.contains(|c: char| c.is_control() && c != '\t') {
        return None;
    }
    if text.is_empty() || text.starts_with('#') {
        return Some(Line::Comment(text.to_owned()));
    }
    if let Some(name) = text.strip_prefix('[') {
        let name = name.strip_suffix(']')?;
        return (!name.is_empty() && !name.contains(['[', ']'])).then(|| Line::Group(name.to_owned()));
    }
    let (key, value) = text.split_once('=')?;
    let key = key.trim();
    let (key, locale) = match key.split_once('[') {
        Some((key, locale)) => (key, Some(locale.strip_suffix(']')?)),
        None => (key, None),
    };
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let language = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'@' | b'.');
    let plain = !key.is_empty() && key.bytes().all(known);
    let spoken = locale.is_none_or(|locale| !locale.is_empty() && locale.bytes().all(language));
    let (key, locale, value) = (key.to_owned(), locale.map(str::to_owned), value.trim_start().to_owned());
    (plain && spoken).then_some(Line::Entry { key, locale, value })
}
