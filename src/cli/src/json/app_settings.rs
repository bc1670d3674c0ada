//! How one app is started, and where it lies.

use serde::Serialize;
use std::collections::BTreeMap;
use strata_model::app_settings::InTerminal;
use strata_model::{AppSettings as Model, Installed};

/// The settings of an app.
#[derive(Debug, Serialize)]
pub(crate) struct AppSettings<'a> {
    id: &'a str,
    #[serde(rename = "ref")]
    reference: &'a str,
    folder: &'a str,
    arguments: &'a [String],
    environment: &'a BTreeMap<String, String>,
    terminal: InTerminal,
    portable_home: bool,
    portable_config: bool,
    in_menus: bool,
}

impl<'a> AppSettings<'a> {
    pub(crate) fn new(part: &'a Installed, settings: &'a Model) -> Self {
        Self {
            id: &part.id,
            reference: &part.offer.reference,
            folder: &settings.folder,
            arguments: &settings.arguments,
            environment: &settings.environment,
            terminal: settings.terminal,
            portable_home: settings.portable_home,
            portable_config: settings.portable_config,
            in_menus: settings.in_menus,
        }
    }
}
