//! What two libraries need of each other: siblings never meet but here.

mod agreement;
mod answers;
mod asked;
mod baseline;
mod comparison;
mod confusion;
mod dedup;
mod fresh_gold;
mod gates;
mod gold;
mod hands;
mod inputs;
mod machine;
mod meant;
mod modes;
mod next_baseline;
mod open_labels;
mod pages;
mod progress;
mod runs;
mod score_rows;
mod scoring;
mod slices;
mod sound_baseline;
mod speed;
mod standings;
mod systems;
mod training;
mod voices;

use std::path::Path;

use goldpress_label::SchemaError;
use goldpress_model::Schema;

pub(crate) use self::{
    agreement::{Agreement, Asked, Figure, Group},
    answers::{FileRun, Foreign, Known, runs_of_file},
    asked::{AskedMetric, PROGRAMS, list as list_metrics, metrics_of, modes_of},
    baseline::BaselinePlace,
    comparison::{Against, Judged, compare_system},
    confusion::add_old_cells,
    dedup::dedup,
    fresh_gold::{fresh_gold, refuse_stale_gold},
    gates::{GateList, Gates},
    gold::{Duplicates, Gold},
    hands::{hands, label_blocks_by},
    inputs::{changed_since, fingerprint, noted},
    machine::{machine, stamp},
    meant::{is_meant, meant},
    next_baseline::{baseline_of, differences, keep_common},
    open_labels::schema_in_use,
    pages::{Page, for_each_keeper},
    progress::{Interrupt, Interrupted, bar, spinner},
    runs::{begin_run, current_systems, newest_run},
    scoring::{Chosen, How, ScoredRun, score_run},
    slices::{Cuts, side_by_side},
    standings::{clusters_of, standings_of},
    systems::{Competitor, competitors, relabels, runnable, tasks_of},
    training::{Found, Lessons, held_out},
    voices::{claims_of_run, voice_of_set},
};
use crate::exit::Refusal;

/// The annotation schema in effect for a dataset folder.
///
/// # Errors
///
/// `goldpress.toml` cannot be read (1), or declares a schema that does not hold together
/// (2).
pub(crate) fn schema_of(dataset: &Path) -> anyhow::Result<Schema> {
    goldpress_label::load_schema(dataset).map_err(|error| match error {
        SchemaError::File { .. } => error.into(),
        _ => Refusal::error(error.to_string(), "one that works: goldpress schema"),
    })
}

/// The schema of every file that goldpress writes: name and text.
pub(crate) fn file_schemas() -> Vec<(String, String)> {
    let mut files = goldpress_store::schemas();
    let built_in = goldpress_label::SCHEMAS.iter();
    files.extend(built_in.filter_map(|id| goldpress_label::built_in(id)).map(|schema| {
        let name = format!("{}-{}.json", schema.name, schema.version);
        (name, goldpress_store::json::canonical(schema))
    }));
    files.sort();
    files
}

/// What is wrong with a query, as something the user can mend.
#[cfg(feature = "dataset")]
pub(crate) fn sql_refusal(error: &goldpress_sql::QueryError) -> anyhow::Error {
    Refusal::error(
        error.to_string(),
        "`SHOW TABLES` lists the tables, `DESCRIBE articles` the columns of one",
    )
}
