//! Values between JSON, as recordings write them, and D-Bus.

use serde_json::{Value as Json, json};
use std::os::fd::OwnedFd;
use zvariant::{Array, Dict, Fd, ObjectPath, Signature, Structure, StructureBuilder, Value};

/// Values with the signature of all of them.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    pub(crate) signature: String,
    /// Always an array, one entry for each complete type.
    pub(crate) value: Json,
}

impl Typed {
    /// Of a call or a signal: `args` is an array.
    pub(crate) fn arguments(of: &Json) -> Self {
        Self { signature: of["signature"].as_str().unwrap().to_owned(), value: of["args"].clone() }
    }

    /// Of a reply: a single value stands by itself.
    pub(crate) fn reply(of: &Json) -> Self {
        let signature = of["signature"].as_str().unwrap().to_owned();
        let single = count(&signature) == 1;
        let value = if single { json!([of["value"]]) } else { of["value"].clone() };
        Self { signature, value }
    }

    /// As a body; `None` for an empty one.
    pub(crate) fn body(&self) -> Option<Structure<'static>> {
        if self.signature.is_empty() {
            return None;
        }
        let fields = types(&self.signature).into_iter().zip(self.value.as_array().unwrap());
        let values = fields.map(|(signature, value)| from_json(&signature, value));
        let body = values.fold(StructureBuilder::new(), StructureBuilder::append_field);
        Some(body.build().unwrap())
    }

    /// The values of a body that came.
    pub(crate) fn of_message(message: &zbus::Message) -> Self {
        let body = message.body();
        let signature = body.signature().to_string_no_parens();
        if count(&signature) == 0 {
            return Self { signature: String::new(), value: json!([]) };
        }
        let fields = body.deserialize::<Structure<'_>>().unwrap().into_fields();
        Self { signature, value: fields.iter().map(to_json).collect() }
    }
}

fn types(signature: &str) -> Vec<Signature> {
    if signature.is_empty() {
        return Vec::new();
    }
    match Signature::try_from(format!("({signature})").as_str()).unwrap() {
        Signature::Structure(fields) => fields.iter().cloned().collect(),
        other => vec![other],
    }
}

fn count(signature: &str) -> usize {
    types(signature).len()
}

/// A value of this type.
pub(crate) fn from_json(signature: &Signature, json: &Json) -> Value<'static> {
    let text = || json.as_str().unwrap().to_owned();
    let number = || json.as_u64().unwrap();
    match signature {
        Signature::Str => Value::from(text()),
        Signature::ObjectPath => Value::from(ObjectPath::try_from(text()).unwrap()),
        Signature::Bool => Value::from(json.as_bool().unwrap()),
        Signature::I32 => Value::from(i32::try_from(json.as_i64().unwrap()).unwrap()),
        Signature::U32 => Value::from(u32::try_from(number()).unwrap()),
        Signature::U64 => Value::from(number()),
        Signature::Variant => Value::Value(Box::new(variant(json))),
        Signature::Array(child) => {
            let mut array = Array::new(child.signature());
            for entry in json.as_array().unwrap() {
                array.append(from_json(child.signature(), entry)).unwrap();
            }
            Value::Array(array)
        }
        Signature::Dict { key, value } => {
            let mut dictionary = Dict::new(key.signature(), value.signature());
            for pair in json.as_array().unwrap() {
                let (key, value) = (from_json(key.signature(), &pair[0]), from_json(value.signature(), &pair[1]));
                dictionary.append(key, value).unwrap();
            }
            Value::Dict(dictionary)
        }
        Signature::Structure(fields) => {
            let values = fields.iter().zip(json.as_array().unwrap());
            let built = values.map(|(field, value)| from_json(field, value));
            Value::Structure(built.fold(StructureBuilder::new(), StructureBuilder::append_field).build().unwrap())
        }
        Signature::Fd => Value::Fd(Fd::Owned(OwnedFd::from(tempfile::tempfile().unwrap()))),
        other => panic!("{other}"),
    }
}

/// What is in `{"sig": …, "value": …}`.
pub(crate) fn variant(json: &Json) -> Value<'static> {
    from_json(&Signature::try_from(json["sig"].as_str().unwrap()).unwrap(), &json["value"])
}

fn to_json(value: &Value<'_>) -> Json {
    match value {
        Value::Str(text) => json!(text.as_str()),
        Value::ObjectPath(path) => json!(path.as_str()),
        Value::Bool(flag) => json!(flag),
        Value::I32(number) => json!(number),
        Value::U32(number) => json!(number),
        Value::U64(number) => json!(number),
        Value::Value(inner) => json!({"sig": inner.value_signature().to_string(), "value": to_json(inner)}),
        Value::Array(array) => array.inner().iter().map(to_json).collect(),
        Value::Dict(dictionary) => {
            dictionary.iter().map(|(key, value)| json!([to_json(key), to_json(value)])).collect()
        }
        Value::Structure(structure) => structure.fields().iter().map(to_json).collect(),
        Value::Fd(_) => json!("h"),
        other => panic!("{other:?}"),
    }
}

/// The same in one form: dictionaries in the order of their keys, and without what each client words for itself.
pub(crate) fn normal(typed: &Typed) -> (String, Json) {
    let fields = types(&typed.signature).into_iter().zip(typed.value.as_array().unwrap());
    let value = fields.map(|(signature, value)| in_order(&signature, value)).collect();
    (typed.signature.clone(), value)
}

fn in_order(signature: &Signature, json: &Json) -> Json {
    match signature {
        Signature::Variant => {
            let inner = Signature::try_from(json["sig"].as_str().unwrap()).unwrap();
            json!({"sig": json["sig"], "value": in_order(&inner, &json["value"])})
        }
        Signature::Array(child) => {
            json.as_array().unwrap().iter().map(|entry| in_order(child.signature(), entry)).collect()
        }
        Signature::Dict { value, .. } => {
            let mut pairs: Vec<(String, Json)> = json
                .as_array()
                .unwrap()
                .iter()
                .map(|pair| (pair[0].as_str().unwrap().to_owned(), in_order(value.signature(), &pair[1])))
                .collect();
            for (key, value) in &mut pairs {
                if key == "initiating-command-line" {
                    *value = json!("…");
                }
            }
            pairs.sort_by(|one, other| one.0.cmp(&other.0));
            json!(pairs)
        }
        Signature::Fd => json!("h"),
        _ => json.clone(),
    }
}
