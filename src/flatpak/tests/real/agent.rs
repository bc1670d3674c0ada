//! The window that asks for a password, as polkit knows it.
// The interface is polkit's, not ours.
#![allow(clippy::unused_self, clippy::used_underscore_binding)]

use crate::system_wide::PERSON;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Notify;
use zbus::zvariant::Value;

/// A polkit agent that nobody gives a password.
pub(crate) struct Agent {
    /// How often a question was put.
    pub(crate) asked: Arc<AtomicUsize>,
    /// How often polkit took a question back.
    pub(crate) taken_back: Arc<AtomicUsize>,
    _bus: zbus::Connection,
}

/// What the person does with the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Person {
    ClosesIt,
    LetsItStand,
}

struct Window {
    person: Person,
    asked: Arc<AtomicUsize>,
    taken_back: Arc<AtomicUsize>,
    gone: Notify,
}

#[derive(Debug, zbus::DBusError)]
#[zbus(prefix = "org.freedesktop.PolicyKit1.Error")]
enum Closed {
    Cancelled(String),
}

#[zbus::interface(name = "org.freedesktop.PolicyKit1.AuthenticationAgent")]
impl Window {
    async fn begin_authentication(
        &self,
        _action: String,
        _message: String,
        _icon: String,
        _details: HashMap<String, String>,
        _cookie: String,
        _identities: Vec<(String, HashMap<String, zbus::zvariant::OwnedValue>)>,
    ) -> Result<(), Closed> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.person == Person::LetsItStand {
            self.gone.notified().await;
        }
        Err(Closed::Cancelled("closed".to_owned()))
    }

    fn cancel_authentication(&self, _cookie: String) {
        self.taken_back.fetch_add(1, Ordering::SeqCst);
        self.gone.notify_one();
    }
}

impl Agent {
    /// For this process alone, as `pkttyagent --process` does.
    pub(crate) async fn register(person: Person) -> Self {
        let (asked, taken_back): (Arc<AtomicUsize>, Arc<AtomicUsize>) = Default::default();
        let address = std::env::var("DBUS_SYSTEM_BUS_ADDRESS").unwrap();
        let window =
            Window { person, asked: Arc::clone(&asked), taken_back: Arc::clone(&taken_back), gone: Notify::new() };
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
        Self { asked, taken_back, _bus: bus }
    }
}
