//! The engine, for the commands that need it.

use crate::args::Global;
use crate::choice::{self, Choice};
use crate::ending::{Trouble, sentence};
use crate::interrupt::Interrupt;
use crate::naming::Candidate;
use crate::output::Output;
use crate::text::{clean, gettext_f};
use gettextrs::gettext;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use strata_client::Engine;
use strata_model::{Failure, FailureKind, Installed, PartKind, Snapshot};
use strata_platform::{Environment, witness};

/// How long the engine may take to tell what another program has changed. While something is being changed all the time
/// what it knows has to do.
const NEWS: Duration = Duration::from_secs(3);
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// After this long people want to know what is being waited for.
const LONG: Duration = Duration::from_secs(5);

/// What a command that speaks to the engine has at hand.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) engine: Engine,
    pub(crate) environment: Arc<Environment>,
    pub(crate) output: Output,
    pub(crate) global: Global,
    pub(crate) interrupt: Interrupt,
}

/// Runs a command that needs the engine. The runtime is made here and nowhere else: `search` and `show` do without.
pub(crate) fn run<T, F>(
    environment: &Arc<Environment>,
    global: &Global,
    output: &Output,
    command: impl FnOnce(Session) -> F,
) -> Result<T, Trouble>
where
    F: Future<Output = Result<T, Trouble>>,
{
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(FailureKind::Other, "stratactl", error.to_string()))?;
    let ended = runtime.block_on(async {
        let mut interrupt = Interrupt::watch()?;
        let silent = gettext("Strata’s service does not answer yet. Waiting… (Ctrl+C leaves)");
        let engine = interrupt.or(told(output, &silent, Engine::connect(environment.clone()))).await??;
        let published = engine.snapshot();
        let (environment, global) = (environment.clone(), global.clone());
        let ended = command(Session { engine, environment, output: output.clone(), global, interrupt }).await;
        say_faults(output, &published.borrow().faults);
        ended
    });
    // A thread may still wait for an answer on standard input.
    runtime.shutdown_background();
    ended
}

/// The installation that the person named is one. For commands that do without the engine, which is asked only about
/// names that need not exist.
pub(crate) fn check_scope(environment: &Arc<Environment>, global: &Global, output: &Output) -> Result<(), Trouble> {
    if global.installation.as_deref().is_none_or(is_usual) {
        return Ok(());
    }
    run(environment, global, output, async |mut session: Session| {
        let snapshot = session.settled().await?;
        session.scope(&snapshot).map(drop)
    })
}

/// These two are there even where they are empty.
fn is_usual(installation: &str) -> bool {
    matches!(installation, "user" | "system")
}

/// What the engine had to leave out or could not keep, after the command's own words.
pub(crate) fn say_faults(output: &Output, faults: &[Failure]) {
    for fault in faults {
        if output.note_once(&sentence(fault)) {
            output.detail(fault);
        }
    }
}

impl Session {
    /// The result of some work that may be dropped at any time, unless the person interrupts it. Where it takes long, that is
    /// said in these words.
    pub(crate) async fn patiently<T>(&mut self, words: &str, work: impl Future<Output = T>) -> Result<T, Trouble> {
        self.interrupt.or(told(&self.output, words, work)).await
    }

    /// The snapshot as things are now: also what another program has changed a moment ago, of which an engine that
    /// waits for quiet may not have told yet.
    pub(crate) async fn ready(&mut self) -> Result<Arc<Snapshot>, Trouble> {
        self.settled().await?;
        let environment = Arc::clone(&self.environment);
        let is_told = move |snapshot: &Snapshot| {
            is_unkept(snapshot, &environment)
                || witness::read(&environment).is_some_and(|known| known.iter().eq(apps(snapshot)))
        };
        let deadline = tokio::time::Instant::now() + NEWS;
        loop {
            let snapshot = self.engine.snapshot().borrow().clone();
            if is_told(&snapshot) || tokio::time::Instant::now() >= deadline {
                return Ok(snapshot);
            }
            let looking_again = tokio::time::sleep(LOOK_AGAIN);
            self.interrupt.or(looking_again).await?;
        }
    }

