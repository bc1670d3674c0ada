//! Whether a licence is a free one.

use spdx::{Expression, LicenseItem, ParseMode};
use std::collections::HashMap;

/// Most licences that are remembered; real catalogues have some hundred.
const MOST_REMEMBERED: usize = 5_000;

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
