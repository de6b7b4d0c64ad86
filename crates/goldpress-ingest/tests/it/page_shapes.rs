//! Shapes of markup that news pages have, and the blocks that a reader would call them.

use goldpress_ingest::render;
use goldpress_text::normalise_fragment;
use proptest::prelude::*;

/// What is shown, the markup, the blocks that it makes.
const SHAPES: &[(&str, &str, &[&str])] = &[
    (
        "words that markup splits stay whole, words that it parts stay apart",
        "<p>The un<b>believ</b>able <i>ferry</i><i>man</i> of <a href=/p>Port</a>&nbsp;<b> Aldery </b>, 9<sup>th</sup> sea<wbr>son</p>",
        &["The unbelievable ferryman of Port Aldery , 9th season"],
    ),
    (
        "line ends of the source are spaces, comments are nothing",
        "<p>The board\n\t met<!-- on\nMonday --> in\nSarn.\n</p>\n\n<p>\n</p>",
        &["The board met in Sarn."],
    ),
    (
        "breaks part paragraphs, one or many",
        "<div>The ferry is back.<br>It sails at six.<br/><br />\n<br>No dogs.<br></div>",
        &["The ferry is back.", "It sails at six.", "No dogs."],
    ),
    (
        "an item of a list is a block, and so is a list inside of it",
        "<ul><li>Fish<ul><li>Cod <b>fresh</b></li><li>Hake</li></ul>daily</li><li><p>Bread</p><p>Salt</p></li></ul>",
        &["Fish", "Cod fresh", "Hake", "daily", "Bread", "Salt"],
    ),
    (
        "terms and what they mean are blocks",
        "<dl><dt>Fare</dt><dd>£4</dd><dt>Dogs</dt><dd>free</dd></dl>",
        &["Fare", "£4", "Dogs", "free"],
    ),
    (
        "a figure is its caption and its credit, not what stands for the picture",
        "<figure><img src=a.jpg alt='A ferry at dusk'><figcaption>The ferry. <span class=credit>Photo: Ida Voss</span></figcaption></figure><p>It sails.</p>",
        &["The ferry. Photo: Ida Voss", "It sails."],
    ),
    (
        "a table is read row by row, its foot where it stands",
        "<table><caption>Catch</caption><thead><tr><th>Year</th><th>Cod</th></tr></thead><tfoot><tr><td>All</td><td>9</td></tr></tfoot><tbody><tr><td rowspan=2>1974</td><td>4</td></tr><tr><td>5</td></tr></tbody></table>",
        &["Catch", "Year Cod", "All 9", "1974 4", "5"],
    ),
    (
        "a table inside a cell is data, the row around it is layout",
        "<table><tr><td>Menu</td><td><table><tr><td>Cod</td><td>4</td></tr></table></td></tr></table>",
        &["Menu", "Cod 4"],
    ),
    (
        "text that a table may not hold stands before it, as browsers put it",
        "<table>Stray<tr><td>Cod</td></tr></table>",
        &["Stray", "Cod"],
    ),
    (
        "verse in a pre keeps its lines, code in a paragraph does not",
        "<pre>The tide  is out\n   the boat is in\n</pre><p>Run <code>ferry\n--now</code>.</p>",
        &["The tide is out", "the boat is in", "Run ferry --now."],
    ),
    (
        "what is hidden from machines that read aloud is shown to eyes",
        "<p>Fare: <span aria-hidden=true>£4</span></p><p aria-hidden=true>Shown</p>",
        &["Fare: £4", "Shown"],
    ),
    (
        "hidden is hidden, however it is written",
        "<p HIDDEN>a</p><p style='color:red;DISPLAY: NONE !important'>b</p><p style='visibility:hidden'>c</p><div hidden=until-found><p>d</p></div><template><p>e</p></template><p style='display:block'>seen</p>",
        &["seen"],
    ),
    (
        "folded details are there to be opened",
        "<details><summary>What we know</summary><p>The ferry is late.</p></details>",
        &["What we know", "The ferry is late."],
    ),
    (
        "forms: labels, buttons and the choice that stands",
        "<form><label>Search <input value=x></label><button>Go</button><button>Clear</button><select><option>News</option><option selected>Sport</option></select></form>",
        &["Search", "Go", "Clear", "News", "Sport"],
    ),
    (
        "an AMP page: players and pictures are nothing, side bars and advertisements blocks",
        "<html amp><body><amp-sidebar><nav>Menu</nav></amp-sidebar><h1>Dune breaks</h1><amp-img src=a alt=Dune><noscript><img src=a></noscript></amp-img><amp-ad>Buy</amp-ad><p>At night.</p>",
        &["Menu", "Dune breaks", "Buy", "At night."],
    ),
    (
        "a live blog: newest first, as the page has it",
        "<div itemtype='https://schema.org/LiveBlogPosting'><article><time datetime=2024-02-11T21:00>9 p.m.</time><h2>Bridge shut</h2><p>Police said so.</p></article><article><time datetime=2024-02-11T20:00>8 p.m.</time><p>Wind rises.</p></article></div>",
        &["9 p.m.", "Bridge shut", "Police said so.", "8 p.m.", "Wind rises."],
    ),
    (
        "a page that SingleFile saved: shadow roots are templates, styles are inside",
        "<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: https://ledger.example/c \n--><meta charset=utf-8><style>:root{--sf-img-1:url(data:,)}</style><body><h1>Salt</h1><p>It rains.<div><template shadowrootmode=open><p>Shadow</p></template></div>",
        &["Salt", "It rains."],
    ),
    (
        "a page without a script is not a page without its text",
        "<p>Seen</p><noscript><p>Turn scripts on</p></noscript>",
        &["Seen"],
    ),
    (
        "markup that nobody closed",
        "<h1>Salt<p>One<p>Two<ul><li>a<li>b</ul>Three<table><tr><td>c<td>d<tr><td>e</table>",
        &["Salt", "One", "Two", "a", "b", "Three", "c d", "e"],
    ),
    (
        "right to left and without spaces",
        "<p dir=rtl>ميناء <b>النوارس</b></p><p>瀬野浦市は<b>五日</b>、</p>",
        &["ميناء النوارس", "瀬野浦市は五日、"],
    ),
    (
        "a frameset shows what its pages would",
        "<html><frameset><frame src=a></frameset><noframes><p>Old</p></noframes></html>",
        &[],
    ),
];

