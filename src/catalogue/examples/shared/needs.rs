//! What people look for, from tables such as `tests/data/relevance-needs.tsv`.

use std::error::Error;
use std::path::Path;

/// Reads a table: what is typed, which names are meant (bars between them), within how many.
pub(crate) fn needs(file: &Path) -> Result<Vec<[String; 3]>, Box<dyn Error>> {
    let table = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let lines = table.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let columns = |line: &str| {
        let columns: Vec<String> = line.split('\t').map(str::to_owned).collect();
        columns.try_into().map_err(|_| format!("not three columns: {line}").into())
    };
    lines.map(columns).collect()
}
