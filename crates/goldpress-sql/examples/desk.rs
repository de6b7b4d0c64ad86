//! Writes the newsroom of `tests/queries` to a folder: `desk FOLDER`.

#[path = "../tests/it/desk.rs"]
mod desk;

fn main() {
    let folder = std::env::args_os().nth(1).expect("a folder");
    desk::write(std::path::Path::new(&folder));
}
