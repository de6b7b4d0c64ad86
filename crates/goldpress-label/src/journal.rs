//! The journal: nothing acknowledged is lost, and everything can be undone.
//!
//! One action is one line, checked, appended and synced before anybody hears "saved". The
//! label file follows at the next fold. After a kill at any moment the next opening shows
//! every acknowledged action, and at most one that was sent and not acknowledged.

mod history;
mod lock;
mod log;

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::{Path, PathBuf},
};

use goldpress_model::{AttrValue, Digest, Schema, layer::REVIEW};
use goldpress_store::{
    atomic,
    labels::{self, LabelFile, LabelHeader, LabelLine},
};

use crate::{
    checks::{Finding, Severity, TextOf, When, check_file},
    sets::{LabelError, LabelName, LabelSets, set_fault},
};

pub(crate) use self::lock::{is_current, lock_file};
pub use self::{
    history::Change,
    lock::SetLock,
    log::{Appender, FileAppender},
};
use self::{history::History, log::Record};

/// Why an action is not saved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// It breaks a rule of form.
    #[error("refused: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Refused(Vec<Finding>),
    /// It was made on another state than the present one.
    #[error("made on state {made_on}, but this is state {now}")]
    Outdated {
        /// Number of the state it was made on.
        made_on: u64,
        /// Number of the present state.
        now: u64,
    },
    /// The disk refused; nothing of the action is there.
    #[error("not saved")]
    NotSaved(#[source] io::Error),
    /// A sync failed, so that nobody knows what the disk holds: open again.
    #[error("the journal must be opened again")]
    Closed,
    /// Somebody else writes this set.
    #[error("the set is being written by process {0}")]
    Locked(String),
    /// A label file cannot be read or written.
    #[error(transparent)]
    Labels(#[from] LabelError),
}

/// Something to tell the annotator when an article is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// The journal was broken and is set aside; the label file stands.
    JournalSetAside,
    /// Lines were changed here and by git or an editor; the file's version stands.
    Conflict(Vec<String>),
}

/// One article of one set, open for changes.
pub struct Session<'a> {
    schema: &'a Schema,
    article: TextOf<'a>,
    sets: &'a LabelSets,
    name: LabelName,
    header: LabelHeader,
    history: History,
    log: Box<dyn Appender>,
    log_path: PathBuf,
    sum: String,
    n: u64,
    is_closed: bool,
    messages: Vec<Message>,
}

/// Above this size a log is compacted when it is closed.
const COMPACT_BYTES: u64 = 1 << 20;

