//! Apps of a list are installed: from the release of their project, checked, with updates from there, or not at all.

#![cfg(target_arch = "x86_64")] // which the made ones are for
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "server/file.rs"]
mod file;
mod made;
mod server;

use backhand::compression::Compressor;
use file::{Fault, FileServer};
use made::{DESKTOP, Elf, Made};
use server::Server;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use strata_appimage::AppImages;
use strata_engine::{Outcome, Reporter, Source};
use strata_model::offer::Absence;
use strata_model::plan::WarningKind;
use strata_model::{FailureKind, OfferId, Plan, Request, SourceKind, Stop};
use strata_platform::Environment;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const LATEST: &str = "/gh/repos/ann/App/releases/latest";
const NEWEST: &str = "/gh/repos/ann/App/releases?per_page=30";

/// An AppImage that says nothing of updates.
fn version(name: &str) -> Vec<u8> {
    let desktop = DESKTOP.replace("Name=App", &format!("Name=App\nX-AppImage-Version={name}"));
    let bundle = made::squash(Compressor::Gzip, &[("org.example.App.desktop", Made::File(desktop.as_bytes()))]);
    made::appimage(&Elf::default(), &bundle)
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// A person with nothing, a list with an app, and its project.
struct World {
    home: TempDir,
    forge: Server,
    files: FileServer,
    source: AppImages,
}

impl World {
    async fn new(items: &str) -> Self {
        let (home, forge) = (tempfile::tempdir().unwrap(), Server::start());
        forge.ok("/hub/feed.json", &format!(r#"{{"items": [{items}]}}"#));
        let files = FileServer::start(&version("1"), Some("\"1\""));
        let world = Self { source: source(&home, &forge), home, forge, files };
        world.refresh().await;
        world
    }

    async fn with_app() -> Self {
        Self::new(r#"{"name": "App", "links": [{"type": "GitHub", "url": "ann/App"}]}"#).await
    }

    /// The project has released this file.
    fn release(&self, tag: &str, name: &str, bytes: &[u8], digest: Option<&str>) {
        self.files.state.lock().unwrap().body = bytes.to_vec();
        let digest = digest.map_or_else(String::new, |digest| format!(r#""digest": "sha256:{digest}","#));
        let (size, url) = (bytes.len(), &self.files.url);
        let file = format!(r#"{{"name": "{name}", {digest} "size": {size}, "browser_download_url": "{url}"}}"#);
        let release = format!(r#"{{"tag_name": "{tag}", "assets": [{file}]}}"#);
        self.forge.ok(LATEST, &release);
        self.forge.ok(NEWEST, &format!("[{release}]"));
    }

    /// The same person later, when what forges said is old.
    fn later(&mut self) {
        let _ = std::fs::remove_dir_all(environment(&self.home, &self.forge).releases());
        self.source = source(&self.home, &self.forge);
    }

    async fn run(&self, request: &Request) -> Result<Outcome, Stop> {
        self.source.run(request, &Reporter::new().0, &CancellationToken::new()).await
    }

    async fn plan(&self, request: &Request) -> Result<Plan, Stop> {
        self.source.plan(request, &CancellationToken::new()).await
    }

    async fn refresh(&self) -> Outcome {
        self.run(&Request::refresh(SourceKind::AppImage)).await.unwrap()
    }

    /// What lies in the folder of AppImages, by name.
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.home.path().join("Applications")).into_iter().flatten();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// What the catalogue is told of what there is not.
    async fn missing(&self) -> Vec<(String, Option<Absence>)> {
        let states = self.source.feeds().await.unwrap().remove(0).references;
        states.into_iter().map(|state| (state.reference, state.missing)).collect()
    }
}

fn environment(home: &TempDir, forge: &Server) -> Environment {
    let value = |name: &str| match name {
        "HOME" => Some(home.path().into()),
        "STRATA_SYSTEM_ROOT" | "STRATA_POLICY" => Some(home.path().join("system").into()),
        "STRATA_GITHUB" => Some(format!("{}/gh", forge.url).into()),
        "STRATA_APPIMAGEHUB" => Some(format!("{}/hub", forge.url).into()),
        "STRATA_SOARPKGS" => Some(format!("{}/soar", forge.url).into()),
        "STRATA_PORTABLE_LINUX_APPS" => Some(format!("{}/pla", forge.url).into()),
        _ => None,
    };
    Environment::from_variables(&value)
}

fn source(home: &TempDir, forge: &Server) -> AppImages {
    AppImages::new(Arc::new(environment(home, forge)))
}

fn install(name: &str) -> Request {
    Request::install(OfferId::app_image("appimagehub", name))
}

fn kind<T: std::fmt::Debug>(result: Result<T, Stop>) -> FailureKind {
    match result {
        Err(Stop::Failed(failure)) => failure.kind,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_app_of_a_list_comes_from_its_project_and_so_do_its_updates() {
    let mut world = World::with_app().await;
    world.release("v1", "App-1-x86_64.AppImage", &version("1"), Some(&digest(&version("1"))));
    let plan = world.plan(&install("App")).await.unwrap();
    assert_eq!((plan.request.name.as_str(), plan.download_size), ("App", version("1").len() as u64));
    let [checked] = &plan.warnings[..] else { panic!("{plan:?}") };
    assert_eq!((checked.kind, &*checked.subject), (WarningKind::Checked, "github.com/ann/App v1"));
    assert_eq!(world.names(), [""; 0], "a plan changes nothing");

    let done = world.run(&install("App")).await.unwrap();
    assert_eq!((done.to_version.as_str(), world.names()), ("v1", vec!["App.AppImage".to_owned()]));
    let state = world.source.state().await.unwrap();
    let [app] = &state.installed[..] else { panic!("{state:?}") };
    assert_eq!(app.offer, OfferId::app_image("appimagehub", "App"));
    assert_eq!(kind(world.plan(&install("App")).await), FailureKind::AlreadyInstalled);
    assert_eq!(kind(world.run(&install("App")).await), FailureKind::AlreadyInstalled);

    world.release("v2", "App-2-x86_64.AppImage", &version("2"), None);
    world.later();
    world.refresh().await;
    let [update] = &world.source.state().await.unwrap().updates[..] else { panic!("no update") };
    assert_eq!((&update.offer, update.to_version.as_str()), (&app.offer, "v2"));
    let _ = world.run(&Request::update(update.offer.clone())).await.unwrap();
    assert_eq!(std::fs::read(world.home.path().join("Applications/App.AppImage")).unwrap(), version("2"));
    let _ = world.run(&Request::go_back(app.offer.clone())).await.unwrap();
    assert_eq!(world.source.state().await.unwrap().installed[0].version, "v1");
    let _ = world.run(&Request::remove(app.offer.clone(), false)).await.unwrap();
    assert_eq!((world.names(), world.source.state().await.unwrap().installed), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn what_the_person_has_from_elsewhere_is_not_fetched_again() {
    let world = World::with_app().await;
    let file = world.home.path().join("Downloads/mine.AppImage");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, version("1")).unwrap();
    let own = Request::install_file(SourceKind::AppImage, "user", file.to_str().unwrap());
    let _ = world.run(&own).await.unwrap();
    world.release("v1", "App-1-x86_64.AppImage", &version("1"), Some(&digest(&version("1"))));
    assert_eq!(kind(world.plan(&install("App")).await), FailureKind::AlreadyInstalled);
    assert_eq!(kind(world.run(&install("App")).await), FailureKind::AlreadyInstalled);
    assert_eq!(world.files.asked(), [""; 0]);
}

#[tokio::test]
async fn a_version_that_the_person_has_takes_the_place_of_a_listed_app_which_stays_that_of_the_list() {
    let world = World::with_app().await;
    world.release("v1", "App-1-x86_64.AppImage", &version("1"), Some(&digest(&version("1"))));
    let _ = world.run(&install("App")).await.unwrap();
    let file = world.home.path().join("Downloads/mine.AppImage");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, version("2")).unwrap();
    let own = Request::install_file(SourceKind::AppImage, "user", file.to_str().unwrap());
    let plan = world.plan(&own).await.unwrap();
    let offer = OfferId::app_image("appimagehub", "App");
    assert_eq!((plan.request.replaces.as_ref(), plan.steps[0].reference.as_str()), (Some(&offer), "App"));
    let _ = world.run(&plan.request).await.unwrap();
    let state = world.source.state().await.unwrap();
    let [app] = &state.installed[..] else { panic!("{state:?}") };
    assert_eq!(app.offer, offer);
    assert_eq!(std::fs::read(world.home.path().join("Applications/App.AppImage")).unwrap(), version("2"));
}

#[tokio::test]
async fn what_nobody_can_check_is_told_before() {
    let world = World::with_app().await;
    world.release("v1", "App.AppImage", &version("1"), None);
    let plan = world.plan(&install("App")).await.unwrap();
    assert_eq!(plan.warnings[0].kind, WarningKind::Unchecked);
    let _ = world.run(&install("App")).await.unwrap();
}

#[tokio::test]
async fn another_file_than_the_release_names_leaves_nothing() {
    let world = World::with_app().await;
    world.release("v1", "App-1-x86_64.AppImage", &version("1"), Some(&"ab".repeat(32)));
    assert_eq!(kind(world.run(&install("App")).await), FailureKind::Damaged);
    world.release("v1", "App-1-x86_64.AppImage", b"<html>Log in first, please, before you download this</html>", None);
    let _ = std::fs::remove_dir_all(environment(&world.home, &world.forge).releases());
    assert_eq!(kind(world.run(&install("App")).await), FailureKind::BadFile);
    assert_eq!((world.names(), world.source.state().await.unwrap().installed), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn a_file_that_is_missing_once_is_not_gone_for_good() {
    let world = World::with_app().await;
    world.release("v1", "App-1-x86_64.AppImage", &version("1"), None);
    world.files.faults(&[Fault::Status("404 Not Found")]);
    let Err(Stop::Failed(failure)) = world.run(&install("App")).await else { panic!("it was not there") };
    assert_eq!((failure.kind, failure.subject.as_str()), (FailureKind::FileMissing, "App"));
    assert!(failure.kind.may_pass());
    assert_eq!(world.missing().await, [], "the project is there, and so is its release");
    let _ = world.run(&install("App")).await.unwrap();
}

#[tokio::test]
async fn what_breaks_off_goes_on_and_what_is_cancelled_leaves_nothing() {
    let world = World::with_app().await;
    let bytes = version("1");
    world.release("v1", "App-1-x86_64.AppImage", &bytes, Some(&digest(&bytes)));
    let half = bytes.len() / 2;
    world.files.faults(&[Fault::Silent(half)]);
    let (request, cancel) = (install("App"), CancellationToken::new());
    let (reporter, mut progress) = Reporter::new();
    let stop = async {
        while progress.borrow_and_update().bytes < half as u64 {
            progress.changed().await.unwrap();
        }
        cancel.cancel();
    };
    let (stopped, ()) = tokio::join!(world.source.run(&request, &reporter, &cancel), stop);
    assert_eq!((stopped.unwrap_err(), world.names()), (Stop::Cancelled, Vec::new()));

    world.files.asked();
    world.files.faults(&[Fault::Cut(half), Fault::Status("500 Oh")]);
    assert_eq!(kind(world.run(&request).await), FailureKind::Offline);
    assert_eq!(world.names().len(), 2, "a part and its note, for the next try");
    let _ = world.run(&request).await.unwrap();
    let asked = world.files.asked();
    assert!(asked.last().unwrap().contains(&format!("bytes={half}-")), "{asked:?}");
    assert_eq!(world.names(), ["App.AppImage"]);
}

#[tokio::test]
async fn that_there_is_nothing_is_told_and_remembered_until_there_is() {
    let mut world = World::with_app().await;
    let release = |files: &str| format!(r#"{{"tag_name": "v1", "assets": [{files}]}}"#);
    let file = |name: &str| release(&format!(r#"{{"name": "{name}", "browser_download_url": "{{base}}/x"}}"#));
    let none = ("404 Not Found", String::new());
    let cases = [
        (none.clone(), none.clone(), FailureKind::ProjectGone, Absence::ProjectGone),
        (none, ("200 OK", "[]".to_owned()), FailureKind::NoRelease, Absence::NoRelease),
        (
            ("200 OK", file("App.deb")),
            ("200 OK", format!("[{}]", file("App.deb"))),
            FailureKind::NoAppImage,
            Absence::NoAppImage,
        ),
        (
            ("200 OK", file("App-arm64.AppImage")),
            ("200 OK", format!("[{}]", file("App-arm64.AppImage"))),
            FailureKind::WrongArchitecture,
            Absence::OtherMachine,
        ),
    ];
    for ((status, latest), (other, newest), failure, absence) in cases {
        world.later();
        world.forge.set(LATEST, status, "", &latest);
        world.forge.set(NEWEST, other, "", &newest);
        assert_eq!(kind(world.plan(&install("App")).await), failure);
        assert_eq!(world.missing().await, [("App".to_owned(), Some(absence))], "{failure:?}");
    }
    world.later();
    world.forge.set(LATEST, "429 Too Many Requests", "Retry-After: 60\r\n", "");
    let asked = world.plan(&install("App")).await;
    assert!(matches!(&asked, Err(Stop::Failed(failure)) if failure.subject == "github.com"), "{asked:?}");
    assert_eq!(kind(asked), FailureKind::AskedTooOften);
    assert_eq!(world.missing().await.len(), 1, "that says nothing of the app");
    world.later();
    world.release("v1", "App.AppImage", &version("1"), None);
    let _ = world.plan(&install("App")).await.unwrap();
    assert_eq!(world.missing().await, []);
}

#[tokio::test]
async fn the_file_of_another_app_of_the_project_is_never_taken() {
    let link = r#""links": [{"type": "GitHub", "url": "ann/App"}]"#;
    let items = format!(r#"{{"name": "App", {link}}}, {{"name": "App_Server", {link}}}"#);
    let mut world = World::new(&items).await;
    world.release("v1", "App-Server-1-x86_64.AppImage", &version("1"), None);
    assert_eq!(kind(world.plan(&install("App")).await), FailureKind::NoAppImage);
    world.later();
    world.release("v1", "App-1-x86_64.AppImage", &version("1"), None);
    let _ = world.run(&install("App")).await.unwrap();
    world.later();
    world.release("v2", "App-Server-2-x86_64.AppImage", &version("2"), None);
    world.refresh().await;
    assert_eq!(world.source.state().await.unwrap().updates, [], "nor as an update");
}

#[tokio::test]
async fn what_is_in_no_list_or_can_be_had_by_hand_only_is_refused() {
    let items = r#"{"name": "Page", "links": [{"type": "Download", "url": "https://example.org/downloads"}]},
        {"name": "Other", "links": [{"type": "Download", "url": "https://example.org/Other-aarch64.AppImage"}]}"#;
    let world = World::new(items).await;
    assert_eq!(kind(world.plan(&install("Nothing")).await), FailureKind::NotFound);
    assert_eq!(kind(world.plan(&install("Page")).await), FailureKind::NoBackend);
    assert_eq!(kind(world.plan(&install("Other")).await), FailureKind::WrongArchitecture);
    let settings = environment(&world.home, &world.forge).settings();
    strata_platform::files::replace(&settings, b"[network]\nappimages = false\n").unwrap();
    assert_eq!(kind(world.plan(&install("Page")).await), FailureKind::NotFound, "who wants no list has none");
}
