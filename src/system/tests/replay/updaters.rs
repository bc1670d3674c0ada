//! Other programs that update the system.

use crate::others::stage;
use crate::recording::Recording;
use strata_engine::SystemBackend;
use strata_model::system::{Updater, UpdaterProgram};

/// What of systemd is asked.
struct Systemd;

#[zbus::interface(name = "org.freedesktop.systemd1.Manager")]
impl Systemd {
    #[expect(clippy::unused_self, clippy::needless_pass_by_value, reason = "zbus wants a method")]
    fn list_unit_files_by_patterns(&self, states: Vec<String>, patterns: Vec<String>) -> Vec<(String, String)> {
        assert!(states.is_empty());
        let all = [
            ("/usr/lib/systemd/system/uupd.timer", "enabled"),
            ("/usr/lib/systemd/system/rpm-ostreed-automatic.timer", "disabled"),
            ("/etc/systemd/system/bootc-fetch-apply-updates.timer", "masked"),
            ("/usr/lib/systemd/system/fstrim.timer", "enabled"),
        ];
        let asked = |path: &str| patterns.iter().any(|pattern| path.ends_with(pattern));
        let found = all.iter().filter(|(path, _)| asked(path));
        found.map(|(path, state)| ((*path).to_owned(), (*state).to_owned())).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn timers_that_update_the_system_are_found() {
    let mut recording = Recording::of("status-fresh", "a");
    recording.steps.clear();
    let stage = stage(recording).await;
    assert_eq!(stage.system.state().await.unwrap().updaters, [], "without systemd nobody knows");
    let builder = zbus::connection::Builder::address(stage.world.address.as_str()).unwrap();
    let builder = builder.serve_at("/org/freedesktop/systemd1", Systemd).unwrap();
    let _systemd = builder.name("org.freedesktop.systemd1").unwrap().build().await.unwrap();
    let updater = |program, unit: &str, enabled| Updater { program, unit: unit.to_owned(), enabled };
    let expected = [
        updater(UpdaterProgram::RpmOstree, "rpm-ostreed-automatic.timer", false),
        updater(UpdaterProgram::Uupd, "uupd.timer", true),
    ];
    assert_eq!(stage.system.state().await.unwrap().updaters, expected);
}
