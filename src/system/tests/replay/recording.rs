//! A recording of the real daemon, as `tests/fixtures/rpm-ostree/README.md` describes it.

use crate::values::{Typed, normal};
use serde_json::Value as Json;
use std::path::{Path, PathBuf};

/// One step of a recording, as the client that is played sees it.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Call(Asked),
    Reply(Typed),
    Error {
        name: String,
        text: String,
    },
    BusSignal {
        path: String,
        interface: String,
        name: String,
        arguments: Typed,
    },
    PeerConnect,
    PeerCall {
        name: String,
        reply: Json,
    },
    PeerSignal {
        name: String,
        arguments: Typed,
    },
    PeerClose,
    PeerDisconnected,
    /// The connection is lost, and the transaction goes on; in no recording.
    PeerLost,
    /// Something is done beside the bus, which makes this file; in no recording.
    Beside(PathBuf),
}

/// A call on the bus.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) object: String,
    pub(crate) interface: String,
    pub(crate) method: String,
    pub(crate) arguments: Typed,
    pub(crate) fds: usize,
}

impl Asked {
    /// The server answers it by itself, whenever it comes.
    pub(crate) fn is_standing(&self) -> bool {
        let properties = self.interface == "org.freedesktop.DBus.Properties";
        properties || matches!(self.method.as_str(), "RegisterClient" | "UnregisterClient" | "Reload")
    }

    pub(crate) fn same(&self, other: &Self) -> bool {
        (&self.object, &self.interface, &self.method) == (&other.object, &other.interface, &other.method)
            && normal(&self.arguments) == normal(&other.arguments)
    }
}

/// A conversation of one client with the daemon.
#[derive(Clone, Debug)]
pub(crate) struct Recording {
    pub(crate) name: String,
    pub(crate) steps: Vec<Step>,
    pub(crate) before: Json,
    pub(crate) after: Option<Json>,
    pub(crate) title: String,
    pub(crate) initiator: String,
    /// The client's name on the bus.
    pub(crate) unique_name: String,
    pub(crate) elsewhere: bool,
    /// What RegisterClient is refused with, if it is.
    pub(crate) refused: Option<(String, String)>,
}

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/rpm-ostree/recordings")
}

/// Every recording there is.
pub(crate) fn all() -> Vec<String> {
    let files = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path());
    let mut names: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|end| end == "json"))
        .map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

impl Recording {
    /// The conversation of client `client` (`a`, `b`, …).
    pub(crate) fn of(name: &str, client: &str) -> Self {
        let text = std::fs::read_to_string(folder().join(format!("{name}.json"))).unwrap();
        let whole: Json = serde_json::from_str(&text).unwrap();
        let mut recording = Self {
            name: name.to_owned(),
            steps: Vec::new(),
            before: Json::Null,
            after: None,
            title: "new-deployment".to_owned(),
            initiator: String::new(),
            unique_name: String::new(),
            elsewhere: false,
            refused: None,
        };
        let mut standing: Option<Asked> = None;
        for step in whole["steps"].as_array().unwrap() {
            recording.take(step, client, &mut standing);
        }
        recording.signals_first();
        recording
    }

    /// Bus and peer are two sockets: what the daemon said on the bus while the recorded client was already calling again
    /// came before that call for a client that waits for it, as ours does.
    fn signals_first(&mut self) {
        for place in 1..self.steps.len() {
            let mut place = place;
            while place > 0
                && matches!(self.steps[place], Step::BusSignal { .. })
                && matches!(self.steps[place - 1], Step::Call(_))
            {
                self.steps.swap(place - 1, place);
                place -= 1;
            }
        }
    }

