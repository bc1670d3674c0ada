//! JSON of strangers, read without making a tree of the whole. What is not asked for is passed over while it comes, and
//! the items of a list come one by one, because an object of five bytes takes 640 once it is a tree.

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt::{Formatter, Result as Written};

/// What is kept of a value: texts, numbers and the like always; of objects and lists no more than is named here.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shape {
    keys: &'static [(&'static str, Shape)],
    items: Option<(usize, &'static Shape)>,
}

impl Shape {
    /// A text, a number or the like; objects and lists become empty ones.
    pub(crate) const PLAIN: Self = Self { keys: &[], items: None };

    /// An object with these keys.
    pub(crate) const fn object(keys: &'static [(&'static str, Self)]) -> Self {
        Self { keys, items: None }
    }

    /// The first so many of a list.
    pub(crate) const fn list(most: usize, item: &'static Self) -> Self {
        Self { keys: &[], items: Some((most, item)) }
    }
}

impl<'de> DeserializeSeed<'de> for Shape {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Shape {
    type Value = Value;

    fn expecting(&self, out: &mut Formatter<'_>) -> Written {
        out.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut kept = Vec::new();
        if let Some((most, item)) = self.items {
            while kept.len() < most {
                let Some(value) = list.next_element_seed(*item)? else { return Ok(kept.into()) };
                kept.push(value);
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(kept.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut kept = Map::new();
        while let Some(key) = object.next_key::<String>()? {
            if let Some((_, shape)) = self.keys.iter().find(|(known, _)| *known == key) {
                kept.insert(key, object.next_value_seed(*shape)?);
            } else {
                object.next_value::<IgnoredAny>()?;
            }
        }
        Ok(kept.into())
    }
}

/// Where the entries stand in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    /// The text is a list of them.
    List,
    /// The text is an object, and their list stands at this key.
    Below(&'static str),
    /// The text is a list of them, or one, which has this key.
    ListOrOne(&'static str),
}

/// Calls `each` for the first `most` entries of a text, and says whether there are more.
///
/// # Errors
/// The text is no JSON, or not of the form; `each` may have been called for what stands before the error.
pub(crate) fn entries(
    text: &[u8],
    form: Form,
    most: usize,
    shape: Shape,
    mut each: impl FnMut(Value),
) -> Result<bool, serde_json::Error> {
    let mut from = serde_json::Deserializer::from_slice(text);
    let more = Entries { form, most, shape, each: &mut each }.deserialize(&mut from)?;
    from.end()?;
    Ok(more)
}

struct Entries<'e> {
    form: Form,
    most: usize,
    shape: Shape,
    each: &'e mut dyn FnMut(Value),
}

impl<'de> DeserializeSeed<'de> for Entries<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<bool, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = bool;

    fn expecting(&self, out: &mut Formatter<'_>) -> Written {
        write!(out, "entries: {:?}", self.form)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
        if let Form::Below(key) = self.form {
            return Err(A::Error::missing_field(key));
        }
        for _ in 0..self.most {
            let Some(entry) = list.next_element_seed(self.shape)? else { return Ok(false) };
            (self.each)(entry);
        }
        let more = list.next_element::<IgnoredAny>()?.is_some();
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(more)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<bool, A::Error> {
        match self.form {
            Form::List => Err(A::Error::custom("an object where a list should be")),
            Form::ListOrOne(key) => {
                let one = self.shape.visit_map(object)?;
                if one.get(key).is_none() {
                    return Err(A::Error::missing_field(key));
                }
                (self.each)(one);
                Ok(false)
            }
            Form::Below(key) => {
                let mut more = None;
                while let Some(found) = object.next_key::<String>()? {
                    // The first counts where it stands twice: its entries were given away already.
                    if found == key && more.is_none() {
                        let entries = Entries { form: Form::List, each: &mut *self.each, ..self };
                        more = Some(object.next_value_seed(entries)?);
                    } else {
                        object.next_value::<IgnoredAny>()?;
                    }
                }
                more.ok_or_else(|| A::Error::missing_field(key))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NAME: Shape = Shape::object(&[("name", Shape::PLAIN)]);
    const SHAPE: Shape =
        Shape::object(&[("name", Shape::PLAIN), ("size", Shape::PLAIN), ("files", Shape::list(2, &NAME))]);

    /// The entries, and whether there are more.
    fn read(text: &str, form: Form) -> Option<(Vec<Value>, bool)> {
        let mut found = Vec::new();
        let more = entries(text.as_bytes(), form, 3, SHAPE, |entry| found.push(entry)).ok()?;
        Some((found, more))
    }

    #[test]
    fn what_is_not_named_is_left_out() {
        for (text, expected) in [
            (r#"{"name": "a", "size": 1, "other": {"name": 2}}"#, json!({"name": "a", "size": 1})),
            (r#"{"name": {"name": 1}, "size": [1, 2]}"#, json!({"name": {}, "size": []})),
            (r#"{"files": [{"name": 1, "x": 2}, 5, 6, {}]}"#, json!({"files": [{"name": 1}, 5]})),
            (r#"{"files": "one", "name": null}"#, json!({"files": "one", "name": null})),
            (r#"{"name": 1, "name": true}"#, json!({"name": true})),
            ("[{}]", json!([])),
            ("-1.5", json!(-1.5)),
            ("{}", json!({})),
        ] {
            assert_eq!(read(&format!("[{text}]"), Form::List), Some((vec![expected], false)), "{text}");
        }
    }

    #[test]
    fn entries_stand_where_the_form_says() {
        let items = Form::Below("items");
        let one = Form::ListOrOne("name");
        for (text, form, expected) in [
            ("[1,2,3]", Form::List, Some((vec![json!(1), json!(2), json!(3)], false))),
            ("[1,2,3,4,[5]]", Form::List, Some((vec![json!(1), json!(2), json!(3)], true))),
            ("[]", Form::List, Some((vec![], false))),
            (r#"{"name": 1}"#, Form::List, None),
            (r#"{"x": [1], "items": [2], "items": [3]}"#, items, Some((vec![json!(2)], false))),
            (r#"{"items": 5}"#, items, None),
            ("{}", items, None),
            ("[]", items, None),
            (r#"{"name": 1, "x": 2}"#, one, Some((vec![json!({"name": 1})], false))),
            (r#"{"x": 2}"#, one, None),
            ("[{}]", one, Some((vec![json!({})], false))),
            ("[1] 2", Form::List, None),
            ("[1", Form::List, None),
            ("7", Form::List, None),
            ("", Form::List, None),
        ] {
            assert_eq!(read(text, form), expected, "{text}");
        }
    }
}
