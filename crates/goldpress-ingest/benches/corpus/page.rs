//! One made-up page: its story, and the furniture that a newsroom puts around it.

use std::fmt::Write;

use super::{
    Dice,
    words::{LANGUAGES, Language},
};

/// A page as a server sends it.
pub(crate) struct Page {
    pub(crate) url: String,
    /// What follows the media type in its header: most servers name the charset there.
    pub(crate) header_charset: String,
    pub(crate) bytes: Vec<u8>,
}

/// An article before it is a page.
pub(crate) struct Story {
    pub(crate) url: String,
    pub(crate) language: &'static Language,
    pub(crate) headline: String,
    pub(crate) author: String,
    pub(crate) date: String,
    pub(crate) paragraphs: Vec<String>,
}

pub(crate) fn story(dice: &mut Dice, number: u64) -> Story {
    let language = dice.one_of(LANGUAGES);
    let site = dice.within(0, 40);
    let n_paragraphs = dice.within(5, 14) + dice.within(0, 14);
    Story {
        url: format!("https://www.bulletin-{site}.example/news/{number}/story.html"),
        language,
        headline: language.title(dice),
        author: format!(
            "{} {}",
            dice.one_of(&["Oda", "Jens", "Maria", "Tomas", "Ines"]),
            dice.one_of(&["Brannic", "Varnholt", "Okafor", "Lindqvist", "Moreau"])
        ),
        date: format!(
            "2026-02-{:02}T{:02}:{:02}:00+01:00",
            dice.within(1, 29),
            dice.within(0, 24),
            dice.within(0, 60)
        ),
        paragraphs: (0..n_paragraphs).map(|_| language.paragraph(dice)).collect(),
    }
}

/// The page with this number: 50 to 200 kB in most cases.
pub(crate) fn page(seed: u64, number: u64) -> Page {
    let mut dice = Dice::new(seed, number);
    let story = story(&mut dice, number);
    let dice = &mut dice;
    let is_utf8 = dice.within(0, 5) > 0;
    let charset = if is_utf8 { "utf-8" } else { story.language.charset };
    let mut html = String::new();
    head(&mut html, dice, &story, charset);
    html.push_str("<body class=\"page article-page theme-light has-sticky-header\">\n");
    icons(&mut html, dice);
    menu(&mut html, dice, &story);
    article(&mut html, dice, &story);
    comments(&mut html, dice, &story);
    related(&mut html, dice, &story);
    footer(&mut html, dice, &story);
    html.push_str("</body>\n</html>\n");
    let header_charset = match dice.within(0, 4) {
        0 => String::new(),
        _ => format!("; charset={charset}"),
    };
    let bytes = match encoding_rs::Encoding::for_label(charset.as_bytes()) {
        Some(encoding) => encoding.encode(&html).0.into_owned(),
        None => html.into_bytes(),
    };
    Page { url: story.url, header_charset, bytes }
}

/// Writing to a string cannot fail.
macro_rules! put {
    ($out:expr, $($arg:tt)*) => {
        write!($out, $($arg)*).expect("a string takes it")
    };
}