    fn take(&mut self, step: &Json, client: &str, standing: &mut Option<Asked>) {
        if let Some(before) = step.get("properties_before") {
            self.before = before.clone();
        }
        if let Some(after) = step.get("properties_after").or(step.get("properties")) {
            self.after = Some(after.clone());
        }
        if let Some(signal) = step.get("bus_signal") {
            self.steps.push(Step::BusSignal {
                path: text(signal, "path"),
                interface: text(signal, "interface"),
                name: text(signal, "name"),
                arguments: Typed::arguments(signal),
            });
        }
        if step["client"] != client {
            return;
        }
        if let Some(connected) = step.get("bus_connect") {
            self.unique_name = text(connected, "unique_name");
        } else if let Some(call) = step.get("call") {
            let asked = asked(call);
            *standing = Some(asked.clone()).filter(Asked::is_standing);
            if standing.is_none() {
                self.steps.push(Step::Call(asked));
            }
        } else if let Some(error) = step.get("error") {
            let (name, text) = (text(error, "name"), text(error, "message"));
            match standing.take() {
                Some(asked) if asked.method == "RegisterClient" => self.refused = Some((name, text)),
                Some(_) => {}
                None => self.steps.push(Step::Error { name, text }),
            }
        } else if let Some(call) = step.get("peer_call") {
            let reply = step["reply"].clone();
            self.steps.push(Step::PeerCall { name: call.as_str().unwrap().to_owned(), reply });
        } else if let Some(reply) = step.get("reply") {
            if standing.take().is_none() {
                self.steps.push(Step::Reply(Typed::reply(reply)));
            }
        } else if let Some(signal) = step.get("peer_signal") {
            self.steps.push(Step::PeerSignal { name: text(signal, "name"), arguments: Typed::arguments(signal) });
        } else if let Some(properties) = step.get("peer_property") {
            (self.title, self.initiator) = (text(properties, "Title"), text(properties, "InitiatingClientDescription"));
        } else if step.get("peer_connect").is_some() {
            self.steps.push(Step::PeerConnect);
        } else if step.get("peer_close").is_some() {
            self.steps.push(Step::PeerClose);
        } else if step.get("peer_disconnected").is_some() {
            self.steps.push(Step::PeerDisconnected);
        }
    }

    /// The call at this place is answered with busy.
    pub(crate) fn is_busy_at(&self, place: usize) -> bool {
        let answer = self.steps[place + 1..].iter().find(|step| matches!(step, Step::Reply(_) | Step::Error { .. }));
        matches!(answer, Some(Step::Error { text, .. }) if text.starts_with("Transaction in progress"))
    }

    /// Its addresses stay as they stand: there is no socket at them.
    pub(crate) fn elsewhere(mut self) -> Self {
        self.elsewhere = true;
        self
    }

    /// Without calls of objects that the client never names: it has no other path than the one in `Booted`.
    pub(crate) fn without_strange_objects(mut self) -> Self {
        let mut strange = false;
        self.steps.retain(|step| {
            match step {
                Step::Call(asked) => strange = asked.object.ends_with("/nosuch"),
                Step::Reply(_) | Step::Error { .. } => {}
                _ => return true,
            }
            !strange
        });
        self
    }

    /// Keeps of the calls only those of a method, and of busy answers in a row only the first.
    pub(crate) fn only(mut self, method: &str) -> Self {
        let mut kept: Vec<Step> = Vec::new();
        let (mut skipping, mut was_busy) = (false, false);
        for (place, step) in self.steps.iter().enumerate() {
            match step {
                Step::Call(asked) => {
                    let busy = self.is_busy_at(place);
                    skipping = asked.method != method || (busy && was_busy);
                    was_busy |= busy;
                }
                Step::Reply(_) | Step::Error { .. } => {}
                _ => {
                    kept.push(step.clone());
                    continue;
                }
            }
            if !skipping {
                kept.push(step.clone());
            }
        }
        self.steps = kept;
        self
    }

    /// The ends that the daemon told.
    pub(crate) fn ends(&self) -> Vec<(bool, String)> {
        let end = |step: &Step| match step {
            Step::PeerSignal { name, arguments } if name == "Finished" => {
                let end = &arguments.value;
                Some((end[0].as_bool().unwrap(), end[1].as_str().unwrap().to_owned()))
            }
            _ => None,
        };
        self.steps.iter().filter_map(end).collect()
    }
}

fn asked(call: &Json) -> Asked {
    Asked {
        object: text(call, "object"),
        interface: text(call, "interface"),
        method: text(call, "method"),
        arguments: Typed::arguments(call),
        fds: call["fds"].as_array().map_or(0, Vec::len),
    }
}

fn text(of: &Json, key: &str) -> String {
    of[key].as_str().unwrap().to_owned()
}
