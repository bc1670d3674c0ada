//! Commands that only look: each with its words and its JSON.

use crate::documented::assert_documented;
use crate::facts;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::sync::LazyLock;
use strata_demo::{Scenario, World};
use strata_tests::{ctl, ctl_json, until, world};

/// For all tests that change nothing.
static WORLD: LazyLock<World> = LazyLock::new(|| {
    let world = world(Scenario::Default);
    let _ = ctl(&world, &["refresh"]).expect(0);
    world
});

const ROOKERY: &str = "org.rookery.Rookery";
const COLUMNAR: &str = "org.columnar.Columnar";
const PENNYWORT: &str = "org.pennywort.Pennywort";
const NIGHT_TRAM: &str = "io.github.lastline.NightTram";

fn ids(apps: &Value) -> Vec<&str> {
    apps.as_array().unwrap().iter().map(|app| app["id"].as_str().unwrap()).collect()
}

#[test]
fn search_gives_the_best_first_with_its_offers() {
    let found = ctl_json(&WORLD, 0, &["search", "rookery"]);
    assert_documented("`search", 0, &found);
    assert_eq!(ids(&found)[0], ROOKERY);
    assert_eq!(found[0]["installed"], true);
    assert_eq!(found[0]["offers"][0]["origin"], "orchard");
    assert_eq!(found[0]["offers"][0]["version"], "5.0");
    assert_eq!(ids(&ctl_json(&WORLD, 0, &["search", "spreadsh"]))[0], COLUMNAR);
    let not_installed = ctl_json(&WORLD, 0, &["search", "columnar"]);
    assert_eq!(not_installed[0]["installed"], false);
}

#[test]
fn search_is_narrowed_and_explained() {
    let found = |words: &[&str]| ctl(&WORLD, &[&["--json", "search", "chess"], words].concat());
    assert!(ids(&found(&["--installed"]).json()).contains(&ROOKERY));
    for nothing in [&["--source", "app-image"][..], &["--category", "work", "--installed"]] {
        let _ = found(nothing).expect(3);
    }
    let _ = found(&["--category", "nonsense"]).expect(2);
    let explained = ctl_json(&WORLD, 0, &["search", "--explain", "rookery"]);
    assert_documented("`search", 2, &explained);
    assert_eq!((&explained[0]["id"], &explained[0]["fit"]), (&ROOKERY.into(), &"exact".into()));
    let text = ctl(&WORLD, &["search", "--explain", "rookery"]).expect(0).out;
    assert!(text.starts_with("Rookery\t") && text.contains("it is the name"), "{text}");
}

#[test]
fn what_an_option_leaves_is_listed_without_words() {
    let games = ctl_json(&WORLD, 0, &["search", "--category", "play", "--limit", "1000"]);
    assert_documented("`search", 0, &games);
    let ids = ids(&games);
    assert!(ids.contains(&ROOKERY) && !ids.contains(&COLUMNAR), "{ids:?}");
    let _ = ctl(&WORLD, &["search"]).expect(2);
    let _ = ctl(&WORLD, &["search", "--explain", "--free"]).expect(2);
}

#[test]
fn what_the_words_were_taken_for_is_said() {
    let said = |words: &[&str]| ctl(&WORLD, &[&["search"], words].concat()).expect(0).err;
    let partly = said(&["qqqzzzxx", "rookery"]);
    assert!(partly.contains("Nothing has all of") && partly.contains("without “qqqzzzxx”"), "{partly}");
    let found = ctl_json(&WORLD, 0, &["search", "qqqzzzxx", "rookery"]);
    assert_eq!((&found[0]["corrected"], &found[0]["left_out"]), (&"rookery".into(), &serde_json::json!(["qqqzzzxx"])));
    assert_eq!(said(&["rookery"]), "");
}

#[test]
fn without_an_origin_it_is_said_that_there_is_none() {
    let world = world(Scenario::Empty);
    for (asked, status) in [(["search", "chess"], 3), (["install", "chess"], 3)] {
        let said = ctl(&world, &asked).expect(status).err;
        assert!(said.contains("No origin of apps is set up"), "{asked:?}: {said}");
        assert!(said.contains("stratactl remotes add https://"), "{asked:?}: {said}");
    }
}

#[test]
fn search_for_programs_is_tabs_and_for_nothing_is_status_3() {
    let found = ctl(&WORLD, &["search", "rookery"]).expect(0);
    let cells: Vec<_> = found.out.lines().next().unwrap().split('\t').collect();
    assert_eq!((cells[0], cells[2], cells[5]), ("Rookery", ROOKERY, "installed"));
    let nothing = ctl(&WORLD, &["search", "qqqzzzxx"]).expect(3);
    assert!(nothing.out.is_empty() && nothing.err.contains("Nothing found"), "{nothing:?}");
    assert_eq!(ctl_json(&WORLD, 3, &["search", "qqqzzzxx"]), Value::Array(Vec::new()));
}

