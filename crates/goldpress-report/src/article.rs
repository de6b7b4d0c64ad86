//! An article as a person reads it: roles in the margin, annotations in the text.
//!
//! Without colours the marks are brackets with labels, `[SNB|ORG]`, so that nothing is
//! told by colour alone.

use anstyle::{AnsiColor, Style};
use goldpress_model::{
    Annotation, Article, AttrValue, Block, ContentClass, Field, Fields, Span,
};

use crate::door::terminal;

/// How an article is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArticleStyle {
    /// Columns of the terminal; lines are wrapped at words.
    pub width: usize,
    /// Whether escape sequences are wanted.
    pub colour: bool,
}

/// Columns of the margin that holds the role.
const MARGIN: usize = 11;

/// The article: fields with their sources, then each block with its role and marks.
///
/// `marks` are shown where they stand; those without a place follow at the end. Marks may
/// nest and cross. Control characters of the text never reach the terminal: the normaliser
/// takes them out, and whatever is left becomes a space.
pub fn article_text(
    article: &Article,
    marks: &[Annotation],
    style: ArticleStyle,
) -> String {
    let mut out = String::new();
    push_fields(&mut out, article, style);
    for block in article.blocks() {
        push_block(&mut out, article.text(), block, marks, style);
    }
    push_placeless(&mut out, marks, style);
    out
}

fn push_fields(out: &mut String, article: &Article, style: ArticleStyle) {
    let paint = Paint { colour: style.colour };
    out.push_str(&format!("{}\n", paint.bold(&article.doc_id().to_string())));
    let parts = article.parts();
    let origin = &parts.origin;
    push_pair(
        out,
        style,
        "from",
        &format!("{} record {}", terminal(&origin.file), origin.record),
    );
    for field in Field::ALL {
        push_field(out, style, &parts.fields, *field);
    }
    if !parts.flaws.is_empty() {
        let flaws: Vec<String> =
            parts.flaws.iter().map(|(flaw, n)| format!("{flaw} {n}")).collect();
        push_pair(out, style, "flaws", &flaws.join(", "));
    }
    out.push('\n');
}

fn push_field(out: &mut String, style: ArticleStyle, fields: &Fields, field: Field) {
    let paint = Paint { colour: style.colour };
    for value in fields.all(field) {
        let source = paint.dim(&format!("({})", value.source));
        push_pair(
            out,
            style,
            field.name(),
            &format!("{} {source}", terminal(&value.value)),
        );
    }
}

fn push_pair(out: &mut String, style: ArticleStyle, key: &str, value: &str) {
    let paint = Paint { colour: style.colour };
    // The longest field name and a gap.
    out.push_str(&format!("{} {value}\n", paint.dim(&format!("{key:<21}"))));
}

fn push_block(
    out: &mut String,
    text: &str,
    block: &Block,
    marks: &[Annotation],
    style: ArticleStyle,
) {
    let paint = Paint { colour: style.colour };
    let tint = role_style(block.role.class());
    let marked = mark_up(text, block.span, marks, paint);
    let width = style.width.saturating_sub(MARGIN + 1).max(20);
    for (i, line) in wrap(&marked, width).iter().enumerate() {
        let margin = if i == 0 { block.role.name() } else { "" };
        let margin = paint.styled(tint, &format!("{margin:>MARGIN$}"));
        let line = match block.role.is_main() {
            true => line.clone(),
            false => paint.dim(line),
        };
        out.push_str(&format!("{margin} {line}\n"));
    }
}

