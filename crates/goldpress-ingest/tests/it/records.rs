//! JSON and CSV as programs write them: what no standard has and everybody meets.

use goldpress_ingest::{Asked, Item, Options};
use goldpress_model::Field;

use crate::common::{asked, items, reader, told, told_file, told_file_with};

#[test]
fn json_that_the_standard_forbids_is_read() {
    let lines = [
        r#"{"title":"A","text":"Eins","score":NaN}"#,
        r#"{"title":"B","text":"Zwei","range":[-Infinity,Infinity]}"#,
        r#"{"title":"C","text":"Half \ud83d and \udc00 whole \ud83d\ude00"}"#,
        "{\"title\":\"D\",\"text\":\"Tab\there\",}",
        r#"{"title":"E","text":"#,
    ];
    insta::assert_snapshot!(told_file("a.jsonl", lines.join("\n").as_bytes()), @r"
    a.jsonl 1 @0: Eins []
    a.jsonl 2 @40: Zwei []
    a.jsonl 3 @97: Half � and � whole 😀 [bytes_replaced]
    a.jsonl 4 @162: Tab here []
    a.jsonl 5 @195: broken_record (20 bytes): the record is no JSON: EOF while parsing a value at line 1 column 20
    ");
    let list = format!("[\n{}\n]", lines[..3].join(",\n"));
    insta::assert_snapshot!(told_file("a.json", list.as_bytes()), @r"
    a.json 1 @2: Eins []
    a.json 2 @43: Zwei []
    a.json 3 @101: Half � and � whole 😀 [bytes_replaced]
    ");
}

#[test]
fn lines_that_say_what_to_do_with_the_next_one_hold_no_document() {
    let bulk = "{\"index\":{\"_index\":\"news\",\"_id\":\"1\"}}\n{\"text\":\"Eins\"}\n";
    insta::assert_snapshot!(shown("jsonl", bulk), @r"
    apart: bulk action
    2 @38: Eins [no_headline]
    ");
}

#[test]
fn dates_of_a_database_are_dates() {
    for date in [
        r#"{"$date":"2024-01-02T10:00:00Z"}"#,
        r#"{"$date":1704189600000}"#,
        r#"{"$date":{"$numberLong":"1704189600000"}}"#,
        r#"{"$timestamp":{"t":1704189600,"i":1}}"#,
        r#""2024-01-02T10:00:00Z""#,
    ] {
        let line = format!("{{\"text\":\"Eins\",\"published\":{date}}}");
        assert_eq!(
            stated(&line, Field::DatePublished),
            ["2024-01-02T10:00:00Z"],
            "{date}"
        );
    }
    let odd = r#"{"text":"Eins","published":{"year":2024}}"#;
    insta::assert_snapshot!(shown("jsonl", odd), @"1 @0: Eins [metadata_broken no_headline]");
}

/// Answers of interfaces and search engines, and what is none of them.
#[test]
fn objects_that_are_no_article_but_hold_some_are_opened() {
    let two = r#"[{"title":"A","text":"Eins"},{"title":"B","text":"Zwei"}]"#;
    let hits = r#"[{"_id":"1","_source":{"text":"Eins"}},{"_id":"2","_source":{"text":"Zwei"}}]"#;
    for (name, envelope) in [
        ("a list", format!(r#"{{"status":"ok","n":2,"articles":{two}}}"#)),
        ("any key", format!(r#"{{"beiträge":{two}}}"#)),
        ("deeper", format!(r#"{{"response":{{"status":"ok","results":{two}}},"x":"]}}"}}"#)),
        ("hits", format!(r#"{{"took":1,"hits":{{"total":{{"value":2}},"hits":{hits}}}}}"#)),
        ("facets", format!(r#"{{"docs":{two},"facets":{{"by":[{{"key":"a","n":1}}]}}}}"#)),
        ("keys", r#"{"7":{"title":"A","text":"Eins"},"8":{"title":"B","text":"Zwei"}}"#.into()),
        ("two lists", r#"{"a":[{"title":"A","text":"Eins"}],"b":[{"title":"B","text":"Zwei"}]}"#.into()),
        ("attributes", r#"{"data":[{"id":1,"attributes":{"body":"Eins"}},{"id":2,"attributes":{"body":"Zwei"}}]}"#.into()),
    ] {
        let pretty: serde_json::Value = serde_json::from_str(&envelope).expect("is JSON");
        let pretty = serde_json::to_string_pretty(&pretty).expect("is a value");
        let pages = format!("{envelope}\n{envelope}\n");
        assert_eq!(texts("a.json", &envelope), "Eins|Zwei", "{name}");
        assert_eq!(texts("a.json", &pretty), "Eins|Zwei", "{name}");
        assert_eq!(texts("a.jsonl", &pages), "Eins|Zwei|Eins|Zwei", "{name}");
    }
    for (text, article) in [
        ("Eins", r#"{"text":"Eins","related":[{"title":"B","text":"Zwei"}]}"#),
        ("Eins", r#"{"images":[{"url":"a","text":"Zwei"}],"text":"Eins"}"#),
        ("Eins", r#"{"article":{"title":"A","text":"Eins"}}"#),
        (
            "Eins|no_text",
            r#"{"articles":[{"title":"A","text":"Eins"},{"title":"B","text":null}]}"#,
        ),
        ("no_text", r#"{"authors":[{"name":"Odile Varga","url":"u"}],"title":"A"}"#),
    ] {
        assert_eq!(texts("a.json", article), text, "{article}");
    }
}

#[test]
fn articles_in_an_envelope_keep_their_places() {
    let envelope = "{\"n\": 2, \"items\": [\n {\"text\": \"Eins\"},\n {\"text\": \"Zwei\", \"x\": }\n]}";
    insta::assert_snapshot!(shown("json", envelope), @r"
    1 @21: Eins [no_headline]
    2 @40: broken_record (23 bytes): the record is no JSON: expected value at line 1 column 23
    ");
    let cut = "{\"n\": 2, \"items\": [\n {\"text\": \"Eins\"},\n {\"text\": \"Zw";
    insta::assert_snapshot!(shown("json", cut), @r"
    1 @21: Eins [no_headline]
    2 @40: truncated (12 bytes): the input ends in an object
    ");
    let own = asked(|asked| {
        asked.map = vec![("text".to_owned(), "leib".to_owned())];
    });
    let unknown = r#"{"items": [{"leib": "Eins"}, {"leib": "Zwei"}]}"#;
    insta::assert_snapshot!(told_file_with("a.json", unknown.as_bytes(), &own), @r"
    a.json 1 @11: Eins [no_headline]
    a.json 2 @29: Zwei [no_headline]
    ");
}

#[test]
fn lists_in_one_cell_are_lists() {
    for cell in [
        r#""['Odile Varga', 'Tom Askew']""#,
        r#""['Odile Varga' 'Tom Askew']""#,
        r#""[""Odile Varga"",""Tom Askew""]""#,
        r#""[{'name': 'Odile Varga'}, {'name': 'Tom Askew'}]""#,
        "\"Odile Varga\nTom Askew\"",
    ] {
        let table = format!("text,authors\nEins,{cell}\n");
        let found = items(reader("csv"), table.as_bytes(), &Options::default());
        let Some(Item::Record(record)) = found.first() else {
            panic!("{cell}: {found:?}")
        };
        let authors = record.stated.all(Field::Authors).map(|one| one.value.as_str());
        assert_eq!(authors.collect::<Vec<_>>(), ["Odile Varga", "Tom Askew"], "{cell}");
    }
}

/// The same two rows, as programs write them.
#[test]
fn tables_of_every_dialect_hold_the_same_rows() {
    let lf = "url,title,text\nu1,A,\"One, two; three\"\nu2,B,Four\n";
    let rows = texts("a.csv", lf);
    assert_eq!(rows, "One, two; three|Four");
    for (name, table) in [
        ("old Macs", lf.replace('\n', "\r")),
        ("Windows", lf.replace('\n', "\r\n")),
        ("Python on Windows", lf.replace('\n', "\r\r\n")),
        ("semicolons", "url;title;text\nu1;A;\"One, two; three\"\nu2;B;Four\n".into()),
        (
            "Excel",
            "\u{feff}sep=;\r\nurl;title;text\r\nu1;A;\"One, two; three\"\r\nu2;B;Four"
                .into(),
        ),
        ("tabulators", "url\ttitle\ttext\nu1\tA\tOne, two; three\nu2\tB\tFour\n".into()),
        ("bars", "url|title|text\nu1|A|One, two; three\nu2|B|Four\n".into()),
        (
            "one delimiter more",
            "url,title,text\nu1,A,\"One, two; three\",\nu2,B,Four\n".into(),
        ),
        ("appended", format!("{lf}{}", &lf[..15])),
        (
            "escaped delimiters",
            "url,title,text\nu1,A,One\\, two; three\nu2,B,Four\n".into(),
        ),
    ] {
        assert_eq!(texts("a.csv", &table), rows, "{name}");
    }
}

/// Spark, MySQL and Python write quotation marks so.
#[test]
fn backslashes_escape_where_nothing_else_makes_sense() {
    for (cell, text) in [
        (r#""He said \"no\" to it""#, r#"He said "no" to it"#),
        (r#""He said \"no\", then left""#, r#"He said "no", then left"#),
        ("\"\\\"No\\\" she said\nand left\"", "\"No\" she said⏎and left"),
        (r#""He said \"no\"\nand left""#, "He said \"no\"⏎and left"),
        (r#""C:\data\""#, r"C:\data\"),
        (r#""He said ""no"" to it""#, r#"He said "no" to it"#),
    ] {
        let table = format!("text,title\n{cell},A\nplain,B\n");
        assert_eq!(texts("a.csv", &table), format!("{text}|plain"), "{cell}");
    }
}

#[test]
fn a_table_without_a_header_keeps_its_first_row() {
    let rows = "http://a.example/1,A,Eins\nhttp://a.example/2,B,Zwei\n";
    insta::assert_snapshot!(told_file("a.csv", rows.as_bytes()), @r"
    a.csv 1 @0: no_text (25 bytes): the first row is no header but a record, so nothing says which field is the text: name the columns with --columns, or map them by number, --map text=3
    a.csv 2 @26: no_text (25 bytes): the first row is no header but a record, so nothing says which field is the text: name the columns with --columns, or map them by number, --map text=3
    ");
    let by_number = asked(|asked| asked.map = vec![("text".to_owned(), "3".to_owned())]);
    insta::assert_snapshot!(told_file_with("a.csv", rows.as_bytes(), &by_number), @r"
    a.csv 1 @0: Eins [no_headline]
    a.csv 2 @26: Zwei [no_headline]
    ");
    // Names that nothing maps are names all the same.
    insta::assert_snapshot!(told_file("a.csv", b"titel;inhalt\nA;Eins\n"), @"a.csv 1 @13: no_text (6 bytes): no field holds the text; the record has `titel`, `inhalt`");
    let preset = asked(|asked| asked.preset = Some("trafilatura-csv".to_owned()));
    let row =
        "null\t1\tf\ta.example\tA\tnull\t2024-03-22\tEins, zwei, drei\t\tnull\tnull\n";
    insta::assert_snapshot!(told_file_with("a.csv", row.as_bytes(), &preset), @"a.csv 1 @0: Eins, zwei, drei []");
}

#[test]
fn fields_that_nothing_maps_are_counted() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("a.csv");
    let table = "titel,text,datum\nA,Eins,2024-01-02\nB,Zwei,\n";
    let mut file = std::fs::File::create(&path).expect("has room");
    std::io::Write::write_all(&mut file, table.as_bytes()).expect("has room");
    let hands = crate::common::HANDS;
    let mut sink = |_, _| Ok(());
    let options = Options::new(Asked::default()).expect("is sound");
    let silent = goldpress_ingest::Silent;
    let summary = goldpress_ingest::run(&[path], &options, &hands, &mut sink, &silent);
    let unmapped = summary.expect("the run ends").unmapped;
    let unmapped: Vec<(&str, u64)> =
        unmapped.iter().map(|(k, n)| (k.as_str(), *n)).collect();
    assert_eq!(unmapped, [("datum", 1), ("titel", 2)]);
}

/// Texts and reasons of a file, without their places.
fn texts(name: &str, content: &str) -> String {
    let told = told_file(name, content.as_bytes());
    let line = |line: &str| {
        let what = line.split_once(": ").expect("is told").1;
        let reason = what.split_once(" (").map(|(reason, _)| reason);
        let reason = reason.filter(|reason| *reason == "no_text");
        let text = what.rsplit_once(" [").map_or(what, |(text, _)| text);
        reason.unwrap_or(text).to_owned()
    };
    told.lines().map(line).collect::<Vec<_>>().join("|")
}

fn stated(line: &str, field: Field) -> Vec<String> {
    let found = items(reader("jsonl"), line.as_bytes(), &Options::default());
    let Some(Item::Record(record)) = found.first() else { panic!("{found:?}") };
    record.stated.all(field).map(|value| value.value.clone()).collect()
}

fn shown(format: &str, content: &str) -> String {
    let options = Options::default();
    told(items(reader(format), content.as_bytes(), &options), &options)
}
