//! What a button is about, and its way through actions.

use relm4::gtk::glib::{self, prelude::*};
use strata_model::{AppId, OfferId, SourceKind};

/// What a button is about: an app, however it is had, or one installed thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Key {
    /// An app of the catalogue.
    App(AppId),
    /// An installed thing.
    Offer(OfferId),
}

impl Key {
    /// It means this offer, of the app or thing with this id.
    pub(super) fn is_offer(&self, offer: &OfferId, id: &str) -> bool {
        match self {
            Self::App(app) => !id.is_empty() && plain_id(app.as_str()) == plain_id(id),
            Self::Offer(own) => own.is_same_thing(offer),
        }
    }
}

/// Old AppStream ids of an app may end in `.desktop` where its reference does not.
fn plain_id(id: &str) -> &str {
    id.strip_suffix(".desktop").unwrap_or(id)
}

impl ToVariant for Key {
    fn to_variant(&self) -> glib::Variant {
        match self {
            Self::App(id) => (id.as_str(), "", "", "", "").to_variant(),
            Self::Offer(offer) => {
                ("", offer.source.as_str(), &*offer.scope, &*offer.origin, &*offer.reference).to_variant()
            }
        }
    }
}

impl StaticVariantType for Key {
    fn static_variant_type() -> std::borrow::Cow<'static, glib::VariantTy> {
        <(String, String, String, String, String)>::static_variant_type()
    }
}

impl FromVariant for Key {
    fn from_variant(variant: &glib::Variant) -> Option<Self> {
        let (id, source, scope, origin, reference): (String, String, String, String, String) = variant.get()?;
        if !id.is_empty() {
            return AppId::new(&id).ok().map(Self::App);
        }
        let kinds = [SourceKind::Flatpak, SourceKind::AppImage, SourceKind::Package];
        let source = kinds.into_iter().find(|kind| kind.as_str() == source)?;
        Some(Self::Offer(OfferId { source, scope, origin, reference }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_its_way_through_an_action() {
        for key in [Key::App(AppId::new("org.gnome.Chess").unwrap()), Key::Offer(OfferId::package("htop"))] {
            assert_eq!(Key::from_variant(&key.to_variant()), Some(key));
        }
        assert_eq!(Key::from_variant(&("", "nothing", "", "", "").to_variant()), None);
    }
}
