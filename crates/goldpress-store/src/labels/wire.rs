//! Lines as they stand in the file: the keys, and what each may hold.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use goldpress_model::{
    AttrValue, CharRange, Digest, LooseAnnotation, ProposedBy, Provenance, Status,
};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, MapAccess, Visitor},
};
use serde_json::Value;

use super::{LabelHeader, LabelLine, VERSION};
use crate::json;

/// Line 1.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireHeader {
    chars: u32,
    doc: Digest,
    goldpress_labels: u64,
    set: String,
}

impl WireHeader {
    pub(super) fn of(header: &LabelHeader) -> WireHeader {
        WireHeader {
            chars: header.chars,
            doc: header.doc,
            goldpress_labels: VERSION,
            set: header.set.clone(),
        }
    }

    pub(super) fn parse(line: &str) -> Result<LabelHeader, String> {
        // The version comes first: a header of the future may have keys of its own.
        let value: Value = serde_json::from_str(line).map_err(in_words)?;
        match value.get("goldpress_labels").map(Value::as_u64) {
            Some(Some(VERSION)) => {}
            Some(Some(found)) => {
                return Err(format!(
                    "label files of version {found}; this build reads version {VERSION}"
                ));
            }
            _ => return Err("no label file: `goldpress_labels` is no number".into()),
        }
        let header: WireHeader = serde_json::from_value(value).map_err(in_words)?;
        Ok(LabelHeader { chars: header.chars, doc: header.doc, set: header.set })
    }
}

/// Any other line. Empty keys are left out.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireLine {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[serde(deserialize_with = "without_repeats")]
    args: BTreeMap<String, Vec<String>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[serde(deserialize_with = "without_repeats")]
    attrs: BTreeMap<String, AttrValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    carried: Option<BTreeMap<String, Value>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    fragments: Vec<(u32, u32)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    from: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    guideline: Option<String>,
    id: String,
    label: String,
    layer: String,
    origin: WireOrigin,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    spent_s: Option<f64>,
    status: Status,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    was: Option<BTreeMap<String, Value>>,
}

/// Who proposed an annotation.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum WireOrigin {
    Human,
    Model {
        name: String,
        version: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        run: String,
    },
    Imported {
        format: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        file: String,
        #[serde(default, rename = "ref", skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
    },
}

impl WireLine {
    pub(super) fn of(line: &LabelLine) -> WireLine {
        let LabelLine { annotation, provenance } = line;
        let mut args = annotation.args.clone();
        args.retain(|_, targets| !targets.is_empty());
        args.values_mut().for_each(|targets| targets.sort());
        WireLine {
            args,
            attrs: annotation.attrs.clone(),
            carried: object(provenance.carried.as_deref()),
            fragments: pairs(&annotation.fragments),
            from: provenance.from.clone(),
            guideline: provenance.guideline.clone(),
            id: annotation.id.clone(),
            label: annotation.label.clone(),
            layer: annotation.layer.clone(),
            origin: WireOrigin::of(&provenance.origin),
            score: annotation.score,
            spent_s: provenance.spent_ds.map(|tenths| f64::from(tenths) / 10.0),
            status: provenance.status,
            text: annotation.text.clone(),
            was: object(provenance.was.as_deref()),
        }
    }

    pub(super) fn parse(line: &str) -> Result<LabelLine, String> {
        if line.trim().is_empty() {
            return Err("the line is empty".into());
        }
        let wire: WireLine = serde_json::from_str(line).map_err(in_words)?;
        check_id(&wire.id)?;
        check_quote(&wire)?;
        // A line without escapes, and without white space that JSON allows between
        // strings, holds them as they are.
        match line.contains(['\\', '\t', '\r']) {
            true => check_characters(&json::canonical(&wire))?,
            false => check_characters(line)?,
        }
        let spent_ds = wire.spent_s.map(tenths).transpose()?;
        Ok(LabelLine {
            annotation: LooseAnnotation {
                id: wire.id,
                layer: wire.layer,
                label: wire.label,
                fragments: ranges(&wire.fragments),
                text: wire.text,
                args: wire.args,
                attrs: wire.attrs,
                score: wire.score,
            },
            provenance: Provenance {
                status: wire.status,
                origin: wire.origin.into(),
                from: wire.from,
                was: wire.was.map(|object| json::canonical(&object)),
                carried: wire.carried.map(|object| json::canonical(&object)),
                guideline: wire.guideline,
                spent_ds,
            },
        })
    }
}

