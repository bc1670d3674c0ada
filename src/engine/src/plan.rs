//! Plans: asked of the sources while somebody waits for them, a few at once.

use crate::engine::{Inner, label};
use crate::guard::guarded;
use crate::switch::Switch;
use std::sync::Arc;
use strata_model::{Failure, FailureKind, Plan, Request, Stop};
use tokio_util::sync::CancellationToken;

/// Plans at work at once, over all faces; others wait for their turn.
pub(crate) const MAX_PLANS: usize = 8;

impl Inner {
    /// What a request would do. Whoever asked and drops this cancels the source's work; the engine's end does too.
    pub(crate) async fn plan(&self, request: &Request) -> Result<Plan, Stop> {
        let _working = self.work.begin();
        let source = self.source_of(request)?;
        self.unless_closing(self.check_allowed(request)).await??;
        self.check_held(request)?;
        self.check_source(request)?;
        let turn = self.unless_closing(Arc::clone(&self.plan_turns).acquire_owned()).await?;
        let (cancel, request, warned) = (CancellationToken::new(), request.clone(), self.warning_of_hold(request));
        let _cancelled_when_left = cancel.clone().drop_guard();
        // A source may be slow to notice: its turn and its place among the plans end with its work.
        let at_work = (turn, self.plans.begin());
        let (subject, switch) = (label(&request), Switch::of(self, &request)?);
        let planning = guarded(&subject, async move {
            let plan = match switch {
                Some(switch) => switch.plan(&request, &cancel).await,
                None => source.plan(&request, &cancel).await,
            };
            drop(at_work);
            plan
        });
        let mut plan = self.unless_closing(planning).await???;
        plan.warnings.extend(warned);
        Ok(plan)
    }
}

/// The engine takes no more; the next one does.
pub(crate) fn ending() -> Failure {
    Failure::new(FailureKind::EngineGone, "", "the engine is ending")
}
