//! Attributions: cues, sources and contents that belong together, and quotation marks.

use std::collections::BTreeSet;

use goldpress_model::{AttrValue, Fragments, layer::ATTRIBUTION};

use crate::checks::{Report, Sheet, sheet::Entry};

pub(super) fn check(sheet: &Sheet<'_>, report: &mut Report) {
    let pointed: BTreeSet<&str> = sheet
        .of_layer(ATTRIBUTION)
        .flat_map(|cue| {
            let args = &cue.line.annotation.args;
            ["source", "content"].into_iter().filter_map(|role| args.get(role)).flatten()
        })
        .map(String::as_str)
        .collect();
    for entry in report.done_of(sheet, ATTRIBUTION) {
        let fault = match entry.label() {
            "source" | "content" => check_part(entry, &pointed),
            _ => check_overlap(sheet, entry)
                .or_else(|| check_source(sheet, entry))
                .or_else(|| check_quote(sheet, entry)),
        };
        if let Some((code, message)) = fault {
            report.error(entry, code, message);
        }
    }
}

type Fault = (&'static str, String);

fn check_part(entry: &Entry<'_>, pointed: &BTreeSet<&str>) -> Option<Fault> {
    let message = || format!("no cue points to the {} `{}`", entry.label(), entry.text());
    if pointed.contains(entry.id()) { None } else { Some(("attr-parts", message())) }
}

fn check_overlap(sheet: &Sheet<'_>, cue: &Entry<'_>) -> Option<Fault> {
    let mut parts: Vec<(&str, &Fragments)> = vec![("cue", &cue.place)];
    for role in ["source", "content"] {
        parts.extend(sheet.targets(cue, role).map(|part| (role, &part.place)));
    }
    for (n, (name, place)) in parts.iter().enumerate() {
        let clash = parts[..n].iter().find(|(_, earlier)| earlier.overlaps(place));
        if let Some((earlier, _)) = clash {
            let message = format!("{earlier} and {name} share characters");
            return Some(("attr-parts", message));
        }
    }
    None
}

fn check_source(sheet: &Sheet<'_>, cue: &Entry<'_>) -> Option<Fault> {
    let kind = cue.text_of("source_type")?;
    let has_source = cue.has_role("source");
    let message = match () {
        () if kind == "implicit" && has_source => {
            "the source is `implicit`, yet there is one".to_owned()
        }
        () if kind != "implicit" && !has_source => {
            format!("the source is a `{kind}`, yet there is none")
        }
        () if cue.attr("source_named") == Some(&AttrValue::Bool(true))
            && !has_name(sheet, cue) =>
        {
            "the source is named, yet none of its entities is a name".to_owned()
        }
        () => return None,
    };
    Some(("attr-source", message))
}

fn has_name(sheet: &Sheet<'_>, cue: &Entry<'_>) -> bool {
    sheet.targets(cue, "source").any(|source| {
        sheet
            .targets(source, "entity")
            .any(|mention| mention.text_of("mention") == Some("NAM"))
    })
}

fn check_quote(sheet: &Sheet<'_>, cue: &Entry<'_>) -> Option<Fault> {
    let stated = cue.text_of("quote")?;
    let found = quoting(sheet, cue)?;
    let message = || format!("`quote` is `{stated}`, the quotation marks say `{found}`");
    if stated == found { None } else { Some(("attr-quote", message())) }
}

/// What the quotation marks say: `direct` when they enclose every piece of the content.
fn quoting(sheet: &Sheet<'_>, cue: &Entry<'_>) -> Option<&'static str> {
    let text = sheet.article.text;
    let mut n_pieces = 0;
    let mut n_enclosed = 0;
    let mut has_marks = false;
    for content in sheet.targets(cue, "content") {
        for span in content.place.spans() {
            let slice = span.slice(text);
            let enclosed = is_enclosed(text, span.start(), span.end());
            n_pieces += 1;
            n_enclosed += usize::from(enclosed);
            has_marks |= enclosed || slice.contains(OPENING);
        }
    }
    match () {
        () if n_pieces == 0 => None,
        () if n_enclosed == n_pieces => Some("direct"),
        () if has_marks => Some("mixed"),
        () => Some("indirect"),
    }
}

/// Marks that open a quotation; a straight apostrophe opens words more often.
const OPENING: &[char] = &['“', '„', '«', '‹', '‘', '"', '「'];
const CLOSING: &[char] = &['”', '“', '»', '›', '’', '"', '」'];

/// Whether a piece stands in quotation marks, its own or those around it.
///
/// A quotation that goes on in the next paragraph is not closed at the end of its line.
fn is_enclosed(text: &str, start: usize, end: usize) -> bool {
    let slice = text[start..end].trim_matches(['.', ',', ';', '!', '?']);
    let opens = slice.starts_with(OPENING) || text[..start].ends_with(OPENING);
    let closes = slice.ends_with(CLOSING)
        || text[end..].starts_with(CLOSING)
        || text[end..].starts_with('\n')
        || end == text.len();
    opens && closes
}
