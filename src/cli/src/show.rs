//! `show`: everything the catalogue knows about an app, and how it is installed.

use crate::args::{Global, Show};
use crate::choice::{self, Choice};
use crate::ending::{Ending, Trouble};
use crate::lookup::{self, Known};
use crate::naming::Match;
use crate::output::{Output, bold};
use crate::resolve::packaged;
use crate::text::{bytes, clean, day, gettext_f};
use crate::{catalogue, installed, json, packages, resolve, session, words};
use gettextrs::gettext;
use std::sync::Arc;
use strata_catalogue::Catalogue;
use strata_model::app::{App, Release};
use strata_model::evidence::Sign;
use strata_model::plan::{Warning, WarningKind};
use strata_model::settings::Sources;
use strata_model::text::{Block, Span};
use strata_model::{Installed, Offer, PartKind, SourceKind, marked, oars};
use strata_platform::{Environment, settings};

pub(crate) fn run(
    environment: &Arc<Environment>,
    global: &Global,
    output: &Output,
    asked: &Show,
) -> Result<Ending, Trouble> {
    session::check_scope(environment, global, output)?;
    let mut installed = installed::read(environment, global, output)?;
    let app = match package(environment, global, output, asked)? {
        Some(package) => package,
        None => find(environment, global, output, &asked.app, &mut installed)?,
    };
    if installed::may_be_layered(environment, &app.offers) {
        installed = installed::read_with_system(environment, global, output)?;
    }
    let scope = global.installation.as_deref();
    let mut offers = app.offers.clone();
    let sources = settings::load(environment).settings.sources;
    sources.arrange(&mut offers);
    let is_from = |source| asked.source.is_none_or(|wanted| wanted == source);
    offers.retain(|offer| scope.is_none_or(|scope| offer.id.scope == scope) && is_from(offer.id.source));
    let mut installed = installed::of_app(&installed, &app.head.id, &app.offers, scope);
    installed.retain(|part| is_from(part.offer.source));
    if let Some(source) = asked.source.filter(|_| offers.is_empty() && installed.is_empty()) {
        let values = [("name", &*clean(&asked.app)), ("source", source.as_str())];
        return Err(Trouble::NothingFound(gettext_f("“{name}” is not to be had from the source “{source}”.", &values)));
    }
    if output.json {
        output.result(&json::Page::new(&app, &offers, &installed));
    } else {
        let source = asked.source.map(|source| format!("--source {} ", source.as_str())).unwrap_or_default();
        let plan = format!("stratactl plan {source}{}", app.head.id);
        print(output, &app, &offers, &installed, &sources, &plan);
    }
    Ok(Ending::Done)
}

/// The package of that name, where packages are asked for and no list of apps has it.
fn package(
    environment: &Arc<Environment>,
    global: &Global,
    output: &Output,
    asked: &Show,
) -> Result<Option<Box<App>>, Trouble> {
    let is_told = asked.source != Some(SourceKind::Package) || packaged(environment, &asked.app).is_some();
    if is_told || !packages::are_to_be_had(environment) {
        return Ok(None);
    }
    packages::named(environment, global, output, &asked.app)
}

/// The app that is called so, or that the person then takes of those that are called nearly so.
fn find(
    environment: &Arc<Environment>,
    global: &Global,
    output: &Output,
    name: &str,
    installed: &mut Vec<Installed>,
) -> Result<Box<App>, Trouble> {
    let look_up = |installed: &[Installed]| {
        catalogue::ask(environment, global, output, |catalogue: &Catalogue| lookup::look_up(catalogue, name, installed))
    };
    let mut known = look_up(installed)?;
    // It may be a package that is layered.
    if matches!(known, Known::Called(Match::Near(_))) && installed::is_layering_unknown(environment) {
        *installed = installed::read_with_system(environment, global, output)?;
        known = look_up(installed)?;
    }
    let found = match known {
        Known::App(app) => return Ok(app),
        Known::Called(found) => found,
    };
    let meant = match Choice::of(name, found, resolve::unknown(name)) {
        Ok(one) => one,
        Err(choice) if choice.is_any() && choice::can_choose(output, global.yes) => {
            choice.ask().ok_or(Trouble::Cancelled)?
        }
        Err(choice) => return Err(choice.refusal(&resolve::advice(name))),
    };
    let page = |catalogue: &Catalogue| lookup::app(catalogue, &meant.id, installed);
    let app = catalogue::ask(environment, global, output, page)?;
    app.ok_or_else(|| resolve::not_found(name))
}

