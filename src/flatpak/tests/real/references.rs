//! What remotes say of their references beside the lists of apps, and what Flatpak was told to leave alone.

use crate::ground::{APP, Ground, PATIENCE, app, offer};
use libflatpak::prelude::*;
use std::collections::BTreeMap;
use strata_demo::{AddonSpec, AppSpec, host_arch};
use strata_engine::Source;
use strata_model::feed::ReferenceState;
use strata_model::installed::EndOfLife;
use strata_model::plan::WarningKind;
use strata_model::{FailureKind, Request, Stop};

/// What the feed of the person's own installation says, by reference.
async fn said(ground: &Ground) -> BTreeMap<String, ReferenceState> {
    let feeds = ground.flatpak.feeds().await.unwrap();
    let own = feeds.into_iter().find(|feed| feed.scope == "user").unwrap();
    own.references.into_iter().map(|state| (state.reference.clone(), state)).collect()
}

#[tokio::test]
async fn a_feed_says_sizes_ends_of_life_and_masks() {
    let mut ground = Ground::with_app().await;
    let heir = app().reference;
    let mut old = AppSpec::new("org.example.Draughts").payload(3_000_000).ended("Nobody plays it", None);
    old.rebase = Some(APP.to_owned());
    let other = AppSpec { arch: "riscv64".to_owned(), ..AppSpec::new("org.example.Elsewhere") };
    let mut host = AppSpec::new("org.example.Host");
    host.extension_point = Some("org.example.Host.Plugin".to_owned());
    let addons = ["Chalk", "Coal"].map(|name| AddonSpec::new(&format!("org.example.Host.Plugin.{name}"), &host.id));
    for addon in &addons {
        ground.repository.addon(addon).unwrap();
    }
    for spec in [&old, &other, &host] {
        ground.publish(spec);
    }
    ground.refresh().await;
    let before = said(&ground).await;
    assert_eq!(before.keys().collect::<Vec<_>>(), [&heir, &old.reference(), &host.reference()], "apps of this machine");
    let ended = &before[&old.reference()];
    assert!(ended.download_size > 3_000_000 && ended.installed_size > 3_000_000, "{ended:?}");
    let end = EndOfLife { reason: "Nobody plays it".to_owned(), successor: heir.clone() };
    assert_eq!((&ended.end_of_life, &ended.masked), (&Some(end), &None));
    assert_eq!((&before[&heir].end_of_life, &before[&heir].masked), (&None, &None));

    ground.command(&["mask", "--user", "org.example.Ch*"]);
    ground.command(&["mask", "--user", "*.Chalk"]);
    ground.command(&["mask", "--user", "org.example.Platform"]);
    let sent = ground.server.sent();
    let after = said(&ground).await;
    assert_eq!(ground.server.sent(), sent, "nobody was asked");
    let masked: Vec<_> =
        after.values().filter_map(|state| Some((&*state.reference, state.masked.as_deref()?))).collect();
    let addon = addons[0].reference();
    assert_eq!(masked, [(&*heir, "org.example.Ch*"), (&*addon, "*.Chalk")], "a runtime is in no list");
    let feeds = ground.flatpak.feeds().await.unwrap();
    let others = feeds.iter().filter(|feed| feed.scope != "user").flat_map(|feed| &feed.references);
    assert!(others.into_iter().all(|state| state.masked.is_none()), "each installation has masks of its own");
}

#[tokio::test]
async fn without_a_summary_a_feed_says_nothing_more() {
    let ground = Ground::with_app().await;
    let summaries = ground.user_folder().join("repo/tmp/cache/summaries");
    assert!(!said(&ground).await.is_empty());
    std::fs::remove_dir_all(&summaries).unwrap();
    assert!(said(&ground).await.is_empty());
}

/// What libflatpak itself would update.
fn has_update(ground: &Ground) -> bool {
    let folder = libflatpak::gio::File::for_path(ground.user_folder());
    let never = libflatpak::gio::Cancellable::NONE;
    let installation = libflatpak::Installation::for_path(&folder, true, never).unwrap();
    let updates = installation.list_installed_refs_for_update(never).unwrap();
    updates.iter().any(|found| found.name().is_some_and(|name| name == APP))
}

