//! Progress bars: drawn where a person watches, silent everywhere else.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::console::Console;

/// A bar over `n` units, hidden when standard error is no terminal.
pub(crate) fn bar(console: &Console, n: u64, unit: &'static str) -> ProgressBar {
    let target = match console.live {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    };
    let bar = ProgressBar::with_draw_target(Some(n), target);
    let template =
        format!("{{wide_bar}} {{pos}} of {{len}} {unit} · {{per_sec}} · {{eta}} left");
    bar.set_style(ProgressStyle::with_template(&template).expect("the template is ours"));
    bar
}
