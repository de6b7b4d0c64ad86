//! Limits: what one record may cost, so that no input can cost more.

use std::time::Duration;

use crate::page::RenderError;

/// Bounds on one record; what goes over one is a reject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a record, with everything undone.
    pub record_bytes: usize,
    /// How many times larger than its compressed form something may be.
    pub ratio: u64,
    /// Bytes that one compressed body may grow to.
    pub undone_bytes: usize,
    /// Nesting of JSON.
    pub json_depth: usize,
    /// Elements and texts of a page; ends of lines of a text.
    pub nodes: usize,
    /// Nesting of a page's elements.
    pub depth: usize,
    /// CPU time from bytes to article; the one limit that hangs on the machine.
    pub cpu: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            record_bytes: 32 << 20,
            ratio: 200,
            undone_bytes: 256 << 20,
            json_depth: 64,
            nodes: 500_000,
            depth: 512,
            cpu: Duration::from_secs(5),
        }
    }
}

/// CPU time of the thread that asks, from any beginning.
pub type CpuClock<'a> = &'a (dyn Fn() -> Duration + Sync);

/// The CPU time that a record may take.
pub(crate) struct Budget<'a> {
    clock: CpuClock<'a>,
    from: Duration,
    limit: Duration,
}

impl<'a> Budget<'a> {
    /// So much from now on.
    pub(crate) fn of(limit: Duration, clock: CpuClock<'a>) -> Budget<'a> {
        Budget { clock, from: clock(), limit }
    }

    /// Without end, for who has no clock.
    pub(crate) fn endless() -> Budget<'static> {
        Budget::of(Duration::MAX, &|| Duration::ZERO)
    }

    /// Whether there is time left.
    pub(crate) fn check(&self) -> Result<(), RenderError> {
        let is_over = (self.clock)().saturating_sub(self.from) > self.limit;
        if is_over { Err(RenderError::TooSlow { limit: self.limit }) } else { Ok(()) }
    }
}
