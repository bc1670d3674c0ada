//! Which apps it is about what is installed and worked on, where the engine names a package or a place in a list only: the
//! catalogue knows whose these are.

use super::{Cmd, Window};
use crate::live::{Live, Whose, unnamed};
use relm4::ComponentSender;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use strata_catalogue::{Catalogue, CatalogueError};
use strata_model::{Installed, OfferId};
use strata_platform::{Environment, witness};

/// The offers that were asked about, and of which catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    generation: u64,
    offers: BTreeSet<OfferId>,
}

impl Window {
    /// Asks whose these are, where that was not asked yet.
    pub(super) fn ask_whose(&mut self, sender: &ComponentSender<Self>) {
        let generation = self.live.snapshot.as_ref().map_or(0, |snapshot| snapshot.catalogue.generation);
        let asked = Asked { generation, offers: offers(&self.live) };
        if self.whose == asked {
            return;
        }
        self.whose = asked.clone();
        if asked.offers.is_empty() {
            self.live.whose = Arc::default();
            return;
        }
        let offers = asked.offers.clone();
        let answer = self.context.reader.ask(move |catalogue| apps(catalogue, offers));
        // Without a catalogue no app is shown that could be one of them.
        sender.oneshot_command(async move { Cmd::Whose(asked, answer.await.unwrap_or_default()) });
    }

    pub(super) fn hear_whose(&mut self, asked: &Asked, apps: BTreeMap<OfferId, Whose>) {
        if *asked == self.whose && *self.live.whose != apps {
            self.live.whose = Arc::new(apps);
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

/// Those of what is installed, and of what tasks are about.
fn offers(live: &Live) -> BTreeSet<OfferId> {
    let installed = live.installed().unwrap_or_default().iter().map(|one| &one.offer);
    let tasks = live.snapshot.iter().flat_map(|snapshot| &snapshot.tasks).map(|task| &task.request.offer);
    installed.chain(tasks).filter_map(unnamed).collect()
}

fn apps(catalogue: &Catalogue, offers: BTreeSet<OfferId>) -> Result<BTreeMap<OfferId, Whose>, CatalogueError> {
    let mut apps = BTreeMap::new();
    for offer in offers {
        if let Some(app) = catalogue.offer(&offer)? {
            apps.insert(offer, Whose { app: app.id, name: app.name });
        }
    }
    Ok(apps)
}
