//! One record for one project, whatever number of catalogues have it.

use super::{Record, Signs};
use crate::limits;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// What came of merging.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// The records, in the order of the catalogues.
    pub records: Vec<Record>,
    /// Where those of each catalogue begin: of one after the first, those that no catalogue before it has.
    pub begins: Vec<usize>,
    /// How many became part of another.
    pub merged: usize,
}

/// Puts catalogues together, what is known first of one coming first. Two records of one project are one if it has one
/// record in each catalogue, or if they have the same name: a project may make several apps.
pub fn merge(catalogues: Vec<Vec<Record>>, signs: &Signs) -> Merged {
    let mut found = Merged::default();
    // The records of projects by their names, and of each project by the catalogues that were read before.
    let mut named: HashMap<(String, String), usize> = HashMap::new();
    let mut known: HashMap<String, Vec<usize>> = HashMap::new();
    for records in catalogues {
        found.begins.push(found.records.len());
        let mut counts: HashMap<String, usize> = HashMap::new();
        for key in records.iter().filter_map(key) {
            *counts.entry(key).or_default() += 1;
        }
        // What this catalogue brings is compared with the others only, or by name.
        let mut new: HashMap<String, Vec<usize>> = HashMap::new();
        for record in records {
            let Some(key) = key(&record) else {
                found.records.push(record);
                continue;
            };
            let others = known.get(&key).map(Vec::as_slice).unwrap_or_default();
            let alone = if let ([one], 1) = (others, counts[&key]) { Some(*one) } else { None };
            let named = named.entry((key.clone(), folded(&record.name)));
            let same_name = if let Entry::Occupied(same) = &named { Some(*same.get()) } else { None };
            if let Some(place) = same_name.or(alone) {
                complete(&mut found.records[place], record);
                found.merged += 1;
            } else {
                named.or_insert(found.records.len());
                new.entry(key).or_default().push(found.records.len());
                found.records.push(record);
            }
        }
        for (key, places) in new {
            known.entry(key).or_default().extend(places);
        }
    }
    for record in &mut found.records {
        if let Some(project) = &record.project {
            record.life = signs.of(&project.repository);
        }
    }
    found
}

fn key(record: &Record) -> Option<String> {
    record.project.as_ref().map(super::Project::key)
}

/// Names are written with and without blanks and lines.
fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Fills in what one record lacks and another has.
fn complete(record: &mut Record, other: Record) {
    fn text(known: &mut String, other: String) {
        if known.is_empty() {
            *known = other;
        }
    }
    fn list<T>(known: &mut Vec<T>, other: Vec<T>) {
        if known.is_empty() {
            *known = other;
        }
    }
    text(&mut record.id, other.id);
    text(&mut record.summary, other.summary);
    text(&mut record.developer, other.developer);
    text(&mut record.licence, other.licence);
    text(&mut record.homepage, other.homepage);
    text(&mut record.page, other.page);
    list(&mut record.description, other.description);
    list(&mut record.categories, other.categories);
    list(&mut record.icons, other.icons);
    list(&mut record.screenshots, other.screenshots);
    for download in other.downloads {
        if record.downloads.len() < limits::FEED_LIST && !record.downloads.iter().any(|known| known.url == download.url)
        {
            record.downloads.push(download);
        }
    }
}
