//! The promise: what was acknowledged is there, whatever happens to process, disk or file.

use std::{
    cell::RefCell,
    io::{self, BufRead, BufReader, Read},
    path::Path,
    process::{Command, Stdio},
    rc::Rc,
    time::Duration,
};

use goldpress_label::{
    Appender, Change, FileAppender, JournalError, LabelName, LabelSets, Message, Session,
    SetLock, TextOf,
};
use goldpress_model::{
    CharRange, LooseAnnotation, ProposedBy, Provenance, Schema, Status,
};
use goldpress_store::labels::{self, LabelLine, new_id};
use proptest::prelude::*;

use crate::{vectors, world::World};

#[test]
fn an_action_is_in_the_file_after_the_fold_and_undone_after_a_restart() {
    let desk = Desk::new();
    let before = desk.file();
    desk.with(|session| {
        session.act(session.state(), "2026-03-04T10:00:01Z", "label", vec![added(61)])?;
        session.fold()
    });
    assert!(desk.file().contains("\"text\":\"May\""));
    desk.with(|session| {
        assert!(session.undo()?);
        session.fold()
    });
    assert_eq!(desk.file(), before, "undo gives the bytes back");
    desk.with(|session| {
        assert!(session.redo()?);
        assert!(!session.redo()?);
        session.fold()
    });
    assert!(desk.file().contains("\"text\":\"May\""));
}

#[test]
fn what_breaks_a_rule_never_reaches_the_disk() {
    let desk = Desk::new();
    let log = desk.log();
    desk.with(|session| {
        let mut wrong = added(61);
        wrong.after.as_mut().unwrap().annotation.text = "March".to_owned();
        let refused = session.act(session.state(), "", "label", vec![wrong]);
        assert!(matches!(refused, Err(JournalError::Refused(_))));
        let stale = session.act(99, "", "label", vec![added(61)]);
        assert!(matches!(stale, Err(JournalError::Outdated { made_on: 99, .. })));
        Ok(())
    });
    assert_eq!(
        desk.log().matches("\"do\":\"set\"").count(),
        log.matches("\"do\":\"set\"").count()
    );
}

#[test]
fn a_layer_that_is_no_longer_complete_loses_its_done() {
    let desk = Desk::new();
    desk.with(|session| {
        let lines = session.lines();
        let block = lines.iter().find(|l| l.annotation.id == "1b47a6772b3b").unwrap();
        let change = Change { before: Some(block.clone()), after: None };
        let undone = session.act(session.state(), "", "remove", vec![change])?;
        assert_eq!(undone, ["block"]);
        assert!(session.undo()?);
        assert_eq!(session.lines(), lines, "one key press is one action");
        Ok(())
    });
}

#[test]
fn a_last_record_that_was_cut_off_was_never_acknowledged() {
    let desk = Desk::new();
    desk.with(|session| {
        session.act(session.state(), "", "label", vec![added(61)])?;
        session.act(session.state(), "", "label", vec![added(34)])?;
        Ok(())
    });
    let log = desk.log();
    desk.put_log(&log[..log.len() - 10]);
    desk.with(|session| {
        let texts: Vec<String> = texts(session);
        assert!(
            texts.contains(&"May".to_owned()) && !texts.contains(&"North".to_owned())
        );
        assert_eq!(session.messages(), []);
        Ok(())
    });
}

#[test]
fn a_journal_broken_in_the_middle_is_set_aside() {
    let desk = Desk::new();
    desk.with(|session| {
        session.act(session.state(), "", "label", vec![added(61)])?;
        session.fold()
    });
    let log = desk.log();
    desk.put_log(&log.replacen("\"why\":\"label\"", "\"why\":\"labels\"", 1));
    desk.with(|session| {
        assert_eq!(session.messages(), [Message::JournalSetAside]);
        assert!(texts(session).contains(&"May".to_owned()), "the label file stands");
        assert!(!session.undo()?);
        Ok(())
    });
}

