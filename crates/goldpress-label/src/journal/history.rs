//! The history of one article: where it began, what was done, what was taken back.

use std::collections::BTreeMap;

use goldpress_model::Digest;
use goldpress_store::labels::{LabelFile, LabelHeader, LabelLine, order, render};

use super::log::Record;

/// One line before and after an action.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The line as it was; `None` for a new one.
    pub before: Option<LabelLine>,
    /// The line as it is; `None` for one that is gone.
    pub after: Option<LabelLine>,
}

impl Change {
    fn inverted(&self) -> Change {
        Change { before: self.after.clone(), after: self.before.clone() }
    }
}

type Lines = BTreeMap<String, LabelLine>;

/// The states of an article since its log began.
#[derive(Debug, Clone)]
pub(super) struct History {
    now: Lines,
    /// Lines when the label file was last known to equal them.
    folded: Lines,
    /// Actions that hold, with their numbers.
    done: Vec<(u64, Vec<Change>)>,
    /// Actions that were taken back, the next to be made again last.
    undone: Vec<(u64, Vec<Change>)>,
    /// States since the last fold, the folded one first.
    since: Vec<Lines>,
}

impl History {
    /// A beginning.
    pub(super) fn of(lines: Vec<LabelLine>) -> History {
        let now: Lines =
            lines.into_iter().map(|line| (line.annotation.id.clone(), line)).collect();
        let (done, undone) = (Vec::new(), Vec::new());
        History { folded: now.clone(), since: vec![now.clone()], now, done, undone }
    }

    /// Replays records; `None` where they make no history.
    pub(super) fn replay(records: &[(u64, Record)]) -> Option<History> {
        let mut history: Option<History> = None;
        for (n, record) in records {
            match (record, &mut history) {
                (Record::Open { lines, .. }, history) => {
                    *history = Some(History::of(lines.clone()));
                }
                (Record::Set { changes, .. }, Some(history)) => {
                    history.act(*n, changes.clone());
                }
                (Record::Undo { of }, Some(history))
                    if history.undoable() == Some(*of) =>
                {
                    history.undo();
                }
                (Record::Redo { of }, Some(history))
                    if history.redoable() == Some(*of) =>
                {
                    history.redo();
                }
                (Record::Fold { .. }, Some(history)) => history.fold(),
                _ => return None,
            }
        }
        history
    }

    /// The present lines in canonical order.
    pub(super) fn lines(&self) -> Vec<LabelLine> {
        sorted(&self.now)
    }

    /// The lines after some changes that are not made.
    ///
    /// A change that takes a line for another than it is would be undone to what never
    /// was: it gives back the id.
    pub(super) fn after(&self, changes: &[Change]) -> Result<Vec<LabelLine>, String> {
        let mut lines = self.now.clone();
        for change in changes {
            let sides = [&change.before, &change.after];
            for line in sides.into_iter().flatten() {
                let id = &line.annotation.id;
                let before = change.before.as_ref().filter(|b| b.annotation.id == *id);
                if lines.get(id) != before {
                    return Err(id.clone());
                }
            }
            apply(&mut lines, std::slice::from_ref(change));
        }
        Ok(sorted(&lines))
    }

    pub(super) fn act(&mut self, n: u64, changes: Vec<Change>) {
        apply(&mut self.now, &changes);
        self.since.push(self.now.clone());
        self.done.push((n, changes));
        self.undone.clear();
    }

    pub(super) fn undoable(&self) -> Option<u64> {
        self.done.last().map(|(n, _)| *n)
    }

    pub(super) fn redoable(&self) -> Option<u64> {
        self.undone.last().map(|(n, _)| *n)
    }

    pub(super) fn undo(&mut self) {
        if let Some((n, changes)) = self.done.pop() {
            let back: Vec<Change> = changes.iter().rev().map(Change::inverted).collect();
            apply(&mut self.now, &back);
            self.since.push(self.now.clone());
            self.undone.push((n, changes));
        }
    }

    pub(super) fn redo(&mut self) {
        if let Some((n, changes)) = self.undone.pop() {
            apply(&mut self.now, &changes);
            self.since.push(self.now.clone());
            self.done.push((n, changes));
        }
    }

    pub(super) fn fold(&mut self) {
        self.folded = self.now.clone();
        self.since = vec![self.now.clone()];
    }

    /// The states that the label file may hold when the process was killed.
    pub(super) fn since_fold(&self) -> Vec<Vec<LabelLine>> {
        self.since.iter().map(sorted).collect()
    }

    /// Joins the journal with a label file that somebody else changed, line by line
    /// against the last fold. Where both changed a line the file's stands; the journal's
    /// are given back.
    pub(super) fn merge(&self, file: &[LabelLine]) -> (Vec<LabelLine>, Vec<LabelLine>) {
        let file: Lines =
            file.iter().map(|line| (line.annotation.id.clone(), line.clone())).collect();
        let ids = self.now.keys().chain(file.keys()).chain(self.folded.keys());
        let (mut merged, mut conflicts) = (Lines::new(), Vec::new());
        for id in ids {
            let (ours, theirs) = (self.now.get(id), file.get(id));
            let base = self.folded.get(id);
            let kept = match () {
                () if ours == base => theirs,
                () if theirs == base || ours == theirs => ours,
                () => {
                    let is_known = |line: &&LabelLine| {
                        conflicts
                            .iter()
                            .any(|c: &LabelLine| c.annotation.id == line.annotation.id)
                    };
                    conflicts.extend(ours.filter(|line| !is_known(line)).cloned());
                    theirs
                }
            };
            if let Some(line) = kept {
                merged.insert(id.clone(), line.clone());
            }
        }
        (sorted(&merged), conflicts)
    }

    /// The shortest log with the same state, undo and redo.
    pub(super) fn reachable(&self, header: &LabelHeader) -> Vec<Record> {
        let mut first = self.now.clone();
        for (_, changes) in self.done.iter().rev() {
            let back: Vec<Change> = changes.iter().rev().map(Change::inverted).collect();
            apply(&mut first, &back);
        }
        let hash = |lines: Vec<LabelLine>| {
            let file = LabelFile { header: header.clone(), lines };
            Digest::of(render(&file).as_bytes()).to_string()
        };
        let lines = sorted(&first);
        let mut records = vec![Record::Open { base: hash(lines.clone()), lines }];
        // Redo comes from actions that are made and taken back again, the last one first.
        let undone = self.undone.iter().rev();
        for (_, changes) in self.done.iter().chain(undone.clone()) {
            records.push(Record::Set {
                at: String::new(),
                why: "compacted".to_owned(),
                changes: changes.clone(),
            });
        }
        let n_sets = (records.len() - 1) as u64;
        for back in 0..undone.len() as u64 {
            records.push(Record::Undo { of: n_sets - back });
        }
        records.push(Record::Fold { file: hash(self.lines()) });
        records
    }
}

fn sorted(lines: &Lines) -> Vec<LabelLine> {
    let mut lines: Vec<LabelLine> = lines.values().cloned().collect();
    lines.sort_by(order);
    lines
}

fn apply(lines: &mut Lines, changes: &[Change]) {
    for change in changes {
        if let Some(before) = &change.before {
            lines.remove(&before.annotation.id);
        }
        if let Some(after) = &change.after {
            lines.insert(after.annotation.id.clone(), after.clone());
        }
    }
}
