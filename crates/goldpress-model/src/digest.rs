//! Content addresses: the first 128 bits of BLAKE3, written as 32 lower-case hex digits.
//!
//! `doc_id`, `raw_id` and `body_id` are all of this type: what they address differs, how
//! they are made does not.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The first 128 bits of the BLAKE3 hash of some bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 16]);

/// Text that is no digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not 32 lower-case hex digits")]
pub struct DigestError(String);

impl Digest {
    /// Hashes `bytes`.
    ///
    /// ```
    /// use goldpress_model::Digest;
    ///
    /// let id = Digest::of("Zürich".as_bytes());
    /// assert_eq!(id.to_string().parse(), Ok(id));
    /// ```
    ///
    /// Costs one pass over `bytes`, at some gigabytes a second.
    pub fn of(bytes: &[u8]) -> Digest {
        let hash = blake3::hash(bytes);
        let (head, _) =
            hash.as_bytes().split_first_chunk().expect("a BLAKE3 hash has 32 bytes");
        Digest(*head)
    }

    /// The 16 bytes, for hash maps and sorting on disk.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl From<[u8; 16]> for Digest {
    fn from(bytes: [u8; 16]) -> Self {
        Digest(bytes)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || DigestError(text.to_owned());
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != 32 || !text.bytes().all(is_hex) {
            return Err(refused());
        }
        let number = u128::from_str_radix(text, 16).map_err(|_| refused())?;
        Ok(Digest(number.to_be_bytes()))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upper_case_and_short_digests_are_refused() {
        for text in ["", "9D2ED31BAC74EEF5753764DF683FEDC2", "9d2e", &"g".repeat(32)] {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
    }
}
