//! Parquet and Arrow files as programs write them: rows are articles, whatever holds their
//! strings.

use goldpress_ingest::{Asked, Item, Options};
use goldpress_model::Field;

use crate::common::{asked, items, reader, told, told_file_with};

const PARQUET: &[u8] = include_bytes!("../fixtures/pyarrow_26_articles.parquet");
const FEATHER: &[u8] = include_bytes!("../fixtures/pyarrow_26_articles.feather");
const STREAM: &[u8] = include_bytes!("../fixtures/pyarrow_26_articles.arrows");
/// The same with bytes flipped in the bodies of the first row group.
const BROKEN: &[u8] = include_bytes!("../fixtures/pyarrow_26_broken_group.parquet");

/// Three articles each, written by the programs in their names.
const WRITTEN: &[(&str, &[u8])] = &[
    ("polars.arrow", POLARS),
    ("polars_1.arrow", include_bytes!("../fixtures/polars_1.9.arrow")),
    ("polars_1.arrows", include_bytes!("../fixtures/polars_1.20_lz4.arrows")),
    ("old.arrow", include_bytes!("../fixtures/polars_2.1_old_strings.arrow")),
    ("polars.arrows", include_bytes!("../fixtures/polars_2.1_lz4.arrows")),
    ("views.arrow", include_bytes!("../fixtures/pyarrow_26_views.arrow")),
    ("delta.arrows", DELTA),
    ("duckdb.arrow", include_bytes!("../fixtures/duckdb_2.0_views.arrow")),
];
const POLARS: &[u8] = include_bytes!("../fixtures/polars_2.1_zstd.arrow");
const TWO_BATCHES: &[u8] = include_bytes!("../fixtures/polars_2.1_two_batches.arrow");
const DELTA: &[u8] = include_bytes!("../fixtures/pyarrow_26_delta.arrows");

#[test]
fn arrow_files_of_every_program_hold_the_same_articles() {
    for (name, bytes) in WRITTEN {
        let told = told_file_with(name, bytes, &Options::default());
        let lines = told.lines().map(|line| line.split_once(": ").expect("is told").1);
        insta::allow_duplicates! {
            insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r"
            Die Düne bei Hörnsand ist in der Nacht gebrochen, verletzt wurde niemand. []
            The ferry to Port Selwyn sails again. []
            Hamnen i Åsvik stängs i natt, skriver tidningen. [no_headline]
            ");
        }
        let packed = crate::common::gzip(bytes);
        assert_eq!(told_file_with(name, &packed, &Options::default()), told);
        let first = items(reader("arrow"), bytes, &Options::default()).swap_remove(0);
        let stated = record_of(first).expect("is a record").stated;
        assert_eq!(stated.get(Field::Section), Some("Küste"), "{name}");
        assert_eq!(stated.all(Field::Authors).count(), 2, "{name}");
        let date = stated.get(Field::DatePublished).map(|date| &date[..16]);
        assert_eq!(date, Some("2024-03-22T05:00"), "{name}");
    }
}

/// Polars does not begin its files as the stream that the format asks for.
#[test]
fn an_arrow_file_is_read_by_its_directory_and_without_one_as_a_stream() {
    let shown = |name: &str, bytes: &[u8]| {
        let told = told_file_with(name, bytes, &Options::default());
        let rejects = told.lines().filter(|line| line.contains("broken_record"));
        let rejects = rejects.collect::<Vec<_>>().join("\n");
        format!("{} rows; {rejects}", told.lines().count())
    };
    insta::assert_snapshot!(shown("batches.arrow", TWO_BATCHES), @"6 rows;");
    let behind = [TWO_BATCHES, b"rubbish"].concat();
    insta::assert_snapshot!(shown("behind.arrow", &behind), @"7 rows; behind.arrow 7 @4648: broken_record (0 bytes): 7 bytes behind the end of the file");
    insta::assert_snapshot!(shown("cut.arrow", &TWO_BATCHES[..3000]), @"2 rows; cut.arrow 1 @8: broken_record (0 bytes): the file has no directory; the head of a message is broken: Type `i32` at position 4294967282 is unaligned.");
    insta::assert_snapshot!(shown("cut.arrow", &FEATHER[..4000]), @"5 rows; cut.arrow 5 @3776: broken_record (0 bytes): the file has no directory: it was read as a stream");
    let twice = [DELTA, DELTA].concat();
    insta::assert_snapshot!(shown("twice.arrows", &twice), @"6 rows;");
    let behind = [DELTA, b"rubbish"].concat();
    insta::assert_snapshot!(shown("behind.arrows", &behind), @"4 rows; behind.arrows 4 @2168: broken_record (0 bytes): bytes behind the end of the stream");
}

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
