//! `settings`: read from the layers of files as the engine reads them, written by the engine.

use crate::args::Global;
use crate::ending::{Ending, Trouble};
use crate::naming;
use crate::output::Output;
use crate::session::{self, Session};
use crate::table::Table;
use crate::text::{clean, gettext_f};
use gettextrs::gettext;
use serde_json::Value;
use std::sync::Arc;
use strata_model::settings::{KEYS, Key, Values};
use strata_model::{Failure, FailureKind, marked};
use strata_platform::settings::Layer;
use strata_platform::{Environment, settings};

pub(crate) fn run(
    environment: &Arc<Environment>,
    global: &Global,
    output: &Output,
    asked: &crate::args::Settings,
) -> Result<Ending, Trouble> {
    let name = asked.key.as_deref().unwrap_or_default();
    let keys = named(name)?;
    if let Some(value) = asked.value.as_deref() {
        let set = session::run(environment, global, output, async |mut session: Session| {
            let engine = session.engine.clone();
            Ok(session.interrupt.or(engine.set_setting(name, value)).await??)
        });
        set.inspect_err(|trouble| say_possible(output, trouble, &keys))?;
    }
    show(environment, output, name, &keys, asked.details)
}

/// The settings of that name, or below it.
fn named(name: &str) -> Result<Vec<&'static Key>, Trouble> {
    let below = |key: &&Key| key.name.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let keys: Vec<_> = KEYS.iter().filter(|key| name.is_empty() || below(key)).collect();
    if !keys.is_empty() {
        return Ok(keys);
    }
    let unknown = gettext_f("There is no setting “{name}”.", &[("name", &clean(name))]);
    let near = naming::nearest(name, KEYS.iter().map(|key| key.name));
    let meant = near.map(|key| gettext_f("Did you mean {choices}?", &[("choices", key)]));
    Err(Trouble::NothingFound(format!("{unknown} {}", meant.unwrap_or_default()).trim_end().to_owned()))
}

/// A value that a setting cannot have was tried: what it can have.
fn say_possible(output: &Output, trouble: &Trouble, keys: &[&Key]) {
    if let (Trouble::Failed(Failure { kind: FailureKind::BadSetting, .. }), [key]) = (trouble, keys) {
        output.note(&gettext_f("{key} can be: {values}", &[("key", key.name), ("values", &possible(key))]));
    }
}

fn show(
    environment: &Environment,
    output: &Output,
    name: &str,
    keys: &[&Key],
    details: bool,
) -> Result<Ending, Trouble> {
    let layers = settings::load(environment);
    session::say_faults(output, &layers.faults);
    let whole = serde_json::to_value(&layers.settings)
        .map_err(|error| Failure::new(FailureKind::Other, "settings", error.to_string()))?;
    let value = |key: &str| whole.pointer(&format!("/{}", key.replace('.', "/"))).unwrap_or(&Value::Null);
    let set_by = |key: &Key| layers.set_by.get(key.name).copied().unwrap_or_default();
    if output.json && details {
        let one = |key: &&Key| {
            let Key { name, values } = key;
            let values = if let Values::OneOf(words) | Values::SomeOf(words) = values { *words } else { &[] };
            serde_json::json!({ "key": name, "value": value(name), "values": values, "set_by": set_by(key) })
        };
        output.result(&keys.iter().map(one).collect::<Vec<_>>());
    } else if output.json {
        output.result(if name.is_empty() { &whole } else { value(name) });
    } else {
        let header = [marked("Setting"), marked("Value"), marked("Set by"), marked("Possible values")].map(gettext);
        let mut table = Table::new(header.to_vec(), &[3, 1]);
        for key in keys {
            table.row(&[key.name, &said(value(key.name)), &layer(set_by(key)), &possible(key)]);
        }
        output.table(&table);
    }
    Ok(Ending::Done)
}

fn said(value: &Value) -> String {
    match value {
        // As it is written on the command line.
        Value::Array(list) => clean(&list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")),
        Value::String(text) => clean(text),
        other => other.to_string(),
    }
}

fn possible(key: &Key) -> String {
    match key.values {
        Values::OneOf(words) => words.join(", "),
        Values::SomeOf(words) => gettext_f("a list of these: {words}", &[("words", &words.join(", "))]),
        Values::Ids => gettext("a list of ids, with * for any text"),
        Values::Folder => gettext("a folder: /… or ~/…"),
        Values::Days => gettext("a number of days, 0 for never"),
    }
}

fn layer(layer: Layer) -> String {
    gettext(match layer {
        Layer::Default => marked("default"),
        Layer::Distribution => marked("the distribution"),
        Layer::Administrator => marked("the administrator"),
        Layer::Own => marked("you"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use strata_model::Settings;

    /// Dotted keys and their values.
    fn flat(key: &str, value: &Value, all: &mut Vec<(String, Value)>) {
        let Value::Object(map) = value else {
            all.push((key.trim_start_matches('.').to_owned(), value.clone()));
            return;
        };
        map.iter().for_each(|(name, value)| flat(&format!("{key}.{name}"), value, all));
    }

    #[test]
    fn a_list_is_said_as_it_is_written() {
        let list = serde_json::json!(["org.a.*", "org.b.C\u{1b}"]);
        assert_eq!(said(&list), "org.a.*,org.b.C");
        assert_eq!((said(&Value::Bool(true)), said(&"light".into())), ("true".to_owned(), "light".to_owned()));
    }

    #[test]
    fn the_list_of_keys_is_the_schema() {
        let mut schema = Vec::new();
        flat("", &serde_json::to_value(Settings::default()).unwrap(), &mut schema);
        let names: BTreeSet<_> = schema.iter().map(|(name, _)| &**name).collect();
        assert_eq!(KEYS.iter().map(|key| key.name).collect::<BTreeSet<_>>(), names);
        for (name, default) in &schema {
            let key = KEYS.iter().find(|key| key.name == name).unwrap();
            match key.values {
                Values::OneOf(words) => assert!(words.contains(&&*said(default)), "{name}"),
                Values::SomeOf(words) => assert_eq!(said(default), words.join(","), "{name}"),
                Values::Ids => assert!(default.is_array(), "{name}"),
                Values::Folder => assert!(said(default).starts_with("~/"), "{name}"),
                Values::Days => assert!(default.is_u64(), "{name}"),
            }
        }
        let document = include_str!("../../../docs/settings.md");
        for Key { name, values } in KEYS {
            let row = document.lines().find(|line| line.starts_with(&format!("| `{name}`")));
            let row = row.unwrap_or_else(|| panic!("docs/settings.md lacks {name}"));
            if let Values::OneOf(words) | Values::SomeOf(words) = values {
                assert!(words.iter().all(|word| row.contains(&format!("`{word}`"))), "{row}");
            }
        }
    }

    #[test]
    fn a_part_of_the_settings_is_named_by_its_beginning() {
        let names = |name| named(name).map(|keys| keys.len());
        assert_eq!(names("").unwrap(), KEYS.len());
        assert_eq!(names("network").unwrap(), 3);
        assert_eq!(names("network.screenshots").unwrap(), 1);
        for (typed, suggestion) in
            [("net", ""), ("network.screenshot", "network.screenshots"), ("styl", "appearance.style")]
        {
            let said = named(typed).unwrap_err().sentence();
            assert!(said.contains(suggestion) && said.contains("There is no setting"), "{said}");
        }
    }
}
