//! Strata in a window.

fn main() {}
