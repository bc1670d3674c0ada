//! Installed, started, updated, removed.

use crate::ground::{APP, Ground, ORIGIN, app, half_made, offer, runtime_reference};
use std::fs;
use strata_demo::{AddonSpec, AppSpec};
use strata_engine::Source;
use strata_model::permission::Resource;
use strata_model::plan::WarningKind;
use strata_model::{Action, FailureKind, PartKind, Permission, Request, SourceKind, Stage};

#[tokio::test]
async fn an_app_comes_with_its_runtime_and_says_how_far_it_is() {
    let mut ground = Ground::with_app().await;
    ground.publish(&AppSpec::new(APP).version("2.0").payload(3_000_000));
    let (done, seen) = ground.run_watched(&Request::install(app())).await;
    let outcome = done.unwrap();
    assert_eq!((outcome.from_version.as_str(), outcome.to_version.as_str()), ("", "2.0"));
    assert_eq!(outcome.touched, [app().reference, runtime_reference()].into());
    assert_eq!(ground.references().await, [app().reference, runtime_reference()]);

    let installed = ground.installed(&app().reference).await.unwrap();
    assert_eq!((installed.id.as_str(), installed.kind, installed.version.as_str()), (APP, PartKind::App, "2.0"));
    assert_eq!(installed.offer, app());
    assert!(installed.size > 3_000_000, "{}", installed.size);
    assert!(installed.changed > 1_700_000_000, "{}", installed.changed);
    assert!(!installed.unused && !installed.held && installed.end_of_life.is_none());

    let percents: Vec<u8> = seen.iter().filter_map(|progress| progress.percent).collect();
    assert!(percents.is_sorted(), "{percents:?}");
    assert_eq!(percents.last(), Some(&100), "{seen:?}");
    let last = seen.last().unwrap();
    assert_eq!(last.stage, Stage::Finishing);
    assert!(last.total_bytes > 3_000_000 && last.bytes > 3_000_000, "{last:?}");
    assert!(seen.iter().any(|progress| progress.stage == Stage::Downloading), "{seen:?}");
}

#[tokio::test]
async fn state_needs_no_origin_to_answer() {
    let mut ground = Ground::with_app().await;
    ground.run(&Request::install(app())).await.unwrap();
    ground.publish(&AppSpec::new(APP).version("2.0"));
    assert_eq!(ground.update(&app().reference).await, None, "nobody has asked the origin yet");
    ground.refresh().await;
    let requests = ground.server.sent();
    let update = ground.update(&app().reference).await.unwrap();
    assert_eq!(ground.server.sent(), requests, "the state was asked of the origin");
    assert_eq!((update.from_version.as_str(), update.kind), ("1.0", PartKind::App));
    assert!(update.download_size > 0);
}

#[tokio::test]
async fn what_was_fetched_before_only_has_to_be_put_in_place() {
    let mut ground = Ground::with_app().await;
    ground.run(&Request::install(app())).await.unwrap();
    ground.publish(&AppSpec::new(APP).version("2.0").payload(300_000));
    ground.refresh().await;
    assert!(!ground.update(&app().reference).await.unwrap().downloaded);
    ground.run(&Request::download(app())).await.unwrap();
    let installed = ground.installed(&app().reference).await.unwrap();
    assert_eq!(installed.version, "1.0", "nothing was put in place");
    assert!(ground.update(&app().reference).await.unwrap().downloaded);
    ground.publish(&AppSpec::new(APP).version("3.0"));
    ground.refresh().await;
    assert!(!ground.update(&app().reference).await.unwrap().downloaded, "there is something newer since");
}

#[tokio::test]
async fn an_update_says_what_it_wants_more() {
    let mut ground = Ground::with_app().await;
    ground.run(&Request::install(app())).await.unwrap();
    ground.publish(&AppSpec::new(APP).version("2.0").permissions("[Context]\nshared=network;\n"));
    ground.refresh().await;
    let wanted = [Permission::plain(Resource::Network)];
    let update = ground.update(&app().reference).await.unwrap();
    assert_eq!(update.new_permissions, wanted);
    let plan = ground.plan(&Request::update(app())).await.unwrap();
    assert_eq!(plan.new_permissions(), wanted);
    let outcome = ground.run(&Request::update(app())).await.unwrap();
    assert_eq!((outcome.from_version.as_str(), outcome.to_version.as_str()), ("1.0", "2.0"));
    assert_eq!(ground.update(&app().reference).await, None);
    assert_eq!(ground.installed(&app().reference).await.unwrap().revision, update.revision);
}

