//! What a screen reader is told.

pub(crate) use atspi::Role;
use atspi::object_ref::ObjectRefOwned;
use atspi::proxy::accessible::AccessibleProxy;
use atspi::proxy::action::ActionProxy;
use atspi::proxy::component::ComponentProxy;
use atspi::proxy::value::ValueProxy;
use atspi::{CoordType, State};
use futures_util::StreamExt;
use futures_util::future::join_all;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use strata_tests::until;
use tokio::runtime::Runtime;
use zbus::names::OwnedUniqueName;
use zbus::zvariant::{OwnedObjectPath, OwnedValue};
use zbus::{Connection, MatchRule, MessageStream};

/// Deeper trees are not walked.
const DEPTH: usize = 60;

/// What can be pressed, chosen or filled in.
pub(crate) const CONTROLS: [Role; 11] = [
    Role::Button,
    Role::ToggleButton,
    Role::CheckBox,
    Role::RadioButton,
    Role::ComboBox,
    Role::Entry,
    Role::MenuItem,
    Role::PageTab,
    Role::Slider,
    Role::SpinButton,
    Role::Link,
];

/// A connection to the bus of accessible things.
#[derive(Debug)]
pub(crate) struct Tree {
    runtime: Runtime,
    bus: Connection,
    announced: Announced,
}

/// What was said aloud, in order.
type Announced = Arc<Mutex<Vec<String>>>;

/// Where something lies, in pixels from the window's corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Area {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

/// One accessible thing on the screen.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    bus: OwnedUniqueName,
    path: OwnedObjectPath,
    depth: usize,
    pub(crate) role: Role,
    pub(crate) name: String,
    pub(crate) enabled: bool,
}

impl Tree {
    /// Connects by way of a session bus, and waits for the registry: GTK introduces itself to it only once, and gives
    /// up where the registry has not come up yet.
    pub(crate) fn new(session: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let bus = until("the accessibility bus answers", || runtime.block_on(connect(session)).ok());
        until("the registry answers", || runtime.block_on(apps(&bus)).ok());
        let announced = Announced::default();
        runtime.block_on(listen(&bus, announced.clone())).unwrap();
        Self { runtime, bus, announced }
    }

    /// What was said aloud so far. It is heard when it is said: what is on the screen for seconds only may be gone before
    /// a look at all of it ends.
    pub(crate) fn announced(&self) -> Vec<String> {
        self.announced.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Everything on the screen.
    pub(crate) fn nodes(&self) -> Vec<Node> {
        self.runtime.block_on(async {
            let apps = apps(&self.bus).await.unwrap_or_default();
            walk_all(&self.bus, apps, 0).await
        })
    }

    /// The first thing on the screen with this role and name.
    pub(crate) fn find(&self, role: Role, name: &str) -> Option<Node> {
        self.nodes().into_iter().find(|node| node.role == role && node.name == name)
    }

    /// Does the first thing that can be done with it.
    pub(crate) fn act(&self, node: &Node) {
        self.runtime.block_on(async {
            let action = ActionProxy::builder(&self.bus).destination(node.bus.clone()).unwrap();
            let action = action.path(node.path.clone()).unwrap().build().await.unwrap();
            assert!(action.do_action(0).await.unwrap(), "{node:?} does nothing");
        });
    }

    /// The number it shows.
    pub(crate) fn value(&self, node: &Node) -> Option<f64> {
        self.runtime.block_on(async {
            let value = ValueProxy::builder(&self.bus).destination(node.bus.clone()).ok()?;
            value.path(node.path.clone()).ok()?.build().await.ok()?.current_value().await.ok()
        })
    }

    /// Where it lies.
    pub(crate) fn area(&self, node: &Node) -> Option<Area> {
        self.runtime.block_on(async {
            let component = ComponentProxy::builder(&self.bus).destination(node.bus.clone()).ok()?;
            let component = component.path(node.path.clone()).ok()?.build().await.ok()?;
            let (x, y, width, height) = component.get_extents(CoordType::Window).await.ok()?;
            Some(Area { x, y, width, height })
        })
    }

    /// Everything on the screen, to read.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for node in self.nodes() {
            let off = if node.enabled { "" } else { " (insensitive)" };
            writeln!(text, "{:depth$}{} {:?}{off}", "", node.role.name(), node.name, depth = node.depth).unwrap();
        }
        text
    }
}

