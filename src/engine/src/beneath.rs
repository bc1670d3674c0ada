//! The system beneath, for faces: what they ask of it beside tasks and plans.

use crate::engine::{Engine, Inner};
use crate::guard::guarded;
use crate::plan::ending;
use crate::source::Reporter;
use crate::sources::Keeper;
use strata_model::plan::{Warning, WarningKind};
use strata_model::system_update::{FoundPackage, PackageChange};
use strata_model::{Action, Failure, FailureKind, Request, SourceKind, Stop};
use strata_platform::restart;
use tokio_util::sync::CancellationToken;

/// Most words of a search.
const MAX_WORDS: usize = 32;

/// Bytes of all texts of one question.
const MAX_TEXT: usize = 8 << 10;

impl Engine {
    /// Reads the system, which starts its daemon; from then on the snapshot follows what the daemon says.
    ///
    /// # Errors
    /// Why it could not be read; the snapshot says so too.
    pub async fn read_system(&self) -> Result<(), Failure> {
        let _working = self.0.work.begin();
        self.0.read_system().await
    }

    /// What changes from one deployment to another, by their ids. May ask for a password.
    ///
    /// # Errors
    /// When there is no such deployment, or the daemon cannot be asked.
    pub async fn differences(&self, from: &str, to: &str) -> Result<Vec<PackageChange>, Failure> {
        let _working = self.0.work.begin();
        let (_, system) = self.0.keeper()?;
        bounded([from, to])?;
        let (from, to) = (from.to_owned(), to.to_owned());
        let asked = guarded("", async move { system.differences(&from, &to).await });
        self.0.unless_closing(asked).await??
    }

    /// Packages with these words in their names or summaries. Dropped before its end, the question is given up.
    ///
    /// # Errors
    /// Why nobody can say; [`FailureKind::EngineGone`] if the engine ends meanwhile.
    pub async fn search_packages(&self, words: &[String]) -> Result<Vec<FoundPackage>, Stop> {
        let _working = self.0.work.begin();
        let (_, system) = self.0.keeper()?;
        if words.len() > MAX_WORDS {
            return Err(Failure::new(FailureKind::BadRequest, "", "too many words").into());
        }
        bounded(words.iter().map(String::as_str))?;
        self.0.check_offered(SourceKind::Package, &words.join(" "))?;
        let (words, cancel) = (words.to_vec(), CancellationToken::new());
        let _cancelled_when_left = cancel.clone().drop_guard();
        let asked = guarded("", async move { system.search(&words, &cancel).await });
        self.0.unless_closing(asked).await??
    }

    /// Cancels what changes the system at this moment, whoever began it, and waits for its end. At once if nothing does.
    ///
    /// # Errors
    /// When it ended in another way, or the daemon cannot be asked.
    pub async fn cancel_system(&self) -> Result<(), Failure> {
        let _working = self.0.work.begin();
        let (_, system) = self.0.keeper()?;
        let cancel = CancellationToken::new();
        cancel.cancel();
        let followed = guarded("", async move { system.follow(&Reporter::new().0, &cancel).await });
        match self.0.unless_closing(followed).await?? {
            Ok(()) | Err(Stop::Cancelled) => Ok(()),
            Err(Stop::Failed(failure)) => Err(failure),
        }
    }

    /// Takes what came with the last restart out of the snapshot, for good.
    pub async fn system_seen(&self) {
        let _working = self.0.work.begin();
        self.0.sources.arrival_seen().await;
        self.0.board.edit(|known| self.0.sources.change(known));
    }

    /// Asks the desktop to restart the machine, which may ask the person first.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn restart(&self) -> Result<(), Failure> {
        let _working = self.0.work.begin();
        self.0.unless_closing(restart::restart(&self.0.environment)).await?
    }
}

impl Inner {
    /// See [`Engine::read_system`].
    pub(crate) async fn read_system(&self) -> Result<(), Failure> {
        let (source, _) = self.keeper()?;
        source.wake();
        self.unless_closing(self.read_source(source.kind())).await?;
        self.board.snapshot().system.failure.clone().map_or(Ok(()), Err)
    }

    fn keeper(&self) -> Result<Keeper, Failure> {
        let none =
            || Failure::new(FailureKind::NoBackend, SourceKind::Package.as_str(), "no system is looked after here");
        self.sources.keeper().ok_or_else(none)
    }

    fn holds_system(&self, request: &Request) -> bool {
        request.action == Action::UpdateSystem && self.board.snapshot().settings.updates.hold_system
    }

    /// Refuses what nobody asked for at this moment and the settings do not want.
    pub(crate) fn check_held(&self, request: &Request) -> Result<(), Failure> {
        let held = request.unattended && self.holds_system(request);
        if held { Err(Failure::new(FailureKind::SystemHeld, "", "updates.hold-system")) } else { Ok(()) }
    }

    /// What somebody should know who updates the system all the same.
    pub(crate) fn warning_of_hold(&self, request: &Request) -> Option<Warning> {
        let warning = Warning { kind: WarningKind::SystemHeld, subject: String::new(), end_of_life: None };
        self.holds_system(request).then_some(warning)
    }

    /// The result of some work, unless the engine ends before.
    pub(crate) async fn unless_closing<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        self.closing.run_until_cancelled(work).await.ok_or_else(ending)
    }
}

fn bounded<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<(), Failure> {
    let fits = texts.into_iter().map(str::len).sum::<usize>() <= MAX_TEXT;
    let failure = || Failure::new(FailureKind::BadRequest, "", "a text of the request is too long");
    fits.then_some(()).ok_or_else(failure)
}
