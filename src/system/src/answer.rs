//! Waiting for what needs no person to be answered: where no answer comes that is told, and a cancel ends it.

use std::pin::pin;
use std::time::Duration;
use strata_engine::Reporter;
use strata_model::{Failure, Progress, Stage, Stop};
use tokio_util::sync::CancellationToken;

/// Before it is told. The daemon may have to be started for the answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The answer.
///
/// # Errors
/// [`Stop::Cancelled`] when the token says so, else why there is none.
pub(crate) async fn answered<T>(
    reporter: &Reporter,
    cancel: &CancellationToken,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Stop> {
    let told = async {
        let mut work = pin!(work);
        if let Ok(answer) = tokio::time::timeout(PATIENCE, &mut work).await {
            return answer;
        }
        reporter.report(Progress { stage: Stage::Unanswered, ..Progress::default() });
        let answer = work.await;
        reporter.report(Progress::default());
        answer
    };
    Ok(cancel.run_until_cancelled(told).await.ok_or(Stop::Cancelled)??)
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::FailureKind;

    #[tokio::test(start_paused = true)]
    async fn what_is_not_answered_is_told_and_can_be_cancelled() {
        let (reporter, progress) = Reporter::new();
        let cancel = CancellationToken::new();
        let late = async {
            tokio::time::sleep(PATIENCE * 2).await;
            assert_eq!(progress.borrow().stage, Stage::Unanswered);
            Ok(7)
        };
        assert_eq!(answered(&reporter, &cancel, late).await, Ok(7));
        assert_eq!(progress.borrow().stage, Stage::Waiting, "it was answered");
        let failure = Failure::new(FailureKind::NoDaemon, "", "");
        let failed = answered::<()>(&reporter, &cancel, async { Err(failure.clone()) }).await;
        assert_eq!(failed, Err(Stop::Failed(failure.clone())));
        let told = cancel.clone();
        let never = async {
            told.cancel();
            std::future::pending::<Result<(), Failure>>().await
        };
        assert_eq!(answered(&reporter, &cancel, never).await, Err(Stop::Cancelled));
    }
}
