//! The desktop portal's notifications.
//! <https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Notification.html>

use super::watcher::Topic;
use super::words::{Act, Words};
use crate::window::AppAction;
use std::collections::HashMap;
use strata_model::APP_ID;
use zbus::Connection;
use zbus::zvariant::Value;

pub(crate) const NAME: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const NOTIFICATION: &str = "org.freedesktop.portal.Notification";
const REGISTRY: &str = "org.freedesktop.host.portal.Registry";

/// The portal, which knows who speaks.
#[derive(Debug)]
pub(crate) struct Portal {
    connection: Connection,
}

impl Portal {
    /// Outside of a sandbox it has to be told which app speaks: else it could not start the window for a button.
    pub(crate) async fn open(connection: &Connection, sandboxed: bool) -> zbus::Result<Self> {
        if !sandboxed {
            let nothing_more = HashMap::<&str, Value<'_>>::new();
            connection.call_method(Some(NAME), PATH, Some(REGISTRY), "Register", &(APP_ID, nothing_more)).await?;
        }
        Ok(Self { connection: connection.clone() })
    }

    pub(crate) async fn show(&self, topic: &Topic, words: &Words) -> zbus::Result<()> {
        let mut notification = HashMap::from([
            ("title", Value::from(words.title.as_str())),
            ("body", Value::from(words.body.as_str())),
            ("icon", Value::from(("themed", Value::from(vec![APP_ID])))),
        ]);
        let press = AppAction::of(&words.press);
        notification.insert("default-action", Value::from(press.full_name()));
        if let Some(target) = press.target {
            notification.insert("default-action-target", target);
        }
        // Here a button is an action of the window's; to do nothing is to close the notification.
        let buttons = words.buttons.iter().filter(|(_, act)| *act != Act::Later);
        let buttons: Vec<HashMap<&str, Value<'_>>> =
            buttons.map(|(label, act)| button(label, &AppAction::of(act))).collect();
        if !buttons.is_empty() {
            notification.insert("buttons", Value::from(buttons));
        }
        self.call("AddNotification", &(topic.to_string(), notification)).await
    }

    pub(crate) async fn withdraw(&self, topic: &Topic) -> zbus::Result<()> {
        self.call("RemoveNotification", &topic.to_string()).await
    }

    async fn call<B: serde::Serialize + zbus::zvariant::DynamicType>(
        &self,
        method: &str,
        body: &B,
    ) -> zbus::Result<()> {
        self.connection.call_method(Some(NAME), PATH, Some(NOTIFICATION), method, body).await?;
        Ok(())
    }
}

fn button<'a>(label: &'a str, action: &AppAction) -> HashMap<&'a str, Value<'a>> {
    let mut button = HashMap::from([("label", Value::from(label)), ("action", Value::from(action.full_name()))]);
    if let Some(target) = &action.target {
        button.insert("target", target.clone());
    }
    button
}
