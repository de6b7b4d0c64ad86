//! The result of an evaluation on a terminal and on a page.

use std::collections::BTreeMap;

use goldpress_model::Counts;
use goldpress_report::{Detail, Format, pages::eval_page, summary};
use goldpress_store::Machine;
use goldpress_store::result::{
    CommonInfo, ComparisonRow, ErrorRow, EvalResult, FindingRow, GateRow, GoldInfo,
    ModeRow, RESULT_VERSION, ScoreRow, SliceRow, Speed, SystemResult, TestRow, Versions,
};
use insta::assert_snapshot;

#[test]
fn a_terminal_shows_one_row_a_system_best_first() {
    assert_snapshot!(summary(&result(), Format::Text, Detail::Each), @r"
    common: 2 of 3 documents, those whose gold is that of the baseline
    timex · 2 documents · timex.value, all documents together
    system            P       R      F1  strict  relaxed               docs/s  CPU ms/doc  failed
    timex-rules  0.7500  1.0000  0.8571       –        –  4,000 (3,810–4,160)       0.250       0
    month-names  0.5000  0.3333  0.4000  0.2000        –                    –           –       1

    timex by length · timex.value, all documents together
    length    system       n  support       P       R      F1
    0–499     timex-rules  1        2  1.0000  1.0000  1.0000
    500–1999  timex-rules  1        1  1.0000  1.0000  1.0000

    timex as nervaluate-1.2.1 scores it · gated by nothing
    system       label  reading  nervaluate-1.2.1 P  nervaluate-1.2.1 R  nervaluate-1.2.1 F1
    month-names  (all)  strict               0.5000              0.2500               0.3333
    ");
}

#[test]
fn what_is_alike_is_told_in_one_line() {
    let mut result = result();
    result.gold.articles = 5;
    result.gold.keepers = 4;
    result.gold.of = 3;
    result.gold.open = BTreeMap::from([("timex".to_owned(), 1)]);
    let doc = "29530c9ce397994f478331b3f1f61dce";
    result.files = BTreeMap::from([(doc.to_owned(), "in/a.html".to_owned())]);
    let finding = |severity: &str, code: &str, side: &str, count| FindingRow {
        code: code.to_owned(),
        side: side.to_owned(),
        severity: severity.to_owned(),
        count,
        places: vec![format!("{doc} 3..6 DATE: a word")],
    };
    result.findings = vec![
        finding("malformed", "text-differs", "month-names", 1),
        finding("warn", "edge-punctuation", "gold", 1_200),
        finding("warn", "edge-punctuation", "month-names", 1),
        finding("failed", "doc-unsupported", "month-names", 2),
    ];
    result.comparisons = ["month-names", "timex-rules"].map(same).to_vec();
    let told = summary(&result, Format::Text, Detail::Grouped);
    let lines: Vec<&str> = told.lines().collect();
    assert_snapshot!(lines[..3].join("\n"), @"
    timex: 1 of 3 documents is not done, 1 of them marked; 2 are scored
    common: 2 of 3 documents, those whose gold is that of the baseline
    5 articles, 4 documents without exact copies, 3 of them with gold
    ");
    assert_snapshot!(lines[lines.len() - 5..].join("\n"), @"
    2 systems are identical to the baseline on 2 documents · passed significant: month-names, timex-rules
    malformed text-differs in month-names: once, first at 29530c9ce397994f478331b3f1f61dce (in/a.html) 3..6 DATE: a word
    not served (in a language or of a kind that the system does not serve, scored as empty answers): month-names 2 documents
    warn edge-punctuation (begins or ends with punctuation): gold 1,200, month-names 1
    --verbose lists each of these with its places
    ");
    let each = summary(&result, Format::Text, Detail::Each);
    assert!(
        each.contains("warn edge-punctuation in gold: 1,200 times, first at"),
        "{each}"
    );
    assert!(each.contains("timex-rules: identical to baseline 77ab41c0"), "{each}");
    let page = eval_page(&result);
    let (verdict, tests) = page.split_once("<details>").unwrap();
    assert!(verdict.contains("2 systems are identical to the baseline"), "{verdict}");
    assert!(
        !verdict.contains("<td>identical</td>") && tests.contains("<td>identical</td>")
    );
}

/// A system of which nothing changed.
fn same(system: &str) -> ComparisonRow {
    ComparisonRow {
        system: system.to_owned(),
        baseline: "77ab41c077ab41c0".to_owned(),
        documents: 2,
        tests: vec![TestRow {
            layer: "timex".to_owned(),
            metric: "timex.value".to_owned(),
            label: "*".to_owned(),
            base: Some(0.5),
            now: Some(0.5),
            delta: Some(0.0),
            interval: None,
            lower: None,
            p: None,
            p_adjusted: None,
            p_attainable: None,
            alpha: 0.05,
            n_family: 1,
            n_moved: 0,
            support: 3,
            informative: 2,
            detectable: None,
            verdict: "identical".to_owned(),
        }],
        gates: vec![GateRow {
            gate: "significant".to_owned(),
            outcome: "pass".to_owned(),
            because: Vec::new(),
        }],
        ..ComparisonRow::default()
    }
}

#[test]
fn slices_and_modes_are_rows_for_machines() {
    let table = goldpress_report::score_table(&result()).render(Format::Csv);
    let last: Vec<&str> = table.lines().rev().take(2).collect();
    assert_snapshot!(last[1], @"timex,timex-rules,timex.value,micro,*,length,500–1999,1,,1,1,0,0,1,1.0,1.0,1.0,");
    assert_snapshot!(last[0], @"timex,month-names,nervaluate-1.2.1,strict,*,,,,,,,,,,0.5,0.25,0.3333333333333333,");
}

#[test]
fn hostile_text_reaches_no_page_unescaped() {
    let page = eval_page(&result());
    assert!(!page.contains("<script"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
}

#[test]
fn the_page_reads_without_styles_and_scripts() {
    let page = eval_page(&result());
    assert!(!page.contains(" style="), "inline styles are dropped by strict viewers");
    assert!(!page.contains("http"), "nothing is fetched");
    let start = page.find("<style>").unwrap();
    let end = page.find("</style>").unwrap();
    let bare = format!("{}{}", &page[..start], &page[end..]);
    for word in ["timex-rules", "0.8571", "month-names", "By label", "metrics/1", "DATE"]
    {
        assert!(bare.contains(word), "`{word}` is missing");
    }
}

#[test]
fn build_servers_get_no_character_that_they_forbid() {
    let mut result = result();
    result.systems[0].name = "a\u{1}b\"c,d:e\n".to_owned();
    result.comparisons = vec![goldpress_store::result::ComparisonRow {
        system: result.systems[0].name.clone(),
        gates: vec![goldpress_store::result::GateRow {
            gate: "significant".to_owned(),
            outcome: "fail".to_owned(),
            because: vec!["100 % of <DATE> & more\r\n".to_owned()],
        }],
        ..Default::default()
    }];
    let junit = goldpress_report::ci::junit(&result);
    assert!(!junit.contains('\u{1}'), "{junit}");
    assert!(junit.contains("100 % of &lt;DATE&gt; &amp; more"), "{junit}");
    insta::assert_snapshot!(goldpress_report::ci::github(&result, "./news/"), @r#"::error file=news/goldpress.toml,line=1,title=ab"c%2Cd%3Ae%0A%3A significant fail::100 %25 of <DATE> & more%0D%0A"#);
    let metrics = goldpress_report::ci::gitlab(&result);
    insta::assert_snapshot!(metrics, @r#"
    # TYPE goldpress_f1 gauge
    goldpress_f1{system="month-names",layer="timex",label="*"} 0.4000
    goldpress_f1{system="timex-rules",layer="timex",label="*"} 0.8571
    # EOF
    "#);
}

#[test]
fn a_result_is_read_back_as_it_was_written() {
    let text = serde_json::to_string(&result()).unwrap();
    let back: EvalResult = serde_json::from_str(&text).unwrap();
    assert_eq!(back, result());
}

fn result() -> EvalResult {
    let score =
        |system: &str, metric: &str, average: &str, label: &str, counts: Counts| {
            ScoreRow {
                system: system.to_owned(),
                layer: "timex".to_owned(),
                metric: metric.to_owned(),
                average: average.to_owned(),
                label: label.to_owned(),
                primary: metric == "timex.value",
                counts: Some(counts),
                scale: 1,
                n: 2,
                terms: 1,
                support: counts.support(),
                precision: counts.precision(),
                recall: counts.recall(),
                f1: counts.f1(),
                share: None,
                interval: None,
            }
        };
    let counts = |found, spurious, missed| Counts { found, spurious, missed };
    let system = |name: &str, outcome: &str, speed: Option<Speed>| SystemResult {
        name: name.to_owned(),
        version: "1".to_owned(),
        run: format!("20261123T141502Z-{name}"),
        tasks: vec!["timex".to_owned()],
        outcomes: BTreeMap::from([("ok".to_owned(), 1), (outcome.to_owned(), 1)]),
        mapped: BTreeMap::new(),
        ignored: BTreeMap::new(),
        n_errors: BTreeMap::new(),
        speed,
    };
    let speed = Speed {
        mode: "in-process".to_owned(),
        documents: 2,
        docs_s: Some(4000.4),
        docs_s_middle: Some((3812.0, 4155.0)),
        cpu_ms_doc: Some(0.25),
        p50_ms: Some(0.24),
        p90_ms: None,
    };
    let slice = |slice: &str, found: u64| SliceRow {
        by: "length".to_owned(),
        slice: slice.to_owned(),
        system: "timex-rules".to_owned(),
        layer: "timex".to_owned(),
        metric: "timex.value".to_owned(),
        average: "micro".to_owned(),
        n: 1,
        support: found,
        counts: counts(found, 0, 0),
        scale: 1,
        precision: Some(1.0),
        recall: Some(1.0),
        f1: Some(1.0),
        share: None,
    };
    EvalResult {
        goldpress_result: RESULT_VERSION,
        eval_id: "20261123T141503Z-demo".to_owned(),
        versions: Versions {
            goldpress: "0.1.0".to_owned(),
            metrics: "metrics/1".to_owned(),
            norm: "norm/1".to_owned(),
            tokeniser: "words/1".to_owned(),
        },
        gold: GoldInfo {
            hash: "9c1f02ab9c1f02ab9c1f02ab9c1f02ab".to_owned(),
            schema: "news@1".to_owned(),
            documents: BTreeMap::from([("timex".to_owned(), 2)]),
            articles: 0,
            keepers: 0,
            near_copies: None,
            of: 0,
            open: BTreeMap::new(),
            without_blocks: 0,
        },
        scope: "main".to_owned(),
        split: String::new(),
        systems: vec![
            system("month-names", "crash", None),
            system("timex-rules", "malformed", Some(speed)),
        ],
        scores: vec![
            score("month-names", "timex.value", "micro", "*", counts(1, 1, 2)),
            score("month-names", "timex.strict", "micro", "*", counts(1, 4, 4)),
            score("timex-rules", "timex.value", "micro", "*", counts(3, 1, 0)),
            score("timex-rules", "strict", "label", "DATE", counts(3, 1, 0)),
        ],
        slices: vec![slice("0–499", 2), slice("500–1999", 1)],
        asked: Vec::new(),
        confusion: Vec::new(),
        modes: vec![ModeRow {
            mode: "nervaluate-1.2.1".to_owned(),
            system: "month-names".to_owned(),
            layer: "timex".to_owned(),
            reading: "strict".to_owned(),
            label: "*".to_owned(),
            precision: Some(0.5),
            recall: Some(0.25),
            f1: Some(1.0 / 3.0),
            printed: ["0.5000", "0.2500", "0.3333"].map(str::to_owned).to_vec(),
            refused: None,
        }],
        common: Some(CommonInfo { documents: 2, of: 3 }),
        findings: Vec::<FindingRow>::new(),
        errors: vec![ErrorRow {
            system: "month-names".to_owned(),
            doc_id: "29530c9ce397994f478331b3f1f61dce".to_owned(),
            layer: "timex".to_owned(),
            kind: "spurious".to_owned(),
            gold_label: None,
            predicted_label: Some("DATE".to_owned()),
            gold_text: None,
            predicted_text: Some("<script>alert(1)</script>".to_owned()),
            at: "3..6".to_owned(),
        }],
        comparisons: Vec::new(),
        files: BTreeMap::new(),
        standings: Vec::new(),
        machine: Machine { cores: 2, ..Machine::default() },
    }
}
