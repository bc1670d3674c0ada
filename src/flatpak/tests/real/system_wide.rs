//! The machine's installation, changed by an ordinary user: through Flatpak's system helper, which asks polkit. Real
//! ones of both, on a private system bus; the user's part is this program again, started as user 1000.

use crate::agent::{Agent, Person};
use crate::ground::{APP, Ground, ORIGIN, PATIENCE, app, runtime_reference, variables};
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use strata_demo::{AppSpec, Key, Manners, Repository};
use strata_engine::{Reporter, Source};
use strata_flatpak::Flatpak;
use strata_model::{Failure, FailureKind, OfferId, Request, Stage, Stop};
use strata_platform::Environment;
use tokio_util::sync::CancellationToken;

pub(crate) const PERSON: u32 = 1000;
const HELPER: &str = "/usr/libexec/flatpak-system-helper";
const POLKIT: &str = "/usr/lib/polkit-1/polkitd";

/// What the names of Flatpak's actions begin with.
const OWNED: &str = "org.freedesktop.Flatpak.";

/// Tells this program that it is the user's part.
const MARK: &str = "STRATA_TEST_PERSON";

/// Ends with the test.
struct Daemon(Child);

impl Daemon {
    fn start(command: &mut Command) -> Self {
        Self(command.stdin(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Machine {
    // Before the ground, whose folder they work in.
    _daemons: Vec<Daemon>,
    ground: Ground,
}

/// Why this cannot be tried here, if so.
fn obstacle() -> Option<&'static str> {
    if !rustix::process::getuid().is_root() {
        return Some("it takes root to become somebody else");
    }
    if !Path::new(HELPER).exists() || !Path::new(POLKIT).exists() {
        return Some("polkit or Flatpak's system helper is missing");
    }
    let mount = Command::new("unshare").args(["--mount", "true"]).status();
    (!mount.is_ok_and(|status| status.success())).then_some("no right to unshare mounts")
}

/// What an ordinary user fetches comes by way of a file system of Flatpak's own.
fn no_fuse() -> Option<&'static str> {
    let device = fs::metadata("/dev/fuse");
    let open = device.is_ok_and(|device| device.permissions().mode() & 0o006 == 0o006);
    (!open).then_some("ordinary users may not use /dev/fuse")
}

/// Says why a test is skipped, if so; CI has to be able to run all of them.
fn skip(obstacle: Option<&str>) -> bool {
    if let Some(obstacle) = obstacle {
        assert!(std::env::var_os("CI").is_none(), "CI has to be able to: {obstacle}");
        eprintln!("skipped: {obstacle}");
    }
    obstacle.is_some()
}

fn bus_configuration(folder: &Path) -> String {
    format!(
        "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
         \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n\
         <busconfig><type>system</type><listen>unix:path={}/bus</listen><auth>EXTERNAL</auth>\n\
         <policy context=\"default\"><allow user=\"*\"/><allow own=\"*\"/><allow send_destination=\"*\"/>\
         <allow receive_sender=\"*\"/></policy></busconfig>\n",
        folder.display()
    )
}

impl Machine {
    /// A machine whose administrator's rule gives `result` for whatever Flatpak asks; `None` is Flatpak's own policy:
    /// an administrator's password.
    async fn start(result: Option<&str>) -> Option<Self> {
        if skip(obstacle()) {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let key = Key::shared().unwrap();
        let mut repository = Repository::create(folder.path().join("repository")).unwrap().signed(key.clone());
        repository.runtime("org.example.Platform", "1").unwrap();
        repository.app(&AppSpec::new(APP).payload(10_000_000)).unwrap();
        repository.finish().unwrap();
        let ground = Ground::around(folder, repository);
        let folder = ground.folder.path();
        fs::write(folder.join("key.gpg"), key.public().unwrap()).unwrap();
        ground.add_remote("--system", &[&format!("--gpg-import={}", folder.join("key.gpg").display())]);
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
        for own in ["home", "user", "run"] {
            Command::new("chown").args(["-R", "1000:1000"]).arg(folder.join(own)).status().unwrap();
        }
        let daemons = daemons(folder, result);
        let machine = Self { _daemons: daemons, ground };
        machine.wait_for(&["org.freedesktop.PolicyKit1", "org.freedesktop.Flatpak.SystemHelper"]).await;
        Some(machine)
    }

    async fn wait_for(&self, names: &[&'static str]) {
        let socket = self.ground.folder.path().join("bus");
        crate::ground::eventually("the bus", || socket.exists());
        let bus = zbus::connection::Builder::address(address(self.ground.folder.path()).as_str()).unwrap();
        let bus = zbus::fdo::DBusProxy::new(&bus.build().await.unwrap()).await.unwrap();
        let there = async {
            for name in names {
                let name = zbus::names::BusName::try_from(*name).unwrap();
                while !bus.name_has_owner(name.clone()).await.unwrap() {
                    tokio::task::yield_now().await;
                }
            }
        };
        tokio::time::timeout(PATIENCE, there).await.unwrap();
    }

    /// Runs one of the tests below as an ordinary user; it has to succeed.
    fn person(&self, test: &str) {
        let folder = self.ground.folder.path();
        // The build folder may be closed to others.
        let program = folder.join("person");
        fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        chown(&program, Some(PERSON), Some(PERSON)).unwrap();
        let id = PERSON.to_string();
        let mut command = Command::new("setpriv");
        command.args(["--reuid", &id, "--regid", &id, "--clear-groups", "--"]).arg(program);
        command.args(["--exact", &format!("system_wide::{test}"), "--include-ignored", "--nocapture"]);
        command.envs(variables(folder)).env("DBUS_SYSTEM_BUS_ADDRESS", address(folder)).env(MARK, "1");
        let output = command.env_remove("DBUS_SESSION_BUS_ADDRESS").current_dir(folder).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
    }

    fn deployed(&self) -> bool {
        self.ground.folder.path().join("system/app").join(APP).join("current/active/metadata").exists()
    }
}

fn address(folder: &Path) -> String {
    format!("unix:path={}", folder.join("bus").display())
}

fn daemons(folder: &Path, result: Option<&str>) -> Vec<Daemon> {
    let configuration = folder.join("bus.conf");
    fs::write(&configuration, bus_configuration(folder)).unwrap();
    let bus = Daemon::start(Command::new("dbus-daemon").arg("--nofork").arg("--config-file").arg(&configuration));
    crate::ground::eventually("the bus", || folder.join("bus").exists());
    let rules = folder.join("rules");
    let rule = result.map(|result| {
        format!("polkit.addRule(function(a) {{ if (a.id.indexOf('{OWNED}') == 0) return polkit.Result.{result}; }});\n")
    });
    fs::write(&rules, rule.unwrap_or_default()).unwrap();
    // polkitd reads rules from fixed folders: it gets a /run of its own.
    let script = "mount -t tmpfs rules /run && mkdir -p /run/polkit-1/rules.d && \
                  cp \"$0\" /run/polkit-1/rules.d/10.rules && exec \"$1\" --no-debug";
    let mut polkit = Command::new("unshare");
    polkit.args(["--mount", "--propagation", "private", "sh", "-c", script]).arg(&rules).arg(POLKIT);
    polkit.stdout(Stdio::null()).stderr(Stdio::null());
    let mut helper = Command::new(HELPER);
    helper.arg("--no-idle-exit").envs(variables(folder));
    let started =
        [polkit, helper].map(|mut command| Daemon::start(command.env("DBUS_SYSTEM_BUS_ADDRESS", address(folder))));
    [bus].into_iter().chain(started).collect()
}

#[tokio::test]
async fn allowed() {
    if skip(no_fuse()) {
        return;
    }
    let Some(machine) = Machine::start(Some("YES")).await else { return };
    machine.person("person_installs_and_removes");
    machine.ground.server.behave(Manners { bytes_per_second: Some(3_000_000), ..Manners::default() });
    machine.person("person_cancels");
    assert!(!machine.deployed());
    assert!(!PathBuf::from(machine.ground.folder.path()).join("system/runtime/org.example.Platform").exists());
}

#[tokio::test]
async fn signed() {
    let Some(machine) = Machine::start(Some("YES")).await else { return };
    let folder = machine.ground.folder.path();
    let encoded = Command::new("base64").arg("-w0").arg(folder.join("key.gpg")).output().unwrap();
    let key = String::from_utf8(encoded.stdout).unwrap();
    let text = format!("[Flatpak Repo]\nTitle=The Cellar\nUrl={}\nGPGKey={key}\n", machine.ground.server.url());
    fs::write(folder.join("cellar.flatpakrepo"), text).unwrap();
    machine.person("person_adds_what_is_signed");
}

#[tokio::test]
async fn unsigned() {
    let Some(machine) = Machine::start(Some("YES")).await else { return };
    machine.person("person_adds_what_is_not_signed");
}

#[tokio::test]
async fn denied() {
    let Some(machine) = Machine::start(Some("NO")).await else { return };
    machine.person("person_is_denied");
    assert!(!machine.deployed());
}

#[tokio::test]
async fn dismissed() {
    // What Flatpak's own policy says for whoever sits before the screen.
    let Some(machine) = Machine::start(Some("AUTH_ADMIN_KEEP")).await else { return };
    let sent = machine.ground.server.sent();
    machine.person("person_dismisses");
    assert_eq!(machine.ground.server.sent(), sent, "something was fetched before the question was answered");
    machine.person("person_has_nobody_to_ask");
    machine.person("person_is_not_asked_for_what_is_done_by_itself");
    machine.person("person_cancels_the_question");
    assert!(!machine.deployed());
}

#[tokio::test]
async fn dismissed_where_polkit_remembers_nothing() {
    // What it says for everybody else.
    let Some(machine) = Machine::start(None).await else { return };
    machine.person("person_dismisses_each_question");
    assert!(!machine.deployed());
}

// --- the user's part -----------------------------------------------------------------------------------------------

/// The source as the user's engine has it; `None` where nobody started this as the user's part.
fn as_person() -> Option<Flatpak> {
    std::env::var_os(MARK)?;
    assert_eq!(rustix::process::getuid().as_raw(), PERSON);
    Some(Flatpak::new(Arc::new(Environment::from_process())))
}

fn system_app() -> OfferId {
    OfferId { scope: "system".to_owned(), ..app() }
}

async fn run(flatpak: &Flatpak, request: &Request) -> Result<strata_engine::Outcome, Stop> {
    flatpak.run(request, &Reporter::new().0, &CancellationToken::new()).await
}

async fn references(flatpak: &Flatpak) -> Vec<String> {
    flatpak.state().await.unwrap().installed.into_iter().map(|found| found.offer.reference).collect()
}

async fn refused(flatpak: &Flatpak) -> Failure {
    is_refused(flatpak, &Request::install(system_app())).await
}

async fn is_refused(flatpak: &Flatpak, request: &Request) -> Failure {
    let Err(Stop::Failed(failure)) = run(flatpak, request).await else { panic!("not refused") };
    assert_eq!(references(flatpak).await, [] as [String; 0]);
    failure
}

#[tokio::test]
#[ignore = "started by `allowed` as an ordinary user"]
async fn person_installs_and_removes() {
    let Some(flatpak) = as_person() else { return };
    let refreshed = run(&flatpak, &Request::refresh(strata_model::SourceKind::Flatpak)).await.unwrap();
    assert_eq!(refreshed.partial, []);
    assert!(refreshed.feeds_changed);
    assert_eq!(flatpak.feeds().await.unwrap().len(), 1);
    let plan = flatpak.plan(&Request::install(system_app()), &CancellationToken::new()).await.unwrap();
    let outcome = run(&flatpak, &Request::install(system_app())).await.unwrap();
    assert_eq!(outcome.touched, plan.steps.into_iter().map(|step| step.reference).collect());
    assert_eq!(references(&flatpak).await.len(), 2);
    for reference in [system_app().reference, runtime_reference()] {
        run(&flatpak, &Request::remove(OfferId { reference, ..system_app() }, false)).await.unwrap();
    }
    assert_eq!(references(&flatpak).await, [] as [String; 0]);
}

#[tokio::test]
#[ignore = "started by `allowed` as an ordinary user"]
async fn person_cancels() {
    let Some(flatpak) = as_person() else { return };
    let (reporter, mut watched) = Reporter::new();
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let watching = tokio::spawn(async move {
        let seen = watched.wait_for(|now| now.stage == Stage::Downloading && now.bytes > 2_500_000).await.is_ok();
        stop.cancel();
        seen
    });
    let result = flatpak.run(&Request::install(system_app()), &reporter, &cancel).await;
    drop(reporter);
    assert!(watching.await.unwrap(), "{result:?}");
    assert_eq!(result, Err(Stop::Cancelled));
    assert_eq!(references(&flatpak).await, [] as [String; 0]);
}

#[tokio::test]
#[ignore = "started by `unsigned` as an ordinary user"]
async fn person_adds_what_is_not_signed() {
    let Some(flatpak) = as_person() else { return };
    let folder = std::env::temp_dir().to_string_lossy().into_owned();
    let add = Request::add_origin(strata_model::SourceKind::Flatpak, "system", "bare", &folder);
    let Err(Stop::Failed(failure)) = run(&flatpak, &add).await else { panic!("not refused") };
    assert_eq!((failure.kind, failure.subject.as_str()), (FailureKind::NotForEverybody, "bare"), "{failure}");
    let origins = flatpak.state().await.unwrap().origins;
    assert!(origins.iter().all(|origin| origin.name != "bare"), "{origins:?}");
}

#[tokio::test]
#[ignore = "started by `signed` as an ordinary user"]
async fn person_adds_what_is_signed() {
    let Some(flatpak) = as_person() else { return };
    let file = std::env::current_dir().unwrap().join("cellar.flatpakrepo");
    let add = Request::add_origin(strata_model::SourceKind::Flatpak, "system", "", file.to_str().unwrap());
    run(&flatpak, &add).await.unwrap();
    let origins = flatpak.state().await.unwrap().origins;
    let added = origins.iter().find(|origin| origin.name == "cellar").expect("it is there");
    assert!(added.signed && added.enabled, "{added:?}");
}

#[tokio::test]
#[ignore = "started by `denied` as an ordinary user"]
async fn person_is_denied() {
    let Some(flatpak) = as_person() else { return };
    let failure = refused(&flatpak).await;
    assert_eq!(failure.kind, FailureKind::NotAuthorised, "{failure}");
    let disable = strata_model::Action::DisableOrigin;
    let disable = Request::change_origin(disable, strata_model::SourceKind::Flatpak, "system", ORIGIN);
    let Err(Stop::Failed(failure)) = run(&flatpak, &disable).await else { panic!("not refused") };
    assert_eq!((failure.kind, failure.subject.as_str()), (FailureKind::NotAuthorised, ORIGIN), "{failure}");
}

#[tokio::test]
#[ignore = "started by `dismissed` as an ordinary user"]
async fn person_dismisses() {
    let Some(flatpak) = as_person() else { return };
    let agent = Agent::register(Person::ClosesIt).await;
    let failure = refused(&flatpak).await;
    assert_eq!(failure.kind, FailureKind::Dismissed, "{failure}");
    assert_eq!(agent.asked.load(Ordering::SeqCst), 1, "asked so many times");
}

#[tokio::test]
#[ignore = "started by `dismissed` as an ordinary user"]
async fn person_has_nobody_to_ask() {
    let Some(flatpak) = as_person() else { return };
    let failure = refused(&flatpak).await;
    assert_eq!(failure.kind, FailureKind::NotAuthorised, "{failure}");
}

#[tokio::test]
#[ignore = "started by `dismissed` as an ordinary user"]
async fn person_is_not_asked_for_what_is_done_by_itself() {
    let Some(flatpak) = as_person() else { return };
    let agent = Agent::register(Person::ClosesIt).await;
    let failure = is_refused(&flatpak, &Request::install(system_app()).unattended()).await;
    assert_eq!(failure.kind, FailureKind::NotAuthorised, "{failure}");
    assert_eq!(agent.asked.load(Ordering::SeqCst), 0, "somebody was asked");
}

#[tokio::test]
#[ignore = "started by `dismissed` as an ordinary user"]
async fn person_cancels_the_question() {
    let Some(flatpak) = as_person() else { return };
    let agent = Agent::register(Person::LetsItStand).await;
    let cancel = CancellationToken::new();
    let (asked, stop) = (Arc::clone(&agent.asked), cancel.clone());
    let watching = tokio::task::spawn_blocking(move || {
        crate::ground::eventually("the question", || asked.load(Ordering::SeqCst) > 0);
        stop.cancel();
    });
    let result = flatpak.run(&Request::install(system_app()), &Reporter::new().0, &cancel).await;
    assert_eq!(result, Err(Stop::Cancelled));
    watching.await.unwrap();
    let taken_back = Arc::clone(&agent.taken_back);
    let gone = move || crate::ground::eventually("the window's end", || taken_back.load(Ordering::SeqCst) > 0);
    tokio::task::spawn_blocking(gone).await.unwrap();
}

#[tokio::test]
#[ignore = "started by `dismissed_where_polkit_remembers_nothing` as an ordinary user"]
async fn person_dismisses_each_question() {
    let Some(flatpak) = as_person() else { return };
    let _agent = Agent::register(Person::ClosesIt).await;
    let failure = refused(&flatpak).await;
    assert_eq!(failure.kind, FailureKind::Dismissed, "{failure}");
}
