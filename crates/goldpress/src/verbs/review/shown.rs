//! How cases are written: lines of a diff for people, rows for machines.

use std::collections::BTreeMap;

use anstyle::AnsiColor;
use goldpress_eval::CONTENT;
use goldpress_model::{CharIndex, CharRange, Counts, Digest, layer};
use goldpress_report::{Align, Cell, Table};

use super::{
    Args, Case,
    changes::{Change, Side},
    claims::Claim,
};
use crate::shared::Format;

/// Characters of the text that are shown on each side of an answer.
const AROUND: usize = 30;
/// Characters that are shown of an answer: a block is a paragraph.
const INSIDE: usize = 80;

/// Characters that are shown of a paragraph of a body.
const PARAGRAPH: usize = 300;

/// How cases are written.
pub(super) struct Shown<'s> {
    pub(super) args: &'s Args,
    pub(super) texts: &'s BTreeMap<Digest, String>,
    pub(super) colour: bool,
}

impl Shown<'_> {
    /// The head of a system's part.
    pub(super) fn heading(&self, text: &str) -> String {
        match self.args.format.format {
            Format::Md => format!("## {text}\n"),
            _ => text.to_owned(),
        }
    }

    /// One case for people.
    pub(super) fn case(&self, case: &Case) -> String {
        let mut head = format!("{} {} {}", case.system, case.word, case.doc);
        if let Some(row) = &case.moved {
            let source = row.source.as_deref().unwrap_or("–");
            let (base, now) = (counts(row.base), counts(row.now));
            head.push_str(&format!(
                " {source} · {}/{} · tp/fp/fn {base} → {now}",
                row.layer, row.metric
            ));
        } else {
            head.push_str(&format!(" · {}", case.layer));
        }
        let is_md = self.args.format.format == Format::Md;
        let mut out = if is_md { format!("### {head}\n\n") } else { format!("{head}\n") };
        if is_md {
            out.push_str("```diff\n");
        }
        match &case.changes {
            None => out.push_str("  this run is no longer in runs/: counts alone\n"),
            Some(changes) if changes.is_empty() => {
                out.push_str("  nothing that is shown here moved: see the counts\n");
            }
            Some(changes) => {
                if !case.has_old {
                    out.push_str(
                        "  the baseline's run is no longer in runs/: what is wrong now\n",
                    );
                }
                for change in changes {
                    out.push_str(&self.line(case, change));
                }
            }
        }
        out.push_str(if is_md { "```\n\n" } else { "\n" });
        out
    }

    /// One line of the diff: sign, kind, label, and the words where they stand.
    fn line(&self, case: &Case, change: &Change) -> String {
        let sign = change.side.sign();
        // A diff in Markdown knows signs in the first column alone.
        let lead = if change.side == Side::Gold { "!" } else { sign };
        let is_md = self.args.format.format == Format::Md;
        let sign = if is_md { lead } else { sign };
        let mut words = self.words(case, change);
        if let Some(told) = told(&change.claim) {
            words.push_str(&format!(" · {}", goldpress_report::door::terminal(&told)));
        }
        if let Some(gold) = &change.gold {
            words.push_str(&format!(
                " · gold: {}",
                goldpress_report::door::terminal(gold)
            ));
        }
        let line =
            format!("{sign:<4} {:<8} {:<16} {words}", change.kind, change.claim.label);
        let colour = match change.side {
            Side::Before => AnsiColor::Red,
            Side::Now => AnsiColor::Green,
            Side::Both => AnsiColor::Yellow,
            Side::Gold => AnsiColor::Cyan,
        };
        match self.colour && !is_md {
            true => {
                let style = colour.on_default();
                format!("{style}{line}{style:#}\n")
            }
            false => format!("{line}\n"),
        }
    }

    /// The words of an answer between brackets, in their line of the text.
    fn words(&self, case: &Case, change: &Change) -> String {
        let claim = &change.claim;
        if case.layer == CONTENT {
            return goldpress_report::door::terminal(&cut(&claim.text, PARAGRAPH));
        }
        let place = claim.fragments.first().zip(claim.fragments.last());
        let (Some((first, last)), Some(text)) = (place, self.texts.get(&case.doc)) else {
            return goldpress_report::door::terminal(&claim.text);
        };
        let index = CharIndex::new(text);
        let range = CharRange { start: first.start, end: last.end };
        let Ok(span) = index.span(range) else {
            return goldpress_report::door::terminal(&claim.text);
        };
        let before = text[..span.start()].rsplit('\n').next().unwrap_or_default();
        let after = text[span.end()..].split('\n').next().unwrap_or_default();
        let n_before = before.chars().count();
        let before: String =
            before.chars().skip(n_before.saturating_sub(AROUND)).collect();
        let words = match case.layer == layer::BLOCK {
            true => cut(span.slice(text), INSIDE),
            false => span.slice(text).to_owned(),
        };
        let cut_before = if n_before > AROUND { "…" } else { "" };
        let told = format!("{cut_before}{before}[{words}]{}", cut(after, AROUND));
        goldpress_report::door::terminal(&told)
    }

    /// All lines of all cases, for machines.
    pub(super) fn table(&self, cases: &[Case]) -> Table {
        let mut table = Table::new(&[
            ("system", Align::Left),
            ("moved", Align::Left),
            ("doc_id", Align::Left),
            ("source", Align::Left),
            ("layer", Align::Left),
            ("side", Align::Left),
            ("kind", Align::Left),
            ("label", Align::Left),
            ("start", Align::Right),
            ("end", Align::Right),
            ("text", Align::Left),
            ("says", Align::Left),
            ("gold", Align::Left),
            ("counts_before", Align::Left),
            ("counts_now", Align::Left),
        ]);
        for case in cases {
            let changes = case.changes.as_deref().unwrap_or_default();
            for change in changes {
                table.push(row(case, Some(change)));
            }
            // What moved is told also where its answers are not at hand.
            if changes.is_empty() && case.moved.is_some() {
                table.push(row(case, None));
            }
        }
        table
    }
}

