//! A value that travels with its own signature.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ops::{Deref, DerefMut};
use zvariant::{Signature, Type, as_value};

/// A value that is a D-Bus variant on the wire and itself everywhere else. A signature has 255 characters at most, see
/// the [D-Bus specification](https://dbus.freedesktop.org/doc/dbus-specification.html#type-system): a structure that
/// would need more has parts that bring their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Variant<T>(pub T);

impl<T> Deref for Variant<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Variant<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> Type for Variant<T> {
    const SIGNATURE: &'static Signature = &Signature::Variant;
}

impl<T: Type + Serialize> Serialize for Variant<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        as_value::serialize(&self.0, serializer)
    }
}

impl<'de, T: Type + Deserialize<'de> + 'de> Deserialize<'de> for Variant<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        as_value::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::SystemArrival;
    use crate::{Change, Plan, Snapshot, SystemStatus};
    use zvariant::{LE, serialized::Context, to_bytes};

    #[test]
    fn signatures_fit_into_a_message() {
        for signature in [Snapshot::SIGNATURE, Change::SIGNATURE, SystemStatus::SIGNATURE, Plan::SIGNATURE] {
            assert!(signature.to_string().len() <= 255, "{signature}");
        }
    }

    #[test]
    fn the_system_comes_over_whole() {
        let system = SystemStatus { ready: true, arrived: Some(SystemArrival::default()), ..SystemStatus::default() };
        let change = Change { system: Some(Variant(system)), ..Change::default() };
        let bytes = to_bytes(Context::new_dbus(LE, 0), &change).unwrap();
        let (read, _): (Change, usize) = bytes.deserialize().unwrap();
        assert_eq!(read, change);
    }
}
