//! What every page is given.

use crate::images::Images;
use crate::reader::Reader;

/// What every page is given. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    /// The catalogue.
    pub(crate) reader: Reader,
    /// Icons and screenshots.
    pub(crate) images: Images,
}
