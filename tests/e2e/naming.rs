//! Apps by the names that people call them.

use crate::facts::installed;
use strata_demo::Scenario;
use strata_tests::{Terminal, ctl, ctl_json, stratactl, world};

const COLUMNAR: &str = "org.columnar.Columnar";

#[test]
fn a_name_stands_for_the_one_app_that_has_it() {
    let world = world(Scenario::Default);
    for (name, id) in [
        ("rookery", "org.rookery.Rookery"),
        ("night tram", "io.github.lastline.NightTram"),
        ("NightTram", "io.github.lastline.NightTram"),
        ("ORG.COLUMNAR.columnar", COLUMNAR),
    ] {
        assert_eq!(ctl_json(&world, 0, &["show", name])["id"], id, "{name}");
    }
    assert_eq!(ctl_json(&world, 0, &["plan", "columnar"])[0]["action"], "install");
    assert_eq!(ctl_json(&world, 0, &["plan", "rookery"])[0]["action"], "update");
    let _ = ctl(&world, &["install", "-y", "columnar"]).expect(0);
    assert!(installed(&world, "system").iter().any(|line| line.contains(COLUMNAR)));
    let _ = ctl(&world, &["update", "-y", "--no-refresh", "Columnar"]).expect(0);
    let _ = ctl(&world, &["remove", "-y", "columnar"]).expect(0);
    assert!(!installed(&world, "system").iter().any(|line| line.contains(COLUMNAR)));
}

#[test]
fn what_is_called_nearly_so_is_suggested_and_never_taken() {
    let world = world(Scenario::Default);
    let before = installed(&world, "system");
    for (words, status, suggestion) in [
        (&["install", "-y", "colunmar"][..], 3, "Did you mean Columnar (org.columnar.Columnar)?"),
        (&["show", "rokery"], 3, "Did you mean Rookery (org.rookery.Rookery)?"),
        (&["remove", "-y", "rokery"], 3, "“rokery” is not installed. Did you mean Rookery (org.rookery.Rookery)?"),
        (&["install", "-y", "org.example.Nothing"], 3, "There is no app “org.example.Nothing”. Look for it with"),
    ] {
        let ended = ctl(&world, words).expect(status);
        assert!(ended.err.contains(suggestion), "{words:?}: {ended:?}");
    }
    assert_eq!(installed(&world, "system"), before);

    let mut terminal = Terminal::start(&stratactl(&world, &["install", "colunmar"]), 100);
    terminal.shows("Did you mean Columnar").shows("[y/N]").types("y\n").shows("Install?").types("n\n");
    assert_eq!(terminal.end(), 4, "{}", terminal.screen());
    let mut terminal = Terminal::start(&stratactl(&world, &["remove", "rokery"]), 100);
    terminal.shows("Did you mean Rookery").shows("[y/N]").types("\n");
    assert_eq!(terminal.end(), 4, "{}", terminal.screen());
    let mut terminal = Terminal::start(&stratactl(&world, &["show", "rokery"]), 100);
    terminal.shows("[y/N]").types("y\n").shows("What is new in 5.0");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen());
    assert_eq!(installed(&world, "system"), before);
}
