//! Where apps come from, and settings.

use crate::documented::assert_documented;
use crate::facts::flatpak;
use strata_demo::Scenario;
use strata_tests::{Terminal, ctl, ctl_json, stratactl, world};

#[test]
fn a_remote_is_added_switched_off_and_on_and_removed() {
    let world = world(Scenario::Empty);
    assert_eq!(ctl_json(&world, 0, &["remotes"]), serde_json::json!([]));
    let url = world.server().unwrap().url();
    let file = world.folder().join("orchard.flatpakrepo");
    std::fs::write(&file, format!("[Flatpak Repo]\nTitle=Orchard\nUrl={url}/orchard\n")).unwrap();
    let add = |location: &std::path::Path| {
        let location = location.to_str().unwrap();
        ctl(&world, &["remotes", "add", "-y", location, "--name", "orchard", "--installation", "user"])
    };
    // It brings no key, so what comes from it is not signed: that is said, and nobody is there to say yes.
    let refused = ctl(&world, &["remotes", "add", file.to_str().unwrap()]).expect(2);
    assert!(refused.out.contains("What it sends is not signed") && refused.err.contains("--yes"), "{refused:?}");
    assert_eq!(ctl_json(&world, 0, &["remotes"]), serde_json::json!([]));
    let _ = add(&file).expect(0);
    assert_eq!(ctl_json(&world, 0, &["remotes"])[0]["signed"], false);
    assert_eq!(ctl_json(&world, 0, &["search", "columnar"])[0]["offers"][0]["installation"], "user");
    let _ = ctl(&world, &["remotes", "remove", "-y", "orchard"]).expect(0);

    let file = world.folder().join("www/orchard.flatpakrepo");
    let _ = add(&file).expect(0);
    assert_eq!(ctl_json(&world, 0, &["remotes"])[0]["signed"], true);
    assert!(flatpak(&world, &["remotes", "--user", "--columns=name"]).contains("orchard"));
    let again = add(&file).expect(1);
    assert!(again.err.contains("exists already"), "{again:?}");

    let _ = ctl(&world, &["refresh"]).expect(0);
    let found = ctl_json(&world, 0, &["search", "columnar"]);
    assert_eq!(found[0]["offers"][0]["installation"], "user");
    // Nothing is installed yet, so nothing but the finding of apps would be lost; all the same it is asked.
    for change in ["remove", "disable"] {
        let refused = ctl(&world, &["remotes", change, "orchard"]).expect(2);
        assert!(refused.err.contains("Nothing is installed from it") && refused.err.contains("--yes"), "{refused:?}");
    }
    let off = ctl_json(&world, 0, &["remotes", "disable", "-y", "orchard"]);
    assert_eq!(off["tasks"][0]["action"], "disable-origin");
    assert_eq!(ctl_json(&world, 0, &["remotes"])[0]["enabled"], false);
    let refused = ctl(&world, &["install", "-y", "org.columnar.Columnar"]);
    assert!(matches!(refused.status, 1 | 3), "{refused:?}");
    let _ = ctl(&world, &["remotes", "enable", "orchard"]).expect(0);
    assert_eq!(ctl_json(&world, 0, &["remotes"])[0]["enabled"], true);
    let _ = ctl(&world, &["install", "-y", "org.columnar.Columnar"]).expect(0);
    let mut terminal = Terminal::start(&stratactl(&world, &["remotes", "disable", "orchard"]), 100);
    terminal.shows("these get no more updates: Columnar").shows("Switch the origin orchard off? [y/N]").types("\n");
    assert_eq!(terminal.end(), 4, "{}", terminal.screen());
    assert_eq!(ctl_json(&world, 0, &["remotes"])[0]["enabled"], true);
    let in_use = ctl(&world, &["remotes", "remove", "-y", "orchard"]).expect(1);
    assert!(in_use.err.contains("still need it") && in_use.err.contains("Columnar"), "{in_use:?}");
    let _ = ctl(&world, &["remove", "-y", "org.columnar.Columnar"]).expect(0);
    let _ = ctl(&world, &["remove", "-y", "--unused"]).expect(0);
    let _ = ctl(&world, &["remotes", "remove", "-y", "orchard"]).expect(0);
    assert_eq!(ctl_json(&world, 0, &["remotes"]), serde_json::json!([]));
    let _ = ctl(&world, &["remotes", "remove", "-y", "orchard"]).expect(3);
    let _ = ctl(&world, &["remotes", "add", "./nothing.flatpakrepo"]).expect(3);
}

