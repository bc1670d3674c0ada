//! `search --explain`: why each result stands where it does.

use crate::args::Global;
use crate::catalogue;
use crate::ending::{Ending, Trouble};
use crate::output::Output;
use crate::table::Table;
use crate::text::{clean, gettext_f};
use gettextrs::gettext;
use serde::Serialize;
use std::sync::Arc;
use strata_catalogue::{Catalogue, CatalogueError, Fit, Query, Reason};
use strata_model::{AppSummary, marked};
use strata_platform::Environment;

/// A result with its reason, as JSON.
#[derive(Debug, Serialize)]
struct Explained<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(flatten)]
    reason: &'a Reason,
}

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
        let all = explained.iter().map(|(app, reason)| Explained { id: app.id.as_str(), name: &app.name, reason });
        output.result(&all.collect::<Vec<_>>());
    } else {
        print(output, &query.text, found.corrected.as_deref(), &explained);
    }
    Ok(if explained.is_empty() { Ending::NothingFound } else { Ending::Done })
}

fn print(output: &Output, text: &str, corrected: Option<&str>, explained: &[(&AppSummary, &Reason)]) {
    if explained.is_empty() {
        output.note(&gettext_f("Nothing found for “{words}”.", &[("words", &clean(text))]));
    }
    if let Some(corrected) = corrected {
        output.note(&gettext_f("Searched for “{corrected}” instead.", &[("corrected", &clean(corrected))]));
    }
    let columns = [
        marked("Name"),
        marked("Shelf"),
        marked("Score"),
        marked("Fit"),
        marked("Relevance"),
        marked("Popularity"),
        marked("Upkeep"),
        marked("Verified"),
        marked("Found in"),
    ];
    let mut table = Table::new(columns.map(gettext).to_vec(), &[8, 0]).right(&[1, 2, 4, 5, 6]);
    for (app, reason) in explained {
        let numbers = [
            reason.shelf.to_string(),
            format!("{:.2}", reason.score),
            format!("{:.2}", reason.relevance),
            reason.popularity.map_or_else(String::new, |popularity| popularity.to_string()),
            reason.upkeep.to_string(),
        ];
        let [shelf, score, relevance, popularity, upkeep] = numbers;
        let verified = if reason.verified { gettext("yes") } else { String::new() };
        let fields = reason.fields.join(", ");
        table.row(&[&app.name, &shelf, &score, &fit(reason.fit), &relevance, &popularity, &upkeep, &verified, &fields]);
    }
    output.table(&table);
}

/// How the words fit the name.
fn fit(fit: Fit) -> String {
    gettext(match fit {
        Fit::Exact => marked("it is the name"),
        Fit::Beginning => marked("the name begins with it"),
        Fit::Prefix => marked("the name begins with these letters"),
        Fit::Misspelt => marked("it is nearly the name"),
        Fit::Inside => marked("the name has these words"),
        Fit::InsidePrefix => marked("a word of the name begins with it"),
        Fit::InsideMisspelt => marked("it is nearly a word of the name"),
        Fit::Elsewhere => marked("in other fields"),
        Fit::Loosely => marked("taken less strictly"),
        Fit::Partly => marked("only some words fit"),
    })
}
