//! MessagePack, as much of it as a DocBin holds.
//!
//! # Source
//!
//! The MessagePack specification, <https://github.com/msgpack/msgpack>.

/// A value; numbers that no DocBin holds are read and not told apart.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Nil,
    Bool(bool),
    Whole(i128),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
    List(Vec<Value>),
    Map(Vec<(Value, Value)>),
}

impl Value {
    pub(super) fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    /// The value under a key of text.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        let Value::Map(pairs) = self else { return None };
        pairs.iter().find(|(name, _)| name.as_text() == Some(key)).map(|(_, value)| value)
    }

    /// A text, also where an old writer made it bytes.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            Value::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        }
    }

    pub(super) fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Value::Bytes(bytes) => Some(bytes),
            Value::Text(text) => Some(text.as_bytes()),
            _ => None,
        }
    }

    pub(super) fn as_list(&self) -> &[Value] {
        match self {
            Value::List(values) => values,
            _ => &[],
        }
    }
}

/// Levels that a value may nest: a DocBin has four.
const DEEPEST: usize = 16;

/// Reads one value; `None` where the bytes are none, or end inside it.
pub(super) fn read(bytes: &[u8]) -> Option<Value> {
    let mut reader = Reader { rest: bytes };
    reader.value(DEEPEST)
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(n)?;
        self.rest = rest;
        Some(taken)
    }

    /// A big-endian number of `n` bytes.
    fn number(&mut self, n: usize) -> Option<u64> {
        let bytes = self.take(n)?;
        Some(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn length(&mut self, n: usize) -> Option<usize> {
        usize::try_from(self.number(n)?).ok()
    }

    fn value(&mut self, deepest: usize) -> Option<Value> {
        let deepest = deepest.checked_sub(1)?;
        let head = self.take(1)?[0];
        Some(match head {
            0x00..=0x7f => Value::Whole(i128::from(head)),
            0xe0..=0xff => Value::Whole(i128::from(head) - 256),
            0x80..=0x8f => self.map(usize::from(head & 15), deepest)?,
            0x90..=0x9f => self.list(usize::from(head & 15), deepest)?,
            0xa0..=0xbf => self.text(usize::from(head & 31))?,
            0xc0 => Value::Nil,
            0xc2 => Value::Bool(false),
            0xc3 => Value::Bool(true),
            0xc4..=0xc6 => {
                let length = self.length(1 << (head - 0xc4))?;
                Value::Bytes(self.take(length)?.to_vec())
            }
            0xca => Value::Float(f64::from(f32::from_bits(self.number(4)? as u32))),
            0xcb => Value::Float(f64::from_bits(self.number(8)?)),
            0xcc..=0xcf => Value::Whole(i128::from(self.number(1 << (head - 0xcc))?)),
            0xd0..=0xd3 => {
                let n = 1 << (head - 0xd0);
                let number = self.number(n)?;
                let shift = 64 - 8 * n;
                Value::Whole(i128::from((number << shift) as i64 >> shift))
            }
            0xd9..=0xdb => {
                let length = self.length(1 << (head - 0xd9))?;
                self.text(length)?
            }
            0xdc | 0xdd => {
                let length = self.length(if head == 0xdc { 2 } else { 4 })?;
                self.list(length, deepest)?
            }
            0xde | 0xdf => {
                let length = self.length(if head == 0xde { 2 } else { 4 })?;
                self.map(length, deepest)?
            }
            _ => return None,
        })
    }

    fn text(&mut self, length: usize) -> Option<Value> {
        Some(Value::Text(std::str::from_utf8(self.take(length)?).ok()?.to_owned()))
    }

    fn list(&mut self, length: usize, deepest: usize) -> Option<Value> {
        // No room is made before values are there: a length may lie.
        let mut values = Vec::new();
        for _ in 0..length {
            values.push(self.value(deepest)?);
        }
        Some(Value::List(values))
    }

    fn map(&mut self, length: usize, deepest: usize) -> Option<Value> {
        let mut pairs = Vec::new();
        for _ in 0..length {
            pairs.push((self.value(deepest)?, self.value(deepest)?));
        }
        Some(Value::Map(pairs))
    }
}

/// The bytes of a value.
pub(super) fn write(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    put(value, &mut out);
    out
}

fn put(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Nil => out.push(0xc0),
        Value::Bool(yes) => out.push(if *yes { 0xc3 } else { 0xc2 }),
        Value::Whole(number) => {
            out.push(0xd3);
            let number = i64::try_from(*number).unwrap_or(i64::MAX);
            out.extend(number.to_be_bytes());
        }
        Value::Float(number) => {
            out.push(0xcb);
            out.extend(number.to_be_bytes());
        }
        Value::Text(text) => {
            put_length(text.len(), 0xdb, out);
            out.extend(text.as_bytes());
        }
        Value::Bytes(bytes) => {
            put_length(bytes.len(), 0xc6, out);
            out.extend(bytes);
        }
        Value::List(values) => {
            put_length(values.len(), 0xdd, out);
            values.iter().for_each(|value| put(value, out));
        }
        Value::Map(pairs) => {
            put_length(pairs.len(), 0xdf, out);
            for (key, value) in pairs {
                put(key, out);
                put(value, out);
            }
        }
    }
}

/// Lengths always take four bytes: a reader takes any form, and one is enough.
fn put_length(length: usize, head: u8, out: &mut Vec<u8>) {
    out.push(head);
    out.extend(u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_comes_back() {
        let value = Value::Map(vec![
            (Value::text("tokens"), Value::Bytes(vec![1, 2, 3])),
            (Value::text("flags"), Value::List(vec![Value::Bool(true), Value::Nil])),
            (Value::Bytes(vec![0xff]), Value::Whole(-65)),
        ]);
        let bytes = write(&value);
        assert_eq!(read(&bytes), Some(value));
        assert!((0..bytes.len()).all(|cut| read(&bytes[..cut]).is_none()));
        assert_eq!(read(&[0x91; 100]), None, "too deep");
    }
}
