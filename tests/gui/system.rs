//! The system beneath in the window: what an update changes, the way back, pins, what is not offered and why.

use crate::overrides;
use crate::stopped::{DAEMON, Stopped, process};
use crate::tree::Role;
use crate::window::Window;
use strata_demo::{Scenario, World};
use strata_tests::until;

const OLD: &str = "42.20261018.0";
const NEW: &str = "42.20261115.0";

/// The system as a terminal sees it, when it is so.
fn is_held(window: &Window) -> bool {
    let settings = window.terminal(&["settings", "updates.hold-system"]);
    settings.to_string().contains("true")
}

#[test]
fn an_update_says_what_it_changes_before_it_is_made_ready() {
    let Some(window) = Window::open(Scenario::Advisories, &["--page", "updates"]) else { return };
    window.shows(Role::Label, &format!("42.20261101.0 → {NEW}"));
    window.press("What changes in the system");
    for words in ["critical", "important", "openssl-libs", "libnew", "podman"] {
        window.shows(Role::Label, words);
    }
    window.shows(Role::Label, "CVE-2026-10201");
    window.presses_key("Escape");
    window.has_any(Role::Dialog, false);
    window.press("Download the newer system");
    window.shows(Role::Label, &format!("Version {NEW} Is Ready"));
    window.shows(Role::Button, "Restart the computer to finish the update");
}

#[test]
fn going_back_discards_what_is_staged_and_holds_what_is_newer() {
    let Some(window) = Window::open(Scenario::Staged, &["--page", "system"]) else { return };
    window.shows(Role::Label, &format!("Version {NEW} Waits for a Restart"));
    window.press("Roll the system back");
    window.press("Discard and Go On");
    window.shows(Role::Label, &format!("Go Back to Version {OLD}?"));
    window.shows(Role::Label, "firefox");
    // The same words stand on the page behind.
    window.act_last(Role::CheckBox, "Hold System Updates");
    window.press("Roll Back");
    window.shows(Role::Label, "Restart Now?");
    window.press("Later");
    window.shows(Role::Label, &format!("Version {OLD} Waits for a Restart"));
    until("newer systems are held", || is_held(&window).then_some(()));
    window.press("Stay with what runs now");
    window.shows(Role::Label, &format!("Go Back to Version {OLD}"));
    window.again(&["--page", "updates"]);
    window.presses_key("Escape");
    window.press("Offer newer systems again");
    until("newer systems are offered", || (!is_held(&window)).then_some(()));
}

#[test]
fn another_version_is_gone_to_by_its_number_after_a_plan() {
    let Some(window) = Window::open(Scenario::Classic, &["--page", "system"]) else { return };
    window.clicks(Role::Label, "Go to Another Version");
    window.types_on(NEW);
    window.presses_key("Return");
    window.shows(Role::Label, &format!("Change the System to Version {NEW}?"));
    window.press("Change");
    window.shows(Role::Label, &format!("Version {NEW} Waits for a Restart"));
    let last = window.terminal(&["history", "--all"])[0].clone();
    assert_eq!((&last["action"], &last["state"]), (&"deploy-system".into(), &"done".into()), "{last}");
}

#[test]
fn what_goes_with_a_package_is_shown_before_it_is_removed() {
    let Some(window) = Window::open(Scenario::Advisories, &["--page", "system"]) else { return };
    window.press("Remove htop from the system");
    window.shows(Role::Label, "Remove “htop” from the System?");
    window.shows(Role::List, "What Changes");
    window.press("Remove");
    window.shows(Role::Label, "None: the system is as its image has it");
}

#[test]
fn a_package_of_the_image_comes_back_as_the_image_has_it() {
    let page = ["--page", "system"];
    let Some(window) = Window::open_after(Scenario::Classic, &page, &[], overrides::make) else { return };
    window.shows(Role::Label, "Removed from the image");
    window.shows(Role::Label, "Replaced in the image: 5.6.2-1 → 5.7.0-1");
    let (firefox, podman) = ("Bring firefox back as the image has it", "Bring podman back as the image has it");
    window.press(firefox);
    window.shows(Role::Label, "Bring “firefox” Back as the Image Has It?");
    window.shows(Role::List, "What Changes");
    window.press("Bring Back");
    window.vanishes(Role::Button, firefox);
    window.shows(Role::Button, podman);
    window.shows(Role::Button, "Discard the changed packages");
    window.press(podman);
    window.press("Bring Back");
    window.vanishes(Role::Button, podman);
    window.shows(Role::Button, "Remove fish from the system");
    let last = window.terminal(&["history", "--all"])[0].clone();
    assert_eq!((&last["action"], &last["state"]), (&"reset".into(), &"done".into()), "{last}");
}