#[test]
fn search_and_show_let_the_engine_sleep() {
    // Its own world: other tests wake the engine of the shared one.
    let world = world(Scenario::Default);
    let _ = ctl(&world, &["search", "rookery"]).expect(0);
    for engine in facts::engines(&world) {
        kill_process(Pid::from_raw(engine).unwrap(), Signal::TERM).unwrap();
    }
    until("the engine is gone", || facts::engine_sleeps(&world).then_some(()));
    let found = ctl_json(&world, 0, &["search", "rookery"]);
    assert_eq!(found[0]["installed"], true);
    let _ = ctl(&world, &["show", ROOKERY]).expect(0);
    assert!(facts::engines(&world).is_empty(), "the engine was woken");
    // What another program changes meanwhile is seen all the same.
    facts::flatpak(&world, &["uninstall", "--system", "-y", "--noninteractive", ROOKERY]);
    assert_eq!(ctl_json(&world, 0, &["search", "rookery"])[0]["installed"], false);
    facts::flatpak(&world, &["install", "--system", "-y", "--noninteractive", "orchard", ROOKERY]);
    assert_eq!(ctl_json(&world, 0, &["search", "rookery"])[0]["installed"], true);
}

#[test]
fn an_installation_is_looked_at_alone() {
    let both = ctl_json(&WORLD, 0, &["show", PENNYWORT]);
    let places = |app: &Value| -> Vec<String> {
        let offers = app["offers"].as_array().unwrap().iter();
        offers.map(|offer| offer["installation"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(places(&both).len(), 2, "{both}");
    let found = ctl_json(&WORLD, 0, &["search", "pennywort", "--installation", "user"]);
    assert_eq!(places(&found[0]), ["user"]);
    let all: Vec<_> = ctl_json(&WORLD, 0, &["list", "--all", "--installation", "user"]).as_array().unwrap().clone();
    assert!(all.iter().all(|part| part["installation"] == "user"), "{all:?}");
    let ended = ctl(&WORLD, &["list", "--installation", "nowhere"]).expect(2);
    assert!(ended.err.contains("no installation named “nowhere”"), "{}", ended.err);
}

#[test]
fn what_is_installed_and_in_no_list_or_hidden_is_found_and_shown() {
    let world = world(Scenario::Default);
    facts::flatpak(&world, &["remote-modify", "--system", "--no-enumerate", "orchard"]);
    let _ = ctl(&world, &["refresh"]).expect(0);
    let _ = ctl(&world, &["search", "columnar"]).expect(3);
    for words in [&["search", "rookery"][..], &["search", "rook", "--installed"], &["search", ROOKERY]] {
        let found = ctl_json(&world, 0, words);
        assert_documented("`search", 0, &found);
        assert_eq!((ids(&found), &found[0]["installed"]), (vec![ROOKERY], &true.into()), "{words:?}");
    }
    let _ = ctl(&world, &["search", "rookery", "--installed", "--free"]).expect(3);
    let _ = ctl(&world, &["search", "rookery", "--installation", "user"]).expect(3);
    for name in ["rookery", ROOKERY] {
        let app = ctl_json(&world, 0, &["show", name]);
        assert_eq!(
            (&app["id"], &app["offers"], &app["installed_as"][0]["origin"]),
            (&ROOKERY.into(), &serde_json::json!([]), &"orchard".into())
        );
    }
    let text = ctl(&world, &["show", "rookery"]).expect(0).out;
    assert!(text.contains("No list of apps has it") && text.contains("Installed: "), "{text}");

    facts::flatpak(&world, &["remote-modify", "--system", "--enumerate", "orchard"]);
    let _ = ctl(&world, &["refresh"]).expect(0);
    let _ = ctl(&world, &["settings", "sources.hidden", "org.rookery.*"]).expect(0);
    until("it is hidden", || (ctl(&world, &["search", "rookery"]).status == 3).then_some(()));
    assert_eq!(ctl_json(&world, 0, &["show", "rookery"])["offers"][0]["obstacle"]["kind"], "hidden");
}

fn pick(object: &Value, names: &[&str]) -> Value {
    names.iter().map(|name| ((*name).to_owned(), object[*name].clone())).collect::<serde_json::Map<_, _>>().into()
}

#[test]
fn show_tells_everything_and_knows_what_it_does_not_know() {
    let app = ctl_json(&WORLD, 0, &["show", ROOKERY]);
    let mut found = pick(&app, &["id", "name", "summary", "developer", "installed", "corrected", "offers"]);
    found["left_out"] = serde_json::json!([]);
    found["only_mentioned"] = false.into();
    found["package"] = Value::Null;
    assert_documented("`search", 0, &serde_json::json!([found]));
    assert_documented("`list", 0, &app["installed_as"]);
    assert!(app["releases"].as_array().unwrap().len() > 1);
    assert_ne!(app["description"], serde_json::json!([]));
    let text = ctl(&WORLD, &["show", ROOKERY]).expect(0).out;
    assert!(text.starts_with("Rookery  org.rookery.Rookery\n"), "{text}");
    assert!(text.contains("Installed: 4.6 ") && text.contains("What is new in 5.0"), "{text}");
    let nothing = ctl_json(&WORLD, 3, &["show", "org.example.Nothing"]);
    assert_documented("Failure", 1, &nothing);
}

#[test]
fn lists_are_as_flatpak_has_them() {
    let apps = ctl_json(&WORLD, 0, &["list"]);
    assert_documented("`list", 0, &apps);
    let mut expected: Vec<_> =
        facts::flatpak(&WORLD, &["list", "--app", "--columns=application"]).lines().map(str::to_owned).collect();
    let mut listed: Vec<_> = ids(&apps).into_iter().map(str::to_owned).collect();
    expected.sort();
    listed.sort();
    assert_eq!(listed, expected);
    let all = ctl_json(&WORLD, 0, &["list", "--all"]);
    let count = facts::installed(&WORLD, "system").len() + facts::installed(&WORLD, "user").len();
    assert_eq!(all.as_array().unwrap().len(), count, "{all}");
    let unused = ctl_json(&WORLD, 0, &["list", "--unused"]);
    assert!(ids(&unused).contains(&"org.orchard.Platform"), "{unused}");
    let updates = ctl_json(&WORLD, 0, &["list", "--updates"]);
    assert_documented("`list", 1, &updates);
    let rookery = updates.as_array().unwrap().iter().find(|update| update["id"] == ROOKERY).unwrap();
    assert_eq!((&rookery["from_version"], &rookery["version"]), (&Value::from("4.6"), &Value::from("5.0")));
    assert!(!rookery["new_permissions"].as_array().unwrap().is_empty(), "{rookery}");
}

#[test]
fn plans_change_nothing() {
    let before = (facts::installed(&WORLD, "system"), facts::installed(&WORLD, "user"));
    let plan = ctl_json(&WORLD, 0, &["plan", COLUMNAR]);
    assert_documented("`plan", 0, &plan);
    assert_eq!(plan[0]["action"], "install");
    let update = ctl_json(&WORLD, 0, &["plan", ROOKERY]);
    assert_eq!(update[0]["action"], "update");
    assert!(!update[0]["new_permissions"].as_array().unwrap().is_empty(), "{update}");
    assert_eq!(ctl_json(&WORLD, 0, &["plan", "--remove", ROOKERY])[0]["steps"][0]["change"], "remove");
    // Nothing of its runtime is there yet, so that comes along.
    let plan = ctl_json(&WORLD, 0, &["plan", NIGHT_TRAM]);
    let kinds: Vec<_> = plan[0]["steps"].as_array().unwrap().iter().map(|step| step["kind"].clone()).collect();
    assert!(kinds.contains(&"app".into()), "{plan}");
    let text = ctl(&WORLD, &["plan", NIGHT_TRAM]).expect(0).out;
    assert!(text.contains("To download: "), "{text}");
    assert_eq!((facts::installed(&WORLD, "system"), facts::installed(&WORLD, "user")), before);
    let _ = ctl(&WORLD, &["plan", "org.example.Nothing"]).expect(3);
}

#[test]
fn remotes_tasks_and_history_are_documented() {
    let remotes = ctl_json(&WORLD, 0, &["remotes"]);
    assert_documented("`remotes", 0, &remotes);
    assert_eq!(remotes[0]["name"], "orchard");
    assert!(ctl_json(&WORLD, 0, &["tasks"]).is_array());
    let history = ctl_json(&WORLD, 0, &["history", "--all"]);
    assert_documented("`history", 0, &history);
    assert_eq!(history.as_array().unwrap().last().unwrap()["action"], "refresh");
    assert_eq!(ctl_json(&WORLD, 0, &["history", "--limit", "0"]), serde_json::json!([]));
    let _ = ctl(&WORLD, &["cancel", "4711"]).expect(3);
}
