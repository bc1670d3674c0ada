//! A chip: a small round button that stays pressed.

use crate::widgets::set_label;
use relm4::gtk;
use relm4::gtk::prelude::*;

/// A chip that is pressed while its action's state says so: `true`, or its target where it has one.
pub(crate) fn chip(words: &str, spoken: &str, action: &str, target: Option<&str>) -> gtk::ToggleButton {
    // Colour alone does not say it to everybody.
    let mark = gtk::Image::builder().icon_name("object-select-symbolic").visible(false).build();
    mark.set_accessible_role(gtk::AccessibleRole::Presentation);
    let line = gtk::Box::builder().spacing(6).build();
    line.append(&mark);
    line.append(&gtk::Label::new(Some(words)));
    let chip = gtk::ToggleButton::builder().child(&line).css_classes(["chip"]).build();
    chip.bind_property("active", &mark, "visible").sync_create().build();
    chip.set_action_target_value(target.map(ToVariant::to_variant).as_ref());
    chip.set_action_name(Some(action));
    set_label(&chip, spoken);
    chip
}
