//! Parental controls, on a private system bus with a stand-in for the accounts service.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests say what went wrong by panicking")]

mod bus;
#[path = "../../engine/tests/toy/mod.rs"]
mod toy;

use bus::Bus;
use std::collections::HashMap;
use std::sync::Arc;
use strata_catalogue::Catalogue;
use strata_engine::Engine;
use strata_model::parental::Guard;
use strata_model::{AppId, FailureKind, Obstacle, OfferId, Request, SourceKind, Stop, TaskState};
use strata_platform::Environment;
use toy::{Home, Toy, feed, offer, until};
use zbus::Connection;
use zbus::zvariant::ObjectPath;

const CHESS: &str = "org.example.Chess";
const PERSON: &str = "/org/freedesktop/Accounts/User7";

#[derive(Debug)]
struct Accounts;

#[zbus::interface(name = "org.freedesktop.Accounts")]
impl Accounts {
    #[expect(clippy::unused_self, reason = "zbus wants a method")]
    fn find_user_by_id(&self, id: i64) -> ObjectPath<'static> {
        assert_eq!(id, i64::from(rustix::process::getuid().as_raw()), "it asks about somebody else");
        ObjectPath::from_static_str(PERSON).unwrap()
    }
}

/// malcontent's part of the person's account.
#[derive(Debug, Default)]
struct Filter {
    listed: Vec<String>,
    most: HashMap<String, String>,
    locked: bool,
}

#[zbus::interface(name = "com.endlessm.ParentalControls.AppFilter")]
impl Filter {
    #[zbus(property)]
    fn app_filter(&self) -> (bool, Vec<String>) {
        (false, self.listed.clone())
    }

    #[zbus(property)]
    fn oars_filter(&self) -> (String, HashMap<String, String>) {
        ("oars-1.1".to_owned(), self.most.clone())
    }

    #[zbus(property)]
    fn allow_user_installation(&self) -> bool {
        !self.locked
    }

    #[expect(clippy::unused_self, reason = "zbus wants a method")]
    #[zbus(property)]
    fn allow_system_installation(&self) -> bool {
        false
    }
}

/// Somebody changes what the person is allowed.
async fn set(accounts: &Connection, filter: Filter) {
    let interface = accounts.object_server().interface::<_, Filter>(PERSON).await.unwrap();
    *interface.get_mut().await = filter;
    interface.get().await.app_filter_changed(interface.signal_emitter()).await.unwrap();
}

/// A machine whose bus has an accounts service, which knows of malcontent or not.
async fn machine(filter: Option<Filter>) -> (Bus, Connection, Home) {
    let folder = tempfile::tempdir().unwrap();
    let bus = Bus::new(folder.path(), None, &[]);
    let accounts = bus.connect().await;
    accounts.object_server().at("/org/freedesktop/Accounts", Accounts).await.unwrap();
    if let Some(filter) = filter {
        accounts.object_server().at(PERSON, filter).await.unwrap();
    }
    accounts.request_name("org.freedesktop.Accounts").await.unwrap();
    let address = bus.address.clone();
    let mut home = Home::with(|environment| {
        environment.system_bus = Some(address);
        environment.service = env!("CARGO_BIN_EXE_strata-service").into();
    });
    home.folder = folder;
    std::fs::create_dir_all(home.path("list")).unwrap();
    (bus, accounts, home)
}

/// A source with one app, which says nothing of its content.
fn toy_with_list(home: &Home) -> Arc<Toy> {
    let toy = Toy::of(SourceKind::Flatpak);
    toy.set_feeds(vec![feed(&home.path("list"), CHESS)]);
    toy
}

fn chess() -> OfferId {
    OfferId { source: SourceKind::Flatpak, ..offer("user", &format!("app/{CHESS}/x86_64/stable")) }
}

/// What stands in the catalogue against the app, once a catalogue of this generation is there.
async fn obstacle(engine: &Engine, environment: &Environment, generation: u64) -> Option<Obstacle> {
    until(engine, |now| now.catalogue.generation >= generation && !now.catalogue.building).await;
    let catalogue = Catalogue::open(&environment.catalogue()).unwrap();
    catalogue.offers_of(&AppId::new(CHESS).unwrap()).unwrap().remove(0).obstacle
}

