//! `goldpress review`: whatever can regress can be looked at.

use serde_json::{Value, json};

use super::Scratch;

/// Eight articles of eight outlets, with blocks and fields in gold.
const N: usize = 8;

fn headline(n: usize) -> String {
    format!("Harbour news {n}")
}

fn paragraphs(n: usize) -> [String; 2] {
    [
        format!("The ferry to Port Aldery made {n} crossings on Monday."),
        format!("Nobody was aboard on crossing {n}, and nobody asked why."),
    ]
}

/// The ranges of the lines of an article, ASCII throughout.
fn ranges(n: usize) -> [(usize, usize); 3] {
    let [first, second] = paragraphs(n);
    let head = headline(n).len();
    let one = head + 2 + first.len();
    [(0, head), (head + 2, one), (one + 2, one + 2 + second.len())]
}

fn newsroom() -> (Scratch, Vec<String>) {
    let scratch = Scratch::new();
    for n in 0..N {
        let [first, second] = paragraphs(n);
        let title = headline(n);
        let page = format!(
            "<html lang=\"en\"><head><link rel=\"canonical\" \
             href=\"https://outlet-{n}.example/harbour\"></head><body><article><h1>{title}</h1>\
             <p>{first}</p><p>{second}</p></article></body></html>"
        );
        scratch.write(&format!("in/{n}.html"), page);
        let texts = [&title, &first, &second];
        let labels = ["title", "paragraph", "paragraph"];
        let mut lines = String::new();
        for (at, (start, end)) in ranges(n).into_iter().enumerate() {
            let line = json!({"id": format!("b{at}"), "layer": "block", "label": labels[at],
                              "fragments": [[start, end]], "text": texts[at]});
            lines.push_str(&format!("{line}\n"));
        }
        let field = json!({"id": "f0", "layer": "metadata", "label": "headline",
                           "fragments": [], "text": "", "attrs": {"value": title}});
        lines.push_str(&format!("{field}\n"));
        scratch.write(&format!("gold/{n}.jsonl"), lines);
    }
    scratch.ok(&["ingest", "in", "-o", "news"]);
    let import = ["label", "import", "gold", "--as", "gold", "--dataset", "news"];
    scratch.ok(&[&import[..], &["--reviewed", "block,metadata"]].concat());
    let id = |n: usize| {
        let shown = scratch.ok(&["show", "news", &format!("in/{n}.html")]).stdout;
        shown.lines().next().unwrap().to_owned()
    };
    let ids = (0..N).map(id).collect();
    (scratch, ids)
}