#[test]
fn git_and_the_journal_are_joined_line_by_line() {
    let desk = Desk::new();
    desk.with(|session| {
        session.fold()?;
        session.act(session.state(), "", "label", vec![added(61)])?;
        Ok(())
    });
    // Somebody else removes a line that nobody here touched.
    let theirs: Vec<String> = desk
        .file()
        .lines()
        .filter(|line| !line.contains("213a3709307b"))
        .map(str::to_owned)
        .collect();
    desk.put_file(&(theirs.join("\n") + "\n"));
    desk.with(|session| {
        assert_eq!(session.messages(), []);
        let lines = session.lines();
        assert!(texts(session).contains(&"May".to_owned()), "ours is kept");
        assert!(!lines.iter().any(|l| l.annotation.id == "213a3709307b"), "theirs too");
        Ok(())
    });
}

#[test]
fn where_both_changed_a_line_the_file_stands_and_ours_is_kept_aside() {
    let desk = Desk::new();
    desk.with(|session| {
        session.fold()?;
        let lines = session.lines();
        let old = lines.iter().find(|l| l.annotation.id == "f694281c7bc8").unwrap();
        let mut new = old.clone();
        new.annotation.label = "ORG".to_owned();
        let change = Change { before: Some(old.clone()), after: Some(new) };
        session.act(session.state(), "", "relabel", vec![change])?;
        Ok(())
    });
    let file = desk.file();
    let relabelled = |line: &str| match line.contains("\"id\":\"f694281c7bc8\"") {
        true => line.replace("\"label\":\"GPE\"", "\"label\":\"FAC\""),
        false => line.to_owned(),
    };
    let theirs: Vec<String> = file.lines().map(relabelled).collect();
    desk.put_file(&(theirs.join("\n") + "\n"));
    desk.with(|session| {
        let ids = vec!["f694281c7bc8".to_owned()];
        assert_eq!(session.messages(), [Message::Conflict(ids)]);
        let lines = session.lines();
        let line = lines.iter().find(|l| l.annotation.id == "f694281c7bc8").unwrap();
        assert_eq!(line.annotation.label, "FAC");
        Ok(())
    });
    let aside = format!("labels/ada/.journal/{}.conflict.jsonl", vectors::DOC);
    assert!(desk.world.get(&aside).contains("\"label\":\"ORG\""));
}

#[test]
fn a_second_writer_is_told_who_has_the_set() {
    let desk = Desk::new();
    let folder = desk.world.root().join("labels/ada");
    let held = SetLock::take(&folder).unwrap();
    let Err(JournalError::Locked(process)) = SetLock::take(&folder) else {
        panic!("taken")
    };
    assert_eq!(process, std::process::id().to_string());
    drop(held);
    SetLock::take(&folder).unwrap();
}

/// A disk that fails the n-th time it is asked, in a way that leaves half a write.
struct Failing {
    inner: FileAppender,
    left: Rc<RefCell<i32>>,
    at: &'static str,
}

impl Failing {
    fn fails(&self, what: &str) -> bool {
        let mut left = self.left.borrow_mut();
        if self.at == what {
            *left -= 1;
        }
        self.at == what && *left == 0
    }
}

