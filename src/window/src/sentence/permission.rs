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
