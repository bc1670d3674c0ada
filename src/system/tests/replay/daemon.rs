//! The daemon of a recording: on the bus it answers what was asked then, in the same order, with the same words.

use crate::peer::Peers;
use crate::recording::{Asked, Recording, Step};
use crate::values::{Typed, variant};
use crate::world::World;
use futures_util::StreamExt;
use serde_json::{Value as Json, json};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use strata_system::names::{BUS_NAME, PROPERTIES, SYSROOT};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use zbus::fdo::RequestNameFlags;
use zbus::message::{Message, Type};
use zbus::{Connection, MessageStream};
use zvariant::{OwnedValue, Value};

/// How long the client may take for its next step.
const DEADLINE: Duration = Duration::from_secs(20);

/// A call that came and waits for its answer.
#[derive(Debug)]
struct Incoming {
    connection: Connection,
    message: Message,
}

#[derive(Debug)]
pub(crate) struct Replay {
    recording: Recording,
    state: Arc<State>,
    connection: Connection,
    incoming: mpsc::UnboundedReceiver<Incoming>,
    sender: mpsc::UnboundedSender<Incoming>,
    peers: Peers,
    cancel: CancellationToken,
    world_address: String,
    /// Who called last.
    caller: String,
}

/// What stands as it is until a signal changes it.
#[derive(Debug, Default)]
pub(crate) struct State {
    properties: Mutex<HashMap<String, HashMap<String, Json>>>,
    refused: Option<(String, String)>,
    /// Every standing question, in order.
    asked: Mutex<Vec<String>>,
}

impl State {
    /// How often this was asked: a method, or `Get` and `GetAll` with what follows.
    pub(crate) fn count(&self, question: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|asked| *asked == question).count()
    }

    fn set(&self, interface: &str, key: &str, value: Json) {
        let mut properties = self.properties.lock().unwrap();
        properties.entry(interface.to_owned()).or_default().insert(key.to_owned(), value);
    }

    fn all(&self, interface: &str) -> HashMap<String, OwnedValue> {
        let properties = self.properties.lock().unwrap();
        let of = properties.get(interface).cloned().unwrap_or_default();
        of.into_iter().map(|(key, value)| (key, variant(&value).try_into().unwrap())).collect()
    }
}

impl Replay {
    /// Takes the daemon's name on the bus. The client is cancelled where the recorded one cancelled.
    pub(crate) async fn new(world: &World, recording: Recording, cancel: &CancellationToken) -> Self {
        let state = State { refused: recording.refused.clone(), ..State::default() };
        for interface in ["Sysroot", "OS"] {
            for pair in recording.before[interface].as_array().unwrap() {
                let full = format!("{BUS_NAME}.{interface}");
                state.set(&full, pair[0].as_str().unwrap(), pair[1].clone());
            }
        }
        let state = Arc::new(state);
        let (sender, incoming) = mpsc::unbounded_channel();
        let connection = answer(&world.address, &state, &sender).await;
        let peers = Peers::new(world.socket(), &recording.title, &recording.initiator);
        let (cancel, world_address) = (cancel.clone(), world.address.clone());
        Self { recording, state, connection, incoming, sender, peers, cancel, world_address, caller: String::new() }
    }

    pub(crate) fn state(&self) -> Arc<State> {
        Arc::clone(&self.state)
    }

    /// Plays the recording to its end. An error is what the client did differently; the daemon is then gone, so that the
    /// client comes to an end too.
    pub(crate) async fn play(mut self) -> Result<(), String> {
        let played = self.steps().await;
        if let Err(error) = &played {
            eprintln!("{error}");
            self.peers.die().await;
            let _ = self.connection.clone().close().await;
        }
        played
    }

    async fn steps(&mut self) -> Result<(), String> {
        let mut steps: VecDeque<Step> = self.recording.steps.clone().into();
        let mut open: Option<Incoming> = None;
        let mut number = 0;
        while let Some(step) = steps.pop_front() {
            number += 1;
            let done = tokio::time::timeout(DEADLINE, self.one(&step, &steps, &mut open)).await;
            let done = done.unwrap_or_else(|_| Err(format!("the client does nothing at {step:?}")));
            done.map_err(|error| format!("{} step {number}: {error}", self.recording.name))?;
        }
        self.settle().await;
        Ok(())
    }

