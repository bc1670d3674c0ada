//! What the engine does by itself.

use serde::{Deserialize, Serialize};
use zvariant::Type;

/// What came of asking the engine to do what is due by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum Upkeep {
    /// The settings say that nothing happens by itself (`updates.automatic`).
    Off,
    /// It was done a short while ago.
    NotDue,
    /// There is no network.
    Offline,
    /// What comes over the network may cost money.
    Metered,
    /// The machine saves power.
    SavingPower,
    /// It is being done.
    Begun,
}
