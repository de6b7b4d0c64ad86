//! Language: which one a text is in, or `und` where that is unsure.

use whatlang::{Lang, Script};

/// Bytes looked at: more do not change the answer on news and cost time.
const LOOK_BYTES: usize = 2048;
/// Fewest letters that say anything in a script that several languages share.
const MIN_LETTERS: usize = 24;

/// A language and how sure the detector is.
#[derive(Debug, Clone, PartialEq)]
pub struct Language {
    /// BCP 47 tag; `und` when unsure.
    pub tag: String,
    /// In `0.0..=1.0`.
    pub score: f32,
}

/// Detects the language of a text.
///
/// ```
/// use goldpress_text::language;
///
/// let text = "Fiskere må lande en tredjedel mindre torsk i år, besluttede nævnet fredag.";
/// assert_eq!(language(text).tag, "da");
/// assert_eq!(language("1984").tag, "und");
/// ```
pub fn language(text: &str) -> Language {
    let unsure = |score| Language { tag: "und".to_owned(), score };
    let head = head_of(text);
    let letters = head.chars().filter(|c| c.is_alphabetic()).count();
    let Some(info) = whatlang::detect(head) else { return unsure(0.0) };
    let score = info.confidence() as f32;
    let needs = match info.script() {
        Script::Latin | Script::Cyrillic | Script::Arabic | Script::Devanagari => {
            MIN_LETTERS
        }
        Script::Hebrew => MIN_LETTERS,
        _ => 4,
    };
    if letters < needs || (score < 0.2 && !info.is_reliable()) {
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
