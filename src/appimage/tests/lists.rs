//! The lists of AppImages: fetched from a server on this machine, put together, handed to the catalogue.

#![allow(clippy::unwrap_used, clippy::panic)]

mod index;
mod server;

use index::{Index, TABLE, index, key};
use server::Server;
use std::path::Path;
use std::sync::Arc;
use strata_appimage::AppImages;
use strata_engine::{Outcome, Reporter, Source};
use strata_model::listed::{HEADER, Line, Listed, Lost};
use strata_model::{FailureKind, Request, SourceKind, Stop};
use strata_platform::{Environment, files};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const FEED: &str = r#"{"version": 1, "items": [
    {"name": "Paint", "description": "<p>Paint the sea.</p>", "links": [{"type": "GitHub", "url": "ann/Paint"}]},
    {"name": "Old", "links": [{"type": "GitHub", "url": "ann/old-tool"}]},
    {"name": "Nowhere", "links": []},
    {"name": ".Template", "links": [{"type": "GitHub", "url": "ann/Template"}]}]}"#;

/// The index for the machine that the tests run on.
const SOARPKGS: &str =
    if cfg!(target_arch = "aarch64") { "metadata-aarch64-linux.sdb.zstd" } else { "metadata-x86_64-linux.sdb.zstd" };

struct World {
    home: TempDir,
    server: Server,
    source: AppImages,
}

impl World {
    fn new() -> Self {
        let (home, server) = (tempfile::tempdir().unwrap(), Server::start());
        let source = source(home.path(), &server);
        server.set("/hub/feed.json", "200 OK", "ETag: \"1\"\r\n", FEED);
        server.ok("/pla/obsolete-apps", "old-tool 2019\n");
        let world = Self { home, server, source };
        world.publish(&index(TABLE));
        world
    }

    /// From now on this is the index of soarpkgs.
    fn publish(&self, Index { packed, signature }: &Index) {
        let path = format!("/soar/{SOARPKGS}");
        self.server.set_bytes(&path, "200 OK", "ETag: \"2\"\r\n", packed);
        self.server.ok(&format!("{path}.sig"), signature);
    }

    async fn refresh(&self) -> Result<Outcome, Stop> {
        let refresh = Request::refresh(SourceKind::AppImage);
        self.source.run(&refresh, &Reporter::new().0, &CancellationToken::new()).await
    }

    /// What the catalogue would read.
    async fn lines(&self) -> Vec<Line> {
        self.lines_of("appimagehub").await
    }

