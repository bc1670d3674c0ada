//! D-Bus values as they lie on the wire: the entries of a dictionary keep their order.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTupleStruct, Serializer};
use std::fmt;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use zvariant::{DynamicType, Fd, Signature};

/// One D-Bus value. Unlike `zvariant::Value`, which sorts dictionaries by their keys, it is read and written in the
/// order of the wire: rpm-ostreed joins equal calls by that order.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// `b`.
    Bool(bool),
    /// `i`.
    I32(i32),
    /// `u`.
    U32(u32),
    /// `x`.
    I64(i64),
    /// `t`.
    U64(u64),
    /// `s`.
    Str(String),
    /// `o`.
    Path(String),
    /// `h`.
    Handle(Handle),
    /// `v`.
    Variant(Box<Data>),
    /// An array: the signature of one element, the elements.
    Array(Signature, Vec<Data>),
    /// A structure's fields.
    Struct(Vec<Data>),
    /// A dictionary: the signatures of key and value, the entries.
    Dict(Signature, Signature, Vec<(Data, Data)>),
}

/// A file descriptor that came, or goes, with a message.
#[derive(Clone)]
pub struct Handle(pub Arc<OwnedFd>);

impl fmt::Debug for Handle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("handle")
    }
}

impl PartialEq for Handle {
    /// Which file is behind it is not part of the value.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Data {
    /// `s`.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Str(text.into())
    }

    /// `as`.
    pub fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::Array(Signature::Str, texts.into_iter().map(Self::text).collect())
    }

    /// `a{sv}` in the order given.
    pub fn pairs<K: Into<String>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        let entry = |(key, value): (K, Self)| (Self::text(key), Self::Variant(Box::new(value)));
        Self::Dict(Signature::Str, Signature::Variant, entries.into_iter().map(entry).collect())
    }

    /// An array whose elements have this signature (one that is written in this program, so it is right).
    pub fn array(of: &str, elements: Vec<Self>) -> Self {
        Self::Array(Signature::try_from(of).unwrap_or(Signature::Variant), elements)
    }

    /// The text of `s` and `o`.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) | Self::Path(text) => Some(text),
            Self::Variant(inner) => inner.as_str(),
            _ => None,
        }
    }

    /// The value of `b`.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            Self::Variant(inner) => inner.as_bool(),
            _ => None,
        }
    }

    /// Any whole number that is not negative.
    pub fn as_number(&self) -> Option<u64> {
        match self {
            Self::U64(value) => Some(*value),
            Self::U32(value) => Some(u64::from(*value)),
            Self::I32(value) => u64::try_from(*value).ok(),
            Self::I64(value) => u64::try_from(*value).ok(),
            Self::Variant(inner) => inner.as_number(),
            _ => None,
        }
    }

    /// The elements of an array or the fields of a structure, none for anything else.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::Array(_, items) | Self::Struct(items) => items,
            Self::Variant(inner) => inner.items(),
            _ => &[],
        }
    }

    /// The texts of an `as`.
    pub fn strings(&self) -> Vec<String> {
        self.items().iter().filter_map(Self::as_str).map(str::to_owned).collect()
    }

    /// The value of a key in a dictionary, out of its variant.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Dict(_, _, entries) => {
                let (_, value) = entries.iter().find(|(name, _)| name.as_str() == Some(key))?;
                Some(if let Self::Variant(inner) = value { inner } else { value })
            }
            Self::Variant(inner) => inner.get(key),
            _ => None,
        }
    }

    /// Its D-Bus signature.
    pub fn signature(&self) -> Signature {
        match self {
            Self::Bool(_) => Signature::Bool,
            Self::I32(_) => Signature::I32,
            Self::U32(_) => Signature::U32,
            Self::I64(_) => Signature::I64,
            Self::U64(_) => Signature::U64,
            Self::Str(_) => Signature::Str,
            Self::Path(_) => Signature::ObjectPath,
            Self::Handle(_) => Signature::Fd,
            Self::Variant(_) => Signature::Variant,
            Self::Array(of, _) => Signature::array(of.clone()),
            Self::Struct(fields) => Signature::structure(fields.iter().map(Self::signature).collect::<Vec<_>>()),
            Self::Dict(key, value, _) => Signature::dict(key.clone(), value.clone()),
        }
    }
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bool(value) => to.serialize_bool(*value),
            Self::I32(value) => to.serialize_i32(*value),
            Self::U32(value) => to.serialize_u32(*value),
            Self::I64(value) => to.serialize_i64(*value),
            Self::U64(value) => to.serialize_u64(*value),
            Self::Str(text) | Self::Path(text) => to.serialize_str(text),
            Self::Handle(handle) => Fd::from(handle.0.as_fd()).serialize(to),
            Self::Variant(inner) => {
                let mut variant = to.serialize_struct("Variant", 2)?;
                variant.serialize_field("signature", &inner.signature())?;
                variant.serialize_field("value", inner.as_ref())?;
                variant.end()
            }
            Self::Array(_, items) => {
                let mut array = to.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| array.serialize_element(item))?;
                array.end()
            }
            Self::Struct(fields) => {
                let mut structure = to.serialize_tuple_struct("Structure", fields.len())?;
                fields.iter().try_for_each(|field| structure.serialize_field(field))?;
                structure.end()
            }
            Self::Dict(_, _, entries) => {
                let mut map = to.serialize_map(Some(entries.len()))?;
                entries.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
        }
    }
}

/// The arguments of a message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body(pub Vec<Data>);

impl DynamicType for Body {
    fn signature(&self) -> Signature {
        match &self.0[..] {
            [] => Signature::Unit,
            arguments => Signature::structure(arguments.iter().map(Data::signature).collect::<Vec<_>>()),
        }
    }
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if self.0.is_empty() {
            return to.serialize_unit();
        }
        let mut structure = to.serialize_tuple_struct("Structure", self.0.len())?;
        self.0.iter().try_for_each(|argument| structure.serialize_field(argument))?;
        structure.end()
    }
}
