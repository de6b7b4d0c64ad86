//! What `stats` says of a small dataset.

use goldpress_sql::{Group, Quantiles, stats};

use crate::sql::small;

#[test]
fn a_small_dataset_is_summed_up() {
    let folder = tempfile::tempdir().unwrap();
    let stats = stats(&small(folder.path())).unwrap();
    assert_eq!((stats.n_records, stats.n_articles, stats.n_rejects), (5, 4, 1));
    assert_eq!(stats.n_duplicates, 1);
    assert_eq!(stats.languages, [group("en", 4)]);
    assert_eq!(stats.sources, [group("example.org", 4)]);
    assert_eq!(stats.presets, [Group { name: None, n: 4 }]);
    assert_eq!(stats.roles, [group("paragraph", 5), group("title", 4)]);
    assert_eq!(stats.flaws, [group("entities_left", 4)]);
    assert_eq!(stats.rejects, [group("no_text", 1)]);
    let quantiles = Quantiles {
        mean: 42.75,
        min: 7,
        p10: 7,
        p25: 7,
        p50: 46,
        p75: 59,
        p90: 59,
        p99: 59,
        max: 59,
    };
    assert_eq!(stats.chars, Some(quantiles));
    let stated = |name: &str| {
        let field = stats.fields.iter().find(|field| field.field == name).unwrap();
        (field.n, field.share)
    };
    assert_eq!(stated("authors"), (4, 1.0));
    assert_eq!(stated("dateline"), (0, 0.0));
}

#[test]
fn a_dataset_without_articles_has_no_lengths() {
    let folder = tempfile::tempdir().unwrap();
    let records = vec![goldpress_store::samples::refused(1)];
    let dataset = goldpress_store::samples::write(folder.path(), records).unwrap();
    let stats = stats(&dataset).unwrap();
    assert_eq!(stats.chars, None);
    assert_eq!(stats.languages, []);
    assert_eq!(stats.roles, []);
    assert_eq!(stats.fields[0].share, 0.0);
}

fn group(name: &str, n: u64) -> Group {
    Group { name: Some(name.into()), n }
}
