//! Where a verb writes: data to `out`, everything else to `notes`.
//!
//! Both are doors: what data holds reaches no terminal and no log of a build server but as
//! text that is read.

use std::io::{self, IsTerminal, Write};

use anstyle::AnsiColor;
use anyhow::Error;
use goldpress_report::{
    Table,
    door::{self, Styles},
};

use crate::{
    exit::{Exit, Refusal},
    joins::Interrupted,
    shared::{Colour, Format},
};

/// The two streams of the command, as writers, so that a test can read them.
pub(crate) struct Console {
    /// Data: what a pipe is for.
    pub(crate) out: Door,
    /// Notes, progress, errors.
    pub(crate) notes: Door,
    /// Whether `out` wants colours.
    pub(crate) colour: bool,
    /// Whether `notes` wants colours.
    notes_colour: bool,
    /// Whether `notes` is a terminal on which progress may be drawn.
    pub(crate) live: bool,
    /// Whether notes that are no errors are wanted.
    pub(crate) quiet: bool,
}

impl Console {
    /// The console of this process.
    pub(crate) fn of_process(quiet: bool, colour: Colour) -> Console {
        let can_draw = io::stderr().is_terminal() && !crate::shared::is_dumb();
        let (stdout, stderr) = (io::stdout(), io::stderr());
        let is_terminal = stdout.is_terminal();
        let wanted = colour.is_wanted(is_terminal);
        let notes_wanted = colour.is_wanted(stderr.is_terminal());
        let is_seen = stderr.is_terminal();
        Console {
            out: Door::new(Box::new(io::BufWriter::new(stdout)), is_terminal, wanted),
            notes: Door::new(Box::new(stderr), is_seen, notes_wanted),
            colour: wanted,
            notes_colour: notes_wanted,
            live: can_draw && !quiet,
            quiet,
        }
    }

    /// A line for people, unless they want quiet.
    pub(crate) fn note(&mut self, line: impl AsRef<str>) -> io::Result<()> {
        if self.quiet {
            return Ok(());
        }
        writeln!(self.notes, "{}", line.as_ref())
    }

    /// Prints a table.
    pub(crate) fn table(&mut self, table: &Table, format: Format) -> io::Result<()> {
        self.out.write_all(table.render(format.into()).as_bytes())
    }

    /// Prints an error: what failed, each cause on its own line, then what to type.
    ///
    /// A closed pipe is a success: `goldpress show news/ | head` is no failure.
    pub(crate) fn report(&mut self, error: &Error) -> Exit {
        if is_closed_pipe(error) {
            return Exit::Done;
        }
        if let Some(interrupted) = error.downcast_ref::<Interrupted>() {
            let _ = writeln!(self.notes, "{interrupted}");
            return Exit::Interrupted;
        }
        // Nothing is left to tell when stderr itself is gone.
        let _ = self.print_chain(error);
        match error.chain().any(|cause| cause.is::<Refusal>()) {
            true => Exit::Usage,
            false => Exit::Failed,
        }
    }

    fn print_chain(&mut self, error: &Error) -> io::Result<()> {
        let red = AnsiColor::Red.on_default().bold();
        let head = if self.notes_colour {
            format!("{red}error:{red:#}")
        } else {
            "error:".to_owned()
        };
        writeln!(self.notes, "{head} {}", plain(&error.to_string()))?;
        let causes = causes(error);
        for cause in &causes {
            writeln!(self.notes, "  because: {cause}")?;
        }
        let hint =
            error.chain().find_map(|cause| cause.downcast_ref::<Refusal>()?.hint());
        let told = [plain(&error.to_string())].into_iter().chain(causes);
        if let Some(hint) = hint.or_else(|| told.rev().find_map(|line| disk_hint(&line)))
        {
            writeln!(self.notes, "\nhint: {hint}")?;
        }
        self.notes.flush()
    }
}

