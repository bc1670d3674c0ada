//! What an entry can be installed as.

use serde::{Deserialize, Serialize};

/// A Flatpak that an entry names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bundle {
    /// The full ref: `app/org.gnome.Chess/x86_64/stable`.
    pub(crate) reference: String,
    /// The runtime it needs, empty if none: `org.gnome.Platform/x86_64/48`.
    pub(crate) runtime: String,
}

/// Longest ref that is accepted, in bytes.
const MOST_BYTES: usize = 500;

impl Bundle {
    /// From AppStream's words; `None` if it is no ref.
    pub(crate) fn new(reference: &str, runtime: &str) -> Option<Self> {
        let reference = reference.trim();
        let (kind, rest) = reference.split_once('/')?;
        if !matches!(kind, "app" | "runtime") || !is_partial_ref(rest) {
            return None;
        }
        let runtime = Some(runtime.trim()).filter(|runtime| is_partial_ref(runtime)).unwrap_or_default();
        Some(Self { reference: reference.to_owned(), runtime: runtime.to_owned() })
    }

    /// The name in the ref: `org.gnome.Chess`.
    pub(crate) fn name(&self) -> &str {
        self.reference.split('/').nth(1).unwrap_or_default()
    }
}

/// Three parts that are no paths: name, architecture, branch.
fn is_partial_ref(text: &str) -> bool {
    let part = |part: &str| {
        let known = |c: char| c.is_ascii_alphanumeric() || "._-+".contains(c);
        !part.is_empty() && !part.starts_with(['.', '-']) && part.chars().all(known)
    };
    text.len() <= MOST_BYTES && text.split('/').count() == 3 && text.split('/').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refs_have_four_parts_and_lead_nowhere_else() {
        let good = Bundle::new(" app/org.gnome.Chess/x86_64/stable\n", "org.gnome.Platform/x86_64/48").unwrap();
        assert_eq!((good.name(), good.runtime.as_str()), ("org.gnome.Chess", "org.gnome.Platform/x86_64/48"));
        assert_eq!(Bundle::new("runtime/a.b.c/x86_64/1", "no runtime").unwrap().runtime, "");
        let bad = ["", "app/a/b", "app/a/b/c/d", "app/../x/y", "app//x/y", "exe/a/b/c", "app/a b/x/y", "app/-a/x/y"];
        for bad in bad {
            assert_eq!(Bundle::new(bad, ""), None, "{bad:?}");
        }
    }
}
