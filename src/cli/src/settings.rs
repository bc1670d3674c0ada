//! `settings`: read from the layers of files as the engine reads them, written by the engine.

use crate::args::Global;
use crate::ending::{Ending, Trouble};
use crate::output::Output;
use crate::session::{self, Session};
use crate::text::{clean, gettext_f};
use serde_json::Value;
use std::sync::Arc;
use strata_model::{Failure, FailureKind};
use strata_platform::{Environment, settings};

pub(crate) fn run(
    environment: &Arc<Environment>,
    global: &Global,
    output: &Output,
    key: Option<&str>,
    value: Option<&str>,
) -> Result<Ending, Trouble> {
    if let (Some(key), Some(value)) = (key, value) {
        session::run(environment, global, output, async |mut session: Session| {
            let engine = session.engine.clone();
            Ok(session.interrupt.or(engine.set_setting(key, value)).await??)
        })?;
    }
    show(environment, output, key)
}

fn show(environment: &Environment, output: &Output, key: Option<&str>) -> Result<Ending, Trouble> {
    let layers = settings::load(environment);
    session::say_faults(output, &layers.faults);
    let whole = serde_json::to_value(&layers.settings)
        .map_err(|error| Failure::new(FailureKind::Other, "settings", error.to_string()))?;
    let pointer = key.map(|key| format!("/{}", key.replace('.', "/"))).unwrap_or_default();
    let Some(found) = whole.pointer(&pointer) else {
        let name = clean(key.unwrap_or_default());
        return Err(Trouble::NothingFound(gettext_f("There is no setting “{name}”.", &[("name", &name)])));
    };
    if output.json {
        output.result(found);
    } else {
        for (key, value) in flat(key.unwrap_or_default(), found) {
            output.line(&format!("{key} = {value}"));
        }
    }
    Ok(Ending::Done)
}

/// Every value with its dotted key.
fn flat(key: &str, value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Object(map) => {
            let below = |(name, value): (&String, &Value)| {
                let dotted = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                flat(&dotted, value)
            };
            map.iter().flat_map(below).collect()
        }
        Value::String(text) => vec![(key.to_owned(), clean(text))],
        // As it is written on the command line.
        Value::Array(list) => {
            let words: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            vec![(key.to_owned(), clean(&words.join(",")))]
        }
        other => vec![(key.to_owned(), other.to_string())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_listed_by_dotted_keys() {
        let mut settings = strata_model::Settings::default();
        settings.sources.hidden = vec!["org.a.*".to_owned(), "org.b.C\u{1b}".to_owned()];
        let settings = serde_json::to_value(settings).unwrap();
        let lines = flat("", &settings);
        assert!(lines.contains(&("sources.installation".to_owned(), "system".to_owned())));
        assert!(lines.contains(&("sources.hidden".to_owned(), "org.a.*,org.b.C".to_owned())));
        assert!(lines.contains(&("network.screenshots".to_owned(), "true".to_owned())));
    }
}