/// A block's text with an opening and a closing mark for each annotation in it.
fn mark_up(text: &str, span: Span, marks: &[Annotation], paint: Paint) -> String {
    let mut edges: Vec<(usize, Edge)> = Vec::new();
    for mark in marks {
        for piece in mark.fragments().spans() {
            if span.contains(*piece) && *piece != span {
                edges.push((piece.start(), Edge::Open { end: piece.end() }));
                edges.push((
                    piece.end(),
                    Edge::Close { start: piece.start(), label: mark.label.clone() },
                ));
            }
        }
    }
    edges.sort_by_key(|(at, edge)| (*at, edge.rank()));
    let mut out = String::new();
    let mut from = span.start();
    for (at, edge) in edges {
        out.push_str(&terminal(&text[from..at]));
        from = at;
        match edge {
            Edge::Open { .. } => out.push_str(&paint.mark("[")),
            Edge::Close { label, .. } => {
                out.push_str(&paint.mark(&format!("|{}]", terminal(&label))))
            }
        }
    }
    out.push_str(&terminal(&text[from..span.end()]));
    out
}

/// One end of a mark.
enum Edge {
    Open { end: usize },
    Close { start: usize, label: String },
}

impl Edge {
    /// At one place, what closes comes before what opens; inner before outer when closing,
    /// outer before inner when opening.
    fn rank(&self) -> (u8, std::cmp::Reverse<usize>) {
        match self {
            Edge::Close { start, .. } => (0, std::cmp::Reverse(*start)),
            Edge::Open { end } => (1, std::cmp::Reverse(*end)),
        }
    }
}

fn push_placeless(out: &mut String, marks: &[Annotation], style: ArticleStyle) {
    let placeless = marks.iter().filter(|mark| mark.fragments().is_empty());
    for mark in placeless {
        let value = match mark.attrs.get("value") {
            Some(AttrValue::Text(value)) => terminal(value),
            Some(AttrValue::Null) => "not stated".to_owned(),
            _ => String::new(),
        };
        push_pair(out, style, &terminal(&mark.label), &value);
    }
}

fn role_style(class: ContentClass) -> Style {
    match class {
        ContentClass::Main => AnsiColor::Green.on_default(),
        ContentClass::Aux => AnsiColor::Cyan.on_default(),
        ContentClass::Meta => AnsiColor::Yellow.on_default(),
        ContentClass::Boilerplate => Style::new().dimmed(),
    }
}

/// Puts styles around text where colours are wanted.
#[derive(Clone, Copy)]
struct Paint {
    colour: bool,
}

impl Paint {
    fn styled(self, style: Style, text: &str) -> String {
        if self.colour {
            format!("{}{text}{}", style.render(), style.render_reset())
        } else {
            text.to_owned()
        }
    }

    fn dim(self, text: &str) -> String {
        self.styled(Style::new().dimmed(), text)
    }

    fn bold(self, text: &str) -> String {
        self.styled(Style::new().bold(), text)
    }

    fn mark(self, text: &str) -> String {
        self.styled(AnsiColor::Magenta.on_default().bold(), text)
    }
}

/// Breaks text at spaces so that no line is wider than `width`, escape sequences aside.
///
/// A word wider than a line stands alone; text without spaces is broken where it is full.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let cells = cells_of(word);
        if used > 0 && used + 1 + cells > width {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        for piece in pieces(word, width) {
            let cells = cells_of(piece);
            if used > 0 && used + cells > width {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push_str(piece);
            used += cells;
        }
    }
    lines.push(line);
    lines
}

/// A word, or its parts where it is wider than a line and holds no escape sequence.
fn pieces(word: &str, width: usize) -> Vec<&str> {
    if cells_of(word) <= width || word.contains('\u{1b}') {
        return vec![word];
    }
    let mut pieces = Vec::new();
    let (mut from, mut used) = (0, 0);
    for (at, c) in word.char_indices() {
        let cells = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used + cells > width && at > from {
            pieces.push(&word[from..at]);
            (from, used) = (at, 0);
        }
        used += cells;
    }
    pieces.push(&word[from..]);
    pieces
}

/// Columns that text takes on a terminal; escape sequences take none.
fn cells_of(text: &str) -> usize {
    let mut cells = 0;
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        cells += unicode_width::UnicodeWidthStr::width(&rest[..at]);
        let end = rest[at..].find('m').map_or(rest.len(), |end| at + end + 1);
        rest = &rest[end..];
    }
    cells + unicode_width::UnicodeWidthStr::width(rest)
}
