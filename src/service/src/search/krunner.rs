//! KRunner, which also answers in Plasma's menu and overview.
//! <https://invent.kde.org/frameworks/krunner/-/blob/master/src/data/org.kde.krunner1.xml>
#![expect(clippy::used_underscore_binding, reason = "zbus wants all that the interface has")]

use super::door::{Door, show_app};
use super::shell::{LONGEST_NAME, LONGEST_SUMMARY, NO_ICON};
use crate::plain;
use crate::refusal::Refusal;
use crate::window;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use strata_model::AppSummary;
use zbus::Connection;
use zbus::message::Header;
use zbus::zvariant::Value;

/// How much Plasma thinks of what comes from here, of 100: less than of what is on the machine.
const WEIGHT: i32 = 30;

/// By how much a result is worth less than the one before it.
const STEP: f64 = 0.05;

/// Longest token that is kept, in bytes.
const LONGEST_TOKEN: usize = 500;

/// A result as KRunner shows it: id, text, icon, weight, worth among these, properties.
type Match = (String, String, String, i32, f64, HashMap<&'static str, Value<'static>>);

/// The interface's object.
#[derive(Debug)]
pub(super) struct Runner {
    door: Arc<Door>,
    /// What lets a window come to the front; it comes before the result that was chosen.
    token: Mutex<String>,
}

impl Runner {
    pub(super) fn new(door: Arc<Door>) -> Self {
        Self { door, token: Mutex::default() }
    }

    fn swap_token(&self, token: String) -> String {
        std::mem::replace(&mut *self.token.lock().unwrap_or_else(PoisonError::into_inner), token)
    }
}

#[zbus::interface(name = "org.kde.krunner1")]
impl Runner {
    async fn r#match(
        &self,
        text: String,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<Vec<Match>, Refusal> {
        let _call = self.door.admit(&header, connection).await?;
        let found = self.door.finder.find(&text).await;
        Ok(found.iter().zip(0_u32..).map(|(app, place)| result(app, place)).collect())
    }

    /// A result can be opened, and nothing else be done with it.
    async fn actions(
        &self,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<Vec<(String, String, String)>, Refusal> {
        let _call = self.door.admit(&header, connection).await?;
        Ok(Vec::new())
    }

    async fn set_activation_token(
        &self,
        token: String,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let _call = self.door.admit(&header, connection).await?;
        let _older = self.swap_token(Some(token).filter(|token| token.len() <= LONGEST_TOKEN).unwrap_or_default());
        Ok(())
    }

    async fn run(
        &self,
        id: String,
        _action: String,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let _call = self.door.admit(&header, connection).await?;
        let token = self.swap_token(String::new());
        show_app(connection, &id, &window::with_token(&token)).await;
        Ok(())
    }

    /// The person is done with this search.
    async fn teardown(
        &self,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let _call = self.door.admit(&header, connection).await?;
        self.door.finder.rest().await;
        Ok(())
    }
}

fn result(app: &AppSummary, place: u32) -> Match {
    let file = app.icon.small.as_deref().or(app.icon.large.as_deref()).and_then(|file| file.to_str());
    let properties = HashMap::from([("subtext", Value::from(plain::line(&app.summary, LONGEST_SUMMARY)))]);
    let (name, icon) = (plain::line(&app.name, LONGEST_NAME), file.unwrap_or(NO_ICON).to_owned());
    (app.id.to_string(), name, icon, WEIGHT, (1.0 - STEP * f64::from(place)).max(0.0), properties)
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::AppId;
    use zbus::object_server::Interface;
    use zbus::zvariant::Type;

    #[test]
    fn results_are_as_krunner_reads_them_and_in_order() {
        assert_eq!(<Vec<Match>>::SIGNATURE.to_string(), "a(sssida{sv})");
        let mut app = AppSummary::new(AppId::new("org.a.Chess").unwrap());
        app.icon.small = Some("/icons/a b.png".into());
        let results: Vec<Match> = (0..10).map(|place| result(&app, place)).collect();
        assert!(results.is_sorted_by(|one, next| one.4 > next.4), "{results:?}");
        assert_eq!(results[0].2, "/icons/a b.png");
        app.icon.small = None;
        assert!(result(&app, 1_000_000).4 >= 0.0);
        assert_eq!(result(&app, 0).2, NO_ICON);
    }

    #[test]
    fn the_interface_has_the_name_that_krunner_asks_for() {
        assert_eq!(Runner::name(), "org.kde.krunner1");
    }
}
