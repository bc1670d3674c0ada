//! `docs/json.md` is what `stratactl --json` prints: every example there has the very fields of the real thing.

use serde_json::Value;

const DOCUMENT: &str = include_str!("../../docs/json.md");

/// The examples below the heading that begins with these words.
fn examples(heading: &str) -> Vec<Value> {
    let section = DOCUMENT.split("\n## ").find(|section| section.starts_with(heading));
    let section = section.unwrap_or_else(|| panic!("docs/json.md has no section {heading}"));
    let blocks = section.split("```json\n").skip(1).map(|block| block.split("```").next().unwrap());
    blocks.map(|text| serde_json::from_str(text).unwrap_or_else(|error| panic!("{heading}: {error}\n{text}"))).collect()
}

/// Fails the test unless the value is made as the example of that heading (the first one is number 0). An empty array
/// says nothing about its elements, so the caller makes sure that there is something in it.
pub(crate) fn assert_documented(heading: &str, number: usize, printed: &Value) {
    let example = &examples(heading)[number];
    compare(heading, example, printed);
}

fn compare(place: &str, example: &Value, printed: &Value) {
    match (example, printed) {
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::Object(example), Value::Object(printed)) => {
            let names = |object: &serde_json::Map<String, Value>| object.keys().cloned().collect::<Vec<_>>();
            assert_eq!(names(example), names(printed), "{place}");
            for (name, value) in example {
                compare(&format!("{place}.{name}"), value, &printed[name]);
            }
        }
        (Value::Array(example), Value::Array(printed)) => {
            for printed in example.first().map(|_| printed).into_iter().flatten() {
                compare(&format!("{place}[]"), &example[0], printed);
            }
        }
        _ => {
            let kind = std::mem::discriminant;
            assert_eq!(kind(example), kind(printed), "{place}: {example} is documented, {printed} is printed");
        }
    }
}

#[test]
fn every_example_is_json() {
    let sections = DOCUMENT.split("\n## ").skip(1).map(|section| section.lines().next().unwrap());
    let count: usize = sections.map(|heading| examples(heading).len()).sum();
    assert!(count >= 9, "only {count} examples");
}
