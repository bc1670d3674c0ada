//! What a transaction will do and say, worked out when it starts.

mod assemble;
mod deploy;
mod pull;
mod small;
mod wishes;

use super::config::Config;
use super::data::{Body, Data};
use super::description::System;
use super::request::Request;
use super::state::State;
use std::fmt;
use std::sync::Arc;

/// A signal of the transaction.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Signal {
    pub(super) name: &'static str,
    pub(super) body: Body,
}

/// It always says "done", whatever came of the task.
pub(super) fn task_end() -> Signal {
    Signal { name: "TaskEnd", body: Body(vec![Data::text("done")]) }
}

/// A change of the state.
pub(super) type Change = Arc<dyn Fn(&mut State) + Send + Sync>;

/// One thing that a transaction does.
pub(super) enum Step {
    Say(Signal),
    /// Takes this long, in milliseconds; a cancel ends it early.
    Work(u64),
    /// A cancel is noticed here, and this place is named. In a task, that ends first.
    Point {
        place: String,
        task: bool,
    },
    /// Changes the state, and shows it.
    Change(Change),
    /// Changes what nobody sees.
    Note(Change),
}

/// All of it.
pub(super) struct Script {
    pub(super) steps: Vec<Step>,
    /// Why it fails in the end.
    pub(super) error: Option<String>,
    /// What is computed after everyone was told the end.
    pub(super) afterwards: Option<Change>,
    /// The system is restarted.
    pub(super) restart: bool,
}

impl fmt::Debug for Script {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a script of {} steps", self.steps.len())
    }
}

/// Works out what a request does.
pub(super) fn write(request: &Request, system: &Arc<System>, state: &State, config: &Config) -> Script {
    let writer = Writer::new(system, state, config);
    match request {
        Request::Deploy(order) => deploy::deploy(writer, order),
        Request::Rollback { reboot } => small::rollback(writer, *reboot),
        Request::Cleanup(kinds) => small::clean_up(writer, kinds),
        Request::RefreshMetadata => small::refresh(writer),
        Request::ModifyRepository { id, settings } => small::modify(writer, id, settings),
        Request::Arguments(arguments) => small::arguments(writer, arguments),
        Request::Finalize { checksum, unchecked } => small::finalize(writer, checksum.as_deref(), *unchecked),
        Request::ApplyLive => small::apply_live(writer),
    }
}

/// Writes a script against a copy of the state, so that each step sees what the ones before did.
struct Writer {
    system: Arc<System>,
    state: State,
    locked: bool,
    steps: Vec<Step>,
}

impl Writer {
    fn new(system: &Arc<System>, state: &State, config: &Config) -> Self {
        Self { system: Arc::clone(system), state: state.clone(), locked: config.lock_layering, steps: Vec::new() }
    }

    fn say(&mut self, name: &'static str, arguments: Vec<Data>) {
        self.steps.push(Step::Say(Signal { name, body: Body(arguments) }));
    }

    fn message(&mut self, text: impl Into<String>) {
        self.say("Message", vec![Data::text(text)]);
    }

    /// A task that takes this long.
    fn task(&mut self, text: &str, milliseconds: u64) {
        self.begin(text);
        self.steps.push(Step::Work(milliseconds));
        self.end();
    }

    fn begin(&mut self, text: impl Into<String>) {
        self.say("TaskBegin", vec![Data::text(text)]);
    }

    fn end(&mut self) {
        self.steps.push(Step::Say(task_end()));
    }

    fn percent(&mut self, text: impl Into<String>, percent: u32) {
        self.say("PercentProgress", vec![Data::text(text), Data::U32(percent)]);
    }

    fn progress_end(&mut self) {
        self.say("ProgressEnd", Vec::new());
    }

    /// "TEXT", then "TEXT (1/n)" … where the number stays 0 until the last.
    fn counted(&mut self, text: &str, count: usize, milliseconds: u64, place: &dyn Fn(usize) -> String) {
        self.percent(text, 0);
        for number in 1..=count {
            self.work(milliseconds);
            self.percent(format!("{text} ({number}/{count})"), if number == count { 100 } else { 0 });
            if number < count {
                self.point(place(number));
            }
        }
        self.progress_end();
    }

    fn work(&mut self, milliseconds: u64) {
        self.steps.push(Step::Work(milliseconds));
    }

    fn point(&mut self, place: impl Into<String>) {
        self.steps.push(Step::Point { place: place.into(), task: false });
    }

    fn change(&mut self, change: impl Fn(&mut State) + Send + Sync + 'static) {
        change(&mut self.state);
        self.steps.push(Step::Change(Arc::new(change)));
    }

    fn note(&mut self, change: impl Fn(&mut State) + Send + Sync + 'static) {
        change(&mut self.state);
        self.steps.push(Step::Note(Arc::new(change)));
    }

    fn done(self) -> Script {
        Script { steps: self.steps, error: None, afterwards: None, restart: false }
    }

    fn fail(self, error: impl Into<String>) -> Script {
        Script { error: Some(error.into()), ..self.done() }
    }
}
