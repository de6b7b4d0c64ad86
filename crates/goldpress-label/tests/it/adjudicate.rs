//! How sets become gold: what is agreed, what a policy or a person decides.

use std::collections::BTreeMap;

use goldpress_label::{
    AdjudicateOptions, AdjudicateReport, Policy, Severity, adjudicate, check, stale,
};
use goldpress_model::Digest;
use goldpress_store::labels::{self, LabelFile};

use crate::{vectors, world::World};

#[test]
fn sets_that_say_the_same_are_gold_at_once() {
    let world = two(|line| Some(line.to_owned()));
    let report = run(&world, None);
    assert_eq!((report.n_compared, report.n_done), (6, 6));
    assert_eq!(report.disputed, []);
    assert_eq!(report.taken.values().sum::<u64>(), 18);
    let gold = gold(&world);
    let statement =
        gold.lines.iter().find(|l| l.annotation.label == "statement").unwrap();
    assert_eq!(statement.provenance.from, ["ada/7314dd0e22d3", "bo/7314dd0e22d3"]);
    assert_eq!(errors(&world), Vec::<String>::new());
}

#[test]
fn what_one_set_lacks_is_left_to_decide() {
    let world = two(|line| (!line.contains("f694281c7bc8")).then(|| line.to_owned()));
    let report = run(&world, None);
    let disputed: Vec<&str> =
        report.disputed.iter().map(|d| d.annotation.text.as_str()).collect();
    assert_eq!(disputed, ["Port Elmsworth"]);
    assert_eq!(report.n_done, 5, "the layer entity waits");

    let doc: Digest = vectors::DOC.parse().unwrap();
    let decisions = BTreeMap::from([((doc, "ada/f694281c7bc8".to_owned()), true)]);
    let options = AdjudicateOptions { decisions, ..options(None) };
    let report = adjudicate(&world.dataset, &options).unwrap();
    assert_eq!((report.n_done, report.taken["entity"]), (6, 7));
}

#[test]
fn policies_take_or_refuse_the_rest() {
    for (policy, taken, refused) in
        [(Policy::Agreed, 6, 1), (Policy::Majority, 6, 1), (Policy::Union, 7, 0)]
    {
        let world = two(|line| (!line.contains("f694281c7bc8")).then(|| line.to_owned()));
        let report = run(&world, Some(policy));
        assert_eq!(report.taken["entity"], taken, "{policy:?}");
        assert_eq!(report.refused.get("entity").copied().unwrap_or(0), refused);
        assert_eq!(report.n_done, 6, "{policy:?}");
        assert_eq!(errors(&world), Vec::<String>::new(), "{policy:?}");
        let again = run(&world, Some(policy));
        assert_eq!(again, report, "deciding again gives the same");
    }
}

#[test]
fn what_points_to_something_refused_is_refused() {
    // bo has no Port Elmsworth at the harbour board: two relations lose their tail.
    let gone = ["645775577cb0", "213a3709307b", "f8c27e0b86f0"];
    let world = two(|line| {
        let is_gone = gone.iter().any(|id| line.contains(&format!("\"id\":\"{id}\"")));
        (!is_gone).then(|| line.to_owned())
    });
    let report = run(&world, Some(Policy::Agreed));
    assert_eq!((report.taken["relation"], report.refused["relation"]), (1, 2));
    assert_eq!(errors(&world), Vec::<String>::new());
}

#[test]
fn gold_is_stale_when_an_input_changes() {
    let world = two(|line| Some(line.to_owned()));
    run(&world, None);
    assert_eq!(stale(&world.dataset).unwrap(), []);
    let name = format!("labels/bo/{}.jsonl", vectors::DOC);
    let edited: Vec<String> = world
        .get(&name)
        .lines()
        .filter(|line| !line.contains("b4210626a458\",\"label") && !line.contains("near"))
        .map(str::to_owned)
        .collect();
    world.put(&name, &(edited.join("\n") + "\n"));
    let told: Vec<String> = stale(&world.dataset)
        .unwrap()
        .into_iter()
        .map(|stale| format!("{} {}", stale.set, stale.layer))
        .collect();
    assert_eq!(told, ["bo entity", "bo relation"]);
}

/// Ada's file twice, the second as bo's with lines changed or left out.
fn two(change: impl Fn(&str) -> Option<String>) -> World {
    let world = World::harbour();
    let ada = vectors::read("ada.jsonl");
    world.put(&format!("labels/ada/{}.jsonl", vectors::DOC), &ada);
    let bo: Vec<String> = ada
        .lines()
        .map(|line| line.replace("\"set\":\"ada\"", "\"set\":\"bo\""))
        .filter_map(|line| change(&line))
        .collect();
    world.put(&format!("labels/bo/{}.jsonl", vectors::DOC), &(bo.join("\n") + "\n"));
    world
}

fn options(policy: Option<Policy>) -> AdjudicateOptions {
    let sets = vec!["ada".to_owned(), "bo".to_owned()];
    AdjudicateOptions { sets, policy, ..AdjudicateOptions::default() }
}

#[track_caller]
fn run(world: &World, policy: Option<Policy>) -> AdjudicateReport {
    adjudicate(&world.dataset, &options(policy)).unwrap()
}

fn gold(world: &World) -> LabelFile {
    let bytes = world.get(&format!("labels/gold/{}.jsonl", vectors::DOC));
    labels::parse(bytes.as_bytes()).unwrap()
}

fn errors(world: &World) -> Vec<String> {
    let findings = check(&world.dataset, Some("gold")).unwrap();
    let errors = findings.iter().filter(|f| f.severity == Severity::Error);
    errors.map(ToString::to_string).collect()
}
