//! The variables of an app's environment: a row for each, and one for the next.

use super::wrong::{Wrong, mark};
use crate::i18n::{gettext, gettext_f};
use crate::widgets::set_label;
use relm4::adw::prelude::*;
use relm4::{adw, gtk};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use strata_model::app_settings::{Unfit, check_variable};

/// What is called when something is typed.
type Changed = Rc<dyn Fn()>;

/// The group of them.
pub(super) struct Variables {
    group: adw::PreferencesGroup,
    rows: RefCell<BTreeMap<String, adw::EntryRow>>,
    /// Takes the next one, as NAME=VALUE.
    next: adw::EntryRow,
    wrong: Wrong,
    changed: Changed,
}

impl Variables {
    pub(super) fn new(changed: Changed) -> Rc<Self> {
        let next = adw::EntryRow::builder().title(gettext("New variable: NAME=VALUE")).show_apply_button(true).build();
        let group = adw::PreferencesGroup::builder().title(gettext("Environment")).build();
        let wrong = Wrong::new();
        group.add(&next);
        group.add(wrong.root());
        let variables = Rc::new(Self { group, rows: RefCell::default(), next, wrong, changed });
        let (weak, changed) = (Rc::downgrade(&variables), Rc::clone(&variables.changed));
        variables.next.connect_changed(move |_| changed());
        variables.next.connect_apply(move |_| {
            if let Some(variables) = weak.upgrade() {
                variables.take_next();
            }
        });
        variables
    }

    pub(super) fn group(&self) -> &adw::PreferencesGroup {
        &self.group
    }

    /// Shows these and no others.
    pub(super) fn show(self: &Rc<Self>, variables: &BTreeMap<String, String>) {
        for row in std::mem::take(&mut *self.rows.borrow_mut()).into_values() {
            self.group.remove(&row);
        }
        for (name, value) in variables {
            self.add(name, value);
        }
    }

    /// What is shown, and what is typed as the next one.
    ///
    /// # Errors
    /// What no variable can be.
    pub(super) fn read(&self) -> Result<BTreeMap<String, String>, Unfit> {
        let (mut found, mut read) = (BTreeMap::new(), Ok(()));
        for (name, row) in &*self.rows.borrow() {
            let checked = check_variable(name, &row.text());
            mark(row, checked.is_err());
            read = read.and(checked);
            found.insert(name.clone(), row.text().to_string());
        }
        let next = typed(&self.next.text());
        mark(&self.next, next.is_err());
        let read = read.and(next).map(|next| found.extend(next));
        self.wrong.say(read.err());
        read.map(|()| found)
    }

    /// What was typed becomes a row of its own.
    fn take_next(self: &Rc<Self>) {
        if let Ok(Some((name, value))) = typed(&self.next.text()) {
            let known = self.rows.borrow().get(&name).cloned();
            match known {
                Some(row) => row.set_text(&value),
                None => self.add(&name, &value),
            }
            self.next.set_text("");
            self.next.grab_focus();
        }
        (self.changed)();
    }

    fn add(self: &Rc<Self>, name: &str, value: &str) {
        let row = adw::EntryRow::builder().title(name).use_markup(false).text(value).build();
        let remove = gtk::Button::builder()
            .icon_name("user-trash-symbolic")
            .tooltip_text(gettext("Remove"))
            .valign(gtk::Align::Center)
            .css_classes(["flat"])
            .build();
        set_label(&remove, &gettext_f("Remove the variable {name}", &[("name", name)]));
        let (weak, gone) = (Rc::downgrade(self), name.to_owned());
        remove.connect_clicked(move |_| {
            if let Some(variables) = weak.upgrade() {
                variables.remove(&gone);
            }
        });
        row.add_suffix(&remove);
        let changed = Rc::clone(&self.changed);
        row.connect_changed(move |_| changed());
        // The row for the next one stays the last.
        self.group.remove(&self.next);
        self.group.add(&row);
        self.group.add(&self.next);
        self.rows.borrow_mut().insert(name.to_owned(), row);
    }

    fn remove(&self, name: &str) {
        let row = self.rows.borrow_mut().remove(name);
        if let Some(row) = row {
            self.next.grab_focus();
            self.group.remove(&row);
            (self.changed)();
        }
    }
}

impl std::fmt::Debug for Variables {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Variables").field("rows", &self.rows.borrow().len()).finish_non_exhaustive()
    }
}

/// A variable as it is typed; nothing where nothing is.
fn typed(text: &str) -> Result<Option<(String, String)>, Unfit> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let (name, value) = text.split_once('=').ok_or(Unfit::Name)?;
    check_variable(name.trim(), value)?;
    Ok(Some((name.trim().to_owned(), value.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_typed_with_its_value() {
        assert_eq!(typed("LANG=C=x y"), Ok(Some(("LANG".into(), "C=x y".into()))));
        assert_eq!(typed(" EMPTY="), Ok(Some(("EMPTY".into(), String::new()))));
        assert_eq!(typed("  "), Ok(None));
        for bad in ["LANG", "=x", "A B=x", "1=x"] {
            assert_eq!(typed(bad), Err(Unfit::Name), "{bad}");
        }
    }
}
