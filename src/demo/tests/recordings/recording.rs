//! A recording's file; its format is described in tests/fixtures/rpm-ostree/README.md.

use serde::Deserialize;
use serde_json::Value as Json;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::Arc;
use strata_demo::daemon::{Data, Handle};
use zvariant::Signature;

/// One conversation.
#[derive(Debug, Deserialize)]
pub(crate) struct Recording {
    #[serde(rename = "scenario")]
    pub(crate) name: String,
    pub(crate) steps: Vec<Step>,
    #[serde(skip)]
    pub(crate) text: String,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Step {
    #[serde(default)]
    pub(crate) client: String,
    pub(crate) bus_connect: Option<BusConnect>,
    pub(crate) bus_disconnect: Option<bool>,
    pub(crate) call: Option<Call>,
    pub(crate) reply: Option<Json>,
    pub(crate) error: Option<ErrorReply>,
    pub(crate) peer_connect: Option<String>,
    pub(crate) peer_property: Option<PeerProperty>,
    pub(crate) peer_call: Option<String>,
    pub(crate) peer_signal: Option<Signal>,
    pub(crate) peer_close: Option<bool>,
    pub(crate) peer_disconnected: Option<bool>,
    pub(crate) bus_signal: Option<Signal>,
    pub(crate) properties_before: Option<Json>,
    pub(crate) properties: Option<Json>,
    pub(crate) properties_after: Option<Json>,
    pub(crate) script: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct BusConnect {
    pub(crate) unique_name: String,
    pub(crate) uid: u32,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Call {
    pub(crate) object: String,
    pub(crate) interface: String,
    pub(crate) method: String,
    pub(crate) signature: String,
    pub(crate) args: Json,
    #[serde(default)]
    pub(crate) fds: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ErrorReply {
    pub(crate) name: String,
    pub(crate) message: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct PeerProperty {
    #[serde(rename = "Title")]
    pub(crate) title: String,
    #[serde(rename = "InitiatingClientDescription")]
    pub(crate) description: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Signal {
    #[serde(default)]
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) interface: String,
    pub(crate) name: String,
    pub(crate) signature: String,
    pub(crate) args: Json,
}

impl Recording {
    pub(crate) fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let mut recording: Self = serde_json::from_str(&text).unwrap();
        recording.text = text;
        recording
    }

    /// It has clients of several users.
    pub(crate) fn needs_root(&self) -> bool {
        self.steps.iter().filter_map(|step| step.bus_connect.as_ref()).any(|connect| connect.uid != 0)
    }

    /// The properties of both objects when it began.
    pub(crate) fn before(&self) -> (Data, Data) {
        both(self.steps.iter().find_map(|step| step.properties_before.as_ref()).unwrap())
    }
}

/// `Sysroot` and `OS` of a dump.
pub(crate) fn both(properties: &Json) -> (Data, Data) {
    let of = |key: &str| data(&Signature::try_from("a{sv}").unwrap(), &properties[key], &[]);
    (of("Sysroot"), of("OS"))
}

/// The arguments that a signature and a list of values make.
pub(crate) fn arguments(signature: &str, args: &Json, files: &[OwnedFd]) -> Vec<Data> {
    let items = args.as_array().unwrap();
    let types = types(signature);
    assert_eq!(items.len(), types.len(), "{signature}");
    types.iter().zip(items).map(|(of, item)| data(of, item, files)).collect()
}

/// The complete types of a signature.
pub(crate) fn types(signature: &str) -> Vec<Signature> {
    match Signature::try_from(format!("({signature})").as_str()) {
        Ok(Signature::Structure(fields)) => fields.iter().cloned().collect(),
        _ => Vec::new(),
    }
}

/// A recorded value as it was on the wire.
pub(crate) fn data(signature: &Signature, json: &Json, files: &[OwnedFd]) -> Data {
    let text = || json.as_str().unwrap().to_owned();
    match signature {
        Signature::Bool => Data::Bool(json.as_bool().unwrap()),
        Signature::I32 => Data::I32(i32::try_from(json.as_i64().unwrap()).unwrap()),
        Signature::U32 => Data::U32(u32::try_from(json.as_u64().unwrap()).unwrap()),
        Signature::I64 => Data::I64(json.as_i64().unwrap()),
        Signature::U64 => Data::U64(json.as_u64().unwrap()),
        Signature::Str => Data::Str(text()),
        Signature::ObjectPath => Data::Path(text()),
        Signature::Fd => {
            let file = &files[usize::try_from(json.as_u64().unwrap()).unwrap()];
            Data::Handle(Handle(Arc::new(file.try_clone().unwrap())))
        }
        Signature::Variant => {
            let inner = Signature::try_from(json["sig"].as_str().unwrap()).unwrap();
            Data::Variant(Box::new(data(&inner, &json["value"], files)))
        }
        Signature::Array(child) => {
            let items = json.as_array().unwrap().iter().map(|item| data(child.signature(), item, files)).collect();
            Data::Array(child.signature().clone(), items)
        }
        Signature::Structure(fields) => {
            let items = json.as_array().unwrap();
            Data::Struct(fields.iter().zip(items).map(|(field, item)| data(field, item, files)).collect())
        }
        Signature::Dict { key, value } => {
            let entries = json.as_array().unwrap().iter();
            let entry =
                |entry: &Json| (data(key.signature(), &entry[0], files), data(value.signature(), &entry[1], files));
            Data::Dict(key.signature().clone(), value.signature().clone(), entries.map(entry).collect())
        }
        other => panic!("signature {other} was not recorded"),
    }
}
