//! When the process may leave: nothing under way and no call for a while.

use std::time::Duration;
use tokio::sync::watch;

/// Calls so far, and those not yet answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) so_far: u64,
    pub(crate) open: usize,
}

/// Counts calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Calls(watch::Sender<Count>);

/// One call, until it is dropped.
#[derive(Debug)]
pub(crate) struct Call(watch::Sender<Count>);

impl Calls {
    pub(crate) fn begin(&self) -> Call {
        self.0.send_modify(|count| {
            count.so_far += 1;
            count.open += 1;
        });
        Call(self.0.clone())
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Count> {
        self.0.subscribe()
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.0.send_modify(|count| count.open -= 1);
    }
}

/// Returns when there was no work and no call for `idle`.
pub(crate) async fn until_idle(mut work: watch::Receiver<usize>, mut calls: watch::Receiver<Count>, idle: Duration) {
    loop {
        let busy = *work.borrow_and_update() > 0 || calls.borrow_and_update().open > 0;
        let patience = async { if busy { std::future::pending().await } else { tokio::time::sleep(idle).await } };
        tokio::select! {
            () = patience => return,
            _ = work.changed() => {}
            _ = calls.changed() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn idle_is_counted_from_the_end_of_the_last_call_and_work() {
        let (calls, work) = (Calls::default(), watch::Sender::new(1));
        let begin = Instant::now();
        let idle = tokio::spawn(until_idle(work.subscribe(), calls.watch(), Duration::from_secs(30)));
        let call = calls.begin();
        tokio::time::sleep(Duration::from_secs(100)).await;
        work.send_replace(0);
        tokio::time::sleep(Duration::from_secs(100)).await;
        drop(call);
        idle.await.unwrap();
        assert_eq!(begin.elapsed(), Duration::from_secs(230));
    }
}
