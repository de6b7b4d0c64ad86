//! Label files: what people say of articles, checked, brought in and out.
//!
//! A write that fails its check never reaches the disk. Nothing here prints, asks for the
//! time or draws pages; what may be said of a text is data, a
//! [`Schema`](goldpress_model::Schema).
//!
//! # Offsets
//!
//! Label files count **code points**. Foreign files count what they like: which it is is
//! found by the words they quote, never guessed.

mod adjudicate;
pub mod agreement;
mod build;
mod carry;
mod checks;
mod compiled;
mod content;
mod done;
mod export;
mod formats;
mod gold;
mod import;
mod journal;
mod locks;
mod quotes;
mod reading;
mod schema;
mod sets;
mod suggest;
mod suspects;
mod units;
mod verify;

pub use adjudicate::{
    AdjudicateOptions, AdjudicateReport, Disputed, GOLD, Policy, Readiness, Stale,
    adjudicate, readiness, stale,
};
pub use build::{BuildError, BuildReport, build, build_under};
pub use carry::{CarryOptions, CarryReport, How, NotCarried, Pair, carry};
pub use checks::{Finding, Severity, TextOf, When, check_file};
pub use compiled::{Compiled, compiled};
pub use done::{DoneReport, mark_done};
pub use export::{
    Capacity, Discontinuous, ExportError, ExportOptions, ExportReport, Page,
    WriteOptions, export, export_under,
};
pub use formats::{
    Draft, FORMATS, Foreign, Format, Link, Misread, ReadOptions, Source, TagReader,
    TaggedRun, Task, Token, Written, format,
};
pub use gold::{GoldDocument, GoldSet, gold, gold_hash, gold_of_rows, set_hash};
pub use import::{
    ExitClass, ImportError, ImportNote, ImportOptions, ImportReport, NoteKind, Unsaid,
    import, import_under, infer_schema, schema_toml, texts_of,
};
pub use journal::{
    Appender, Change, FileAppender, JournalError, Message, Session, SetLock,
};
pub use reading::{check_bytes, check_lines};
pub use schema::{
    NEWS, SCHEMAS, SchemaError, built_in, load_schema, news, parse_schema, schema_hash,
    schema_page,
};
pub use sets::{LabelError, LabelName, LabelSets, set_fault, suggestion_set};
pub use suggest::{SuggestOptions, SuggestReport, Suggester, Verdicts, suggest};
pub use suspects::{Suspect, Suspicion, Voice, suspects};
pub use units::{LineEnds, Reading, Unit};
pub use verify::{check, check_under, fix};
