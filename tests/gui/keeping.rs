//! Installed, Updates, History, Preferences and Storage.

use crate::tree::Role;
use crate::window::Window;
use serde_json::json;
use strata_demo::Scenario;

const ATTIC: &str = "io.github.loftbox.Attic";

#[test]
fn what_is_installed_is_filtered_and_the_history_read_by_the_keyboard_alone() {
    let Some(window) = Window::open(Scenario::Default, &[]) else { return };
    window.shows(Role::ToggleButton, "Search");
    window.presses_key("alt+2");
    window.shows(Role::Button, "Open Lanternway");
    window.presses_key("ctrl+f");
    window.types_on("lantern");
    window.vanishes(Role::Button, "Update Attic");
    window.shows(Role::Button, "Open Lanternway");
    window.types_on("zzz");
    window.shows(Role::Label, "Nothing Found");
    window.presses_key("Escape");
    window.shows(Role::Button, "Update Attic");
    window.presses_key("ctrl+h");
    window.shows(Role::Label, "Nothing Done Yet");
    window.presses_key("alt+Left");
    window.shows(Role::Button, "Update Attic");
    window.presses_key("ctrl+comma");
    window.shows(Role::Label, "Load Screenshots");
    window.presses_key("Escape");
    window.vanishes(Role::Label, "Load Screenshots");
}

#[test]
fn a_held_app_is_left_out_of_update_all() {
    let Some(window) = Window::open(Scenario::Default, &["--page", "updates"]) else { return };
    window.shows(Role::Button, "Update Attic");
    let _ = window.terminal(&["hold", ATTIC]);
    window.vanishes(Role::Button, "Update Attic");
    window.shows(Role::Label, "Kept at their versions, and left out of Update All");
    window.press("Update All");
    window.press("Update the Others");
    window.vanishes(Role::Button, "Update Gouache");
    window.shows(Role::Label, "Updated Recently");
    let left = window.terminal(&["list", "--updates"]);
    let attic = left.as_array().unwrap().iter().find(|update| update["id"] == ATTIC);
    assert!(attic.is_some_and(|update| update["held"] == true), "{left}");
    let _ = window.terminal(&["release", ATTIC]);
    window.shows(Role::Button, "Update Attic");
}

#[test]
fn what_was_done_stands_in_the_history_with_its_reason() {
    let Some(window) = Window::open(Scenario::Default, &["--page", "history"]) else { return };
    window.shows(Role::Label, "Nothing Done Yet");
    let _ = window.terminal(&["remove", "-y", ATTIC]);
    window.shows(Role::Label, "Removed Attic");
    window.shows(Role::Label, "Today");
    let _ = window.terminal(&["refresh"]);
    window.downloads_crawl();
    window.again(&["--app", "io.github.sixsides.Hexfall"]);
    window.press("Get Hexfall");
    window.again(&["--page", "history"]);
    window.shows(Role::Label, "Install Hexfall");
    window.press("Cancel: Install Hexfall");
    window.cancelled_downloads_hurry();
    window.shows(Role::Label, "Cancelled: Install Hexfall");
}

#[test]
fn a_source_is_switched_off_only_after_it_was_said_what_that_means() {
    let Some(window) = Window::open(Scenario::Default, &["--page", "preferences"]) else { return };
    window.shows(Role::Label, "Load Screenshots");
    window.act(Role::PageTab, "Sources");
    window.act(Role::CheckBox, "Use Orchard");
    window.press("Switch Off");
    let off = || window.terminal(&["remotes"]).as_array().unwrap().iter().any(|one| one["enabled"] == false);
    strata_tests::until("the origin is off", || off().then_some(()));
    window.act(Role::CheckBox, "Use Orchard");
    strata_tests::until("the origin is on again", || (!off()).then_some(()));
}

#[test]
fn what_removed_apps_left_is_kept_or_removed() {
    let Some(window) = Window::open(Scenario::Default, &["--page", "installed"]) else { return };
    let apps = window.folder().join("home/.var/app");
    for id in ["org.example.Gone", "org.example.Dear"] {
        std::fs::create_dir_all(apps.join(id)).unwrap();
        std::fs::write(apps.join(id).join("large"), vec![1; 60_000]).unwrap();
    }
    window.again(&["--page", "storage"]);
    window.press("Keep the data of org.example.Dear");
    window.vanishes(Role::Button, "Keep the data of org.example.Dear");
    window.press("Remove the data of org.example.Gone");
    window.press("Remove");
    window.shows(Role::Label, "Nothing is left of any removed app");
    assert!(apps.join("org.example.Dear").exists() && !apps.join("org.example.Gone").exists());
    window.press("Remove unused runtimes");
    window.vanishes(Role::Button, "Remove unused runtimes");
}

