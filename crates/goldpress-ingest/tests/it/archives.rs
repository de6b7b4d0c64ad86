//! Archives: names of members, and members that become more than they should.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use crate::common::told_file;

/// A tar archive of one text, its name told before by an entry of its own.
fn named(kind: tar::EntryType, said: &[u8]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (kind, name, bytes) in
        [(kind, "@", said), (tar::EntryType::Regular, "short.txt", &b"Eins"[..])]
    {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_path(name).expect("is short");
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        tar.append(&header, bytes).expect("memory takes it");
    }
    tar.into_inner().expect("is done")
}

#[test]
fn names_before_a_member_are_its_names_up_to_the_longest_path() {
    let long = format!("{}.txt", "n".repeat(150));
    let gnu = format!("{long}\0");
    let pax = format!("{} path={long}\n", long.len() + 10);
    let pax_size = format!("{pax}10 size=4\n");
    let (huge, wrong) = ("n".repeat(200_000), "10 size=9\n");
    use tar::EntryType::{GNULongName, XGlobalHeader, XHeader};
    for (kind, said, name) in [
        (GNULongName, gnu.as_str(), long.as_str()),
        (XHeader, &pax, &long),
        (XHeader, &pax_size, &long),
        (GNULongName, &huge, "short.txt"),
        (XHeader, &huge.repeat(9), "short.txt"),
        (XGlobalHeader, &pax, "short.txt"),
    ] {
        let told = told_file("a.tar", &named(kind, said.as_bytes()));
        let what = format!("a.tar!{name} 1 @0: Eins [no_headline]");
        assert_eq!(told, what, "{kind:?} of {} bytes", said.len());
    }
    let told = told_file("a.tar", &named(XHeader, wrong.as_bytes()));
    assert!(told.contains("another size than its header says"), "{told}");
}

#[test]
fn members_of_a_zip_file_grow_no_further_than_they_may() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("bomb.txt", vec![b'x'; 8 << 20]), ("b.txt", b"Zwei".to_vec())] {
        zip.start_file(name, SimpleFileOptions::default()).expect("memory takes it");
        zip.write_all(&text).expect("memory takes it");
    }
    let told = told_file("a.zip", &zip.finish().expect("is done").into_inner());
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].contains("bomb.txt 1 @0: too_compressed"), "{told}");
    assert_eq!(lines[1..], ["a.zip!b.txt 1 @0: Zwei [no_headline]"]);
}

#[test]
fn members_that_lie_over_each_other_are_refused() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("a.txt", SimpleFileOptions::default()).expect("memory takes it");
    zip.write_all(b"Eins").expect("memory takes it");
    zip.shallow_copy_file("a.txt", "b.txt").expect("memory takes it");
    let told = told_file("a.zip", &zip.finish().expect("is done").into_inner());
    assert!(told.contains("members of the archive lie over each other"), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
}
