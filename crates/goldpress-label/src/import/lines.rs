//! Drafts become lines: targets resolved, ids given, form checked.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use goldpress_model::{
    AttrValue, CharIndex, CharRange, Fragments, LayerKind, LayerSpec, LooseAnnotation,
    ProposedBy, Provenance, Schema, Span, Status,
};
use goldpress_store::labels::{
    LabelFile, LabelHeader, LabelLine, new_id, order, render_line,
};

use super::{
    ImportOptions, ImportReport, N_SAMPLES, NoteKind,
    articles::Found,
    detect::Ruling,
    fit::{Fit, fill_in, fit_args},
    layers::{Meaning, link_meaning, meaning},
    note,
    places::{Placer, without_line_ends},
    repair::repaired,
    whole::{Kept, Known, restore},
};
use crate::{
    checks::{Severity, TextOf, When, spell},
    content::Content,
    done::check,
    export::WriteOptions,
    formats::{Draft, Format, Link},
    sets::LabelName,
};

/// A label file without lines.
pub(super) fn empty(name: &LabelName, article: &TextOf<'_>) -> LabelFile {
    let chars = CharIndex::new(article.text).n_chars();
    let header = LabelHeader { chars, doc: name.doc, set: name.set.clone() };
    LabelFile { header, lines: Vec::new() }
}

/// One file's drafts for one article.
pub(super) struct Job<'a> {
    pub(super) schema: &'a Schema,
    pub(super) format: &'a dyn Format,
    pub(super) found: &'a Found<'a>,
    pub(super) ruling: &'a Ruling,
    pub(super) options: &'a ImportOptions,
    /// Layers of which something was rejected; `*` where nobody knows of which.
    pub(super) torn: RefCell<BTreeSet<String>>,
    /// Whole lines of the file, by their ids.
    known: Known<'a>,
}

/// A draft that is sound so far, pointing by the handles of its file.
struct Candidate<'a> {
    draft: &'a Draft,
    annotation: LooseAnnotation,
    /// Id and provenance of the line it was made of.
    kept: Option<Kept>,
    /// Attributes that the file did not bring, and how the report counts each.
    filled: Vec<Filled>,
}

/// An attribute that the file did not bring.
struct Filled {
    name: String,
    /// `layer.attribute=value`.
    key: String,
}

/// Where a new line came from.
struct Origin {
    /// The line of the file.
    line: usize,
    filled: Vec<Filled>,
}

/// Adds what is sound of a file to a label file; the rest is noted.
pub(super) fn add(job: &Job<'_>, file: &mut LabelFile, report: &mut ImportReport) {
    for misread in &job.found.item.foreign.misread {
        let code = misread.code;
        job.tear("*");
        job.note(report, misread.line, NoteKind::Rejected, code, &misread.message);
    }
    for (feature, n) in &job.found.item.foreign.lost {
        report.lose(feature, *n);
    }
    let mut candidates = job.candidates(report);
    job.link(&mut candidates, report);
    let candidates = job.without_dangling(candidates, file, report);
    let n_old = file.lines.len();
    let sources = job.give_ids(candidates, file, report);
    job.hold_to_form(file, n_old, sources, report);
    if let (Some(_), new @ 1..) = (job.model(), file.lines.len() - n_old) {
        *report.suggested.entry(file.header.set.clone()).or_default() += new as u64;
        return;
    }
    for line in &file.lines[n_old..] {
        let key = (line.annotation.layer.clone(), line.annotation.label.clone());
        *report.counts.entry(key).or_default() += 1;
        if report.samples.len() < N_SAMPLES {
            report.samples.push(render_line(line));
        }
    }
}

