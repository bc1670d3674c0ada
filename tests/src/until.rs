//! Waiting for something to come true.

use std::time::{Duration, Instant};

/// How long anything may take, on a machine that does ten other things meanwhile.
pub const DEADLINE: Duration = Duration::from_mins(2);

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
