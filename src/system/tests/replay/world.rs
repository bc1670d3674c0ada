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
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("bus.conf");
        let text = format!(
            "<busconfig><type>system</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>\
             <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
             <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
            folder.path().join("bus").display()
        );
        std::fs::write(&config, text).unwrap();
        let mut bus = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--nopidfile", "--nosyslog", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is needed");
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { folder, bus, address: address.trim().to_owned() }
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
        Arc::new(Environment { system_bus: Some(self.address.clone()), system_root: root, sandboxed: false, ..plain })
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}
