//! What an app may do, in plain words.

use crate::i18n::{gettext, gettext_f};
use strata_model::permitted::Name;
use strata_model::{Permission, Severity};

/// One line for each permission that is worth one, the gravest first.
pub(crate) fn lines(permissions: &[Permission]) -> Vec<(Severity, String)> {
    let mut lines: Vec<_> = permissions
        .iter()
        .map(|one| (one.severity(), permission(one)))
        .filter(|(severity, _)| *severity > Severity::None)
        .collect();
    lines.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.cmp(y)));
    lines.dedup();
    lines
}

/// A permission in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Explained {
    /// How much it can do.
    pub(crate) severity: Severity,
    /// What it allows.
    pub(crate) words: String,
    /// What that means.
    pub(crate) explanation: String,
}

/// All of them with what they mean, the gravest first.
pub(crate) fn explained(permissions: &[Permission]) -> Vec<Explained> {
    let mut all: Vec<_> = permissions
        .iter()
        .map(|one| Explained {
            severity: one.severity(),
            words: permission(one),
            explanation: gettext(one.explanation()),
        })
        .collect();
    all.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.words.cmp(&b.words)));
    all.dedup();
    all
}

/// The gravest of them.
pub(crate) fn worst(permissions: &[Permission]) -> Severity {
    permissions.iter().map(Permission::severity).max().unwrap_or(Severity::None)
}

/// How safe something of this severity is, in one or two words.
pub(crate) fn verdict(severity: Severity) -> String {
    match severity {
        Severity::None => gettext("Safe"),
        Severity::Low => gettext("Probably Safe"),
        Severity::Medium => gettext("Some Risk"),
        Severity::High => gettext("Potentially Unsafe"),
    }
}

/// How much something of this severity can do, in two words.
pub(crate) fn risk(severity: Severity) -> String {
    match severity {
        Severity::None => gettext("No Risk"),
        Severity::Low => gettext("Low Risk"),
        Severity::Medium => gettext("Medium Risk"),
        Severity::High => gettext("High Risk"),
    }
}

/// One permission.
fn permission(permission: &Permission) -> String {
    let permitted = permission.permitted();
    let name = match permitted.name {
        Name::Words(words) => gettext(words),
        Name::Verbatim(name) => name.to_owned(),
    };
    gettext_f(permitted.sentence, &[("name", &name)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::permission::Resource;

    #[test]
    fn the_gravest_comes_first_and_the_ordinary_is_left_out() {
        let folder = |detail: &str| Permission { resource: Resource::Filesystem, detail: detail.to_owned() };
        let all = [
            Permission::plain(Resource::Wayland),
            Permission::plain(Resource::Network),
            folder("xdg-download"),
            folder("xdg-music:ro"),
            folder("home"),
        ];
        let texts: Vec<String> = lines(&all).into_iter().map(|(_, text)| text).collect();
        let expected = [
            "Read and change all your files",
            "Read and change your Downloads folder",
            "Read your Music folder",
            "The network",
        ];
        assert_eq!(texts, expected);
        assert_eq!(worst(&all), Severity::High);
    }
}
