//! `.flatpakref`, bundles, and what is neither.

use crate::ground::{APP, Ground, ORIGIN, app, runtime_reference};
use std::fs;
use strata_demo::Manners;
use strata_model::plan::WarningKind;
use strata_model::{FailureKind, Request, SourceKind};

fn install(location: &std::path::Path) -> Request {
    Request::install_file(SourceKind::Flatpak, "user", &location.to_string_lossy())
}

impl Ground {
    fn reference_file(&self) -> std::path::PathBuf {
        let path = self.folder.path().join("chess.flatpakref");
        let text = format!("[Flatpak Ref]\nName={APP}\nBranch=stable\nUrl={}\nIsRuntime=false\n", self.server.url());
        fs::write(&path, text).unwrap();
        path
    }

    fn bundle(&self) -> std::path::PathBuf {
        let path = self.folder.path().join("chess.flatpak");
        let repository = self.repository.folder().to_string_lossy().into_owned();
        self.command(&["build-bundle", &repository, &path.to_string_lossy(), APP, "stable"]);
        path
    }
}

#[tokio::test]
async fn a_reference_file_uses_the_origin_that_is_known() {
    let ground = Ground::with_app().await;
    let request = install(&ground.reference_file());
    let before = ground.state().await;
    let plan = ground.plan(&request).await.unwrap();
    assert_eq!(ground.state().await, before, "the plan changed something");
    assert_eq!(
        plan.steps.iter().map(|step| step.reference.clone()).collect::<Vec<_>>(),
        [runtime_reference(), app().reference]
    );
    let outcome = ground.run(&request).await.unwrap();
    assert_eq!(outcome.to_version, "1.0");
    assert_eq!(ground.installed(&app().reference).await.unwrap().offer, app());
    assert_eq!(ground.state().await.origins, before.origins);
    assert_eq!(ground.failure(&request).await.kind, FailureKind::AlreadyInstalled);
}

#[tokio::test]
async fn a_reference_file_by_address() {
    let ground = Ground::with_app().await;
    fs::copy(ground.reference_file(), ground.repository.folder().join("chess.flatpakref")).unwrap();
    let address = format!("flatpak+{}/chess.flatpakref", ground.server.url());
    ground.run(&Request::install_file(SourceKind::Flatpak, "user", &address)).await.unwrap();
    assert!(ground.installed(&app().reference).await.is_some());
}

#[tokio::test]
async fn a_bundle_is_planned_and_installed() {
    let ground = Ground::with_app().await;
    let request = install(&ground.bundle());
    let before = ground.state().await;
    let plan = ground.plan(&request).await.unwrap();
    assert_eq!(ground.state().await, before, "the plan changed something");
    assert_eq!(plan.steps.last().unwrap().reference, app().reference);
    ground.run(&request).await.unwrap();
    let installed = ground.installed(&app().reference).await.unwrap();
    assert_ne!(installed.offer.origin, ORIGIN);
    assert_eq!(installed.version, "1.0");
}

#[tokio::test]
async fn a_file_that_fails_leaves_no_origin() {
    let ground = Ground::with_app().await;
    let bundle = ground.bundle();
    let before = ground.state().await;
    ground.server.behave(Manners { cut_after: Some(0), ..Manners::default() });
    ground.failure(&install(&bundle)).await;
    assert_eq!(ground.state().await.origins, before.origins);
    assert_eq!(ground.references().await, [] as [String; 0]);
}

#[tokio::test]
async fn the_origin_of_the_runtime_is_asked_for() {
    let ground = Ground::bare();
    let mut apps = strata_demo::Repository::create(ground.folder.path().join("apps")).unwrap();
    apps.app(&strata_demo::AppSpec::new(APP)).unwrap();
    apps.finish().unwrap();
    let server = apps.serve().unwrap();
    let runtimes = ground.repository.folder().join("runtimes.flatpakrepo");
    fs::write(runtimes, format!("[Flatpak Repo]\nTitle=Runtimes\nUrl={}\n", ground.server.url())).unwrap();
    let path = ground.folder.path().join("chess.flatpakref");
    let repo = format!("{}/runtimes.flatpakrepo", ground.server.url());
    let text = format!("[Flatpak Ref]\nName={APP}\nBranch=stable\nUrl={}\nRuntimeRepo={repo}\n", server.url());
    fs::write(&path, text).unwrap();
    let plan = ground.plan(&install(&path)).await.unwrap();
    let new: Vec<_> = plan.warnings.iter().filter(|warning| warning.kind == WarningKind::NewOrigin).collect();
    assert_eq!(new.len(), 1, "{plan:?}");
    assert_eq!(new[0].subject, ground.server.url());
    let unsigned = plan.warnings.iter().filter(|warning| warning.kind == WarningKind::Unsigned);
    let mut unsigned: Vec<_> = unsigned.map(|warning| warning.subject.clone()).collect();
    unsigned.sort();
    let mut brought = [server.url(), ground.server.url()];
    brought.sort();
    assert_eq!(unsigned, brought, "neither file brings a key");
    assert_eq!(ground.state().await.origins, []);
    ground.run(&install(&path)).await.unwrap();
    assert_eq!(ground.references().await, [app().reference, runtime_reference()]);
}

#[tokio::test]
async fn what_is_neither_is_a_bad_file() {
    let ground = Ground::with_app().await;
    let path = ground.folder.path().join("bad.flatpak");
    for text in ["", "[Flatpak Ref]\nName=org.a.B\n", "\u{0}\u{1}\u{2}"] {
        fs::write(&path, text).unwrap();
        assert_eq!(ground.failure(&install(&path)).await.kind, FailureKind::BadFile, "{text:?}");
    }
    let path = ground.folder.path().join("bad.flatpakref");
    for text in ["", "[Flatpak Repo]\nUrl=http://127.0.0.1:1\n", "[Flatpak Ref]\nName=../..\nUrl=http://127.0.0.1:1\n"]
    {
        fs::write(&path, text).unwrap();
        let kind = ground.failure(&install(&path)).await.kind;
        assert!(matches!(kind, FailureKind::BadFile | FailureKind::BadRequest), "{kind:?} {text:?}");
    }
    assert_eq!(ground.failure(&install(std::path::Path::new("/nowhere.flatpak"))).await.kind, FailureKind::BadFile);
    assert_eq!(ground.state().await.origins.len(), 2);
}
