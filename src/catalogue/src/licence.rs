//! Whether a licence is a free one, and what it is called.

use spdx::{Expression, LicenseItem, ParseMode};
use std::collections::HashMap;

/// Most licences that are remembered; real catalogues have some hundred.
const MOST_REMEMBERED: usize = 5_000;
/// Most licences of one expression that are named.
const MOST_NAMED: usize = 20;

/// What an app stands under, as a page says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// A person may use, read, change and share it.
    pub free: bool,
    /// Every licence that the expression names, each once, in its order.
    pub licences: Vec<Licence>,
}

/// One licence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licence {
    /// Its short name, as the app writes it.
    pub id: String,
    /// Its whole name; empty for one that SPDX does not know.
    pub name: String,
    /// `https:` or `http:` address of its text, empty if nobody says one.
    pub url: String,
}

impl Terms {
    /// What an SPDX expression says, with AppStream's additions. What nobody can make sense of is one licence that is
    /// not known to be free.
    pub fn of(expression: &str) -> Self {
        let mut licences: Vec<Licence> = Vec::new();
        for word in expression.split([' ', '(', ')']).filter(|word| !matches!(*word, "" | "AND" | "OR")) {
            // An exception makes a licence milder; it is none itself.
            let is_exception = spdx::exception_id(word).is_some() || word == "WITH";
            if !is_exception && licences.iter().all(|known| known.id != word) && licences.len() < MOST_NAMED {
                licences.push(Licence::of(word));
            }
        }
        Self { free: is_free(expression), licences }
    }
}

impl Licence {
    fn of(word: &str) -> Self {
        if let Some((id, url)) = word.split_once('=') {
            let is_web = url.starts_with("https://") || url.starts_with("http://");
            let url = if is_web { url.to_owned() } else { String::new() };
            return Self { url, ..Self::of(id) };
        }
        let plain = word.trim_end_matches('+').trim_end_matches("-or-later").trim_end_matches("-only");
        let known = spdx::license_id(word).or_else(|| spdx::license_id(plain));
        let (name, url) = known.map_or_else(Default::default, |known| {
            (known.full_name.to_owned(), format!("https://spdx.org/licenses/{}.html", known.name))
        });
        Self { id: word.strip_prefix("LicenseRef-").unwrap_or(word).to_owned(), name, url }
    }
}

/// Answers that were given already: most apps share a few licences.
#[derive(Debug, Default)]
pub(crate) struct Licences {
    known: HashMap<String, bool>,
}

impl Licences {
    /// Whether a person may use, read, change and share what stands under it, by the Free Software Foundation's or the
    /// Open Source Initiative's word. What nobody can make sense of is not known to be free.
    pub(crate) fn is_free(&mut self, expression: &str) -> bool {
        if let Some(known) = self.known.get(expression) {
            return *known;
        }
        let free = is_free(expression);
        if self.known.len() < MOST_REMEMBERED {
            self.known.insert(expression.to_owned(), free);
        }
        free
    }
}

fn is_free(expression: &str) -> bool {
    let Ok(parsed) = Expression::parse_mode(&without_addresses(expression), ParseMode::LAX) else { return false };
    parsed.evaluate(|requirement| match &requirement.license {
        LicenseItem::Spdx { id, .. } => id.is_fsf_free_libre() || id.is_osi_approved() || is_public(id.name),
        LicenseItem::Other(other) => other.lic_ref == "free",
    })
}

/// AppStream's own `LicenseRef-free=https://…` without the address, which SPDX does not know.
fn without_addresses(expression: &str) -> String {
    let mut text = expression.to_owned();
    let mut inside = false;
    text.retain(|c| {
        inside = (inside || c == '=') && !c.is_whitespace() && c != ')';
        !inside
    });
    text
}

/// Given away altogether, which neither body lists.
fn is_public(name: &str) -> bool {
    name.starts_with("CC0") || name.starts_with("CC-BY-4") || name.starts_with("CC-BY-SA-4")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_licence_is_named_once_and_leads_to_its_text() {
        let ids = |expression| Terms::of(expression).licences.into_iter().map(|one| one.id).collect::<Vec<_>>();
        assert_eq!(ids("GPL-3.0-or-later"), ["GPL-3.0-or-later"]);
        assert_eq!(ids("(MIT OR Apache-2.0) AND MIT"), ["MIT", "Apache-2.0"]);
        assert_eq!(ids("GPL-2.0-only WITH Classpath-exception-2.0"), ["GPL-2.0-only"]);
        assert_eq!(ids("LicenseRef-proprietary=https://example.org/eula"), ["proprietary"]);
        assert_eq!(ids(""), [] as [&str; 0]);
        let of = |expression| Terms::of(expression).licences.remove(0);
        assert_eq!(of("MIT").name, "MIT License");
        assert_eq!(of("GPL-2.0+").url, "https://spdx.org/licenses/GPL-2.0.html");
        assert_eq!(of("LicenseRef-free=https://example.org/l").url, "https://example.org/l");
        assert_eq!(of("LicenseRef-free=javascript:alert(1)").url, "", "no address to open");
        assert_eq!((of("Made-Up").name.as_str(), Terms::of("Made-Up").free), ("", false));
        assert!(Terms::of("MIT").free && !Terms::of("LicenseRef-proprietary").free);
    }

    #[test]
    fn licences_of_all_kinds() {
        let cases = [
            ("GPL-3.0-or-later", true),
            ("GPL-2.0+", true),
            ("MIT AND LGPL-2.1-or-later", true),
            ("MIT OR LicenseRef-proprietary", true),
            ("MIT AND LicenseRef-proprietary", false),
            ("LicenseRef-proprietary", false),
            ("LicenseRef-proprietary=https://example.org/eula", false),
            ("LicenseRef-free=https://example.org/license", true),
            ("CC0-1.0", true),
            ("CC-BY-NC-4.0", false),
            ("Proprietary", false),
            ("", false),
            ("(((((", false),
        ];
        let mut licences = Licences::default();
        for (expression, expected) in cases {
            assert_eq!(licences.is_free(expression), expected, "{expression}");
            assert_eq!(licences.is_free(expression), expected, "{expression}, remembered");
        }
    }
}
