//! Files exchanged with the tools that own the formats, where their packages are there.

use std::process::Command;

use crate::cli::{Scratch, repository};

/// `make test-interop` installs the packages into `.venv`, and says so by a file.
#[test]
#[expect(
    clippy::print_stdout,
    reason = "a test that is skipped says so, and what was read"
)]
fn other_tools_read_what_we_write_and_we_read_what_they_write() {
    let python = repository(".venv/bin/python");
    if !repository(".venv/interop").exists() {
        println!("skipped: no packages in .venv; `make test-interop` installs them");
        return;
    }
    let scratch = Scratch::new();
    let ran = Command::new(&python)
        .arg(repository("interop/check.py"))
        .arg(assert_cmd::cargo::cargo_bin!("goldpress"))
        .arg(scratch.path("interop"))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{told}{}", String::from_utf8_lossy(&ran.stderr));
    println!("{told}");
    assert_eq!(told.lines().count(), 6, "{told}");
}
