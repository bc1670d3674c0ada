//! Timers that update the system by themselves, as systemd has them.

use std::time::Duration;
use strata_model::system::{Updater, UpdaterProgram};
use zbus::Connection;

/// How long systemd may take.
const PATIENCE: Duration = Duration::from_secs(5);

const KNOWN: [(&str, UpdaterProgram); 4] = [
    ("rpm-ostreed-automatic.timer", UpdaterProgram::RpmOstree),
    ("uupd.timer", UpdaterProgram::Uupd),
    ("ublue-update.timer", UpdaterProgram::UblueUpdate),
    ("bootc-fetch-apply-updates.timer", UpdaterProgram::Bootc),
];

/// The updaters on this machine; none if systemd cannot be asked.
pub(crate) async fn updaters(bus: &Connection) -> Vec<Updater> {
    let asked = tokio::time::timeout(PATIENCE, ask(bus)).await;
    let files = match asked {
        Ok(Ok(files)) => files,
        Ok(Err(error)) => {
            tracing::debug!("systemd does not say which updaters there are: {error}");
            return Vec::new();
        }
        Err(_) => return Vec::new(),
    };
    KNOWN.iter().filter_map(|(unit, program)| of(unit, *program, &files)).collect()
}

/// Unit files of these names, each with its path and its state.
async fn ask(bus: &Connection) -> Result<Vec<(String, String)>, zbus::Error> {
    let (any, names) = (Vec::<&str>::new(), KNOWN.map(|(unit, _)| unit));
    let manager = Some("org.freedesktop.systemd1.Manager");
    let systemd = Some("org.freedesktop.systemd1");
    let asked = (any, &names[..]);
    let answer =
        bus.call_method(systemd, "/org/freedesktop/systemd1", manager, "ListUnitFilesByPatterns", &asked).await?;
    answer.body().deserialize()
}

fn of(unit: &str, program: UpdaterProgram, files: &[(String, String)]) -> Option<Updater> {
    let is_it = |path: &str| path.rsplit('/').next() == Some(unit);
    let (_, state) = files.iter().find(|(path, _)| is_it(path))?;
    // Masked: somebody saw to it that it is as if it were not there.
    let there = !state.starts_with("masked");
    there.then(|| Updater { program, unit: unit.to_owned(), enabled: state.starts_with("enabled") })
}
