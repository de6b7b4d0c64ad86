//! `brat`: standoff files, a `.ann` beside a `.txt`.
//!
//! Offsets count code points and every span quotes its words. Pieces and arguments make
//! an event with its trigger, arguments alone a relation; `N` lines are the attribute
//! `norm`, `#` lines the note. Fields of the document have no place here.

mod config;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{AttrValue, Schema};

use super::{
    Draft, Foreign, Format, Misread, ReadOptions, Source, Written, numbered, utf8,
};
use crate::{
    export::{Capacity, Page, WriteOptions},
    units::Unit,
};

/// The format.
pub(super) struct Brat;

impl Format for Brat {
    fn name(&self) -> &'static str {
        "brat"
    }

    fn unit(&self) -> Option<Unit> {
        Some(Unit::CodePoint)
    }

    fn text_beside(&self) -> Option<&'static str> {
        Some("txt")
    }

    fn recognises(&self, source: &Source) -> bool {
        let Ok(text) = utf8(&source.bytes) else { return false };
        let first = text.lines().find(|line| !line.trim().is_empty());
        let is_line = |line: &str| parse_line(line).is_ok();
        source.name.ends_with(".ann") && first.is_none_or(is_line)
            || first.is_some_and(|line| line.starts_with('T') && is_line(line))
    }

    fn read(
        &self,
        source: &Source,
        _options: &ReadOptions,
    ) -> Result<Vec<Foreign>, Misread> {
        let text = source.text_beside.as_deref().map(utf8).transpose()?;
        let mut page = Standoff::default();
        for (number, line) in numbered(utf8(&source.bytes)?) {
            if line.trim().is_empty() {
                continue;
            }
            match parse_line(line) {
                Ok(parsed) => page.lines.push((number, parsed)),
                Err(message) => page.misread.push(Misread::new(number, message)),
            }
        }
        let mut foreign = page.into_foreign();
        foreign.text = text.map(str::to_owned);
        Ok(vec![foreign])
    }

    fn capacity(&self, _options: &WriteOptions) -> Option<Capacity> {
        Some(Capacity {
            publication_time: false,
            fields: false,
            null_fields: false,
            scores: false,
            ..Capacity::ALL
        })
    }

    fn write(
        &self,
        schema: &Schema,
        page: &Page<'_>,
        _options: &WriteOptions,
        written: &mut Written,
    ) {
        let text = page.text.to_owned();
        written.append(&format!("{}.txt", page.doc), &text);
        let standoff = write::standoff(schema, page, written);
        written.append(&format!("{}.ann", page.doc), &standoff);
    }

    fn finish(&self, schema: &Schema, _options: &WriteOptions, written: &mut Written) {
        let conf = config::annotation_conf(schema, written);
        written.append("annotation.conf", &conf);
    }
}

/// One line of a `.ann` file; a dot stands for a tab.
enum Line {
    /// `T1 · ORG 2 18 · words`
    Span { id: String, label: String, ranges: Vec<(i64, i64)>, quote: String },
    /// `E1 · located_in:T5 head:T4 tail:T6`
    Event { id: String, label: String, trigger: String, args: Vec<(String, String)> },
    /// `R1 · near Arg1:T3 Arg2:T6`
    Relation { id: String, label: String, args: Vec<(String, String)> },
    /// `* · Equiv T1 T2 T3`
    Equivalence { label: String, ids: Vec<String> },
    /// `A1 · value T7 2024`, or a flag without a value
    Attribute { target: String, name: String, value: String },
    /// `N1 · Reference T6 base:id · words`
    Norm { target: String, reference: String },
    /// `#1 · AnnotatorNotes T1 · note`
    Note { target: String, note: String },
}

/// Ids in the words of the file; a line that has another shape is refused.
fn parse_line(line: &str) -> Result<Line, String> {
    let mut columns = line.split('\t');
    let id = columns.next().unwrap_or_default().to_owned();
    let Some(content) = columns.next() else {
        return Err("there is no second column after a tab".to_owned());
    };
    let content = content.trim_start_matches(' ');
    let rest: Vec<&str> = columns.collect();
    let last = rest.join("\t");
    let words: Vec<&str> = content.split(' ').filter(|word| !word.is_empty()).collect();
    let label = words.first().map_or_else(String::new, |word| (*word).to_owned());
    if label.is_empty() {
        return Err("there is no label".to_owned());
    }
    match id.chars().next() {
        Some('T') => {
            let ranges = content[label.len()..].trim();
            Ok(Line::Span { id, label, ranges: parse_ranges(ranges)?, quote: last })
        }
        Some('E') => {
            let mut args = parse_args(&words)?;
            if args.is_empty() {
                return Err("an event has a trigger".to_owned());
            }
            let (label, trigger) = args.remove(0);
            Ok(Line::Event { id, label, trigger, args })
        }
        Some('R') => Ok(Line::Relation { id, label, args: parse_args(&words[1..])? }),
        Some('*') => {
            let ids = words[1..].iter().map(|word| (*word).to_owned()).collect();
            Ok(Line::Equivalence { label, ids })
        }
        Some('A' | 'M') => {
            let target = words.get(1).ok_or("an attribute has a target")?;
            let mut parts = content.splitn(3, ' ').skip(2);
            let value = parts.next().unwrap_or_default().to_owned();
            Ok(Line::Attribute { target: (*target).to_owned(), name: label, value })
        }
        Some('N') => match words.as_slice() {
            [_, target, reference] => {
                let [target, reference] = [*target, *reference].map(str::to_owned);
                Ok(Line::Norm { target, reference })
            }
            _ => Err("a normalisation has a target and a reference".to_owned()),
        },
        Some('#') => {
            let target = words.get(1).ok_or("a note has a target")?;
            Ok(Line::Note { target: (*target).to_owned(), note: last })
        }
        _ => Err(format!("`{id}` begins with none of T, E, R, A, M, N, #, *")),
    }
}

