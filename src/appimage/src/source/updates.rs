//! Asks where updates come from, and puts them into their places.

use super::failure::{failed, not_resolved};
use super::fetch::{self, Fetch};
use super::lists::Wish;
use super::news::{self, News};
use super::{AppImages, listed, lists};
use crate::bytes::hex;
use crate::feed::Project;
use crate::format::Architecture;
use crate::library::{Changed, Facts, Installed, Library, Presence, Record};
use crate::release::{App, Asset, ControlFile, Found, Resolved, Wanted};
use crate::update_information::UpdateInformation;
use sha1::{Digest, Sha1};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use strata_engine::{Outcome, Reporter};
use strata_model::{Failure, FailureKind, Progress, Question, Request, SourceKind, Stage, Stop};
use tokio_util::sync::CancellationToken;

/// What is newer than an app.
pub(super) struct Newest {
    /// The app.
    pub(super) record: Record,
    /// What is newer, if anything is.
    pub(super) news: Option<News>,
    /// Its control file, where that was asked for it.
    pub(super) control: Option<Arc<ControlFile>>,
}

/// What is there where updates come from, and its control file, where that was asked for it.
type Asked = Option<(News, Option<Arc<ControlFile>>)>;

/// Where the updates of an app come from.
enum Place {
    Releases(Wanted),
    ControlFile(String),
    /// The list that it was installed from, which names its file.
    List,
}

impl AppImages {
    /// Asks for the lists that there are, and for every app what is newer. A list that cannot be asked, and an app whose
    /// place cannot be, keep what was known, and say why. That is no failure of all of it, also where a list is all there is:
    /// whoever cannot reach it has been asked for news all the same.
    pub(super) async fn refresh(&self, reporter: &Reporter, cancel: &CancellationToken) -> Result<Outcome, Stop> {
        let subject = SourceKind::AppImage.as_str();
        let all = |library: &Library| library.all().map_err(|error| failed(&error, subject));
        let apps = self.blocking(subject, all).await?.apps;
        let count = apps.len();
        let mut outcome = Outcome { unchanged: true, ..Outcome::default() };
        if self.lists().await? == Wish::News {
            reporter.report(Progress { stage: Stage::Preparing, percent: Some(0), ..Progress::default() });
            match cancel.run_until_cancelled(self.refresh_lists()).await.ok_or(Stop::Cancelled)? {
                Ok((changed, faults)) => {
                    outcome.unchanged &= !changed;
                    outcome.feeds_changed = changed;
                    outcome.partial.extend(faults);
                }
                Err(failure) => outcome.partial.push(failure),
            }
        }
        for (number, app) in apps.into_iter().enumerate() {
            let percent = u8::try_from(number * 100 / count).ok();
            reporter.report(Progress { stage: Stage::Preparing, percent, ..Progress::default() });
            let id = app.record.id.clone();
            match cancel.run_until_cancelled(self.look_for_news(app)).await.ok_or(Stop::Cancelled)? {
                Ok(changed) => {
                    outcome.unchanged &= !changed;
                    outcome.touched.extend(changed.then_some(id));
                }
                Err(failure) => outcome.partial.push(failure),
            }
        }
        Ok(outcome)
    }

    /// Asks for one app. `true` if something else is known of it now.
    async fn look_for_news(&self, app: Installed) -> Result<bool, Failure> {
        let mut record = app.record;
        let mut changed = false;
        match app.presence {
            // On a drive that is not there, say.
            Presence::Missing => return Ok(false),
            // It updated itself, or somebody else did.
            Presence::Changed => {
                let id = record.id.clone();
                let reread = move |library: &Library| library.reread(&id).map_err(|error| failed(&error, &id));
                record = self.blocking(&app_name(&record), reread).await?.record;
                changed = true;
            }
            Presence::There => {}
        }
        let known = self.known(&record.id).await;
        let news = self.ask(&record, known.clone(), false).await?.map(|(news, _)| news);
        if news != known {
            self.keep(&record.id, news).await?;
            changed = true;
        }
        Ok(changed)
    }

