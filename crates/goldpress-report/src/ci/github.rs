//! GitHub Actions: commands that put a regression beside the file that a person can act on.

use goldpress_store::result::EvalResult;

use super::{in_words, is_worse, label};
use crate::{
    comparison::named_with_baseline,
    door::{command, command_property},
};

/// Annotations of one step that GitHub shows, less one that says how many there are more.
const SHOWN: usize = 9;

/// `::error` commands: failed gates at `goldpress.toml`, documents that got worse at their
/// gold, the worst first; at most ten, of which the last counts the rest.
///
/// `dataset` is the folder as the workflow sees it from the root of its repository.
///
/// # Source
///
/// Workflow commands of GitHub Actions; `%`, CR and LF are escaped, in properties `:` and
/// `,` as well.
pub fn github(result: &EvalResult, dataset: &str) -> String {
    let dataset = dataset.trim_start_matches("./").trim_end_matches('/');
    let at = |path: &str| match dataset {
        "" | "." => path.to_owned(),
        folder => format!("{folder}/{path}"),
    };
    let mut commands = Vec::new();
    for comparison in &result.comparisons {
        let system = named_with_baseline(comparison);
        for gate in comparison.gates.iter().filter(|gate| gate.outcome != "pass") {
            let title = format!("{system}: {} {}", gate.gate, gate.outcome);
            commands.push(error(&at("goldpress.toml"), &title, &gate.because.join("; ")));
        }
        for test in comparison.tests.iter().filter(|test| is_worse(test)) {
            let title = format!(
                "{system}: {}/{} of {} {}",
                test.layer,
                test.metric,
                label(test),
                test.verdict
            );
            commands.push(error(&at("goldpress.toml"), &title, &in_words(test)));
        }
    }
    for comparison in &result.comparisons {
        if !comparison.tests.iter().any(is_worse) {
            continue;
        }
        for moved in &comparison.worse {
            let file = at(&format!("labels/gold/{}.jsonl", moved.doc_id));
            let title = format!("{}: {} got worse", comparison.system, moved.layer);
            let counts = |counts: &goldpress_model::Counts| {
                let (found, spurious, missed) =
                    (counts.found, counts.spurious, counts.missed);
                format!("{found} found, {spurious} spurious, {missed} missed")
            };
            let source = moved.source.as_deref().unwrap_or("no outlet");
            let message =
                format!("{source}: {}; was {}", counts(&moved.now), counts(&moved.base));
            commands.push(error(&file, &title, &message));
        }
    }
    if commands.len() > SHOWN + 1 {
        let n_more = commands.len() - SHOWN;
        commands.truncate(SHOWN);
        let what = format!("and {n_more} more: see the report");
        commands.push(error(&at("goldpress.toml"), "goldpress", &what));
    }
    commands.concat()
}

fn error(file: &str, title: &str, message: &str) -> String {
    let (file, title) = (command_property(file), command_property(title));
    format!("::error file={file},line=1,title={title}::{}\n", command(message))
}
