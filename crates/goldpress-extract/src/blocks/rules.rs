//! `blocks-rules`: a role for each line, from its words, its markup and its neighbours.
//!
//! A weighted sum of features finds the region of the body; cue phrases in a dozen
//! languages, class words, elements and position then tell what each line does. It cannot
//! see the picture above a caption, the size of a font, or that a teaser has a box around
//! it. Its lists (`block-cues.toml`, `block-marks.toml`, `bylines.toml`) are our own; its
//! weights (`region.toml`) were fitted on the development split of WCXB (CC-BY-4.0).

use goldpress_model::{BlockClaim, Extraction, Field, FieldSource};

use super::{Given, Lines, RegionModel, label_lines};
use crate::{Extractor, Task, View};

/// The default labeller of the ingester.
#[derive(Debug)]
pub(crate) struct BlocksRules;

impl Extractor for BlocksRules {
    fn name(&self) -> &'static str {
        "blocks-rules"
    }

    fn version(&self) -> &'static str {
        "2"
    }

    fn tasks(&self) -> &'static [Task] {
        &[Task::Content, Task::Blocks]
    }

    fn extract(&self, view: View<'_>) -> Extraction {
        let View { text, blocks, facts, stated, .. } = view;
        let lines = Lines { text, blocks, facts, stated, given: given(view) };
        let roles = label_lines(&lines, RegionModel::built_in()).roles;
        let claims = view.blocks.iter().zip(roles);
        let blocks: Vec<BlockClaim> =
            claims.map(|(block, role)| BlockClaim { span: block.span, role }).collect();
        let main: Vec<&str> = blocks
            .iter()
            .filter(|claim| claim.role.is_body())
            .map(|claim| claim.span.slice(view.text))
            .collect();
        Extraction {
            body: Some(main.join("\n\n")),
            blocks: Some(blocks),
            ..Extraction::default()
        }
    }
}

/// Blocks of markup without a page, and a text beside stated fields, came in a field of a
/// record.
fn given(view: View<'_>) -> Given {
    let is_of_record = view.stated.iter().any(|value| {
        value.source == FieldSource::Record
            && !matches!(value.field, Field::Url | Field::CanonicalUrl)
    });
    let has_path = view.blocks.iter().any(|block| block.path.is_some());
    let is_field = view.markup.is_none() && (has_path || is_of_record);
    if is_field { Given::Field } else { Given::Document }
}