    async fn one(&mut self, step: &Step, rest: &VecDeque<Step>, open: &mut Option<Incoming>) -> Result<(), String> {
        match step {
            Step::Call(expected) => {
                let incoming = self.incoming.recv().await.ok_or("the bus is gone")?;
                let came = asked(&incoming.message);
                if !came.same(expected) || came.fds != expected.fds {
                    return Err(format!("came {came:?}\n instead of {expected:?}"));
                }
                self.caller = incoming.message.header().sender().unwrap().to_string();
                *open = Some(incoming);
            }
            Step::Reply(values) => {
                let values = self.with_own_address(values);
                if next_peer_call(rest) == Some("Cancel") && !begins(rest) {
                    self.cancel.cancel();
                }
                let Incoming { connection, message } = open.take().ok_or("nothing was asked")?;
                let header = message.header();
                match values.body() {
                    Some(body) => connection.reply(&header, &body).await,
                    None => connection.reply(&header, &()).await,
                }
                .map_err(|error| error.to_string())?;
            }
            Step::Error { name, text } => {
                let Incoming { connection, message } = open.take().ok_or("nothing was asked")?;
                let name = name.as_str();
                connection.reply_error(&message.header(), name, &text).await.map_err(|error| error.to_string())?;
            }
            Step::BusSignal { path, interface, name, arguments } => self.signal(path, interface, name, arguments).await,
            Step::PeerConnect => self.peers.connected().await,
            Step::PeerCall { name, reply } => {
                if name == "Cancel" {
                    self.cancel.cancel();
                }
                self.peers.answer(name, reply).await?;
            }
            Step::PeerSignal { name, arguments } => self.peers.say(name, arguments).await?,
            Step::PeerClose => self.peers.hung_up().await,
            Step::PeerDisconnected => self.peers.die().await,
            Step::PeerLost => self.peers.lose().await,
            Step::Beside(file) => {
                while !file.exists() {
                    tokio::task::yield_now().await;
                }
            }
        }
        Ok(())
    }

    /// Where the recorded client had left the bus before the end, nobody wrote down that the daemon was free again.
    async fn settle(&mut self) {
        let active = self.state.all(SYSROOT)["ActiveTransactionPath"] != OwnedValue::from(zvariant::Str::from(""));
        let Some(after) = self.recording.after.clone().filter(|_| active) else { return };
        for interface in ["Sysroot", "OS"] {
            for pair in after[interface].as_array().unwrap() {
                self.state.set(&format!("{BUS_NAME}.{interface}"), pair[0].as_str().unwrap(), pair[1].clone());
            }
        }
        let free = json!([SYSROOT, [["ActiveTransactionPath", {"sig": "s", "value": ""}]], []]);
        let free = Typed { signature: "sa{sv}as".to_owned(), value: free };
        self.signal(strata_system::names::SYSROOT_PATH, PROPERTIES, "PropertiesChanged", &free).await;
    }

    fn with_own_address(&mut self, values: &Typed) -> Typed {
        let mut values = values.clone();
        for value in values.value.as_array_mut().unwrap() {
            let own = !self.recording.elsewhere;
            if own && value.as_str().is_some_and(|text| text.starts_with("unix:path=")) {
                *value = json!(self.peers.open());
            }
        }
        values
    }

