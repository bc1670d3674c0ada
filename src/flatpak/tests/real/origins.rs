//! Origins added, removed, switched.

use crate::ground::{Ground, ORIGIN, app, offer, runtime_reference};
use libflatpak::glib;
use std::fs;
use strata_demo::Key;
use strata_engine::Source;
use strata_model::{Action, FailureKind, Request, SourceKind, Stop};

fn add(name: &str, location: &str) -> Request {
    Request::add_origin(SourceKind::Flatpak, "user", name, location)
}

fn change(action: Action) -> Request {
    Request::change_origin(action, SourceKind::Flatpak, "user", ORIGIN)
}

#[tokio::test]
async fn a_repository_file_brings_its_key_and_its_apps() {
    let (ground, key) = Ground::signed();
    let encoded = glib::base64_encode(&fs::read(key).unwrap());
    let text = format!("[Flatpak Repo]\nTitle=The Shelf\nUrl={}\nGPGKey={encoded}\n", ground.server.url());
    fs::write(ground.repository.folder().join("shelf.flatpakrepo"), text).unwrap();
    let wish = add("", &format!("{}/shelf.flatpakrepo", ground.server.url()));
    let plan = ground.plan(&wish).await.unwrap();
    assert_eq!(ground.state().await.origins, [], "a plan adds nothing");
    let outcome = ground.run(&wish).await.unwrap();
    assert!(outcome.feeds_changed && outcome.partial.is_empty(), "{outcome:?}");
    let origins = ground.state().await.origins;
    assert_eq!(origins.len(), 1);
    assert_eq!((origins[0].name.as_str(), origins[0].title.as_str()), (ORIGIN, "The Shelf"));
    assert!(origins[0].signed && origins[0].enabled && origins[0].listed);
    assert_eq!((plan.request.name.as_str(), plan.origin.as_ref()), ("The Shelf", Some(&origins[0])));
    let again = ground.plan(&wish).await.unwrap_err();
    assert!(matches!(again, Stop::Failed(failure) if failure.kind == FailureKind::OriginExists));
    assert_eq!(ground.flatpak.feeds().await.unwrap().len(), 1);
    ground.run(&Request::install(app())).await.unwrap();
}

