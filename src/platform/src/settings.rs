//! Settings in layers of TOML: the distribution's, the administrator's, the person's. A later layer wins value by
//! value, not file by file; a value that is not right costs only itself.

use crate::{Environment, files};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use strata_model::{Failure, FailureKind, Settings};
use toml::{Table, Value};
use toml_edit::{DocumentMut, Item, TableLike};

/// Largest settings file that is read, in bytes.
const MAX_FILE: u64 = 1 << 20;

/// Longest key of a setting, in bytes.
const MAX_KEY: usize = 200;

/// Longest value of a setting, in bytes.
const MAX_VALUE: usize = 8 << 10;

/// Most values of one file that are named as left out.
const MAX_FAULTS: usize = 20;

/// Most technical words of one fault, in characters: they may quote the file.
const MAX_DETAIL: usize = 300;

/// The settings in force, and what was wrong with their files.
#[derive(Debug, Default)]
pub struct Layers {
    /// The settings in force.
    pub settings: Settings,
    /// Whose wish a setting is, by its dotted key; one that is not here is as Strata itself has it.
    pub set_by: BTreeMap<String, Layer>,
    /// What was left out: files that are unreadable or not TOML, and single values that are not of the schema.
    pub faults: Vec<Failure>,
}

/// Who sets a setting, each before the ones above it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// Strata itself.
    #[default]
    Default,
    /// The distribution.
    Distribution,
    /// Whoever administers this computer.
    Administrator,
    /// The person.
    Own,
}

/// What a file's values came to.
#[derive(Debug, Default)]
struct Sorted {
    /// Dotted keys of what was taken over.
    taken: Vec<String>,
    /// Dotted keys of what was not, and why.
    left_out: Vec<(String, String)>,
}

/// Reads every layer. What is not right in them is left out and said so; it never costs the rest.
pub fn load(environment: &Environment) -> Layers {
    let mut merged = Table::new();
    let mut faults = Vec::new();
    let mut set_by = BTreeMap::new();
    for (layer, file) in files(environment) {
        match read(&file) {
            Ok(table) => {
                let mut sorted = Sorted::default();
                take(&mut merged, table, &mut Vec::new(), &mut sorted);
                faults.extend(sorted.left_out.iter().map(|(key, detail)| left_out_of(&file, key, detail)));
                set_by.extend(sorted.taken.into_iter().map(|key| (key, layer)));
            }
            Err(fault) => faults.push(fault),
        }
    }
    // Each value was tried alone, and none depends on another.
    let settings = Value::Table(merged).try_into().unwrap_or_else(|error: toml::de::Error| {
        faults.push(Failure::new(FailureKind::Other, "settings", error.to_string()));
        Settings::default()
    });
    Layers { settings, set_by, faults }
}

/// Sets one value in the person's file and gives the settings then in force. `key` is dotted (`sources.installation`),
/// `value` is a TOML value, a bare word, or the words of a list with commas between them. Everything else in the file
/// stays as it is: comments, and keys that only another version of Strata knows.
///
/// # Errors
/// [`FailureKind::BadSetting`] for an unknown key or a value it cannot have; [`FailureKind::BadFile`] when the file is
/// no TOML, see [`files::unwritten`] for when it cannot be written. The file is then as it was.
pub fn set(environment: &Environment, key: &str, value: &str) -> Result<Layers, Failure> {
    let bad = |detail: &str| Failure::new(FailureKind::BadSetting, key, shortened(detail));
    if key.len() > MAX_KEY {
        return Err(Failure::new(FailureKind::BadSetting, shortened(key), "no setting has so long a name"));
    }
    if value.len() > MAX_VALUE {
        return Err(bad("no setting has so long a value"));
    }
    let value = meant(key, value).map_err(|error| bad(error.message()))?;
    if has_control(&value) {
        return Err(bad("no setting has characters that nobody sees"));
    }

    // Where the file is a link, as of a person who keeps such files elsewhere, it stays one.
    let path = environment.settings();
    let path = match path.canonicalize() {
        Ok(target) => target,
        // On a drive that is not there, say.
        Err(error) if path.is_symlink() => return Err(files::unwritten(&path, &error)),
        Err(_) => path,
    };
    let mut own: DocumentMut = match read_text(&path) {
        Ok(text) => text.parse().map_err(|error| bad_file(&path, &error))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => DocumentMut::new(),
        Err(error) => return Err(bad_file(&path, &error)),
    };
    insert(own.as_table_mut(), key, value);
    let text = own.to_string();
    if text.len() as u64 > MAX_FILE {
        return Err(bad("larger than a settings file can be"));
    }
    files::replace_durably(&path, text.as_bytes()).map_err(|error| files::unwritten(&path, &error))?;
    Ok(load(environment))
}