    async fn signal(&mut self, path: &str, interface: &str, name: &str, arguments: &Typed) {
        if name == "NameOwnerChanged" {
            if arguments.value[2] == "" {
                self.die().await;
            }
            return;
        }
        let mut arguments = arguments.clone();
        let of = arguments.value[0].as_str().unwrap().to_owned();
        for pair in arguments.value[1].as_array_mut().unwrap() {
            if pair[0] == "ActiveTransactionPath" {
                let active = pair[1]["value"] != "";
                pair[1]["value"] = if active { json!(self.peers.open()) } else { json!("") };
                if !active {
                    self.peers.shut();
                }
            }
            if pair[0] == "ActiveTransaction" && pair[1]["value"][1] == self.recording.unique_name {
                pair[1]["value"][1] = json!(self.caller);
            }
            self.state.set(&of, pair[0].as_str().unwrap(), pair[1].clone());
        }
        let body = arguments.body().unwrap();
        self.connection.emit_signal(None::<&str>, path, interface, name, &body).await.unwrap();
    }

    /// Another daemon takes the name, without a moment in between: nothing here would start one.
    async fn die(&mut self) {
        self.state.set(SYSROOT, "ActiveTransactionPath", json!({"sig": "s", "value": ""}));
        self.state.set(SYSROOT, "ActiveTransaction", json!({"sig": "(sss)", "value": ["", "", ""]}));
        let next = answer(&self.world_address, &self.state, &self.sender).await;
        let last = std::mem::replace(&mut self.connection, next);
        last.release_name(BUS_NAME).await.unwrap();
    }
}

/// The next thing that the recorded client said on its peer connection.
fn next_peer_call(rest: &VecDeque<Step>) -> Option<&str> {
    rest.iter().find_map(|step| match step {
        Step::PeerCall { name, .. } => Some(name.as_str()),
        _ => None,
    })
}

/// Another call comes before.
fn begins(rest: &VecDeque<Step>) -> bool {
    let call = rest.iter().position(|step| matches!(step, Step::Call(_)));
    let peer = rest.iter().position(|step| matches!(step, Step::PeerCall { .. }));
    call.is_some_and(|call| peer.is_none_or(|peer| call < peer))
}

/// Connects to the bus, takes the name as soon as it is free, answers the standing questions and hands on the others.
async fn answer(address: &str, state: &Arc<State>, sender: &mpsc::UnboundedSender<Incoming>) -> Connection {
    let connection = zbus::connection::Builder::address(address).unwrap().build().await.unwrap();
    let mut stream = MessageStream::from(&connection);
    // In a queue behind whoever has it.
    connection.request_name_with_flags(BUS_NAME, RequestNameFlags::AllowReplacement.into()).await.unwrap();
    let (state, sender, own) = (Arc::clone(state), sender.clone(), connection.clone());
    tokio::spawn(async move {
        while let Some(Ok(message)) = stream.next().await {
            if message.message_type() == Type::MethodCall && !stand(&own, &state, &message).await {
                let incoming = Incoming { connection: own.clone(), message };
                if sender.send(incoming).is_err() {
                    break;
                }
            }
        }
    });
    connection
}

/// Answers a standing question. No: it is none.
async fn stand(connection: &Connection, state: &State, message: &Message) -> bool {
    let asked = asked(message);
    if !asked.is_standing() {
        return false;
    }
    let header = message.header();
    let argument = |place: usize| asked.arguments.value[place].as_str().unwrap_or_default().to_owned();
    let question = if asked.interface == PROPERTIES {
        let name = if asked.method == "Get" { argument(1) } else { argument(0) };
        format!("{} {name}", asked.method)
    } else {
        asked.method.clone()
    };
    state.asked.lock().unwrap().push(question);
    let sent = match (asked.method.as_str(), &state.refused) {
        ("RegisterClient", Some((name, text))) => connection.reply_error(&header, name.as_str(), text).await,
        ("GetAll", _) => connection.reply(&header, &state.all(&argument(0))).await,
        ("Get", _) => {
            let value = state.all(&argument(0)).remove(&argument(1)).unwrap();
            connection.reply(&header, &Value::from(value)).await
        }
        _ => connection.reply(&header, &()).await,
    };
    sent.unwrap();
    true
}

fn asked(message: &Message) -> Asked {
    let header = message.header();
    Asked {
        object: header.path().unwrap().to_string(),
        interface: header.interface().unwrap().to_string(),
        method: header.member().unwrap().to_string(),
        arguments: Typed::of_message(message),
        fds: message.data().fds().len(),
    }
}
