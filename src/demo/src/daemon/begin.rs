//! How a system begins, out of its description.

use super::description::System;
use super::resolve::{hex, solve};
use super::state::{Deployment, Origin, State, Wishes};
use super::update;
use crate::DemoError;
use sha2::{Digest, Sha256};

/// The state that the description asks for.
///
/// # Errors
/// [`DemoError::Description`] for what is not in it.
pub(super) fn state(system: &System) -> Result<State, DemoError> {
    let begin = &system.begin;
    let mut state = State { boot: (0, 1), ..State::default() };
    if let Some(version) = &begin.rollback {
        state.deployments.push(deployment(system, &state, version, begin.image.as_deref(), &[])?);
    }
    let mut booted = deployment(system, &state, &begin.booted, begin.image.as_deref(), &begin.packages)?;
    booted.booted = true;
    for nevra in booted.layer.iter().flat_map(|layer| &layer.packages) {
        state.cache.insert(nevra.to_string(), 0);
    }
    state.commits.extend(state.deployments.iter().map(|known| known.base.clone()));
    state.commits.insert(booted.base.clone());
    if let Origin::Branch(refspec) = &booted.origin {
        state.pulled.insert(refspec.clone(), booted.base.clone());
    }
    state.deployments.insert(0, booted);
    if begin.checked || begin.staged {
        look(system, &mut state);
    }
    if begin.staged {
        let new = deployment(system, &state, &system.newest, begin.image.as_deref(), &begin.packages)?;
        state.stage(system, new);
        state.update = update::after_upgrade(system, &state);
    }
    Ok(state)
}

/// As if an update had been looked for.
fn look(system: &System, state: &mut State) {
    let new = system.version(&system.newest).map(|base| base.checksum.clone());
    for pulled in state.pulled.values_mut() {
        pulled.clone_from(new.as_ref().unwrap_or(&pulled.clone()));
    }
    state.update = update::found(system, state);
}

fn deployment(
    system: &System,
    state: &State,
    version: &str,
    image: Option<&str>,
    packages: &[String],
) -> Result<Deployment, DemoError> {
    let missing = || DemoError::Description(format!("version {version} is not there"));
    let base = system.version(version).ok_or_else(missing)?;
    let (origin, base_checksum) = match image {
        Some(reference) => {
            let image = system.image.iter().find(|image| image.reference == reference && image.version == version);
            let image = image.ok_or_else(missing)?;
            (Origin::Image(reference.to_owned(), image.digest.clone()), image.checksum.clone())
        }
        None => (Origin::Branch(system.refspec.clone()), base.checksum.clone()),
    };
    let wishes = Wishes { packages: packages.iter().cloned().collect(), ..Wishes::default() };
    let mut new = Deployment {
        origin,
        checksum: base_checksum.clone(),
        base: base_checksum,
        serial: 0,
        timestamp: base.timestamp,
        wishes,
        layer: None,
        arguments: None,
        pinned: false,
        staged: false,
        booted: false,
        transient: false,
        live: None,
    };
    if !packages.is_empty() {
        let found = solve(system, state, &new.base, &new.wishes);
        let layer = found.map_err(|problem| DemoError::Description(format!("{problem:?}")))?.layer;
        new.checksum = hex(&Sha256::digest(&layer.state));
        new.layer = Some(layer);
    }
    Ok(new)
}
