//! Four submissions to WNUT 2017, whose scores are published: column files in, the numbers
//! of the task out. Passed over where the data are not at hand.

use goldpress_eval::{
    Average, Comparison, GoldDocument, Options, PredictedDocument, Scored, Table, Task,
    Wanted, compare,
    compat::{
        conlleval::conlleval,
        nervaluate::{self, Nervaluate},
        seqeval,
    },
    score, standings,
    statistics::permutation::Resampling,
    summarise,
    tags::{Columns, Repair, Scheme, columns, detect, spelled},
};
use goldpress_model::{Counts, Digest, LooseAnnotation, RunOutcome};

use crate::common::{annotation, span_schema};

const LABELS: [&str; 6] =
    ["corporation", "creative-work", "group", "location", "person", "product"];

/// The column file of that name; `None` where it is not at hand.
#[expect(
    clippy::print_stderr,
    reason = "who runs the tests must see what was passed over"
)]
fn read(name: &str) -> Option<Columns> {
    let root = std::env::current_dir().unwrap().join("../../..");
    let path = root.join("shared/data/wnut17").join(name);
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: `{name}` is not at hand");
        return None;
    };
    Some(columns(&text).expect("an even column file"))
}

fn submission(name: &str) -> Option<Columns> {
    read(&format!("submissions/{name}"))
}

