//! `goldpress label import` and `goldpress label export`: labels in, out, and in again.

use insta::assert_snapshot;

use super::{Ran, Scratch};

#[test]
fn what_goes_out_to_brat_comes_back_as_the_same_lines() {
    let scratch = harbour();
    let out = scratch.ok(&export("brat", &[]));
    assert_snapshot!(out.stderr, @"export brat → out-brat   1 article, 2 annotations     lost   provenance 2");
    assert_snapshot!(out.stdout, @r"
    out-brat/annotation.conf
    out-brat/cbc11b0c08e0582b0fbc578b89004ba4.ann
    out-brat/cbc11b0c08e0582b0fbc578b89004ba4.txt
    ");
    scratch.ok(&["ingest", "a.txt", "-o", "again"]);
    let back = ["label", "import", "out-brat", "--as", "ada", "--dataset", "again"];
    assert_snapshot!(scratch.ok(&back).stderr, @r"
      entity       GPE 1
      timex        DATE 1
    brat: 2 annotations of 1 article into `ada` · offsets are code-point in 1

    hint: if these articles were read from end to end, say so: --reviewed entity,timex; only then are they scored
    ");
    let before = label_file(&scratch, "news");
    assert_snapshot!(before, @r#"
    {"chars":180,"doc":"cbc11b0c08e0582b0fbc578b89004ba4","goldpress_labels":1,"set":"ada"}
    {"attrs":{"mention":"NAM"},"fragments":[[30,41]],"id":"80360d5538d8","label":"GPE","layer":"entity","origin":{"imported":{"format":"jsonl"}},"status":"accepted","text":"Port Aldery"}
    {"fragments":[[52,58]],"id":"7d84c0bcaf0e","label":"DATE","layer":"timex","origin":{"imported":{"format":"jsonl"}},"status":"accepted","text":"Monday"}
    "#);
    let origin = r#""origin":{"imported":{"format":"brat""#;
    let after = label_file(&scratch, "again");
    assert!(after.contains(origin), "{after}");
    assert_eq!(without_origin(&before), without_origin(&after));
}

#[test]
fn jsonl_comes_back_byte_for_byte() {
    let scratch = harbour();
    scratch.ok(&export("jsonl", &[]));
    scratch.ok(&["ingest", "a.txt", "-o", "again"]);
    scratch.ok(&["label", "import", "out-jsonl", "--as", "ada", "--dataset", "again"]);
    assert_eq!(label_file(&scratch, "news"), label_file(&scratch, "again"));
}

#[test]
fn an_export_that_would_lose_content_writes_nothing_and_ends_with_1() {
    let scratch = harbour();
    // `mention` is what an import writes by itself: only the chain is lost.
    let chained = line("ORG", 145, "port authority")
        .replace("}\n", ",\"attrs\":{\"mention\":\"NAM\",\"coref\":\"c1\"}}\n");
    scratch.write("gold/b.jsonl", chained);
    let import = ["label", "import", "gold/b.jsonl", "--as", "ada", "--doc", "a"];
    scratch.ok(&[&import[..], &["--dataset", "news"]].concat());
    let refused = scratch.run(&export("doccano", &["--report", "loss.json"]));
    assert_eq!(refused.code, Some(1), "{}", refused.stderr);
    assert_snapshot!(refused.stderr, @r"
    export doccano → out-doccano   1 article, 3 annotations     lost   attribute 1 · provenance 3   nothing was written
    error: cannot export `ada`
      because: `doccano` has no room for attribute 1

    hint: --allow-loss writes what there is room for
    ");
    assert!(!scratch.path("out-doccano").exists());
    assert_snapshot!(scratch.read("loss.json"), @r#"{"annotations":3,"articles":1,"files":[],"format":"doccano","lost":{"attribute":1,"provenance":3},"output":"out-doccano","written":false}"#);
    let allowed = scratch.ok(&export("doccano", &["--allow-loss"]));
    assert_snapshot!(allowed.stderr, @"export doccano → out-doccano   1 article, 3 annotations     lost   attribute 1 · provenance 3");
    assert_snapshot!(scratch.read("out-doccano/doccano.jsonl"), @r#"{"id":1,"text":"Harbour opens\n\nThe harbour of Port Aldery opened on Monday.\n\nFerries from the north will call there twice a day until the end of the summer, the port authority said in a statement.","Comments":[],"entities":[{"id":0,"label":"GPE","start_offset":30,"end_offset":41},{"id":1,"label":"DATE","start_offset":52,"end_offset":58},{"id":2,"label":"ORG","start_offset":145,"end_offset":159}],"relations":[]}"#);
}

#[test]
fn a_layer_can_leave_alone() {
    let scratch = harbour();
    let one = scratch.ok(&export("conll", &["--layer", "timex", "--allow-loss"]));
    assert_snapshot!(one.stderr, @"export conll → out   1 article, 1 annotation     lost   provenance 1");
}

#[test]
fn what_the_arguments_get_wrong_ends_with_2() {
    let scratch = harbour();
    let gone = ["label", "export", "--to", "brat", "--set", "bo", "-o", "out"];
    let gone = scratch.run(&[&gone[..], &["--dataset", "news"]].concat());
    assert_snapshot!(refusal(&gone), @r"
    error: cannot export `bo`
      because: there is no layer set `bo`

    hint: one of: ada
    ");
    let layer = scratch.run(&export("brat", &["--layer", "mood"]));
    assert_snapshot!(refusal(&layer), @r"
    error: cannot export `ada`
      because: `news@1` has no layer `mood`

    hint: goldpress label export --help
    ");
    let format = scratch.run(&export("wcxb", &[]));
    assert_snapshot!(refusal(&format), @r"
    error: the command line cannot be read
      because: invalid value 'wcxb' for '--to <FORMAT>'
        [possible values: brat, cas-json, conll, doccano, gate, hf, jsonl, label-studio, prodigy, spacy, w3c]

    hint: a similar value exists: 'w3c'
    ");
    scratch.write("c.jsonl", line("SHIP", 5, "Aldery ferry"));
    let label = ["label", "import", "c.jsonl", "--as", "ada", "--doc", "a"];
    let label = scratch.run(&[&label[..], &["--dataset", "news"]].concat());
    assert_snapshot!(refusal(&label), @r"
    error: cannot import into `news`
      because: label-unknown: the schema `news@1` has no label for
      `entity/SHIP`: --map entity/SHIP=LAYER/LABEL or --ignore entity/SHIP
      or a schema that has them: --schema ner@1 takes any label, --schema infer writes one down

    hint: goldpress label import --help
    ");
}

#[test]
fn columns_are_read_with_their_scheme_and_layer() {
    let scratch = harbour();
    let text = text("The harbour of Port Aldery opened on Monday.");
    let tagged = text.split_whitespace().map(|word| match word {
        "Port" => "Port\tB-GPE\n".to_owned(),
        "Aldery" => "Aldery\tE-GPE\n".to_owned(),
        word => format!("{word}\tO\n"),
    });
    scratch.write("a.conll", tagged.collect::<String>());
    let import = ["label", "import", "a.conll", "--as", "cy", "--dataset", "news"];
    let asked = ["--scheme", "iobes", "--layer", "entity", "--report", "import.json"];
    let ran = scratch.ok(&[&import[..], &asked].concat());
    assert_snapshot!(ran.stderr, @r"
      entity       GPE 1
      entity.mention = NAM in 1 annotation: the files do not say (--set-attr entity.mention=VALUE for another)
    conll: 1 annotation of 1 article into `cy` · offsets are code-point in 1

    hint: if these articles were read from end to end, say so: --reviewed entity; only then are they scored
    ");
    assert_snapshot!(scratch.read("import.json"), @r#"{"articles":1,"counts":{"entity/GPE":1},"done":{},"files":1,"filled":{"entity.mention=NAM":1},"format":"conll","held":0,"lost":{},"lost_attrs":{},"mapping":{},"notes":[],"offsets":{"code-point":1},"set":"cy","skipped":{},"suggested":{},"written":true}"#);
}

#[test]
fn a_dataset_is_made_of_the_texts_that_labels_came_with() {
    let scratch = Scratch::new();
    let rows = ["Port\tB-GPE", "Aldery\tI-GPE", "opened", "", "Varnholt\tB-GPE", "slept"];
    let tagged = |row: &&str| match row.contains('\t') || row.is_empty() {
        true => format!("{row}\n"),
        false => format!("{row}\tO\n"),
    };
    scratch.write("two.conll", rows.iter().map(tagged).collect::<String>());
    let import = ["label", "import", "two.conll", "--as", "cy", "--dataset", "two"];
    let asked = ["--ingest", "--sentences", "1", "--layer", "entity"];
    let ran = scratch.ok(&[&import[..], &asked].concat());
    let account = ran.stderr.lines().find(|line| line.starts_with("conll")).unwrap();
    assert_snapshot!(account, @"conll: 2 annotations of 2 articles into `cy` · offsets are code-point in 2");
    assert_eq!(scratch.read("two/imported/two.txt"), "Port Aldery opened");
    scratch.ok(&["label", "check", "two"]);
}

/// A dataset of one article, with two annotations of `ada`.
pub(super) fn harbour() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("a.txt", text("The harbour of Port Aldery opened on Monday."));
    scratch.ok(&["ingest", "a.txt", "-o", "news"]);
    let lines = [
        line("GPE", 30, "Port Aldery")
            .replace("}\n", ",\"attrs\":{\"mention\":\"NAM\"}}\n"),
        line("DATE", 52, "Monday").replace("entity", "timex"),
    ];
    scratch.write("gold/a.jsonl", lines.concat());
    let import = ["label", "import", "gold/a.jsonl", "--as", "ada", "--dataset", "news"];
    scratch.ok(&import);
    scratch
}

/// The text of the article, with a second line of one's own.
pub(super) fn text(line: &str) -> String {
    format!(
        "Harbour opens\n\n{line}\n\nFerries from the north will call there twice a day \
         until the end of the summer, the port authority said in a statement.\n"
    )
}

/// A line of the import format `jsonl`.
pub(super) fn line(label: &str, start: usize, text: &str) -> String {
    let end = start + text.chars().count();
    format!(
        "{{\"layer\":\"entity\",\"label\":\"{label}\",\
         \"fragments\":[[{start},{end}]],\"text\":\"{text}\"}}\n"
    )
}

fn export<'a>(to: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let out = match to {
        "brat" => "out-brat",
        "jsonl" => "out-jsonl",
        "doccano" => "out-doccano",
        _ => "out",
    };
    let all = ["label", "export", "--to", to, "--set", "ada", "-o", out];
    [&all[..], &["--dataset", "news"], more].concat()
}

/// The one label file of `ada`.
fn label_file(scratch: &Scratch, dataset: &str) -> String {
    let folder = format!("{dataset}/labels/ada");
    let mut names = std::fs::read_dir(scratch.path(&folder)).unwrap();
    let name = names.next().unwrap().unwrap().file_name();
    scratch.read(&format!("{folder}/{}", name.to_str().unwrap()))
}

/// Lines of a label file without where they came from.
fn without_origin(file: &str) -> Vec<String> {
    let cut = |line: &str| {
        let (head, rest) = line.split_once("\"origin\"").unwrap_or((line, ""));
        let tail = rest.split_once("\"status\"").map_or("", |(_, tail)| tail);
        format!("{head}{tail}")
    };
    file.lines().map(cut).collect()
}

/// What a refused command says; its exit code is 2.
#[track_caller]
fn refusal(ran: &Ran) -> String {
    assert_eq!(ran.code, Some(2), "{}\n{}", ran.stdout, ran.stderr);
    ran.stderr.clone()
}

/// An article that lost an annotation on its way in is not one without annotations.
#[test]
fn a_layer_of_which_something_was_rejected_is_not_done() {
    let scratch = harbour();
    let lines = [(30, "Port Aldery"), (42, "opened"), (49, "in")]
        .map(|(at, text)| line("LOC", at, text));
    scratch.write("wrong/a.jsonl", lines.concat());
    let import = ["label", "import", "wrong/a.jsonl", "--as", "cy", "--doc", "a"];
    let told = scratch
        .ok(&[&import[..], &["--dataset", "news", "--reviewed", "entity,timex"]].concat())
        .stderr;
    assert!(told.contains("rejected: text-differs"), "{told}");
    assert!(told.contains("not-done: rejected: `entity`: something of it"), "{told}");
    let file = std::fs::read_dir(scratch.path("news/labels/cy")).unwrap().next().unwrap();
    let file = std::fs::read_to_string(file.unwrap().path()).unwrap();
    let covers = |layer: &str| file.contains(&format!("{{\"of\":\"{layer}\"}}"));
    assert!(covers("timex") && !covers("entity"), "{file}");
}

#[test]
fn a_label_file_comes_in_as_it_is() {
    let scratch = harbour();
    let ada = scratch.path("news/labels/ada");
    let own = std::fs::read_dir(&ada).unwrap().next().unwrap().unwrap().path();
    let import = ["label", "import", own.to_str().unwrap(), "--as", "copy"];
    scratch.ok(&[&import[..], &["--dataset", "news"]].concat());
    let copy = scratch.path("news/labels/copy").join(own.file_name().unwrap());
    let read = |path: &std::path::Path| std::fs::read_to_string(path).unwrap();
    let lines = |text: String| -> Vec<String> {
        text.lines()
            .skip(1)
            .filter(|l| !l.contains("\"review\""))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(lines(read(&copy)), lines(read(&own)));
}
