//! `goldpress schema` and the folder `schemas/`.

use super::{Scratch, repository};

#[test]
fn the_folder_schemas_is_what_the_command_writes() {
    let scratch = Scratch::new();
    scratch.ok(&["schema", "--output", "schemas"]);
    let names = scratch.ok(&["schema", "--list"]).stdout;
    assert!(names.contains("articles"), "{names}");
    for name in names.lines() {
        let fresh = scratch.read(&format!("schemas/{name}"));
        let path = repository("schemas").join(name);
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == fresh, "{} is not fresh: run `make schemas`", path.display());
    }
}

#[test]
fn the_guidelines_come_out_as_a_page() {
    let guide = Scratch::new().ok(&["schema", "--guide"]).stdout;
    for word in ["# ", "entity", "PERSON", "timex", "DURATION"] {
        assert!(guide.contains(word), "`{word}` is missing");
    }
}

#[test]
fn an_unknown_file_schema_is_refused_with_the_list() {
    let ran = Scratch::new().run(&["schema", "--file", "nothing.json"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("goldpress schema --list"), "{}", ran.stderr);
}
