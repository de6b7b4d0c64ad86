//! What the built-in finder of bodies makes of pages that it was not fitted on, and of the
//! same pages as plain text: one JSON object a page and shape, for `benches/content.py`.
//!
//! ```text
//! cargo run --release -p goldpress --example content -- WCXB answers.jsonl [MODELS]
//! ```
//!
//! `WCXB` holds `html/NNNN.html.gz` and `ground-truth/NNNN.json`. Hosts are dealt into five
//! folds; each is read with weights that were fitted on the others. `MODELS` is a folder in
//! which these weights are kept, and taken from if they are there; it gets those fitted on
//! all pages too, as `region.toml` has them.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    io::{BufWriter, Write},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::Mutex,
};

use anyhow::Context;
use goldpress_extract::{
    KnownBody, Lines, RegionModel, Sample, fit_region, label_lines, plain_shapes,
    read_fields,
};
use goldpress_ingest::{Asked, BlockView, FieldView, Hands, Options, Silent, run};
use goldpress_model::{Block, Field, Fields, Outcome, PageFacts, Role};
use goldpress_text::{NormaliseOptions, lines, normalise};
use serde_json::{Value, json};

/// As the command has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const N_FOLDS: usize = 5;
/// Shapes of plain text, as `plain_shapes` gives them.
const SHAPES: [&str; 3] = ["text", "tight", "wrapped"];

fn main() -> anyhow::Result<()> {
    let args: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let (root, output) = match args.as_slice() {
        [root, output] | [root, output, _] => (root, output),
        _ => anyhow::bail!("usage: content WCXB answers.jsonl [MODELS]"),
    };
    let pages = read(root)?;
    let models = models(&pages, args.get(2).map(PathBuf::as_path))?;
    let mut out = BufWriter::new(fs::File::create(output)?);
    for (fold, model) in models.iter().enumerate() {
        for page in pages.iter().filter(|page| page.host % N_FOLDS == fold) {
            for answer in page.answers(model) {
                writeln!(out, "{answer}")?;
            }
        }
    }
    Ok(out.flush()?)
}

/// A text with its lines and which of them are body.
struct Lesson {
    text: String,
    blocks: Vec<Block>,
    facts: Option<PageFacts>,
    stated: Fields,
    is_body: Vec<bool>,
}

/// A page and its shapes as text.
struct Page {
    name: String,
    url: String,
    host: usize,
    page: Lesson,
    texts: Vec<Lesson>,
}

/// What a labeller was shown of each text.
type Seen = Mutex<HashMap<String, (Option<PageFacts>, Fields)>>;

/// Renders every page, as ingest does.
fn read(root: &Path) -> anyhow::Result<Vec<Page>> {
    let seen = Seen::default();
    let hands = Hands {
        label_blocks: &|view: BlockView<'_>| {
            let about = (view.facts.cloned(), view.stated.clone());
            seen.lock().expect("nobody panics").insert(view.text.to_owned(), about);
            vec![Role::Paragraph; view.blocks.len()].into()
        },
        read_fields: &|_: FieldView<'_>| Fields::new(),
        cpu_time: &|| std::time::Duration::ZERO,
    };
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let options = Options::new(Asked { threads, keep_raw: false, ..Asked::default() })?;
    let mut found = Vec::new();
    let mut keep = |outcome, _| {
        if let Outcome::Article(article) = outcome {
            let file = article.parts().origin.file.clone();
            found.push((file, article.text().to_owned(), article.blocks().to_vec()));
        }
        Ok(())
    };
    run(&[root.join("html")], &options, &hands, &mut keep, &Silent)?;
    let mut hosts: BTreeMap<String, usize> = BTreeMap::new();
    let seen = seen.into_inner().expect("nobody panics");
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let page = |(file, text, mut blocks): (String, String, Vec<Block>)| {
        blocks.iter_mut().for_each(|block| block.role = Role::Paragraph);
        let name = Path::new(&file).file_name().context("a file")?.to_string_lossy();
        let name = name.trim_end_matches(".html.gz").to_owned();
        let gold = fs::read(root.join(format!("ground-truth/{name}.json")))?;
        let gold: Value = serde_json::from_slice(&gold)?;
        let url = gold["url"].as_str().unwrap_or_default().to_owned();
        let next = hosts.len();
        let host = *hosts.entry(host_of(&url).to_owned()).or_insert(next);
        let body = gold["ground_truth"]["main_content"].as_str().unwrap_or_default();
        let body = KnownBody::of(body);
        let texts = plain_shapes(&text).map(|shape| plain(&shape, &body)).into();
        let (facts, stated) = seen.get(&text).cloned().unwrap_or_default();
        let is_body = body.lines(&text, &blocks);
        let page = Lesson { text, blocks, facts, stated, is_body };
        Ok(Page { name, url, host, page, texts })
    };
    found.into_iter().map(page).collect()
}

/// A text as ingest reads it.
fn plain(text: &str, body: &KnownBody) -> Lesson {
    let text = normalise(text, NormaliseOptions::default()).text;
    let blocks: Vec<Block> = lines(&text).map(Block::plain).collect();
    let is_body = body.lines(&text, &blocks);
    Lesson { text, blocks, facts: None, stated: Fields::new(), is_body }
}

