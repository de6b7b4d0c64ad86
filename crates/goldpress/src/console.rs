//! Where a verb writes: data to `out`, everything else to `notes`.

use std::io::{self, IsTerminal, Write};

use anstyle::AnsiColor;
use anyhow::Error;

use crate::exit::{Exit, Refusal};

/// The two streams of the command, as writers, so that a test can read them.
pub(crate) struct Console {
    /// Data: what a pipe is for.
    pub(crate) out: Box<dyn Write>,
    /// Notes, progress, errors.
    pub(crate) notes: Box<dyn Write>,
    /// Whether `out` is a terminal that wants colours.
    pub(crate) colour: bool,
    /// Whether `notes` is a terminal, so that progress may be drawn.
    pub(crate) live: bool,
    /// Whether notes that are no errors are wanted.
    pub(crate) quiet: bool,
}

impl Console {
    /// The console of this process.
    pub(crate) fn of_process(quiet: bool, plain: bool) -> Console {
        Console {
            out: Box::new(io::BufWriter::new(io::stdout())),
            notes: Box::new(io::stderr()),
            colour: io::stdout().is_terminal() && !plain,
            live: io::stderr().is_terminal() && !quiet,
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

    /// Prints an error: what failed, each cause on its own line, then what to type.
    ///
    /// A closed pipe is a success: `goldpress show news/ | head` is no failure.
    pub(crate) fn report(&mut self, error: &Error) -> Exit {
        if is_closed_pipe(error) {
            return Exit::Done;
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
        let head =
            if self.live { format!("{red}error:{red:#}") } else { "error:".to_owned() };
        writeln!(self.notes, "{head} {error}")?;
        for cause in error.chain().skip(1) {
            writeln!(self.notes, "  because: {cause}")?;
        }
        let hint =
            error.chain().find_map(|cause| cause.downcast_ref::<Refusal>()?.hint());
        if let Some(hint) = hint {
            writeln!(self.notes, "\nhint: {hint}")?;
        }
        self.notes.flush()
    }
}

fn is_closed_pipe(error: &Error) -> bool {
    let kind = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<io::Error>().map(io::Error::kind)
    };
    error.chain().any(|cause| kind(cause) == Some(io::ErrorKind::BrokenPipe))
}
