//! Descriptions of what a repository holds. Plain data with what a test rarely cares about filled in.

use super::host_arch;

/// A picture in the exported data of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Icon {
    /// Width and height in pixels; AppStream uses 64 and 128.
    pub size: u32,
    /// A PNG file.
    pub png: Vec<u8>,
}

/// One version of one app. Exporting the same id again with other contents is an update.
///
/// ```
/// let mut app = strata_demo::AppSpec::new("org.example.Chess");
/// app.version = "2.0".into();
/// app.permissions = "[Context]\nshared=network;\n".into();
/// ```
#[derive(Clone, Debug)]
pub struct AppSpec {
    /// Reverse-DNS id.
    pub id: String,
    /// Name that people see. May hold any characters.
    pub name: String,
    /// One line.
    pub summary: String,
    /// Version of the newest release in the AppStream data.
    pub version: String,
    /// Branch of the reference, `stable` unless told.
    pub branch: String,
    /// Architecture of the reference, this machine's unless told.
    pub arch: String,
    /// Runtime as `id/branch`.
    pub runtime: String,
    /// Groups of flatpak's metadata as they stand there: `[Context]` and so on.
    pub permissions: String,
    /// The id of an extension point of the app, for [`AddonSpec::extends`].
    pub extension_point: Option<String>,
    /// The reason for the end of life.
    pub end_of_life: Option<String>,
    /// Id of the app that takes its place.
    pub rebase: Option<String>,
    /// Bytes that do not compress, so that the download is about as large. Different for each version.
    pub payload: u64,
    /// A whole `<component>`; made from the fields above when `None`.
    pub component: Option<String>,
    /// PNG icons; without any, the app has none.
    pub icons: Vec<Icon>,
    /// Seconds that the app stays when started. It writes `started` into its data folder first.
    pub stays: u32,
}

impl AppSpec {
    /// An app on `org.example.Platform/1` with no permissions, version 1.0 and a payload of 10 kB.
    pub fn new(id: &str) -> Self {
        let name = id.rsplit('.').next().unwrap_or(id).to_owned();
        Self {
            id: id.to_owned(),
            summary: format!("{name} for tests"),
            name,
            version: "1.0".to_owned(),
            branch: "stable".to_owned(),
            arch: host_arch().to_owned(),
            runtime: "org.example.Platform/1".to_owned(),
            permissions: String::new(),
            extension_point: None,
            end_of_life: None,
            rebase: None,
            payload: 10_000,
            component: None,
            icons: Vec::new(),
            stays: 0,
        }
    }

    /// The same with another version.
    #[must_use]
    pub fn version(mut self, version: &str) -> Self {
        version.clone_into(&mut self.version);
        self
    }

    /// The same with other permissions (groups of flatpak's metadata).
    #[must_use]
    pub fn permissions(mut self, groups: &str) -> Self {
        groups.clone_into(&mut self.permissions);
        self
    }

    /// The same with a payload of that many bytes.
    #[must_use]
    pub fn payload(mut self, bytes: u64) -> Self {
        self.payload = bytes;
        self
    }

    /// The same at its end of life, with the id of the app that takes its place.
    #[must_use]
    pub fn ended(mut self, reason: &str, rebase: Option<&str>) -> Self {
        self.end_of_life = Some(reason.to_owned());
        self.rebase = rebase.map(str::to_owned);
        self
    }

    /// `app/ID/ARCH/BRANCH`.
    pub fn reference(&self) -> String {
        format!("app/{}/{}/{}", self.id, self.arch, self.branch)
    }
}

/// An extension of an app.
#[derive(Clone, Debug)]
pub struct AddonSpec {
    /// Id; begins with the extension point's.
    pub id: String,
    /// Id of the app that it extends.
    pub extends: String,
    /// Branch of the app, which is the add-on's too.
    pub branch: String,
    /// Name that people see.
    pub name: String,
    /// One line.
    pub summary: String,
    /// Bytes that do not compress.
    pub payload: u64,
    /// A whole `<component>`; made from the fields above when `None`.
    pub component: Option<String>,
}

impl AddonSpec {
    /// An add-on of the app's `stable` branch.
    pub fn new(id: &str, extends: &str) -> Self {
        let name = id.rsplit('.').next().unwrap_or(id).to_owned();
        Self {
            id: id.to_owned(),
            extends: extends.to_owned(),
            branch: "stable".to_owned(),
            summary: format!("{name}, an add-on for tests"),
            name,
            payload: 10_000,
            component: None,
        }
    }

    /// `runtime/ID/ARCH/BRANCH`.
    pub fn reference(&self) -> String {
        format!("runtime/{}/{}/{}", self.id, host_arch(), self.branch)
    }
}
