//! The desktop's own search: answered by the real program, which the bus starts for it, from a real catalogue.

use crate::desktop;
use serde::{Serialize, de::DeserializeOwned};
use std::collections::HashMap;
use strata_demo::{Scenario, World};
use strata_model::wire;
use strata_tests::{DEADLINE, ctl, world};
use tokio::sync::watch;
use zbus::zvariant::{DynamicType, OwnedValue, Type, Value};
use zbus::{Connection, fdo::DBusProxy};

const SHELL: &str = "org.gnome.Shell.SearchProvider2";
const KRUNNER: &str = "org.kde.krunner1";
const HEXFALL: &str = "io.github.sixsides.Hexfall";

type Metas = Vec<HashMap<String, OwnedValue>>;
type Matches = Vec<(String, String, String, i32, f64, HashMap<String, OwnedValue>)>;

/// A desktop whose person searches.
struct Desk {
    bus: Connection,
    world: World,
}

impl Desk {
    /// One that has a catalogue.
    async fn new() -> Self {
        let desk = Self::bare().await;
        let _ = ctl(&desk.world, &["search", "hexfall"]).expect(0);
        desk
    }

    async fn bare() -> Self {
        let world = world(Scenario::Default);
        let address = world.environment().session_bus.expect("a world has a session bus");
        let bus = zbus::connection::Builder::address(address.as_str()).unwrap().build().await.unwrap();
        Self { bus, world }
    }

    async fn asks<T: DeserializeOwned + Type>(
        &self,
        interface: &str,
        method: &str,
        body: &(impl Serialize + DynamicType),
    ) -> T {
        let (name, place) = (wire::search_name(), wire::object_path(&wire::search_name()));
        let reply = self.bus.call_method(Some(name), place, Some(interface), method, body).await.unwrap();
        reply.body().deserialize().unwrap()
    }

    async fn finds(&self, terms: &[&str]) -> Vec<String> {
        self.asks(SHELL, "GetInitialResultSet", &terms).await
    }

    async fn describes(&self, ids: &[&str]) -> Metas {
        self.asks(SHELL, "GetResultMetas", &ids).await
    }

    async fn matches(&self, text: &str) -> Matches {
        self.asks(KRUNNER, "Match", &text).await
    }

    async fn has_engine(&self) -> bool {
        let bus = DBusProxy::new(&self.bus).await.unwrap();
        bus.name_has_owner(wire::BUS_NAME.try_into().unwrap()).await.unwrap()
    }
}

/// What the window was asked last, once it was asked so often.
async fn asked(window: &mut watch::Receiver<Vec<String>>, times: usize) -> String {
    let seen = tokio::time::timeout(DEADLINE, window.wait_for(|asked| asked.len() == times)).await;
    seen.expect("the window is asked").unwrap().last().unwrap().clone()
}

fn text(meta: &HashMap<String, OwnedValue>, key: &str) -> String {
    String::try_from(meta[key].clone()).unwrap()
}

#[tokio::test]
async fn the_overview_finds_what_can_be_had_and_describes_it() {
    let desk = Desk::new().await;
    let found = desk.finds(&["hexf"]).await;
    assert_eq!(found[0], HEXFALL);
    let again: Vec<String> = desk.asks(SHELL, "GetSubsearchResultSet", &(&found, &["hexf", "arcade"][..])).await;
    assert!(again.len() <= found.len() && again.iter().all(|id| found.contains(id)), "{found:?} {again:?}");
    assert!(!desk.finds(&["game"]).await.is_empty());
    assert_eq!(desk.finds(&["he"]).await, [""; 0], "two letters mean anything");
    assert_eq!(desk.finds(&["hexfall", "qqqqq"]).await, [""; 0], "every word is to be met");
    assert_eq!(desk.finds(&["lanternway"]).await, [""; 0], "the desktop shows what is installed by itself");
    assert_eq!(desk.finds(&[&"q".repeat(1 << 20)]).await, [""; 0]);
    let much = vec!["game"; 1 << 14];
    assert!(desk.finds(&much).await.len() <= 10);

    let metas = desk.describes(&["org.example.Nobody", HEXFALL, "../etc/passwd", ""]).await;
    assert_eq!(metas.len(), 1, "{metas:?}");
    assert_eq!((text(&metas[0], "id"), text(&metas[0], "name")), (HEXFALL.to_owned(), "Hexfall".to_owned()));
    assert!(!text(&metas[0], "description").is_empty());
    let icon = Value::from(metas[0]["icon"].clone());
    let Value::Structure(icon) = icon else { panic!("{icon:?}") };
    let [Value::Str(kind), Value::Value(address)] = icon.fields() else { panic!("{icon:?}") };
    let Value::Str(address) = &**address else { panic!("{address:?}") };
    assert_eq!(kind.as_str(), "file");
    assert!(std::path::Path::new(address.strip_prefix("file://").unwrap()).exists(), "{address}");
    let many = vec![HEXFALL; 5_000];
    assert_eq!(desk.describes(&many).await.len(), 100);
}

