//! What becomes the body of pages and texts on which finders of bodies go wrong, and what
//! their fields say.

use std::{fs, io::Write, num::NonZeroUsize, time::Duration};

use goldpress_extract::{Given, Lines, RegionModel, label_lines, read_fields};
use goldpress_ingest::{
    Asked, BlockView, FieldView, Hands, Labels, Options, Silent, run,
};
use goldpress_model::{Article, Field, Outcome};

const FIRST: &str = "The town of Orlec will shut its cable car for the whole of next winter, the council said on Monday, after a survey of the pylons.";
const SECOND: &str = "Two of the nine pylons lean by more than a hand, engineers found, and the rope was last changed when the mine still worked.";
const THIRD: &str = "The repair costs four million marks, half of which the county pays, and buses will carry the pupils of the upper village until May.";

#[test]
fn a_list_of_teasers_beside_one_paragraph_is_no_article() {
    let teaser = |n: usize| {
        format!(
            "<li><a href='/{n}'>Tram drivers of line {n} vote on a strike</a><div class='hint'>The drivers of line {n} vote on Friday on a strike that would stop all trams of the town for two days.</div></li>"
        )
    };
    let teasers: String = (1..8).map(teaser).collect();
    let page = page(&format!(
        "<div class='col'><h1>Cable car stays shut</h1><p>{FIRST}</p></div><div class='rightcol'><h3>Latest</h3><ul>{teasers}</ul></div>"
    ));
    let body = body(&page);
    assert!(body.contains(FIRST), "{body}");
    assert!(!body.contains("strike"), "{body}");
}

#[test]
fn linked_products_of_one_article_are_no_teasers() {
    let product = |name: &str| {
        format!(
            "<div class='pick'><h2><a href='/x'>The {name} sledge of Orlec</a></h2><p>The {name} sledge held out on the long run of Orlec, and its runners were as sharp on the last day as on the first.</p></div>"
        )
    };
    let products: String = ["red", "blue", "green", "steel"].map(product).concat();
    let body = body(&page(&format!(
        "<main><article><h1>Four sledges tried</h1><p>{FIRST}</p>{products}</article></main>"
    )));
    assert!(body.contains("The steel sledge held out"), "{body}");
}

#[test]
fn what_asks_to_pay_or_to_sign_in_is_no_text_and_swallows_none() {
    let wall = "<section class='paywall'><ul><li>All stories with one account.</li><li>Share your thoughts and join the talk in the comments.</li></ul><h2>Sign in or register</h2></section>";
    let body = body(&page(&format!(
        "<main><article><h1>Cable car stays shut</h1><p>{FIRST}</p>{wall}<p>{SECOND}</p><p>{THIRD}</p></article></main>"
    )));
    assert_eq!(body, [FIRST, SECOND, THIRD].join("\n\n"));
}

#[test]
fn notices_of_embeds_and_asks_set_as_headings_are_no_text() {
    let notice = "<div><p>Recommended editorial content</p><p>Here you find external content that our editors chose.</p><p>I agree that external content is shown to me.</p></div>";
    let ask = "<h4>If you like what I write here, please share this post with your friends and invite them to subscribe.</h4>";
    let body = body(&page(&format!(
        "<main><article><h1>Cable car stays shut</h1><p>{FIRST}</p>{notice}<p>{SECOND}</p><p>{THIRD}</p>{ask}</article></main>"
    )));
    assert_eq!(body, [FIRST, SECOND, THIRD].join("\n\n"));
}

#[test]
fn a_card_of_another_article_ends_where_the_text_goes_on() {
    let card = "<div class='p'><h5>Related article</h5></div><div class='p'><h5>How sledges are made</h5><a href='/g'>Read more <span>Read more</span></a></div>";
    let body = body(&page(&format!(
        "<main><article><h1>Cable car stays shut</h1><div class='p'><p>{FIRST}</p></div>{card}<div class='p'><h2>What the rope is made of</h2><p>{SECOND}</p></div><div class='p'><p>{THIRD}</p></div></article></main>"
    )));
    assert_eq!(body, [FIRST, "What the rope is made of", SECOND, THIRD].join("\n\n"));
}

