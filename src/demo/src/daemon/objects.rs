//! The two objects: their properties, and the methods that can be called.

use super::data::Data;
use super::server::{Daemon, Inner};
use super::shown;
use super::shown_update;

/// The interfaces of the two objects.
pub(super) const INTERFACES: [&str; 2] = ["org.projectatomic.rpmostree1.Sysroot", "org.projectatomic.rpmostree1.OS"];
pub(super) const EXPERIMENTAL: &str = "org.projectatomic.rpmostree1.OSExperimental";

/// All properties of both objects, in the order of the interfaces' own description.
pub(super) fn properties(daemon: &Daemon, inner: &Inner) -> [Vec<(&'static str, Data)>; 2] {
    [of_sysroot(daemon, inner), of_system(daemon, inner)]
}

fn of_sysroot(daemon: &Daemon, inner: &Inner) -> Vec<(&'static str, Data)> {
    let active = inner.active.as_ref();
    let path = daemon.system.path();
    let text = Data::text;
    let transaction = match active {
        Some(active) => [active.call.0.clone(), active.owner.clone(), path.clone()],
        None => [String::new(), String::new(), String::new()],
    };
    let address = if active.is_some() { daemon.store.address() } else { String::new() };
    let state = &inner.state;
    let deployments = state.deployments.iter().map(|it| shown::deployment(&daemon.system, state, it)).collect();
    vec![
        ("Booted", Data::Path(path)),
        ("Path", text("/")),
        ("ActiveTransaction", Data::Struct(transaction.map(Data::Str).to_vec())),
        ("ActiveTransactionPath", text(&address)),
        ("AutomaticUpdatePolicy", text(&inner.config.policy)),
        ("Deployments", Data::array("a{sv}", deployments)),
    ]
}

fn of_system(daemon: &Daemon, inner: &Inner) -> Vec<(&'static str, Data)> {
    let state = &inner.state;
    let one = |it| match it {
        Some(it) => shown::deployment(&daemon.system, state, it),
        None => Data::pairs::<&str>([]),
    };
    let update = state.update.as_ref().map(|update| shown_update::update(&daemon.system, update));
    vec![
        ("BootedDeployment", one(state.booted())),
        ("DefaultDeployment", one(state.merge())),
        ("RollbackDeployment", one(state.rollback())),
        ("CachedUpdate", update.clone().unwrap_or_else(|| Data::pairs::<&str>([]))),
        // Said of every update, with packages or not.
        ("HasCachedUpdateRpmDiff", Data::Bool(update.is_some())),
        ("Name", Data::text(&daemon.system.os)),
    ]
}

/// A method: its interface's place in [`INTERFACES`] (2 for the experimental one), its name, what goes in, and what
/// comes out.
pub(super) struct Method {
    pub(super) interface: &'static str,
    pub(super) name: &'static str,
    pub(super) takes: &'static str,
    pub(super) kind: Kind,
}

/// What a method is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Answered at once, for everyone.
    Free,
    /// Answered at once, for those who may.
    Answer,
    /// Begins a transaction.
    Transaction,
}

const SYSROOT: &str = INTERFACES[0];
const SYSTEM: &str = INTERFACES[1];

macro_rules! methods {
    ($($interface:ident $kind:ident $name:ident $takes:literal;)*) => {
        &[$(Method { interface: $interface, name: stringify!($name), takes: $takes, kind: Kind::$kind }),*]
    };
}

/// Every method there is here.
pub(super) const METHODS: &[Method] = methods! {
    SYSROOT Answer RegisterClient "a{sv}";
    SYSROOT Free UnregisterClient "a{sv}";
    SYSROOT Free Reload "";
    SYSROOT Answer ReloadConfig "";
    SYSROOT Free GetOS "s";
    SYSTEM Free GetDeploymentBootConfig "sb";
    SYSTEM Free ListRepos "";
    SYSTEM Free WhatProvides "as";
    SYSTEM Free GetPackages "as";
    SYSTEM Free Search "as";
    SYSTEM Answer GetDeploymentsRpmDiff "ss";
    SYSTEM Answer GetCachedUpdateRpmDiff "s";
    SYSTEM Transaction UpdateDeployment "a{sv}a{sv}";
    SYSTEM Transaction Upgrade "a{sv}";
    SYSTEM Transaction Deploy "sa{sv}";
    SYSTEM Transaction Rebase "a{sv}sas";
    SYSTEM Transaction Rollback "a{sv}";
    SYSTEM Transaction Cleanup "as";
    SYSTEM Transaction RefreshMd "a{sv}";
    SYSTEM Transaction ModifyYumRepo "sa{ss}";
    SYSTEM Transaction KernelArgs "sasasasa{sv}";
    SYSTEM Transaction FinalizeDeployment "a{sv}";
    SYSTEM Transaction AutomaticUpdateTrigger "a{sv}";
    EXPERIMENTAL Transaction LiveFs "a{sv}";
};
