//! Which apps the layered packages are, and those being worked on: the engine names packages, the catalogue knows whose
//! they are.

use super::{Cmd, Window};
use crate::live::{Live, Packaged};
use relm4::ComponentSender;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use strata_catalogue::{Catalogue, CatalogueError};
use strata_model::{Installed, OfferId, SourceKind};
use strata_platform::{Environment, witness};

/// The packages that were asked about, and of which catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    generation: u64,
    packages: BTreeSet<String>,
}

impl Window {
    /// Asks whose packages these are, where that was not asked yet.
    pub(super) fn ask_packaged(&mut self, sender: &ComponentSender<Self>) {
        let generation = self.live.snapshot.as_ref().map_or(0, |snapshot| snapshot.catalogue.generation);
        let asked = Asked { generation, packages: packages(&self.live) };
        if self.packaged == asked {
            return;
        }
        self.packaged = asked.clone();
        if asked.packages.is_empty() {
            self.live.packaged = Arc::default();
            return;
        }
        let packages = asked.packages.clone();
        let answer = self.context.reader.ask(move |catalogue| apps(catalogue, packages));
        // Without a catalogue no app is shown that could be one of them.
        sender.oneshot_command(async move { Cmd::Packaged(asked, answer.await.unwrap_or_default()) });
    }

    pub(super) fn hear_packaged(&mut self, asked: &Asked, apps: BTreeMap<String, Packaged>) {
        if *asked == self.packaged && *self.live.packaged != apps {
            self.live.packaged = Arc::new(apps);
            self.tell_pages();
        }
    }
}

/// What is installed and layered, as far as that is known without the engine.
pub(super) fn known(environment: &Environment) -> Option<Arc<Vec<Installed>>> {
    let mut known = witness::read(environment)?;
    known.extend(witness::read_layered(environment).unwrap_or_default());
    Some(Arc::new(known))
}

/// Those that are layered, or that a task is about.
fn packages(live: &Live) -> BTreeSet<String> {
    let installed = live.installed().unwrap_or_default().iter().map(|one| &one.offer);
    let tasks = live.snapshot.iter().flat_map(|snapshot| &snapshot.tasks).map(|task| &task.request.offer);
    let offers = installed.chain(tasks);
    offers.filter(|offer| offer.source == SourceKind::Package).map(|offer| offer.reference.clone()).collect()
}

fn apps(catalogue: &Catalogue, packages: BTreeSet<String>) -> Result<BTreeMap<String, Packaged>, CatalogueError> {
    let mut apps = BTreeMap::new();
    for package in packages {
        if let Some(app) = catalogue.offer(&OfferId::package(&package))? {
            apps.insert(package, Packaged { app: app.id, name: app.name });
        }
    }
    Ok(apps)
}
