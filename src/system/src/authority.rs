//! Polkit, asked beforehand: the daemon puts its questions to the person whoever calls, also where nobody is meant to be asked.

use crate::bus::Bus;
use std::collections::HashMap;
use std::time::Duration;
use zvariant::Value;

/// How long polkit may take: it needs no person for this.
const PATIENCE: Duration = Duration::from_secs(5);
const POLKIT: &str = "org.freedesktop.PolicyKit1";
const AUTHORITY: &str = "org.freedesktop.PolicyKit1.Authority";
const PATH: &str = "/org/freedesktop/PolicyKit1/Authority";
/// Nobody is to be asked.
const NO_QUESTION: u32 = 0;

/// Allowed; could be by a proof; and more that nobody reads here.
type Verdict = (bool, bool, HashMap<String, String>);

/// Whether this program may do what one of rpm-ostree's actions covers, without anybody being asked. Where there is no polkit
/// nobody could ask.
pub(crate) async fn may_unasked(bus: &Bus, action: &str) -> bool {
    let own = bus.own_name();
    let subject = ("system-bus-name", HashMap::from([("name", Value::from(own.as_str()))]));
    let action = format!("org.projectatomic.rpmostree1.{action}");
    let body = (subject, action.as_str(), HashMap::<&str, &str>::new(), NO_QUESTION, "");
    let asked = bus.connection.call_method(Some(POLKIT), PATH, Some(AUTHORITY), "CheckAuthorization", &body);
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(reply)) => {
            let verdict = reply.body().deserialize::<(Verdict,)>().map(|((allowed, ..),)| allowed);
            verdict.inspect_err(|error| tracing::info!(%error, "polkit’s answer cannot be read")).unwrap_or_default()
        }
        Ok(Err(zbus::Error::MethodError(name, ..))) if is_absent(name.as_str()) => true,
        Ok(Err(error)) => {
            tracing::info!(%error, action, "polkit does not say");
            false
        }
        Err(_) => false,
    }
}

fn is_absent(error: &str) -> bool {
    matches!(error, "org.freedesktop.DBus.Error.ServiceUnknown" | "org.freedesktop.DBus.Error.NameHasNoOwner")
}
