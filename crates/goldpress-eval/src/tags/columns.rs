//! Column files: one token a line, its tags in columns, sentences apart by a blank line.

use goldpress_model::CharRange;

/// The sentences of a column file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    /// Cells by sentence and token; every token has as many.
    pub sentences: Vec<Vec<Vec<String>>>,
    /// Line of each token, counted from 1.
    pub lines: Vec<Vec<usize>>,
}

/// What is wrong with a column file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ColumnsError {
    /// A line has another number of columns than the first.
    #[error("line {line} has {found} columns, the first token has {expected}")]
    Uneven {
        /// Line, counted from 1.
        line: usize,
        /// Its columns.
        found: usize,
        /// Columns of the first token.
        expected: usize,
    },
    /// Code `tokens-differ`.
    #[error("line {line} has the token `{predicted}`, gold has `{gold}`")]
    TokensDiffer {
        /// Line of the prediction, counted from 1.
        line: usize,
        /// Token of gold.
        gold: String,
        /// Token of the prediction.
        predicted: String,
    },
    /// Code `length-differs`.
    #[error("the sentence at line {line} has {predicted} tokens, gold has {gold}")]
    LengthDiffers {
        /// First line of the predicted sentence, counted from 1; 0 past the end.
        line: usize,
        /// Tokens of gold.
        gold: usize,
        /// Tokens of the prediction.
        predicted: usize,
    },
}

/// Reads a column file. The delimiter is a tab if every token line has one, else a run of
/// spaces; blank lines and `-DOCSTART-` separate sentences.
///
/// # Errors
///
/// Lines have different numbers of columns.
pub fn columns(text: &str) -> Result<Columns, ColumnsError> {
    let lines = || text.lines().map(|line| line.strip_suffix('\r').unwrap_or(line));
    let separates = |line: &str| line.trim().is_empty() || line.starts_with("-DOCSTART-");
    let tabbed = lines().filter(|line| !separates(line)).all(|line| line.contains('\t'));
    let mut read = Columns::default();
    let mut expected = None;
    let mut open = false;
    for (at, line) in lines().enumerate() {
        if separates(line) {
            open = false;
            continue;
        }
        let cells: Vec<String> = match tabbed {
            true => line.split('\t').map(str::to_owned).collect(),
            false => {
                line.split(' ').filter(|c| !c.is_empty()).map(str::to_owned).collect()
            }
        };
        let columns = *expected.get_or_insert(cells.len());
        if cells.len() != columns {
            let (line, found) = (at + 1, cells.len());
            return Err(ColumnsError::Uneven { line, found, expected: columns });
        }
        if !open {
            read.sentences.push(Vec::new());
            read.lines.push(Vec::new());
            open = true;
        }
        let last = read.sentences.len() - 1;
        read.sentences[last].push(cells);
        read.lines[last].push(at + 1);
    }
    Ok(read)
}

impl Columns {
    /// One column as sentences of tags; a missing column is empty tags.
    pub fn tags(&self, column: usize) -> Vec<Vec<String>> {
        let cell = |cells: &Vec<String>| cells.get(column).cloned().unwrap_or_default();
        self.sentences.iter().map(|tokens| tokens.iter().map(cell).collect()).collect()
    }

    /// The text of some sentences: tokens joined by a space, sentences by a line feed; and
    /// by sentence the range of each token in code points.
    ///
    /// # Panics
    ///
    /// When there are not so many sentences.
    pub fn text(
        &self,
        sentences: std::ops::Range<usize>,
    ) -> (String, Vec<Vec<CharRange>>) {
        let (mut text, mut at) = (String::new(), 0_u32);
        let mut ranges = Vec::new();
        for (nth, tokens) in self.sentences[sentences].iter().enumerate() {
            let mut of_sentence = Vec::with_capacity(tokens.len());
            for (place, cells) in tokens.iter().enumerate() {
                if nth + place > 0 {
                    text.push(if place == 0 { '\n' } else { ' ' });
                    at += 1;
                }
                let token = cells.first().map_or("", String::as_str);
                let end = at + token.chars().count() as u32;
                of_sentence.push(CharRange { start: at, end });
                text.push_str(token);
                at = end;
            }
            ranges.push(of_sentence);
        }
        (text, ranges)
    }

    /// Checks that two files have the same tokens.
    ///
    /// # Errors
    ///
    /// The first line that differs.
    pub fn same_tokens(&self, predicted: &Columns) -> Result<(), ColumnsError> {
        let n = self.sentences.len().max(predicted.sentences.len());
        for at in 0..n {
            let len = |columns: &Columns| columns.sentences.get(at).map_or(0, Vec::len);
            let lines = predicted.lines.get(at);
            if len(self) != len(predicted) {
                let line = lines.and_then(|lines| lines.first()).copied().unwrap_or(0);
                let (gold, predicted) = (len(self), len(predicted));
                return Err(ColumnsError::LengthDiffers { line, gold, predicted });
            }
            let pairs = self.sentences[at].iter().zip(&predicted.sentences[at]);
            for (token, (gold, other)) in pairs.enumerate() {
                if gold.first() != other.first() {
                    let first = |cells: &Vec<String>| cells.first().cloned();
                    return Err(ColumnsError::TokensDiffer {
                        line: lines.map_or(0, |lines| lines[token]),
                        gold: first(gold).unwrap_or_default(),
                        predicted: first(other).unwrap_or_default(),
                    });
                }
            }
        }
        Ok(())
    }
}
