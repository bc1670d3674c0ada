//! `search --explain`: why each result stands where it does.

use crate::args::Global;
use crate::ending::{Ending, Trouble};
use crate::output::Output;
use crate::search::{self, Taken};
use crate::table::Table;
use crate::text::clean;
use crate::{catalogue, json};
use gettextrs::gettext;
use std::sync::Arc;
use strata_catalogue::{Catalogue, CatalogueError, Fit, Query, Reason};
use strata_model::{AppSummary, marked};
use strata_platform::Environment;

pub(crate) fn run(
    environment: &Arc<Environment>,
    global: &Global,
    output: &Output,
    query: &Query,
) -> Result<Ending, Trouble> {
    let ask = |catalogue: &Catalogue| -> Result<_, CatalogueError> { catalogue.explain(query) };
    let (found, reasons) = catalogue::ask(environment, global, output, ask)?;
    let explained: Vec<(&AppSummary, &Reason)> = found.apps.iter().zip(&reasons).collect();
    if output.json {
        let all = explained.iter().map(|(app, reason)| json::Explained::new(app, reason));
        output.result(&all.collect::<Vec<_>>());
    } else {
        search::note(output, &query.text, &Taken::of(&found), !explained.is_empty());
        print(output, &explained);
    }
    Ok(if explained.is_empty() { Ending::NothingFound } else { Ending::Done })
}

fn print(output: &Output, explained: &[(&AppSummary, &Reason)]) {
    let columns = [
        marked("Name"),
        marked("Shelf"),
        marked("Score"),
        marked("Fit"),
        marked("Relevance"),
        marked("Prior"),
        marked("Popularity"),
        marked("Upkeep"),
        marked("Verified"),
        marked("Found in"),
    ];
    let mut table = Table::new(columns.map(gettext).to_vec(), &[9, 0]).right(&[1, 2, 4, 5, 6, 7]);
    for (app, reason) in explained {
        let numbers = [
            reason.shelf.to_string(),
            format!("{:.2}", reason.score),
            format!("{:.2}", reason.relevance),
            reason.prior.to_string(),
            reason.popularity.map_or_else(String::new, |popularity| popularity.to_string()),
            reason.upkeep.to_string(),
        ];
        let [shelf, score, relevance, prior, popularity, upkeep] = numbers;
        let verified = if reason.verified { gettext("yes") } else { String::new() };
        let fields = reason.fields.join(", ");
        let fit = fit(reason);
        table.row(&[&app.name, &shelf, &score, &fit, &relevance, &prior, &popularity, &upkeep, &verified, &fields]);
    }
    output.table(&table);
}

/// How the words fit the name, and what they were taken for.
fn fit(reason: &Reason) -> String {
    let fit = gettext(match reason.fit {
        Fit::Exact => marked("it is the name"),
        Fit::Beginning => marked("the name begins with it"),
        Fit::Prefix => marked("the name begins with these letters"),
        Fit::Misspelt => marked("it is nearly the name"),
        Fit::Inside => marked("the name has these words"),
        Fit::InsidePrefix => marked("a word of the name begins with it"),
        Fit::InsideMisspelt => marked("it is nearly a word of the name"),
        Fit::Elsewhere => marked("in other fields"),
        Fit::ElsewhereMisspelt => marked("it is nearly in other fields"),
        Fit::Form => marked("other forms of these words"),
        Fit::InText => marked("in the description only"),
        Fit::Loosely => marked("taken less strictly"),
    });
    match &reason.taken_for {
        Some(words) => format!("{fit}: “{}”", clean(words)),
        None => fit,
    }
}
