//! The one gate through which what Strata knows becomes a message. No text of D-Bus has a NUL, and a bus throws out whoever
//! sends one, together with all that it works on; texts of strangers may have one, and texts that were kept.
//! <https://dbus.freedesktop.org/doc/dbus-specification.html#basic-types>

use serde::de::DeserializeOwned;
use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::borrow::Cow;
use zbus::zvariant::{Signature, Type};

/// How JSON writes the character. A text that only looks so is copied, and stays what it is.
const WRITTEN: &str = "\\u0000";

/// A value whose texts can all be sent: what is nowhere stands as the sign for what is no character.
#[derive(Debug)]
pub(crate) struct Sendable<T>(pub(crate) T);

impl<T: Type> Type for Sendable<T> {
    const SIGNATURE: &'static Signature = T::SIGNATURE;
}

impl<T: Serialize + DeserializeOwned> Serialize for Sendable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = serde_json::to_string(&self.0).map_err(S::Error::custom)?;
        if !json.contains(WRITTEN) {
            return self.0.serialize(serializer);
        }
        let mut value: Value = serde_json::from_str(&json).map_err(S::Error::custom)?;
        replace(&mut value);
        let mended: T = serde_json::from_value(value).map_err(S::Error::custom)?;
        mended.serialize(serializer)
    }
}

/// A text that can be sent.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text.into() }
}

fn replace(value: &mut Value) {
    match value {
        Value::String(found) => *found = text(found).into_owned(),
        Value::Array(items) => items.iter_mut().for_each(replace),
        Value::Object(object) => {
            let entries = std::mem::take(object).into_iter();
            *object = entries
                .map(|(key, mut value)| {
                    replace(&mut value);
                    (text(&key).into_owned(), value)
                })
                .collect();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use strata_model::{OfferId, Plan, Request};
    use zbus::zvariant::serialized::Context;
    use zbus::zvariant::{LE, to_bytes};

    /// What arrives.
    fn sent<T: Serialize + DeserializeOwned + Type>(value: T) -> T {
        let bytes = to_bytes(Context::new_dbus(LE, 0), &Sendable(value)).unwrap();
        bytes.deserialize().unwrap().0
    }

    #[test]
    fn no_text_that_is_sent_has_a_nul() {
        let plan = Plan::nothing(&Request::update(OfferId::app_image("", "a\0b")).named("\0"));
        let sent_plan = sent(plan);
        assert_eq!(sent_plan.request.offer.reference, "a\u{fffd}b");
        assert_eq!(sent_plan.request.name, "\u{fffd}");
        let names: BTreeMap<String, u8> = [("a\0".to_owned(), 1)].into();
        assert_eq!(sent(names), [("a\u{fffd}".to_owned(), 1)].into());
    }

    #[test]
    fn everything_else_is_sent_as_it_is() {
        for text in ["", "plain", "\\u0000", "\\\\u0000 \u{1}\u{7f}\u{fffd} ü"] {
            let request = Request::update(OfferId::app_image("", text));
            assert_eq!(sent(request.clone()), request, "{text}");
        }
        let request = Request::update(OfferId::app_image("", "\\u0000 and \0"));
        assert_eq!(sent(request).offer.reference, "\\u0000 and \u{fffd}");
    }
}
