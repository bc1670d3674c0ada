//! Who may do what: polkit says, where there is one on the bus.

use super::answers::{Refused, dbus_error};
use super::bus::DBUS;
use super::data::Data;
use super::objects::Method;
use std::collections::HashMap;
use zbus::{Connection, Message};
use zvariant::Value;

const POLKIT: &str = "org.freedesktop.PolicyKit1";
/// A person may be asked, if there is one: the real daemon always allows it.
const INTERACTIVE: u32 = 1;

/// Refuses who may not. Without polkit, root may do everything, and whoever the daemon runs as.
pub(super) async fn authorise(
    connection: &Connection,
    message: &Message,
    method: &Method,
    arguments: &[Data],
) -> Result<(), Refused> {
    let may = if has_polkit(connection).await {
        ask_polkit(connection, message, &actions(method.name, arguments)).await
    } else {
        let own = rustix::process::geteuid().as_raw();
        user(connection, message).await.is_some_and(|uid| uid == 0 || uid == own)
    };
    if may {
        return Ok(());
    }
    let object = method.interface.rsplit('.').next().unwrap_or_default();
    let words = format!("rpmostreed {object} operation {} not allowed for user", method.name);
    Err(dbus_error("AccessDenied", words))
}

/// The caller's user.
pub(super) async fn user(connection: &Connection, message: &Message) -> Option<u32> {
    let sender = message.header().sender()?.to_string();
    let path = "/org/freedesktop/DBus";
    let asked = connection.call_method(Some(DBUS), path, Some(DBUS), "GetConnectionUnixUser", &sender);
    asked.await.ok()?.body().deserialize().ok()
}

async fn has_polkit(connection: &Connection) -> bool {
    let asked = connection.call_method(Some(DBUS), "/org/freedesktop/DBus", Some(DBUS), "NameHasOwner", &POLKIT);
    asked.await.is_ok_and(|reply| reply.body().deserialize().unwrap_or_default())
}

/// Every action has to be allowed.
async fn ask_polkit(connection: &Connection, message: &Message, actions: &[&str]) -> bool {
    let sender = message.header().sender().map(ToString::to_string).unwrap_or_default();
    for action in actions {
        let subject = ("system-bus-name", HashMap::from([("name", Value::from(sender.as_str()))]));
        let action = format!("org.projectatomic.rpmostree1.{action}");
        let details = HashMap::<&str, &str>::new();
        let body = (subject, action, details, INTERACTIVE, "");
        let path = "/org/freedesktop/PolicyKit1/Authority";
        let interface = "org.freedesktop.PolicyKit1.Authority";
        let asked = connection.call_method(Some(POLKIT), path, Some(interface), "CheckAuthorization", &body);
        let answer = asked.await.ok().and_then(|reply| {
            let body = reply.body();
            body.deserialize::<((bool, bool, HashMap<String, String>),)>().ok()
        });
        if !answer.is_some_and(|((allowed, ..),)| allowed) {
            return false;
        }
    }
    !actions.is_empty()
}

/// What polkit is asked for, without the names' common beginning.
fn actions(method: &str, arguments: &[Data]) -> Vec<&'static str> {
    match method {
        "RegisterClient" => vec!["client-management"],
        "ReloadConfig" => vec!["reload-daemon"],
        "GetDeploymentsRpmDiff" | "GetCachedUpdateRpmDiff" | "RefreshMd" => vec!["repo-refresh"],
        "ModifyYumRepo" => vec!["repo-modify"],
        "Deploy" => vec!["deploy"],
        "Rebase" => vec!["rebase"],
        "Upgrade" | "AutomaticUpdateTrigger" => vec!["upgrade"],
        "KernelArgs" => vec!["bootconfig"],
        "Cleanup" => vec!["cleanup"],
        "Rollback" => vec!["rollback"],
        "FinalizeDeployment" => vec!["finalize-deployment"],
        "UpdateDeployment" => of_update(arguments),
        _ => Vec::new(),
    }
}

/// An update's depend on what it changes.
fn of_update(arguments: &[Data]) -> Vec<&'static str> {
    let modifies = |keys: &[&str]| keys.iter().any(|key| arguments.first().is_some_and(|it| it.get(key).is_some()));
    let option = |key: &str| arguments.get(1).and_then(|it| it.get(key)).and_then(Data::as_bool).unwrap_or_default();
    let overrides = ["override-remove-packages", "override-reset-packages", "override-replace-local-packages"];
    let base = if modifies(&["set-refspec"]) {
        Some("rebase")
    } else if modifies(&["set-revision"]) {
        Some("deploy")
    } else {
        (!option("no-pull-base")).then_some("upgrade")
    };
    let packages = modifies(&["install-packages", "uninstall-packages"]) || option("no-layering");
    let mut actions: Vec<&str> = base.into_iter().collect();
    actions.extend(packages.then_some("install-uninstall-packages"));
    actions.extend(modifies(&["install-local-packages"]).then_some("install-local-packages"));
    actions.extend((modifies(&overrides) || option("no-overrides")).then_some("override"));
    if actions.is_empty() {
        actions.push("override");
    }
    actions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_needs_the_rights_of_all_it_changes() {
        let texts = || Data::texts(["a"]);
        let cases: [(&[&str], &[&str], &[&str]); 4] = [
            (&["install-packages"], &["no-pull-base"], &["install-uninstall-packages"]),
            (&["install-packages"], &[], &["upgrade", "install-uninstall-packages"]),
            (&["override-reset-packages"], &["no-pull-base"], &["override"]),
            (&[], &["no-pull-base"], &["override"]),
        ];
        for (modifiers, options, expected) in cases {
            let modifiers = Data::pairs(modifiers.iter().map(|key| (*key, texts())));
            let options = Data::pairs(options.iter().map(|key| (*key, Data::Bool(true))));
            assert_eq!(actions("UpdateDeployment", &[modifiers, options]), expected);
        }
    }
}
