//! What came of a program.

use serde_json::Value;

/// What a program printed, and how it ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The command line, for messages.
    pub line: String,
    /// Its exit status; 128 and the signal's number if a signal ended it.
    pub status: i32,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

impl Ended {
    /// Fails the test unless the program ended with this status.
    #[must_use]
    pub fn expect(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{} ended otherwise:\n{}{}", self.line, self.out, self.err);
        self
    }

    /// The one JSON value on its standard output.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{}: {error}:\n{}", self.line, self.out))
    }
}
