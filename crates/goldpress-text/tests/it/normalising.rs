//! Characters, white space and hard wraps, and the way back through the map.

use goldpress_model::Flaw;
use goldpress_text::{NormaliseOptions, normalise};

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
