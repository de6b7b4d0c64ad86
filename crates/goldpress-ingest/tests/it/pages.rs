//! How markup becomes blocks.

use std::fs;

use goldpress_ingest::{Limits, Page, render, render_within};
use goldpress_text::{NormaliseOptions, normalise};
use proptest::prelude::*;

#[test]
fn raw_pages_become_the_blocks_that_are_expected() {
    for name in [
        "08-json-ld.html",
        "09-open-graph.html",
        "10-wrong-charset.html",
        "11-amp.html",
        "12-live-blog.html",
        "13-comments.html",
        "15-japanese.html",
        "16-arabic.html",
    ] {
        let (Some(bytes), Some(expected)) =
            (read(name), read(&format!("{name}.expected.json")))
        else {
            return;
        };
        let declared = goldpress_text::Declared { http: None, markup: true };
        let markup = goldpress_text::decode(&bytes, declared).expect("it is text").text;
        let page = render(&markup).expect("it is small");
        let expected: serde_json::Value =
            serde_json::from_slice(&expected).expect("is JSON");
        let expected: Vec<&str> = expected["blocks"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|block| block["text"].as_str().expect("a text"))
            .collect();
        assert_eq!(page.text.split("\n\n").collect::<Vec<_>>(), expected, "{name}");
    }
}

