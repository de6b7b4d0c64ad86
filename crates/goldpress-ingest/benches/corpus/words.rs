//! Languages of the made-up corpus: words, and the charset that a page may be sent in.

use super::Dice;

/// A language to write in.
pub(crate) struct Language {
    pub(crate) tag: &'static str,
    /// What pages are sent in besides UTF-8.
    pub(crate) charset: &'static str,
    /// What stands between two words, and at the end of a sentence.
    space: &'static str,
    stop: &'static str,
    /// Words that every sentence is full of.
    small: &'static [&'static str],
    /// Words that carry it.
    large: &'static [&'static str],
}

/// English three times: most of any crawl.
pub(crate) const LANGUAGES: &[&Language] =
    &[&ENGLISH, &ENGLISH, &ENGLISH, &GERMAN, &FRENCH, &SPANISH, &RUSSIAN, &JAPANESE];

impl Language {
    pub(crate) fn sentence(&self, dice: &mut Dice) -> String {
        let n = dice.within(8, 30);
        let mut sentence = String::new();
        for at in 0..n {
            let words = if dice.within(0, 5) < 2 { self.small } else { self.large };
            let word = dice.one_of(words);
            if at > 0 {
                sentence.push_str(self.space);
                sentence.push_str(word);
            } else {
                let mut chars = word.chars();
                sentence.extend(chars.next().into_iter().flat_map(char::to_uppercase));
                sentence.push_str(chars.as_str());
            }
            if at + 1 < n && dice.within(0, 12) == 0 {
                sentence.push_str(if self.space.is_empty() { "、" } else { "," });
            }
        }
        if dice.within(0, 6) == 0 {
            return format!(
                "“{sentence},” {} {}{}",
                self.small[0], self.large[0], self.stop
            );
        }
        sentence + self.stop
    }

    pub(crate) fn paragraph(&self, dice: &mut Dice) -> String {
        let n = dice.within(1, 6);
        let sentences: Vec<String> = (0..n).map(|_| self.sentence(dice)).collect();
        sentences.join(self.space)
    }

    pub(crate) fn title(&self, dice: &mut Dice) -> String {
        let n = dice.within(4, 10);
        let words: Vec<&str> = (0..n).map(|_| dice.one_of(self.large)).collect();
        words.join(self.space)
    }
}

static ENGLISH: Language = Language {
    tag: "en",
    charset: "windows-1252",
    space: " ",
    stop: ".",
    small: &[
        "the", "of", "and", "to", "in", "a", "that", "for", "on", "was", "with", "as",
        "its", "by", "at", "from", "has", "be", "after", "not", "will", "it",
    ],
    large: &[
        "harbour",
        "council",
        "fishermen",
        "quota",
        "minister",
        "decided",
        "winter",
        "ferry",
        "budget",
        "hospital",
        "island’s",
        "voters",
        "court",
        "report",
        "prices",
        "teachers",
        "strike",
        "railway",
        "company",
        "warned",
        "Friday",
        "million",
        "percent",
        "bridge",
        "Brannic",
        "Varnholt",
        "weather",
        "police",
        "officials",
        "agreement",
        "season",
        "members",
        "residents",
        "opened",
        "closed",
        "promised",
        "repairs",
        "market",
        "the",
        "spokeswoman",
        "1,200",
        "2026",
        "café",
        "energy",
        "committee",
        "storm",
        "reached",
    ],
};

static GERMAN: Language = Language {
    tag: "de",
    charset: "iso-8859-1",
    space: " ",
    stop: ".",
    small: &[
        "der", "die", "und", "in", "den", "von", "zu", "das", "mit", "sich", "des",
        "auf", "für", "ist", "im", "dem", "nicht", "ein", "eine", "als", "auch", "es",
        "an",
    ],
    large: &[
        "Hafen",
        "Gemeinderat",
        "Fischer",
        "Quote",
        "Ministerin",
        "beschloss",
        "Winter",
        "Fähre",
        "Haushalt",
        "Krankenhaus",
        "Insel",
        "Wähler",
        "Gericht",
        "Bericht",
        "Preise",
        "Lehrkräfte",
        "Streik",
        "Bahnstrecke",
        "Unternehmen",
        "warnte",
        "Freitag",
        "Millionen",
        "Prozent",
        "Brücke",
        "Müller",
        "Varnholt",
        "Wetter",
        "Polizei",
        "Behörde",
        "über",
        "Bürger",
        "eröffnet",
        "schließen",
        "Energie",
        "Ausschuss",
        "Sturm",
        "können",
    ],
};

