//! What people look for, from tables such as `tests/data/relevance-needs.tsv`.

use std::error::Error;
use std::path::Path;

/// What is typed, and which names are meant, any of them within the first so many.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) typed: String,
    pub(crate) meant: Vec<String>,
    pub(crate) within: usize,
}

/// Reads a table: what is typed, names between bars, within how many.
pub(crate) fn needs(file: &Path) -> Result<Vec<Case>, Box<dyn Error>> {
    let table = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let lines = table.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let case = |line: &str| {
        let mut columns = line.split('\t');
        let (Some(typed), Some(meant), Some(within)) = (columns.next(), columns.next(), columns.next()) else {
            return Err(format!("not three columns: {line}").into());
        };
        let meant = meant.split('|').map(str::to_owned).collect();
        Ok(Case { typed: typed.to_owned(), meant, within: within.trim().parse()? })
    };
    lines.map(case).collect()
}
