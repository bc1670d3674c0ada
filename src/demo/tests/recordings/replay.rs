//! Plays the clients of a recording, and compares what comes.

use crate::bus::Bus;
use crate::client::{Answer, Came, Link, call};
use crate::compare::Names;
use crate::recording::{Call, Recording, Step, arguments, both, data, types};
use crate::{rpm, world};
use std::collections::{HashMap, VecDeque};
use std::fs::{self, File};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use strata_demo::daemon::{Body, Config, Data, NAME, ROOT, Store};
use tokio::task::JoinHandle;

pub(crate) const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
pub(crate) const TRANSACTION: &str = "org.projectatomic.rpmostree1.Transaction";
pub(crate) const TITLE: &str = "PropertiesChanged";
pub(crate) const CONTROL_INTERFACE: &str = "io.github.strata_store.Strata.Demo.System";
/// The transaction's socket in the recordings.
const SOCKET: &str = "unix:path=/run/rpm-ostree-transaction.sock";

/// Plays a recording on a bus of its own.
pub(crate) fn replay(recording: &Recording) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    // Other users have to get at the socket.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let system = folder.path().join("system");
    fs::create_dir(&system).unwrap();
    let world = world::of(recording);
    Store::new(&system).create(&world.system, Some(&world.state), &world.config).unwrap();
    let bus = Bus::start(folder.path());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut play = Play::new(recording, bus.address.clone(), system).await;
        for place in 0..recording.steps.len() {
            play.step(place).await.map_err(|error| format!("step {}: {error}", place + 1))?;
        }
        play.end().await
    })
}

#[derive(Default)]
pub(crate) struct Player {
    pub(crate) bus: Option<Link>,
    pub(crate) peer: Option<Link>,
    pub(crate) answer: Option<JoinHandle<Answer>>,
}

pub(crate) struct Play<'r> {
    pub(crate) recording: &'r Recording,
    pub(crate) address: String,
    pub(crate) system: PathBuf,
    pub(crate) players: HashMap<String, Player>,
    pub(crate) names: Names,
    /// Allows signals, and kills.
    pub(crate) control: Link,
    /// Who began the running transaction: its signals are asked for one by one.
    pub(crate) starter: String,
    /// Signals that were recorded before the reply to Start.
    pub(crate) early: Vec<usize>,
    /// A transaction was started since the last call.
    pub(crate) begun: bool,
    /// Changes of the title that came before they were recorded.
    pub(crate) titles: HashMap<String, Came>,
    /// Recorded signals of the bus that were not compared yet.
    pub(crate) due: VecDeque<usize>,
    pub(crate) done: Vec<usize>,
}

impl<'r> Play<'r> {
    async fn new(recording: &'r Recording, address: String, system: PathBuf) -> Self {
        let mut names = Names::default();
        names.learn(SOCKET, &format!("unix:path={}", system.join("transaction.sock").display()));
        let control = Link::bus(&address, 0).await;
        Self {
            recording,
            address,
            system,
            players: HashMap::new(),
            names,
            control,
            starter: String::new(),
            early: Vec::new(),
            begun: false,
            titles: HashMap::new(),
            due: VecDeque::new(),
            done: Vec::new(),
        }
    }

    pub(crate) fn player(&mut self, step: &Step) -> &mut Player {
        self.players.entry(step.client.clone()).or_default()
    }

    async fn step(&mut self, place: usize) -> Result<(), String> {
        let step = &self.recording.steps[place];
        if self.done.contains(&place) {
            return Ok(());
        }
        if let Some(connect) = &step.bus_connect {
            return self.connect(step, &connect.unique_name, connect.uid).await;
        }
        if let Some(call) = &step.call {
            return self.call(place, step, call).await;
        }
        if step.peer_call.is_none() && (step.reply.is_some() || step.error.is_some()) {
            return self.answer(place, step).await;
        }
        if step.peer_connect.is_some() {
            let address = self.names.translate(SOCKET);
            let link = Link::peer(&address).await.map_err(|error| error.to_string())?;
            self.player(step).peer = Some(link);
            return Ok(());
        }
        if step.bus_signal.is_some() {
            // They are compared in their order, but when they come is another socket's business.
            self.due.push_back(place);
            return Ok(());
        }
        if step.peer_signal.is_some() {
            return self.signal(place).await;
        }
        if let Some(properties) =
            step.properties_before.as_ref().or(step.properties.as_ref()).or(step.properties_after.as_ref())
        {
            self.catch_up().await?;
            return self.compare_properties(step, properties).await;
        }
        self.at_peer(place, step).await
    }

    async fn connect(&mut self, step: &Step, name: &str, uid: u32) -> Result<(), String> {
        let link = Link::bus(&self.address, uid).await;
        let here = link.connection.unique_name().unwrap().to_string();
        self.names.learn(name, &here);
        self.names.learn(name.trim_start_matches(':'), here.trim_start_matches(':'));
        if step.client == "a" {
            // The daemon is there already when a recording begins.
            self.allow(0).await;
            link.listen().await;
        }
        self.player(step).bus = Some(link);
        Ok(())
    }

