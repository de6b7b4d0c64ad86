//! Stop words: the words that every text of a language is full of.
//!
//! Own lists of the most frequent function words of languages that write spaces. Words
//! that several languages share are in all of their lists: what counts is the share of
//! each, compared with the others.

use std::{collections::HashMap, sync::LazyLock};

use foldhash::fast::FixedState;

use crate::{is_alphanumeric, push_lowercase};

/// Words looked at: a page of running text.
const ENOUGH: usize = 300;

/// The lists by BCP 47 tag.
pub(crate) const LISTS: &[(&str, &[&str])] = &[
    (
        "ar",
        &[
            "أن", "أو", "إلى", "إن", "التي", "الذي", "بعد", "بين", "ثم", "على", "عن",
            "في", "قد", "كان", "كانت", "كما", "لا", "لم", "ما", "مع", "من", "هذا", "هذه",
            "هو", "هي", "و",
        ],
    ),
    (
        "bg",
        &[
            "а",
            "беше",
            "в",
            "във",
            "да",
            "до",
            "е",
            "за",
            "и",
            "като",
            "когато",
            "към",
            "на",
            "не",
            "но",
            "обаче",
            "от",
            "по",
            "при",
            "с",
            "са",
            "се",
            "си",
            "след",
            "според",
            "също",
            "така",
            "че",
        ],
    ),
    (
        "ca",
        &[
            "a", "al", "als", "amb", "aquest", "aquesta", "com", "de", "del", "dels",
            "el", "els", "en", "entre", "ha", "han", "i", "la", "les", "més", "no", "o",
            "on", "per", "perquè", "però", "que", "s'ha", "se", "segons", "ser", "seu",
            "seva", "sobre", "també", "un", "una", "és",
        ],
    ),
    (
        "cs",
        &[
            "a", "aby", "ale", "až", "by", "byl", "byla", "bylo", "do", "i", "jak",
            "jako", "je", "jeho", "jsou", "k", "která", "které", "který", "na", "nebo",
            "o", "od", "po", "podle", "pro", "při", "s", "se", "si", "u", "v", "ve",
            "však", "z", "za", "že",
        ],
    ),
    (
        "da",
        &[
            "af", "at", "blev", "blive", "da", "de", "den", "der", "det", "efter",
            "eller", "en", "er", "et", "for", "fra", "han", "har", "hun", "i", "ikke",
            "jeg", "kan", "med", "men", "mod", "når", "og", "også", "om", "op", "på",
            "sig", "siger", "skal", "som", "så", "til", "var", "ved", "vi", "være",
        ],
    ),
    (
        "de",
        &[
            "als", "am", "an", "auch", "auf", "aus", "bei", "das", "dass", "dem", "den",
            "der", "des", "die", "ein", "eine", "einem", "einen", "einer", "er", "es",
            "für", "hat", "ich", "im", "in", "ist", "mit", "nach", "nicht", "sich",
            "sie", "sind", "um", "und", "von", "war", "werden", "wie", "wird", "zu",
            "zum", "zur", "über",
        ],
    ),
    (
        "en",
        &[
            "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "for",
            "from", "had", "has", "have", "he", "her", "his", "in", "is", "it", "its",
            "not", "of", "on", "or", "she", "that", "the", "their", "they", "this", "to",
            "was", "we", "were", "which", "who", "will", "with", "you",
        ],
    ),
    (
        "es",
        &[
            "a", "al", "como", "con", "de", "del", "el", "en", "es", "este", "está",
            "fue", "ha", "han", "la", "las", "lo", "los", "más", "no", "o", "para",
            "pero", "por", "que", "se", "sin", "sobre", "son", "su", "sus", "también",
            "un", "una", "y",
        ],
    ),
    (
        "fa",
        &[
            "آن", "از", "است", "اما", "این", "با", "بر", "برای", "به", "تا", "خود", "در",
            "را", "شد", "شده", "می", "های", "هم", "و", "کرد", "که", "یا", "یک",
        ],
    ),
    (
        "fi",
        &[
            "ei", "että", "he", "hän", "ja", "joka", "jos", "kanssa", "kuin", "mukaan",
            "mutta", "myös", "ne", "ole", "oli", "on", "ovat", "se", "sekä", "tai",
            "vain",
        ],
    ),
    (
        "fr",
        &[
            "au", "aux", "avec", "ce", "cette", "dans", "de", "des", "du", "elle", "en",
            "est", "et", "il", "la", "le", "les", "leur", "mais", "ne", "on", "ont",
            "ou", "par", "pas", "plus", "pour", "que", "qui", "sa", "se", "ses", "son",
            "sont", "sur", "un", "une", "à",
        ],
    ),
    (
        "hu",
        &[
            "a", "az", "be", "csak", "de", "egy", "el", "ez", "hogy", "is", "ki", "le",
            "lehet", "majd", "meg", "mint", "már", "nem", "s", "szerint", "vagy", "volt",
            "és",
        ],
    ),
    (
        "id",
        &[
            "ada", "akan", "atau", "bagi", "bahwa", "dalam", "dan", "dari", "dengan",
            "di", "ini", "itu", "juga", "karena", "ke", "kepada", "mereka", "oleh",
            "pada", "para", "saat", "sebagai", "sudah", "telah", "tidak", "untuk",
            "yang",
        ],
    ),
    (
        "it",
        &[
            "a", "ad", "al", "alla", "anche", "che", "ci", "come", "con", "da", "dal",
            "dalla", "dei", "del", "della", "delle", "di", "e", "gli", "ha", "hanno",
            "i", "il", "in", "la", "le", "lo", "loro", "ma", "nel", "nella", "non", "o",
            "per", "più", "se", "si", "sono", "su", "sul", "tra", "un", "una", "uno",
            "è",
        ],
    ),
    (
        "nb",
        &[
            "at", "av", "ble", "bli", "da", "de", "den", "der", "det", "eller", "en",
            "er", "et", "etter", "for", "fra", "han", "har", "hun", "i", "ikke", "jeg",
            "kan", "med", "men", "mot", "når", "og", "også", "om", "opp", "på", "seg",
            "sier", "skal", "som", "så", "til", "var", "ved", "vi", "være",
        ],
    ),
    (
        "nl",
        &[
            "aan", "als", "bij", "dat", "de", "deze", "die", "dit", "door", "een", "en",
            "er", "het", "hij", "hun", "ik", "in", "is", "maar", "met", "na", "naar",
            "niet", "nog", "of", "om", "ook", "op", "te", "tot", "uit", "van", "voor",
            "was", "werd", "wordt", "ze", "zich", "zijn", "zou",
        ],
    ),
    (
        "pl",
        &[
            "a", "aby", "ale", "być", "będzie", "co", "czy", "dla", "do", "i", "ich",
            "jak", "jego", "jej", "jest", "już", "która", "które", "który", "lub", "ma",
            "na", "nie", "o", "od", "oraz", "po", "przez", "przy", "się", "są", "tak",
            "tego", "to", "tym", "w", "we", "z", "za", "że",
        ],
    ),
    (
        "pt",
        &[
            "a", "ao", "aos", "as", "até", "com", "como", "da", "das", "de", "do", "dos",
            "e", "ele", "em", "entre", "era", "essa", "esse", "está", "foi", "há",
            "mais", "mas", "na", "nas", "no", "nos", "não", "o", "os", "ou", "para",
            "pela", "pelo", "por", "que", "se", "sem", "seu", "sua", "são", "também",
            "um", "uma", "é",
        ],
    ),
    (
        "ro",
        &[
            "a", "ai", "al", "ale", "au", "ce", "cu", "că", "de", "din", "după", "este",
            "la", "mai", "nu", "o", "pe", "pentru", "prin", "s-a", "sa", "sau", "se",
            "sunt", "să", "un", "unei", "în", "între", "și",
        ],
    ),
    (
        "ru",
        &[
            "а",
            "был",
            "было",
            "в",
            "во",
            "для",
            "до",
            "его",
            "ее",
            "за",
            "и",
            "из",
            "их",
            "к",
            "как",
            "когда",
            "на",
            "не",
            "но",
            "о",
            "об",
            "он",
            "она",
            "они",
            "от",
            "по",
            "при",
            "с",
            "со",
            "так",
            "то",
            "у",
            "что",
            "это",
        ],
    ),
    (
        "sv",
        &[
            "att", "av", "de", "den", "det", "där", "efter", "en", "ett", "från", "för",
            "han", "har", "hon", "i", "inte", "jag", "kan", "med", "men", "när", "och",
            "om", "på", "sedan", "sig", "som", "så", "till", "under", "upp", "ut", "var",
            "vi", "vid", "är", "över",
        ],
    ),
    (
        "tr",
        &[
            "ama", "bir", "bu", "da", "daha", "de", "diye", "en", "gibi", "göre", "ile",
            "ise", "için", "kadar", "ki", "ne", "o", "olan", "olarak", "oldu", "olduğu",
            "sonra", "ve", "ya", "çok",
        ],
    ),
    (
        "uk",
        &[
            "а",
            "або",
            "але",
            "був",
            "було",
            "в",
            "вона",
            "вони",
            "від",
            "він",
            "для",
            "до",
            "з",
            "за",
            "й",
            "його",
            "к",
            "має",
            "на",
            "не",
            "о",
            "об",
            "однак",
            "по",
            "при",
            "про",
            "під",
            "після",
            "та",
            "так",
            "також",
            "у",
            "це",
            "що",
            "щоб",
            "є",
            "і",
            "із",
            "їх",
        ],
    ),
    (
        "ur",
        &[
            "اس", "ان", "اور", "ایک", "بھی", "تک", "تھا", "جو", "سے", "میں", "نہیں",
            "نے", "پر", "کا", "کر", "کو", "کہ", "کی", "کے", "ہیں", "ہے", "یہ",
        ],
    ),
];

