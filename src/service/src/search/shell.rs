//! GNOME's overview, and whoever else asks as it does.
//! <https://developer.gnome.org/documentation/tutorials/search-provider.html>
#![expect(clippy::used_underscore_binding, reason = "zbus wants all that the interface has")]

use super::door::{Door, show_app, show_search};
use super::finder::joined;
use crate::plain;
use crate::refusal::Refusal;
use crate::window::Permit;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use strata_model::AppSummary;
use strata_platform::files;
use zbus::Connection;
use zbus::message::Header;
use zbus::zvariant::Value;

/// Most characters of a name: they come from strangers.
pub(super) const LONGEST_NAME: usize = 100;
/// The same of what it is for.
pub(super) const LONGEST_SUMMARY: usize = 300;

/// What is shown of an app that has no icon of its own.
pub(super) const NO_ICON: &str = "application-x-executable";

/// A result as the overview shows it.
type Meta = HashMap<&'static str, Value<'static>>;

/// The interface's object.
#[derive(Debug)]
pub(super) struct Shell {
    door: Arc<Door>,
}

impl Shell {
    pub(super) fn new(door: Arc<Door>) -> Self {
        Self { door }
    }

    async fn search(&self, terms: &[String]) -> Vec<String> {
        let found = self.door.finder.find(&joined(terms)).await;
        found.into_iter().map(|app| app.id.to_string()).collect()
    }

    /// The time of what the person did, which lets a window of X11 come to the front. Of no use on Wayland, which wants a
    /// token and takes this for one that it never gave.
    fn permit(&self, time: u32) -> Permit {
        let time = Some(time).filter(|time| self.door.environment.x11 && *time > 0);
        time.map(|time| ("desktop-startup-id", Value::from(format!("strata_TIME{time}")))).into_iter().collect()
    }
}

#[zbus::interface(name = "org.gnome.Shell.SearchProvider2")]
impl Shell {
    async fn get_initial_result_set(
        &self,
        terms: Vec<String>,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<Vec<String>, Refusal> {
        let _call = self.door.admit(&header, connection).await?;
        Ok(self.search(&terms).await)
    }

    /// Searches anew: the few best of a word's beginning need not be those of the whole word.
    async fn get_subsearch_result_set(
        &self,
        _previous: Vec<String>,
        terms: Vec<String>,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<Vec<String>, Refusal> {
        let _call = self.door.admit(&header, connection).await?;
        Ok(self.search(&terms).await)
    }

    async fn get_result_metas(
        &self,
        ids: Vec<String>,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<Vec<Meta>, Refusal> {
        let _call = self.door.admit(&header, connection).await?;
        let described = self.door.finder.describe(ids).await;
        Ok(described.into_iter().map(|(id, app)| meta(id, &app)).collect())
    }

    async fn activate_result(
        &self,
        id: String,
        _terms: Vec<String>,
        time: u32,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let _call = self.door.admit(&header, connection).await?;
        show_app(connection, &id, &self.permit(time)).await;
        Ok(())
    }

    async fn launch_search(
        &self,
        terms: Vec<String>,
        time: u32,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let _call = self.door.admit(&header, connection).await?;
        show_search(connection, joined(&terms), &self.permit(time)).await;
        Ok(())
    }
}

fn meta(id: String, app: &AppSummary) -> Meta {
    let icon = icon(&id, app.icon.small.as_deref().or(app.icon.large.as_deref()));
    HashMap::from([
        ("id", Value::from(id)),
        ("name", Value::from(plain::line(&app.name, LONGEST_NAME))),
        ("description", Value::from(plain::line(&app.summary, LONGEST_SUMMARY))),
        ("icon", icon),
    ])
}

/// As GLib writes icons down: a file's address, or names to look for in the theme.
fn icon(id: &str, file: Option<&Path>) -> Value<'static> {
    match file.and_then(files::address) {
        Some(address) => Value::from(("file", Value::from(address))),
        None => Value::from(("themed", Value::from(vec![id.to_owned(), NO_ICON.to_owned()]))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::AppId;
    use zbus::object_server::Interface;

    #[test]
    fn what_is_shown_is_plain_and_bounded() {
        let mut app = AppSummary::new(AppId::new("org.a.Chess").unwrap());
        app.name = "Chess\u{202e}\u{7}".to_owned();
        app.summary = "x".repeat(1 << 16);
        let meta = meta("org.a.Old".to_owned(), &app);
        assert_eq!(meta["id"], Value::from("org.a.Old"), "as it was asked");
        assert_eq!(meta["name"], Value::from("Chess"));
        assert!(matches!(&meta["description"], Value::Str(text) if text.chars().count() == LONGEST_SUMMARY));
    }

    #[test]
    fn icons_are_as_glib_reads_them() {
        let file = icon("org.a.Chess", Some(Path::new("/icons/a b.png")));
        assert_eq!(file.value_signature().to_string(), "(sv)");
        assert_eq!(file, Value::from(("file", Value::from("file:///icons/a%20b.png"))));
        let themed = icon("org.a.Chess", None);
        assert_eq!(themed, Value::from(("themed", Value::from(vec!["org.a.Chess", NO_ICON]))));
    }

    #[test]
    fn the_interface_has_the_name_that_the_overview_asks_for() {
        assert_eq!(Shell::name(), "org.gnome.Shell.SearchProvider2");
    }
}