#[test]
fn shapes_become_the_blocks_that_a_reader_would_call_them() {
    for (what, markup, expected) in SHAPES {
        assert_eq!(blocks(markup), *expected, "{what}");
    }
}

#[test]
fn a_block_says_what_markup_it_is_of() {
    let page = render(
        "<main><article><h2>Head</h2><div class='Body x' id=b><p>See <a href=/a>the ferry</a></p></div>\
         </article></main><nav role=navigation><ul><li><a href=/>Home</a></li></ul></nav><div role=complementary>Ad",
    )
    .expect("it is small");
    let shown: Vec<String> = page
        .blocks
        .iter()
        .map(|block| {
            format!(
                "{} {} {:?} {:.2} {}",
                block.path.as_deref().unwrap_or("-"),
                block.heading,
                block.container.as_deref(),
                block.link_density,
                block.marks.join(" "),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "main>article>h2 2 Some(\"article\") 0.00 ",
            "main>article>div>p 0 Some(\"article\") 0.73 | body x b",
            "nav>ul>li 0 Some(\"li\") 1.00 ",
            "div 0 Some(\"aside\") 0.00 ",
        ]
    );
}

/// What would take minutes, were any step of rendering quadratic: one element after
/// another, many in one, few on top of many.
#[test]
fn large_pages_of_every_shape_are_rendered_whole() {
    const N: usize = 20_000;
    let deep = |markup: &str| "<div>".repeat(400) + &markup.repeat(N / 20);
    for (what, markup, n_blocks) in [
        ("paragraphs", "<p>a".repeat(N), N),
        ("breaks", "a<br>".repeat(N), N),
        ("links", format!("<p>{}", "<a href=/>a</a>".repeat(N)), 1),
        ("rows", format!("<table>{}", "<tr><td>a<td>b".repeat(N)), N),
        ("cells", format!("<table><tr>{}", "<td>a".repeat(N)), 1),
        ("choices", format!("<select>{}", "<option>a".repeat(N)), 1),
        ("lines", format!("<pre>{}", "a\n".repeat(N)), N),
        ("spaces", format!("<p>a{}b", "<b> </b>".repeat(N)), 1),
        ("stray text", format!("<table>{}", "a<tr>".repeat(N)), 1),
        ("deep", deep("<p>a"), N / 20),
        ("deep inside one block", deep("<b>a</b>"), 1),
        ("pieces", "<div hidden id=S:1>a</div>".repeat(N / 20), N / 20),
        ("classes", format!("<p class='{}'>a", "c ".repeat(N)).repeat(10), 10),
        ("entities", format!("<p>{}", "&amp;amp;".repeat(N)), 1),
    ] {
        let page = render(&markup).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(page.blocks.len(), n_blocks, "{what}");
    }
}

proptest! {
    // No letter that begins a character of UTF-8 when it is read as a byte: before a soft
    // hyphen and a no-break space it would be mojibake, and be put right.
    #[test]
    fn blocks_are_the_texts_of_a_page_in_order(
        texts in prop::collection::vec((0..FRAMES.len(), "[a-zø東 \u{a0}\u{ad}]{0,12}"), 0..20),
    ) {
        let markup: String = texts
            .iter()
            .map(|(frame, text)| FRAMES[*frame].replace('@', text))
            .collect();
        let expected: Vec<String> = texts
            .iter()
            .map(|(_, text)| normalise_fragment(text))
            .filter(|text| !text.is_empty())
            .collect();
        prop_assert_eq!(blocks(&markup), expected);
    }
}

/// Elements around the text of one block.
const FRAMES: &[&str] = &[
    "<p>@</p>",
    "<div><div>@</div></div>",
    "<h2><a href=/>@</a></h2>",
    "<ul><li>@</li></ul>",
    "<table><tr><td>@</td></tr></table>",
    "<section><span><b>@</b></span></section>",
    "<figure><img alt=x><figcaption>@</figcaption></figure>",
    "<blockquote>@</blockquote><script>var @;</script>",
    "<p hidden>x</p><p>@<template>y</template></p>",
    "<br>@<br>",
    "<button>@</button>",
    "<pre>@</pre>",
];

fn blocks(markup: &str) -> Vec<String> {
    let page = render(markup).expect("it is within limits");
    page.blocks.iter().map(|block| block.span.slice(&page.text).to_owned()).collect()
}
