//! What ingest is given: the labeller of blocks, the reader of fields, the clock.

use std::time::Duration;

use goldpress_extract::{Lines, RegionModel, label_lines, runner::thread_cpu_ns};
use goldpress_ingest::{BlockView, FieldView, Given, Hands, Labels};
use goldpress_model::Fields;

/// The default systems of content and metadata, as ingest takes them.
pub(crate) fn hands() -> Hands<'static> {
    Hands { label_blocks: &label_blocks, read_fields: &read_fields, cpu_time: &cpu_time }
}

fn cpu_time() -> Duration {
    Duration::from_nanos(thread_cpu_ns().unwrap_or(0))
}

fn label_blocks(view: BlockView<'_>) -> Labels {
    label_blocks_by(RegionModel::built_in(), view)
}

/// The labeller of blocks by weights of one's own.
pub(crate) fn label_blocks_by(model: &RegionModel, view: BlockView<'_>) -> Labels {
    let BlockView { text, blocks, facts, stated, given } = view;
    let given = match given {
        Given::Document => goldpress_extract::Given::Document,
        Given::Field => goldpress_extract::Given::Field,
    };
    let lines = Lines { text, blocks, facts, stated, given };
    let labels = label_lines(&lines, model);
    Labels { roles: labels.roles, is_fallback: labels.is_fallback }
}

fn read_fields(view: FieldView<'_>) -> Fields {
    goldpress_extract::read_fields(
        view.text,
        view.blocks,
        view.facts,
        view.stated,
        view.url,
    )
}
