//! The history, asked from the runtime: SQLite blocks, so each question goes to a thread of its own.

use crate::guard::guarded_blocking;
use crate::store::Store;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use strata_model::Failure;

#[derive(Clone, Debug)]
pub(crate) struct History(Arc<Mutex<Store>>);

impl History {
    /// See [`Store::open`].
    pub(crate) async fn open(path: &Path) -> Result<(Self, Option<Failure>), Failure> {
        let path = path.to_owned();
        let (store, fault) = guarded_blocking("history.db", move || Store::open(&path)).await??;
        Ok((Self(Arc::new(Mutex::new(store))), fault))
    }

    /// Asks the store, one question after the other.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Store) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let store = Arc::clone(&self.0);
        // A panic while the lock was held broke off a transaction, which SQLite rolls back.
        let ask = move || question(&mut store.lock().unwrap_or_else(PoisonError::into_inner));
        guarded_blocking("history.db", ask).await?
    }
}
