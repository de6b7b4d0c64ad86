//! English time expressions: patterns and what they mean.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use jiff::civil::Weekday;
use regex::{Captures, Regex};

use super::calendar::{Calendar, Side, Unit, date};
use super::rules::Found;
use crate::dates::number;

/// What a pattern means: label, value, `mod`.
type Meaning = (&'static str, String, Option<&'static str>);

/// Says what a match means, if it is a time expression.
type Reader = fn(&Parts<'_>) -> Option<Meaning>;

/// A pattern and the function that reads its match. The span is the group `x`, or all.
struct Rule {
    regex: Regex,
    read: Reader,
}

/// A match with what its reader needs.
struct Parts<'s> {
    captures: Captures<'s>,
    sentence: &'s str,
    start: usize,
    calendar: Calendar,
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
    let rules: [(&str, Reader); 27] = [
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
            r"\b(?:(?P<edge>[Ee]arlier|[Ll]ater|[Ee]arly|[Ll]ate) )?(?:(?P<the>the) )?(?P<side>[Ll]ast|[Tt]his|[Nn]ext|[Pp]ast|previous|coming|following|current|same) (?P<u>UNIT)s?\b",
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
            r"\b(?:(?:[Ii]n|[Dd]uring|[Bb]y|[Uu]ntil|[Ss]ince|[Tt]his|[Ll]ast|[Nn]ext)(?: the| late| early)? )?(?P<x>(?P<s>spring|summer|autumn|winter|fall|Spring|Summer|Autumn|Winter)(?: of)?(?:\s(?P<y>\d{4}))?)\b",
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

impl Parts<'_> {
    fn get(&self, group: &str) -> Option<&str> {
        self.captures.name(group).map(|m| m.as_str())
    }

    fn end(&self) -> usize {
        let whole = self.captures.get(0).expect("group 0 is the match");
        self.captures.name("x").map_or(whole.end(), |x| x.end())
    }

    fn number(&self, group: &str) -> Option<u32> {
        self.get(group).and_then(number)
    }

    fn month(&self) -> Option<u32> {
        const STARTS: [&str; 12] = [
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
            "dec",
        ];
        let name = self.get("m")?.to_ascii_lowercase();
        let at = STARTS.iter().position(|start| name.starts_with(start))?;
        u32::try_from(at + 1).ok()
    }

    fn side(&self) -> Option<Side> {
        Some(match self.get("side")?.to_ascii_lowercase().as_str() {
            "last" | "past" | "previous" => Side::Past,
            "this" | "current" | "same" => Side::Present,
            "next" | "coming" | "following" => Side::Future,
            _ => return None,
        })
    }

    fn unit(&self) -> Option<Unit> {
        Some(match self.get("u")? {
            "second" => Unit::Second,
            "minute" => Unit::Minute,
            "hour" => Unit::Hour,
            "day" => Unit::Day,
            "week" => Unit::Week,
            "month" => Unit::Month,
            "quarter" => Unit::Quarter,
            "year" => Unit::Year,
            "decade" => Unit::Decade,
            "century" | "centurie" => Unit::Century,
            _ => return None,
        })
    }

    fn modifier(&self) -> Option<&'static str> {
        let part = self.get("part").or(self.get("edge"))?.to_ascii_lowercase();
        Some(match part.as_str() {
            part if part.contains("early")
                || part.contains("begin")
                || part.contains("start") =>
            {
                "START"
            }
            part if part.contains("mid") => "MID",
            part if part.contains("late") || part.contains("end") => "END",
            _ => return None,
        })
        .filter(|_| !matches!(part.as_str(), "earlier" | "later"))
    }

    fn before(&self) -> &str {
        &self.sentence[..self.start]
    }

    fn after(&self) -> &str {
        &self.sentence[self.end()..]
    }

    fn word_before(&self) -> &str {
        let before = self.before().trim_end();
        before
            .rsplit(|c: char| !c.is_alphanumeric() && c != '\'')
            .next()
            .unwrap_or_default()
    }

    fn word_after(&self) -> &str {
        let after = self.after().trim_start_matches(' ');
        after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default()
    }

    /// Whether a verb before the match speaks of what is to come.
    fn is_future(&self) -> bool {
        const WORDS: [&str; 9] = [
            "will",
            "shall",
            "scheduled",
            "expected",
            "due",
            "plans",
            "planned",
            "upcoming",
            "tomorrow",
        ];
        let mut words = self.before().split(|c: char| !c.is_alphanumeric());
        words.any(|word| WORDS.contains(&word))
    }

    fn part_of_day(&self) -> Option<&'static str> {
        Some(match self.get("p")? {
            "morning" => "TMO",
            "afternoon" => "TAF",
            "evening" => "TEV",
            _ => "TNI",
        })
    }
}

