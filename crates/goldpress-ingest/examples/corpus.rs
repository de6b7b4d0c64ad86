//! Writes a made-up corpus for timing: the same bytes for the same seed and size.
//!
//! ```text
//! cargo run --release -p goldpress-ingest --example corpus -- warc 2000 42 pages.warc.gz
//! cargo run --release -p goldpress-ingest --example corpus -- jsonl 5000 42 dump.jsonl
//! cargo run --release -p goldpress-ingest --example corpus -- text 5000 42 folder/
//! ```

#[path = "../benches/corpus/mod.rs"]
mod corpus;

use std::{
    env,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::Path,
};

fn main() -> io::Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let usage = || io::Error::other("usage: corpus warc|jsonl|text COUNT SEED PATH");
    let [kind, count, seed, path] = args.as_slice() else { return Err(usage()) };
    let (Ok(n), Ok(seed)) = (count.parse(), seed.parse()) else { return Err(usage()) };
    let path = Path::new(path);
    match kind.as_str() {
        "warc" => file(path, |out| corpus::warc(out, seed, n)),
        "jsonl" => file(path, |out| corpus::jsonl(out, seed, n)),
        "text" => {
            fs::create_dir_all(path)?;
            (0..n).try_for_each(|at| {
                let text = corpus::plain(seed, at);
                file(&path.join(format!("{at:08}.txt")), |out| {
                    out.write_all(text.as_bytes())
                })
            })
        }
        _ => Err(usage()),
    }
}

fn file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    write(&mut out)?;
    out.flush()
}
