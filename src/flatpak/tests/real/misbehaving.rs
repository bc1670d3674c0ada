//! Servers and files of people who mean no good: silent, endless, leading elsewhere.

use crate::ground::{APP, Ground, ORIGIN, PATIENCE};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use strata_demo::{Manners, Server};
use strata_engine::{Outcome, Reporter, Source};
use strata_flatpak::Flatpak;
use strata_model::{Failure, FailureKind, Request, SourceKind, Stop};
use tokio_util::sync::CancellationToken;

/// What a cancelled task may take, on a machine with much else to do.
const SOON: Duration = Duration::from_secs(10);

fn silent_after(requests: u64) -> Manners {
    Manners { silent_after: Some(requests), ..Manners::default() }
}

fn endless() -> Manners {
    Manners { endless: true, ..Manners::default() }
}

fn add(name: &str, location: &str) -> Request {
    Request::add_origin(SourceKind::Flatpak, "user", name, location)
}

fn install(location: &str) -> Request {
    Request::install_file(SourceKind::Flatpak, "user", location)
}

impl Ground {
    /// Runs and cancels as soon as the server was asked for so much that it is silent.
    async fn cancel_in_silence(&self, request: &Request, silent_after: u64) -> (Result<Outcome, Stop>, Duration) {
        let (reporter, _watched) = Reporter::new();
        let cancel = CancellationToken::new();
        let running = self.flatpak.run(request, &reporter, &cancel);
        let cancelling = async {
            self.until_asked(silent_after + 1).await;
            cancel.cancel();
            Instant::now()
        };
        let (result, cancelled) = tokio::join!(running, cancelling);
        (result, cancelled.elapsed())
    }