#[test]
fn a_daemon_that_does_not_answer_is_told_and_nothing_hangs() {
    let silent = "The service that updates the system does not answer.";
    let Some(window) = Window::open(Scenario::Classic, &["--page", "system"]) else { return };
    window.shows(Role::Button, "Roll the system back");
    let stopped = Stopped::new(process(window.world(), "--system", DAEMON));
    window.presses_key("Escape");
    window.again(&["--page", "system"]);
    window.shows(Role::Label, silent);
    window.shows(Role::Button, "Roll the system back");
    // Questions that nobody answers can be left, and the rest of the window goes on.
    window.press("Roll the system back");
    window.shows(Role::Label, &format!("Go Back to Version {OLD}?"));
    window.press("Cancel");
    window.vanishes(Role::Label, &format!("Go Back to Version {OLD}?"));
    window.clicks(Role::Label, "Go to Another Version");
    window.types_on(NEW);
    window.presses_key("Return");
    window.shows(Role::Label, &format!("Change the System to Version {NEW}?"));
    window.press("Cancel");
    window.vanishes(Role::Label, &format!("Change the System to Version {NEW}?"));
    window.again(&["--page", "updates"]);
    window.presses_key("Escape");
    window.shows_beginning(Role::Label, silent);
    window.again(&["--page", "installed"]);
    window.vanishes(Role::Label, silent);
    drop(stopped);
    window.again(&["--page", "system"]);
    window.shows(Role::Button, "Roll the system back");
    window.vanishes(Role::Label, silent);
}

