//! `goldpress query`: SQL in every format, to a file, and what it refuses.

use insta::assert_snapshot;

use super::Scratch;

fn dataset() -> Scratch {
    let scratch = Scratch::new();
    for (name, text) in [
        ("a.txt", "Ferry late again\n\nThe ferry to Velmere was late for a third day.\n"),
        ("b.txt", "Council closes pier\n\nThe council of Port Aldery closed the pier.\n"),
    ] {
        scratch.write(&format!("in/{name}"), text);
    }
    scratch.ok(&["ingest", "in", "-o", "news"]);
    scratch
}

#[test]
fn a_count_is_a_count_in_every_format() {
    let scratch = dataset();
    let sql =
        "SELECT file, COUNT(*), MIN(n_words) FROM articles GROUP BY file ORDER BY 1";
    let ask =
        |format: &str| scratch.ok(&["query", "news", sql, "--format", format]).stdout;
    assert_snapshot!(ask("text"), @r"
    file      count_star()  min(n_words)
    in/a.txt             1            13
    in/b.txt             1            11
    ");
    assert_snapshot!(ask("json"), @r#"[{"file":"in/a.txt","count_star()":1,"min(n_words)":13},{"file":"in/b.txt","count_star()":1,"min(n_words)":11}]"#);
    assert_snapshot!(ask("jsonl"), @r#"
    {"file":"in/a.txt","count_star()":1,"min(n_words)":13}
    {"file":"in/b.txt","count_star()":1,"min(n_words)":11}
    "#);
    assert_snapshot!(ask("csv"), @r"
    file,count_star(),min(n_words)
    in/a.txt,1,13
    in/b.txt,1,11
    ");
    assert_snapshot!(ask("md"), @r"
    | file | count_star() | min(n_words) |
    | :--- | ---: | ---: |
    | in/a.txt | 1 | 13 |
    | in/b.txt | 1 | 11 |
    ");
}

#[test]
fn an_answer_goes_to_a_file_whose_name_tells_the_format() {
    let scratch = dataset();
    let sql = "SELECT file, n_words FROM articles ORDER BY record, file";
    for name in ["x.csv", "x.json", "x.jsonl", "x.md", "x.txt", "x.parquet"] {
        let ran = scratch.ok(&["query", "news", sql, "-o", name]);
        assert_eq!(ran.stdout, "", "{name}");
        assert!(std::fs::metadata(scratch.path(name)).unwrap().len() > 20, "{name}");
    }
    assert_eq!(scratch.read("x.csv"), "file,n_words\nin/a.txt,13\nin/b.txt,11\n");
    let bytes = std::fs::read(scratch.path("x.parquet")).unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    let refused = scratch.run(&["query", "news", sql, "-o", "x.pdf"]);
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    assert!(refused.stderr.contains("`x.pdf`") && refused.stderr.contains(".parquet"));
}

#[test]
fn tables_and_columns_are_listed_and_nothing_is_changed() {
    let scratch = dataset();
    assert_eq!(
        scratch.ok(&["query", "news", "SHOW TABLES", "--format", "csv"]).stdout,
        "name\narticles\nraw\nrejects\n"
    );
    let columns = scratch.ok(&["query", "news", "DESCRIBE rejects"]).stdout;
    assert!(columns.contains("byte_offset  BIGINT"), "{columns}");
    let summary = scratch.ok(&["query", "news", "SUMMARIZE articles"]).stdout;
    assert!(summary.lines().any(|line| line.starts_with("n_words")), "{summary}");
    let refused = scratch.run(&["query", "news", "DROP TABLE articles"]);
    assert_eq!(refused.code, Some(2));
    assert_snapshot!(refused.stderr, @r"
    error: cannot query `news`
      because: tables are only read here: `DROP` changes something

    hint: `SHOW TABLES` lists the tables, `DESCRIBE articles` the columns of one
    ");
}
