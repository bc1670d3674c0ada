//! Where words and JSON go: results to standard output, everything else to standard error.

use crate::ending::{Ending, Trouble, sentence};
use crate::json;
use crate::table::Table;
use crate::text::clean;
use console::{Style, Term};
use gettextrs::gettext;
use serde::Serialize;
use std::collections::HashSet;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use strata_model::{Failure, FailureKind};

/// Narrowest and widest line that is reckoned with where the terminal says nothing or nonsense.
const WIDTHS: (usize, usize) = (40, 160);

/// Where a command says what it has to say.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    /// One JSON value on standard output, and nothing but complaints of the command line on standard error.
    pub(crate) json: bool,
    /// Technical details of failures too.
    pub(crate) verbose: bool,
    /// Somebody reads standard output as it comes.
    terminal: bool,
    width: usize,
    /// What need not be said again, shared by all copies.
    said: Arc<Mutex<HashSet<String>>>,
    /// Why not all of the result could be printed, shared by all copies.
    unwritten: Arc<OnceLock<Failure>>,
}

impl Output {
    pub(crate) fn new(json: bool, verbose: bool) -> Self {
        let term = Term::stdout();
        let width = usize::from(term.size().1).clamp(WIDTHS.0, WIDTHS.1);
        Self { json, verbose, terminal: term.is_term(), width, said: Arc::default(), unwritten: Arc::default() }
    }

    /// How the command ends, now that all was printed: a result that got lost on its way was not given.
    pub(crate) fn end(&self, ending: Ending) -> Ending {
        let Some(failure) = self.unwritten.get() else { return ending };
        complain(&format!("{} {}", label(), sentence(failure)));
        if self.verbose {
            complain(&format!("  {}", clean(&failure.to_string())));
        }
        Ending::Failed
    }

    /// Columns that a line may have, `None` where no terminal cuts it.
    pub(crate) fn width(&self) -> Option<usize> {
        self.terminal.then_some(self.width)
    }

    /// Somebody reads standard error as it comes, so that progress can be drawn on it.
    pub(crate) fn draws_progress(&self) -> bool {
        !self.json && Term::stderr().is_term()
    }

    /// Somebody is there to answer a question.
    pub(crate) fn can_ask(&self) -> bool {
        use io::IsTerminal;
        !self.json && io::stdin().is_terminal() && Term::stderr().is_term()
    }

    /// The result, where JSON was asked for.
    pub(crate) fn result(&self, value: &impl Serialize) {
        if self.json {
            self.document(value);
        }
    }

    /// A result that is JSON whatever was asked for.
    pub(crate) fn document(&self, value: &impl Serialize) {
        let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
        text.push('\n');
        self.print(text.as_bytes());
    }

    /// A line of the result, where text was asked for. What strangers wrote must be clean already.
    pub(crate) fn line(&self, line: &str) {
        if !self.json {
            self.print(format!("{line}\n").as_bytes());
        }
    }

    /// A table: aligned and cut for a person, tabs and no header otherwise.
    pub(crate) fn table(&self, table: &Table) {
        self.print(table.render(self.width()).as_bytes());
    }

    /// Text of several lines, folded for a person, indented.
    pub(crate) fn paragraph(&self, text: &str, indent: usize) {
        let width = self.width.min(100).saturating_sub(indent);
        let pad = " ".repeat(indent);
        for line in fold(text, width) {
            self.print(format!("{pad}{line}\n").as_bytes());
        }
    }

    /// Text that is printed as it is, at once. What cannot be printed is said at the end; a reader that went away (`| head`)
    /// is no error of ours.
    pub(crate) fn print(&self, text: &[u8]) {
        let mut out = io::stdout().lock();
        match out.write_all(text).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                let subject = gettext("standard output");
                // The first reason is why the others are there.
                self.unwritten.get_or_init(|| Failure::new(FailureKind::Unwritable, subject, error.to_string()));
            }
            _ => {}
        }
    }

    /// Something beside the result; nobody parses it.
    pub(crate) fn note(&self, line: &str) {
        if !self.json {
            complain(line);
        }
    }

    /// The same for what several parts of a command may come across. `false` if it was said already.
    pub(crate) fn note_once(&self, line: &str) -> bool {
        let is_new = self.said.lock().unwrap_or_else(PoisonError::into_inner).insert(line.to_owned());
        if is_new {
            self.note(line);
        }
        is_new
    }

    /// What stood in the way of the whole command.
    pub(crate) fn trouble(&self, trouble: &Trouble) {
        if self.json && !matches!(trouble, Trouble::Usage(_)) {
            self.result(&json::Trouble::new(trouble));
            return;
        }
        complain(&format!("{} {}", label(), trouble.sentence()));
        if let Trouble::Failed(failure) = trouble {
            self.detail(failure);
        }
    }

    /// The technical words of a failure, for those who asked for them, and for everybody where nothing else tells why.
    pub(crate) fn detail(&self, failure: &Failure) {
        use FailureKind::{BadRequest, EngineGone, NotMended, Other};
        let explains = matches!(failure.kind, BadRequest | EngineGone | NotMended | Other);
        if self.verbose && !failure.detail.is_empty() {
            self.note(&format!("  {}", clean(&failure.to_string())));
        } else if explains && !failure.detail.is_empty() {
            self.note(&format!("  {}", clean(&failure.detail)));
        }
    }
}

/// Whose words they are, before complaints.
fn label() -> String {
    Style::new().for_stderr().red().bold().apply_to("stratactl:").to_string()
}

fn complain(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Breaks a text at blanks into lines of at most `width` columns; a longer word has its own line.
fn fold(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let needed = console::measure_text_width(&line) + 1 + console::measure_text_width(word);
        if !line.is_empty() && needed > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// Bold on a terminal with colours.
pub(crate) fn bold(text: &str) -> String {
    Style::new().bold().apply_to(text).to_string()
}

/// Beside what matters, on a terminal with colours.
pub(crate) fn dim(text: &str) -> String {
    Style::new().dim().apply_to(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_folded_at_blanks() {
        assert_eq!(fold("one two  three", 7), ["one two", "three"]);
        assert_eq!(fold("unbreakable", 4), ["unbreakable"]);
        assert_eq!(fold("", 4), [""]);
    }
}