/// System; found, spurious, missed; macro F to four digits; the readings of nervaluate,
/// each as correct, incorrect, partial, missing, spurious.
type Published = (&'static str, [u64; 3], f64, [[u64; 5]; 4]);

const PUBLISHED: [Published; 4] = [
    (
        "uh_ritual",
        [355, 262, 724],
        0.3158,
        [
            [355, 171, 0, 553, 91],
            [448, 78, 0, 553, 91],
            [448, 0, 78, 553, 91],
            [402, 124, 0, 553, 91],
        ],
    ),
    (
        "arcada",
        [373, 414, 706],
        0.2946,
        [
            [373, 251, 0, 455, 163],
            [535, 89, 0, 455, 163],
            [535, 0, 89, 455, 163],
            [425, 199, 0, 455, 163],
        ],
    ),
    (
        "flytxt",
        [345, 375, 734],
        0.2639,
        [
            [345, 221, 0, 513, 154],
            [492, 74, 0, 513, 154],
            [492, 0, 74, 513, 154],
            [381, 185, 0, 513, 154],
        ],
    ),
    (
        "drexel_cci",
        [192, 189, 887],
        0.1491,
        [
            [192, 110, 0, 777, 79],
            [231, 71, 0, 777, 79],
            [231, 0, 71, 777, 79],
            [237, 65, 0, 777, 79],
        ],
    ),
];

#[test]
fn the_published_numbers_come_out_of_every_mode() {
    let Some(gold) = read("emerging.test.annotated") else { return };
    assert_eq!(gold.sentences.len(), 1287);
    let gold_tags = gold.tags(1);
    assert_eq!(detect(&gold_tags), Ok(Scheme::Iob2));
    for (name, [found, spurious, missed], macro_f, readings) in PUBLISHED {
        let Some(answer) = submission(name) else { return };
        gold.same_tokens(&answer).expect("the tokens of gold");
        let tags = answer.tags(1);
        let counts = Counts { found, spurious, missed };
        let strict =
            seqeval::strict(&gold_tags, &tags, Scheme::Iob2).expect("valid tags");
        assert_eq!(strict.total(), counts, "{name}");
        let by_label = strict.macro_average()[2];
        assert!((by_label - macro_f).abs() < 5e-5, "{name}: {by_label}");
        let loose = seqeval::default(&gold_tags, &tags).expect("valid tags");
        assert_eq!(loose.total(), counts, "{name}");
        let script = conlleval(&gold_tags, &tags).expect("valid tags");
        assert_eq!(script.total(), counts, "{name}");
        let documents = nervaluate::documents(&gold_tags, &tags).expect("valid tags");
        let all: Nervaluate = nervaluate::nervaluate(&documents, &LABELS, 1.0);
        let shown = [all.strict, all.exact, all.partial, all.ent_type]
            .map(|o| [o.correct, o.incorrect, o.partial, o.missing, o.spurious]);
        assert_eq!(shown, readings, "{name}");
        let ours = scored(&gold, &answer, 10);
        let all = summarise(&ours.table);
        let strict = all.iter().find(|summary| summary.metric == "strict");
        let strict = strict.expect("a summary");
        assert_eq!(strict.total, counts, "{name}");
        let by_label = strict.by_label.f1.expect("defined");
        assert!((by_label - macro_f).abs() < 5e-5, "{name}: {by_label}");
    }
}

/// Scores documents of `size` sentences each.
fn scored(gold: &Columns, answer: &Columns, size: usize) -> Scored {
    let schema = span_schema(&LABELS);
    let n = gold.sentences.len();
    let cuts = (0..n).step_by(size).map(|from| from..(from + size).min(n));
    let made: Vec<(String, Vec<LooseAnnotation>, Vec<LooseAnnotation>)> = cuts
        .map(|range| {
            let (text, tokens) = gold.text(range.clone());
            let side = |columns: &Columns| -> Vec<LooseAnnotation> {
                let tags = &columns.tags(1)[range.clone()];
                let spelled = spelled(tags, Scheme::Iob2, Repair::Refuse);
                let chunks = spelled.expect("valid tags").chunks;
                let line = |chunk: &goldpress_eval::compat::Chunk| {
                    let of = &tokens[chunk.sentence];
                    let place = (of[chunk.start].start, of[chunk.end - 1].end);
                    annotation(&text, "entity", &chunk.label, &[place])
                };
                chunks.iter().map(line).collect()
            };
            let (gold, answer) = (side(gold), side(answer));
            (text, gold, answer)
        })
        .collect();
    let id = |at: usize| Digest::of(&at.to_be_bytes());
    let documents = made.iter().enumerate().map(|(at, (text, gold, _))| GoldDocument {
        covered: vec!["entity"],
        ..GoldDocument::reviewed(id(at), text, gold)
    });
    let answers = made.iter().enumerate().map(|(at, (_, _, answer))| PredictedDocument {
        annotations: answer,
        ..PredictedDocument::empty(id(at), RunOutcome::Ok)
    });
    let (documents, answers): (Vec<_>, Vec<_>) = (documents.collect(), answers.collect());
    let options = Options { metrics: Wanted::Default, ..Options::default() };
    let options = Options { layers: vec!["entity"], ..options };
    score(&documents, &answers, &schema, &options).expect("known metrics")
}

#[test]
fn arcada_and_flytxt_cannot_be_told_apart_and_drexel_can() {
    let Some(gold) = read("emerging.test.annotated") else { return };
    let table = |name: &str| -> Option<Table> {
        Some(scored(&gold, &submission(name)?, 10).table)
    };
    let (Some(arcada), Some(flytxt), Some(drexel)) =
        (table("arcada"), table("flytxt"), table("drexel_cci"))
    else {
        return;
    };
    let how = Comparison {
        tasks: vec![Task { layer: "entity", metric: "strict", average: Average::Micro }],
        resampling: Resampling { seed: 42, resamples: 999 },
        ..Comparison::default()
    };
    let near = compare(Some(&arcada), Some(&flytxt), &how);
    assert!(near.tests[0].p.is_some_and(|p| p > 0.05), "{:?}", near.tests[0]);
    let far = compare(Some(&flytxt), Some(&drexel), &how);
    assert_eq!(far.tests[0].verdict, goldpress_eval::Verdict::Regressed);
    assert_eq!(far.n_documents, 129);
    let runs = [("drexel_cci", &drexel), ("arcada", &arcada), ("flytxt", &flytxt)];
    let (rows, pairs) = standings(&runs, &how.tasks[0], &how);
    let shown: Vec<(&str, usize, (usize, usize))> = rows
        .iter()
        .map(|row| (row.system.as_str(), row.rank.rank, row.rank.interval))
        .collect();
    assert_eq!(
        shown,
        [("arcada", 1, (1, 2)), ("flytxt", 1, (1, 2)), ("drexel_cci", 3, (3, 3))]
    );
    assert_eq!(pairs.iter().filter(|pair| pair.separated).count(), 2);
}
