//! What goes wrong has a kind, and leaves the old state.

use crate::ground::{APP, Ground, ORIGIN, app, offer};
use std::path::{Path, PathBuf};
use std::process::Command;
use strata_demo::{AppSpec, Key, Manners};
use strata_model::{Action, FailureKind, OfferId, Request, SourceKind, Stop};

#[tokio::test]
async fn a_broken_commit_leaves_nothing() {
    let ground = Ground::with_app().await;
    ground.repository.break_commit(&app().reference).unwrap();
    let failure = ground.failure(&Request::install(app())).await;
    assert_eq!((failure.kind, failure.subject.as_str()), (FailureKind::Damaged, APP), "{failure}");
    assert_eq!(ground.references().await, [] as [String; 0]);
}

#[tokio::test]
async fn update_all_goes_on_past_a_failure() {
    let mut ground = Ground::with_app().await;
    let others = ["org.example.Broken", "org.example.Draughts"].map(AppSpec::new);
    for other in &others {
        ground.publish(other);
    }
    let all = [app().reference, others[0].reference(), others[1].reference()];
    for reference in &all {
        ground.run(&Request::install(offer(reference))).await.unwrap();
    }
    for id in [APP, "org.example.Broken", "org.example.Draughts"] {
        ground.publish(&AppSpec::new(id).version("2.0"));
    }
    ground.refresh().await;
    ground.repository.break_commit(&others[0].reference()).unwrap();
    let updates = ground.state().await.updates;
    assert_eq!(updates.len(), 3);
    let mut failed = Vec::new();
    for update in updates {
        if ground.run(&Request::update(update.offer.clone())).await.is_err() {
            failed.push(update.id);
        }
    }
    assert_eq!(failed, ["org.example.Broken"]);
    for (reference, version) in [(&all[0], "2.0"), (&all[1], "1.0"), (&all[2], "2.0")] {
        assert_eq!(ground.installed(reference).await.unwrap().version, version, "{reference}");
    }
}

#[tokio::test]
async fn an_origin_that_is_gone_costs_only_itself() {
    let ground = Ground::with_app().await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    ground.command(&["remote-add", "--user", "--no-gpg-verify", "closed", &format!("http://{closed}")]);
    ground.command(&["remote-add", "--user", "--no-gpg-verify", "empty", &ground.server.url()]);
    ground.command(&["remote-modify", "--user", "empty", &format!("--url={}/nothing", ground.server.url())]);
    let outcome = ground.refresh().await;
    let mut failed: Vec<_> = outcome.partial.iter().map(|failure| (failure.subject.as_str(), failure.kind)).collect();
    failed.sort_by_key(|(subject, _)| *subject);
    assert_eq!(failed, [("closed", FailureKind::Offline), ("empty", FailureKind::Offline)], "{outcome:?}");
    ground.run(&Request::install(app())).await.unwrap();
}

#[tokio::test]
async fn no_network_is_said_so() {
    let mut ground = Ground::with_app().await;
    ground.publish(&AppSpec::new(APP).version("2.0").payload(3_000_000));
    ground.refresh().await;
    ground.server.behave(Manners { cut_after: Some(1_000_000), ..Manners::default() });
    let failure = ground.failure(&Request::install(app())).await;
    assert_eq!(failure.kind, FailureKind::Offline, "{failure}");
    ground.server.behave(Manners { cut_after: Some(0), ..Manners::default() });
    let failure = ground.failure(&Request::refresh(SourceKind::Flatpak)).await;
    assert_eq!((failure.kind, failure.subject.as_str()), (FailureKind::Offline, ORIGIN), "{failure}");
    let failure = ground.failure(&Request::install(app())).await;
    assert_eq!(failure.kind, FailureKind::Offline, "{failure}");
    assert_eq!(ground.references().await, [] as [String; 0]);
}

#[tokio::test]
async fn an_update_that_cannot_be_asked_for_is_no_success() {
    let mut ground = Ground::with_app().await;
    ground.run(&Request::install(app())).await.unwrap();
    ground.publish(&AppSpec::new(APP).version("2.0"));
    ground.refresh().await;
    ground.server.behave(Manners { cut_after: Some(0), ..Manners::default() });
    let update = Request::update(app());
    assert_eq!(ground.failure(&update).await.kind, FailureKind::Offline);
    let planned = ground.plan(&update).await;
    assert!(matches!(&planned, Err(Stop::Failed(failure)) if failure.kind == FailureKind::Offline), "{planned:?}");
    ground.server.behave(Manners::default());
    ground.run(&update).await.unwrap();
    assert_eq!(ground.installed(&app().reference).await.unwrap().version, "2.0");
    assert!(ground.plan(&update).await.unwrap().steps.is_empty(), "now there is nothing newer");
    ground.run(&update).await.unwrap();
}

