//! What an entry asks of the machine, from AppStream's words to the model's.
//! <https://www.freedesktop.org/software/appstream/docs/chap-Metadata.html#tag-relations>

use super::text::{WORD, folded};
use strata_model::relation::{Compare, Relation, Relations};

/// Most relations of one strength.
const MOST_RELATIONS: usize = 50;

/// Older entries name sizes instead of pixels: from the first number on, and below the second.
const SIZES: [(&str, u32, u32); 5] = [
    ("xsmall", 0, 360),
    ("small", 360, 768),
    ("medium", 768, 1_024),
    ("large", 1_024, 3_840),
    ("xlarge", 3_840, u32::MAX),
];

/// The list for `requires`, `recommends` or `supports`; `None` for any other word.
pub(crate) fn list<'r>(relations: &'r mut Relations, strength: &str) -> Option<&'r mut Vec<Relation>> {
    match strength {
        "requires" => Some(&mut relations.requires),
        "recommends" => Some(&mut relations.recommends),
        "supports" => Some(&mut relations.supports),
        _ => None,
    }
}

/// Adds a relation, unless it is of a kind that a store does not show, makes no sense, or there are too many.
pub(crate) fn add(list: &mut Vec<Relation>, kind: &str, compare: &str, value: &str) {
    if list.len() < MOST_RELATIONS {
        list.extend(relation(kind, compare, value));
    }
}

fn relation(kind: &str, word: &str, value: &str) -> Option<Relation> {
    let value = value.trim();
    match kind {
        "control" if !value.is_empty() => Some(Relation::Control { control: folded(value, WORD) }),
        "display_length" => {
            let compare = compare(word)?;
            Some(Relation::Display { compare, pixels: pixels(value, compare)? })
        }
        "internet" if matches!(value, "always" | "offline-only" | "first-run") => {
            Some(Relation::Internet { need: value.to_owned() })
        }
        "memory" => Some(Relation::Memory { compare: compare(word)?, mebibytes: value.parse().ok()? }),
        _ => None,
    }
}

/// A comparison in the words of XML or the signs of YAML; at least as much where it is not said.
fn compare(word: &str) -> Option<Compare> {
    Some(match word.trim() {
        "" | "ge" | ">=" => Compare::AtLeast,
        "le" | "<=" => Compare::AtMost,
        "gt" | ">>" | ">" => Compare::MoreThan,
        "lt" | "<<" | "<" => Compare::LessThan,
        "eq" | "==" | "=" => Compare::Exactly,
        "ne" | "!=" => Compare::Not,
        _ => return None,
    })
}

fn pixels(value: &str, compare: Compare) -> Option<u32> {
    let Some((_, from, below)) = SIZES.iter().find(|(name, ..)| *name == value) else { return value.parse().ok() };
    Some(match compare {
        Compare::AtMost | Compare::MoreThan => below - 1,
        _ => *from,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_are_read_or_left_out() {
        let display = |compare, pixels| Some(Relation::Display { compare, pixels });
        let memory = |compare, mebibytes| Some(Relation::Memory { compare, mebibytes });
        let control = |control: &str| Some(Relation::Control { control: control.to_owned() });
        let cases = [
            ("control", "", "touch", control("touch"), "a word"),
            ("control", "", " ", None, "no word"),
            ("display_length", "", "360", display(Compare::AtLeast, 360), "at least, unless it says otherwise"),
            ("display_length", "lt", "1200", display(Compare::LessThan, 1_200), "the words of XML"),
            ("display_length", "<=", "600", display(Compare::AtMost, 600), "the signs of YAML"),
            ("display_length", "ge", "xsmall", display(Compare::AtLeast, 0), "any display"),
            ("display_length", "ge", "small", display(Compare::AtLeast, 360), "where small ones begin"),
            ("display_length", "le", "small", display(Compare::AtMost, 767), "where small ones end"),
            ("display_length", "gt", "medium", display(Compare::MoreThan, 1_023), "above all medium ones"),
            ("display_length", "lt", "large", display(Compare::LessThan, 1_024), "below all large ones"),
            ("display_length", "ge", "xlarge", display(Compare::AtLeast, 3_840), "the greatest"),
            ("display_length", "", "-360", None, "no length is negative"),
            ("display_length", "", "99999999999", None, "nor as long as that"),
            ("display_length", "about", "360", None, "no comparison"),
            ("internet", "", "first-run", Some(Relation::Internet { need: "first-run".to_owned() }), "a known word"),
            ("internet", "", "sometimes", None, "an unknown one"),
            ("memory", "gt", "4096", memory(Compare::MoreThan, 4_096), "in MiB"),
            ("memory", "", "much", None, "no number"),
            ("kernel", "", "Linux", None, "what a store does not show"),
        ];
        for (kind, word, value, expected, reason) in cases {
            assert_eq!(relation(kind, word, value), expected, "{kind} {word} {value}: {reason}");
        }
    }
}
