//! Every recording, word for word: the client below the backend holds the conversation that was recorded.

use crate::daemon::Replay;
use crate::recording::{Asked, Recording, Step, all};
use crate::values::{Typed, from_json};
use crate::world::World;
use std::sync::Arc;
use strata_engine::Reporter;
use strata_model::{FailureKind, Stop};
use strata_system::call::{Call, Object};
use strata_system::daemon::Daemon;
use strata_system::errors;
use strata_system::names::SYSROOT_PATH;
use strata_system::progress::Course;
use strata_system::refusal::Refusal;
use strata_system::state::{Circumstances, system};
use strata_system::transaction::Wish;
use tokio_util::sync::CancellationToken;
use zvariant::Signature;

/// The recorded client hung up on a transaction of its own before the end, which this one never does: it would not learn
/// how it ended, or would block the daemon. What comes of it is seen in [`crate::rough`].
fn hangs_up_early(recording: &Recording) -> bool {
    let mut listening = false;
    recording.steps.iter().any(|step| match step {
        Step::PeerConnect => {
            listening = true;
            false
        }
        Step::PeerSignal { name, .. } if name == "Finished" => {
            listening = false;
            false
        }
        Step::PeerDisconnected => {
            listening = false;
            false
        }
        Step::PeerClose => std::mem::take(&mut listening),
        _ => false,
    })
}

/// The recorded call, to be sent again.
fn call(asked: &Asked) -> Call {
    let object = if asked.object == SYSROOT_PATH { Object::Sysroot } else { Object::Os };
    let call = Call::new(object, &asked.interface, &asked.method);
    let Typed { signature, value } = &asked.arguments;
    let Ok(Signature::Structure(fields)) = Signature::try_from(format!("({signature})").as_str()) else { return call };
    let fields: Vec<Signature> = fields.iter().cloned().collect();
    fields.iter().zip(value.as_array().unwrap()).fold(call, |call, (field, value)| call.with(from_json(field, value)))
}

/// What the recording says about the end of a call that is no transaction, or began none.
enum Answer {
    Value(Typed),
    Error { name: String, text: String },
    Transaction { died: bool },
}

fn answers(recording: &Recording) -> Vec<(Asked, Answer)> {
    let mut answers: Vec<(Asked, Answer)> = Vec::new();
    for (place, step) in recording.steps.iter().enumerate() {
        let Step::Call(asked) = step else { continue };
        if recording.is_busy_at(place) {
            continue;
        }
        let rest = &recording.steps[place + 1..];
        let until = rest.iter().position(|step| matches!(step, Step::Call(_))).unwrap_or(rest.len());
        let rest = &rest[..until];
        let transaction = rest.iter().any(|step| matches!(step, Step::PeerConnect));
        let answer = rest.iter().find_map(|step| match step {
            _ if transaction => {
                Some(Answer::Transaction { died: rest.iter().any(|step| matches!(step, Step::PeerDisconnected)) })
            }
            Step::Reply(values) => Some(Answer::Value(values.clone())),
            Step::Error { name, text } => Some(Answer::Error { name: name.clone(), text: text.clone() }),
            _ => None,
        });
        answers.push((asked.clone(), answer.unwrap()));
    }
    answers
}

async fn hold(recording: &Recording, daemon: &Arc<Daemon>, cancel: &CancellationToken) {
    let name = &recording.name;
    let mut ends = recording.ends().into_iter();
    for (asked, answer) in answers(recording) {
        let (call, method) = (call(&asked), &asked.method);
        match answer {
            Answer::Transaction { died } => {
                let wish = Wish {
                    call,
                    course: Course::Image,
                    asked: Vec::new(),
                    layered: Vec::new(),
                    title: "test".to_owned(),
                };
                let (reporter, watched) = Reporter::new();
                let ended = daemon.carry_out(wish, &reporter, cancel).await;
                if died {
                    let Err(Stop::Failed(failure)) = ended else { panic!("{name}: {ended:?}") };
                    assert_eq!(failure.kind, FailureKind::DaemonGone, "{name}");
                    continue;
                }
                match ends.next().unwrap() {
                    (true, _) => {
                        assert!(ended.unwrap().began, "{name}: {method}");
                        assert_eq!(watched.borrow().percent, Some(100), "{name}: {method}");
                    }
                    (false, text) => assert_eq!(ended.unwrap_err(), errors::ended(&text, &[], &[]), "{name}: {method}"),
                }
            }
            Answer::Value(expected) => {
                let reply = daemon.session().await.unwrap().call(&call).await.unwrap();
                assert_eq!(Typed::of_message(&reply).signature, expected.signature, "{name}: {method}");
            }
            Answer::Error { name: error, text } => {
                let refusal = daemon.session().await.unwrap().call(&call).await.unwrap_err();
                assert_ne!(text, "", "{name}: {method}");
                assert!(
                    !matches!(refusal, Refusal::Busy(_) | Refusal::Gone(_)),
                    "{name}: {method}: {error}: {refusal:?}"
                );
            }
        }
    }
}

/// When the daemon is free again its properties are as they were at the end of the recording.
async fn compare(recording: &Recording, daemon: &Arc<Daemon>) {
    let Some(after) = &recording.after else { return };
    let (sysroot, os) = daemon.session().await.unwrap().properties().await.unwrap();
    let now = system(&sysroot, &os.unwrap(), Circumstances::default());
    assert_eq!(now, crate::states::of(after), "{}", recording.name);
}

async fn replay(name: &str) {
    let world = World::new();
    let recording = Recording::of(name, "a").without_strange_objects();
    let cancel = CancellationToken::new();
    let replay = Replay::new(&world, recording.clone(), &cancel).await;
    let state = replay.state();
    let playing = tokio::spawn(replay.play());
    let daemon = Daemon::new(world.environment());
    let played = async { playing.await.unwrap().unwrap() };
    tokio::join!(played, hold(&recording, &daemon, &cancel));
    compare(&recording, &daemon).await;
    let died = recording.steps.iter().filter(|step| matches!(step, Step::PeerDisconnected)).count();
    assert!(state.count("RegisterClient") > died, "{name}: registered with each daemon");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_client_holds_every_recorded_conversation() {
    let (early, held): (Vec<_>, Vec<_>) = all().into_iter().partition(|name| hangs_up_early(&Recording::of(name, "a")));
    assert!(early.iter().all(|name| name.starts_with("peer-closed-")), "{early:?}");
    assert!(held.len() >= 80, "the recordings are there");
    for name in held {
        replay(&name).await;
    }
}
