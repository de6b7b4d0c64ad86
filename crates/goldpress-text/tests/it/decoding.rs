//! Which charset is taken, and what the record of the decision says.

use goldpress_model::Flaw;
use goldpress_text::{Declared, DecodeError, decode};

#[test]
fn a_mark_decides_before_everything() {
    assert_eq!(
        shown(b"\xef\xbb\xbfZ\xc3\xbcrich", Some("shift_jis"), false),
        "Zürich | utf-8 bom"
    );
    assert_eq!(shown(b"\xff\xfeZ\0\xfc\0", None, false), "Zü | utf-16le bom");
    assert_eq!(shown(b"\xfe\xff\0Z\0\xfc", None, false), "Zü | utf-16be bom");
}

#[test]
fn half_a_unit_of_utf16_is_a_cut_character() {
    let decoded = decode(b"\xff\xfeZ\0\xfc\0r", Declared::default()).expect("it is text");
    assert_eq!(
        (decoded.text.as_str(), decoded.flaws),
        ("Zü", vec![(Flaw::CharacterCut, 1)])
    );
}

#[test]
fn utf16_without_a_mark_is_seen_by_its_zeros() {
    let wide: Vec<u8> =
        "Night ferry returns".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(shown(&wide, None, false), "Night ferry returns | utf-16le detector");
}

#[test]
fn valid_utf8_outweighs_a_declaration() {
    let page = "<meta charset=\"iso-8859-1\"><p>Fjällvik’s €0";
    let decoded = decode(page.as_bytes(), Declared { http: None, markup: true })
        .expect("it is text");
    assert_eq!(decoded.text, page);
    assert_eq!(decoded.decoding.charset_declared.as_deref(), Some("iso-8859-1"));
    assert_eq!(decoded.decoding.charset_source, "utf-8");
}

#[test]
fn a_charset_that_http_declares_comes_before_one_of_the_page() {
    let page = b"<meta charset=windows-1251>caf\xe9";
    assert_eq!(
        shown(page, Some("latin1"), true),
        "<meta charset=windows-1251>café | windows-1252 http"
    );
    assert_eq!(
        shown(page, None, true),
        "<meta charset=windows-1251>cafй | windows-1251 meta"
    );
}

#[test]
fn declarations_are_found_in_every_form() {
    for head in [
        "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=koi8-r\">",
        "<META CHARSET='KOI8-R'/>",
        "<?xml version=\"1.0\" encoding=\"koi8-r\"?>",
        "<!-- <meta charset=utf-16> --><meta name=a content=b><meta charset = koi8-r >",
    ] {
        let page = [head.as_bytes(), b"\xcd\xc9\xd2"].concat();
        let shown = shown(&page, None, true);
        assert!(shown.ends_with("мир | koi8-r meta"), "{shown}");
    }
}

#[test]
fn an_unknown_label_is_a_flaw_and_changes_nothing() {
    let declared = Declared { http: Some("x-cowsay"), markup: false };
    let decoded = decode("Zürich".as_bytes(), declared).expect("it is text");
    assert_eq!(
        (decoded.text.as_str(), decoded.flaws),
        ("Zürich", vec![(Flaw::CharsetLabelUnknown, 1)])
    );
}

#[test]
fn escapes_of_iso_2022_jp_are_no_ascii() {
    let declared = Some("iso-2022-jp");
    assert_eq!(
        shown(b"\x1b$BEl5~\x1b(B 1", declared, false),
        "東京 1 | iso-2022-jp http"
    );
}

#[test]
fn undeclared_bytes_are_detected() {
    let russian = "Порт Олдери закрыт до полудня, сообщил капитан порта в субботу.";
    // KOI8-U holds all of KOI8-R's letters: the detector knows only the larger.
    for label in ["windows-1251", "koi8-u", "ibm866"] {
        let encoding =
            encoding_rs::Encoding::for_label(label.as_bytes()).expect("a label");
        let (bytes, ..) = encoding.encode(russian);
        assert_eq!(shown(&bytes, None, false), format!("{russian} | {label} detector"));
    }
    let japanese = "瀬野浦市は五日、三年前に止まった渡し船を五月に再開すると発表した。";
    for label in ["shift_jis", "euc-jp"] {
        let encoding =
            encoding_rs::Encoding::for_label(label.as_bytes()).expect("a label");
        let (bytes, ..) = encoding.encode(japanese);
        assert_eq!(shown(&bytes, None, false), format!("{japanese} | {label} detector"));
    }
}

#[test]
fn what_claims_to_be_utf8_and_is_not_has_lied() {
    let (bytes, ..) = encoding_rs::WINDOWS_1251.encode("Порт Олдери закрыт до полудня.");
    assert_eq!(
        shown(&bytes, Some("utf-8"), false),
        "Порт Олдери закрыт до полудня. | windows-1251 detector"
    );
}

#[test]
fn utf8_with_a_few_broken_bytes_stays_utf8() {
    let text = "Fjällvik’s choir – sixty voices – sings for the last train on Saturday, "
        .repeat(4);
    let bytes = [text.as_bytes(), b"\xe9 and \xff goes home"].concat();
    let decoded = decode(&bytes, Declared::default()).expect("it is text");
    assert_eq!(decoded.decoding.charset_used, "utf-8");
    assert_eq!(decoded.decoding.n_replaced, 2);
    assert_eq!(decoded.flaws, [], "two of 300 characters are under one in a hundred");
}

#[test]
fn a_character_cut_at_the_end_is_dropped_and_counted() {
    let bytes = "Café in Zürich".as_bytes();
    let decoded = decode(&bytes[..10], Declared::default()).expect("it is text");
    assert_eq!((decoded.text.as_str(), decoded.flaws), ("Café in Z", vec![]));
    let decoded = decode(&bytes[..11 - 1], Declared::default()).expect("it is text");
    assert_eq!(decoded.text, "Café in Z");
    let cut = &"Café in Zü".as_bytes()[..11];
    let decoded = decode(cut, Declared::default()).expect("it is text");
    assert_eq!(
        (decoded.text.as_str(), decoded.flaws),
        ("Café in Z", vec![(Flaw::CharacterCut, 1)])
    );
}

#[test]
fn a_last_letter_of_another_charset_is_no_cut_character() {
    assert_eq!(
        shown(b"the new caf\xe9", Some("latin1"), false),
        "the new café | windows-1252 http"
    );
}

#[test]
fn controls_and_rubbish_are_refused_with_numbers() {
    let error =
        decode(b"\x01\x02\x03text", Declared::default()).expect_err("it is binary");
    assert_eq!(error.to_string(), "3 of 7 characters are controls");
    let declared = Declared { http: Some("big5"), markup: false };
    let error = decode(b"a\xff\xff\xff\xff", declared).expect_err("it is no Big5");
    assert!(
        matches!(error, DecodeError::Undecodable { replaced: 4, chars: 5, .. }),
        "{error}"
    );
}

fn shown(bytes: &[u8], http: Option<&str>, markup: bool) -> String {
    let decoded = decode(bytes, Declared { http, markup }).expect("it is text");
    let how = decoded.decoding;
    format!("{} | {} {}", decoded.text, how.charset_used, how.charset_source)
}
