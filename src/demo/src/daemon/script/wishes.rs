//! What is asked for beside the base, and what of it cannot be.

use super::super::request::{Deploy, by_name};
use super::super::resolve::in_base;
use super::super::state::Deployment;
use super::Writer;

/// Puts the order's wishes onto those of the deployment.
///
/// # Errors
/// The daemon's words for the first that cannot be fulfilled.
pub(super) fn apply(write: &Writer, new: &mut Deployment, order: &Deploy) -> Result<(), String> {
    if order.options.no_layering {
        new.wishes.packages.clear();
        new.wishes.local.clear();
    }
    if order.options.no_overrides {
        new.wishes.removals.clear();
        new.wishes.replacements.clear();
    }
    for name in &order.uninstall {
        uninstall(new, name)?;
    }
    for name in &order.install {
        install(write, new, order, name)?;
    }
    for (name, local) in by_name(&order.local) {
        if new.wishes.local.insert(name.clone(), local).is_some() && !order.options.idempotent {
            return Err(format!("Package '{name}' is already layered"));
        }
    }
    for name in &order.reset {
        reset(new, name)?;
    }
    let base = write.system.base(&new.base).map(|base| base.packages.clone()).unwrap_or_default();
    for name in &order.remove {
        if !base.iter().any(|known| known.name == *name) {
            return Err(format!("Package \"{name}\" not found"));
        }
        if !new.wishes.removals.insert(name.clone()) {
            return Err(format!("Override already exists for package '{name}'"));
        }
    }
    for (name, local) in by_name(&order.replace) {
        if !base.iter().any(|known| known.name == local.nevra.name) {
            return Err(format!("Package \"{}\" not found", local.nevra.name));
        }
        new.wishes.replacements.insert(name, local);
    }
    Ok(())
}

fn uninstall(new: &mut Deployment, name: &str) -> Result<(), String> {
    let local = new.wishes.local.iter().find(|(known, local)| *known == name || local.nevra.name == name);
    let local = local.map(|(known, _)| known.clone());
    let was_local = local.is_some_and(|known| new.wishes.local.remove(&known).is_some());
    if was_local || new.wishes.packages.remove(name) {
        Ok(())
    } else {
        Err(format!("Package/capability '{name}' is not currently requested"))
    }
}

fn install(write: &Writer, new: &mut Deployment, order: &Deploy, name: &str) -> Result<(), String> {
    if !new.wishes.packages.insert(name.to_owned()) {
        let error = format!("Package/capability '{name}' is already requested");
        return if order.options.idempotent { Ok(()) } else { Err(error) };
    }
    let base = write.system.base(&new.base).map(|base| &base.packages[..]).unwrap_or_default();
    match in_base(&write.system, base, name) {
        Some(provider) if !order.options.allow_inactive => Err(format!(
            "\"{name}\" is already provided by: {provider}. Use --allow-inactive to explicitly require it."
        )),
        _ => Ok(()),
    }
}

fn reset(new: &mut Deployment, name: &str) -> Result<(), String> {
    let replacement = new.wishes.replacements.iter().find(|(known, local)| *known == name || local.nevra.name == name);
    let replacement = replacement.map(|(known, _)| known.clone());
    let replaced = replacement.is_some_and(|known| new.wishes.replacements.remove(&known).is_some());
    if replaced || new.wishes.removals.remove(name) {
        Ok(())
    } else {
        Err(format!("No overrides for package '{name}'"))
    }
}
