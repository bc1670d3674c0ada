//! Apps of the catalogue: one that was found, and everything about one.

use super::{Offer, Part, at};
use crate::words;
use serde::Serialize;
use std::collections::BTreeMap;
use strata_catalogue::{Fit, Reason};
use strata_model::app::{App, AppSummary, Branding, Provided, Translation};
use strata_model::relation::Relations;
use strata_model::system_update::FoundPackage;
use strata_model::{Installed, Obstacle as ModelObstacle, Offer as ModelOffer, oars};

/// An offer as the catalogue knows it: whether it can be installed, and how large it is.
#[derive(Debug, Serialize)]
pub(crate) struct Way<'a> {
    #[serde(flatten)]
    offer: Offer<'a>,
    list: &'a str,
    verified: bool,
    download_size: u64,
    installed_size: u64,
    installable: bool,
    obstacle: Option<Obstacle<'a>>,
    evidence: Vec<Sign<'a>>,
}

/// What speaks for an offer being of its app.
#[derive(Debug, Serialize)]
pub(crate) struct Sign<'a> {
    sign: &'static str,
    detail: &'a str,
}

/// An app that several sources have.
#[derive(Debug, Serialize)]
pub(crate) struct Merge<'a> {
    app: &'a str,
    offers: Vec<Way<'a>>,
    evidence: Vec<OfferSign<'a>>,
}

/// A sign, and the offer that it speaks for.
#[derive(Debug, Serialize)]
struct OfferSign<'a> {
    #[serde(flatten)]
    offer: Offer<'a>,
    #[serde(flatten)]
    sign: Sign<'a>,
}

impl<'a> Merge<'a> {
    pub(crate) fn new(app: &'a AppSummary, offers: &'a [ModelOffer]) -> Self {
        let signs =
            |offer: &'a ModelOffer| signs(offer).map(|sign| OfferSign { offer: at(&offer.id, &offer.version), sign });
        let evidence = offers.iter().flat_map(signs).collect();
        Self { app: app.id.as_str(), offers: offers.iter().map(Way::new).collect(), evidence }
    }
}

fn signs(offer: &ModelOffer) -> impl Iterator<Item = Sign<'_>> {
    offer.evidence.iter().map(|evidence| Sign { sign: evidence.sign.as_str(), detail: &evidence.detail })
}

impl<'a> Way<'a> {
    fn new(offer: &'a ModelOffer) -> Self {
        Self {
            offer: at(&offer.id, &offer.version),
            list: &offer.list,
            verified: offer.verified,
            download_size: offer.download_size,
            installed_size: offer.installed_size,
            installable: offer.is_installable(),
            obstacle: offer.obstacle.as_ref().map(Obstacle::new),
            evidence: signs(offer).collect(),
        }
    }
}

/// What speaks against an offer.
#[derive(Debug, Serialize)]
pub(crate) struct Obstacle<'a> {
    kind: &'static str,
    detail: &'a str,
    successor: &'a str,
    message: String,
}

impl<'a> Obstacle<'a> {
    fn new(obstacle: &'a ModelObstacle) -> Self {
        let (kind, successor) = match obstacle {
            ModelObstacle::EndOfLife(end) => ("end-of-life", &*end.successor),
            ModelObstacle::Masked { .. } => ("masked", ""),
            ModelObstacle::Hidden { .. } => ("hidden", ""),
            ModelObstacle::SourceOff { .. } => ("source-off", ""),
            ModelObstacle::System { obstacle } => (obstacle.as_str(), ""),
            ModelObstacle::InSystem => ("in-system", ""),
            ModelObstacle::OtherMachine { .. } => ("other-machine", ""),
            ModelObstacle::OtherApp { .. } => ("other-app", ""),
            ModelObstacle::NotCarried => ("not-carried", ""),
            ModelObstacle::ByHand { .. } => ("by-hand", ""),
            ModelObstacle::Missing { .. } => ("missing", ""),
            ModelObstacle::Neglected => ("neglected", ""),
            ModelObstacle::Guarded { .. } => ("guarded", ""),
        };
        Self { kind, detail: obstacle.detail(), successor, message: words::obstacle(obstacle) }
    }
}

/// One app that was found.
#[derive(Debug, Serialize)]
pub(crate) struct Hit<'a> {
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) summary: &'a str,
    pub(crate) developer: &'a str,
    pub(crate) installed: bool,
    pub(crate) offers: Vec<Way<'a>>,
}

impl<'a> Hit<'a> {
    pub(crate) fn new(app: &'a AppSummary, installed: bool, offers: &'a [ModelOffer]) -> Self {
        let offers = offers.iter().map(Way::new).collect();
        let id = app.id.as_str();
        Self { id, name: &app.name, summary: &app.summary, developer: &app.developer, installed, offers }
    }
}

/// One app that a search found.
#[derive(Debug, Serialize)]
pub(crate) struct Found<'a> {
    #[serde(flatten)]
    pub(crate) head: Hit<'a>,
    /// What the words of the search were taken for, if for others.
    pub(crate) corrected: Option<&'a str>,
    /// Those of them that were left out, because nothing has them all.
    pub(crate) left_out: &'a [String],
    /// Nothing but descriptions has the word.
    pub(crate) only_mentioned: bool,
    /// What it is as a package, where it is one that no list has.
    pub(crate) package: Option<Package<'a>>,
}

