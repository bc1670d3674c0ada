//! The daemon: how it is reached, kept awake while it is needed, and left alone otherwise.

use crate::authority;
use crate::bus::Bus;
use crate::call::{Call, Object};
use crate::fields::Properties;
use crate::names::{BUS_NAME, NOT_BOOTED, OS, PROPERTIES, SYSROOT, SYSROOT_PATH};
use crate::refusal::Refusal;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex as SyncMutex};
use std::time::Duration;
use strata_model::{Failure, FailureKind};
use strata_platform::Environment;
use tokio::sync::{Mutex, watch};
use zbus::message::Message;
use zvariant::{OwnedObjectPath, OwnedValue};

/// How often a call is sent again when the daemon leaves while it is asked. A daemon that dies of the call itself would
/// go on dying.
const ATTEMPTS: u32 = 3;
/// Before the second time of these, and so on: a bus that starts services through systemd refuses while the last one still leaves.
const AGAIN: Duration = Duration::from_millis(300);
/// How long questions may take that need neither a person nor the network; the daemon may have to be started for them.
const SOON: Duration = Duration::from_mins(1);
/// How long the bus itself may take to let this program in.
const BUS: Duration = Duration::from_secs(10);
/// How long the bus' news may take that it sent already.
const A_MOMENT: Duration = Duration::from_secs(1);

/// How long is waited for what may never come.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// After the last work, before the daemon may leave: a person often asks for the next thing soon.
    pub idle: Duration,
    /// For a sign of a transaction of which nobody knows whether it has begun. Listening to one that has ended keeps the
    /// daemon from the next.
    pub quiet: Duration,
    /// For the answer to a change that was cancelled meanwhile: a daemon that hangs gives none.
    pub answer: Duration,
    /// For the daemon to be free after an end: somebody else who listens may keep it busy for half a minute.
    pub release: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { idle: seconds(10), quiet: seconds(3), answer: seconds(10), release: seconds(40) }
    }
}

/// The daemon, whether it runs or not. Making one reaches nobody.
#[derive(Debug)]
pub struct Daemon {
    environment: Arc<Environment>,
    pub(crate) patience: Patience,
    bus: Mutex<Option<Arc<Bus>>>,
    /// The daemon, by its unique name, that this program is registered with, or that would not have it.
    registered: Mutex<String>,
    /// It is registered there.
    is_client: AtomicBool,
    users: AtomicUsize,
    changes: watch::Sender<u64>,
    /// One transaction of our own at a time.
    pub(crate) lane: Mutex<()>,
    /// What our own transaction calls itself.
    pub(crate) title: SyncMutex<String>,
}

/// While it lives the daemon does not leave for want of clients.
#[derive(Debug)]
pub struct Session {
    daemon: Arc<Daemon>,
    pub(crate) bus: Arc<Bus>,
}

impl Daemon {
    /// The daemon of the system bus that the environment names.
    pub fn new(environment: Arc<Environment>) -> Arc<Self> {
        Self::with_patience(environment, Patience::default())
    }

    /// The same with other limits.
    pub fn with_patience(environment: Arc<Environment>, patience: Patience) -> Arc<Self> {
        Arc::new(Self {
            environment,
            patience,
            bus: Mutex::default(),
            registered: Mutex::default(),
            is_client: AtomicBool::default(),
            users: AtomicUsize::new(0),
            changes: watch::Sender::new(0),
            lane: Mutex::default(),
            title: SyncMutex::default(),
        })
    }

    /// Where this process runs.
    pub(crate) fn environment(&self) -> &Arc<Environment> {
        &self.environment
    }

    /// Counts what may have changed in the system.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// The connection to the bus, made anew if it was lost. Wakes nobody.
    pub(crate) async fn bus(&self) -> Result<Arc<Bus>, Failure> {
        let mut bus = self.bus.lock().await;
        if let Some(bus) = bus.as_ref().filter(|bus| !bus.is_closed()) {
            return Ok(Arc::clone(bus));
        }
        self.registered.lock().await.clear();
        let address = self.environment.system_bus.as_deref();
        let connected = tokio::time::timeout(BUS, Bus::connect(address, self.changes.clone())).await;
        let connected = connected.unwrap_or_else(|_| Err(zbus::Error::Failure("no answer".to_owned())));
        let connected = connected.map_err(|error| Failure::new(FailureKind::NoSystemBus, "", error.to_string()))?;
        Ok(Arc::clone(bus.insert(Arc::new(connected))))
    }

