//! The repositories of a world, first in an older state and then in a newer one.

use crate::description::{Addon, App, Description, Remote, component};
use crate::{AddonSpec, AppSpec, DemoError, Icon, Key, Repository, host_arch, pictures};
use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How long a started app stays, in seconds.
const STAYS: u32 = 5;

/// How many commits are made at once.
const WORKERS: usize = 3;

/// What to commit, and where.
type Job<'a> = (&'a App, &'a Remote, &'a Repository);

pub(super) struct Publisher<'a> {
    description: &'a Description,
    folder: PathBuf,
    base: String,
    key: Key,
}

impl<'a> Publisher<'a> {
    /// Repositories are made in `folder`, which is served at `base`.
    pub(super) fn new(description: &'a Description, folder: &Path, base: String, key: Key) -> Self {
        Self { description, folder: folder.to_owned(), base, key }
    }

    /// Runtimes, and what is going to be installed.
    pub(super) fn older_state(&self) -> Result<Vec<Repository>, DemoError> {
        let repositories = self.for_each_remote(|remote| {
            let mut repository = Repository::create(self.folder.join(&remote.name))?.titled(&remote.title);
            if remote.signed {
                repository = repository.signed(self.key.clone());
            }
            for branch in &remote.branches {
                repository.runtime(&remote.runtime, branch)?;
            }
            for addon in self.description.addons.iter().filter(|addon| addon.remote == remote.name) {
                repository.addon(&addon_spec(addon))?;
            }
            self.write_files(remote)?;
            Ok(repository)
        })?;
        let installed = self.jobs(&repositories, |app, remote| app.installed.is_some() && is_home(app, remote));
        self.commit_all(&installed, Self::older)?;
        repositories.iter().try_for_each(Repository::finish)?;
        Ok(repositories)
    }

    /// The small files that people open to add a remote or to install one app: `/orchard.flatpakrepo`,
    /// `/apps/ID.flatpakref`.
    fn write_files(&self, remote: &Remote) -> Result<(), DemoError> {
        let Remote { name, title, .. } = remote;
        let (base, put) =
            (&self.base, |path: PathBuf, text: String| fs::write(&path, text).map_err(DemoError::file(path)));
        let key = if remote.signed { format!("GPGKey={}\n", self.key.public_base64()?) } else { String::new() };
        let repo = format!("[Flatpak Repo]\nTitle={title}\nUrl={base}/{name}\nHomepage={base}/\n{key}");
        put(self.folder.join(format!("{name}.flatpakrepo")), repo)?;
        let folder = self.folder.join("apps");
        fs::create_dir_all(&folder).map_err(DemoError::file(&folder))?;
        for app in self.description.apps.iter().filter(|app| is_home(app, remote)) {
            let text = format!(
                "[Flatpak Ref]\nName={}\nBranch=stable\nTitle={}\nUrl={base}/{name}\n\
                 SuggestRemoteName={name}\nRuntimeRepo={base}/{name}.flatpakrepo\nIsRuntime=false\n{key}",
                app.id, app.name
            );
            put(folder.join(format!("{}.flatpakref", app.id)), text)?;
        }
        Ok(())
    }

    /// All apps in their newest versions.
    pub(super) fn newer_state(&self, repositories: &[Repository]) -> Result<(), DemoError> {
        self.commit_all(&self.jobs(repositories, |app, remote| !is_there(app, remote)), Self::newest)?;
        for (remote, repository) in self.description.remotes.iter().zip(repositories) {
            repository.finish()?;
            for app in self.description.apps.iter().filter(|app| app.broken && is_home(app, remote)) {
                repository.break_commit(&self.newest(app, remote)?.reference())?;
            }
        }
        Ok(())
    }

