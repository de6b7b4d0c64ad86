//! The rules that belong to `news` and to the schemas that extend it.

mod attribution;
mod claim;
mod entity;
mod event;
mod field;
mod relation;
mod timex;

use super::{Report, Sheet};

/// One function a layer; each looks at the lines of its layer alone, if it is done.
pub(super) fn check(sheet: &Sheet<'_>, report: &mut Report) {
    if !sheet.schema.follows("news") {
        return;
    }
    field::check(sheet, report);
    entity::check(sheet, report);
    timex::check(sheet, report);
    attribution::check(sheet, report);
    claim::check(sheet, report);
    event::check(sheet, report);
    relation::check(sheet, report);
}