#[test]
fn a_daemon_that_has_not_answered_yet_is_told_until_it_does() {
    // It runs, and nobody has read the system yet.
    let wake = |world: &World| {
        let words = ["--system", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"];
        let start = ["org.freedesktop.DBus.StartServiceByName", &format!("string:{DAEMON}"), "uint32:0"];
        assert!(world.command("dbus-send").args(words).args(start).output().unwrap().status.success());
    };
    let Some(window) = Window::open_after(Scenario::Classic, &[], &[], wake) else { return };
    let stopped = Stopped::new(process(window.world(), "--system", DAEMON));
    window.again(&["--page", "system"]);
    window.shows(Role::Button, "Try Again");
    window.shows_beginning(Role::Label, "The service that updates the system does not answer.");
    drop(stopped);
    window.shows(Role::Button, "Roll the system back");
}

#[test]
fn a_version_is_pinned_and_unpinned() {
    let Some(window) = Window::open(Scenario::Classic, &["--page", "system"]) else { return };
    let pin = format!("Pin {OLD}: keep it until it is unpinned");
    window.switch(&pin);
    window.shows(Role::ToggleButton, &format!("Unpin {OLD}"));
    window.terminal(&["-y", "system", "pin", OLD, "--note", "works well"]);
    window.shows_ending(Role::Label, "“works well”");
    window.switch(&format!("Unpin {OLD}"));
    window.shows(Role::ToggleButton, &pin);
}

#[test]
fn a_note_is_kept_of_a_version_by_its_name() {
    let Some(window) = Window::open(Scenario::Classic, &["--page", "system"]) else { return };
    window.switch(&format!("Pin {OLD}: keep it until it is unpinned"));
    window.shows(Role::ToggleButton, &format!("Unpin {OLD}"));
    window.clicks(Role::Label, OLD);
    window.clicks(Role::Label, "Note");
    window.types_on("works well");
    window.presses_key("Return");
    window.shows_ending(Role::Label, "“works well”");
    let last = window.terminal(&["history", "--all"])[0].clone();
    assert_eq!((&last["action"], &last["name"]), (&"pin".into(), &OLD.into()), "{last}");
}

#[test]
fn locked_layering_offers_nothing_that_it_cannot_do() {
    let Some(window) = Window::open(Scenario::LockedLayering, &["--page", "system"]) else { return };
    let words =
        "Whoever makes this system has ruled out adding packages to it (LockLayering in /etc/rpm-ostreed.conf).";
    window.shows(Role::Label, words);
    window.shows(Role::Button, "Roll the system back");
}

#[test]
fn refused_layering_offers_no_packages_and_says_why() {
    let Some(window) = Window::open(Scenario::Atomic, &["--app", "org.htopper.Htop"]) else { return };
    window.shows(Role::Button, "Get Process Gauge");
    window.terminal(&["settings", "packages.layering", "refused"]);
    let words = "Once packages are added to this system its updates do not work any more, so none are added (packages.layering in the settings of Strata).";
    window.shows(Role::Label, words);
    window.vanishes(Role::Button, "Get Process Gauge");
    window.again(&["--page", "system"]);
    window.shows(Role::Label, words);
    window.shows(Role::Button, "Roll the system back");
    window.terminal(&["settings", "packages.layering", "allowed"]);
    window.vanishes(Role::Label, words);
    window.again(&["--app", "org.htopper.Htop"]);
    window.shows(Role::Button, "Get Process Gauge");
}

#[test]
fn without_its_service_the_system_page_says_so_and_nothing_else() {
    let Some(window) = Window::open(Scenario::NoDaemon, &["--page", "system"]) else { return };
    window.shows(Role::Label, "The service that updates this system (rpm-ostree) is not there.");
    let names: Vec<String> = window.nodes().into_iter().map(|node| node.name).collect();
    for absent in ["Roll the system back", "Hold System Updates", "Versions on This Computer"] {
        assert!(!names.iter().any(|name| name == absent), "{absent}");
    }
}

#[test]
fn what_another_program_does_is_shown_and_cancelled() {
    let Some(window) = Window::open(Scenario::Busy, &["--page", "system"]) else { return };
    window.shows(Role::Label, "Another Program Changes the System");
    window.press("Cancel what changes the system");
    window.vanishes(Role::Label, "Another Program Changes the System");
}

#[test]
fn a_package_that_blocks_the_update_is_removed_where_it_blocks() {
    let Some(window) = Window::open(Scenario::BrokenDependency, &["--page", "updates"]) else { return };
    window.press("Look for a newer system");
    window.press("Download the newer system");
    window.press("Remove “legacy-viewer”…");
    window.press("Remove");
    window.vanishes(Role::Button, "Remove “legacy-viewer”…");
    window.again(&["--page", "system"]);
    window.shows(Role::Label, "None: the system is as its image has it");
}

#[test]
fn a_package_that_is_no_app_is_found_once_typing_pauses_and_layered() {
    let Some(window) = Window::open(Scenario::Classic, &["--search", "hto"]) else { return };
    window.shows(Role::Label, "Packages of Your System");
    window.press("Get htop");
    window.shows(Role::Label, "Get “htop”?");
    window.act_last(Role::Button, "Get");
    window.shows_beginning(Role::Label, "“htop” comes with the next restart");
    let status = window.terminal(&["system", "status"]).to_string();
    assert!(status.contains("htop"), "{status}");
}

#[test]
fn an_app_that_is_a_package_is_shown_as_waiting_until_the_restart_and_as_installed_after_it() {
    let Some(window) = Window::open(Scenario::Atomic, &["--search", "process gauge"]) else { return };
    window.press("Get Process Gauge");
    window.shows(Role::Label, "Get “Process Gauge”?");
    window.act_last(Role::Button, "Get");
    window.shows(Role::Button, "Restart the computer for Process Gauge");
    window.again(&["--app", "org.htopper.Htop"]);
    window.shows(Role::Button, "Remove Process Gauge");
    // A window that outlives a restart hears of it when somebody looks.
    window.restarts_system();
    window.again(&["--page", "updates"]);
    window.again(&["--app", "org.htopper.Htop"]);
    window.shows(Role::Button, "Open Process Gauge");
    window.again(&["--page", "installed"]);
    window.types("gauge");
    window.shows_beginning(Role::Button, "Process Gauge. Watch what your machine is busy with");
    window.again(&["--app", "org.htopper.Htop"]);
    window.press("Remove Process Gauge");
    window.shows(Role::Label, "Remove “Process Gauge” from the System?");
    window.act_last(Role::Button, "Remove");
    window.shows(Role::Button, "Get Process Gauge");
}

#[test]
fn a_package_is_brought_into_the_running_system_without_a_restart() {
    let Some(window) = Window::open(Scenario::Classic, &["--search", "htop"]) else { return };
    window.press("Get htop");
    window.shows(Role::Label, "Get “htop”?");
    window.act_last(Role::Button, "Get");
    window.shows_beginning(Role::Label, "“htop” comes with the next restart");
    window.again(&["--page", "system"]);
    let apply = "Bring the packages into the running system, without a restart";
    window.press(apply);
    window.vanishes(Role::Button, apply);
    window.shows(Role::Label, "Changed Packages Run Already");
    window.vanishes(Role::Button, "Restart the computer");
    let status = window.terminal(&["system", "status"]);
    assert_eq!(status["live"], true, "{status}");
}

#[test]
fn what_the_image_carries_is_part_of_the_system() {
    let Some(window) = Window::open(Scenario::Atomic, &["--app", "org.mozilla.firefox"]) else { return };
    window.shows(Role::Label, "It is part of the system already.");
    assert!(!window.names(Role::Button).contains(&"Get Firefox".to_owned()), "there is nothing to get");
    window.shows(Role::Button, "Open Firefox");
    window.again(&["--search", "firefox"]);
    window.shows_beginning(Role::Button, "Firefox. Browse the web. Part of the system");
}
