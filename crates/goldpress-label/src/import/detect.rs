//! Which reading of a file's offsets holds, article by article.

use std::collections::BTreeMap;

use goldpress_model::{CharIndex, CharRange};

use super::{ImportError, ImportOptions, ImportReport, NoteKind, articles::Found, note};
use crate::{
    formats::{Draft, Format},
    quotes::is_quoted,
    units::{LineEnds, Reading, Ruler, Unit},
};

/// How offsets of one article's file are to be read.
pub(super) enum Ruling {
    /// By this ruler, after adding the shift.
    Use { ruler: Ruler, shift: i64 },
    /// No reading holds.
    Refused,
}

/// Offsets that some program counts from 1, or past a byte order mark.
pub(super) const SHIFTS: [i64; 4] = [-1, 1, -2, 2];

pub(super) fn detect(
    format: &dyn Format,
    found: &[Found<'_>],
    options: &ImportOptions,
    report: &mut ImportReport,
) -> Result<Vec<Ruling>, ImportError> {
    let shift = i64::from(options.shift);
    // A file that says what it counts is believed, if it quotes nothing.
    let stated = |article: &Found<'_>| article.item.foreign.unit;
    let open: Vec<&Found<'_>> =
        found.iter().filter(|article| stated(article).is_none()).collect();
    let trial = Trial { found: &open, shift };
    let chosen = match (options.offset_unit, format.unit()) {
        (Some(unit), _) => trial.best_line_ends(unit),
        (None, Some(unit)) => {
            let declared = Reading { unit, line_ends: LineEnds::AsInFile };
            match trial.reading_for_all(declared) {
                Some(reading) => Some(reading),
                None => {
                    trial.refuse_shifted(declared)?;
                    None
                }
            }
        }
        (None, None) => Some(trial.undeclared()?),
    };
    let mut rulings = Vec::with_capacity(found.len());
    for article in found {
        let own = stated(article).filter(|_| options.offset_unit.is_none());
        let own = own.map(|unit| Reading { unit, line_ends: LineEnds::AsInFile });
        let reading = own.or(chosen).or_else(|| majority(article, shift));
        let Some(reading) = reading else {
            let message = table(article, shift);
            let file = &article.item.file;
            report.notes.push(note(file, 0, NoteKind::Rejected, "offset-unit", message));
            rulings.push(Ruling::Refused);
            continue;
        };
        if article.item.foreign.drafts.iter().any(|draft| !draft.ranges.is_empty()) {
            *report.readings.entry(reading).or_default() += 1;
        }
        rulings.push(Ruling::Use { ruler: Ruler::new(&article.raw, reading), shift });
    }
    match rulings.iter().all(|ruling| matches!(ruling, Ruling::Refused)) {
        true if !found.is_empty() => Err(ImportError::Refused {
            code: "offset-unit",
            message: table(&found[0], shift),
        }),
        _ => Ok(rulings),
    }
}

struct Trial<'a> {
    found: &'a [&'a Found<'a>],
    shift: i64,
}

/// Units that a file may count without telling.
const UNITS: [Unit; 3] = [Unit::CodePoint, Unit::Utf16, Unit::Utf8];

impl Trial<'_> {
    /// A reading that explains every quote of every article; of several the declared one.
    fn reading_for_all(&self, declared: Reading) -> Option<Reading> {
        if self.explains_all(declared, self.shift) {
            return Some(declared);
        }
        let others = Reading::all(&UNITS);
        others.into_iter().find(|reading| self.explains_all(*reading, self.shift))
    }

    fn explains_all(&self, reading: Reading, shift: i64) -> bool {
        self.found.iter().all(|article| {
            let (explained, quoted) = count(article, reading, shift);
            explained == quoted
        })
    }

    fn refuse_shifted(&self, declared: Reading) -> Result<(), ImportError> {
        let both = Reading::all(&[declared.unit]);
        for by in SHIFTS {
            if both.iter().any(|reading| self.explains_all(*reading, self.shift + by)) {
                let found = if by > 0 { "low" } else { "high" };
                let message = format!(
                    "every offset is {} too {found}: `--shift {}` puts them right",
                    by.abs(),
                    self.shift + by
                );
                return Err(ImportError::Refused { code: "shifted", message });
            }
        }
        Ok(())
    }

    /// The unit is given; line ends are counted in the way that explains more.
    fn best_line_ends(&self, unit: Unit) -> Option<Reading> {
        let score = |reading: &Reading| -> usize {
            self.found.iter().map(|article| count(article, *reading, self.shift).0).sum()
        };
        let both = Reading::all(&[unit]);
        // The last of equals is the largest: so the way of the file comes last.
        both.into_iter().rev().max_by_key(score)
    }

    /// Neither unit nor quotes: fine where all readings say the same.
    fn undeclared(&self) -> Result<Reading, ImportError> {
        let readings = Reading::all(&UNITS);
        if let Some(reading) = self.reading_for_all(readings[0])
            && self.found.iter().any(|article| count(article, reading, self.shift).1 > 0)
        {
            return Ok(reading);
        }
        let differs = |article: &&&Found<'_>| {
            let ranges = |reading: &Reading| converted(article, *reading, self.shift);
            let first = ranges(&readings[0]);
            readings[1..].iter().any(|reading| ranges(reading) != first)
        };
        match self.found.iter().find(differs) {
            None => Ok(readings[0]),
            Some(article) => Err(ImportError::usage(
                "offset-unit-unknown",
                format!(
                    "`{}` does not say what its offsets count, and it matters in this \
                     text: --offset-unit code-point, utf-16, utf-8 or grapheme",
                    article.item.file
                ),
            )),
        }
    }
}

