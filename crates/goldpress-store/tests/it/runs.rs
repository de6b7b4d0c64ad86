//! Runs: written in one order, summed up, and seen only when they are finished.

use std::collections::BTreeMap;

use goldpress_model::{
    AttrValue, CharRange, Clocks, CountRow, Counts, Digest, FieldClaim, LooseAnnotation,
    Malformed, Phase, Prediction, Role, RunOutcome, Timing,
};
use goldpress_store::{
    CountsAbout, Dataset, Machine, Run, RunInfo, RunWriter, StoreError, SystemInfo,
    samples::{self, kept},
};

#[test]
fn answers_come_back_by_system_and_document() {
    let (_folder, dataset) = dataset();
    let mut writer = RunWriter::create(&dataset, "20261123T141502Z-acme").unwrap();
    let mut rows: Vec<Prediction> =
        ["b", "a", "c"].iter().map(|seed| prediction("acme", seed)).collect();
    rows.push(prediction("zebra", "a"));
    let mut times: Vec<Timing> = rows.iter().map(timing).collect();
    for (row, time) in rows.iter().zip(&times) {
        writer.push(row.clone()).unwrap();
        writer.push_timing(time.clone()).unwrap();
    }
    let run = writer.finish(info(&["acme", "zebra"])).unwrap();

    let order = |row: &Prediction| (row.system.clone(), row.doc_id);
    rows.sort_by_key(order);
    times.sort_by_key(|time| (time.system.clone(), time.doc_id));
    let read = Run::open(&dataset, "20261123T141502Z-acme").unwrap();
    assert_eq!(read.info(), run.info());
    assert_eq!(read.predictions().collect::<Result<Vec<_>, _>>().unwrap(), rows);
    assert_eq!(read.timings().collect::<Result<Vec<_>, _>>().unwrap(), times);
    assert_eq!(read.info().systems[0].outcomes, BTreeMap::from([(RunOutcome::Ok, 3)]));
    assert_eq!(goldpress_store::verify(&dataset), []);
}

#[test]
fn the_hash_of_answers_knows_no_order_and_no_stderr() {
    let hash = |seeds: &[&str], stderr: Option<&str>| {
        let (_folder, dataset) = dataset();
        let mut writer = RunWriter::create(&dataset, "r").unwrap();
        for seed in seeds {
            let stderr = stderr.map(str::to_owned);
            writer.push(Prediction { stderr, ..prediction("acme", seed) }).unwrap();
        }
        writer.finish(info(&["acme"])).unwrap().info().systems[0].predictions.clone()
    };
    assert_eq!(hash(&["a", "b"], None), hash(&["b", "a"], Some("at 12:00")));
    assert_ne!(hash(&["a", "b"], None), hash(&["a", "c"], None));
}

#[test]
fn a_skipped_document_makes_a_run_incomplete() {
    let (_folder, dataset) = dataset();
    for (run_id, outcome, start) in [
        ("early", RunOutcome::Ok, "2026-11-23T14:00:00Z"),
        ("late", RunOutcome::Skipped, "2026-11-23T15:00:00Z"),
        ("middle", RunOutcome::Timeout, "2026-11-23T14:30:00Z"),
    ] {
        let mut writer = RunWriter::create(&dataset, run_id).unwrap();
        writer.push(Prediction { outcome, ..prediction("acme", "a") }).unwrap();
        let info = RunInfo { started_at: start.into(), ..info(&["acme"]) };
        writer.finish(info).unwrap();
    }
    let runs = dataset.runs().unwrap();
    let names: Vec<&str> = runs.iter().map(|run| run.run_id.as_str()).collect();
    assert_eq!(names, ["middle", "early", "late"]);
    assert!(!runs[2].is_complete());
}

#[test]
fn an_unfinished_run_is_not_there() {
    let (_folder, dataset) = dataset();
    let writer = RunWriter::create(&dataset, "r").unwrap();
    let again = RunWriter::create(&dataset, "r").map(drop).unwrap_err();
    assert_eq!(again.to_string(), "run `r` is there already");
    drop(writer);
    assert!(matches!(Run::open(&dataset, "r"), Err(StoreError::NoRun { .. })));
    assert!(matches!(Run::open(&dataset, "../r"), Err(StoreError::NoRun { .. })));
    assert_eq!(dataset.runs().unwrap(), []);
}

