//! Where an annotation comes from, and what people decided about it.

use crate::names::named;

named! {
    /// What became of a proposed annotation.
    "status"
    pub enum Status {
        /// Nobody decided.
        Suggested = "suggested",
        /// Made by a person, or taken unchanged.
        Accepted = "accepted",
        /// Taken after a change.
        Edited = "edited",
        /// Refused; kept as evidence.
        Rejected = "rejected",
    }
}

impl Status {
    /// Whether the annotation counts as one: accepted or edited.
    pub fn counts(self) -> bool {
        matches!(self, Status::Accepted | Status::Edited)
    }
}

/// Who proposed an annotation; never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProposedBy {
    /// A person, here.
    Human,
    /// A system.
    Model {
        /// Its name.
        name: String,
        /// Its version.
        version: String,
        /// The run that proposed it.
        run: String,
    },
    /// A file made elsewhere.
    Imported {
        /// Its format.
        format: String,
        /// Its name.
        file: String,
        /// The annotation's handle in it.
        reference: Option<String>,
    },
}

/// Everything about an annotation that is not its content.
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// What became of it.
    pub status: Status,
    /// Who proposed it.
    pub origin: ProposedBy,
    /// The lines it was made of, as `set/id`.
    pub from: Vec<String>,
    /// Old value of each changed key, as a canonical JSON object.
    pub was: Option<String>,
    /// What carried it onto its present text, as a canonical JSON object.
    pub carried: Option<String>,
    /// `name@version` of the schema under which a person decided.
    pub guideline: Option<String>,
    /// Tenths of a second that a person spent on it.
    pub spent_ds: Option<u32>,
}
