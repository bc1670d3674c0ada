//! A file of the person's own becomes an app.

use super::failure::{failed, unreadable};
use super::{AppImages, location, planned};
use crate::library::{Candidate, Changed, Facts, Library, Made, New, Place, Settings, is_same_folder};
use rustix::fs::Access;
use std::path::Path;
use strata_engine::Outcome;
use strata_model::{Failure, FailureKind, Plan, Request, Stop};
use tokio_util::sync::CancellationToken;

/// A file that is to be installed, and where it comes to lie.
#[derive(Debug)]
struct Wanted {
    new: New,
    place: Place,
}

impl AppImages {
    /// Reads the file that a request is about; all of it, so this can be cancelled.
    async fn wanted(&self, request: &Request, cancel: &CancellationToken) -> Result<Wanted, Stop> {
        self.check_place(&request.location)?;
        let (path, subject) = (location::path(&request.location)?, request.location.clone());
        let reading = self.blocking(&request.location, move |library| wanted(library, &path, &subject));
        Ok(cancel.run_until_cancelled(reading).await.ok_or(Stop::Cancelled)??)
    }

    pub(super) async fn install_file(&self, request: &Request, cancel: &CancellationToken) -> Result<Outcome, Stop> {
        let Wanted { new, place } = self.wanted(request, cancel).await?;
        if cancel.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        let subject = request.location.clone();
        let install = move |library: &Library| {
            let installed = library.install(&new, &place, Settings::default());
            installed.map_err(|error| failed(&error, &subject))
        };
        let Changed { record, notes, .. } = self.blocking(&request.location, install).await?;
        tracing::info!(id = record.id, ?notes, "an AppImage was installed");
        self.announce(record.files.iter().map(Made::kind).collect()).await;
        Ok(Outcome { to_version: record.version.name, touched: [record.id].into(), ..Outcome::default() })
    }

    /// What that would do.
    pub(super) async fn plan_file(&self, request: &Request, cancel: &CancellationToken) -> Result<Plan, Stop> {
        let Wanted { new, place } = self.wanted(request, cancel).await?;
        let (request, subject) = (request.clone(), request.location.clone());
        let preview = move |library: &Library| {
            let preview = library.preview(&new, &place, Settings::default());
            let changed = preview.map_err(|error| failed(&error, &request.location))?;
            Ok(planned::install(&request, &changed, &place))
        };
        Ok(self.blocking(&subject, preview).await?)
    }
}

/// Reads a file, and chooses its place: it stays where it is in the folder of AppImages, and goes there from elsewhere.
fn wanted(library: &Library, path: &Path, subject: &str) -> Result<Wanted, Failure> {
    let candidate = Candidate::read(path).map_err(|error| unreadable(&error, subject))?;
    let folder = path.parent().unwrap_or(path);
    let applications = library.applications();
    let place = if is_same_folder(folder, &applications) {
        Place::Here
    } else {
        // From a folder that cannot be changed it could not be taken away in the end.
        rustix::fs::access(folder, Access::WRITE_OK).map_err(|error| {
            Failure::new(
                FailureKind::Unwritable,
                folder.to_string_lossy(),
                format!("the file goes from there: {error}"),
            )
        })?;
        Place::Folder(applications)
    };
    let version = candidate.inspection().contents.version().unwrap_or_default();
    Ok(Wanted { new: New { candidate, facts: Facts { version, ..Facts::default() }, accepted: None }, place })
}
