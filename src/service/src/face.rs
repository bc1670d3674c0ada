//! The engine's D-Bus interface. Documented for its users in `docs/engine.md`.

use crate::activity::{Call, Calls};
use crate::caller::Callers;
use crate::refusal::Refusal;
use strata_engine::Engine;
use strata_model::history::Entry;
use strata_model::{Change, OfferId, Plan, Request, Snapshot, TaskId, wire};
use zbus::Connection;
use zbus::message::Header;
use zbus::object_server::SignalEmitter;

/// Most entries of the history in one answer.
const MAX_ENTRIES: u32 = 10_000;

/// The interface's object.
#[derive(Debug)]
pub(crate) struct Face {
    engine: Engine,
    calls: Calls,
    callers: Callers,
}

impl Face {
    pub(crate) fn new(engine: Engine, calls: Calls) -> Self {
        Self { engine, calls, callers: Callers::default() }
    }

    /// What every call does first. A stranger's call does not keep the process from leaving.
    async fn admit(&self, header: &Header<'_>, connection: &Connection) -> Result<Call, Refusal> {
        self.callers.check(header, connection).await?;
        Ok(self.calls.begin())
    }
}

/// Answers that are one structure stand in a tuple of one: else zbus would take the structure's fields for several
/// answers.
#[zbus::interface(name = "io.github.strata_store.Strata.Engine1")]
impl Face {
    async fn snapshot(
        &self,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(Snapshot,), Refusal> {
        let _call = self.admit(&header, connection).await?;
        Ok((self.engine.snapshot(),))
    }

    async fn plan(
        &self,
        request: Request,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(Plan,), Refusal> {
        let _call = self.admit(&header, connection).await?;
        Ok((self.engine.plan(&request).await?,))
    }

    async fn submit(
        &self,
        requests: Vec<Request>,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<Vec<TaskId>, Refusal> {
        let _call = self.admit(&header, connection).await?;
        Ok(self.engine.submit(&requests).await?)
    }

    async fn cancel(
        &self,
        task: TaskId,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let _call = self.admit(&header, connection).await?;
        Ok(self.engine.cancel(task).await?)
    }

    async fn acknowledge(
        &self,
        tasks: Vec<TaskId>,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let _call = self.admit(&header, connection).await?;
        Ok(self.engine.acknowledge(&tasks).await?)
    }

    async fn set_setting(
        &self,
        key: String,
        value: String,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let _call = self.admit(&header, connection).await?;
        Ok(self.engine.set_setting(&key, &value).await?)
    }

    async fn launch(
        &self,
        offer: OfferId,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let _call = self.admit(&header, connection).await?;
        Ok(self.engine.launch(&offer).await?)
    }

    async fn history(
        &self,
        limit: u32,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<Vec<Entry>, Refusal> {
        let _call = self.admit(&header, connection).await?;
        Ok(self.engine.history(limit.min(MAX_ENTRIES)).await?)
    }

    #[zbus(signal)]
    pub(crate) async fn changed(emitter: &SignalEmitter<'_>, change: &Change) -> zbus::Result<()>;

    #[expect(clippy::unused_self, reason = "zbus wants a method")]
    #[zbus(property(emits_changed_signal = "const"))]
    fn version(&self) -> u32 {
        wire::VERSION
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zbus::object_server::Interface;

    #[test]
    fn the_interface_has_the_name_that_faces_ask_for() {
        assert_eq!(Face::name(), wire::INTERFACE);
    }
}
