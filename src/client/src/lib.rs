//! The engine as the faces see it.