#[tokio::test]
async fn a_removed_app_leaves_data_or_not_as_asked() {
    let ground = Ground::with_app().await;
    let data = ground.home().join(".var/app").join(APP);
    for (delete, left) in [(false, true), (true, false)] {
        fs::create_dir_all(data.join("data")).unwrap();
        ground.run(&Request::install(app())).await.unwrap();
        let outcome = ground.run(&Request::remove(app(), delete)).await.unwrap();
        assert_eq!((outcome.from_version.as_str(), outcome.to_version.as_str()), ("1.0", ""));
        assert_eq!(ground.installed(&app().reference).await, None);
        assert_eq!(data.exists(), left);
    }
    assert_eq!(half_made(&ground.user_folder()), [] as [std::path::PathBuf; 0]);
}

#[tokio::test]
async fn data_stays_while_another_installation_has_the_app() {
    let ground = Ground::with_app().await;
    let data = ground.home().join(".var/app").join(APP);
    fs::create_dir_all(&data).unwrap();
    let mut system = app();
    system.scope = "system".to_owned();
    ground.run(&Request::install(app())).await.unwrap();
    ground.run(&Request::install(system.clone())).await.unwrap();
    ground.run(&Request::remove(app(), true)).await.unwrap();
    assert!(data.exists());
    ground.run(&Request::remove(system, true)).await.unwrap();
    assert!(!data.exists());
}

#[tokio::test]
async fn what_nothing_needs_can_be_removed() {
    let ground = Ground::with_app().await;
    ground.run(&Request::install(app())).await.unwrap();
    assert!(!ground.installed(&runtime_reference()).await.unwrap().unused);
    ground.run(&Request::remove(app(), false)).await.unwrap();
    assert!(ground.installed(&runtime_reference()).await.unwrap().unused);
    let request = Request::remove_unused(SourceKind::Flatpak, "user");
    let plan = ground.plan(&request).await.unwrap();
    assert_eq!(plan.steps.len(), 1);
    assert!(plan.size_change < 0 && plan.steps[0].installed_size > 0, "{plan:?}");
    ground.run(&request).await.unwrap();
    assert_eq!(ground.references().await, [] as [String; 0]);
}

#[tokio::test]
async fn a_runtime_in_use_stays() {
    let ground = Ground::with_app().await;
    ground.run(&Request::install(app())).await.unwrap();
    let request = Request::remove(offer(&runtime_reference()), false);
    let plan = ground.plan(&request).await.unwrap();
    assert_eq!(plan.warnings.iter().map(|warning| warning.subject.clone()).collect::<Vec<_>>(), [app().reference]);
    assert_eq!(ground.failure(&request).await.kind, FailureKind::StillNeeded);
    assert_eq!(ground.references().await.len(), 2);
}

/// An app and its add-on, both installed.
async fn with_addon() -> (Ground, AddonSpec) {
    let mut ground = Ground::with_app().await;
    let mut chess = AppSpec::new(APP).version("1.1");
    chess.extension_point = Some(format!("{APP}.Addon"));
    let addon = AddonSpec::new(&format!("{APP}.Addon.Sound"), APP);
    ground.repository.addon(&addon).unwrap();
    ground.publish(&chess);
    ground.run(&Request::install(app())).await.unwrap();
    ground.run(&Request::install(offer(&addon.reference()))).await.unwrap();
    (ground, addon)
}

#[tokio::test]
async fn an_addon_is_installed_beside_its_app() {
    let (ground, addon) = with_addon().await;
    let installed = ground.installed(&addon.reference()).await.unwrap();
    assert_eq!((installed.kind, installed.unused), (PartKind::Addon, false));
    ground.run(&Request::remove(offer(&addon.reference()), false)).await.unwrap();
    assert_eq!(ground.installed(&addon.reference()).await, None);
}

#[tokio::test]
async fn an_addon_goes_with_its_app() {
    let (ground, _) = with_addon().await;
    let plan = ground.plan(&Request::remove(app(), false)).await.unwrap();
    assert_eq!(plan.steps.len(), 2, "{plan:?}");
    ground.run(&Request::remove(app(), false)).await.unwrap();
    assert_eq!(ground.references().await, [runtime_reference()]);
}

#[tokio::test]
async fn updates_are_known_after_something_else_was_removed() {
    let mut ground = Ground::with_app().await;
    let mut other = AppSpec::new("org.example.Other");
    other.runtime = "org.example.OtherPlatform/1".to_owned();
    ground.repository.runtime("org.example.OtherPlatform", "1").unwrap();
    ground.publish(&other);
    ground.refresh().await;
    for offer in [app(), offer(&other.reference())] {
        ground.run(&Request::install(offer)).await.unwrap();
    }
    ground.publish(&AppSpec::new(APP).version("2.0"));
    ground.refresh().await;
    assert!(ground.update(&app().reference).await.is_some());
    let removals =
        [Request::remove(offer(&other.reference()), false), Request::remove_unused(SourceKind::Flatpak, "user")];
    for request in removals {
        ground.run(&request).await.unwrap();
        assert!(ground.update(&app().reference).await.is_some(), "{request:?}");
    }
}

