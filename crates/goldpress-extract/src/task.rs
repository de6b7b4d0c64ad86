//! Tasks: the questions that extractors compete on.

use std::fmt;
use std::str::FromStr;

/// What an extractor may be asked for; one folder of this crate each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Task {
    /// The text of the body.
    Content,
    /// A role for each block.
    Blocks,
    /// Document fields.
    Metadata,
    /// Names and mentions.
    Entity,
    /// Time expressions with their values.
    Timex,
    /// Who says what.
    Attribution,
    /// Words that lower certainty.
    Hedge,
    /// What is claimed, and how surely.
    Claim,
    /// What happens.
    Event,
    /// How entities stand to each other.
    Relation,
}

/// A name that is no task.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a task")]
pub struct UnknownTask {
    /// The name as found.
    pub found: String,
}

impl Task {
    /// All tasks, in the order of reports.
    pub const ALL: &'static [Task] = &[
        Task::Content,
        Task::Blocks,
        Task::Metadata,
        Task::Entity,
        Task::Timex,
        Task::Attribution,
        Task::Hedge,
        Task::Claim,
        Task::Event,
        Task::Relation,
    ];

    /// The name that files, flags and pages use.
    pub fn name(self) -> &'static str {
        match self {
            Task::Content => "content",
            Task::Blocks => "blocks",
            Task::Metadata => "metadata",
            Task::Entity => "entity",
            Task::Timex => "timex",
            Task::Attribution => "attribution",
            Task::Hedge => "hedge",
            Task::Claim => "claim",
            Task::Event => "event",
            Task::Relation => "relation",
        }
    }

    /// Whether the task may be told the language and date of the article.
    ///
    /// The others have to find them, so a view for them must not hold them.
    pub fn is_told_fields(self) -> bool {
        !matches!(self, Task::Content | Task::Blocks | Task::Metadata)
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Task {
    type Err = UnknownTask;

    fn from_str(name: &str) -> Result<Task, UnknownTask> {
        let found = Task::ALL.iter().find(|task| task.name() == name);
        found.copied().ok_or_else(|| UnknownTask { found: name.to_owned() })
    }
}
