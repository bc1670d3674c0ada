//! What keeps the operating system does for the engine. There is one such backend for each kind of update daemon.

use crate::Reporter;
use async_trait::async_trait;
use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use strata_model::plan::SystemPlan;
use strata_model::system::{Capabilities, Repository};
use strata_model::system_update::{FoundPackage, PackageChange};
use strata_model::{Failure, Stop, System, SystemUpdate};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// The operating system beneath. Its methods may be called from several tasks at once; changes run one after the other.
///
/// What is asked of the update daemon may start it, and with it a question for a password where a method says so. Nothing
/// is asked by itself but what the daemon knows, once a day ([`crate::upkeep`]).
#[async_trait]
pub trait SystemBackend: fmt::Debug + Send + Sync {
    /// What can be done here, as far as it can be known without starting the daemon. [`System::capabilities`] knows more.
    async fn capabilities(&self) -> Capabilities;

    /// Deployments, the update that is known, what changes the system now, and the daemon's own policy: no network. Where
    /// nothing can be shown, the system says so in its capabilities.
    ///
    /// # Errors
    /// When there is a daemon and it cannot be asked.
    async fn state(&self) -> Result<System, Failure>;

    /// Looks for what is newer, over the network, and changes nothing. May ask for a password. `None`: nothing is newer.
    ///
    /// # Errors
    /// [`Stop::Cancelled`] when the token says so, else what stands in the way.
    async fn check(&self, reporter: &Reporter, cancel: &CancellationToken) -> Result<Option<SystemUpdate>, Stop>;

    /// What a change would do. Changes nothing; may use the network and ask for a password.
    ///
    /// # Errors
    /// [`Stop::Cancelled`] when the token says so, else what stands in the way.
    async fn plan(&self, change: &SystemChange, cancel: &CancellationToken) -> Result<SystemPlan, Stop>;

    /// Makes a change, waits behind any other that runs, and reports how far it is. When it does not end in success the
    /// system is as it was. Most changes are there only after a restart. May ask for a password.
    ///
    /// # Errors
    /// [`Stop::Cancelled`] when the token, or somebody else, said so in time; else what went wrong.
    async fn run(
        &self,
        change: &SystemChange,
        reporter: &Reporter,
        cancel: &CancellationToken,
    ) -> Result<SystemOutcome, Stop>;

    /// Follows what somebody else changes at this moment until it ends. With the token that change is cancelled, which is
    /// then its end. At once if nothing runs.
    ///
    /// # Errors
    /// What that change failed with; [`Stop::Cancelled`] when it was cancelled.
    async fn follow(&self, reporter: &Reporter, cancel: &CancellationToken) -> Result<(), Stop>;

    /// The repositories that layered packages come from.
    ///
    /// # Errors
    /// When the daemon cannot be asked.
    async fn repositories(&self) -> Result<Vec<Repository>, Failure>;

    /// Packages with these words in their names or summaries, each once, the likeliest first. May use the network and take
    /// minutes the first time: never to be called on every key.
    ///
    /// # Errors
    /// [`Stop::Cancelled`] when the token says so, else why it cannot be asked.
    async fn search(&self, words: &[String], cancel: &CancellationToken) -> Result<Vec<FoundPackage>, Stop>;

    /// The packages of these names; names that nobody knows are left out. May use the network.
    ///
    /// # Errors
    /// [`Stop::Cancelled`] when the token says so, else why it cannot be asked.
    async fn packages(&self, names: &[String], cancel: &CancellationToken) -> Result<Vec<FoundPackage>, Stop>;

    /// What changes from one deployment to another, by their ids. May ask for a password.
    ///
    /// # Errors
    /// When there is no such deployment, or the daemon cannot be asked.
    async fn differences(&self, from: &str, to: &str) -> Result<Vec<PackageChange>, Failure>;

    /// The same where nobody is to be asked for a password.
    ///
    /// # Errors
    /// As above, and [`strata_model::FailureKind::NotAuthorised`] where somebody would have to be asked.
    async fn differences_unasked(&self, from: &str, to: &str) -> Result<Vec<PackageChange>, Failure>;

    /// Changes whenever something of the system may have changed, whoever did it. What changes while the daemon sleeps is
    /// seen the next time that it is asked.
    fn changes(&self) -> watch::Receiver<u64>;
}

/// A change of the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SystemChange {
    /// Layer packages and take layered ones away, in one go. The image stays as it is.
    Packages(PackageSet),
    /// Download the newest system and stage it, with everything that is layered.
    Update,
    /// Stage a version of the system by its number, older or newer, as its origin has it.
    Deploy {
        /// The version, such as `41.20261122.0`.
        version: String,
    },
    /// Start the deployment before at the next start. Once more undoes it.
    RollBack,
    /// Throw things away.
    CleanUp(BTreeSet<Rubbish>),
    /// Bring what is staged into the running system. A restart does not undo it.
    ApplyLive,
    /// Keep a deployment until it is unpinned, or let it go with the others.
    Pin {
        /// The deployment's id.
        deployment: String,
        /// Keep it.
        pinned: bool,
    },
    /// Switch a repository on or off.
    SwitchRepository {
        /// Its id.
        id: String,
        /// On.
        enabled: bool,
    },
    /// Read the lists of packages anew.
    RefreshPackages,
}

/// Packages to layer and to take away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageSet {
    /// Names, or what packages provide, to layer.
    pub install: BTreeSet<String>,
    /// Files to layer.
    pub local: Vec<PathBuf>,
    /// Layered packages to take away.
    pub remove: BTreeSet<String>,
    /// Packages of the image, removed or replaced, to bring back as the image has them.
    pub reset: BTreeSet<String>,
    /// Bring it into the running system as well, if nothing but new packages comes of it.
    pub live: bool,
}

impl PackageSet {
    /// Nothing is to be layered.
    pub fn takes_only(&self) -> bool {
        self.install.is_empty() && self.local.is_empty()
    }

    /// Nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.install.is_empty() && self.local.is_empty() && self.remove.is_empty() && self.reset.is_empty()
    }
}

/// What can be thrown away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rubbish {
    /// What waits for the next restart.
    Pending,
    /// The deployment to roll back to: then there is none.
    Rollback,
    /// Rests of work that was broken off.
    Base,
    /// The lists of packages.
    PackageLists,
}

/// What a change did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SystemOutcome {
    /// The list of deployments, their order or what is said of one of them is another now: what was asked for is seen
    /// there.
    pub changed: bool,
    /// The system afterwards.
    pub system: System,
}
