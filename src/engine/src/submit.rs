//! Taking requests on: checked, recorded, queued, all or none.

use crate::engine::{Inner, now};
use crate::plan::ending;
use crate::run;
use crate::switch::lane_of;
use std::collections::HashMap;
use std::sync::Arc;
use strata_model::{Change, Failure, FailureKind, OfferId, Progress, Request, Task, TaskId, TaskState};

/// Most requests in one go, and most tasks that may wait.
const MAX_REQUESTS: usize = 10_000;
/// Most texts of all of these together, in bytes: every face is told of every task.
const MAX_TEXTS: usize = 16 << 20;

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
    fn new(requests: &[Request], wanted: Vec<(Request, TaskId)>) -> Self {
        let mut open = Open::default();
        for (request, id) in wanted {
            open.add(&request, Place::Known(id));
        }
        let mut sorted = Self::default();
        for request in requests {
            let place = open.find(request).unwrap_or_else(|| {
                sorted.fresh.push(request.clone());
                let place = Place::Fresh(sorted.fresh.len() - 1);
                open.add(request, place);
                place
            });
            sorted.places.push(place);
        }
        sorted
    }
}

/// What will be done, as far as somebody who asks for the same can be told that it is under way.
#[derive(Debug, Default)]
struct Open {
    /// By what is asked, with where nobody is there to answer a question, and where somebody is.
    places: HashMap<Request, (bool, Place)>,
    /// The last of each app: what was asked before something else is undone by the time that its lane comes to this.
    last: HashMap<OfferId, Request>,
}

impl Open {
    fn add(&mut self, request: &Request, place: Place) {
        let asked = request.asked();
        if !request.offer.reference.is_empty()
            && let Some(before) = self.last.insert(request.offer.clone(), asked.clone())
            && before != asked
        {
            self.places.remove(&before);
        }
        // Of equal ones the oldest, unless that cannot ask what the others can.
        let known = self.places.entry(asked).or_insert((request.unattended, place));
        if known.0 && !request.unattended {
            *known = (false, place);
        }
    }

    /// Who asks for it at this moment is not put off to what nobody can answer.
    fn find(&self, request: &Request) -> Option<Place> {
        let (unattended, place) = self.places.get(&request.asked())?;
        (request.unattended || !unattended).then_some(*place)
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
        let waiting = self.board.wanted();
        let all = requests.iter().chain(waiting.iter().map(|(request, _)| request));
        if all.map(texts).fold(0, usize::saturating_add) > MAX_TEXTS {
            return Err(Failure::new(FailureKind::BadRequest, "", "the texts of the requests are too long together"));
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

/// How long the texts of a request are, in bytes.
fn texts(request: &Request) -> usize {
    let Request { offer, name, location, replaces, accepted, .. } = request;
    let offers = std::iter::once(offer).chain(replaces);
    let places = offers.flat_map(|offer| [&offer.scope, &offer.origin, &offer.reference]);
    places.chain([name, location, accepted]).map(String::len).sum()
}

fn queued(id: TaskId, request: Request, submitted: i64) -> Task {
    let (progress, state) = (Progress::default(), TaskState::Queued);
    Task { id, request, state, progress, failure: None, partial: Vec::new(), submitted, finished: 0 }
}