/// One row for machines; without a change it holds the counts alone.
fn row(case: &Case, change: Option<&Change>) -> Vec<Cell> {
    let text = |text: Option<String>| text.map_or_else(Cell::empty, Cell::text);
    let offset =
        |at: Option<u32>| at.map_or_else(Cell::empty, |at| Cell::count(u64::from(at)));
    let claim = change.map(|change| &change.claim);
    let fragments = claim.map_or(&[][..], |claim| &claim.fragments);
    let moved = case.moved.as_ref();
    vec![
        Cell::text(&case.system),
        Cell::text(case.word),
        Cell::text(case.doc.to_string()),
        text(moved.and_then(|row| row.source.clone())),
        Cell::text(&case.layer),
        text(change.map(|change| change.side.sign().to_owned())),
        text(change.map(|change| change.kind.to_owned())),
        text(claim.map(|claim| claim.label.clone())),
        offset(fragments.first().map(|range| range.start)),
        offset(fragments.last().map(|range| range.end)),
        text(claim.map(|claim| claim.text.clone())),
        text(claim.and_then(told)),
        text(change.and_then(|change| change.gold.clone())),
        text(moved.map(|row| counts(row.base))),
        text(moved.map(|row| counts(row.now))),
    ]
}

fn counts(counts: Counts) -> String {
    format!("{}/{}/{}", counts.found, counts.spurious, counts.missed)
}

/// What a claim says beside its place and label.
pub(super) fn told(claim: &Claim) -> Option<String> {
    let values = claim.values.iter().map(|(name, value)| format!("{name} {value}"));
    let parts = claim.parts.iter().map(|(role, ranges)| {
        let ranges: Vec<String> = ranges
            .iter()
            .map(|range| format!("{}..{}", range.start, range.end))
            .collect();
        format!("{role} {}", ranges.join(" "))
    });
    let all: Vec<String> = values.chain(parts).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// The beginning of a text, with a sign where it goes on.
fn cut(text: &str, n_chars: usize) -> String {
    match text.char_indices().nth(n_chars) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
