//! Whether the system takes packages, from files alone: nobody is asked, and no daemon started.

use crate::{Environment, image, settings};
use std::path::Path;
use strata_model::settings::Layering;
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
    ruled_out(environment)
}

/// Why no packages are to be layered where the update daemon could: its own configuration (`man rpm-ostreed.conf`, D-Bus
/// does not tell it), the settings, or what is known of the image's updater, which the settings overrule.
pub fn ruled_out(environment: &Environment) -> Option<SystemObstacle> {
    if locked_by(&environment.update_daemon_config()) {
        return Some(SystemObstacle::LayeringLocked);
    }
    match settings::load(environment).settings.packages.layering {
        Layering::Allowed => None,
        Layering::Refused => Some(SystemObstacle::LayeringRefused),
        Layering::Detect => image::updater_refuses_layers(environment).then_some(SystemObstacle::UpdaterRefuses),
    }
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

    /// Where it lies, and what is in it.
    type File = (&'static str, &'static str);

    const BOOTED: &str = "run/ostree-booted";
    const SERVICE: &str = "usr/share/dbus-1/system-services/org.projectatomic.rpmostree1.service";
    const BOOTC: &str = "usr/bin/bootc";
    const CONFIG: &str = "etc/rpm-ostreed.conf";
    const IMAGE: &str = "usr/share/ublue-os/image-info.json";
    const ADMINISTRATOR: &str = "policy/10-lab.toml";
    const OWN: &str = "home/.config/strata/settings.toml";

    /// A machine with these files, each with what is in it.
    fn machine(folder: &Path, files: &[File]) -> Environment {
        for (file, text) in files {
            let path = folder.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let at = |name: &str| folder.join(name).into_os_string();
        let (root, home, policy) = (at(""), at("home"), at("policy"));
        let variable = |name: &str| match name {
            "STRATA_SYSTEM_ROOT" => Some(root.clone()),
            "HOME" => Some(home.clone()),
            "STRATA_POLICY" => Some(policy.clone()),
            _ => None,
        };
        Environment { sandboxed: false, ..Environment::from_variables(&variable) }
    }

    #[test]
    fn each_way_of_not_taking_packages_has_its_reason() {
        let locked = (CONFIG, "[Daemon]\nLockLayering=true\n");
        let cases: [(&[File], Option<SystemObstacle>, &str); 6] = [
            (&[], Some(SystemObstacle::NotImageBased), "an ordinary system"),
            (&[(SERVICE, "")], Some(SystemObstacle::NotImageBased), "the daemon alone is no image"),
            (&[(BOOTED, "")], Some(SystemObstacle::NoDaemon), "an image without the daemon"),
            (&[(BOOTED, ""), (BOOTC, "")], Some(SystemObstacle::BootcOnly), "an image of bootc's"),
            (&[(BOOTED, ""), (BOOTC, ""), (SERVICE, "")], None, "both, as on Fedora"),
            (&[(BOOTED, ""), (SERVICE, ""), locked], Some(SystemObstacle::LayeringLocked), "it is locked"),
        ];
        for (files, expected, reason) in cases {
            let folder = tempfile::tempdir().unwrap();
            let environment = machine(folder.path(), files);
            assert_eq!(obstacle(&environment), expected, "{reason}");
            let inside = Environment { sandboxed: true, ..environment };
            assert_eq!(obstacle(&inside), Some(SystemObstacle::Sandboxed), "{reason}");
        }
    }

    #[test]
    fn settings_rule_packages_out_and_overrule_what_is_known_of_the_image() {
        let image = (IMAGE, r#"{"image-name": "bluefin", "image-vendor": "ublue-os"}"#);
        let refused = (ADMINISTRATOR, "[packages]\nlayering = \"refused\"\n");
        let allowed = (ADMINISTRATOR, "[packages]\nlayering = \"allowed\"\n");
        let own = (OWN, "[packages]\nlayering = \"allowed\"\n");
        let detected = (OWN, "[packages]\nlayering = \"detect\"\n");
        let locked = (CONFIG, "[Daemon]\nLockLayering=true\n");
        let cases: [(&[File], Option<SystemObstacle>, &str); 8] = [
            (&[], None, "nothing speaks against it"),
            (&[refused], Some(SystemObstacle::LayeringRefused), "the administrator does"),
            (&[refused, own], None, "the person knows better"),
            (&[image], Some(SystemObstacle::UpdaterRefuses), "its updater refuses"),
            (&[image, allowed], None, "the administrator has another updater"),
            (&[image, refused], Some(SystemObstacle::LayeringRefused), "what was set counts before what is known"),
            (&[image, refused, detected], Some(SystemObstacle::UpdaterRefuses), "the person lets the image decide"),
            (&[locked, own], Some(SystemObstacle::LayeringLocked), "the daemon would refuse in any case"),
        ];
        for (files, expected, reason) in cases {
            let folder = tempfile::tempdir().unwrap();
            let environment = machine(folder.path(), &[files, &[(BOOTED, ""), (SERVICE, "")]].concat());
            assert_eq!(ruled_out(&environment), expected, "{reason}");
            assert_eq!(obstacle(&environment), expected, "{reason}");
        }
    }
}
