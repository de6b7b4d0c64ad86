//! English time expressions: the patterns, and which reader says what each means.

mod days;
mod lengths;
mod near;
mod parts;

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::calendar::Calendar;
use super::rules::Found;
use days::{
    read_century, read_day, read_decade, read_iso, read_month, read_month_year,
    read_quarter, read_season, read_year,
};
use lengths::{read_adverb, read_clock, read_duration, read_every, read_half, read_noon};
use near::{
    read_ago, read_edge, read_near_day, read_part_of_day, read_relative, read_vague,
    read_weekday, read_weekend,
};
use parts::Parts;

/// What a pattern means: label, value, `mod`.
type Meaning = (&'static str, String, Option<&'static str>);

/// Says what a match means, if it is a time expression.
type Reader = fn(&Parts<'_>) -> Option<Meaning>;

/// A pattern and the function that reads its match. The span is the group `x`, or all.
struct Rule {
    regex: Regex,
    read: Reader,
}

const MONTH: &str = "January|February|March|April|May|June|July|August|September|October|November|December";
/// Short forms count only beside a number.
const SHORT_MONTH: &str = "January|February|March|April|May|June|July|August|September|October|November|December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)(?-u:\\b)\\.?";
const DAY_NAME: &str = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday";
const UNIT: &str =
    "second|minute|hour|day|week|month|quarter|year|decade|century|centurie";
const AMOUNT: &str = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|(?i:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-(?:one|two|three|four|five|six|seven|eight|nine))?|a hundred|several|a few|few|many|some|a couple of|a dozen)";
/// What may stand before a month that is also a verb or a name.
const BEFORE_MONTH: &str = "in|of|since|by|until|till|before|after|during|from|to|through|between|for|on|and|or|this|last|next|late|early|mid";
const PART: &str = "morning|afternoon|evening|night";

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rules: [(&str, Reader); 29] = [
        (
            r"\b(?:the )?(?P<part>[Bb]eginning|start|middle|end) of (?P<side>this|last|next|the) (?P<u>week|month|quarter|year|decade|century)\b",
            read_edge,
        ),
        (
            r"\bthe (?P<y>twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)\b",
            read_decade,
        ),
        (r"\b(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?))?\b", read_iso),
        (
            r"(?:\b(?:DAY),? )?\b(?P<m>SHORT)\s(?P<d>\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s(?P<y>\d{4})\b)?",
            read_day,
        ),
        (
            r"(?:\b(?:DAY),? )?(?:\bthe )?\b(?P<d>\d{1,2})(?:st|nd|rd|th)?(?: of)?\s(?P<m>SHORT)\b(?:,?\s(?P<y>\d{4})\b)?",
            read_day,
        ),
        (
            r"\b(?:(?P<part>[Ee]arly|[Mm]id-?|[Ll]ate|(?:the )?(?:[Bb]eginning|start|middle|end) of)[ -]?)?(?P<m>SHORT)(?:,| of)?\s(?P<y>\d{4})\b",
            read_month_year,
        ),
        (
            r"\b(?:BEFORE)[ -](?P<x>(?:(?P<side>last|this|next) )?(?:(?P<part>early|mid|late)[ -])?(?P<m>MONTH))\b",
            read_month,
        ),
        (
            r"\b(?P<x>(?:(?P<side>[Ll]ast|[Tt]his|[Nn]ext) |(?P<part>[Ee]arly|[Mm]id|[Ll]ate|(?:the )?(?:beginning|start|middle|end) of)[ -])(?P<m>MONTH))\b",
            read_month,
        ),
        (
            r"\b(?P<m>January|February|April|June|July|August|September|October|November|December)\b",
            read_month,
        ),
        (
            r"\b(?:(?P<part>[Ee]arly|[Mm]id|[Ll]ate|(?:the )?(?:beginning|start|middle|end) of)[ -])?(?P<y>(?:1[6-9]|20)\d{2})\b",
            read_year,
        ),
        (
            r"\b(?:(?:the )?(?P<part>[Ee]arly|[Mm]id|[Ll]ate)[ -])?(?:the )?(?P<y>(?:1[6-9]|20)?\d0)s\b",
            read_decade,
        ),
        (
            r"\b(?:the )?(?:(?P<part>early|mid|late)[ -])?(?P<n>\d{1,2})(?:st|nd|rd|th)[ -]century\b",
            read_century,
        ),
        (
            r"\b(?:(?P<side>[Ll]ast|[Tt]his|[Nn]ext|[Ee]very|[Ee]ach|[Cc]oming|[Pp]ast)(?: coming| past)? )?(?P<w>DAY)(?P<s>s)?(?: (?P<p>PART))?\b",
            read_weekday,
        ),
        (
            r"\b(?P<w>[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight)\b(?: (?P<p>PART)\b)?",
            read_near_day,
        ),
        (
            r"\b(?P<w>[Tt]his|[Ll]ast) (?P<p>morning|afternoon|evening|night)\b",
            read_part_of_day,
        ),
        (
            r"\b(?:(?P<edge>[Ee]arlier|[Ll]ater|[Ee]arly|[Ll]ate) )?(?:(?P<the>the) )?(?:[Tt]his )?(?P<side>[Ll]ast|[Tt]his|[Nn]ext|[Pp]ast|previous|coming|following|current|same) (?P<u>(?i:UNIT))s?\b",
            read_relative,
        ),
        (r"\b(?P<side>[Ll]ast|[Tt]his|[Nn]ext|[Pp]ast|coming) weekend\b", read_weekend),
        (
            r"\b(?:the )?(?:[Ll]ast|[Nn]ext|[Pp]ast|previous|coming|following|first) (?P<n>AMOUNT)[ -](?P<u>UNIT)s?\b",
            read_duration,
        ),
        (r"\b(?P<n>AMOUNT|an?|half an?)[ -](?P<u>UNIT)s? ago\b", read_ago),
        (r"\b(?P<n>AMOUNT)[ -](?P<u>UNIT)s?\b", read_duration),
        (
            r"\b(?:[Ff]or|[Ii]n|[Ww]ithin|[Oo]ver|[Aa]bout|[Aa]lmost|[Nn]early|[Aa]fter|least|than|[Ww]hole|around|[Uu]nder|[Hh]alf) (?P<x>(?P<n>an?) (?P<u>UNIT))\b",
            read_duration,
        ),
        (r"\b(?P<x>[Hh]alf an hour|half an? (?:day|year))\b", read_half),
        (r"\b(?:[Ee]very|[Ee]ach) (?:other )?(?P<u>UNIT)s?\b", read_every),
        (r"\b(?P<w>daily|weekly|monthly|yearly|annually|hourly|nightly)\b", read_adverb),
        (r"\b(?P<h>\d{1,2})(?:[:.](?P<mi>\d{2}))?\s?(?P<half>[ap]\.?m\b\.?)", read_clock),
        (r"\b(?P<h>[01]?\d|2[0-3]):(?P<mi>[0-5]\d)\b", read_clock),
        (r"\b(?P<w>[Nn]oon|[Mm]idnight|[Mm]idday)\b", read_noon),
        (
            r"\b(?:the )?(?:(?P<n>first|second|third|fourth|last) (?P<k>quarter|half)|Q(?P<q>[1-4]))(?: of)?(?: (?P<y>\d{4}))?\b",
            read_quarter,
        ),
        (
            r"\b(?:(?:[Ii]n|[Dd]uring|[Bb]y|[Uu]ntil|[Ss]ince)(?: the| late| early)? )?(?P<x>(?:(?P<side>[Tt]his|[Ll]ast|[Nn]ext) )?(?P<s>spring|summer|autumn|winter|fall|Spring|Summer|Autumn|Winter)(?: of)?(?:\s(?P<y>\d{4}))?)\b",
            read_season,
        ),
    ];
    let vague = (
        r"\b(?P<w>[Rr]ecently|[Pp]reviously|[Cc]urrently|[Nn]owadays|[Nn]ow|[Ss]oon|[Ff]ormerly|[Ll]ately|[Pp]resently|[Aa]t present|[Aa]t the moment|(?:the )?(?:last|past|recent|coming) (?:few )?(?:years|months|weeks|days|decades|hours)|the (?:near )?future|the past|[Oo]nce upon a time|these days)\b",
        read_vague as Reader,
    );
    rules
        .into_iter()
        .chain([vague])
        .map(|(pattern, read)| Rule { regex: compile(pattern), read })
        .collect()
});