    async fn lines_of(&self, origin: &str) -> Vec<Line> {
        let feeds = self.source.feeds().await.unwrap();
        let Some(feed) = feeds.iter().find(|feed| feed.origin == origin) else { return Vec::new() };
        assert_eq!(feed.source, SourceKind::AppImage);
        let content = std::fs::read_to_string(&feed.file).unwrap();
        let mut lines = content.lines();
        assert_eq!(lines.next(), Some(HEADER));
        lines.map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn setting(&self, text: &str) {
        files::replace(&self.home.path().join(".config/strata/settings.toml"), text.as_bytes()).unwrap();
    }
}

fn source(home: &Path, server: &Server) -> AppImages {
    let value = |name: &str| match name {
        "HOME" => Some(home.into()),
        "STRATA_SYSTEM_ROOT" | "STRATA_POLICY" => Some(home.join("system").into()),
        "STRATA_APPIMAGEHUB" => Some(format!("{}/hub", server.url).into()),
        "STRATA_SOARPKGS" => Some(format!("{}/soar", server.url).into()),
        "STRATA_SOARPKGS_KEY" => Some(key().into()),
        "STRATA_PORTABLE_LINUX_APPS" => Some(format!("{}/pla", server.url).into()),
        _ => None,
    };
    AppImages::new(Arc::new(Environment::from_variables(&value)))
}

fn apps(lines: &[Line]) -> Vec<&Listed> {
    lines.iter().filter_map(|line| if let Line::App(app) = line { Some(&**app) } else { None }).collect()
}

#[tokio::test]
async fn lists_are_fetched_put_together_and_not_fetched_again() {
    let world = World::new();
    assert_eq!(world.lines().await, [], "nothing was asked yet");
    assert!(world.source.has_news(&world.source.state().await.unwrap()));
    let outcome = world.refresh().await.unwrap();
    assert!(outcome.feeds_changed && !outcome.unchanged && outcome.partial.is_empty(), "{outcome:?}");
    assert_eq!(
        world.server.asked(),
        [
            "/hub/feed.json",
            &format!("/soar/{SOARPKGS}"),
            &format!("/soar/{SOARPKGS}.sig"),
            "/pla/obsolete-apps",
            "/pla/archived-apps"
        ]
    );
    let lines = world.lines().await;
    let [paint, old] = apps(&lines)[..] else { panic!("{lines:?}") };
    assert_eq!((paint.reference.as_str(), paint.neglected), ("Paint", false));
    assert_eq!((&*paint.repository, &*paint.page), ("https://github.com/ann/Paint", "https://github.com/ann/Paint"));
    assert!(old.neglected, "by its repository's name");
    assert!(lines.contains(&Line::Lost { reason: Lost::NoOffer, count: 1 }), "{lines:?}");
    // The same again costs a question, and changes nothing.
    let outcome = world.refresh().await.unwrap();
    assert!(!outcome.feeds_changed && outcome.unchanged, "{outcome:?}");
    assert_eq!(world.server.asked()[..2], ["/hub/feed.json \"1\"", &format!("/soar/{SOARPKGS} \"2\"")]);
}

#[tokio::test]
async fn what_two_lists_have_is_one_app_with_the_digest_of_the_signed_one() {
    let world = World::new();
    let of = |name: &str, project: &str| {
        let url = format!("https://github.com/{project}/releases/download/v1/{name}.AppImage");
        format!(
            "INSERT INTO packages (pkg_name, pkg_type, version, download_url, size, bsum)
             VALUES ('{name}', 'appimage', 'v1', '{url}', 7, '{}');",
            "ab".repeat(32)
        )
    };
    world.publish(&index(&format!("{TABLE}{}{}", of("paint", "ann/paint"), of("sketch", "ben/sketch"))));
    assert!(world.refresh().await.unwrap().partial.is_empty());
    let (hub, soar) = (world.lines().await, world.lines_of("soarpkgs").await);
    let [paint, old] = apps(&hub)[..] else { panic!("{hub:?}") };
    let [sketch] = apps(&soar)[..] else { panic!("{soar:?}") };
    let pinned = paint.pinned.as_ref().unwrap();
    assert_eq!((&*paint.name, &*pinned.version, pinned.size), ("Paint", "v1", 7));
    assert_eq!((pinned.blake3.as_deref(), &old.pinned), (Some(&*"ab".repeat(32)), &None));
    assert_eq!((&*sketch.name, &*sketch.repository), ("sketch", "https://github.com/ben/sketch"));
    assert!(sketch.fetchable && sketch.pinned.is_some());
}

#[tokio::test]
async fn an_index_whose_signature_is_wrong_is_told_and_not_used() {
    let world = World::new();
    let row = "INSERT INTO packages (pkg_name, pkg_type, version, download_url)
        VALUES ('sketch', 'appimage', 'v1', 'https://github.com/ben/sketch/releases/download/v1/sketch.AppImage')";
    let good = index(&format!("{TABLE}{row}"));
    world.publish(&good);
    world.refresh().await.unwrap();
    let before = world.lines_of("soarpkgs").await;
    assert_eq!(apps(&before).len(), 1);
    // An older one, say, that somebody put in its place.
    world.publish(&Index { packed: index(TABLE).packed, signature: good.signature });
    world.server.set("/hub/feed.json", "404 Not Found", "", "");
    let outcome = world.refresh().await.unwrap();
    let faults: Vec<_> = outcome.partial.iter().map(|failure| (failure.kind, failure.subject.as_str())).collect();
    assert_eq!(
        faults,
        [(FailureKind::NothingThere, "appimagehub")],
        "the index has the same name and is not asked for"
    );
    let _ = std::fs::remove_file(world.home.path().join(".cache/strata/appimage-lists/answers.json"));
    let outcome = world.refresh().await.unwrap();
    let faults: Vec<_> = outcome.partial.iter().map(|failure| (failure.kind, failure.subject.as_str())).collect();
    assert!(faults.contains(&(FailureKind::SignatureWrong, "soarpkgs")), "{outcome:?}");
    assert_eq!(world.lines_of("soarpkgs").await, before);
    // What lies here is checked again before it is read.
    let file = world.home.path().join(".cache/strata/appimage-lists").join(SOARPKGS);
    let kept = std::fs::read(&file).unwrap();
    std::fs::write(&file, &index(TABLE).packed).unwrap();
    world.refresh().await.unwrap();
    assert_eq!(world.lines_of("soarpkgs").await, before);
    std::fs::write(&file, kept).unwrap();
}

#[tokio::test]
async fn what_is_damaged_here_is_fetched_again_whatever_its_name_at_the_server() {
    let world = World::new();
    let row = "INSERT INTO packages (pkg_name, pkg_type, version, download_url)
        VALUES ('sketch', 'appimage', 'v1', 'https://github.com/ben/sketch/releases/download/v1/sketch.AppImage')";
    world.publish(&index(&format!("{TABLE}{row}")));
    world.refresh().await.unwrap();
    let (hub, soar) = (world.lines().await, world.lines_of("soarpkgs").await);
    assert_eq!((apps(&hub).len(), apps(&soar).len()), (2, 1));
    let kept = world.home.path().join(".cache/strata/appimage-lists");
    for (file, damage) in
        [("feed.json".to_owned(), Some("{")), (SOARPKGS.to_owned(), Some("half")), (format!("{SOARPKGS}.sig"), None)]
    {
        let file = kept.join(file);
        match damage {
            Some(content) => std::fs::write(&file, content).unwrap(),
            None => std::fs::remove_file(&file).unwrap(),
        }
        let outcome = world.refresh().await.unwrap();
        assert!(outcome.partial.is_empty(), "{file:?}: {outcome:?}");
        assert!(file.metadata().unwrap().len() > 10, "{file:?}");
        assert_eq!((world.lines().await, world.lines_of("soarpkgs").await), (hub.clone(), soar.clone()), "{file:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_fetched_leaves_what_is_here() {
    let world = World::new();
    world.refresh().await.unwrap();
    let before = world.lines().await;
    let cases = [
        ("503 Service Unavailable", "", FailureKind::AskedTooOften, "busy"),
        ("404 Not Found", "", FailureKind::NothingThere, "gone"),
        ("200 OK", "<html>Log in</html>", FailureKind::BadFile, "another page"),
        ("500 Oh", "", FailureKind::Offline, "broken"),
    ];
    for (status, body, kind, reason) in cases {
        world.server.set("/hub/feed.json", status, "", body);
        let outcome = world.refresh().await.unwrap();
        let faults: Vec<_> = outcome.partial.iter().map(|failure| failure.kind).collect();
        assert_eq!(faults, [kind], "{reason}: {outcome:?}");
        assert_eq!(world.lines().await, before, "{reason}");
    }
    // What is only a sign costs nothing.
    world.server.set("/hub/feed.json", "200 OK", "ETag: \"1\"\r\n", FEED);
    world.server.set("/pla/obsolete-apps", "200 OK", "", "<html>");
    assert!(world.refresh().await.unwrap().unchanged);
    assert_eq!(world.lines().await, before);
}

#[tokio::test]
async fn a_setting_keeps_lists_away() {
    let world = World::new();
    world.refresh().await.unwrap();
    world.setting("[network]\nappimages = false\n");
    assert_eq!(world.lines().await, [], "what was fetched before is not used");
    world.server.asked();
    assert!(world.refresh().await.unwrap().unchanged);
    assert_eq!(world.server.asked(), [""; 0]);
    assert!(!world.source.has_news(&world.source.state().await.unwrap()));
}

#[tokio::test]
async fn where_appimages_are_switched_off_no_list_is_fetched_and_what_is_known_says_why() {
    let world = World::new();
    world.refresh().await.unwrap();
    let before = world.lines().await;
    world.setting("[sources]\nappimages = false\n");
    world.server.asked();
    assert!(world.refresh().await.unwrap().unchanged);
    assert_eq!(world.server.asked(), [""; 0]);
    assert!(!world.source.has_news(&world.source.state().await.unwrap()));
    assert_eq!(world.lines().await, before, "the catalogue has to know of it to say that it is switched off");
    world.setting("");
    world.refresh().await.unwrap();
    assert_eq!(world.server.asked()[0], "/hub/feed.json \"1\"");
}