#[tokio::test]
async fn the_successor_of_an_app_gets_its_data() {
    let mut ground = Ground::with_app().await;
    ground.run(&Request::install(app())).await.unwrap();
    let saved = ground.home().join(".var/app").join(APP).join("data/saved-game");
    fs::create_dir_all(saved.parent().unwrap()).unwrap();
    fs::write(&saved, "e4 e5").unwrap();

    let successor = AppSpec::new("org.example.NewChess");
    ground.repository.app(&successor).unwrap();
    ground.publish(&AppSpec::new(APP).version("1.1").ended("moved", Some("org.example.NewChess")));
    ground.refresh().await;
    let end = ground.update(&app().reference).await.unwrap().end_of_life.unwrap();
    assert_eq!((end.reason.as_str(), &end.successor), ("moved", &successor.reference()));

    let plan = ground.plan(&Request::update(app())).await.unwrap();
    ground.run(&Request::update(app())).await.unwrap();
    assert_eq!(ground.references().await, [successor.reference(), runtime_reference()]);
    let changed: Vec<&str> = plan.steps.iter().map(|step| step.reference.as_str()).collect();
    assert_eq!(changed, [successor.reference(), app().reference]);

    // Flatpak moves the data when the successor is started for the first time.
    ground.flatpak.launch(&offer(&successor.reference())).await.unwrap();
    let moved = ground.home().join(".var/app/org.example.NewChess/data/saved-game");
    assert_eq!(fs::read_to_string(moved).unwrap(), "e4 e5");
}

#[tokio::test]
async fn a_successor_may_come_later() {
    let mut ground = Ground::with_app().await;
    ground.publish(&AppSpec::new(APP).version("1.1").ended("moved", Some("org.example.NewChess")));
    let plan = ground.plan(&Request::install(app())).await.unwrap();
    assert_eq!(plan.warnings.len(), 1, "{plan:?}");
    assert_eq!(plan.warnings[0].kind, WarningKind::EndOfLife);
    ground.run(&Request::install(app())).await.unwrap();
    assert!(ground.installed(&app().reference).await.is_some());

    let successor = AppSpec::new("org.example.NewChess");
    ground.publish(&successor);
    ground.refresh().await;
    assert_eq!(ground.update(&app().reference).await.unwrap().end_of_life.unwrap().successor, successor.reference());
    ground.run(&Request::update(app())).await.unwrap();
    assert_eq!(ground.references().await, [successor.reference(), runtime_reference()]);
}

#[tokio::test]
async fn an_ended_app_without_successor_is_said_to_be_so() {
    let mut ground = Ground::with_app().await;
    ground.publish(&AppSpec::new(APP).ended("no more", None));
    let plan = ground.plan(&Request::install(app())).await.unwrap();
    assert_eq!(plan.warnings.len(), 1, "{plan:?}");
    assert_eq!(plan.warnings[0].end_of_life.as_ref().unwrap().reason, "no more");
    ground.run(&Request::install(app())).await.unwrap();
    let installed = ground.installed(&app().reference).await.unwrap();
    assert_eq!(installed.end_of_life.unwrap().reason, "no more");
}

#[tokio::test]
async fn an_installed_app_starts() {
    let ground = Ground::with_app().await;
    ground.run(&Request::install(app())).await.unwrap();
    ground.flatpak.launch(&app()).await.unwrap();
    let started = ground.home().join(".var/app").join(APP).join("data/started");
    crate::ground::eventually("the app's own sign", || fs::read_to_string(&started).is_ok_and(|text| text == "1.0\n"));
    ground.run(&Request::remove(app(), false)).await.unwrap();
    assert_eq!(ground.flatpak.launch(&app()).await.unwrap_err().kind, FailureKind::NotInstalled);
}

#[tokio::test]
async fn feeds_are_those_of_listed_origins() {
    let ground = Ground::with_app().await;
    let feeds = ground.flatpak.feeds().await.unwrap();
    assert_eq!(feeds.len(), 2);
    for feed in &feeds {
        assert_eq!((feed.origin.as_str(), feed.url.as_str()), (ORIGIN, ground.server.url().as_str()));
        assert!(fs::read_to_string(&feed.file).unwrap().contains(APP));
    }
    ground.command(&["remote-modify", "--user", "--no-enumerate", ORIGIN]);
    let disable = Request::change_origin(Action::DisableOrigin, SourceKind::Flatpak, "system", ORIGIN);
    ground.run(&disable).await.unwrap();
    assert_eq!(ground.flatpak.feeds().await.unwrap(), []);
}
