//! An article on a terminal without colours.

use goldpress_model::{
    Annotation, Article, ArticleParts, Block, Decoding, Digest, Field, FieldSource,
    Fields, Flaw, Fragments, Measures, Origin, Role, Span,
};
use goldpress_report::{ArticleStyle, article_text};
use insta::assert_snapshot;

const TEXT: &str = "Zürich reopens its zoo\n\nBy Ada Ōno\n\nThe SNB of Zürich may pay in May \
                    for the new ape house, a spokesman said on Monday.";

#[test]
fn roles_stand_in_the_margin_and_marks_in_the_text() {
    let mark = |label: &str, from: &str, to: &str| {
        let start = TEXT.rfind(from).unwrap();
        let end = start + TEXT[start..].find(to).unwrap() + to.len();
        Annotation::new(TEXT, "entity", label, Span::new(TEXT, start, end).unwrap())
    };
    let field = Annotation::new(TEXT, "metadata", "inLanguage", Fragments::none());
    let marks = [
        mark("ORG", "SNB", "Zürich"),
        mark("GPE", "Zürich may", "Zürich"),
        mark("DATE", "May", "May"),
        field.with_attr("value", "en"),
    ];
    assert_snapshot!(show(&marks), @r"
    1cfbc76d5cc69740f903f0a8eb7f83e3
    from                  zoo.txt record 1
    headline              Zürich reopens its zoo (text)
    authors               Ada Ōno (text)
    flaws                 reflowed 2

          title Zürich reopens its zoo
         byline By Ada Ōno
      paragraph The [SNB of [Zürich|GPE]|ORG] may pay in
                [May|DATE] for the new ape house, a
                spokesman said on Monday.
    inLanguage            en
    ");
}

fn show(marks: &[Annotation]) -> String {
    let roles = [Role::Title, Role::Byline, Role::Paragraph];
    let mut start = 0;
    let mut blocks = Vec::new();
    for (line, role) in TEXT.split("\n\n").zip(roles) {
        let span = Span::new(TEXT, start, start + line.len()).unwrap();
        blocks.push(Block { role, ..Block::plain(span) });
        start += line.len() + 2;
    }
    let mut fields = Fields::new();
    fields.state(Field::Authors, "Ada Ōno", FieldSource::Text);
    fields.state(Field::Headline, "Zürich reopens its zoo", FieldSource::Text);
    let article = Article::new(ArticleParts {
        text: TEXT.to_owned(),
        blocks,
        raw_id: Digest::of(b""),
        dup_of: None,
        origin: Origin { file: "zoo.txt".to_owned(), record: 1, byte_offset: 0 },
        media_type: "text/plain".to_owned(),
        preset: None,
        fetched_at_us: None,
        decoding: Decoding {
            charset_declared: None,
            charset_used: "utf-8".to_owned(),
            charset_source: "utf-8".to_owned(),
            n_replaced: 0,
        },
        fields,
        lang: "en".to_owned(),
        lang_score: 1.0,
        source: None,
        measures: Measures::default(),
        flaws: vec![(Flaw::Reflowed, 2)],
    });
    article_text(&article.unwrap(), marks, ArticleStyle { width: 52, colour: false })
}
