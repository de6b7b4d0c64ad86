//! Files as other programs write them: what one line has too much costs itself.

use insta::assert_snapshot;

use super::{Ran, Scratch};

#[test]
fn a_span_over_a_line_end_stands_in_pieces() {
    let scratch = Scratch::new();
    let text = "The council of Velmere asked Kestrel\nFreight to wait, said the chair Odile\n  Varga on Monday.\n";
    scratch.write("b/a.txt", text);
    scratch.write(
        "b/a.ann",
        "T1\tORG 29 44\tKestrel Freight\nT2\tPERSON 69 74;77 82\tOdile Varga\n\
         T3\tPERSON 69 82\tOdile   Varga\nT4\tGPE 15 22\tVelmere\n",
    );
    let ran = import(&scratch, "b", &["--from", "brat"]);
    assert_snapshot!(ran.stderr.lines().skip(2).collect::<Vec<_>>().join("\n"), @r"
    b/a.ann:3: repaired: duplicate: says what an earlier line says
    b/a.ann:1: repaired: line: it goes over a line end: a piece a line
    b/a.ann:3: repaired: line: it goes over a line end: a piece a line
      entity       GPE 1 · ORG 1 · PERSON 1
      entity.mention = NAM in 4 annotations: the files do not say (--set-attr entity.mention=VALUE for another)
    brat: 3 annotations of 1 article into `gold` · offsets are code-point in 1 · 3 repaired · entity done in 1
    ");
    assert_snapshot!(places(&scratch), @r#"
    GPE [[15,22]] Velmere {"mention":"NAM"}
    ORG [[29,36],[37,44]] Kestrel Freight {"mention":"NAM"}
    PERSON [[69,74],[75,80]] Odile Varga {"mention":"NAM"}
    "#);
}

#[test]
fn an_attribute_too_many_costs_itself_and_not_its_span() {
    let scratch = Scratch::new();
    scratch.write("b/a.txt", "Odile Varga met Tom Askew in Velmere.\n");
    scratch.write(
        "b/a.ann",
        "T1\tPERSON 0 11\tOdile Varga\nA1\tConfidence T1 High\nT2\tPERSON 16 25\tTom Askew\n\
         A2\tNegation T2\nA3\tmention T2 NOUN\nT3\tGPE 29 36\tVelmere\n\
         #1\tAnnotatorNotes T3\ta town\n#2\tAnnotatorNotes T3\tor a port\n",
    );
    let ran = import(&scratch, "b", &["--ignore", "Negation"]);
    assert_snapshot!(ran.stderr.lines().skip(3).collect::<Vec<_>>().join("\n"), @r"
    b/a.ann:3: ignored: value-invalid: `Negation` is left out by option
      entity       GPE 1 · PERSON 2
      entity.mention = NAM in 3 annotations: the files do not say (--set-attr entity.mention=VALUE for another)
      no room for entity.Confidence 1 · entity.mention 1 · entity.note 1
    brat: 3 annotations of 1 article into `gold` · offsets are code-point in 1 · 1 ignored · lost attribute 2 · note 1 · entity done in 1
    ");
    assert_snapshot!(places(&scratch), @r#"
    PERSON [[0,11]] Odile Varga {"mention":"NAM"}
    PERSON [[16,25]] Tom Askew {"mention":"NAM"}
    GPE [[29,36]] Velmere {"mention":"NAM","note":"a town"}
    "#);
}

#[test]
fn tasks_of_label_studio_may_be_minimal() {
    let scratch = Scratch::new();
    scratch.write(
        "min.json",
        r#"[{"text": "🚢 This is Velmere, said Odile Varga.", "id": 1, "label": [
             {"start": 11, "end": 18, "text": "Velmere", "labels": ["GPE"]},
             {"start": 25, "end": 36, "text": "Odile Varga", "labels": ["PERSON"]}],
             "annotator": 1, "annotation_id": 2, "lead_time": 4.5},
            {"text": "Nobody was there.", "id": 2, "annotator": 1, "annotation_id": 3, "lead_time": 1.0}]"#,
    );
    let ran = import(&scratch, "min.json", &[]);
    assert_snapshot!(ran.stderr.lines().skip(3).collect::<Vec<_>>().join("\n"), @r"
      entity       GPE 1 · PERSON 1
      entity.mention = NAM in 2 annotations: the files do not say (--set-attr entity.mention=VALUE for another)
    label-studio: 2 annotations of 2 articles into `gold` · offsets are utf-16 in 1 · entity done in 2
    ");
    assert_snapshot!(places(&scratch), @r#"
    GPE [[10,17]] Velmere {"mention":"NAM"}
    PERSON [[24,35]] Odile Varga {"mention":"NAM"}
    "#);
}

#[test]
fn keys_of_a_project_are_named_where_nothing_fits() {
    let scratch = Scratch::new();
    scratch
        .write("own.jsonl", r#"{"id":1,"body":"Velmere slept.","marks":[[0,7,"GPE"]]}"#);
    let told = ["label", "import", "own.jsonl", "--ingest", "--as", "gold"];
    let refused = scratch.run(&[&told[..], &["--dataset", "news"]].concat());
    assert_eq!(refused.code, Some(1));
    assert_snapshot!(refused.stderr, @r"
    error: cannot import into `news`
      because: format: `own.jsonl` looks like none of brat, cas-json, conll, doccano, gate, hf, jsonl, label-studio, prodigy, spacy, w3c, wcxb, webanno-tsv; --from names its format
      its objects have the keys `id`, `body`, `marks`; where they are those of a project: --from doccano with --column text=KEY, --column label=KEY, --column entities=KEY, --column relations=KEY
    ");
    let named = ["--from", "doccano", "--column", "text=body", "--column", "label=marks"];
    import(&scratch, "own.jsonl", &named);
    assert_snapshot!(places(&scratch), @r#"GPE [[0,7]] Velmere {"mention":"NAM"}"#);
}

#[test]
fn columns_may_end_in_blank_ones() {
    let scratch = Scratch::new();
    scratch.write(
        "a.conll",
        "Odile\tB-PERSON\t\t\nVarga\tI-PERSON\t\nleft\tO\t \t\n\t\t\nRell\tB-GPE\n",
    );
    import(&scratch, "a.conll", &[]);
    assert_snapshot!(places(&scratch), @r#"
    PERSON [[0,11]] Odile Varga {"mention":"NAM"}
    GPE [[17,21]] Rell {"mention":"NAM"}
    "#);
}

#[test]
fn an_empty_file_of_lines_says_that_nothing_is_there() {
    let scratch = super::label_exchange::harbour();
    let doc = "cbc11b0c08e0582b0fbc578b89004ba4";
    scratch.write(&format!("{doc}.jsonl"), "");
    let file = format!("{doc}.jsonl");
    let told = ["label", "import", &file, "--as", "bo", "--dataset", "news"];
    let ran = scratch.ok(&[&told[..], &["--reviewed", "entity"]].concat());
    assert_snapshot!(ran.stderr, @"jsonl: 0 annotations of 1 article into `bo` · entity done in 1");
    let label_file = scratch.read(&format!("news/labels/bo/{doc}.jsonl"));
    assert!(label_file.contains(r#"{"of":"entity"}"#), "{label_file}");
}

/// Imports a path as the gold of a new dataset, read through.
#[track_caller]
fn import(scratch: &Scratch, path: &str, more: &[&str]) -> Ran {
    let told = ["label", "import", path, "--ingest", "--as", "gold", "--dataset", "news"];
    scratch.ok(&[&told[..], &["--reviewed", "entity"], more].concat())
}

/// Every line of the gold, as places and words.
fn places(scratch: &Scratch) -> String {
    let shown = scratch.ok(&["show", "news", "--all", "--format", "jsonl"]).stdout;
    let mut told = Vec::new();
    for article in shown.lines() {
        let article: serde_json::Value = serde_json::from_str(article).unwrap();
        for one in article["annotations"].as_array().unwrap() {
            let attrs = one.get("attrs").map(|attrs| format!(" {attrs}"));
            let (label, places) = (one["label"].as_str().unwrap(), &one["fragments"]);
            let (text, attrs) =
                (one["text"].as_str().unwrap(), attrs.unwrap_or_default());
            told.push(format!("{label} {places} {text}{attrs}"));
        }
    }
    told.join("\n")
}
