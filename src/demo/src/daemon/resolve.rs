//! What a layer consists of: packages by name or by what they provide, and everything they need.

use super::description::{Package, System};
use super::nevra::Nevra;
use super::state::{Layer, Local, State, Wishes};
use sha2::{Digest, Sha512};
use std::collections::BTreeMap;

/// Why there is no layer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// No repository has these.
    NotFound(Vec<String>),
    /// Something is needed that nothing provides; in the daemon's words.
    Unsolvable(String),
}

/// A layer, and what has to be fetched for it.
#[derive(Debug)]
pub(super) struct Solution {
    pub(super) layer: Layer,
    /// Name, bytes and repository of each package from a repository, sorted.
    pub(super) packages: Vec<Wanted>,
}

/// A package from a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) nevra: Nevra,
    pub(super) repo: String,
    pub(super) size: u64,
    pub(super) script_fails: Option<i32>,
}

/// Packages of the repositories that are used, with their repository's id.
pub(super) fn available<'s>(system: &'s System, state: &State) -> Vec<(&'s str, &'s Package)> {
    let used = system.repo.iter().filter(|repo| state.enabled(system, &repo.id));
    used.flat_map(|repo| repo.package.iter().map(|package| (repo.id.as_str(), package))).collect()
}

impl Package {
    /// Whether a wish for this is fulfilled by it.
    pub(super) fn is(&self, wish: &str) -> bool {
        self.nevra.name == wish || self.nevra.to_string() == wish || self.provides.iter().any(|it| it == wish)
    }
}

/// The base package that already is what is asked for.
pub(super) fn in_base<'b>(system: &System, base: &'b [Nevra], wish: &str) -> Option<&'b Nevra> {
    base.iter().find(|known| {
        let of_repository = |package: &Package| package.nevra.name == known.name && package.is(wish);
        known.name == wish || system.repo.iter().flat_map(|repo| &repo.package).any(of_repository)
    })
}

/// The newest that fits.
fn best<'s>(available: &[(&'s str, &'s Package)], wish: &str) -> Option<(&'s str, &'s Package)> {
    let fitting = available.iter().filter(|(_, package)| package.is(wish));
    fitting.max_by(|(_, one), (_, other)| one.nevra.newer(&other.nevra)).copied()
}

/// Wishes that nothing fulfils.
pub(super) fn missing(system: &System, state: &State, wishes: &Wishes) -> Option<Problem> {
    let available = available(system, state);
    let unknown = |wish: &&String| best(&available, wish).is_none();
    let unknown: Vec<String> = wishes.packages.iter().filter(unknown).cloned().collect();
    (!unknown.is_empty()).then_some(Problem::NotFound(unknown))
}

/// Works out the layer on top of these base packages.
pub(super) fn solve(system: &System, state: &State, base: &str, wishes: &Wishes) -> Result<Solution, Problem> {
    let packages = system.base(base).map(|base| base.packages.clone()).unwrap_or_default();
    let removed: Vec<Nevra> = packages.iter().filter(|known| wishes.removals.contains(&known.name)).cloned().collect();
    let replaced: Vec<(Nevra, Nevra)> = wishes
        .replacements
        .values()
        .filter_map(|local| {
            let old = packages.iter().find(|known| known.name == local.nevra.name)?;
            Some((local.nevra.clone(), old.clone()))
        })
        .collect();
    let left: Vec<Nevra> = packages.into_iter().filter(|known| !removed.contains(known)).collect();
    let chosen = closure(system, state, &left, wishes)?;
    let mut all: Vec<Nevra> = chosen.iter().map(|wanted| wanted.nevra.clone()).collect();
    all.extend(wishes.local.values().map(|local| local.nevra.clone()));
    all.sort();
    let requested = wishes.packages.iter().filter(|wish| in_base(system, &left, wish).is_none()).cloned().collect();
    let used = system.repo.iter().filter(|repo| state.enabled(system, &repo.id));
    let repos = used.map(|repo| (repo.id.clone(), repo.generated)).collect();
    let mut layer = Layer { packages: all, requested, removed, replaced, repos, state: String::new() };
    layer.state = digest(base, &layer);
    Ok(Solution { layer, packages: chosen })
}

/// What fulfils these wishes on this base.
///
/// # Errors
/// The daemon's words for what cannot be.
pub fn layer(system: &System, state: &State, base: &str, wishes: &Wishes) -> Result<Layer, String> {
    let solution = solve(system, state, base, wishes).map_err(Problem::words)?;
    Ok(solution.layer)
}

impl Problem {
    /// As a transaction ends with it.
    pub(super) fn words(self) -> String {
        match self {
            Self::NotFound(names) => format!("Packages not found: {}", names.join(", ")),
            Self::Unsolvable(words) => words,
        }
    }
}

/// Everything from repositories that the wishes need, sorted by name.
fn closure(system: &System, state: &State, base: &[Nevra], wishes: &Wishes) -> Result<Vec<Wanted>, Problem> {
    let available = available(system, state);
    let mut chosen: BTreeMap<Nevra, Wanted> = BTreeMap::new();
    let mut needs: Vec<(String, String)> = wishes
        .packages
        .iter()
        .filter(|wish| in_base(system, base, wish).is_none())
        .map(|wish| (wish.clone(), String::new()))
        .collect();
    for local in wishes.local.values() {
        needs.extend(local.requires.iter().map(|need| (need.clone(), format!("{} from @commandline", local.nevra))));
    }
    let mut problems = Vec::new();
    while let Some((need, by)) = needs.pop() {
        let have = in_base(system, base, &need).is_some() || is_local(wishes, &need);
        if have || chosen.values().any(|wanted| wanted.nevra.name == need) {
            continue;
        }
        let Some((repo, package)) = best(&available, &need) else {
            problems.push(format!("nothing provides {need} needed by {by}"));
            continue;
        };
        let wanted = Wanted {
            nevra: package.nevra.clone(),
            repo: repo.to_owned(),
            size: package.size,
            script_fails: package.script_fails,
        };
        if chosen.insert(package.nevra.clone(), wanted).is_none() {
            let by = format!("{} from {repo}", package.nevra);
            needs.extend(package.requires.iter().map(|need| (need.clone(), by.clone())));
        }
    }
    if problems.is_empty() { Ok(chosen.into_values().collect()) } else { Err(Problem::Unsolvable(words(&problems))) }
}

fn is_local(wishes: &Wishes, need: &str) -> bool {
    wishes.local.values().any(|Local { nevra, .. }| nevra.name == need)
}

/// As the solver says it; several problems are numbered.
fn words(problems: &[String]) -> String {
    let count = problems.len();
    let plural = if count == 1 { "" } else { "s" };
    let mut text = format!("Could not depsolve transaction; {count} problem{plural} detected:");
    for (number, problem) in problems.iter().enumerate() {
        let number = if count == 1 { String::new() } else { format!(" {}", number + 1) };
        text.extend(["\n Problem", &number, ": conflicting requests\n  - ", problem]);
    }
    text
}

/// What two layers of the same things on the same base share.
fn digest(base: &str, layer: &Layer) -> String {
    let text = format!("{base}{:?}{:?}{:?}{:?}", layer.packages, layer.requested, layer.removed, layer.replaced);
    hex(&Sha512::digest(text))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        text.extend([byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0')));
        text
    })
}
