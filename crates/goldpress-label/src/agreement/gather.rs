//! What two or more layer sets say of the articles that all of them have done.

use std::{
    collections::{BTreeMap, BTreeSet},
    thread,
};

use goldpress_model::{
    AttrValue, CharRange, Digest, LooseAnnotation, Role,
    layer::{BLOCK, REVIEW},
};
use goldpress_store::{
    Dataset,
    labels::{LabelFile, LabelLine},
};

use crate::{
    adjudicate::GOLD,
    sets::{LabelError, LabelName, LabelSets},
};

/// Files that are read side by side.
const READERS: usize = 4;

/// Layer sets side by side, each file read once.
pub struct Team {
    /// One place a set; `None` where the set has no file for the article.
    said: BTreeMap<Digest, Vec<Option<Said>>>,
}

/// What one set says of one article, less what it refused.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    /// Annotations that count, of all layers but `review`.
    pub annotations: Vec<LooseAnnotation>,
    /// Regions that nobody judged, by layer.
    pub unannotated: BTreeMap<String, Vec<CharRange>>,
    /// Layers that are done, and whether suggestions were in sight.
    done: BTreeMap<String, bool>,
    /// Versions of guidelines under which a layer was decided.
    guidelines: BTreeMap<String, BTreeSet<String>>,
    n_chars: u32,
}

/// One set's word on one layer of one article.
#[derive(Debug, Clone, PartialEq)]
pub struct Opinion<'a> {
    /// Accepted and edited annotations of the layer, less those left out.
    pub annotations: Vec<&'a LooseAnnotation>,
    /// Whether the person saw suggestions: then people agree with what they were shown.
    pub saw_suggestions: bool,
    /// Versions of guidelines under which it was decided.
    pub guidelines: BTreeSet<String>,
}

/// One article that takes part.
#[derive(Debug, Clone, PartialEq)]
pub struct Gathered<'a> {
    /// The article.
    pub doc_id: Digest,
    /// Length of its text in code points.
    pub n_chars: u32,
    /// One opinion a set, in the order of the sets.
    pub opinions: Vec<Opinion<'a>>,
    /// Annotations inside regions that one of the sets did not judge.
    pub n_left_out: u64,
}

impl Gathered<'_> {
    /// Whether nobody marked anything: that adds nothing to counts, and is told apart.
    pub fn is_empty(&self) -> bool {
        self.opinions.iter().all(|opinion| opinion.annotations.is_empty())
    }

    /// Whether nobody saw suggestions.
    pub fn is_blind(&self) -> bool {
        !self.opinions.iter().any(|opinion| opinion.saw_suggestions)
    }
}

impl Team {
    /// Reads the files of `sets`, as they stand and not checked.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or a line of it is not sound.
    pub fn read(dataset: &Dataset, sets: &[String]) -> Result<Team, LabelError> {
        let folder = LabelSets::of(dataset.root());
        let mut names = folder.list()?;
        names.retain(|name| sets.contains(&name.set));
        let read = |names: &[LabelName]| -> Result<Vec<Option<Said>>, LabelError> {
            names.iter().map(|name| Ok(folder.read(name)?.map(Said::of))).collect()
        };
        let share = names.len().div_ceil(READERS).max(1);
        let parts: Vec<Result<Vec<Option<Said>>, LabelError>> = thread::scope(|scope| {
            let readers: Vec<_> =
                names.chunks(share).map(|part| scope.spawn(|| read(part))).collect();
            let join = |reader: thread::ScopedJoinHandle<'_, _>| {
                reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            readers.into_iter().map(join).collect()
        });
        let mut all = Vec::with_capacity(names.len());
        for part in parts {
            all.extend(part?);
        }
        let mut said: BTreeMap<Digest, Vec<Option<Said>>> = BTreeMap::new();
        for (LabelName { set, doc }, one) in names.into_iter().zip(all) {
            let of_doc = said.entry(doc).or_insert_with(|| vec![None; sets.len()]);
            if let Some(at) = sets.iter().position(|name| *name == set) {
                of_doc[at] = one;
            }
        }
        Ok(Team { said })
    }

    /// Leaves out what stands in no line of the article itself, as the roles of the set
    /// `gold` tell, in the given layers: as if nobody had judged it. Articles without such
    /// roles go altogether; gives their number.
    ///
    /// # Errors
    ///
    /// A file of `gold` cannot be read, or a line of it is not sound.
    pub fn keep_main(
        &mut self,
        dataset: &Dataset,
        layers: &[&str],
    ) -> Result<usize, LabelError> {
        let folder = LabelSets::of(dataset.root());
        let mut n_without = 0;
        for doc in self.docs().collect::<Vec<_>>() {
            let file = folder.read(&LabelName { set: GOLD.to_owned(), doc })?;
            let main = file.map(|file| main_lines(&file)).unwrap_or_default();
            if main.is_empty() {
                self.said.remove(&doc);
                n_without += 1;
                continue;
            }
            let said = self.said.get_mut(&doc).into_iter().flatten().flatten();
            for one in said {
                let outside = between(&main, one.n_chars);
                for layer in layers {
                    let regions = one.unannotated.entry((*layer).to_owned());
                    regions.or_default().extend(&outside);
                }
            }
        }
        Ok(n_without)
    }

