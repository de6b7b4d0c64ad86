//! How fast a run was.

use goldpress_model::{Phase, RunOutcome};
use goldpress_store::{Run, result::Speed};

/// Times of a run, over the documents that the system took on, once it is warm.
pub(super) fn speed(run: &Run, system: &str) -> anyhow::Result<Option<Speed>> {
    let (mut walls, mut cpu_ns, mut has_cpu) = (Vec::new(), 0_u64, true);
    let mut mode = String::new();
    for timing in run.timings() {
        let timing = timing?;
        // What a system declines takes no time, and would make it look fast.
        let is_answer = timing.outcome != RunOutcome::Unsupported;
        if timing.system != system || timing.phase != Phase::Warm || !is_answer {
            continue;
        }
        walls.push(timing.clocks.wall_ns);
        match timing.clocks.cpu_ns {
            Some(ns) => cpu_ns += ns,
            None => has_cpu = false,
        }
        mode = timing.mode;
    }
    if walls.is_empty() {
        return Ok(None);
    }
    let docs_s_middle = middle_half(&walls);
    walls.sort_unstable();
    let n = walls.len();
    let total_s = walls.iter().sum::<u64>() as f64 / 1e9;
    // Nearest rank: the value at rank ⌈q·n⌉, counted from 1.
    let rank =
        |per_cent: usize| walls[(per_cent * n).div_ceil(100).max(1) - 1] as f64 / 1e6;
    Ok(Some(Speed {
        mode,
        documents: n as u64,
        docs_s: (total_s > 0.0).then(|| n as f64 / total_s),
        docs_s_middle,
        cpu_ms_doc: has_cpu.then(|| cpu_ns as f64 / 1e6 / n as f64),
        p50_ms: Some(rank(50)),
        p90_ms: (n >= 10).then(|| rank(90)),
    }))
}

/// Documents a second in each tenth of a run, in the order in which they were timed: the
/// third slowest and the third fastest. `None` where a tenth would be under five documents,
/// or took no time.
fn middle_half(walls: &[u64]) -> Option<(f64, f64)> {
    const PARTS: usize = 10;
    if walls.len() < 5 * PARTS {
        return None;
    }
    let part = |at: usize| {
        let part = &walls[at * walls.len() / PARTS..(at + 1) * walls.len() / PARTS];
        part.len() as f64 / (part.iter().sum::<u64>() as f64 / 1e9)
    };
    let mut rates: Vec<f64> = (0..PARTS).map(part).collect();
    rates.sort_by(f64::total_cmp);
    Some((rates[2], rates[7])).filter(|(_, high)| high.is_finite())
}
