//! What `build` compiles, when it refuses, and what gold is made of.

use goldpress_label::{
    BuildError, ImportOptions, build, check, fix, gold, gold_hash, gold_of_rows, import,
};
use goldpress_store::labels;
use insta::assert_snapshot;

use crate::{vectors, world::World};

#[test]
fn all_sets_and_statuses_are_compiled() {
    let world = labelled();
    let report = build(&world.dataset).unwrap();
    assert_eq!((report.n_files, report.n_rows()), (2, 28));
    let rows: Vec<_> = world.dataset.annotations().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 28);
    assert!(rows.iter().all(|row| row.schema == "harbour@1"));
    let bytes = std::fs::read(world.root().join("annotations.parquet")).unwrap();
    build(&world.dataset).unwrap();
    let again = std::fs::read(world.root().join("annotations.parquet")).unwrap();
    assert!(bytes == again, "the same labels give the same bytes");
}

#[test]
fn an_error_stops_the_build_and_the_old_table_stays() {
    let world = labelled();
    build(&world.dataset).unwrap();
    let before = std::fs::read(world.root().join("annotations.parquet")).unwrap();
    let wrong =
        vectors::read("ada.jsonl").replace("\"text\":\"Tuesday\"", "\"text\":\"Monday\"");
    world.put(&format!("labels/ada/{}.jsonl", vectors::DOC), &wrong);
    let Err(BuildError::Faults(findings)) = build(&world.dataset) else {
        panic!("it built")
    };
    assert_eq!(findings.iter().map(|f| f.code).collect::<Vec<_>>(), ["text-differs"]);
    let after = std::fs::read(world.root().join("annotations.parquet")).unwrap();
    assert!(before == after);
}

#[test]
fn labels_of_no_article_stop_the_build() {
    let world = labelled();
    let doc = "00000000000000000000000000000000";
    let other = vectors::read("ada.jsonl").replace(vectors::DOC, doc);
    world.put(&format!("labels/ada/{doc}.jsonl"), &other);
    let Err(BuildError::Faults(findings)) = build(&world.dataset) else {
        panic!("it built")
    };
    assert_eq!(findings[0].code, "article");
}

#[test]
fn lines_out_of_order_are_a_warning_and_can_be_fixed() {
    let world = labelled();
    let name = format!("labels/ada/{}.jsonl", vectors::DOC);
    let mut lines: Vec<String> =
        vectors::read("ada.jsonl").lines().map(str::to_owned).collect();
    lines[1..].reverse();
    world.put(&name, &(lines.join("\n") + "\n"));
    let codes = |world: &World| -> Vec<&'static str> {
        check(&world.dataset, None).unwrap().iter().map(|f| f.code).collect()
    };
    assert_eq!(codes(&world), ["order"]);
    assert_eq!(fix(&world.dataset, None).unwrap().len(), 1);
    assert_eq!(world.get(&name), vectors::read("ada.jsonl"));
    assert_eq!(codes(&world), Vec::<&str>::new());
    assert_eq!(fix(&world.dataset, None).unwrap(), []);
}

#[test]
fn gold_is_what_counts_with_its_coverage() {
    let world = labelled();
    let from_files = gold(&world.dataset, "ada").unwrap();
    build(&world.dataset).unwrap();
    let of_rows = gold_of_rows(world.dataset.annotations(), "ada").unwrap();
    assert_eq!(of_rows, from_files);
    let document = &from_files.documents[0];
    assert_eq!(document.annotations.len(), 18);
    let covered: Vec<&str> = document.covered.iter().map(String::as_str).collect();
    assert_snapshot!(
        covered.join(" "),
        @"attribution block entity metadata relation timex"
    );
}

#[test]
fn the_hash_of_gold_knows_content_alone() {
    let file = labels::parse(vectors::read("ada.jsonl").as_bytes()).unwrap();
    let hash = gold_hash(&file.lines);
    let mut other = file.clone();
    other.lines.reverse();
    for line in &mut other.lines {
        line.provenance.spent_ds = None;
        line.annotation.id.insert(0, 'x');
        for ids in line.annotation.args.values_mut() {
            ids.iter_mut().for_each(|id| id.insert(0, 'x'));
        }
    }
    assert_eq!(gold_hash(&other.lines), hash);
    other.lines.pop();
    assert_ne!(gold_hash(&other.lines), hash);
}

#[test]
fn an_import_into_a_set_with_faults_is_refused() {
    let world = labelled();
    let wrong =
        vectors::read("ada.jsonl").replace("\"text\":\"Tuesday\"", "\"text\":\"Monday\"");
    let lines: Vec<&str> =
        wrong.lines().filter(|l| !l.contains("213a3709307b")).collect();
    world.put(&format!("labels/ada/{}.jsonl", vectors::DOC), &(lines.join("\n") + "\n"));
    let options = ImportOptions { set: "ada".to_owned(), ..ImportOptions::default() };
    let error = import(&world.dataset, &[vectors::path("brat")], &options).unwrap_err();
    assert!(error.to_string().contains("text-differs"), "{error}");
}

fn labelled() -> World {
    let world = World::harbour();
    for set in ["ada", "@capitalised-runs"] {
        let name = format!("labels/{set}/{}.jsonl", vectors::DOC);
        world.put(&name, &vectors::read(&format!("{set}.jsonl")));
    }
    world
}
