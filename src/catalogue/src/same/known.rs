//! What is known of single apps: those that no sign tells to be the same, and those that look the same and are not.

use super::side::Side;

/// See the file itself.
const TABLE: &str = include_str!("../../../../data/known-apps.tsv");

/// Whether the table says that two entries are of one app, or that they are not; nothing if it says nothing.
pub(super) fn verdict(new: &Side, known: &Side) -> Option<bool> {
    let projects: Vec<&str> = new.projects.iter().map(|project| project.key.as_str()).collect();
    rows().find(|row| row.is_about(&new.listed, &projects) && row.app == known.id).map(|row| row.same)
}

/// The apps that an entry is known to be, by its name in its list and its projects: to be compared though nothing else leads
/// there.
pub(super) fn apps(listed: &str, projects: &[String]) -> impl Iterator<Item = &'static str> {
    rows().filter(move |row| row.same && row.is_about(listed, projects)).map(|row| row.app)
}

struct Row {
    same: bool,
    entry: &'static str,
    app: &'static str,
}

impl Row {
    fn is_about(&self, listed: &str, projects: &[impl AsRef<str>]) -> bool {
        listed == self.entry || projects.iter().any(|project| project.as_ref() == self.entry)
    }
}

fn rows() -> impl Iterator<Item = Row> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut cells = line.split('\t');
        let (verdict, entry, app) = (cells.next()?, cells.next()?, cells.next()?);
        Some(Row { same: verdict == "same", entry, app })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_a_row() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
        for line in lines.clone() {
            assert!(line.starts_with("same\t") || line.starts_with("other\t"), "{line:?}");
            assert_eq!(line.split('\t').count(), 4, "{line:?}: verdict, entry, app, why");
        }
        assert_eq!(rows().count(), lines.count());
    }
}
