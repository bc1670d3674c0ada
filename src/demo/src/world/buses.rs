//! The private buses of a world.

use super::folder::Folder;
use super::variables::{SESSION_BUS, SYSTEM_BUS, Variables};
use crate::DemoError;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use strata_model::wire;

/// What of the machine's own services may start in a world: screen readers, and the helpers of `flatpak run`. Not its
/// portals, its file managers, its settings.
const BORROWED: [&str; 2] = ["org.a11y.Bus.service", "org.freedesktop.Flatpak.service"];
const SERVICES: &str = "/usr/share/dbus-1/services";
/// Where distributions have it; an ordinary user needs it to change the system installation.
const SYSTEM_HELPERS: [&str; 3] =
    ["/usr/libexec/flatpak-system-helper", "/usr/lib/flatpak-system-helper", "/usr/lib/flatpak/flatpak-system-helper"];

/// Two running bus daemons. They end with the world, not with this value: the folder's watcher sees to it.
#[derive(Debug)]
pub(super) struct Buses {
    _session: Child,
    _system: Child,
}

impl Buses {
    /// Starts both and waits until they listen.
    pub(super) fn start(folder: &Folder, variables: &Variables, service: &Path) -> Result<Self, DemoError> {
        let services = folder.make("etc/dbus-services")?;
        write_services(&services, service)?;
        let session = start(folder, variables, "session", SESSION_BUS, &services)?;
        let system = start(folder, variables, "system", SYSTEM_BUS, &folder.make(super::system::SERVICES)?)?;
        Ok(Self { _session: session, _system: system })
    }
}

fn write_services(folder: &Path, service: &Path) -> Result<(), DemoError> {
    let put = |name: &str, text: String| {
        let path = folder.join(name);
        fs::write(&path, text).map_err(DemoError::file(path))
    };
    for name in BORROWED {
        if let Ok(text) = fs::read_to_string(Path::new(SERVICES).join(name)) {
            put(name, text)?;
        }
    }
    // A name with nothing behind it would cost every client a failed start.
    if service.exists() {
        put(&format!("{}.service", wire::BUS_NAME), service_file(wire::BUS_NAME, &service.display().to_string()))?;
        let search = wire::search_name();
        put(&format!("{search}.service"), service_file(&search, &format!("{} --search", service.display())))?;
    }
    if let Some(helper) = SYSTEM_HELPERS.iter().find(|path| Path::new(path).exists()) {
        let name = "org.freedesktop.Flatpak.SystemHelper";
        put(&format!("{name}.service"), service_file(name, &format!("{helper} --session --no-idle-exit")))?;
    }
    Ok(())
}

fn service_file(name: &str, command: &str) -> String {
    format!("[D-BUS Service]\nName={name}\nExec={command}\n")
}

fn start(
    folder: &Folder,
    variables: &Variables,
    kind: &str,
    socket: &str,
    services: &Path,
) -> Result<Child, DemoError> {
    let config = folder.path().join(format!("etc/{kind}-bus.conf"));
    let listen = folder.path().join("run").join(socket);
    let text = format!(
        "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
         \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n\
         <busconfig><type>{kind}</type><listen>unix:path={}</listen><servicedir>{}</servicedir>\
         <policy context=\"default\"><allow user=\"*\"/><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>\
         <allow own=\"*\"/></policy></busconfig>\n",
        listen.display(),
        services.display()
    );
    fs::write(&config, text).map_err(DemoError::file(&config))?;
    let log = folder.path().join(format!("{kind}-bus.log"));
    let log = File::create(&log).map_err(DemoError::file(log))?;
    let mut command = Command::new("dbus-daemon");
    command.arg("--nofork").arg("--nopidfile").arg("--print-address");
    command.arg(format!("--config-file={}", config.display()));
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    // The services of screen readers find each other by the root window: on one display, those of a second world, or of
    // the machine and a world, wait for each other until a start's time is over.
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
    let failed = |detail: String| DemoError::Program { program: "dbus-daemon".to_owned(), detail };
    let mut daemon = command.spawn().map_err(|error| failed(error.to_string()))?;
    // It prints the address once it listens.
    let mut address = String::new();
    if let Some(output) = daemon.stdout.take() {
        BufReader::new(output).read_line(&mut address).map_err(|error| failed(error.to_string()))?;
    }
    if address.is_empty() { Err(failed(format!("did not start, see {kind}-bus.log"))) } else { Ok(daemon) }
}
