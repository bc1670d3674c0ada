//! Another program that is at work already.

use super::ROOT;
use futures_util::StreamExt;
use zbus::{Connection, MessageStream, connection};
use zvariant::{OwnedObjectPath, Value};

/// Begins an update as another program would, and stays until it ends. `daemon` is its name before it has its own.
pub(super) async fn keep_busy(address: String, daemon: String) {
    if let Err(error) = update(&address, &daemon).await {
        tracing::warn!(%error, "the other program's update");
    }
}

async fn update(address: &str, daemon: &str) -> zbus::Result<()> {
    let bus = connection::Builder::address(address)?.build().await?;
    let sysroot = format!("{ROOT}/Sysroot");
    let interface = "org.projectatomic.rpmostree1.Sysroot";
    let id = std::collections::HashMap::from([("id", Value::from("uupd"))]);
    bus.call_method(Some(daemon), sysroot.as_str(), Some(interface), "RegisterClient", &id).await?;
    let properties = Some("org.freedesktop.DBus.Properties");
    let booted = bus.call_method(Some(daemon), sysroot.as_str(), properties, "Get", &(interface, "Booted")).await?;
    let path: OwnedObjectPath = booted.body().deserialize::<Value<'_>>()?.try_into()?;
    let title = std::collections::HashMap::from([("initiating-command-line", Value::from("uupd"))]);
    let interface = Some("org.projectatomic.rpmostree1.OS");
    let begun = bus.call_method(Some(daemon), &path, interface, "Upgrade", &title).await?;
    let peer: String = begun.body().deserialize()?;
    let peer = connection::Builder::address(peer.as_str())?.p2p().build().await?;
    follow(&peer).await
}

async fn follow(peer: &Connection) -> zbus::Result<()> {
    let mut signals = MessageStream::from(peer);
    peer.call_method(None::<&str>, "/", Some(super::transaction::INTERFACE), "Start", &()).await?;
    while let Some(signal) = signals.next().await {
        if signal?.header().member().is_some_and(|member| member.as_str() == "Finished") {
            break;
        }
    }
    peer.clone().close().await
}
