//! What counts as the same.
//!
//! Values are equal, dictionaries in their order too, but for these, and each by a rule:
//! - commits, digests and the names of connections: what the recording calls so has one name here, and no other thing
//!   has it;
//! - moments: one here for one there, in the same order; what was there before keeps its own;
//! - the seconds in "transferred in 8 seconds", and the numbers of `DownloadProgress`, which are amounts at a moment:
//!   they only may not fall;
//! - the order of an image's metadata, which the real daemon's importer keeps in a table with a random seed;
//! - process numbers and command lines in what the bus itself says.

use std::collections::HashMap;
use strata_demo::daemon::Data;

/// What the recording's names are here.
#[derive(Default)]
pub(crate) struct Names {
    texts: Pairs<String>,
    moments: HashMap<u64, u64>,
    bytes: u64,
}

/// A name on one side has one on the other.
#[derive(Default)]
struct Pairs<T> {
    there: HashMap<T, T>,
    here: HashMap<T, T>,
}

impl<T: Clone + Eq + std::hash::Hash> Pairs<T> {
    fn agree(&mut self, there: &T, here: &T) -> bool {
        let known = self.there.entry(there.clone()).or_insert_with(|| here.clone()) == here;
        known && self.here.entry(here.clone()).or_insert_with(|| there.clone()) == there
    }
}

impl Names {
    /// Says what something in the recording is called here.
    pub(crate) fn learn(&mut self, there: &str, here: &str) {
        self.texts.there.insert(there.to_owned(), here.to_owned());
        self.texts.here.insert(here.to_owned(), there.to_owned());
    }

    /// A recorded text with the names it has here.
    pub(crate) fn translate(&self, text: &str) -> String {
        let name = |word: &str| self.texts.there.get(word).cloned().unwrap_or_else(|| word.to_owned());
        words(text).into_iter().map(name).collect()
    }

    /// A recorded value with the names it has here: what is sent.
    pub(crate) fn translated(&self, data: &Data) -> Data {
        match data {
            Data::Str(text) => Data::Str(self.translate(text)),
            Data::Struct(items) => Data::Struct(items.iter().map(|item| self.translated(item)).collect()),
            Data::Array(of, items) => Data::Array(of.clone(), items.iter().map(|item| self.translated(item)).collect()),
            other => other.clone(),
        }
    }

    /// Several values.
    pub(crate) fn all(&mut self, what: &str, recorded: &[Data], came: &[Data]) -> Result<(), String> {
        if recorded.len() != came.len() {
            return Err(format!("{what}: recorded {recorded:?}, came {came:?}"));
        }
        recorded.iter().zip(came).try_for_each(|(recorded, came)| self.same(what, recorded, came))
    }

    /// One value. `what` is the way to it, whose last part may be a dictionary's key.
    pub(crate) fn same(&mut self, what: &str, recorded: &Data, came: &Data) -> Result<(), String> {
        let differ = || Err(format!("{what}: recorded {recorded:?}, came {came:?}"));
        match (recorded, came) {
            (Data::Str(there), Data::Str(here)) | (Data::Path(there), Data::Path(here)) => self.text(what, there, here),
            (Data::U64(there), Data::U64(here)) if what.ends_with("timestamp") => {
                if self.moment(*there, *here) {
                    Ok(())
                } else {
                    differ()
                }
            }
            (Data::Variant(recorded), Data::Variant(came)) => self.same(what, recorded, came),
            (Data::Struct(recorded), Data::Struct(came)) => self.all(what, recorded, came),
            (Data::Array(there, recorded), Data::Array(here, came)) if there == here => self.all(what, recorded, came),
            (Data::Dict(key, value, recorded), Data::Dict(its_key, its_value, came)) => {
                if (key, value) != (its_key, its_value) {
                    return differ();
                }
                self.entries(what, recorded.clone(), came.clone())
            }
            _ if recorded == came => Ok(()),
            _ => differ(),
        }
    }

