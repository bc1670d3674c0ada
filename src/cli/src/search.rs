//! `search`: from the catalogue's file alone, so that it answers before a runtime or a bus would have started.

use crate::args::{Global, Search};
use crate::ending::{Ending, Trouble};
use crate::output::Output;
use crate::table::Table;
use crate::text::{clean, gettext_f};
use crate::{catalogue, explain, installed, json, origin, packages, session, words};
use gettextrs::gettext;
use std::sync::Arc;
use strata_catalogue::{Catalogue, CatalogueError, Corrected, Filter, Fit, Found, List, Page, Partly, Query, Scope};
use strata_model::{AppId, AppSummary, Installed, Offer, OfferId, PartKind, SourceKind, marked, offer};
use strata_platform::{Environment, settings};

/// One app that was found, with what it can be had as.
#[derive(Debug)]
struct Hit {
    app: AppSummary,
    offers: Vec<Offer>,
    /// As it is here, if it is.
    installed: Option<Installed>,
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
    let query = Query { limit: search.limit.into(), filter, ..Query::new(text.as_str()) };
    if search.explain {
        return explain::run(environment, global, output, &query);
    }
    let mut installed = installed::read(environment, global, output)?;
    let scope = global.installation.as_deref();
    installed.retain(|part| is_shown(part.kind) && scope.is_none_or(|scope| part.offer.scope == scope));
    let apps: Vec<_> = installed.iter().filter(|part| part.kind == PartKind::App).cloned().collect();
    let ((found, mut taken), unlisted) = catalogue::ask(environment, global, output, |catalogue| {
        Ok((find(catalogue, &query)?, catalogue.unlisted(&query, &apps)?))
    })?;
    let sources = settings::load(environment).settings.sources;
    let hit = |(app, mut offers): (AppSummary, Vec<Offer>)| {
        sources.arrange(&mut offers);
        offers.retain(|offer| scope.is_none_or(|scope| offer.id.scope == scope));
        let here = installed::of_app(&installed, &app.id, &offers, scope).first().map(|&part| part.clone());
        Hit { app, offers, installed: here }
    };
    let mut hits: Vec<Hit> = found.into_iter().map(hit).collect();
    // Nobody says how likely they are meant, so only what is called exactly so comes first.
    for (fit, part) in unlisted {
        if let Some(app) = AppSummary::of_installed(&part) {
            let place = if fit == Fit::Exact { 0 } else { hits.len() };
            if fit == Fit::Exact {
                taken = Taken::default();
            }
            hits.insert(place, Hit { app, offers: Vec::new(), installed: Some(part) });
        }
    }
    let of_packages: Vec<OfferId> = packages_of(&hits).cloned().collect();
    hits.truncate(query.limit);
    let asks = packages::are_asked(environment, global, search);
    if !output.json {
        // What is known at once is there at once.
        if !(asks && hits.is_empty()) {
            note(output, &text, &taken, !hits.is_empty());
        }
        print(output, &hits);
    }
    let packages = if asks { packages::find(environment, global, output, search, &of_packages)? } else { Vec::new() };
    let is_nothing = hits.is_empty() && packages.is_empty();
    if output.json {
        let apps = hits.iter().map(|hit| json::Hit::new(&hit.app, hit.installed.is_some(), &hit.offers));
        let apps = apps.enumerate().map(|(place, head)| found_app(place, head, &taken));
        output.result(&apps.chain(packages.iter().map(json::Found::package)).collect::<Vec<_>>());
    } else {
        packages::print(output, &packages);
        if is_nothing && asks {
            note(output, &text, &taken, false);
        }
    }
    if is_nothing && packages::are_worth_a_hint(environment, global, search) {
        output.note(&gettext("Packages of the system are looked for with: --source package"));
    }
    if is_nothing {
        packages::say_why_none(environment, output, search);
    }
    if hits.is_empty() && !asks {
        origin::say_if_none(environment, global, output)?;
    }
    Ok(if is_nothing { Ending::NothingFound } else { Ending::Done })
}

/// The packages among the ways to get what was found.
fn packages_of(hits: &[Hit]) -> impl Iterator<Item = &OfferId> {
    let offers = hits.iter().flat_map(|hit| &hit.offers).map(|offer| &offer.id);
    offers.filter(|offer| offer.source == SourceKind::Package)
}

/// `place`: which of the apps that were found it is.
fn found_app<'a>(place: usize, head: json::Hit<'a>, taken: &'a Taken) -> json::Found<'a> {
    let Taken { corrected, partly, only_mentioned, .. } = taken;
    let partly = partly.as_ref().filter(|partly| partly.from <= place);
    let left_out = partly.map_or(&[][..], |partly| &partly.left_out);
    let whole = corrected.as_ref().map(|corrected| &*corrected.words);
    let corrected = partly.map(|partly| &*partly.words).or(whole);
    json::Found { head, corrected, left_out, only_mentioned: *only_mentioned, package: None }
}

