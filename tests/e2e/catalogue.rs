//! The catalogue comes by itself, whatever there is of it.

use crate::documented::assert_documented;
use std::os::unix::fs::FileExt;
use strata_demo::Scenario;
use strata_tests::{ctl, ctl_json, world};

#[test]
fn a_missing_and_a_damaged_catalogue_are_built_before_the_answer() {
    let world = world(Scenario::Default);
    let file = world.environment().catalogue();
    assert!(!file.exists());
    let found = ctl(&world, &["search", "rookery"]).expect(0);
    assert!(found.err.contains("Building the catalogue") && found.out.contains("org.rookery.Rookery"), "{found:?}");
    std::fs::write(&file, "no catalogue").unwrap();
    assert_eq!(ctl_json(&world, 0, &["search", "rookery"])[0]["id"], "org.rookery.Rookery");
}

#[test]
fn damage_in_the_middle_of_the_catalogue_is_mended_before_the_answer() {
    let world = world(Scenario::Default);
    let file = world.environment().catalogue();
    let _ = ctl(&world, &["search", "rookery"]).expect(0);
    let pages = std::fs::metadata(&file).unwrap().len() / 4096;
    let damage = |page: u64| {
        let file = std::fs::File::options().write(true).open(&file).unwrap();
        file.write_all_at(&[0; 4096], page * 4096).unwrap();
    };
    for page in [2, pages / 2, pages - 2] {
        damage(page);
        assert_eq!(ctl_json(&world, 0, &["search", "rookery"])[0]["id"], "org.rookery.Rookery", "page {page}");
        assert_eq!(ctl_json(&world, 0, &["show", "org.rookery.Rookery"])["id"], "org.rookery.Rookery", "page {page}");
    }
    damage(2);
    let _ = ctl(&world, &["refresh"]).expect(0);
    let found = ctl(&world, &["search", "rookery"]).expect(0);
    assert!(found.err.is_empty(), "a refresh mended it: {found:?}");
}

#[test]
fn a_folder_in_the_place_of_the_catalogue_is_said() {
    let world = world(Scenario::Default);
    std::fs::create_dir_all(world.environment().catalogue().join("full")).unwrap();
    for words in [&["search", "rookery"][..], &["refresh"]] {
        let ended = ctl(&world, words).expect(1);
        assert!(ended.err.contains("catalogue.db” cannot be written"), "{ended:?}");
    }
}

#[test]
fn a_file_in_the_place_of_its_folder_is_said() {
    let world = world(Scenario::Default);
    let folder = world.environment().catalogue().parent().unwrap().to_owned();
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::write(&folder, "").unwrap();
    let ended = ctl(&world, &["search", "rookery"]).expect(1);
    assert!(ended.err.contains("strata” is no folder, and one belongs there. Move it away"), "{ended:?}");
}

#[test]
fn on_a_machine_that_was_never_refreshed_the_origins_are_asked() {
    let world = world(Scenario::Fresh);
    assert_eq!(ctl_json(&world, 0, &["search", "rookery"])[0]["id"], "org.rookery.Rookery");
}

#[test]
fn without_a_network_what_is_on_the_disk_is_found_and_what_is_not_is_told() {
    let world = world(Scenario::Offline);
    assert_eq!(ctl_json(&world, 0, &["search", "rookery"])[0]["installed"], true);
    let refresh = ctl(&world, &["refresh"]).expect(1);
    assert!(refresh.err.contains("could not be reached. Check the network connection"), "{refresh:?}");
    let install = ctl(&world, &["install", "-y", "org.columnar.Columnar"]).expect(1);
    assert!(install.err.contains("could not be reached"), "{install:?}");
    let json = ctl_json(&world, 1, &["install", "-y", "org.columnar.Columnar"]);
    assert_eq!(json["not_planned"][0]["failure"]["kind"], "offline", "{json}");
}

#[test]
fn what_can_only_be_had_by_hand_says_where() {
    let world = world(Scenario::Default);
    let list = |items: &str| {
        let file = world.folder().join("www/appimagehub/feed.json");
        std::fs::write(file, format!("{{\"version\": 1, \"items\": [{items}]}}")).unwrap();
    };
    list(
        r#"{"name": "Aivazovsky", "description": "Paint the sea", "links": [{"type": "Download", "url": "https://example.org/sea"}]}"#,
    );
    let _ = ctl(&world, &["refresh"]).expect(0);
    let found = ctl_json(&world, 0, &["search", "paint", "sea"]);
    let offer = &found[0]["offers"][0];
    assert_eq!((&found[0]["id"], &offer["source"]), (&"appimagehub:Aivazovsky".into(), &"app-image".into()), "{found}");
    assert_eq!((&offer["installable"], &offer["obstacle"]["kind"]), (&false.into(), &"by-hand".into()));
    assert_eq!(offer["obstacle"]["detail"], "https://example.org/sea");
    let refused = ctl(&world, &["install", "-y", "appimagehub:Aivazovsky"]).expect(1);
    assert!(refused.err.contains("Download it from https://example.org/sea"), "{refused:?}");
    // Whoever wants none of it has none of it.
    let _ = ctl(&world, &["settings", "network.appimages", "false"]).expect(0);
    strata_tests::until("the list is left out", || (ctl(&world, &["search", "aivazovsky"]).status == 3).then_some(()));
}

#[test]
fn an_app_of_two_sources_is_one_with_the_signs() {
    let world = world(Scenario::Default);
    let app = ctl_json(&world, 0, &["show", "org.rookery.Rookery"]);
    let (name, summary) = (app["name"].as_str().unwrap(), app["summary"].as_str().unwrap());
    let file = world.folder().join("www/appimagehub/feed.json");
    let links = serde_json::json!([{"type": "GitHub", "url": "ann/rookery"}]);
    let item = serde_json::json!({"name": name, "description": summary, "links": links});
    std::fs::write(file, serde_json::json!({"items": [item]}).to_string()).unwrap();
    let _ = ctl(&world, &["refresh"]).expect(0);
    let merges = ctl_json(&world, 0, &["catalogue", "merges"]);
    assert_documented("`catalogue merges`", 0, &merges);
    let [merge] = &merges.as_array().unwrap()[..] else { panic!("{merges}") };
    assert_eq!(merge["app"], "org.rookery.Rookery");
    let signs: Vec<_> = merge["evidence"].as_array().unwrap().iter().map(|sign| sign["sign"].clone()).collect();
    assert_eq!(signs[..2], ["name", "summary"], "{merges}");
    let shown = ctl(&world, &["show", "org.rookery.Rookery"]).expect(0);
    assert!(shown.out.contains("It is this app by the same name (rookery), the same summary"), "{shown:?}");
    assert!(shown.out.contains("Flatpaks come before AppImages"), "{shown:?}");
    let listed = ctl(&world, &["catalogue", "merges"]).expect(0);
    assert!(listed.out.contains("the same name (rookery), the same summary"), "{listed:?}");
}
