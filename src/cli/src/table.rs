//! Tables: aligned, bounded by the width of the terminal, where they do not fit one cell a line; lines with tabs where no
//! person looks.

use crate::output::dim;
use crate::text::clean;
use console::{Alignment, Style, measure_text_width, pad_str, truncate_str};

/// Between two columns.
const GAP: usize = 2;

/// No column that gives way becomes narrower than this.
const NARROWEST: usize = 8;

/// A table. Its cells are cleaned as they come, so nothing of a stranger's reaches the terminal through it.
#[derive(Debug)]
pub(crate) struct Table {
    header: Vec<String>,
    /// Columns that are cut first when the terminal is narrow, and which of them before the others.
    gives_way: &'static [usize],
    /// A column that stands behind what matters.
    dimmed: Option<usize>,
    /// Columns of numbers, which stand to the right.
    right: &'static [usize],
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with its headings. `gives_way` names the columns that may be cut, first the one to cut first.
    pub(crate) fn new(header: Vec<String>, gives_way: &'static [usize]) -> Self {
        Self { header, gives_way, dimmed: None, right: &[], rows: Vec::new() }
    }

    /// Shows a column dimmed, where there are colours.
    pub(crate) fn dimmed(self, column: usize) -> Self {
        Self { dimmed: Some(column), ..self }
    }

    /// Sets columns of numbers to the right.
    pub(crate) fn right(self, columns: &'static [usize]) -> Self {
        Self { right: columns, ..self }
    }

    pub(crate) fn row(&mut self, cells: &[&str]) {
        self.rows.push(cells.iter().map(|cell| clean(cell)).collect());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The lines of the table, for a terminal of `width` columns or for a program.
    pub(crate) fn render(&self, width: Option<usize>) -> String {
        match width {
            _ if self.rows.is_empty() => String::new(),
            None => self.rows.iter().map(|row| row.join("\t") + "\n").collect(),
            Some(width) => match self.widths(width) {
                Some(widths) => self.aligned(&widths, width),
                None => self.listed(width),
            },
        }
    }

    /// One cell a line, each behind its heading: nothing is left out where the columns do not stand side by side.
    fn listed(&self, width: usize) -> String {
        let headings = self.header.iter().map(|heading| measure_text_width(heading)).max().unwrap_or_default();
        let mut text = String::new();
        for row in &self.rows {
            let mut cells = row.iter().zip(&self.header);
            if let Some((first, _)) = cells.next() {
                text.push_str(&Style::new().bold().apply_to(cut(first, width)).to_string());
                text.push('\n');
            }
            for (cell, heading) in cells.filter(|(cell, _)| !cell.is_empty()) {
                let heading = pad_str(heading, headings, Alignment::Left, None);
                text.push_str(&cut(&format!("  {}  {cell}", dim(&heading)), width));
                text.push('\n');
            }
        }
        text
    }

    fn aligned(&self, widths: &[usize], width: usize) -> String {
        let heading = Style::new().bold();
        let header = self
            .header
            .iter()
            .zip(widths)
            .enumerate()
            .map(|(at, (cell, width))| self.fit(at, cell, *width))
            .collect::<Vec<_>>();
        let mut text = heading.apply_to(cut(&header.join(&" ".repeat(GAP)), width)).to_string() + "\n";
        for row in &self.rows {
            let cells = row.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
                let cell = self.fit(column, cell, *width);
                if self.dimmed == Some(column) { dim(&cell) } else { cell }
            });
            let cells = cells.collect::<Vec<_>>();
            text.push_str(&cut(&cells.join(&" ".repeat(GAP)), width));
            text.push('\n');
        }
        text
    }

    fn fit(&self, column: usize, cell: &str, width: usize) -> String {
        let side = if self.right.contains(&column) { Alignment::Right } else { Alignment::Left };
        pad_str(&truncate_str(cell, width, "…"), width, side, None).into_owned()
    }

    /// As wide as the content wants, less where the terminal does not have it; `None` if it is too narrow all the same.
    fn widths(&self, available: usize) -> Option<Vec<usize>> {
        let all = std::iter::once(&self.header).chain(&self.rows);
        let mut widths = vec![0; self.header.len()];
        for row in all {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = measure_text_width(cell).max(*width);
            }
        }
        let mut excess = (widths.iter().sum::<usize>() + GAP * (widths.len() - 1)).saturating_sub(available);
        for column in self.gives_way {
            let given = excess.min(widths[*column].saturating_sub(NARROWEST));
            widths[*column] -= given;
            excess -= given;
        }
        (excess == 0).then_some(widths)
    }
}

fn cut(line: &str, width: usize) -> String {
    truncate_str(line.trim_end(), width, "…").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(vec!["Name".into(), "Summary".into(), "Id".into()], &[1, 0]);
        table.row(&["Chess\u{1b}[2J", "Play the\tclassic two-player board game", "org.gnome.Chess"]);
        table.row(&["名前", "", "a.b"]);
        table
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [20, 40, 60, 200] {
            for line in table().render(Some(width)).lines() {
                assert!(measure_text_width(line) <= width, "{width}: {line:?}");
            }
        }
    }

    #[test]
    fn what_does_not_fit_side_by_side_stands_one_below_the_other() {
        let text = console::strip_ansi_codes(&table().render(Some(30))).into_owned();
        let expected = "Chess[2J\n  Summary  Play the classic t…\n  Id       org.gnome.Chess\n名前\n  Id       a.b\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn numbers_stand_to_the_right() {
        let mut table = Table::new(vec!["Name".into(), "Score".into()], &[0]).right(&[1]);
        table.row(&["a", "7.25"]);
        table.row(&["b", "107.25"]);
        let text = console::strip_ansi_codes(&table.render(Some(40))).into_owned();
        assert_eq!(text, "Name   Score\na       7.25\nb     107.25\n");
    }

    #[test]
    fn a_program_gets_tabs_and_whole_cells() {
        let lines = "Chess[2J\tPlay the classic two-player board game\torg.gnome.Chess\n名前\t\ta.b\n";
        assert_eq!(table().render(None), lines);
    }
}
