//! A file of the person's own becomes an app, or takes the place of the installed one that it is another version of.

use super::failure::{failed, unreadable};
use super::{AppImages, location, planned};
use crate::library::{
    Candidate, Changed, Facts, Installed, Library, LibraryError, Made, New, Place, Presence, Record, Settings,
    is_same_folder,
};
use rustix::fs::Access;
use std::path::Path;
use strata_engine::Outcome;
use strata_model::{Failure, FailureKind, Plan, Question, Request, Stop};
use tokio_util::sync::CancellationToken;

/// A file that is to be installed, and where it comes to lie.
#[derive(Debug)]
struct Wanted {
    new: New,
    way: Way,
}

/// What becomes of a file.
#[derive(Debug)]
enum Way {
    /// An app of its own.
    App(Place),
    /// The next version of this one.
    Version(Box<Record>),
}

/// Who asks what becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    /// A plan, which proposes what is likeliest meant.
    Plan,
    /// Work, which does what was agreed to.
    Work,
}

impl AppImages {
    /// Reads the file that a request is about; all of it, so this can be cancelled.
    async fn wanted(&self, request: &Request, asks: Asks, cancel: &CancellationToken) -> Result<Wanted, Stop> {
        self.check_place(&request.location)?;
        let (path, request) = (location::path(&request.location)?, request.clone());
        let subject = request.location.clone();
        let reading = self.blocking(&subject, move |library| wanted(library, &path, &request, asks));
        Ok(cancel.run_until_cancelled(reading).await.ok_or(Stop::Cancelled)??)
    }

    pub(super) async fn install_file(&self, request: &Request, cancel: &CancellationToken) -> Result<Outcome, Stop> {
        let Wanted { new, way } = self.wanted(request, Asks::Work, cancel).await?;
        if cancel.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        let subject = request.location.clone();
        let install = move |library: &Library| match way {
            Way::App(place) => {
                let installed = library.install(&new, &place, Settings::default());
                Ok((String::new(), installed.map_err(|error| failed(&error, &subject))?))
            }
            Way::Version(before) => replace(library, &before, &new).map_err(|error| failed(&error, &before.name)),
        };
        let (from_version, changed) = self.blocking(&request.location, install).await?;
        let Changed { record, notes, .. } = changed;
        tracing::info!(id = record.id, ?notes, from_version, "an AppImage was installed");
        self.announce(record.files.iter().map(Made::kind).collect()).await;
        let (to_version, touched) = (record.version.name, [record.id].into());
        Ok(Outcome { from_version, to_version, touched, ..Outcome::default() })
    }

    /// What that would do.
    pub(super) async fn plan_file(&self, request: &Request, cancel: &CancellationToken) -> Result<Plan, Stop> {
        let Wanted { new, way } = self.wanted(request, Asks::Plan, cancel).await?;
        let (request, subject) = (request.clone(), request.location.clone());
        let preview = move |library: &Library| {
            let fail = |error: LibraryError| failed(&error, &request.location);
            Ok(match way {
                Way::App(place) => {
                    let changed = library.preview(&new, &place, Settings::default()).map_err(fail)?;
                    planned::install(&request, &changed, &place)
                }
                Way::Version(before) => {
                    let changed = library.preview_update(&before.id, &new).map_err(fail)?;
                    planned::replacement(&request, &before, &changed)
                }
            })
        };
        Ok(self.blocking(&subject, preview).await?)
    }
}

/// Reads a file, and chooses what becomes of it: it stays where it is in the folder of AppImages, and goes there from
/// elsewhere; as another version of an app it goes where that lies.
fn wanted(library: &Library, path: &Path, request: &Request, asks: Asks) -> Result<Wanted, Failure> {
    let candidate = Candidate::read(path).map_err(|error| unreadable(&error, &request.location))?;
    let way = match replaced(library, &candidate, request, asks)? {
        Some(before) => {
            check_leaving(path)?;
            Way::Version(Box::new(before))
        }
        None => Way::App(place(library, path)?),
    };
    let version = candidate.inspection().contents.version().unwrap_or_default();
    let accepted = Question::read(&request.accepted).map(crate::library::Question::Person);
    Ok(Wanted { new: New { candidate, facts: Facts { version, ..Facts::default() }, accepted }, way })
}

/// The app whose place a file takes: the one that the request names, else the one that a plan proposes.
fn replaced(
    library: &Library,
    candidate: &Candidate,
    request: &Request,
    asks: Asks,
) -> Result<Option<Record>, Failure> {
    let fail = |error: LibraryError| failed(&error, &request.location);
    let proposes = asks == Asks::Plan && !request.beside;
    match &request.replaces {
        Some(offer) => {
            let record = library.by_offer(offer).map_err(fail)?;
            if library.same_apps(candidate).map_err(fail)?.contains(&record) {
                return Ok(Some(record));
            }
            let detail = format!("the file is no version of {}", record.id);
            Err(Failure::new(FailureKind::BadRequest, &request.location, detail))
        }
        None if proposes => Ok(library.same_apps(candidate).map_err(fail)?.into_iter().next()),
        None => Ok(None),
    }
}

/// Puts a file into an app's place. Gives the version that was there, too.
fn replace(library: &Library, before: &Record, new: &New) -> Result<(String, Changed), LibraryError> {
    let Installed { record, presence, .. } = library.one(&before.id)?;
    // It updated itself, and what is kept has to be what is there.
    let before = if presence == Presence::Changed { library.reread(&record.id)?.record } else { record };
    Ok((before.version.name, library.update(&before.id, new)?))
}

/// Where an app of its own comes to lie.
fn place(library: &Library, path: &Path) -> Result<Place, Failure> {
    let applications = library.applications();
    if is_same_folder(path.parent().unwrap_or(path), &applications) {
        return Ok(Place::Here);
    }
    check_leaving(path)?;
    Ok(Place::Folder(applications))
}

/// From a folder that cannot be changed a file could not be taken away in the end.
fn check_leaving(path: &Path) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(path);
    rustix::fs::access(folder, Access::WRITE_OK).map_err(|error| {
        let detail = format!("the file goes from there: {error}");
        Failure::new(FailureKind::Unwritable, folder.to_string_lossy(), detail)
    })
}
