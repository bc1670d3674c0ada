//! `run`: opens an installed app, or a file once.

use crate::ending::{Ending, Trouble};
use crate::resolve::{self, ToOpen};
use crate::session::Session;

pub(crate) async fn run(mut session: Session, name: String) -> Result<Ending, Trouble> {
    let snapshot = session.ready().await?;
    let meant = resolve::to_open(&mut session, &snapshot, &name).await?;
    let engine = session.engine.clone();
    let launched = match meant {
        ToOpen::App(offer) => {
            session.interrupt.or(engine.launch(&offer)).await??;
            offer.reference
        }
        ToOpen::File(location) => {
            session.interrupt.or(engine.launch_file(&location)).await??;
            location
        }
    };
    if session.output.json {
        session.output.result(&serde_json::json!({ "launched": launched }));
    }
    Ok(Ending::Done)
}
