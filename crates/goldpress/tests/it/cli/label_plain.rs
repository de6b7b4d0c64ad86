//! Plain gold of other tools, without what `news@1` asks for: in few commands it is scored.

use insta::assert_snapshot;

use super::{Scratch, readme};

/// Two documents of somebody's own labels, as CoNLL-2003 has them.
const GOLD: &str = "-DOCSTART- -X- O O\n\nOdile\tB-PER\nVarga\tI-PER\nleft\tO\nVelmere\tB-LOC\n.\tO\n\n\
                    -DOCSTART- -X- O O\n\nThe\tO\nKestrel\tB-ship/ferry\nsank\tO\n.\tO\n\n";

#[test]
fn names_of_any_label_are_gold_after_one_command_and_scored_after_three() {
    let scratch = Scratch::new();
    scratch.write("gold.conll", GOLD);
    let import = ["label", "import", "gold.conll", "--ingest", "--schema", "ner@1"];
    let told = ["--as", "gold", "--reviewed", "entity", "--dataset", "ner"];
    let ran = scratch.ok(&[&import[..], &told].concat());
    let account: Vec<&str> = ran.stderr.lines().skip(3).collect();
    assert_snapshot!(account.join("\n"), @r"
      entity       LOC 1 · PER 1 · ship-ferry 1
      ship/ferry became entity/ship-ferry
    conll: 3 annotations of 2 articles into `gold` · offsets are code-point in 2 · entity done in 2
    ");
    scratch.ok(&["label", "check", "ner"]);
    scratch.ok(&["label", "build", "ner"]);
    let missed = GOLD.replace("B-LOC", "O").replace("B-ship/ferry", "B-VESSEL");
    scratch.write("mine.conll", missed);
    let eval = ["eval", "ner", "--predictions", "mine.conll", "--fail-on", "none"];
    let scores = scratch.ok(&[&eval[..], &["--format", "csv"]].concat()).stdout;
    let strict: Vec<&str> =
        scores.lines().filter(|line| line.contains(",strict,")).collect();
    assert_snapshot!(strict.join("\n"), @r"
    entity,mine,strict,micro,*,,,2,1,3,1,1,2,1,0.5,0.3333333333333333,0.4,
    entity,mine,strict,macro-label,*,,,2,3,3,,,,1,1.0,0.3333333333333333,0.3333333333333333,
    entity,mine,strict,macro-document,*,,,2,2,3,,,,1,0.5,0.25,0.3333333333334849,
    entity,mine,strict,label,LOC,,,2,1,1,0,0,1,1,,0.0,0.0,
    entity,mine,strict,label,PER,,,2,1,1,1,0,0,1,1.0,1.0,1.0,
    entity,mine,strict,label,VESSEL,,,2,1,0,0,1,0,1,0.0,,0.0,
    entity,mine,strict,label,ship-ferry,,,2,1,1,0,0,1,1,,0.0,0.0,
    ");
}

#[test]
fn a_required_attribute_has_its_default_and_is_told_once() {
    let scratch = Scratch::new();
    let tasks = [
        r#"{"id":1,"data":"Odile Varga left Velmere.","label":[[0,11,"PERSON"],[17,24,"GPE"]]}"#,
        r#"{"id":2,"data":"Rell slept on Monday.","label":[[0,4,"GPE"],[14,20,"DATE"]]}"#,
        r#"{"id":3,"data":"Byrne woke on Friday.","label":[[0,5,"PERSON"],[14,20,"DATE"]]}"#,
    ];
    scratch.write("tasks.jsonl", tasks.join("\n"));
    let import = ["label", "import", "tasks.jsonl", "--ingest", "--dataset", "news"];
    let told = ["--as", "gold", "--reviewed", "entity,timex", "--report", "a.json"];
    let ran = scratch.ok(&[&import[..], &told].concat());
    let account: Vec<&str> = ran.stderr.lines().skip(3).collect();
    assert_snapshot!(account.join("\n"), @r"
    2 articles, first gold/8b850de0a0f349e0c6591cb96a08fa46: not-done: value-missing: `timex` in one of its lines: attribute `value` is required
      entity       GPE 2 · PERSON 2
      timex        DATE 2
      entity.mention = NAM in 4 annotations: the files do not say (--set-attr entity.mention=VALUE for another)
    doccano: 6 annotations of 3 articles into `gold` · offsets are code-point in 3 · entity done in 3, timex done in 1

    hint: --set-attr timex.value=VALUE says it for all, or choose a schema that does not ask for it: --schema ner@1
    ");
    let chosen = ["label", "import", "tasks.jsonl", "--dataset", "news", "--as", "bo"];
    let chosen = [&chosen[..], &["--set-attr", "entity.mention=NOM"]].concat();
    let chosen = [&chosen[..], &["--set-attr", "timex.value=XXXX-WXX-1"]].concat();
    let chosen = scratch.ok(&[&chosen[..], &["--reviewed", "entity,timex"]].concat());
    assert_snapshot!(chosen.stderr, @r"
      entity       GPE 2 · PERSON 2
      timex        DATE 2
      entity.mention = NOM in 4 annotations: the files do not say (--set-attr entity.mention=VALUE for another)
      timex.value = XXXX-WXX-1 in 2 annotations: the files do not say (--set-attr timex.value=VALUE for another)
    doccano: 6 annotations of 3 articles into `bo` · offsets are code-point in 3 · entity done in 3, timex done in 3
    ");
    let wrong = ["label", "import", "tasks.jsonl", "--dataset", "news", "--as", "cy"];
    let wrong =
        scratch.run(&[&wrong[..], &["--set-attr", "entity.mention=NOUN"]].concat());
    assert_eq!(wrong.code, Some(2));
    assert_snapshot!(wrong.stderr, @r"
    error: cannot import into `news`
      because: value-invalid: `entity.mention` is one of NAM, NOM, PRO

    hint: goldpress label import --help
    ");
}

#[test]
fn labels_of_files_are_written_down_as_a_schema_and_later_files_add_theirs() {
    let scratch = Scratch::new();
    scratch.write("one/a.txt", "Odile Varga left Velmere for good.\n");
    scratch.write(
        "one/a.ann",
        "T1\tPER 0 11\tOdile Varga\nT2\tLOC 17 24\tVelmere\nR1\tleft Arg1:T1 Arg2:T2\nA1\tSure T1\n",
    );
    scratch.write("two/b.txt", "The Kestrel sank in March.\n");
    scratch.write("two/b.ann", "T1\tSHIP 4 11\tKestrel\nA1\tKind T1 ferry\n");
    let import = |path| {
        let import = ["label", "import", path, "--ingest", "--schema", "infer"];
        [&import[..], &["--as", "gold", "--dataset", path]].concat()
    };
    scratch.ok(&import("one"));
    let found =
        |toml: &str| toml.split_once("\n[schema]\n").map(|(_, found)| found.to_owned());
    assert_snapshot!(found(&scratch.read("one/goldpress.toml")).unwrap(), @r#"
    name = "own"
    version = 1

    [[schema.layers]]
    name = "entity"
    kind = "span"
    scope = "all"
    overlap = "any"
    labels = ["LOC", "PER"]
    attrs = [{ name = "Sure", type = "bool" }]

    [[schema.layers]]
    name = "relation"
    kind = "relation"
    scope = "all"
    overlap = "any"
    labels = ["left"]
    args = [{ max = 1, min = 1, role = "head", target = ["entity"] }, { max = 1, min = 1, role = "tail", target = ["entity"] }]

    #: End of the labels that were found.
    "#);
    let more = ["label", "import", "two", "--as", "gold", "--dataset", "one"];
    scratch.ok(&["ingest", "one/a.txt", "two/b.txt", "-o", "one", "--replace"]);
    scratch.ok(&[&more[..], &["--schema", "infer"]].concat());
    let labels = scratch.read("one/goldpress.toml");
    assert!(labels.contains("labels = [\"LOC\", \"PER\", \"SHIP\"]"), "{labels}");
    scratch.ok(&["label", "check", "one"]);
}

#[test]
fn a_schema_of_ones_own_is_a_list_of_names() {
    let scratch = Scratch::new();
    scratch.write(
        "goldpress.toml",
        "[schema]\nname = \"mine\"\nversion = 1\n\n[[schema.layers]]\nname = \"entity\"\n\
         kind = \"span\"\nlabels = [\"PER\", { name = \"LOC\", guide = \"A place.\" }]\n",
    );
    let page = scratch.ok(&["schema", "--guide"]).stdout;
    assert!(page.contains("| `LOC` | A place. |"), "{page}");
    scratch.ok(&["init", "other", "--schema", "spans@1"]);
    let open = scratch.ok(&["schema", "other", "--guide"]).stdout;
    assert!(open.contains("Any label may stand here."), "{open}");
    let again = ["label", "import", "goldpress.toml", "--as", "ada", "--schema", "ner@1"];
    let again = scratch.run(&again);
    assert_eq!(again.code, Some(2), "{}", again.stderr);
    assert!(
        again.stderr.contains("chooses the schema already: mine@1"),
        "{}",
        again.stderr
    );
}

#[test]
fn the_readme_takes_a_project_of_names_to_a_gate_in_five_commands() {
    let scratch = Scratch::new();
    let sentence = |n: usize, tag: &str| {
        let name = ["Varga", "Byrne", "Askew", "Rell"][n % 4];
        format!(
            "-DOCSTART- -X- O O\n\n{name}\t{tag}\nsaw\tO\nVelmere\tB-LOC\nin\tO\n{n}\tO\n\n"
        )
    };
    let file = |tag: &str| (0..30).map(|n| sentence(n, tag)).collect::<String>();
    scratch.write("gold.conll", file("B-PER"));
    scratch.write("tagger.conll", file("B-PER"));
    let session = readme("--schema ner@1");
    assert_eq!(session.len(), 5);
    for line in &session {
        let ran = scratch.line(line);
        assert_eq!(ran.code, Some(0), "{line}\n{}{}", ran.stdout, ran.stderr);
    }
    scratch.write("tagger.conll", file("O"));
    let worse = scratch.line(&session[4]);
    assert_eq!(worse.code, Some(3), "{}{}", worse.stdout, worse.stderr);
}
