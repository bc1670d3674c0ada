//! The window that asks for a password, as polkit knows it.
// The interface is polkit's, not ours.
#![allow(clippy::unused_self, clippy::used_underscore_binding)]

use crate::system_wide::PERSON;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use zbus::zvariant::Value;

/// A polkit agent whose window is closed at once.
pub(crate) struct Agent {
    /// How often a question was put.
    pub(crate) asked: Arc<AtomicUsize>,
    _bus: zbus::Connection,
}

struct Window {
    asked: Arc<AtomicUsize>,
}

#[derive(Debug, zbus::DBusError)]
#[zbus(prefix = "org.freedesktop.PolicyKit1.Error")]
enum Closed {
    Cancelled(String),
}

#[zbus::interface(name = "org.freedesktop.PolicyKit1.AuthenticationAgent")]
impl Window {
    fn begin_authentication(
        &self,
        _action: String,
        _message: String,
        _icon: String,
        _details: HashMap<String, String>,
        _cookie: String,
        _identities: Vec<(String, HashMap<String, zbus::zvariant::OwnedValue>)>,
    ) -> Result<(), Closed> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Err(Closed::Cancelled("closed".to_owned()))
    }

    fn cancel_authentication(&self, _cookie: String) {}
}

impl Agent {
    /// For this process alone, as `pkttyagent --process` does.
    pub(crate) async fn register() -> Self {
        let asked = Arc::default();
        let address = std::env::var("DBUS_SYSTEM_BUS_ADDRESS").unwrap();
        let window = Window { asked: Arc::clone(&asked) };
        let builder = zbus::connection::Builder::address(address.as_str()).unwrap();
        let bus = builder.serve_at("/agent", window).unwrap().build().await.unwrap();
        let line = std::fs::read_to_string("/proc/self/stat").unwrap();
        // The 22nd field; the second one may hold blanks and ends with a bracket.
        let start: u64 = line.rsplit_once(')').unwrap().1.split_whitespace().nth(19).unwrap().parse().unwrap();
        let details = HashMap::from([
            ("pid", Value::from(std::process::id())),
            ("start-time", Value::from(start)),
            ("uid", Value::from(i32::try_from(PERSON).unwrap())),
        ]);
        let authority = "/org/freedesktop/PolicyKit1/Authority";
        let interface = Some("org.freedesktop.PolicyKit1.Authority");
        let arguments = (("unix-process", details), "C", "/agent");
        let service = Some("org.freedesktop.PolicyKit1");
        bus.call_method(service, authority, interface, "RegisterAuthenticationAgent", &arguments).await.unwrap();
        Self { asked, _bus: bus }
    }
}
