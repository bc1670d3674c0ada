//! Running the programs that make a world.

use crate::DemoError;
use std::process::{Command, Stdio};

/// Runs a program to its end and gives what it printed.
///
/// # Errors
/// [`DemoError::Program`] with its own words when it cannot be started or fails.
pub(crate) fn run(command: &mut Command) -> Result<String, DemoError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |detail: String| DemoError::Program { program: program.clone(), detail };
    let output = command.stdin(Stdio::null()).output().map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(failed(format!("{} ({said})", output.status)))
}
