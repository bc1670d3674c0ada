//! Asking for a restart, on private buses with stand-ins for desktops and for logind.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests say what went wrong by panicking")]

mod bus;

use bus::Bus;
use std::sync::{Arc, Mutex};
use strata_model::FailureKind;
use strata_platform::{Environment, restart};
use zbus::{Connection, fdo};

type Log = Arc<Mutex<Vec<String>>>;

struct Gnome(Log, fdo::Result<()>);

#[zbus::interface(name = "org.gnome.SessionManager")]
impl Gnome {
    fn reboot(&self) -> fdo::Result<()> {
        self.0.lock().unwrap().push("gnome".to_owned());
        self.1.clone()
    }
}

/// MATE has GNOME's name, and other methods.
struct Mate;

#[zbus::interface(name = "org.gnome.SessionManager")]
impl Mate {
    #[expect(clippy::unused_self, reason = "zbus wants a method")]
    fn shutdown(&self) {}
}

struct Plasma(Log);

#[zbus::interface(name = "org.kde.LogoutPrompt")]
impl Plasma {
    #[zbus(name = "promptReboot")]
    fn prompt_reboot(&self) {
        self.0.lock().unwrap().push("plasma".to_owned());
    }
}

type Inhibitor = (String, String, String, String, u32, u32);

struct Logind(Log, Vec<Inhibitor>);

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl Logind {
    fn list_inhibitors(&self) -> Vec<Inhibitor> {
        self.1.clone()
    }

    fn reboot(&self, interactive: bool) {
        self.0.lock().unwrap().push(format!("logind, interactive: {interactive}"));
    }
}

fn inhibitor(what: &str, mode: &str) -> Inhibitor {
    (what.to_owned(), "Packager".to_owned(), "Writing a disc".to_owned(), mode.to_owned(), 0, 1)
}

/// Two buses, on which nobody is yet.
struct Machine {
    session: Bus,
    system: Bus,
    log: Log,
    people: Vec<Connection>,
    _folder: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bus = |name: &str| {
            let folder = folder.path().join(name);
            std::fs::create_dir(&folder).unwrap();
            Bus::new(&folder, None, &[])
        };
        let (session, system) = (bus("session"), bus("system"));
        Self { session, system, log: Log::default(), people: Vec::new(), _folder: folder }
    }

    async fn on<I: zbus::object_server::Interface>(
        mut self,
        bus: fn(&Self) -> &Bus,
        name: &str,
        path: &str,
        who: I,
    ) -> Self {
        let connection = bus(&self).connect().await;
        connection.object_server().at(path, who).await.unwrap();
        connection.request_name(name).await.unwrap();
        self.people.push(connection);
        self
    }

    async fn gnome(self, answer: fdo::Result<()>) -> Self {
        let who = Gnome(Arc::clone(&self.log), answer);
        self.on(|machine| &machine.session, "org.gnome.SessionManager", "/org/gnome/SessionManager", who).await
    }

    async fn logind(self, inhibitors: Vec<Inhibitor>) -> Self {
        let who = Logind(Arc::clone(&self.log), inhibitors);
        self.on(|machine| &machine.system, "org.freedesktop.login1", "/org/freedesktop/login1", who).await
    }

    async fn plasma(self) -> Self {
        let who = Plasma(Arc::clone(&self.log));
        self.on(|machine| &machine.session, "org.kde.LogoutPrompt", "/LogoutPrompt", who).await
    }

    /// What came of it, and who did something.
    async fn restart(&self) -> (Result<(), FailureKind>, Vec<String>) {
        let mut environment = Environment::from_variables(&|_| None);
        environment.session_bus = Some(self.session.address.clone());
        environment.system_bus = Some(self.system.address.clone());
        let result = restart::restart(&environment).await;
        let failed = result.map_err(|failure| {
            assert!(!failure.detail.is_empty(), "nobody says why");
            failure.kind
        });
        (failed, self.log.lock().unwrap().clone())
    }
}

#[tokio::test]
async fn the_desktop_is_asked_before_logind() {
    let machine = Machine::new().gnome(Ok(())).await.plasma().await.logind(vec![]).await;
    assert_eq!(machine.restart().await, (Ok(()), vec!["gnome".to_owned()]));
    let machine = Machine::new().plasma().await.logind(vec![]).await;
    assert_eq!(machine.restart().await, (Ok(()), vec!["plasma".to_owned()]));
    let machine = Machine::new().logind(vec![]).await;
    assert_eq!(machine.restart().await, (Ok(()), vec!["logind, interactive: true".to_owned()]));
}

#[tokio::test]
async fn a_desktop_that_has_no_such_method_is_passed_over() {
    let machine = Machine::new().logind(vec![]).await;
    let machine =
        machine.on(|machine| &machine.session, "org.gnome.SessionManager", "/org/gnome/SessionManager", Mate).await;
    assert_eq!(machine.restart().await.1, ["logind, interactive: true"]);
}

#[tokio::test]
async fn a_desktop_that_says_no_is_the_end_of_it() {
    let machine = Machine::new().gnome(Err(fdo::Error::Failed("The person cancelled".to_owned()))).await;
    let machine = machine.logind(vec![]).await;
    assert_eq!(machine.restart().await, (Err(FailureKind::NoRestart), vec!["gnome".to_owned()]));
}

#[tokio::test]
async fn what_keeps_the_machine_running_is_respected() {
    let done = || vec!["logind, interactive: true".to_owned()];
    let cases = [
        (inhibitor("sleep:shutdown", "block"), Err(FailureKind::RestartInhibited), vec![]),
        (inhibitor("shutdown", "block-weak"), Err(FailureKind::RestartInhibited), vec![]),
        (inhibitor("shutdown", "delay"), Ok(()), done()),
        (inhibitor("sleep:idle", "block"), Ok(()), done()),
    ];
    for (inhibitor, result, did) in cases {
        let machine = Machine::new().logind(vec![inhibitor.clone()]).await;
        assert_eq!(machine.restart().await, (result, did), "{inhibitor:?}");
    }
}

#[tokio::test]
async fn nobody_there_is_a_failure_that_says_so() {
    assert_eq!(Machine::new().restart().await, (Err(FailureKind::NoRestart), vec![]));
}
