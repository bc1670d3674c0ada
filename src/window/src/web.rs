//! The window's own way to the network: pictures, and what Flathub says of one app.

use std::cell::OnceCell;
use std::rc::Rc;
use strata_platform::http::{self, Client, HttpError};

/// The one HTTP client of this process, made when it is needed. Cheap to clone; for the main thread.
#[derive(Clone, Debug, Default)]
pub(crate) struct Web(Rc<OnceCell<Client>>);

impl Web {
    /// The client.
    pub(crate) fn client(&self) -> Result<Client, HttpError> {
        if let Some(client) = self.0.get() {
            return Ok(client.clone());
        }
        let client = http::client()?;
        Ok(self.0.get_or_init(|| client).clone())
    }
}
