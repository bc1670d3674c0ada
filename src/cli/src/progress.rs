//! How far tasks are: bars where somebody watches, a line for each step otherwise.

use crate::output::Output;
use crate::text::bytes;
use crate::words;
use console::truncate_str;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::collections::HashMap;
use std::time::Duration;
use strata_model::{Task, TaskId};

/// Columns for what a task is about.
const NAME_WIDTH: usize = 30;

/// Where progress is shown.
#[derive(Debug)]
pub(crate) enum Progress {
    /// Bars that move.
    Bars(MultiProgress, HashMap<TaskId, ProgressBar>),
    /// A line whenever a task begins something else.
    Lines(Output, HashMap<TaskId, String>),
    /// JSON speaks at the end only.
    Silent,
}

impl Progress {
    pub(crate) fn new(output: &Output) -> Self {
        if output.json {
            Self::Silent
        } else if output.draws_progress() {
            Self::Bars(MultiProgress::new(), HashMap::new())
        } else {
            Self::Lines(output.clone(), HashMap::new())
        }
    }

    /// Shows a task as it is, with what it waits behind.
    pub(crate) fn show(&mut self, task: &Task, in_the_way: Option<&str>) {
        match self {
            Self::Silent => {}
            Self::Lines(output, shown) => {
                let doing = words::doing(task.state, task.progress.stage);
                let line = [Some(format!("{}: {doing}", words::intention(&task.request)).as_str()), in_the_way]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(". ");
                if !task.state.is_final() && shown.get(&task.id) != Some(&line) {
                    output.note(&line);
                    shown.insert(task.id, line);
                }
            }
            Self::Bars(bars, known) => {
                if task.state.is_final() {
                    if let Some(bar) = known.remove(&task.id) {
                        bar.finish_and_clear();
                        bars.remove(&bar);
                    }
                    return;
                }
                let bar = known.entry(task.id).or_insert_with(|| begin(bars, task));
                draw(bar, task, in_the_way);
            }
        }
    }

    /// Says something between the bars.
    pub(crate) fn between(&self, say: impl FnOnce()) {
        match self {
            Self::Bars(bars, _) => bars.suspend(say),
            _ => say(),
        }
    }
}

fn begin(bars: &MultiProgress, task: &Task) -> ProgressBar {
    let bar = bars.add(ProgressBar::new(100));
    bar.set_prefix(truncate_str(&words::intention(&task.request), NAME_WIDTH, "…").into_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// A bar where the engine knows how far it is, something that moves where it does not: never an invented number.
fn draw(bar: &ProgressBar, task: &Task, in_the_way: Option<&str>) {
    let template = match task.progress.percent {
        Some(_) => "{prefix:30} {bar:24} {percent:>3} % {wide_msg}",
        None => "{prefix:30} {spinner} {wide_msg}",
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("━╸─"));
    }
    bar.set_position(task.progress.percent.unwrap_or_default().into());
    let stage = words::doing(task.state, task.progress.stage);
    let (done, total) = (task.progress.bytes, task.progress.total_bytes);
    let amount = if total == 0 { String::new() } else { format!(", {} / {}", bytes(done), bytes(total)) };
    let behind = in_the_way.map(|words| format!(". {words}")).unwrap_or_default();
    bar.set_message(format!("{stage}{amount}{behind}"));
}
