//! Taking requests on: checked, recorded, queued, all or none.

use crate::engine::{Inner, now};
use crate::plan::ending;
use crate::run;
use crate::switch::lane_of;
use std::collections::HashMap;
use std::sync::Arc;
use strata_model::{Change, Failure, FailureKind, Progress, Request, Task, TaskId, TaskState};

/// Most requests in one go, and most tasks that may wait.
const MAX_REQUESTS: usize = 10_000;

/// Requests that are not queued yet, each once, and the place of each of those that were asked for.
#[derive(Debug, Default)]
struct Sorted {
    fresh: Vec<Request>,
    places: Vec<Place>,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    /// A task does it already.
    Known(TaskId),
    /// It has this place among the fresh ones.
    Fresh(usize),
}

impl Sorted {
    fn new(requests: &[Request], wanted: HashMap<Request, TaskId>) -> Self {
        let mut known: HashMap<Request, Place> =
            wanted.into_iter().map(|(asked, id)| (asked, Place::Known(id))).collect();
        let mut sorted = Self::default();
        for request in requests {
            let place = known.entry(request.asked()).or_insert_with(|| {
                sorted.fresh.push(request.clone());
                Place::Fresh(sorted.fresh.len() - 1)
            });
            sorted.places.push(*place);
        }
        sorted
    }
}

impl Inner {
    /// See [`crate::Engine::submit`].
    pub(crate) async fn submit(self: &Arc<Self>, requests: &[Request]) -> Result<Vec<TaskId>, Failure> {
        let _working = self.work.begin();
        let _alone = self.submitting.lock().await;
        self.check(requests)?;
        let Sorted { fresh, places } = Sorted::new(requests, self.board.wanted());
        let (now, recorded) = (now(), fresh.clone());
        let ids = self.record(move |store| store.add(&recorded, now)).await?;
        self.enqueue(&ids, fresh, now)?;
        let id_at = |place| match place {
            Place::Known(id) => Some(id),
            Place::Fresh(index) => ids.get::<usize>(index).copied(),
        };
        Ok(places.into_iter().filter_map(id_at).collect())
    }

    fn check(&self, requests: &[Request]) -> Result<(), Failure> {
        if self.closing.is_cancelled() {
            return Err(ending());
        }
        if requests.len() + self.queue().open().len() > MAX_REQUESTS {
            return Err(Failure::new(FailureKind::BadRequest, "", "too many requests"));
        }
        requests.iter().try_for_each(|request| self.source_of(request).map(drop))
    }

    fn enqueue(self: &Arc<Self>, ids: &[TaskId], requests: Vec<Request>, now: i64) -> Result<(), Failure> {
        let mut tasks = Vec::with_capacity(ids.len());
        let mut lanes = Vec::with_capacity(ids.len());
        for (id, request) in ids.iter().zip(requests) {
            let source = self.source_of(&request)?;
            lanes.push((*id, lane_of(&*source, &request)));
            tasks.push(queued(*id, request, now));
        }
        let mut queue = self.queue();
        // Whoever works through a lane takes the next task under the same lock, and so finds it on the board.
        let begin = || (self.work.begin(), self.tasks.begin());
        lanes.retain(|(id, lane)| queue.push(*id, lane, begin()));
        if !tasks.is_empty() {
            self.board.edit(|_| Some(Change { tasks, ..Change::default() }));
        }
        drop(queue);
        for (_, lane) in lanes {
            tokio::spawn(run::lane(Arc::clone(self), lane));
        }
        Ok(())
    }
}

fn queued(id: TaskId, request: Request, submitted: i64) -> Task {
    let (progress, state) = (Progress::default(), TaskState::Queued);
    Task { id, request, state, progress, failure: None, partial: Vec::new(), submitted, finished: 0 }
}
