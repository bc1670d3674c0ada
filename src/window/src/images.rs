//! Icons and screenshots, decoded off the main thread.

mod decode;
mod place;
mod store;

use crate::asked::Asked;
use crate::web::Web;
pub(crate) use place::IconPlace;
use relm4::gtk::gdk;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet, VecDeque};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use store::Store;
use strata_platform::{Environment, http};
use tokio::sync::{Semaphore, watch};

/// Icons kept in memory: some screenfuls, 16 KiB each.
const KNOWN_ICONS: usize = 256;

/// Pictures of a kind fetched at the same time.
const AT_ONCE: usize = 4;

/// Screenshots kept on the disk, in bytes.
const STORED_SHOTS: u64 = 128 << 20;
/// Icons of the web kept on the disk, in bytes.
const STORED_ICONS: u64 = 32 << 20;

/// Screenshots decoded at the same time: each takes a core, and some tens of megabytes until it is scaled down.
const DECODED_AT_ONCE: usize = 2;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImageError {
    /// It cannot be fetched.
    #[error(transparent)]
    Http(#[from] http::HttpError),
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// It is no picture, or too large a one.
    #[error(transparent)]
    Picture(#[from] image::ImageError),
    /// An address of a kind that pictures do not come from.
    #[error("not an address of pictures: {0}")]
    Address(String),
    /// It was asked for before, and is not there; or nobody wants it.
    #[error("it is not to be had")]
    Missing,
    /// The program is about to end.
    #[error("cancelled")]
    Ended,
}

/// Loads pictures. Cheap to clone; for the main thread.
#[derive(Clone, Debug)]
pub(crate) struct Images(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    icons: RefCell<Icons>,
    web: Web,
    /// The settings let pictures be loaded from the web; `None` while they are not known.
    web_wanted: watch::Sender<Option<bool>>,
    web_icons: Fetched,
    screenshots: Fetched,
    decoders: Arc<Semaphore>,
}

/// Pictures of a kind that come from the web: what is kept of them, and whose turn it is. Cheap to clone.
#[derive(Clone, Debug)]
struct Fetched {
    store: Store,
    gate: Arc<Semaphore>,
    /// Largest one, in bytes.
    largest: usize,
}

/// The icons shown last; the oldest goes first.
#[derive(Debug, Default)]
struct Icons {
    known: HashMap<IconPlace, gdk::Texture>,
    order: VecDeque<IconPlace>,
    /// Of the web, and not there: a list that is scrolled does not ask for them again and again.
    missing: HashSet<String>,
}

impl Images {
    /// Pictures with the environment's cache.
    pub(crate) fn new(environment: &Environment, web: Web) -> Self {
        Self(Rc::new(Inner {
            icons: RefCell::default(),
            web,
            web_wanted: watch::Sender::new(None),
            web_icons: Fetched::new(environment.cache.join("icons"), STORED_ICONS, decode::MAX_ICON_FILE),
            screenshots: Fetched::new(environment.cache.join("screenshots"), STORED_SHOTS, http::MAX_BODY),
            decoders: Arc::new(Semaphore::new(DECODED_AT_ONCE)),
        }))
    }

    /// Says whether the settings let icons be loaded from the web, which wait for that.
    pub(crate) fn let_web(&self, wanted: bool) {
        self.0.web_wanted.send_if_modified(|known| known.replace(wanted) != Some(wanted));
    }

    /// An icon that is in memory already.
    pub(crate) fn known_icon(&self, place: &IconPlace) -> Option<gdk::Texture> {
        self.0.icons.borrow().known.get(place).cloned()
    }

    /// Reads an icon; one of the web is fetched if it was not before.
    pub(crate) async fn icon(&self, place: IconPlace) -> Result<gdk::Texture, ImageError> {
        let icon = match place.clone() {
            IconPlace::Disk(path) => relm4::spawn_blocking(move || decode::icon_file(&path)).await,
            IconPlace::Web(url) => {
                let bytes = self.icon_of_web(url).await?;
                relm4::spawn_blocking(move || decode::icon(bytes)).await
            }
        };
        let icon = icon.map_err(|_| ImageError::Ended)??;
        self.0.icons.borrow_mut().keep(place, icon.clone());
        Ok(icon)
    }

    async fn icon_of_web(&self, url: String) -> Result<Vec<u8>, ImageError> {
        let mut wanted = self.0.web_wanted.subscribe();
        let wanted = wanted.wait_for(Option::is_some).await.map_err(|_| ImageError::Ended)?.unwrap_or_default();
        if !wanted || self.0.icons.borrow().missing.contains(&url) {
            return Err(ImageError::Missing);
        }
        let bytes = self.bytes(&self.0.web_icons, &url).await;
        if let Err(ImageError::Http(error)) = &bytes
            && error.is_nothing_there()
        {
            self.0.icons.borrow_mut().missing.insert(url);
        }
        bytes
    }

    /// Fetches a screenshot, or reads it from the disk if it was fetched before; scaled down to `width` if wider.
    pub(crate) async fn screenshot(&self, url: &str, width: u32) -> Result<gdk::Texture, ImageError> {
        let bytes = self.bytes(&self.0.screenshots, url).await?;
        let turn = Arc::clone(&self.0.decoders).acquire_owned().await.map_err(|_| ImageError::Ended)?;
        // Nobody ends it once it runs, and its turn lasts as long as it does.
        let decoding = move || {
            let _turn = turn;
            decode::screenshot(&bytes, width)
        };
        relm4::spawn_blocking(decoding).await.map_err(|_| ImageError::Ended)?
    }

    /// What is at an address, from the disk if it was fetched before.
    async fn bytes(&self, fetched: &Fetched, url: &str) -> Result<Vec<u8>, ImageError> {
        let stored = (fetched.store.clone(), url.to_owned());
        let known = relm4::spawn_blocking(move || stored.0.read(&stored.1)).await.map_err(|_| ImageError::Ended)??;
        match known {
            Some(bytes) => Ok(bytes),
            None => self.fetch(fetched.clone(), url.to_owned()).await,
        }
    }

    async fn fetch(&self, fetched: Fetched, url: String) -> Result<Vec<u8>, ImageError> {
        let client = self.0.web.client()?;
        let Fetched { store, gate, largest } = fetched;
        // Whoever does not want it any more ends it.
        let fetching = Asked::new(async move {
            let _turn = gate.acquire().await.map_err(|_| ImageError::Ended)?;
            let bytes = http::fetch(&client, &url, largest).await?;
            let kept = bytes.clone();
            // Not being able to keep it costs the next look, not this one.
            if let Ok(Err(error)) = tokio::task::spawn_blocking(move || store.write(&url, &kept)).await {
                tracing::warn!(%error, "a picture cannot be kept");
            }
            Ok(bytes)
        });
        fetching.answer().await.ok_or(ImageError::Ended)?
    }
}

impl Fetched {
    fn new(folder: PathBuf, room: u64, largest: usize) -> Self {
        Self { store: Store::new(folder, room), gate: Arc::new(Semaphore::new(AT_ONCE)), largest }
    }
}

impl Icons {
    fn keep(&mut self, place: IconPlace, icon: gdk::Texture) {
        if self.known.insert(place.clone(), icon).is_none() {
            self.order.push_back(place);
        }
        if self.order.len() > KNOWN_ICONS
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}
