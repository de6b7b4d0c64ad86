//! Mojibake: UTF-8 that was read as windows-1252 and stored again, `Ã©` for `é`.
//!
//! A stretch is mended only where its characters are, as windows-1252 bytes, a sequence
//! of valid UTF-8: the shorter reading. One capital and one mark prove little, for honest
//! text has them in quotations, compounds and genitives (`”Å”`, `MALMÖ–LUND`, `CAFÉ’S`,
//! `ÚŽITOK`): they need a neighbour that makes the stretch longer than a letter, a place
//! where no spelling has a capital, or others in the text that honest text has not.
//!
//! Programs that tidy spaces leave a plain one where the byte A0 stood as a no-break space:
//! `Ã la mer`. That is read as the byte where every letter of the text that could begin a
//! sequence begins one.
//!
//! Every pass undoes one layer of a whole text, and texts are wrong once or twice. What no
//! layer makes (`ÂÂ©`, `Ãƒƒ`) is left alone: a long row of it would need a pass a letter.
//!
//! # Source
//!
//! Own rule. The idea that plausibility is a matter of neighbours is that of ftfy
//! (Speer, 2012).

use encoding_rs::WINDOWS_1252;

use crate::map::Rewrite;

/// A sequence of characters that reads as one character of UTF-8.
struct Sequence {
    start: usize,
    end: usize,
    new: char,
    proof: Proof,
}

/// How surely a sequence is no honest text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Proof {
    /// Honest text may have it: a capital before a mark.
    None,
    /// Honest text hardly has it once, and not twice.
    Hint,
    /// Honest text does not have it.
    Sure,
}

/// What a text holds.
#[derive(Default)]
struct Found {
    /// All sequences in order.
    sequences: Vec<Sequence>,
    /// What would be a sequence if a space were the byte A0.
    spaced: Vec<Sequence>,
    /// Letters beyond ASCII outside of both that could have been one's first character.
    n_loose: usize,
}

/// Mends one layer; counts stretches of sequences that stand side by side.
pub(crate) fn pass(text: &str) -> Option<(Rewrite<'_>, u32)> {
    let Found { mut sequences, spaced, n_loose } = find(text);
    prove_by_neighbours(&mut sequences);
    let is_sure = |sequence: &&Sequence| sequence.proof == Proof::Sure;
    let n_sure = sequences.iter().filter(is_sure).count();
    if n_sure == 0 {
        return None;
    }
    // Letters that are right as they stand say that the text was read rightly, and the
    // doubtful sequences with it.
    let trusts_weak = n_loose + spaced.len() <= n_sure;
    if trusts_weak && n_loose == 0 {
        sequences.extend(spaced);
        sequences.sort_unstable_by_key(|sequence| sequence.start);
    }
    let mut rewrite = Rewrite::of(text);
    let mut n_stretches = 0;
    let mut last_end = None;
    for sequence in sequences.iter().filter(|sequence| trusts_weak || is_sure(sequence)) {
        n_stretches += u32::from(last_end != Some(sequence.start));
        last_end = Some(sequence.end);
        let mut buffer = [0; 4];
        rewrite
            .replace(sequence.start..sequence.end, sequence.new.encode_utf8(&mut buffer));
    }
    rewrite.finish().map(|rewrite| (rewrite, n_stretches))
}

/// Makes hints sure: those with a sequence right beside them, which a word in another
/// script or a text that was broken twice has, and those of a text with several.
fn prove_by_neighbours(sequences: &mut [Sequence]) {
    let n_hints = sequences.iter().filter(|found| found.proof >= Proof::Hint).count();
    for at in 1..sequences.len() {
        let [before, after] = &mut sequences[at - 1..=at] else { continue };
        let is_joined = before.end == after.start;
        if is_joined && before.proof.max(after.proof) >= Proof::Hint {
            (before.proof, after.proof) = (Proof::Sure, Proof::Sure);
        }
    }
    for found in sequences.iter_mut().filter(|found| found.proof == Proof::Hint) {
        if n_hints > 1 {
            found.proof = Proof::Sure;
        }
    }
}

fn find(text: &str) -> Found {
    let mut found = Found::default();
    let mut at = 0;
    // U+00C2 to U+00F4, all lead bytes of UTF-8, are written with the byte 0xC3.
    while let Some(offset) = memchr::memchr(0xc3, &text.as_bytes()[at..]) {
        let start = at + offset;
        at = start + 2;
        if let Some(sequence) = sequence(text, start, byte_of) {
            at = sequence.end;
            found.sequences.push(sequence);
        } else if let Some(spaced) = sequence(text, start, byte_or_space) {
            // A word `à` has kept its own space only where two stood side by side.
            let end = if spaced.new == 'à' { at } else { spaced.end };
            found.spaced.push(Sequence { end, proof: Proof::None, ..spaced });
        } else {
            found.n_loose += 1;
        }
    }
    found
}

