//! What every test stands on: a repository, two installations and a home of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::{Duration, Instant};
use strata_demo::{AppSpec, Key, Repository, Server};
use strata_engine::{Outcome, Reporter, Source, SourceState};
use strata_flatpak::Flatpak;
use strata_model::{Failure, Installed, OfferId, Plan, Progress, Request, SourceKind, Stop, Update};
use strata_platform::Environment;
use tempfile::TempDir;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

pub(crate) const ORIGIN: &str = "shelf";
pub(crate) const APP: &str = "org.example.Chess";

/// How long anything may take before a test gives up on it.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Ground {
    pub(crate) folder: TempDir,
    pub(crate) environment: Arc<Environment>,
    pub(crate) repository: Repository,
    pub(crate) server: Server,
    pub(crate) flatpak: Flatpak,
}

impl Ground {
    /// A repository with a runtime and one app, served on the loopback interface, known to both installations.
    pub(crate) async fn with_app() -> Self {
        let mut ground = Self::bare();
        ground.repository.app(&AppSpec::new(APP)).unwrap();
        ground.repository.finish().unwrap();
        ground.add_remote("--user", &["--no-gpg-verify"]);
        ground.add_remote("--system", &["--no-gpg-verify"]);
        ground.refresh().await;
        ground
    }

    /// A repository with a runtime, known to nobody.
    pub(crate) fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut repository = Repository::create(folder.path().join("repository")).unwrap();
        repository.runtime("org.example.Platform", "1").unwrap();
        repository.finish().unwrap();
        Self::around(folder, repository)
    }

    /// A signed repository with a runtime and one app, known to nobody; and what it is signed with, as a file.
    pub(crate) fn signed() -> (Self, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let key = Key::shared().unwrap();
        let mut repository = Repository::create(folder.path().join("repository")).unwrap().signed(key.clone());
        repository.runtime("org.example.Platform", "1").unwrap();
        repository.app(&AppSpec::new(APP)).unwrap();
        repository.finish().unwrap();
        let ground = Self::around(folder, repository);
        let public = ground.folder.path().join("key.gpg");
        std::fs::write(&public, key.public().unwrap()).unwrap();
        (ground, public)
    }

    pub(crate) fn around(folder: TempDir, repository: Repository) -> Self {
        let server = repository.serve().unwrap();
        let environment = Arc::new(environment(folder.path()));
        let flatpak = Flatpak::new(Arc::clone(&environment));
        Self { folder, environment, repository, server, flatpak }
    }

    pub(crate) fn add_remote(&self, installation: &str, options: &[&str]) {
        let mut arguments = vec!["remote-add", installation];
        arguments.extend(options);
        let url = self.server.url();
        arguments.extend([ORIGIN, &url]);
        self.command(&arguments);
    }

    pub(crate) fn home(&self) -> &Path {
        &self.environment.home
    }

    pub(crate) fn user_folder(&self) -> PathBuf {
        self.environment.flatpak.user.clone().unwrap()
    }

    /// Exports the app (again) and makes it known.
    pub(crate) fn publish(&mut self, spec: &AppSpec) {
        self.repository.app(spec).unwrap();
        self.repository.finish().unwrap();
    }

    /// The `flatpak` command on these installations; it has to succeed.
    pub(crate) fn command(&self, arguments: &[&str]) -> String {
        let output = self.try_command(arguments);
        assert!(output.status.success(), "flatpak {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn try_command(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new("flatpak");
        command.args(arguments).envs(variables(self.folder.path()));
        command.env_remove("DBUS_SESSION_BUS_ADDRESS").output().unwrap()
    }

    pub(crate) async fn run(&self, request: &Request) -> Result<Outcome, Stop> {
        let (reporter, _watched) = Reporter::new();
        self.flatpak.run(request, &reporter, &CancellationToken::new()).await
    }

    /// Runs, and gives every progress that could be seen on the way.
    pub(crate) async fn run_watched(&self, request: &Request) -> (Result<Outcome, Stop>, Vec<Progress>) {
        let (reporter, mut watched) = Reporter::new();
        let seeing = tokio::spawn(async move {
            let mut seen = Vec::new();
            while watched.changed().await.is_ok() {
                seen.push(*watched.borrow_and_update());
            }
            seen
        });
        let result = self.flatpak.run(request, &reporter, &CancellationToken::new()).await;
        drop(reporter);
        (result, seeing.await.unwrap())
    }

    pub(crate) async fn failure(&self, request: &Request) -> Failure {
        match self.run(request).await {
            Err(Stop::Failed(failure)) => failure,
            other => panic!("{other:?} instead of a failure"),
        }
    }

    pub(crate) async fn plan(&self, request: &Request) -> Result<Plan, Stop> {
        self.flatpak.plan(request, &CancellationToken::new()).await
    }

    pub(crate) async fn refresh(&self) -> Outcome {
        self.run(&Request::refresh(SourceKind::Flatpak)).await.unwrap()
    }

    /// What is told of changes from outside, once it is: the monitors are there as soon as the first change is seen, and
    /// until then a change is made again and again.
    pub(crate) async fn watched(&self) -> watch::Receiver<u64> {
        let changes = self.flatpak.changes();
        let noticed = tokio::time::timeout(PATIENCE, async {
            let mut enabled = true;
            while !changes.has_changed().unwrap() {
                let switch = if enabled { "--disable" } else { "--enable" };
                enabled = !enabled;
                self.command(&["remote-modify", "--user", switch, ORIGIN]);
                tokio::task::yield_now().await;
            }
            self.command(&["remote-modify", "--user", "--enable", ORIGIN]);
        });
        noticed.await.unwrap();
        changes
    }

    pub(crate) async fn state(&self) -> SourceState {
        self.flatpak.state().await.unwrap()
    }

    pub(crate) async fn installed(&self, reference: &str) -> Option<Installed> {
        self.state().await.installed.into_iter().find(|found| found.offer.reference == reference)
    }

    pub(crate) async fn update(&self, reference: &str) -> Option<Update> {
        self.state().await.updates.into_iter().find(|found| found.offer.reference == reference)
    }

    /// Every reference that is installed, in any installation.
    pub(crate) async fn references(&self) -> Vec<String> {
        let mut found: Vec<String> =
            self.state().await.installed.into_iter().map(|found| found.offer.reference).collect();
        found.sort();
        found
    }
}

