//! Waiting for something to come true.

use std::fmt::Debug;
use std::time::{Duration, Instant};

/// How long anything may take, on a machine that does ten other things meanwhile.
pub const DEADLINE: Duration = Duration::from_mins(2);

/// How long what is wrong may be seen while a page comes to the screen.
const COMING: Duration = Duration::from_secs(20);

/// How often to look.
const PERIOD: Duration = Duration::from_millis(10);

/// Looks again and again until there is something to see; fails the test after [`DEADLINE`].
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        let looking = Instant::now();
        if let Some(seen) = look() {
            return seen;
        }
        assert!(begin.elapsed() < DEADLINE, "waited in vain until {what}");
        // A look that costs much leaves what is looked at time to get on.
        std::thread::sleep(PERIOD.max(looking.elapsed()));
    }
}

/// Looks again and again until nothing is wrong; fails the test with what still is.
pub fn until_none<T: Debug>(place: &str, mut look: impl FnMut() -> Vec<T>) {
    let begin = Instant::now();
    loop {
        let looking = Instant::now();
        let wrong = look();
        if wrong.is_empty() {
            return;
        }
        assert!(begin.elapsed() < COMING, "{place}: {wrong:#?}");
        std::thread::sleep(PERIOD.max(looking.elapsed()));
    }
}
