//! `search`: from the catalogue's file alone, so that it answers before a runtime or a bus would have started.

use crate::args::{Global, Search};
use crate::ending::{Ending, Trouble};
use crate::output::Output;
use crate::table::Table;
use crate::text::{clean, gettext_f};
use crate::{catalogue, explain, installed, json, session, words};
use gettextrs::gettext;
use std::sync::Arc;
use strata_catalogue::{Catalogue, CatalogueError, Filter, Query};
use strata_model::{AppId, AppSummary, Offer, PartKind, offer};
use strata_platform::{Environment, settings};

/// One app that was found, with what it can be had as.
#[derive(Debug)]
struct Hit {
    app: AppSummary,
    offers: Vec<Offer>,
    installed: bool,
}

pub(crate) fn run(
    environment: &Arc<Environment>,
    global: &Global,
    output: &Output,
    search: &Search,
) -> Result<Ending, Trouble> {
    session::check_scope(environment, global, output)?;
    let text = search.words.join(" ");
    let filter = filter(environment, global, output, search)?;
    let query = Query { limit: search.limit, filter, ..Query::new(text.as_str()) };
    if search.explain {
        return explain::run(environment, global, output, &query);
    }
    let (found, corrected) = catalogue::ask(environment, global, output, |catalogue| find(catalogue, &query))?;
    let installed = if found.is_empty() { Vec::new() } else { installed::read(environment, global, output)? };
    let scope = global.installation.as_deref();
    let sources = settings::load(environment).settings.sources;
    let mut hits = Vec::new();
    for (app, mut offers) in found {
        sources.arrange(&mut offers);
        offers.retain(|offer| scope.is_none_or(|scope| offer.id.scope == scope));
        let here = !installed::of_app(&installed, &app.id, &offers, scope).is_empty();
        if here || !offers.is_empty() {
            hits.push(Hit { app, offers, installed: here });
        }
    }
    if output.json {
        let hits: Vec<_> = hits.iter().map(|hit| json::Hit::new(&hit.app, hit.installed, &hit.offers)).collect();
        output.result(&hits);
    } else {
        print(output, &clean(&text), corrected.as_deref(), &hits);
    }
    Ok(if hits.is_empty() { Ending::NothingFound } else { Ending::Done })
}

fn filter(
    environment: &Arc<Environment>,
    global: &Global,
    output: &Output,
    search: &Search,
) -> Result<Filter, Trouble> {
    let scope = global.installation.as_deref();
    let installed = if search.installed {
        let parts = installed::read(environment, global, output)?;
        let apps = parts.iter().filter(|part| part.kind == PartKind::App);
        let here = apps.filter(|part| scope.is_none_or(|scope| part.offer.scope == scope));
        Some(here.filter_map(|part| AppId::new(&part.id).ok()).collect())
    } else {
        None
    };
    let Search { source, category, verified, free, phone, .. } = *search;
    Ok(Filter { source, category, verified, free, phone, installed })
}

/// The apps that were found with their offers, and the words that were meant, if others than those typed.
type Found = (Vec<(AppSummary, Vec<Offer>)>, Option<String>);

fn find(catalogue: &Catalogue, query: &Query) -> Result<Found, CatalogueError> {
    let found = catalogue.search(query)?;
    let with_offers = |app: AppSummary| catalogue.offers_of(&app.id).map(|offers| (app, offers));
    Ok((found.apps.into_iter().map(with_offers).collect::<Result<_, _>>()?, found.corrected))
}

fn print(output: &Output, text: &str, corrected: Option<&str>, hits: &[Hit]) {
    if hits.is_empty() {
        output.note(&gettext_f("Nothing found for “{words}”.", &[("words", text)]));
        return;
    }
    if let Some(corrected) = corrected {
        output.note(&gettext_f(
            "Nothing found for “{words}”; shown is what “{corrected}” finds.",
            &[("words", text), ("corrected", &clean(corrected))],
        ));
    }
    let header =
        [gettext("Name"), gettext("Summary"), gettext("Id"), gettext("Version"), gettext("Origin"), gettext("State")];
    let mut table = Table::new(header.to_vec(), &[1, 2, 0, 4]);
    for Hit { app, offers, installed } in hits {
        let (version, origin) = offers.first().map_or(("", ""), |offer| (&*offer.version, &*offer.id.origin));
        table.row(&[&app.name, &app.summary, app.id.as_str(), version, origin, &state(*installed, offers)]);
    }
    output.table(&table);
}

/// Whether it is here, else what speaks against getting it.
fn state(installed: bool, offers: &[Offer]) -> String {
    match offer::obstacle(offers) {
        _ if installed => gettext("installed"),
        Some(obstacle) => words::short_obstacle(obstacle),
        None => String::new(),
    }
}
