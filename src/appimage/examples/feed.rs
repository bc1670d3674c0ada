//! `feed FILE`: what AppImageHub's feed in FILE comes to.

use std::time::Instant;
use strata_appimage::feed::{Signs, app_image_hub, merge};

/// Where the feed is from.
const SITE: &str = "https://appimage.github.io";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("feed FILE")?;
    let bytes = std::fs::read(path)?;
    let begun = Instant::now();
    let feed = app_image_hub(&bytes, SITE)?;
    let read = begun.elapsed();
    let count =
        |what: &dyn Fn(&strata_appimage::feed::Record) -> bool| feed.records.iter().filter(|one| what(one)).count();
    println!("{} records in {read:.0?}; left out: {:?}", feed.records.len(), feed.losses);
    println!(
        "with a project {}, with a page only {}, with a description {}, with an icon {}, with a licence {}",
        count(&|record| record.project.is_some()),
        count(&|record| record.project.is_none()),
        count(&|record| !record.description.is_empty()),
        count(&|record| !record.icons.is_empty()),
        count(&|record| !record.licence.is_empty()),
    );
    let merged = merge(vec![feed.records], &Signs::default());
    println!("{} after merging, {} became part of another", merged.records.len(), merged.merged);
    Ok(())
}
