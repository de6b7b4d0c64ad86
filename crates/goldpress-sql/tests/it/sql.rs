//! Every verb of SQL that the documents name, on a small dataset.

use goldpress_sql::{Runs, Table, query};
use goldpress_store::{
    Dataset,
    samples::{self, kept, refused},
};

#[test]
fn rows_are_chosen_ordered_and_cut() {
    let table = ask("SELECT headline, n_chars, record FROM articles WHERE n_chars > 10 \
         ORDER BY n_chars DESC, record LIMIT 2");
    assert_eq!(table, "headline,n_chars,record\nZürich,59,1\nZürich,59,3\n");
}

#[test]
fn rows_are_grouped_and_counted() {
    let table = ask("SELECT lang, COUNT(*) AS n, COUNT(DISTINCT body_id) AS bodies, \
         AVG(n_chars) AS mean FROM articles GROUP BY lang HAVING COUNT(*) > 1");
    assert_eq!(table, "lang,n,bodies,mean\nen,4,3,42.75\n");
}

#[test]
fn tables_are_joined() {
    let table =
        ask("SELECT a.record, r.http_status, r.bytes FROM articles a JOIN raw r \
         ON a.raw_id = r.raw_id ORDER BY a.record LIMIT 1");
    assert_eq!(table, "record,http_status,bytes\n1,200,3c703e7061676520313c2f703e\n");
    let table = ask("SELECT record FROM articles WHERE doc_id IN \
         (SELECT dup_of FROM articles WHERE dup_of IS NOT NULL) ORDER BY record");
    assert_eq!(table, "record\n1\n3\n");
}

#[test]
fn lists_are_taken_apart() {
    let table =
        ask("SELECT record, UNNEST(authors) AS author FROM articles WHERE record = 1");
    assert_eq!(table, "record,author\n1,Inês Quillan\n1,Ḟ Orme\n");
    let table = ask("WITH b AS (SELECT UNNEST(blocks) AS block FROM articles) \
         SELECT block.role AS role, COUNT(*) AS n FROM b GROUP BY role ORDER BY role");
    assert_eq!(table, "role,n\nparagraph,5\ntitle,4\n");
    let table = ask(
        "SELECT ARRAY_LENGTH(authors) AS n, ARRAY_TO_STRING(authors, '; ') AS names \
         FROM articles WHERE ARRAY_CONTAINS(authors, 'Inês Quillan') LIMIT 1",
    );
    assert_eq!(table, "n,names\n2,Inês Quillan; Ḟ Orme\n");
}

#[test]
fn text_is_searched() {
    let table = ask("SELECT record FROM articles WHERE text LIKE '%Elmsworth%'");
    assert_eq!(table, "record\n2\n");
    let table =
        ask("SELECT record FROM articles WHERE headline ILIKE 'züR%' ORDER BY record");
    assert_eq!(table, "record\n1\n3\n");
    let table = ask("SELECT record FROM articles WHERE REGEXP_LIKE(text, '[0-9]+ jobs')");
    assert_eq!(table, "record\n2\n");
    let table = ask("SELECT record FROM articles WHERE text ~ '^A '");
    assert_eq!(table, "record\n5\n");
}

#[test]
fn cases_and_strings() {
    let table =
        ask("SELECT CASE WHEN n_chars > 50 THEN 'long' ELSE 'short' END AS length, \
         COUNT(*) AS n FROM articles GROUP BY length ORDER BY length");
    assert_eq!(table, "length,n\nlong,2\nshort,2\n");
    let table =
        ask("SELECT UPPER(SUBSTR(headline, 1, 3)) || '!' AS x FROM articles LIMIT 1");
    assert_eq!(table, "x\nZÜR!\n");
}

#[test]
fn rows_are_numbered_and_ranked() {
    let table = ask("SELECT record, ROW_NUMBER() OVER (ORDER BY record DESC) AS n, \
         RANK() OVER (ORDER BY n_chars DESC) AS by_length FROM articles ORDER BY record");
    assert_eq!(table, "record,n,by_length\n1,4,1\n2,3,3\n3,2,1\n5,1,4\n");
}

#[test]
fn times_are_written_in_utc() {
    let table =
        ask("SELECT fetched_at, EXTRACT(YEAR FROM fetched_at) AS year FROM articles \
         WHERE fetched_at > '2023-01-01' LIMIT 1");
    assert_eq!(table, "fetched_at,year\n2023-11-14T22:13:20.000001Z,2023\n");
}

#[test]
fn a_whole_row_can_be_had() {
    for table in ["articles", "raw", "rejects"] {
        assert!(ask(&format!("SELECT * FROM {table}")).lines().count() > 1);
    }
}

#[test]
fn json_keeps_lists_numbers_and_null() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = small(folder.path());
    let sql = "SELECT record, dup_of, lang_score, flaws FROM articles LIMIT 1";
    let table = query(&dataset, sql, &Runs::Latest).unwrap();
    let mut lines = Vec::new();
    table.write_jsonl(&mut lines).unwrap();
    assert_eq!(
        String::from_utf8(lines).unwrap(),
        "{\"record\":1,\"dup_of\":null,\"lang_score\":0.75,\
         \"flaws\":[{\"flaw\":\"entities_left\",\"count\":2}]}\n"
    );
}

#[test]
fn a_refused_question_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = small(folder.path());
    let refused =
        |sql: &str| query(&dataset, sql, &Runs::Latest).unwrap_err().to_string();
    assert_eq!(
        refused("SELECT * FROM article"),
        "there is no table `article`; there are `articles`, `raw`, `rejects`, \
         `annotations`, `dedup`, `predictions`, `timings`, `counts`"
    );
    assert_eq!(
        refused("SELECT * FROM annotations"),
        "table `annotations` is not there yet; `goldpress label build` makes it"
    );
    assert!(refused("SELEC 1").contains("Expected: an SQL statement, found: SELEC"));
    assert!(refused("SELECT a FROM articles").contains("unable to find column \"a\""));
}

#[track_caller]
fn ask(sql: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let dataset = small(folder.path());
    let table: Table =
        query(&dataset, sql, &Runs::Latest).unwrap_or_else(|e| panic!("{sql}: {e}"));
    let mut csv = Vec::new();
    table.write_csv(&mut csv).unwrap();
    String::from_utf8(csv).unwrap()
}

pub(crate) fn small(root: &std::path::Path) -> Dataset {
    let records = vec![
        kept(1, &["Zürich", "The SNB held rates.", "🚀 Kag̃uary Freight will lease."]),
        kept(2, &["Port Elmsworth", "“It keeps 140 jobs,” she said."]),
        kept(3, &["Zürich", "The SNB held rates.", "🚀 Kag̃uary Freight will lease."]),
        refused(4),
        kept(5, &["A third"]),
    ];
    samples::write(root, records).unwrap()
}