#[test]
fn the_headline_of_a_text_with_menus_is_the_line_that_heads_it() {
    let text = format!(
        "Go to:\nLedger home\nTown\nCounty\nWorld\nComment\nArchive\nOrlec shuts its cable car for a winter\nMonday 8 January 2024\n{FIRST}\n{SECOND}\n{THIRD}"
    );
    let article = article("page.txt", &text);
    let headline = article.parts().fields.get(Field::Headline);
    assert_eq!(headline, Some("Orlec shuts its cable car for a winter"));
    assert!(article.body().contains(SECOND), "{}", article.body());
    assert!(!article.body().contains("Go to:"), "{}", article.body());
}

#[test]
fn a_tail_of_other_headlines_is_left_out_whole() {
    let tail = "Tram drivers vote on a strike\nFees for graves go up again\nBaker gives up after sixty years\nSnow for the county by Friday\nAll the news of the week\nPictures of the flood\nSledges for sale in the county\nMeet somebody near the mine";
    let text = format!("Orlec shuts its cable car\n{FIRST}\n{SECOND}\n{THIRD}\n{tail}");
    assert_eq!(article("page.txt", &text).body(), [FIRST, SECOND, THIRD].join("\n\n"));
}

#[test]
fn the_name_of_the_site_is_no_headline_and_a_blog_signs_below() {
    let post = format!(
        "<div class='top'><h1>Salt and Sledge</h1></div><div class='post'><h3>Number nine: the long run</h3><p>{FIRST}</p><p>{SECOND}</p><p>Posted by Ada Vale at 6:12 PM</p></div>"
    );
    let page = format!("<title>Salt and Sledge</title><body>{post}</body>");
    let article = article("page.html", &page);
    let fields = &article.parts().fields;
    assert_eq!(fields.get(Field::Headline), Some("Number nine: the long run"));
    assert_eq!(fields.get(Field::Authors), Some("Ada Vale"));
}

#[test]
fn labels_of_the_interface_and_slogans_are_nobody() {
    for line in ["Resize Text", "Print Article", "From Sledgepedia, the free almanac"] {
        let page = page(&format!(
            "<h1>Cable car stays shut</h1><div>{line}</div><div class='text'><p>{FIRST}</p><p>{SECOND}</p></div>"
        ));
        let article = article("page.html", &page);
        assert_eq!(article.parts().fields.get(Field::Authors), None, "{line}");
    }
}

#[test]
fn a_stated_day_that_could_be_either_way_round_is_as_the_page_prints_it() {
    let page = "<html lang='de'><meta name='date' content='11/01/2023 12:43:42'><body><article><h1>Seilbahn bleibt zu</h1><p>Die Seilbahn von Orlec bleibt den ganzen Winter über zu, sagte der Rat am Montag nach einer Prüfung der Stützen, von denen zwei schief stehen.</p><p>Erstellt am: 01.11.2023</p></article></body></html>";
    let article = article("page.html", page);
    let date = article.parts().fields.get(Field::DatePublished).map(|date| &date[..10]);
    assert_eq!(date, Some("2023-11-01"));
}

fn page(body: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang='en'><title>Cable car stays shut</title><body>{body}</body></html>"
    )
}

fn body(page: &str) -> String {
    article("page.html", page).body().to_owned()
}

/// The article that the command makes of a file.
fn article(name: &str, content: &str) -> Article {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let mut file = fs::File::create(&path).unwrap();
    file.write_all(content.as_bytes()).unwrap();
    let hands = Hands {
        label_blocks: &|view: BlockView<'_>| {
            let BlockView { text, blocks, facts, stated, .. } = view;
            let lines = Lines { text, blocks, facts, stated, given: Given::Document };
            let labels = label_lines(&lines, RegionModel::built_in());
            Labels { roles: labels.roles, is_fallback: labels.is_fallback }
        },
        read_fields: &|view: FieldView<'_>| {
            read_fields(view.text, view.blocks, view.facts, view.stated, view.url)
        },
        cpu_time: &|| Duration::ZERO,
    };
    let options =
        Options::new(Asked { threads: NonZeroUsize::MIN, ..Asked::default() }).unwrap();
    let mut found = None;
    let mut keep = |outcome, _| {
        if let Outcome::Article(article) = outcome {
            found = Some(*article);
        }
        Ok(())
    };
    run(&[path], &options, &hands, &mut keep, &Silent).unwrap();
    found.expect("an article")
}