fn parse_ranges(text: &str) -> Result<Vec<(i64, i64)>, String> {
    let range = |part: &str| -> Option<(i64, i64)> {
        let (start, end) = part.trim().split_once(' ')?;
        Some((start.parse().ok()?, end.trim().parse().ok()?))
    };
    let refused = || format!("`{text}` is no list of ranges");
    text.split(';').map(|part| range(part).ok_or_else(refused)).collect()
}

fn parse_args(words: &[&str]) -> Result<Vec<(String, String)>, String> {
    let arg = |word: &&str| -> Result<(String, String), String> {
        let (role, id) =
            word.split_once(':').ok_or_else(|| format!("`{word}` is no `role:id`"))?;
        let role = match role {
            "Arg1" => "head",
            "Arg2" => "tail",
            role => role,
        };
        Ok((role.to_owned(), id.to_owned()))
    };
    words.iter().map(arg).collect()
}

/// The lines of a `.ann` file.
#[derive(Default)]
struct Standoff {
    lines: Vec<(usize, Line)>,
    misread: Vec<Misread>,
}

impl Standoff {
    fn into_foreign(mut self) -> Foreign {
        let mut drafts = self.spans();
        let triggers = self.events(&mut drafts);
        drafts.retain(|draft| !triggers.contains(&draft.id));
        self.links(&mut drafts);
        self.attributes(&mut drafts);
        drafts.sort_by_key(|draft| draft.line);
        Foreign { drafts, misread: self.misread, ..Foreign::default() }
    }

    fn spans(&self) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for (line, parsed) in &self.lines {
            if let Line::Span { id, label, ranges, quote } = parsed {
                drafts.push(Draft {
                    line: *line,
                    id: id.clone(),
                    reference: Some(id.clone()),
                    label: label.clone(),
                    ranges: ranges.clone(),
                    quote: Some(quote.clone()),
                    ..Draft::default()
                });
            }
        }
        drafts
    }

    /// Adds the events; gives the spans that are triggers and nothing else.
    fn events(&mut self, drafts: &mut Vec<Draft>) -> BTreeSet<String> {
        let mut triggers = BTreeSet::new();
        let mut events = Vec::new();
        for (line, parsed) in &self.lines {
            let Line::Event { id, label, trigger, args } = parsed else { continue };
            let Some(span) = drafts.iter().find(|draft| draft.id == *trigger) else {
                let message = format!("trigger `{trigger}` is not in the file");
                self.misread.push(Misread::new(*line, message));
                continue;
            };
            let first = triggers.insert(trigger.clone());
            events.push(Draft {
                line: *line,
                id: id.clone(),
                reference: Some(id.clone()),
                label: label.clone(),
                args: args.clone(),
                aliases: if first { vec![trigger.clone()] } else { Vec::new() },
                ..span.clone()
            });
        }
        drafts.extend(events);
        triggers
    }

    fn links(&self, drafts: &mut Vec<Draft>) {
        for (line, parsed) in &self.lines {
            let line = *line;
            match parsed {
                Line::Relation { id, label, args } => drafts.push(Draft {
                    line,
                    id: id.clone(),
                    reference: Some(id.clone()),
                    label: label.clone(),
                    args: args.clone(),
                    ..Draft::default()
                }),
                Line::Equivalence { label, ids } => {
                    drafts.extend(ids.windows(2).map(|pair| Draft {
                        line,
                        label: label.clone(),
                        args: vec![
                            ("head".to_owned(), pair[0].clone()),
                            ("tail".to_owned(), pair[1].clone()),
                        ],
                        ..Draft::default()
                    }));
                }
                _ => {}
            }
        }
    }

    fn attributes(&mut self, drafts: &mut [Draft]) {
        for (line, parsed) in std::mem::take(&mut self.lines) {
            let (target, name, value) = match parsed {
                Line::Attribute { target, name, value } if value.is_empty() => {
                    (target, name, AttrValue::Bool(true))
                }
                Line::Attribute { target, name, value } => {
                    (target, name, AttrValue::Text(value))
                }
                Line::Norm { target, reference } => {
                    (target, "norm".to_owned(), AttrValue::Text(reference))
                }
                Line::Note { target, note } => {
                    (target, "note".to_owned(), AttrValue::Text(note))
                }
                _ => continue,
            };
            let named = |draft: &&mut Draft| {
                draft.id == target || draft.aliases.contains(&target)
            };
            match drafts.iter_mut().find(named) {
                Some(draft) => add_value(&mut draft.attrs, name, value),
                None => {
                    let message = format!("`{target}` is not in the file");
                    self.misread.push(Misread::new(line, message));
                }
            }
        }
    }
}

/// A second value makes a list of the first.
fn add_value(attrs: &mut BTreeMap<String, AttrValue>, name: String, value: AttrValue) {
    let added = match (attrs.remove(&name), value) {
        (Some(AttrValue::Text(first)), AttrValue::Text(second)) => {
            AttrValue::List(vec![first, second])
        }
        (Some(AttrValue::List(mut values)), AttrValue::Text(next)) => {
            values.push(next);
            AttrValue::List(values)
        }
        (_, value) => value,
    };
    attrs.insert(name, added);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_before_a_label_are_passed_over() {
        for line in ["T1\tKag\u{303} 2 5\tKag", "T1\t  Kag\u{303} 2 5\tKag"] {
            let Ok(Line::Span { label, ranges, .. }) = parse_line(line) else {
                panic!("`{line}` is a span");
            };
            assert_eq!((label.as_str(), ranges), ("Kag\u{303}", vec![(2, 5)]));
        }
    }
}
