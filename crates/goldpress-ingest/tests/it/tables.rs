//! Parquet and Arrow files of `pyarrow`: rows are articles, whatever holds their strings.

use goldpress_ingest::{Asked, Item, Options};
use goldpress_model::Field;

use crate::common::{asked, items, reader, told, told_file_with};

const PARQUET: &[u8] = include_bytes!("../fixtures/pyarrow_26_articles.parquet");
const FEATHER: &[u8] = include_bytes!("../fixtures/pyarrow_26_articles.feather");
const STREAM: &[u8] = include_bytes!("../fixtures/pyarrow_26_articles.arrows");
/// The same with bytes flipped in the bodies of the first row group.
const BROKEN: &[u8] = include_bytes!("../fixtures/pyarrow_26_broken_group.parquet");

#[test]
fn rows_of_parquet_are_articles() {
    insta::assert_snapshot!(shown("parquet", PARQUET), @r"
    1 @4: Die Düne bei Hörnsand ist in der Nacht gebrochen.⏎⏎Verletzt wurde niemand. []
    2 @4: The ferry to Port Selwyn sails again. []
    3 @1263: no_text (32 bytes): no field holds the text; the record has `content`, `section`
    4 @1263: Hamnen i Åsvik stängs i natt. []
    ");
}

#[test]
fn every_shape_of_a_table_holds_the_same_rows() {
    let values = |name: &str, bytes: &[u8]| -> Vec<Vec<u8>> {
        let found = items(reader(name), bytes, &options());
        found.into_iter().filter_map(record_of).map(|record| record.raw.bytes).collect()
    };
    let rows = values("parquet", PARQUET);
    assert_eq!(rows.len(), 3);
    assert_eq!(values("arrow", FEATHER), rows);
    assert_eq!(values("arrow", STREAM), rows);
}

#[test]
fn nested_listed_and_dated_columns_are_fields() {
    let first = items(reader("parquet"), PARQUET, &options()).swap_remove(0);
    let stated = record_of(first).expect("is a record").stated;
    let all =
        |field| stated.all(field).map(|value| value.value.as_str()).collect::<Vec<_>>();
    assert_eq!(all(Field::Authors), ["Ilse Harm", "Tom Brandt"]);
    assert_eq!(all(Field::DatePublished), ["2024-03-22T06:00:00+01:00"]);
    assert_eq!(all(Field::Section), ["Küste"]);
}

#[test]
fn a_broken_row_group_costs_its_own_rows_alone() {
    insta::assert_snapshot!(shown("parquet", BROKEN), @r"
    1 @4: broken_record (0 bytes): 2 rows of row group 1 are lost: the header of a page is no structure of Thrift
    3 @1263: no_text (32 bytes): no field holds the text; the record has `content`, `section`
    4 @1263: Hamnen i Åsvik stängs i natt. []
    ");
}

#[test]
fn a_file_cut_off_is_told() {
    insta::assert_snapshot!(shown("parquet", &PARQUET[..4000]), @"0 @0: broken_record (0 bytes): the file is no sound Parquet: Parquet error: Invalid Parquet file. Corrupt footer");
    insta::assert_snapshot!(shown("arrow", &STREAM[..2000]), @r"
    1 @816: Die Düne bei Hörnsand ist in der Nacht gebrochen.⏎⏎Verletzt wurde niemand. []
    2 @816: The ferry to Port Selwyn sails again. []
    3 @1936: broken_record (0 bytes): the file breaks off in a message of 648 bytes
    ");
}

#[test]
fn a_message_that_lies_about_its_length_sets_no_room_aside() {
    let mut bytes = STREAM.to_vec();
    let limit = |asked: &mut Asked| asked.limits.undone_bytes = 500;
    insta::assert_snapshot!(
        told(items(reader("arrow"), &bytes, &asked(limit)), &options()), @"1 @0: too_large (0 bytes): a message of 600 bytes, over the limit of 500"
    );
    bytes[4..8].copy_from_slice(&i32::MAX.to_le_bytes());
    insta::assert_snapshot!(shown("arrow", &bytes), @"1 @0: too_large (0 bytes): a message of 2147483647 bytes, over the limit of 268435456");
}

#[test]
fn a_page_over_the_limit_is_not_unpacked() {
    let limit = |asked: &mut Asked| asked.limits.undone_bytes = 50;
    insta::assert_snapshot!(
        told(items(reader("parquet"), PARQUET, &asked(limit)), &options()), @r"
    1 @4: too_large (0 bytes): 2 rows of row group 1 are lost: a page of 59 bytes, over the limit of 50
    3 @1263: too_large (0 bytes): 2 rows of row group 2 are lost: a page of 78 bytes, over the limit of 50
    "
    );
}

#[test]
fn a_table_is_found_by_its_bytes_on_disk_and_inside_a_compression() {
    let packed = crate::common::gzip(PARQUET);
    let plain = told_file_with("rows", PARQUET, &options());
    assert_eq!(told_file_with("rows", &packed, &options()), plain);
    assert_eq!(plain.lines().count(), 4);
}

/// Where the fixtures have what.
pub(crate) fn map() -> Vec<(String, String)> {
    let pairs = [("text", "content.body"), ("html", "page")];
    pairs.map(|(ours, theirs)| (ours.to_owned(), theirs.to_owned())).to_vec()
}

fn options() -> Options {
    asked(|asked| asked.map = map())
}

fn record_of(item: Item) -> Option<goldpress_ingest::Record> {
    match item {
        Item::Record(record) => Some(*record),
        _ => None,
    }
}

fn shown(name: &str, bytes: &[u8]) -> String {
    told(items(reader(name), bytes, &options()), &options())
}
