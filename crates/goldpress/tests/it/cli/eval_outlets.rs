//! What a green gate means: outlets by themselves, near-copies, what could be seen at all.

use serde_json::json;

use super::Scratch;

/// Three outlets with eight articles each, every one of which names a person and a place.
const N: usize = 24;

/// A wire story that two outlets print, each with a word of its own.
fn wire(n: usize) -> String {
    let words: Vec<String> =
        (0..60).map(|at| format!("berth {at} of the old quay")).collect();
    format!(
        "Quay of Port Aldery\n\nOda Brannic counted {} on day {n}.\n",
        words.join(", then ")
    )
}

fn text(n: usize) -> String {
    if n >= N {
        return wire(n);
    }
    let day = n + 1;
    format!(
        "Notes of day {day}\n\nOda Brannic came to Port Aldery on day {day}. She counted {} boats, \
         paid {} crowns for tea, and wrote {} lines about {} gulls.\n",
        n * 7 + 3,
        n * 13 + 5,
        n * 3 + 2,
        n * 5 + 1
    )
}

fn outlet(n: usize) -> String {
    format!("outlet-{}.example", n % 3)
}

fn newsroom(n_articles: usize) -> (Scratch, Vec<String>) {
    let scratch = Scratch::new();
    for n in 0..n_articles {
        let text = text(n);
        let (head, body) = text.trim_end().split_once("\n\n").unwrap();
        let page = format!(
            "<html lang=\"en\"><head><link rel=\"canonical\" href=\"https://{}/{n}\"></head>\
             <body><article><h1>{head}</h1><p>{body}</p></article></body></html>",
            outlet(n)
        );
        scratch.write(&format!("in/{n:02}.html"), page);
        let lines: String =
            marks(n, true).into_iter().map(|mark| format!("{mark}\n")).collect();
        scratch.write(&format!("gold/{n:02}.jsonl"), lines);
    }
    scratch.ok(&["ingest", "in", "-o", "news"]);
    let import = ["label", "import", "gold", "--as", "gold", "--reviewed", "entity"];
    scratch.ok(&[&import[..], &["--dataset", "news"]].concat());
    let id = |n: usize| {
        let shown = scratch.ok(&["show", "news", &format!("in/{n:02}.html")]).stdout;
        shown.lines().next().unwrap().to_owned()
    };
    let ids = (0..n_articles).map(id).collect();
    (scratch, ids)
}

/// The person, and the place where it is found too.
fn marks(n: usize, with_place: bool) -> Vec<serde_json::Value> {
    let text = text(n);
    let mark = |name: &str, label: &str| {
        let start = text.find(name).unwrap();
        json!({"id": label, "layer": "entity", "label": label, "text": name,
               "fragments": [[start, start + name.len()]], "attrs": {"mention": "NAM"}})
    };
    let place = with_place.then(|| mark("Port Aldery", "GPE"));
    [mark("Oda Brannic", "PERSON")].into_iter().chain(place).collect()
}

/// Answers that miss the place in some articles.
fn answers(ids: &[String], misses: impl Fn(usize) -> bool) -> String {
    let ready = json!({"goldpress": 1, "type": "ready", "name": "acme", "version": "1",
                       "tasks": ["entity"]});
    let mut lines = format!("{ready}\n");
    for (n, id) in ids.iter().enumerate() {
        let line =
            json!({"type": "result", "id": id, "annotations": marks(n, !misses(n))});
        lines.push_str(&format!("{line}\n"));
    }
    lines
}

const EVAL: [&str; 4] = ["eval", "news", "--predictions", "acme.jsonl"];

fn accepted(n_articles: usize) -> (Scratch, Vec<String>) {
    let (scratch, ids) = newsroom(n_articles);
    scratch.write("acme.jsonl", answers(&ids, |_| false));
    assert_eq!(scratch.run(&EVAL).code, Some(5));
    scratch.ok(&["accept", "news", "--because", "first"]);
    (scratch, ids)
}

#[test]
fn an_outlet_that_breaks_fails_its_own_gate_and_the_claim_is_said_in_words() {
    let (scratch, ids) = accepted(N);
    scratch.write("acme.jsonl", answers(&ids, |n| n % 3 == 1));
    let red = scratch.run(&EVAL);
    assert_eq!(red.code, Some(3), "{}\n{}", red.stdout, red.stderr);
    for words in [
        "FAILED  outlet: outlet-1.example in entity/strict by 33.3 pt on 8 documents",
        "speaks of further articles of these 3 outlets, since 3 outlets are fewer than 12",
        "near-copies not looked for",
        "3 outlets tested alone, 0 too small to be seen",
    ] {
        assert!(red.stdout.contains(words), "`{words}`: {}", red.stdout);
    }
}

#[test]
fn a_fall_too_small_to_be_seen_is_undecided_and_how_much_gold_would_see_it_is_told() {
    let (scratch, ids) = accepted(N);
    scratch.write("acme.jsonl", answers(&ids, |n| n < 3));
    let ran = scratch.run(&[&EVAL[..], &["--plan", "1pt"]].concat());
    assert_eq!(ran.code, Some(5), "{}\n{}", ran.stdout, ran.stderr);
    let because = "UNDECIDED  significant: entity/strict (all): 3 of its clusters moved, and \
                   that many cannot show a loss among 1 tests";
    assert!(ran.stdout.contains(because), "{}", ran.stdout);
    assert!(ran.stdout.contains("plan    entity/strict would see 1.0 pt with"));
    assert!(ran.stdout.contains("inconclusive (3 moved, "), "{}", ran.stdout);
    // Better answers that could not have failed pass, and say so.
    scratch.run(&[&EVAL[..], &["--fail-on", "none"]].concat());
    scratch.ok(&["accept", "news", "--because", "worse"]);
    scratch.write("acme.jsonl", answers(&ids, |_| false));
    let better = scratch.ok(&EVAL).stdout;
    let told = "passed  significant: could not have failed on entity/strict (all)";
    assert!(better.contains(told), "{better}");
}

#[test]
fn near_copies_count_once() {
    let (scratch, ids) = accepted(N + 2);
    scratch.ok(&["dedup", "news"]);
    scratch.write("acme.jsonl", answers(&ids, |n| n % 3 == 1));
    let once = scratch.run(&[&EVAL[..], &["--fail-on", "none"]].concat());
    let all =
        scratch.run(&[&EVAL[..], &["--fail-on", "none", "--duplicates", "all"]].concat());
    let documents = |shown: &str| -> usize {
        let line = shown.lines().find(|line| line.starts_with("entity · ")).unwrap();
        line.split(' ').nth(2).unwrap().parse().unwrap()
    };
    assert_eq!(documents(&all.stdout), N + 2, "{}", all.stdout);
    assert_eq!(documents(&once.stdout), N + 1, "{}", once.stdout);
    // The accepted gold is that without copies, whatever was there before.
    scratch.run(&EVAL);
    scratch.ok(&["accept", "news", "--because", "near-copies count once"]);
    scratch.ok(&EVAL);
}
