//! Whether the system takes packages, from files alone: nobody is asked, and no daemon started.

use crate::Environment;
use std::path::Path;
use strata_model::system::SystemObstacle;

/// Bytes that are read at most.
const MAX_BYTES: u64 = 64 * 1024;

/// Why the system takes no packages, as far as files tell; `None` if it takes them, for all that is known here.
pub fn obstacle(environment: &Environment) -> Option<SystemObstacle> {
    if environment.sandboxed {
        return Some(SystemObstacle::Sandboxed);
    }
    if !environment.ostree_booted().exists() {
        return Some(SystemObstacle::NotImageBased);
    }
    if !environment.update_daemon_services().iter().any(|file| file.exists()) {
        let has_bootc = environment.bootc().exists();
        return Some(if has_bootc { SystemObstacle::BootcOnly } else { SystemObstacle::NoDaemon });
    }
    is_locked(environment).then_some(SystemObstacle::LayeringLocked)
}

/// The update daemon's configuration rules layering out: `man rpm-ostreed.conf`. D-Bus does not tell it.
pub fn is_locked(environment: &Environment) -> bool {
    locked_by(&environment.update_daemon_config())
}

/// Layering is ruled out. A file that is not there or cannot be read rules out nothing: the daemon has the last word.
fn locked_by(file: &Path) -> bool {
    match read(file) {
        Ok(text) => locked(&text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => {
            tracing::info!("{}: {error}", file.display());
            false
        }
    }
}

fn read(file: &Path) -> std::io::Result<String> {
    use std::io::Read;
    let mut bytes = Vec::new();
    std::fs::File::open(file)?.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// After GLib's key files: groups in brackets, `#` before remarks, the last of equal keys counts.
fn locked(text: &str) -> bool {
    let mut group = "";
    let mut locked = false;
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            group = name;
        } else if let Some((key, value)) = line.split_once('=')
            && (group, key.trim_end()) == ("Daemon", "LockLayering")
        {
            locked = matches!(value.trim_start(), "true" | "1");
        }
    }
    locked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_daemons_own_key_counts() {
        let cases = [
            ("[Daemon]\nLockLayering=true\n", true, "as the manual has it"),
            ("# all\n[Daemon]\nAutomaticUpdatePolicy=check\nLockLayering = true", true, "spaces, other keys"),
            ("[Daemon]\nLockLayering=1", true, "as GLib reads it"),
            ("[Daemon]\nLockLayering=true\nLockLayering=false", false, "the last counts"),
            ("[Daemon]\n#LockLayering=true", false, "a remark"),
            ("[Other]\nLockLayering=true", false, "another group"),
            ("LockLayering=true", false, "no group"),
            ("[Daemon]\nLockLayering=yes", false, "no boolean of GLib's"),
            ("", false, "empty"),
        ];
        for (text, expected, reason) in cases {
            assert_eq!(locked(text), expected, "{reason}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_locks_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!locked_by(&folder.path().join("rpm-ostreed.conf")));
    }

    #[test]
    fn each_way_of_not_taking_packages_has_its_reason() {
        let (booted, service) =
            ("run/ostree-booted", "usr/share/dbus-1/system-services/org.projectatomic.rpmostree1.service");
        let (bootc, config) = ("usr/bin/bootc", "etc/rpm-ostreed.conf");
        let cases: [(&[&str], Option<SystemObstacle>, &str); 6] = [
            (&[], Some(SystemObstacle::NotImageBased), "an ordinary system"),
            (&[service], Some(SystemObstacle::NotImageBased), "the daemon alone is no image"),
            (&[booted], Some(SystemObstacle::NoDaemon), "an image without the daemon"),
            (&[booted, bootc], Some(SystemObstacle::BootcOnly), "an image of bootc's"),
            (&[booted, bootc, service], None, "both, as on Fedora"),
            (&[booted, service, config], Some(SystemObstacle::LayeringLocked), "the configuration rules it out"),
        ];
        for (files, expected, reason) in cases {
            let folder = tempfile::tempdir().unwrap();
            for file in files {
                let path = folder.path().join(file);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, "[Daemon]\nLockLayering=true\n").unwrap();
            }
            let root = folder.path().as_os_str().to_owned();
            let variable = |name: &str| (name == "STRATA_SYSTEM_ROOT").then(|| root.clone());
            let environment = Environment { sandboxed: false, ..Environment::from_variables(&variable) };
            assert_eq!(obstacle(&environment), expected, "{reason}");
            let inside = Environment { sandboxed: true, ..environment };
            assert_eq!(obstacle(&inside), Some(SystemObstacle::Sandboxed), "{reason}");
        }
    }
}
