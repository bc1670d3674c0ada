//! Running the programs that make a world.

use crate::DemoError;
use std::io::Write;
use std::process::{Command, Output, Stdio};

/// Runs a program to its end and gives what it printed.
///
/// # Errors
/// [`DemoError::Program`] with its own words when it cannot be started or fails.
pub(crate) fn run(command: &mut Command) -> Result<String, DemoError> {
    let output = command.stdin(Stdio::null()).output();
    Ok(String::from_utf8_lossy(&printed(command, output)?).into_owned())
}

/// The same for a program that reads all of some bytes before it prints anything.
pub(crate) fn feed(command: &mut Command, bytes: &[u8]) -> Result<Vec<u8>, DemoError> {
    let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let output = started.and_then(|mut child| {
        // Closed when it is dropped. A program that does not want all of it says why by its status.
        let _ = child.stdin.take().map(|mut input| input.write_all(bytes));
        child.wait_with_output()
    });
    printed(command, output)
}

fn printed(command: &Command, output: std::io::Result<Output>) -> Result<Vec<u8>, DemoError> {
    let failed =
        |detail: String| DemoError::Program { program: command.get_program().to_string_lossy().into_owned(), detail };
    let output = output.map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(failed(format!("{} ({said})", output.status)))
}
