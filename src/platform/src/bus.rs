//! The desktop's and the machine's services, asked over D-Bus.

use crate::Environment;
use zbus::connection::Builder;
use zbus::zvariant::OwnedValue;
use zbus::{Connection, fdo, names::InterfaceName};

/// Somebody on a bus who can be asked.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    /// The name on the bus.
    pub name: &'static str,
    /// The object.
    pub path: &'static str,
    /// The interface whose properties are asked for.
    pub interface: &'static str,
}

/// The machine's bus.
///
/// # Errors
/// When there is none, or it lets nobody in.
pub async fn system(environment: &Environment) -> zbus::Result<Connection> {
    match &environment.system_bus {
        Some(address) => Builder::address(address.as_str())?.build().await,
        None => Builder::system()?.build().await,
    }
}

/// The session's bus.
///
/// # Errors
/// When there is none, or it lets nobody in.
pub async fn session(environment: &Environment) -> zbus::Result<Connection> {
    let none = || zbus::Error::Address("there is no session bus".to_owned());
    Builder::address(environment.session_bus.as_deref().ok_or_else(none)?)?.build().await
}

/// Whether somebody has the name on the bus. Nobody is started for the question.
///
/// # Errors
/// When the bus does not answer.
pub async fn is_there(connection: &Connection, name: &str) -> zbus::Result<bool> {
    let bus = fdo::DBusProxy::new(connection).await?;
    Ok(bus.name_has_owner(name.try_into()?).await?)
}

impl Service {
    /// One of its properties.
    ///
    /// # Errors
    /// When it is not there, does not answer, or has another kind of value there.
    pub async fn property<T>(&self, connection: &Connection, property: &str) -> zbus::Result<T>
    where
        T: TryFrom<OwnedValue>,
        T::Error: Into<zbus::zvariant::Error>,
    {
        let properties =
            fdo::PropertiesProxy::builder(connection).destination(self.name)?.path(self.path)?.build().await?;
        let value = properties.get(InterfaceName::try_from(self.interface)?, property).await?;
        T::try_from(value).map_err(|error| zbus::Error::Variant(error.into()))
    }
}
