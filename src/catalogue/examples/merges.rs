//! Which apps of two lists are one, and what speaks for that.
//!
//! `merges FILE`
//!
//! FILE is an AppStream list; a list of AppImages lies beside it as `apps`. The catalogue is made there too, in `merged`. A
//! line for each AppImage that was taken for an app: its name in its list, the app's id, and the signs.

#[path = "shared/built.rs"]
mod built;

use built::built;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use strata_model::SourceKind;

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args_os().nth(1).map(PathBuf::from).ok_or("which file?")?;
    let (catalogue, report) = built(&file, &file.with_file_name("merged").join("catalogue.db"))?;
    let mut signs: BTreeMap<&str, usize> = BTreeMap::new();
    let mut count = 0;
    for (app, offers) in catalogue.merges()? {
        for offer in offers.iter().filter(|offer| offer.id.source == SourceKind::AppImage) {
            count += 1;
            let said = offer.evidence.iter().map(|evidence| format!("{}={}", evidence.sign.as_str(), evidence.detail));
            println!("{}\t{}\t{}", offer.id.reference, app.id, said.collect::<Vec<_>>().join("\t"));
            for evidence in &offer.evidence {
                *signs.entry(evidence.sign.as_str()).or_default() += 1;
            }
        }
    }
    eprintln!(
        "{} apps, {count} of the AppImages are of apps that were there, by {signs:?}; left out: {:?}",
        report.apps, report.losses
    );
    Ok(())
}
