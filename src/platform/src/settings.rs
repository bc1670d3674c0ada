//! Settings in layers of TOML: the distribution's, the administrator's, the person's. A later layer wins value by
//! value, not file by file.

use crate::{Environment, file};
use std::path::{Path, PathBuf};
use strata_model::{Failure, FailureKind, Settings};
use toml::{Table, Value};

/// Largest settings file that is read, in bytes.
const MAX_FILE: u64 = 1 << 20;

/// Longest key of a setting, in bytes.
const MAX_KEY: usize = 200;

/// The settings in force, and what was wrong with their files.
#[derive(Debug, Default)]
pub struct Layers {
    /// The settings in force.
    pub settings: Settings,
    /// Files that cost only themselves: unreadable, not TOML, or not the schema.
    pub faults: Vec<Failure>,
}

/// Reads every layer. A bad file is left out and said so; it never costs the rest.
pub fn load(environment: &Environment) -> Layers {
    let mut merged = Table::new();
    let mut layers = Layers::default();
    for file in files(environment) {
        let added = read(&file).and_then(|table| {
            let mut tried = merged.clone();
            merge(&mut tried, table);
            let settings = Value::Table(tried.clone()).try_into().map_err(|error| bad_file(&file, &error))?;
            Ok((tried, settings))
        });
        match added {
            Ok((tried, settings)) => (merged, layers.settings) = (tried, settings),
            Err(fault) => layers.faults.push(fault),
        }
    }
    layers
}

/// Sets one value in the person's file and gives the settings then in force. `key` is dotted (`sources.installation`),
/// `value` is a TOML value or a bare word.
///
/// # Errors
/// [`FailureKind::BadSetting`] for an unknown key or a value it cannot have; [`FailureKind::Other`] when the file
/// cannot be written. The file is then as it was.
pub fn set(environment: &Environment, key: &str, value: &str) -> Result<Settings, Failure> {
    if key.len() > MAX_KEY {
        return Err(Failure::new(FailureKind::BadSetting, "", "no setting has so long a name"));
    }
    // Where the file is a link, as of a person who keeps such files elsewhere, it stays one.
    let path = environment.settings();
    let path = path.canonicalize().unwrap_or(path);
    let mut own = if path.exists() { read(&path)? } else { Table::new() };
    let value = parse_value(value);
    insert(&mut own, key, value).ok_or_else(|| Failure::new(FailureKind::BadSetting, key, "no such setting"))?;
    Value::Table(own.clone())
        .try_into::<Settings>()
        .map_err(|error| Failure::new(FailureKind::BadSetting, key, error.to_string()))?;
    let text =
        toml::to_string_pretty(&own).map_err(|error| Failure::new(FailureKind::Other, key, error.to_string()))?;
    if text.len() as u64 > MAX_FILE {
        return Err(Failure::new(FailureKind::BadSetting, key, "larger than a settings file can be"));
    }
    file::replace_durably(&path, text.as_bytes())
        .map_err(|error| Failure::new(FailureKind::Other, path.to_string_lossy(), error.to_string()))?;
    Ok(load(environment).settings)
}

fn files(environment: &Environment) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = environment.policy.iter().flat_map(|folder| toml_files(folder)).collect();
    let own = environment.settings();
    if own.exists() {
        files.push(own);
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
    let size = std::fs::metadata(path).map_err(|error| bad_file(path, &error))?.len();
    if size > MAX_FILE {
        return Err(bad_file(path, &"larger than a settings file can be"));
    }
    let text = std::fs::read_to_string(path).map_err(|error| bad_file(path, &error))?;
    text.parse().map_err(|error| bad_file(path, &error))
}

fn bad_file(path: &Path, detail: &dyn std::fmt::Display) -> Failure {
    Failure::new(FailureKind::BadFile, path.to_string_lossy(), detail.to_string())
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

fn parse_value(text: &str) -> Value {
    let parsed = format!("value = {text}").parse::<Table>().ok();
    parsed.and_then(|mut table| table.remove("value")).unwrap_or_else(|| Value::String(text.to_owned()))
}

fn insert(table: &mut Table, key: &str, value: Value) -> Option<()> {
    match key.split_once('.') {
        None => {
            table.insert(key.to_owned(), value);
            Some(())
        }
        Some((first, rest)) => {
            let inner = table.entry(first).or_insert_with(|| Value::Table(Table::new()));
            insert(inner.as_table_mut()?, rest, value)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use strata_model::settings::{Installation, Style};

    fn environment(folder: &Path) -> Environment {
        let home = folder.as_os_str().to_owned();
        let policy = std::env::join_paths([folder.join("usr"), folder.join("etc")]).unwrap();
        Environment::from_variables(&|name| match name {
            "HOME" => Some(home.clone()),
            "STRATA_POLICY" => Some(policy.clone()),
            _ => None,
        })
    }

    #[test]
    fn a_later_layer_wins_value_by_value() {
        let folder = tempfile::tempdir().unwrap();
        let environment = environment(folder.path());
        fs::create_dir_all(folder.path().join("usr")).unwrap();
        let policy = "[sources]\ninstallation = \"user\"\n[appearance]\nstyle = \"light\"\n";
        fs::write(folder.path().join("usr/10-distribution.toml"), policy).unwrap();
        let settings = set(&environment, "appearance.style", "dark").unwrap();
        assert_eq!(settings.appearance.style, Style::Dark);
        assert_eq!(settings.sources.installation, Installation::User);
    }

    #[test]
    fn a_bad_file_costs_itself() {
        let folder = tempfile::tempdir().unwrap();
        let environment = environment(folder.path());
        fs::create_dir_all(folder.path().join("etc")).unwrap();
        fs::write(folder.path().join("etc/a.toml"), "[appearance]\nstyle = \"dark\"\n").unwrap();
        fs::write(folder.path().join("etc/b.toml"), "[appearance]\nstyle = \"purple\"\n").unwrap();
        fs::write(folder.path().join("etc/c.toml"), "not toml").unwrap();
        let layers = load(&environment);
        assert_eq!(layers.settings.appearance.style, Style::Dark);
        assert_eq!(layers.faults.len(), 2);
    }

    #[test]
    fn a_value_that_is_not_allowed_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let environment = environment(folder.path());
        for (key, value) in [("appearance.style", "purple"), ("nothing.like.it", "1"), ("appearance", "dark")] {
            let failure = set(&environment, key, value).unwrap_err();
            assert_eq!(failure.kind, FailureKind::BadSetting, "{key}");
        }
        let deep = "a.".repeat(1 << 20);
        let long = format!("[{}]", "\"flatpak\",".repeat(200_000));
        for (key, value) in [(&*deep, "1"), ("sources.installation", &*long)] {
            assert_eq!(set(&environment, key, value).unwrap_err().kind, FailureKind::BadSetting);
        }
        assert!(!environment.settings().exists());
    }
}
