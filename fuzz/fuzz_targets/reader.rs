//! What the targets of all readers share.

use goldpress_ingest::{Asked, Hands, Input, Item, Options, READERS, ingest};
use goldpress_model::{Fields, Role};

/// Reads bytes with the reader of that name and ingests what it finds.
///
/// A panic that gets out of a reader is a finding. One that a guard catches, of a foreign
/// decoder on a broken file, is none, and is kept from the hook that ends the process.
pub(crate) fn read(name: &str, bytes: &[u8]) {
    static HUSHED: std::sync::Once = std::sync::Once::new();
    HUSHED.call_once(goldpress_store::hush_guarded_panics);
    let hands = Hands {
        label_blocks: &|view| vec![Role::Paragraph; view.blocks.len()],
        read_fields: &|_| Fields::new(),
        cpu_time: &|| std::time::Duration::ZERO,
    };
    // The reader of XML of no known format asks what an article is.
    let xml_record = Some("article".to_owned());
    let options = Options::new(Asked { xml_record, ..Asked::default() }).expect("is sound");
    let reader = READERS.iter().find(|reader| reader.name() == name).expect("is registered");
    let items = reader.records(Input::new("fuzz", Box::new(bytes)), &options);
    let mut n_items = 0;
    for item in items {
        n_items += 1;
        // No record is shorter than a byte: a reader that goes on forever is caught.
        assert!(n_items <= bytes.len() + 2, "{name} does not end");
        if let Item::Record(record) = item {
            let _ = ingest(Ok(*record), &hands, &options);
        }
    }
}
