//! The in-process runner: one extractor over one view, timed, with panics caught.
//!
//! Its numbers stand in a table of their own: programs behind a pipe also pay for the pipe.
//!
//! # Source
//!
//! Wall time is the monotonic clock, CPU time that of the calling thread
//! (`CLOCK_THREAD_CPUTIME_ID`), both read just before and after the call.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use goldpress_model::{
    CharIndex, Clocks, Digest, Extraction, Field, Phase, Prediction, RunOutcome, Timing,
};
use rustix::time::{ClockId, clock_gettime};

use crate::{Extractor, View};

/// What became of one view: an answer or a failure, and how long it took.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What was found; empty after a failure.
    pub extraction: Extraction,
    /// Wall and CPU time of the call.
    pub clocks: Clocks,
    /// `ok`, `unsupported` or `crash`.
    pub outcome: RunOutcome,
    /// What the extractor said of a failure.
    pub message: Option<String>,
}

/// Which call of a longer measurement a time belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// Round, counted from 0.
    pub round: u32,
    /// Chunk of the round, counted from 0.
    pub chunk: u32,
    /// Phase.
    pub phase: Phase,
}

/// Runs an extractor on a view.
///
/// A panic is the outcome `crash` with the panic's words; the extractor is stateless, so
/// it may be asked again. The hook of the process still hears of the panic.
pub fn run_one(extractor: &dyn Extractor, view: View<'_>) -> Answer {
    if let Some(message) = extractor.refuses(view) {
        let (extraction, clocks) = (Extraction::default(), Clocks::default());
        let (outcome, message) = (RunOutcome::Unsupported, Some(message));
        return Answer { extraction, clocks, outcome, message };
    }
    let (result, clocks) =
        timed(|| catch_unwind(AssertUnwindSafe(|| extractor.extract(view))));
    match result {
        Ok(extraction) => {
            Answer { extraction, clocks, outcome: RunOutcome::Ok, message: None }
        }
        Err(panic) => Answer {
            extraction: Extraction::default(),
            clocks,
            outcome: RunOutcome::Crash,
            message: Some(words_of(panic.as_ref())),
        },
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Clocks) {
    let cpu = thread_cpu_ns();
    let wall = Instant::now();
    let result = work();
    let wall_ns = u64::try_from(wall.elapsed().as_nanos()).unwrap_or(u64::MAX);
    let cpu_ns = cpu.zip(thread_cpu_ns()).map(|(from, to)| to.saturating_sub(from));
    (result, Clocks { wall_ns, cpu_ns })
}

/// Nanoseconds of CPU time that this thread has used; `None` where nobody counts them.
pub fn thread_cpu_ns() -> Option<u64> {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(now.tv_sec).ok()?;
    let rest = u64::try_from(now.tv_nsec).ok()?;
    Some(seconds * 1_000_000_000 + rest)
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let said = panic.downcast_ref::<&str>().map(|said| (*said).to_owned());
    said.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "panicked without words".to_owned())
}

impl Answer {
    /// The row of `predictions`, in code points of `text`.
    ///
    /// Fields go by their labels in `news@1`; those that are not annotated are left out.
    pub fn prediction(&self, system: &str, doc_id: Digest, text: &str) -> Prediction {
        let index = CharIndex::new(text);
        let Extraction { body, blocks, fields, annotations } = &self.extraction;
        let chars =
            |claim: &goldpress_model::BlockClaim| (index.chars(claim.span), claim.role);
        let labelled = |(field, claim): (&Field, &goldpress_model::FieldClaim)| {
            Some((field.label()?.to_owned(), claim.clone()))
        };
        Prediction {
            system: system.to_owned(),
            doc_id,
            outcome: self.outcome,
            retried: None,
            message: self.message.clone(),
            stderr: None,
            body: body.clone(),
            blocks: blocks.as_ref().map(|claims| claims.iter().map(chars).collect()),
            fields: fields.as_ref().map(|all| all.iter().filter_map(labelled).collect()),
            annotations: annotations.iter().map(|claim| claim.loosen(&index)).collect(),
            rejected: Vec::new(),
        }
    }

    /// The row of `timings`; `bytes_in` counts the UTF-8 bytes that the system was given.
    pub fn timing(
        &self,
        system: &str,
        doc_id: Digest,
        turn: Turn,
        bytes_in: u64,
    ) -> Timing {
        Timing {
            system: system.to_owned(),
            doc_id,
            round: turn.round,
            chunk: turn.chunk,
            phase: turn.phase,
            mode: "in-process".to_owned(),
            clocks: self.clocks,
            bytes_in,
            outcome: self.outcome,
            retried: false,
        }
    }
}
