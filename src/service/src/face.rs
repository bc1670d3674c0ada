//! The engine's D-Bus interface. Documented for its users in `docs/engine.md`.

use crate::activity::{Call, Calls};
use crate::caller::{self, Callers};
use crate::looking::Looking;
use crate::refusal::Refusal;
use crate::sendable::Sendable;
use strata_engine::Engine;
use strata_model::history::Entry;
use strata_model::system_update::{FoundPackage, PackageChange};
use strata_model::{
    AppSettings, Attention, Change, Failure, Leftover, OfferId, Plan, Request, Snapshot, Stop, TaskId, Upkeep, wire,
};
use zbus::Connection;
use zbus::message::Header;
use zbus::object_server::SignalEmitter;

/// Most entries of the history in one answer.
const MAX_ENTRIES: u32 = 10_000;

/// The interface's object.
#[derive(Debug)]
pub(crate) struct Face {
    /// Or why there is none: every call is answered with that.
    engine: Result<Engine, Failure>,
    calls: Calls,
    callers: Callers,
    looking: Looking,
}

impl Face {
    pub(crate) fn new(engine: Engine, calls: Calls, looking: Looking) -> Self {
        Self { engine: Ok(engine), calls, callers: Callers::default(), looking }
    }

    /// The face of an engine that could not start.
    pub(crate) fn refusing(failure: Failure, calls: Calls) -> Self {
        Self { engine: Err(failure), calls, callers: Callers::default(), looking: Looking::default() }
    }

    /// What every call does first. A stranger's call does not keep the process from leaving.
    async fn admit(&self, header: &Header<'_>, connection: &Connection) -> Result<(&Engine, Call), Refusal> {
        self.callers.check(header, connection).await?;
        let call = self.calls.begin();
        Ok((self.engine.as_ref().map_err(Clone::clone)?, call))
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
    ) -> Result<(Sendable<Snapshot>,), Refusal> {
        let (engine, _call) = self.admit(&header, connection).await?;
        Ok((Sendable(engine.snapshot()),))
    }

    async fn plan(
        &self,
        request: Request,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(Sendable<Plan>,), Refusal> {
        let (engine, _call) = self.admit(&header, connection).await?;
        tokio::select! {
            plan = engine.plan(&request) => Ok((Sendable(plan?),)),
            // It is read by nobody; dropped, it is cancelled.
            () = caller::left(&header, connection) => Err(Stop::Cancelled.into()),
        }
    }

    async fn submit(
        &self,
        requests: Vec<Request>,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<Vec<TaskId>, Refusal> {
        let (engine, _call) = self.admit(&header, connection).await?;
        Ok(engine.submit(&requests).await?)
    }

    async fn cancel(
        &self,
        task: TaskId,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let (engine, _call) = self.admit(&header, connection).await?;
        Ok(engine.cancel(task).await?)
    }

    async fn acknowledge(
        &self,
        tasks: Vec<TaskId>,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let (engine, _call) = self.admit(&header, connection).await?;
        Ok(engine.acknowledge(&tasks).await?)
    }

    async fn set_setting(
        &self,
        key: String,
        value: String,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let (engine, _call) = self.admit(&header, connection).await?;
        Ok(engine.set_setting(&key, &value).await?)
    }

    async fn upkeep(
        &self,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<Upkeep, Refusal> {
        let (engine, _call) = self.admit(&header, connection).await?;
        Ok(engine.upkeep().await?)
    }

    async fn launch(
        &self,
        offer: OfferId,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let (engine, _call) = self.admit(&header, connection).await?;
        Ok(engine.launch(&offer).await?)
    }

    async fn launch_file(
        &self,
        location: String,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let (engine, _call) = self.admit(&header, connection).await?;
        tokio::select! {
            launched = engine.launch_file(&location) => Ok(launched?),
            // What was asked for by somebody who is gone is not started.
            () = caller::left(&header, connection) => Err(Stop::Cancelled.into()),
        }
    }

    async fn app_settings(
        &self,
        offer: OfferId,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(AppSettings,), Refusal> {
        let (engine, _call) = self.admit(&header, connection).await?;
        Ok((engine.app_settings(&offer).await?,))
    }

    async fn set_app_settings(
        &self,
        offer: OfferId,
        settings: AppSettings,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let (engine, _call) = self.admit(&header, connection).await?;
        Ok(engine.set_app_settings(&offer, &settings).await?)
    }

    async fn leftovers(
        &self,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<Sendable<Vec<Leftover>>, Refusal> {
        let (engine, _call) = self.admit(&header, connection).await?;
        Ok(Sendable(engine.leftovers().await?))
    }

    async fn read_system(
        &self,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let (engine, _call) = self.admit(&header, connection).await?;
        Ok(engine.read_system().await?)
    }

    async fn differences(
        &self,
        from: String,
        to: String,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<Sendable<Vec<PackageChange>>, Refusal> {
        let (engine, _call) = self.admit(&header, connection).await?;
        Ok(Sendable(engine.differences(&from, &to).await?))
    }

    async fn search_packages(
        &self,
        words: Vec<String>,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<Sendable<Vec<FoundPackage>>, Refusal> {
        let (engine, _call) = self.admit(&header, connection).await?;
        tokio::select! {
            found = engine.search_packages(&words) => Ok(Sendable(found?)),
            () = caller::left(&header, connection) => Err(Stop::Cancelled.into()),
        }
    }

    async fn cancel_system(
        &self,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let (engine, _call) = self.admit(&header, connection).await?;
        Ok(engine.cancel_system().await?)
    }

    async fn system_seen(
        &self,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let (engine, _call) = self.admit(&header, connection).await?;
        engine.system_seen().await;
        Ok(())
    }

    async fn restart(
        &self,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let (engine, _call) = self.admit(&header, connection).await?;
        Ok(engine.restart().await?)
    }

    async fn history(
        &self,
        limit: u32,
        all: bool,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<Sendable<Vec<Entry>>, Refusal> {
        let (engine, _call) = self.admit(&header, connection).await?;
        Ok(Sendable(engine.history(limit.min(MAX_ENTRIES), all).await?))
    }

    async fn look(
        &self,
        attention: Attention,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let (_, _call) = self.admit(&header, connection).await?;
        self.looking.set(attention, &header, connection);
        Ok(())
    }

    #[zbus(signal)]
    pub(crate) async fn changed(emitter: &SignalEmitter<'_>, change: &Sendable<Change>) -> zbus::Result<()>;

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
