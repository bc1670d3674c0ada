//! What Flathub's web API answers: lists of apps in several wrappings, of which only ids and installs are taken.
//! <https://flathub.org/api/v2/docs>

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashSet;
use strata_model::AppId;

/// An app that an answer names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) id: String,
    /// Installs of the last month, if the answer says them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) installs: Option<u64>,
}

/// The answer is not one that this API gives.
#[derive(Debug, thiserror::Error)]
pub(super) enum BadAnswer {
    #[error("no JSON: {0}")]
    Syntax(#[from] serde_json::Error),
    #[error("JSON without a list of apps")]
    Shape,
    #[error("none of its {0} entries is an app")]
    Entries(usize),
}

/// The apps of an answer, in its order, each once; and how many entries are none. `most` bounds what is looked at.
pub(super) fn parse(body: &[u8], most: usize) -> Result<(Vec<Entry>, usize), BadAnswer> {
    let mut list = list(serde_json::from_slice(body)?).ok_or(BadAnswer::Shape)?;
    // Picks say their places, collections come in order; sorting is stable.
    list.sort_by_key(|entry| entry.get("position").and_then(Value::as_i64).unwrap_or_default());
    let looked_at = list.len().min(most);
    let mut seen = HashSet::new();
    let mut bad = 0;
    let mut found = Vec::new();
    for entry in list.iter().take(most) {
        match read(entry) {
            None => bad += 1,
            Some(entry) if seen.insert(entry.id.clone()) => found.push(entry),
            Some(_) => {}
        }
    }
    if found.is_empty() && bad > 0 {
        return Err(BadAnswer::Entries(looked_at));
    }
    Ok((found, bad))
}

/// `{"hits": […]}` of collections, `{"apps": […]}` of picks, a bare list, or one app by itself.
fn list(answer: Value) -> Option<Vec<Value>> {
    match answer {
        Value::Array(list) => Some(list),
        Value::Object(mut answer) => match answer.remove("hits").or_else(|| answer.remove("apps")) {
            Some(Value::Array(list)) => Some(list),
            Some(_) => None,
            None => answer.contains_key("app_id").then(|| vec![Value::Object(answer)]),
        },
        _ => None,
    }
}

/// `id` is the search index's own key, with `_` for `.`, where there is `app_id` too.
fn read(entry: &Value) -> Option<Entry> {
    let text = entry.as_str().or_else(|| ["app_id", "id"].iter().find_map(|key| entry.get(key)?.as_str()))?;
    let is_id = text.contains('.') && AppId::new(text).is_ok();
    is_id.then(|| Entry { id: text.to_owned(), installs: entry.get("installs_last_month").and_then(Value::as_u64) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const POPULAR: &str = include_str!("../../tests/data/flathub/popular.json");
    const DAY: &str = include_str!("../../tests/data/flathub/app-of-the-day.json");
    const WEEK: &str = include_str!("../../tests/data/flathub/apps-of-the-week.json");

    fn ids(body: &str) -> Vec<String> {
        parse(body.as_bytes(), 250).unwrap().0.into_iter().map(|entry| entry.id).collect()
    }

    #[test]
    fn each_wrapping_of_the_api() {
        let (popular, bad) = parse(POPULAR.as_bytes(), 250).unwrap();
        let said: Vec<_> = popular.iter().map(|entry| (entry.id.as_str(), entry.installs)).collect();
        let expected =
            [("org.mozilla.firefox", Some(314_667)), ("com.google.Chrome", Some(271_015)), ("io.github.new_App", None)];
        assert_eq!((said.as_slice(), bad), (&expected[..], 0));
        assert_eq!(ids(DAY), ["tv.kodi.Kodi"]);
        assert_eq!(ids(WEEK), ["org.gnome.Podcasts", "org.inkscape.Inkscape", "org.kde.krita"], "by their position");
        assert_eq!(ids(r#"["org.a.B", "org.c.D"]"#), ["org.a.B", "org.c.D"]);
        assert_eq!(ids(r#"{"hits": []}"#), [] as [&str; 0]);
    }

    #[test]
    fn a_bad_entry_costs_itself() {
        let body = r#"{"hits": [{"app_id": "../../etc"}, {"app_id": 7}, 7, null, {}, {"id": "org_a_B"}, {"app_id": ""},
            {"app_id": "<b>a.b</b>"}, {"id": "org.a.B", "installs_last_month": -1}, {"app_id": "org.a.B"},
            {"app_id": "org.c.D", "installs_last_month": "many", "position": "x"}]}"#;
        let (found, bad) = parse(body.as_bytes(), 250).unwrap();
        let entry = |id: &str| Entry { id: id.to_owned(), installs: None };
        assert_eq!((found, bad), (vec![entry("org.a.B"), entry("org.c.D")], 8));
        let (found, bad) = parse(body.as_bytes(), 9).unwrap();
        assert_eq!((found.len(), bad), (1, 8), "no more is looked at than was asked for");
    }

    #[test]
    fn what_is_no_answer_is_said() {
        let deep = "[".repeat(100_000);
        for body in ["", "<html>", "7", "null", "{}", r#"{"detail": "no"}"#, r#"{"hits": 7}"#, "[{}]", &deep] {
            assert!(parse(body.as_bytes(), 250).is_err(), "{body:.20}");
        }
    }
}
