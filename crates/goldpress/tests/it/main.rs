//! The command from outside: what a user sees, and what holds of the workspace.

mod architecture;
mod cli;
mod raw_shapes;
