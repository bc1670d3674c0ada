//! Packages that no list of apps has: the system's update daemon is asked for them, where somebody looks for packages.

use crate::args::{Global, Search};
use crate::ending::Trouble;
use crate::output::{Output, bold};
use crate::session::Session;
use crate::table::Table;
use crate::{installed, session, words};
use gettextrs::gettext;
use std::collections::HashSet;
use std::sync::Arc;
use strata_model::system_update::FoundPackage;
use strata_model::{App, AppId, AppSummary, Obstacle, Offer, OfferId, SourceKind};
use strata_platform::{Environment, layering, settings};

/// A package that was found.
#[derive(Debug)]
pub(crate) struct Hit {
    pub(crate) package: FoundPackage,
    /// The one way to get it.
    pub(crate) offer: Offer,
    /// It is layered, from the next start on at the latest.
    pub(crate) installed: bool,
}

/// The daemon is to be asked: it takes a second and more, so only where packages were asked for, by words; and of a package
/// it knows nothing that the other options ask for.
pub(crate) fn are_asked(environment: &Environment, global: &Global, search: &Search) -> bool {
    search.source == Some(SourceKind::Package) && could_be_asked(environment, global, search)
}

/// Whoever found nothing could ask for packages, which here are to be had.
pub(crate) fn are_worth_a_hint(environment: &Environment, global: &Global, search: &Search) -> bool {
    search.source.is_none() && could_be_asked(environment, global, search)
}

fn could_be_asked(environment: &Environment, global: &Global, search: &Search) -> bool {
    let Search { category, verified, free, phone, installed, .. } = *search;
    let is_narrowed = category.is_some() || verified || free || phone || installed || global.installation.is_some();
    let has_words = search.words.iter().any(|word| !word.trim().is_empty());
    has_words && !is_narrowed && are_to_be_had(environment)
}

/// The system takes packages, and nobody switched them off.
pub(crate) fn are_to_be_had(environment: &Environment) -> bool {
    obstacle(environment).is_none()
}

/// What speaks against all packages of the system, if anything.
fn obstacle(environment: &Environment) -> Option<Obstacle> {
    if !settings::load(environment).settings.sources.packages {
        return Some(Obstacle::SourceOff { source: SourceKind::Package });
    }
    layering::obstacle(environment).map(|obstacle| Obstacle::System { obstacle })
}

/// Why there are none to be found, for whoever looked for packages alone.
pub(crate) fn say_why_none(environment: &Environment, output: &Output, search: &Search) {
    if let Some(obstacle) = obstacle(environment).filter(|_| search.source == Some(SourceKind::Package)) {
        output.note(&words::obstacle(&obstacle));
    }
}

/// What the daemon finds, but for the packages of apps that were found already; each name once.
pub(crate) fn find(
    environment: &Arc<Environment>,
    global: &Global,
    output: &Output,
    search: &Search,
    known: &[OfferId],
) -> Result<Vec<Hit>, Trouble> {
    let mut told: HashSet<String> = known.iter().map(|offer| offer.reference.clone()).collect();
    let words: Vec<String> =
        search.words.iter().flat_map(|words| words.split_whitespace()).map(str::to_owned).collect();
    let (found, layered) = session::run(environment, global, output, async |mut session: Session| {
        let engine = session.engine.clone();
        let found = session.interrupt.or(engine.search_packages(&words)).await??;
        Ok((found, installed::with_system(&mut session).await?))
    })?;
    let hit = |package: FoundPackage| {
        let offer = Offer::new(OfferId::package(&package.name));
        let installed = layered.iter().any(|part| part.offer == offer.id);
        Hit { package, offer, installed }
    };
    let new = found.into_iter().filter(|package| told.insert(package.name.clone()));
    Ok(new.take(search.limit.into()).map(hit).collect())
}

/// The package of exactly this name, as far as the daemon tells of it: of several versions any.
pub(crate) fn named(
    environment: &Arc<Environment>,
    global: &Global,
    output: &Output,
    name: &str,
) -> Result<Option<Box<App>>, Trouble> {
    let words = [name.to_owned()];
    let found = session::run(environment, global, output, async |mut session: Session| {
        let engine = session.engine.clone();
        Ok(session.interrupt.or(engine.search_packages(&words)).await??)
    })?;
    let Some(package) = found.into_iter().find(|package| package.name == name) else { return Ok(None) };
    let Ok(id) = AppId::new(&package.name) else { return Ok(None) };
    let head = AppSummary { name: package.name, summary: package.summary, ..AppSummary::new(id) };
    let offer =
        Offer { version: package.version, list: package.repository, ..Offer::new(OfferId::package(&head.name)) };
    Ok(Some(Box::new(App { offers: vec![offer], ..App::new(head) })))
}

/// The group below the apps. Of several versions the daemon names any: which one comes, a plan says.
pub(crate) fn print(output: &Output, hits: &[Hit]) {
    if hits.is_empty() {
        return;
    }
    if output.width().is_some() {
        output.line(&bold(&gettext("Packages of the system")));
    }
    let header = [gettext("Name"), gettext("Summary"), gettext("Repository"), gettext("State")];
    let mut table = Table::new(header.to_vec(), &[1, 0, 2]);
    for Hit { package, installed, .. } in hits {
        let state = if *installed { gettext("installed") } else { String::new() };
        table.row(&[&package.name, &package.summary, &package.repository, &state]);
    }
    output.table(&table);
}
