//! Strata in a terminal.

mod app_list;
mod app_settings;
mod args;
mod catalogue;
mod change;
mod choice;
mod ending;
mod explain;
mod follow;
mod help;
mod hold;
mod installed;
mod interrupt;
mod json;
mod launch;
mod leftovers;
mod list;
mod lookup;
mod manual;
mod merges;
mod naming;
mod origin;
mod output;
mod packages;
mod plan;
mod progress;
mod question;
mod refresh;
mod remotes;
mod resolve;
mod search;
mod session;
mod settings;
mod show;
mod system;
mod table;
mod tasks;
mod text;
mod words;

use args::{CatalogueLook, Command, CommandLine};
use ending::{Ending, Trouble};
use output::Output;
use std::process::ExitCode;
use std::sync::Arc;
use strata_model::Request;
use strata_platform::Environment;

fn main() -> ExitCode {
    let begun = interrupt::begin();
    text::begin();
    let line = match help::read() {
        Ok(line) => line,
        Err(said) => return say_usage(&said).into(),
    };
    begin_log();
    let output = Output::new(line.global.json, line.global.verbose);
    let ending = begun.and_then(|()| run(line, &output)).unwrap_or_else(|trouble| {
        output.trouble(&trouble);
        trouble.ending()
    });
    output.end(ending).into()
}

/// What clap has to say: the help that was asked for is a result, as any other.
fn say_usage(said: &clap::Error) -> Ending {
    if said.use_stderr() {
        // Nobody is left to be told that nobody can be told.
        let _ = said.print();
        return Ending::Usage;
    }
    let output = Output::new(false, false);
    let words = said.render();
    output.print(if console::colors_enabled() { words.ansi().to_string() } else { words.to_string() }.as_bytes());
    output.end(Ending::Done)
}

fn run(line: CommandLine, output: &Output) -> Result<Ending, Trouble> {
    let CommandLine { global, command } = line;
    let environment = Arc::new(Environment::from_process());
    let engine = (&environment, &global, output);
    match command {
        Command::Search(search) => search::run(&environment, &global, output, &search),
        Command::Show(asked) => show::run(&environment, &global, output, &asked),
        Command::Catalogue { look: CatalogueLook::Merges } => merges::run(&environment, &global, output),
        Command::Settings(asked) => settings::run(&environment, &global, output, &asked),
        Command::Completions { shell } => Ok(manual::completions(output, shell)),
        Command::Man { command } => manual::man(output, command.as_deref()),
        Command::List(list) => with(engine, |session| list::run(session, list)),
        Command::Plan(plan) => with(engine, |session| plan::run(session, plan)),
        Command::Install(install) => with(engine, |session| change::install(session, install)),
        Command::Update(update) => with(engine, |session| change::update(session, update)),
        Command::Remove(remove) => with(engine, |session| change::remove(session, remove)),
        Command::Switch(switch) => with(engine, |session| change::switch(session, switch)),
        Command::GoBack { apps } => with(engine, |session| hold::run(session, apps, Request::go_back)),
        Command::Hold { apps } => with(engine, |session| hold::run(session, apps, Request::hold)),
        Command::Release { apps } => with(engine, |session| hold::run(session, apps, Request::release)),
        Command::Leftovers { change } => with(engine, |session| leftovers::run(session, change)),
        Command::Export { file } => with(engine, |session| app_list::export(session, file)),
        Command::Import { file } => with(engine, |session| app_list::import(session, file)),
        Command::Run { app } => with(engine, |session| launch::run(session, app)),
        Command::AppSettings(asked) => with(engine, |session| app_settings::run(session, asked)),
        Command::Refresh { scheduled: true } => with(engine, refresh::scheduled),
        Command::Refresh { scheduled: false } => with(engine, refresh::run),
        Command::History { limit, all } => with(engine, |session| tasks::history(session, limit, all)),
        Command::Tasks => with(engine, tasks::tasks),
        Command::Cancel { tasks } => with(engine, |session| tasks::cancel(session, tasks)),
        Command::System { command } => with(engine, |session| system::run(session, command)),
        Command::Remotes { change } => with(engine, |session| remotes::run(session, change)),
    }
}

fn with<F: Future<Output = Result<Ending, Trouble>>>(
    (environment, global, output): (&Arc<Environment>, &args::Global, &Output),
    command: impl FnOnce(session::Session) -> F,
) -> Result<Ending, Trouble> {
    session::run(environment, global, output, command)
}

/// Silent unless `STRATA_LOG` asks for it, as for the engine; what people need to know is said in words.
fn begin_log() {
    if let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("STRATA_LOG") {
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    }
}
