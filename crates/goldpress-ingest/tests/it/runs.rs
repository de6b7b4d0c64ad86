//! Whole runs: many files, any number of threads, every kind of trouble.

use std::{
    fs,
    io::Write,
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use goldpress_ingest::{Asked, IngestError, Options, Progress, Silent, Summary, run};
use goldpress_model::{Outcome, RejectReason};
use goldpress_store::RawRow;

use crate::common::{HANDS, asked, gzip, told_outcome};

#[test]
fn folders_are_walked_in_order_and_every_file_has_its_outcome() {
    let folder = folder(&[
        ("b/2.txt", b"Zwei".as_slice()),
        ("b/1.html", b"<p>Eins"),
        ("a.jsonl", b"{\"text\":\"A\"}\n{\"text\":\"B\"}\n{broken\n"),
        ("c.txt.gz", &gzip(b"Drei")),
        ("d.empty", b""),
        ("e.bin", b"\x7fELF\x02\x01\x01"),
        ("f.css", b"p { color: red }"),
        ("g.txt", b" \n\n \xc2\xa0"),
        (".hidden.txt", b"unseen"),
    ]);
    let (rows, summary) = ran(&[folder.path().to_owned()], Asked::default());
    let names: Vec<String> = rows.iter().map(|row| shown(row, folder.path())).collect();
    insta::assert_snapshot!(names.join("\n"), @r"
    a.jsonl 1 @0: A [no_headline]
    a.jsonl 2 @13: B [no_headline]
    a.jsonl 3 @26: broken_record (7 bytes): the record is no JSON: key must be a string at line 1 column 2
    b/1.html 1 @0: Eins [no_headline]
    b/2.txt 1 @0: Zwei [no_headline]
    c.txt.gz 1 @0: Drei [no_headline]
    d.empty 0 @0: empty (0 bytes): the file has no bytes
    e.bin 0 @0: unsupported (0 bytes): the file is `application/x-executable`: it holds no text
    f.css 0 @0: unsupported (0 bytes): the file is a style sheet: leave it out with --exclude, or read it with --from text
    g.txt 1 @0: no_text (6 bytes): the record has no text
    ");
    assert_eq!((summary.files, summary.records, summary.articles), (8, 10, 5));
    assert_eq!(summary.n_rejects(), 5);
    insta::assert_debug_snapshot!((summary.formats, summary.presets), @r#"
    (
        {
            "html": 1,
            "jsonl": 1,
            "text": 3,
        },
        {
            "scrapy": 2,
        },
    )
    "#);
}

#[test]
fn any_number_of_threads_gives_the_same_rows() {
    let lines: String = (0..500)
        .map(|n| format!("{{\"text\":\"Article {n} of many.\",\"n\":{n}}}\n"))
        .collect();
    let folder = folder(&[
        ("a.jsonl", lines.as_bytes()),
        ("b.html", b"<p>One"),
        ("c.jsonl", lines.as_bytes()),
    ]);
    let sources = [folder.path().to_owned()];
    let with = |n| {
        ran(
            &sources,
            Asked { threads: NonZeroUsize::new(n).expect("some"), ..Asked::default() },
        )
    };
    let (one, summary) = with(1);
    assert_eq!(summary.records, 1001);
    for n in [2, 5] {
        assert_eq!(with(n).0, one);
    }
}

#[test]
fn bad_inputs_are_rejects_that_name_file_record_and_reason() {
    // Bytes without order: a multiplicative congruence, so that every run has the same.
    let mut state = 1_u64;
    let mut random = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    let noise: Vec<u8> = (0..1 << 20).map(|_| random()).collect();
    let folder = folder(&[
        (
            "broken.jsonl",
            b"{\"text\":\"A\"}\n{\"text\":\"B\n{\"text\":\"C\"}\n".as_slice(),
        ),
        ("cut.html.gz", &gzip(&noise)[..5000]),
        ("empty.txt", b""),
        ("noise", &noise),
        ("page.pdf", b"%PDF-1.7 ..."),
    ]);
    let unreadable = folder.path().join("link.txt");
    std::os::unix::fs::symlink("nowhere", &unreadable).expect("a link can be made");
    let (rows, _) = ran(&[folder.path().to_owned()], Asked::default());
    let rejects: Vec<String> = rows
        .iter()
        .filter(|row| matches!(row.0, Outcome::Reject(_)))
        .map(|row| shown(row, folder.path()))
        .collect();
    insta::assert_snapshot!(rejects.join("\n"), @r"
    broken.jsonl 2 @13: broken_record (10 bytes): the record is no JSON: EOF while parsing a string at line 1 column 10
    cut.html.gz 1 @0: truncated (4985 bytes): the input ends inside a compressed member
    empty.txt 0 @0: empty (0 bytes): the file has no bytes
    link.txt 0 @0: unreadable (0 bytes): No such file or directory (os error 2)
    noise 1 @0: binary (1048576 bytes): 135131 of 1048576 characters are controls
    page.pdf 0 @0: unsupported (0 bytes): the file is `application/pdf`: make text or HTML of it, such as with `pdftotext -layout`
    ");
}

#[test]
fn a_source_that_is_not_there_is_an_error() {
    let error = try_run(&[PathBuf::from("no/such/file.warc")], Asked::default())
        .expect_err("it is not there");
    assert!(matches!(error, IngestError::NoSource { .. }), "{error}");
    assert!(error.to_string().starts_with("`no/such/file.warc` cannot be found: "));
}

#[test]
fn what_is_asked_for_must_be_there() {
    let refused = |asked| match Options::new(asked) {
        Ok(_) => panic!("it is refused"),
        Err(error) => error.to_string(),
    };
    let format = refused(Asked { from: Some("docx".to_owned()), ..Asked::default() });
    assert!(
        format.starts_with("`docx` is no input format; there are `warc`, "),
        "{format}"
    );
    let preset = refused(Asked { preset: Some("x".to_owned()), ..Asked::default() });
    assert!(
        preset.starts_with("`x` is no preset; there are `news-please`, "),
        "{preset}"
    );
    let map = vec![("titel".to_owned(), "hl".to_owned())];
    assert_eq!(
        refused(Asked { map, ..Asked::default() }),
        "`titel=hl` maps no field: name one of ours and where theirs stands"
    );
    let split_on = Some("(".to_owned());
    assert!(
        refused(Asked { split_on, ..Asked::default() }).starts_with("the expression")
    );
}

#[test]
fn a_format_that_is_asked_for_is_taken_whatever_the_file_looks_like() {
    let folder = folder(&[("page.html", b"<p>One</p>\n".as_slice())]);
    let asked = Asked { from: Some("text".to_owned()), ..Asked::default() };
    let (rows, _) = ran(&[folder.path().to_owned()], asked);
    assert!(
        matches!(&rows[0].0, Outcome::Article(article) if article.text() == "<p>One</p>")
    );
}

#[test]
fn the_raw_row_holds_the_bytes_of_its_article() {
    let folder = folder(&[("a.txt.gz", &gzip(b"caf\xe9 au lait, s'il vous pla\xeet"))]);
    let (rows, _) = ran(&[folder.path().to_owned()], Asked::default());
    let (Outcome::Article(article), Some(raw)) = &rows[0] else {
        panic!("it is an article")
    };
    assert_eq!(raw.bytes, b"caf\xe9 au lait, s'il vous pla\xeet");
    assert_eq!(raw.raw_id, article.parts().raw_id);
    let (rows, _) =
        ran(&[folder.path().to_owned()], Asked { keep_raw: false, ..Asked::default() });
    assert_eq!(rows[0].1, None);
}

#[test]
fn a_run_can_be_stopped_and_a_sink_can_fail() {
    struct Stop;
    impl Progress for Stop {
        fn is_stopped(&self) -> bool {
            true
        }
    }
    let lines = "{\"text\":\"A\"}\n".repeat(5000);
    let folder = folder(&[("a.jsonl", lines.as_bytes())]);
    let sources = [folder.path().to_owned()];
    let stopped = run(&sources, &Options::default(), &HANDS, &mut |_, _| Ok(()), &Stop);
    assert!(matches!(stopped, Err(IngestError::Stopped { .. })));
    let mut failing =
        |_, _| Err(goldpress_store::StoreError::NoDataset { root: PathBuf::from("x") });
    let failed = run(&sources, &Options::default(), &HANDS, &mut failing, &Silent);
    assert!(matches!(failed, Err(IngestError::Store(_))));
}

#[test]
fn a_record_on_which_our_own_code_fails_is_a_reject_that_says_so() {
    let hands = goldpress_ingest::Hands {
        label_blocks: &|view| {
            assert!(!view.text.contains("poison"), "the labeller fails");
            Vec::new().into()
        },
        ..HANDS
    };
    let folder = folder(&[(
        "a.jsonl",
        b"{\"text\":\"poison\"}\n{\"text\":\"cure\"}\n".as_slice(),
    )]);
    let mut rows = Vec::new();
    let mut sink = |outcome, raw| {
        rows.push((outcome, raw));
        Ok(())
    };
    run(&[folder.path().to_owned()], &Options::default(), &hands, &mut sink, &Silent)
        .expect("the run ends");
    assert_eq!(rows.len(), 2);
    assert!(matches!(&rows[0].0, Outcome::Reject(reject)
        if reject.reason == RejectReason::BrokenRecord && reject.detail.starts_with("internal")));
    assert!(matches!(&rows[1].0, Outcome::Article(_)));
}

#[test]
fn a_record_that_takes_too_long_is_a_reject_and_its_neighbours_are_not() {
    let now = std::sync::atomic::AtomicU64::new(0);
    let hands = goldpress_ingest::Hands {
        label_blocks: &|view| {
            let seconds = if view.text.contains("slow") { 6 } else { 4 };
            now.fetch_add(seconds, std::sync::atomic::Ordering::Relaxed);
            vec![goldpress_model::Role::Paragraph; view.blocks.len()].into()
        },
        cpu_time: &|| {
            std::time::Duration::from_secs(now.load(std::sync::atomic::Ordering::Relaxed))
        },
        ..HANDS
    };
    let folder = folder(&[(
        "a.jsonl",
        b"{\"text\":\"quick\"}\n{\"text\":\"slow\"}\n{\"text\":\"quick too\"}\n"
            .as_slice(),
    )]);
    let options = asked(|asked| asked.threads = std::num::NonZeroUsize::MIN);
    insta::assert_snapshot!(told(&folder, &options, &hands), @r"
    1 @0: quick [no_headline]
    2 @17: too_slow (15 bytes): the record takes more than 5s of CPU time on this machine
    3 @33: quick too [no_headline]
    ");
}

#[test]
fn limits_hold_for_every_record() {
    let deep = format!("{{\"text\":\"A\",\"x\":{}{}}}\n", "[".repeat(80), "]".repeat(80));
    let long = format!("{{\"text\":\"{}\"}}\n", "x".repeat(3000));
    let folder =
        folder(&[("a.jsonl", format!("{deep}{long}{{\"text\":\"C\"}}").as_bytes())]);
    let options = asked(|asked| asked.limits.record_bytes = 2000);
    insta::assert_snapshot!(told(&folder, &options, &HANDS), @r"
    1 @0: too_deep (177 bytes): the record is nested 64 deep and more
    2 @178: too_large (2000 bytes): the record has more than 2000 bytes
    3 @3190: C [no_headline]
    ");
}

#[test]
fn a_file_that_grows_over_the_ratio_is_cut_off() {
    let folder = folder(&[("a.txt.gz", &gzip(&vec![b'a'; 8 << 20]))]);
    let (rows, _) = ran(&[folder.path().to_owned()], Asked::default());
    assert!(
        matches!(&rows[0].0, Outcome::Reject(reject) if reject.reason == RejectReason::TooCompressed)
    );
}

type Row = (Outcome, Option<RawRow>);

#[track_caller]
fn ran(sources: &[PathBuf], asked: Asked) -> (Vec<Row>, Summary) {
    try_run(sources, asked).expect("the run ends")
}

fn try_run(
    sources: &[PathBuf],
    asked: Asked,
) -> Result<(Vec<Row>, Summary), IngestError> {
    let mut rows = Vec::new();
    let mut sink = |outcome, raw| {
        rows.push((outcome, raw));
        Ok(())
    };
    let summary = run(sources, &Options::new(asked)?, &HANDS, &mut sink, &Silent)?;
    Ok((rows, summary))
}

fn shown(row: &Row, folder: &Path) -> String {
    let file = match &row.0 {
        Outcome::Article(article) => &article.parts().origin.file,
        Outcome::Reject(reject) => &reject.file,
    };
    let file = Path::new(file).strip_prefix(folder).expect("below the folder");
    format!("{} {}", file.display(), told_outcome(&row.0))
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("has one")).expect("can be made");
        fs::File::create(path).expect("is new").write_all(bytes).expect("has room");
    }
    folder
}

#[test]
fn sources_may_be_patterns_and_files_may_be_left_out() {
    let folder = folder(&[
        ("a/one.txt", b"Eins."),
        ("a/deep/two.txt", b"Zwei."),
        ("a/page.html", b"<p>Drei."),
        ("b/four.txt", b"Vier."),
    ]);
    let found = |pattern: &str, exclude: &[&str]| -> Vec<String> {
        let options = asked(|asked| {
            asked.exclude = exclude.iter().map(|glob| (*glob).to_owned()).collect();
        });
        let files = goldpress_ingest::files(&[folder.path().join(pattern)], &options);
        let Ok(files) = files else { return vec!["not found".to_owned()] };
        let names = files.iter().map(|file| {
            let inner = file.strip_prefix(folder.path()).expect("is below it");
            inner.to_string_lossy().into_owned()
        });
        names.collect()
    };
    assert_eq!(found("*/*.txt", &[]), ["a/one.txt", "b/four.txt"]);
    assert_eq!(found("**/*.txt", &["**/deep/**"]), ["a/one.txt", "b/four.txt"]);
    assert_eq!(found("a", &["*.html"]), ["a/deep/two.txt", "a/one.txt"]);
    assert_eq!(found("*.zip", &[]), ["not found"]);
}

/// The outcomes of a folder, one line each.
fn told(
    folder: &tempfile::TempDir,
    options: &Options,
    hands: &goldpress_ingest::Hands<'_>,
) -> String {
    let mut rows = Vec::new();
    let mut sink = |outcome, _| {
        rows.push(told_outcome(&outcome));
        Ok(())
    };
    run(&[folder.path().to_owned()], options, hands, &mut sink, &Silent).expect("ends");
    rows.join("\n")
}
