//! What apps that are gone have left: the data beside them, which the person may want gone, too; and what was kept here
//! to update them, which nobody needs any more.

use super::failure::failed;
use super::news::{self, News};
use super::{AppImages, LANE};
use crate::download::part;
use crate::library::{Left, Library, LibraryError, Record};
use crate::release::forget_control;
use crate::update_information::UpdateInformation;
use std::path::Path;
use strata_engine::Outcome;
use strata_model::{Failure, FailureKind, Leftover, SourceKind, Stop};

impl AppImages {
    /// The data of removed apps. In a sandbox nothing was installed.
    pub(super) async fn left(&self) -> Result<Vec<Leftover>, Failure> {
        if self.environment.sandboxed {
            return Ok(Vec::new());
        }
        let left = |library: &Library| library.left().map_err(|error| failed(&error, LANE));
        Ok(self.blocking(LANE, left).await?.into_iter().map(leftover).collect())
    }

    /// Removes the data of an app that is gone.
    pub(super) async fn remove_left(&self, file: &str) -> Result<Outcome, Stop> {
        let wanted = file.to_owned();
        let remove = move |library: &Library| match library.remove_left(&wanted) {
            Err(LibraryError::NotInstalled(_)) => {
                Err(Failure::new(FailureKind::NotFound, wanted, "it has left nothing, or is there"))
            }
            other => other.map_err(|error| failed(&error, &wanted)),
        };
        self.blocking(file, remove).await?;
        Ok(Outcome::default())
    }

    /// Forgets what was newer than an app that is gone, and what came of it.
    pub(super) async fn forget(&self, record: &Record) {
        let (news, controls) = (self.environment.appimage_news(), self.environment.releases());
        let (record, id) = (record.clone(), record.id.clone());
        let forget = move |_: &Library| {
            let found = News::read(&news, &record.id).map(|news| news.found.asset.url);
            if let Err(error) = news::forget(&news, &record.id) {
                tracing::warn!(%error, id = record.id, "what was newer than a removed AppImage stays");
            }
            if let Some(UpdateInformation::Zsync { url }) = &record.updates
                && let Err(error) = forget_control(&controls, url)
            {
                tracing::warn!(%error, id = record.id, "the control file of a removed AppImage stays");
            }
            let folder = record.path.parent().unwrap_or(Path::new("")).to_owned();
            Ok(found.map(|url| part::path(&url, &folder)))
        };
        // It fails for itself at most.
        if let Ok(Some(part)) = self.blocking(&id, forget).await {
            part::discard(&part).await;
        }
    }
}

fn leftover(left: Left) -> Leftover {
    let Left { file, size, changed, .. } = left;
    let name = Path::new(&file).file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Leftover { source: SourceKind::AppImage, id: file, name, size, changed }
}
