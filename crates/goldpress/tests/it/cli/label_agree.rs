//! `goldpress label agree`: figures with their reasons, and a gate on them.

use insta::assert_snapshot;

use super::{Scratch, label_exchange::line, label_team::team};

const AGREE: [&str; 5] = ["label", "agree", "news", "--sets", "ada,bo"];

#[test]
fn every_figure_stands_with_its_counts_and_a_dash_with_its_reason() {
    let scratch = team();
    let ran = scratch.ok(&[&AGREE[..], &["--list"]].concat());
    assert_snapshot!(ran.stdout, @r"
    entity        ada ~ bo   1 document (0 empty in all) · 2 and 2 annotations · blind
                  strict F1 0.5000     overlap@0.5 F1 1.0000     char F1 0.9259
                  alpha_u 0.9736     mention.observed 1.0000 of 1 units     mention.alpha –  (only one label used: no figure corrected for chance)
                  mention.ac1 –  (only one label used: no figure corrected for chance)
                  label  GPE 1.00   ORG 0.00
                  1 disagree  boundary 1
                  cbc11b0c08e0582b0fbc578b89004ba4 boundary: 145..159 ORG “port authority” | 141..159 ORG “the port authority”
    ");
}

#[test]
fn json_holds_the_counts_and_the_reasons() {
    let scratch = team();
    let ran = scratch.ok(&[&AGREE[..], &["--format", "json"]].concat());
    assert_snapshot!(ran.stdout, @r#"{"goldpress_agreement":1,"groups":[{"annotations":[2,2],"blind":true,"clusters":1,"clusters_are":"documents","confused":[],"disagreements":[{"doc_id":"cbc11b0c08e0582b0fbc578b89004ba4","first":{"fragments":[[145,159]],"label":"ORG","text":"port authority"},"kind":"boundary","second":{"fragments":[[141,159]],"label":"ORG","text":"the port authority"}}],"documents":1,"empty":0,"faults":[],"figures":[{"counts":{"first":2,"matched":1,"second":2},"exact":"1/2","interval":null,"name":"strict","no_interval":null,"reason":null,"units":null,"value":0.5},{"counts":{"first":2,"matched":2,"second":2},"exact":"1","interval":null,"name":"overlap@0.5","no_interval":null,"reason":null,"units":null,"value":1.0},{"counts":{"first":25,"matched":25,"second":29},"exact":"25/27","interval":null,"name":"char","no_interval":null,"reason":null,"units":null,"value":0.9259259259259259},{"counts":null,"exact":null,"interval":null,"name":"alpha_u","no_interval":null,"reason":null,"units":null,"value":0.9736356132099657},{"counts":null,"exact":null,"interval":null,"name":"mention.observed","no_interval":null,"reason":null,"units":1,"value":1.0},{"counts":null,"exact":null,"interval":null,"name":"mention.alpha","no_interval":null,"reason":"one_label","units":1,"value":null},{"counts":null,"exact":null,"interval":null,"name":"mention.ac1","no_interval":null,"reason":"one_label","units":1,"value":null}],"guidelines":[],"labels":{"GPE":1.0,"ORG":0.0},"layer":"entity","left_out":0,"mixed_guidelines":0,"overlapping":0,"partly_done":0,"sets":["ada","bo"]}]}"#);
}

#[test]
fn a_figure_below_ends_with_3_and_one_without_a_value_with_5() {
    let scratch = team();
    assert_snapshot!(gate(&scratch, "strict=0.4"), @"Some(0)");
    assert_snapshot!(gate(&scratch, "strict=0.9"), @"Some(3) below: strict 0.5000 < 0.9 in entity of ada ~ bo");
    assert_snapshot!(gate(&scratch, "mention.alpha=0.8"), @"Some(5) undecidable: mention.alpha in entity of ada ~ bo: only one label used: no figure corrected for chance");
    assert_snapshot!(gate(&scratch, "kappa=0.8"), @"Some(5) undecidable: no layer has a figure `kappa`, but alpha_u, char, mention.ac1, mention.alpha, mention.observed, overlap@0.5, strict");
}

#[test]
fn nothing_done_by_both_is_undecidable_and_one_set_is_refused() {
    let scratch = team();
    let none = scratch.run(&[&AGREE[..], &["--layer", "timex"]].concat());
    assert_eq!(none.code, Some(5), "{}", none.stderr);
    assert_snapshot!(none.stderr, @r"
    undecidable: no article is done by all of ada, bo

    hint: goldpress label import --reviewed LAYER says that a layer is done
    ");
    let alone = scratch.run(&["label", "agree", "news", "--sets", "ada"]);
    assert_eq!(alone.code, Some(2), "{}", alone.stderr);
    assert_snapshot!(alone.stderr, @r"
    error: cannot compare the labels of `news`
      because: one set agrees with itself

    hint: name two or more different sets: --sets ada,bo
    ");
}

fn gate(scratch: &Scratch, demand: &str) -> String {
    let ran = scratch.run(&[&AGREE[..], &["--require", demand]].concat());
    format!("{:?} {}", ran.code, ran.stderr)
}

#[test]
fn roles_fields_and_relations_are_compared_too() {
    let scratch = team();
    let first = "The harbour of Port Aldery opened on Monday.";
    let second = "Ferries from the north will call there twice a day until the end of the \
                  summer, the port authority said in a statement.";
    for (set, role, value) in [("ada", "paragraph", "news"), ("bo", "quote", "business")]
    {
        let block = |label: &str, start, text| {
            line(label, start, text).replace("\"entity\"", "\"block\"")
        };
        let lines = [
            block("title", 0, "Harbour opens"),
            block(role, 15, first),
            block("paragraph", 61, second),
            format!(
                "{{\"layer\":\"metadata\",\"label\":\"articleSection\",\
                 \"attrs\":{{\"value\":\"{value}\",\"source\":\"document\"}}}}\n"
            ),
        ];
        scratch.write(&format!("more/{set}.jsonl"), lines.concat());
        let path = format!("more/{set}.jsonl");
        let import = ["label", "import", &path, "--as", set, "--doc", "a"];
        let covers = ["--dataset", "news", "--reviewed", "block,metadata,relation"];
        scratch.ok(&[&import[..], &covers].concat());
    }
    let ran = scratch.ok(&[&AGREE[..], &["--layer", "block,metadata,relation"]].concat());
    assert_snapshot!(ran.stdout, @r"
    block         ada ~ bo   1 document (0 empty in all) · 3 and 3 annotations · blind
                  observed 0.6667 of 3 units     alpha 0.5455     ac1 0.5200
                  roles  paragraph ~ quote 1
    metadata      ada ~ bo   1 document (0 empty in all) · 1 and 1 annotations · blind
                  field F1 0.0000     observed 0.0000 of 1 units     alpha 0.0000
                  ac1 -1.0000
                  label  articleSection 0.00
                  1 disagree  wrong 1     details: --list
    relation      ada ~ bo   1 document (1 empty in all) · 0 and 0 annotations · blind
                  relation.strict F1 –  (nothing is marked)     relation.strict.shared F1 –  (nothing is marked) of 0 and 0 with shared ends
    ");
    let scaled = ["--layer", "block,metadata", "--scale", "ordinal"];
    let weighed = ["--coefficient", "cohen", "--weights", "linear"];
    let ran = scratch.ok(&[&AGREE[..], &scaled, &weighed].concat()).stdout;
    assert!(ran.contains("     alpha_ordinal 0."), "{ran}");
    assert!(ran.contains("cohen_linear 0."), "{ran}");
    // Nobody put the values of fields in an order.
    let no_order = "alpha_ordinal –  (the values do not stand on that scale)";
    assert!(ran.contains(no_order), "{ran}");
}

#[test]
fn the_lines_of_the_article_alone_are_compared_where_gold_has_their_roles() {
    let scratch = team();
    let main = [&AGREE[..], &["--scope", "main", "--layer", "entity"]].concat();
    let without = scratch.run(&main);
    assert_eq!(without.code, Some(5), "{}", without.stderr);
    let told = "left out: 1 article, to whose lines gold gives no roles";
    assert!(without.stderr.contains(told), "{}", without.stderr);

    let block = |label: &str, start, text| {
        line(label, start, text).replace("\"entity\"", "\"block\"")
    };
    let roles = [
        block("title", 0, "Harbour opens"),
        block("paragraph", 15, "The harbour of Port Aldery opened on Monday."),
        block(
            "promo",
            61,
            "Ferries from the north will call there twice a day until the end of the \
             summer, the port authority said in a statement.",
        ),
    ];
    scratch.write("roles.jsonl", roles.concat());
    let import = ["label", "import", "roles.jsonl", "--as", "gold", "--doc", "a"];
    scratch.ok(&[&import[..], &["--dataset", "news", "--reviewed", "block"]].concat());
    // The two disagree in the promotion below the article, and nowhere else.
    let shown = scratch.ok(&main).stdout;
    assert_snapshot!(shown, @r#"
    entity        ada ~ bo   1 document (0 empty in all) · 1 and 1 annotations · blind · 2 annotations in parts that somebody did not judge left out
                  strict F1 1.0000     overlap@0.5 F1 1.0000     char F1 1.0000
                  alpha_u 1.0000     mention.observed 1.0000 of 1 units     mention.alpha –  (only one label used: no figure corrected for chance)
                  mention.ac1 –  (only one label used: no figure corrected for chance)
                  label  GPE 1.00
    "#);
}

#[test]
fn articles_that_not_all_have_done_are_counted() {
    let scratch = super::eval_seen::two_articles("");
    let import = |set: &str| {
        let args = ["label", "import", "gold", "--as", set, "--dataset", "news"];
        scratch.ok(&[&args[..], &["--reviewed", "timex"]].concat());
    };
    import("ada");
    std::fs::remove_file(scratch.path("gold/still.jsonl")).unwrap();
    import("bo");
    let ran = scratch.ok(&AGREE).stdout;
    assert!(ran.contains("1 document (0 empty in all)"), "{ran}");
    assert!(ran.contains("blind · 1 left out, not done by all"), "{ran}");
}
