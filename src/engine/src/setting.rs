//! The person's settings: set here, published, and what follows from them done or refused.

use crate::catalogue::{self, Look};
use crate::engine::{Engine, Inner, label};
use crate::guard::guarded_blocking;
use std::sync::Arc;
use strata_model::{Action, Change, Failure, FailureKind, Request, SourceKind};
use strata_platform::settings;

impl Engine {
    /// Sets one of the person's settings.
    ///
    /// # Errors
    /// See [`settings::set`].
    pub async fn set_setting(&self, key: &str, value: &str) -> Result<(), Failure> {
        let _alone = self.0.submitting.lock().await;
        let (environment, key, value) = (Arc::clone(&self.0.environment), key.to_owned(), value.to_owned());
        let set = move || {
            let before = settings::load(&environment).faults;
            Ok::<_, Failure>((before, settings::set(&environment, &key, &value)?))
        };
        let (before, now) = guarded_blocking("settings", set).await??;
        let (mut settings_changed, mut layering_changed) = (false, false);
        self.0.board.edit(|known| {
            let others = known.faults.iter().filter(|fault| !before.contains(fault)).cloned();
            let faults: Vec<Failure> = others.chain(now.faults).collect();
            layering_changed = known.settings.packages != now.settings.packages;
            let settings = (known.settings != now.settings).then_some(now.settings);
            let faults = (known.faults != faults).then_some(faults);
            settings_changed = settings.is_some();
            let is_new = settings.is_some() || faults.is_some();
            is_new.then(|| Change { settings, faults, ..Change::default() })
        });
        if settings_changed {
            // What is hidden, and whether popularity counts, is part of what the catalogue is built from.
            self.0.spawn(|inner| async move { catalogue::bring_up_to_date(&inner, Look::Glance).await });
        }
        if layering_changed && let Some((keeper, _)) = self.0.sources.keeper() {
            // Whether packages are added is among what the system is known to be able to.
            self.0.spawn(|inner| async move { inner.read_source(keeper.kind()).await });
        }
        Ok(())
    }
}

impl Inner {
    /// Refuses what is new from a kind of source that is switched off. What is installed from it is updated and goes as ever.
    pub(crate) fn check_source(&self, request: &Request) -> Result<(), Failure> {
        match request.action {
            Action::Install | Action::InstallFile => self.check_offered(request.offer.source, &label(request)),
            _ => Ok(()),
        }
    }

    /// Refuses whatever is asked about new things of this kind, if it is switched off.
    pub(crate) fn check_offered(&self, kind: SourceKind, subject: &str) -> Result<(), Failure> {
        if self.board.snapshot().settings.sources.offer(kind) {
            return Ok(());
        }
        let detail = format!("sources of the kind “{}” are switched off in the settings", kind.as_str());
        Err(Failure::new(FailureKind::SourceOff, subject, detail))
    }
}
