//! Questions on a terminal, and which of several things is meant.

use crate::ending::Trouble;
use crate::naming::{Candidate, Match};
use crate::output::{Output, bold, dim};
use crate::text::{clean, gettext_f};
use gettextrs::gettext;
use std::io::{self, Write};

/// What could be meant by a name that is not clear, and how to say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// Why it is not clear.
    why: String,
    among: Vec<Candidate>,
    /// Each of them is called exactly so.
    exact: bool,
}

impl Choice {
    /// The one thing that is called so, else what there is to choose from. `unknown` says that nothing is called so.
    pub(crate) fn of(typed: &str, found: Match, unknown: String) -> Result<Candidate, Self> {
        match found {
            Match::One(one) => Ok(one),
            Match::Several(among) => {
                let why = gettext_f("“{name}” is the name of more than one.", &[("name", &clean(typed))]);
                Err(Self { why, among, exact: true })
            }
            Match::Near(among) => Err(Self { why: unknown, among, exact: false }),
        }
    }

    /// There is something to choose from.
    pub(crate) fn is_any(&self) -> bool {
        !self.among.is_empty()
    }

    /// What to tell somebody who cannot be asked, or for whom nothing was found; `advice` is for the latter.
    pub(crate) fn refusal(&self, advice: &str) -> Trouble {
        let why = &self.why;
        if self.among.is_empty() {
            return Trouble::NothingFound(format!("{why} {advice}").trim_end().to_owned());
        }
        let choices: Vec<_> = self.among.iter().map(said).collect();
        let meant = gettext_f("Did you mean {choices}?", &[("choices", &choices.join(", "))]);
        let sentence = format!("{why} {meant}");
        if self.exact { Trouble::Usage(sentence) } else { Trouble::NothingFound(sentence) }
    }

    /// Asks the person, who may also take none of them.
    pub(crate) fn ask(&self) -> Option<Candidate> {
        if let [only] = &self.among[..] {
            let meant = gettext_f("Did you mean {choices}?", &[("choices", &said(only))]);
            return yes_or_no(&format!("{} {meant}", self.why)).then(|| only.clone());
        }
        let row = |(index, candidate): (usize, &Candidate)| {
            format!("  {}  {}  {}\n", index + 1, bold(&clean(&candidate.name)), dim(&clean(&candidate.id)))
        };
        let rows: String = self.among.iter().enumerate().map(row).collect();
        let count = self.among.len().to_string();
        let which = gettext_f("Which one? [1–{count}, anything else for none]", &[("count", &count)]);
        let number: usize = answer(&format!("{}\n{rows}{which} ", self.why))?.trim().parse().ok()?;
        self.among.get(number.checked_sub(1)?).cloned()
    }
}

fn said(candidate: &Candidate) -> String {
    let (name, id) = (clean(&candidate.name), clean(&candidate.id));
    if name.is_empty() { id } else { format!("{name} ({id})") }
}

/// Asks on the terminal, and waits for the answer.
pub(crate) fn yes_or_no(question: &str) -> bool {
    // Translators: beside a question; the letters are those of “y” and “n”, the capital one counts if nothing is typed.
    answer(&format!("{question} {} ", gettext("[y/N]")))
        .is_some_and(|answer| is_yes(&answer, &[gettext("y"), gettext("yes")]))
}

/// The person's language has its own words for it; the English ones count everywhere.
fn is_yes(answer: &str, own: &[String]) -> bool {
    let answer = answer.trim().to_lowercase();
    own.contains(&answer) || ["y", "yes"].contains(&&*answer)
}

fn answer(question: &str) -> Option<String> {
    let mut answer = String::new();
    // Not locked while the person thinks: whoever interrupts it has something to say there.
    let asked = write!(io::stderr(), "{question}").and_then(|()| io::stderr().flush());
    asked.and_then(|()| io::stdin().read_line(&mut answer)).ok()?;
    Some(answer)
}

/// Whether a person is there to choose, and wants to be asked.
pub(crate) fn can_choose(output: &Output, yes: bool) -> bool {
    output.can_ask() && !yes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ending::Ending;

    fn candidate(id: &str, name: &str) -> Candidate {
        Candidate { id: id.to_owned(), name: name.to_owned() }
    }

    #[test]
    fn yes_is_said_in_the_person_s_language_or_in_english() {
        let german = ["j".to_owned(), "ja".to_owned()];
        for yes in ["j\n", "J", " Ja ", "y", "YES"] {
            assert!(is_yes(yes, &german), "{yes:?}");
        }
        for no in ["", "\n", "n", "nein", "yj", "no"] {
            assert!(!is_yes(no, &german), "{no:?}");
        }
    }

    #[test]
    fn what_is_not_clear_is_never_guessed() {
        let one = candidate("org.gnome.Chess", "Chess");
        let other = candidate("org.other.Chess", "Ch\u{1b}ess");
        let unknown = || "There is no app “x”.".to_owned();
        assert_eq!(Choice::of("x", Match::One(one.clone()), unknown()), Ok(one.clone()));
        let refusal = |found| {
            let refusal = Choice::of("x", found, unknown()).unwrap_err().refusal("Look for it.");
            (refusal.ending(), refusal.sentence())
        };
        let sentence =
            "“x” is the name of more than one. Did you mean Chess (org.gnome.Chess), Chess (org.other.Chess)?";
        assert_eq!(refusal(Match::Several(vec![one.clone(), other])), (Ending::Usage, sentence.to_owned()));
        let sentence = "There is no app “x”. Did you mean Chess (org.gnome.Chess)?";
        assert_eq!(refusal(Match::Near(vec![one])), (Ending::NothingFound, sentence.to_owned()));
        let sentence = "There is no app “x”. Look for it.";
        assert_eq!(refusal(Match::Near(Vec::new())), (Ending::NothingFound, sentence.to_owned()));
    }
}