/// A stored object; `None` also where another crate put no object there, which it must
/// not.
fn object(json: Option<&str>) -> Option<BTreeMap<String, Value>> {
    json.and_then(|text| serde_json::from_str(text).ok())
}

fn check_id(id: &str) -> Result<(), String> {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let sound = id.len() <= 64
        && id.bytes().all(inner)
        && id.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
        && id != "t0";
    if sound { Ok(()) } else { Err(format!("`{id}` cannot be an id")) }
}

/// Fragments and text stand together; a fragment that covers nothing quotes nothing, and
/// is found where ranges are checked.
fn check_quote(wire: &WireLine) -> Result<(), String> {
    let covers_nothing = || wire.fragments.iter().all(|(start, end)| start == end);
    match (wire.fragments.is_empty(), wire.text.is_empty()) {
        (true, true) | (false, false) => Ok(()),
        (false, true) if covers_nothing() => Ok(()),
        _ => Err("`fragments` and `text` stand together or not at all".into()),
    }
}

/// Strings hold no control character but line feed and tab, and none of the characters
/// that some readers take for a line end.
fn check_characters(canonical: &str) -> Result<(), String> {
    let refused = |name: String| Err(format!("a string holds {name}"));
    let mut letters = canonical.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                if let Some('b' | 'f' | 'r' | 'u') = letters.next() {
                    return refused("a control character".into());
                }
            }
            _ if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') => {
                return refused(format!("U+{:04X}", letter as u32));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Seconds with one decimal, as tenths.
fn tenths(seconds: f64) -> Result<u32, String> {
    let tenths = (seconds * 10.0).round();
    let sound = (0.0..=f64::from(u32::MAX)).contains(&tenths)
        && !seconds.is_sign_negative()
        && (seconds * 10.0 - tenths).abs() < 1e-6;
    if sound {
        Ok(tenths as u32)
    } else {
        Err(format!("`spent_s` is {seconds}, not seconds with one decimal"))
    }
}

pub(super) fn pairs(ranges: &[CharRange]) -> Vec<(u32, u32)> {
    ranges.iter().map(|range| (range.start, range.end)).collect()
}

pub(super) fn ranges(pairs: &[(u32, u32)]) -> Vec<CharRange> {
    pairs.iter().map(|&(start, end)| CharRange { start, end }).collect()
}

/// The message of a JSON error without its line: a label line is line 1 of its own text.
pub(super) fn in_words(error: serde_json::Error) -> String {
    let message = error.to_string();
    match message.rfind(" at line 1 ") {
        Some(at) => message[..at].to_owned(),
        None => message,
    }
}

impl WireOrigin {
    fn of(origin: &ProposedBy) -> WireOrigin {
        match origin.clone() {
            ProposedBy::Human => WireOrigin::Human,
            ProposedBy::Model { name, version, run } => {
                WireOrigin::Model { name, version, run }
            }
            ProposedBy::Imported { format, file, reference } => {
                WireOrigin::Imported { format, file, reference }
            }
        }
    }
}

impl From<WireOrigin> for ProposedBy {
    fn from(origin: WireOrigin) -> Self {
        match origin {
            WireOrigin::Human => ProposedBy::Human,
            WireOrigin::Model { name, version, run } => {
                ProposedBy::Model { name, version, run }
            }
            WireOrigin::Imported { format, file, reference } => {
                ProposedBy::Imported { format, file, reference }
            }
        }
    }
}

/// A map in which every key stands once: of two, one would be lost.
pub(super) fn without_repeats<'de, D, V>(from: D) -> Result<BTreeMap<String, V>, D::Error>
where
    D: Deserializer<'de>,
    V: Deserialize<'de>,
{
    from.deserialize_map(WithoutRepeats(PhantomData))
}

struct WithoutRepeats<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for WithoutRepeats<V> {
    type Value = BTreeMap<String, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = BTreeMap::new();
        while let Some((key, value)) = map.next_entry::<String, V>()? {
            if values.contains_key(&key) {
                return Err(A::Error::custom(format!("key `{key}` stands twice")));
            }
            values.insert(key, value);
        }
        Ok(values)
    }
}
