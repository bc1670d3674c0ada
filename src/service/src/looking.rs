//! What the person sees at the faces: they say it themselves, and it needs no notification.

use crate::caller;
use std::collections::HashMap;
use strata_model::Attention;
use tokio::sync::watch;
use zbus::Connection;
use zbus::message::Header;

/// What is seen at each face, by its name on the bus. It goes with its face.
type Faces = HashMap<String, Attention>;

/// What the person sees at the faces.
#[derive(Clone, Debug, Default)]
pub(crate) struct Looking(watch::Sender<Faces>);

/// The same for whoever waits for a change.
#[derive(Debug)]
pub(crate) struct Seen(watch::Receiver<Faces>);

impl Looking {
    /// A face says what is seen there.
    pub(crate) fn set(&self, attention: Attention, header: &Header<'_>, connection: &Connection) {
        let Some(face) = header.sender().map(ToString::to_string) else { return };
        if attention == Attention::Nothing {
            return self.forget(&face);
        }
        let mut is_new = false;
        self.0.send_modify(|faces| is_new = faces.insert(face.clone(), attention).is_none());
        if is_new {
            let (looking, connection) = (self.clone(), connection.clone());
            tokio::spawn(async move {
                caller::gone(&face, &connection).await;
                looking.forget(&face);
            });
        }
    }

    pub(crate) fn watch(&self) -> Seen {
        Seen(self.0.subscribe())
    }

    fn forget(&self, face: &str) {
        self.0.send_if_modified(|faces| faces.remove(face).is_some());
    }
}

impl Seen {
    /// The most that is seen at any face.
    pub(crate) fn now(&mut self) -> Attention {
        self.0.borrow_and_update().values().copied().max().unwrap_or_default()
    }

    /// Waits until it may be something else; `false` if it never will.
    pub(crate) async fn changed(&mut self) -> bool {
        self.0.changed().await.is_ok()
    }
}
