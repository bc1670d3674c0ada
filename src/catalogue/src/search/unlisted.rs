//! Apps that no list has, by their names.

use super::rank::Fit;
use super::terms::Terms;
use crate::search::words::telling_parts;
use crate::words::{beginnings, folded};

/// How the words of a query fit an app of which only the id and the name are known; `None` if they do not.
pub(super) fn fit(text: &str, id: &str, name: &str) -> Option<Fit> {
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
