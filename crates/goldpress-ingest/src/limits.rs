//! Limits: what one record may cost, so that no input can cost more.

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
    /// Elements and texts of a page.
    pub nodes: usize,
    /// Nesting of a page's elements.
    pub depth: usize,
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
        }
    }
}
