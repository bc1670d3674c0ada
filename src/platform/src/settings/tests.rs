//! Layers of settings, written and read.

use super::*;
use std::fs;
use strata_model::settings::{Installation, Style};

fn environment(folder: &Path) -> Environment {
    let home = folder.as_os_str().to_owned();
    let policy = std::env::join_paths([folder.join("usr"), folder.join("etc")]).unwrap();
    Environment::from_variables(&|name| match name {
        "HOME" => Some(home.clone()),
        "STRATA_POLICY" => Some(policy.clone()),
        _ => None,
    })
}

#[test]
fn a_later_layer_wins_value_by_value() {
    let folder = tempfile::tempdir().unwrap();
    let environment = environment(folder.path());
    fs::create_dir_all(folder.path().join("usr")).unwrap();
    let policy = "[sources]\ninstallation = \"user\"\n[appearance]\nstyle = \"light\"\n";
    fs::write(folder.path().join("usr/10-distribution.toml"), policy).unwrap();
    let settings = set(&environment, "appearance.style", "dark").unwrap().settings;
    assert_eq!(settings.appearance.style, Style::Dark);
    assert_eq!(settings.sources.installation, Installation::User);
    fs::create_dir_all(folder.path().join("etc")).unwrap();
    fs::write(folder.path().join("etc/lab.toml"), "[network]\nscreenshots = false\nsize = 3\n").unwrap();
    let expected = [
        ("appearance.style", Layer::Own),
        ("network.screenshots", Layer::Administrator),
        ("sources.installation", Layer::Distribution),
    ];
    assert_eq!(load(&environment).set_by, BTreeMap::from(expected.map(|(key, layer)| (key.to_owned(), layer))));
}

#[test]
fn a_bad_file_and_a_bad_value_cost_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let environment = environment(folder.path());
    fs::create_dir_all(folder.path().join("etc")).unwrap();
    fs::write(folder.path().join("etc/a.toml"), "[appearance]\nstyle = \"dark\"\n").unwrap();
    fs::write(folder.path().join("etc/b.toml"), "[appearance]\nstyle = \"purple\"\n").unwrap();
    fs::write(folder.path().join("etc/c.toml"), "not toml").unwrap();
    let layers = load(&environment);
    assert_eq!(layers.settings.appearance.style, Style::Dark);
    assert_eq!(layers.faults.len(), 2);
}

#[test]
fn a_key_that_nobody_knows_costs_itself_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let environment = environment(folder.path());
    fs::create_dir_all(&environment.config).unwrap();
    let text = "future = 1\nappearance = {style = \"dark\", size = 3}\n[sources]\ninstallation = 7\n[new]\n";
    fs::write(environment.settings(), text).unwrap();
    let layers = load(&environment);
    assert_eq!(layers.settings.appearance.style, Style::Dark);
    let mut named: Vec<_> = layers.faults.iter().map(|fault| fault.subject.rsplit(": ").next().unwrap()).collect();
    named.sort_unstable();
    assert_eq!(named, ["appearance.size", "future", "new", "sources.installation"]);
    assert!(layers.faults.iter().all(|fault| fault.kind == FailureKind::SettingLeftOut));
}

#[test]
fn what_is_set_leaves_the_rest_of_the_file_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let environment = environment(folder.path());
    fs::create_dir_all(&environment.config).unwrap();
    let text = "# mine\nfuture = 1 # not yet\n\n[appearance]\n# at night\nstyle = \"dark\" # always\n";
    fs::write(environment.settings(), text).unwrap();
    assert_eq!(set(&environment, "appearance.style", "light").unwrap().faults.len(), 1);
    let layers = set(&environment, "sources.installation", "user").unwrap();
    assert_eq!(
        (layers.settings.appearance.style, layers.settings.sources.installation),
        (Style::Light, Installation::User)
    );
    let expected = text.replace("dark", "light") + "\n[sources]\ninstallation = \"user\"\n";
    assert_eq!(fs::read_to_string(environment.settings()).unwrap(), expected);
}

#[test]
fn what_stands_where_a_table_belongs_gives_way() {
    let folder = tempfile::tempdir().unwrap();
    let environment = environment(folder.path());
    fs::create_dir_all(&environment.config).unwrap();
    fs::write(environment.settings(), "appearance = 5\n").unwrap();
    let layers = set(&environment, "appearance.style", "dark").unwrap();
    assert_eq!((layers.settings.appearance.style, layers.faults.len()), (Style::Dark, 0));
}

#[test]
fn what_is_no_file_is_not_waited_for_and_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let environment = environment(folder.path());
    fs::create_dir_all(&environment.config).unwrap();
    std::os::unix::fs::symlink("/dev/zero", environment.settings()).unwrap();
    assert_eq!(load(&environment).faults[0].kind, FailureKind::BadFile);
    assert_eq!(set(&environment, "appearance.style", "dark").unwrap_err().kind, FailureKind::BadFile);
    fs::remove_file(environment.settings()).unwrap();
    std::os::unix::fs::symlink(folder.path().join("drive/settings.toml"), environment.settings()).unwrap();
    assert_eq!(set(&environment, "appearance.style", "dark").unwrap_err().kind, FailureKind::Unwritable);
    assert!(environment.settings().is_symlink(), "it leads there again once the drive is back");
}

#[test]
fn a_list_is_written_as_words_or_as_toml() {
    let folder = tempfile::tempdir().unwrap();
    let environment = environment(folder.path());
    let cases: &[(&str, &[&str])] = &[
        ("org.a.B", &["org.a.B"]),
        ("org.a.*,org.b.C", &["org.a.*", "org.b.C"]),
        (" org.a.B , ,true,", &["org.a.B", "true"]),
        ("[\"org.a.B\", 'org.b.*']", &["org.a.B", "org.b.*"]),
        ("7", &["7"]),
        ("[]", &[]),
        ("", &[]),
    ];
    for (value, expected) in cases {
        let layers = set(&environment, "sources.hidden", value).unwrap();
        assert_eq!(layers.settings.sources.hidden, *expected, "{value}");
        assert_eq!(load(&environment).settings, layers.settings, "{value}");
    }
    assert_eq!(set(&environment, "sources.hidden", "[7]").unwrap_err().kind, FailureKind::BadSetting);
}

#[test]
fn a_value_that_is_not_allowed_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let environment = environment(folder.path());
    for (key, value) in [("appearance.style", "purple"), ("nothing.like.it", "1"), ("appearance", "dark")] {
        let failure = set(&environment, key, value).unwrap_err();
        assert_eq!(failure.kind, FailureKind::BadSetting, "{key}");
    }
    let deep = "a.".repeat(1 << 20);
    let long = format!("[{}]", "\"flatpak\",".repeat(200_000));
    for (key, value) in [(&*deep, "1"), ("sources.installation", &*long)] {
        let failure = set(&environment, key, value).unwrap_err();
        assert_eq!(failure.kind, FailureKind::BadSetting);
        assert!(failure.detail.len() < 1000, "nothing long is said back");
    }
    assert!(!environment.settings().exists());
}
