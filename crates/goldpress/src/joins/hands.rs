//! What ingest is given: the labeller of blocks, the reader of fields, the clock.

use std::time::Duration;

use goldpress_extract::runner::thread_cpu_ns;
use goldpress_ingest::{BlockView, FieldView, Hands};
use goldpress_model::{Fields, Role};

/// The default systems of content and metadata, as ingest takes them.
pub(crate) fn hands() -> Hands<'static> {
    Hands { label_blocks: &label_blocks, read_fields: &read_fields, cpu_time: &cpu_time }
}

fn cpu_time() -> Duration {
    Duration::from_nanos(thread_cpu_ns().unwrap_or(0))
}

fn label_blocks(view: BlockView<'_>) -> Vec<Role> {
    goldpress_extract::label_blocks(view.text, view.blocks, view.facts, view.stated)
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
