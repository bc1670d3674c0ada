//! New versions put together from old ones, over a server on this machine.

#[path = "../../tests/server/file.rs"]
mod file;

use super::{Delta, NoDelta, Stopped};
use crate::download::{DownloadError, Fetched};
use crate::made::zsync::{USUAL, control, noise};
use crate::release::ControlFile;
use file::{Fault, FileServer};
use std::sync::Arc;
use std::time::Duration;
use strata_platform::http;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// Two versions: a run at the beginning is the same, then something is inserted, changed, taken out and added.
fn versions() -> (Vec<u8>, Vec<u8>) {
    let old = noise(1, 400_000);
    let mut changed = old[100_000..200_000].to_vec();
    changed[50_000..50_010].copy_from_slice(b"0123456789");
    let new = [&old[..100_000], &noise(2, 777), &changed, &old[230_000..], &noise(3, 5001)].concat();
    (old, new)
}

struct World {
    home: TempDir,
    server: FileServer,
    new: Vec<u8>,
}

impl World {
    fn new(old: &[u8], new: &[u8]) -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("old"), old).unwrap();
        Self { home, server: FileServer::start(new, Some("\"2\"")), new: new.to_vec() }
    }

    fn delta(&self, bytes: Vec<u8>) -> Delta {
        let length = self.new.len() as u64;
        let control = ControlFile { name: String::new(), url: String::new(), length, sha1: String::new(), bytes };
        let (old, part) = (self.home.path().join("old"), self.home.path().join(".part"));
        Delta { control: Arc::new(control), old, url: self.server.url.clone(), part }
    }

    fn usual(&self) -> Delta {
        self.delta(control(&self.new, "x", 2048, USUAL))
    }

    async fn make(&self, delta: Delta) -> Result<u64, Stopped> {
        delta.make(&http::client().unwrap(), |_| {}, &CancellationToken::new()).await
    }

    fn is_there(&self) {
        assert!(std::fs::read(self.home.path().join(".part")).unwrap() == self.new, "the new version is there");
    }

    fn sent(&self) -> usize {
        std::mem::take(&mut self.server.state.lock().unwrap().sent)
    }
}

#[tokio::test]
async fn only_what_is_new_is_fetched_however_the_sums_are_cut() {
    let (old, new) = versions();
    for (block, lengths) in [
        (2048, USUAL),
        (2048, (2, 3, 4)),
        (4096, (2, 4, 16)),
        (1024, (1, 4, 16)),
        (256, (1, 3, 8)),
        (512, (2, 1, 16)),
        (65_536, (1, 4, 16)),
    ] {
        let world = World::new(&old, &new);
        let fetched = world.make(world.delta(control(&new, "x", block, lengths))).await.unwrap();
        world.is_there();
        assert_eq!(fetched, world.sent() as u64, "{block} {lengths:?}");
        // What is new, and what shares a block with it at each of the five seams.
        let most = 777 + 10 + 5001 + 8 * block;
        assert!(fetched <= most as u64, "{fetched} of at most {most} with {block} {lengths:?}");
    }
}

#[tokio::test]
async fn what_is_the_same_is_not_fetched_at_all_and_progress_says_what_comes() {
    let (old, new) = versions();
    let world = World::new(&old, &old);
    assert_eq!(world.make(world.usual()).await.unwrap(), 0);
    world.is_there();
    assert_eq!(world.server.asked(), Vec::<String>::new());
    let world = World::new(&old, &new);
    let mut said = Vec::new();
    let client = http::client().unwrap();
    let fetched = world.usual().make(&client, |now| said.push(now), &CancellationToken::new()).await.unwrap();
    assert_eq!(said.first(), Some(&Fetched { done: 0, total: Some(fetched) }));
    assert_eq!(said.last(), Some(&Fetched { done: fetched, total: Some(fetched) }));
}

#[tokio::test]
async fn a_block_that_stands_in_several_places_is_needed_once() {
    let (zeros, text) = (vec![0; 2048], noise(4, 2048));
    let old = [noise(5, 20_480), zeros.repeat(2), text.repeat(2), noise(6, 8192)].concat();
    let new = [zeros.repeat(40), old.clone(), text.repeat(40), zeros.repeat(7)].concat();
    let world = World::new(&old, &new);
    let fetched = world.make(world.usual()).await.unwrap();
    world.is_there();
    assert!(fetched <= 6 * 2048, "{fetched}");
}