    /// Articles that some set speaks of.
    pub fn docs(&self) -> impl Iterator<Item = Digest> {
        self.said.keys().copied()
    }

    /// Articles in which some of the sets have done a layer and some have not: nothing of
    /// them can be compared.
    pub fn n_partly_done(&self, members: &[usize], layer: &str) -> usize {
        let is_partly = |said: &&Vec<Option<Said>>| {
            let has_done = |at: &&usize| {
                let one = said.get(**at).and_then(Option::as_ref);
                one.is_some_and(|one| one.done.contains_key(layer))
            };
            let n_done = members.iter().filter(has_done).count();
            n_done > 0 && n_done < members.len()
        };
        self.said.values().filter(is_partly).count()
    }

    /// What a set says of an article; sets count from 0, as they were read.
    pub fn said(&self, doc: Digest, member: usize) -> Option<&Said> {
        self.said.get(&doc)?.get(member)?.as_ref()
    }

    /// Articles of which every one of `members` holds `done` for the layer, by `doc_id`.
    pub fn gather(&self, members: &[usize], layer: &str) -> Vec<Gathered<'_>> {
        let mut all = Vec::new();
        for (doc, said) in &self.said {
            let of_members: Option<Vec<&Said>> =
                members.iter().map(|at| said.get(*at)?.as_ref()).collect();
            let done = of_members
                .filter(|said| said.iter().all(|one| one.done.contains_key(layer)));
            all.extend(done.map(|said| gathered(*doc, &said, layer)));
        }
        all
    }
}

impl Said {
    fn of(file: LabelFile) -> Said {
        let mut said = Said { n_chars: file.header.chars, ..Said::default() };
        for LabelLine { annotation, provenance } in file.lines {
            if !provenance.status.counts() {
                continue;
            }
            if annotation.layer == REVIEW {
                said.review(&annotation);
                continue;
            }
            if let Some(guideline) = provenance.guideline {
                let of_layer = said.guidelines.entry(annotation.layer.clone());
                of_layer.or_default().insert(guideline);
            }
            said.annotations.push(annotation);
        }
        said
    }

    fn review(&mut self, review: &LooseAnnotation) {
        let of = review.attrs.get("of").and_then(AttrValue::as_text);
        let Some(of) = of.map(str::to_owned) else { return };
        match review.label.as_str() {
            "done" => {
                let shown = review.attrs.get("suggestions");
                let saw =
                    matches!(shown, Some(AttrValue::List(sets)) if !sets.is_empty());
                self.done.entry(of).or_insert(saw);
            }
            "unannotated" => {
                self.unannotated.entry(of).or_default().extend(&review.fragments);
            }
            _ => {}
        }
    }
}

/// The lines that gold calls the article's own, in order.
fn main_lines(file: &LabelFile) -> Vec<CharRange> {
    let is_main = |line: &&LabelLine| {
        let role = line.annotation.label.parse::<Role>();
        line.annotation.layer == BLOCK
            && line.provenance.status.counts()
            && role.is_ok_and(Role::is_main)
    };
    let lines = file.lines.iter().filter(is_main);
    let mut main: Vec<CharRange> =
        lines.flat_map(|line| line.annotation.fragments.clone()).collect();
    main.sort();
    main
}

/// What lies before, between and behind some ranges.
fn between(ranges: &[CharRange], n_chars: u32) -> Vec<CharRange> {
    let starts = std::iter::once(0).chain(ranges.iter().map(|range| range.end));
    let ends = ranges.iter().map(|range| range.start).chain([n_chars]);
    let gaps = starts.zip(ends).map(|(start, end)| CharRange { start, end });
    gaps.filter(|gap| gap.start < gap.end).collect()
}

fn gathered<'a>(doc_id: Digest, said: &[&'a Said], layer: &str) -> Gathered<'a> {
    let regions: Vec<CharRange> = said
        .iter()
        .filter_map(|said| said.unannotated.get(layer))
        .flatten()
        .copied()
        .collect();
    let mut n_left_out = 0;
    let mut opinions = Vec::with_capacity(said.len());
    for said in said {
        let mut annotations = Vec::new();
        for annotation in said.annotations.iter().filter(|a| a.layer == layer) {
            match is_inside(annotation, &regions) {
                true => n_left_out += 1,
                false => annotations.push(annotation),
            }
        }
        let guidelines = said.guidelines.get(layer).cloned().unwrap_or_default();
        let saw_suggestions = said.done.get(layer).copied().unwrap_or_default();
        opinions.push(Opinion { annotations, saw_suggestions, guidelines });
    }
    let n_chars = said.first().map_or(0, |said| said.n_chars);
    Gathered { doc_id, n_chars, opinions, n_left_out }
}

fn is_inside(annotation: &LooseAnnotation, regions: &[CharRange]) -> bool {
    let inside = |range: &CharRange| {
        regions
            .iter()
            .any(|region| region.start <= range.start && range.end <= region.end)
    };
    !annotation.fragments.is_empty() && annotation.fragments.iter().all(inside)
}
