//! One article labelled by hand: words without offsets, looked at, called done, exported.

use insta::assert_snapshot;

use super::{Scratch, readme};

const TEXT: &str = "Velmere closes its ramp\n\nThe harbour council of Velmere closed the ramp, said Odile Varga.\n";

#[test]
fn words_are_enough_for_a_line_and_done_is_said_of_an_article() {
    let scratch = Scratch::new();
    scratch.write("ramp.txt", TEXT);
    scratch.ok(&["ingest", "ramp.txt", "-o", "news"]);
    scratch.write(
        "mine/ramp.jsonl",
        "{\"layer\":\"entity\",\"label\":\"PERSON\",\"text\":\"Odile Varga\"}\n\
         {\"layer\":\"entity\",\"label\":\"GPE\",\"text\":\"Velmere\"}\n\
         {\"layer\":\"entity\",\"label\":\"ORG\",\"text\":\"Kestrel\"}\n\
         {\"layer\":\"entity\",\"label\":\"GPE\",\"text\":\"Velmere\",\"start\":48,\"end\":55}\n",
    );
    let import = ["label", "import", "mine", "--as", "ada", "--dataset", "news"];
    assert_snapshot!(scratch.ok(&import).stderr, @r"
    mine/ramp.jsonl:2: rejected: quote-repeated: `Velmere` stands in 2 places, at 0..7, 48..55: `start` and `end` say which
    mine/ramp.jsonl:3: rejected: text-differs: `Kestrel` stands nowhere in the article
      entity       GPE 1 · PERSON 1
      entity.mention = NAM in 2 annotations: the files do not say (--set-attr entity.mention=VALUE for another)
    jsonl: 2 annotations of 1 article into `ada` · offsets are code-point in 1 · 2 rejected

    hint: if these articles were read from end to end, say so: --reviewed entity; only then are they scored
    ");
    let shown = scratch.ok(&["show", "news", "ramp", "--set", "ada", "--width", "80"]);
    assert_snapshot!(shown.stdout, @r"
    fc8acc25570224ed7fe7aeb4ce45d073
    from                  ramp.txt record 1
    headline              Velmere closes its ramp (text)
    language              en (document)

          title Velmere closes its ramp
      paragraph The harbour council of [Velmere|GPE] closed the ramp, said [Odile
                Varga|PERSON].
    ");
    let done = ["label", "done", "ramp", "--layer", "entity", "--dataset", "news"];
    assert_snapshot!(scratch.ok(&done).stderr, @"ramp.txt: entity of `ada` is done, with 2 annotations");
    assert_snapshot!(scratch.ok(&done).stderr, @"ramp.txt: entity of `ada` was done before");
    let list = scratch.ok(&["show", "news", "--list", "--format", "csv"]).stdout;
    assert_snapshot!(list, @r"
    doc_id,file,record,words,lang,headline,labels
    fc8acc25570224ed7fe7aeb4ce45d073,ramp.txt,1,15,en,Velmere closes its ramp,ada: entity
    ");
    let export = ["label", "export", "--to", "brat", "--set", "ada", "--layer", "entity"];
    scratch.ok(&[&export[..], &["--dataset", "news", "-o", "brat"]].concat());
    let conf = scratch.read("brat/annotation.conf");
    assert!(conf.starts_with("[entities]\nPERSON\n"), "{conf}");
    assert!(conf.contains("mention\tArg:<ANY>, Value:NAM|NOM|PRO\n"), "{conf}");
}

#[test]
fn the_readme_labels_an_article_by_hand_and_exports_it() {
    let scratch = Scratch::new();
    scratch.write("harbour.txt", super::label_exchange::text("Port Aldery opened."));
    scratch.ok(&["ingest", "harbour.txt", "-o", "news"]);
    for line in readme("label done") {
        let ran = scratch.line(&line);
        assert_eq!(ran.code, Some(0), "{line}\n{}{}", ran.stdout, ran.stderr);
    }
    let mut written = std::fs::read_dir(scratch.path("for-brat")).unwrap();
    let is_ann =
        |path: &std::path::Path| path.extension().is_some_and(|end| end == "ann");
    let ann =
        written.find_map(|entry| Some(entry.unwrap().path()).filter(|path| is_ann(path)));
    let ann = std::fs::read_to_string(ann.unwrap()).unwrap();
    assert_snapshot!(ann, @r"
    T1	GPE 15 26	Port Aldery
    A1	mention T1 NAM
    ");
}

#[test]
fn what_lacks_something_is_not_done() {
    let scratch = Scratch::new();
    scratch.write("ramp.txt", TEXT.replace("closed the ramp", "closed it on Monday"));
    scratch.write("other.txt", TEXT);
    scratch.ok(&["ingest", "ramp.txt", "other.txt", "-o", "news"]);
    scratch.write(
        "ramp.jsonl",
        "{\"layer\":\"timex\",\"label\":\"DATE\",\"text\":\"Monday\"}\n",
    );
    scratch.ok(&["label", "import", "ramp.jsonl", "--as", "ada", "--dataset", "news"]);
    let done = ["label", "done", "ramp.txt", "--layer", "timex", "--dataset", "news"];
    let ran = scratch.run(&done);
    assert_eq!(ran.code, Some(6), "{}", ran.stderr);
    assert_snapshot!(ran.stdout, @"labels/ada/e1ffde4a0b5344af9c7f7f377e99e48a.jsonl:2: value-missing: attribute `value` is required");
    let several = ["label", "done", ".txt", "--layer", "timex", "--dataset", "news"];
    assert_eq!(scratch.run(&several).code, Some(2));
    // Read, and nothing to mark.
    let empty = ["label", "done", "other", "--layer", "timex", "--dataset", "news"];
    let empty = scratch.ok(&[&empty[..], &["--set", "bo"]].concat());
    assert_snapshot!(empty.stderr, @"other.txt: timex of `bo` is done, with 0 annotations");
    let alone =
        scratch.run(&["label", "done", "other", "--layer", "timex", "--dataset", "news"]);
    assert!(alone.stderr.contains("--set with one of ada, bo"), "{}", alone.stderr);
}

#[test]
fn an_article_is_json_for_programs() {
    let scratch = super::label_exchange::harbour();
    let shown = scratch.ok(&["show", "news", "--set", "ada", "--format", "json"]).stdout;
    let article: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(article["annotations"][0]["text"], "Port Aldery");
    assert_eq!(article["blocks"][0]["start"], 0);
    let whole = scratch.ok(&["show", "news", "--all", "--format", "json"]).stdout;
    let whole: serde_json::Value = serde_json::from_str(&whole).unwrap();
    assert_eq!(whole.as_array().map(Vec::len), Some(1));
    assert_eq!(scratch.run(&["show", "news", "--format", "csv"]).code, Some(2));
    let gone = scratch.run(&["show", "news", "--set", "bo"]);
    assert!(gone.stderr.contains("one of: ada"), "{}", gone.stderr);
}

#[test]
fn verbs_that_have_nothing_to_do_say_why() {
    let scratch = super::label_exchange::harbour();
    let carry = scratch.ok(&["label", "carry", "news"]);
    assert_snapshot!(carry.stderr, @r"
    0 label files
    nothing to carry: the text of its article is what was labelled
    ");
    scratch.write(
        "none.jsonl",
        "{\"layer\":\"entity\",\"label\":\"GPE\",\"text\":\"Port Aldery\"}\n",
    );
    let bo = ["label", "import", "none.jsonl", "--as", "bo", "--doc", "a"];
    scratch.ok(&[&bo[..], &["--dataset", "news", "--reviewed", "entity"]].concat());
    let none = scratch.ok(&["label", "adjudicate", "news", "--sets", "ada,bo"]);
    assert_snapshot!(none.stderr, @r"
    0 article-layer pairs of ada, bo: 0 taken, 0 refused, 0 left to decide · 0 done in gold
    nothing to adjudicate: all of ada, bo label 1 article, and no layer is done by all
      articles with entity done: ada 0, bo 1

    hint: goldpress label done ARTICLE --layer LAYER --set SET says that it was read
    ");
    let verified = scratch.ok(&["verify", "news", "--format", "json"]).stdout;
    let verified: serde_json::Value = serde_json::from_str(&verified).unwrap();
    assert_eq!((&verified["holds"], &verified["articles"]), (&true.into(), &1.into()));
}
