//! The catalogue, read on a thread of its own: questions go there as closures, answers come back as futures.

use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender};
use strata_catalogue::{Catalogue, CatalogueError};
use strata_model::{Failure, FailureKind};
use tokio::sync::oneshot;

type Question = Box<dyn FnOnce(&mut Shelf) + Send>;

/// Asks the catalogue. Cheap to clone; every clone asks the same thread, which ends with the last one.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    questions: Sender<Question>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ReadError {
    /// There is no catalogue that this program can read, and building one mends that.
    NotBuilt,
    /// It is there and cannot be read.
    Failed(Failure),
}

/// The thread's side: the connection, opened at the first question and again after each build.
struct Shelf {
    path: PathBuf,
    open: Option<Catalogue>,
    wanted: u64,
}

impl Reader {
    /// Starts the thread.
    pub(crate) fn new(path: PathBuf) -> Self {
        let (questions, asked) = mpsc::channel();
        let started = std::thread::Builder::new().name("catalogue".to_owned()).spawn(move || serve(path, &asked));
        if let Err(error) = started {
            tracing::error!(%error, "the catalogue's thread cannot be started");
        }
        Self { questions }
    }

    /// Puts a question. Questions are answered in the order in which they are put.
    pub(crate) fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Catalogue) -> Result<T, CatalogueError> + Send + 'static,
    ) -> impl Future<Output = Result<T, ReadError>> + Send + 'static {
        let (answer, answered) = oneshot::channel();
        let put = self.questions.send(Box::new(move |shelf| {
            // A page that went away meanwhile does not wait for its answer.
            let _ = answer.send(shelf.answer(question));
        }));
        async move {
            put.map_err(|_| gone())?;
            answered.await.map_err(|_| gone())?
        }
    }

    /// Opens the catalogue anew if the open one is older than this build.
    pub(crate) fn reopen(&self, generation: u64) {
        // Without the thread every later question says so.
        let _ = self.questions.send(Box::new(move |shelf| shelf.wanted = generation));
    }
}

fn gone() -> ReadError {
    ReadError::Failed(Failure::new(FailureKind::Other, "catalogue.db", "the catalogue's thread is gone"))
}

fn serve(path: PathBuf, asked: &Receiver<Question>) {
    let mut shelf = Shelf { path, open: None, wanted: 0 };
    while let Ok(question) = asked.recv() {
        question(&mut shelf);
    }
}

impl Shelf {
    fn answer<T>(&mut self, question: impl FnOnce(&Catalogue) -> Result<T, CatalogueError>) -> Result<T, ReadError> {
        let known = self.open.take().filter(|open| open.generation() >= self.wanted);
        let catalogue = match known {
            Some(known) => known,
            None => Catalogue::open(&self.path).map_err(ReadError::from)?,
        };
        let answer = question(&catalogue).map_err(ReadError::from);
        self.open = Some(catalogue);
        answer
    }
}

impl From<CatalogueError> for ReadError {
    fn from(error: CatalogueError) -> Self {
        if error.is_mended_by_build() { Self::NotBuilt } else { Self::Failed(error.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_catalogue::{List, Page};

    #[tokio::test]
    async fn without_a_catalogue_the_answer_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let reader = Reader::new(folder.path().join("catalogue.db"));
        let answer = reader.ask(|catalogue| catalogue.browse(&List::All, Page { offset: 0, limit: 1 })).await;
        assert_eq!(answer, Err(ReadError::NotBuilt));
    }
}
