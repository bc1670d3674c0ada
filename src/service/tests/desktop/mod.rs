//! Stand-ins for what a desktop has: its notifications, its portal, the window's application. They keep what they are
//! told, and say what a test tells them to.
#![allow(dead_code, missing_docs, unreachable_pub, reason = "shared by several tests, each of which uses a part")]
#![allow(
    clippy::unused_self,
    clippy::needless_pass_by_value,
    clippy::used_underscore_binding,
    reason = "zbus wants methods, as the specifications have them"
)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests say what went wrong by panicking")]

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::watch;
use zbus::Connection;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedValue, Value};

/// What was shown, by number or identifier: title, body, and the actions with their labels.
pub type Shown = Vec<(String, Note)>;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    pub title: String,
    pub body: String,
    pub actions: Vec<(String, String)>,
}

/// `org.freedesktop.Notifications`.
#[derive(Debug)]
pub struct Server {
    shown: watch::Sender<Shown>,
    last: u32,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Server {
    fn get_capabilities(&self) -> Vec<&str> {
        vec!["actions", "body", "body-markup", "persistence"]
    }

    #[expect(clippy::too_many_arguments, reason = "the specification's")]
    fn notify(
        &mut self,
        _app: String,
        replaces: u32,
        _icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        _expire: i32,
    ) -> u32 {
        assert!(hints.contains_key("desktop-entry"), "the desktop cannot tell whose it is");
        let id = if replaces == 0 { self.last + 1 } else { replaces };
        self.last = self.last.max(id);
        let actions = actions.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
        put(&self.shown, id.to_string(), Note { title, body, actions });
        id
    }

    async fn close_notification(&mut self, id: u32, #[zbus(signal_emitter)] emitter: SignalEmitter<'_>) {
        self.shown.send_modify(|shown| shown.retain(|(known, _)| *known != id.to_string()));
        Self::notification_closed(&emitter, id, 3).await.unwrap();
    }

    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, id: u32, reason: u32) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, key: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn activation_token(emitter: &SignalEmitter<'_>, id: u32, token: &str) -> zbus::Result<()>;
}

/// The same of a desktop that hangs: the first notification is never answered.
#[derive(Debug)]
struct Hanging {
    shown: watch::Sender<Shown>,
    asked: AtomicU32,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Hanging {
    fn get_capabilities(&self) -> Vec<&str> {
        Vec::new()
    }

    #[expect(clippy::too_many_arguments, reason = "the specification's")]
    async fn notify(
        &self,
        _app: String,
        _replaces: u32,
        _icon: String,
        title: String,
        body: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expire: i32,
    ) -> u32 {
        let id = self.asked.fetch_add(1, Ordering::Relaxed);
        if id == 0 {
            std::future::pending::<()>().await;
        }
        put(&self.shown, id.to_string(), Note { title, body, actions: Vec::new() });
        id
    }

    fn close_notification(&self, _id: u32) {}
}

/// The portal: notifications, and the registry of programs outside of a sandbox.
#[derive(Debug)]
pub struct Portal(watch::Sender<Shown>);

#[zbus::interface(name = "org.freedesktop.portal.Notification")]
impl Portal {
    fn add_notification(&self, id: String, notification: HashMap<String, OwnedValue>) {
        let text = |key: &str| notification.get(key).map(|value| String::try_from(value.clone()).unwrap());
        let mut actions = vec![(text("default-action").unwrap(), String::new())];
        if let Some(buttons) = notification.get("buttons") {
            let buttons = <Vec<HashMap<String, OwnedValue>>>::try_from(buttons.clone()).unwrap();
            let word = |button: &HashMap<String, OwnedValue>, key: &str| String::try_from(button[key].clone()).unwrap();
            actions.extend(buttons.iter().map(|button| (word(button, "action"), word(button, "label"))));
        }
        put(&self.0, id, Note { title: text("title").unwrap(), body: text("body").unwrap(), actions });
    }

    fn remove_notification(&self, id: String) {
        self.0.send_modify(|shown| shown.retain(|(known, _)| *known != id));
    }
}

#[derive(Debug)]
struct Registry;

#[zbus::interface(name = "org.freedesktop.host.portal.Registry")]
impl Registry {
    fn register(&self, app: String, _options: HashMap<String, OwnedValue>) {
        assert_eq!(app, strata_model::APP_ID);
    }
}

/// The window's application, by its actions.
#[derive(Debug)]
struct Application(watch::Sender<Vec<String>>);

#[zbus::interface(name = "org.freedesktop.Application")]
impl Application {
    fn activate_action(&self, name: String, target: Vec<OwnedValue>, platform: HashMap<String, OwnedValue>) {
        let target: Vec<String> = target.iter().map(|value| Value::from(value.clone()).to_string()).collect();
        let token = platform.get("activation-token").or_else(|| platform.get("desktop-startup-id"));
        let token = token.map(|token| String::try_from(token.clone()).unwrap());
        self.0.send_modify(|asked| asked.push(format!("{name}({}) {}", target.join(","), token.unwrap_or_default())));
    }
}

fn put(shown: &watch::Sender<Shown>, id: String, note: Note) {
    shown.send_modify(|shown| {
        shown.retain(|(known, _)| *known != id);
        shown.push((id, note));
    });
}

/// A desktop with the service of old on a bus.
pub async fn with_server(connection: &Connection) -> watch::Receiver<Shown> {
    let (shown, seen) = watch::channel(Shown::new());
    connection.object_server().at("/org/freedesktop/Notifications", Server { shown, last: 0 }).await.unwrap();
    connection.request_name("org.freedesktop.Notifications").await.unwrap();
    seen
}

/// A desktop on a bus whose service never answers the first notification.
pub async fn with_hanging_server(connection: &Connection) -> watch::Receiver<Shown> {
    let (shown, seen) = watch::channel(Shown::new());
    let hanging = Hanging { shown, asked: AtomicU32::new(0) };
    connection.object_server().at("/org/freedesktop/Notifications", hanging).await.unwrap();
    connection.request_name("org.freedesktop.Notifications").await.unwrap();
    seen
}

/// A desktop with a portal on a bus.
pub async fn with_portal(connection: &Connection) -> watch::Receiver<Shown> {
    let (shown, seen) = watch::channel(Shown::new());
    let path = "/org/freedesktop/portal/desktop";
    connection.object_server().at(path, Portal(shown)).await.unwrap();
    connection.object_server().at(path, Registry).await.unwrap();
    connection.request_name("org.freedesktop.portal.Desktop").await.unwrap();
    seen
}

/// The window on a bus, which keeps what it is asked.
pub async fn with_window(connection: &Connection) -> watch::Receiver<Vec<String>> {
    let (asked, seen) = watch::channel(Vec::new());
    let path = strata_model::wire::object_path(strata_model::APP_ID);
    connection.object_server().at(path, Application(asked)).await.unwrap();
    connection.request_name(strata_model::APP_ID).await.unwrap();
    seen
}

/// The person presses a button of what the service of old shows.
pub async fn press(connection: &Connection, id: &str, key: &str) {
    let emitter = SignalEmitter::new(connection, "/org/freedesktop/Notifications").unwrap();
    let id = id.parse().unwrap();
    Server::activation_token(&emitter, id, "token-1").await.unwrap();
    Server::action_invoked(&emitter, id, key).await.unwrap();
}

/// The person waves it away.
pub async fn close(connection: &Connection, id: &str) {
    let emitter = SignalEmitter::new(connection, "/org/freedesktop/Notifications").unwrap();
    Server::notification_closed(&emitter, id.parse().unwrap(), 2).await.unwrap();
}