/// Word → the lists that it is in, a bit each.
static INDEX: LazyLock<HashMap<&str, u32, FixedState>> = LazyLock::new(|| {
    let mut index = HashMap::default();
    for (n, (_, words)) in LISTS.iter().enumerate() {
        for word in *words {
            *index.entry(*word).or_default() |= 1 << n;
        }
    }
    index
});

/// Bytes of the longest stop word of each list.
static LONGEST: LazyLock<[usize; LISTS.len()]> = LazyLock::new(|| {
    let longest = |at: usize| LISTS[at].1.iter().map(|word| word.len()).max();
    std::array::from_fn(|at| longest(at).unwrap_or(0))
});

/// What [`INDEX`] holds of words of ASCII, each packed into an integer: most words of most
/// texts.
static PACKED: LazyLock<HashMap<u128, u32, FixedState>> = LazyLock::new(|| {
    let mut packed = HashMap::default();
    for (n, (_, words)) in LISTS.iter().enumerate() {
        for word in *words {
            if let Some(Packed::Word(key)) = packed_lower(word) {
                *packed.entry(key).or_default() |= 1 << n;
            }
        }
    }
    packed
});

/// Bytes of words that fit an integer, with one left for their length.
const PACKED_BYTES: usize = 15;

/// A word of ASCII in lower case.
enum Packed {
    Word(u128),
    /// Longer than any that is looked for.
    TooLong,
}