fn head(html: &mut String, dice: &mut Dice, story: &Story, charset: &str) {
    let Story { url, headline, author, date, .. } = story;
    let summary = story.language.sentence(dice);
    put!(
        html,
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"{charset}\">\n\
         <title>{headline} | The Sound Bulletin</title>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"description\" content=\"{summary}\">\n\
         <meta name=\"author\" content=\"{author}\">\n\
         <meta property=\"og:title\" content=\"{headline}\">\n\
         <meta property=\"og:type\" content=\"article\">\n\
         <meta property=\"og:url\" content=\"{url}\">\n\
         <meta property=\"og:site_name\" content=\"The Sound Bulletin\">\n\
         <meta property=\"article:published_time\" content=\"{date}\">\n\
         <link rel=\"canonical\" href=\"{url}\">\n",
        story.language.tag
    );
    for n in 0..dice.within(8, 24) {
        let key = dice.next();
        put!(
            html,
            "<link rel=\"preload\" as=\"script\" href=\"/_assets/chunk-{n}.{key:016x}.js\" crossorigin=\"anonymous\">\n\
             <script async src=\"https://cdn.bulletin.example/lib/{n}/{key:x}.min.js\"></script>\n"
        );
    }
    let json_ld = serde_json::json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": headline,
        "description": summary,
        "datePublished": date,
        "author": [{"@type": "Person", "name": author}],
        "publisher": {"@type": "Organization", "name": "The Sound Bulletin"},
        "mainEntityOfPage": url,
    });
    put!(html, "<script type=\"application/ld+json\">{json_ld}</script>\n<style>\n");
    for _ in 0..dice.within(20, 220) {
        let key = dice.next();
        put!(
            html,
            ".c{:x}__{}:hover>.item,.c{:x} a{{display:flex;margin:0 {}px;color:#{:06x};\
             font:{}px/1.4 \"Bulletin Sans\",sans-serif}}\n",
            key & 0xfff,
            dice.one_of(&["title", "card", "meta", "body"]),
            key >> 52,
            key >> 8 & 31,
            key >> 13 & 0xff_ffff,
            key >> 40 & 31
        );
    }
    html.push_str("</style>\n<script>window.__STATE__={\"items\":[");
    for n in 0..dice.within(30, 330) {
        let key = dice.next();
        put!(
            html,
            "{{\"id\":\"{key:016x}\",\"slot\":\"rail-{n}\",\"w\":{},\"lazy\":true,\"url\":\"https:\\/\\/ads.bulletin.example\\/{n}?a=1&b=<{}>\"}},",
            key & 1023,
            key >> 50
        );
    }
    html.push_str(
        "null]};function load(a,b){if(a<b&&b>0){return a}}</script>\n</head>\n",
    );
}

fn icons(html: &mut String, dice: &mut Dice) {
    html.push_str("<svg style=\"display:none\" xmlns=\"http://www.w3.org/2000/svg\">");
    for n in 0..dice.within(4, 20) {
        put!(html, "<symbol id=\"icon-{n}\" viewBox=\"0 0 24 24\"><path d=\"M");
        for _ in 0..dice.within(10, 40) {
            let at = dice.next();
            put!(html, "{}.{} {}.{}l", at & 31, at >> 8 & 7, at >> 16 & 31, at >> 24 & 7);
        }
        html.push_str("z\"/></symbol>");
    }
    html.push_str("</svg>\n");
}

fn menu(html: &mut String, dice: &mut Dice, story: &Story) {
    html.push_str(
        "<header class=\"site-header\" role=\"banner\"><a class=\"logo\" href=\"/\" \
         aria-label=\"Home\">The Sound Bulletin</a>\n<nav class=\"main-nav\"><ul>\n",
    );
    for n in 0..dice.within(6, 12) {
        let title = story.language.title(dice);
        put!(
            html,
            "<li class=\"main-nav__item menu-item menu-item-type-taxonomy\" data-index=\"{n}\">\
             <a href=\"/section/{n}\" class=\"main-nav__link\" data-track=\"nav|{n}\">\
             <span>{title}</span></a><ul class=\"sub-nav\">"
        );
        for m in 0..dice.within(3, 9) {
            let title = story.language.title(dice);
            put!(
                html,
                "<li class=\"sub-nav__item\"><a href=\"/section/{n}/{m}\">{title}</a></li>\n"
            );
        }
        html.push_str("</ul></li>\n");
    }
    html.push_str("</ul></nav></header>\n");
}

fn article(html: &mut String, dice: &mut Dice, story: &Story) {
    let Story { headline, author, date, .. } = story;
    put!(
        html,
        "<main id=\"main\"><div class=\"layout layout--article\"><article class=\"article post\" \
         itemscope itemtype=\"https://schema.org/NewsArticle\">\n<h1 class=\"article__headline\" \
         itemprop=\"headline\">{headline}</h1>\n<div class=\"article__meta\"><span class=\"byline\">\
         By <a rel=\"author\" href=\"/people/{}\">{author}</a></span> <time datetime=\"{date}\">{}\
         </time></div>\n<div class=\"article__body\" itemprop=\"articleBody\">\n",
        author.len(),
        &date[..10]
    );
    for (n, text) in story.paragraphs.iter().enumerate() {
        match text.split_once(' ') {
            Some((first, rest)) if n % 3 == 1 => put!(
                html,
                "<p class=\"article__text\" data-component=\"text-block\"><a href=\"/tag/{n}\" \
                 class=\"inline-link\">{first}</a> {}</p>\n",
                rest.replace('’', "&rsquo;")
            ),
            _ => put!(
                html,
                "<p class=\"article__text\" data-component=\"text-block\">{text}</p>\n"
            ),
        }
        if n % 5 == 2 {
            put!(html, "<figure class=\"figure\">{}", picture(dice));
            let caption = story.language.sentence(dice);
            put!(html, "<figcaption>{caption}</figcaption></figure>\n");
        }
        if n % 4 == 3 {
            put!(
                html,
                "<div class=\"ad ad--inline\" id=\"ad-{n}\" data-slot=\"mid-{n}\" style=\"min-height:250px\">\
                 <div class=\"ad__label\">Advertisement</div><script>load({n},9)</script></div>\n"
            );
        }
    }
    html.push_str("</div></article>\n");
}

