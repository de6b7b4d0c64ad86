//! `role-missing`, `value-missing`: what an annotation of a done layer must have.

use super::{Report, Sheet, attributes::holds_for};

pub(super) fn check(sheet: &Sheet<'_>, report: &mut Report) {
    for entry in report.done(sheet) {
        let Some(layer) = sheet.layer_of(entry) else { continue };
        let of_label = |labels: &[String]| {
            labels.is_empty() || labels.iter().any(|name| name == entry.label())
        };
        for arg in layer.args.iter().filter(|arg| of_label(&arg.labels)) {
            let n = entry.line.annotation.args.get(&arg.role).map_or(0, Vec::len);
            if n < arg.min as usize {
                let message = format!("role `{}` has {n} of {}", arg.role, arg.min);
                report.error(entry, "role-missing", message);
            }
        }
        for attr in layer.attrs.iter().filter(|attr| holds_for(attr, entry.label())) {
            if attr.required && entry.attr(&attr.name).is_none() {
                let message = format!("attribute `{}` is required", attr.name);
                report.error(entry, "value-missing", message);
            }
        }
    }
}
