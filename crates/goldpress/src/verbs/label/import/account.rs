//! What an import says of itself: a line for each thing to know, and an account at the end.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_label::{ImportNote, ImportReport, NoteKind};
use serde_json::{Value, json};

use super::{super::shared::losses, Args};
use crate::console::Console;

/// Prints a report for people.
pub(super) fn print(
    report: &ImportReport,
    args: &Args,
    console: &mut Console,
) -> anyhow::Result<()> {
    for told in told(&report.notes) {
        console.note(told)?;
    }
    let mut layers: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for ((layer, label), n) in &report.counts {
        layers.entry(layer).or_default().push(format!("{label} {n}"));
    }
    for (layer, labels) in layers {
        console.note(format!("  {layer:<12} {}", labels.join(" · ")))?;
    }
    for (from, to) in &report.mapping {
        console.note(format!("  {from} became {to}"))?;
    }
    for (said, n) in &report.filled {
        let (key, value) = said.split_once('=').unwrap_or((said, ""));
        let silent = goldpress_report::counted(*n, "annotation");
        console.note(format!(
            "  {key} = {value} in {silent}: the files do not say (--set-attr {key}=VALUE for another)"
        ))?;
    }
    if !report.lost_attrs.is_empty() {
        let lost: Vec<String> =
            report.lost_attrs.iter().map(|(name, n)| format!("{name} {n}")).collect();
        console.note(format!("  no room for {}", lost.join(" · ")))?;
    }
    for line in report.samples.iter().filter(|_| args.dry_run) {
        writeln!(console.out, "{line}")?;
    }
    let units: Vec<String> =
        report.readings.iter().map(|(reading, n)| format!("{reading} in {n}")).collect();
    let mut account = format!(
        "{}: {} of {} into `{}`",
        report.format,
        goldpress_report::counted(report.n_lines(), "annotation"),
        goldpress_report::counted(report.n_articles as u64, "article"),
        args.set
    );
    if !units.is_empty() {
        account.push_str(&format!(" · offsets are {}", units.join(", ")));
    }
    for (n, what) in [
        (report.n_held, "held already"),
        (report.notes_of(NoteKind::Rejected).count() as u64, "rejected"),
        (report.notes_of(NoteKind::Repaired).count() as u64, "repaired"),
        (report.notes_of(NoteKind::Ignored).count() as u64, "ignored"),
    ] {
        if n > 0 {
            account.push_str(&format!(" · {n} {what}"));
        }
    }
    for (how, n) in &report.skipped {
        account.push_str(&format!(" · {n} {how}"));
    }
    for (set, n) in &report.suggested {
        account.push_str(&format!(" · {n} suggested in `{set}`"));
    }
    if !report.lost.is_empty() {
        account.push_str(&format!(" · lost {}", losses(&report.lost)));
    }
    let done: Vec<String> =
        report.done.iter().map(|(layer, n)| format!("{layer} done in {n}")).collect();
    if !done.is_empty() {
        account.push_str(&format!(" · {}", done.join(", ")));
    }
    if args.dry_run {
        account.push_str(" · nothing was written");
    }
    console.note(account)?;
    if let Some(hint) = hint(report, args) {
        console.note(format!("\nhint: {hint}"))?;
    }
    Ok(())
}

fn spelt(note: &ImportNote) -> String {
    let ImportNote { file, line, kind, code, message } = note;
    format!("{file}:{line}: {}: {code}: {message}", kind.name())
}

/// Notes as lines: each that is rejected for itself, one for all that say the same.
fn told(notes: &[ImportNote]) -> Vec<String> {
    let mut groups: BTreeMap<(&str, &str, &str), Vec<&ImportNote>> = BTreeMap::new();
    let mut told = Vec::new();
    for note in notes {
        if note.kind == NoteKind::Rejected {
            told.push(spelt(note));
            continue;
        }
        // Before a colon stands the layer, behind it what one article lacks.
        let said = note.message.split(": ").next().unwrap_or_default();
        groups.entry((note.kind.name(), note.code, said)).or_default().push(note);
    }
    for ((kind, code, said), group) in groups {
        let [first, ..] = group.as_slice() else { continue };
        if group.len() <= N_SINGLE && first.kind != NoteKind::NotDone || group.len() == 1
        {
            told.extend(group.iter().map(|note| spelt(note)));
            continue;
        }
        let (n, ImportNote { file, line, .. }) = (group.len(), first);
        let is_same = group.iter().all(|note| note.message == first.message);
        let message = if is_same { &first.message } else { said };
        told.push(match first.kind {
            NoteKind::NotDone => {
                format!("{n} articles, first {file}: {kind}: {code}: {message}")
            }
            _ => format!("{n} times, first {file}:{line}: {kind}: {code}: {message}"),
        });
    }
    told
}

/// As many notes of one kind are printed each for itself.
const N_SINGLE: usize = 3;

/// Sentences from which one article is worth a word: scores need many articles.
const LONG_ARTICLE: usize = 40;

/// What to type next, where what came in can be scored badly or not at all.
fn hint(report: &ImportReport, args: &Args) -> Option<String> {
    let missing = report.notes_of(NoteKind::NotDone).find(|n| n.code == "value-missing");
    if let Some(note) = missing {
        let mut words = note.message.split('`').skip(1).step_by(2);
        let (layer, attr) = (words.next()?, words.next()?);
        return Some(format!(
            "--set-attr {layer}.{attr}=VALUE says it for all, or choose a schema that does \
             not ask for it: --schema ner@1"
        ));
    }
    let (n_sentences, n) = (report.n_unmarked_sentences, report.n_articles);
    if args.ingest && n_sentences > LONG_ARTICLE * n {
        return Some(format!(
            "no article is marked, so {n_sentences} sentences are {}; scores compare \
             articles: --sentences 10 makes one of every ten",
            goldpress_report::counted(n as u64, "article")
        ));
    }
    let layers: BTreeSet<&str> =
        report.counts.keys().map(|(layer, _)| layer.as_str()).collect();
    let nobody_said = report.done.is_empty() && args.reviewed.is_empty();
    (nobody_said && !layers.is_empty() && !args.dry_run).then(|| {
        let layers: Vec<&str> = layers.into_iter().collect();
        format!(
            "if these articles were read from end to end, say so: --reviewed {}; only \
             then are they scored",
            layers.join(",")
        )
    })
}

/// The same for programs.
pub(super) fn as_json(report: &ImportReport, args: &Args) -> Value {
    let counts = report.counts.iter();
    let counts: BTreeMap<String, u64> =
        counts.map(|((layer, label), n)| (format!("{layer}/{label}"), *n)).collect();
    let offsets: BTreeMap<String, usize> =
        report.readings.iter().map(|(reading, n)| (reading.to_string(), *n)).collect();
    let notes = report.notes.iter().map(|note| {
        json!({
            "code": note.code, "file": note.file, "kind": note.kind.name(),
            "line": note.line, "message": note.message,
        })
    });
    json!({
        "articles": report.n_articles,
        "counts": counts,
        "done": report.done,
        "filled": report.filled,
        "files": report.n_files,
        "format": report.format,
        "held": report.n_held,
        "lost": report.lost,
        "lost_attrs": report.lost_attrs,
        "mapping": report.mapping,
        "notes": notes.collect::<Vec<_>>(),
        "offsets": offsets,
        "set": args.set,
        "skipped": report.skipped,
        "suggested": report.suggested,
        "written": !args.dry_run,
    })
}