fn picture(dice: &mut Dice) -> String {
    let key = dice.next();
    let mut picture = "<div class=\"media media--16x9\"><picture>".to_owned();
    for width in [320, 640, 960, 1280] {
        put!(
            picture,
            "<source media=\"(min-width: {width}px)\" type=\"image/webp\" srcset=\"https://img.bulletin.example/{key:016x}/w{width}.webp?q=75&amp;dpr=1 1x, https://img.bulletin.example/{key:016x}/w{width}.webp?q=45&amp;dpr=2 2x\">"
        );
    }
    put!(
        picture,
        "<img class=\"media__img lazyload\" alt=\"\" loading=\"lazy\" src=\"https://img.bulletin.example/{key:016x}/w640.jpg\" width=\"640\" height=\"360\"></picture></div>"
    );
    picture
}

fn comments(html: &mut String, dice: &mut Dice, story: &Story) {
    html.push_str(
        "<section class=\"comments\" id=\"comments\"><h2>Comments</h2>\n<ol>\n",
    );
    for n in 0..dice.within(0, 30) {
        let said = story.language.paragraph(dice);
        put!(
            html,
            "<li class=\"comment depth-1\" id=\"comment-{n}\"><div class=\"comment__head\">\
             <span class=\"comment__author\">reader{n}</span> <time datetime=\"{}\">{n} h</time></div>\
             <div class=\"comment__text\"><p>{said}</p></div>\
             <div class=\"comment__tools\"><button type=\"button\" class=\"btn btn--reply\">Reply</button>\
             <a href=\"#comment-{n}\">Link</a></div></li>\n",
            story.date
        );
    }
    html.push_str("</ol></section>\n");
}

fn related(html: &mut String, dice: &mut Dice, story: &Story) {
    html.push_str("<aside class=\"rail\" role=\"complementary\"><h2>More news</h2>\n");
    for n in 0..dice.within(10, 60) {
        let (title, kicker) = (story.language.title(dice), story.language.title(dice));
        put!(
            html,
            "<div class=\"card card--teaser col-xs-12 col-md-4\" data-card-id=\"{:x}\" data-pos=\"{n}\">\
             <a class=\"card__link\" href=\"/news/{n}/other.html\" data-track=\"rail|{n}\" aria-hidden=\"true\" \
             tabindex=\"-1\">{}</a><div class=\"card__content\"><span class=\"card__kicker\">{kicker}</span>\
             <h3 class=\"card__title\"><a href=\"/news/{n}/other.html\">{title}</a></h3>\
             <div class=\"card__meta\"><svg class=\"icon\"><use href=\"#icon-1\"/></svg>\
             <time datetime=\"{}\">{n} h</time></div></div></div>\n",
            dice.next(),
            picture(dice),
            story.date
        );
    }
    html.push_str("</aside></div></main>\n");
}

fn footer(html: &mut String, dice: &mut Dice, story: &Story) {
    html.push_str("<footer class=\"site-footer\" role=\"contentinfo\"><table><tr>");
    for n in 0..dice.within(3, 6) {
        put!(html, "<td><ul class=\"footer-links\">");
        for m in 0..dice.within(4, 10) {
            let title = story.language.title(dice);
            put!(
                html,
                "<li><a href=\"/about/{n}/{m}\" rel=\"nofollow\">{title}</a></li>\n"
            );
        }
        html.push_str("</ul></td>");
    }
    put!(html, "</tr></table><p>&copy; 2026 The Sound Bulletin</p></footer>\n<script>");
    for _ in 0..dice.within(10, 120) {
        put!(html, "q.push([\"{:016x}\",{{c:\"<b>\"}}]);", dice.next());
    }
    html.push_str("</script>\n");
}