impl<'a> Found<'a> {
    /// A package that the update daemon told of.
    pub(crate) fn package(hit: &'a crate::packages::Hit) -> Self {
        let FoundPackage { name, version, architecture, summary, repository } = &hit.package;
        let offers = vec![Way::new(&hit.offer)];
        let head = Hit { id: name, name, summary, developer: "", installed: hit.installed, offers };
        let package = Some(Package { version, architecture, repository });
        Self { head, corrected: None, left_out: &[], only_mentioned: false, package }
    }
}

/// One version of a package that some repository has.
#[derive(Debug, Serialize)]
pub(crate) struct Package<'a> {
    version: &'a str,
    architecture: &'a str,
    repository: &'a str,
}

/// Why an app that a search found stands where it does.
#[derive(Debug, Serialize)]
pub(crate) struct Explained<'a> {
    id: &'a str,
    name: &'a str,
    fit: &'static str,
    corrected: Option<&'a str>,
    shelf: u8,
    fields: &'a [&'static str],
    together: bool,
    role: bool,
    relevance: f64,
    prior: u16,
    upkeep: u16,
    popularity: Option<u16>,
    verified: bool,
    score: f64,
}

impl<'a> Explained<'a> {
    pub(crate) fn new(app: &'a AppSummary, reason: &'a Reason) -> Self {
        Self {
            id: app.id.as_str(),
            name: &app.name,
            fit: fit(reason.fit),
            corrected: reason.taken_for.as_deref(),
            shelf: reason.shelf,
            fields: &reason.fields,
            together: reason.together,
            role: reason.role,
            relevance: reason.relevance,
            prior: reason.prior,
            upkeep: reason.upkeep,
            popularity: reason.popularity,
            verified: reason.verified,
            score: reason.score,
        }
    }
}

/// The name of a fit, as documented.
const fn fit(fit: Fit) -> &'static str {
    match fit {
        Fit::Exact => "exact",
        Fit::Beginning => "beginning",
        Fit::Prefix => "prefix",
        Fit::Misspelt => "misspelt",
        Fit::Inside => "inside",
        Fit::InsidePrefix => "inside-prefix",
        Fit::InsideMisspelt => "inside-misspelt",
        Fit::Elsewhere => "elsewhere",
        Fit::ElsewhereMisspelt => "elsewhere-misspelt",
        Fit::Form => "form",
        Fit::InText => "in-text",
        Fit::Loosely => "loosely",
    }
}

/// Everything known about one app.
#[derive(Debug, Serialize)]
pub(crate) struct Page<'a> {
    #[serde(flatten)]
    pub(crate) head: Hit<'a>,
    pub(crate) verified: bool,
    pub(crate) verified_by: &'a str,
    pub(crate) minimum_age: Option<u8>,
    pub(crate) fits_phone: bool,
    pub(crate) relations: &'a Relations,
    pub(crate) branding: &'a Branding,
    pub(crate) provides: &'a [Provided],
    pub(crate) translations: &'a [Translation],
    pub(crate) custom: &'a BTreeMap<String, String>,
    pub(crate) license: &'a str,
    pub(crate) categories: &'a [String],
    pub(crate) keywords: &'a [String],
    pub(crate) description: &'a [strata_model::text::Block],
    pub(crate) releases: &'a [strata_model::app::Release],
    pub(crate) screenshots: &'a [strata_model::app::Screenshot],
    pub(crate) links: &'a [strata_model::app::Link],
    pub(crate) content_rating: &'a [strata_model::app::ContentRating],
    pub(crate) addons: Vec<Addon<'a>>,
    pub(crate) installed_as: Vec<Part<'a>>,
}

impl<'a> Page<'a> {
    pub(crate) fn new(app: &'a App, offers: &'a [ModelOffer], installed: &[&'a Installed]) -> Self {
        Self {
            head: Hit::new(&app.head, !installed.is_empty(), offers),
            verified: app.head.verified,
            verified_by: &app.verified_by,
            minimum_age: oars::minimum_age(&app.content_rating),
            fits_phone: app.relations.fits_phone(),
            relations: &app.relations,
            branding: &app.branding,
            provides: &app.provides,
            translations: &app.translations,
            custom: &app.custom,
            license: &app.license,
            categories: &app.categories,
            keywords: &app.keywords,
            description: &app.description,
            releases: &app.releases,
            screenshots: &app.screenshots,
            links: &app.links,
            content_rating: &app.content_rating,
            addons: app.addons.iter().map(Addon::new).collect(),
            installed_as: installed.iter().map(|part| Part::new(part)).collect(),
        }
    }
}

/// Something that extends an app.
#[derive(Debug, Serialize)]
pub(crate) struct Addon<'a> {
    id: &'a str,
    name: &'a str,
    summary: &'a str,
    offers: Vec<Way<'a>>,
}

impl<'a> Addon<'a> {
    fn new(addon: &'a strata_model::app::Addon) -> Self {
        let offers = addon.offers.iter().map(Way::new).collect();
        Self { id: addon.id.as_str(), name: &addon.name, summary: &addon.summary, offers }
    }
}
