//! `run`: opens an installed app.

use crate::ending::{Ending, Trouble};
use crate::resolve;
use crate::session::Session;

pub(crate) async fn run(mut session: Session, name: String) -> Result<Ending, Trouble> {
    let snapshot = session.ready().await?;
    let offer = resolve::to_open(&mut session, &snapshot, &name).await?;
    let engine = session.engine.clone();
    session.interrupt.or(engine.launch(&offer)).await??;
    if session.output.json {
        session.output.result(&serde_json::json!({ "launched": offer.reference }));
    }
    Ok(Ending::Done)
}