/// What a text means at this key.
///
/// # Errors
/// The schema has no such key, or no place for it there.
fn meant(key: &str, text: &str) -> Result<toml_edit::Value, toml::de::Error> {
    let mut value = text.parse().unwrap_or_else(|_| toml_edit::Value::from(text));
    if is_list(key) && !value.is_array() {
        value = text.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
    }
    let mut alone = DocumentMut::new();
    insert(alone.as_table_mut(), key, value.clone());
    toml::from_str::<Settings>(&alone.to_string()).map(|_| value)
}

fn has_control(value: &toml_edit::Value) -> bool {
    let is_plain = |text: &str| !text.contains(char::is_control);
    match value {
        toml_edit::Value::String(text) => !is_plain(text.value()),
        toml_edit::Value::Array(items) => items.iter().any(has_control),
        _ => false,
    }
}

fn is_list(key: &str) -> bool {
    let settings = Value::try_from(Settings::default()).ok();
    let found = settings.as_ref().and_then(|all| key.split('.').try_fold(all, |table, key| table.get(key)));
    found.is_some_and(Value::is_array)
}

fn files(environment: &Environment) -> Vec<(Layer, PathBuf)> {
    // The first folder is the distribution's.
    let layers = std::iter::once(Layer::Distribution).chain(std::iter::repeat(Layer::Administrator));
    let policy = layers.zip(&environment.policy);
    let policy = policy.flat_map(|(layer, folder)| toml_files(folder).into_iter().map(move |file| (layer, file)));
    let mut files: Vec<_> = policy.collect();
    let own = environment.settings();
    if own.exists() {
        files.push((Layer::Own, own));
    }
    files
}

fn toml_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    files.sort();
    files
}

fn read(path: &Path) -> Result<Table, Failure> {
    let text = read_text(path).map_err(|error| bad_file(path, &error))?;
    text.parse().map_err(|error| bad_file(path, &error))
}

fn read_text(path: &Path) -> io::Result<String> {
    String::from_utf8(files::read_bounded(path, MAX_FILE)?)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

fn bad_file(path: &Path, detail: &dyn std::fmt::Display) -> Failure {
    Failure::new(FailureKind::BadFile, path.to_string_lossy(), shortened(&detail.to_string()))
}

fn left_out_of(file: &Path, key: &str, detail: &str) -> Failure {
    Failure::new(FailureKind::SettingLeftOut, format!("{}: {}", file.display(), shortened(key)), shortened(detail))
}

fn shortened(text: &str) -> String {
    text.chars().take(MAX_DETAIL).collect()
}

/// Takes over every value of a layer that the schema has a place for, and names the others by their dotted keys.
fn take(merged: &mut Table, layer: Table, above: &mut Vec<String>, sorted: &mut Sorted) {
    for (key, value) in layer {
        let is_too_long = key.len() > MAX_KEY;
        above.push(key);
        let taken = match value {
            _ if is_too_long => Err("no setting has so long a name".to_owned()),
            Value::Table(inner) if !inner.is_empty() => {
                take(merged, inner, above, sorted);
                above.pop();
                continue;
            }
            value => take_value(merged, value, above),
        };
        match taken {
            Ok(()) => sorted.taken.push(above.join(".")),
            Err(detail) if sorted.left_out.len() < MAX_FAULTS => sorted.left_out.push((above.join("."), detail)),
            Err(_) => {}
        }
        above.pop();
    }
}

fn take_value(merged: &mut Table, value: Value, keys: &[String]) -> Result<(), String> {
    let mut alone = Table::new();
    let below = |value, key: &String| Value::Table(Table::from_iter([(key.clone(), value)]));
    if let Value::Table(table) = keys.iter().rev().fold(value, below) {
        alone = table;
    }
    alone.clone().try_into::<Settings>().map_err(|error| error.message().to_owned())?;
    merge(merged, alone);
    Ok(())
}

fn merge(base: &mut Table, layer: Table) {
    for (key, value) in layer {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(old)), Value::Table(new)) => merge(old, new),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

/// Puts a value in its place. What stands where one of its tables belongs is no setting, and gives way.
fn insert(table: &mut dyn TableLike, key: &str, mut value: toml_edit::Value) {
    let Some((first, rest)) = key.split_once('.') else {
        if let Some(old) = table.get_mut(key).and_then(Item::as_value_mut) {
            // In its place: the comments above and beside it are about the setting, not about its value.
            *value.decor_mut() = old.decor().clone();
            *old = value;
        } else {
            table.insert(key, Item::Value(value));
        }
        return;
    };
    if !table.get(first).is_some_and(Item::is_table_like) {
        table.insert(first, Item::Table(toml_edit::Table::new()));
    }
    if let Some(inner) = table.get_mut(first).and_then(Item::as_table_like_mut) {
        insert(inner, rest, value);
    }
}

#[cfg(test)]
mod tests;
