//! Exit codes: a public promise, the same for every verb.

use std::process::ExitCode;

use goldpress_eval::gate::GateExit;

/// How the command ends.
///
/// Of several, quality outranks timing, and timing outranks undecidable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything asked for was done.
    Done,
    /// An internal or I/O failure, or a file that an import or export refuses.
    Failed,
    /// The arguments or `goldpress.toml` are wrong.
    Usage,
    /// A quality gate failed.
    Quality,
    /// A timing gate failed.
    Timing,
    /// A question without an answer: no baseline, other gold, an incomplete run.
    Undecidable,
    /// A check found faults.
    Faults,
    /// The user interrupted; what was half done is gone.
    Interrupted,
}

impl From<GateExit> for Exit {
    fn from(exit: GateExit) -> Exit {
        match exit {
            GateExit::Passed => Exit::Done,
            GateExit::Quality => Exit::Quality,
            GateExit::Timing => Exit::Timing,
            GateExit::Undecided => Exit::Undecidable,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Quality => 3,
            Exit::Timing => 4,
            Exit::Undecidable => 5,
            Exit::Faults => 6,
            Exit::Interrupted => 130,
        })
    }
}

/// Something the user can mend in the arguments or in `goldpress.toml`.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Refusal {
    message: String,
    hint: Option<String>,
}

impl Refusal {
    /// A refusal with what to type instead.
    pub(crate) fn error(
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> anyhow::Error {
        Refusal { message: message.into(), hint: Some(hint.into()) }.into()
    }

    /// What to type instead.
    pub(crate) fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}
