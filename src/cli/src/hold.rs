//! `hold`, `release` and `go-back`: which versions installed apps stay at.

use crate::ending::{Ending, Trouble};
use crate::session::Session;
use crate::{follow, resolve};
use strata_model::{OfferId, Request};

pub(crate) async fn run(
    mut session: Session,
    apps: Vec<String>,
    wish: fn(OfferId) -> Request,
) -> Result<Ending, Trouble> {
    let snapshot = session.ready().await?;
    let mut requests = Vec::new();
    for name in &apps {
        let part = resolve::installed(&mut session, &snapshot, name).await?;
        requests.push(resolve::apart(wish(part.offer.clone()).named(&part.name))?);
    }
    follow::to_the_end(&mut session, &requests).await
}