impl Appender for Failing {
    fn length(&self) -> u64 {
        self.inner.length()
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.fails("append") {
            self.inner.append(&bytes[..bytes.len() / 2])?;
            return Err(io::Error::other("disk full"));
        }
        self.inner.append(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.fails("sync") { Err(io::Error::other("lost")) } else { self.inner.sync() }
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        if self.fails("truncate") {
            return Err(io::Error::other("stuck"));
        }
        self.inner.truncate(length)
    }
}

#[test]
fn whatever_fails_what_was_acknowledged_is_there() {
    for at in ["append", "sync", "truncate"] {
        for n in 1..6 {
            let desk = Desk::new();
            let left = Rc::new(RefCell::new(n));
            let mut acknowledged = 0;
            let article = TextOf::new(&desk.text);
            let opened = Session::open_with(
                &desk.sets,
                &desk.schema,
                article,
                "ada",
                &|path: &Path| {
                    let inner = FileAppender::open(path)?;
                    Ok(Box::new(Failing { inner, left: Rc::clone(&left), at }))
                },
            );
            if let Ok(mut session) = opened {
                for start in WORDS {
                    let state = session.state();
                    if session.act(state, "", "label", vec![added(start)]).is_ok() {
                        acknowledged += 1;
                    }
                }
            }
            desk.with(|session| {
                let n = n_added(session);
                let most = acknowledged + usize::from(at == "sync");
                assert!(
                    (acknowledged..=most).contains(&n),
                    "{at} {n}: {n} of {acknowledged}"
                );
                Ok(())
            });
        }
    }
}

/// Words of the article that nobody has marked, by their first character.
const WORDS: [u32; 6] = [61, 24, 30, 34, 120, 130];

#[test]
fn a_kill_at_any_moment_loses_no_acknowledged_action() {
    let exe = std::env::current_exe().unwrap();
    let (mut n_acknowledged, mut n_unacknowledged) = (0, 0);
    for round in 0..200_u64 {
        let desk = Desk::new();
        let mut child = Command::new(&exe)
            .args(["journal::child", "--exact", "--nocapture"])
            .env("GOLDPRESS_JOURNAL_CHILD", desk.world.root())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut told = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        while !told.contains("begun;") && out.read_line(&mut told).unwrap() > 0 {}
        // Up to 20 ms after it began to act: six actions with their syncs take as long.
        std::thread::sleep(Duration::from_micros(200 * (round % 100)));
        child.kill().unwrap();
        child.wait().unwrap();
        out.read_to_string(&mut told).unwrap();
        let acknowledged = told.matches("saved;").count();
        desk.with(|session| {
            let n = n_added(session);
            assert!(n == acknowledged || n == acknowledged + 1, "{n} of {acknowledged}");
            n_unacknowledged += n - acknowledged;
            n_acknowledged += acknowledged;
            Ok(())
        });
    }
    assert!(n_acknowledged > 0, "{n_unacknowledged} of none");
}

/// What the killed process does: acts on, saying of each action that it is saved.
#[test]
#[expect(clippy::disallowed_methods, reason = "the parent tells where the dataset is")]
#[expect(clippy::print_stdout, reason = "the parent reads what was acknowledged")]
fn child() {
    let Ok(root) = std::env::var("GOLDPRESS_JOURNAL_CHILD") else { return };
    let sets = LabelSets::of(Path::new(&root));
    let (schema, text) = (vectors::schema(), vectors::read("article.txt"));
    let mut session = Session::open(&sets, &schema, TextOf::new(&text), "ada").unwrap();
    println!("begun;");
    for (n, start) in WORDS.into_iter().enumerate() {
        session.act(session.state(), "", "label", vec![added(start)]).unwrap();
        println!("saved;");
        if n % 2 == 0 {
            session.fold().unwrap();
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    Add(usize),
    Undo,
    Redo,
    Fold,
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..WORDS.len()).prop_map(Step::Add),
        Just(Step::Undo),
        Just(Step::Redo),
        Just(Step::Fold),
        Just(Step::Restart),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_mix_of_steps_equals_a_list_of_states(steps in prop::collection::vec(step(), 1..12)) {
        let desk = Desk::new();
        let mut states: Vec<Vec<LabelLine>> = vec![desk.lines()];
        let mut at = 0;
        let mut session = Some(desk.open());
        for step in steps {
            let open = session.as_mut().expect("a session is open");
            match step {
                Step::Add(word) => {
                    let change = vec![added(WORDS[word])];
                    if open.act(open.state(), "", "label", change).is_ok() {
                        states.truncate(at + 1);
                        states.push(open.lines());
                        at += 1;
                    }
                }
                Step::Undo => {
                    prop_assert_eq!(open.undo().unwrap(), at > 0);
                    at = at.saturating_sub(1);
                }
                Step::Redo => {
                    let is_there = at + 1 < states.len();
                    prop_assert_eq!(open.redo().unwrap(), is_there);
                    at += usize::from(is_there);
                }
                Step::Fold => open.fold().unwrap(),
                Step::Restart => {
                    drop(session.take());
                    session = Some(desk.open());
                }
            }
            let now = session.as_ref().expect("a session is open").lines();
            prop_assert_eq!(&now, &states[at]);
        }
        session.take().expect("a session is open").close().unwrap();
        let file = labels::parse(desk.file().as_bytes()).unwrap();
        prop_assert_eq!(&file.lines, &states[at]);
    }
}

/// The article of the vectors with ada's labels, and what opens it.
struct Desk {
    world: World,
    sets: LabelSets,
    schema: Schema,
    text: String,
}

impl Desk {
    fn new() -> Desk {
        let world = World::harbour();
        world.put(
            &format!("labels/ada/{}.jsonl", vectors::DOC),
            &vectors::read("ada.jsonl"),
        );
        let sets = LabelSets::of(world.root());
        Desk {
            world,
            sets,
            schema: vectors::schema(),
            text: vectors::read("article.txt"),
        }
    }

    #[track_caller]
    fn open(&self) -> Session<'_> {
        let article = TextOf::new(&self.text);
        Session::open(&self.sets, &self.schema, article, "ada").unwrap()
    }

    #[track_caller]
    fn with(&self, act: impl FnOnce(&mut Session<'_>) -> Result<(), JournalError>) {
        act(&mut self.open()).unwrap();
    }

    fn lines(&self) -> Vec<LabelLine> {
        labels::parse(self.file().as_bytes()).unwrap().lines
    }

    fn file(&self) -> String {
        let doc = vectors::DOC.parse().unwrap();
        let path = self.sets.path(&LabelName { set: "ada".to_owned(), doc });
        std::fs::read_to_string(path).unwrap()
    }

    fn put_file(&self, content: &str) {
        self.world.put(&format!("labels/ada/{}.jsonl", vectors::DOC), content);
    }

    fn log(&self) -> String {
        self.world.get(&format!("labels/ada/.journal/{}.log", vectors::DOC))
    }

    fn put_log(&self, content: &str) {
        self.world.put(&format!("labels/ada/.journal/{}.log", vectors::DOC), content);
    }
}

/// A new entity on the word that begins at a character.
fn added(start: u32) -> Change {
    let text = vectors::read("article.txt");
    let word: String =
        text.chars().skip(start as usize).take_while(|c| c.is_alphanumeric()).collect();
    let end = start + word.chars().count() as u32;
    let fragments = vec![CharRange { start, end }];
    let none = std::collections::BTreeMap::new();
    let attrs = std::collections::BTreeMap::new();
    let annotation = LooseAnnotation {
        id: new_id("entity", "ORG", &fragments, &none, &attrs, |_| false),
        layer: "entity".to_owned(),
        label: "ORG".to_owned(),
        fragments,
        text: word,
        ..LooseAnnotation::default()
    };
    let provenance = Provenance {
        status: Status::Accepted,
        origin: ProposedBy::Human,
        from: Vec::new(),
        was: None,
        carried: None,
        guideline: Some("harbour@1".to_owned()),
        spent_ds: Some(5),
    };
    Change { before: None, after: Some(LabelLine { annotation, provenance }) }
}

fn texts(session: &Session<'_>) -> Vec<String> {
    let lines = session.lines();
    let counted = lines.iter().filter(|line| line.provenance.status.counts());
    counted.map(|line| line.annotation.text.clone()).collect()
}

fn n_added(session: &Session<'_>) -> usize {
    let added: Vec<String> =
        WORDS.iter().map(|start| added(*start).after.unwrap().annotation.id).collect();
    session.lines().iter().filter(|line| added.contains(&line.annotation.id)).count()
}
