//! The real program: as a face's child where there is no bus, and building the catalogue for the engine.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests say what went wrong by panicking")]

#[path = "../../engine/tests/toy/mod.rs"]
mod toy;

use std::sync::Arc;
use std::time::Duration;
use strata_catalogue::{Catalogue, Query};
use strata_client::{Engine, Link};
use strata_model::feed::{Feed, ReferenceState};
use strata_model::{FailureKind, Request, Snapshot, SourceKind};
use strata_platform::Environment;
use toy::{DEADLINE, Home, Toy, feed, until};

const PROGRAM: &str = env!("CARGO_BIN_EXE_strata-service");

fn home() -> Home {
    Home::with(|environment| environment.service = PROGRAM.into())
}

async fn until_face(face: &Engine, so: impl Fn(&Snapshot) -> bool) {
    let mut snapshot = face.snapshot();
    let wait = tokio::time::timeout(DEADLINE, snapshot.wait_for(|now| so(now))).await.is_ok();
    assert!(wait, "the mirror never shows it: {:?} {:#?}", face.link(), face.snapshot());
}

async fn until_free(environment: &Environment) {
    let wait = async {
        while strata_platform::lock::try_lock(&environment.engine_lock()).unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(DEADLINE, wait).await.expect("the child leaves");
}

/// A script that gives the real program a world of its own, since a child inherits the variables of its parent.
fn child_in(home: &Home) -> Arc<Environment> {
    let folder = home.folder.path().display();
    let script = home.path("service.sh");
    let text = format!(
        "#!/bin/sh\nexport HOME={folder} FLATPAK_USER_DIR={folder}/fu FLATPAK_SYSTEM_DIR={folder}/fs \
         FLATPAK_CONFIG_DIR={folder}/fc STRATA_POLICY={folder} STRATA_APPSTREAM={folder}/as STRATA_SERVICE={PROGRAM}\n\
         unset XDG_DATA_HOME XDG_CACHE_HOME XDG_CONFIG_HOME\nexec {PROGRAM} \"$@\"\n"
    );
    std::fs::write(&script, text).unwrap();
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    Arc::new(Environment { service: script, ..home.environment.as_ref().clone() })
}

#[tokio::test]
async fn without_a_bus_the_engine_is_a_child_that_comes_back_when_it_dies_and_leaves_with_the_face() {
    let home = home();
    let environment = child_in(&home);
    let face = Engine::connect(Arc::clone(&environment)).await.unwrap();
    until_face(&face, |now| now.sources[0].ready).await;
    let first = face.snapshot().borrow().engine.clone();
    assert_eq!(face.snapshot().borrow().sources[0].source, SourceKind::Flatpak);

    let second_face = Engine::connect(Arc::clone(&environment)).await.unwrap_err();
    assert_eq!(second_face.kind, FailureKind::OutOfReach);

    let pid = first.split('-').next().unwrap().to_owned();
    let killed = std::process::Command::new("kill").args(["-KILL", &pid]).status().unwrap();
    assert!(killed.success());
    until_face(&face, |now| now.engine != first).await;
    let mut link = face.link();
    tokio::time::timeout(DEADLINE, link.wait_for(|link| *link == Link::Connected)).await.unwrap().unwrap();
    assert_eq!(face.history(1, true).await.unwrap(), Vec::new());

    drop(face);
    until_free(&environment).await;
}

#[tokio::test]
async fn the_catalogue_is_built_when_its_lists_change_and_only_then() {
    let (home, toy) = (home(), Toy::new());
    toy.set_feeds(vec![feed(home.folder.path(), "org.example.Chess")]);
    let engine = home.engine(&toy).await;
    let first = until(&engine, |now| !now.catalogue.building).await.catalogue;
    assert_eq!((first.generation, &first.failure), (1, &None));
    let path = home.environment.catalogue();
    let found = |id: &str| {
        let apps = Catalogue::open(&path).unwrap().search(&Query::new("toy")).unwrap().apps;
        apps.iter().any(|app| app.id.as_str() == id)
    };
    assert!(found("org.example.Chess"));

    let refresh = async |engine: &strata_engine::Engine| {
        let id = engine.submit(&[Request::refresh(SourceKind::AppImage)]).await.unwrap()[0];
        until(engine, |now| now.tasks.iter().any(|task| task.id == id && task.state.is_final())).await.catalogue
    };
    assert_eq!(refresh(&engine).await.generation, 1, "nothing changed");
    toy.set_feeds(vec![feed(home.folder.path(), "org.example.Checkers")]);
    assert_eq!(refresh(&engine).await.generation, 2, "done means that it can be found");
    assert!(found("org.example.Checkers") && !found("org.example.Chess"));

    engine.shut_down().await;
    let next = home.engine(&toy).await;
    assert_eq!(until(&next, |now| !now.catalogue.building).await.catalogue.generation, 2, "nor does a start build");
    std::fs::write(&path, "damaged").unwrap();
    assert_eq!(refresh(&next).await.generation, 3, "a damaged one is built anew");
    assert!(found("org.example.Checkers"));

    let change_a_byte = || {
        let mut bytes = std::fs::read(&path).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 0x55;
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        let modified = file.metadata().unwrap().modified().unwrap();
        std::os::unix::fs::FileExt::write_all_at(&file, &bytes, 0).unwrap();
        modified
    };
    let modified = change_a_byte();
    std::fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
    assert_eq!(refresh(&next).await.generation, 4, "wherever it is damaged, and as if nobody had touched it");
    next.shut_down().await;
    change_a_byte();
    let last = home.engine(&toy).await;
    assert_eq!(until(&last, |now| !now.catalogue.building).await.catalogue.generation, 5, "a start sees another file");
}

#[tokio::test]
async fn the_catalogue_is_built_anew_for_what_is_said_beside_the_lists() {
    let (home, toy) = (home(), Toy::new());
    let list = feed(home.folder.path(), "org.example.Chess");
    let popularity = home.path("popularity.json");
    let feeds = |change: &dyn Fn(&mut Feed)| {
        let mut feed = list.clone();
        change(&mut feed);
        toy.set_feeds(vec![feed]);
    };
    feeds(&|_| {});
    let engine = home.engine(&toy).await;
    until(&engine, |now| now.catalogue.generation == 1 && !now.catalogue.building).await;
    let built = async |reason: &str, generation: u64| {
        let id = engine.submit(&[Request::refresh(SourceKind::AppImage)]).await.unwrap()[0];
        let ended = until(&engine, |now| now.tasks.iter().any(|task| task.id == id && task.state.is_final())).await;
        assert_eq!((ended.catalogue.generation, ended.catalogue.failure), (generation, None), "{reason}");
    };
    let state = ReferenceState {
        reference: "app/org.example.Chess/x86_64/stable".to_owned(),
        download_size: 7,
        installed_size: 8,
        end_of_life: None,
        masked: None,
        missing: None,
    };
    let masked = ReferenceState { masked: Some("org.example.*".to_owned()), ..state.clone() };
    feeds(&|feed| feed.references = vec![state.clone()]);
    built("sizes", 2).await;
    feeds(&|feed| feed.references = vec![masked.clone()]);
    built("a mask", 3).await;
    std::fs::write(&popularity, "{}").unwrap();
    feeds(&|feed| feed.popularity = Some(popularity.clone()));
    built("popularity", 4).await;
    std::fs::write(&popularity, "{\"new\":[]}").unwrap();
    built("another popularity", 5).await;
    built("nothing", 5).await;
    engine.set_setting("sources.hidden", "org.example.*").await.unwrap();
    until(&engine, |now| now.catalogue.generation == 6 && !now.catalogue.building).await;
    engine.set_setting("sources.hidden", "org.example.*").await.unwrap();
    built("the same hidden", 6).await;
}
