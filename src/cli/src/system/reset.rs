//! `system reset`: packages of the image, which somebody removed or replaced, as the image has them.

use super::{carry_out_all, offered, read};
use crate::ending::{Ending, Trouble};
use crate::session::Session;
use crate::text::{clean, gettext_f};
use gettextrs::gettext;
use strata_model::deployment::BasePackage;
use strata_model::system::Ability;
use strata_model::{Deployment, Request, System, marked};

pub(super) async fn reset(session: &mut Session, names: &[String]) -> Result<Ending, Trouble> {
    let system = read(session).await?.system;
    offered(&system, Ability::Remove)?;
    let changed: Vec<&BasePackage> = next(&system).into_iter().flat_map(overrides).collect();
    let mut requests: Vec<Request> = Vec::new();
    for name in names {
        if changed.iter().all(|package| package.name != *name) {
            return Err(Trouble::NothingFound(as_it_was(name, &changed)));
        }
        let request = Request::reset(name).named(name);
        if !requests.contains(&request) {
            requests.push(request);
        }
    }
    carry_out_all(session, requests, &gettext("Bring it back?")).await
}

/// What the next change is made on: what waits for a restart, else what runs.
pub(super) fn next(system: &System) -> Option<&Deployment> {
    system.pending().or(system.booted())
}

/// The packages of the image that somebody removed or replaced.
pub(super) fn overrides(deployment: &Deployment) -> impl Iterator<Item = &BasePackage> {
    deployment.removed.iter().chain(&deployment.replaced)
}

/// In a few words: `firefox (removed), podman (5.6.2-1 → 5.7.0-1)`.
pub(super) fn told<'p>(packages: impl IntoIterator<Item = &'p BasePackage>) -> String {
    let one = |package: &BasePackage| match package.replacement.as_str() {
        "" => format!("{} ({})", clean(&package.name), gettext("removed")),
        new => format!("{} ({} → {})", clean(&package.name), clean(&package.version), clean(new)),
    };
    packages.into_iter().map(one).collect::<Vec<_>>().join(", ")
}

fn as_it_was(name: &str, changed: &[&BasePackage]) -> String {
    let name = clean(name);
    if changed.is_empty() {
        return gettext_f("“{name}” is as the image has it, and so is every other package.", &[("name", &name)]);
    }
    let sentence = marked("“{name}” is as the image has it. These are not: {packages}");
    gettext_f(sentence, &[("name", &name), ("packages", &told(changed.iter().copied()))])
}
