//! A private bus that activates the simulated daemon.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A bus daemon; it ends with this value, and what it activated with it.
pub(crate) struct Bus {
    daemon: Child,
    pub(crate) address: String,
}

impl Bus {
    /// Starts one in a folder; the simulated system lies in `system` below it.
    pub(crate) fn start(folder: &Path) -> Self {
        let services = folder.join("services");
        fs::create_dir(&services).unwrap();
        let program = env!("CARGO_BIN_EXE_strata-demo");
        let name = strata_demo::daemon::NAME;
        let exec = format!("{program} update-daemon {}", folder.join("system").display());
        let service = format!("[D-BUS Service]\nName={name}\nExec={exec}\n");
        fs::write(services.join(format!("{name}.service")), service).unwrap();
        let config = folder.join("bus.conf");
        fs::write(&config, configuration(folder, &services)).unwrap();
        let address = format!("unix:path={}", folder.join("bus").display());
        let mut daemon = Command::new("dbus-daemon")
            .args(["--nofork", "--nopidfile", "--print-address"])
            .arg(format!("--config-file={}", config.display()))
            .env("DBUS_SYSTEM_BUS_ADDRESS", &address)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(fs::File::create(folder.join("bus.log")).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "dbus-daemon did not start");
        Self { daemon, address }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

/// As rpm-ostree's own policy: what is experimental is root's.
fn configuration(folder: &Path, services: &Path) -> String {
    let name = strata_demo::daemon::NAME;
    format!(
        "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
         \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n\
         <busconfig><type>system</type><listen>unix:path={}</listen><servicedir>{}</servicedir>\
         <policy context=\"default\"><allow user=\"*\"/><allow send_destination=\"*\" eavesdrop=\"true\"/>\
         <allow eavesdrop=\"true\"/><allow own=\"*\"/>\
         <deny send_destination=\"{name}\" send_interface=\"{name}.OSExperimental\"/></policy>\
         <policy user=\"root\"><allow send_destination=\"{name}\"/></policy></busconfig>\n",
        folder.join("bus").display(),
        services.display()
    )
}