#[tokio::test]
async fn a_search_needs_neither_an_engine_nor_a_catalogue_and_can_be_switched_off() {
    let desk = Desk::bare().await;
    assert_eq!(desk.finds(&["hexfall"]).await, [""; 0]);
    assert_eq!(desk.matches("hexfall").await.len(), 0);
    assert!(!desk.has_engine().await, "a search starts none");
    // What is built meanwhile is found.
    let _ = ctl(&desk.world, &["search", "hexfall"]).expect(0);
    assert_eq!(desk.finds(&["hexfall"]).await, [HEXFALL]);

    let _ = ctl(&desk.world, &["settings", "search.desktop", "false"]).expect(0);
    assert_eq!(desk.finds(&["hexfall"]).await, [""; 0]);
    assert_eq!(desk.describes(&[HEXFALL]).await, []);
    assert_eq!(desk.matches("hexfall").await.len(), 0);
    let _ = ctl(&desk.world, &["settings", "search.desktop", "true"]).expect(0);
    assert_eq!(desk.finds(&["hexfall"]).await, [HEXFALL]);

    let _ = ctl(&desk.world, &["settings", "sources.hidden", HEXFALL]).expect(0);
    strata_tests::until("what is hidden is found by no search", || {
        let found = ctl(&desk.world, &["--json", "search", "hexfall"]).out;
        (!found.contains(HEXFALL)).then_some(())
    });
    assert_eq!(desk.finds(&["hexfall"]).await, [""; 0]);
}

#[tokio::test]
async fn krunner_finds_the_same_and_both_open_it_in_the_window() {
    let desk = Desk::new().await;
    let mut window = desktop::with_window(&desk.bus).await;
    let found = desk.matches("hexfall").await;
    let (id, name, icon, ..) = &found[0];
    assert_eq!((id.as_str(), name.as_str()), (HEXFALL, "Hexfall"));
    assert!(std::path::Path::new(icon).exists(), "{icon}");
    assert!(!text(&found[0].5, "subtext").is_empty());
    let ids = |found: Matches| found.into_iter().map(|one| one.0).collect::<Vec<_>>();
    assert_eq!(ids(desk.matches("game").await), desk.finds(&["game"]).await);
    assert_eq!(desk.matches(&"q".repeat(1 << 20)).await.len(), 0);
    let actions: Vec<(String, String, String)> = desk.asks(KRUNNER, "Actions", &()).await;
    assert_eq!(actions, []);
    let _: () = desk.asks(KRUNNER, "SetActivationToken", &"token-1").await;
    let _: () = desk.asks(KRUNNER, "Run", &(HEXFALL, "")).await;
    assert_eq!(asked(&mut window, 1).await, format!("show-app(\"{HEXFALL}\") token-1"));
    let _: () = desk.asks(KRUNNER, "Run", &(HEXFALL, "")).await;
    assert_eq!(asked(&mut window, 2).await, format!("show-app(\"{HEXFALL}\") "), "a token is for one use");

    let _: () = desk.asks(SHELL, "ActivateResult", &("no id", &["hexfall"][..], 7_u32)).await;
    let _: () = desk.asks(SHELL, "ActivateResult", &(HEXFALL, &["hexfall"][..], 7_u32)).await;
    assert_eq!(asked(&mut window, 3).await, format!("show-app(\"{HEXFALL}\") "));
    let _: () = desk.asks(SHELL, "LaunchSearch", &(&["text", "editor"][..], 7_u32)).await;
    assert_eq!(asked(&mut window, 4).await, "search-for(\"text editor\") ");

    let _: () = desk.asks(KRUNNER, "Teardown", &()).await;
    assert_eq!(desk.matches("hexfall").await.len(), 1);
}
