//! Elements: which begin a block, which are never seen, which group others.
//!
//! As browsers show them without a style sheet (WHATWG HTML, "Rendering"), where a news
//! page does not need better: buttons and labels are blocks, ruby readings are left out.

use html5ever::{LocalName, local_name};

use super::dom::Element;

/// Whether the element begins and ends a block.
pub(crate) fn is_block(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("address")
            | local_name!("article")
            | local_name!("aside")
            | local_name!("blockquote")
            | local_name!("body")
            | local_name!("button")
            | local_name!("caption")
            | local_name!("center")
            | local_name!("dd")
            | local_name!("details")
            | local_name!("dialog")
            | local_name!("dir")
            | local_name!("div")
            | local_name!("dl")
            | local_name!("dt")
            | local_name!("fieldset")
            | local_name!("figcaption")
            | local_name!("figure")
            | local_name!("footer")
            | local_name!("form")
            | local_name!("frameset")
            | local_name!("h1")
            | local_name!("h2")
            | local_name!("h3")
            | local_name!("h4")
            | local_name!("h5")
            | local_name!("h6")
            | local_name!("header")
            | local_name!("hgroup")
            | local_name!("hr")
            | local_name!("html")
            | local_name!("label")
            | local_name!("legend")
            | local_name!("li")
            | local_name!("listing")
            | local_name!("main")
            | local_name!("menu")
            | local_name!("nav")
            | local_name!("noscript")
            | local_name!("ol")
            | local_name!("optgroup")
            | local_name!("option")
            | local_name!("p")
            | local_name!("plaintext")
            | local_name!("pre")
            | local_name!("search")
            | local_name!("section")
            | local_name!("select")
            | local_name!("summary")
            | local_name!("table")
            | local_name!("tbody")
            | local_name!("td")
            | local_name!("textarea")
            | local_name!("tfoot")
            | local_name!("th")
            | local_name!("thead")
            | local_name!("tr")
            | local_name!("ul")
            | local_name!("xmp")
    ) || is_amp_block(name)
}

/// AMP's own elements hold things of their own: an advertisement, a side bar.
fn is_amp_block(name: &LocalName) -> bool {
    name.strip_prefix("amp-").is_some_and(|kind| {
        matches!(
            kind,
            "accordion"
                | "ad"
                | "carousel"
                | "consent"
                | "embed"
                | "fx-flying-carpet"
                | "lightbox"
                | "list"
                | "sidebar"
                | "sticky-ad"
                | "story"
                | "story-page"
                | "user-notification"
        )
    })
}

/// Whether a block of this element is text by its nature, as a paragraph is; other blocks
/// hold text by accident, and the element inside says more.
pub(crate) fn is_text_block(name: &LocalName) -> bool {
    heading_level(name) > 0
        || matches!(
            *name,
            local_name!("address")
                | local_name!("blockquote")
                | local_name!("button")
                | local_name!("caption")
                | local_name!("dd")
                | local_name!("dt")
                | local_name!("figcaption")
                | local_name!("label")
                | local_name!("legend")
                | local_name!("li")
                | local_name!("option")
                | local_name!("p")
                | local_name!("pre")
                | local_name!("summary")
                | local_name!("tr")
        )
}

/// How much of a page is taken to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// What a reader sees once scripts have run, as far as the markup tells.
    Shown,
    /// What is hidden until a script shows it as well, and what stands in for scripts:
    /// for pages that show nothing without them.
    Stored,
}

/// Whether neither the element nor anything inside is shown.
pub(crate) fn is_hidden(element: &Element, sight: Sight) -> bool {
    let is_off = *element.name() == local_name!("noscript") || is_switched_off(element);
    is_never_shown(element.name()) || sight == Sight::Shown && is_off
}

fn is_never_shown(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("area")
            | local_name!("audio")
            | local_name!("base")
            | local_name!("canvas")
            | local_name!("datalist")
            | local_name!("embed")
            | local_name!("frame")
            | local_name!("head")
            | local_name!("iframe")
            | local_name!("link")
            | local_name!("meta")
            | local_name!("noembed")
            | local_name!("noframes")
            | local_name!("object")
            | local_name!("param")
            | local_name!("rp")
            | local_name!("rt")
            | local_name!("rtc")
            | local_name!("script")
            | local_name!("style")
            | local_name!("svg")
            | local_name!("template")
            | local_name!("title")
            | local_name!("video")
    )
}

fn is_switched_off(element: &Element) -> bool {
    // Pages hide all of themselves until a script shows them.
    if matches!(*element.name(), local_name!("html") | local_name!("body")) {
        return false;
    }
    if element.attr("hidden").is_some() {
        return true;
    }
    if *element.name() == local_name!("dialog") && element.attr("open").is_none() {
        return true;
    }
    element.attr("style").is_some_and(|style| {
        let style: String = style
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| c.to_ascii_lowercase())
            .take(400)
            .collect();
        style.contains("display:none") || style.contains("visibility:hidden")
    })
}

/// Level of a heading element, 0 for any other.
pub(crate) fn heading_level(name: &LocalName) -> u8 {
    match *name {
        local_name!("h1") => 1,
        local_name!("h2") => 2,
        local_name!("h3") => 3,
        local_name!("h4") => 4,
        local_name!("h5") => 5,
        local_name!("h6") => 6,
        _ => 0,
    }
}

/// The name of a sectioning or grouping element, also where only a `role` says so.
pub(crate) fn container(element: &Element) -> Option<&'static str> {
    let by_role = match element.attr("role").unwrap_or("") {
        "article" => Some("article"),
        "banner" => Some("header"),
        "complementary" => Some("aside"),
        "contentinfo" => Some("footer"),
        "dialog" | "alertdialog" => Some("dialog"),
        "form" | "search" => Some("form"),
        "main" => Some("main"),
        "navigation" | "menu" | "menubar" => Some("nav"),
        _ => None,
    };
    by_role.or(match *element.name() {
        local_name!("article") => Some("article"),
        local_name!("aside") => Some("aside"),
        local_name!("blockquote") => Some("blockquote"),
        local_name!("details") => Some("details"),
        local_name!("dialog") => Some("dialog"),
        local_name!("dl") => Some("dl"),
        local_name!("fieldset") => Some("fieldset"),
        local_name!("figure") => Some("figure"),
        local_name!("footer") => Some("footer"),
        local_name!("form") => Some("form"),
        local_name!("header") => Some("header"),
        local_name!("li") => Some("li"),
        local_name!("main") => Some("main"),
        local_name!("nav") => Some("nav"),
        local_name!("section") => Some("section"),
        local_name!("table") => Some("table"),
        _ => None,
    })
}
