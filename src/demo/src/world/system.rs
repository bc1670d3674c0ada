//! The operating system of a world: a simulated update daemon that the bus activates, and what lies around it.

use super::Scenario;
use super::folder::Folder;
use crate::DemoError;
use crate::daemon::{Config, NAME, Store, System};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const DESCRIPTION: &str = include_str!("../../data/system.toml");
/// What the distribution's AppStream tells of its packages.
const PACKAGES: &str = include_str!("../../data/packages.xml");
const IMAGE: &str = "ostree-unverified-registry:registry.orchard.example/desktop:42";
/// Below the world's folder: what Strata takes for the machine's root when it looks for the system's own files.
pub(super) const ROOT: &str = "system";
/// Where the system bus looks for what it can start.
pub(super) const SERVICES: &str = "system/usr/share/dbus-1/system-services";

/// `ostree admin pin [-u] INDEX`, and nothing else.
const OSTREE: &str = "#!/bin/sh
case \"$1 $2 $3\" in
    'admin pin -u') exec PROGRAM system unpin \"$4\" ;;
    'admin pin '*) exec PROGRAM system pin \"$3\" ;;
esac
echo 'error: the demo only pins' >&2
exit 1
";
/// What a distribution sets whose updater refuses once packages are layered.
const POLICY: &str = "[packages]\nlayering = \"refused\"\n";
/// Asks nobody.
const PKEXEC: &str = "#!/bin/sh
while [ \"${1#--}\" != \"$1\" ]; do shift; done
exec \"$@\"
";

/// Makes the scenario's system, if it has one. Without one the folder is empty, so that the machine's own is not seen.
pub(super) fn make(folder: &Folder, programs: &Path, scenario: Scenario) -> Result<(), DemoError> {
    let root = folder.make(ROOT)?;
    let services = folder.make(SERVICES)?;
    let Some((system, config)) = describe(scenario)? else {
        return Ok(());
    };
    Store::new(&root).create(&system, None, &config)?;
    if scenario == Scenario::Atomic {
        let list = folder.make("usr/share/swcatalog/xml")?.join("orchard-42.xml");
        fs::write(&list, PACKAGES).map_err(DemoError::file(&list))?;
    }
    if scenario == Scenario::RefusedLayering {
        let policy = folder.make("etc/strata")?.join("10-orchard.toml");
        fs::write(&policy, POLICY).map_err(DemoError::file(&policy))?;
    }
    if scenario == Scenario::NoDaemon {
        return Ok(());
    }
    let program = programs.join("strata-demo").display().to_string();
    let service = format!("[D-BUS Service]\nName={NAME}\nExec={program} update-daemon {}\n", root.display());
    let path = services.join(format!("{NAME}.service"));
    fs::write(&path, service).map_err(DemoError::file(&path))?;
    let programs = folder.make(&format!("{ROOT}/usr/bin"))?;
    for (name, text) in [("ostree", OSTREE.replace("PROGRAM", &program)), ("pkexec", PKEXEC.to_owned())] {
        let path = programs.join(name);
        fs::write(&path, text).map_err(DemoError::file(&path))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).map_err(DemoError::file(&path))?;
    }
    Ok(())
}

/// The system of a scenario and its daemon's configuration.
fn describe(scenario: Scenario) -> Result<Option<(System, Config)>, DemoError> {
    let mut system: System = toml::from_str(DESCRIPTION).map_err(|error| DemoError::Description(error.to_string()))?;
    let mut config = Config::usual();
    let (begin, manners) = (&mut system.begin, &mut system.manners);
    match scenario {
        Scenario::Classic | Scenario::RefusedLayering | Scenario::NoDaemon | Scenario::Atomic => {}
        Scenario::Container => begin.image = Some(IMAGE.to_owned()),
        Scenario::LockedLayering => config.lock_layering = true,
        Scenario::Advisories => (begin.packages, begin.checked) = (vec!["htop".to_owned()], true),
        Scenario::Staged => begin.staged = true,
        Scenario::BrokenDependency => begin.packages = vec!["legacy-viewer".to_owned()],
        Scenario::FailingScript => begin.packages = vec!["motd-tools".to_owned()],
        Scenario::SlowSystem => manners.pace = 10.0,
        Scenario::Dying => manners.dies_at = Some("Importing packages".to_owned()),
        Scenario::Busy => (manners.busy, manners.pace) = (true, 5.0),
        _ => return Ok(None),
    }
    Ok(Some((system, config)))
}
