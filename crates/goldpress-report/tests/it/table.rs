//! One table in every format.

use goldpress_report::{Align, Cell, Format, Table};
use insta::assert_snapshot;

#[test]
fn text_stands_in_columns_and_a_dash_is_undefined() {
    assert_snapshot!(scores().render(Format::Text), @r"
    system             docs      F1
    capitalised-runs  1,204  0.5000
    silent | mute         0       –
    ");
}

#[test]
fn machines_get_null_not_a_dash() {
    assert_snapshot!(scores().render(Format::Jsonl), @r#"
    {"system":"capitalised-runs","docs":1204,"F1":0.5}
    {"system":"silent | mute","docs":0,"F1":null}
    "#);
}

#[test]
fn markdown_escapes_its_own_bars() {
    assert_snapshot!(scores().render(Format::Md), @r"
    | system | docs | F1 |
    | :--- | ---: | ---: |
    | capitalised-runs | 1,204 | 0.5000 |
    | silent \| mute | 0 | – |
    ");
}

#[test]
fn an_article_sends_no_escape_sequence_to_the_terminal() {
    let mut table = Table::new(&[("text", Align::Left)]);
    table.push(vec![Cell::text("\u{1b}[31mred\nnext")]);
    assert_eq!(table.render(Format::Text), "text\n\\u001b[31mred next\n");
}

#[test]
fn csv_quotes_what_must_be_quoted() {
    let mut table = Table::new(&[("text", Align::Left)]);
    table.push(vec![Cell::text("a, \"b\"\nc")]);
    assert_eq!(table.render(Format::Csv), "text\n\"a, \"\"b\"\"\nc\"\n");
}

fn scores() -> Table {
    let columns = [("system", Align::Left), ("docs", Align::Right), ("F1", Align::Right)];
    let mut table = Table::new(&columns);
    let row =
        |name: &str, docs, f1| vec![Cell::text(name), Cell::count(docs), Cell::ratio(f1)];
    table.push(row("capitalised-runs", 1204, Some(0.5)));
    table.push(row("silent | mute", 0, None));
    table
}
