//! Notifications of desktops without a portal that knows this program.
//! <https://specifications.freedesktop.org/notification-spec/latest/>

use super::desk::Event;
use super::watcher::Topic;
use super::words::{Act, Words};
use crate::activity::{Call, Calls};
use futures_util::StreamExt;
use std::collections::{BTreeMap, HashMap};
use strata_model::APP_ID;
use zbus::message::{self, Message};
use zbus::zvariant::Value;
use zbus::{Connection, MatchRule, MessageStream};

pub(crate) const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
const BUS: &str = "org.freedesktop.DBus";

/// What the notification itself does when it is pressed, as the specification has it.
const PRESS: &str = "default";

/// The desktop's own service.
#[derive(Debug)]
pub(crate) struct Desktop {
    connection: Connection,
    signals: MessageStream,
    owners: MessageStream,
    calls: Calls,
    capabilities: Vec<String>,
    shown: BTreeMap<Topic, Shown>,
    /// What lets a window come to the front; it comes before the press that it belongs to.
    token: String,
}

/// A notification on the screen.
#[derive(Debug)]
struct Shown {
    id: u32,
    acts: Vec<(String, Act)>,
    /// Whoever pressed it after the engine had left would press in vain.
    _stays: Call,
}

impl Desktop {
    pub(crate) async fn open(connection: &Connection, calls: Calls) -> zbus::Result<Self> {
        let signals = MatchRule::builder().msg_type(message::Type::Signal).sender(NAME)?.interface(NAME)?.build();
        let owners = MatchRule::builder()
            .msg_type(message::Type::Signal)
            .sender(BUS)?
            .interface(BUS)?
            .member("NameOwnerChanged")?
            .arg(0, NAME)?
            .build();
        let signals = MessageStream::for_match_rule(signals, connection, None).await?;
        let owners = MessageStream::for_match_rule(owners, connection, None).await?;
        let reply = connection.call_method(Some(NAME), PATH, Some(NAME), "GetCapabilities", &()).await?;
        let capabilities = reply.body().deserialize()?;
        let connection = connection.clone();
        Ok(Self { connection, signals, owners, calls, capabilities, shown: BTreeMap::new(), token: String::new() })
    }

    pub(crate) async fn show(&mut self, topic: &Topic, words: Words) -> zbus::Result<()> {
        let replaced = self.shown.get(topic).map_or(0, |shown| shown.id);
        let mut acts = Vec::new();
        let mut actions = Vec::new();
        if self.can("actions") {
            let buttons = words.buttons.into_iter().enumerate();
            let buttons = buttons.map(|(index, (label, act))| (format!("button-{index}"), label, act));
            for (key, label, act) in
                std::iter::once((PRESS.to_owned(), words.title.clone(), words.press)).chain(buttons)
            {
                actions.extend([key.clone(), label]);
                acts.push((key, act));
            }
        }
        let body = if self.can("body-markup") { escaped(&words.body) } else { words.body };
        let hints = HashMap::from([("desktop-entry", Value::from(APP_ID))]);
        let as_the_desktop_likes = -1_i32;
        let notification = ("Strata", replaced, APP_ID, &*words.title, &*body, actions, hints, as_the_desktop_likes);
        let reply = self.connection.call_method(Some(NAME), PATH, Some(NAME), "Notify", &notification).await?;
        let id = reply.body().deserialize()?;
        self.shown.insert(topic.clone(), Shown { id, acts, _stays: self.calls.begin() });
        Ok(())
    }

    pub(crate) async fn withdraw(&mut self, topic: &Topic) -> zbus::Result<()> {
        if let Some(Shown { id, .. }) = self.shown.remove(topic) {
            self.connection.call_method(Some(NAME), PATH, Some(NAME), "CloseNotification", &id).await?;
        }
        Ok(())
    }

    /// Waits for what the person does, or for the end of one.
    pub(crate) async fn next(&mut self) -> Event {
        loop {
            let event = tokio::select! {
                Some(Ok(signal)) = self.signals.next() => self.read(&signal).unwrap_or_else(|error| {
                    tracing::debug!(%error, "a signal of the desktop’s notifications is not as specified");
                    None
                }),
                // Another one, or none: nothing of what was shown is known to it.
                Some(_) = self.owners.next() => self.shown.pop_first().map(|(topic, _)| Event::Closed(topic)),
                else => std::future::pending().await,
            };
            if let Some(event) = event {
                return event;
            }
        }
    }

    fn read(&mut self, signal: &Message) -> zbus::Result<Option<Event>> {
        let (header, body) = (signal.header(), signal.body());
        match header.member().map(zbus::names::MemberName::as_str) {
            Some("ActivationToken") => {
                let (_, token): (u32, String) = body.deserialize()?;
                self.token = token;
                Ok(None)
            }
            Some("ActionInvoked") => {
                let (id, key): (u32, String) = body.deserialize()?;
                let token = std::mem::take(&mut self.token);
                let acts = self.topic(id).and_then(|topic| self.shown.get(&topic)).map(|shown| &shown.acts);
                let act = acts.and_then(|acts| acts.iter().find(|(known, _)| *known == key));
                Ok(act.map(|(_, act)| Event::Pressed(act.clone(), token)))
            }
            Some("NotificationClosed") => {
                let (id, _): (u32, u32) = body.deserialize()?;
                let closed = self.topic(id);
                Ok(closed.inspect(|topic| drop(self.shown.remove(topic))).map(Event::Closed))
            }
            _ => Ok(None),
        }
    }

    fn topic(&self, id: u32) -> Option<Topic> {
        self.shown.iter().find(|(_, shown)| shown.id == id).map(|(topic, _)| topic.clone())
    }

    fn can(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|known| known == capability)
    }
}

/// A body is markup: names of apps are a stranger's words.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
