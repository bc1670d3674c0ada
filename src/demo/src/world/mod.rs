//! The demo world: a private machine with two remotes, installed apps and updates that wait.

mod buses;
mod flathub;
mod folder;
mod installed;
mod published;
mod system;
mod variables;

use crate::debian::{self, Debian};
use crate::description::Description;
use crate::{DemoError, Key, Manners, Server, pictures};
use buses::Buses;
use folder::Folder;
use std::ffi::{OsStr, OsString};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use strata_platform::Environment;
use variables::Variables;

/// What a world begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Scenario {
    /// Two remotes, installed apps, updates that wait.
    #[default]
    Default,
    /// No remotes, nothing installed. The repositories are there to be added.
    Empty,
    /// The same without repositories: folders, buses and an empty server, in a fraction of a second.
    Bare,
    /// The default, but the server is gone.
    Offline,
    /// The default, but downloads crawl.
    Slow,
    /// Remotes that were never refreshed, nothing installed.
    Fresh,
    /// One remote with two thousand real apps, some of them installed; `--catalogue` says where they are.
    Full,
    /// The default on an atomic desktop: the classic system beneath, and its distribution's list of apps.
    Atomic,
    /// No apps, but an operating system: a branch of OSTree's with an update and a rollback.
    Classic,
    /// An operating system from a container image, with an update.
    Container,
    /// The classic one, whose distribution does not let packages be layered.
    LockedLayering,
    /// The classic one, whose distribution says in Strata's settings that its updater refuses once packages are layered.
    RefusedLayering,
    /// The classic one with a layered package, and an update with security advisories that was found already.
    Advisories,
    /// The classic one with the update staged.
    Staged,
    /// The classic one with a layered package that blocks the update.
    BrokenDependency,
    /// The classic one with a layered package whose script fails when the update is made.
    FailingScript,
    /// The classic one, ten times slower.
    SlowSystem,
    /// The classic one, whose update daemon dies once in the middle of an installation.
    Dying,
    /// The classic one, where another program updates already.
    Busy,
    /// The classic one without its update daemon.
    NoDaemon,
}

impl Scenario {
    /// Whether there are no apps and no repositories.
    fn is_bare(self) -> bool {
        let with_apps = [Self::Default, Self::Atomic, Self::Empty, Self::Offline, Self::Slow, Self::Fresh, Self::Full]
            .contains(&self);
        !with_apps
    }
}

/// How fast [`Scenario::Slow`] downloads, in bytes a second: an app takes five to thirty seconds.
const CRAWL: u64 = 120_000;

/// How a world is made.
#[derive(Clone, Debug, Default)]
pub struct WorldOptions {
    /// What it begins with.
    pub scenario: Scenario,
    /// Leave the folder when the world ends. Its processes end all the same.
    pub keep: bool,
    /// For [`Scenario::Full`]: the folder that `benches/full-catalogue` fills. The repository stays in it.
    pub catalogue: Option<PathBuf>,
    /// Where Strata's programs lie; beside this program unless told.
    pub programs: Option<PathBuf>,
}

/// A world. Everything of it ends when this is dropped, or when its process is gone for whatever reason.
#[derive(Debug)]
pub struct World {
    variables: Variables,
    server: Option<Server>,
    _buses: Buses,
    /// Last, because dropping it ends the rest.
    folder: Folder,
}

impl World {
    /// Makes a world. Takes some seconds, and blocks meanwhile.
    pub fn create(options: &WorldOptions) -> Result<Self, DemoError> {
        let description = Arc::new(Description::load()?);
        let folder = Folder::create(options.keep)?;
        let programs = options.programs.clone().unwrap_or_else(programs_beside_this_one);
        let server = serve(&folder, &description)?;
        let variables = variables::make(&folder, &programs, &server.url())?;
        system::make(&folder, &programs, options.scenario)?;
        let buses = Buses::start(&folder, &variables, &programs.join("strata-service"))?;
        let world = Self { variables, server: Some(server), _buses: buses, folder };
        match options.scenario {
            scenario if scenario.is_bare() => {}
            Scenario::Full => world.fill_with_debian(options.catalogue.as_deref())?,
            scenario => world.fill(&description, scenario)?,
        }
        Ok(world.in_the_end(options.scenario))
    }

    /// Where everything of the world lies.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The web server of the world; `None` when it is offline.
    pub fn server(&self) -> Option<&Server> {
        self.server.as_ref()
    }

    /// The variables that lead into the world.
    pub fn variables(&self) -> &[(String, OsString)] {
        &self.variables
    }

