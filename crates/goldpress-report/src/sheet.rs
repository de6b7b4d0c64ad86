//! A page of lines and tables that is written once, for a terminal or as Markdown.

use crate::{Format, Table, door};

/// Heads, lines and tables, of which every text passes the door of its medium.
pub(crate) struct Sheet {
    format: Format,
    out: String,
}

impl Sheet {
    /// An empty page.
    pub(crate) fn new(format: Format) -> Sheet {
        Sheet { format, out: String::new() }
    }

    /// A head above a table; `level` counts the marks of Markdown.
    pub(crate) fn head(&mut self, level: usize, text: &str) {
        let text = self.safe(text);
        match self.format {
            Format::Md => self.out.push_str(&format!("{} {text}\n\n", "#".repeat(level))),
            _ => self.out.push_str(&format!("{text}\n")),
        }
    }

    /// A line of text.
    pub(crate) fn line(&mut self, text: &str) {
        let text = self.safe(text);
        self.out.push_str(&format!("{text}\n"));
    }

    /// One of a list of lines.
    pub(crate) fn item(&mut self, text: &str) {
        if self.format == Format::Md {
            self.out.push_str("- ");
        }
        self.line(text);
    }

    /// A table, and a gap behind it.
    pub(crate) fn table(&mut self, table: &Table) {
        self.out.push_str(&table.render(self.format));
        self.gap();
    }

    /// A table that lines belong to: Markdown alone needs a gap before them.
    pub(crate) fn table_with_lines(&mut self, table: &Table) {
        self.out.push_str(&table.render(self.format));
        if self.format == Format::Md {
            self.gap();
        }
    }

    /// An empty line.
    pub(crate) fn gap(&mut self) {
        self.out.push('\n');
    }

    /// A mark by which a program knows the page; it is not shown.
    pub(crate) fn mark(&mut self, name: &'static str) {
        if self.format == Format::Md {
            self.out.push_str(&format!("<!-- {name} -->\n"));
        }
    }

    /// The page.
    pub(crate) fn into_string(self) -> String {
        self.out
    }

    fn safe(&self, text: &str) -> String {
        match self.format {
            Format::Md => door::markdown(text),
            _ => door::terminal(text),
        }
    }
}
