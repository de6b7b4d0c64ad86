//! Heads of messages as Polars 1.0 to 1.3x wrote them, put right.
//!
//! The counts of the buffers of its string views stood at multiples of four, where the
//! format wants eight, so that no verifier lets them pass.

use arrow::ipc::MessageHeader;

/// Where the fields of a table say that they stand, from the start of its vtable: the kind
/// and the header of a message, the rows in a dictionary, the counts in a batch of rows.
const KIND: usize = 6;
const HEADER: usize = 8;
const DICTIONARY_ROWS: usize = 6;
const VIEW_BUFFERS: usize = 12;

/// The same head with its counts behind everything else, at a multiple of eight.
///
/// `None` for a head that is not of this kind.
pub(super) fn aligned(head: &[u8]) -> Option<Vec<u8>> {
    let message = follow(head, 0)?;
    let mut batch = follow(head, field(head, message, HEADER)?)?;
    if *head.get(field(head, message, KIND)?)? == MessageHeader::DictionaryBatch.0 {
        batch = follow(head, field(head, batch, DICTIONARY_ROWS)?)?;
    }
    let reference = field(head, batch, VIEW_BUFFERS)?;
    let counts = follow(head, reference)?;
    let n_bytes =
        usize::try_from(u32_at(head, counts)?).ok()?.checked_mul(8)?.checked_add(4)?;
    let counts = head.get(counts..counts.checked_add(n_bytes)?)?;
    let mut moved = head.to_vec();
    while moved.len() % 8 != 4 {
        moved.push(0);
    }
    let distance = u32::try_from(moved.len() - reference).ok()?;
    moved.extend_from_slice(counts);
    moved.get_mut(reference..reference + 4)?.copy_from_slice(&distance.to_le_bytes());
    Some(moved)
}

/// Where a reference leads: its own place and the number there.
fn follow(bytes: &[u8], at: usize) -> Option<usize> {
    at.checked_add(usize::try_from(u32_at(bytes, at)?).ok()?)
}

/// Where a field of a table stands, by its entry in the vtable.
fn field(bytes: &[u8], table: usize, entry: usize) -> Option<usize> {
    let back = i32::from_le_bytes(*bytes.get(table..)?.first_chunk()?);
    let vtable = usize::try_from(i64::try_from(table).ok()? - i64::from(back)).ok()?;
    let size = u16_at(bytes, vtable)?;
    if entry + 2 > usize::from(size) {
        return None;
    }
    let at = usize::from(u16_at(bytes, vtable.checked_add(entry)?)?);
    if at == 0 { None } else { table.checked_add(at) }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
