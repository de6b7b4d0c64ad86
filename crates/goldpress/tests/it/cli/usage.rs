//! Arguments: help, errors in one shape, exit codes.

use insta::assert_snapshot;

use super::Scratch;

#[test]
fn an_unknown_flag_ends_with_2_and_a_hint() {
    let ran = Scratch::new().run(&["ingest", "--sauce", "x"]);
    assert_eq!(ran.code, Some(2));
    assert_snapshot!(ran.stderr, @r"
    error: the command line cannot be read
      because: unexpected argument '--sauce' found

    hint: to pass '--sauce' as a value, use '-- --sauce'
    hint: usage: goldpress ingest [OPTIONS] <SRC>...
    ");
}

#[test]
fn no_verb_shows_the_verbs_and_ends_with_2() {
    let ran = Scratch::new().run(&[]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("ingest"), "{}", ran.stderr);
}

#[test]
fn a_folder_that_is_no_dataset_names_the_verb_that_makes_one() {
    let scratch = Scratch::new();
    let ran = scratch.run(&["show", "nowhere"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(
        ran.stderr.starts_with("error: cannot show an article of `nowhere`\n  because: ")
    );
    assert!(ran.stderr.contains("goldpress ingest"), "{}", ran.stderr);
}

#[test]
fn init_writes_a_file_once() {
    let scratch = Scratch::new();
    let ran = scratch.ok(&["init", "news"]);
    assert_eq!(ran.stdout, "news/goldpress.toml\n");
    assert!(scratch.read("news/goldpress.toml").contains("# fail_on"));
    let again = scratch.run(&["init", "news"]);
    assert_eq!(again.code, Some(2));
    assert_snapshot!(again.stderr, @r"
    error: cannot set up `news`
      because: `goldpress.toml` is there already

    hint: edit it, or see every key with `goldpress init --print`
    ");
}

#[test]
fn a_misspelt_key_of_the_configuration_is_refused() {
    let scratch = Scratch::new();
    scratch.write("news/goldpress.toml", "[gate]\nfail-on = []\n");
    scratch.write("a.txt", "Harbour opens\n\nThe harbour opened on Monday.\n");
    let ran = scratch.run(&["ingest", "a.txt", "-o", "news"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("unknown field `fail-on`"), "{}", ran.stderr);
}

#[test]
fn completions_and_manual_pages_name_the_verbs() {
    let scratch = Scratch::new();
    for shell in ["bash", "zsh", "fish"] {
        assert!(scratch.ok(&["completions", shell]).stdout.contains("ingest"), "{shell}");
    }
    scratch.ok(&["man", "--output", "man"]);
    assert!(scratch.read("man/goldpress-label-import.1").contains("reviewed"));
}

#[test]
fn a_closed_pipe_is_a_success() {
    use std::{io::Read, process::Stdio};

    let scratch = Scratch::new();
    let mut child = scratch
        .command(&["schema"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert!(child.wait().unwrap().success(), "{stderr}");
}
