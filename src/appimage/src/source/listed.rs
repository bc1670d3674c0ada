//! An app of a list is installed: its project is asked for the newest release, the file fetched beside its place, checked,
//! read, and made an app.

use super::failure::{failed, not_fetched, not_resolved};
use super::fetch::{self, Fetch};
use super::lists::Wish;
use super::{AppImages, absent, lists, named, planned};
use crate::download::DownloadError;
use crate::feed::Project;
use crate::format::Architecture;
use crate::library::{Changed, Facts, Library, Made, Place, Settings};
use crate::release::{App, Asset, Found, Resolved, Wanted, is_appimage_for};
use std::sync::Arc;
use strata_engine::{Outcome, Reporter};
use strata_model::listed::{Listed, Pinned};
use strata_model::offer::Absence;
use strata_model::{Failure, FailureKind, Plan, Progress, Request, Stage, Stop};
use strata_platform::http::Url;
use strata_platform::ranged::{self, Opened};
use tokio_util::sync::CancellationToken;

/// An app of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// What the list says of it.
    pub(super) listed: Listed,
    /// The list.
    pub(super) origin: String,
    /// Which of its project's apps it is.
    pub(super) app: App,
}

/// Where an app of a list is fetched from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The releases of a project.
    Project(Project),
    /// The file that a signed list names.
    Vouched(Found),
    /// This address, which has the newest one.
    Link(String),
}

/// Where it is fetched from; `None` if only a person can.
pub(super) fn way(listed: &Listed) -> Option<Way> {
    let project = Project::of_url(&listed.repository).map(Way::Project);
    let vouched = || vouched(listed).map(Way::Vouched);
    project.or_else(vouched).or_else(|| link(&listed.page).map(Way::Link))
}

/// The address of an AppImage. openSUSE's servers have a page about the mirrors of each file, named after it, and that page
/// is what lists name.
fn link(page: &str) -> Option<String> {
    let file = page.strip_suffix(".mirrorlist").unwrap_or(page);
    let url = Url::parse(file).ok().filter(|url| url.scheme() == "https" && url.query().is_none())?;
    let is_file = url.path().to_ascii_lowercase().ends_with(".appimage");
    is_file.then(|| file.to_owned())
}

impl Entry {
    /// Where it comes from, for a person: the project and the version, or the address.
    pub(super) fn place(&self, found: &Found) -> String {
        match way(&self.listed) {
            Some(Way::Project(project)) => {
                let url = project.url();
                format!("{} {}", url.trim_start_matches("https://"), found.version)
            }
            _ => found.asset.url.clone(),
        }
    }
}

impl AppImages {
    /// What installing an app of a list would do. Its project is asked.
    pub(super) async fn plan_listed(&self, request: &Request, cancel: &CancellationToken) -> Result<Plan, Stop> {
        let entry = self.entry(request).await?;
        let found = cancel.run_until_cancelled(self.look_for(&entry)).await.ok_or(Stop::Cancelled)??;
        Ok(planned::listed(request, &entry, &found))
    }

    /// Fetches it, and puts it into its place. Whoever cancels leaves nothing; what was broken off goes on the next time.
    pub(super) async fn install_listed(
        &self,
        request: &Request,
        reporter: &Reporter,
        cancel: &CancellationToken,
    ) -> Result<Outcome, Stop> {
        reporter.report(Progress { stage: Stage::Preparing, ..Progress::default() });
        let entry = self.entry(request).await?;
        let found = cancel.run_until_cancelled(self.look_for(&entry)).await.ok_or(Stop::Cancelled)??;
        let folder = self.library.applications();
        let project = match way(&entry.listed) {
            Some(Way::Project(project)) => Some(project),
            _ => None,
        };
        let facts = Facts {
            name: entry.listed.name.clone(),
            origin: request.offer.origin.clone(),
            entry: request.offer.reference.clone(),
            app: entry.app.clone(),
            project,
            ..Facts::default()
        };
        let name = &entry.listed.name;
        let fetch =
            Fetch { name, folder: &folder, found: &found, sha1: None, old: None, control: None, facts, accepted: None };
        let new = match self.fetch(&fetch, reporter, cancel).await {
            Ok(_) | Err(Stop::Cancelled) if cancel.is_cancelled() => {
                fetch.forget().await;
                return Err(Stop::Cancelled);
            }
            other => other?,
        };
        reporter.report(Progress { stage: Stage::Finishing, percent: Some(99), ..Progress::default() });
        let (part, name) = (new.candidate.path().to_owned(), entry.listed.name.clone());
        let put = move |library: &Library| {
            let installed = library.install(&new, &Place::Folder(folder), Settings::default());
            installed.map_err(|error| failed(&error, &name))
        };
        let Changed { record, notes, .. } = match self.blocking(&entry.listed.name, put).await {
            Ok(changed) => changed,
            Err(failure) => {
                fetch::discard(&part, &failure).await;
                return Err(failure.into());
            }
        };
        tracing::info!(id = record.id, ?notes, "an AppImage of a list was installed");
        self.announce(record.files.iter().map(Made::kind).collect()).await;
        Ok(Outcome { to_version: record.version.name, touched: [record.id].into(), ..Outcome::default() })
    }

