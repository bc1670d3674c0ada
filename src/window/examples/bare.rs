//! The smallest window of libadwaita, which `measure-window` compares Strata's with. Says when it has been painted.

use relm4::adw::prelude::*;
use relm4::{adw, gtk};

fn main() {
    let application = adw::Application::builder().application_id("org.example.Bare").build();
    application.connect_activate(|application| {
        let view = adw::ToolbarView::builder().content(&gtk::Label::new(Some("Nothing"))).build();
        view.add_top_bar(&adw::HeaderBar::new());
        let window = adw::ApplicationWindow::builder()
            .application(application)
            .default_width(1220)
            .default_height(800)
            .content(&view)
            .build();
        window.connect_realize(|window| {
            if let Some(clock) = window.frame_clock() {
                clock.connect_after_paint(|_| eprintln!("painted bare;"));
            }
        });
        window.present();
    });
    application.run_with_args::<&str>(&[]);
}
