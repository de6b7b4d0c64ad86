//! Annotations on a text that changed: what is kept, what is asked about, what is gone.

use goldpress_label::{
    CarryOptions, CarryReport, ImportOptions, carry, check, import, news,
};
use insta::assert_snapshot;

use crate::{seed::seed, vectors, world::World};

#[test]
fn the_seed_keeps_what_still_stands() {
    let Some((old, gold)) = seed() else { return };
    let before = World::of(&[("seed.txt", &old)]);
    before.put("in/gold.jsonl", &gold);
    let reviewed = news().layers.iter().map(|layer| layer.name.clone()).collect();
    let options =
        ImportOptions { set: "gold".to_owned(), reviewed, ..ImportOptions::default() };
    import(&before.dataset, &[before.root().join("in/gold.jsonl")], &options).unwrap();

    let straight = old.replace('’', "'").replace(['“', '”'], "\"");
    let edited = straight
        .replace("Kim Jong Un and Vladimir Putin\n\n", "")
        .replace("It will be interesting to closely follow", "Few will want to miss")
        .replace("are more extensive", "reach further than the border");
    assert_ne!(edited, straight);
    let after = World::of(&[("seed.txt", &edited)]);
    copy_labels(&before, &after);
    let report = carry(&after.dataset, &CarryOptions::default()).unwrap();
    assert_snapshot!(
        told(&report),
        @r"
    changed 15, lost 6, moved 151, same 10, unsure 2
    listed: lost block/caption B3, unsure block/paragraph B11, unsure block/paragraph B17, lost claim/certain C13, lost claim/certain C22, lost entity/PERSON M5, lost entity/PERSON M6, lost metadata/image.caption D3
    undone: block claim metadata entity
    "
    );
    let findings = check(&after.dataset, Some("gold")).unwrap();
    let found: Vec<String> = findings
        .iter()
        .filter(|f| f.code != "article")
        .map(|f| f.code.to_owned())
        .collect();
    assert_snapshot!(found.join(" "), @"event-presupposed chain-types event-presupposed");
}

#[test]
fn what_moves_is_carried_with_ids_and_a_memory() {
    let text = vectors::read("article.txt");
    let report = carried(&format!("A new first line.\n{text}"));
    assert_snapshot!(
        told(&report.0),
        @r"
    moved 15, same 4
    listed: none
    undone: none
    "
    );
    let lines = report.1;
    let freight = lines.lines().find(|line| line.contains("375cd07f4c99")).unwrap();
    assert!(freight.contains("\"fragments\":[[20,36]]"), "{freight}");
    assert!(
        freight.contains(
            r#""carried":{"doc":"29530c9ce397994f478331b3f1f61dce","how":"moved"}"#
        ),
        "{freight}"
    );
    let regions: Vec<&str> =
        lines.lines().filter(|l| l.contains("unannotated")).collect();
    assert_eq!(regions.len(), 5, "one for each layer that stands in places");
}

#[test]
fn a_text_that_grew_by_half_is_no_longer_done() {
    let text = vectors::read("article.txt");
    let more = "Nobody has read this line, which is long enough to matter to all.";
    let (report, lines) = carried(&format!("{text}\n{more}"));
    assert_eq!(report.undone.len(), 6);
    assert!(!lines.contains("\"done\""));
}

#[test]
fn words_that_changed_become_a_suggestion() {
    let text = vectors::read("article.txt");
    let (report, lines) = carried(
        &text.replace("Port Elmsworth Harbour Board", "Port Elmsworth Town Board"),
    );
    assert_snapshot!(
        told(&report),
        @r"
    moved 7, same 9, unsure 3
    listed: unsure block/paragraph 1b47a6772b3b, unsure entity/ORG 34869fced996, unsure relation/located_in f8c27e0b86f0
    undone: entity block relation
    "
    );
    assert!(!lines.contains("34869fced996"));
}

#[test]
fn without_the_old_text_only_words_that_stand_once_are_placed() {
    let world = World::harbour();
    let text = vectors::read("article.txt");
    let moved = World::of(&[("harbour.txt", &format!("First.\n{text}"))]);
    moved.put("goldpress.toml", &vectors::read("goldpress.toml"));
    moved.put(&format!("labels/ada/{}.jsonl", vectors::DOC), &vectors::read("ada.jsonl"));
    let none = carry(&moved.dataset, &CarryOptions::default()).unwrap();
    assert_eq!(none.unpaired.len(), 1, "nothing tells which article it was");
    let options = CarryOptions { old: Some(&world.dataset), ..CarryOptions::default() };
    let report = carry(&moved.dataset, &options).unwrap();
    assert_eq!((report.n_files, report.listed.len()), (1, 0));
}

fn carried(new: &str) -> (CarryReport, String) {
    let world = World::of(&[("harbour.txt", new)]);
    world.put("goldpress.toml", &vectors::read("goldpress.toml"));
    world.put(&format!("labels/ada/{}.jsonl", vectors::DOC), &vectors::read("ada.jsonl"));
    world.put(
        &format!("labels/texts/{}.txt", vectors::DOC),
        &vectors::read("article.txt"),
    );
    let report = carry(&world.dataset, &CarryOptions::default()).unwrap();
    let doc = goldpress_model::Digest::of(new.as_bytes());
    let lines = world.get(&format!("labels/ada/{doc}.jsonl"));
    (report, lines)
}

fn copy_labels(from: &World, to: &World) {
    for folder in ["labels/gold", "labels/texts"] {
        for entry in std::fs::read_dir(from.root().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            to.put(&format!("{folder}/{name}"), &from.get(&format!("{folder}/{name}")));
        }
    }
}

fn told(report: &CarryReport) -> String {
    let counts: Vec<String> =
        report.counts.iter().map(|(how, n)| format!("{how} {n}")).collect();
    let listed: Vec<String> = report
        .listed
        .iter()
        .map(|line| format!("{} {} {}", line.how.name(), line.label, line.id))
        .collect();
    let undone: Vec<&str> = report.undone.iter().map(|(_, _, of)| of.as_str()).collect();
    let or_none = |list: String| if list.is_empty() { "none".to_owned() } else { list };
    format!(
        "{}\nlisted: {}\nundone: {}",
        counts.join(", "),
        or_none(listed.join(", ")),
        or_none(undone.join(" "))
    )
}
