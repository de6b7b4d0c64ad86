//! Any bytes behind the first two of gzip: members are undone or named, and it ends.
#![no_main]

use std::{fs::File, io::Write};

use goldpress_ingest::{Hands, Options, Silent, run};
use goldpress_model::{Fields, Role};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let hands = Hands {
        label_blocks: &|view| vec![Role::Paragraph; view.blocks.len()],
        read_fields: &|_| Fields::new(),
        cpu_time: &|| std::time::Duration::ZERO,
    };
    let path = std::env::temp_dir().join(format!("goldpress-fuzz-{}.gz", std::process::id()));
    let mut file = File::create(&path).expect("a temporary file can be made");
    file.write_all(&[0x1f, 0x8b]).and_then(|()| file.write_all(bytes)).expect("it has room");
    let sources = [path];
    run(&sources, &Options::default(), &hands, &mut |_, _| Ok(()), &Silent)
        .expect("no input stops a run");
});
