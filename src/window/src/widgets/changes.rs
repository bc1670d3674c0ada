//! What came between two versions.

use crate::i18n::{gettext, gettext_f};
use crate::sentence;
use crate::widgets::description::description;
use crate::widgets::set_label;
use relm4::gtk;
use relm4::gtk::prelude::*;
use strata_model::app::Release;

/// The releases after the installed version up to the one that would come. Where the installed one is not listed nobody
/// knows how far back to go: then it is the newest alone. Without a version to come to, everything newer counts.
pub(crate) fn between(releases: &[Release], from: &str, to: &str) -> Vec<Release> {
    if from == to && !from.is_empty() {
        return Vec::new();
    }
    let begin = releases.iter().position(|release| !to.is_empty() && release.version == to).unwrap_or(0);
    let newer = &releases[begin..];
    let end = newer.iter().position(|release| !from.is_empty() && release.version == from);
    let newer = &newer[..end.unwrap_or(newer.len().min(1))];
    newer.iter().filter(|release| !release.notes.is_empty()).cloned().collect()
}

/// The releases, folded away.
pub(crate) fn expander(name: &str, releases: &[Release]) -> gtk::Expander {
    let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
    column.add_css_class("changes");
    for release in releases {
        let version = gettext_f("Version {version}", &[("version", &release.version)]);
        let day = sentence::day(release.date);
        let heading = if day.is_empty() { version } else { format!("{version} · {day}") };
        let label = gtk::Label::builder().label(heading).xalign(0.0).wrap(true).css_classes(["heading"]).build();
        column.append(&label);
        column.append(&description(&release.notes));
    }
    let expander = gtk::Expander::builder().label(gettext("What’s New")).child(&column).build();
    expander.add_css_class("news");
    // Below the words of the row, not below its icon.
    expander.set_margin_start(60);
    set_label(&expander, &gettext_f("What’s new in {name}", &[("name", name)]));
    expander
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::text::Block;

    fn release(version: &str) -> Release {
        let notes = vec![Block::Paragraph { spans: Vec::new() }];
        Release { version: version.to_owned(), date: 0, development: false, url: String::new(), notes }
    }

    #[test]
    fn what_came_in_between_is_between_the_versions() {
        let mut all = ["5", "4", "3", "2"].map(release).to_vec();
        let cases = [
            ("3", "5", "5 4", "both are listed"),
            ("3", "4", "4", "a newer one is listed than is offered"),
            ("3", "", "5 4", "nobody knows which one would come"),
            ("1", "5", "5", "the installed one is not listed"),
            ("", "", "5", "nothing is known"),
            ("5", "5", "", "built anew"),
            ("4", "9", "5", "the one to come is not listed"),
        ];
        for (from, to, expected, reason) in cases {
            let found: Vec<String> = between(&all, from, to).into_iter().map(|release| release.version).collect();
            assert_eq!(found.join(" "), expected, "{reason}");
        }
        all[0].notes.clear();
        assert_eq!(between(&all, "3", "5").len(), 1, "what says nothing is not shown");
        assert_eq!(between(&[], "1", "2"), []);
    }
}
