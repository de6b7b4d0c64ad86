//! Checks: what no label file may hold, and what a layer that is done must have.
//!
//! *Form* stops a write: nothing of it reaches the disk. *Complete* takes several steps
//! of a person, so it is looked for when a layer is done. One file a family of rules, one
//! list of them all; a line gets the code of the first rule that it breaks, so that one
//! mistake is one finding.

mod args;
mod attributes;
mod blocks;
mod derived;
mod news;
mod overlap;
mod ranges;
mod required;
mod review;
mod scope;
mod sheet;
mod vocabulary;
mod warnings;

use std::{collections::BTreeSet, fmt};

use goldpress_model::{Digest, Schema};
use goldpress_store::labels::{LabelFile, LabelHeader, LabelLine};

use self::sheet::{Entry, Sheet};
pub(crate) use self::{
    args::specs_of,
    attributes::{can_be, holds_for, spell},
    ranges::range_fault,
    sheet::content_class,
};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth a look; stops nothing.
    Warning,
    /// Stops the write, or keeps the layer from being done.
    Error,
}

/// One thing that is wrong with one line of a label file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Name of the rule; one of a closed set.
    pub code: &'static str,
    /// Whether it stops anything.
    pub severity: Severity,
    /// The file, as the reader of the message would name it.
    pub file: String,
    /// The line, counted from 1; 1 is the header.
    pub line: usize,
    /// What was found, with numbers.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { code, file, line, message, .. } = self;
        write!(f, "{file}:{line}: {code}: {message}")
    }
}

/// What checks look at of an article.
#[derive(Debug, Clone, Copy)]
pub struct TextOf<'a> {
    /// Hash of the text.
    pub doc: Digest,
    /// The normalised text.
    pub text: &'a str,
    /// When the article was published, as far as anybody knows.
    pub published_at: Option<&'a str>,
}

impl<'a> TextOf<'a> {
    /// A text of which nothing else is known.
    pub fn new(text: &'a str) -> Self {
        TextOf { doc: Digest::of(text.as_bytes()), text, published_at: None }
    }
}

/// Which rules to hold a file to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Before a write: the rules of form.
    Form,
    /// Reading back: form, and for layers that are done the complete rules too.
    Complete,
}

/// A family of rules that look at the lines no earlier family refused.
struct Rule {
    when: When,
    check: fn(&Sheet<'_>, &mut Report),
}

/// The list. The order decides which code a line gets.
const RULES: &[Rule] = &[
    Rule { when: When::Form, check: vocabulary::check },
    Rule { when: When::Form, check: ranges::check },
    Rule { when: When::Form, check: args::check },
    Rule { when: When::Form, check: attributes::check },
    Rule { when: When::Form, check: review::check },
    Rule { when: When::Form, check: overlap::check },
    Rule { when: When::Form, check: blocks::check_form },
    Rule { when: When::Form, check: review::check_regions },
    Rule { when: When::Complete, check: required::check },
    Rule { when: When::Complete, check: blocks::check_complete },
    Rule { when: When::Complete, check: scope::check },
    Rule { when: When::Complete, check: derived::check },
    Rule { when: When::Complete, check: news::check },
    Rule { when: When::Complete, check: warnings::check },
];

/// Checks a label file against its article.
///
/// Findings stand in the order of lines. Lines are numbered as [`render`] would write the
/// file: the header is 1.
///
/// [`render`]: goldpress_store::labels::render
pub fn check_file(
    schema: &Schema,
    article: &TextOf<'_>,
    file: &LabelFile,
    when: When,
) -> Vec<Finding> {
    let lines = file.lines.iter().enumerate().map(|(n, line)| (n + 2, line)).collect();
    let name = format!("{}/{}.jsonl", file.header.set, file.header.doc);
    let mut findings = check_header(article, &file.header, &name);
    if findings.is_empty() {
        let entries = Entries { set: &file.header.set, lines, judged: &[], file: &name };
        findings = check_entries(schema, article, entries, when);
    }
    findings
}

pub(crate) fn check_header(
    article: &TextOf<'_>,
    header: &LabelHeader,
    name: &str,
) -> Vec<Finding> {
    let n_chars = article.text.chars().count();
    let (code, message) = if header.doc != article.doc {
        ("article", format!("the text hashes to `{}`; try `label carry`", article.doc))
    } else if header.chars as usize != n_chars {
        ("header", format!("`chars` is {}, but the text has {n_chars}", header.chars))
    } else {
        return Vec::new();
    };
    let file = name.to_owned();
    vec![Finding { code, severity: Severity::Error, file, line: 1, message }]
}

/// Numbered lines of one set, and what to call them.
pub(crate) struct Entries<'a> {
    pub(crate) set: &'a str,
    pub(crate) lines: Vec<(usize, &'a LabelLine)>,
    /// Layers that count as done without a line that says so.
    pub(crate) judged: &'a [&'a str],
    pub(crate) file: &'a str,
}

/// Checks lines against their article; findings stand in the order of lines.
pub(crate) fn check_entries(
    schema: &Schema,
    article: &TextOf<'_>,
    entries: Entries<'_>,
    when: When,
) -> Vec<Finding> {
    let Entries { set, lines, judged, file } = entries;
    let sheet = Sheet::new(schema, article, set, lines, when, judged);
    let mut report = Report::default();
    for rule in RULES.iter().filter(|rule| rule.when == When::Form || when == rule.when) {
        (rule.check)(&sheet, &mut report);
    }
    let mut findings = report.findings;
    findings.sort_by_key(|(line, _)| *line);
    findings
        .into_iter()
        .map(|(_, finding)| Finding { file: file.to_owned(), ..finding })
        .collect()
}

/// What the rules found so far.
#[derive(Default)]
struct Report {
    findings: Vec<(usize, Finding)>,
    faulty: BTreeSet<usize>,
}

impl Report {
    /// Refuses a line: later rules leave it alone.
    fn error(&mut self, entry: &Entry<'_>, code: &'static str, message: String) {
        self.faulty.insert(entry.number);
        self.push(entry.number, code, Severity::Error, message);
    }

    /// Mentions a line.
    fn warn(&mut self, entry: &Entry<'_>, code: &'static str, message: String) {
        self.push(entry.number, code, Severity::Warning, message);
    }

    fn push(
        &mut self,
        line: usize,
        code: &'static str,
        severity: Severity,
        message: String,
    ) {
        let file = String::new();
        self.findings.push((line, Finding { code, severity, file, line, message }));
    }

    /// Lines that no rule refused yet.
    fn sound<'s, 'a>(&self, sheet: &'s Sheet<'a>) -> Vec<&'s Entry<'a>> {
        let sound = |entry: &&Entry<'_>| !self.faulty.contains(&entry.number);
        sheet.entries.iter().filter(sound).collect()
    }

    /// Sound lines that count, of layers that are done.
    fn done<'s, 'a>(&self, sheet: &'s Sheet<'a>) -> Vec<&'s Entry<'a>> {
        let sound = self.sound(sheet);
        let done =
            |entry: &&Entry<'_>| entry.counts() && sheet.done.contains(entry.layer());
        sound.into_iter().filter(done).collect()
    }

    /// The same of one layer.
    fn done_of<'s, 'a>(&self, sheet: &'s Sheet<'a>, layer: &str) -> Vec<&'s Entry<'a>> {
        let done = self.done(sheet);
        done.into_iter().filter(|entry| entry.layer() == layer).collect()
    }
}
