//! Words and sentences.

use goldpress_text::{is_grapheme_edge, sentences, tokens, words};

#[test]
fn words_hold_a_letter_or_a_digit() {
    assert_eq!(
        found_words("Russia’s G-20 – 4.1 million (Dr. Vantress)"),
        ["Russia’s", "G", "20", "4.1", "million", "Dr", "Vantress"]
    );
}

#[test]
fn tokens_keep_punctuation() {
    let text = "“No,” he said.";
    let found: Vec<&str> = tokens(text).map(|span| span.slice(text)).collect();
    assert_eq!(found, ["“", "No", ",", "”", "he", "said", "."]);
}

#[test]
fn scripts_without_spaces_are_cut_with_a_dictionary() {
    assert_eq!(found_words("東京都に住む"), ["東京", "都", "に", "住む"]);
    assert_eq!(found_words("北京大学的学生"), ["北京", "大学", "的", "学生"]);
    assert_eq!(
        found_words("กรุงเทพมหานคร เป็นเมืองหลวง"),
        ["กรุงเทพมหานคร", "เป็น", "เมือง", "หลวง"]
    );
}

#[test]
fn abbreviations_end_no_sentence() {
    assert_eq!(
        found_sentences(
            "Mr. Halloran met Gen. Oduya at 5 p.m. on Friday. Prof. J. P. Quern, of the U.S. Navy, was there."
        ),
        [
            "Mr. Halloran met Gen. Oduya at 5 p.m. on Friday.",
            "Prof. J. P. Quern, of the U.S. Navy, was there."
        ]
    );
    assert_eq!(
        found_sentences("He left the U.S. The plan failed. See No. 5."),
        ["He left the U.S.", "The plan failed.", "See No. 5."]
    );
    assert_eq!(
        found_sentences("Am 3. Mai kam Dr. Vogt z.B. nach Orlec. Er blieb."),
        ["Am 3. Mai kam Dr. Vogt z.B. nach Orlec.", "Er blieb."]
    );
    assert_eq!(
        found_sentences("Did he agree? No. He left."),
        ["Did he agree?", "No.", "He left."]
    );
    assert_eq!(
        found_sentences("It lost 4.1 million. “Never!” he said. (So it ends.)"),
        ["It lost 4.1 million.", "“Never!” he said.", "(So it ends.)"]
    );
    assert_eq!(
        found_sentences("It sold to Orlec Inc. in May and to Velmark Ltd. Nobody asked."),
        ["It sold to Orlec Inc. in May and to Velmark Ltd.", "Nobody asked."]
    );
}

#[test]
fn other_scripts_end_sentences_their_own_way() {
    assert_eq!(
        found_sentences("船は一日六往復する。夏には増える！"),
        ["船は一日六往復する。", "夏には増える！"]
    );
    assert_eq!(found_sentences("هل وصل؟ نعم. غادر."), ["هل وصل؟", "نعم.", "غادر."]);
    assert_eq!(
        found_sentences("Порт закрыт до 12 ч. по словам г. Иванова. Ждём."),
        ["Порт закрыт до 12 ч. по словам г. Иванова.", "Ждём."]
    );
}

#[test]
fn no_sentence_crosses_a_line() {
    assert_eq!(
        found_sentences("likely home of the second boat\n\nThe council may"),
        ["likely home of the second boat", "The council may"]
    );
}

#[test]
fn marks_belong_to_their_letters() {
    let text = "e\u{301}👩\u{200d}🚒";
    assert!(
        is_grapheme_edge(text, 0)
            && is_grapheme_edge(text, 3)
            && is_grapheme_edge(text, text.len())
    );
    assert!(
        !is_grapheme_edge(text, 1)
            && !is_grapheme_edge(text, 2)
            && !is_grapheme_edge(text, 7)
    );
}

fn found_words(text: &str) -> Vec<&str> {
    words(text).map(|span| span.slice(text)).collect()
}

fn found_sentences(text: &str) -> Vec<&str> {
    sentences(text).map(|span| span.slice(text)).collect()
}