#[tokio::test]
async fn patterns_cover_what_flatpak_s_own_do() {
    let mut ground = Ground::with_app().await;
    ground.run(&Request::install(app())).await.unwrap();
    ground.publish(&AppSpec::new(APP).version("2.0"));
    ground.refresh().await;
    let arch = host_arch();
    let own = [
        APP.to_owned(),
        format!("app/{APP}"),
        format!("{APP}/{arch}"),
        format!("{APP}/{arch}/stable"),
        format!("app/{APP}/{arch}/stable"),
        format!("{APP}//stable"),
        format!("{APP}//beta"),
        format!("{APP}/"),
        format!("{APP}//"),
        format!("runtime/{APP}"),
    ];
    let others =
        ["org.example.*", "*Chess", "*", "*/*/st*", "org.example", "org.example.Ches", "org*ple.C*s", "//stable"];
    let others = others.into_iter().chain(["//", "a/b/c/d", "org.example.Ch?ss", "org_example_Chess", "app/*"]);
    let mut covered = 0;
    for pattern in own.iter().map(String::as_str).chain(others) {
        if !ground.try_command(&["mask", "--user", pattern]).status.success() {
            // What flatpak refuses stands in the file all the same where somebody wrote it there.
            continue;
        }
        let by_flatpak = !has_update(&ground);
        let masked = said(&ground).await[&app().reference].masked.clone();
        assert_eq!(masked.is_some(), by_flatpak, "{pattern}");
        assert!(masked.is_none_or(|masked| masked == pattern));
        covered += usize::from(by_flatpak);
        ground.command(&["mask", "--user", "--remove", pattern]);
    }
    assert!(covered >= 10, "flatpak itself masked {covered} times");
}

#[tokio::test]
async fn what_is_masked_is_not_updated_and_can_be_installed_as_with_flatpak_itself() {
    let mut ground = Ground::with_app().await;
    let other = AppSpec::new("org.example.Draughts");
    ground.publish(&other);
    ground.refresh().await;
    ground.run(&Request::install(app())).await.unwrap();
    ground.publish(&AppSpec::new(APP).version("2.0"));
    ground.refresh().await;
    ground.command(&["mask", "--user", "org.example.*"]);
    let before = ground.references().await;
    let update = Request::update(app());
    let failure = ground.failure(&update).await;
    assert_eq!(failure.kind, FailureKind::Masked, "{failure}");
    assert!(failure.detail.contains("org.example.*"), "the pattern is what to lift: {failure}");
    assert!(matches!(ground.plan(&update).await, Err(Stop::Failed(planned)) if planned == failure));
    assert_eq!(ground.references().await, before);

    let install = Request::install(offer(&other.reference()));
    let warnings = ground.plan(&install).await.unwrap().warnings;
    let masked: Vec<_> = warnings.iter().filter(|warning| warning.kind == WarningKind::Masked).collect();
    assert_eq!(masked.len(), 1, "{warnings:?}");
    assert_eq!(masked[0].subject, "org.example.*");
    ground.run(&install).await.unwrap();
    assert!(ground.references().await.contains(&other.reference()));
    ground.run(&Request::remove(app(), false)).await.unwrap();
}

#[tokio::test]
async fn a_mask_from_a_terminal_is_noticed() {
    let ground = Ground::with_app().await;
    let mut changes = ground.watched().await;
    for words in [&["mask", "--user", "org.example.*"][..], &["mask", "--user", "--remove", "org.example.*"]] {
        // Whatever is still on its way from before is not what is waited for.
        while tokio::time::timeout(std::time::Duration::from_secs(1), changes.changed()).await.is_ok() {}
        ground.command(words);
        tokio::time::timeout(PATIENCE, changes.changed()).await.expect("noticed").unwrap();
    }
}
