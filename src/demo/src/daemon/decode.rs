//! Reading values off the wire, by the signature they come with.

use super::data::{Body, Data, Handle};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::sync::Arc;
use zbus::Message;
use zvariant::{DynamicDeserialize, DynamicType, OwnedFd, Signature};

/// The arguments of a message.
///
/// # Errors
/// What zvariant says when they are not what the message's signature says.
pub fn body(message: &Message) -> zbus::Result<Body> {
    let body = message.body();
    let several = match body.signature() {
        Signature::Unit => return Ok(Body::default()),
        Signature::Structure(_) => true,
        _ => false,
    };
    let data: Data = body.deserialize()?;
    Ok(Body(match data {
        Data::Struct(fields) if several => fields,
        single => vec![single],
    }))
}

impl DynamicType for Data {
    fn signature(&self) -> Signature {
        Data::signature(self)
    }
}

/// Reads a value of one signature.
#[derive(Clone, Debug)]
pub struct Reader(Signature);

impl DynamicType for Reader {
    fn signature(&self) -> Signature {
        self.0.clone()
    }
}

impl DynamicDeserialize<'_> for Data {
    type Deserializer = Reader;

    fn deserializer_for_signature(signature: &Signature) -> zvariant::Result<Reader> {
        Ok(Reader(signature.clone()))
    }
}

impl<'de> DeserializeSeed<'de> for Reader {
    type Value = Data;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Data, D::Error> {
        if self.0 == Signature::Fd {
            let fd: OwnedFd = serde::Deserialize::deserialize(from)?;
            return Ok(Data::Handle(Handle(Arc::new(fd.into()))));
        }
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader {
    type Value = Data;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a value of signature {}", self.0)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Data, E> {
        Ok(Data::Bool(value))
    }

    fn visit_i32<E: Error>(self, value: i32) -> Result<Data, E> {
        Ok(Data::I32(value))
    }

    fn visit_u32<E: Error>(self, value: u32) -> Result<Data, E> {
        Ok(Data::U32(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Data, E> {
        Ok(Data::I64(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Data, E> {
        Ok(Data::U64(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Data, E> {
        let text = value.to_owned();
        Ok(if self.0 == Signature::ObjectPath { Data::Path(text) } else { Data::Str(text) })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Data, A::Error> {
        match self.0 {
            Signature::Array(child) => {
                let child = child.signature().clone();
                let mut items = Vec::new();
                while let Some(item) = elements.next_element_seed(Reader(child.clone()))? {
                    items.push(item);
                }
                Ok(Data::Array(child, items))
            }
            Signature::Structure(fields) => {
                let mut items = Vec::new();
                for field in fields.iter() {
                    let item = elements.next_element_seed(Reader(field.clone()))?;
                    items.push(item.ok_or_else(|| Error::custom("a structure is too short"))?);
                }
                Ok(Data::Struct(items))
            }
            Signature::Variant => {
                let missing = || Error::custom("a variant without a value");
                let signature = elements.next_element::<Signature>()?.ok_or_else(missing)?;
                let value = elements.next_element_seed(Reader(signature))?.ok_or_else(missing)?;
                Ok(Data::Variant(Box::new(value)))
            }
            other => Err(Error::custom(format!("signature {other} is not known here"))),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Data, A::Error> {
        match self.0 {
            Signature::Dict { key, value } => {
                let (key, value) = (key.signature().clone(), value.signature().clone());
                let mut all = Vec::new();
                while let Some(entry) = entries.next_entry_seed(Reader(key.clone()), Reader(value.clone()))? {
                    all.push(entry);
                }
                Ok(Data::Dict(key, value, all))
            }
            Signature::Variant => {
                let missing = || Error::custom("a variant without a value");
                let (_, signature) = entries.next_entry::<&str, Signature>()?.ok_or_else(missing)?;
                entries.next_key::<&str>()?;
                Ok(Data::Variant(Box::new(entries.next_value_seed(Reader(signature))?)))
            }
            other => Err(Error::custom(format!("signature {other} is not known here"))),
        }
    }
}
