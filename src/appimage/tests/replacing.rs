//! Files that are other versions of installed apps: in their place, or beside them.

#![cfg(target_arch = "x86_64")] // which the made ones are for
#![allow(clippy::unwrap_used, clippy::panic)]

mod made;

use backhand::compression::Compressor;
use made::{DESKTOP, Elf, Made};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use strata_appimage::AppImages;
use strata_engine::{Outcome, Reporter, Source};
use strata_model::plan::{StepChange, WarningKind};
use strata_model::{Failure, FailureKind, OfferId, Plan, Request, SourceKind, Stop};
use strata_platform::Environment;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const ID: &str = "org.example.App";

/// A person with version 1 of an app.
struct World {
    home: TempDir,
    source: AppImages,
}

impl World {
    async fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let value = |name: &str| match name {
            "HOME" => Some(home.path().into()),
            "STRATA_SYSTEM_ROOT" => Some(home.path().join("system").into()),
            _ => None,
        };
        let source = AppImages::new(Arc::new(Environment::from_variables(&value)));
        let world = Self { home, source };
        world.run(&install(&world.put("App", "1"))).await.unwrap();
        world
    }

    /// A file that the person has downloaded.
    fn put(&self, name: &str, version: &str) -> PathBuf {
        let desktop = DESKTOP.replace("Name=App", &format!("Name={name}\nX-AppImage-Version={version}"));
        let entries = [("org.example.App.desktop", Made::File(desktop.as_bytes()))];
        let folder = self.home.path().join("Downloads");
        let path = folder.join(format!("{name}-{version}.AppImage"));
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(&path, made::appimage(&Elf::default(), &made::squash(Compressor::Gzip, &entries))).unwrap();
        path
    }

    async fn plan(&self, request: &Request) -> Result<Plan, Stop> {
        self.source.plan(request, &CancellationToken::new()).await
    }

    async fn run(&self, request: &Request) -> Result<Outcome, Stop> {
        self.source.run(request, &Reporter::new().0, &CancellationToken::new()).await
    }

    /// What is installed: ids and versions.
    async fn installed(&self) -> Vec<(String, String)> {
        let state = self.source.state().await.unwrap();
        state.installed.into_iter().map(|part| (part.id, part.version)).collect()
    }
}

fn install(path: &Path) -> Request {
    Request::install_file(SourceKind::AppImage, "user", path.to_str().unwrap())
}

fn of(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(id, version)| ((*id).to_owned(), (*version).to_owned())).collect()
}

fn kinds(plan: &Plan) -> Vec<WarningKind> {
    plan.warnings.iter().map(|warning| warning.kind).collect()
}

#[tokio::test]
async fn another_version_takes_the_place_of_the_installed_one_which_can_come_back() {
    let world = World::new().await;
    let file = world.put("App", "2");
    let plan = world.plan(&install(&file)).await.unwrap();
    let offer = OfferId::app_image("", ID);
    assert_eq!(plan.request, Request { replaces: Some(offer.clone()), ..install(&file).named("App") });
    let [step] = &plan.steps[..] else { panic!("{plan:?}") };
    assert_eq!((step.change, step.reference.as_str(), plan.size_change), (StepChange::Update, ID, 0));
    assert_eq!(kinds(&plan), [WarningKind::ReplacesVersion, WarningKind::NotVerified, WarningKind::Moved]);
    assert_eq!(plan.warnings[0].subject, "App 1");
    assert_eq!(world.plan(&plan.request).await.unwrap(), plan, "what says already what it wants");

    let outcome = world.run(&plan.request).await.unwrap();
    assert_eq!((outcome.from_version.as_str(), outcome.to_version.as_str()), ("1", "2"));
    assert_eq!(world.installed().await, of(&[(ID, "2")]));
    assert!(!file.exists() && world.home.path().join("Applications/App.AppImage").is_file());
    let again = world.run(&install(&world.put("App", "2"))).await.unwrap_err();
    assert!(matches!(&again, Stop::Failed(Failure { kind: FailureKind::AlreadyInstalled, .. })), "{again:?}");

    world.run(&Request::go_back(offer)).await.unwrap();
    assert_eq!(world.installed().await, of(&[(ID, "1")]));
}

