//! `strata-demo`: runs a command in a world in a box, and cleans up.

use clap::{Parser, Subcommand};
use futures_util::StreamExt;
use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus};
use std::time::Duration;
use strata_demo::daemon::{self, Body, Data};
use strata_demo::{DemoError, Scenario, World, WorldOptions};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// How long the simulated system may take to go down.
const RESTART: Duration = Duration::from_secs(10);

/// Runs a command in a private machine with real Flatpaks, and cleans up after it.
#[derive(Debug, Parser)]
#[command(name = "strata-demo", version)]
struct Arguments {
    /// What the world begins with.
    #[arg(long, value_enum, default_value_t)]
    scenario: Scenario,
    /// For `full`: the folder that benches/full-catalogue fills; the repository that is made of it stays there.
    #[arg(long, value_name = "FOLDER")]
    catalogue: Option<PathBuf>,
    /// Leave the world's folder behind, and say where it is.
    #[arg(long)]
    keep: bool,
    #[command(subcommand)]
    verb: Option<Verb>,
    /// The command; the window when none is given.
    #[arg(last = true)]
    command: Vec<OsString>,
}

/// What the world's own programs call.
#[derive(Debug, Subcommand)]
enum Verb {
    /// Serves the simulated system in a folder on the world's system bus.
    #[command(hide = true)]
    UpdateDaemon {
        /// The system's folder.
        folder: PathBuf,
    },
    /// Does something to the world's simulated system; runs inside a world.
    System {
        #[command(subcommand)]
        deed: Deed,
    },
}

/// What can be done to a simulated system.
#[derive(Clone, Copy, Debug, Subcommand)]
enum Deed {
    /// Goes down and comes up again: what waits is booted.
    Restart,
    /// Keeps a deployment, as `ostree admin pin` does.
    Pin {
        /// Its place in boot order.
        index: u32,
    },
    /// Keeps it no longer.
    Unpin {
        /// Its place in boot order.
        index: u32,
    },
}

fn main() -> ExitCode {
    tracing_subscriber::fmt().with_env_filter(EnvFilter::from_default_env()).with_writer(io::stderr).init();
    match run(&Arguments::parse()) {
        Ok(status) => status,
        Err(error) => {
            eprintln!("strata-demo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode, DemoError> {
    match &arguments.verb {
        Some(Verb::UpdateDaemon { folder }) => return serve(folder),
        Some(Verb::System { deed }) => return act(*deed),
        None => {}
    }
    let began = std::time::Instant::now();
    let options = WorldOptions {
        scenario: arguments.scenario,
        catalogue: arguments.catalogue.clone(),
        keep: arguments.keep,
        ..WorldOptions::default()
    };
    let world = World::create(&options)?;
    tracing::info!("the world is ready after {:.1} s", began.elapsed().as_secs_f64());
    if arguments.keep {
        eprintln!("strata-demo: the world's folder is {}", world.folder().display());
    }
    let window = [OsString::from("strata")];
    let words = if arguments.command.is_empty() { &window[..] } else { &arguments.command };
    let status = follow(&world, words).map_err(|error| DemoError::Program {
        program: words[0].to_string_lossy().into_owned(),
        detail: error.to_string(),
    })?;
    Ok(status_code(status))
}

fn system_bus() -> Result<String, DemoError> {
    let missing = || DemoError::Description("this runs inside a world: DBUS_SYSTEM_BUS_ADDRESS is not set".to_owned());
    std::env::var("DBUS_SYSTEM_BUS_ADDRESS").map_err(|_| missing())
}

#[tokio::main(flavor = "current_thread")]
async fn serve(folder: &Path) -> Result<ExitCode, DemoError> {
    daemon::serve(&system_bus()?, daemon::Store::new(folder)).await?;
    Ok(ExitCode::SUCCESS)
}

#[tokio::main(flavor = "current_thread")]
async fn act(deed: Deed) -> Result<ExitCode, DemoError> {
    let (method, arguments) = match deed {
        Deed::Restart => ("Restart", Vec::new()),
        Deed::Pin { index } => ("Pin", vec![Data::U32(index), Data::Bool(true)]),
        Deed::Unpin { index } => ("Pin", vec![Data::U32(index), Data::Bool(false)]),
    };
    let bus = zbus::connection::Builder::address(system_bus()?.as_str())?.build().await?;
    let names = zbus::fdo::DBusProxy::new(&bus).await?;
    let mut gone = names.receive_name_owner_changed_with_args(&[(0, daemon::NAME), (2, "")]).await?;
    let none = None::<&str>;
    let body = Body(arguments);
    let done = bus.call_method(Some(daemon::NAME), daemon::CONTROL, none, method, &body).await;
    if let Err(error) = done {
        eprintln!("error: {}", said(&error));
        return Ok(ExitCode::FAILURE);
    }
    // What went down is gone; the next one that is asked is up again.
    if matches!(deed, Deed::Restart) && tokio::time::timeout(RESTART, gone.next()).await.is_err() {
        eprintln!("error: the system does not go down");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// The words of a refusal, without its D-Bus name.
fn said(error: &zbus::Error) -> String {
    match error {
        zbus::Error::MethodError(_, Some(words), _) => words.clone(),
        other => other.to_string(),
    }
}

/// Runs the command to its end. Ctrl+C reaches the command by itself and is its own matter; a request to end is
/// passed on.
#[tokio::main(flavor = "current_thread")]
async fn follow(world: &World, words: &[OsString]) -> io::Result<ExitStatus> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let mut command = world.command(&words[0]);
    command.args(&words[1..]);
    let mut child = tokio::process::Command::from(command).spawn()?;
    loop {
        tokio::select! {
            status = child.wait() => return status,
            _ = interrupt.recv() => {}
            _ = terminate.recv() => end(&child)?,
            _ = hang_up.recv() => end(&child)?,
        }
    }
}

/// Asks the command to end, as we were asked.
fn end(child: &tokio::process::Child) -> io::Result<()> {
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    pid.map_or(Ok(()), |pid| Ok(rustix::process::kill_process(pid, rustix::process::Signal::TERM)?))
}

/// The command's own status, or 128 and the signal as shells have it.
fn status_code(status: ExitStatus) -> ExitCode {
    let code = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default());
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}