#[test]
fn counts_are_replaced_with_what_they_were_made_with() {
    let (_folder, dataset) = dataset();
    let run = RunWriter::create(&dataset, "r").unwrap().finish(info(&[])).unwrap();
    assert_eq!(run.counts().unwrap(), []);
    assert_eq!(run.counts_about().unwrap(), None);
    let row = |label: &str| CountRow {
        system: "acme".into(),
        doc_id: Digest::of(b"a"),
        layer: "entity".into(),
        metric: "strict".into(),
        label: label.into(),
        counts: Counts { found: 4, spurious: 0, missed: 1 },
    };
    let about = CountsAbout { scope: "main".into(), ..CountsAbout::default() };
    let set = |labels: &[&str], about: &CountsAbout| {
        run.set_counts(labels.iter().map(|label| row(label)), about).unwrap();
    };
    set(&["PERSON"], &CountsAbout::default());
    set(&["GPE", "PERSON"], &about);
    assert_eq!(run.counts().unwrap(), [row("GPE"), row("PERSON")]);
    assert_eq!(run.counts_about().unwrap(), Some(about));
}

fn dataset() -> (tempfile::TempDir, Dataset) {
    let folder = tempfile::tempdir().unwrap();
    let dataset = samples::write(folder.path(), vec![kept(1, &["Zürich"])]).unwrap();
    (folder, dataset)
}

fn info(systems: &[&str]) -> RunInfo {
    let system = |name: &&str| SystemInfo {
        name: name.to_string(),
        complete: true,
        ..SystemInfo::default()
    };
    RunInfo {
        goldpress_run: 1,
        run_id: String::new(),
        started_at: "2026-11-23T14:15:02Z".into(),
        goldpress: "0.1.0".into(),
        git: None,
        articles: String::new(),
        systems: systems.iter().map(system).collect(),
        machine: Machine::default(),
        details: BTreeMap::new(),
    }
}

fn prediction(system: &str, seed: &str) -> Prediction {
    let says = LooseAnnotation {
        id: "E1".into(),
        layer: "event".into(),
        label: "CONSULT".into(),
        fragments: vec![CharRange { start: 3, end: 9 }],
        text: format!("🚀{seed}"),
        args: [("actor".to_owned(), vec!["M1".to_owned(), "M2".to_owned()])].into(),
        attrs: [
            ("negated".to_owned(), AttrValue::Bool(true)),
            ("norm".to_owned(), AttrValue::List(vec!["x:1".into()])),
        ]
        .into(),
        score: Some(0.25),
    };
    Prediction {
        system: system.into(),
        doc_id: Digest::of(seed.as_bytes()),
        outcome: RunOutcome::Ok,
        retried: Some(RunOutcome::Timeout),
        message: None,
        stderr: None,
        body: Some("Zürich".into()),
        blocks: Some(vec![(CharRange { start: 0, end: 6 }, Role::Title)]),
        fields: Some(BTreeMap::from([
            ("author".to_owned(), FieldClaim::Many(vec!["Inês".into()])),
            ("dateline".to_owned(), FieldClaim::Null),
            ("headline".to_owned(), FieldClaim::One("Zürich".into())),
        ])),
        rejected: vec![Malformed {
            code: "span-empty".into(),
            annotation: LooseAnnotation {
                fragments: vec![CharRange { start: 3, end: 3 }],
                id: String::new(),
                ..says.clone()
            },
        }],
        annotations: vec![LooseAnnotation { id: String::new(), ..says.clone() }, says],
    }
}

fn timing(row: &Prediction) -> Timing {
    Timing {
        system: row.system.clone(),
        doc_id: row.doc_id,
        round: 1,
        chunk: 0,
        phase: Phase::Warm,
        mode: "latency".into(),
        clocks: Clocks { wall_ns: 12, cpu_ns: None },
        bytes_in: 7,
        outcome: row.outcome,
        retried: false,
    }
}