async fn refusal(engine: &Engine) -> Option<FailureKind> {
    match engine.plan(&Request::install(chess())).await {
        Ok(_) => None,
        Err(Stop::Failed(failure)) => Some(failure.kind),
        Err(Stop::Cancelled) => panic!("cancelled"),
    }
}

#[tokio::test]
async fn what_is_kept_back_says_so_and_is_free_when_somebody_lets_go() {
    let limited = || Filter { most: [("social-chat".to_owned(), "none".to_owned())].into(), ..Filter::default() };
    let (_bus, accounts, home) = machine(Some(limited())).await;
    let toy = toy_with_list(&home);
    let engine = home.engine(&toy).await;
    let guarded = |guard| Some(Obstacle::Guarded { guard });
    assert_eq!(obstacle(&engine, &home.environment, 1).await, guarded(Guard::Unrated));
    assert_eq!(refusal(&engine).await, Some(FailureKind::Forbidden));
    let task = engine.submit(&[Request::install(chess())]).await.unwrap()[0];
    let ended = until(&engine, |now| now.tasks.iter().any(|known| known.id == task && known.state.is_final())).await;
    assert_eq!(ended.tasks[0].state, TaskState::Failed);
    assert_eq!(toy.ran(), [] as [&str; 0], "nothing was fetched");

    set(&accounts, Filter::default()).await;
    assert_eq!(obstacle(&engine, &home.environment, 2).await, None);
    assert_eq!(refusal(&engine).await, None);

    set(&accounts, Filter { locked: true, ..Filter::default() }).await;
    assert_eq!(obstacle(&engine, &home.environment, 3).await, guarded(Guard::Installing));
    let file = Request::install_file(SourceKind::Flatpak, "user", "/tmp/chess.flatpakref");
    assert!(matches!(engine.plan(&file).await, Err(Stop::Failed(failure)) if failure.kind == FailureKind::Forbidden));
    engine.shut_down().await;

    // The next engine finds the same, and builds nothing anew.
    let next = home.engine(&Arc::clone(&toy)).await;
    assert_eq!(obstacle(&next, &home.environment, 3).await, guarded(Guard::Installing));
    assert_eq!(next.snapshot().catalogue.generation, 3);
}

#[tokio::test]
async fn what_may_not_be_opened_is_not() {
    let (_bus, accounts, home) = machine(Some(Filter::default())).await;
    let toy = toy_with_list(&home);
    toy.install_outside(&chess().reference);
    let engine = home.engine(&toy).await;
    engine.launch(&chess()).await.unwrap();
    let listed = vec![format!("app/{CHESS}/x86_64/beta"), "/usr/bin/chess".to_owned()];
    set(&accounts, Filter { listed, ..Filter::default() }).await;
    let refused = async {
        loop {
            if let Err(failure) = engine.launch(&chess()).await {
                return failure;
            }
            tokio::task::yield_now().await;
        }
    };
    let failure = tokio::time::timeout(toy::DEADLINE, refused).await.expect("it is heard of");
    assert_eq!(failure.kind, FailureKind::NotToBeOpened);
    assert_eq!(failure.about(), CHESS);
}

#[tokio::test]
async fn without_malcontent_nothing_is_kept_back() {
    let (_bus, _accounts, home) = machine(None).await;
    let toy = toy_with_list(&home);
    let engine = home.engine(&toy).await;
    assert_eq!(obstacle(&engine, &home.environment, 1).await, None);
    assert_eq!(refusal(&engine).await, None);
}

#[tokio::test]
async fn where_nothing_may_be_installed_no_file_is_started_once_either() {
    let (_bus, _accounts, home) = machine(Some(Filter { locked: true, ..Filter::default() })).await;
    let toy = Toy::of(SourceKind::AppImage);
    let engine = home.engine(&toy).await;
    let failure = engine.launch_file("/some/Chess.AppImage").await.unwrap_err();
    assert_eq!((failure.kind, failure.subject.as_str()), (FailureKind::NotToBeOpened, "/some/Chess.AppImage"));
    assert_eq!(toy.files(), [] as [&str; 0]);
}