/// What a system answers for one article.
struct Answer {
    body: String,
    roles: [&'static str; 3],
    headline: String,
}

fn right(n: usize) -> Answer {
    let roles = ["title", "paragraph", "paragraph"];
    let body = paragraphs(n).join("\n\n");
    Answer { body, roles, headline: headline(n) }
}

/// The second paragraph is lost, the first has a caption's role, the headline is cut.
fn worse(n: usize) -> Answer {
    Answer {
        body: format!("{}\n\nShare this", paragraphs(n)[0]),
        roles: ["title", "caption", "paragraph"],
        headline: "Harbour".to_owned(),
    }
}

fn answers(ids: &[String], of: impl Fn(usize) -> Answer) -> String {
    let tasks = ["content", "blocks", "metadata"];
    let ready = json!({"goldpress": 1, "type": "ready", "name": "acme", "version": "1",
                       "tasks": tasks});
    let mut lines = format!("{ready}\n");
    for (n, id) in ids.iter().enumerate() {
        let Answer { body, roles, headline } = of(n);
        let blocks: Vec<Value> = ranges(n)
            .into_iter()
            .zip(roles)
            .map(|((start, end), role)| json!({"start": start, "end": end, "role": role}))
            .collect();
        let line = json!({"type": "result", "id": id, "body": body, "blocks": blocks,
                          "fields": {"headline": headline}});
        lines.push_str(&format!("{line}\n"));
    }
    lines
}

const EVAL: [&str; 4] = ["eval", "news", "--predictions", "acme.jsonl"];

/// A baseline of right answers, and an evaluation of worse ones.
fn regressed() -> (Scratch, Vec<String>) {
    let (scratch, ids) = newsroom();
    scratch.write("acme.jsonl", answers(&ids, right));
    assert_eq!(scratch.run(&EVAL).code, Some(5));
    scratch.ok(&["accept", "news", "--because", "first"]);
    scratch.write("acme.jsonl", answers(&ids, worse));
    let red = scratch.run(&EVAL);
    assert_eq!(red.code, Some(3), "{}\n{}", red.stdout, red.stderr);
    // Eight documents, each worse in three layers.
    assert!(red.stdout.contains("8 documents worse, 0 better, 0 same"), "{}", red.stdout);
    let named = "outlet-5.example content/body.seq tp/fp/fn 20/0/0 → 10/2/10 · 5.html";
    assert!(red.stdout.contains(named), "{}", red.stdout);
    (scratch, ids)
}

/// Rows of the review of one document and layer: side, kind, label, text.
fn rows(scratch: &Scratch, doc: &str, layer: &str) -> Vec<[String; 4]> {
    let told =
        scratch.ok(&["review", "news", "--format", "jsonl", "--limit", "100"]).stdout;
    let rows = told.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let rows = rows.filter(|row| row["doc_id"] == doc && row["layer"] == layer);
    let cell = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    rows.map(|row| ["side", "kind", "label", "text"].map(|key| cell(&row, key))).collect()
}

#[test]
fn bodies_roles_and_fields_are_reviewed_in_every_format() {
    let (scratch, ids) = regressed();
    let of = |layer| rows(&scratch, &ids[3], layer);
    let [_, lost] = paragraphs(3);
    assert_eq!(
        of("content"),
        [
            ["-", "ok", "paragraph", &lost].map(str::to_owned),
            ["+", "spurious", "paragraph", "Share this"].map(str::to_owned)
        ]
    );
    assert_eq!(
        of("block"),
        [
            ["+", "label", "caption", ""].map(str::to_owned),
            ["-", "ok", "paragraph", ""].map(str::to_owned)
        ]
    );
    assert_eq!(
        of("metadata"),
        [
            ["+", "wrong", "headline", "Harbour"].map(str::to_owned),
            ["-", "ok", "headline", "Harbour news 3"].map(str::to_owned)
        ]
    );
    let text = scratch.ok(&["review", "news", "--limit", "100"]).stdout;
    assert!(!text.contains("nothing that is shown here moved"), "{text}");
    for line in [
        "+    spurious paragraph        Share this",
        "Harbour · gold: Harbour news 3",
        "· gold: paragraph",
    ] {
        assert!(text.contains(line), "`{line}`: {text}");
    }
    let md = scratch.ok(&["review", "news", "--format", "md", "--limit", "100"]).stdout;
    assert!(md.contains("```diff\n-    ok       paragraph"), "{md}");
}

#[test]
fn without_the_baseline_s_run_what_is_wrong_now_is_shown() {
    let (scratch, ids) = regressed();
    let mut runs: Vec<_> = std::fs::read_dir(scratch.path("news/runs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    runs.sort();
    std::fs::remove_dir_all(&runs[0]).unwrap();
    let [_, lost] = paragraphs(3);
    let content = rows(&scratch, &ids[3], "content");
    assert_eq!(
        content[0],
        ["+", "spurious", "paragraph", "Share this"].map(str::to_owned)
    );
    assert_eq!(content[1], ["gold", "missed", "paragraph", &lost].map(str::to_owned));
    std::fs::remove_dir_all(&runs[1]).unwrap();
    // Not even this run is left: the counts still tell that it moved.
    let content = rows(&scratch, &ids[3], "content");
    assert_eq!(content, [["", "", "", ""].map(str::to_owned)]);
}