/// Ranges in characters; `None` where one begins or ends at no character.
type Converted = Vec<Option<(u32, u32)>>;

fn converted(article: &Found<'_>, reading: Reading, shift: i64) -> Converted {
    let ruler = Ruler::new(&article.raw, reading);
    let drafts = &article.item.foreign.drafts;
    drafts
        .iter()
        .flat_map(|draft| &draft.ranges)
        .map(|(start, end)| {
            Some((ruler.char_at(start + shift)?, ruler.char_at(end + shift)?))
        })
        .collect()
}

/// Quotes that a reading explains, and quotes there are.
fn count(article: &Found<'_>, reading: Reading, shift: i64) -> (usize, usize) {
    let quoted: Vec<(&Draft, String)> = article
        .item
        .foreign
        .drafts
        .iter()
        .filter(|draft| !draft.ranges.is_empty())
        .filter_map(|draft| Some((draft, draft.quote.as_ref()?.replace("\r\n", "\n"))))
        .filter(|(_, quote)| !quote.is_empty())
        .collect();
    if quoted.is_empty() {
        return (0, 0);
    }
    let ruler = Ruler::new(&article.raw, reading);
    let index = CharIndex::new(&article.unified);
    let explained = quoted
        .iter()
        .filter(|(draft, quote)| {
            slices(draft, &ruler, &index, shift)
                .is_some_and(|found| is_quoted(&found, quote))
        })
        .count();
    (explained, quoted.len())
}

/// What stands at a draft's ranges, in the order in which the file gives them.
pub(super) fn slices(
    draft: &Draft,
    ruler: &Ruler,
    index: &CharIndex<'_>,
    shift: i64,
) -> Option<String> {
    let mut slices = Vec::with_capacity(draft.ranges.len());
    for (start, end) in &draft.ranges {
        let start = ruler.char_at(start.checked_add(shift)?)?;
        let end = ruler.char_at(end.checked_add(shift)?)?;
        let span = index.span(CharRange { start, end }).ok()?;
        slices.push(span.slice(index.text()));
    }
    Some(slices.join(" "))
}

/// The reading that explains over half of an article's quotes, and more than any other.
fn majority(article: &Found<'_>, shift: i64) -> Option<Reading> {
    let mut best: BTreeMap<Converted, (usize, Reading)> = BTreeMap::new();
    let mut n_quoted = 0;
    for reading in Reading::all(&UNITS) {
        let (explained, quoted) = count(article, reading, shift);
        n_quoted = quoted;
        // Readings that give equal ranges are one.
        best.entry(converted(article, reading, shift)).or_insert((explained, reading));
    }
    let mut ranked: Vec<(usize, Reading)> = best.into_values().collect();
    ranked.sort_by_key(|(explained, reading)| (std::cmp::Reverse(*explained), *reading));
    let (explained, reading) = *ranked.first()?;
    let is_ahead = ranked.get(1).is_none_or(|(next, _)| *next < explained);
    (is_ahead && explained * 2 > n_quoted || n_quoted == 0).then_some(reading)
}

/// Readings and how many quotes each explains, for people.
fn table(article: &Found<'_>, shift: i64) -> String {
    let mut message = "no reading of the offsets explains most quotes".to_owned();
    for reading in Reading::all(&UNITS) {
        let (explained, quoted) = count(article, reading, shift);
        message.push_str(&format!("\n  {reading}: {explained} of {quoted}"));
    }
    message
}