fn read_iso(parts: &Parts<'_>) -> Option<Meaning> {
    let group = |at: usize| parts.captures.get(at).map(|m| m.as_str());
    let value = date(number(group(1)?)?, number(group(2)?)?, Some(number(group(3)?)?))?;
    Some(match group(4) {
        Some(time) => ("TIME", format!("{value}T{time}"), None),
        None => ("DATE", value, None),
    })
}

fn read_day(parts: &Parts<'_>) -> Option<Meaning> {
    let (month, day) = (parts.month()?, parts.number("d")?);
    if !(1..=31).contains(&day) {
        return None;
    }
    let value = match parts.number("y") {
        Some(year) => date(year, month, Some(day))?,
        None => parts.calendar.month(month, Some(day), None),
    };
    Some(("DATE", value, None))
}

fn read_month_year(parts: &Parts<'_>) -> Option<Meaning> {
    let value = date(parts.number("y")?, parts.month()?, None)?;
    Some(("DATE", value, parts.modifier()))
}

/// A month without a year. `May` and `March` get here only with a word before them.
fn read_month(parts: &Parts<'_>) -> Option<Meaning> {
    // Theresa May, and May Smith: another capital beside the name makes it one.
    let next = parts.word_after();
    let is_name = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    let is_ambiguous =
        matches!(parts.get("m")?, "May" | "March" | "April" | "June" | "August");
    let joined = parts.after().starts_with(' ') && is_name(next) && is_ambiguous;
    let after_name = is_ambiguous
        && parts.before().ends_with(' ')
        && is_name(parts.word_before())
        && parts.word_before().len() > 2
        && !parts.before().trim_end().contains(char::is_whitespace)
        && parts.get("side").is_none();
    if joined
        || after_name && !parts.before().trim().is_empty() && parts.word_before() != "In"
    {
        return None;
    }
    let value = parts.calendar.month(parts.month()?, None, parts.side());
    Some(("DATE", value, parts.modifier()))
}

/// Four digits are a year unless they count something.
fn read_year(parts: &Parts<'_>) -> Option<Meaning> {
    let last = parts.before().chars().next_back();
    if last
        .is_some_and(|c| matches!(c, '$' | '€' | '£' | '¥' | '#' | '.' | ',' | '+' | ':'))
    {
        return None;
    }
    let after = parts.after();
    let goes_on = after.starts_with(['%', '°', ':']) || {
        let mut rest = after.chars();
        let mark = rest.next();
        matches!(mark, Some('.' | ',')) && rest.next().is_some_and(|c| c.is_ascii_digit())
    };
    const UNITS: [&str; 16] = [
        "people",
        "men",
        "women",
        "children",
        "km",
        "kilometres",
        "kilometers",
        "miles",
        "metres",
        "meters",
        "tonnes",
        "tons",
        "feet",
        "euros",
        "dollars",
        "per",
    ];
    let next = parts.word_after();
    let is_led = matches!(
        parts.word_before().to_ascii_lowercase().as_str(),
        "in" | "since"
            | "by"
            | "from"
            | "until"
            | "till"
            | "before"
            | "after"
            | "during"
            | "of"
            | "to"
            | "through"
            | "and"
            | "between"
            | "circa"
            | "the"
            | "year"
    );
    let counts = after.starts_with(' ')
        && (UNITS.contains(&next)
            || !is_led
                && next.ends_with('s')
                && next.chars().all(char::is_lowercase)
                && next.len() > 3);
    if goes_on || counts {
        return None;
    }
    Some(("DATE", parts.get("y")?.to_owned(), parts.modifier()))
}

fn read_decade(parts: &Parts<'_>) -> Option<Meaning> {
    let digits = parts.get("y")?;
    let is_bare = digits.len() == 2;
    let marked = parts.before().ends_with(['\'', '’', '‘'])
        || parts.captures.get(0)?.as_str().contains("the ");
    if is_bare && !marked {
        return None;
    }
    let value =
        if is_bare { format!("19{}", &digits[..1]) } else { digits[..3].to_owned() };
    Some(("DATE", value, parts.modifier()))
}

fn read_century(parts: &Parts<'_>) -> Option<Meaning> {
    let number = parts.number("n")?.checked_sub(1)?;
    Some(("DATE", format!("{number:02}"), parts.modifier()))
}

