//! The daemon's dictionaries, read field by field: a field that is missing, or of another type than usual, costs itself.
//! Sizes are bounded, though the daemon is root's: what it says comes from repositories and images.

use std::collections::HashMap;
use zvariant::{OwnedValue, Value};

/// Bytes of one text that are kept.
const MAX_TEXT: usize = 4096;
/// Entries of one list that are read: twice the packages of a large system.
const MAX_ENTRIES: usize = 20_000;

/// All properties of an interface, as `GetAll` gives them.
pub type Properties = HashMap<String, OwnedValue>;

/// A dictionary with texts for keys.
#[derive(Debug, Default)]
pub(crate) struct Fields<'a>(HashMap<&'a str, &'a Value<'a>>);

impl<'a> Fields<'a> {
    /// The fields of a value; none if it is no dictionary.
    pub(crate) fn of(value: &'a Value<'a>) -> Self {
        let Value::Dict(dictionary) = plain(value) else { return Self::default() };
        let text = |(key, value): (&'a Value<'a>, &'a Value<'a>)| match plain(key) {
            Value::Str(key) => Some((key.as_str(), plain(value))),
            _ => None,
        };
        Self(dictionary.iter().filter_map(text).collect())
    }

    /// The fields of properties.
    pub(crate) fn of_properties(properties: &'a Properties) -> Self {
        Self(properties.iter().map(|(key, value)| (key.as_str(), plain(value))).collect())
    }

    /// There is nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A field as it is.
    pub(crate) fn value(&self, key: &str) -> Option<&'a Value<'a>> {
        self.0.get(key).copied()
    }

    /// There is such a field.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// A text, empty if there is none.
    pub(crate) fn text(&self, key: &str) -> String {
        self.0.get(key).map(|value| text(value)).unwrap_or_default()
    }

    /// Yes or no; no if it does not say.
    pub(crate) fn flag(&self, key: &str) -> bool {
        matches!(self.0.get(key), Some(Value::Bool(true)))
    }

    /// A number, 0 if there is none.
    pub(crate) fn number(&self, key: &str) -> u64 {
        self.0.get(key).map(|value| number(value)).unwrap_or_default()
    }

    /// Seconds since 1970, 0 if there are none.
    pub(crate) fn moment(&self, key: &str) -> i64 {
        i64::try_from(self.number(key)).unwrap_or_default()
    }

    /// A list of texts.
    pub(crate) fn texts(&self, key: &str) -> Vec<String> {
        self.list(key).map(text).filter(|text| !text.is_empty()).collect()
    }

    /// A dictionary within this one.
    pub(crate) fn fields(&self, key: &str) -> Self {
        self.0.get(key).map(|value| Self::of(value)).unwrap_or_default()
    }

    /// The entries of a list.
    pub(crate) fn list(&self, key: &str) -> impl Iterator<Item = &'a Value<'a>> {
        self.0.get(key).map(|value| list(value)).into_iter().flatten()
    }

    /// The values of a dictionary within this one, whatever their keys.
    pub(crate) fn values(&self) -> impl Iterator<Item = &'a Value<'a>> {
        self.0.values().copied()
    }
}

/// What is in a variant, however deep.
fn plain<'v, 'a>(value: &'v Value<'a>) -> &'v Value<'a> {
    let mut value = value;
    while let Value::Value(inner) = value {
        value = inner;
    }
    value
}

/// The text of a value, cut at a bound; empty if it is none.
pub(crate) fn text(value: &Value<'_>) -> String {
    match plain(value) {
        Value::Str(text) => cut(text.as_str()).to_owned(),
        Value::ObjectPath(path) => cut(path.as_str()).to_owned(),
        _ => String::new(),
    }
}

/// A text cut at a bound.
pub(crate) fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_TEXT)]
}

/// The number of a value, 0 if it is none or below 0.
pub(crate) fn number(value: &Value<'_>) -> u64 {
    match plain(value) {
        Value::U8(number) => u64::from(*number),
        Value::U16(number) => u64::from(*number),
        Value::U32(number) => u64::from(*number),
        Value::U64(number) => *number,
        Value::I16(number) => u64::try_from(*number).unwrap_or_default(),
        Value::I32(number) => u64::try_from(*number).unwrap_or_default(),
        Value::I64(number) => u64::try_from(*number).unwrap_or_default(),
        _ => 0,
    }
}

/// The entries of a list; none if it is no list.
pub(crate) fn list<'a>(value: &'a Value<'a>) -> impl Iterator<Item = &'a Value<'a>> {
    let entries = match plain(value) {
        Value::Array(array) => array.inner(),
        _ => &[],
    };
    entries.iter().take(MAX_ENTRIES)
}

/// The parts of a structure; none if it is no structure.
pub(crate) fn parts<'a>(value: &'a Value<'a>) -> &'a [Value<'a>] {
    match plain(value) {
        Value::Structure(structure) => structure.fields(),
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zvariant::Dict;

    #[test]
    fn a_field_of_another_type_costs_itself() {
        let entries = HashMap::from([
            ("version", Value::from("41.1")),
            ("booted", Value::from(true)),
            ("staged", Value::from("yes")),
            ("timestamp", Value::from(-7i64)),
            ("packages", Value::from(vec!["greet", "", "etcpkg"])),
            ("nested", Value::Value(Box::new(Value::from(7u32)))),
        ]);
        let value = Value::from(Dict::from(entries));
        let fields = Fields::of(&value);
        assert_eq!(fields.text("version"), "41.1");
        assert!(fields.flag("booted") && !fields.flag("staged") && !fields.flag("missing"));
        assert_eq!((fields.number("timestamp"), fields.number("nested"), fields.number("version")), (0, 7, 0));
        assert_eq!(fields.texts("packages"), ["greet", "etcpkg"]);
        assert_eq!(fields.text("packages"), "");
        assert!(fields.texts("version").is_empty() && fields.fields("version").is_empty());
        assert!(Fields::of(&Value::from("no dictionary")).is_empty());
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut(&"ä".repeat(MAX_TEXT)).len(), MAX_TEXT);
        assert_eq!(cut(&format!("x{}", "ä".repeat(MAX_TEXT))).len(), MAX_TEXT - 1);
    }
}