impl<'a> Job<'a> {
    pub(super) fn new(
        schema: &'a Schema,
        format: &'a dyn Format,
        found: &'a Found<'a>,
        ruling: &'a Ruling,
        options: &'a ImportOptions,
    ) -> Job<'a> {
        let foreign = &found.item.foreign;
        let links = foreign.links.iter().map(|link| &link.draft);
        let all = foreign.drafts.iter().chain(links);
        let mut known = Known::default();
        for draft in all {
            known.all.extend(draft.aliases.iter().map(String::as_str));
            // A line that lies beside the text is called by its own id.
            let is_homeless = draft.aliases.contains(&draft.id);
            known.homeless.extend(is_homeless.then_some(draft.id.as_str()));
        }
        Job { schema, format, found, ruling, options, torn: RefCell::default(), known }
    }

    /// The system that claims what is added, where no person does.
    fn model(&self) -> Option<&str> {
        self.found.item.foreign.model.as_deref()
    }

    fn note(
        &self,
        report: &mut ImportReport,
        line: usize,
        kind: NoteKind,
        code: &'static str,
        message: &str,
    ) {
        report.notes.push(note(&self.found.item.file, line, kind, code, message));
    }

    /// Remembers that something of a layer was rejected: then the layer is not done.
    fn tear(&self, layer: &str) {
        self.torn.borrow_mut().insert(layer.to_owned());
    }

    fn candidates(&self, report: &mut ImportReport) -> Vec<Candidate<'a>> {
        let Ruling::Use { ruler, shift } = self.ruling else {
            self.tear("*");
            return Vec::new();
        };
        let placer = Placer::new(self.found, ruler, *shift);
        let index = CharIndex::new(&self.found.article.text);
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut candidates = Vec::new();
        for draft in &self.found.item.foreign.drafts {
            let meaning = meaning(self.schema, draft, self.options);
            if let Meaning::NoRoom(feature) = meaning {
                report.lose(feature, 1);
                continue;
            }
            let Meaning::Label { layer, label } = meaning else {
                let message = format!("`{}` is left out by option", draft.label);
                self.note(
                    report,
                    draft.line,
                    NoteKind::Ignored,
                    "label-unknown",
                    &message,
                );
                continue;
            };
            if !draft.id.is_empty() && !seen.insert(&draft.id) {
                self.tear(&layer);
                let message = format!("id `{}` stands in an earlier line too", draft.id);
                self.note(
                    report,
                    draft.line,
                    NoteKind::Rejected,
                    "id-duplicate",
                    &message,
                );
                continue;
            }
            let own = layer.clone();
            match self.candidate(draft, (layer, label), &placer, &index, report) {
                Ok(candidate) => candidates.push(candidate),
                Err((code, message)) => {
                    self.tear(&own);
                    self.note(report, draft.line, NoteKind::Rejected, code, &message);
                }
            }
        }
        candidates
    }

    fn candidate(
        &self,
        draft: &'a Draft,
        (layer, label): (String, String),
        placer: &Placer<'_>,
        index: &CharIndex<'_>,
        report: &mut ImportReport,
    ) -> Result<Candidate<'a>, (&'static str, String)> {
        let placed = placer.place(draft)?;
        let mut fragments = placed.fragments;
        if placed.is_merged {
            let message = "pieces are sorted, and joined where they meet";
            self.note(report, draft.line, NoteKind::Repaired, "fragments", message);
        }
        let spec = self.schema.layer(&layer).expect("the meaning is of the schema");
        let is_foreign = !self.format.keeps_ids() && spec.kind != LayerKind::Block;
        if let Some(pieces) =
            without_line_ends(index.text(), &fragments).filter(|_| is_foreign)
        {
            let message = "it goes over a line end: a piece a line";
            self.note(report, draft.line, NoteKind::Repaired, "line", message);
            fragments = pieces;
        }
        if self.options.repair {
            let mended = repaired(index.text(), &fragments);
            if mended != fragments {
                let message = "edges are moved to whole characters and words";
                self.note(report, draft.line, NoteKind::Repaired, "edges", message);
                fragments = mended;
            }
        }
        let ranges: Vec<CharRange> =
            fragments.spans().iter().map(|span| index.chars(*span)).collect();
        let attrs = self.attrs(spec, &label, draft, ranges.is_empty(), report);
        let mut annotation = LooseAnnotation {
            id: draft.id.clone(),
            text: fragments.quote(index.text()),
            fragments: ranges,
            args: fit_args(spec, &label, &draft.args, report),
            attrs,
            score: draft.score,
            layer,
            label,
        };
        let kept = self.restored(draft, &mut annotation, index);
        let filled = self.fill_in(spec, &mut annotation, report);
        Ok(Candidate { draft, annotation, kept, filled })
    }

    /// Attributes of a draft that the schema has room for; the others are counted.
    fn attrs(
        &self,
        spec: &LayerSpec,
        label: &str,
        draft: &Draft,
        has_no_place: bool,
        report: &mut ImportReport,
    ) -> BTreeMap<String, AttrValue> {
        let strict = self.format.keeps_ids();
        let fit = Fit { spec, label, strict, ignored: &self.options.ignore };
        let (attrs, left_out) = fit.attrs(draft, has_no_place);
        for one in left_out {
            if one.by_option {
                let message = format!("`{}` is left out by option", one.name);
                let kind = NoteKind::Ignored;
                self.note(report, draft.line, kind, "value-invalid", &message);
                continue;
            }
            report.lose(if one.name == "note" { "note" } else { "attribute" }, 1);
            let key = format!("{}.{}", spec.name, one.name);
            *report.lost_attrs.entry(key).or_default() += 1;
        }
        attrs
    }

    /// Writes what the schema or the user says of attributes that the file does not bring.
    fn fill_in(
        &self,
        spec: &LayerSpec,
        annotation: &mut LooseAnnotation,
        report: &mut ImportReport,
    ) -> Vec<Filled> {
        let LooseAnnotation { label, attrs, .. } = annotation;
        let of_key = |(key, value): (String, AttrValue)| {
            let name = key.split_once('.').map_or("", |(_, name)| name).to_owned();
            let key = format!("{key}={}", spell(&value).replace('`', ""));
            *report.filled.entry(key.clone()).or_default() += 1;
            Filled { name, key }
        };
        fill_in(spec, label, self.options, attrs).into_iter().map(of_key).collect()
    }

    /// Fills up what came with its whole line.
    fn restored(
        &self,
        draft: &Draft,
        annotation: &mut LooseAnnotation,
        index: &CharIndex<'_>,
    ) -> Option<Kept> {
        let whole = draft.whole.as_ref()?;
        let room = self.format.capacity(&WriteOptions::default())?;
        let kept = restore(whole, &room, &self.known, annotation)?;
        let spans: Result<Vec<Span>, _> =
            annotation.fragments.iter().map(|range| index.span(*range)).collect();
        let fragments = spans.ok().and_then(|spans| Fragments::new(spans).ok())?;
        annotation.text = fragments.quote(index.text());
        Some(kept)
    }

    /// A link that is rejected: an argument of its first end, or a relation.
    fn tear_link(&self, link: &Link, candidates: &[Candidate<'_>]) {
        let from = candidates.iter().find(|candidate| candidate.draft.id == link.from);
        let own = from.map(|from| {
            let LooseAnnotation { layer, label, .. } = &from.annotation;
            Meaning::Label { layer: layer.clone(), label: label.clone() }
        });
        match link_meaning(self.schema, own.as_ref(), &link.draft, self.options) {
            Meaning::Label { layer, .. } => self.tear(&layer),
            Meaning::Role(_) => {
                self.tear(from.map_or("*", |from| from.annotation.layer.as_str()));
            }
            Meaning::Ignored | Meaning::Unknown | Meaning::NoRoom(_) => {}
        }
    }

    /// Links become arguments of their first end, or relations of both.
    fn link(&self, candidates: &mut Vec<Candidate<'a>>, report: &mut ImportReport) {
        let known: BTreeSet<String> =
            handles(candidates).into_iter().map(str::to_owned).collect();
        let index = CharIndex::new(&self.found.article.text);
        for link in &self.found.item.foreign.links {
            if !known.contains(&link.to) {
                self.tear_link(link, candidates);
                let message = format!("it ends at `{}`, which did not come in", link.to);
                let line = link.draft.line;
                self.note(report, line, NoteKind::Rejected, "id-dangling", &message);
                continue;
            }
            let is_from = |candidate: &Candidate<'_>| candidate.draft.id == link.from;
            let at = candidates.iter().position(is_from);
            let from = at.map(|at| {
                let LooseAnnotation { layer, label, .. } = &candidates[at].annotation;
                Meaning::Label { layer: layer.clone(), label: label.clone() }
            });
            let draft = &link.draft;
            match (link_meaning(self.schema, from.as_ref(), draft, self.options), at) {
                (Meaning::Role(role), Some(at)) => {
                    let args = &mut candidates[at].annotation.args;
                    args.entry(role).or_default().push(link.to.clone());
                }
                (Meaning::Label { layer, label }, Some(_)) => {
                    let spec = self.schema.layer(&layer).expect("of the schema");
                    let ends = [("head", &link.from), ("tail", &link.to)];
                    let args = ends.map(|(role, id)| (role.to_owned(), vec![id.clone()]));
                    let mut annotation = LooseAnnotation {
                        args: args.into_iter().collect(),
                        attrs: self.attrs(spec, &label, draft, true, report),
                        layer,
                        label,
                        ..LooseAnnotation::default()
                    };
                    let kept = self.restored(draft, &mut annotation, &index);
                    let filled = self.fill_in(spec, &mut annotation, report);
                    candidates.push(Candidate { draft, annotation, kept, filled });
                }
                (_, None) => {
                    self.tear_link(link, candidates);
                    let message =
                        format!("it begins at `{}`, which did not come in", link.from);
                    self.note(
                        report,
                        draft.line,
                        NoteKind::Rejected,
                        "id-dangling",
                        &message,
                    );
                }
                (Meaning::NoRoom(feature), Some(_)) => report.lose(feature, 1),
                _ => {
                    let message = format!("`{}` is left out by option", draft.label);
                    self.note(
                        report,
                        draft.line,
                        NoteKind::Ignored,
                        "label-unknown",
                        &message,
                    );
                }
            }
        }
    }

    /// Leaves out what points to nothing, and then what points to that.
    fn without_dangling(
        &self,
        mut candidates: Vec<Candidate<'a>>,
        file: &LabelFile,
        report: &mut ImportReport,
    ) -> Vec<Candidate<'a>> {
        loop {
            let mut known: BTreeSet<&str> = handles(&candidates);
            if self.format.keeps_ids() {
                known.extend(file.lines.iter().map(|line| line.annotation.id.as_str()));
            }
            known.insert("t0");
            let missing = |candidate: &Candidate<'_>| {
                let mut targets = candidate.annotation.args.values().flatten();
                targets.find(|id| !known.contains(id.as_str())).cloned()
            };
            let dangling: Vec<Option<String>> = candidates.iter().map(missing).collect();
            if dangling.iter().all(Option::is_none) {
                return candidates;
            }
            let mut dangling = dangling.into_iter();
            candidates.retain(|candidate| {
                let Some(id) = dangling.next().flatten() else { return true };
                let line = candidate.draft.line;
                let message = format!("it points to `{id}`, which did not come in");
                self.tear(&candidate.annotation.layer);
                self.note(report, line, NoteKind::Rejected, "id-dangling", &message);
                false
            });
        }
    }

    /// Appends lines, targets first, since an id is made of the ids it points to. Gives
    /// the line of the file that each came from.
    fn give_ids(
        &self,
        candidates: Vec<Candidate<'a>>,
        file: &mut LabelFile,
        report: &mut ImportReport,
    ) -> Vec<Origin> {
        let mut given = Given::of(file);
        let mut sources = Vec::new();
        let mut open = candidates;
        while !open.is_empty() {
            let waiting: BTreeSet<String> =
                handles(&open).into_iter().map(str::to_owned).collect();
            let ready = |candidate: &Candidate<'_>| {
                let mut targets = candidate.annotation.args.values().flatten();
                targets.all(|id| !waiting.contains(id))
            };
            let (now, later): (Vec<_>, Vec<_>) = open.into_iter().partition(ready);
            open = later;
            if now.is_empty() {
                for candidate in open {
                    let line = candidate.draft.line;
                    let message = "it points to itself in the end";
                    self.tear(&candidate.annotation.layer);
                    self.note(report, line, NoteKind::Rejected, "id-dangling", message);
                }
                break;
            }
            for candidate in now {
                self.give_id(candidate, file, &mut given, &mut sources, report);
            }
        }
        sources
    }

    fn give_id(
        &self,
        candidate: Candidate<'a>,
        file: &mut LabelFile,
        given: &mut Given,
        sources: &mut Vec<Origin>,
        report: &mut ImportReport,
    ) {
        let Candidate { draft, mut annotation, kept, filled } = candidate;
        given.resolve(&mut annotation.args);
        self.direct(&mut annotation, file, given);
        let content = Content::of(&annotation);
        if let Some((id, is_new)) = given.by_content.get(&content) {
            given.handles.extend(handles_of(draft).map(|name| (name, id.clone())));
            if *is_new {
                let message = "says what an earlier line says";
                self.note(report, draft.line, NoteKind::Repaired, "duplicate", message);
            } else {
                report.n_held += 1;
            }
            return;
        }
        let own =
            Some(draft.id.clone()).filter(|id| self.format.keeps_ids() && is_id(id));
        if let Some(id) = own.as_ref().filter(|id| given.at.contains_key(*id)) {
            let message = format!("the set has another annotation under `{id}`");
            self.tear(&annotation.layer);
            self.note(report, draft.line, NoteKind::Rejected, "id-duplicate", &message);
            return;
        }
        let old = kept.as_ref().map(|kept| kept.id.clone()).filter(|id| is_id(id));
        let old = old.filter(|id| !given.at.contains_key(id));
        let id = own.or(old).unwrap_or_else(|| {
            let LooseAnnotation { layer, label, fragments, args, attrs, .. } =
                &annotation;
            new_id(layer, label, fragments, args, attrs, |id| given.at.contains_key(id))
        });
        annotation.id = id.clone();
        given.handles.extend(handles_of(draft).map(|name| (name, id.clone())));
        given.by_content.insert(content, (id.clone(), true));
        given.at.insert(id, file.lines.len());
        let reference = draft.reference.clone();
        let mut provenance = match kept {
            Some(kept) => kept.provenance,
            None => imported(self.format, reference),
        };
        match (self.model(), provenance.status) {
            (Some(_), _) => provenance.status = Status::Suggested,
            (None, Status::Suggested) => provenance.status = Status::Accepted,
            _ => {}
        }
        file.lines.push(LabelLine { annotation, provenance });
        sources.push(Origin { line: draft.line, filled });
    }

    /// The head of an undirected relation is the end that comes first.
    fn direct(&self, annotation: &mut LooseAnnotation, file: &LabelFile, given: &Given) {
        let spec = self.schema.label(&annotation.layer, &annotation.label);
        if !spec.is_some_and(|spec| spec.undirected) {
            return;
        }
        let end = |role: &str| {
            let at = given.at.get(annotation.args.get(role)?.first()?)?;
            file.lines.get(*at)
        };
        let is_swapped = match (end("head"), end("tail")) {
            (Some(head), Some(tail)) => order(head, tail).is_gt(),
            _ => false,
        };
        if is_swapped {
            let head = annotation.args.remove("head").unwrap_or_default();
            let tail = annotation.args.remove("tail").unwrap_or_default();
            annotation.args.insert("head".to_owned(), tail);
            annotation.args.insert("tail".to_owned(), head);
        }
    }

    /// Takes out new lines that break a rule of form, and what points to them.
    fn hold_to_form(
        &self,
        file: &mut LabelFile,
        n_old: usize,
        mut sources: Vec<Origin>,
        report: &mut ImportReport,
    ) {
        loop {
            let findings = check(self.schema, &self.found.article(), file, When::Form);
            let mut refused: BTreeMap<usize, (&'static str, String)> = BTreeMap::new();
            let mut is_changed = false;
            for finding in findings {
                if finding.severity == Severity::Error && finding.line >= n_old {
                    let own = &mut sources[finding.line - n_old].filled;
                    if !own.is_empty() {
                        take_back(own, &mut file.lines[finding.line], report);
                        is_changed = true;
                        continue;
                    }
                    refused.insert(finding.line, (finding.code, finding.message));
                }
            }
            if is_changed {
                continue;
            }
            if refused.is_empty() {
                return;
            }
            let gone: BTreeSet<String> =
                refused.keys().map(|at| file.lines[*at].annotation.id.clone()).collect();
            for (at, line) in file.lines.iter().enumerate().skip(n_old) {
                let mut targets = line.annotation.args.values().flatten();
                if let Some(id) = targets.find(|id| gone.contains(*id)) {
                    let message = format!("it points to `{id}`, which did not come in");
                    refused.entry(at).or_insert(("id-dangling", message));
                }
            }
            for (at, (code, message)) in refused.iter().rev() {
                let line = sources.remove(at - n_old).line;
                self.tear(&file.lines.remove(*at).annotation.layer);
                self.note(report, line, NoteKind::Rejected, code, message);
            }
        }
    }
}

