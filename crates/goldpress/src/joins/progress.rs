//! Progress bars, drawn where a person watches and silent everywhere else; and Ctrl-C.

use std::{
    fmt::Write,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use indicatif::{
    ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressState, ProgressStyle,
};

use crate::console::Console;

/// A bar over `n` units, hidden when standard error is no terminal.
pub(crate) fn bar(console: &Console, n: u64, unit: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(n), target(console))
        .with_finish(ProgressFinish::AndClear);
    let template =
        format!("{{wide_bar}} {{count}} of {{all}} {unit} · {{rate}}/s · {{eta}} left");
    let style = ProgressStyle::with_template(&template).expect("the template is ours");
    let count = |n: u64, out: &mut dyn Write| {
        // Nothing to be done where a bar cannot be drawn.
        let _ = out.write_str(&goldpress_report::count(n));
    };
    let style = style
        .with_key("count", move |state: &ProgressState, out: &mut dyn Write| {
            count(state.pos(), out);
        })
        .with_key("all", move |state: &ProgressState, out: &mut dyn Write| {
            count(state.len().unwrap_or_default(), out);
        })
        .with_key("rate", |state: &ProgressState, out: &mut dyn Write| {
            let _ = out.write_str(&goldpress_report::rate(Some(state.per_sec())));
        });
    bar.set_style(style);
    bar
}

/// A sign that something is being done of which nobody knows how long it takes.
pub(crate) fn spinner(console: &Console, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, target(console))
        .with_finish(ProgressFinish::AndClear);
    let style = ProgressStyle::with_template("{spinner} {msg} · {elapsed}");
    bar.set_style(style.expect("the template is ours"));
    bar.set_message(what);
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

fn target(console: &Console) -> ProgressDrawTarget {
    if console.live { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() }
}

/// Whether a person pressed Ctrl-C; a second time ends the process at once.
#[derive(Debug)]
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Watches from now on.
    ///
    /// # Errors
    ///
    /// The system refuses the handler.
    pub(crate) fn watch() -> anyhow::Result<Interrupt> {
        use signal_hook::{consts::SIGINT, flag};

        let interrupted = Arc::new(AtomicBool::new(false));
        flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&interrupted))?;
        flag::register(SIGINT, Arc::clone(&interrupted))?;
        Ok(Interrupt(interrupted))
    }

    /// Whether it happened.
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Ends what is being done.
    ///
    /// # Errors
    ///
    /// [`Interrupted`], where it happened.
    pub(crate) fn check(&self) -> Result<(), Interrupted> {
        if self.is_set() { Err(Interrupted) } else { Ok(()) }
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        // Nobody asks any more: from here on one Ctrl-C ends the process.
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A person pressed Ctrl-C, and what was begun is gone.
#[derive(Debug, thiserror::Error)]
#[error("interrupted: no run was kept")]
pub(crate) struct Interrupted;
