//! What is kept: apps at their versions, what removed apps have stored, the list of apps, the record of what was done.

use crate::documented::assert_documented;
use crate::facts::flatpak;
use serde_json::{Value, json};
use strata_demo::Scenario;
use strata_tests::{Terminal, ctl, ctl_json, stratactl, world};

const ATTIC: &str = "io.github.loftbox.Attic";
const BRUSHES: &str = "io.github.pigmentlab.Gouache.Brush.Watercolour";
const COLUMNAR: &str = "org.columnar.Columnar";

fn updates(list: &Value) -> Vec<(String, bool)> {
    let row = |one: &Value| (one["id"].as_str().unwrap().to_owned(), one["held"].as_bool().unwrap());
    list.as_array().unwrap().iter().map(row).collect()
}

#[test]
fn a_held_app_is_left_out_of_updates_until_it_is_released() {
    let world = world(Scenario::Default);
    let app = ctl_json(&world, 0, &["list", "--updates"])[0]["id"].as_str().unwrap().to_owned();
    let held = ctl_json(&world, 0, &["hold", &app]);
    assert_documented("`install`", 0, &held);
    assert_eq!((&held["tasks"][0]["action"], &held["tasks"][0]["state"]), (&"hold".into(), &"done".into()));
    assert!(flatpak(&world, &["mask"]).contains(&app), "flatpak itself knows");
    assert!(updates(&ctl_json(&world, 0, &["list", "--updates"])).contains(&(app.clone(), true)));
    let said = ctl(&world, &["update", "-y", "--no-refresh"]);
    assert!(said.err.contains("Held, and so left out: "), "{said:?}");
    assert!(updates(&ctl_json(&world, 0, &["list", "--updates"])).contains(&(app.clone(), true)));
    let refused = ctl(&world, &["update", "-y", "--no-refresh", &app]).expect(1);
    assert!(refused.err.contains("is held at its version") && refused.err.contains("Release it"), "{refused:?}");
    let _ = ctl(&world, &["release", &app]).expect(0);
    assert_eq!(flatpak(&world, &["mask"]).matches(&app).count(), 0);
    let _ = ctl(&world, &["update", "-y", "--no-refresh", &app]).expect(0);
    let _ = ctl(&world, &["hold", "nothing-like-it-at-all"]).expect(3);
}

#[test]
fn what_removed_apps_left_behind_is_listed_kept_and_removed() {
    let world = world(Scenario::Default);
    assert_eq!(ctl_json(&world, 0, &["leftovers"]), json!([]));
    for id in [COLUMNAR, "org.example.Gone"] {
        let data = world.folder().join("home/.var/app").join(id).join("data");
        std::fs::create_dir_all(&data).unwrap();
        std::fs::write(data.join("large"), vec![1; 70_000]).unwrap();
    }
    let left = ctl_json(&world, 0, &["leftovers"]);
    assert_documented("`leftovers", 0, &left);
    assert_eq!((&left[0]["id"], &left[0]["name"]), (&COLUMNAR.into(), &"Columnar".into()));
    assert!(left[0]["size"].as_u64().unwrap() >= 70_000);
    let refused = ctl(&world, &["leftovers", "remove", COLUMNAR]).expect(2);
    assert!(refused.err.contains("--yes"), "{refused:?}");
    let kept = ctl_json(&world, 0, &["leftovers", "keep", "org.example.Gone"]);
    assert_documented("`leftovers", 1, &kept);
    let _ = ctl(&world, &["leftovers", "remove", "org.example.Gone", "-y"]).expect(3);
    let unlike = ctl(&world, &["leftovers", "remove", "columna", "-y"]).expect(3);
    assert!(unlike.err.contains("Did you mean Columnar (org.columnar.Columnar)?"), "{unlike:?}");
    let mut terminal = Terminal::start(&stratactl(&world, &["leftovers", "remove", "columnar", COLUMNAR]), 100);
    terminal.shows("for good.").shows("Remove? [y/N]").types("y\n");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen());
    assert_eq!(ctl_json(&world, 0, &["leftovers"]), json!([]));
    let apps = world.folder().join("home/.var/app");
    assert!(!apps.join(COLUMNAR).exists() && apps.join("org.example.Gone").exists());
}

