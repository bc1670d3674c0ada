//! Apps that are kept at their version, and what apps leave behind.

use crate::ground::{APP, Ground, app};
use std::fs;
use strata_demo::AppSpec;
use strata_engine::Source;
use strata_model::{FailureKind, Request, SourceKind};

async fn ground_with_news() -> Ground {
    let mut ground = Ground::with_app().await;
    ground.run(&Request::install(app())).await.unwrap();
    ground.publish(&AppSpec::new(APP).version("2.0"));
    ground.refresh().await;
    ground
}

#[tokio::test]
async fn what_is_held_stays_at_its_version_until_it_is_released() {
    let ground = ground_with_news().await;
    let reference = app().reference;
    assert!(ground.run(&Request::hold(app())).await.unwrap().feeds_changed);
    assert!(!ground.run(&Request::hold(app())).await.unwrap().feeds_changed, "it is held already");
    assert_eq!(ground.command(&["mask", "--user"]).trim(), reference, "flatpak itself leaves it alone");
    assert!(ground.installed(&reference).await.unwrap().held);
    assert!(ground.update(&reference).await.unwrap().held, "what waits for it is known all the same");
    assert_eq!(ground.failure(&Request::update(app())).await.kind, FailureKind::Masked);

    ground.run(&Request::release(app())).await.unwrap();
    assert!(!ground.installed(&reference).await.unwrap().held);
    assert!(!ground.update(&reference).await.unwrap().held);
    ground.run(&Request::update(app())).await.unwrap();
    assert_eq!(ground.installed(&reference).await.unwrap().version, "2.0");
}

#[tokio::test]
async fn a_mask_for_more_than_the_app_is_not_lifted_with_it() {
    let ground = ground_with_news().await;
    for pattern in ["org.example.Chess", "org.example.Ch*"] {
        ground.command(&["mask", "--user", pattern]);
    }
    let failure = ground.failure(&Request::release(app())).await;
    assert_eq!(failure.kind, FailureKind::Masked);
    assert!(failure.detail.contains("org.example.Ch*"), "{failure}");
    assert!(ground.command(&["mask", "--user"]).contains("org.example.Chess"), "nothing was changed");
    ground.command(&["mask", "--user", "--remove", "org.example.Ch*"]);
    ground.run(&Request::release(app())).await.unwrap();
    assert!(!ground.installed(&app().reference).await.unwrap().held);
}

#[tokio::test]
async fn what_is_not_installed_cannot_be_held() {
    let ground = Ground::with_app().await;
    assert_eq!(ground.failure(&Request::hold(app())).await.kind, FailureKind::NotInstalled);
}

#[tokio::test]
async fn what_an_app_leaves_behind_is_found_and_removed() {
    let ground = Ground::with_app().await;
    ground.run(&Request::install(app())).await.unwrap();
    let data = ground.home().join(".var/app").join(APP);
    fs::create_dir_all(&data).unwrap();
    fs::write(data.join("save"), vec![1; 50_000]).unwrap();
    assert_eq!(ground.flatpak.leftovers().await.unwrap(), [], "the app is there");
    let remove = Request::remove_data(SourceKind::Flatpak, APP);
    assert_eq!(ground.failure(&remove).await.kind, FailureKind::AlreadyInstalled);
    ground.run(&Request::remove(app(), false)).await.unwrap();
    let left = ground.flatpak.leftovers().await.unwrap();
    assert_eq!((left.len(), left[0].id.as_str(), left[0].size >= 50_000), (1, APP, true), "{left:?}");
    ground.run(&remove).await.unwrap();
    assert!(!data.exists());
    assert_eq!(ground.flatpak.leftovers().await.unwrap(), []);
    for bad in ["..", "a/b", ""] {
        assert_eq!(ground.failure(&Request::remove_data(SourceKind::Flatpak, bad)).await.kind, FailureKind::BadRequest);
    }
}
