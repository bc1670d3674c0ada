//! Strata in a terminal.

fn main() {}