pub(crate) fn variables(folder: &Path) -> Vec<(&'static str, PathBuf)> {
    let at = |name: &str| folder.join(name);
    vec![
        ("HOME", at("home")),
        ("XDG_DATA_HOME", at("home/.local/share")),
        ("XDG_CACHE_HOME", at("home/.cache")),
        ("XDG_CONFIG_HOME", at("home/.config")),
        ("XDG_RUNTIME_DIR", at("run")),
        ("FLATPAK_USER_DIR", at("user")),
        ("FLATPAK_SYSTEM_DIR", at("system")),
        ("FLATPAK_CONFIG_DIR", at("config")),
        ("STRATA_APPSTREAM", at("appstream")),
    ]
}

pub(crate) fn environment(folder: &Path) -> Environment {
    let known = variables(folder);
    for (_, path) in &known {
        std::fs::create_dir_all(path).unwrap();
    }
    Environment::from_variables(&|name| {
        known.iter().find(|(known, _)| *known == name).map(|(_, path)| path.clone().into_os_string())
    })
}

pub(crate) fn offer(reference: &str) -> OfferId {
    OfferId {
        source: SourceKind::Flatpak,
        scope: "user".to_owned(),
        origin: ORIGIN.to_owned(),
        reference: reference.to_owned(),
    }
}

pub(crate) fn app() -> OfferId {
    offer(&AppSpec::new(APP).reference())
}

pub(crate) fn runtime_reference() -> String {
    format!("runtime/org.example.Platform/{}/1", strata_demo::host_arch())
}

/// Waits until something holds, which has to be soon.
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "{what} did not come");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The names below a folder of an installation that are no whole deployments: `KIND/ID/ARCH/BRANCH/HERE`.
pub(crate) fn half_made(installation: &Path) -> Vec<PathBuf> {
    let mut level = vec![installation.join("app"), installation.join("runtime")];
    for _ in 0..4 {
        level = level
            .iter()
            .flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten())
            .flatten()
            .map(|e| e.path())
            .collect();
    }
    let hidden = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    level.into_iter().filter(hidden).collect()
}
