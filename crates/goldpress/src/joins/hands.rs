//! What ingest is given: the labeller of blocks and the reader of fields.

use goldpress_ingest::{BlockView, FieldView, Hands};
use goldpress_model::{Fields, Role};

/// The default systems of content and metadata, as ingest takes them.
pub(crate) fn hands() -> Hands<'static> {
    Hands { label_blocks: &label_blocks, read_fields: &read_fields }
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
