//! Translation: gettext's plain calls, and filling in.

use gettextrs::{bind_textdomain_codeset, bindtextdomain, textdomain};
pub(crate) use gettextrs::{gettext, ngettext};
use strata_model::fill;

const DOMAIN: &str = "strata";

/// Says where the translations are; GTK sets the locale when it starts. Without translations everything stays English.
pub(crate) fn init() {
    let folder = option_env!("STRATA_LOCALEDIR").unwrap_or("/usr/share/locale");
    let bound = bindtextdomain(DOMAIN, folder)
        .and_then(|_| bind_textdomain_codeset(DOMAIN, "UTF-8"))
        .and_then(|_| textdomain(DOMAIN));
    if let Err(error) = bound {
        tracing::warn!(%error, "translations cannot be used");
    }
}

/// Translates, then puts values in the places of `{names}`.
pub(crate) fn gettext_f(sentence: &str, values: &[(&str, &str)]) -> String {
    fill(&gettext(sentence), values)
}

/// The same for sentences with a number, which is `{n}`.
pub(crate) fn ngettext_f(one: &str, many: &str, n: usize, values: &[(&str, &str)]) -> String {
    let text = ngettext(one, many, u32::try_from(n).unwrap_or(u32::MAX));
    fill(&text.replace("{n}", &n.to_string()), values)
}
