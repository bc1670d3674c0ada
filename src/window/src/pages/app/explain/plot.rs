//! Bars of months, in the colour of the person's choice.

use super::downloads::in_words;
use crate::sentence;
use crate::widgets::set_label;
use relm4::gtk::prelude::*;
use relm4::gtk::{self, cairo, gdk, glib};
use strata_platform::flathub::Month;

/// Height of the highest bar, in pixels.
const HEIGHT: i32 = 160;
/// The part of a month's room that its bar fills.
const FILLED: f64 = 0.72;

/// The plot with what its highest bar means and where it begins and ends.
pub(super) fn plot(months: &[Month]) -> gtk::Box {
    let area = gtk::DrawingArea::builder()
        .content_height(HEIGHT)
        .hexpand(true)
        .has_tooltip(true)
        .accessible_role(gtk::AccessibleRole::Img)
        .css_classes(["plot", "accent"])
        .build();
    set_label(&area, &in_words(months));
    let bars = months.to_vec();
    area.set_draw_func(move |area, context, width, height| {
        if let Err(error) = draw(area, context, (f64::from(width), f64::from(height)), &bars) {
            tracing::warn!(%error, "the plot cannot be drawn");
        }
    });
    let named = months.to_vec();
    area.connect_query_tooltip(move |area, x, _, _, tooltip| {
        let Some(month) = at(f64::from(x), f64::from(area.width()), &named, is_mirrored(area)) else { return false };
        tooltip.set_text(Some(&format!("{}: {}", month_name(month), sentence::count(month.installs))));
        true
    });
    let label = |text: &str| gtk::Label::builder().label(text).css_classes(["caption", "dimmed", "numeric"]).build();
    let most = label(&sentence::count(months.iter().map(|month| month.installs).max().unwrap_or_default()));
    most.set_xalign(0.0);
    let ends = gtk::CenterBox::new();
    ends.set_start_widget(months.first().map(|month| label(&month_name(month))).as_ref());
    ends.set_end_widget(months.last().map(|month| label(&month_name(month))).as_ref());
    let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(3).build();
    column.append(&most);
    column.append(&area);
    column.append(&ends);
    column
}

fn draw(
    area: &gtk::DrawingArea,
    context: &cairo::Context,
    (width, height): (f64, f64),
    months: &[Month],
) -> Result<(), cairo::Error> {
    let colour = area.color();
    let top = months.iter().map(|month| month.installs).max().unwrap_or_default().max(1);
    line(context, &colour, width, 0.5)?;
    line(context, &colour, width, height - 0.5)?;
    set(context, &colour, 1.0);
    let room = width / number(months.len().max(1));
    for (place, month) in months.iter().enumerate() {
        let place = if is_mirrored(area) { months.len() - 1 - place } else { place };
        let high = (share(month.installs, top)) * (height - 1.0);
        let left = (number(place) + (1.0 - FILLED) / 2.0) * room;
        rounded(context, (left, height - high, room * FILLED, high));
    }
    context.fill()
}

/// A thin line from side to side.
fn line(context: &cairo::Context, colour: &gdk::RGBA, width: f64, y: f64) -> Result<(), cairo::Error> {
    set(context, colour, 0.25);
    context.set_line_width(1.0);
    context.move_to(0.0, y);
    context.line_to(width, y);
    context.stroke()
}

fn set(context: &cairo::Context, colour: &gdk::RGBA, alpha: f64) {
    let [red, green, blue] = [colour.red(), colour.green(), colour.blue()].map(f64::from);
    context.set_source_rgba(red, green, blue, alpha);
}

/// A bar that is round at its upper corners.
fn rounded(context: &cairo::Context, (x, y, width, height): (f64, f64, f64, f64)) {
    use std::f64::consts::{FRAC_PI_2, PI};
    let radius = (width / 2.0).min(height).min(4.0);
    context.new_sub_path();
    context.move_to(x, y + height);
    context.arc(x + radius, y + radius, radius, PI, PI + FRAC_PI_2);
    context.arc(x + width - radius, y + radius, radius, -FRAC_PI_2, 0.0);
    context.line_to(x + width, y + height);
    context.close_path();
}

/// Months are few.
fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

/// Which part one number is of another.
#[expect(clippy::cast_precision_loss, reason = "nobody sees the billionth part of a bar")]
fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

fn is_mirrored(area: &gtk::DrawingArea) -> bool {
    area.direction() == gtk::TextDirection::Rtl
}

/// The month under a point.
fn at(x: f64, width: f64, months: &[Month], mirrored: bool) -> Option<&Month> {
    let part = if mirrored { 1.0 - x / width } else { x / width };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is within the plot")]
    let place = (part * number(months.len())).floor().max(0.0) as usize;
    months.get(place)
}

/// As in `March 2026`, in the person's language.
pub(super) fn month_name(month: &Month) -> String {
    let day = glib::DateTime::from_local(i32::from(month.year), i32::from(month.month), 1, 12, 0, 0.0);
    let named = day.and_then(|day| day.format("%B %Y"));
    named.map_or_else(|_| format!("{}-{:02}", month.year, month.month), Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_in_the_month_above_it() {
        let months: Vec<Month> = (1..=4).map(|month| Month { year: 2026, month, installs: 1 }).collect();
        let found = |x, mirrored| at(x, 100.0, &months, mirrored).map(|month| month.month);
        assert_eq!([found(0.0, false), found(26.0, false), found(99.0, false)], [Some(1), Some(2), Some(4)]);
        assert_eq!([found(1.0, true), found(99.0, true)], [Some(4), Some(1)]);
        assert_eq!(found(100.0, false), None);
    }
}