/// The sequence that begins at `start`, its characters read as bytes by `byte`.
fn sequence(
    text: &str,
    start: usize,
    byte_of: fn(char) -> Option<u8>,
) -> Option<Sequence> {
    let mut chars = text[start..].char_indices();
    let (_, lead) = chars.next()?;
    let mut bytes = [0; 4];
    bytes[0] = byte_of(lead)?;
    let len = match bytes[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let mut end = start + lead.len_utf8();
    let mut marks = Marks { all_usual: true, all_possible: true, last: lead };
    for byte in &mut bytes[1..len] {
        let (offset, c) = chars.next()?;
        *byte = byte_of(c).filter(|byte| (0x80..=0xbf).contains(byte))?;
        marks.add(c);
        end = start + offset + c.len_utf8();
    }
    let new = str::from_utf8(&bytes[..len]).ok()?.chars().next()?;
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    let is_endless =
        lead == 'Â' && before == Some('Â') || new == 'Ã' && after == Some('ƒ');
    if is_unlikely(new) || is_endless {
        return None;
    }
    // A control is a byte of what was wrong twice.
    let proof = match len {
        _ if new.is_control() => Proof::Sure,
        2 => proof_of_pair(lead, &marks, before, after),
        _ if marks.all_possible => Proof::None,
        _ => Proof::Sure,
    };
    Some(Sequence { start, end, new, proof })
}

/// What stands behind the first character of a sequence.
struct Marks {
    /// Marks that honest text often has behind a letter.
    all_usual: bool,
    /// These, and what it has there now and then.
    all_possible: bool,
    last: char,
}

impl Marks {
    fn add(&mut self, c: char) {
        let is_usual = is_usual_after_letter(c);
        self.all_usual &= is_usual;
        self.all_possible &= is_usual || is_possible_after_letter(c);
        self.last = c;
    }
}

/// How surely a capital and one mark are no honest text.
fn proof_of_pair(
    lead: char,
    marks: &Marks,
    before: Option<char>,
    after: Option<char>,
) -> Proof {
    let mark = marks.last;
    if mark.is_control() {
        return Proof::Sure;
    }
    let follows_small = before.is_some_and(char::is_lowercase) && lead.is_uppercase();
    let follows_capital = before.is_some_and(char::is_uppercase);
    let precedes_small = after.is_some_and(char::is_lowercase);
    let precedes_letter = after.is_some_and(char::is_alphabetic);
    // `Â` and `Ã` begin every letter and sign of Western Europe, and few words end in them.
    let is_western = matches!(lead, 'Â' | 'Ã');
    let is_sure = match mark {
        // A capital inside a word: `CafÃ©`, `mÅ‚yn`, `oraÈ™`.
        _ if follows_small && (is_western || precedes_small) => true,
        _ if follows_small => !parts_words(mark) && mark != '“',
        _ if is_western && !marks.all_usual => true,
        // `20Â°C`, `CANCIÃ“N`, `Ä°stanbul`; not `IRMÃ–GÊMEA`.
        '°' => precedes_letter,
        _ => is_western && precedes_letter && !(follows_capital && parts_words(mark)),
    };
    match is_sure {
        true => Proof::Sure,
        false if marks.all_possible => Proof::None,
        false => Proof::Hint,
    }
}

/// The windows-1252 byte of a character; C1 controls stand for themselves, as where the
/// text was read as ISO 8859-1 or a byte has no character.
fn byte_of(c: char) -> Option<u8> {
    if let '\u{80}'..='\u{ff}' = c {
        return u8::try_from(u32::from(c)).ok();
    }
    if c.is_ascii() || u32::from(c) > 0x2122 {
        return None;
    }
    let mut buffer = [0; 4];
    let (bytes, _, unmapped) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
    match (&*bytes, unmapped) {
        ([byte], false) => Some(*byte),
        _ => None,
    }
}

/// The same with a space for the no-break space that it was.
fn byte_or_space(c: char) -> Option<u8> {
    if c == ' ' { Some(0xa0) } else { byte_of(c) }
}

/// Marks that honest text puts right behind a letter: closing quotation marks, dashes,
/// signs of footnotes and trade.
fn is_usual_after_letter(c: char) -> bool {
    matches!(
        c,
        '„' | '…'
            | '‘'
            | '’'
            | '“'
            | '”'
            | '–'
            | '—'
            | '™'
            | '›'
            | '\u{a0}'
            | '«'
            | '\u{ad}'
            | '®'
            | '©'
            | '°'
            | '²'
            | '³'
            | '´'
            | '·'
            | '¹'
            | '»'
            | 'ª'
            | 'º'
    )
}

/// What honest text has behind a capital now and then: letters of windows-1252 that no
/// other charset has there (`ÚŽITOK`), marks of the dead and of footnotes, bullets, a
/// quotation mark that closes.
fn is_possible_after_letter(c: char) -> bool {
    matches!(c, 'Š' | 'š' | 'Ž' | 'ž' | 'Œ' | 'œ' | 'Ÿ' | '†' | '‡' | '•' | '‹')
}

/// Marks that stand between two words, closing ones that a genitive follows among them.
fn parts_words(c: char) -> bool {
    matches!(c, '–' | '—' | '…' | '’' | '”' | '»' | '\u{a0}' | '\u{ad}' | '·')
}

/// Characters that nobody meant: private use, and the scripts that a capital letter and a
/// closing quotation mark make by chance (Syriac, Thaana, N'Ko).
fn is_unlikely(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{700}'..='\u{8ff}')
}
