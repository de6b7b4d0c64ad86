//! Hostile text at every output of every verb: nothing that data holds does anything on a
//! terminal, in the log of a build server, in Markdown, CSV, XML or HTML.

use super::{Ran, Scratch};

/// Escape sequences, a mark that turns lines round, commands of a build server.
const DOES: &str =
    "x\u{1b}[2J\u{1b}]0;t\u{7}\u{9b}31m\u{202e}y\r\n::add-mask::x ##[error]z";
/// Markup, a link, somebody mentioned.
const MARKUP: &str = "<script>alert(1)<b> [l](www.e.example) ![i](u) @ada | *b*";
/// What a spreadsheet would run.
const FORMULA: &str = "=HYPERLINK(\"u\")";

/// A dataset whose file, outlet, title, author, answers and labels are hostile, with gold and
/// a baseline that it falls below.
fn newsroom() -> Scratch {
    let scratch = Scratch::new();
    let text = |n: usize| {
        format!("{FORMULA} {MARKUP} {DOES} The council of ward {n} met on 3 March 2024.")
    };
    let record = |n: usize| {
        serde_json::json!({
            "id": n, "title": format!("{FORMULA} {MARKUP} {DOES} {n}"), "text": text(n),
            "author": format!("Ada {MARKUP} {DOES}"), "source": format!("{FORMULA}{MARKUP}{DOES}"),
            "url": format!("https://e.example/{n}?q={MARKUP}"),
        })
    };
    let lines: String = (0..12).map(|n| format!("{}\n", record(n))).collect();
    scratch.write(&format!("in/{FORMULA}{MARKUP}{DOES}.jsonl"), lines);
    scratch.write(&format!("in/{DOES}.png"), "\u{89}PNG\r\n\u{1a}\n");
    scratch.ok(&["init", "news", "--schema", "ner@1"]);
    scratch.ok(&["ingest", "in", "-o", "news"]);
    let shown = scratch.ok(&["show", "news", "--all", "--format", "jsonl"]).stdout;
    for article in shown.lines() {
        let article: serde_json::Value = serde_json::from_str(article).unwrap();
        let doc = article["doc_id"].as_str().unwrap();
        let line = |label: &str| serde_json::json!({"layer": "entity", "label": label, "text": "3 March 2024"});
        scratch.write(&format!("gold/{doc}.jsonl"), format!("{}\n", line("DATE")));
        scratch.write(&format!("right/{doc}.jsonl"), format!("{}\n", line("DATE")));
        scratch.write(&format!("wrong/{doc}.jsonl"), format!("{}\n", line(DOES)));
    }
    let import = ["label", "import", "gold", "--as", "gold", "--dataset", "news"];
    scratch.ok(&[&import[..], &["--reviewed", "entity"]].concat());
    scratch.ok(&["label", "build", "news"]);
    scratch.ok(&["eval", "news", "--predictions", "acme=right", "--fail-on", "none"]);
    scratch.ok(&["accept", "news", "--because", MARKUP]);
    scratch
}

