//! Figures: SVG written by hand, styled by presentation attributes alone.
//!
//! A page under `style-src 'self'` drops inline styles, so a figure has none. Numbers have
//! two decimals, so pages are the same bytes everywhere.

use crate::door::html;

/// The colours of Okabe and Ito (2008), which colour-blind readers can tell apart.
const COLOURS: &[&str] =
    &["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"];

/// A bar: its name, its share in `0.0..=1.0` or nothing, and what stands behind it.
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) value: Option<f64>,
    pub(super) note: String,
}

/// Horizontal bars from 0 to 1, one a system, best first as they come.
pub(super) fn bars(title: &str, bars: &[Bar]) -> String {
    const LEFT: usize = 170;
    const WIDTH: usize = 360;
    const ROW: usize = 26;
    let height = bars.len() * ROW + 30;
    let mut svg = format!(
        "<svg viewBox=\"0 0 760 {height}\" width=\"760\" role=\"img\" \
         font-family=\"sans-serif\" font-size=\"12\"><title>{}</title>",
        html(title)
    );
    for tick in 0..=5 {
        let x = LEFT + tick * WIDTH / 5;
        svg.push_str(&format!(
            "<line x1=\"{x}\" y1=\"4\" x2=\"{x}\" y2=\"{}\" stroke=\"#ccc\"/>\
             <text x=\"{x}\" y=\"{}\" fill=\"#767676\" text-anchor=\"middle\">{:.1}</text>",
            height - 22,
            height - 8,
            tick as f64 / 5.0
        ));
    }
    for (i, bar) in bars.iter().enumerate() {
        let y = i * ROW + 6;
        let value = bar.value.unwrap_or(0.0).clamp(0.0, 1.0);
        let colour = COLOURS[i % COLOURS.len()];
        svg.push_str(&format!(
            "<text x=\"{}\" y=\"{}\" fill=\"currentColor\" text-anchor=\"end\">{}</text>\
             <rect x=\"{LEFT}\" y=\"{y}\" width=\"{:.2}\" height=\"16\" fill=\"{colour}\"/>\
             <text x=\"{:.2}\" y=\"{}\" fill=\"currentColor\">{} {}</text>",
            LEFT - 8,
            y + 13,
            html(&bar.name),
            value * WIDTH as f64,
            LEFT as f64 + value * WIDTH as f64 + 6.0,
            y + 13,
            crate::ratio(bar.value),
            html(&bar.note),
        ));
    }
    svg.push_str("</svg>");
    svg
}