fn filter(
    environment: &Arc<Environment>,
    global: &Global,
    output: &Output,
    search: &Search,
) -> Result<Filter, Trouble> {
    let name = global.installation.as_deref();
    let here = if search.installed || name.is_some() {
        let parts = installed::read(environment, global, output)?;
        let apps = parts.iter().filter(|part| part.kind == PartKind::App);
        let here = apps.filter(|part| name.is_none_or(|name| part.offer.scope == name));
        here.filter_map(|part| AppId::new(&part.id).ok()).collect()
    } else {
        Vec::new()
    };
    let scope = name.map(|name| Scope { name: name.to_owned(), installed: here.clone() });
    let installed = search.installed.then_some(here);
    let Search { source, category, verified, free, phone, .. } = *search;
    Ok(Filter { source, category, verified, free, phone, installed, scope })
}

/// What can be an app: packages are, where a list says so.
const fn is_shown(kind: PartKind) -> bool {
    matches!(kind, PartKind::App | PartKind::Package)
}

/// What the words were taken for, if others than those typed.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    corrected: Option<Corrected>,
    partly: Option<Partly>,
    only_mentioned: bool,
    filtered: bool,
}

impl Taken {
    pub(crate) fn of(found: &Found) -> Self {
        let Found { corrected, partly, only_mentioned, filtered, .. } = found.clone();
        Self { corrected, partly, only_mentioned, filtered }
    }
}

/// Apps, each with its offers.
type Offered = Vec<(AppSummary, Vec<Offer>)>;

/// The apps that were found. Without words these are all that the filter leaves, the likeliest first.
fn find(catalogue: &Catalogue, query: &Query) -> Result<(Offered, Taken), CatalogueError> {
    let (apps, taken) = if query.text.trim().is_empty() {
        let page = Page { offset: 0, limit: query.limit };
        (catalogue.browse_narrowed(&List::Likeliest, &query.filter, page)?, Taken::default())
    } else {
        let found = catalogue.search(query)?;
        let taken = Taken::of(&found);
        (found.apps, taken)
    };
    let with_offers = |app: AppSummary| catalogue.offers_of(&app.id).map(|offers| (app, offers));
    Ok((apps.into_iter().map(with_offers).collect::<Result<_, _>>()?, taken))
}

/// Says what the words were taken for, or that they find nothing.
pub(crate) fn note(output: &Output, text: &str, taken: &Taken, any: bool) {
    let text = shortened(&clean(text));
    let say = |sentence: &str, others: &[(&str, &str)]| {
        output.note(&gettext_f(sentence, &[&[("words", &*text)], others].concat()));
    };
    if text.trim().is_empty() {
        if !any {
            output.note(&gettext("Nothing."));
        }
        return;
    }
    match taken {
        Taken { filtered: true, .. } if !any => {
            say(marked("Nothing found for “{words}” with these options; without them, something is."), &[]);
        }
        _ if !any => say(marked("Nothing found for “{words}”."), &[]),
        Taken { corrected: Some(Corrected { words, instead: true }), .. } => {
            say(
                marked("Nothing found for “{words}”; shown is what “{corrected}” finds."),
                &[("corrected", &shortened(&clean(words)))],
            );
        }
        Taken { corrected: Some(Corrected { words, .. }), .. } => {
            let corrected = shortened(&clean(words));
            say(
                marked("Shown first is what “{corrected}” finds, then what “{words}” finds."),
                &[("corrected", &corrected)],
            );
        }
        Taken { partly: Some(Partly { words, left_out, from }), .. } => {
            let sentence = match from {
                0 => marked("Nothing has all of “{words}”; shown is what “{corrected}” finds, without “{left_out}”."),
                _ => marked(
                    "Shown first is what has all of “{words}”, then what “{corrected}” finds, without “{left_out}”.",
                ),
            };
            let left_out = shortened(&clean(&left_out.join(" ")));
            say(sentence, &[("corrected", &shortened(&clean(words))), ("left_out", &left_out)]);
        }
        Taken { only_mentioned: true, .. } => say(marked("Only descriptions mention “{words}”."), &[]),
        Taken { .. } => {}
    }
}

/// As much of a text as a sentence has room for.
fn shortened(text: &str) -> String {
    const MOST: usize = 80;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn print(output: &Output, hits: &[Hit]) {
    let header =
        [gettext("Name"), gettext("Summary"), gettext("Id"), gettext("Version"), gettext("Origin"), gettext("State")];
    let mut table = Table::new(header.to_vec(), &[2, 1, 0, 4]);
    for Hit { app, offers, installed } in hits {
        let offered = offers.first().map(|offer| (&*offer.version, offer.from()));
        let here = installed.as_ref().map(|part| (&*part.version, &*part.offer.origin));
        let (version, origin) = offered.or(here).unwrap_or_default();
        table.row(&[&app.name, &app.summary, app.id.as_str(), version, origin, &state(installed.is_some(), offers)]);
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
