//! The desk: one case after another, moved through with single keys.

use std::io::{self, Read, Write};

use rustix::termios::{OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Next,
    Previous,
    Open,
    Quit,
}

/// Shows cases until the person has enough: `case` writes one by number, `open` the whole
/// article of it. Ends with the input.
pub(super) fn sit(
    n_cases: usize,
    keys: &mut dyn Read,
    out: &mut dyn Write,
    mut case: impl FnMut(usize, &mut dyn Write) -> anyhow::Result<()>,
    mut open: impl FnMut(usize, &mut dyn Write) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut at = 0;
    let mut is_new = true;
    while at < n_cases {
        if is_new {
            case(at, out)?;
        }
        write!(
            out,
            "{} of {n_cases} · n next · p previous · o article · q quit ",
            at + 1
        )?;
        out.flush()?;
        let key = key(keys)?;
        writeln!(out, "\n")?;
        is_new = true;
        match key {
            Some(Key::Next) => at += 1,
            Some(Key::Previous) => at = at.saturating_sub(1),
            Some(Key::Open) => {
                open(at, out)?;
                is_new = false;
            }
            Some(Key::Quit) | None => break,
        }
    }
    out.flush()?;
    Ok(())
}

/// The next key that means something; `None` where the input ends.
fn key(keys: &mut dyn Read) -> io::Result<Option<Key>> {
    let mut byte = [0];
    while keys.read(&mut byte)? == 1 {
        return Ok(Some(match byte[0] {
            b'n' | b' ' | b'\r' | b'\n' => Key::Next,
            b'p' => Key::Previous,
            b'o' => Key::Open,
            // Also Ctrl-C and Ctrl-D, which are keys here: the terminal is set back first.
            b'q' | 3 | 4 => Key::Quit,
            _ => continue,
        }));
    }
    Ok(None)
}

/// A terminal that gives keys as they are pressed, and unseen, until this is dropped.
pub(super) struct Unbuffered {
    before: Termios,
}

impl Unbuffered {
    /// Sets standard input so; `None` where it is no terminal.
    pub(super) fn stdin() -> Option<Unbuffered> {
        let before = tcgetattr(io::stdin()).ok()?;
        let mut raw = before.clone();
        let output = raw.output_modes;
        raw.make_raw();
        // What is written stays as it was: only reading changes.
        raw.output_modes = output;
        raw.special_codes[SpecialCodeIndex::VMIN] = 1;
        tcsetattr(io::stdin(), OptionalActions::Now, &raw).ok()?;
        Some(Unbuffered { before })
    }
}

impl Drop for Unbuffered {
    fn drop(&mut self) {
        // A terminal that is gone needs no setting.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_move_open_and_quit() {
        for (keys, expected) in [
            ("nn", "0 1 "),
            ("n pq", "0 1 2 1 "),
            ("xoq", "0 [0] "),
            ("ponq", "0 0 [0] 1 "),
            ("", "0 "),
            ("\u{3}", "0 "),
        ] {
            let seen = std::cell::RefCell::new(String::new());
            let case = |at: usize, _: &mut dyn Write| {
                seen.borrow_mut().push_str(&format!("{at} "));
                Ok(())
            };
            let open = |at: usize, _: &mut dyn Write| {
                seen.borrow_mut().push_str(&format!("[{at}] "));
                Ok(())
            };
            let n_cases = if keys == "nn" { 2 } else { 3 };
            sit(n_cases, &mut keys.as_bytes(), &mut Vec::new(), case, open).unwrap();
            assert_eq!(*seen.borrow(), expected, "{keys:?}");
        }
    }
}
