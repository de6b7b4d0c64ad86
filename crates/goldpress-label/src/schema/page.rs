//! The guideline page of a schema: what annotators read, as Markdown.

use std::fmt::Write;

use goldpress_model::{ArgSpec, AttrKind, AttrSpec, LayerSpec, Schema};

/// The whole schema in effect as Markdown: a section a layer, a row a label.
///
/// ```
/// let page = goldpress_label::schema_page(goldpress_label::news());
/// assert!(page.starts_with("# news@1\n"));
/// assert!(page.contains("| `GPE` | A place with a government"));
/// ```
pub fn schema_page(schema: &Schema) -> String {
    let mut page = format!("# {}\n", schema.id());
    if let Some(base) = &schema.extends {
        put(&mut page, format_args!("\nExtends {base}.\n"));
    }
    for layer in &schema.layers {
        section(&mut page, layer);
    }
    page
}

fn section(page: &mut String, layer: &LayerSpec) {
    let kind = format!("{:?}", layer.kind).to_lowercase();
    let scope = format!("{:?}", layer.scope).to_lowercase();
    let overlap = format!("{:?}", layer.overlap).to_lowercase();
    put(page, format_args!("\n## {}\n\n", layer.name));
    put(page, format_args!("Kind {kind}, scope {scope}, overlap {overlap}.\n\n"));
    if layer.open {
        page.push_str("Any label may stand here.\n\n");
    }
    if layer.labels.is_empty() {
        return;
    }
    page.push_str("| label | guide | example | not |\n|---|---|---|---|\n");
    for label in &layer.labels {
        let [guide, example, counter] =
            [&label.guide, &label.example, &label.counter].map(|text| cell(text));
        let name = &label.name;
        put(page, format_args!("| `{name}` | {guide} | {example} | {counter} |\n"));
    }
    list(page, "Arguments", layer.args.iter().map(describe_arg));
    list(page, "Attributes", layer.attrs.iter().map(describe_attr));
}

fn list(page: &mut String, title: &str, items: impl Iterator<Item = String>) {
    for (n, item) in items.enumerate() {
        if n == 0 {
            put(page, format_args!("\n{title}:\n\n"));
        }
        put(page, format_args!("- {item}\n"));
    }
}

fn describe_arg(arg: &ArgSpec) -> String {
    let most = arg.max.map_or("any number".to_owned(), |max| max.to_string());
    let targets = arg.target.join(", ");
    let of = only_for(&arg.labels);
    format!("`{}`{of}: {targets}; {} to {most}", arg.role, arg.min)
}

fn describe_attr(attr: &AttrSpec) -> String {
    let of = only_for(&attr.labels);
    let values = match attr.kind {
        AttrKind::Enum => attr.values.join(" "),
        AttrKind::String => "text".to_owned(),
        AttrKind::Bool => "yes or no".to_owned(),
        AttrKind::Integer => "whole number".to_owned(),
    };
    let list = if attr.list { ", a list" } else { "" };
    let required = if attr.required { ", required" } else { "" };
    format!("`{}`{of}: {values}{list}{required}", attr.name)
}

fn only_for(labels: &[String]) -> String {
    match labels {
        [] => String::new(),
        labels => format!(" of {}", labels.join(", ")),
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn put(page: &mut String, text: std::fmt::Arguments<'_>) {
    page.write_fmt(text).expect("a string takes every text");
}
