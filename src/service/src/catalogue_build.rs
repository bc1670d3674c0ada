//! `strata-service catalogue-build`: builds the catalogue in a process of its own, because it reads strangers' lists
//! and takes memory that the engine should not keep.

use std::io::{self, Read, Write};
use std::path::Path;
use strata_catalogue::{BuildPlan, CatalogueError};
use strata_model::{Failure, FailureKind};
use strata_platform::files;

/// Largest plan that is read, in bytes; a feed that says something of twenty thousand references has two million.
const MAX_PLAN: u64 = 128 << 20;

/// Reads a plan as JSON, builds, and writes the report as JSON; or the failure, and gives `false`.
///
/// # Errors
/// When neither can be written.
pub fn run(input: impl Read, mut output: impl Write) -> io::Result<bool> {
    end_with_engine();
    let (answer, is_built) = match build(input) {
        Ok(report) => (serde_json::to_vec(&report), true),
        Err(failure) => (serde_json::to_vec(&failure), false),
    };
    output.write_all(&answer?)?;
    output.flush()?;
    Ok(is_built)
}

/// A build whose engine is gone would write beside that of the next one. Where the system does not offer it, the next
/// engine builds anew if what it finds is no catalogue.
fn end_with_engine() {
    let _asked = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
}

fn build(input: impl Read) -> Result<strata_catalogue::BuildReport, Failure> {
    let plan: BuildPlan = serde_json::from_reader(input.take(MAX_PLAN))
        .map_err(|error| Failure::new(FailureKind::BadRequest, "catalogue.db", error.to_string()))?;
    strata_catalogue::build(&plan).map_err(|error| unbuilt(&plan.target, error))
}

/// Why there is no new catalogue; of a full disk the folder is named, to which people make room.
fn unbuilt(target: &Path, error: CatalogueError) -> Failure {
    match error {
        CatalogueError::NoSpace(_) => files::full(target, error.to_string()),
        error => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_that_is_none_is_said_so() {
        let mut output = Vec::new();
        assert!(!run(&b"no plan"[..], &mut output).unwrap());
        let failure: Failure = serde_json::from_slice(&output).unwrap();
        assert_eq!(failure.kind, FailureKind::BadRequest);
    }

    #[test]
    fn a_full_disk_is_told_with_its_folder() {
        let failure = unbuilt(Path::new("/data/strata/catalogue.db"), CatalogueError::NoSpace("full".to_owned()));
        assert_eq!((failure.kind, &*failure.subject), (FailureKind::DataFull, "/data/strata"));
        let failure = unbuilt(Path::new("/data/strata/catalogue.db"), CatalogueError::Damaged("no".to_owned()));
        assert_eq!(failure.kind, FailureKind::Other);
    }
}
