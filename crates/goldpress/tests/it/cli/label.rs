//! `goldpress label` and `goldpress eval` on the seed's gold.

use super::{Scratch, shared};

const LAYERS: &str = "block,metadata,entity,timex,attribution,hedge,claim,event,relation";

#[test]
fn the_seeds_gold_checks_clean_and_three_systems_are_scored_on_it() {
    let Some(seed) = shared("data/seed") else { return };
    let scratch = Scratch::new();
    let text = seed.join("000_30a5803eb0d39c5c.txt");
    let gold = seed.join("gold.jsonl");
    scratch.ok(&["ingest", text.to_str().unwrap(), "-o", "seed"]);
    let import = ["label", "import", gold.to_str().unwrap(), "--as", "gold"];
    let import = [&import[..], &["--reviewed", LAYERS, "--dataset", "seed"]].concat();
    let imported = scratch.ok(&import);
    assert!(imported.stderr.contains("184 annotations"), "{}", imported.stderr);
    let before = scratch.read("seed/labels/gold/9d2ed31bac74eef5753764df683fedc2.jsonl");
    scratch.ok(&import);
    let after = scratch.read("seed/labels/gold/9d2ed31bac74eef5753764df683fedc2.jsonl");
    assert_eq!(before, after, "importing twice changes nothing");
    scratch.ok(&["label", "check", "seed"]);
    scratch.ok(&["label", "build", "seed"]);
    let systems = ["capitalised-runs", "timex-rules", "month-names"];
    for system in systems {
        scratch.ok(&["extract", "seed", "--system", system]);
    }
    let chosen: Vec<&str> =
        systems.iter().flat_map(|system| ["--system", system]).collect();
    let eval = ["eval", "seed", "--fail-on", "none"];
    let shown = scratch.ok(&[&eval[..], &chosen[..]].concat()).stdout;
    for system in systems {
        assert!(shown.contains(system), "{shown}");
    }
}

#[test]
fn a_fault_in_gold_names_file_line_and_code_and_ends_with_6() {
    let scratch = Scratch::new();
    scratch.write(
        "a.txt",
        "Harbour opens\n\nThe harbour of Port Aldery opened on Monday.\n",
    );
    scratch.ok(&["ingest", "a.txt", "-o", "news"]);
    let line = r#"{"id":"M1","layer":"entity","label":"GPE","fragments":[[30,41]],"text":"Port Aldery","attrs":{"mention":"NAM"}}"#;
    scratch.write("gold/a.jsonl", line);
    scratch.ok(&["label", "import", "gold/a.jsonl", "--as", "ada", "--dataset", "news"]);
    let file = std::fs::read_dir(scratch.path("news/labels/ada"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|end| end == "jsonl"))
        .unwrap();
    let broken =
        std::fs::read_to_string(&file).unwrap().replace("Port Aldery", "Port Alder");
    scratch.write(file.to_str().unwrap(), broken);
    let ran = scratch.run(&["label", "check", "news"]);
    assert_eq!(ran.code, Some(6), "{}\n{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains(".jsonl:2: text-differs: "), "{}", ran.stdout);
}

#[test]
fn lines_out_of_order_are_a_warning_and_fix_puts_them_right() {
    let scratch = super::label_exchange::harbour();
    let folder = scratch.path("news/labels/ada");
    let file = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let sorted = std::fs::read_to_string(&file).unwrap();
    let mut lines: Vec<&str> = sorted.lines().collect();
    lines.swap(1, 2);
    scratch.write(file.to_str().unwrap(), lines.join("\n") + "\n");
    let warned = scratch.ok(&["label", "check", "news"]);
    assert!(warned.stdout.contains(": order: "), "{}", warned.stdout);
    let fixed = scratch.ok(&["label", "check", "news", "--fix"]);
    assert!(fixed.stderr.contains(": written anew"), "{}", fixed.stderr);
    assert!(!fixed.stdout.contains(": order: "), "{}", fixed.stdout);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), sorted);
}