#[test]
fn a_person_sees_what_is_added_and_nothing_else_is() {
    let world = world(Scenario::Empty);
    let url = world.server().unwrap().url();
    let file = world.folder().join("orchard.flatpakrepo");
    let unsigned = format!("[Flatpak Repo]\nTitle=Orchard\nUrl={url}/orchard\n");
    std::fs::write(&file, &unsigned).unwrap();
    let words = ["remotes", "add", file.to_str().unwrap(), "--installation", "user"];
    let asks = |terminal: &mut Terminal| {
        terminal.shows(&format!("{url}/orchard")).shows("What it sends is not signed");
        terminal.shows("Add the origin Orchard? [y/N]");
    };
    let mut terminal = Terminal::start(&stratactl(&world, &words), 200);
    asks(&mut terminal);
    terminal.types("n\n");
    assert_eq!(terminal.end(), 4, "{}", terminal.screen());

    let mut terminal = Terminal::start(&stratactl(&world, &words), 200);
    asks(&mut terminal);
    std::fs::write(&file, unsigned.replace("/orchard", "/meadow")).unwrap();
    terminal.types("y\n").shows("has changed since it was looked at");
    assert_eq!(terminal.end(), 1, "{}", terminal.screen());
    assert_eq!(ctl_json(&world, 0, &["remotes"]), serde_json::json!([]));

    let signed = world.folder().join("www/orchard.flatpakrepo");
    let added = ctl_json(&world, 0, &["remotes", "add", "-y", signed.to_str().unwrap(), "--installation", "user"]);
    let accepted = added["tasks"][0]["accepted"].as_str().unwrap();
    assert!(accepted.starts_with("signed ") && accepted.contains("http"), "also where nobody is asked: {added}");
    let again = ctl_json(&world, 1, &["remotes", "add", "-y", signed.to_str().unwrap(), "--installation", "user"]);
    assert_eq!(again["not_planned"][0]["failure"]["kind"], "origin-exists", "{again}");
}

#[test]
fn settings_are_set_by_the_engine_and_kept() {
    let world = world(Scenario::Empty);
    assert_eq!(ctl_json(&world, 0, &["settings", "sources.installation"]), "system");
    assert_eq!(ctl_json(&world, 0, &["settings", "sources.installation", "user"]), "user");
    assert_eq!(
        ctl(&world, &["settings", "sources.installation"]).expect(0).out,
        "sources.installation\tuser\tyou\tsystem, user\n"
    );
    let all = ctl_json(&world, 0, &["settings"]);
    assert_eq!(all["sources"]["installation"], "user");
    let said = ctl(&world, &["settings", "sources.installation", "moon"]).expect(1);
    assert!(said.err.contains("sources.installation can be: system, user"), "{said:?}");
    let hidden = ctl(&world, &["settings", "sources.hidden", r#"["a\u0000"]"#]).expect(1);
    assert!(hidden.err.contains("sources.hidden"), "{hidden:?}");
    assert_eq!(ctl_json(&world, 0, &["settings", "sources.hidden"]), serde_json::json!([]));
    let details = ctl_json(&world, 0, &["settings", "sources.installation", "--details"]);
    assert_documented("`settings", 0, &details);
    assert_eq!(details[0]["set_by"], "own");
    let wrong = ctl_json(&world, 1, &["settings", "sources.installation", "moon"]);
    assert_eq!(wrong["failure"]["kind"], "bad-setting", "{wrong}");
    assert_eq!(ctl_json(&world, 0, &["settings", "sources.installation"]), "user");
}
