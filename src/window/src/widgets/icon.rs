//! An app's icon in a `GtkImage`.

use crate::images::{IconPlace, Images};
use relm4::gtk;
use relm4::gtk::glib;

/// What stands in for an app without an icon.
const FALLBACK: &str = "application-x-executable-symbolic";

/// An icon on its way; dropped, it comes no more.
#[derive(Debug)]
pub(crate) struct Loading(glib::JoinHandle<()>);

impl Drop for Loading {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// An image for an app's icon; its name stands beside it, so it says nothing to a screen reader.
pub(crate) fn image(side: i32) -> gtk::Image {
    gtk::Image::builder()
        .pixel_size(side)
        .width_request(side)
        .height_request(side)
        .accessible_role(gtk::AccessibleRole::Presentation)
        .css_classes(["app-icon"])
        .build()
}

/// Shows an icon: at once if it is in memory, else when it has been read.
pub(crate) fn show(image: &gtk::Image, images: &Images, place: Option<IconPlace>) -> Option<Loading> {
    let Some(place) = place else {
        image.set_icon_name(Some(FALLBACK));
        return None;
    };
    if let Some(known) = images.known_icon(&place) {
        image.set_paintable(Some(&known));
        return None;
    }
    match &place {
        IconPlace::Disk(_) => image.clear(),
        // Nobody knows when it comes.
        IconPlace::Web(_) => image.set_icon_name(Some(FALLBACK)),
    }
    let (image, images) = (image.clone(), images.clone());
    Some(Loading(relm4::spawn_local(async move {
        match images.icon(place.clone()).await {
            Ok(icon) => image.set_paintable(Some(&icon)),
            Err(error) => {
                tracing::info!(?place, %error, "an icon cannot be shown");
                image.set_icon_name(Some(FALLBACK));
            }
        }
    })))
}
