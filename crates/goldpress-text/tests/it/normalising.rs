//! Characters, white space and hard wraps, and the way back through the map.

use goldpress_model::Flaw;
use goldpress_text::{NormaliseOptions, normalise};

/// What becomes of characters: the rule, a text, the same normalised.
const RULES: &[(&str, &str, &str)] = &[
    ("letters are composed", "Cafe\u{301} A\u{30a}", "Café Å"),
    ("singletons too", "20 \u{212b}, 3 \u{2126}", "20 Å, 3 Ω"),
    ("forms that only look alike stay", "ﬁre ½ ① ｱ", "ﬁre ½ ① ｱ"),
    (
        "line ends are line feeds",
        "a\r\nb\rc\u{85}d\u{2028}e\u{2029}f",
        "a\nb\nc\nd\ne\nf",
    ),
    ("other controls go", "a\u{0}b\u{7}c\u{1b}d\u{7f}e\u{81}f", "abcdef"),
    ("marks of byte order go", "\u{feff}a\u{feff}b", "ab"),
    ("soft hyphens go", "Ob\u{ad}ser\u{ad}va\u{ad}to\u{ad}ry", "Observatory"),
    ("spaces without width go", "a\u{200b}b\u{2060}c", "abc"),
    ("joiners stay", "می\u{200c}خواهم 👩\u{200d}🚒", "می\u{200c}خواهم 👩\u{200d}🚒"),
    (
        "marks of direction stay",
        "\u{200f}x\u{200e}\u{202b}y\u{202c}\u{2067}z\u{2069}",
        "\u{200f}x\u{200e}\u{202b}y\u{202c}\u{2067}z\u{2069}",
    ),
    (
        "all spaces are one space",
        "a\tb\u{b}c\u{c}d\u{a0}e\u{2003}f\u{2009}g\u{202f}h\u{205f}i\u{3000}j\u{1680}k",
        "a b c d e f g h i j k",
    ),
    ("runs of spaces are one", "a  \u{a0} \t b", "a b"),
    ("a space around what goes is one", "a \u{ad} \u{200b} b", "a b"),
    ("lines have no space at their ends", " a \n\tb\u{a0}\n c", "a\nb\nc"),
    ("one blank line at the most", "a\n\n\n \n\nb", "a\n\nb"),
    ("none at either end", "\n \n\na\n\n", "a"),
    ("nothing is nothing", " \u{feff}\n\u{200b}\t", ""),
    ("marks stay as written", "“a” ‘b’ «c» – — … ' \" -", "“a” ‘b’ «c» – — … ' \" -"),
    (
        "entities are undone",
        "&lt;b&gt; R&amp;D &#8217;&#x263a;&nbsp;&eacute;",
        "<b> R&D ’☺ é",
    ),
    ("what only looks like one stays", "AT&T; & &x; &#xD800;", "AT&T; & &x; &#xD800;"),
    ("controls for marks are the marks", "\u{93}don\u{92}t\u{94}\u{85}", "“don’t”…"),
];

#[test]
fn every_rule_does_what_it_says() {
    for (rule, decoded, expected) in RULES {
        let done = normalise(decoded, NormaliseOptions::default());
        assert_eq!(done.text, *expected, "{rule}");
        assert_eq!(text(expected), *expected, "{rule}, again");
        // Every character leads to what it came from, and back to itself.
        for (at, c) in done.text.char_indices() {
            let range = at..at + c.len_utf8();
            let source = done.map.to_source(range.clone());
            assert!(decoded.get(source.clone()).is_some(), "{rule}");
            assert_eq!(done.map.to_normalised(source), Some(range), "{rule}: {c:?}");
        }
    }
}

#[test]
fn every_line_end_is_a_line_feed_and_two_blank_lines_are_one() {
    assert_eq!(
        text("a\r\nb\rc\u{85}d\u{2028}e\u{2029}f\r\n\r\n \u{a0}\r\n\tg\n"),
        "a\nb\nc\nd\ne\nf\n\ng"
    );
}