fn read_weekday(parts: &Parts<'_>) -> Option<Meaning> {
    let day = match &parts.get("w")?[..2] {
        "Mo" => Weekday::Monday,
        "Tu" => Weekday::Tuesday,
        "We" => Weekday::Wednesday,
        "Th" => Weekday::Thursday,
        "Fr" => Weekday::Friday,
        "Sa" => Weekday::Saturday,
        _ => Weekday::Sunday,
    };
    let side = parts.get("side").map(str::to_ascii_lowercase);
    let part = parts.part_of_day();
    let is_set =
        matches!(side.as_deref(), Some("every" | "each")) || parts.get("s").is_some();
    if is_set {
        let number = day.to_monday_one_offset();
        return Some(("SET", format!("XXXX-WXX-{number}{}", part.unwrap_or("")), None));
    }
    let side = parts.side();
    let strictly = side.is_some();
    let side = side.or(Some(if parts.is_future() { Side::Future } else { Side::Past }));
    let value = parts.calendar.weekday(day, side, strictly);
    Some(match part {
        Some(part) => ("TIME", format!("{value}{part}"), None),
        None => ("DATE", value, None),
    })
}

fn read_near_day(parts: &Parts<'_>) -> Option<Meaning> {
    let word = parts.get("w")?.to_ascii_lowercase();
    let (after, side) = match word.as_str() {
        "yesterday" => (-1, Side::Past),
        "tomorrow" => (1, Side::Future),
        _ => (0, Side::Present),
    };
    let part = if word == "tonight" { Some("TNI") } else { parts.part_of_day() };
    if let Some(part) = part {
        return Some(("TIME", format!("{}{part}", parts.calendar.day_or_x(after)), None));
    }
    // USA Today is a newspaper.
    if parts.get("w")?.starts_with('T')
        && parts.word_before().chars().next().is_some_and(char::is_uppercase)
    {
        return None;
    }
    let value = parts.calendar.day(after).unwrap_or_else(|| side.reference().to_owned());
    Some(("DATE", value, None))
}

fn read_part_of_day(parts: &Parts<'_>) -> Option<Meaning> {
    let after = match (parts.get("w")?.to_ascii_lowercase().as_str(), parts.get("p")?) {
        ("last", "night" | "evening") => -1,
        ("last", _) => return None,
        _ => 0,
    };
    let day = parts.calendar.day_or_x(after);
    Some(("TIME", format!("{day}{}", parts.part_of_day()?), None))
}

/// "last week" is a date; "within the next month" is a length of time.
fn read_relative(parts: &Parts<'_>) -> Option<Meaning> {
    let (side, unit) = (parts.side()?, parts.unit()?);
    let word = parts.get("side")?.to_ascii_lowercase();
    let is_plural = parts.captures.get(0)?.as_str().ends_with("s");
    if is_plural {
        return Some(("DATE", side.reference().to_owned(), None));
    }
    if parts.get("the").is_some() {
        let signal = parts.word_before().to_ascii_lowercase();
        let is_length = matches!(
            signal.as_str(),
            "within" | "over" | "during" | "for" | "in" | "throughout"
        );
        if is_length && matches!(word.as_str(), "last" | "past" | "next" | "coming") {
            let modifier = (signal == "within").then_some("EQUAL_OR_LESS");
            return Some(("DURATION", unit.duration("1"), modifier));
        }
        if matches!(word.as_str(), "same" | "current")
            || matches!(unit, Unit::Second | Unit::Minute | Unit::Hour)
        {
            return None;
        }
    } else if matches!(word.as_str(), "same" | "following" | "current" | "coming") {
        return None;
    }
    if matches!(unit, Unit::Second | Unit::Minute | Unit::Hour) {
        return None;
    }
    Some(("DATE", parts.calendar.relative(unit, side), parts.modifier()))
}

fn read_weekend(parts: &Parts<'_>) -> Option<Meaning> {
    Some(("DATE", parts.calendar.weekend(parts.side()?), None))
}

/// A number as digits, or `X` where it is vague.
fn amount(word: &str) -> String {
    const SMALL: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] =
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let word = word.to_ascii_lowercase();
    let small = |word: &str| SMALL.iter().position(|known| *known == word);
    let tens =
        |word: &str| TENS.iter().position(|known| *known == word).map(|at| at * 10 + 20);
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return word.replace(',', "");
    }
    let value = match word.split_once('-') {
        Some((ten, one)) => tens(ten).zip(small(one)).map(|(ten, one)| ten + one),
        None => small(&word).or_else(|| tens(&word)),
    };
    match (value, word.as_str()) {
        (Some(value), _) => value.to_string(),
        (None, "a" | "an") => "1".to_owned(),
        (None, "a couple of") => "2".to_owned(),
        (None, "a dozen") => "12".to_owned(),
        (None, "a hundred") => "100".to_owned(),
        _ => "X".to_owned(),
    }
}