#[tokio::test]
async fn what_brings_no_key_is_said_to_be_unsigned_and_its_apps_come() {
    let ground = Ground::bare();
    let file = ground.folder.path().join("shelf.flatpakrepo");
    fs::write(&file, format!("[Flatpak Repo]\nTitle=The Shelf\nUrl={}\n", ground.server.url())).unwrap();
    let plan = ground.plan(&add("", &file.to_string_lossy())).await.unwrap();
    assert!(!plan.origin.as_ref().unwrap().signed);
    let outcome = ground.run(&plan.request).await.unwrap();
    assert!(outcome.feeds_changed && outcome.partial.is_empty(), "{outcome:?}");
    assert!(!ground.state().await.origins[0].signed);
    assert_eq!(ground.flatpak.feeds().await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_added_is_what_was_shown() {
    let (ground, key) = Ground::signed();
    let encoded = |bytes: &[u8]| glib::base64_encode(bytes).to_string();
    let (key, other) = (fs::read(key).unwrap(), Key::create().unwrap().public().unwrap());
    let describe = |url: &str, key: &str| format!("[Flatpak Repo]\nTitle=The Shelf\nUrl={url}\n{key}");
    let (url, key) = (ground.server.url(), format!("GPGKey={}\n", encoded(&key)));
    let shown = describe(&url, &key);
    let changed = [
        ("its address", describe(&format!("{url}/elsewhere"), &key)),
        ("its signature", describe(&url, "")),
        ("its key", describe(&url, &format!("GPGKey={}\n", encoded(&other)))),
    ];
    let here = ground.folder.path().join("shelf.flatpakrepo");
    let there = ground.repository.folder().join("shelf.flatpakrepo");
    let locations = [here.to_string_lossy().into_owned(), format!("{url}/shelf.flatpakrepo")];
    for (file, location) in [here, there].iter().zip(&locations) {
        fs::write(file, &shown).unwrap();
        let plan = ground.plan(&add("", location)).await.unwrap();
        for (what, text) in &changed {
            fs::write(file, text).unwrap();
            let failure = ground.failure(&plan.request).await;
            assert_eq!(failure.kind, FailureKind::OriginChanged, "{what}: {failure}");
            assert_eq!(ground.state().await.origins, [], "{what}");
        }
        let again = ground.plan(&plan.request).await.unwrap();
        assert_ne!(again.request, plan.request, "who looks again agrees to what is there now");
        fs::write(file, &shown).unwrap();
        ground.run(&plan.request).await.unwrap();
        assert_eq!(ground.state().await.origins[0].url, url);
        ground.run(&change(Action::RemoveOrigin)).await.unwrap();
    }
}

#[tokio::test]
async fn a_folder_that_became_a_file_is_not_what_was_shown() {
    let ground = Ground::bare();
    let place = ground.folder.path().join("mine");
    std::os::unix::fs::symlink(ground.repository.folder(), &place).unwrap();
    let plan = ground.plan(&add("mine", &place.to_string_lossy())).await.unwrap();
    fs::remove_file(&place).unwrap();
    fs::write(&place, format!("[Flatpak Repo]\nUrl={}\n", ground.server.url())).unwrap();
    assert_eq!(ground.failure(&plan.request).await.kind, FailureKind::OriginChanged);
}

#[tokio::test]
async fn a_folder_is_an_origin() {
    let ground = Ground::bare();
    let folder = ground.repository.folder().to_string_lossy().into_owned();
    ground.run(&add("mine", &folder)).await.unwrap();
    let origins = ground.state().await.origins;
    assert_eq!((origins[0].name.as_str(), origins[0].signed), ("mine", false));
    let failure = ground.failure(&add("mine", &folder)).await;
    assert_eq!((failure.kind, failure.subject.as_str()), (FailureKind::OriginExists, "mine"));
}

#[tokio::test]
async fn a_bare_address_has_to_be_signed() {
    let ground = Ground::bare();
    let outcome = ground.run(&add("bare", &ground.server.url())).await.unwrap();
    assert!(ground.state().await.origins[0].signed);
    assert_eq!(outcome.partial.len(), 1, "its summary is not signed: {outcome:?}");
}

#[tokio::test]
async fn what_describes_no_origin_is_refused() {
    let ground = Ground::bare();
    let file = ground.folder.path().join("bad.flatpakrepo");
    for text in ["", "[Flatpak Repo]\nTitle=x\n", "[Flatpak Ref]\nName=a\n", "\u{0}"] {
        fs::write(&file, text).unwrap();
        assert_eq!(ground.failure(&add("", &file.to_string_lossy())).await.kind, FailureKind::BadFile, "{text:?}");
    }
    assert_eq!(ground.failure(&add("x", "ftp://example.org")).await.kind, FailureKind::BadFile);
    assert_eq!(ground.failure(&add("a/b", &ground.server.url())).await.kind, FailureKind::BadRequest);
    let missing = format!("{}/none.flatpakrepo", ground.server.url());
    assert_eq!(ground.failure(&add("x", &missing)).await.kind, FailureKind::NothingThere);
    assert_eq!(ground.state().await.origins, []);
}

#[tokio::test]
async fn an_origin_gets_another_priority() {
    let ground = Ground::with_app().await;
    ground.run(&Request::prioritise_origin(SourceKind::Flatpak, "user", ORIGIN, 7)).await.unwrap();
    let priorities: Vec<_> =
        ground.state().await.origins.into_iter().map(|origin| (origin.scope, origin.priority)).collect();
    assert_eq!(priorities, [("user".to_owned(), 7), ("system".to_owned(), 1)]);
    assert_eq!(ground.flatpak.feeds().await.unwrap()[0].priority, 7);
}

#[tokio::test]
async fn an_origin_is_switched_off_and_on_and_removed() {
    let ground = Ground::with_app().await;
    ground.run(&Request::install(app())).await.unwrap();
    ground.run(&change(Action::DisableOrigin)).await.unwrap();
    let user = |origins: Vec<strata_model::snapshot::Origin>| origins.into_iter().find(|origin| origin.scope == "user");
    let origin = user(ground.state().await.origins).unwrap();
    assert!(!origin.enabled && !origin.listed);
    ground.run(&change(Action::EnableOrigin)).await.unwrap();
    assert!(user(ground.state().await.origins).unwrap().listed);
    let failure = ground.failure(&change(Action::RemoveOrigin)).await;
    assert_eq!((failure.kind, failure.subject.as_str()), (FailureKind::OriginInUse, ORIGIN), "{failure}");
    for reference in [app().reference, runtime_reference()] {
        ground.run(&Request::remove(offer(&reference), false)).await.unwrap();
    }
    ground.run(&change(Action::RemoveOrigin)).await.unwrap();
    assert_eq!(user(ground.state().await.origins), None);
    assert_eq!(ground.failure(&change(Action::RemoveOrigin)).await.kind, FailureKind::OriginGone);
}
