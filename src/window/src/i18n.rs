//! Translation, as everywhere in Strata. GTK sets the locale when it starts.

pub(crate) use strata_platform::i18n::{bind as init, gettext, gettext_f, ngettext_f};