/// `None` of a word that is not ASCII.
fn packed_lower(word: &str) -> Option<Packed> {
    let bytes = word.as_bytes();
    if bytes.len() > PACKED_BYTES {
        return bytes.is_ascii().then_some(Packed::TooLong);
    }
    let mut room = [0; 16];
    room[..bytes.len()].copy_from_slice(bytes);
    room[PACKED_BYTES] = bytes.len() as u8;
    room.make_ascii_lowercase();
    bytes.is_ascii().then(|| Packed::Word(u128::from_le_bytes(room)))
}

/// Some of the lists, as bits by their numbers.
#[derive(Debug, Clone, Copy)]
struct Lists {
    bits: u32,
    /// Bytes of their longest word.
    longest: usize,
}

impl Lists {
    /// The lists that a word is in, letter case aside. `lower` is room to work in.
    fn with(self, word: &str, lower: &mut String) -> u32 {
        let lists = match packed_lower(word) {
            Some(Packed::TooLong) => None,
            Some(Packed::Word(word)) => PACKED.get(&word),
            // Lower case takes at least a third of the bytes, and most words are too long.
            None if word.len() > 3 * self.longest => None,
            None => {
                lower.clear();
                word.chars().for_each(|c| push_lowercase(lower, c));
                INDEX.get(lower.as_str())
            }
        };
        lists.map_or(0, |lists| lists & self.bits)
    }
}