fn read_duration(parts: &Parts<'_>) -> Option<Meaning> {
    let unit = parts.unit()?;
    let after = parts.after();
    // `a 31-year-old` is a person, `a 30-second spot` and `a three-day visit` are lengths.
    if after.starts_with("-old") || after.starts_with(" old") {
        return None;
    }
    // `two quarters of the town`, `the second minute`: no lengths of time.
    if matches!(unit, Unit::Quarter) && after.starts_with(" of") {
        return None;
    }
    let amount = amount(parts.get("n")?);
    Some(("DURATION", unit.duration(&amount), None))
}

fn read_ago(parts: &Parts<'_>) -> Option<Meaning> {
    let unit = parts.unit()?;
    let n: Option<i64> = amount(parts.get("n")?).parse().ok();
    let value = n.and_then(|n| parts.calendar.unit(unit, -n));
    Some(("DATE", value.unwrap_or_else(|| Side::Past.reference().to_owned()), None))
}

fn read_half(parts: &Parts<'_>) -> Option<Meaning> {
    let value = match parts.get("x")?.rsplit(' ').next()? {
        "hour" => "PT30M",
        "day" => "PT12H",
        _ => "P6M",
    };
    Some(("DURATION", value.to_owned(), None))
}

fn read_every(parts: &Parts<'_>) -> Option<Meaning> {
    Some(("SET", parts.unit()?.duration("1"), None))
}

fn read_adverb(parts: &Parts<'_>) -> Option<Meaning> {
    let value = match parts.get("w")? {
        "hourly" => "PT1H",
        "daily" | "nightly" => "P1D",
        "weekly" => "P1W",
        "monthly" => "P1M",
        _ => "P1Y",
    };
    Some(("SET", value.to_owned(), None))
}

fn read_clock(parts: &Parts<'_>) -> Option<Meaning> {
    let hour = parts.number("h")?;
    let minute = parts.number("mi").unwrap_or(0);
    let half = parts.get("half").map(|half| half.as_bytes()[0]);
    let hour = match half {
        Some(_) if hour > 12 || hour == 0 => return None,
        Some(b'p') if hour < 12 => hour + 12,
        Some(b'a') if hour == 12 => 0,
        _ => hour,
    };
    let is_ratio = parts.before().ends_with([':', '.', '-', '–'])
        || parts.after().starts_with([':']) && half.is_none();
    (!is_ratio && minute < 60).then(|| ("TIME", format!("T{hour:02}:{minute:02}"), None))
}

fn read_noon(parts: &Parts<'_>) -> Option<Meaning> {
    let value = if parts.get("w")?.eq_ignore_ascii_case("midnight") {
        "T24:00"
    } else {
        "T12:00"
    };
    Some(("TIME", value.to_owned(), None))
}

fn read_quarter(parts: &Parts<'_>) -> Option<Meaning> {
    let year = parts.number("y");
    let is_half = parts.get("k") == Some("half");
    // `the first half` is one of a match unless a year follows.
    if is_half && year.is_none()
        || parts.get("k").is_some()
            && year.is_none()
            && !parts.after().trim_start().starts_with("of the year")
            && !parts.before().ends_with("in ")
    {
        return None;
    }
    let number = match (parts.get("n"), parts.number("q")) {
        (_, Some(q)) => q,
        (Some("first"), _) => 1,
        (Some("second"), _) => 2,
        (Some("third"), _) => 3,
        (Some("last"), _) if is_half => 2,
        _ => 4,
    };
    let year = year.map_or_else(|| parts.calendar.year_or_x(0), |year| year.to_string());
    let letter = if is_half { "H" } else { "Q" };
    Some(("DATE", format!("{year}-{letter}{number}"), None))
}

fn read_season(parts: &Parts<'_>) -> Option<Meaning> {
    let season = match parts.get("s")?.to_ascii_lowercase().as_str() {
        "spring" => "SP",
        "summer" => "SU",
        "winter" => "WI",
        _ => "FA",
    };
    let whole = parts.captures.get(0)?.as_str();
    let lead = whole.split(' ').next().unwrap_or_default().to_ascii_lowercase();
    let year = match (parts.get("y"), lead.as_str()) {
        (Some(year), _) => year.to_owned(),
        (None, "last") => parts.calendar.year_or_x(-1),
        (None, "next") => parts.calendar.year_or_x(1),
        (None, "in" | "this" | "by" | "until" | "during" | "since") => {
            parts.calendar.year_or_x(0)
        }
        // A bare `spring` is also a source, and `fall` a verb.
        _ => return None,
    };
    Some(("DATE", format!("{year}-{season}"), None))
}

