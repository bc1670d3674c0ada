//! What is read where nobody is there: polkit would put a question to the person, and is asked beforehand whether it would.

use crate::simulated::Machine;
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use strata_engine::SystemBackend;
use strata_model::FailureKind;
use strata_system::RpmOstree;
use zvariant::OwnedValue;

/// A polkit that lets everybody do everything by a proof, and keeps for what it asked people for one.
struct Polkit {
    asked: Arc<Mutex<Vec<String>>>,
}

#[zbus::interface(name = "org.freedesktop.PolicyKit1.Authority")]
impl Polkit {
    fn check_authorization(
        &self,
        subject: (String, HashMap<String, OwnedValue>),
        action: &str,
        details: HashMap<String, String>,
        flags: u32,
        cancellation: String,
    ) -> ((bool, bool, HashMap<String, String>),) {
        // Whoever asks for whom is all the same.
        drop((subject, details, cancellation));
        let may_ask = flags & 1 == 1;
        if may_ask {
            self.asked.lock().unwrap().push(action.rsplit('.').next().unwrap().to_owned());
        }
        ((may_ask, !may_ask, HashMap::new()),)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_asked_for_a_password_where_nobody_asked() {
    let machine = Machine::begun(&json!({"booted": "41.2", "rollback": "41.1"}), &json!({})).await;
    let system = machine.client.state().await.unwrap();
    let (now, before) = (&system.deployments[0].id, &system.deployments[1].id);
    let alone = machine.client.differences_unasked(before, now).await.unwrap();
    assert!(!alone.is_empty(), "without polkit there is nobody who would ask");

    let asked = Arc::new(Mutex::default());
    let polkit = Polkit { asked: Arc::clone(&asked) };
    let path = "/org/freedesktop/PolicyKit1/Authority";
    let bus = zbus::connection::Builder::address(machine.world.address.as_str()).unwrap();
    let bus = bus.serve_at(path, polkit).unwrap().name("org.freedesktop.PolicyKit1").unwrap().build().await.unwrap();
    let client = RpmOstree::new(machine.world.environment());
    assert_eq!(client.state().await.unwrap().deployments.len(), 2, "it need not be registered for that");
    let refused = client.differences_unasked(before, now).await.unwrap_err();
    assert_eq!(refused.kind, FailureKind::NotAuthorised);
    assert_eq!(*asked.lock().unwrap(), Vec::<String>::new());
    assert_eq!(client.differences(before, now).await.unwrap(), alone, "a person asked for it");
    assert_eq!(*asked.lock().unwrap(), ["repo-refresh"]);
    drop(bus);
}
