//! The window under test.

use crate::display::Display;
use crate::tree::{Area, Node, Role, Tree};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use strata_demo::{Manners, Scenario, World};
use strata_model::{APP_ID, wire};
use strata_tests::{programs, until, world};

/// Bytes a second: an app of 100 kB takes 25 seconds, so that a slow look at the screen comes before its end.
const CRAWL: u64 = 4_000;

/// Pixels of the window's own frame, where nobody manages windows.
const FRAME: i32 = 5;

/// The window, its world and its display.
#[derive(Debug)]
pub(crate) struct Window {
    program: Child,
    tree: Tree,
    id: String,
    // After the program, which uses both.
    world: World,
    display: Display,
}

fn variable<'a>(world: &'a World, name: &str) -> &'a OsStr {
    world.variables().iter().find(|(key, _)| key == name).map(|(_, value)| value).unwrap()
}

impl Window {
    /// Opens the window. `None` where there can be none, see [`Display::start`].
    pub(crate) fn open(scenario: Scenario, arguments: &[&str]) -> Option<Self> {
        Self::open_with(scenario, arguments, &[])
    }

    /// The same with further variables, for the window only.
    pub(crate) fn open_with(scenario: Scenario, arguments: &[&str], variables: &[(&str, &OsStr)]) -> Option<Self> {
        Self::open_after(scenario, arguments, variables, |_| ())
    }

    /// The same in a world in which something was done before.
    pub(crate) fn open_after(
        scenario: Scenario,
        arguments: &[&str],
        variables: &[(&str, &OsStr)],
        before: impl FnOnce(&World),
    ) -> Option<Self> {
        let display = Display::start()?;
        let world = world(scenario);
        before(&world);
        let tree = Tree::new(variable(&world, "DBUS_SESSION_BUS_ADDRESS").to_str().unwrap());
        let mut command = world.command(programs().join("strata"));
        command.args(arguments).env("LC_ALL", "C.UTF-8").env_remove("LANGUAGE").stdin(Stdio::null());
        command.envs(variables.iter().copied());
        let mut program = display.show(&mut command).spawn().unwrap();
        let pid = program.id().to_string();
        let id = until("the window is there", || {
            assert!(program.try_wait().unwrap().is_none(), "the window's program has ended");
            let found = display.xdotool(&["search", "--onlyvisible", "--pid", &pid]);
            found.lines().next().map(str::to_owned)
        });
        // Nobody manages windows here, so nobody gives them the keyboard.
        display.xdotool(&["windowfocus", "--sync", &id]);
        Some(Self { program, tree, id, world, display })
    }

    /// Starts the program once more, as from a terminal: the open window does what it says.
    pub(crate) fn again(&self, arguments: &[&str]) {
        let mut command = self.world.command(programs().join("strata"));
        command.args(arguments).env("LC_ALL", "C.UTF-8").env_remove("LANGUAGE").stdin(Stdio::null());
        assert!(self.display.show(&mut command).status().unwrap().success(), "{arguments:?}");
    }

    /// Does an action of the application, as buttons of notifications do.
    pub(crate) fn does(&self, action: &str, target: &str) {
        let path = wire::object_path(APP_ID);
        let mut command = self.world.command("gdbus");
        command.args(["call", "--session", "--dest", APP_ID, "--object-path", &path]);
        command.args(["--method", "org.freedesktop.Application.ActivateAction", action]);
        assert!(command.args([&format!("[<{target}>]"), "{}"]).status().unwrap().success(), "{action} {target}");
    }

    /// The world that it shows.
    pub(crate) fn world(&self) -> &World {
        &self.world
    }

    /// What a variable of the world is.
    pub(crate) fn variable(&self, name: &str) -> &OsStr {
        variable(&self.world, name)
    }

    /// Where the world lies.
    pub(crate) fn folder(&self) -> &Path {
        self.world.folder()
    }

    /// Restarts the system beneath, and not the window.
    pub(crate) fn restarts_system(&self) {
        let mut command = self.world.command(programs().join("strata-demo"));
        assert!(command.args(["system", "restart"]).status().unwrap().success());
    }

    /// `stratactl` in the window's world, to its end.
    pub(crate) fn terminal(&self, words: &[&str]) -> serde_json::Value {
        strata_tests::ctl_json(&self.world, 0, words)
    }

    /// Makes downloads so slow that an observer as slow as a screen reader sees them happen.
    pub(crate) fn downloads_crawl(&self) {
        let manners = Manners { bytes_per_second: Some(CRAWL), ..Manners::default() };
        self.world.server().unwrap().behave(manners);
    }

    /// Makes downloads, also those on the way, as quick as they are.
    pub(crate) fn downloads_hurry(&self) {
        self.world.server().unwrap().behave(Manners::default());
    }

