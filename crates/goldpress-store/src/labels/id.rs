//! Ids of annotations: made once from content, then a handle and no checksum.

use std::collections::BTreeMap;

use goldpress_model::{AttrValue, CharRange};
use serde_json::{Value, json};

use super::wire::pairs;
use crate::json::canonical;

/// Hex digits of an id: 48 bits, so two of a thousand lines meet once in 500 million files.
const DIGITS: usize = 12;

/// The id of a new line: a hash of its content, and of a number where `taken` has it.
///
/// Attributes count only where there are neither fragments nor arguments, so a later
/// edit of an attribute would not have made another id. Importing a file twice finds the
/// same ids.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use goldpress_model::CharRange;
/// use goldpress_store::labels::new_id;
///
/// let place = [CharRange { start: 2, end: 18 }];
/// let id = new_id("entity", "ORG", &place, &BTreeMap::new(), &BTreeMap::new(), |_| false);
/// assert_eq!(id, "375cd07f4c99");
/// ```
pub fn new_id(
    layer: &str,
    label: &str,
    fragments: &[CharRange],
    args: &BTreeMap<String, Vec<String>>,
    attrs: &BTreeMap<String, AttrValue>,
    taken: impl Fn(&str) -> bool,
) -> String {
    let attrs = match fragments.is_empty() && args.is_empty() {
        true => json!(attrs),
        false => json!({}),
    };
    let mut content = vec![json!(layer), json!(label), json!(pairs(fragments))];
    content.extend([json!(args), attrs]);
    let first = hash(&content);
    if !taken(&first) {
        return first;
    }
    (1_u64..)
        .map(|n| {
            let mut numbered = content.clone();
            numbered.push(Value::from(n));
            hash(&numbered)
        })
        .find(|id| !taken(id))
        .expect("there are more numbers than lines")
}

fn hash(content: &[Value]) -> String {
    let hex = blake3::hash(canonical(content).as_bytes()).to_hex();
    hex[..DIGITS].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_id_is_made_again_with_a_number() {
        let none = BTreeMap::new();
        let attrs = BTreeMap::from([("value".to_owned(), AttrValue::Null)]);
        let id = |taken: &dyn Fn(&str) -> bool| {
            new_id("metadata", "author", &[], &none, &attrs, taken)
        };
        let first = id(&|_| false);
        assert_eq!(first, "53641057bdfc");
        let second = id(&|id| id == first);
        let numbered = r#"["metadata","author",[],{},{"value":null},1]"#;
        assert_eq!(second, blake3::hash(numbered.as_bytes()).to_hex()[..12]);
    }
}