/// The list of one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct List(Lists);

impl List {
    /// Whether a word is in it, letter case aside. `lower` is room to work in.
    pub(crate) fn holds(self, word: &str, lower: &mut String) -> bool {
        self.0.with(word, lower) != 0
    }
}

/// The list of a language.
pub(crate) fn list_of(lang: &str) -> Option<List> {
    let lang = lang.split('-').next().unwrap_or("");
    let at = LISTS.iter().position(|(known, _)| *known == lang)?;
    Some(List(Lists { bits: 1 << at, longest: LONGEST[at] }))
}

/// The first words of a text, without marks at their ends. A normalised text has no other
/// blanks than those of ASCII.
fn first_words(text: &str) -> impl Iterator<Item = &str> {
    text.split_ascii_whitespace().take(ENOUGH).map(bare).filter(|word| !word.is_empty())
}

/// A word without what is neither letter nor digit at its ends.
fn bare(word: &str) -> &str {
    let is_plain = |end: Option<&u8>| end.is_some_and(u8::is_ascii_alphanumeric);
    match is_plain(word.as_bytes().first()) && is_plain(word.as_bytes().last()) {
        true => word,
        false => word.trim_matches(|c: char| !is_alphanumeric(c)),
    }
}

/// Share of the stop words of each list among the first words of a text.
pub(crate) fn shares(text: &str) -> [f32; LISTS.len()] {
    let all =
        Lists { bits: u32::MAX, longest: LONGEST.iter().copied().max().unwrap_or(0) };
    let mut counts = [0_u16; LISTS.len()];
    let mut n_words = 0_u16;
    let mut lower = String::new();
    for word in first_words(text) {
        n_words += 1;
        let mut lists = all.with(word, &mut lower);
        while lists != 0 {
            counts[lists.trailing_zeros() as usize] += 1;
            lists &= lists - 1;
        }
    }
    counts.map(|n| f32::from(n) / f32::from(n_words.max(1)))
}

/// Share of stop words of a language among the first words of a text, in `0.0..=1.0`;
/// `None` where no list is at hand.
///
/// Of a normalised text: only blanks of ASCII part words here.
///
/// Cheap: tells text of one language from text of another without detecting either. Running
/// text of the language has 0.3 and more, of a cousin of it 0.2 and less.
///
/// ```
/// use goldpress_text::stop_word_share;
///
/// let text = "Der Stadtrat hat am Montag beschlossen, das Gerät vor neun Uhr zu verbieten.";
/// assert!(stop_word_share(text, "de") > Some(0.3));
/// assert!(stop_word_share(text, "en") < Some(0.1));
/// assert_eq!(stop_word_share(text, "tlh"), None);
/// ```
pub fn stop_word_share(text: &str, lang: &str) -> Option<f32> {
    let list = list_of(lang)?;
    let (mut n_stop, mut n_words, mut lower) = (0_u16, 0_u16, String::new());
    for word in first_words(text) {
        n_words += 1;
        n_stop += u16::from(list.holds(word, &mut lower));
    }
    Some(f32::from(n_stop) / f32::from(n_words.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_in_lower_case_and_fit_a_word_of_bits() {
        assert!(LISTS.len() <= 32 && LISTS.is_sorted_by_key(|(lang, _)| *lang));
        for (lang, words) in LISTS {
            assert!(words.len() >= 20 && words.is_sorted(), "{lang}");
            assert!(words.iter().all(|word| *word == word.to_lowercase()), "{lang}");
            let fits = |word: &&str| !matches!(packed_lower(word), Some(Packed::TooLong));
            assert!(words.iter().all(fits), "{lang}");
        }
    }
}
