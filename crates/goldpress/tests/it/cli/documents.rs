//! The pages of `docs/`: files shown on them are written, commands are run, examples scored.

use serde_json::{Value, json};

use super::{Scratch, repository};

const TASKS: [&str; 9] = [
    "entity",
    "timex",
    "attribution",
    "hedge",
    "claim",
    "relation",
    "blocks",
    "content",
    "metadata",
];

/// A fenced block of a page: the words before it, its language, its lines.
struct Fence {
    before: String,
    language: String,
    text: String,
}

fn page(name: &str) -> Vec<Fence> {
    let text = std::fs::read_to_string(repository("docs").join(name)).unwrap();
    let mut fences = Vec::new();
    let mut before = String::new();
    let mut open: Option<Fence> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => {
                let before = std::mem::take(&mut before).trim_end().to_owned();
                let language = language.to_owned();
                open = Some(Fence { before, language, text: String::new() });
            }
            (Some(_), Some(_)) => fences.extend(open.take()),
            (Some(fence), None) => fence.text.push_str(&format!("{line}\n")),
            (None, None) => before.push_str(&format!("{line}\n")),
        }
    }
    fences
}

/// Writes the files that a page shows, each behind its name and a colon, and runs its
/// commands in order; gives what each printed.
fn follow(scratch: &Scratch, fences: &[Fence]) -> Vec<String> {
    let mut printed = Vec::new();
    for fence in fences {
        let named =
            fence.before.strip_suffix("`:").and_then(|text| text.rsplit_once('`'));
        if let Some((_, name)) = named {
            scratch.write(name, &fence.text);
        }
        for line in fence.text.lines().filter(|_| fence.language == "sh") {
            let line = line.split('#').next().unwrap().trim();
            let args = words(line);
            assert_eq!(args.first(), Some(&"goldpress"), "{line}");
            printed.push(scratch.ok(&args[1..]).stdout);
        }
    }
    printed
}

/// The words of a command line; what stands in double quotes is one.
fn words(line: &str) -> Vec<&str> {
    let parts = line.split('"').enumerate();
    let words = parts.flat_map(|(n, part)| match n % 2 {
        0 => part.split_whitespace().collect::<Vec<_>>(),
        _ => vec![part],
    });
    words.collect()
}

#[test]
fn the_page_of_answers_can_be_followed() {
    let scratch = Scratch::new();
    let printed = follow(&scratch, &page("answers.md"));
    let scores: Vec<&str> = printed
        .iter()
        .flat_map(|text| text.lines().find(|l| l.starts_with("acme")))
        .collect();
    assert!(scores[0].starts_with("acme    1.0000  0.6667"), "{scores:?}");
    assert!(scores[1].starts_with("acme    1.0000  0.3333"), "{scores:?}");
}

#[test]
fn the_example_of_each_task_is_read_and_scored_against_itself() {
    let scratch = Scratch::new();
    let fences = page("answers.md");
    let article = fences.iter().find(|fence| fence.before.contains("pages/ferry.txt"));
    let text = article.unwrap().text.trim_end().to_owned();
    scratch.write("pages/ferry.txt", format!("{text}\n"));
    scratch.ok(&["ingest", "pages", "-o", "news"]);
    let example = |task: &str| {
        let is_of = |fence: &&Fence| {
            let heading = format!("### {task}");
            fence.before.lines().any(|line| line == heading)
        };
        fences.iter().find(is_of).unwrap_or_else(|| panic!("{task}")).text.clone()
    };
    scratch.write("gold/ferry.jsonl", gold(&text, &TASKS.map(example)));
    let layers = "entity,timex,attribution,hedge,claim,relation,block,metadata";
    let import = ["label", "import", "gold", "--as", "gold", "--reviewed", layers];
    let ran = scratch.ok(&[&import[..], &["--dataset", "news"]].concat());
    assert!(!ran.stderr.contains("reject"), "{}", ran.stderr);
    let columns =
        fences.iter().find(|fence| fence.before.ends_with("as a query writes it:"));
    let mut files = vec![("columns", columns.unwrap().text.clone())];
    files.extend(TASKS.map(|task| (task, example(task))));
    for (task, row) in files {
        scratch.write(&format!("{task}.jsonl"), row);
        let file = format!("{task}.jsonl");
        let eval = ["eval", "news", "--predictions", &file, "--fail-on", "none"];
        let shown = scratch.ok(&eval).stdout;
        let layer = match task {
            "columns" => "metadata",
            "blocks" => "block",
            task => task,
        };
        let scored =
            shown.split("\n\n").find(|part| part.starts_with(&format!("{layer} · ")));
        let scored = scored.unwrap_or_else(|| panic!("{task}: {shown}"));
        let line = scored.lines().skip(2).find(|line| line.starts_with(task)).unwrap();
        assert!(line.split_whitespace().nth(1) == Some("1.0000"), "{task}: {shown}");
    }
}