    /// Leaves the bus: the daemon then forgets transactions of ours that were never started.
    pub(crate) async fn leave(&self) {
        if let Some(bus) = self.bus.lock().await.take()
            && let Err(error) = bus.connection.clone().close().await
        {
            tracing::debug!("the system bus was gone already: {error}");
        }
    }

    /// Starts the daemon if it does not run, and registers with it, so that it stays until the session ends.
    ///
    /// # Errors
    /// When there is no bus, or no daemon on it.
    pub async fn session(self: &Arc<Self>) -> Result<Session, Refusal> {
        match self.open().await {
            // That it was lost is noticed only by whoever uses it.
            Err(Refusal::NoBus(detail)) => {
                tracing::info!("the system bus was lost: {detail}");
                self.leave().await;
                self.open().await
            }
            session => session,
        }
    }

    async fn open(self: &Arc<Self>) -> Result<Session, Refusal> {
        let bus = self.bus().await.map_err(Refusal::Failed)?;
        self.users.fetch_add(1, Ordering::SeqCst);
        let session = Session { daemon: Arc::clone(self), bus };
        session.register().await?;
        // Registered before, it may have been lost since.
        session.os_path().await?;
        Ok(session)
    }

    /// Tells the daemon that it may leave, if it still runs and nobody uses it.
    async fn unregister(&self) {
        let bus = self.bus.lock().await.clone();
        let mut registered = self.registered.lock().await;
        let Some(bus) = bus.filter(|bus| !bus.is_closed()) else { return };
        if self.users.load(Ordering::SeqCst) > 0 || registered.is_empty() {
            return;
        }
        // To this daemon alone: a call by the well-known name would start another.
        let daemon = std::mem::take(&mut *registered);
        if !self.is_client.swap(false, Ordering::SeqCst) {
            return;
        }
        let nothing = Call::sysroot("UnregisterClient").with(crate::call::Options::default());
        if bus.is_running()
            && let Err(refusal) = send(&bus, &daemon, SYSROOT_PATH, &nothing).await
        {
            tracing::debug!("not unregistered: {refusal:?}");
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let last = self.daemon.users.fetch_sub(1, Ordering::SeqCst) == 1;
        let runtime = tokio::runtime::Handle::try_current();
        if let (true, Ok(runtime)) = (last, runtime) {
            let daemon = Arc::clone(&self.daemon);
            runtime.spawn(async move {
                tokio::time::sleep(daemon.patience.idle).await;
                daemon.unregister().await;
            });
        }
    }
}

impl Session {
    /// Registers with the daemon that runs now; for the first time, or because another one runs than before. Refused is
    /// not fatal: it serves all the same, and may leave between two questions. So nobody is asked for a password for it.
    pub(crate) async fn register(&self) -> Result<(), Refusal> {
        let mut registered = self.daemon.registered.lock().await;
        let owner = self.bus.activity().borrow().owner.clone();
        if !owner.is_empty() && *registered == owner {
            return Ok(());
        }
        if !authority::may_unasked(&self.bus, "client-management").await {
            registered.clone_from(&owner);
            return Ok(());
        }
        let options = crate::call::Options::default().with("id", "strata");
        let call = Call::sysroot("RegisterClient").with(options);
        match self.soon(&call, SYSROOT_PATH).await {
            Ok(reply) => {
                *registered = reply.header().sender().map(ToString::to_string).unwrap_or_default();
                self.daemon.is_client.store(true, Ordering::SeqCst);
            }
            Err(Refusal::Failed(failure)) if failure.kind == FailureKind::NotAuthorised => {
                tracing::debug!("the update daemon does not register this program: {failure}");
                let mut activity = self.bus.activity();
                let heard = activity.wait_for(|activity| !activity.owner.is_empty());
                if let Ok(Ok(activity)) = tokio::time::timeout(A_MOMENT, heard).await {
                    registered.clone_from(&activity.owner);
                }
            }
            Err(refusal) => return Err(refusal),
        }
        // The bus told its new owner before the reply; whoever listens may be a moment behind.
        let mut activity = self.bus.activity();
        let heard = activity.wait_for(|activity| activity.owner == *registered);
        if tokio::time::timeout(A_MOMENT, heard).await.is_err() {
            tracing::debug!("the update daemon changed while this program registered");
        }
        Ok(())
    }

    /// Calls a method. Sent again if the daemon left meanwhile: nothing that it had begun goes on.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn call(&self, call: &Call) -> Result<Message, Refusal> {
        let path = match call.object {
            Object::Sysroot => SYSROOT_PATH.to_owned(),
            Object::Os => self.os_path().await?.ok_or_else(not_booted)?,
        };
        self.send_again(call, &path).await
    }