    /// The same once the engine knows that it shall stop them: before that they would come to their end. Flatpak's
    /// library waits for what was asked of the server, however long that takes.
    pub(crate) fn cancelled_downloads_hurry(&self) {
        until("whatever ran is to stop", || {
            let tasks = self.terminal(&["tasks"]);
            let stops = |task: &serde_json::Value| task["state"] != "queued" && task["state"] != "running";
            tasks.as_array().unwrap().iter().all(stops).then_some(())
        });
        self.downloads_hurry();
    }

    /// Lets every question to the network go without an answer.
    pub(crate) fn network_is_silent(&self) {
        let manners = Manners { silent_after: Some(0), ..Manners::default() };
        self.world.server().unwrap().behave(manners);
    }

    /// Types a word.
    pub(crate) fn types(&self, word: &str) {
        self.shows(Role::ToggleButton, "Search");
        self.display.xdotool(&["windowfocus", "--sync", &self.id]);
        self.display.xdotool(&["type", "--delay", "40", word]);
    }

    /// Types into whatever has the focus.
    pub(crate) fn types_on(&self, word: &str) {
        self.display.xdotool(&["type", "--delay", "40", word]);
    }

    /// Presses a key.
    pub(crate) fn presses_key(&self, key: &str) {
        self.display.xdotool(&["key", key]);
    }

    /// Gives the keyboard to a dialog that is a window of its own, types a path there, and says yes.
    pub(crate) fn answers(&self, title: &str, path: &Path) {
        let find =
            || self.display.xdotool(&["search", "--onlyvisible", "--name", title]).lines().next().map(str::to_owned);
        let dialog = until(&format!("the dialog {title:?} is there"), find);
        self.display.xdotool(&["windowfocus", "--sync", &dialog]);
        self.display.xdotool(&["key", "ctrl+l"]);
        self.display.xdotool(&["key", "ctrl+a"]);
        // At once: what GTK adds to the beginning of a path, to complete it, comes late and stays.
        self.display.xdotool(&["type", "--delay", "0", path.to_str().unwrap()]);
        let mut looks = 0;
        until(&format!("the dialog {title:?} is gone"), || {
            if find().is_none() {
                return Some(());
            }
            // The first one may only take what GTK proposes; one too many would answer what comes after the dialog.
            if looks % 30 == 0 {
                self.display.xdotool(&["key", "Return"]);
            }
            looks += 1;
            None
        });
        self.display.xdotool(&["windowfocus", "--sync", &self.id]);
    }

    /// Waits until this is on the screen.
    pub(crate) fn shows(&self, role: Role, name: &str) -> Node {
        until(&format!("the window shows {} {name:?}", role.name()), || self.tree.find(role, name))
    }

    /// Waits until this was said aloud, with whatever else, as what stands on the screen for seconds is.
    pub(crate) fn says(&self, words: &str) {
        let said = || self.tree.announced().iter().any(|said| said.contains(words)).then_some(());
        until(&format!("the window says {words:?}"), said);
    }

    /// Waits until something is on the screen whose name begins so.
    pub(crate) fn shows_beginning(&self, role: Role, name: &str) -> Node {
        self.shows_such(role, name, |shown| shown.starts_with(name))
    }

    /// The same with the end of a name.
    pub(crate) fn shows_ending(&self, role: Role, name: &str) -> Node {
        self.shows_such(role, name, |shown| shown.ends_with(name))
    }

    fn shows_such(&self, role: Role, name: &str, fits: impl Fn(&str) -> bool) -> Node {
        until(&format!("the window shows {} with {name:?}", role.name()), || {
            self.tree.nodes().into_iter().find(|node| node.role == role && fits(&node.name))
        })
    }

    /// Everything on the screen.
    pub(crate) fn nodes(&self) -> Vec<Node> {
        self.tree.nodes()
    }

    /// Where something lies in the window, in pixels; `None` if it is not there any more.
    pub(crate) fn area(&self, node: &Node) -> Option<Area> {
        self.tree.area(node)
    }

    /// The names of all that is on the screen with this role.
    pub(crate) fn names(&self, role: Role) -> Vec<String> {
        self.tree.nodes().into_iter().filter(|node| node.role == role).map(|node| node.name).collect()
    }

    /// What is on the screen with one of these roles and has no name, with what stands before it.
    pub(crate) fn unnamed(&self, roles: &[Role]) -> Vec<String> {
        let nodes = self.tree.nodes();
        let is_unnamed = |place: &usize| roles.contains(&nodes[*place].role) && nodes[*place].name.trim().is_empty();
        let before =
            |place: usize| nodes[..place].iter().rev().find(|node| !node.name.is_empty()).map(|node| &node.name);
        let unnamed = (0..nodes.len()).filter(is_unnamed);
        unnamed.map(|place| format!("{} after {:?}", nodes[place].role.name(), before(place))).collect()
    }

