//! `search`: from the catalogue's file alone, so that it answers before a runtime or a bus would have started.

use crate::args::{Global, Search};
use crate::ending::{Ending, Trouble};
use crate::output::Output;
use crate::table::Table;
use crate::text::gettext_f;
use crate::{catalogue, installed, json};
use gettextrs::gettext;
use std::sync::Arc;
use strata_catalogue::Query;
use strata_model::{AppSummary, Offer};
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
    let text = search.words.join(" ");
    let catalogue = catalogue::open(environment, global, output)?;
    let found = catalogue.search(&Query { text: text.clone(), limit: search.limit }).map_err(catalogue::failed)?;
    let installed = if found.apps.is_empty() { Vec::new() } else { installed::read(environment, global, output)? };
    let scope = global.installation.as_deref();
    let sources = settings::load(environment).settings.sources;
    let mut hits = Vec::new();
    for app in found.apps {
        let mut offers = catalogue.offers_of(&app.id).map_err(catalogue::failed)?;
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
        print(output, &text, found.corrected.as_deref(), &hits);
    }
    Ok(if hits.is_empty() { Ending::NothingFound } else { Ending::Done })
}

fn print(output: &Output, text: &str, corrected: Option<&str>, hits: &[Hit]) {
    if hits.is_empty() {
        output.note(&gettext_f("Nothing found for “{words}”.", &[("words", text)]));
        return;
    }
    if let Some(corrected) = corrected {
        output.note(&gettext_f(
            "Nothing found for “{words}”; shown is what “{corrected}” finds.",
            &[("words", text), ("corrected", corrected)],
        ));
    }
    let header =
        [gettext("Name"), gettext("Summary"), gettext("Id"), gettext("Version"), gettext("From"), gettext("Installed")];
    let mut table = Table::new(header.to_vec(), &[1, 2, 0, 4]);
    for Hit { app, offers, installed } in hits {
        let (version, origin) = offers.first().map_or(("", ""), |offer| (&*offer.version, &*offer.id.origin));
        let here = if *installed { gettext("installed") } else { String::new() };
        table.row(&[&app.name, &app.summary, app.id.as_str(), version, origin, &here]);
    }
    output.table(&table);
}