#[tokio::test]
async fn what_was_never_started_goes_with_the_one_that_takes_its_place() {
    let world = World::new().await;
    for version in ["2", "3"] {
        let plan = world.plan(&install(&world.put("App", version))).await.unwrap();
        let there = world.home.path().join("Applications/App.AppImage").metadata().unwrap().len();
        let freed = if version == "3" { i64::try_from(there).unwrap() } else { 0 };
        assert_eq!(plan.size_change, -freed);
        world.run(&plan.request).await.unwrap();
    }
    world.run(&Request::go_back(OfferId::app_image("", ID))).await.unwrap();
    assert_eq!(world.installed().await, of(&[(ID, "1")]));
}

#[tokio::test]
async fn both_are_kept_where_the_person_wants_that_or_agreed_to_nothing_else() {
    let world = World::new().await;
    let file = world.put("App", "2");
    let plan = world.plan(&install(&file).beside()).await.unwrap();
    assert_eq!((plan.steps[0].change, plan.request.replaces.as_ref()), (StepChange::Install, None));
    assert_eq!(kinds(&plan), [WarningKind::NotVerified, WarningKind::Moved]);
    world.run(&plan.request).await.unwrap();
    assert_eq!(world.installed().await, of(&[(ID, "1"), ("org.example.App-appimage", "2")]));
    world.run(&install(&world.put("App", "3"))).await.unwrap();
    assert_eq!(world.installed().await.len(), 3);
    // Of several, the person can mean any.
    let second = Some(OfferId::app_image("", "org.example.App-appimage"));
    let fourth = Request { replaces: second, ..install(&world.put("App", "4")) };
    world.run(&fourth).await.unwrap();
    assert_eq!(world.installed().await[1].1, "4");
}

#[tokio::test]
async fn what_is_only_called_alike_in_part_is_no_version() {
    let world = World::new().await;
    let file = world.put("Other", "2");
    let plan = world.plan(&install(&file)).await.unwrap();
    assert_eq!((plan.steps[0].change, plan.request.replaces.as_ref()), (StepChange::Install, None));
    let replaced = |id: &str| Request { replaces: Some(OfferId::app_image("", id)), ..install(&file) };
    for (id, kind) in [(ID, FailureKind::BadRequest), ("org.example.Gone", FailureKind::NotInstalled)] {
        let planned = world.plan(&replaced(id)).await.unwrap_err();
        assert!(matches!(&planned, Stop::Failed(failure) if failure.kind == kind), "{planned:?}");
        assert_eq!(world.run(&replaced(id)).await.unwrap_err(), planned);
    }
    assert_eq!(world.installed().await, of(&[(ID, "1")]));
    assert!(file.is_file());
}

#[tokio::test]
async fn where_the_file_of_the_installed_one_is_gone_nothing_is_replaced() {
    let world = World::new().await;
    std::fs::remove_file(world.home.path().join("Applications/App.AppImage")).unwrap();
    let plan = world.plan(&install(&world.put("App", "2"))).await.unwrap();
    assert_eq!(kinds(&plan), [WarningKind::NotVerified, WarningKind::Moved]);
    world.run(&plan.request).await.unwrap();
    assert_eq!(world.installed().await, of(&[(ID, "2")]));
}

#[tokio::test]
async fn one_in_the_folder_of_appimages_goes_into_the_place_of_the_other() {
    let world = World::new().await;
    let folder = world.home.path().join("Applications");
    let file = folder.join("App-2.AppImage");
    std::fs::rename(world.put("App", "2"), &file).unwrap();
    let plan = world.plan(&install(&file)).await.unwrap();
    assert_eq!(plan.warnings[2].subject, folder.join("App.AppImage").to_str().unwrap());
    world.run(&plan.request).await.unwrap();
    assert!(!file.exists());
    assert_eq!(world.installed().await, of(&[(ID, "2")]));
}
