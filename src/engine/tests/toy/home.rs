//! The folders of a person who has toys.

use super::Toy;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use strata_engine::{Engine, Source};
use strata_platform::Environment;

/// A person's own folders, which go when it is dropped.
#[derive(Debug)]
pub struct Home {
    pub folder: tempfile::TempDir,
    pub environment: Arc<Environment>,
}

impl Home {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Environment)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().as_os_str().to_owned();
        let mut environment = Environment::from_variables(&|name| match name {
            "HOME" => Some(home.clone()),
            "STRATA_SERVICE" => Some("/nonexistent/strata-service".into()),
            "STRATA_POLICY" | "STRATA_APPSTREAM" => Some(OsString::from("/nonexistent")),
            // What the machine of whoever tests says of its network is no matter of tests.
            "DBUS_SYSTEM_BUS_ADDRESS" => Some(OsString::from("unix:path=/nonexistent")),
            _ => None,
        });
        change(&mut environment);
        Self { folder, environment: Arc::new(environment) }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub async fn engine(&self, toy: &Arc<Toy>) -> Engine {
        let sources: Vec<Arc<dyn Source>> = vec![Arc::clone(toy) as Arc<dyn Source>];
        Engine::start(Arc::clone(&self.environment), sources).await.unwrap()
    }
}