#[tokio::test]
async fn questions_are_few_also_where_the_changes_are_many() {
    let old = noise(7, 4_000_000);
    let mut new = old.clone();
    for place in new.iter_mut().step_by(10_000) {
        *place ^= 0xff;
    }
    let world = World::new(&old, &new);
    world.make(world.usual()).await.unwrap();
    world.is_there();
    assert_eq!(world.server.asked().len(), 256);
}

#[tokio::test]
async fn what_is_nearly_all_new_or_made_for_nothing_but_work_is_left() {
    let new = noise(8, 200_000);
    let world = World::new(&noise(9, 200_000), &new);
    assert!(matches!(world.make(world.usual()).await, Err(Stopped::No(NoDelta::Dear { .. }))));
    assert!(!world.home.path().join(".part").exists(), "nothing was begun");
    // The weak sums are those of zeros, the strong ones of nothing.
    let old = vec![0; 3 << 20];
    let world = World::new(&old, &new);
    let mut bytes = control(&new, "x", 2048, (1, 4, 16));
    let head = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap() + 2;
    for sums in bytes[head..].chunks_mut(20) {
        sums[..4].fill(0);
    }
    assert!(matches!(world.make(world.delta(bytes)).await, Err(Stopped::No(NoDelta::Laborious))));
    assert_eq!(world.server.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn a_control_file_that_does_not_fit_together_is_not_used() {
    let (old, new) = versions();
    let world = World::new(&old, &new);
    let good = control(&new, "x", 2048, USUAL);
    let edit = |from: &str, to: &str| {
        let head = good.windows(2).position(|pair| pair == b"\n\n").unwrap();
        let text = String::from_utf8(good[..head].to_vec()).unwrap().replace(from, to);
        [text.as_bytes(), &good[head..]].concat()
    };
    let cases = [
        edit("Blocksize: 2048", "Blocksize: 2047"),
        edit("Blocksize: 2048", "Blocksize: 0"),
        edit("Blocksize: 2048", "Blocksize: 1"),
        edit("Blocksize: 2048", "Blocksize: 18446744073709551616"),
        edit("Blocksize: 2048", "Blocksize: 9223372036854775808"),
        edit("Blocksize: 2048", "Blocksize: 4096"),
        edit("Blocksize: 2048\n", ""),
        edit("2,2,5", "0,2,5"),
        edit("2,2,5", "3,2,5"),
        edit("2,2,5", "2,0,7"),
        edit("2,2,5", "2,5,2"),
        edit("2,2,5", "2,2,17"),
        edit("2,2,5", "2,2"),
        edit("2,2,5", "a,b,c"),
        edit("2,2,5", "2,255,255"),
        edit("URL: x", "Z-Map2: 1"),
        edit("zsync", "torrent"),
        good[..good.len() - 1].to_vec(),
        [good.as_slice(), b"x"].concat(),
        Vec::new(),
        b"zsync: 0.6.2\n\n".to_vec(),
    ];
    for bytes in cases {
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(120)]).into_owned();
        let made = world.make(world.delta(bytes)).await;
        assert!(matches!(made, Err(Stopped::No(NoDelta::Control))), "{made:?} of {shown}");
    }
    let length = u64::MAX;
    let lying = |length| {
        let delta = world.usual();
        Delta { control: Arc::new(ControlFile { length, ..(*delta.control).clone() }), ..delta }
    };
    for length in [length, 0, 1, new.len() as u64 + 4096] {
        assert!(matches!(world.make(lying(length)).await, Err(Stopped::No(NoDelta::Control))), "{length}");
    }
    assert_eq!(world.server.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn an_old_file_that_is_none_is_told() {
    let (old, new) = versions();
    let world = World::new(&old, &new);
    let place = world.home.path().join("old");
    for make in [
        |_: &std::path::Path| (),
        |path: &std::path::Path| std::fs::create_dir(path).unwrap(),
        |path: &std::path::Path| std::os::unix::fs::symlink("/etc/passwd", path).unwrap(),
    ] {
        let _ = std::fs::remove_file(&place).or_else(|_| std::fs::remove_dir(&place));
        make(&place);
        assert!(matches!(world.make(world.usual()).await, Err(Stopped::No(NoDelta::Old(_)))));
    }
}

#[tokio::test]
async fn servers_without_parts_or_with_another_file_are_told_from_those_that_refuse() {
    let (old, new) = versions();
    let world = World::new(&old, &new);
    for fault in [Fault::Whole, Fault::Elsewhere, Fault::Status("416 No")] {
        world.server.faults(&[fault]);
        let made = world.make(world.usual()).await;
        assert!(matches!(made, Err(Stopped::No(NoDelta::NoParts))), "{fault:?}: {made:?}");
    }
    // Another file under the same address, at once or in between.
    world.server.state.lock().unwrap().body.push(0);
    assert!(matches!(world.make(world.usual()).await, Err(Stopped::No(NoDelta::NoParts))));
    world.server.faults(&[Fault::Status("429 Too Many Requests")]);
    let busy = world.make(world.usual()).await;
    let rest = Duration::from_secs(7);
    assert!(matches!(busy, Err(Stopped::Download(DownloadError::Busy(Some(found)))) if found == rest), "{busy:?}");
    world.server.faults(&[Fault::Status("404 Not Found")]);
    let gone = world.make(world.usual()).await;
    let refused = |error: &http::HttpError| error.is_refusal() && error.is_nothing_there();
    assert!(matches!(&gone, Err(Stopped::Download(DownloadError::Http(error))) if refused(error)), "{gone:?}");
}

#[tokio::test]
async fn a_file_that_changes_in_between_is_not_mixed() {
    let (old, new) = versions();
    let world = World::new(&old, &new);
    let delta = world.usual();
    let (client, cancel, mut told) = (http::client().unwrap(), CancellationToken::new(), false);
    let change = |now: Fetched| {
        if now.done > 0 && !std::mem::replace(&mut told, true) {
            let mut state = world.server.state.lock().unwrap();
            state.etag = Some("\"3\"");
            state.body.fill(7);
        }
    };
    let made = delta.make(&client, change, &cancel).await;
    assert!(matches!(made, Err(Stopped::No(NoDelta::NoParts))), "{made:?}");
}

#[tokio::test]
async fn a_connection_that_breaks_is_made_anew_and_another_try_fetches_the_rest() {
    let (old, new) = versions();
    let world = World::new(&old, &new);
    let all = world.make(world.usual()).await.unwrap();
    world.sent();
    std::fs::remove_file(world.home.path().join(".part")).unwrap();
    world.server.faults(&[Fault::Cut(1000), Fault::None, Fault::Cut(10)]);
    assert_eq!(world.make(world.usual()).await.unwrap(), all);
    world.is_there();
    assert_eq!(world.sent() as u64, all, "nothing came twice");

    std::fs::remove_file(world.home.path().join(".part")).unwrap();
    world.server.faults(&[Fault::None, Fault::Status("429 Too Many Requests")]);
    assert!(world.make(world.usual()).await.is_err());
    world.server.faults(&[]);
    let first = world.sent() as u64;
    let rest = world.make(world.usual()).await.unwrap();
    world.is_there();
    assert!(first > 0 && rest < all, "{first}, then {rest} of {all}");
}

#[tokio::test]
async fn where_an_address_leads_is_asked_until_that_says_no() {
    let (old, new) = versions();
    let world = World::new(&old, &new);
    world.server.faults(&[Fault::Moved, Fault::None, Fault::Status("403 Over"), Fault::Moved]);
    world.make(world.usual()).await.unwrap();
    world.is_there();
    let paths = std::mem::take(&mut world.server.state.lock().unwrap().paths);
    assert_eq!(paths[..2], ["/app.appimage", "/elsewhere"]);
    let count = |wanted: &str| paths.iter().filter(|path| *path == wanted).count();
    assert!(count("/elsewhere") >= 2 && count("/app.appimage") >= 2, "{paths:?}");
}

#[tokio::test]
async fn a_cancelled_one_ends_at_once() {
    let (old, new) = versions();
    let world = World::new(&old, &new);
    world.server.faults(&[Fault::Silent(10)]);
    let (cancel, client) = (CancellationToken::new(), http::client().unwrap());
    let stop = |now: Fetched| {
        if now.done > 0 {
            cancel.cancel();
        }
    };
    let made = world.usual().make(&client, stop, &cancel).await;
    assert!(matches!(made, Err(Stopped::Download(DownloadError::Cancelled))), "{made:?}");
    world.make(world.usual()).await.unwrap();
    world.is_there();
}