    /// Clicks on the middle of something with the mouse: rows of preferences do nothing else.
    pub(crate) fn clicks(&self, role: Role, name: &str) {
        let node = self.shows(role, name);
        let mut before = None;
        // What is still scrolled or unfolded is not there yet.
        let area = until(&format!("{name:?} has a place"), || {
            let area = self.area(&node).filter(|area| area.width > 0);
            if before == area { area } else { std::mem::replace(&mut before, area).filter(|_| false) }
        });
        // Places are counted from inside of the frame that the window draws around itself.
        let (x, y) = (area.x + area.width / 2 + FRAME, area.y + area.height / 2 + FRAME);
        self.display.xdotool(&["mousemove", &x.to_string(), &y.to_string(), "click", "1"]);
    }

    /// Scrolls what is shown to its end, with the mouse's wheel over it.
    pub(crate) fn scrolls_to_end(&self, over: (Role, &str)) {
        let (role, name) = over;
        let node = self.shows(role, name);
        let area = until(&format!("{name:?} has a place"), || self.area(&node).filter(|area| area.width > 0));
        let (x, y) = (area.x + area.width / 2 + FRAME, area.y + area.height / 2 + FRAME);
        let mut rests = (None, 0);
        // What unfolds meanwhile has its end further down.
        until("the end is reached", || {
            self.display.xdotool(&["mousemove", &x.to_string(), &y.to_string(), "click", "--repeat", "9", "5"]);
            let area = self.area(&node);
            rests = if rests.0 == area { (area, rests.1 + 1) } else { (area, 0) };
            (rests.1 >= 9).then_some(())
        });
    }

    /// Waits until there is, or is not, something of this kind on the screen.
    pub(crate) fn has_any(&self, role: Role, wanted: bool) {
        let what = format!("{} is {}", role.name(), if wanted { "there" } else { "gone" });
        until(&what, || (self.tree.nodes().iter().any(|node| node.role == role) == wanted).then_some(()));
    }

    /// Waits until this is not on the screen any more.
    pub(crate) fn vanishes(&self, role: Role, name: &str) {
        until(&format!("{} {name:?} is gone", role.name()), || self.tree.find(role, name).is_none().then_some(()));
    }

    /// Waits until a button can be pressed, and presses it.
    pub(crate) fn press(&self, name: &str) {
        self.act(Role::Button, name);
    }

    /// The same with a button that stays pressed.
    pub(crate) fn switch(&self, name: &str) {
        self.act(Role::ToggleButton, name);
    }

    /// Waits until a button whose name begins so can be pressed, and presses it.
    pub(crate) fn press_beginning(&self, name: &str) {
        let button = self.shows_beginning(Role::Button, name);
        self.tree.act(&button);
    }

    /// The same with anything.
    pub(crate) fn act(&self, role: Role, name: &str) {
        let button = until(&format!("the {} {name:?} can be pressed", role.name()), || {
            self.tree.find(role, name).filter(|button| button.enabled)
        });
        self.tree.act(&button);
    }

    /// The same with the last of several that have this name.
    pub(crate) fn act_last(&self, role: Role, name: &str) {
        let such = |node: &Node| node.role == role && node.name == name && node.enabled;
        let node = until(&format!("the last {} {name:?} can be pressed", role.name()), || {
            self.tree.nodes().into_iter().rfind(such)
        });
        self.tree.act(&node);
    }

    /// Waits until a progress bar has moved from one value to a greater one.
    pub(crate) fn moves(&self, name: &str) {
        let mut first = None;
        until(&format!("the progress {name:?} moves"), || {
            let bar = self.tree.find(Role::ProgressBar, name)?;
            let value = self.tree.value(&bar)?;
            (value > *first.get_or_insert(value)).then_some(())
        });
    }

    /// Waits until a file of the world is there.
    pub(crate) fn has_file(&self, path: &str) {
        let file = self.world.folder().join(path);
        until(&format!("{path} is there"), || file.exists().then_some(()));
    }

    /// What there is to see, for whoever looks at the failed test.
    fn keep_evidence(&self) {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let folder = programs().parent().map_or_else(PathBuf::new, |target| target.join("gui-failures"));
        std::fs::create_dir_all(&folder).unwrap();
        let name = std::thread::current().name().unwrap_or("test").replace("::", "-");
        let name = format!("{name}-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.display.picture(&folder.join(format!("{name}.png")));
        std::fs::write(folder.join(format!("{name}.txt")), self.tree.text()).unwrap();
        eprintln!("picture and accessible tree: {}/{name}.*", folder.display());
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.keep_evidence();
        }
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