#[tokio::test]
async fn each_refusal_has_its_kind() {
    let mut ground = Ground::with_app().await;
    let mut foreign = AppSpec::new("org.example.Foreign");
    foreign.arch = "s390x".to_owned();
    ground.publish(&foreign);
    let mut homeless = AppSpec::new("org.example.Homeless");
    homeless.runtime = "org.example.Nowhere/9".to_owned();
    ground.publish(&homeless);
    ground.refresh().await;
    let elsewhere = OfferId { origin: "nowhere".to_owned(), ..app() };
    let nobody = OfferId { scope: "nobody".to_owned(), ..app() };
    let missing = offer(&AppSpec::new("org.example.Missing").reference());
    let cases = [
        (Request::install(offer(&foreign.reference())), FailureKind::WrongArchitecture),
        (Request::install(offer(&homeless.reference())), FailureKind::RuntimeMissing),
        (Request::install(missing.clone()), FailureKind::NotFound),
        (Request::install(elsewhere), FailureKind::OriginGone),
        (Request::install(nobody), FailureKind::BadRequest),
        (Request::install(offer("nonsense")), FailureKind::BadRequest),
        (Request::update(missing.clone()), FailureKind::NotInstalled),
        (Request::remove(missing, false), FailureKind::NotInstalled),
    ];
    for (request, kind) in cases {
        assert_eq!(ground.failure(&request).await.kind, kind, "{request:?}");
    }
    ground.run(&Request::install(app())).await.unwrap();
    assert_eq!(ground.failure(&Request::install(app())).await.kind, FailureKind::AlreadyInstalled);
    let disable = Request::change_origin(Action::DisableOrigin, SourceKind::Flatpak, "user", ORIGIN);
    ground.run(&disable).await.unwrap();
    assert_eq!(ground.failure(&Request::install(app())).await.kind, FailureKind::OriginDisabled);
}

#[tokio::test]
async fn signatures_are_checked() {
    let (ground, public) = Ground::signed();
    ground.add_remote("--user", &[&format!("--gpg-import={}", public.display())]);
    ground.refresh().await;
    assert!(ground.state().await.origins[0].signed);
    ground.run(&Request::install(app())).await.unwrap();

    let stranger = ground.folder.path().join("stranger.gpg");
    std::fs::write(&stranger, Key::create().unwrap().public().unwrap()).unwrap();
    ground.add_remote("--system", &["--no-gpg-verify"]);
    verify_with(&ground, "--system", &stranger);
    let wrong = OfferId { scope: "system".to_owned(), ..app() };
    let failure = ground.failure(&Request::install(wrong)).await;
    assert_eq!(failure.kind, FailureKind::KeyMissing, "{failure}");
}

#[tokio::test]
async fn what_should_be_signed_and_is_not_does_not_come() {
    let ground = Ground::bare();
    let key = ground.folder.path().join("key.gpg");
    std::fs::write(&key, Key::shared().unwrap().public().unwrap()).unwrap();
    ground.add_remote("--user", &["--no-gpg-verify"]);
    verify_with(&ground, "--user", &key);
    let runtime = offer(&crate::ground::runtime_reference());
    let failure = ground.failure(&Request::install(runtime)).await;
    assert_eq!(failure.kind, FailureKind::SignatureMissing, "{failure}");
}

/// `remote-add` would try the key at once.
fn verify_with(ground: &Ground, installation: &str, key: &Path) {
    let import = format!("--gpg-import={}", key.display());
    ground.command(&["remote-modify", installation, "--gpg-verify", &import, ORIGIN]);
}

/// A file system of its own for the installation; needs the right to mount.
struct Small {
    at: PathBuf,
}

impl Small {
    fn mount(at: PathBuf, bytes: u64) -> Option<Self> {
        let options = format!("size={bytes}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "small"]).arg(&at).status().unwrap();
        mounted.success().then_some(Self { at })
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.at).status();
    }
}

#[tokio::test]
async fn a_full_disk_is_said_so() {
    let mut ground = Ground::bare();
    let Some(_small) = Small::mount(ground.user_folder(), 4_000_000) else {
        assert!(std::env::var_os("CI").is_none(), "CI may mount");
        eprintln!("skipped: no right to mount a small file system here");
        return;
    };
    ground.publish(&AppSpec::new(APP).payload(8_000_000));
    ground.add_remote("--user", &["--no-gpg-verify"]);
    let failure = ground.failure(&Request::install(app())).await;
    assert_eq!(failure.kind, FailureKind::NoSpace, "{failure}");
    assert_eq!(ground.references().await, [] as [String; 0]);
}
