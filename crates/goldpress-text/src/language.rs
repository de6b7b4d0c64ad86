//! Language: which one a text is in, or `und` where that is unsure.

use whatlang::Lang;

use crate::{CharKind, stop_words};

/// Bytes looked at: more do not change the answer on news and cost time.
const LOOK_BYTES: usize = 2048;
/// Fewest letters that say anything in a script that several languages share.
const MIN_LETTERS: usize = 24;
/// Fewest letters that say anything in a script of the Far East.
const MIN_IDEOGRAPHS: usize = 4;
/// Share of stop words from which a text is taken to be of their language, and how many
/// times it must be the next one's.
const CLEAR_SHARE: f32 = 0.22;
const CLEAR_MARGIN: f32 = 1.4;

/// A language and how sure the detector is.
#[derive(Debug, Clone, PartialEq)]
pub struct Language {
    /// BCP 47 tag; `und` when unsure.
    pub tag: String,
    /// In `0.0..=1.0`.
    pub score: f32,
}

/// Detects the language of a normalised text.
///
/// By its script where that is enough, else by the small words that running text is full
/// of, else by trigrams (whatlang), which cost a hundred times as much. `und` rather than
/// a guess on a line or two.
///
/// ```
/// use goldpress_text::language;
///
/// let text = "Fiskere må lande en tredjedel mindre torsk i år, besluttede nævnet fredag.";
/// assert_eq!(language(text).tag, "da");
/// assert_eq!(language("1984").tag, "und");
/// ```
pub fn language(text: &str) -> Language {
    let head = head_of(text);
    let letters = Letters::of(head);
    if let Some(tag) = letters.by_script() {
        return Language { tag: tag.to_owned(), score: 1.0 };
    }
    if letters.all < MIN_LETTERS {
        return Language { tag: "und".to_owned(), score: 0.0 };
    }
    by_stop_words(head).unwrap_or_else(|| by_trigrams(head))
}

/// Letters of a text, by the scripts that decide alone.
#[derive(Default)]
struct Letters {
    all: usize,
    han: usize,
    kana: usize,
    hangul: usize,
}

impl Letters {
    fn of(text: &str) -> Letters {
        let mut letters = Letters::default();
        for c in text.chars().filter(|c| CharKind::of(*c).is_alphabetic()) {
            letters.all += 1;
            match c {
                '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' => letters.kana += 1,
                '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' => letters.han += 1,
                '\u{ac00}'..='\u{d7a3}' => letters.hangul += 1,
                _ => {}
            }
        }
        letters
    }

    /// Japanese is never without kana for long; Chinese has none.
    fn by_script(&self) -> Option<&'static str> {
        let east = self.han + self.kana + self.hangul;
        if east < MIN_IDEOGRAPHS || east * 2 < self.all {
            return None;
        }
        match () {
            () if self.hangul * 2 > east => Some("ko"),
            () if self.kana * 20 >= east => Some("ja"),
            () => Some("zh"),
        }
    }
}

/// The language whose small words the text is full of, if no other comes near.
fn by_stop_words(text: &str) -> Option<Language> {
    let shares = stop_words::shares(text);
    let best = (0..shares.len()).max_by(|a, b| shares[*a].total_cmp(&shares[*b]))?;
    let rivals = (0..shares.len()).filter(|other| *other != best);
    let rival = rivals.map(|other| shares[other]).fold(0.0, f32::max);
    let is_clear = shares[best] >= CLEAR_SHARE && shares[best] >= CLEAR_MARGIN * rival;
    // Twice as many as the next one's is as sure as it gets.
    let score = (shares[best] / rival.max(0.001) - 1.0).min(1.0);
    is_clear.then(|| Language { tag: stop_words::LISTS[best].0.to_owned(), score })
}

/// What a table of trigrams says: slow, and for what is left.
fn by_trigrams(text: &str) -> Language {
    let unsure = |score| Language { tag: "und".to_owned(), score };
    let Some(info) = whatlang::detect(text) else { return unsure(0.0) };
    let score = info.confidence() as f32;
    if score < 0.2 && !info.is_reliable() {
        return unsure(score);
    }
    Language { tag: tag_of(info.lang()).to_owned(), score }
}

/// The middle of a long text says more than its menu.
fn head_of(text: &str) -> &str {
    if text.len() <= LOOK_BYTES {
        return text;
    }
    let mut start = (text.len() - LOOK_BYTES) / 3;
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let mut end = start + LOOK_BYTES;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[start..end]
}

/// BCP 47 prefers two letters where there are two.
fn tag_of(lang: Lang) -> &'static str {
    match lang {
        Lang::Afr => "af",
        Lang::Aka => "ak",
        Lang::Amh => "am",
        Lang::Ara => "ar",
        Lang::Aze => "az",
        Lang::Bel => "be",
        Lang::Ben => "bn",
        Lang::Bul => "bg",
        Lang::Cat => "ca",
        Lang::Ces => "cs",
        Lang::Cmn => "zh",
        Lang::Cym => "cy",
        Lang::Dan => "da",
        Lang::Deu => "de",
        Lang::Ell => "el",
        Lang::Eng => "en",
        Lang::Epo => "eo",
        Lang::Est => "et",
        Lang::Fin => "fi",
        Lang::Fra => "fr",
        Lang::Guj => "gu",
        Lang::Heb => "he",
        Lang::Hin => "hi",
        Lang::Hrv => "hr",
        Lang::Hun => "hu",
        Lang::Hye => "hy",
        Lang::Ind => "id",
        Lang::Ita => "it",
        Lang::Jav => "jv",
        Lang::Jpn => "ja",
        Lang::Kan => "kn",
        Lang::Kat => "ka",
        Lang::Khm => "km",
        Lang::Kor => "ko",
        Lang::Lat => "la",
        Lang::Lav => "lv",
        Lang::Lit => "lt",
        Lang::Mal => "ml",
        Lang::Mar => "mr",
        Lang::Mkd => "mk",
        Lang::Mya => "my",
        Lang::Nep => "ne",
        Lang::Nld => "nl",
        Lang::Nob => "nb",
        Lang::Ori => "or",
        Lang::Pan => "pa",
        Lang::Pes => "fa",
        Lang::Pol => "pl",
        Lang::Por => "pt",
        Lang::Ron => "ro",
        Lang::Rus => "ru",
        Lang::Sin => "si",
        Lang::Slk => "sk",
        Lang::Slv => "sl",
        Lang::Sna => "sn",
        Lang::Spa => "es",
        Lang::Srp => "sr",
        Lang::Swe => "sv",
        Lang::Tam => "ta",
        Lang::Tel => "te",
        Lang::Tgl => "tl",
        Lang::Tha => "th",
        Lang::Tuk => "tk",
        Lang::Tur => "tr",
        Lang::Ukr => "uk",
        Lang::Urd => "ur",
        Lang::Uzb => "uz",
        Lang::Vie => "vi",
        Lang::Yid => "yi",
        Lang::Zul => "zu",
    }
}