/// Gold that says what the examples say, with ids that differ.
fn gold(text: &str, examples: &[String]) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut lines: Vec<Value> = Vec::new();
    let mut seen: Vec<Value> = Vec::new();
    for (n, example) in examples.iter().enumerate() {
        let row: Value = serde_json::from_str(example).unwrap();
        let list = |key: &str| row[key].as_array().cloned().unwrap_or_default();
        for (m, mut line) in list("annotations").into_iter().enumerate() {
            let place = json!([line["layer"], line["label"], line["fragments"]]);
            let own = line["id"].as_str().map(str::to_owned).unwrap_or(format!("x{m}"));
            line["id"] = json!(format!("{n}-{own}"));
            for ids in line
                .get_mut("args")
                .and_then(Value::as_object_mut)
                .into_iter()
                .flat_map(|args| args.values_mut())
            {
                let named = ids.as_array().unwrap().iter();
                *ids = named
                    .map(|id| json!(format!("{n}-{}", id.as_str().unwrap())))
                    .collect();
            }
            if line["layer"] == "entity" {
                line["attrs"] = json!({"mention": "NAM"});
            }
            let is_linked =
                line["layer"] == "entity" && n > 0 || line["layer"] == "hedge" && n > 3;
            if !seen.contains(&place) || is_linked {
                seen.push(place);
                lines.push(line);
            }
        }
        for block in list("blocks") {
            let at = |key: &str| block[key].as_u64().unwrap() as usize;
            let quote: String = letters[at("start")..at("end")].iter().collect();
            lines.push(json!({"id": format!("b{}", at("start")), "layer": "block",
                "label": block["role"], "fragments": [[at("start"), at("end")]], "text": quote}));
        }
        for (name, value) in row["fields"].as_object().into_iter().flatten() {
            let values = value.as_array().cloned().unwrap_or(vec![value.clone()]);
            for value in values {
                lines.push(json!({"id": format!("f{}", lines.len()), "layer": "metadata",
                    "label": name, "fragments": [], "text": "", "attrs": {"value": value}}));
            }
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[test]
fn an_answer_names_its_article_in_any_of_the_ways_of_the_page() {
    let scratch = Scratch::new();
    let article = |n: usize| {
        json!({"url": format!("https://harbour.example/{n}"), "title": format!("Pier {n}"),
            "text": format!("Bo Lindgren closed pier {n}.")})
    };
    let dump: String = (1..=2).map(|n| format!("{}\n", article(n))).collect();
    scratch.write("in/dump.jsonl", dump);
    scratch.write("in/ferry.txt", "Ferry late\n\nBo Lindgren was late.\n");
    scratch.ok(&["ingest", "in", "-o", "news"]);
    let sql = "SELECT doc_id, text FROM articles ORDER BY file, record";
    let rows = scratch.ok(&["query", "news", sql, "--format", "jsonl"]).stdout;
    let rows: Vec<Value> =
        rows.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let quote = |row: &Value| {
        let text = row["text"].as_str().unwrap();
        let start = text[..text.find("Bo Lindgren").unwrap()].chars().count();
        json!({"layer": "entity", "label": "PERSON", "fragments": [[start, start + 11]],
            "text": "Bo Lindgren"})
    };
    for row in &rows {
        let mut line = quote(row);
        (line["id"], line["attrs"]) = (json!("1"), json!({"mention": "NAM"}));
        let id = row["doc_id"].as_str().unwrap();
        scratch.write(&format!("gold/{id}.jsonl"), format!("{line}\n"));
    }
    let import = ["label", "import", "gold", "--as", "gold", "--reviewed", "entity"];
    scratch.ok(&[&import[..], &["--dataset", "news"]].concat());
    let doc_id = |n: usize| rows[n]["doc_id"].clone();
    let ways = [
        [
            json!({"id": doc_id(0)}),
            json!({"doc_id": doc_id(1)}),
            json!({"id": doc_id(2)}),
        ],
        [
            json!({"id": "https://harbour.example/1"}),
            json!({"url": "https://harbour.example/2", "record": 2}),
            json!({"id": "in/ferry.txt"}),
        ],
        [
            json!({"id": "dump.jsonl:1"}),
            json!({"file": "in/dump.jsonl", "record": 2}),
            json!({"id": "ferry"}),
        ],
        [json!({"id": "dump:1"}), json!({"record": 2}), json!({"file": "ferry.txt"})],
    ];
    for way in ways {
        let lines = way.iter().zip(&rows).map(|(name, row)| {
            let mut line = name.clone();
            line["annotations"] = json!([quote(row)]);
            format!("{line}\n")
        });
        scratch.write("acme.jsonl", lines.collect::<String>());
        let eval = ["eval", "news", "--predictions", "acme.jsonl", "--fail-on", "none"];
        let shown = scratch.ok(&eval).stdout;
        assert!(shown.contains("acme    1.0000  1.0000  1.0000"), "{way:?} {shown}");
    }
    for (name, told) in [
        (json!({"id": "feri"}), "`feri` is no doc_id, address, file"),
        (json!({"id": "dump"}), "`dump` names several articles"),
        (json!({"record": 1}), "`1` names several articles"),
    ] {
        let mut line = name;
        line["annotations"] = json!([]);
        scratch.write("acme.jsonl", format!("{line}\n"));
        let ran = scratch.run(&["eval", "news", "--predictions", "acme.jsonl"]);
        assert_ne!(ran.code, Some(0));
        assert!(
            ran.stderr.contains(told) && ran.stderr.contains("line 1"),
            "{}",
            ran.stderr
        );
    }
}