    /// What the list has of an app that is not installed from it yet.
    async fn entry(&self, request: &Request) -> Result<Entry, Failure> {
        let subject = named(request).to_owned();
        self.check_place(&subject)?;
        let wanted = self.lists().await? > Wish::Nothing;
        let (environment, offer) = (Arc::clone(&self.environment), request.offer.clone());
        let find = move |library: &Library| {
            if library.by_offer(&offer).is_ok() {
                return Err(Failure::new(FailureKind::AlreadyInstalled, subject, ""));
            }
            let listed = Some(&offer).filter(|offer| wanted && lists::is_origin(&offer.origin));
            let found = listed.and_then(|offer| lists::find(&environment, &offer.origin, &offer.reference));
            found.ok_or_else(|| Failure::new(FailureKind::NotFound, subject, "it is in no list of AppImages"))
        };
        self.blocking(named(request), find).await
    }

    /// What is newest where an app comes from. That there is nothing is remembered for the catalogue.
    async fn look_for(&self, entry: &Entry) -> Result<Found, Failure> {
        let name = &entry.listed.name;
        let Some(machine) = Architecture::of_this_machine() else {
            return Err(Failure::new(FailureKind::WrongArchitecture, name, "no AppImage is known for it"));
        };
        let found = match way(&entry.listed) {
            Some(Way::Project(project)) => self.released(entry, project, machine).await?,
            Some(Way::Vouched(found)) => Ok(found),
            Some(Way::Link(url)) => self.linked(&entry.listed.name, &url, machine).await?,
            None => return Err(Failure::new(FailureKind::NoBackend, name, &entry.listed.page)),
        };
        let (absence, failure) = match found {
            Ok(mut found) => {
                pin(&mut found.asset, &entry.listed);
                self.remember(entry, None).await;
                self.check_new(name, &found).await?;
                return Ok(found);
            }
            Err(absence) => (absence, absent(absence)),
        };
        self.remember(entry, Some(absence)).await;
        Err(Failure::new(failure, name, &entry.listed.page))
    }

    /// The person may have this very file already, from elsewhere.
    async fn check_new(&self, name: &str, found: &Found) -> Result<(), Failure> {
        let Some(sha256) = found.asset.sha256.clone() else { return Ok(()) };
        let subject = name.to_owned();
        let check = move |library: &Library| match library.with_content(&sha256) {
            Ok(None) => Ok(()),
            Ok(Some(record)) => {
                Err(Failure::new(FailureKind::AlreadyInstalled, subject, record.path.to_string_lossy()))
            }
            Err(error) => Err(failed(&error, &subject)),
        };
        self.blocking(name, check).await
    }

    /// What a project has released last.
    async fn released(
        &self,
        entry: &Entry,
        project: Project,
        architecture: Architecture,
    ) -> Result<Result<Found, Absence>, Failure> {
        let (url, app) = (project.url(), entry.app.clone());
        let wanted = Wanted { project, app, release: None, pattern: None, architecture };
        let resolved = self.resolver()?.resolve(&wanted).await.map_err(|error| not_resolved(&error, &url))?;
        Ok(match resolved {
            // What it said the last time is there, or its fetching fails.
            Resolved::Found(found) | Resolved::Busy { known: Some(found), .. } => Ok(*found),
            Resolved::Busy { known: None, .. } => {
                let host = Url::parse(&url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or(url);
                return Err(Failure::new(FailureKind::AskedTooOften, host, "it answers so many questions an hour"));
            }
            Resolved::Gone => Err(Absence::ProjectGone),
            Resolved::NoRelease => Err(Absence::NoRelease),
            Resolved::NoAppImage => Err(Absence::NoAppImage),
            Resolved::OtherMachine => Err(Absence::OtherMachine),
        })
    }

    /// The file at an address, as far as its server tells of it before it is fetched.
    async fn linked(&self, name: &str, url: &str, machine: Architecture) -> Result<Result<Found, Absence>, Failure> {
        let file = url.rsplit('/').next().unwrap_or(url);
        if !is_appimage_for(file, machine) {
            return Ok(Err(Absence::OtherMachine));
        }
        let client = self.client().map_err(|error| not_fetched(&error.into(), name))?;
        let size = match ranged::open(&client, url, None).await {
            Ok(Opened::File(piece)) => piece.total.unwrap_or_default(),
            Ok(Opened::Busy(rest)) => return Err(not_fetched(&DownloadError::Busy(rest), url)),
            // Here it is the list that names it.
            Err(error) => return Err(not_resolved(&error.into(), url)),
        };
        let asset = Asset { name: file.to_owned(), url: url.to_owned(), size, ..Asset::default() };
        Ok(Ok(Found { version: String::new(), released: 0, development: false, asset, control: None }))
    }

    /// What cannot be kept is found out again the next time.
    async fn remember(&self, entry: &Entry, absence: Option<Absence>) {
        let (environment, origin) = (Arc::clone(&self.environment), entry.origin.clone());
        let reference = entry.listed.reference.clone();
        let remember = move |_: &Library| {
            if let Err(error) = absent::remember(&environment, &origin, &reference, absence) {
                tracing::warn!(%error, reference, "what there is not cannot be kept");
            }
            Ok(())
        };
        // It fails for itself at most.
        let _done = self.blocking(&entry.listed.name, remember).await;
    }
}

/// What a signed list says of a file.
fn pinned<'a>(listed: &'a Listed, url: &str) -> Option<&'a Pinned> {
    listed.pinned.as_ref().filter(|pinned| pinned.url == url)
}

