//! Flatpaks as a source.
