//! Prints what goldpress makes of every byte string of `tests/vectors/decoding.tsv`, a
//! line each: kind, language, charset, `right`, `wrong` or `refused`, and the text.
//! `benches/decoding.py` makes the table.

#[path = "../tests/vectors/mod.rs"]
mod vectors;

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
fn main() {
    for vector in vectors::vectors() {
        let (outcome, text) = vector.outcome();
        let text = text.replace('\n', " ");
        let (kind, language, charset) = (vector.kind, vector.language, vector.charset);
        println!("{kind}\t{language}\t{charset}\t{outcome}\t{text}");
    }
}