/// The file that a signed list names, as a release of its own.
pub(super) fn vouched(listed: &Listed) -> Option<Found> {
    let Pinned { url, version, size, sha256, blake3 } = listed.pinned.clone()?;
    let name = url.rsplit('/').next().unwrap_or(&url).to_owned();
    let asset = Asset { name, url, size, sha256, blake3, ..Asset::default() };
    Some(Found { version, released: 0, development: false, asset, control: None })
}

/// Carries along the digests that a signed list has of the very file that is meant.
fn pin(asset: &mut Asset, listed: &Listed) {
    let Some(pinned) = pinned(listed, &asset.url) else { return };
    // A release whose file was replaced has another one than the list saw.
    if asset.size > 0 && pinned.size > 0 && asset.size != pinned.size {
        return;
    }
    asset.sha256 = asset.sha256.take().or_else(|| pinned.sha256.clone());
    asset.blake3.clone_from(&pinned.blake3);
}

fn absent(absence: Absence) -> FailureKind {
    match absence {
        Absence::ProjectGone => FailureKind::ProjectGone,
        Absence::NoRelease => FailureKind::NoRelease,
        Absence::NoAppImage => FailureKind::NoAppImage,
        Absence::OtherMachine => FailureKind::WrongArchitecture,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_or_a_file_can_be_fetched_and_a_page_cannot() {
        let listed = |repository: &str, page: &str| Listed {
            repository: repository.to_owned(),
            page: page.to_owned(),
            ..Listed::default()
        };
        let project = "https://github.com/ann/App";
        let found = way(&listed(project, "https://example.org/App.AppImage"));
        assert!(matches!(found, Some(Way::Project(found)) if found.url() == project), "what has releases comes first");
        for (page, expected) in [
            ("https://example.org/App-x86_64.AppImage", Some("https://example.org/App-x86_64.AppImage")),
            ("https://example.org/a.appimage.mirrorlist", Some("https://example.org/a.appimage")),
            ("http://example.org/App.AppImage", None),
            ("https://example.org/App.AppImage?mirrors=all", None),
            ("https://example.org/downloads", None),
            ("https://example.org/App.AppImage.zsync", None),
            ("", None),
        ] {
            assert_eq!(way(&listed("", page)), expected.map(|url| Way::Link(url.to_owned())), "{page}");
        }
        // A signed list says which file it is, whatever its address looks like.
        let url = "https://example.org/fetch?file=App&machine=aarch64";
        let pinned = Some(Pinned { url: url.to_owned(), version: "2".to_owned(), ..Pinned::default() });
        let found = way(&Listed { pinned: pinned.clone(), ..listed("", "https://example.org/App.AppImage") });
        assert!(matches!(found, Some(Way::Vouched(found)) if found.asset.url == url && found.version == "2"));
        let found = way(&Listed { pinned, ..listed(project, "") });
        assert!(matches!(found, Some(Way::Project(_))), "which has the newest");
    }

    #[test]
    fn a_file_is_pinned_by_a_list_that_is_about_this_very_file() {
        let digest = Some("ab".repeat(32));
        let url = "https://example.org/App.AppImage";
        let pinned = Pinned { url: url.to_owned(), size: 7, blake3: digest.clone(), ..Pinned::default() };
        let listed = Listed { pinned: Some(pinned), ..Listed::default() };
        for (of, size, expected, reason) in [
            (url, 7, &digest, "it is the file"),
            (url, 0, &digest, "nobody says another size"),
            (url, 8, &None, "it was replaced since"),
            ("https://example.org/App-2.AppImage", 7, &None, "it is another one"),
        ] {
            let mut asset = Asset { url: of.to_owned(), size, ..Asset::default() };
            pin(&mut asset, &listed);
            assert_eq!((&asset.blake3, asset.is_pinned()), (expected, expected.is_some()), "{reason}");
        }
        let found = vouched(&listed).unwrap();
        assert_eq!((found.asset.name.as_str(), found.asset.blake3), ("App.AppImage", digest));
        assert_eq!(vouched(&Listed::default()), None);
    }
}
