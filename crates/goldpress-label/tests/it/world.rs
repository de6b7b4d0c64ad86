//! A small dataset in a temporary folder, made of plain texts.

use std::path::Path;

use goldpress_model::{
    Article, ArticleParts, Block, Decoding, Digest, Fields, Measures, Origin, Outcome,
};
use goldpress_store::{Dataset, IngestInfo, IngestOptions, IngestWriter};
use goldpress_text::lines;
use tempfile::TempDir;

/// A dataset and the folder that it lies in.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) dataset: Dataset,
}

impl World {
    /// Articles of plain text, each with the name of its input file.
    #[track_caller]
    pub(crate) fn of(articles: &[(&str, &str)]) -> World {
        let folder = tempfile::tempdir().unwrap();
        let options = IngestOptions {
            keep_raw: false,
            replace: false,
            inputs: "test".to_owned(),
            normaliser: goldpress_text::NORMALISER.to_owned(),
            preset: None,
            part_bytes: goldpress_store::PART_BYTES,
        };
        let mut writer = IngestWriter::create(folder.path(), options).unwrap();
        for (file, text) in articles {
            writer.push(Outcome::Article(Box::new(article(file, text))), None).unwrap();
        }
        let n_records = articles.len() as u64;
        let info = IngestInfo { n_records, ..IngestInfo::default() };
        writer.finish(info).unwrap();
        let dataset = Dataset::open(folder.path()).unwrap();
        World { folder, dataset }
    }

    /// The article of the vectors under its schema, without labels.
    #[track_caller]
    pub(crate) fn harbour() -> World {
        let world = World::of(&[("harbour.txt", &crate::vectors::read("article.txt"))]);
        world.put("goldpress.toml", &crate::vectors::read("goldpress.toml"));
        world
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file below the dataset.
    #[expect(clippy::disallowed_methods, reason = "a test sets the scene")]
    #[track_caller]
    pub(crate) fn put(&self, name: &str, content: &str) {
        let path = self.root().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Reads a file below the dataset; empty where it is not there.
    pub(crate) fn get(&self, name: &str) -> String {
        std::fs::read_to_string(self.root().join(name)).unwrap_or_default()
    }
}

fn article(file: &str, text: &str) -> Article {
    let blocks = lines(text).map(Block::plain).collect();
    let raw_id = Digest::of(text.as_bytes());
    Article::new(ArticleParts {
        text: text.to_owned(),
        blocks,
        raw_id,
        dup_of: None,
        origin: Origin { file: file.to_owned(), record: 1, byte_offset: 0 },
        media_type: "text/plain".to_owned(),
        preset: None,
        fetched_at_us: None,
        decoding: Decoding {
            charset_declared: None,
            charset_used: "utf-8".to_owned(),
            charset_source: "utf-8".to_owned(),
            n_replaced: 0,
        },
        fields: Fields::new(),
        lang: "en".to_owned(),
        lang_score: 1.0,
        source: None,
        measures: Measures::default(),
        flaws: Vec::new(),
    })
    .expect("blocks are the lines")
}
