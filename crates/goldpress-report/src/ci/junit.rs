//! JUnit: a suite a system and layer, a case a metric and label, a case a gate.

use goldpress_store::result::{ComparisonRow, EvalResult, GateRow, TestRow};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{in_words, is_worse, label};
use crate::{comparison::named_with_baseline, door::xml};

/// The comparisons of a result as JUnit XML.
///
/// Worse is a failure; a crash or a gate without an answer is an error; what could not be
/// told is skipped. There are no times: those of a score mean nothing. Names are unique,
/// since GitLab drops the second of two; characters that XML forbids are left out.
pub fn junit(result: &EvalResult) -> String {
    let mut report = Report::new("goldpress");
    for system in &result.systems {
        let failed = system.outcomes.iter().filter(|(outcome, _)| *outcome != "ok");
        let cases = failed.map(|(outcome, n)| {
            case(outcome, Some((NonSuccessKind::Error, crate::counted(*n, "document"))))
        });
        add(&mut report, &format!("{}/outcomes", system.name), cases.collect());
    }
    if result.comparisons.is_empty() {
        let mut skipped = TestCaseStatus::skipped();
        skipped.set_message("there is no baseline to compare with");
        add(&mut report, "baseline", vec![TestCase::new("baseline", skipped)]);
    }
    for comparison in &result.comparisons {
        let mut layers: Vec<&str> =
            comparison.tests.iter().map(|test| test.layer.as_str()).collect();
        layers.dedup();
        for layer in layers {
            let tests = comparison.tests.iter().filter(|test| test.layer == layer);
            let name = format!("{}/{layer}", named_with_baseline(comparison));
            add(
                &mut report,
                &name,
                tests.map(|test| test_case(test, comparison)).collect(),
            );
        }
        let gates = comparison.gates.iter().map(gate_case);
        let name = format!("{}/gates", named_with_baseline(comparison));
        add(&mut report, &name, gates.collect());
    }
    report.to_string().unwrap_or_default()
}

fn add(report: &mut Report, name: &str, cases: Vec<TestCase>) {
    if cases.is_empty() {
        return;
    }
    let name = &xml(name);
    let mut suite = TestSuite::new(name.as_str());
    suite.add_test_cases(cases.into_iter().map(|mut case| {
        case.set_classname(name.as_str());
        case
    }));
    report.add_test_suite(suite);
}

fn case(name: &str, failure: Option<(NonSuccessKind, String)>) -> TestCase {
    let status = match failure {
        None => TestCaseStatus::success(),
        Some((kind, message)) => {
            let mut status = TestCaseStatus::non_success(kind);
            status.set_message(xml(&message));
            status
        }
    };
    TestCase::new(xml(name), status)
}

fn test_case(test: &TestRow, comparison: &ComparisonRow) -> TestCase {
    let name = format!("{}/{}", test.metric, label(test));
    if is_worse(test) {
        let worse = comparison.worse.iter().filter(|moved| moved.layer == test.layer);
        let documents: Vec<&str> = worse.map(|moved| moved.doc_id.as_str()).collect();
        let mut failed = TestCaseStatus::non_success(NonSuccessKind::Failure);
        failed.set_message(format!("{}: {}", test.verdict, in_words(test)));
        failed.set_description(format!(
            "documents that got worse: {}",
            documents.join(" ")
        ));
        return TestCase::new(xml(&name), failed);
    }
    if test.verdict == "inconclusive" {
        let mut skipped = TestCaseStatus::skipped();
        skipped.set_message(format!("too little to go by: {}", in_words(test)));
        return TestCase::new(xml(&name), skipped);
    }
    let is_error = ["incomparable", "missing"].contains(&test.verdict.as_str());
    case(&name, is_error.then(|| (NonSuccessKind::Error, test.verdict.clone())))
}

fn gate_case(gate: &GateRow) -> TestCase {
    let because = gate.because.join("; ");
    let failure = match gate.outcome.as_str() {
        "fail" => Some((NonSuccessKind::Failure, because)),
        "undecided" => Some((NonSuccessKind::Error, format!("undecided: {because}"))),
        _ => None,
    };
    case(&gate.gate, failure)
}
