//! Repairs: characters that earlier programs got wrong.

pub(crate) mod controls;
pub(crate) mod entities;
pub(crate) mod mojibake;

use std::borrow::Cow;

use goldpress_model::Flaw;

use crate::map::Rewrite;

/// One kind of damage and how it is mended.
#[derive(Debug, Clone, Copy)]
pub struct Repair {
    /// Name, by what it mends.
    pub name: &'static str,
    /// The flaw that an article gets.
    pub flaw: Flaw,
    /// Mends one layer of the damage; `None` when there is none.
    pub(crate) pass: for<'s> fn(&'s str) -> Option<(Rewrite<'s>, u32)>,
}

/// All repairs, in the order in which they run: bytes were read wrongly before anybody
/// escaped them a second time, and controls that are half of a character go with it.
pub const REPAIRS: &[Repair] = &[
    Repair { name: "mojibake", flaw: Flaw::MojibakeRepaired, pass: mojibake::pass },
    Repair { name: "controls", flaw: Flaw::MojibakeRepaired, pass: controls::pass },
    Repair { name: "entities", flaw: Flaw::EntitiesLeft, pass: entities::pass },
];

/// Layers of one kind of damage that are undone; texts have one or two.
pub(crate) const MAX_LAYERS: usize = 8;

/// Puts wrongly decoded text right, and counts the stretches; for markup, before it is
/// parsed.
pub fn repair_mojibake(text: &str) -> (Cow<'_, str>, u32) {
    let mut text = Cow::Borrowed(text);
    let mut n = 0;
    for pass in [mojibake::pass, controls::pass] {
        for _ in 0..MAX_LAYERS {
            let Some((done, stretches)) = pass(&text).map(|(d, n)| (d.out, n)) else {
                break;
            };
            text = Cow::Owned(done);
            n += stretches;
        }
    }
    (text, n)
}
