//! Who may change the system: `stratactl` of an ordinary user, with an engine of its own, the simulated daemon, and a real
//! polkitd between them, on a private bus.

use crate::system::{assert_says, disk};
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use strata_demo::{Scenario, World};
use strata_tests::{Ended, Running, stratactl, until, world};

const POLKITD: &str = "/usr/lib/polkit-1/polkitd";
/// Where it also looks for actions: the development root's own, thrown away with it.
const ACTIONS: &str = "/run/polkit-1/actions";
const USER: u32 = 1000;

/// Ends it whatever happens.
struct Polkit(Child);

impl Drop for Polkit {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Everybody may layer packages and clean up; for an update the administrator would have to be asked, and nobody asks; nobody
/// may roll back.
const RULES: [(&str, &str); 6] = [
    ("client-management", "no"),
    ("cleanup", "yes"),
    ("install-uninstall-packages", "yes"),
    ("repo-refresh", "yes"),
    ("upgrade", "auth_admin"),
    ("rollback", "no"),
];

fn policy() -> String {
    let action = |(name, allowed): (&str, &str)| {
        format!(
            "<action id=\"org.projectatomic.rpmostree1.{name}\"><description>{name}</description><message>{name}</message>\
             <defaults><allow_any>{allowed}</allow_any><allow_inactive>{allowed}</allow_inactive>\
             <allow_active>{allowed}</allow_active></defaults></action>"
        )
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE policyconfig PUBLIC \"-//freedesktop//DTD PolicyKit Policy \
         Configuration 1.0//EN\" \"http://www.freedesktop.org/standards/PolicyKit/1/policyconfig.dtd\">\n\
         <policyconfig>{}</policyconfig>\n",
        RULES.map(action).concat()
    )
}

/// A world whose system bus has polkit, which everybody may come to.
fn guarded(scenario: Scenario) -> (World, Polkit) {
    fs::create_dir_all(ACTIONS).unwrap();
    fs::write(Path::new(ACTIONS).join("org.projectatomic.rpmostree1.policy"), policy()).unwrap();
    let world = world(scenario);
    for folder in ["", "run"] {
        fs::set_permissions(world.folder().join(folder), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let polkit = Polkit(world.command(POLKITD).arg("--no-debug").stdin(Stdio::null()).spawn().unwrap());
    until("polkitd is there", || {
        let words =
            ["--system", "--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner"];
        let asked = world.command("dbus-send").args(words).arg("string:org.freedesktop.PolicyKit1").output().unwrap();
        String::from_utf8_lossy(&asked.stdout).contains("true").then_some(())
    });
    (world, polkit)
}

/// Runs `stratactl` as that user, at home in a folder of their own and without a session bus.
fn as_user(world: &World, words: &[&str]) -> Ended {
    let home = world.folder().join("user");
    fs::create_dir_all(&home).unwrap();
    chown(&home, Some(USER), Some(USER)).unwrap();
    let mut command: Command = stratactl(world, words);
    for (variable, folder) in [
        ("HOME", ""),
        ("XDG_DATA_HOME", "data"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_STATE_HOME", "state"),
        ("XDG_RUNTIME_DIR", "run"),
        ("FLATPAK_USER_DIR", "flatpak"),
        ("FLATPAK_SYSTEM_DIR", "flatpak"),
    ] {
        let folder = home.join(folder);
        fs::create_dir_all(&folder).unwrap();
        chown(&folder, Some(USER), Some(USER)).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
        command.env(variable, folder);
    }
    command.env_remove("DBUS_SESSION_BUS_ADDRESS").current_dir(&home).uid(USER).gid(USER);
    Running::start(command).end()
}

#[test]
fn polkit_decides_what_an_ordinary_user_may_do() {
    // Its actions lie in the machine's own folders: only where these are thrown away.
    let private = std::env::var_os("DEV_ROOT").is_some() && rustix::process::geteuid().is_root();
    if !private || !Path::new(POLKITD).exists() {
        eprintln!("left out: it needs the development root, as root, with polkitd");
        return;
    }
    let (world, _polkit) = guarded(Scenario::Classic);
    // That it may not register is no failure: what is shown needs no permission.
    assert_says(&as_user(&world, &["system"]).expect(0).out, &["running", "to go back to"]);
    let installed = as_user(&world, &["-y", "install", "--source", "package", "fish"]).expect(0).out;
    assert_says(&installed, &["fish: comes", "Installed fish", "Restart to finish"]);
    assert_eq!(disk(&world)[0]["wishes"]["packages"][0], "fish");
    let _ = as_user(&world, &["-y", "system", "discard"]).expect(0);
    assert_eq!(disk(&world).len(), 2);
    for refused in [&["-y", "system", "update"][..], &["-y", "system", "rollback"]] {
        let said = as_user(&world, refused).expect(1).err;
        assert_says(&said, &["not allowed"]);
        assert_eq!(disk(&world)[0]["booted"], true, "{refused:?} changed nothing");
    }
    // Root may do what polkit leaves to the administrator.
    let _ = strata_tests::ctl(&world, &["-y", "system", "update"]).expect(0);
    assert_eq!(disk(&world)[0]["booted"], false);
}
