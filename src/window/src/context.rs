//! What every page is given.

use crate::images::Images;
use crate::reader::Reader;
use crate::web::Web;
use std::sync::Arc;
use strata_platform::Environment;

/// What every page is given. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    /// The catalogue.
    pub(crate) reader: Reader,
    /// Icons and screenshots.
    pub(crate) images: Images,
    /// The network.
    pub(crate) web: Web,
    /// Where this process runs.
    pub(crate) environment: Arc<Environment>,
}
