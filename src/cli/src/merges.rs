//! `catalogue merges`: the apps that several sources have, and by which signs they were found to be one.

use crate::args::Global;
use crate::ending::{Ending, Trouble};
use crate::output::Output;
use crate::table::Table;
use crate::text::clean;
use crate::{catalogue, json, words};
use gettextrs::gettext;
use std::sync::Arc;
use strata_catalogue::Catalogue;
use strata_model::{AppSummary, Offer, marked};
use strata_platform::Environment;

pub(crate) fn run(environment: &Arc<Environment>, global: &Global, output: &Output) -> Result<Ending, Trouble> {
    let merges = catalogue::ask(environment, global, output, Catalogue::merges)?;
    if output.json {
        output.result(&merges.iter().map(|(app, offers)| json::Merge::new(app, offers)).collect::<Vec<_>>());
    } else {
        print(output, &merges);
    }
    Ok(if merges.is_empty() { Ending::NothingFound } else { Ending::Done })
}

/// A line for each offer that came to an app of another source.
fn print(output: &Output, merges: &[(AppSummary, Vec<Offer>)]) {
    let columns = [marked("Name"), marked("Id"), marked("Source"), marked("Offer"), marked("The same by")];
    let mut table = Table::new(columns.map(gettext).to_vec(), &[4, 3]);
    for (app, offers) in merges {
        for offer in offers.iter().filter(|offer| !offer.evidence.is_empty()) {
            let (name, source, signs) = (clean(&app.name), words::source(offer.id.source), words::evidence(offer));
            table.row(&[&name, app.id.as_str(), source, &clean(&offer.id.reference), &signs]);
        }
    }
    output.table(&table);
}
