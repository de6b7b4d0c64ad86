//! Lessons: which lines of a document belong to a body that is known, and the shapes that
//! a page has as plain text.

use std::collections::{BTreeSet, HashSet};

use foldhash::fast::RandomState;
use goldpress_model::Block;
use goldpress_text::{lines, words};

/// Words in a row that are looked for in the body.
const SHINGLE: usize = 4;

/// A body that lines are looked for in.
#[derive(Debug)]
pub struct KnownBody {
    /// Runs of [`SHINGLE`] words, joined by a character that no word has.
    shingles: HashSet<String, RandomState>,
    /// Each line, as its words.
    lines: BTreeSet<Vec<String>>,
}

impl KnownBody {
    /// Reads a body. Linear in its length.
    pub fn of(text: &str) -> KnownBody {
        let all = words_of(text);
        KnownBody {
            shingles: all.windows(SHINGLE).map(|run| run.join("\n")).collect(),
            lines: text.lines().map(words_of).filter(|words| !words.is_empty()).collect(),
        }
    }

    /// Which blocks of a text are of the body: at least half of their words stand there in
    /// runs of four; shorter lines are lines of it.
    ///
    /// ```
    /// use goldpress_extract::KnownBody;
    /// use goldpress_model::Block;
    ///
    /// let text = "Start | Küste\n\nAm Freitag brach die Düne.\n\nTeilen";
    /// let blocks: Vec<Block> = goldpress_text::lines(text).map(Block::plain).collect();
    /// let body = KnownBody::of("Am Freitag brach die Düne.");
    /// assert_eq!(body.lines(text, &blocks), [false, true, false]);
    /// ```
    pub fn lines(&self, text: &str, blocks: &[Block]) -> Vec<bool> {
        blocks.iter().map(|block| self.holds(block.span.slice(text))).collect()
    }

    fn holds(&self, line: &str) -> bool {
        let words = words_of(line);
        if words.len() < SHINGLE {
            return self.lines.contains(&words);
        }
        let mut is_held = vec![false; words.len()];
        for (at, run) in words.windows(SHINGLE).enumerate() {
            if self.shingles.contains(&run.join("\n")) {
                is_held[at..at + SHINGLE].fill(true);
            }
        }
        is_held.iter().filter(|is| **is).count() * 2 >= words.len()
    }
}

fn words_of(line: &str) -> Vec<String> {
    words(line).map(|word| word.slice(line).to_owned()).collect()
}

/// Columns at which texts are wrapped, as mail and old systems do.
const WRAP: usize = 72;

/// The shapes in which the text of a page is found: a blank line between two lines, none,
/// and every line broken at 72 columns.
pub fn plain_shapes(text: &str) -> [String; 3] {
    let tight: Vec<&str> = lines(text).map(|line| line.slice(text)).collect();
    [tight.join("\n\n"), tight.join("\n"), wrapped(&tight)]
}

/// Every line broken at [`WRAP`] columns; the first of a line is not set apart.
fn wrapped(lines: &[&str]) -> String {
    let mut done = String::new();
    for line in lines {
        let mut column = 0;
        for word in line.split(' ') {
            let width = word.chars().count();
            let parting = match column {
                0 => "",
                _ if column + 1 + width > WRAP => "\n",
                _ => " ",
            };
            column = if parting == " " { column + 1 + width } else { width };
            done.push_str(parting);
            done.push_str(word);
        }
        done.push('\n');
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_as_text_has_three_shapes() {
        let text = "Salt opens\n\nThe mine of Orlec opens.";
        let [loose, tight, wrapped] = plain_shapes(text);
        assert_eq!(loose, text);
        assert_eq!(tight, "Salt opens\nThe mine of Orlec opens.");
        assert_eq!(wrapped, "Salt opens\nThe mine of Orlec opens.\n");
    }
}