    /// The snapshot once every source has been read, so that nothing is missing because it is early.
    pub(crate) async fn settled(&mut self) -> Result<Arc<Snapshot>, Trouble> {
        let settled = |snapshot: &Snapshot| {
            let known = |source: &strata_model::snapshot::SourceStatus| source.ready || source.failure.is_some();
            snapshot.sources.iter().all(known)
        };
        self.wait_for(settled).await
    }

    /// The first snapshot of which `is_so` is true. Ends with the engine, if that is lost for good.
    pub(crate) async fn wait_for(&mut self, is_so: impl Fn(&Snapshot) -> bool) -> Result<Arc<Snapshot>, Trouble> {
        let (mut snapshot, mut lost) = (self.engine.snapshot(), pin!(self.engine.lost()));
        let waiting = async {
            loop {
                let current = snapshot.borrow_and_update().clone();
                if is_so(&current) {
                    return Ok(current);
                }
                tokio::select! {
                    changed = snapshot.changed() => changed.map_err(|_| gone())?,
                    failure = &mut lost => return Err(failure.into()),
                }
            }
        };
        self.interrupt.or(waiting).await?
    }

    /// The installation that the person named, if it is one.
    pub(crate) fn scope(&self, snapshot: &Snapshot) -> Result<Option<&str>, Trouble> {
        let Some(name) = self.global.installation.as_deref() else { return Ok(None) };
        let known = is_usual(name)
            || snapshot.origins.iter().any(|origin| origin.scope == name)
            || snapshot.installed.iter().any(|part| part.offer.scope == name);
        if known {
            return Ok(Some(name));
        }
        Err(Trouble::Usage(gettext_f("There is no installation named “{name}”.", &[("name", &clean(name))])))
    }

    /// Nothing is changed without a yes: given by `--yes`, or asked for on a terminal.
    pub(crate) async fn consent(&mut self, question: &str) -> Result<(), Trouble> {
        if self.global.yes {
            return Ok(());
        }
        if !self.output.can_ask() {
            let sentence = gettext("Nothing was changed: nobody can be asked here. Say --yes to do it without asking.");
            return Err(Trouble::Usage(sentence));
        }
        if self.ask(question).await? { Ok(()) } else { Err(Trouble::Cancelled) }
    }

    /// The answer of the person at the terminal.
    pub(crate) async fn ask(&mut self, question: &str) -> Result<bool, Trouble> {
        let question = question.to_owned();
        let answer = tokio::task::spawn_blocking(move || choice::yes_or_no(&question));
        Ok(self.interrupt.or(answer).await?.unwrap_or(false))
    }

    /// What the person means of what there is to choose from, asked for on a terminal. Nobody to ask is told how to say
    /// it; nothing is ever guessed.
    pub(crate) async fn choose(&mut self, choice: Choice, advice: &str) -> Result<Candidate, Trouble> {
        if !choice.is_any() || !choice::can_choose(&self.output, self.global.yes) {
            return Err(choice.refusal(advice));
        }
        let answer = tokio::task::spawn_blocking(move || choice.ask());
        let chosen = self.interrupt.or(answer).await?;
        chosen.ok().flatten().ok_or(Trouble::Cancelled)
    }
}

/// The result of some work; where it takes long, that is said.
async fn told<T>(output: &Output, words: &str, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    if let Ok(done) = tokio::time::timeout(LONG, &mut work).await {
        return done;
    }
    output.note(words);
    work.await
}

/// What is kept beside the catalogue: everything but what is layered on the system.
fn apps(snapshot: &Snapshot) -> impl Iterator<Item = &Installed> {
    snapshot.installed.iter().filter(|part| part.kind != PartKind::Package)
}

/// The engine keeps nothing beside the catalogue that could be compared with: it says that it cannot, has not read all
/// of its sources, or, as it had done so before it called them ready, has not been able to.
fn is_unkept(snapshot: &Snapshot, environment: &Environment) -> bool {
    let file = environment.installed();
    let said = snapshot.faults.iter().any(|fault| *fault.subject == *file.to_string_lossy());
    said || snapshot.sources.iter().any(|source| source.failure.is_some()) || !file.exists()
}

/// The client itself has given up.
pub(crate) fn gone() -> Trouble {
    Trouble::Failed(Failure::new(FailureKind::EngineGone, "strata-service", "the connection was closed"))
}