impl<'a> Session<'a> {
    /// Opens an article: replays its journal and settles it with the label file.
    ///
    /// # Errors
    ///
    /// A file cannot be read or written, or the name of the set is not allowed.
    pub fn open(
        sets: &'a LabelSets,
        schema: &'a Schema,
        article: TextOf<'a>,
        set: &str,
    ) -> Result<Session<'a>, JournalError> {
        Session::open_with(sets, schema, article, set, &|path| {
            Ok(Box::new(FileAppender::open(path)?))
        })
    }

    /// The same with a disk of the caller's: tests let it fail.
    ///
    /// # Errors
    ///
    /// As [`Session::open`].
    pub fn open_with(
        sets: &'a LabelSets,
        schema: &'a Schema,
        article: TextOf<'a>,
        set: &str,
        appender: &dyn Fn(&Path) -> io::Result<Box<dyn Appender>>,
    ) -> Result<Session<'a>, JournalError> {
        if let Some(reason) = set_fault(set) {
            let name = set.to_owned();
            return Err(LabelError::SetName { name, reason }.into());
        }
        let name = LabelName { set: set.to_owned(), doc: article.doc };
        sets.prepare_for(&name, article.text)?;
        let log_path = sets.journal_path(&name);
        let folder = log_path.parent().unwrap_or(Path::new(".")).to_owned();
        std::fs::create_dir_all(&folder).map_err(LabelError::at(&folder))?;
        let chars = u32::try_from(article.text.chars().count()).unwrap_or(u32::MAX);
        let header = LabelHeader { chars, doc: article.doc, set: set.to_owned() };
        let file = sets.read(&name)?;
        let bytes = sets.bytes(&name)?.unwrap_or_default();
        let mut messages = Vec::new();
        let mut read = log::read(&log_path).map_err(LabelError::at(&log_path))?;
        let mut history = read.as_ref().and_then(|read| History::replay(&read.records));
        if read.is_some()
            && (history.is_none() || read.as_ref().is_some_and(|r| r.is_broken))
        {
            let aside = log_path.with_extension("log.bad");
            std::fs::rename(&log_path, &aside).map_err(LabelError::at(&log_path))?;
            messages.push(Message::JournalSetAside);
            (read, history) = (None, None);
        }
        let lines = file.map(|file| file.lines).unwrap_or_default();
        let log = appender(&log_path).map_err(JournalError::NotSaved)?;
        let mut session = Session {
            schema,
            article,
            sets,
            name,
            header,
            history: History::of(lines.clone()),
            log,
            log_path,
            sum: String::new(),
            n: 0,
            is_closed: false,
            messages,
        };
        match (history, read) {
            (Some(history), Some(read)) => {
                session.sum = read.sum;
                session.n = read.next;
                session.log.truncate(read.length).map_err(JournalError::NotSaved)?;
                session.settle(history, lines, &bytes)?;
            }
            _ => session.begin(&bytes)?,
        }
        Ok(session)
    }

    /// Journal and label file become one state.
    fn settle(
        &mut self,
        history: History,
        lines: Vec<LabelLine>,
        bytes: &[u8],
    ) -> Result<(), JournalError> {
        let is_state = |lines: &[LabelLine]| {
            lines.is_empty() && bytes.is_empty() || self.render(lines).as_bytes() == bytes
        };
        if is_state(&history.lines()) {
            self.history = history;
            return Ok(());
        }
        if history.since_fold().iter().any(|lines| is_state(lines)) {
            // Killed between "saved" and the fold.
            self.history = history;
            return self.fold();
        }
        let (merged, conflicts) = history.merge(&lines);
        if !conflicts.is_empty() {
            let mut path = self.log_path.clone();
            path.set_extension("conflict.jsonl");
            let spelt: String =
                conflicts.iter().map(|line| labels::render_line(line) + "\n").collect();
            atomic::write(&path, spelt.as_bytes()).map_err(LabelError::at(&path))?;
            let ids = conflicts.iter().map(|line| line.annotation.id.clone()).collect();
            self.messages.push(Message::Conflict(ids));
        }
        self.history = History::of(merged);
        self.begin(bytes)?;
        self.fold()
    }

    /// A new beginning of the log: undo stops here.
    fn begin(&mut self, bytes: &[u8]) -> Result<(), JournalError> {
        let base = Digest::of(bytes).to_string();
        let lines = self.history.lines();
        self.append(&Record::Open { base, lines })
    }

    /// What is to be told once.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// The article's lines, in canonical order.
    pub fn lines(&self) -> Vec<LabelLine> {
        self.history.lines()
    }

    /// Number of the present state; an action says which one it was made on.
    pub fn state(&self) -> u64 {
        self.n
    }

    /// Makes one action of any number of changes; when this returns, it is saved.
    ///
    /// `at` is the time in UTC, `why` what the person did. A layer that was done and is no
    /// longer complete loses its `done`; the layers are given back, to be told.
    ///
    /// # Errors
    ///
    /// The action breaks a rule of form, was made on another state, or the disk refuses:
    /// then nothing of it is there.
    pub fn act(
        &mut self,
        made_on: u64,
        at: &str,
        why: &str,
        mut changes: Vec<Change>,
    ) -> Result<Vec<String>, JournalError> {
        if made_on != self.n {
            return Err(JournalError::Outdated { made_on, now: self.n });
        }
        let after = self.history.after(&changes).map_err(|id| {
            let message = format!("line `{id}` is not what the action takes it for");
            let (code, severity, file) = ("id-duplicate", Severity::Error, String::new());
            JournalError::Refused(vec![Finding {
                code,
                severity,
                file,
                line: 0,
                message,
            }])
        })?;
        self.check(&after)?;
        let undone = self.undone(&after, &mut changes);
        let record = Record::Set {
            at: at.to_owned(),
            why: why.to_owned(),
            changes: changes.clone(),
        };
        let n = self.n;
        self.append(&record)?;
        self.history.act(n, changes);
        Ok(undone)
    }

    /// Takes the last action back; says whether there was one.
    ///
    /// # Errors
    ///
    /// The disk refuses; then nothing changes.
    pub fn undo(&mut self) -> Result<bool, JournalError> {
        let Some(of) = self.history.undoable() else { return Ok(false) };
        self.append(&Record::Undo { of })?;
        self.history.undo();
        Ok(true)
    }

    /// Makes the last action taken back again; says whether there was one.
    ///
    /// # Errors
    ///
    /// The disk refuses; then nothing changes.
    pub fn redo(&mut self) -> Result<bool, JournalError> {
        let Some(of) = self.history.redoable() else { return Ok(false) };
        self.append(&Record::Redo { of })?;
        self.history.redo();
        Ok(true)
    }

    /// Writes the label file; at the latest a second after the last action.
    ///
    /// # Errors
    ///
    /// The disk refuses; the journal still holds everything.
    pub fn fold(&mut self) -> Result<(), JournalError> {
        let rendered = self.render(&self.history.lines());
        let path = self.sets.path(&self.name);
        atomic::write(&path, rendered.as_bytes()).map_err(LabelError::at(&path))?;
        let file = Digest::of(rendered.as_bytes()).to_string();
        self.append(&Record::Fold { file })?;
        self.history.fold();
        Ok(())
    }

    /// Folds, and compacts a log that has grown large.
    ///
    /// # Errors
    ///
    /// The disk refuses; the journal still holds everything.
    pub fn close(mut self) -> Result<(), JournalError> {
        self.fold()?;
        let length = std::fs::metadata(&self.log_path).map_or(0, |meta| meta.len());
        if length > COMPACT_BYTES {
            let spelt = log::spell(&self.history.reachable(&self.header));
            let path = &self.log_path;
            atomic::write(path, spelt.as_bytes()).map_err(LabelError::at(path))?;
        }
        Ok(())
    }

    fn render(&self, lines: &[LabelLine]) -> String {
        let file = LabelFile { header: self.header.clone(), lines: lines.to_vec() };
        labels::render(&file)
    }

    fn check(&self, lines: &[LabelLine]) -> Result<(), JournalError> {
        let file = LabelFile { header: self.header.clone(), lines: lines.to_vec() };
        let old: BTreeSet<String> =
            self.history.lines().iter().map(labels::render_line).collect();
        let errors: Vec<Finding> =
            check_file(self.schema, &self.article, &file, When::Form)
                .into_iter()
                .filter(|finding| finding.severity == Severity::Error)
                .filter(|finding| {
                    // Borders that another Unicode version moved are nobody's fault.
                    let line =
                        finding.line.checked_sub(2).and_then(|at| file.lines.get(at));
                    let is_old =
                        line.is_some_and(|line| old.contains(&labels::render_line(line)));
                    finding.code != "splits-grapheme" || !is_old
                })
                .collect();
        if errors.is_empty() { Ok(()) } else { Err(JournalError::Refused(errors)) }
    }

    /// Layers that are done and no longer complete; their `done` goes with the action.
    fn undone(&self, after: &[LabelLine], changes: &mut Vec<Change>) -> Vec<String> {
        let touched: BTreeSet<&str> = changes
            .iter()
            .flat_map(|change| [&change.before, &change.after])
            .flatten()
            .map(|line| line.annotation.layer.as_str())
            .collect();
        let touched: BTreeSet<String> = touched.into_iter().map(str::to_owned).collect();
        let file = LabelFile { header: self.header.clone(), lines: after.to_vec() };
        let findings = check_file(self.schema, &self.article, &file, When::Complete);
        let mut broken: BTreeMap<String, &LabelLine> = BTreeMap::new();
        for finding in findings.iter().filter(|f| f.severity == Severity::Error) {
            let Some(line) = finding.line.checked_sub(2).and_then(|at| after.get(at))
            else {
                continue;
            };
            let annotation = &line.annotation;
            let of = annotation.attrs.get("of").and_then(AttrValue::as_text);
            let layer = of.unwrap_or(&annotation.layer).to_owned();
            let done = after.iter().find(|line| {
                line.annotation.layer == REVIEW
                    && line.annotation.label == "done"
                    && line.annotation.attrs.get("of").and_then(AttrValue::as_text)
                        == Some(layer.as_str())
            });
            if let Some(done) = done.filter(|_| touched.contains(&layer)) {
                broken.insert(layer, done);
            }
        }
        for done in broken.values() {
            changes.push(Change { before: Some((*done).clone()), after: None });
        }
        broken.into_keys().collect()
    }

    /// Appends and syncs one record, or leaves the log as it was.
    fn append(&mut self, record: &Record) -> Result<(), JournalError> {
        if self.is_closed {
            return Err(JournalError::Closed);
        }
        let (line, sum) = log::line(record, self.n, &self.sum);
        let length = self.log.length();
        if let Err(error) = self.log.append(line.as_bytes()) {
            // A short write is taken back; if even that fails, opening cuts it off.
            self.is_closed = self.log.truncate(length).is_err();
            return Err(JournalError::NotSaved(error));
        }
        if let Err(error) = self.log.sync() {
            // The kernel may have dropped the page and would now report success.
            self.is_closed = true;
            return Err(JournalError::NotSaved(error));
        }
        self.sum = sum;
        self.n += 1;
        Ok(())
    }
}
