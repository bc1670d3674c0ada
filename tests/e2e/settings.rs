//! The person's settings: what is not right costs only itself, and is said.

use strata_demo::Scenario;
use strata_tests::{ctl, world};

#[test]
fn a_key_of_another_version_costs_itself_and_stays() {
    let world = world(Scenario::Default);
    let file = world.environment().settings();
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "future = 1 # mine\n[appearance]\nstyle = \"dark\"\n").unwrap();
    let set = ctl(&world, &["settings", "sources.installation", "user"]).expect(0);
    assert_eq!(
        (set.err.matches("future").count(), &*set.out),
        (1, "sources.installation\tuser\tyou\tsystem, user\n"),
        "{set:?}"
    );
    assert!(ctl(&world, &["settings", "appearance.style"]).expect(0).out.contains("dark"));
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("future = 1 # mine\n[appearance]"));
    for words in [&["list"][..], &["tasks"], &["history"]] {
        let ended = ctl(&world, words).expect(0);
        assert_eq!(ended.err.matches("A setting is left out").count(), 1, "{ended:?}");
        let json = ctl(&world, &[&["--json"], words].concat()).expect(0);
        assert!(json.err.is_empty(), "{json:?}");
    }
}

#[test]
fn an_installation_that_does_not_exist_is_wrong_usage() {
    let world = world(Scenario::Default);
    for words in [&["search", "rookery"][..], &["show", "org.rookery.Rookery"], &["list"], &["remotes"]] {
        let ended = ctl(&world, &[words, &["--installation", "no\u{1b}pe"]].concat()).expect(2);
        assert!(ended.err.contains("“nope”"), "{ended:?}");
    }
}
