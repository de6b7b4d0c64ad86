//! What is written comes back, whatever it is.

use std::collections::BTreeMap;

use goldpress_model::{
    Article, ArticleParts, AttrValue, Block, CharRange, Decoding, Digest, Field,
    FieldSource, FieldValue, Fields, Flaw, Fragments, LooseAnnotation, Measures, Origin,
    Outcome, ProposedBy, Provenance, Role, Span, Status,
};
use goldpress_store::{
    IngestOptions, IngestWriter,
    labels::{LabelFile, LabelHeader, LabelLine, order, parse, render},
    samples::{info, options},
};
use proptest::{collection::vec, option, prelude::*, sample::select};

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn articles_come_back(articles in vec(article(), 0..4)) {
        let folder = tempfile::tempdir().unwrap();
        let options = IngestOptions { keep_raw: false, ..options("laws") };
        let mut writer = IngestWriter::create(folder.path(), options).unwrap();
        let n_records = articles.len() as u64;
        for article in &articles {
            writer.push(Outcome::Article(Box::new(article.clone())), None).unwrap();
        }
        writer.finish(info(n_records)).unwrap();
        let dataset = goldpress_store::Dataset::open(folder.path()).unwrap();
        prop_assert_eq!(goldpress_store::verify(&dataset), []);
        let read: Vec<ArticleParts> =
            dataset.articles().map(|row| row.unwrap().into_parts()).collect();
        for (written, read) in articles.into_iter().zip(read) {
            let read = ArticleParts { dup_of: None, ..read };
            prop_assert_eq!(written.into_parts(), read);
        }
    }

    #[test]
    fn label_files_come_back(lines in vec(line(), 0..8)) {
        let header = LabelHeader { chars: 7, doc: Digest::of(b"x"), set: "ada".into() };
        let mut file = LabelFile { header, lines };
        let text = render(&file);
        file.lines.sort_by(order);
        let read = parse(text.as_bytes()).unwrap();
        prop_assert_eq!(render(&read), text);
        prop_assert_eq!(read, file);
    }

    #[test]
    fn no_bytes_make_the_label_reader_panic(bytes in vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }
}

prop_compose! {
    fn article()(
        lines in vec("[a-zé🚀À-ÿ ]{0,12}", 0..6),
        roles in vec(select(Role::ALL), 6),
        heading in 0_u8..7,
        name in option::of("[A-Zé]{1,5}"),
        authors in vec("[A-Zé]{1,5}", 0..3),
        at in option::of(any::<i64>()),
        flaws in vec((select(Flaw::ALL), any::<u32>()), 0..3),
        share in 0.0_f32..=1.0,
        numbers in any::<[u32; 3]>(),
    ) -> Article {
        let text = lines.join("\n");
        let blocks = blocks(&text, &roles, heading);
        let mut fields = Fields::new();
        let here = blocks.first().map_or(Fragments::none(), |block| block.span.into());
        for value in authors {
            let fragments = here.clone();
            fields.add(FieldValue {
                field: Field::Authors, value, source: FieldSource::Html, fragments,
            });
        }
        if let Some(name) = &name {
            fields.state(Field::Headline, name, FieldSource::Text);
        }
        Article::new(ArticleParts {
            raw_id: Digest::of(text.as_bytes()),
            dup_of: None,
            origin: Origin { file: "ä".into(), record: numbers[0].into(), byte_offset: 0 },
            media_type: "text/plain".into(),
            preset: name.clone(),
            fetched_at_us: at,
            decoding: Decoding {
                charset_declared: name.clone(),
                charset_used: "utf-8".into(),
                charset_source: "bom".into(),
                n_replaced: numbers[1],
            },
            lang: "und".into(),
            lang_score: share,
            source: name,
            measures: Measures {
                n_words: numbers[2], link_share: share, ..Measures::default()
            },
            flaws,
            text,
            blocks,
            fields,
        })
        .unwrap()
    }
}

/// One block for each line that is not blank.
fn blocks(text: &str, roles: &[Role], heading: u8) -> Vec<Block> {
    let mut start = 0;
    let mut blocks = Vec::new();
    for line in text.split('\n') {
        if !line.trim().is_empty() {
            let span = Span::new(text, start, start + line.len()).unwrap();
            let role = roles[blocks.len() % roles.len()];
            blocks.push(Block { role, heading, ..Block::plain(span) });
        }
        start += line.len() + 1;
    }
    blocks
}

fn text() -> impl Strategy<Value = String> {
    "[a-z\"\\\\é🚀\n\t]{1,6}"
}

fn value() -> impl Strategy<Value = AttrValue> {
    prop_oneof![
        Just(AttrValue::Null),
        any::<bool>().prop_map(AttrValue::Bool),
        any::<i64>().prop_map(AttrValue::Integer),
        text().prop_map(AttrValue::Text),
        vec(text(), 0..3).prop_map(AttrValue::List),
    ]
}

fn origin() -> impl Strategy<Value = ProposedBy> {
    let name = "[a-z]{1,4}";
    prop_oneof![
        Just(ProposedBy::Human),
        (name, name, "[a-z]{0,2}").prop_map(|(name, version, run)| ProposedBy::Model {
            name,
            version,
            run
        }),
        (name, "[a-z]{0,2}", option::of(name)).prop_map(|(format, file, reference)| {
            ProposedBy::Imported { format, file, reference }
        }),
    ]
}

prop_compose! {
    fn line()(
        // `t0` is the time of publication and no line's own id.
        id in "[a-z][a-z0-9._-]{1,8}".prop_filter("reserved", |id| id != "t0"),
        (layer, label) in (text(), text()),
        place in option::of((0_u32..9, 1_u32..9, text())),
        args in proptest::collection::btree_map(text(), vec("[a-z]{1,3}", 1..3), 0..2),
        attrs in proptest::collection::btree_map(text(), value(), 0..3),
        score in option::of(any::<f64>().prop_filter("JSON has none", |n| n.is_finite())),
        status in select(Status::ALL),
        origin in origin(),
        guideline in option::of(text()),
        spent_ds in option::of(any::<u32>()),
        was in any::<bool>(),
    ) -> LabelLine {
        let args: BTreeMap<String, Vec<String>> = args
            .into_iter()
            .map(|(role, mut targets)| { targets.sort(); (role, targets) })
            .collect();
        let (fragments, text) = match place {
            Some((start, len, text)) => (vec![CharRange { start, end: start + len }], text),
            None => (Vec::new(), String::new()),
        };
        LabelLine {
            annotation: LooseAnnotation {
                id, layer, label, fragments, text, args, attrs, score,
            },
            provenance: Provenance {
                status,
                origin,
                from: Vec::new(),
                was: was.then(|| r#"{"label":"ORG"}"#.to_owned()),
                carried: None,
                guideline,
                spent_ds,
            },
        }
    }
}
