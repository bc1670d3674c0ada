//! Where everything lies.

use super::made::Made;
use std::path::{Path, PathBuf};
use strata_platform::Environment;

/// Where records, changes, AppImages and what is made for them lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Places {
    /// A record for each app, and changes that are under way.
    registry: PathBuf,
    /// `$XDG_DATA_HOME`: below it lies what desktops look for.
    pub(super) shared_data: PathBuf,
    /// Where other programs put desktop files, which one of ours would hide.
    others: Vec<PathBuf>,
    /// Below which the machine's own libraries are looked for.
    pub(super) system_root: PathBuf,
}

impl Places {
    pub(super) fn new(environment: &Environment) -> Self {
        let shared_data = environment.shared_data();
        let user = environment.flatpak.user.clone().unwrap_or_else(|| shared_data.join("flatpak"));
        let system = environment.flatpak.system.clone();
        let system = system.unwrap_or_else(|| environment.system_root.join("var/lib/flatpak"));
        let flatpaks = [user, system].map(|installation| installation.join("exports/share/applications"));
        let [user, system] = flatpaks;
        let local = environment.system_root.join("usr/local/share/applications");
        Self {
            registry: environment.appimages(),
            others: vec![user, system, local, environment.desktop_files()],
            shared_data,
            system_root: environment.system_root.clone(),
        }
    }

    /// The records.
    pub(super) fn records(&self) -> &Path {
        &self.registry
    }

    /// The changes that are under way.
    pub(super) fn changes(&self) -> PathBuf {
        self.registry.join("changes")
    }

    pub(super) fn record(&self, id: &str) -> PathBuf {
        self.registry.join(format!("{id}.json"))
    }

    pub(super) fn change(&self, id: &str) -> PathBuf {
        self.changes().join(format!("{id}.json"))
    }

    pub(super) fn made(&self, made: &Made) -> PathBuf {
        made.path(&self.shared_data)
    }

    /// Where a file is made before it is put into its place: beside it, where nothing looks for it.
    pub(super) fn staged(&self, made: &Made) -> PathBuf {
        let path = self.made(made);
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(".strata-new");
        path.with_file_name(name)
    }

    /// Whether a desktop file of this id would take another one's place, or hide it.
    pub(super) fn is_taken(&self, id: &str) -> bool {
        let name = format!("{id}.desktop");
        let own = self.shared_data.join("applications");
        let mut folders = self.others.iter().chain(std::iter::once(&own));
        folders.any(|folder| folder.join(&name).symlink_metadata().is_ok())
    }
}
