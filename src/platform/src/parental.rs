//! What parental controls let this person install and open: malcontent's part of the accounts service.
//! <https://gitlab.freedesktop.org/pwithnall/malcontent/-/blob/main/accounts-service/com.endlessm.ParentalControls.AppFilter.xml>

use crate::{Environment, bus};
use futures_util::StreamExt;
use std::collections::HashMap;
use strata_model::parental::{Controls, Level};
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, MatchRule, MessageStream, message};

const ACCOUNTS: &str = "org.freedesktop.Accounts";
const ACCOUNTS_PATH: &str = "/org/freedesktop/Accounts";
const FILTER: &str = "com.endlessm.ParentalControls.AppFilter";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// Most entries of a list that are read.
const MOST: usize = 10_000;

/// The accounts service, asked about this person.
#[derive(Debug)]
pub struct Guardian {
    connection: Connection,
    person: OwnedObjectPath,
    signals: MessageStream,
}

impl Guardian {
    /// Finds it; `None` where there is no accounts service, or it does not know this person: then nothing is forbidden.
    pub async fn find(environment: &Environment) -> Option<Self> {
        let found = find(environment).await;
        found.inspect_err(|error| tracing::debug!(%error, "nobody is asked about parental controls")).ok()
    }

    /// What is allowed now. Everything where malcontent is not installed, or does not tell.
    pub async fn controls(&self) -> Controls {
        let told = self.ask().await;
        told.inspect_err(|error| tracing::debug!(%error, "there are no parental controls")).unwrap_or_default()
    }

    /// Waits until something about this person's account may be different; `false` when nobody will tell any more.
    pub async fn changed(&mut self) -> bool {
        matches!(self.signals.next().await, Some(Ok(_)))
    }

    async fn ask(&self) -> zbus::Result<Controls> {
        let person = self.person.as_str();
        let reply = self.connection.call_method(Some(ACCOUNTS), person, Some(PROPERTIES), "GetAll", &FILTER).await?;
        let values: HashMap<String, OwnedValue> = reply.body().deserialize()?;
        Ok(read(values))
    }
}

async fn find(environment: &Environment) -> zbus::Result<Guardian> {
    let connection = bus::system(environment).await?;
    let id = i64::from(rustix::process::getuid().as_raw());
    let asked = connection.call_method(Some(ACCOUNTS), ACCOUNTS_PATH, Some(ACCOUNTS), "FindUserById", &id);
    let person: OwnedObjectPath = asked.await?.body().deserialize()?;
    // Before anything is read: what changes while it is read counts. The service says both that the person changed and
    // which property did.
    let rule = MatchRule::builder().msg_type(message::Type::Signal).sender(ACCOUNTS)?.path(person.as_str())?.build();
    let signals = MessageStream::for_match_rule(rule, &connection, None).await?;
    Ok(Guardian { connection, person, signals })
}

/// What is missing, or not as documented, is as malcontent has it by default.
fn read(mut values: HashMap<String, OwnedValue>) -> Controls {
    let (only_listed, listed): (bool, Vec<String>) = value(values.remove("AppFilter")).unwrap_or_default();
    let limits = value(values.remove("OarsFilter"));
    let limits = limits.filter(|(kind, _): &(String, _)| kind.starts_with("oars-1."));
    let (_, limits): (String, HashMap<String, String>) = limits.unwrap_or_default();
    // Paths of programs and types of files stand in the same list.
    let listed = listed.into_iter().filter(|entry| entry.starts_with("app/")).take(MOST);
    let limits = limits.into_iter().filter_map(|(name, most)| Some((name, Level::named(&most)?))).take(MOST);
    Controls {
        only_listed,
        listed: listed.collect(),
        most: limits.collect(),
        user_installation: value(values.remove("AllowUserInstallation")).unwrap_or(true),
        system_installation: value(values.remove("AllowSystemInstallation")).unwrap_or(false),
    }
}

fn value<T: TryFrom<Value<'static>>>(value: Option<OwnedValue>) -> Option<T> {
    T::try_from(Value::from(value?)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn owned(value: Value<'_>) -> OwnedValue {
        value.try_into().unwrap()
    }

    #[test]
    fn what_is_not_as_documented_is_as_by_default() {
        let usual = Controls { system_installation: false, ..Controls::default() };
        assert_eq!(read(HashMap::new()), usual);
        let strange = HashMap::from([
            ("AppFilter".to_owned(), owned(Value::from("everything"))),
            ("OarsFilter".to_owned(), owned(Value::from(("other-2", HashMap::from([("a", "none")]))))),
            ("AllowUserInstallation".to_owned(), owned(Value::from(7_u32))),
        ]);
        assert_eq!(read(strange), usual);
    }

    #[test]
    fn what_is_documented_is_read() {
        let listed = vec!["app/org.a.Chess/x86_64/stable", "/usr/bin/chess", "x-scheme-handler/http"];
        let limits = HashMap::from([("social-chat", "mild"), ("sex-nudity", "some")]);
        let values = HashMap::from([
            ("AppFilter".to_owned(), owned(Value::from((true, listed)))),
            ("OarsFilter".to_owned(), owned(Value::from(("oars-1.1", limits)))),
            ("AllowUserInstallation".to_owned(), owned(Value::from(false))),
            ("AllowSystemInstallation".to_owned(), owned(Value::from(true))),
        ]);
        let expected = Controls {
            only_listed: true,
            listed: BTreeSet::from(["app/org.a.Chess/x86_64/stable".to_owned()]),
            most: [("social-chat".to_owned(), Level::Mild)].into(),
            user_installation: false,
            system_installation: true,
        };
        assert_eq!(read(values), expected);
    }
}