    async fn call(&mut self, place: usize, step: &Step, method: &Call) -> Result<(), String> {
        // A finished transaction is gone before its caller's next call is looked at; these are two sockets.
        let reply = |later: &Step| {
            later.client == step.client && later.peer_call.is_none() && (later.reply.is_some() || later.error.is_some())
        };
        let rest = &self.recording.steps[place..];
        let end = rest.iter().position(reply).unwrap_or(rest.len()) + place;
        let cleared = (place..end).rev().find(|at| {
            let signal = self.recording.steps[*at].bus_signal.as_ref();
            signal.is_some_and(|signal| {
                signal.args.to_string().contains("\"ActiveTransactionPath\",{\"sig\":\"s\",\"value\":\"\"}")
            })
        });
        if let Some(cleared) = cleared {
            for at in place..=cleared {
                if self.recording.steps[at].bus_signal.is_some() {
                    self.due.push_back(at);
                    self.done.push(at);
                }
            }
            self.catch_up().await?;
        }
        // A daemon that left has left before the next call brings it back.
        let name = |at: &usize| self.recording.steps[*at].bus_signal.as_ref().map(|signal| signal.name.as_str());
        if self.due.iter().any(|at| name(at) == Some("NameOwnerChanged")) {
            self.catch_up().await?;
        }
        if method.method == "ReloadConfig" {
            self.configure(place);
        }
        self.begun &= !self.starter.is_empty();
        let files: Vec<OwnedFd> = method.fds.iter().map(|name| self.file(name)).collect();
        let body: Vec<Data> = arguments(&method.signature, &method.args, &files);
        let body = Body(body.iter().map(|data| self.names.translated(data)).collect());
        let connection = self.player(step).bus.as_ref().unwrap().connection.clone();
        let (object, interface, member) = (method.object.clone(), method.interface.clone(), method.method.clone());
        let asked =
            tokio::spawn(async move { call(connection, Some(NAME), &object, (&interface, &member), body).await });
        self.player(step).answer = Some(asked);
        Ok(())
    }

    /// The configuration is another from now on: what its new values are is seen after it was read.
    fn configure(&self, place: usize) {
        let later = self.recording.steps[place..].iter().find_map(|step| step.properties_after.as_ref()).unwrap();
        let policy = both(later).0.get("AutomaticUpdatePolicy").unwrap().as_str().unwrap().to_owned();
        let store = Store::new(&self.system);
        let config = Config { policy, ..Config::read(&store.configuration()) };
        fs::write(store.configuration(), config.text()).unwrap();
    }

    fn file(&self, name: &str) -> OwnedFd {
        let path = self.system.join(name);
        fs::write(&path, rpm::package(name)).unwrap();
        File::open(path).unwrap().into()
    }

    async fn answer(&mut self, place: usize, step: &Step) -> Result<(), String> {
        let asked = self.player(step).answer.take().unwrap();
        let answer = asked.await.map_err(|error| error.to_string())?;
        match (&step.error, answer) {
            (Some(error), Err((name, text))) => {
                self.names.text("the error's name", &error.name, &name)?;
                self.names.text("the error's words", &error.message, &text)
            }
            (None, Ok(values)) => {
                let reply = step.reply.as_ref().unwrap();
                let signature = reply["signature"].as_str().unwrap();
                // A single value stands by itself.
                let recorded = match &types(signature)[..] {
                    [single] => vec![data(single, &reply["value"], &[])],
                    _ => arguments(signature, &reply["value"], &[]),
                };
                self.names.all("the reply", &recorded, &values)
            }
            (recorded, came) => Err(format!("recorded {recorded:?} for step {place}, came {came:?}")),
        }
    }

    /// Compares what the bus should have said until now.
    pub(crate) async fn catch_up(&mut self) -> Result<(), String> {
        while let Some(place) = self.due.pop_front() {
            let step = &self.recording.steps[place];
            let signal = step.bus_signal.as_ref().unwrap();
            let link = self.players.get_mut(&step.client).unwrap().bus.as_mut().unwrap();
            let came = link
                .next()
                .await
                .map_err(|error| format!("signal {} on the bus, step {}: {error}", signal.name, place + 1))?;
            let what = format!("{} on the bus, step {}", signal.name, place + 1);
            if (&signal.path, &signal.interface, &signal.name) != (&came.path, &came.interface, &came.name) {
                return Err(format!("{what}: {came:?} came"));
            }
            let recorded = arguments(&signal.signature, &signal.args, &[]);
            if signal.name == "NameOwnerChanged" {
                for (there, here) in recorded.iter().zip(&came.arguments).skip(1) {
                    let (there, here) = (there.as_str().unwrap(), here.as_str().unwrap());
                    if there.is_empty() != here.is_empty() {
                        return Err(format!("{what}: recorded {recorded:?}, {came:?} came"));
                    }
                    self.names.learn(there, here);
                }
                continue;
            }
            self.names.all(&what, &recorded, &came.arguments)?;
        }
        Ok(())
    }

    async fn compare_properties(&mut self, step: &Step, properties: &serde_json::Value) -> Result<(), String> {
        let (sysroot, os) = both(properties);
        for (recorded, interface, object) in [(sysroot, "Sysroot", "Sysroot"), (os, "OS", "rig")] {
            let connection = self.player(step).bus.as_ref().unwrap().connection.clone();
            let body = Body(vec![Data::text(format!("{NAME}.{interface}"))]);
            let object = format!("{ROOT}/{object}");
            let came = call(connection, Some(NAME), &object, (PROPERTIES, "GetAll"), body).await;
            let came = came.map_err(|error| error.1)?;
            self.names.all(interface, &[recorded], &came)?;
        }
        Ok(())
    }

    /// Nothing more may come.
    async fn end(mut self) -> Result<(), String> {
        self.catch_up().await?;
        for player in self.players.values() {
            let rest = player.bus.as_ref().map(Link::rest).unwrap_or_default();
            if !rest.is_empty() {
                return Err(format!("{rest:?} came too"));
            }
        }
        Ok(())
    }
}
