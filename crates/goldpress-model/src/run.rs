//! Runs: what systems answered, how it went, and how long it took.

use std::collections::BTreeMap;

use crate::{
    AttrValue, CharRange, Digest, FieldClaim, LooseAnnotation, Role, names::named,
};

named! {
    /// How one system fared on one document.
    "outcome of a run"
    pub enum RunOutcome {
        /// One valid answer.
        Ok = "ok",
        /// An answer with at least one rejected annotation.
        Malformed = "malformed",
        /// The system says that it cannot do this document.
        Unsupported = "unsupported",
        /// The system says that it failed.
        Failed = "failed",
        /// No answer in time.
        Timeout = "timeout",
        /// The process ended.
        Crash = "crash",
        /// Not the protocol.
        Protocol = "protocol",
        /// Over the memory limit.
        Memory = "memory",
        /// The system was given up earlier: the run is incomplete.
        Skipped = "skipped",
    }
}

named! {
    /// Which part of a system's life a time belongs to; phases are never averaged together.
    "phase"
    pub enum Phase {
        /// The first document of a fresh system.
        First = "first",
        /// Discarded rounds.
        Warmup = "warmup",
        /// Counted rounds.
        Warm = "warm",
    }
}

/// A predicted annotation that was refused, with the reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Malformed {
    /// Code of the check it failed.
    pub code: String,
    /// The annotation as it came.
    pub annotation: LooseAnnotation,
}

/// A row of `predictions`: what one system answered for one document.
///
/// Ranges are code points, as in the file; eval checks them against the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// Name of the system.
    pub system: String,
    /// The document.
    pub doc_id: Digest,
    /// How it went.
    pub outcome: RunOutcome,
    /// The first outcome, if the document was repeated.
    pub retried: Option<RunOutcome>,
    /// What the system or the runner said of a failure.
    pub message: Option<String>,
    /// Last of what the system wrote to stderr before a failure.
    pub stderr: Option<String>,
    /// Text of the body.
    pub body: Option<String>,
    /// Roles, in the order of the text.
    pub blocks: Option<Vec<(CharRange, Role)>>,
    /// Field labels of the schema → claim; absent is "not attempted".
    pub fields: Option<BTreeMap<String, FieldClaim>>,
    /// Annotations as they came.
    pub annotations: Vec<LooseAnnotation>,
    /// Annotations that were refused.
    pub rejected: Vec<Malformed>,
}

/// Wall and CPU time of one piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clocks {
    /// Monotonic time in nanoseconds.
    pub wall_ns: u64,
    /// CPU time in nanoseconds; `None` where the machine cannot tell.
    pub cpu_ns: Option<u64>,
}

/// A row of `timings`: one system, document and round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timing {
    /// Name of the system.
    pub system: String,
    /// The document.
    pub doc_id: Digest,
    /// Round, counted from 0.
    pub round: u32,
    /// Chunk of the round, counted from 0.
    pub chunk: u32,
    /// Phase.
    pub phase: Phase,
    /// `in-process`, `latency` or `throughput`.
    pub mode: String,
    /// The times.
    pub clocks: Clocks,
    /// UTF-8 bytes of input.
    pub bytes_in: u64,
    /// How it went.
    pub outcome: RunOutcome,
    /// Whether this was a repetition.
    pub retried: bool,
}

impl From<&FieldClaim> for AttrValue {
    fn from(claim: &FieldClaim) -> Self {
        match claim {
            FieldClaim::Null => AttrValue::Null,
            FieldClaim::One(value) => AttrValue::Text(value.clone()),
            FieldClaim::Many(values) => AttrValue::List(values.clone()),
        }
    }
}