#[test]
fn a_list_of_apps_is_a_plan_before_it_is_done() {
    let Some(window) = Window::open(Scenario::Default, &["--page", "installed"]) else { return };
    window.shows(Role::Button, "Open Lanternway");
    let app = |id: &str, name: &str| json!({"id": id, "name": name, "source": "flatpak", "origin": "elsewhere"});
    let apps = [app(ATTIC, "Attic"), app("org.columnar.Columnar", "Columnar"), app("org.example.No", "Nowhere")];
    let file = window.folder().join("apps.json");
    std::fs::write(&file, json!({"format": "strata-app-list", "version": 1, "apps": apps}).to_string()).unwrap();
    window.again(&["--import", file.to_str().unwrap()]);
    window.shows(Role::Label, "Install 1 App?");
    window.shows(Role::Label, "It came from elsewhere");
    window.press("Install");
    window.shows(Role::Button, "Open Columnar");
}

#[test]
fn the_list_of_apps_goes_to_a_file_and_comes_from_one_by_the_dialogs_for_files() {
    let Some(window) = Window::open(Scenario::Default, &["--page", "installed"]) else { return };
    window.shows(Role::Button, "Open Lanternway");
    let file = window.folder().join("my apps.json");
    // GTK gives the items of its menus no names of their own.
    window.switch("More about what is installed");
    window.has_any(Role::MenuItem, true);
    window.presses_key("Return");
    window.answers("Export the List of Apps", &file);
    window.shows_ending(Role::Label, &format!("apps written to {}", file.display()));
    let list: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert!(list["apps"].as_array().unwrap().iter().any(|app| app["id"] == ATTIC), "{list}");
    let _ = window.terminal(&["remove", "-y", ATTIC]);
    window.vanishes(Role::Button, "Update Attic");
    window.switch("More about what is installed");
    window.has_any(Role::MenuItem, true);
    window.presses_key("Down");
    window.presses_key("Return");
    window.answers("Import a List of Apps", &file);
    window.shows(Role::Label, "Install 1 App?");
    window.press("Install");
    window.shows(Role::Button, "Open Attic");
}

#[test]
fn a_source_is_added_from_a_file_that_is_chosen() {
    let Some(window) = Window::open(Scenario::Empty, &["--page", "preferences"]) else { return };
    window.shows(Role::Label, "Load Screenshots");
    window.act(Role::PageTab, "Sources");
    window.press("Add a Source for You Only");
    window.clicks(Role::Label, "Choose a File…");
    window.answers("Choose a File", &window.folder().join("www/meadow.flatpakrepo"));
    window.clicks(Role::Label, "Add");
    window.shows(Role::Label, "You only");
    window.act_last(Role::Button, "Add");
    window.shows(Role::CheckBox, "Use Meadow Community");
}

#[test]
fn a_source_is_added_by_the_keyboard_and_removed() {
    let Some(window) = Window::open(Scenario::Empty, &["--page", "preferences"]) else { return };
    window.shows(Role::Label, "Load Screenshots");
    window.act(Role::PageTab, "Sources");
    window.press("Add a Source for You Only");
    window.shows(Role::Label, "Choose a File…");
    window.types_on(window.folder().join("www/meadow.flatpakrepo").to_str().unwrap());
    window.presses_key("Return");
    window.shows(Role::Label, "Add “Meadow Community”?");
    window.act_last(Role::Button, "Add");
    window.shows(Role::CheckBox, "Use Meadow Community");
    window.vanishes(Role::Label, "Add “Meadow Community”?");
    window.scrolls_to_end((Role::Label, "Order of Preference"));
    window.clicks(Role::ListItem, "Meadow Community");
    window.shows(Role::Button, "Remove…");
    window.scrolls_to_end((Role::CheckBox, "Use Meadow Community"));
    window.clicks(Role::Button, "Remove…");
    window.press("Remove");
    window.vanishes(Role::CheckBox, "Use Meadow Community");
    assert_eq!(window.terminal(&["remotes"]), json!([]));
}