    /// What is newest where an app's updates come from; `None` where nobody says where that is. What was asked `lately` may
    /// be good enough.
    async fn ask(&self, record: &Record, known: Option<News>, lately: bool) -> Result<Asked, Failure> {
        match place(record) {
            None => Ok(None),
            Some(Place::Releases(wanted)) => {
                let asked = format!("{}/{}", wanted.project.owner, wanted.project.repository);
                let resolved = self.resolver()?.resolve(&wanted).await;
                match resolved.map_err(|error| not_resolved(&error, &asked))? {
                    Resolved::Found(found) => Ok(Some((News::of(*found, known), None))),
                    Resolved::Busy { .. } => Err(Failure::new(FailureKind::AskedTooOften, asked, "")),
                    nothing => {
                        tracing::info!(id = record.id, asked, ?nothing, "no updates come of this project");
                        Ok(None)
                    }
                }
            }
            Some(Place::List) => Ok(self.vouched(record).await?.map(|found| (News::of(found, known), None))),
            Some(Place::ControlFile(url)) => {
                let control = self.resolver()?.own_control_file(&url, lately).await;
                let Some(control) = control.map_err(|error| not_resolved(&error, &url))? else {
                    tracing::info!(id = record.id, url, "no updates come from this address");
                    return Ok(None);
                };
                let (name, url_of_file) = (control.name.clone(), control.url.clone());
                let asset = Asset { name, url: url_of_file, size: control.length, ..Asset::default() };
                let found =
                    Found { version: String::new(), released: 0, development: false, asset, control: Some(url) };
                let known = known.filter(|known| known.sha1.as_ref() == Some(&control.sha1));
                let (same, asks) = known.map_or((None, None), |known| (known.same, known.asks));
                let same = match same {
                    Some(same) => Some(same),
                    None => self.is_weighed(record, control.length, &control.sha1).await?,
                };
                let news = News { found, sha1: Some(control.sha1.clone()), same, asks };
                Ok(Some((news, Some(Arc::new(control)))))
            }
        }
    }

    /// The file that the list has now of what was installed from it; `None` where it names none.
    async fn vouched(&self, record: &Record) -> Result<Option<Found>, Failure> {
        if self.lists().await? == Wish::Nothing {
            return Ok(None);
        }
        let (environment, origin, name) = (Arc::clone(&self.environment), record.origin.clone(), record.entry.clone());
        let find = move |_: &Library| Ok(lists::find(&environment, &origin, &name));
        let entry = self.blocking(&app_name(record), find).await?;
        Ok(entry.and_then(|entry| listed::vouched(&entry.listed)))
    }

    /// The SHA-256 of what is there, if it has this length and SHA-1.
    async fn is_weighed(&self, record: &Record, length: u64, sha1: &str) -> Result<Option<String>, Failure> {
        if record.version.size != length {
            return Ok(None);
        }
        let (path, name) = (record.path.clone(), app_name(record));
        let weigh = move |_: &Library| {
            weighed(&path).map_err(|error| Failure::new(FailureKind::NotReadable, name, error.to_string()))
        };
        let found = self.blocking(&record.name, weigh).await?;
        Ok((found == sha1).then(|| record.version.sha256.clone()))
    }

    /// What is newer than an installed app, asked now; what was found last where nobody answers.
    pub(super) async fn newest(&self, request: &Request) -> Result<Newest, Failure> {
        let record = self.record(request).await?;
        let known = self.known(&record.id).await;
        let asked = match self.ask(&record, known.clone(), true).await {
            Ok(asked) => asked,
            Err(failure) => Some((known.ok_or(failure)?, None)),
        };
        let (news, control) = asked.filter(|(news, _)| news.is_news(&record)).unzip();
        Ok(Newest { record, news, control: control.flatten() })
    }