    /// The apps of all remotes that are wanted, each with its remote and the remote's repository.
    fn jobs<'b>(&'b self, repositories: &'b [Repository], wanted: impl Fn(&App, &Remote) -> bool) -> Vec<Job<'b>> {
        let mut jobs = Vec::new();
        for (remote, repository) in self.description.remotes.iter().zip(repositories) {
            let apps = self.description.apps.iter().filter(|app| app.remotes.contains(&remote.name));
            jobs.extend(apps.filter(|app| wanted(app, remote)).map(|app| (app, remote, repository)));
        }
        jobs
    }

    /// A commit is much waiting for programs, so several go on at once.
    fn commit_all(
        &self,
        jobs: &[Job],
        spec: impl Fn(&Self, &App, &Remote) -> Result<AppSpec, DemoError> + Copy + Sync + Send,
    ) -> Result<(), DemoError> {
        let next = AtomicUsize::new(0);
        let work = || -> Result<(), DemoError> {
            while let Some((app, remote, repository)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                repository.add_app(&spec(self, app, remote)?)?;
            }
            Ok(())
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
            workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)))
        })
    }

    fn for_each_remote<T: Send>(
        &self,
        make: impl Fn(&Remote) -> Result<T, DemoError> + Sync,
    ) -> Result<Vec<T>, DemoError> {
        thread::scope(|scope| {
            let making: Vec<_> = self.description.remotes.iter().map(|remote| scope.spawn(|| make(remote))).collect();
            making.into_iter().map(|made| made.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
        })
    }

    fn older(&self, app: &App, remote: &Remote) -> Result<AppSpec, DemoError> {
        let mut spec = self.newest(app, remote)?;
        let Some(installed) = &app.installed else { return Ok(spec) };
        spec.version.clone_from(&installed.version);
        spec.component = Some(component::of_app(app, &installed.version, &self.base));
        if let Some(permissions) = &installed.permissions {
            spec.permissions.clone_from(permissions);
        }
        (spec.end_of_life, spec.rebase) = (None, None);
        Ok(spec)
    }

    fn newest(&self, app: &App, remote: &Remote) -> Result<AppSpec, DemoError> {
        // Another remote than the first is behind by a release, as remotes are.
        let version =
            if is_home(app, remote) { app.version() } else { app.releases.last().map_or("1.0", |old| &old.version) };
        let icons = [64, 128].map(|size| Ok(Icon { size: u32::from(size), png: pictures::icon(app, size)? }));
        Ok(AppSpec {
            name: app.name.clone(),
            summary: app.summary.clone(),
            version: version.to_owned(),
            arch: app.arch.clone().unwrap_or_else(|| host_arch().to_owned()),
            runtime: format!("{}/{}", remote.runtime, remote.branches.first().map_or("1", String::as_str)),
            permissions: app.permissions.clone(),
            extension_point: app.extension_point.clone(),
            end_of_life: app.ended.as_ref().map(|ended| ended.reason.clone()),
            rebase: app.ended.as_ref().and_then(|ended| ended.heir.clone()),
            payload: app.kilobytes * 1000,
            component: Some(component::of_app(app, version, &self.base)),
            icons: icons.into_iter().collect::<Result<_, DemoError>>()?,
            stays: STAYS,
            ..AppSpec::new(&app.id)
        })
    }
}

/// The installed version is the newest.
fn is_there(app: &App, remote: &Remote) -> bool {
    is_home(app, remote)
        && app.ended.is_none()
        && app.installed.as_ref().is_some_and(|installed| installed.version == app.version())
}

/// The first remote of an app is where it is installed from.
pub(super) fn is_home(app: &App, remote: &Remote) -> bool {
    app.remotes.first() == Some(&remote.name)
}

fn addon_spec(addon: &Addon) -> AddonSpec {
    AddonSpec {
        name: addon.name.clone(),
        summary: addon.summary.clone(),
        payload: addon.kilobytes * 1000,
        component: Some(component::of_addon(addon)),
        ..AddonSpec::new(&addon.id, &addon.extends)
    }
}
