//! The command from outside: what a user sees, and what holds of the workspace.

mod architecture;
mod cli;
mod content;
mod interop;
mod raw_shapes;
