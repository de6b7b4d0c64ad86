//! Byte strings of which is known what they say: `decoding.tsv`, made by `decoding.py`.

use goldpress_text::{Declared, NormaliseOptions, decode, normalise};

/// One byte string.
pub(crate) struct Vector {
    pub(crate) kind: &'static str,
    pub(crate) language: &'static str,
    pub(crate) charset: &'static str,
    http: Option<&'static str>,
    markup: bool,
    bytes: Vec<u8>,
    /// What the bytes say; empty where they say nothing.
    truth: &'static str,
}

impl Vector {
    /// What goldpress makes of the bytes, and whether that is what they say.
    pub(crate) fn outcome(&self) -> (&'static str, String) {
        let declared = Declared { http: self.http, markup: self.markup };
        let Ok(decoded) = decode(&self.bytes, declared) else {
            let word = if self.truth.is_empty() { "right" } else { "refused" };
            return (word, String::new());
        };
        let text = normalise(&decoded.text, NormaliseOptions::default()).text;
        (if text == self.truth { "right" } else { "wrong" }, text)
    }
}

/// All byte strings, in the order of the file.
pub(crate) fn vectors() -> Vec<Vector> {
    include_str!("decoding.tsv").lines().map(vector).collect()
}

fn vector(line: &'static str) -> Vector {
    let mut cells = line.split('\t');
    let mut cell = || cells.next().expect("seven cells");
    Vector {
        kind: cell(),
        language: cell(),
        charset: cell(),
        http: Some(cell()).filter(|label| *label != "-"),
        markup: cell() == "markup",
        bytes: unescaped(cell()),
        truth: cell(),
    }
}

/// ASCII as it is, other bytes in hex between backslashes.
fn unescaped(cell: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (n, piece) in cell.split('\\').enumerate() {
        if n % 2 == 0 {
            bytes.extend(piece.bytes());
        } else {
            let pairs = piece.as_bytes().chunks(2);
            bytes.extend(pairs.map(|pair| {
                let hex = str::from_utf8(pair).expect("ASCII");
                u8::from_str_radix(hex, 16).expect("two hex digits")
            }));
        }
    }
    bytes
}
