//! Suggestions of a system, and what others contradict in gold.

use std::collections::BTreeMap;

use goldpress_label::{
    ImportOptions, SuggestOptions, Suggester, Suspicion, Verdicts, Voice, check, import,
    suggest, suspects,
};
use goldpress_model::{CharRange, Digest, LooseAnnotation};

use crate::{vectors, world::World};

#[test]
fn claims_become_suggestions_and_bad_ones_are_counted() {
    let world = World::harbour();
    let doc: Digest = vectors::DOC.parse().unwrap();
    let claims = BTreeMap::from([(
        doc,
        vec![
            claim("ORG", 2, 18, "Kag̃uary Freight", Some(0.9)),
            claim("PERSON", 61, 64, "May", Some(0.3)),
            claim("GPE", 138, 151, "Port Elmsworth", Some(0.8)),
        ],
    )]);
    let by = suggester("Acme NER");
    let options = SuggestOptions { min_score: Some(0.5), ..SuggestOptions::default() };
    let report = suggest(&world.dataset, &by, &claims, &options).unwrap();
    assert_eq!(report.set, "@acme-ner");
    assert_eq!((report.n_lines, report.n_unsure, report.n_refused), (1, 1, 1));
    assert_eq!(check(&world.dataset, None).unwrap(), []);
    let lines = world.get(&format!("labels/@acme-ner/{}.jsonl", vectors::DOC));
    assert!(
        lines.contains("\"status\":\"suggested\"") && lines.contains("\"score\":0.9")
    );
}

#[test]
fn what_was_decided_is_not_suggested_again() {
    let world = World::harbour();
    let doc: Digest = vectors::DOC.parse().unwrap();
    let path = |set: &str| format!("labels/{set}/{}.jsonl", vectors::DOC);
    world.put(&path("ada"), &vectors::read("ada.jsonl"));
    let by = suggester("capitalised-runs");
    let claims = BTreeMap::from([(
        doc,
        vec![
            claim("ORG", 2, 18, "Kag̃uary Freight", None),
            claim("PERSON", 61, 64, "May", None),
            claim("ORG", 116, 119, "“It", None),
        ],
    )]);
    let all = SuggestOptions::default();
    let report = suggest(&world.dataset, &by, &claims, &all).unwrap();
    assert_eq!((report.n_lines, report.n_decided), (1, 2), "{report:?}");
    let accepted = report.verdicts.values().map(|verdicts| verdicts.accepted);
    let rejected = report.verdicts.values().map(|verdicts| verdicts.rejected);
    assert_eq!((accepted.sum::<u64>(), rejected.sum::<u64>()), (1, 1), "{report:?}");
    world.put(
        &path("bo"),
        &vectors::read("ada.jsonl").lines().next().unwrap().replace("ada", "bo"),
    );
    let for_bo = SuggestOptions { decided_by: vec!["bo".to_owned()], ..all };
    let report = suggest(&world.dataset, &by, &claims, &for_bo).unwrap();
    assert_eq!((report.n_lines, report.n_decided), (3, 0), "{report:?}");
    assert_eq!(report.verdicts, BTreeMap::<(String, String), Verdicts>::new());
}

#[test]
fn what_most_others_contradict_comes_first() {
    let world = World::of(&[
        ("harbour.txt", &vectors::read("article.txt")),
        ("other.txt", "Nobody has read this."),
    ]);
    world.put("goldpress.toml", &vectors::read("goldpress.toml"));
    let options = ImportOptions {
        set: "gold".to_owned(),
        reviewed: vec!["entity".to_owned()],
        ..ImportOptions::default()
    };
    import(&world.dataset, &[vectors::path("brat/article.ann")], &options).unwrap();
    let doc: Digest = vectors::DOC.parse().unwrap();
    let voice = |name: &str, extra: &[LooseAnnotation]| {
        let mut all = vec![
            claim("ORG", 2, 18, "", None),
            claim("FAC", 44, 55, "", None),
            claim("ORG", 70, 98, "", None),
            claim("GPE", 70, 84, "", None),
            claim("GPE", 138, 152, "", None),
            claim("PERSON", 160, 172, "", None),
        ];
        all.extend_from_slice(extra);
        Voice { name: name.to_owned(), documents: BTreeMap::from([(doc, all)]) }
    };
    let month = claim("PERSON", 61, 64, "May", None);
    let voices = [
        voice("a", std::slice::from_ref(&month)),
        voice("b", std::slice::from_ref(&month)),
        voice("c", &[]),
    ];
    let found = suspects(&world.dataset, "gold", "entity", &voices).unwrap();
    let told: Vec<(Suspicion, (usize, usize))> =
        found.iter().map(|suspect| (suspect.suspicion, suspect.contradicting)).collect();
    assert_eq!(
        told,
        [
            (Suspicion::Lacking, (3, 3)),
            (Suspicion::Missing, (2, 3)),
            (Suspicion::NotDone, (0, 0)),
        ]
    );
    assert_eq!(found[0].annotation.as_ref().unwrap().text, "North Quays");
}

fn claim(
    label: &str,
    start: u32,
    end: u32,
    text: &str,
    score: Option<f64>,
) -> LooseAnnotation {
    LooseAnnotation {
        layer: "entity".to_owned(),
        label: label.to_owned(),
        fragments: vec![CharRange { start, end }],
        text: text.to_owned(),
        score,
        ..LooseAnnotation::default()
    }
}

fn suggester(system: &str) -> Suggester {
    Suggester {
        system: system.to_owned(),
        version: "1".to_owned(),
        run: "20261123T141502Z-acme".to_owned(),
    }
}