fn compile(pattern: &str) -> Regex {
    let pattern = pattern
        .replace("SHORT", SHORT_MONTH)
        .replace("MONTH", MONTH)
        .replace("DAY", DAY_NAME)
        .replace("BEFORE", BEFORE_MONTH)
        .replace("AMOUNT", AMOUNT)
        .replace("UNIT", UNIT)
        .replace("PART", PART)
        // An edge of ASCII words keeps the fast matcher on text with curly quotes.
        .replace(r"\b", r"(?-u:\b)")
        .replace(r"(?-u:(?-u:\b))", r"(?-u:\b)")
        .replace(r"\d", "[0-9]");
    Regex::new(&pattern).expect("a pattern of this file")
}

/// Pieces of words without which a sentence without digits holds no time expression.
static ANCHORS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = [
        "anuary", "ebruary", "arch", "pril", "may", "june", "july", "ugust", "ember",
        "ober", "day", "week", "month", "year", "decade", "centur", "hour", "minute",
        "second", "quarter", "morrow", "night", "morning", "noon", "evening", "now",
        "soon", "recent", "previous", "current", "former", "lately", "present", "moment",
        "future", "past", "spring", "summer", "autumn", "winter", "fall", "dail",
        "annual", "half",
    ];
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(words)
        .expect("a few dozen short words")
});

/// Everything that could be a time expression; overlaps are left to the caller.
pub(crate) fn find(sentence: &str, calendar: Calendar) -> Vec<Found> {
    let has_digit = sentence.bytes().any(|byte| byte.is_ascii_digit());
    if !has_digit && !ANCHORS.is_match(sentence) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for rule in RULES.iter() {
        for captures in rule.regex.captures_iter(sentence) {
            let whole = captures.get(0).expect("group 0 is the match");
            let (start, end) = captures
                .name("x")
                .map_or((whole.start(), whole.end()), |x| (x.start(), x.end()));
            let parts = Parts { captures, sentence, start, calendar };
            if let Some((label, value, modifier)) = (rule.read)(&parts) {
                found.push(Found { start, end, label, value, modifier });
            }
        }
    }
    found
}
