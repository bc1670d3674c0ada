//! Full references: `app/org.gnome.Chess/x86_64/stable`.

use libflatpak::RefKind;
use strata_model::{AppId, Failure, FailureKind};

/// The four parts of a full reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reference<'a> {
    pub(crate) kind: RefKind,
    pub(crate) id: &'a str,
    pub(crate) arch: &'a str,
    pub(crate) branch: &'a str,
}

impl<'a> Reference<'a> {
    /// Takes a reference apart. What is no reference, or has parts that could be a path, is a bad request.
    pub(crate) fn parse(text: &'a str) -> Result<Self, Failure> {
        let mut parts = text.split('/');
        let kind = match parts.next() {
            Some("app") => Some(RefKind::App),
            Some("runtime") => Some(RefKind::Runtime),
            _ => None,
        };
        // Arch and branch know no more characters than an id does.
        let mut part = || parts.next().filter(|part| AppId::new(part).is_ok());
        let found = (kind, part(), part(), part(), parts.next());
        let (Some(kind), Some(id), Some(arch), Some(branch), None) = found else {
            return Err(Failure::new(FailureKind::BadRequest, text, "not a Flatpak reference"));
        };
        Ok(Self { kind, id, arch, branch })
    }
}

/// The id in a reference, or the whole text where it is none: for showing.
pub(crate) fn id_of(reference: &str) -> &str {
    Reference::parse(reference).map_or(reference, |parsed| parsed.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_references_are_taken() {
        let parsed = Reference::parse("app/org.gnome.Chess/x86_64/stable").unwrap();
        assert_eq!((parsed.kind, parsed.id), (RefKind::App, "org.gnome.Chess"));
        assert_eq!((parsed.arch, parsed.branch), ("x86_64", "stable"));
        for bad in ["", "app/a.b/x86_64", "app/a.b/x86_64/stable/more", "app/../x86_64/stable", "lib/a.b/x86_64/1"] {
            assert_eq!(Reference::parse(bad).unwrap_err().kind, FailureKind::BadRequest, "{bad:?}");
        }
    }
}