fn host_of(url: &str) -> &str {
    let rest = url.split("://").nth(1).unwrap_or(url);
    rest.split(['/', '?', '#', ':']).next().unwrap_or(rest).trim_start_matches("www.")
}

/// The weights for each fold, fitted on the others, or as they were kept. Where they are to
/// be kept, those that are fitted on all pages are written beside them: `all.toml`.
fn models(pages: &[Page], kept: Option<&Path>) -> anyhow::Result<Vec<RegionModel>> {
    let of_fold = |fold: usize| -> anyhow::Result<RegionModel> {
        let name = if fold == N_FOLDS { "all".into() } else { format!("fold-{fold}") };
        let path = kept.map(|folder| folder.join(format!("{name}.toml")));
        if let Some(path) = path.as_ref().filter(|path| path.exists()) {
            return Ok(RegionModel::parse(&fs::read_to_string(path)?)?);
        }
        let model = fitted(pages.iter().filter(|page| page.host % N_FOLDS != fold));
        if let Some(path) = path {
            fs::create_dir_all(kept.context("a folder")?)?;
            fs::File::create(path)?.write_all(model.render().as_bytes())?;
        }
        Ok(model)
    };
    let n_models = if kept.is_some() { N_FOLDS + 1 } else { N_FOLDS };
    let mut models: Vec<RegionModel> = std::thread::scope(|scope| {
        let folds: Vec<_> =
            (0..n_models).map(|fold| scope.spawn(move || of_fold(fold))).collect();
        let done = folds.into_iter().map(|fold| fold.join().expect("no fold panics"));
        done.collect::<anyhow::Result<Vec<_>>>()
    })?;
    models.truncate(N_FOLDS);
    Ok(models)
}

/// The weights that fit these pages, and their shapes as text.
fn fitted<'p>(pages: impl Iterator<Item = &'p Page> + Clone) -> RegionModel {
    let of_pages: Vec<Sample<'_>> =
        pages.clone().map(|page| page.page.sample(page.host)).collect();
    let of_texts: Vec<Sample<'_>> =
        pages.flat_map(|page| page.shapes().map(|text| text.sample(page.host))).collect();
    RegionModel { page: fit_region(&of_pages), text: fit_region(&of_texts) }
}

impl Lesson {
    fn sample(&self, host: usize) -> Sample<'_> {
        let Lesson { text, blocks, facts, stated, is_body } = self;
        Sample { text, blocks, facts: facts.as_ref(), stated, is_body, host }
    }

    /// The roles of all lines.
    fn roles(&self, model: &RegionModel) -> Vec<Role> {
        let Lesson { text, blocks, facts, stated, .. } = self;
        let given = goldpress_extract::Given::Document;
        let lines = Lines { text, blocks, facts: facts.as_ref(), stated, given };
        label_lines(&lines, model).roles
    }

    /// The lines of the body.
    fn body(&self, roles: &[Role]) -> String {
        let lines = self.blocks.iter().zip(roles).filter(|(_, role)| role.is_body());
        let lines: Vec<&str> =
            lines.map(|(block, _)| block.span.slice(&self.text)).collect();
        lines.join("\n\n")
    }
}

impl Page {
    /// The shapes of the text that are not the same once they are read.
    fn shapes(&self) -> impl Iterator<Item = &Lesson> {
        let differs = |(at, text): (usize, &Lesson)| {
            !self.texts[..at].iter().any(|other| other.text == text.text)
        };
        let shapes = self.texts.iter().enumerate();
        shapes.filter(move |(at, text)| differs((*at, text))).map(|(_, text)| text)
    }

    /// One object for the page and one for each shape of its text.
    fn answers(&self, model: &RegionModel) -> Vec<Value> {
        let Lesson { text, blocks, facts, stated, .. } = &self.page;
        let roles = self.page.roles(model);
        let mut labelled = blocks.clone();
        for (block, role) in labelled.iter_mut().zip(&roles) {
            block.role = *role;
        }
        let url = Some(self.url.as_str()).filter(|url| !url.is_empty());
        let fields = read_fields(text, &labelled, facts.as_ref(), stated, url);
        let authors: Vec<&str> =
            fields.all(Field::Authors).map(|value| value.value.as_str()).collect();
        let mut answers = vec![json!({
            "page": self.name, "host": self.host, "shape": "page",
            "body": self.page.body(&roles),
            "title": fields.get(Field::Headline), "authors": authors,
            "date": fields.get(Field::DatePublished),
        })];
        answers.extend(SHAPES.iter().zip(&self.texts).map(|(shape, lesson)| {
            let roles = lesson.roles(model);
            let found: Vec<bool> = roles.iter().map(|role| role.is_body()).collect();
            json!({
                "page": self.name, "host": self.host, "shape": shape,
                "body": lesson.body(&roles), "text": lesson.text,
                "lines": found, "gold_lines": lesson.is_body,
            })
        }));
        answers
    }
}
