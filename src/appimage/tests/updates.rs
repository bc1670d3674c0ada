//! Updates of AppImages as the engine sees them: found where a file says that they come from, fetched, put into its place.

#![cfg(target_arch = "x86_64")] // which the made ones are for
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "server/file.rs"]
mod file;
mod made;
mod server;

use backhand::compression::Compressor;
use file::{Fault, FileServer};
use made::zsync::{USUAL, control, noise};
use made::{DESKTOP, Elf, Made};
use server::Server;
use sha1::{Digest, Sha1};
use sha2::Sha256;
use std::path::PathBuf;
use std::sync::Arc;
use strata_appimage::AppImages;
use strata_appimage::library::Library;
use strata_engine::{Outcome, Reporter, Source};
use strata_model::{Failure, FailureKind, Request, SourceKind, Stop, Update};
use strata_platform::Environment;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const ID: &str = "org.example.App";
const RELEASES: &str = "gh-releases-zsync|ann|App|latest|App-*-x86_64.AppImage.zsync";

/// A version of an AppImage whose updates come from there. Most of it is as in every other version.
fn version(name: &str, updates: &str) -> Vec<u8> {
    let desktop = DESKTOP.replace("Name=App", &format!("Name=App\nX-AppImage-Version={name}"));
    let data = noise(1, 300_000);
    let entries = [("data", Made::File(&data)), ("org.example.App.desktop", Made::File(desktop.as_bytes()))];
    let bundle = made::squash(Compressor::Gzip, &entries);
    let mut information = updates.as_bytes().to_vec();
    information.resize(512, 0);
    made::appimage(&Elf { sections: vec![(".upd_info", information)], ..Elf::default() }, &bundle)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// A person with version 1 of an app, and a forge that has version 2.
struct World {
    home: TempDir,
    forge: Server,
    files: FileServer,
    /// Has the control file of version 2, for who asks for it.
    controls: FileServer,
    source: AppImages,
    new: Vec<u8>,
}

impl World {
    async fn new(updates: impl Fn(&Server) -> String) -> Self {
        let (home, forge) = (tempfile::tempdir().unwrap(), Server::start());
        let updates = updates(&forge);
        let new = version("2", &updates);
        let files = FileServer::start(&new, Some("\"2\""));
        let controls = FileServer::start(&control(&new, &files.url, 2048, USUAL), None);
        let environment = Arc::new(environment(&home, &forge));
        // Only what is installed is asked for here.
        let settings = environment.settings();
        std::fs::create_dir_all(settings.parent().unwrap()).unwrap();
        std::fs::write(settings, "[network]\nappimages = false\n").unwrap();
        let world = Self { source: AppImages::new(environment), home, forge, files, controls, new };
        let old = world.home.path().join("Downloads/a.AppImage");
        std::fs::create_dir_all(old.parent().unwrap()).unwrap();
        std::fs::write(&old, version("1", &updates)).unwrap();
        let install = Request::install_file(SourceKind::AppImage, "user", old.to_str().unwrap());
        let installed = world.run(&install).await.unwrap();
        assert_eq!(installed.to_version, "1");
        world
    }

    /// The forge has version 2 with this digest, and its control file elsewhere is lost.
    fn releases(&self, digest: &str) {
        self.releases_with(digest, &format!("{}/gone.zsync", self.forge.url));
    }

    /// The forge has version 2 with this digest, and its control file here.
    fn releases_with(&self, digest: &str, control: &str) {
        let Self { files, new, .. } = self;
        let file = |name: &str, url: &str, size: usize| {
            format!(
                r#"{{"name": "{name}", "size": {size}, "digest": "sha256:{digest}", "browser_download_url": "{url}"}}"#
            )
        };
        let app = file("App-2-x86_64.AppImage", &files.url, new.len());
        let control = file("App-2-x86_64.AppImage.zsync", control, 7);
        let release =
            format!(r#"{{"tag_name": "v2", "published_at": "2026-11-22T12:00:00Z", "assets": [{app}, {control}]}}"#);
        self.forge.ok("/gh/repos/ann/App/releases/latest", &release);
    }

    async fn run(&self, request: &Request) -> Result<Outcome, Stop> {
        self.source.run(request, &Reporter::new().0, &CancellationToken::new()).await
    }

    async fn refresh(&self) -> Outcome {
        self.run(&Request::refresh(SourceKind::AppImage)).await.unwrap()
    }

    async fn updates(&self) -> Vec<Update> {
        self.source.state().await.unwrap().updates
    }

    async fn update(&self) -> Result<Outcome, Stop> {
        let offer = self.source.state().await.unwrap().installed[0].offer.clone();
        self.run(&Request::update(offer)).await
    }

    /// Bytes of the new version that the server sent since the last time.
    fn sent(&self) -> usize {
        std::mem::take(&mut self.files.state.lock().unwrap().sent)
    }

    fn library(&self) -> Library {
        Library::new(&environment(&self.home, &self.forge))
    }

    fn file(&self) -> PathBuf {
        self.home.path().join("Applications/App.AppImage")
    }

    /// What lies in the folder of AppImages, by name.
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.home.path().join("Applications")).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

fn environment(home: &TempDir, forge: &Server) -> Environment {
    let value = |name: &str| match name {
        "HOME" => Some(home.path().into()),
        "STRATA_SYSTEM_ROOT" => Some(home.path().join("system").into()),
        "STRATA_GITHUB" => Some(format!("{}/gh", forge.url).into()),
        _ => None,
    };
    Environment::from_variables(&value)
}

#[tokio::test]
async fn what_a_release_has_is_an_update_that_can_be_gone_back_from() {
    let world = World::new(|_| RELEASES.to_owned()).await;
    assert_eq!(world.updates().await, [], "nobody was asked");
    world.releases(&hex(&Sha256::digest(&world.new)));
    assert!(!world.refresh().await.unchanged);
    let [update] = &world.updates().await[..] else { panic!() };
    assert_eq!((update.from_version.as_str(), update.to_version.as_str()), ("1", "v2"));
    assert_eq!(update.download_size, world.new.len() as u64);
    let request = Request::update(update.offer.clone());
    let plan = world.source.plan(&request, &CancellationToken::new()).await.unwrap();
    assert_eq!((plan.steps.len(), plan.download_size), (1, world.new.len() as u64));

    let done = world.update().await.unwrap();
    assert_eq!((done.from_version.as_str(), done.to_version.as_str(), done.unchanged), ("1", "v2", false));
    assert_eq!(std::fs::read(world.file()).unwrap(), world.new);
    assert_eq!(world.names(), [".App.AppImage.previous", "App.AppImage"]);
    assert_eq!(world.updates().await, []);
    assert!(world.refresh().await.unchanged && world.updates().await.is_empty(), "nor the next time");
    assert!(world.update().await.unwrap().unchanged);

    world.library().go_back(ID).unwrap();
    assert_eq!(world.updates().await, [], "nobody wants it");
    world.refresh().await;
    assert_eq!(world.updates().await, []);
}

#[tokio::test]
async fn a_control_file_tells_an_update_by_its_sum() {
    let world = World::new(|forge| format!("zsync|{}/App.AppImage.zsync", forge.url)).await;
    let head = |bytes: &[u8]| {
        let sum = hex(&Sha1::digest(bytes));
        format!(
            "zsync: 0.6.2\nFilename: App.AppImage\nLength: {}\nURL: {}\nSHA-1: {sum}\n\n",
            bytes.len(),
            world.files.url
        )
    };
    let old = std::fs::read(world.file()).unwrap();
    world.forge.ok("/App.AppImage.zsync", &head(&old));
    world.refresh().await;
    assert_eq!(world.updates().await, [], "it is the one that is there");
    world.forge.ok("/App.AppImage.zsync", &head(&world.new));
    world.refresh().await;
    assert_eq!(world.updates().await.len(), 1);
    let _ = world.update().await.unwrap();
    assert_eq!(std::fs::read(world.file()).unwrap(), world.new);
    assert_eq!(world.updates().await, []);
    world.library().go_back(ID).unwrap();
    world.refresh().await;
    assert_eq!(world.updates().await, [], "it was gone back from");
}

#[tokio::test]
async fn what_is_not_what_the_release_says_changes_nothing() {
    let world = World::new(|_| RELEASES.to_owned()).await;
    let old = std::fs::read(world.file()).unwrap();
    world.releases(&"ab".repeat(32));
    world.refresh().await;
    let refused = world.update().await;
    assert!(matches!(&refused, Err(Stop::Failed(Failure { kind: FailureKind::Damaged, .. }))), "{refused:?}");
    assert_eq!((std::fs::read(world.file()).unwrap(), world.names()), (old, vec!["App.AppImage".to_owned()]));
    assert_eq!(world.updates().await.len(), 1, "it is still there to be had");
}

#[tokio::test]
async fn a_cancelled_update_goes_on_where_it_was() {
    let world = World::new(|_| RELEASES.to_owned()).await;
    world.releases(&hex(&Sha256::digest(&world.new)));
    world.refresh().await;
    let half = world.new.len() / 2;
    world.files.faults(&[Fault::Silent(half)]);
    let offer = world.source.state().await.unwrap().installed[0].offer.clone();
    let (request, cancel) = (Request::update(offer), CancellationToken::new());
    let (reporter, mut progress) = Reporter::new();
    let running = world.source.run(&request, &reporter, &cancel);
    let stop = async {
        while progress.borrow_and_update().bytes < half as u64 {
            progress.changed().await.unwrap();
        }
        cancel.cancel();
    };
    let (stopped, ()) = tokio::join!(running, stop);
    assert_eq!(stopped.unwrap_err(), Stop::Cancelled);
    assert_eq!(std::fs::read(world.file()).unwrap().len(), version("1", RELEASES).len());
    world.files.state.lock().unwrap().asked.clear();
    let _ = world.update().await.unwrap();
    let asked = world.files.state.lock().unwrap().asked.clone();
    assert!(asked[0].contains(&format!("bytes={half}-")), "{asked:?}");
    assert_eq!(std::fs::read(world.file()).unwrap(), world.new);
}

#[tokio::test]
async fn a_project_that_does_not_answer_costs_itself() {
    let world = World::new(|_| RELEASES.to_owned()).await;
    world.releases(&hex(&Sha256::digest(&world.new)));
    world.refresh().await;
    world.forge.set("/gh/repos/ann/App/releases/latest", "500 Internal Server Error", "", "");
    let again = AppImages::new(Arc::new(environment(&world.home, &world.forge)));
    let reporter = Reporter::new().0;
    std::fs::remove_dir_all(environment(&world.home, &world.forge).releases()).unwrap();
    let asked = again.run(&Request::refresh(SourceKind::AppImage), &reporter, &CancellationToken::new()).await.unwrap();
    assert_eq!(asked.partial.len(), 1, "{asked:?}");
    assert_eq!(again.state().await.unwrap().updates.len(), 1, "what was known stays");
}

#[tokio::test]
async fn only_what_is_new_of_a_version_is_fetched() {
    let world = World::new(|_| RELEASES.to_owned()).await;
    let digest = hex(&Sha256::digest(&world.new));
    world.releases_with(&digest, &world.controls.url);
    let done = world.update().await.unwrap();
    assert_eq!((done.from_version.as_str(), done.to_version.as_str()), ("1", "v2"));
    assert_eq!(std::fs::read(world.file()).unwrap(), world.new);
    assert_eq!(world.names(), [".App.AppImage.previous", "App.AppImage"]);
    let sent = world.sent();
    assert!(sent * 10 < world.new.len(), "{sent} of {}", world.new.len());

    // At an address of its own the control file says where the file is.
    let controls = FileServer::start(b"", None);
    let own = controls.url.clone();
    let world = World::new(|_| format!("zsync|{own}")).await;
    controls.state.lock().unwrap().body = control(&world.new, &world.files.url, 2048, USUAL);
    let _ = world.update().await.unwrap();
    assert_eq!(std::fs::read(world.file()).unwrap(), world.new);
    let sent = world.sent();
    assert!(sent * 10 < world.new.len(), "{sent} of {}", world.new.len());
}

#[tokio::test]
async fn a_control_file_comes_once_from_the_question_to_the_update() {
    for (etag, asked) in [("", vec![""]), ("ETag: \"c\"\r\n", vec!["", " \"c\"", " \"c\""])] {
        let world = World::new(|forge| format!("zsync|{}/c.zsync", forge.url)).await;
        let head = String::from_utf8(control(&world.new, &world.files.url, 2048, (1, 0, 0))).unwrap();
        world.forge.set("/c.zsync", "200 OK", etag, &head);
        world.refresh().await;
        let request = Request::update(world.updates().await[0].offer.clone());
        let plan = world.source.plan(&request, &CancellationToken::new()).await.unwrap();
        assert_eq!(plan.download_size, world.new.len() as u64);
        // The engine may have left in between.
        let again = AppImages::new(Arc::new(environment(&world.home, &world.forge)));
        let _ = again.run(&request, &Reporter::new().0, &CancellationToken::new()).await.unwrap();
        assert_eq!(std::fs::read(world.file()).unwrap(), world.new);
        let asked: Vec<_> = asked.into_iter().map(|name| format!("/c.zsync{name}")).collect();
        assert_eq!(world.forge.asked(), asked, "what is asked by its name comes once");
        // Whoever asks for news is told them, also by a server that names nothing.
        let third = version("3", "");
        let head = String::from_utf8(control(&third, &world.files.url, 2048, (1, 0, 0))).unwrap();
        world.forge.set("/c.zsync", "200 OK", &etag.replace('c', "d"), &head);
        world.refresh().await;
        assert_eq!(world.updates().await[0].download_size, third.len() as u64);
        let _ = world.run(&Request::remove(request.offer, false)).await.unwrap();
        let kept = std::fs::read_dir(environment(&world.home, &world.forge).releases()).unwrap();
        assert_eq!(kept.count(), 0, "it goes with its app");
    }
}

/// The person has it signed by this key: nobody signs the ones that are made here.
fn signed(world: &World, key: &str) {
    let path = world.home.path().join(format!(".local/share/strata/appimages/{ID}.json"));
    let mut record: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    (record["fingerprint"], record["version"]["fingerprint"]) = (key.into(), key.into());
    std::fs::write(path, record.to_string()).unwrap();
}

fn kind(stopped: Result<Outcome, Stop>) -> FailureKind {
    let Err(Stop::Failed(failure)) = stopped else { panic!("{stopped:?}") };
    failure.kind
}

#[tokio::test]
async fn what_nobody_is_there_to_answer_is_fetched_once() {
    let world = World::new(|_| RELEASES.to_owned()).await;
    signed(&world, "AB12");
    world.releases("");
    world.refresh().await;
    let own = Request::update(world.updates().await[0].offer.clone());
    let by_itself = own.clone().unattended();
    for fetched in [1, 0, 0] {
        assert_eq!(kind(world.run(&by_itself).await), FailureKind::NoLongerSigned);
        assert_eq!(world.files.asked().len(), fetched);
        world.refresh().await;
        assert_eq!(world.updates().await.len(), 1, "it is there to be had");
    }
    assert_eq!(kind(world.run(&own).await), FailureKind::NoLongerSigned, "a person is told what is there now");
    assert_eq!(world.files.asked().len(), 1);
    // Another key is another question, which nobody knows yet.
    signed(&world, "CD34");
    assert_eq!(kind(world.run(&by_itself).await), FailureKind::NoLongerSigned);
    assert_eq!(world.files.asked().len(), 1);
    let yes = Request { accepted: "signed by CD34 before, now by nobody".to_owned(), ..own };
    let _ = world.run(&yes).await.unwrap();
    assert_eq!((std::fs::read(world.file()).unwrap(), world.updates().await), (world.new.clone(), vec![]));
}

/// What goes wrong with a delta.
type Break<'a> = &'a dyn Fn(&World);

#[tokio::test]
async fn where_there_is_no_delta_the_whole_file_comes() {
    let lie = |control: Vec<u8>, from: &str, to: &str| {
        let head = control.windows(2).position(|pair| pair == b"\n\n").unwrap();
        let text = String::from_utf8(control[..head].to_vec()).unwrap();
        assert!(text.contains(from), "{text}");
        [text.replace(from, to).as_bytes(), &control[head..]].concat()
    };
    let controls = |world: &World, body: Vec<u8>| world.controls.state.lock().unwrap().body = body;
    let usual = |world: &World| control(&world.new, &world.files.url, 2048, USUAL);
    let breaks: [(&str, Break); 6] = [
        ("another sum", &|world| {
            let sum = hex(&Sha1::digest(&world.new));
            controls(world, lie(usual(world), &sum, &"0".repeat(40)));
        }),
        ("another length", &|world| {
            let said = format!("Length: {}", world.new.len());
            controls(world, lie(usual(world), &said, &format!("Length: {}", world.new.len() - 1)));
        }),
        ("sums of another file", &|world| {
            let (other, sum) = (noise(2, world.new.len()), hex(&Sha1::digest(&world.new)));
            let bytes = control(&other, "x", 2048, USUAL);
            controls(world, lie(bytes, &hex(&Sha1::digest(&other)), &sum));
        }),
        ("no control file", &|world| controls(world, b"<html>".to_vec())),
        ("no parts", &|world| world.files.faults(&[Fault::Whole])),
        ("refused parts", &|world| world.files.faults(&[Fault::Status("403 No parts")])),
    ];
    for (what, break_it) in breaks {
        let world = World::new(|_| RELEASES.to_owned()).await;
        world.releases_with(&hex(&Sha256::digest(&world.new)), &world.controls.url);
        break_it(&world);
        let _ = world.update().await.unwrap();
        assert_eq!(std::fs::read(world.file()).unwrap(), world.new, "{what}");
        assert_eq!(world.names(), [".App.AppImage.previous", "App.AppImage"], "{what}");
        assert!(world.sent() >= world.new.len(), "{what}");
    }
}

#[tokio::test]
async fn a_forge_that_wants_to_be_left_alone_is_not_asked_for_the_whole_file() {
    let world = World::new(|_| RELEASES.to_owned()).await;
    world.releases_with(&hex(&Sha256::digest(&world.new)), &world.controls.url);
    world.files.faults(&[Fault::Status("429 Too Many Requests")]);
    let busy = world.update().await;
    assert!(matches!(&busy, Err(Stop::Failed(Failure { kind: FailureKind::AskedTooOften, .. }))), "{busy:?}");
    assert_eq!(world.files.asked().len(), 1);
    let _ = world.update().await.unwrap();
    assert_eq!(std::fs::read(world.file()).unwrap(), world.new);
}
