//! Apps that no list has, by their names.

use super::Query;
use super::rank::Fit;
use super::terms::Terms;
use crate::search::words::telling_parts;
use crate::words::{beginnings, folded};
use crate::{Catalogue, CatalogueError, Filter};
use strata_model::{AppId, Installed, PartKind};

impl Catalogue {
    /// Installed apps that fit and are in no list, each once, best first. None where the filter asks for what nobody knows
    /// of them.
    pub fn unlisted(&self, query: &Query, installed: &[Installed]) -> Result<Vec<(Fit, Installed)>, CatalogueError> {
        let Filter { source, category, verified, free, phone, .. } = query.filter;
        if category.is_some() || verified || free || phone {
            return Ok(Vec::new());
        }
        let mut fitting: Vec<(Fit, &Installed)> = Vec::new();
        let apps = installed.iter().filter(|part| part.kind == PartKind::App);
        for part in apps.filter(|part| source.is_none_or(|source| part.offer.source == source)) {
            if let Some(fit) = fit(&query.text, &part.id, &part.name)
                && fitting.iter().all(|(_, known)| known.id != part.id)
            {
                fitting.push((fit, part));
            }
        }
        fitting.sort_by_key(|(fit, _)| *fit);
        let mut unlisted = Vec::new();
        for (fit, part) in fitting {
            if self.is_unlisted(part)? {
                unlisted.push((fit, part.clone()));
            }
        }
        Ok(unlisted)
    }

    /// No list has it, neither by its id nor by what it was installed from.
    pub fn is_unlisted(&self, part: &Installed) -> Result<bool, CatalogueError> {
        let Ok(id) = AppId::new(&part.id) else { return Ok(false) };
        Ok(self.summaries(&[id])?.is_empty() && self.offer(&part.offer)?.is_none())
    }
}

/// How the words of a query fit an app of which only the id and the name are known; `None` if they do not.
fn fit(text: &str, id: &str, name: &str) -> Option<Fit> {
    let terms = Terms::new(text);
    let (query, name) = (terms.joined(), folded(name));
    if text.trim() == id {
        return Some(Fit::Exact);
    }
    if query.is_empty() {
        return None;
    }
    let in_name = (0..).zip(beginnings(&name)).filter(|(_, beginning)| beginning.starts_with(&query));
    let in_name = in_name.map(|(place, beginning)| Fit::of_name(&query, beginning, place)).min();
    let all = || {
        let known = format!("{name} {}", folded(&telling_parts(id)));
        let is_known = |word: &str| known.split(' ').any(|known| known.starts_with(word));
        query.split(' ').all(is_known).then_some(Fit::Elsewhere)
    };
    in_name.or_else(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_ids_are_looked_at() {
        let cases = [
            ("org.one.Tool", Some(Fit::Exact), "the id"),
            ("wood saw", Some(Fit::Exact), "the name"),
            ("wood", Some(Fit::Beginning), "its first word"),
            ("woo", Some(Fit::Prefix), "its beginning"),
            ("saw", Some(Fit::Inside), "its second word"),
            ("saw wood", Some(Fit::Elsewhere), "its words in another order"),
            ("tool", Some(Fit::Elsewhere), "a part of the id"),
            ("org", None, "a part of the id that says nothing"),
            ("iron", None, "something else"),
            ("!", None, "no word"),
        ];
        for (typed, expected, reason) in cases {
            assert_eq!(fit(typed, "org.one.Tool", "Wood-Saw"), expected, "{typed}: {reason}");
        }
    }
}
