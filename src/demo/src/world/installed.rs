//! What is installed in a world, put there by the real `flatpak` command.

use super::World;
use super::published::is_home;
use crate::DemoError;
use crate::command::run;
use crate::debian;
use crate::description::{Description, Installation, Remote};
use crate::{Key, host_arch};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Adds every remote to its installation.
pub(super) fn add_remotes(world: &World, description: &Description, base: &str, key: &Key) -> Result<(), DemoError> {
    let public = world.folder().join("etc/demo.gpg");
    fs::write(&public, key.public()?).map_err(DemoError::file(&public))?;
    for remote in &description.remotes {
        let mut command = flatpak(world, remote.installation, "remote-add");
        let import = format!("--gpg-import={}", public.display());
        command.arg(if remote.signed { &import } else { "--no-gpg-verify" });
        command.arg(format!("--prio={}", remote.priority));
        command.arg(format!("--title={}", remote.title)).arg(&remote.name).arg(format!("{base}/{}", remote.name));
        run(&mut command)?;
    }
    Ok(())
}

/// Installs what is installed, out of the repositories' older state.
pub(super) fn install(world: &World, description: &Description) -> Result<(), DemoError> {
    for remote in &description.remotes {
        let unused: Vec<String> = remote.unused.iter().map(|branch| runtime(remote, branch)).collect();
        let apps = description.apps.iter().filter(|app| app.installed.is_some() && is_home(app, remote));
        let addons = description.addons.iter().filter(|addon| addon.installed && addon.remote == remote.name);
        let references =
            unused.iter().cloned().chain(apps.map(|app| app.id.clone())).chain(addons.map(|a| a.id.clone()));
        let references: Vec<String> = references.collect();
        if references.is_empty() {
            continue;
        }
        let mut command = flatpak(world, remote.installation, "install");
        run(command.args(["-y", "--noninteractive"]).arg(&remote.name).args(&references))?;
        // What a person asks for is pinned; what was left behind by apps is not.
        for reference in unused {
            run(flatpak(world, remote.installation, "pin").arg("--remove").arg(format!("runtime/{reference}")))?;
        }
    }
    Ok(())
}

/// Brings every remote's AppStream data, as the daily refresh of a machine does.
pub(super) fn refresh(world: &World, description: &Description) -> Result<(), DemoError> {
    for remote in &description.remotes {
        run(flatpak(world, remote.installation, "update").arg("--appstream").arg(&remote.name))?;
    }
    Ok(())
}

/// Adds the remote of Debian's apps, refreshes it and installs some of what is in its repository.
pub(super) fn debian(world: &World, base: &str, repository: &Path) -> Result<(), DemoError> {
    let (name, title) = debian::REMOTE;
    let here = |verb: &str| flatpak(world, Installation::User, verb);
    run(here("remote-add")
        .arg("--no-gpg-verify")
        .arg(format!("--title={title}"))
        .arg(name)
        .arg(format!("{base}/{name}")))?;
    run(here("update").arg("--appstream").arg(name))?;
    let apps = repository.join("refs/heads/app");
    let there: Vec<&str> = debian::INSTALLED.into_iter().filter(|id| apps.join(id).exists()).collect();
    if !there.is_empty() {
        run(here("install").args(["-y", "--noninteractive", name]).args(there))?;
    }
    Ok(())
}

fn flatpak(world: &World, installation: Installation, verb: &str) -> Command {
    let mut command = world.command("flatpak");
    command.arg(verb).arg(match installation {
        Installation::System => "--system",
        Installation::User => "--user",
    });
    command
}

fn runtime(remote: &Remote, branch: &str) -> String {
    format!("{}/{}/{branch}", remote.runtime, host_arch())
}
