//! A pull request in CI: one label falls on one outlet, the fix, each by files of answers.

use super::Scratch;

const PERSON: &str = "Oda Brannic";
const PLACE: &str = "Port Aldery";

#[test]
fn a_fall_of_one_label_on_one_outlet_is_named_with_its_document_and_the_fix_passes() {
    let scratch = newsroom();
    let ids = ids(&scratch);
    scratch.write("acme.jsonl", answers(&ids, None));
    let eval =
        ["eval", "news", "--predictions", "acme.jsonl", "--fail-on", "doc-regressions>0"];
    assert_eq!(scratch.run(&eval).code, Some(5), "there is no baseline yet");
    scratch.ok(&["accept", "news", "--because", "acme 1.4"]);
    scratch.ok(&eval);

    // The change: acme no longer finds the person in the article of one outlet.
    scratch.write("acme.jsonl", answers(&ids, Some(3)));
    let red = scratch.run(&eval);
    assert_eq!(red.code, Some(3), "{}\n{}", red.stdout, red.stderr);
    let row = |start: &str| {
        red.stdout.lines().find(|line| line.trim_start().starts_with(start))
    };
    let blind = "inconclusive (1 moved, 2 tests)";
    assert!(row("PERSON").is_some_and(|row| row.contains(blind)), "{}", red.stdout);
    assert!(row("GPE").is_none(), "what did not move is not listed: {}", red.stdout);
    let worse = format!(
        "worse   {} outlet-3.example entity/strict tp/fp/fn 2/0/0 → 1/0/1",
        ids[3]
    );
    assert!(red.stdout.contains(&worse), "{}", red.stdout);
    assert!(red.stdout.contains("FAILED  doc-regressions>0: 1 document is worse"));
    assert!(red.stderr.contains("goldpress review news"), "{}", red.stderr);

    let review = scratch.ok(&["review", "news"]).stdout;
    let lost = "-    ok       PERSON           For 3 years [Oda Brannic] has run the ferry to Port Ald…";
    assert!(review.contains(lost), "{review}");
    for (filter, n_lines) in [
        (&["--error", "missed"][..], 1),
        (&["--label", "PERSON"], 1),
        (&["--label", "GPE"], 0),
        (&["--error", "boundary"], 0),
        (&["--only", "better"], 0),
        (&["--only", "both-wrong"], 0),
    ] {
        let machine = [&["review", "news", "--format", "jsonl"], filter].concat();
        let told = scratch.ok(&machine).stdout;
        assert_eq!(told.lines().count(), n_lines, "{filter:?}: {told}");
        assert!(told.lines().all(|line| line.contains(&ids[3])), "{told}");
    }
    let comment = scratch.ok(&["review", "news", "--format", "md"]).stdout;
    assert!(comment.contains("```diff\n-    ok"), "{comment}");

    // One document of one outlet proves nothing of others, and the default gate says so: it
    // could not have failed, so it does not pass.
    let default = ["eval", "news", "--predictions", "acme.jsonl"];
    let undecided = scratch.run(&default);
    assert_eq!(undecided.code, Some(5), "{}", undecided.stdout);
    let because = "UNDECIDED  significant: entity/strict (all): 1 of its clusters moved, and \
                   that many cannot show a loss among 1 tests";
    assert!(undecided.stdout.contains(because), "{}", undecided.stdout);

    scratch.write("acme.jsonl", answers(&ids, None));
    scratch.ok(&eval);
}

/// Eight outlets with one article each, which names a person and a place.
fn newsroom() -> Scratch {
    let scratch = Scratch::new();
    for n in 0..8 {
        let line = line(n);
        scratch.write(
            &format!("in/{n}.html"),
            format!(
                "<html lang=\"en\"><head><link rel=\"canonical\" \
                 href=\"https://outlet-{n}.example/harbour\"></head>\
                 <body><article><h1>Harbour news {n}</h1><p>{line}</p></article></body></html>"
            ),
        );
        let offset = format!("Harbour news {n}\n\n").len();
        let gold =
            [mark(&line, PERSON, "PERSON", offset), mark(&line, PLACE, "GPE", offset)];
        scratch.write(&format!("gold/{n}.jsonl"), gold.join("\n"));
    }
    scratch.ok(&["ingest", "in", "-o", "news"]);
    let import = ["label", "import", "gold", "--as", "gold", "--reviewed", "entity"];
    scratch.ok(&[&import[..], &["--dataset", "news"]].concat());
    scratch.ok(&["label", "build", "news"]);
    scratch
}

fn line(n: usize) -> String {
    format!("For {n} years {PERSON} has run the ferry to {PLACE}, and she will go on.")
}

/// An annotation of a name in ASCII text, so that bytes are code points.
fn mark(line: &str, name: &str, label: &str, offset: usize) -> String {
    let start = offset + line.find(name).unwrap();
    let end = start + name.len();
    format!(
        "{{\"id\":\"{label}\",\"layer\":\"entity\",\"label\":\"{label}\",\
         \"fragments\":[[{start},{end}]],\"text\":\"{name}\",\"attrs\":{{\"mention\":\"NAM\"}}}}"
    )
}

/// The `doc_id` of each article, by outlet.
fn ids(scratch: &Scratch) -> Vec<String> {
    let id = |n: usize| {
        let shown = scratch.ok(&["show", "news", &format!("in/{n}.html")]).stdout;
        shown.lines().next().unwrap().to_owned()
    };
    (0..8).map(id).collect()
}

/// What acme answered: everything, but for the person in one article.
fn answers(ids: &[String], blind_on: Option<usize>) -> String {
    let mut lines = vec![
        "{\"goldpress\":1,\"type\":\"ready\",\"name\":\"acme\",\"version\":\"1.4\",\
         \"tasks\":[\"entity\"]}"
            .to_owned(),
    ];
    for (n, id) in ids.iter().enumerate() {
        let line = line(n);
        let offset = format!("Harbour news {n}\n\n").len();
        let mut marks = vec![mark(&line, PLACE, "GPE", offset)];
        if blind_on != Some(n) {
            marks.push(mark(&line, PERSON, "PERSON", offset));
        }
        let marks = marks.join(",");
        lines.push(format!(
            "{{\"type\":\"result\",\"id\":\"{id}\",\"annotations\":[{marks}]}}"
        ));
    }
    lines.join("\n") + "\n"
}
