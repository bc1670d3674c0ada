//! How long one feed may keep a build.

use rustix::time::{ClockId, clock_gettime};
use std::io;
use std::rc::Rc;
use std::time::Duration;

/// Most time of the processor that the reading of one feed may take: a machine that is busy with something else, or whose
/// disk is, costs no feed anything. The largest ones known take two seconds (docs/benchmarks.md).
pub const FEED_TIME: Duration = Duration::from_mins(1);

/// Tells the time since some moment. Tests have their own.
#[derive(Clone)]
pub(crate) struct Clock(Rc<dyn Fn() -> Duration>);

impl Clock {
    pub(crate) fn new(time: impl Fn() -> Duration + 'static) -> Self {
        Self(Rc::new(time))
    }

    /// The time of the processor that this process has had.
    pub(crate) fn real() -> Self {
        Self::new(|| Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default())
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({:?})", (self.0)())
    }
}

/// When a feed's time is over. Whoever reads it asks at each entry and each piece of the file: nobody else can stop a
/// reader in the middle.
#[derive(Clone, Debug)]
pub(crate) struct Deadline {
    clock: Clock,
    end: Duration,
}

impl Deadline {
    /// That of a feed that is begun now.
    pub(crate) fn new(clock: &Clock) -> Self {
        Self { end: (clock.0)() + FEED_TIME, clock: clock.clone() }
    }

    /// # Errors
    /// [`io::ErrorKind::TimedOut`] when the time is over.
    pub(crate) fn check(&self) -> io::Result<()> {
        if (self.clock.0)() < self.end { Ok(()) } else { Err(io::ErrorKind::TimedOut.into()) }
    }
}
