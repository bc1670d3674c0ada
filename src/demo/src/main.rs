//! `strata-demo`: a world in a box.

fn main() {}
