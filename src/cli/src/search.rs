//! `search`: from the catalogue's file alone, so that it answers before a runtime or a bus would have started.

use crate::args::{Global, Search};
use crate::ending::{Ending, Trouble};
use crate::output::Output;
use crate::table::Table;
use crate::text::{clean, gettext_f};
use crate::{catalogue, explain, installed, json, session, words};
use gettextrs::gettext;
use std::sync::Arc;
use strata_catalogue::{Catalogue, CatalogueError, Corrected, Filter, Query};
use strata_model::{AppId, AppSummary, Offer, PartKind, marked, offer};
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
        let corrected = corrected.as_ref().map(|corrected| &*corrected.words);
        let heads = hits.iter().map(|hit| json::Hit::new(&hit.app, hit.installed, &hit.offers));
        output.result(&heads.map(|head| json::Found { head, corrected }).collect::<Vec<_>>());
    } else {
        print(output, &text, corrected.as_ref(), &hits);
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
type Found = (Vec<(AppSummary, Vec<Offer>)>, Option<Corrected>);

fn find(catalogue: &Catalogue, query: &Query) -> Result<Found, CatalogueError> {
    let found = catalogue.search(query)?;
    let with_offers = |app: AppSummary| catalogue.offers_of(&app.id).map(|offers| (app, offers));
    Ok((found.apps.into_iter().map(with_offers).collect::<Result<_, _>>()?, found.corrected))
}

/// Says what the words were taken for, or that they find nothing.
pub(crate) fn note(output: &Output, text: &str, corrected: Option<&Corrected>, any: bool) {
    let text = clean(text);
    if !any {
        output.note(&gettext_f("Nothing found for “{words}”.", &[("words", &text)]));
    } else if let Some(Corrected { words, instead }) = corrected {
        let sentence = if *instead {
            marked("Nothing found for “{words}”; shown is what “{corrected}” finds.")
        } else {
            marked("Shown first is what “{corrected}” finds, then what “{words}” finds.")
        };
        output.note(&gettext_f(sentence, &[("words", &text), ("corrected", &clean(words))]));
    }
}

fn print(output: &Output, text: &str, corrected: Option<&Corrected>, hits: &[Hit]) {
    note(output, text, corrected, !hits.is_empty());
    if hits.is_empty() {
        return;
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