    async fn until_asked(&self, requests: u64) {
        let deadline = Instant::now() + PATIENCE;
        while self.server.requests() < requests {
            assert!(Instant::now() < deadline, "the server was not asked");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn origins(&self) -> Vec<String> {
        self.state().await.origins.into_iter().map(|origin| origin.name).collect()
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Puts a file where the server gives it out; its address.
    fn publish_file(&self, name: &str, text: &str) -> String {
        fs::write(self.repository.folder().join(name), text).unwrap();
        format!("{}/{name}", self.server.url())
    }

    /// Another server of the same repository, known to the person's installation.
    fn second_origin(&self, name: &str) -> Server {
        let server = Server::start(self.repository.folder()).unwrap();
        self.command(&["remote-add", "--user", "--no-gpg-verify", name, &server.url()]);
        server
    }

    fn pipe(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        path
    }

    /// The failure of planning, which has to come soon: reading a pipe would never end.
    async fn refusal(&self, location: &str) -> Failure {
        let request = install(location);
        let planned = tokio::time::timeout(PATIENCE, self.plan(&request)).await;
        match planned.unwrap_or_else(|_| panic!("{location} is waited for")) {
            Err(Stop::Failed(failure)) => failure,
            other => panic!("{other:?} instead of a failure: {location}"),
        }
    }
}

fn reference(url: &str, runtimes: &str) -> String {
    format!("[Flatpak Ref]\nName={APP}\nBranch=stable\nUrl={url}\nRuntimeRepo={runtimes}\n")
}

fn a_server() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    for name in ["summary", "summary.idx", "x.flatpakrepo"] {
        fs::write(folder.path().join(name), "x").unwrap();
    }
    let server = Server::start(folder.path()).unwrap();
    (folder, server)
}

#[tokio::test]
async fn an_origin_that_says_nothing_costs_only_itself() {
    let ground = Ground::with_app().await;
    let silent = ground.second_origin("silent");
    silent.behave(silent_after(0));
    let begun = Instant::now();
    let outcome = ground.refresh().await;
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    let failed: Vec<_> = outcome.partial.iter().map(|failure| (failure.subject.as_str(), failure.kind)).collect();
    assert_eq!(failed, [("silent", FailureKind::Offline)]);
    assert!(outcome.touched.contains(ORIGIN));
}

#[tokio::test]
async fn a_refresh_is_cancelled_also_where_nobody_answers() {
    let ground = Ground::with_app().await;
    let refresh = Request::refresh(SourceKind::Flatpak);
    // Silent from the beginning, and silent when libflatpak asks.
    for requests in [0, 1] {
        ground.server.behave(silent_after(requests));
        let (result, took) = ground.cancel_in_silence(&refresh, requests).await;
        assert_eq!(result, Err(Stop::Cancelled));
        assert!(took < SOON, "{took:?}");
        ground.server.behave(Manners::default());
        assert_eq!(ground.refresh().await.partial, [], "the installation is free again");
    }
}

#[tokio::test]
async fn an_origin_whose_adding_is_cancelled_does_not_come() {
    let ground = Ground::bare();
    for requests in [0, 1] {
        ground.server.behave(silent_after(requests));
        let (result, took) = ground.cancel_in_silence(&add("new", &ground.server.url()), requests).await;
        assert_eq!(result, Err(Stop::Cancelled));
        assert!(took < SOON, "{took:?}");
        assert_eq!(ground.origins().await, [] as [String; 0]);
        ground.server.behave(Manners::default());
    }
    // After whatever was left behind.
    ground.refresh().await;
    assert_eq!(ground.origins().await, [] as [String; 0]);
    let folder = ground.repository.folder().to_string_lossy().into_owned();
    ground.run(&add("new", &folder)).await.unwrap();
    assert_eq!(ground.origins().await, ["new"]);
}

#[tokio::test]
async fn an_origin_whose_adding_is_broken_off_is_taken_away() {
    let ground = Ground::bare();
    ground.add_remote("--user", &["--no-gpg-verify"]);
    ground.server.behave(silent_after(1));
    let request = add("new", &ground.server.url());
    let (reporter, _watched) = Reporter::new();
    let cancel = CancellationToken::new();
    tokio::select! {
        ended = ground.flatpak.run(&request, &reporter, &cancel) => panic!("{ended:?}"),
        () = ground.until_asked(2) => {}
    }
    assert_eq!(ground.origins().await, ["new", ORIGIN]);
    ground.server.behave(Manners::default());
    let next = Flatpak::new(Arc::clone(&ground.environment));
    next.recover(&request).await.unwrap();
    assert_eq!(ground.origins().await, [ORIGIN]);
    // One that was there before, whose second adding was broken off before it was refused.
    next.recover(&add(ORIGIN, &ground.server.url())).await.unwrap();
    assert_eq!(ground.origins().await, [ORIGIN]);
}

#[tokio::test]
async fn a_summary_without_end_is_not_read() {
    let ground = Ground::with_app().await;
    let (_folder, server) = a_server();
    server.behave(endless());
    let failure = ground.failure(&add("endless", &server.url())).await;
    assert_eq!((failure.kind, failure.subject.as_str()), (FailureKind::Damaged, "endless"), "{failure}");
    assert_eq!(ground.origins().await, [ORIGIN, ORIGIN]);
    let file = ground.write("a.flatpakref", &reference(&server.url(), &server.url()));
    let failure = ground.refusal(&file.to_string_lossy()).await;
    assert_eq!(failure.kind, FailureKind::Damaged, "{failure}");
    let server = ground.second_origin("endless");
    server.behave(endless());
    let outcome = ground.refresh().await;
    let failed: Vec<_> = outcome.partial.iter().map(|failure| (failure.subject.as_str(), failure.kind)).collect();
    assert_eq!(failed, [("endless", FailureKind::Damaged)]);
}

#[tokio::test]
async fn what_comes_from_elsewhere_names_nothing_of_this_machine() {
    let ground = Ground::with_app().await;
    let here = format!("file://{}", ground.repository.folder().display());
    let description = ground.write("here.flatpakrepo", &format!("[Flatpak Repo]\nTitle=x\nUrl={here}\n"));
    let leading_here = ground.publish_file("here.flatpakrepo", &fs::read_to_string(&description).unwrap());
    let good = ground.server.url();
    for (url, runtimes) in [
        (good.as_str(), "file:///dev/zero".to_owned()),
        (&good, "file:///etc/passwd".to_owned()),
        (&good, format!("file://{}", description.display())),
        (&good, leading_here),
        (&here, format!("{good}/runtimes.flatpakrepo")),
        ("file:///etc", String::new()),
        ("javascript:alert(1)", String::new()),
        ("../../..", String::new()),
    ] {
        let address = ground.publish_file("evil.flatpakref", &reference(url, &runtimes));
        let failure = ground.refusal(&address).await;
        assert_eq!(failure.kind, FailureKind::BadFile, "{url} {runtimes} {failure}");
        assert!(!failure.detail.contains("root:"), "{failure}");
    }
    assert_eq!(ground.state().await.origins.len(), 2);
}

#[tokio::test]
async fn what_a_local_file_names_is_a_small_file_or_a_folder() {
    let ground = Ground::with_app().await;
    let pipe = ground.pipe("pipe.flatpakrepo");
    let (_folder, server) = a_server();
    server.behave(endless());
    let good = ground.server.url();
    for (url, runtimes) in [
        (good.as_str(), "file:///dev/zero".to_owned()),
        (&good, "file:///etc/passwd".to_owned()),
        (&good, format!("file://{}", pipe.display())),
        (&good, format!("{}/x.flatpakrepo", server.url())),
        (&good, "ftp://example.org/x".to_owned()),
        ("file:///dev/zero", String::new()),
        ("file:///nowhere", String::new()),
    ] {
        let file = ground.write("evil.flatpakref", &reference(url, &runtimes));
        let failure = ground.refusal(&file.to_string_lossy()).await;
        assert_eq!(failure.kind, FailureKind::BadFile, "{url} {runtimes} {failure}");
        assert!(!failure.detail.contains("root:"), "{failure}");
    }
    let cache: Vec<_> =
        fs::read_dir(&ground.environment.cache).into_iter().flatten().flatten().map(|file| file.path()).collect();
    assert_eq!(cache, [] as [PathBuf; 0], "something was left in the cache");
}

#[tokio::test]
async fn a_bundle_names_no_endless_description() {
    let ground = Ground::with_app().await;
    let (_folder, server) = a_server();
    server.behave(endless());
    let repository = ground.repository.folder().to_string_lossy().into_owned();
    for (runtimes, kind) in [
        (format!("{}/x.flatpakrepo", server.url()), FailureKind::BadFile),
        ("file:///dev/zero".to_owned(), FailureKind::BadFile),
    ] {
        let path = ground.folder.path().join("evil.flatpak");
        let option = format!("--runtime-repo={runtimes}");
        ground.command(&["build-bundle", &option, &repository, &path.to_string_lossy(), APP, "stable"]);
        let failure = ground.refusal(&path.to_string_lossy()).await;
        assert_eq!(failure.kind, kind, "{runtimes} {failure}");
    }
}

#[tokio::test]
async fn a_pipe_is_not_waited_for() {
    let ground = Ground::with_app().await;
    let uri = |path: &Path| format!("file://{}", path.display());
    for name in ["f.flatpakref", "f.flatpak"] {
        let pipe = ground.pipe(name);
        for location in [pipe.to_string_lossy().into_owned(), uri(&pipe)] {
            assert_eq!(ground.refusal(&location).await.kind, FailureKind::BadFile, "{location}");
        }
    }
    let pipe = ground.pipe("f.flatpakrepo");
    for location in [pipe.to_string_lossy().into_owned(), uri(&pipe)] {
        let request = add("pipe", &location);
        let failure = tokio::time::timeout(PATIENCE, ground.failure(&request)).await.unwrap();
        assert_eq!(failure.kind, FailureKind::BadFile, "{location}");
    }
}

#[tokio::test]
async fn an_address_that_makes_no_sense_is_no_origin() {
    let ground = Ground::bare();
    for url in ["javascript:alert(1)", "../../..", "http://[::bad", "ftp://example.org", "file:///nowhere"] {
        let file = ground.write("bad.flatpakrepo", &format!("[Flatpak Repo]\nTitle=x\nUrl={url}\n"));
        let failure = ground.failure(&add("bad", &file.to_string_lossy())).await;
        assert_eq!(failure.kind, FailureKind::BadFile, "{url} {failure}");
    }
    for location in ["http://[::bad", "http://", "javascript:alert(1)", "https://a b/"] {
        let failure = ground.failure(&add("bad", location)).await;
        assert_eq!(failure.kind, FailureKind::BadFile, "{location} {failure}");
    }
    let here = format!("[Flatpak Repo]\nTitle=x\nUrl=file://{}\n", ground.repository.folder().display());
    let address = ground.publish_file("here.flatpakrepo", &here);
    assert_eq!(ground.failure(&add("bad", &address)).await.kind, FailureKind::BadFile);
    assert_eq!(ground.origins().await, [] as [String; 0]);
    let file = ground.write("good.flatpakrepo", &here);
    ground.run(&add("good", &file.to_string_lossy())).await.unwrap();
}
