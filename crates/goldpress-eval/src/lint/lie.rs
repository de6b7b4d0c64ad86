//! How two annotations of a layer lie to each other.

use goldpress_model::{LooseAnnotation, Overlap};

use crate::Ranges;

/// Calls `found` with each pair of annotations that share a character: `two-labels` on the
/// same characters, `nested` inside one another, or `crossing`.
pub(crate) fn overlaps<'a>(
    items: &[(&'a LooseAnnotation, Ranges)],
    mut found: impl FnMut(&'static str, &'a LooseAnnotation, &'a LooseAnnotation),
) {
    let mut order: Vec<&(&LooseAnnotation, Ranges)> = items.iter().collect();
    order.sort_by(|a, b| {
        (&a.1, &a.0.label, &a.0.attrs).cmp(&(&b.1, &b.0.label, &b.0.attrs))
    });
    let mut open: Vec<&(&LooseAnnotation, Ranges)> = Vec::new();
    for item in order {
        open.retain(|earlier| earlier.1.end() > item.1.start());
        for earlier in &open {
            if earlier.1.shared(&item.1) == 0 {
                continue;
            }
            let code = match () {
                () if earlier.1 == item.1 => match earlier.0.label == item.0.label {
                    // Told apart by attributes or arguments alone.
                    true => continue,
                    false => "two-labels",
                },
                () if item.1.within(&earlier.1) || earlier.1.within(&item.1) => "nested",
                () => "crossing",
            };
            found(code, item.0, earlier.0);
        }
        open.push(item);
    }
}

/// Whether a layer forbids what a code names.
pub(crate) fn forbids(overlap: Overlap, code: &str) -> bool {
    match overlap {
        Overlap::Flat => true,
        Overlap::Nested => code == "crossing",
        Overlap::Any => false,
    }
}
