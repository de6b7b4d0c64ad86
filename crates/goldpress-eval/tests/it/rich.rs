//! A document with something for every metric: blocks, fields, spans, events, claims.

use std::collections::BTreeMap;

use goldpress_eval::{
    Body, CONTENT, GoldDocument, Options, PredictedDocument, Scored, Snippets, Wanted,
    score,
};
use goldpress_model::{
    AttrValue, CharRange, Digest, LooseAnnotation, RunOutcome, Schema,
};
use serde_json::json;

use crate::common::{annotation, label_specs, schema, tokens};

pub(crate) const TEXT: &str = "Pact signed\nBy Ada Tully\nOn Monday Orlec met Velmark in Zürich, \
                    Tully said. The pact may hold. Orlec is its ally.";

/// The document and its gold.
pub(crate) struct Rich {
    pub(crate) schema: Schema,
    pub(crate) gold: Vec<LooseAnnotation>,
    tokens: Vec<CharRange>,
}

/// The range of the first `words` at or after the `nth` character.
fn at(words: &str) -> (u32, u32) {
    let byte = TEXT.find(words).unwrap_or_else(|| panic!("`{words}` is in the text"));
    let start = TEXT[..byte].chars().count() as u32;
    (start, start + words.chars().count() as u32)
}

fn line(id: &str, layer: &str, label: &str, words: &str) -> LooseAnnotation {
    LooseAnnotation { id: id.into(), ..annotation(TEXT, layer, label, &[at(words)]) }
}

fn with(
    mut line: LooseAnnotation,
    args: &[(&str, &str)],
    attrs: &[(&str, &str)],
) -> LooseAnnotation {
    for (role, id) in args {
        line.args.entry((*role).to_owned()).or_default().push((*id).to_owned());
    }
    for (name, value) in attrs {
        line.attrs.insert((*name).to_owned(), AttrValue::from(*value));
    }
    line
}

impl Rich {
    pub(crate) fn new() -> Rich {
        let field = |label: &str, value: &str| LooseAnnotation {
            layer: "metadata".into(),
            label: label.into(),
            attrs: BTreeMap::from([("value".to_owned(), AttrValue::from(value))]),
            ..LooseAnnotation::default()
        };
        let gold = vec![
            line("b1", "block", "title", "Pact signed"),
            line("b2", "block", "byline", "By Ada Tully"),
            line("b3", "block", "paragraph", TEXT.lines().nth(2).expect("three lines")),
            field("headline", "Pact signed"),
            field("author", "Ada Tully"),
            field("datePublished", "2024-05-03"),
            with(
                line("e1", "entity", "GPE", "Orlec"),
                &[],
                &[("coref", "orlec"), ("code", "ORL")],
            ),
            with(
                line("e2", "entity", "GPE", "Velmark"),
                &[],
                &[("coref", "velmark"), ("code", "VEL")],
            ),
            with(
                line("e3", "entity", "PERSON", "Tully said"),
                &[],
                &[("coref", "tully")],
            ),
            with(line("t1", "timex", "DATE", "Monday"), &[], &[("value", "XXXX-WXX-1")]),
            with(
                line("v1", "event", "CONSULT", "met"),
                &[("actor", "e1"), ("actor", "e2"), ("date", "t1")],
                &[
                    ("modality", "asserted"),
                    ("polarity", "positive"),
                    ("certainty", "certain"),
                    ("mode", "visit"),
                ],
            ),
            with(
                line("r1", "relation", "allied_with", "its ally"),
                &[("head", "e2"), ("tail", "e1")],
                &[],
            ),
            line("s1", "attribution", "source", "Tully said"),
            line("c1", "attribution", "content", "Orlec met Velmark"),
            with(
                line("a1", "attribution", "statement", "said"),
                &[("source", "s1"), ("content", "c1")],
                &[("quote", "indirect")],
            ),
            with(
                line("m1", "claim", "certain", "Orlec met Velmark in Zürich"),
                &[("source", "a1")],
                &[("polarity", "positive")],
            ),
            with(
                line("m2", "claim", "possible", "The pact may hold"),
                &[],
                &[("polarity", "positive")],
            ),
            line("h1", "hedge", "modal", "may"),
        ];
        Rich { schema: rich_schema(), gold, tokens: tokens(TEXT) }
    }