fn read_vague(parts: &Parts<'_>) -> Option<Meaning> {
    let words = parts.get("w")?.to_ascii_lowercase();
    let side = match words.as_str() {
        "soon" => Side::Future,
        words if words.contains("future") || words.contains("coming") => Side::Future,
        "currently" | "nowadays" | "now" | "presently" | "at present"
        | "at the moment" | "these days" => Side::Present,
        _ => Side::Past,
    };
    // `as soon as` is a condition, `the past two years` a length.
    if words == "soon" && parts.word_before() == "as"
        || words == "the past"
            && parts.word_after().len() > 1
            && parts.after().starts_with(' ')
            && !parts.word_after().chars().all(char::is_lowercase)
    {
        return None;
    }
    Some(("DATE", side.reference().to_owned(), None))
}

#[cfg(test)]
mod tests {
    use crate::{Extractor, View};
    use goldpress_model::Fields;

    /// The one place that calls the API: `text=value` of each, published on a Wednesday.
    fn found(text: &str, t0: Option<&str>) -> String {
        let stated = Fields::new();
        let view = View { lang: "en", published_at: t0, ..View::of(text, &[], &stated) };
        let claims = super::super::TimexRules.extract(view).annotations;
        let show = |claim: &goldpress_model::Annotation| {
            format!("{}={}", claim.text(), claim.attrs["value"].as_text().unwrap_or("?"))
        };
        claims.iter().map(show).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn the_modal_verb_is_no_month() {
        let t0 = Some("2024-03-06");
        for (text, expected) in [
            ("It may be signed in May 2024.", "May 2024=2024-05"),
            ("May I ask?", ""),
            ("The council may publish it in May.", "May=2024-05"),
            ("told us in May", "May=2024-05"),
            ("Theresa May resigned.", ""),
            ("They joined the March on the capital.", ""),
            ("Workers march to the hall in March.", "March=2024-03"),
        ] {
            assert_eq!(found(text, t0), expected, "{text}");
        }
    }

    #[test]
    fn values_count_from_the_day_of_publication() {
        let t0 = Some("2024-03-06");
        for (text, expected) in [
            ("He left on Monday.", "Monday=2024-03-04"),
            ("It will open on Monday.", "Monday=2024-03-11"),
            ("It closed on Tuesday night.", "Tuesday night=2024-03-05TNI"),
            (
                "He came yesterday and last week.",
                "yesterday=2024-03-05 | last week=2024-W09",
            ),
            ("It closed three years ago.", "three years ago=2021"),
            ("It was sold on 3 December.", "3 December=2023-12-03"),
            ("It was sold on Sunday, March 3, 2024.", "Sunday, March 3, 2024=2024-03-03"),
            ("He will go within the next month.", "the next month=P1M"),
            ("He will go next month.", "next month=2024-04"),
            ("It opens every Monday at 18:40.", "every Monday=XXXX-WXX-1 | 18:40=T18:40"),
            ("It ran for 140 years, until the 1990s.", "140 years=P140Y | the 1990s=199"),
            (
                "It grew in the first quarter of 2023.",
                "the first quarter of 2023=2023-Q1",
            ),
            ("2000 people came in 2000.", "2000=2000"),
            ("It reopened in late May 2022.", "late May 2022=2022-05"),
        ] {
            assert_eq!(found(text, t0), expected, "{text}");
        }
    }

    #[test]
    fn without_a_day_of_publication_no_date_is_made_up() {
        for (text, expected) in [
            (
                "He recently left; it was warned previously.",
                "recently=PAST_REF | previously=PAST_REF",
            ),
            ("It closed on Tuesday night.", "Tuesday night=XXXX-WXX-2TNI"),
            (
                "He left in May, last year and yesterday.",
                "May=XXXX-05 | last year=PAST_REF | yesterday=PAST_REF",
            ),
        ] {
            assert_eq!(found(text, None), expected, "{text}");
        }
    }

    #[test]
    fn known_mistake_a_length_with_later_is_not_placed() {
        // The anchor is another date of the text, which is not looked for.
        assert_eq!(found("Two days later he left.", None), "Two days=P2D");
    }
}
