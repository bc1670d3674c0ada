//! `strata-service`: the engine's process.

use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use strata_engine::Source;
use strata_model::wire;
use strata_platform::{Environment, i18n};
use strata_service::{ServeError, catalogue_build, serve_bus, serve_peer, serve_search};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// A build of the catalogue allocates for every entry, and takes a tenth less time with this than with the C library's.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// How long threads that block may go on once everything else has ended.
const LAST_THREADS: Duration = Duration::from_millis(500);

/// Strata's engine. Started by the session bus or by Strata's programs, not by hand.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    /// Serve one face: standard input is one end of a socket pair
    #[arg(long)]
    peer: bool,
    /// Answer the desktop's own search, without an engine
    #[arg(long, conflicts_with = "peer")]
    search: bool,
    /// Leave the session bus after this many seconds with nothing to do
    #[arg(long, default_value_t = 30, conflicts_with = "peer")]
    idle_seconds: u64,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the catalogue: the plan as JSON on standard input, the report as JSON on standard output
    CatalogueBuild,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log(if arguments.peer { "error" } else { "warn" });
    if let Some(Command::CatalogueBuild) = arguments.command {
        return match catalogue_build::run(io::stdin().lock(), io::stdout().lock()) {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(error) => refuse(&error),
        };
    }
    // Notifications are the only words for people that come from here.
    i18n::begin();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        // The face was told, in words of its own: for the journal, not for the terminal that a child shares.
        Err(error @ ServeError::Taken) => {
            tracing::warn!("{error}");
            ExitCode::from(wire::EXIT_TAKEN)
        }
        Err(error @ ServeError::Start(_)) => {
            tracing::warn!("{error}");
            ExitCode::FAILURE
        }
        Err(error) => refuse(&error),
    }
}

fn refuse(error: &dyn std::error::Error) -> ExitCode {
    tracing::error!("{error}");
    ExitCode::FAILURE
}

/// To standard error, which the session's journal keeps; a face's child is quieter, since it shares a terminal.
fn log(usual: &str) {
    let filter = EnvFilter::try_from_env("STRATA_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
}

fn run(arguments: &Arguments) -> Result<(), ServeError> {
    let peer = if arguments.peer { Some(take_stdin()?) } else { None };
    let environment = Arc::new(Environment::from_process());
    let idle = Duration::from_secs(arguments.idle_seconds);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let served = runtime.block_on(async {
        let stop = stop_on_signals()?;
        if arguments.search {
            return serve_search(environment, idle, stop).await;
        }
        let sources = sources(&environment);
        match peer {
            Some(stream) => {
                stream.set_nonblocking(true)?;
                serve_peer(environment, sources, tokio::net::UnixStream::from_std(stream)?, stop).await
            }
            None => serve_bus(environment, sources, idle, stop).await,
        }
    });
    // A library that hangs in a thread of its own keeps nothing alive.
    runtime.shutdown_timeout(LAST_THREADS);
    served
}

/// Every source of apps. A new one is a line here.
fn sources(environment: &Arc<Environment>) -> Vec<Arc<dyn Source>> {
    let system = Arc::new(strata_system::RpmOstree::new(Arc::clone(environment)));
    vec![
        Arc::new(strata_flatpak::Flatpak::new(Arc::clone(environment))),
        Arc::new(strata_appimage::AppImages::new(Arc::clone(environment))),
        Arc::new(strata_system::Packages::new(system, Arc::clone(environment))),
    ]
}

/// Standard input's socket. Nothing that this process starts may inherit it: a launched app that holds it would keep
/// the face from noticing that the engine is gone.
fn take_stdin() -> io::Result<UnixStream> {
    let socket = io::stdin().as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    Ok(socket.into())
}

fn stop_on_signals() -> io::Result<CancellationToken> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let stop = CancellationToken::new();
    let told = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        told.cancel();
    });
    Ok(stop)
}