    fn entries(
        &mut self,
        what: &str,
        mut recorded: Vec<(Data, Data)>,
        mut came: Vec<(Data, Data)>,
    ) -> Result<(), String> {
        let key = |entry: &(Data, Data)| entry.0.as_str().unwrap_or_default().to_owned();
        if recorded.iter().any(|entry| key(entry) == "ostree.manifest") {
            recorded.sort_by_key(key);
            came.sort_by_key(key);
        }
        let (there, here): (Vec<_>, Vec<_>) = (recorded.iter().map(key).collect(), came.iter().map(key).collect());
        if there != here {
            return Err(format!("{what}: recorded keys {there:?}, came {here:?}"));
        }
        for ((name, recorded), (_, came)) in recorded.iter().zip(&came) {
            self.same(&format!("{what}/{}", name.as_str().unwrap_or_default()), recorded, came)?;
        }
        Ok(())
    }

    /// A text, word by word.
    pub(crate) fn text(&mut self, what: &str, recorded: &str, came: &str) -> Result<(), String> {
        let (there, here) = (settle(recorded), settle(came));
        let (there, here) = (words(&there), words(&here));
        let fits = there.len() == here.len()
            && there.iter().zip(&here).all(|(there, here)| {
                let named = is_name(there) || self.texts.there.contains_key(*there);
                if named { self.name(there, here) } else { there == here }
            });
        if fits { Ok(()) } else { Err(format!("{what}: recorded {recorded:?}, came {came:?}")) }
    }

    /// One moment here, and none before it that was after it there; two can fall into one second.
    fn moment(&mut self, there: u64, here: u64) -> bool {
        let ordered = |(known, its): (&u64, &u64)| (known > &there || its <= &here) && (known < &there || its >= &here);
        self.moments.iter().all(ordered) && *self.moments.entry(there).or_insert(here) == here
    }

    fn name(&mut self, there: &str, here: &str) -> bool {
        if there.len() != here.len() && is_name(there) {
            return false;
        }
        // The beginning of a commit that is known is that of the commit here.
        let long = self.texts.there.iter().find(|(long, _)| long.len() >= 64 && long.starts_with(there));
        match long {
            Some((_, long)) if there.len() < 64 && is_name(there) => long.starts_with(here),
            _ => self.texts.agree(&there.to_owned(), &here.to_owned()),
        }
    }

    /// `DownloadProgress`: the shape, and bytes that do not fall.
    pub(crate) fn progress(&mut self, recorded: &[Data], came: &[Data]) -> Result<(), String> {
        let shape = |all: &[Data]| all.iter().map(|data| data.signature().to_string()).collect::<Vec<_>>();
        let bytes = came.last().and_then(|last| last.items().first()).and_then(Data::as_number).unwrap_or_default();
        if shape(recorded) != shape(came) || bytes < self.bytes {
            return Err(format!("DownloadProgress: recorded {recorded:?}, came {came:?}"));
        }
        self.bytes = bytes;
        Ok(())
    }
}

/// Without what only one run has.
fn settle(text: &str) -> String {
    if text.starts_with("Rejected send message") {
        let interface = text.split("interface=").nth(1).and_then(|rest| rest.split(" error name").next());
        return format!("Rejected send message … {}", interface.unwrap_or_default());
    }
    match text.split_once(" transferred in ") {
        Some((before, after)) => {
            let after = after.trim_start_matches(|letter: char| letter.is_ascii_digit());
            format!("{before} transferred in some{after}")
        }
        None => text.to_owned(),
    }
}

/// The text cut into words and what is between them. A connection's name and an address are words.
fn words(text: &str) -> Vec<&str> {
    if text.starts_with("unix:path=") || text.starts_with(':') {
        return vec![text];
    }
    let mut words = Vec::new();
    let mut begin = 0;
    let is_word = |letter: char| letter.is_ascii_alphanumeric();
    let mut last = None;
    for (place, letter) in text.char_indices() {
        // Between digits a point belongs to a connection's name.
        let kind = is_word(letter)
            || (letter == '.' && text[..place].ends_with(|it: char| it.is_ascii_digit()) && text.contains("dbus:"));
        if last.is_some_and(|last| last != kind) {
            words.push(&text[begin..place]);
            begin = place;
        }
        last = Some(kind);
    }
    words.push(&text[begin..]);
    words
}

/// A commit or a digest, or the beginning of one.
fn is_name(word: &str) -> bool {
    word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}