/// A stream that people read: line by line, what would do something there is escaped by
/// [`door::log`].
pub(crate) struct Door {
    stream: Box<dyn Write>,
    /// What was written of a line that has not ended.
    line: Vec<u8>,
    styles: Styles,
    is_terminal: bool,
}

impl Door {
    fn new(stream: Box<dyn Write>, is_terminal: bool, colour: bool) -> Door {
        let styles = if colour { Styles::Pass } else { Styles::Escaped };
        Door { stream, line: Vec::new(), styles, is_terminal }
    }

    /// The stream itself, for pages, XML and commands, which pass doors of their own; this
    /// door all the same where a terminal reads them.
    ///
    /// JSON needs it not: what the door escapes, a reader of JSON undoes.
    pub(crate) fn for_programs(&mut self) -> io::Result<&mut dyn Write> {
        self.pass()?;
        match self.is_terminal {
            true => Ok(self),
            false => Ok(&mut self.stream),
        }
    }

    /// For `write!`, without a trait to bring along.
    pub(crate) fn write_fmt(&mut self, text: std::fmt::Arguments<'_>) -> io::Result<()> {
        Write::write_fmt(self, text)
    }

    /// As of any stream.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        Write::flush(self)
    }

    /// Writes what is held back.
    fn pass(&mut self) -> io::Result<()> {
        let held = std::mem::take(&mut self.line);
        match std::str::from_utf8(&held) {
            Ok(text) => self.stream.write_all(door::log(text, self.styles).as_bytes()),
            Err(_) => {
                let text = String::from_utf8_lossy(&held);
                self.stream.write_all(door::log(&text, self.styles).as_bytes())
            }
        }
    }
}

impl Write for Door {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match bytes.iter().rposition(|byte| *byte == b'\n') {
            None => self.line.extend_from_slice(bytes),
            Some(end) => {
                self.line.extend_from_slice(&bytes[..=end]);
                self.pass()?;
                self.line.extend_from_slice(&bytes[end + 1..]);
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass()?;
        self.stream.flush()
    }
}

/// What lies behind an error, each cause once: a wrapper often repeats what it wraps.
fn causes(error: &Error) -> Vec<String> {
    let mut told = vec![error.to_string()];
    for cause in error.chain().skip(1).map(|cause| plain(&cause.to_string())) {
        if told.iter().any(|line| line.contains(&cause)) {
            continue;
        }
        told.push(cause);
    }
    told.split_off(1)
}

/// Words of the system, in words of people.
fn plain(cause: &str) -> String {
    let known = [
        ("No space left on device (os error 28)", "the disk is full"),
        ("Disk quota exceeded (os error 122)", "the disk quota is used up"),
        ("Permission denied (os error 13)", "permission denied"),
        ("Read-only file system (os error 30)", "the file system is read-only"),
        ("No such file or directory (os error 2)", "there is no such file or folder"),
        ("Not a directory (os error 20)", "a file stands where a folder is needed"),
        ("Is a directory (os error 21)", "it is a folder"),
        ("File exists (os error 17)", "a file of this name is there already"),
    ];
    let text = known
        .into_iter()
        .fold(cause.to_owned(), |text, (from, to)| text.replace(from, to));
    // Files of ours under their names while they are written mean nothing to anybody.
    match text.split_once(" at path \"") {
        Some((before, name)) if name.contains(".goldpress-") => before.to_owned(),
        _ => text,
    }
}

/// What to do about a disk that takes nothing more.
fn disk_hint(line: &str) -> Option<&'static str> {
    let hints = [
        ("the disk is full", "make room and run the same command again"),
        ("the disk quota is used up", "make room and run the same command again"),
        ("permission denied", "check who may write there"),
        ("the file system is read-only", "choose a folder that can be written to"),
    ];
    hints.into_iter().find(|(words, _)| line.contains(words)).map(|(_, hint)| hint)
}

fn is_closed_pipe(error: &Error) -> bool {
    let kind = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<io::Error>().map(io::Error::kind)
    };
    error.chain().any(|cause| kind(cause) == Some(io::ErrorKind::BrokenPipe))
}