#[test]
fn nothing_that_data_holds_does_anything_at_any_output() {
    let scratch = newsroom();
    let eval = ["eval", "news", "--predictions", "acme=wrong", "--verbose", "--compare"];
    let by_source = ["--by", "source", "--metric", "exact"];
    let named = format!("news/{DOES}");
    let flag = format!("--{DOES}");
    let unknown = format!("acme{DOES}=wrong");
    let long = "n".repeat(300) + "=wrong";
    for args in [
        &["ingest", "in", "-o", "again", "--explain"][..],
        &["ingest", "in", "-o", "twice"],
        &["ingest", &named, "-o", "none"],
        &["show", "news"],
        &["show", "news", "--list"],
        &["show", "news", "--list", "--format", "json"],
        &["show", "news", "--list", "--format", "csv"],
        &["show", "news", "--list", "--format", "md"],
        &["show", "news", "--rejects"],
        &["show", "news", "--rejects", "--format", "md"],
        &["show", "news", "--all", "--format", "jsonl"],
        &["show", "news", DOES],
        &["stats", "news"],
        &["stats", "news", "--format", "md"],
        &["query", "news", "SELECT source, title FROM articles"],
        &["query", "news", "SELECT source, title FROM articles", "--format", "csv"],
        &["query", "news", "SELECT source, title FROM articles", "--format", "md"],
        &["query", "news", DOES],
        &["dedup", "news"],
        &["verify", "news"],
        &["verify", DOES],
        &["label", "check", "news"],
        &["label", "import", "wrong", "--as", "ada", "--dataset", "news"],
        &["label", "import", "wrong", "--as", DOES, "--dataset", "news"],
        &["label", "suspects", "news"],
        &["label", "agree", "news"],
        &["extract", "news", "--system", DOES],
        &[&eval[..], &by_source].concat(),
        &[&eval[..], &by_source, &["--format", "md"]].concat(),
        &[&eval[..], &by_source, &["--format", "csv"]].concat(),
        &[&eval[..], &["--format", "json"]].concat(),
        &[&eval[..], &["--format", "junit"]].concat(),
        &[&eval[..], &["--format", "gitlab"]].concat(),
        &[&eval[..], &["--format", "html"]].concat(),
        &["eval", "news", "--predictions", &unknown],
        &["eval", "news", "--predictions", &long],
        &["eval", "news", "--scope", DOES],
        &["review", "news"],
        &["review", "news", "--format", "md"],
        &["review", "news", "--format", "jsonl"],
        &["accept", "news", "--because", DOES],
        &["schema", DOES],
        &[&flag],
    ] {
        let ran = scratch.run(args);
        only_read(&ran.stdout, args);
        only_read(&ran.stderr, args);
        let format =
            args.iter().position(|arg| *arg == "--format").map(|at| args[at + 1]);
        match format {
            Some("md") => no_markup(&ran, args),
            Some("csv") => no_formula(&ran, args),
            Some("html") => assert!(!ran.stdout.contains("<script>alert"), "{args:?}"),
            _ => {}
        }
    }
}

#[test]
fn commands_for_a_build_server_are_ours_alone() {
    let scratch = newsroom();
    let eval = ["eval", "news", "--predictions", "acme=wrong", "--format", "github"];
    let mut command = scratch.command(&eval);
    let summary = scratch.write("summary.md", "");
    let output = command.env("GITHUB_STEP_SUMMARY", &summary).output().unwrap();
    let ran = Ran::of(&output);
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    assert!(ran.stdout.lines().count() > 3, "{}", ran.stdout);
    for line in ran.stdout.lines() {
        assert!(line.starts_with("::error file="), "{line}");
        let is_safe = |c: char| !c.is_control() && c != '\u{202e}';
        assert!(line.chars().all(is_safe), "{line:?}");
    }
    let summary = Ran { stdout: scratch.read("summary.md"), ..ran };
    no_markup(&summary, &eval);
}

#[track_caller]
fn only_read(text: &str, args: &[&str]) {
    let is_plain =
        |c: char| matches!(c, '\n' | '\t') || !c.is_control() && c != '\u{202e}';
    let odd = text.chars().find(|c| !is_plain(*c));
    assert_eq!(odd, None, "goldpress {args:?}\n{text}");
    for line in text.lines() {
        let is_command = line.trim_start().starts_with("::") || line.contains("##[");
        assert!(!is_command, "goldpress {args:?}\n{line}");
    }
}

#[track_caller]
fn no_markup(ran: &Ran, args: &[&str]) {
    for live in ["<script", "<b>", " [l](", " ![i](", "www.e.example", " @ada", " *b*"] {
        assert!(!ran.stdout.contains(live), "{live}: goldpress {args:?}\n{}", ran.stdout);
    }
}

#[track_caller]
fn no_formula(ran: &Ran, args: &[&str]) {
    let cells = ran.stdout.lines().flat_map(|line| line.split(','));
    let is_run = |cell: &&str| cell.trim_start_matches('"').starts_with(['=', '@', '+']);
    let run: Vec<&str> = cells.filter(is_run).collect();
    assert_eq!(run, [""; 0], "goldpress {args:?}\n{}", ran.stdout);
}

#[test]
fn an_expression_that_fits_everywhere_parts_nothing() {
    let scratch = Scratch::new();
    scratch.write("a.txt", "One.\n\nTwo.");
    for expression in ["", "^$", "x*"] {
        let ran = scratch.run(&["ingest", "a.txt", "-o", "n", "--split-on", expression]);
        assert_eq!(ran.code, Some(2), "{expression}: {}", ran.stderr);
        assert!(ran.stderr.contains("fits an empty line"), "{}", ran.stderr);
    }
}
