//! A private session bus, and the engine's real program on it.
#![allow(dead_code, missing_docs, unreachable_pub, reason = "shared by several tests, each of which uses a part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests say what went wrong by panicking")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A message bus of its own, which ends with its drop.
#[derive(Debug)]
pub struct Bus {
    daemon: Child,
    pub address: String,
}

impl Bus {
    /// Starts a bus with its socket and its services in a folder. `engine` is the command that starts the engine, if
    /// any; `variables` are what it sees.
    pub fn new(folder: &Path, engine: Option<&str>, variables: &[(&str, &str)]) -> Self {
        let services = folder.join("services");
        std::fs::create_dir_all(&services).unwrap();
        if let Some(command) = engine {
            let text = format!("[D-BUS Service]\nName={}\nExec={command}\n", strata_model::wire::BUS_NAME);
            std::fs::write(services.join("engine.service"), text).unwrap();
        }
        let config = folder.join("bus.conf");
        let text = format!(
            "<busconfig><type>session</type><listen>unix:dir={}</listen><auth>EXTERNAL</auth>\
             <servicedir>{}</servicedir>\
             <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy>\
             </busconfig>",
            folder.display(),
            services.display()
        );
        std::fs::write(&config, text).unwrap();
        let mut daemon = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address"])
            .env_clear()
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            // It speaks of every service it starts.
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is needed");
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { daemon, address: address.trim().to_owned() }
    }

    /// Waits until somebody has the name.
    pub async fn until_owned(&self, name: &str) {
        let connection = self.connect().await;
        let proxy = zbus::fdo::DBusProxy::new(&connection).await.unwrap();
        let there = async {
            while !proxy.name_has_owner(name.try_into().unwrap()).await.unwrap() {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(30), there).await.expect("the name on the bus");
    }

    pub async fn connect(&self) -> zbus::Connection {
        zbus::connection::Builder::address(self.address.as_str()).unwrap().build().await.unwrap()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
