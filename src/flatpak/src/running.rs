//! Which apps run. Flatpak keeps a folder for each sandbox of the person below the runtime folder; libflatpak reads them
//! from where this process was started, which need not be the place meant.

use crate::launch::runtime_folder;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use strata_model::{Failure, FailureKind};
use strata_platform::{Environment, files};

/// Largest file of a sandbox that is read, in bytes.
const MAX_FILE: u64 = 1 << 20;

/// The folder of all sandboxes.
pub(crate) fn folder(environment: &Environment) -> PathBuf {
    runtime_folder(environment).join(".flatpak")
}

/// The ids of the apps that run.
///
/// # Errors
/// In a sandbox, which sees only itself, and where the folder cannot be read.
pub(crate) fn ids(environment: &Environment) -> Result<BTreeSet<String>, Failure> {
    let say = |detail: String| Failure::new(FailureKind::Other, "Flatpak", detail);
    if environment.sandboxed {
        return Err(say("a sandbox does not see which apps run".to_owned()));
    }
    let entries = match std::fs::read_dir(folder(environment)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(say(error.to_string())),
    };
    Ok(entries.flatten().filter_map(|entry| id(&entry.path())).collect())
}

/// The app in a sandbox that stands. A folder stays for a while after its sandbox has gone.
fn id(sandbox: &Path) -> Option<String> {
    let text = |name: &str| String::from_utf8(files::read_bounded(&sandbox.join(name), MAX_FILE).ok()?).ok();
    let process: u32 = text("pid")?.trim().parse().ok()?;
    let is_there = Path::new("/proc").join(process.to_string()).exists();
    is_there.then(|| name(&text("info")?)).flatten()
}

/// `name` of `[Application]`; a runtime that is run by itself has none.
fn name(info: &str) -> Option<String> {
    let own = info.lines().skip_while(|line| line.trim() != "[Application]").skip(1);
    let own = own.take_while(|line| !line.starts_with('['));
    own.filter_map(|line| line.split_once('='))
        .find(|(key, _)| key.trim() == "name")
        .map(|(_, id)| id.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_has_a_process_and_a_name() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = folder.path().as_os_str().to_owned();
        let environment = Environment::from_variables(&|name| (name == "XDG_RUNTIME_DIR").then(|| runtime.clone()));
        assert_eq!(ids(&environment), Ok(BTreeSet::new()), "nothing was ever run");
        let mut gone = std::process::Command::new("true").spawn().unwrap();
        gone.wait().unwrap();
        let (here, gone) = (std::process::id().to_string(), gone.id().to_string());
        let sandboxes = [
            ("1", &here, "[Application]\nname=org.a.Chess\nruntime=x\n[Instance]\nname=no\n"),
            ("2", &gone, "[Application]\nname=org.a.Gone\n"),
            ("3", &here, "[Runtime]\nname=org.a.Platform\n[Instance]\n"),
            ("4", &"nonsense".to_owned(), "[Application]\nname=org.a.Bad\n"),
        ];
        for (number, process, info) in sandboxes {
            let sandbox = self::folder(&environment).join(number);
            std::fs::create_dir_all(&sandbox).unwrap();
            std::fs::write(sandbox.join("pid"), process).unwrap();
            std::fs::write(sandbox.join("info"), info).unwrap();
        }
        assert_eq!(ids(&environment), Ok(BTreeSet::from(["org.a.Chess".to_owned()])));
        let inside = Environment { sandboxed: true, ..environment };
        assert!(ids(&inside).is_err(), "a sandbox sees only itself");
    }
}
