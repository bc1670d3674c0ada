//! Processes on a world's buses that stand still for a while.

use rustix::process::{Pid, Signal, kill_process};
use strata_demo::World;

/// The process that has a name on one of the world's buses.
pub(crate) fn process(world: &World, bus: &str, name: &str) -> Pid {
    let ask = "org.freedesktop.DBus.GetConnectionUnixProcessID";
    let words = [bus, "--print-reply=literal", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus", ask];
    let name = format!("string:{name}");
    let told = world.command("dbus-send").args(words).arg(name).output().unwrap();
    let text = String::from_utf8(told.stdout).unwrap();
    let number = text.split_whitespace().last().and_then(|number| number.parse().ok());
    number.and_then(Pid::from_raw).unwrap_or_else(|| panic!("{text} {}", String::from_utf8_lossy(&told.stderr)))
}

/// A process that does nothing until the test is over.
#[derive(Debug)]
pub(crate) struct Stopped(Pid);

impl Stopped {
    pub(crate) fn new(process: Pid) -> Self {
        kill_process(process, Signal::STOP).unwrap();
        Self(process)
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = kill_process(self.0, Signal::CONT);
    }
}

/// The update daemon, on the system bus.
pub(crate) const DAEMON: &str = "org.projectatomic.rpmostree1";