static FRENCH: Language = Language {
    tag: "fr",
    charset: "iso-8859-15",
    space: " ",
    stop: ".",
    small: &[
        "le", "la", "les", "de", "des", "et", "à", "en", "un", "une", "du", "que",
        "pour", "dans", "est", "au", "sur", "par", "avec", "plus", "qui", "ne", "pas",
    ],
    large: &[
        "port",
        "conseil",
        "pêcheurs",
        "quota",
        "ministre",
        "décidé",
        "hiver",
        "traversée",
        "budget",
        "hôpital",
        "l’île",
        "électeurs",
        "tribunal",
        "rapport",
        "prix",
        "enseignants",
        "grève",
        "chemin",
        "société",
        "prévenu",
        "vendredi",
        "millions",
        "pourcent",
        "pont",
        "Brannic",
        "météo",
        "police",
        "préfecture",
        "accord",
        "saison",
        "habitants",
        "ouvert",
        "fermé",
        "énergie",
        "comité",
        "tempête",
        "déjà",
    ],
};

static SPANISH: Language = Language {
    tag: "es",
    charset: "iso-8859-1",
    space: " ",
    stop: ".",
    small: &[
        "el", "la", "los", "de", "y", "que", "en", "un", "una", "del", "se", "las",
        "por", "con", "para", "al", "no", "su", "es", "lo", "como", "más", "a",
    ],
    large: &[
        "puerto",
        "consejo",
        "pescadores",
        "cuota",
        "ministra",
        "decidió",
        "invierno",
        "travesía",
        "presupuesto",
        "hospital",
        "isla",
        "votantes",
        "tribunal",
        "informe",
        "precios",
        "maestros",
        "huelga",
        "ferrocarril",
        "compañía",
        "advirtió",
        "viernes",
        "millones",
        "ciento",
        "puente",
        "Brannic",
        "policía",
        "acuerdo",
        "temporada",
        "vecinos",
        "abrió",
        "cerró",
        "energía",
        "comité",
        "tormenta",
        "mañana",
    ],
};

static RUSSIAN: Language = Language {
    tag: "ru",
    charset: "windows-1251",
    space: " ",
    stop: ".",
    small: &[
        "и",
        "в",
        "на",
        "не",
        "что",
        "с",
        "по",
        "это",
        "из",
        "за",
        "к",
        "о",
        "для",
        "от",
        "как",
        "его",
        "до",
        "при",
        "был",
        "мы",
        "также",
        "после",
        "но",
    ],
    large: &[
        "гавань",
        "совет",
        "рыбаки",
        "квота",
        "министр",
        "решил",
        "зима",
        "паром",
        "бюджет",
        "больница",
        "остров",
        "избиратели",
        "суд",
        "отчёт",
        "цены",
        "учителя",
        "забастовка",
        "дорога",
        "компания",
        "пятницу",
        "миллионов",
        "процентов",
        "мост",
        "погода",
        "полиция",
        "власти",
        "соглашение",
        "сезон",
        "жители",
        "открыт",
        "энергия",
        "шторм",
    ],
};

static JAPANESE: Language = Language {
    tag: "ja",
    charset: "shift_jis",
    space: "",
    stop: "。",
    small: &["は", "を", "に", "の", "が", "と", "で", "から", "まで", "など", "も"],
    large: &[
        "港",
        "評議会",
        "漁業者",
        "割当",
        "大臣",
        "決定した",
        "冬",
        "フェリー",
        "予算",
        "病院",
        "島",
        "有権者",
        "裁判所",
        "報告書",
        "価格",
        "教員",
        "ストライキ",
        "鉄道",
        "会社",
        "警告した",
        "金曜日",
        "百万",
        "橋",
        "天気",
        "警察",
        "合意",
        "住民",
        "開いた",
        "閉じた",
        "市場",
        "エネルギー",
        "委員会",
        "嵐",
    ],
};
