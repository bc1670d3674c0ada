//! Downloads from a server on this machine that breaks off, lies and forgets.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "server/file.rs"]
mod file;

use file::{Fault, FileServer};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::time::Duration;
use strata_appimage::download::{Download, DownloadError, Downloaded, Fetched};
use strata_platform::http;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const ETAG: Option<&str> = Some("\"one\"");

fn body() -> Vec<u8> {
    (0..300_000_u32).flat_map(u32::to_le_bytes).collect()
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

struct World {
    server: FileServer,
    home: TempDir,
}

impl World {
    fn new(etag: Option<&'static str>) -> Self {
        Self { server: FileServer::start(&body(), etag), home: tempfile::tempdir().unwrap() }
    }

    fn wanted(&self) -> Download {
        Download { url: self.server.url.clone(), size: 0, sha256: None, blake3: None, sha1: None }
    }

    fn folder(&self) -> std::path::PathBuf {
        self.home.path().join("Applications")
    }

    async fn fetch(&self, wanted: &Download) -> Result<Downloaded, DownloadError> {
        wanted.fetch(&http::client().unwrap(), &self.folder(), |_| {}, &CancellationToken::new()).await
    }

    fn lies_there(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

fn is_whole(found: &Downloaded) {
    assert_eq!(std::fs::read(&found.path).unwrap(), body());
    assert_eq!((found.size, found.sha256.as_str()), (body().len() as u64, digest(&body()).as_str()));
}

#[tokio::test]
async fn a_file_comes_whole_into_the_folder_and_says_how_far_it_is() {
    let world = World::new(ETAG);
    let length = body().len() as u64;
    let mut said = Vec::new();
    let wanted = Download { size: length, sha256: Some(digest(&body())), ..world.wanted() };
    let client = http::client().unwrap();
    let cancel = CancellationToken::new();
    let found = wanted.fetch(&client, &world.folder(), |now| said.push(now), &cancel).await.unwrap();
    is_whole(&found);
    assert_eq!(found.path.parent().unwrap(), world.folder());
    assert_eq!(said.first(), Some(&Fetched { done: 0, total: Some(length) }));
    assert_eq!(said.last(), Some(&Fetched { done: length, total: Some(length) }));
    assert!(said.windows(2).all(|pair| pair[0].done <= pair[1].done), "{said:?}");
    let names = world.lies_there();
    assert!(names.len() == 1 && names[0].starts_with('.'), "{names:?}");
}

#[tokio::test]
async fn a_connection_that_breaks_is_made_anew_where_it_broke() {
    let world = World::new(ETAG);
    world.server.faults(&[Fault::Cut(200_000), Fault::Cut(100_000), Fault::None]);
    is_whole(&world.fetch(&world.wanted()).await.unwrap());
    assert_eq!(world.server.asked(), ["", "bytes=200000- \"one\"", "bytes=300000- \"one\""]);
}

#[tokio::test]
async fn another_try_goes_on_where_the_first_ended() {
    let world = World::new(ETAG);
    world.server.faults(&[Fault::Cut(250_000), Fault::Cut(0)]);
    assert!(matches!(world.fetch(&world.wanted()).await, Err(DownloadError::Http(_))));
    world.server.asked();
    is_whole(&world.fetch(&world.wanted()).await.unwrap());
    assert_eq!(world.server.asked(), ["bytes=250000- \"one\""]);
}

#[tokio::test]
async fn the_rest_of_another_file_is_not_taken() {
    let world = World::new(Some("\"old\""));
    world.server.faults(&[Fault::Cut(250_000), Fault::Cut(0)]);
    let begun = world.fetch(&world.wanted()).await;
    assert!(begun.is_err());
    {
        let mut state = world.server.state.lock().unwrap();
        state.etag = Some("\"new\"");
        state.body = vec![7; 400_000];
    }
    let found = world.fetch(&world.wanted()).await.unwrap();
    assert_eq!(std::fs::read(found.path).unwrap(), vec![7; 400_000]);
    assert_eq!(world.server.asked().last().unwrap(), "bytes=250000- \"old\"");
}

#[tokio::test]
async fn without_a_name_and_without_a_digest_it_begins_anew() {
    for etag in [None, Some("W/\"weak\"")] {
        let world = World::new(etag);
        world.server.faults(&[Fault::Cut(250_000)]);
        assert!(matches!(world.fetch(&world.wanted()).await, Err(DownloadError::Http(_))));
        is_whole(&world.fetch(&world.wanted()).await.unwrap());
        assert_eq!(world.server.asked(), ["", ""]);
    }
    // The digest tells whether the rest belonged to it.
    let world = World::new(None);
    let wanted = Download { sha256: Some(digest(&body())), ..world.wanted() };
    world.server.faults(&[Fault::Cut(250_000), Fault::Cut(0)]);
    assert!(world.fetch(&wanted).await.is_err());
    is_whole(&world.fetch(&wanted).await.unwrap());
    assert_eq!(world.server.asked(), ["", "bytes=250000-", "bytes=250000-"]);
}

#[tokio::test]
async fn servers_that_give_other_parts_than_asked_for_are_asked_for_all() {
    for fault in [Fault::Whole, Fault::Elsewhere, Fault::Status("416 No")] {
        let world = World::new(ETAG);
        world.server.faults(&[Fault::Cut(250_000), Fault::Cut(0)]);
        assert!(world.fetch(&world.wanted()).await.is_err());
        world.server.faults(&[fault]);
        is_whole(&world.fetch(&world.wanted()).await.unwrap());
    }
}

#[tokio::test]
async fn a_length_that_is_not_kept_is_told() {
    let world = World::new(ETAG);
    let length = body().len() as u64;
    let other = Download { size: length + 1, ..world.wanted() };
    assert!(matches!(world.fetch(&other).await, Err(DownloadError::WrongSize { .. })));
    world.server.faults(&[Fault::Unsaid]);
    assert!(matches!(world.fetch(&other).await, Err(DownloadError::WrongSize { .. })));
    let shorter = Download { size: 100, ..world.wanted() };
    world.server.faults(&[Fault::Unsaid]);
    assert!(matches!(world.fetch(&shorter).await, Err(DownloadError::TooLarge(100))));
    assert_eq!(world.lies_there(), Vec::<String>::new(), "nothing of it is of use");
    world.server.faults(&[Fault::Unsaid]);
    is_whole(&world.fetch(&world.wanted()).await.unwrap());
    let endless = Download { size: 1 << 40, ..world.wanted() };
    assert!(matches!(world.fetch(&endless).await, Err(DownloadError::TooLarge(_))));
    world.server.faults(&[Fault::Says(1 << 40)]);
    assert!(matches!(world.fetch(&world.wanted()).await, Err(DownloadError::TooLarge(_))));
}

#[tokio::test]
async fn another_file_than_was_meant_is_thrown_away() {
    let world = World::new(ETAG);
    let wanted = Download { sha256: Some("0".repeat(64)), ..world.wanted() };
    let error = world.fetch(&wanted).await.unwrap_err();
    assert!(matches!(&error, DownloadError::WrongDigest { found, .. } if *found == digest(&body())), "{error}");
    assert_eq!(world.lies_there(), Vec::<String>::new());
    let wanted = Download { blake3: Some("0".repeat(64)), ..world.wanted() };
    let refused = world.fetch(&wanted).await;
    assert!(matches!(refused, Err(DownloadError::WrongDigest { .. })), "BLAKE3: {refused:?}");
    let wanted = Download { blake3: Some(blake3::hash(&body()).to_hex().to_string()), ..world.wanted() };
    let _ = world.fetch(&wanted).await.unwrap();
    let wanted = Download { sha1: Some("0".repeat(40)), ..world.wanted() };
    assert!(matches!(world.fetch(&wanted).await, Err(DownloadError::WrongDigest { .. })));
    // In one pass, over two connections.
    let sha1 = Sha1::digest(body()).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let wanted = Download { sha1: Some(sha1), sha256: Some(digest(&body())), ..world.wanted() };
    world.server.faults(&[Fault::Cut(250_000)]);
    is_whole(&world.fetch(&wanted).await.unwrap());
}

#[tokio::test]
async fn what_a_server_refuses_is_told_by_kind() {
    let world = World::new(ETAG);
    world.server.faults(&[Fault::Status("429 Too Many Requests")]);
    let busy = world.fetch(&world.wanted()).await;
    assert!(matches!(busy, Err(DownloadError::Busy(Some(rest))) if rest == Duration::from_secs(7)), "{busy:?}");
    world.server.faults(&[Fault::Status("404 Not Found")]);
    let gone = world.fetch(&world.wanted()).await;
    assert!(matches!(&gone, Err(DownloadError::Http(error)) if error.is_nothing_there()), "{gone:?}");
}

#[tokio::test]
async fn a_cancelled_one_ends_at_once_and_goes_on_later() {
    let world = World::new(ETAG);
    world.server.faults(&[Fault::Silent(250_000)]);
    let (cancel, client) = (CancellationToken::new(), http::client().unwrap());
    let enough = |now: Fetched| {
        if now.done == 250_000 {
            cancel.cancel();
        }
    };
    let ended = world.wanted().fetch(&client, &world.folder(), enough, &cancel).await;
    assert!(matches!(ended, Err(DownloadError::Cancelled)), "{ended:?}");
    world.server.asked();
    is_whole(&world.fetch(&world.wanted()).await.unwrap());
    assert_eq!(world.server.asked(), ["bytes=250000- \"one\""]);
}

#[tokio::test]
async fn what_lies_in_its_place_is_not_followed() {
    let world = World::new(ETAG);
    let found = world.fetch(&world.wanted()).await.unwrap();
    let outside = world.home.path().join("precious");
    std::fs::write(&outside, "kept").unwrap();
    std::fs::remove_file(&found.path).unwrap();
    std::os::unix::fs::symlink(&outside, &found.path).unwrap();
    assert!(matches!(world.fetch(&world.wanted()).await, Err(DownloadError::Io(_))));
    assert_eq!(std::fs::read(Path::new(&outside)).unwrap(), b"kept");
}
