//! Languages of news paragraphs.

use goldpress_text::{language, measures};

const PARAGRAPHS: &[(&str, &str)] = &[
    (
        "en",
        "Fishermen on the Grey Sound may land a third less cod this year, the fisheries board decided on Friday.",
    ),
    (
        "de",
        "Der Stadtrat von Fenmoor hat am Montag mit sieben zu zwei Stimmen beschlossen, Laubbläser vor neun Uhr zu verbieten.",
    ),
    (
        "fr",
        "Le maire d’Orlec a coupé mardi un ruban bleu et déclaré que le nouveau pont de la ville avait coûté 14 millions d’euros.",
    ),
    (
        "es",
        "La última fábrica de papel del valle cerrará sus puertas a finales de junio, anunció el domingo su propietario.",
    ),
    (
        "ru",
        "Последняя бумажная фабрика в долине остановит свои машины в конце июня, сообщил в воскресенье её владелец.",
    ),
    (
        "ar",
        "قال مدير ميناء مرسى الندى، أمس الاثنين، إن الميناء سيفتح رصيفاً جديداً للصيادين خلال الشهر المقبل.",
    ),
    (
        "ja",
        "瀬野浦市は五日、三年前に止まった渡し船を五月に再開すると発表した。運賃は片道二百円になる見込みだ。",
    ),
    ("zh", "市政府周一宣布，三年前停运的渡轮将于五月恢复运营，单程票价预计为二十元。"),
    ("zh", "市政府週一宣布，三年前停運的渡輪將於五月恢復營運，單程票價預計為二十元。"),
    (
        "pt",
        "O conselho municipal decidiu na segunda-feira que a última balsa vai partir às seis horas da tarde.",
    ),
    (
        "it",
        "Il consiglio comunale ha deciso lunedì che l’ultimo traghetto partirà alle sei di sera, secondo il sindaco.",
    ),
    (
        "nl",
        "De gemeenteraad heeft maandag besloten dat de laatste veerboot voortaan om zes uur ’s avonds vertrekt.",
    ),
    (
        "pl",
        "Rada miasta zdecydowała w poniedziałek, że ostatni prom będzie odpływał o szóstej wieczorem.",
    ),
    (
        "uk",
        "Міська рада вирішила у понеділок, що останній пором вирушатиме о шостій годині вечора.",
    ),
    ("ko", "시의회는 월요일 마지막 여객선이 저녁 여섯 시에 출발하기로 결정했다."),
];

#[test]
fn a_paragraph_is_enough() {
    for (lang, text) in PARAGRAPHS {
        assert_eq!(language(text).tag, *lang, "{text}");
    }
}

#[test]
fn a_short_text_or_one_of_numbers_is_unsure() {
    for text in ["", "   ", "12:30 – 14:00", "Live", "OK", "§ 12, 14.3 %", "🚢🚢🚢"]
    {
        assert_eq!(language(text).tag, "und", "{text}");
    }
}

#[test]
fn stop_words_are_a_third_of_running_english_text() {
    let (_, text) = PARAGRAPHS[0];
    let found = measures(text, &[], "en");
    assert_eq!((found.n_words, found.n_sentences), (19, 1));
    assert!((0.2..0.5).contains(&found.stop_word_share), "{found:?}");
    assert_eq!(measures(text, &[], "tlh").stop_word_share, 0.0);
}

#[test]
fn measures_of_nothing_are_zero() {
    assert_eq!(measures("", &[], "und"), goldpress_model::Measures::default());
}

#[test]
fn letters_digits_symbols_and_repeated_lines_are_shared_out() {
    let found = measures("AB 12 €\nAB 12 €", &[], "und");
    assert_eq!(found.n_chars, 15);
    assert_eq!((found.upper_share, found.digit_share), (1.0, 0.4));
    assert_eq!(found.repeated_line_share, 0.5);
    assert!((found.symbol_share - 2.0 / 15.0).abs() < 1e-6);
}
