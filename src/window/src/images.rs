//! Icons and screenshots, decoded off the main thread.

mod decode;
mod store;

use crate::asked::Asked;
use crate::web::Web;
use relm4::gtk::gdk;
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use store::Store;
use strata_platform::{Environment, http};
use tokio::sync::Semaphore;

/// Icons kept in memory: some screenfuls, 16 KiB each.
const KNOWN_ICONS: usize = 256;

/// Screenshots fetched at the same time.
const AT_ONCE: usize = 4;

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
    store: Store,
    web: Web,
    gate: Arc<Semaphore>,
    decoders: Arc<Semaphore>,
}

/// The icons shown last; the oldest goes first.
#[derive(Debug, Default)]
struct Icons {
    known: HashMap<PathBuf, gdk::Texture>,
    order: VecDeque<PathBuf>,
}

impl Images {
    /// Pictures with the environment's cache.
    pub(crate) fn new(environment: &Environment, web: Web) -> Self {
        Self(Rc::new(Inner {
            icons: RefCell::default(),
            store: Store::new(environment.cache.join("screenshots")),
            web,
            gate: Arc::new(Semaphore::new(AT_ONCE)),
            decoders: Arc::new(Semaphore::new(DECODED_AT_ONCE)),
        }))
    }

    /// An icon that is in memory already.
    pub(crate) fn known_icon(&self, path: &Path) -> Option<gdk::Texture> {
        self.0.icons.borrow().known.get(path).cloned()
    }

    /// Reads an icon.
    pub(crate) async fn icon(&self, path: PathBuf) -> Result<gdk::Texture, ImageError> {
        let from = path.clone();
        let icon = relm4::spawn_blocking(move || decode::icon(&from)).await.map_err(|_| ImageError::Ended)??;
        self.0.icons.borrow_mut().keep(path, icon.clone());
        Ok(icon)
    }

    /// Fetches a screenshot, or reads it from the disk if it was fetched before; scaled down to `width` if wider.
    pub(crate) async fn screenshot(&self, url: &str, width: u32) -> Result<gdk::Texture, ImageError> {
        let store = self.0.store.clone();
        let url = url.to_owned();
        let stored = { (store.clone(), url.clone()) };
        let known = relm4::spawn_blocking(move || stored.0.read(&stored.1)).await.map_err(|_| ImageError::Ended)??;
        let bytes = match known {
            Some(bytes) => bytes,
            None => self.fetch(store, url).await?,
        };
        let turn = Arc::clone(&self.0.decoders).acquire_owned().await.map_err(|_| ImageError::Ended)?;
        // Nobody ends it once it runs, and its turn lasts as long as it does.
        let decoding = move || {
            let _turn = turn;
            decode::screenshot(&bytes, width)
        };
        relm4::spawn_blocking(decoding).await.map_err(|_| ImageError::Ended)?
    }

    async fn fetch(&self, store: Store, url: String) -> Result<Vec<u8>, ImageError> {
        let client = self.0.web.client()?;
        let gate = Arc::clone(&self.0.gate);
        // Whoever does not want it any more ends it.
        let fetching = Asked::new(async move {
            let _turn = gate.acquire().await.map_err(|_| ImageError::Ended)?;
            let bytes = http::fetch(&client, &url, http::MAX_BODY).await?;
            let kept = bytes.clone();
            // Not being able to keep it costs the next look, not this one.
            if let Ok(Err(error)) = tokio::task::spawn_blocking(move || store.write(&url, &kept)).await {
                tracing::warn!(%error, "a screenshot cannot be kept");
            }
            Ok(bytes)
        });
        fetching.answer().await.ok_or(ImageError::Ended)?
    }
}

impl Icons {
    fn keep(&mut self, path: PathBuf, icon: gdk::Texture) {
        if self.known.insert(path.clone(), icon).is_none() {
            self.order.push_back(path);
        }
        if self.order.len() > KNOWN_ICONS
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}