async fn connect(session: &str) -> zbus::Result<Connection> {
    let session = zbus::connection::Builder::address(session)?.build().await?;
    let answer =
        session.call_method(Some("org.a11y.Bus"), "/org/a11y/bus", Some("org.a11y.Bus"), "GetAddress", &()).await?;
    let address: String = answer.body().deserialize()?;
    zbus::connection::Builder::address(address.as_str())?.build().await
}

/// Listens from now on.
async fn listen(bus: &Connection, announced: Announced) -> zbus::Result<()> {
    let registry = "org.a11y.atspi.Registry";
    let events = "object:announcement";
    bus.call_method(Some(registry), "/org/a11y/atspi/registry", Some(registry), "RegisterEvent", &(events,)).await?;
    let rule = MatchRule::builder().msg_type(zbus::message::Type::Signal);
    let rule = rule.interface("org.a11y.atspi.Event.Object")?.member("Announcement")?.build();
    let mut signals = MessageStream::for_match_rule(rule, bus, None).await?;
    tokio::spawn(async move {
        while let Some(Ok(signal)) = signals.next().await {
            type Event = (String, i32, i32, OwnedValue, HashMap<String, OwnedValue>);
            let Ok((_, _, _, words, _)) = signal.body().deserialize::<Event>() else { continue };
            let words = String::try_from(words).unwrap_or_default();
            announced.lock().unwrap_or_else(PoisonError::into_inner).push(words);
        }
    });
    Ok(())
}

async fn accessible<'a>(bus: &Connection, name: &'a str, path: &'a str) -> zbus::Result<AccessibleProxy<'a>> {
    // Properties are asked for each time: nothing here may be stale.
    let builder = AccessibleProxy::builder(bus).destination(name)?.path(path)?;
    builder.cache_properties(zbus::proxy::CacheProperties::No).build().await
}

/// The programs that introduced themselves.
async fn apps(bus: &Connection) -> zbus::Result<Vec<ObjectRefOwned>> {
    let root = accessible(bus, "org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root").await?;
    root.get_children().await
}

/// All of them at once: one after another, the ways to and fro would take longer than what is looked at lasts.
async fn walk_all(bus: &Connection, objects: Vec<ObjectRefOwned>, depth: usize) -> Vec<Node> {
    join_all(objects.iter().map(|object| walk(bus, object, depth))).await.concat()
}

/// Things may vanish while they are looked at; they are then left out.
async fn walk(bus: &Connection, object: &ObjectRefOwned, depth: usize) -> Vec<Node> {
    let Some(name) = object.name() else { return Vec::new() };
    let Ok(node) = accessible(bus, name.as_str(), object.path().as_str()).await else { return Vec::new() };
    let (role, states, label, children) =
        tokio::join!(node.get_role(), node.get_state(), node.name(), node.get_children());
    let (Ok(role), Ok(states)) = (role, states) else { return Vec::new() };
    if depth > DEPTH || (depth > 0 && !states.contains(State::Showing)) {
        return Vec::new();
    }
    let enabled = states.contains(State::Sensitive);
    let (bus_name, path) = (name.clone().into(), object.path().clone().into());
    let mut nodes = vec![Node { bus: bus_name, path, depth, role, name: label.unwrap_or_default(), enabled }];
    nodes.extend(Box::pin(walk_all(bus, children.unwrap_or_default(), depth + 1)).await);
    nodes
}
