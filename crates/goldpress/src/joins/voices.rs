//! What systems and annotators say of articles, as label verbs take it.

use std::collections::BTreeMap;

use goldpress_label::{Suggester, Voice};
use goldpress_model::{Digest, LooseAnnotation};
use goldpress_store::{Dataset, Run};

use crate::exit::Refusal;

/// What somebody says, by article.
type Said = BTreeMap<Digest, Vec<LooseAnnotation>>;

/// The systems of a run, each with its annotations by article.
///
/// # Errors
///
/// There is no such run, or it cannot be read; `system` is not in it.
pub(crate) fn claims_of_run(
    dataset: &Dataset,
    run_id: &str,
    system: Option<&str>,
) -> anyhow::Result<Vec<(Suggester, Said)>> {
    let runs = dataset.runs()?;
    if !runs.iter().any(|run| run.run_id == run_id) {
        let known: Vec<&str> = runs.iter().map(|run| run.run_id.as_str()).collect();
        let hint = match known.is_empty() {
            true => "goldpress extract makes runs".to_owned(),
            false => format!("one of: {}", known.join(", ")),
        };
        return Err(Refusal::error(format!("there is no run `{run_id}`"), hint));
    }
    let run = Run::open(dataset, run_id)?;
    let systems: Vec<Suggester> = run
        .info()
        .systems
        .iter()
        .filter(|one| system.is_none_or(|system| one.name == system))
        .map(|one| Suggester {
            system: one.name.clone(),
            version: one.version.clone(),
            run: run_id.to_owned(),
        })
        .collect();
    if let (Some(system), true) = (system, systems.is_empty()) {
        let all = run.info().systems.iter().map(|one| one.name.as_str());
        let hint = format!("one of: {}", all.collect::<Vec<_>>().join(", "));
        let message = format!("run `{run_id}` holds no system `{system}`");
        return Err(Refusal::error(message, hint));
    }
    let mut by_system: BTreeMap<String, Said> = BTreeMap::new();
    for row in run.predictions() {
        let row = row?;
        let of_system = by_system.entry(row.system).or_default();
        of_system.entry(row.doc_id).or_insert(row.annotations);
    }
    let claims = |one: Suggester| {
        let documents = by_system.remove(&one.system).unwrap_or_default();
        (one, documents)
    };
    Ok(systems.into_iter().map(claims).collect())
}

/// An annotator as a voice on a layer: the articles of which the layer is done.
///
/// # Errors
///
/// A label file cannot be read.
pub(crate) fn voice_of_set(
    dataset: &Dataset,
    set: &str,
    layer: &str,
) -> anyhow::Result<Voice> {
    let said = goldpress_label::gold(dataset, set)?;
    let done = said.documents.into_iter().filter(|one| one.covered.contains(layer));
    Ok(Voice {
        name: set.to_owned(),
        documents: done.map(|one| (one.doc_id, one.annotations)).collect(),
    })
}
