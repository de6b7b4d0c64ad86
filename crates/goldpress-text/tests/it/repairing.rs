//! What mojibake and left-over entities are taken for, and what is left alone.

use goldpress_model::Flaw;
use goldpress_text::{NormaliseOptions, REPAIRS, normalise};

#[test]
fn utf8_read_as_windows_1252_is_put_right() {
    for (broken, sound) in [
        ("CafÃ© owners", "Café owners"),
        ("itâ€™s", "it’s"),
        ("â€œyesâ€\u{9d}, 9â€“4", "“yes”, 9–4"),
        ("Â£30", "£30"),
        ("20Â°C", "20°C"),
        ("DÃ©sirÃ©e", "Désirée"),
        ("Ð¡ÐµÐ³Ð¾Ð´Ð½Ñ\u{8f} Ð² ÐœÐ¾Ñ\u{81}ÐºÐ²Ðµ", "Сегодня в Москве"),
        ("Å½iÅ¾ek", "Žižek"),
        ("ðŸš¢ ferry", "🚢 ferry"),
        ("æ\u{9d}±äº¬", "東京"),
        ("caf\u{c3}\u{a9} \u{e2}\u{80}\u{99}", "café ’"),
    ] {
        assert_eq!(repaired(broken), sound);
    }
}

#[test]
fn text_that_was_broken_twice_is_put_right() {
    assert_eq!(repaired("CafÃƒÂ©"), "Café");
}

#[test]
fn honest_text_is_left_alone() {
    for text in [
        "Er aß im „MENÜ“ und „Spaß“.",
        "O PREÇO DO AMANHÔ",
        "“AMANHÔ",
        "Il est allé’” – dit-il",
        "L’ÉTÉ», CAFɅ",
        "È – É – Ç",
        "NÃO, SÃO PAULO, AÇÃO",
        "Â la mode",
        "Ünlü “Öğüt” İÇİN…",
        "Straße™ Maß© Gruß®",
        "São Paulo, Müller, Ångström, naïve, Łódź",
        "ТЕКСТ, текст",
    ] {
        assert_eq!(repaired(text), text);
    }
}

/// Capitals and marks that are UTF-8 by chance, in texts too short for anything else.
#[test]
fn a_letter_and_a_mark_prove_nothing_by_themselves() {
    for (language, text) in [
        ("Swedish", "Skylten ”Å” hängde kvar. ”FÅ” stod det på ”BÅ”-linjen. De sa ”Ö”."),
        ("Swedish", "Bolaget ”MALMÖ™” kör MALMÖ–LUND, se ”Ä–Ö” och ”Å”s bilaga"),
        ("Swedish", "»Ö« stod det, inte »Å« och inte ’Ä’; ”Ö…”"),
        ("Romanian", "Litera „Î” și litera „”, nu „Ș” sau ”Ț”; „REÎ”"),
        ("Romanian", "A scris «Î» și «», apoi „ÎN…”"),
        ("Polish", "Znak „Ó” i napis „WESOŁÓ”, dalej «Ó»"),
        ("Czech", "ÚŽASNÝ ÚŠKLEBEK, nápis „Ú“ a ‚Í‘, KDYŽ BÍŽE"),
        ("Slovak", "ÚŽITOK, ÔŽŇA, STRÉŽ a ÝŠ"),
        ("Hungarian", "Az „Ö” és az „Ü” betű, a »É« meg az ’Ó’; „NŐ–FÉRFI–Ú”"),
        ("Turkish", "“Ö” harfi, “Ü” harfi, ‘Ç’ ve “GÖ” yazısı"),
        ("Vietnamese", "Chữ “Ê”, chữ “Ô”, chữ “”, “CÔ” và “CÔ–CHÚ”"),
        (
            "French",
            "La lettre «\u{a0}É\u{a0}», le CAFÉ\u{a0}SOLO, le CAFÉ’S BAR à\u{a0}«\u{a0}là\u{a0}»",
        ),
        ("French", "«É», “É”, RENÉ† (1912), l’ÉTÉ…, CAFÉ•BAR, ÇŒ"),
        ("Portuguese", "“AMANHÔ, IRMÃ–GÊMEA, MANHÃ\u{a0}DE SOL, AMANHÃ’S"),
        ("Spanish", "“SÍ”, “NÔ; la «Ñ», “AÑO–Ñ”, DIJO QUE SÍ…"),
        ("German", "Das „Ü“, das „Ö“s Ende, ›Ä‹ und »Ü«, KÖ–WERT"),
        ("Icelandic", "„Ð“ og „Þ“, “É”, BORGIÐ…”"),
        ("Estonian", "„Õ” ja „Ü”, ŽÜRII, TŠÕÕ„"),
    ] {
        assert_eq!(repaired(text), normalise_only(text), "{language}");
    }
}

