//! Tables of runs: the newest by default, or all below each other.

use std::collections::BTreeMap;

use goldpress_model::{Digest, Prediction, RunOutcome};
use goldpress_sql::{Runs, query};
use goldpress_store::{Dataset, Machine, RunInfo, RunWriter, SystemInfo};

use crate::sql::small;

#[test]
fn the_newest_run_is_asked_unless_another_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = small(folder.path());
    write_run(&dataset, "old", "2026-11-22T00:00:00Z", RunOutcome::Timeout);
    write_run(&dataset, "new", "2026-11-23T00:00:00Z", RunOutcome::Ok);
    let ask = |runs: &Runs| {
        let sql = "SELECT run_id, system, outcome FROM predictions ORDER BY run_id";
        let mut csv = Vec::new();
        query(&dataset, sql, runs).unwrap().write_csv(&mut csv).unwrap();
        String::from_utf8(csv).unwrap()
    };
    let (new, old) = ("new,acme,ok\n", "old,acme,timeout\n");
    assert_eq!(ask(&Runs::Latest), format!("run_id,system,outcome\n{new}"));
    assert_eq!(ask(&Runs::All), format!("run_id,system,outcome\n{new}{old}"));
    assert_eq!(ask(&Runs::One("old".into())), format!("run_id,system,outcome\n{old}"));
}

#[test]
fn answers_are_joined_with_their_articles() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = small(folder.path());
    write_run(&dataset, "r", "2026-11-22T00:00:00Z", RunOutcome::Ok);
    let sql = "SELECT a.record, p.outcome FROM articles a LEFT JOIN predictions p \
               ON a.doc_id = p.doc_id WHERE a.dup_of IS NULL ORDER BY a.record";
    let mut csv = Vec::new();
    query(&dataset, sql, &Runs::Latest).unwrap().write_csv(&mut csv).unwrap();
    assert_eq!(String::from_utf8(csv).unwrap(), "record,outcome\n1,\n2,ok\n5,\n");
}

#[test]
fn a_table_that_no_run_has_yet_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = small(folder.path());
    let refused =
        |sql: &str| query(&dataset, sql, &Runs::Latest).unwrap_err().to_string();
    assert_eq!(
        refused("SELECT * FROM predictions"),
        "table `predictions` is not there yet; `goldpress extract` makes it"
    );
    write_run(&dataset, "r", "2026-11-22T00:00:00Z", RunOutcome::Ok);
    assert_eq!(
        refused("SELECT * FROM counts"),
        "table `counts` is not there yet; `goldpress eval` makes it"
    );
}

fn write_run(dataset: &Dataset, run_id: &str, started_at: &str, outcome: RunOutcome) {
    let mut writer = RunWriter::create(dataset, run_id).unwrap();
    let text = "Port Elmsworth\n\n“It keeps 140 jobs,” she said.";
    writer
        .push(Prediction {
            system: "acme".into(),
            doc_id: Digest::of(text.as_bytes()),
            outcome,
            retried: None,
            message: None,
            stderr: None,
            body: None,
            blocks: None,
            fields: None,
            annotations: Vec::new(),
            rejected: Vec::new(),
        })
        .unwrap();
    let system =
        SystemInfo { name: "acme".into(), complete: true, ..SystemInfo::default() };
    writer
        .finish(RunInfo {
            goldpress_run: 1,
            run_id: String::new(),
            started_at: started_at.into(),
            goldpress: "0.1.0".into(),
            git: None,
            articles: dataset.manifest().articles_hash(),
            systems: vec![system],
            machine: Machine::default(),
            details: BTreeMap::new(),
        })
        .unwrap();
}
