//! The person's language: the C library's gettext, and filling in. Failures are put into words here, once for all that
//! speak to a person.

use gettextrs::{LocaleCategory, bind_textdomain_codeset, bindtextdomain, setlocale, textdomain};
pub use gettextrs::{gettext, ngettext};
use std::path::PathBuf;
use strata_model::{Failure, fill};

const DOMAIN: &str = "strata";

/// Makes [`gettext`] speak the person's language. Called once, before the process has a second thread. (GTK sets the
/// locale itself: the window calls [`bind`].)
pub fn begin() {
    // SAFETY: the process has one thread yet, as setlocale wants.
    #[expect(unsafe_code, reason = "setlocale is not safe beside other threads; there are none at the start")]
    unsafe {
        // No more than the words: the other parts are a dozen files that nothing here looks into.
        setlocale(LocaleCategory::LcMessages, "");
    }
    bind();
}

/// Says where the translations are: `STRATA_LOCALE` names the folder for development and tests. Without them everything
/// stays English.
pub fn bind() {
    let installed = || PathBuf::from(option_env!("STRATA_LOCALEDIR").unwrap_or("/usr/share/locale"));
    let folder = std::env::var_os("STRATA_LOCALE").map_or_else(installed, PathBuf::from);
    let bound = bindtextdomain(DOMAIN, folder)
        .and_then(|_| bind_textdomain_codeset(DOMAIN, "UTF-8"))
        .and_then(|_| textdomain(DOMAIN));
    if let Err(error) = bound {
        tracing::warn!(%error, "translations cannot be used");
    }
}

/// Translates, then puts values in the places of `{names}`. The sentence itself must be one that is marked for
/// translation somewhere.
pub fn gettext_f(sentence: &str, values: &[(&str, &str)]) -> String {
    fill(&gettext(sentence), values)
}

/// The same for sentences with a number, which is `{n}`.
pub fn ngettext_f(one: &str, many: &str, n: usize, values: &[(&str, &str)]) -> String {
    let text = ngettext(one, many, u32::try_from(n).unwrap_or(u32::MAX));
    fill(&text.replace("{n}", &n.to_string()), values)
}

/// What happened, in one sentence.
pub fn message(failure: &Failure) -> String {
    gettext_f(failure.kind.message(), &[("subject", failure.about())])
}

/// What the person can do about it, in one sentence.
pub fn remedy(failure: &Failure) -> String {
    gettext_f(failure.kind.remedy(), &[("subject", failure.about())])
}
