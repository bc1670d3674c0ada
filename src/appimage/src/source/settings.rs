//! How an app is started and where it lies, as the person wants it: read, and changed.

use super::failure::failed;
use super::launch::check_presence;
use super::news::News;
use super::{AppImages, Library};
use crate::download::part;
use crate::library::{Changed, Installed, Made, MadeKind, Place, Presence, Record, Settings};
use std::path::Path;
use strata_model::app_settings::InTerminal;
use strata_model::{AppSettings, Failure, OfferId};

impl AppImages {
    pub(super) async fn settings_of(&self, offer: &OfferId) -> Result<AppSettings, Failure> {
        let meant = offer.clone();
        let read = move |library: &Library| {
            let record = library.by_offer(&meant).map_err(|error| failed(&error, &meant.reference))?;
            Ok(told(&record))
        };
        self.blocking(&offer.reference, read).await
    }

    pub(super) async fn configure(&self, offer: &OfferId, wish: &AppSettings) -> Result<(), Failure> {
        self.check_place(&offer.reference)?;
        let (meant, wish) = (offer.clone(), wish.clone());
        let change = move |library: &Library| {
            let record = library.by_offer(&meant).map_err(|error| failed(&error, &meant.reference))?;
            let Changed { record: after, notes, .. } = configure(library, &record, &wish)?;
            tracing::info!(id = after.id, ?notes, path = %after.path.display(), "the settings of an AppImage are others");
            Ok((record, after))
        };
        let (before, after) = self.blocking(&offer.reference, change).await?;
        let mut kinds: Vec<MadeKind> = before.files.iter().chain(&after.files).map(Made::kind).collect();
        kinds.dedup();
        self.announce(kinds).await;
        if before.path != after.path {
            self.forget_part(&before).await;
        }
        Ok(())
    }

    /// An update that was fetched in part lies where the app lay, and nobody would look for it there.
    async fn forget_part(&self, record: &Record) {
        let news = self.environment.appimage_news();
        let (id, folder) = (record.id.clone(), record.path.parent().unwrap_or(Path::new("")).to_owned());
        let find = move |_: &Library| Ok(News::read(&news, &id).map(|news| part::path(&news.found.asset.url, &folder)));
        if let Ok(Some(part)) = self.blocking(&record.id, find).await {
            part::discard(&part).await;
        }
    }
}

fn configure(library: &Library, record: &Record, wish: &AppSettings) -> Result<Changed, Failure> {
    let fail = |error| failed(&error, &record.name);
    let Installed { record, presence, .. } = library.one(&record.id).map_err(fail)?;
    check_presence(&record, presence)?;
    if presence == Presence::Changed {
        library.reread(&record.id).map_err(fail)?;
    }
    let place = if wish.folder == folder(&record) { Place::Here } else { Place::Folder(wish.folder.clone().into()) };
    library.configure(&record.id, wished(wish), wish.in_menus, &place).map_err(fail)
}

fn told(record: &Record) -> AppSettings {
    let Settings { arguments, environment, terminal, portable_home, portable_config } = record.settings_now();
    let terminal = match terminal {
        None => InTerminal::Auto,
        Some(true) => InTerminal::Yes,
        Some(false) => InTerminal::No,
    };
    let (folder, in_menus) = (folder(record), record.integrated);
    AppSettings { folder, arguments, environment, terminal, portable_home, portable_config, in_menus }
}

fn wished(wish: &AppSettings) -> Settings {
    let AppSettings { arguments, environment, portable_home, portable_config, .. } = wish.clone();
    let terminal = match wish.terminal {
        InTerminal::Auto => None,
        InTerminal::Yes => Some(true),
        InTerminal::No => Some(false),
    };
    Settings { arguments, environment, terminal, portable_home, portable_config }
}

fn folder(record: &Record) -> String {
    record.path.parent().unwrap_or(Path::new("/")).to_string_lossy().into_owned()
}