#[test]
fn joiners_and_marks_of_direction_stay() {
    assert_eq!(
        text("می\u{200c}خواهم 👩\u{200d}🚒 stretched,\u{200e} x\u{2060}y"),
        "می\u{200c}خواهم 👩\u{200d}🚒 stretched,\u{200e} xy"
    );
}

#[test]
fn letters_are_composed_one_by_one() {
    let decoded = "Cafe\u{301} ko\u{308}nnen \u{1100}\u{1161}\u{11a8}, A\u{30a}";
    let done = normalise(decoded, NormaliseOptions::default());
    assert_eq!(done.text, "Café können 각, Å");
    let at = done.text.find("können").expect("is there");
    let source = done.map.to_source(at..at + "können".len());
    assert_eq!(&decoded[source.clone()], "ko\u{308}nnen");
    assert_eq!(done.map.to_normalised(source), Some(at..at + "können".len()));
}

#[test]
fn what_was_removed_leads_nowhere() {
    let decoded = "Obser\u{ad}vatory";
    let done = normalise(decoded, NormaliseOptions::default());
    assert_eq!(done.map.to_normalised(5..7), None);
    assert_eq!(done.map.to_normalised(4..8), Some(4..6));
    assert_eq!(done.map.to_source(0..11), 0..13);
}

#[test]
fn ranges_survive_repair_and_re_flow_together() {
    let decoded = "In the harbour of Port Aldery the cafÃ© owners and the fishermen said\n\
                   that the new crossing would open in spring, if the council of the town\n\
                   agrees, and that the fare for islanders will be â€œlower than everâ€\u{9d}, as\n\
                   the mayor had promised in winter.";
    let done = normalise(decoded, NormaliseOptions::default());
    assert_eq!(done.text.lines().count(), 1);
    assert_eq!(done.flaws, [(Flaw::MojibakeRepaired, 3), (Flaw::Reflowed, 3)]);
    let quote = "“lower than ever”, as the mayor";
    let at = done.text.find(quote).expect("is there");
    let source = done.map.to_source(at..at + quote.len());
    assert_eq!(&decoded[source.clone()], "â€œlower than everâ€\u{9d}, as\nthe mayor");
    assert_eq!(done.map.to_normalised(source), Some(at..at + quote.len()));
}

#[test]
fn headlines_that_happen_to_be_as_long_as_lines_are_no_paragraph() {
    let list = "Council votes for a second bridge after nine hours of debate\n\
                Sable Ridge astronomers find a second moon around a dwarf planet\n\
                Owl delays the opera in Varnholt and refuses to leave the stage before dawn\n\
                Steel town votes on a new furnace, and nobody is quite happy with it\n\
                What is green hydrogen, and who will pay for all of it?";
    assert_eq!(text(list), list);
}

#[test]
fn a_line_that_ends_early_ends_a_paragraph() {
    let wrapped = "The last paper mill in the Harrow valley will stop its machines at the\n\
                   end of June, its owner said on Sunday, ending 140 years of making paper.\n\
                   It was short.\n\
                   Energy took up more than half of its costs, and in October the mill lost\n\
                   its single big contract with a publisher in the capital, the owner said,\n\
                   and nobody knows what comes next.";
    let lines: Vec<String> = text(wrapped).lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(lines[0].ends_with("It was short."), "{lines:#?}");
}

#[test]
fn re_flow_can_be_switched_off() {
    let wrapped =
        "Energy took up more than half of its costs, and in October the mill lost\n"
            .repeat(6);
    let options = NormaliseOptions { reflow: false, repair: true };
    assert_eq!(normalise(&wrapped, options).text.lines().count(), 6);
}

fn text(decoded: &str) -> String {
    normalise(decoded, NormaliseOptions::default()).text
}
