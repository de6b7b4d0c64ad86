//! Boxes: elements whose class words say that nothing in them is of the article.
//!
//! Stronger than a mark, which is one hint among many: dialogs of consent, walls before the
//! text, texts that are hidden, labels for screen readers.

use std::collections::HashMap;

use foldhash::fast::RandomState;

/// What a box is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BoxKind {
    /// A dialog on cookies and consent.
    Consent,
    /// Asks to pay or to sign in.
    Wall,
    /// Not shown.
    Hidden,
    /// Read out by screen readers alone.
    Label,
    /// A table of contents.
    Contents,
}

/// Parts of words, by kind.
const PARTS: [(BoxKind, &[&str]); 4] = [
    (
        BoxKind::Consent,
        &[
            "onetrust",
            "cookiebot",
            "cookieconsent",
            "cookie-consent",
            "cookie-notice",
            "cookie-banner",
            "cookie-law",
            "cookiebanner",
            "consent-",
            "-consent",
            "didomi",
            "usercentrics",
            "cmpbox",
            "cybot",
            "gdpr",
            "iubenda",
            "osano",
            "klaro",
            "borlabs",
            "truste",
            "qc-cmp",
            "ot-sdk",
            "otpccenter",
        ],
    ),
    (
        BoxKind::Wall,
        &[
            "paywall",
            "regwall",
            "pay-wall",
            "reg-wall",
            "identity-screen",
            "subscribe-wall",
            "subscription-wall",
            "signin-wall",
            "login-wall",
            "premium-wall",
            "piano-",
            "tp-modal",
            "blocker",
        ],
    ),
    (
        BoxKind::Label,
        &[
            "visually-hidden",
            "visuallyhidden",
            "sr-only",
            "screen-reader",
            "screenreader",
            "assistive-text",
            "a11y-hidden",
            "accessibly-hidden",
            "offscreen",
        ],
    ),
    (
        BoxKind::Contents,
        &[
            "toc_container",
            "toc-container",
            "table-of-contents",
            "tableofcontents",
            "ez-toc",
            "lwptoc",
            "toc-list",
            "toc_list",
            "toc_title",
        ],
    ),
];

/// Whole words that hide an element, unless another word shows it on a wider screen.
const HIDDEN: [&str; 8] = [
    "hidden",
    "hide",
    "d-none",
    "is-hidden",
    "display-none",
    "invisible",
    "u-hidden",
    "ot-hide",
];

/// Ancestors that are looked at, the element itself among them.
const LEVELS: usize = 5;

/// Remembers what words say, since a page repeats the same few.
#[derive(Default)]
pub(crate) struct BoxReader<'b> {
    seen: HashMap<&'b str, Said, RandomState>,
}

#[derive(Clone, Copy)]
enum Said {
    Nothing,
    Kind(BoxKind),
    Hides,
    Shows,
}

impl<'b> BoxReader<'b> {
    /// The box that a block with these marks stands in.
    pub(crate) fn of(&mut self, marks: &'b [String]) -> Option<BoxKind> {
        let mut level = 0;
        let (mut hides, mut shows) = (false, false);
        let mut found = None;
        for word in marks {
            if word == "|" {
                found = found.or((hides && !shows).then_some(BoxKind::Hidden));
                (hides, shows) = (false, false);
                level += 1;
                if level >= LEVELS {
                    break;
                }
                continue;
            }
            match *self.seen.entry(word).or_insert_with(|| read(word)) {
                Said::Nothing => {}
                Said::Kind(kind) => found = found.or(Some(kind)),
                Said::Hides => hides = true,
                Said::Shows => shows = true,
            }
        }
        found.or((hides && !shows).then_some(BoxKind::Hidden))
    }
}

fn read(word: &str) -> Said {
    if HIDDEN.contains(&word) {
        return Said::Hides;
    }
    if word.contains(':')
        || ["d-md", "d-lg", "d-sm", "d-block", "d-xl"]
            .iter()
            .any(|part| word.starts_with(part))
    {
        return Said::Shows;
    }
    let holds =
        |(_, parts): &&(BoxKind, &[&str])| parts.iter().any(|part| word.contains(part));
    PARTS.iter().find(holds).map_or(Said::Nothing, |(kind, _)| Said::Kind(*kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(marks: &str) -> Option<BoxKind> {
        let marks: Vec<String> = marks.split(' ').map(str::to_owned).collect();
        BoxReader::default().of(&marks)
    }

    #[test]
    fn a_box_is_known_by_its_words() {
        assert_eq!(kind("text | otpccenter ot-hide"), Some(BoxKind::Consent));
        assert_eq!(kind("list | intro hidden"), Some(BoxKind::Hidden));
        assert_eq!(kind("list | intro hidden md:block"), None);
        assert_eq!(kind("visually-hidden"), Some(BoxKind::Label));
        assert_eq!(kind("entry-content | post"), None);
    }
}