#[test]
fn text_without_an_element_of_its_own_is_a_block_of_its_own() {
    insta::assert_snapshot!(shown("<div>One <b>two</b><p>three</p>four<br>five</div>six"), @r"
    One two [div]
    three [div>p]
    four [div]
    five [div]
    six [body]
    ");
}

#[test]
fn a_row_of_data_is_a_block_and_a_row_of_layout_is_not() {
    insta::assert_snapshot!(shown(
        "<table><caption>Cod</caption><tr><th>Year<td>Tonnes</td></tr><tr><td>1974</td><td>19,000</td></tr></table>\
         <table><tr><td><p>The board met.</p><p>It agreed.</p></td><td>Menu</td></tr></table>"
    ), @r"
    Cod [table>caption]
    Year Tonnes [table>tbody>tr]
    1974 19,000 [table>tbody>tr]
    The board met. [table>tbody>tr>td>p]
    It agreed. [table>tbody>tr>td>p]
    Menu [table>tbody>tr>td]
    ");
}

#[test]
fn links_of_a_bar_are_one_block_with_spaces_between_them() {
    insta::assert_snapshot!(shown(
        "<div class='bar'><a href=/a>Home</a><a href=/b>News</a> | <a href=/c>Sport</a></div>"
    ), @"Home News | Sport [div 93 % linked]");
}

#[test]
fn lines_of_preformatted_text_are_blocks() {
    insta::assert_snapshot!(shown("<pre>\nFirst  line\n  second\n\n<b>third</b> line</pre>"), @r"
    First line [pre]
    second [pre]
    third line [pre]
    ");
}

#[test]
fn what_a_reader_does_not_see_is_left_out() {
    insta::assert_snapshot!(shown(
        "<title>T</title><style>p{}</style><script>var a</script><template><p>t</p></template>\
         <noscript>no</noscript><p hidden>h</p><p style='DISPLAY : none'>d</p><svg><text>s</text></svg>\
         <dialog>closed</dialog><select><option>One<option>Two</select><textarea>x</textarea>\
         <ruby>東京<rt>とうきょう</rt></ruby><p>seen</p>"
    ), @r"
    One [select>option]
    x [textarea]
    東京 [ruby]
    seen [p]
    ");
}

#[test]
fn a_page_that_shows_nothing_without_scripts_is_read_where_it_keeps_its_text() {
    let text = "<p>The thread is long enough to be read.</p>".repeat(20);
    let page =
        render(&format!("<div id=app></div><noscript>{text}</noscript>")).expect("small");
    assert_eq!(page.blocks.len(), 20);
    let page = render(&format!("<p>Wait</p><div hidden>{text}</div>")).expect("small");
    assert_eq!(page.blocks.len(), 21);
    let page = render(&format!("{text}<noscript>{text}</noscript>")).expect("small");
    assert_eq!(page.blocks.len(), 20);
}

#[test]
fn a_streamed_piece_stands_where_its_page_puts_it() {
    insta::assert_snapshot!(shown(
        "<nav>Menu</nav><main><template id=B:0></template></main><footer>End</footer>\
         <div hidden id=S:0><p>One</p><template id='B:1'></template></div><div hidden id='S:1'>Two</div>\
         <div hidden id=S:2>Three<template id=B:2></template></div>"
    ), @r"
    Menu [nav]
    One [main>div>p]
    Two [main>div>div]
    End [footer]
    Three [div]
    ");
}

#[test]
fn a_long_value_is_one_attribute() {
    let value = "word ".repeat(50_000);
    let page =
        render(&format!("<div data-x='{value}'>Text</div>")).expect("one attribute");
    assert_eq!(page.text, "Text");
}

#[test]
fn what_looks_like_a_tag_inside_a_script_is_none() {
    let script = "if (a <b) c = 1 ".repeat(20_000);
    let page = render(&format!("<script>{script}</script><p>Text")).expect("no tag");
    assert_eq!(page.text, "Text");
}

#[test]
fn marks_are_those_of_the_element_and_of_four_above_it() {
    let page = render(
        "<div id=a><div id=b><div class='C c2'><div><div id=e><p class='Lead big' id=x>One<div><a class=more href=/>Two",
    )
    .expect("it is small");
    assert_eq!(
        page.blocks[0].marks,
        ["lead", "big", "x", "|", "e", "|", "|", "c", "c2", "|", "b"]
    );
    assert_eq!(page.blocks[0].path.as_deref(), Some("div>div>div>div>div>p"));
    assert_eq!(page.blocks[1].path.as_deref(), Some("div>div>div>div>div>div>a"));
    assert_eq!(page.blocks[1].marks, ["more", "|", "|", "e", "|", "|", "c", "c2"]);
    assert_eq!(page.blocks[1].link_density, 1.0);
}

#[test]
fn the_element_inside_says_more_than_a_box_around_it() {
    let page = render(
        "<div class=post><h1><span>Title</span></h1><span class='author vcard'><b>Lena</b> Pross</span><p><em>All</em></p></div>",
    )
    .expect("it is small");
    let paths: Vec<&str> =
        page.blocks.iter().filter_map(|block| block.path.as_deref()).collect();
    assert_eq!(paths, ["div>h1", "div>span", "div>p"]);
    assert_eq!(page.blocks[1].marks, ["author", "vcard", "|", "post"]);
}

#[test]
fn facts_are_gathered_on_the_way() {
    let page = render(
        "<html lang=de><!-- saved from url=(0031)https://ledger.example/salt.html --><title>Salz &amp; Stahl</title>\
         <meta property='og:Title' content='Salz'><link rel=Canonical href=/salz><link rel=stylesheet href=x.css>\
         <script type='application/ld+json'>{\"a\":1}</script>\
         <article><img src='data:x' data-src='mine.jpg'><span itemprop=author itemscope><b itemprop=name>Ilse</b></span>\
         <p>Von gestern, <time datetime=2024-02-11>11. Februar</time></p><time datetime=2024></time></article>",
    )
    .expect("it is small");
    insta::assert_debug_snapshot!(page.facts, @r#"
    PageFacts {
        title: Some(
            "Salz & Stahl",
        ),
        lang: Some(
            "de",
        ),
        metas: [
            (
                "og:title",
                "Salz",
            ),
        ],
        links: [
            (
                "canonical",
                "/salz",
            ),
        ],
        json_ld: [
            "{\"a\":1}",
        ],
        microdata: [
            (
                "author",
                "Ilse",
            ),
            (
                "author.name",
                "Ilse",
            ),
        ],
        times: [
            PageTime {
                datetime: "2024-02-11",
                block: Some(
                    1,
                ),
            },
            PageTime {
                datetime: "2024",
                block: None,
            },
        ],
        image: Some(
            "mine.jpg",
        ),
        saved_from: Some(
            "https://ledger.example/salt.html",
        ),
    }
    "#);
}

#[test]
fn addresses_of_saved_pages_are_read_from_their_comments() {
    for (comment, address) in [
        ("saved from url=(0024)https://ledger.example/a", "https://ledger.example/a"),
        (
            " Mirrored from ledger.example/b.html by HTTrack Website Copier/3.x",
            "http://ledger.example/b.html",
        ),
        (
            "\n Page saved with SingleFile \n url: https://ledger.example/c \n saved date: Mon",
            "https://ledger.example/c",
        ),
    ] {
        let page = render(&format!("<!--{comment}--><p>x")).expect("it is small");
        assert_eq!(page.facts.saved_from.as_deref(), Some(address));
    }
}

#[test]
fn pages_over_a_limit_are_refused() {
    let limits = Limits { nodes: 1000, depth: 50, ..Limits::default() };
    let refused =
        |markup: String| render_within(&markup, &limits).expect_err("over").to_string();
    assert_eq!(refused("<p>x".repeat(600)), "the page has more than 1000 nodes");
    assert_eq!(refused("<div>".repeat(60)), "the page is nested deeper than 50 elements");
    // Formatting that the parser repeats for every paragraph.
    let repeated =
        (0..45).map(|n| format!("<b id={n}>")).collect::<String>() + &"<p>x".repeat(500);
    assert_eq!(refused(repeated), "the page has more than 1000 nodes");
    let attributes: String = (0..30_000).map(|n| format!(" a{n}=1")).collect();
    assert_eq!(
        refused(format!("<p>x<div{attributes}>")),
        "a tag at byte 4 has more than 20000 attributes"
    );
}

#[test]
fn a_page_is_what_normalisation_leaves_alone() {
    let page = render("<p> A\u{ad}B &amp;amp; C\u{a0}\u{200b}<p>\u{feff}<p>e\u{301}")
        .expect("it is small");
    assert_eq!(page.text, "AB & C\n\né");
    assert_eq!(page.n_entities, 1);
}

#[test]
fn a_block_in_another_language_says_so() {
    let english = "The council voted on Monday to ban leaf blowers before nine in the morning, and \
                   the mayor said that the rule may start in December if the town agrees.";
    let french = "Le conseil a voté lundi l’interdiction des souffleurs de feuilles avant neuf \
                  heures du matin, et le maire a déclaré que la règle pourrait entrer en vigueur.";
    let page = format!("<p>{english}<p>{french}<p>{english}<p>Fin");
    let input = goldpress_ingest::Input::new("page", Box::new(page.as_bytes()));
    let options = goldpress_ingest::Options::default();
    let mut items = crate::common::reader("html").records(input, &options);
    let Some(goldpress_ingest::Item::Record(record)) = items.next() else {
        panic!("a page")
    };
    let outcome = goldpress_ingest::ingest(Ok(*record), &crate::common::HANDS, &options);
    let goldpress_model::Outcome::Article(article) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(article.parts().lang, "en");
    let langs: Vec<Option<&str>> =
        article.blocks().iter().map(|block| block.lang.as_deref()).collect();
    assert_eq!(langs, [None, Some("fr"), None, None]);
}

proptest! {
    #[test]
    fn blocks_are_the_lines_of_a_text_that_normalisation_leaves_alone(markup in soup()) {
        let page = render(&markup).expect("it is small");
        let lines: Vec<&str> = page.text.split('\n').filter(|line| !line.is_empty()).collect();
        let blocks: Vec<&str> =
            page.blocks.iter().map(|block| block.span.slice(&page.text)).collect();
        prop_assert_eq!(&lines, &blocks);
        let options = NormaliseOptions { repair: false, reflow: false };
        prop_assert_eq!(&normalise(&page.text, options).text, &page.text);
        for block in &page.blocks {
            prop_assert!((0.0..=1.0).contains(&block.link_density), "{:?}", block);
            prop_assert!(block.heading <= 6 && block.path.is_some(), "{:?}", block);
        }
        let times = page.facts.times.iter().filter_map(|time| time.block);
        prop_assert!(times.into_iter().all(|block| block < page.blocks.len()));
    }
}

proptest! {
    /// Scripts and styles are passed over unread where that is safe. It never is where the
    /// script is data, or a tag ends in a quotation.
    #[test]
    fn what_is_passed_over_unread_changes_nothing(
        pieces in prop::collection::vec(prop::sample::select(OPAQUE_SOUP), 0..14)
    ) {
        let passed_over = pieces.concat();
        let read = passed_over
            .replace("<script>", "<script type=application/ld+json>")
            .replace("<style>", "<style a='>'>");
        let (passed_over, read) = (render(&passed_over), render(&read));
        let (passed_over, read) = (passed_over.expect("small"), read.expect("small"));
        // A text field shows the tags themselves.
        let shown = read.text.replace(" type=application/ld+json", "").replace(" a='>'", "");
        prop_assert_eq!(&passed_over.text, &shown);
        let paths = |page: &Page| -> Vec<_> {
            page.blocks.iter().map(|block| block.path.clone()).collect()
        };
        prop_assert_eq!(paths(&passed_over), paths(&read));
    }
}

const OPAQUE_SOUP: &[&str] = &[
    "<script>",
    "</script>",
    "</script x>",
    "</scripty>",
    "</SCRIPT",
    "<style>",
    "</style>",
    "</style\n>",
    "<!--",
    "-->",
    "<p>one ",
    "</p>",
    "<div>two ",
    "if (a<b) {}",
    "<textarea>",
    "</textarea>",
    "<svg>",
    "</svg>",
    "<title>",
    "</title>",
    "<template>",
    "</template>",
    "<select>",
    "<table>",
    "<noscript>",
    "</noscript>",
    "three",
];

/// Tags that browsers nest in surprising ways, in any order.
fn soup() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<b>",
        "</b>",
        "<a href=x>",
        "</a>",
        "<table>",
        "</table>",
        "<tr>",
        "<td>",
        "<li>",
        "<ul>",
        "</ul>",
        "<br>",
        "<pre>",
        "</pre>",
        "<h2 class='a b'>",
        "</h2>",
        "<select>",
        "<option>",
        "<template>",
        "</template>",
        "<svg>",
        "</svg>",
        "<math>",
        "<script>",
        "</script>",
        "<noscript>",
        "</noscript>",
        "<p hidden>",
        "<time datetime=2024>",
        "</time>",
        "<div hidden id=S:1>",
        "<template id=B:1>",
        "<button>",
        "<form>",
        "</form>",
        "<!-- x -->",
        "<span itemprop=name>",
        "</span>",
        "<head>",
        "<body>",
        "<frameset>",
        "<textarea>",
        "<p",
        "&amp;amp;",
        "&#0;",
        "word ",
        " ",
        "\n",
        "\u{a0}",
        "\u{200b}",
        "e\u{301}",
        "Ã©",
        "東京",
    ];
    proptest::collection::vec(proptest::sample::select(PIECES), 0..60)
        .prop_map(|pieces| pieces.concat())
}

fn shown(markup: &str) -> String {
    let page = render(markup).expect("it is small");
    let lines = page.blocks.iter().map(|block| {
        let path = block.path.as_deref().unwrap_or("-");
        let link = if block.link_density > 0.0 {
            format!(" {:.0} % linked", block.link_density * 100.0)
        } else {
            String::new()
        };
        format!("{} [{path}{link}]", block.span.slice(&page.text))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Development data lie beside the repository; a clone without them skips.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn read(name: &str) -> Option<Vec<u8>> {
    let path = std::env::current_dir().unwrap();
    let path = path.join("../../../shared/data/raw-shapes").join(name);
    let bytes = fs::read(&path).ok();
    if bytes.is_none() {
        eprintln!("skipped: {} is not here", path.display());
    }
    bytes
}