    /// Fetches what is newer, and puts it into the app's place.
    pub(super) async fn update(
        &self,
        request: &Request,
        reporter: &Reporter,
        cancel: &CancellationToken,
    ) -> Result<Outcome, Stop> {
        reporter.report(Progress { stage: Stage::Preparing, ..Progress::default() });
        let newest = cancel.run_until_cancelled(self.newest(request)).await.ok_or(Stop::Cancelled)?;
        let Newest { record, news, control } = newest?;
        let from_version = record.version.name.clone();
        let Some(news) = news else {
            return Ok(Outcome {
                to_version: from_version.clone(),
                from_version,
                unchanged: true,
                ..Outcome::default()
            });
        };
        // Nobody is there who could say yes, and what it asks is known.
        if let Some(question) = news.question(&record).filter(|_| request.unattended) {
            return Err(Failure::new(question.kind(), app_name(&record), question.to_string()).into());
        }
        let fetch = Fetch {
            name: &app_name(&record),
            folder: record.path.parent().unwrap_or(&record.path),
            found: &news.found,
            sha1: news.sha1.clone(),
            old: Some(&record.path),
            control,
            facts: Facts { origin: record.origin.clone(), project: record.project.clone(), ..Facts::default() },
            accepted: Question::read(&request.accepted),
        };
        let new = self.fetch(&fetch, reporter, cancel).await?;
        reporter.report(Progress { stage: Stage::Installing, percent: Some(99), ..Progress::default() });
        let (id, name, part) = (record.id.clone(), app_name(&record), new.candidate.path().to_owned());
        let put = move |library: &Library| library.update(&id, &new).map_err(|error| failed(&error, &name));
        let Changed { record, notes, unchanged } = match self.blocking(&record.name, put).await {
            Ok(changed) => changed,
            Err(failure) if Question::of(&failure).is_some() => {
                fetch.keep().await;
                let asks = Some(failure.detail.clone());
                if let Err(error) = self.keep(&record.id, Some(News { asks, ..news.clone() })).await {
                    tracing::warn!(%error, id = record.id, "what an update asks has to be found out again");
                }
                return Err(failure.into());
            }
            Err(failure) => {
                fetch::discard(&part, &failure).await;
                return Err(failure.into());
            }
        };
        tracing::info!(id = record.id, ?notes, "an AppImage was updated");
        let same = news.sha1.is_some().then(|| record.version.sha256.clone());
        self.keep(&record.id, Some(News { same, asks: None, ..news })).await?;
        self.announce(record.files.iter().map(crate::library::Made::kind).collect()).await;
        let (to_version, touched) = (record.version.name, [record.id].into());
        Ok(Outcome { from_version, to_version, touched, unchanged, ..Outcome::default() })
    }

    async fn known(&self, id: &str) -> Option<News> {
        let (folder, id) = (self.environment.appimage_news(), id.to_owned());
        tokio::task::spawn_blocking(move || News::read(&folder, &id)).await.ok().flatten()
    }

    /// Keeps what was found, or forgets what was.
    async fn keep(&self, id: &str, news: Option<News>) -> Result<(), Failure> {
        let (folder, file, subject) = (self.environment.appimage_news(), id.to_owned(), id.to_owned());
        let keep = move |_: &Library| {
            let kept = match &news {
                Some(news) => news.write(&folder, &file),
                None => news::forget(&folder, &file),
            };
            kept.map_err(|error| Failure::new(FailureKind::Unwritable, folder.to_string_lossy(), error.to_string()))
        };
        self.blocking(&subject, keep).await
    }
}

/// What the file itself says comes first: it knows which of the releases are meant.
fn place(record: &Record) -> Option<Place> {
    let wanted = |project: Project, release, pattern| -> Option<Place> {
        let app = if record.app.name.is_empty() {
            App { name: record.name.clone(), others: Vec::new() }
        } else {
            record.app.clone()
        };
        let architecture = Architecture::of_this_machine()?;
        Some(Place::Releases(Wanted { project, app, release, pattern, architecture }))
    };
    match &record.updates {
        Some(UpdateInformation::Zsync { url }) => Some(Place::ControlFile(url.clone())),
        Some(UpdateInformation::Releases { forge, owner, repository, release, pattern }) => {
            let project = Project { forge: forge.clone(), owner: owner.clone(), repository: repository.clone() };
            wanted(project, Some(release.clone()), Some(pattern.clone()))
        }
        // Its shop has no list of files that can be asked without a login.
        Some(UpdateInformation::Pling { .. }) | None => match record.project.clone() {
            Some(project) => wanted(project, None, None),
            None => lists::is_origin(&record.origin).then_some(Place::List),
        },
    }
}

fn app_name(record: &Record) -> String {
    if record.name.is_empty() { record.id.clone() } else { record.name.clone() }
}

/// The SHA-1 of a file in lowercase hexadecimal digits.
fn weighed(path: &Path) -> std::io::Result<String> {
    let (mut file, mut sum) = (std::fs::File::open(path)?, Sha1::new());
    let mut piece = vec![0; 64 << 10];
    loop {
        match file.read(&mut piece)? {
            0 => break,
            read => sum.update(&piece[..read]),
        }
    }
    Ok(hex(&sum.finalize()))
}
