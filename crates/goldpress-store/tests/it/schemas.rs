//! Schemas that are written by hand say what the types say.

use std::collections::BTreeSet;

use goldpress_model::{
    AttrValue, CharRange, LooseAnnotation, ProposedBy, Provenance, Status,
};
use goldpress_store::{
    Git, Machine, RunInfo, SystemInfo,
    labels::{LabelLine, render_line, render_loose},
    samples::{self, kept},
    schemas,
};
use serde_json::Value;

#[test]
fn keys_of_a_label_line() {
    let provenance = Provenance {
        status: Status::Edited,
        origin: ProposedBy::Human,
        from: vec!["bo/x".into()],
        was: Some("{}".into()),
        carried: Some("{}".into()),
        guideline: Some("news@1".into()),
        spent_ds: Some(1),
    };
    let line = render_line(&LabelLine { annotation: annotation(), provenance });
    assert_keys("label-line", &serde_json::from_str(&line).unwrap(), &[]);
}

#[test]
fn keys_of_the_exchange_format() {
    let line = serde_json::from_str(&render_loose(&annotation())).unwrap();
    assert_keys("annotation", &line, &["start", "end"]);
}

#[test]
fn keys_of_the_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = samples::write(folder.path(), vec![kept(1, &["Zürich"])]).unwrap();
    let manifest = serde_json::to_value(dataset.manifest()).unwrap();
    assert_keys("manifest", &manifest, &[]);
    let table = &manifest["tables"]["articles"];
    let schema = schema("manifest");
    let tables = &schema["properties"]["tables"]["additionalProperties"];
    assert_eq!(keys(table), keys(&tables["properties"]));
    let parts = &tables["properties"]["parts"]["items"];
    assert_eq!(keys(&table["parts"][0]), keys(&parts["properties"]));
}

#[test]
fn keys_of_a_run() {
    let info = RunInfo {
        goldpress_run: 1,
        run_id: String::new(),
        started_at: String::new(),
        goldpress: String::new(),
        git: Some(Git { commit: String::new(), dirty: false }),
        articles: String::new(),
        systems: vec![SystemInfo::default()],
        machine: Machine::default(),
        details: [("seed".to_owned(), Value::from(42))].into(),
    };
    let run = serde_json::to_value(info).unwrap();
    assert_keys("run", &run, &[]);
    let schema = schema("run");
    let properties = &schema["properties"];
    let system = &properties["systems"]["items"]["properties"];
    assert_eq!(keys(&run["systems"][0]), keys(system));
    assert_eq!(keys(&run["machine"]), keys(&properties["machine"]["properties"]));
    assert_eq!(keys(&run["git"]), keys(&properties["git"]["oneOf"][1]["properties"]));
}

#[test]
fn tables_say_names_types_and_null() {
    let text = text("counts.arrow.json");
    assert!(text.contains("\"schema\": \"counts/1\""));
    let articles: Value =
        serde_json::from_str(&self::text("articles.arrow.json")).unwrap();
    let columns = articles["columns"].as_array().unwrap();
    let column =
        |name: &str| columns.iter().find(|column| column["name"] == name).unwrap();
    assert_eq!(column("fetched_at")["type"], "timestamp[us, tz=UTC]");
    assert_eq!(column("dup_of")["nullable"], true);
    let block = &column("blocks")["type"]["list"]["struct"][5];
    assert_eq!(
        (&block["name"], &block["type"]["list"]),
        (&"marks".into(), &"utf8".into())
    );
}

fn annotation() -> LooseAnnotation {
    LooseAnnotation {
        id: "a".into(),
        layer: "event".into(),
        label: "CONSULT".into(),
        fragments: vec![CharRange { start: 0, end: 1 }],
        text: "x".into(),
        args: [("actor".to_owned(), vec!["b".to_owned()])].into(),
        attrs: [("note".to_owned(), AttrValue::from("n"))].into(),
        score: Some(0.5),
    }
}

/// The schema has the keys of the sample and those that only reading knows.
#[track_caller]
fn assert_keys(name: &str, sample: &Value, only_read: &[&str]) {
    let mut has = keys(sample);
    has.extend(only_read.iter().map(|key| key.to_string()));
    assert_eq!(has, keys(&schema(name)["properties"]));
}

fn schema(name: &str) -> Value {
    serde_json::from_str(&text(&format!("{name}.schema.json"))).unwrap()
}

fn text(file: &str) -> String {
    schemas().into_iter().find(|(name, _)| name == file).unwrap().1
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}
