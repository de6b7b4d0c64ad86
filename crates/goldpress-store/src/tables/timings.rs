//! `timings`: one row a system, document and round.

use std::cmp::Ordering;

use goldpress_model::{Clocks, Timing};

use super::{FIXED, Table};
use crate::{
    columns::{Columns, Encoded, Layout},
    rows::{Reason, Row},
    sorted::Ordered,
};

/// The table of times.
pub(crate) struct Timings;

impl Table for Timings {
    type Row = Timing;
    const NAME: &'static str = "timings";
    const VERSION: u32 = 1;

    fn columns(rows: &[Timing]) -> Encoded {
        Columns::of(rows)
            .string("system", Layout::Name, |row| row.system.as_str())
            .string("doc_id", Layout::Key, |row| row.doc_id.to_string())
            .number("round", |row| row.round)
            .number("chunk", |row| row.chunk)
            .string("phase", Layout::Name, |row| row.phase.name())
            .string("mode", Layout::Name, |row| row.mode.as_str())
            .number("wall_ns", |row| row.clocks.wall_ns)
            .number_opt("cpu_ns", |row| row.clocks.cpu_ns)
            .number("bytes_in", |row| row.bytes_in)
            .string("outcome", Layout::Name, |row| row.outcome.name())
            .flag("retried", |row| row.retried)
            .finish()
    }

    fn row(row: &Row<'_>) -> Result<Timing, Reason> {
        Ok(Timing {
            system: row.owned("system")?,
            doc_id: row.parsed("doc_id")?,
            round: row.number("round")?,
            chunk: row.number("chunk")?,
            phase: row.parsed("phase")?,
            mode: row.owned("mode")?,
            clocks: Clocks {
                wall_ns: row.number("wall_ns")?,
                cpu_ns: row.number_opt("cpu_ns")?,
            },
            bytes_in: row.number("bytes_in")?,
            outcome: row.parsed("outcome")?,
            retried: row.flag("retried")?,
        })
    }

    fn weight(_: &Timing) -> usize {
        FIXED
    }
}

impl Ordered for Timings {
    fn order(a: &Timing, b: &Timing) -> Ordering {
        (&a.system, a.doc_id, a.round, a.chunk, a.phase, &a.mode)
            .cmp(&(&b.system, b.doc_id, b.round, b.chunk, b.phase, &b.mode))
    }
}