#[test]
fn the_list_of_apps_is_taken_to_another_machine() {
    let world = world(Scenario::Default);
    let list = ctl_json(&world, 0, &["export"]);
    assert_documented("`export", 0, &list);
    assert_eq!(ctl(&world, &["export"]).expect(0).json()["apps"], list["apps"], "JSON anyway");
    let file = world.folder().join("apps.json");
    let path = file.to_str().unwrap();
    std::fs::write(&file, "my notes").unwrap();
    let kept = ctl(&world, &["export", path]).expect(2);
    assert!(kept.err.contains("--yes") && std::fs::read(&file).unwrap() == b"my notes", "{kept:?}");
    let _ = ctl(&world, &["export", path, "-y"]).expect(0);
    let _ = ctl(&world, &["export", path]).expect(0);
    let mut list: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let app = |id: &str, name: &str| json!({"id": id, "name": name, "source": "flatpak", "origin": "elsewhere"});
    let count = list["apps"].as_array().unwrap().len();
    assert_eq!(list["addons"].as_array().unwrap().len(), 1);
    assert_eq!(list["addons"][0]["id"], BRUSHES);
    let apps = list["apps"].as_array_mut().unwrap();
    apps.extend([app(COLUMNAR, "Columnar"), app("org.example.Nowhere", "Nowhere")]);
    std::fs::write(&file, list.to_string()).unwrap();

    let _ = ctl(&world, &["remove", BRUSHES, "-y"]).expect(0);
    let asked = ctl(&world, &["import", path]).expect(2);
    assert!(asked.err.contains("Nowhere: No origin here has it. It came from elsewhere."), "{asked:?}");
    assert!(asked.out.contains("Install Columnar") && asked.err.contains("--yes"), "the plan comes first: {asked:?}");
    let done = ctl_json(&world, 1, &["import", path, "-y"]);
    assert_documented("`import", 0, &done);
    assert_eq!(done["there"].as_array().unwrap().len(), count);
    let got: Vec<_> = done["tasks"].as_array().unwrap().iter().map(|task| &task["state"]).collect();
    assert_eq!(got, ["done", "done"], "an app and an add-on");
    assert_eq!(
        (&done["tasks"][0]["state"], &done["not_found"][0]["id"]),
        (&"done".into(), &"org.example.Nowhere".into())
    );
    let installed = flatpak(&world, &["list", "--columns=application"]);
    assert!(installed.contains(COLUMNAR) && installed.contains(BRUSHES), "{installed}");
    let again = ctl_json(&world, 1, &["import", path, "-y"]);
    assert_eq!((again["there"].as_array().unwrap().len(), &again["tasks"]), (count + 2, &json!([])));
    std::fs::write(&file, "{}").unwrap();
    let _ = ctl(&world, &["import", path, "-y"]).expect(1);
    let _ = ctl(&world, &["import", "/no/such/file", "-y"]).expect(3);
}

#[test]
fn a_refresh_without_news_is_on_record_but_not_shown() {
    let world = world(Scenario::Default);
    let count = |words: &[&str]| ctl_json(&world, 0, words).as_array().unwrap().len();
    let _ = ctl(&world, &["refresh"]).expect(0);
    let (shown, all) = (count(&["history"]), count(&["history", "--all"]));
    let _ = ctl(&world, &["refresh"]).expect(0);
    // One of Flatpak, one of AppImage.
    assert_eq!((count(&["history"]), count(&["history", "--all"])), (shown, all + 2));
    let last = &ctl_json(&world, 0, &["history", "--all", "-n", "1"])[0];
    assert_eq!((&last["action"], &last["changed"]), (&"refresh".into(), &false.into()));
    let _ = ctl(&world, &["hold", ATTIC]).expect(0);
    assert_eq!(count(&["history"]), shown + 1);
}

#[test]
fn an_origin_is_put_before_the_others() {
    let world = world(Scenario::Default);
    let done = ctl_json(&world, 0, &["remotes", "priority", "orchard", "5"]);
    let task = &done["tasks"][0];
    assert_eq!((&task["action"], &task["priority"]), (&"prioritise-origin".into(), &5.into()));
    let remotes = ctl_json(&world, 0, &["remotes"]);
    let orchard = remotes.as_array().unwrap().iter().find(|remote| remote["name"] == "orchard").unwrap();
    assert_eq!(orchard["priority"], 5);
}