    /// A command that will run in the world.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// The world for code of this process. What libflatpak does in *this* process is still the machine's own: it reads
    /// variables, so it belongs into a child.
    pub fn environment(&self) -> Environment {
        let find = |name: &str| {
            let own = self.variables.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
            own.or_else(|| std::env::var_os(name))
        };
        Environment::from_variables(&find)
    }

    /// Publishes, installs and refreshes what the scenario has. The repositories get their older state first, so that
    /// updates wait for what is installed out of it.
    fn fill(&self, description: &Description, scenario: Scenario) -> Result<(), DemoError> {
        let key = Key::create_in(self.folder.make("gpg")?, &self.variables)?;
        let www = self.folder.path().join("www");
        let publisher = published::Publisher::new(description, &www, self.base(), key.clone());
        let lived_in = !matches!(scenario, Scenario::Empty | Scenario::Fresh);
        let repositories = publisher.older_state()?;
        tracing::debug!("the older state is published");
        std::thread::scope(|scope| {
            let making = scope.spawn(|| publisher.newer_state(&repositories));
            let installed = match scenario {
                Scenario::Empty => Ok(()),
                _ => installed::add_remotes(self, description, &self.base(), &key),
            };
            let install = || if lived_in { installed::install(self, description) } else { Ok(()) };
            let installed = installed.and_then(|()| install());
            tracing::debug!("what is installed is installed");
            let made = making.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            installed.and(made)
        })?;
        tracing::debug!("the newer state is published");
        if !lived_in {
            return Ok(());
        }
        installed::refresh(self, description)?;
        flathub::keep(self, description)
    }

    /// Publishes Debian's apps, installs some of them, and refreshes.
    fn fill_with_debian(&self, catalogue: Option<&Path>) -> Result<(), DemoError> {
        let missing =
            || DemoError::Description("this one needs the folder that benches/full-catalogue fills".to_owned());
        let catalogue = catalogue.ok_or_else(missing)?;
        // What links to it lies elsewhere.
        let catalogue = std::path::absolute(catalogue).map_err(DemoError::file(catalogue))?;
        let repository = Debian::new(&catalogue).repository()?;
        let link = self.folder.path().join("www").join(debian::REMOTE.0);
        symlink(&repository, &link).map_err(DemoError::file(link))?;
        installed::debian(self, &self.base(), &repository)
    }

    fn in_the_end(mut self, scenario: Scenario) -> Self {
        match (scenario, &self.server) {
            (Scenario::Offline, _) => self.server = None,
            (Scenario::Slow, Some(server)) => {
                server.behave(Manners { bytes_per_second: Some(CRAWL), ..Manners::default() });
            }
            _ => {}
        }
        self
    }

    fn base(&self) -> String {
        self.server.as_ref().map(Server::url).unwrap_or_default()
    }
}

/// Serves the repositories, and the mock windows, which are drawn when someone looks at them.
fn serve(folder: &Folder, description: &Arc<Description>) -> Result<Server, DemoError> {
    let description = Arc::clone(description);
    let draw = move |path: &str| {
        if let Some(path) = path.strip_prefix(flathub::API) {
            return flathub::answer(&description.popularity, path);
        }
        let apps = description.apps.iter();
        let mut screens = apps.flat_map(|app| app.screens.iter().enumerate().map(move |(index, at)| (app, index, at)));
        let (app, _, screen) = screens.find(|(app, index, _)| app.screen_path(*index) == path)?;
        pictures::screen(app, screen).inspect_err(|error| tracing::warn!(%error, "not drawn")).ok()
    };
    folder.make("www/screens")?;
    // AppImageHub's, and nothing in it.
    let list = folder.make("www/appimagehub")?.join("feed.json");
    std::fs::write(&list, "{\"version\": 1, \"items\": []}").map_err(DemoError::file(&list))?;
    // The same of soarpkgs, signed by a key that nobody has any more.
    let index = folder.make("www/soarpkgs")?;
    let (content, signature) = (
        include_bytes!("../../data/soarpkgs/metadata.sdb.zstd"),
        include_bytes!("../../data/soarpkgs/metadata.sdb.zstd.sig"),
    );
    for machine in ["x86_64", "aarch64"] {
        let file = index.join(format!("metadata-{machine}-linux.sdb.zstd"));
        std::fs::write(&file, content).map_err(DemoError::file(&file))?;
        let file = file.with_extension("zstd.sig");
        std::fs::write(&file, signature).map_err(DemoError::file(&file))?;
    }
    flathub::make_folders(folder)?;
    Server::start_with(folder.make("www")?, draw)
}

/// Tests lie in `deps`, one folder below.
fn programs_beside_this_one() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    let folder = program.parent().unwrap_or(Path::new("/"));
    let folder = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
    folder.to_owned()
}
