//! Finds what a new entry may be the same as, and looks at each of these closely.

use super::side::{self, Side};
use super::text::compact;
use super::{Meeting, SURE, judge, known};
use crate::CatalogueError;
use crate::appstream::Component;
use crate::part::Part;
use crate::store::writer::Writer;
use std::collections::HashMap;
use strata_model::AppId;
use strata_model::evidence::Evidence;

/// Most parts of one name or one project that an entry is compared with.
const MOST_COMPARED: usize = 20;

/// The apps that are known, by what leads to them.
#[derive(Debug, Default)]
pub(crate) struct Index {
    names: HashMap<String, Vec<usize>>,
    tails: HashMap<String, Vec<usize>>,
    projects: HashMap<String, Vec<usize>>,
}

/// The projects that an entry says are its own, as keys.
pub(crate) fn projects_of(component: &Component) -> Vec<String> {
    side::projects(component).into_iter().map(|project| project.key).collect()
}

impl Index {
    /// Of some parts.
    pub(crate) fn new(parts: &[Part]) -> Self {
        let mut index = Self::default();
        for (place, part) in parts.iter().enumerate().filter(|(_, part)| part.is_app()) {
            let add = |map: &mut HashMap<String, Vec<usize>>, key: String| {
                let places = map.entry(key).or_default();
                if places.last() != Some(&place) && places.len() <= MOST_COMPARED {
                    places.push(place);
                }
            };
            for name in &part.names {
                add(&mut index.names, name.split(' ').collect());
            }
            let plain = part.id.as_str().strip_suffix(".desktop").unwrap_or(part.id.as_str());
            add(&mut index.tails, compact(plain.rsplit('.').next().unwrap_or_default()));
            for project in &part.projects {
                add(&mut index.projects, project.clone());
            }
        }
        index
    }

    /// The part that an entry is of, by its place, with what speaks for that. Of several the one for which most does; none
    /// if as much speaks for another one, unless that is enough by itself: then both are of that app, and the first is taken.
    pub(crate) fn find(
        &self,
        component: &Component,
        parts: &[Part],
        places: &HashMap<AppId, usize>,
        writer: &Writer,
    ) -> Result<Option<(usize, Vec<Evidence>)>, CatalogueError> {
        let mut met: Vec<(usize, Meeting)> = Vec::new();
        let mut consider = |found: Option<&Vec<usize>>, is_project: bool| {
            let found = found.map(Vec::as_slice).unwrap_or_default();
            for &place in found.iter().take(MOST_COMPARED) {
                let several = found.len() > 1;
                let meeting = Meeting { ambiguous: several && !is_project, shared_project: several && is_project };
                match met.iter_mut().find(|(known, _)| *known == place) {
                    Some((_, known)) => {
                        known.ambiguous |= meeting.ambiguous;
                        known.shared_project |= meeting.shared_project;
                    }
                    None => met.push((place, meeting)),
                }
            }
        };
        for name in component.names.all().map(|name| compact(name)) {
            consider(self.names.get(&name), false);
            consider(self.tails.get(&name), false);
        }
        let listed = component.listing.as_ref().map(|listing| listing.reference.as_str()).unwrap_or_default();
        let keys = projects_of(component);
        for key in &keys {
            consider(self.projects.get(key), true);
        }
        let known = known::apps(listed, &keys).filter_map(|id| places.get(&AppId::new(id).ok()?));
        let none = Meeting { ambiguous: false, shared_project: false };
        met.extend(known.map(|&place| (place, none)));
        if met.is_empty() {
            return Ok(None);
        }
        let new = Side::of("", component);
        let mut found: Vec<(i32, usize, Vec<Evidence>)> = Vec::new();
        for (place, meeting) in met {
            let part = &parts[place];
            let Some(entry) = writer.detail(part.detail)? else { continue };
            let judged = judge(&new, &Side::of(part.id.as_str(), &entry), meeting);
            found.extend(judged.map(|(weight, signs)| (weight, place, signs)));
        }
        found.sort_by_key(|(weight, place, _)| (std::cmp::Reverse(*weight), *place));
        let is_tie = matches!(&found[..], [first, second, ..] if first.0 == second.0 && first.0 < SURE);
        Ok(found.into_iter().next().filter(|_| !is_tie).map(|(_, place, signs)| (place, signs)))
    }
}
