//! A private bus with nothing of the machine's on it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use strata_platform::Environment;

/// A message bus in a folder of its own.
#[derive(Debug)]
pub(crate) struct World {
    folder: tempfile::TempDir,
    bus: Child,
    pub(crate) address: String,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::made("")
    }

    /// With a daemon that the bus can start: `rpm-ostreed` in the world's folder.
    pub(crate) fn with_services() -> Self {
        Self::made("<servicedir>services</servicedir>")
    }

    fn made(services: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let text = format!(
            "<busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>{services}\
             <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
             <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
            path.join("bus").display()
        );
        std::fs::write(path.join("bus.conf"), text).unwrap();
        std::fs::create_dir(path.join("services")).unwrap();
        let command = path.join("rpm-ostreed");
        let service = format!("[D-BUS Service]\nName=org.projectatomic.rpmostree1\nExec={}\n", command.display());
        std::fs::write(path.join("services/daemon.service"), service).unwrap();
        let (bus, address) = start(path);
        Self { folder, bus, address }
    }

    pub(crate) fn end_bus(&mut self) {
        self.bus.kill().unwrap();
        self.bus.wait().unwrap();
    }

    /// At the same address.
    pub(crate) fn begin_bus(&mut self) {
        let _ = std::fs::remove_file(self.path().join("bus"));
        (self.bus, self.address) = start(self.path());
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where the transaction's socket is.
    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("transaction.sock")
    }

    /// What the client is told of where it runs. Below the system's root there is nothing.
    pub(crate) fn environment(&self) -> Arc<Environment> {
        let root = self.folder.path().to_path_buf();
        let plain = Environment::from_variables(&|_| None);
        let (config, policy) = (root.join("config"), vec![root.join("policy")]);
        let system_bus = Some(self.address.clone());
        Arc::new(Environment { system_bus, system_root: root, config, policy, sandboxed: false, ..plain })
    }
}

fn start(folder: &Path) -> (Child, String) {
    let mut bus = Command::new("dbus-daemon")
        .arg(format!("--config-file={}", folder.join("bus.conf").display()))
        .args(["--nofork", "--nopidfile", "--nosyslog", "--print-address"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("dbus-daemon is needed");
    let mut address = String::new();
    BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
    // Without the identity of this one bus, so that the next one at the same place is as good.
    let address = address.trim().split(",guid=").next().unwrap().to_owned();
    (bus, address)
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}