fn print(output: &Output, app: &App, offers: &[Offer], installed: &[&Installed], sources: &Sources, plan: &str) {
    let head = &app.head;
    output.line(&format!("{}  {}", bold(&clean(&head.name)), head.id));
    output.paragraph(&clean(&head.summary), 0);
    output.line("");
    let developer = clean(&head.developer);
    let by = if head.verified { gettext_f("{developer} (verified)", &[("developer", &developer)]) } else { developer };
    let facts = [
        (gettext("Developer"), by.trim().to_owned()),
        (gettext("Licence"), clean(&app.license)),
        (gettext("Categories"), clean(&app.categories.join(", "))),
        (gettext("Keywords"), clean(&app.keywords.join(", "))),
        (gettext("Verified by"), clean(&app.verified_by)),
        (gettext("Suited from"), age(app)),
        (gettext("Made for"), if app.relations.fits_phone() { gettext("desktops and phones") } else { String::new() }),
    ];
    for (label, fact) in facts.iter().filter(|(_, fact)| !fact.is_empty()) {
        output.line(&format!("{label}: {fact}"));
    }
    for link in &app.links {
        output.line(&format!("{}: {}", link_label(link.kind), clean(&link.url)));
    }
    if app.offers.is_empty() && !installed.is_empty() {
        let is_package = installed.iter().all(|part| part.kind == PartKind::Package);
        let sentence = if is_package {
            marked("A package that was added to the system; no list of apps has it.")
        } else {
            marked("No list of apps has it: this is what it tells of itself where it is installed.")
        };
        output.paragraph(&gettext(sentence), 0);
    }
    print_offers(output, offers, installed, sources);
    if installed.is_empty() && offers.iter().any(Offer::is_installable) {
        output
            .paragraph(&gettext_f("To see what it may do and what comes with it: {command}", &[("command", plan)]), 0);
    }
    for block in &app.description {
        output.line("");
        print_block(output, block, 0);
    }
    if let Some(release) = app.releases.first() {
        print_release(output, release);
    }
    if !app.addons.is_empty() {
        output.line(&format!("\n{}", bold(&gettext("Add-ons"))));
        for addon in &app.addons {
            output.line(&format!("  {}  {}  {}", addon.id, clean(&addon.name), clean(&addon.summary)));
        }
    }
}

fn link_label(kind: strata_model::app::LinkKind) -> String {
    use strata_model::app::LinkKind;
    gettext(match kind {
        LinkKind::Homepage => marked("Homepage"),
        LinkKind::Bugtracker => marked("Report a problem"),
        LinkKind::Faq => marked("Questions and answers"),
        LinkKind::Help => marked("Help"),
        LinkKind::Donation => marked("Donate"),
        LinkKind::Translate => marked("Translate"),
        LinkKind::Contact => marked("Contact"),
        LinkKind::VcsBrowser => marked("Source"),
        LinkKind::Contribute => marked("Contribute"),
    })
}

fn print_offers(output: &Output, offers: &[Offer], installed: &[&Installed], sources: &Sources) {
    for part in installed {
        let at = format!("{} {}", clean(&part.version), place(&part.offer, &part.offer.origin));
        output.line(&format!("{}: {}", gettext("Installed"), at.trim_start()));
        if part.leaving {
            let leaving = Warning { kind: WarningKind::Leaving, subject: part.name.clone(), end_of_life: None };
            output.paragraph(&words::warning(&leaving), 2);
        }
    }
    let mut before: Option<&Offer> = None;
    for offer in offers {
        let at = format!("{} {}", clean(&offer.version), place(&offer.id, offer.from()));
        output.line(&format!("{}: {}", gettext("Offered"), at.trim_start()));
        let sizes =
            [(marked("download {size}"), offer.download_size), (marked("on the disk {size}"), offer.installed_size)];
        let known = sizes.into_iter().filter(|(_, size)| *size > 0);
        let said: Vec<_> = known.map(|(words, size)| gettext_f(words, &[("size", &bytes(size))])).collect();
        if !said.is_empty() {
            output.line(&format!("  {}", said.join(", ")));
        }
        if let Some(obstacle) = &offer.obstacle {
            output.paragraph(&words::obstacle(obstacle), 2);
        }
        if offer.evidence.iter().any(|evidence| evidence.sign != Sign::Id) {
            let signs = words::evidence(offer);
            output.paragraph(&gettext_f("It is this app by {signs}.", &[("signs", &signs)]), 2);
        }
        if let Some(before) = before.replace(offer) {
            output.paragraph(&words::why(before, offer, sources), 2);
        }
    }
}

fn age(app: &App) -> String {
    match oars::minimum_age(&app.content_rating) {
        None => String::new(),
        Some(0) => gettext("any age"),
        Some(years) => gettext_f("{years} years", &[("years", &years.to_string())]),
    }
}

fn place(offer: &strata_model::OfferId, from: &str) -> String {
    let parts = [words::source(offer.source), from, &offer.scope, &offer.reference];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).map(clean).collect();
    format!("({})", parts.join(", "))
}

fn print_block(output: &Output, block: &Block, indent: usize) {
    match block {
        Block::Paragraph { spans } => output.paragraph(&joined(spans), indent),
        Block::List { ordered, items } => {
            for (number, item) in items.iter().enumerate() {
                let mark = if *ordered { format!("{}. ", number + 1) } else { "- ".to_owned() };
                output.paragraph(&(mark + &joined(item)), indent + 2);
            }
        }
    }
}

fn joined(spans: &[Span]) -> String {
    clean(&spans.iter().map(|span| &*span.text).collect::<String>())
}

fn print_release(output: &Output, release: &Release) {
    let date = day(release.date);
    let heading = gettext_f("What is new in {version}", &[("version", &clean(&release.version))]);
    let beta = if release.development { gettext("not yet for everybody") } else { String::new() };
    let beside = [date, beta].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    let heading = if beside.is_empty() { heading } else { format!("{heading} ({beside})") };
    output.line(&format!("\n{}", bold(&heading)));
    for block in &release.notes {
        print_block(output, block, 2);
    }
    if !release.url.is_empty() {
        output.line(&format!("  {}: {}", gettext("More about it"), clean(&release.url)));
    }
}
