//! Shingles: runs of words side by side, by which near-copies of a text are known.
//!
//! Made for speed, since every word of a corpus passes here: a word is a run of letters
//! and digits, and not what Unicode's segmentation and a dictionary make of it. Where a
//! script has no spaces, every character is a word.

use xxhash_rust::xxh3::xxh3_64;

use crate::{is_alphanumeric, push_lowercase, script::is_spaceless};

/// The words of a text, folded to lower case, ready to be cut into shingles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shingles {
    /// Words with one space between two.
    folded: String,
    /// Where each word begins, and behind the last where the next would.
    starts: Vec<usize>,
}

impl Shingles {
    /// Folds a text.
    ///
    /// ```
    /// use goldpress_text::Shingles;
    ///
    /// let one = Shingles::of("The ferry to Öland – again – is late.");
    /// let two = Shingles::of("the ferry to öland again is late");
    /// assert_eq!(one, two);
    /// assert_eq!(one.hashes(5).count(), 3);
    /// assert_eq!(Shingles::of("三年前に").hashes(2).count(), 3);
    /// ```
    pub fn of(text: &str) -> Shingles {
        let mut shingles = Shingles {
            folded: String::with_capacity(text.len() + 1),
            starts: Vec::with_capacity(text.len() / 5),
        };
        shingles.fold(text);
        shingles
    }

    fn fold(&mut self, text: &str) {
        let mut is_inside = false;
        for c in text.chars() {
            let is_word = match c {
                'a'..='z' | '0'..='9' => true,
                'A'..='Z' => true,
                _ if c.is_ascii() => false,
                _ => is_alphanumeric(c),
            };
            let is_alone = is_word && !c.is_ascii() && is_spaceless(c);
            if is_inside && (!is_word || is_alone) {
                self.folded.push(' ');
                is_inside = false;
            }
            if !is_word {
                continue;
            }
            if !is_inside {
                self.starts.push(self.folded.len());
            }
            push_lowercase(&mut self.folded, c);
            is_inside = !is_alone;
            if is_alone {
                self.folded.push(' ');
            }
        }
        if is_inside {
            self.folded.push(' ');
        }
        self.starts.push(self.folded.len());
    }

    /// Number of words.
    pub fn n_words(&self) -> usize {
        self.starts.len() - 1
    }

    /// The hash of every run of `n` words, in order; of all words where there are fewer,
    /// and nothing where there are none.
    ///
    /// # Source
    ///
    /// XXH3 of 64 bits over the words with a space between two (Collet, version 0.8).
    pub fn hashes(&self, n: usize) -> impl Iterator<Item = u64> {
        let n = n.min(self.n_words()).max(1);
        self.starts.windows(n + 1).map(move |run| {
            let words = &self.folded[run[0]..run[n] - 1];
            xxh3_64(words.as_bytes())
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fewer_words_than_a_shingle_are_one_shingle() {
        for (text, n_words, n_shingles) in [
            ("", 0, 0),
            (" – … ", 0, 0),
            ("Gale", 1, 1),
            ("Gale warning tonight", 3, 1),
            ("one two three four five six", 6, 2),
            ("COVID-19 in Graz", 4, 1),
        ] {
            let shingles = Shingles::of(text);
            let found = (shingles.n_words(), shingles.hashes(5).count());
            assert_eq!(found, (n_words, n_shingles), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_text_inside_another_has_its_shingles(
            before in "\\PC{0,20}", text in "\\PC{0,60}", after in "\\PC{0,20}",
        ) {
            let whole = format!("{before} \u{2029} {text} \u{2029} {after}");
            let whole: Vec<u64> = Shingles::of(&whole).hashes(3).collect();
            let part = Shingles::of(&text);
            if part.n_words() >= 3 {
                prop_assert!(part.hashes(3).all(|hash| whole.contains(&hash)));
            }
        }
    }
}