/// The same letters, wrong in earnest.
#[test]
fn a_single_broken_word_is_put_right_where_no_spelling_has_it() {
    for (broken, sound) in [
        ("mÅ‚yn", "młyn"),
        ("oraÈ™", "oraș"),
        ("oraÈ™ul", "orașul"),
        ("kadÄ±n", "kadın"),
        ("Ä°stanbul", "İstanbul"),
        ("pÃ¥ Ã¶n", "på ön"),
        ("fÃ¤rjan", "färjan"),
        ("CANCIÃ“N", "CANCIÓN"),
        ("ESPAÃ‘A", "ESPAÑA"),
        ("FranÃ§ois", "François"),
        ("â€”", "—"),
        ("Â©Varga", "©Varga"),
        ("Â«ouiÂ»", "«oui»"),
        ("Î‘Î¸Î®Î½Î±", "Αθήνα"),
        ("Ù…Ø±Ø\u{ad}Ø¨Ø§", "مرحبا"),
        ("×©×œ×•×\u{9d}", "שלום"),
        ("Å¡koda a Å¾ena", "škoda a žena"),
        ("Skylten â€\u{9d}Ã…â€\u{9d} hÃ¤ngde kvar", "Skylten ”Å” hängde kvar"),
    ] {
        assert_eq!(repaired(broken), sound);
    }
}

#[test]
fn a_space_is_the_byte_that_it_was_where_nothing_else_is_in_doubt() {
    assert_eq!(
        repaired("Il reste Ã la mer, lâ€™Ã©tÃ© Ã  midi"),
        "Il reste à la mer, l’été à midi"
    );
    assert_eq!(repaired("Ð Ð°Ñ\u{81}Ñ…Ð¾Ð´Ñ‹ Ð²Ñ‹Ñ€Ð¾Ñ\u{81}Ð»Ð¸"), "Расходы выросли");
    // An accent that is right says that the text was read rightly.
    assert_eq!(repaired("NÃO, Ã la mer, lâ€™âge"), "NÃO, Ã la mer, l’âge");
    assert_eq!(repaired("Ã la mer"), "Ã la mer");
}

#[test]
fn a_row_of_letters_that_no_layer_makes_costs_no_pass_a_letter() {
    for row in ["Â".repeat(100_000) + "©a", "Ã".to_owned() + &"ƒ".repeat(100_000)] {
        assert_eq!(normalise(&row, NormaliseOptions::default()).text, row);
    }
}

#[test]
fn doubtful_marks_follow_the_text_around_them() {
    // Alone it may be a quotation that ends in a capital; beside real damage it is not.
    assert_eq!(repaired("Ã‰TÃ‰ Ã\u{a0} la mer, lâ€™Ã©tÃ©"), "ÉTÉ à la mer, l’été");
}

#[test]
fn entities_are_undone_once_silently_and_chains_with_a_flaw() {
    for (text, expected, n_flaws) in [
        ("Salt &amp; steel", "Salt & steel", 0),
        ("AT&amp;amp;T &amp;amp;amp; Co", "AT&T & Co", 2),
        ("&#8220;No&#8221; &#x2013; &eacute;", "“No” – é", 0),
        ("&#147;No&#148;", "“No”", 0),
        (
            "R&D; fish & chips; &unknown; &#0; &#xD800;",
            "R&D; fish & chips; &unknown; &#0; &#xD800;",
            0,
        ),
        ("&amp;lt;b&amp;gt;", "<b>", 2),
    ] {
        let done = normalise(text, NormaliseOptions::default());
        assert_eq!(done.text, expected);
        let flaws =
            if n_flaws > 0 { vec![(Flaw::EntitiesLeft, n_flaws)] } else { vec![] };
        assert_eq!(done.flaws, flaws, "{text}");
    }
}

#[test]
fn nothing_is_repaired_where_nobody_wants_it() {
    let options = NormaliseOptions { repair: false, reflow: true };
    assert_eq!(normalise("CafÃ© &amp; Bar", options).text, "CafÃ© & Bar");
}

#[test]
fn repairs_have_names_of_their_own() {
    let names: Vec<&str> = REPAIRS.iter().map(|repair| repair.name).collect();
    assert_eq!(names, ["mojibake", "controls", "entities"]);
}

fn normalise_only(text: &str) -> String {
    normalise(text, NormaliseOptions { repair: false, reflow: true }).text
}

fn repaired(text: &str) -> String {
    normalise(text, NormaliseOptions::default()).text
}