    fn doc_id() -> Digest {
        Digest::of(TEXT.as_bytes())
    }

    fn body() -> Body {
        let lines: Vec<&str> = TEXT.lines().collect();
        let text = format!("{}\n{}", lines[0], lines[2]);
        let tokens = text.split_whitespace().map(str::to_owned).collect();
        Body { text, tokens }
    }

    /// The answer that says what gold says.
    pub(crate) fn gold_answer(&self) -> PredictedDocument<'_> {
        PredictedDocument {
            annotations: &self.gold,
            body: Rich::body(),
            ..PredictedDocument::empty(Rich::doc_id(), RunOutcome::Ok)
        }
    }

    /// The answer that says nothing.
    pub(crate) fn empty_answer(&self) -> PredictedDocument<'_> {
        PredictedDocument::empty(Rich::doc_id(), RunOutcome::Ok)
    }

    pub(crate) fn score(
        &self,
        gold: &[LooseAnnotation],
        answer: &PredictedDocument<'_>,
    ) -> Scored {
        let mut covered: Vec<&str> =
            self.schema.layers.iter().map(|layer| layer.name.as_str()).collect();
        covered.push(CONTENT);
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        let gold = GoldDocument {
            covered,
            tokens: &self.tokens,
            body: Rich::body(),
            snippets: Snippets {
                with: vec![words("met Velmark")],
                without: vec![words("By Ada")],
            },
            ..GoldDocument::reviewed(Rich::doc_id(), TEXT, gold)
        };
        let options = Options { metrics: Wanted::All, ..Options::default() };
        score(&[gold], std::slice::from_ref(answer), &self.schema, &options)
            .expect("every metric is known")
    }
}

fn rich_schema() -> Schema {
    let role = |name: &str, class: &str| json!({"name": name, "guide": "", "example": "", "counter": "", "class": class});
    let field = |name: &str, kind: &str| json!({"name": name, "guide": "", "example": "", "counter": "", "kind": kind});
    let string = |name: &str| json!({"name": name, "type": "string"});
    let arg = |role: &str, target: &[&str]| json!({"role": role, "target": target});
    let polarity =
        json!({"name": "polarity", "type": "enum", "values": ["positive", "negative"]});
    let undirected = json!({
        "name": "allied_with", "guide": "", "example": "", "counter": "", "undirected": true,
    });
    schema(json!([
        {"name": "block", "kind": "block", "labels": [
            role("title", "main"), role("paragraph", "main"), role("byline", "meta"),
            role("nav", "boilerplate"),
        ]},
        {"name": "metadata", "kind": "field", "scope": "document", "labels": [
            field("headline", "text"), field("author", "names"),
            field("datePublished", "date"), field("articleBody", "body"),
        ]},
        {"name": "entity", "kind": "span", "scope": "all", "overlap": "nested",
         "labels": label_specs(&["GPE", "PERSON"]),
         "attrs": [string("coref"), string("code")]},
        {"name": "timex", "kind": "span", "scope": "all", "overlap": "flat",
         "labels": label_specs(&["DATE", "TIME"]), "attrs": [string("value")]},
        {"name": "attribution", "kind": "event", "scope": "main",
         "labels": label_specs(&["statement", "belief", "source", "content"]),
         "args": [arg("source", &["attribution/source"]),
                  arg("content", &["attribution/content"]), arg("entity", &["entity"])],
         "attrs": [string("quote")]},
        {"name": "hedge", "kind": "span", "scope": "main", "overlap": "flat",
         "labels": label_specs(&["modal"])},
        {"name": "claim", "kind": "span", "scope": "main",
         "labels": label_specs(&["certain", "possible"]),
         "args": [arg("source", &["attribution"])], "attrs": [polarity]},
        {"name": "event", "kind": "event", "scope": "main",
         "labels": label_specs(&["CONSULT", "AID"]),
         "args": [arg("actor", &["entity"]), arg("recipient", &["entity"]),
                  arg("date", &["timex"])],
         "attrs": [string("modality"), string("polarity"), string("certainty"),
                   string("mode")]},
        {"name": "relation", "kind": "relation", "scope": "main", "labels": [undirected],
         "args": [arg("head", &["entity"]), arg("tail", &["entity"])]},
    ]))
}