    async fn send_again(&self, call: &Call, path: &str) -> Result<Message, Refusal> {
        let mut attempt = 1;
        loop {
            match send(&self.bus, BUS_NAME, path, call).await {
                Err(Refusal::Gone(detail)) if attempt < ATTEMPTS => {
                    tracing::info!("the update daemon left while it was asked ({detail}); asking the next one");
                    tokio::time::sleep(AGAIN * (attempt - 1)).await;
                    attempt += 1;
                }
                answer => return answer,
            }
        }
    }

    /// The operating system's object; `None` if the machine was not started from a deployment.
    pub(crate) async fn os_path(&self) -> Result<Option<String>, Refusal> {
        let booted: OwnedObjectPath = self.property(SYSROOT, "Booted").await?;
        Ok(Some(booted.to_string()).filter(|path| path != NOT_BOOTED))
    }

    /// The address of the transaction that runs, empty if none does.
    pub(crate) async fn active_path(&self) -> Result<String, Refusal> {
        self.property(SYSROOT, "ActiveTransactionPath").await
    }

    /// Method, caller's unique name and object of the transaction that runs; empty if none does.
    pub(crate) async fn active(&self) -> Result<(String, String, String), Refusal> {
        self.property(SYSROOT, "ActiveTransaction").await
    }

    async fn property<T>(&self, interface: &str, name: &str) -> Result<T, Refusal>
    where
        T: TryFrom<OwnedValue>,
        T::Error: std::fmt::Display,
    {
        let call = Call::new(Object::Sysroot, PROPERTIES, "Get").with(interface.to_owned()).with(name.to_owned());
        let message = self.soon(&call, SYSROOT_PATH).await?;
        let value: OwnedValue = message.body().deserialize().map_err(|error| unreadable(name, &error))?;
        T::try_from(value).map_err(|error| unreadable(name, &error))
    }

    /// All properties of the fixed object and of the operating system's, read anew from the disk; `None` for the second if
    /// the machine was not started from a deployment.
    ///
    /// # Errors
    /// Why they cannot be read.
    pub async fn properties(&self) -> Result<(Properties, Option<Properties>), Refusal> {
        if let Err(refusal) = self.soon(&Call::sysroot("Reload"), SYSROOT_PATH).await {
            // What the daemon knows already is better than nothing.
            tracing::info!("the update daemon does not reload: {refusal:?}");
        }
        let sysroot = self.all(SYSROOT_PATH, SYSROOT).await?;
        let booted = match sysroot.get("Booted").map(|path| &**path) {
            Some(zvariant::Value::ObjectPath(path)) if path.as_str() != NOT_BOOTED => path.to_string(),
            _ => return Ok((sysroot, None)),
        };
        let os = self.all(&booted, OS).await?;
        Ok((sysroot, Some(os)))
    }

    async fn all(&self, path: &str, interface: &str) -> Result<Properties, Refusal> {
        let call = Call::new(Object::Sysroot, PROPERTIES, "GetAll").with(interface.to_owned());
        let message = self.soon(&call, path).await?;
        message.body().deserialize().map_err(|error| unreadable(interface, &error))
    }

    /// A call that is answered without asking anybody.
    async fn soon(&self, call: &Call, path: &str) -> Result<Message, Refusal> {
        match tokio::time::timeout(SOON, self.send_again(call, path)).await {
            Ok(answer) => answer,
            Err(_) => {
                Err(Refusal::Failed(Failure::new(FailureKind::NoAnswer, "", format!("{}: no answer", call.method))))
            }
        }
    }

    /// The daemon that this session belongs to.
    pub(crate) fn daemon(&self) -> &Arc<Daemon> {
        &self.daemon
    }
}

async fn send(bus: &Bus, destination: &str, path: &str, call: &Call) -> Result<Message, Refusal> {
    let (interface, method) = (Some(call.interface.as_str()), call.method.as_str());
    let body = call.body().map_err(|error| unreadable(method, &error))?;
    let sent = match &body {
        Some(body) => bus.connection.call_method(Some(destination), path, interface, method, body).await,
        None => bus.connection.call_method(Some(destination), path, interface, method, &()).await,
    };
    sent.map_err(|error| Refusal::of(&error, method, &[]))
}

pub(crate) fn unreadable(what: &str, error: &dyn std::fmt::Display) -> Refusal {
    Refusal::Failed(Failure::new(FailureKind::Other, "rpm-ostree", format!("{what}: {error}")))
}

fn not_booted() -> Refusal {
    Refusal::Failed(Failure::new(FailureKind::NotOffered, "", "the machine was not started from a deployment"))
}