/// Takes out what was filled in of a line that it puts at odds with another, as of a name
/// in a name: what nobody said stays unsaid, and the layer is not done.
fn take_back(filled: &mut Vec<Filled>, line: &mut LabelLine, report: &mut ImportReport) {
    for Filled { name, key } in filled.drain(..) {
        line.annotation.attrs.remove(&name);
        if let Some(n) = report.filled.get_mut(&key) {
            *n -= 1;
        }
    }
    report.filled.retain(|_, n| *n > 0);
}

/// What is known of ids while lines are added.
struct Given {
    /// Handle of the file → id of the line.
    handles: BTreeMap<String, String>,
    /// Content → id, and whether this import brought it.
    by_content: BTreeMap<Content, (String, bool)>,
    /// Id → its place among the lines.
    at: BTreeMap<String, usize>,
}

impl Given {
    fn of(file: &LabelFile) -> Given {
        let lines = || file.lines.iter().map(|line| &line.annotation).enumerate();
        Given {
            handles: BTreeMap::new(),
            by_content: lines()
                .map(|(_, line)| (Content::of(line), (line.id.clone(), false)))
                .collect(),
            at: lines().map(|(at, line)| (line.id.clone(), at)).collect(),
        }
    }

    fn resolve(&self, args: &mut BTreeMap<String, Vec<String>>) {
        for ids in args.values_mut() {
            for id in ids.iter_mut() {
                if let Some(known) = self.handles.get(id) {
                    id.clone_from(known);
                }
            }
            ids.sort();
            ids.dedup();
        }
    }
}

fn handles<'s>(candidates: &'s [Candidate<'_>]) -> BTreeSet<&'s str> {
    let names = |candidate: &'s Candidate<'_>| {
        [candidate.draft.id.as_str()]
            .into_iter()
            .chain(candidate.draft.aliases.iter().map(String::as_str))
    };
    candidates.iter().flat_map(names).filter(|name| !name.is_empty()).collect()
}

fn handles_of(draft: &Draft) -> impl Iterator<Item = String> {
    let names = std::iter::once(&draft.id).chain(&draft.aliases);
    names.filter(|name| !name.is_empty()).cloned()
}

fn is_id(id: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    id.starts_with(|c: char| c.is_ascii_alphanumeric())
        && id.len() <= 64
        && id != "t0"
        && id.chars().all(inner)
}

pub(super) fn imported(format: &dyn Format, reference: Option<String>) -> Provenance {
    Provenance {
        status: Status::Accepted,
        origin: ProposedBy::Imported {
            format: format.name().to_owned(),
            // The name of a file on somebody's machine says nothing to anybody else.
            file: String::new(),
            reference,
        },
        from: Vec::new(),
        was: None,
        carried: None,
        guideline: None,
        spent_ds: None,
    }
}
