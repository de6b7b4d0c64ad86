//! Writing tasks, and the configuration that shows them.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{AttrKind, AttrValue, LayerKind, LooseAnnotation, Schema};
use serde_json::{Value, json};

use crate::{
    export::Page,
    formats::{WHOLE, Written, carrier::carry},
};

/// All tasks stand in one file, which is a list only once it is finished.
const TASKS: &str = "tasks.json";

/// Longest value that is offered as a choice; others are written into a box.
const CHOICE_CHARS: usize = 40;

pub(super) fn task(schema: &Schema, page: &Page<'_>, written: &mut Written) {
    let carried = carry(schema, page, written);
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    let mut results = Vec::new();
    for (n, line) in carried.spans.iter().enumerate() {
        let annotation = &line.annotation;
        let id = format!("r{:02}", n + 1);
        names.insert(&annotation.id, id.clone());
        let LooseAnnotation { layer, label, fragments, text, .. } = annotation;
        let (start, end) = (fragments[0].start, fragments[0].end);
        results.push(with_whole(
            page,
            &annotation.id,
            json!({
                "id": id, "from_name": layer, "to_name": "text", "type": "labels",
                "value": {"start": start, "end": end, "text": text, "labels": [label]},
            }),
        ));
        for (name, value) in &annotation.attrs {
            match attribute(schema, annotation, &id, name, value) {
                Some(result) => results.push(result),
                None => written.lose("attribute"),
            }
        }
    }
    for link in &carried.links {
        if let (Some(from), Some(to)) = (names.get(link.from), names.get(link.to)) {
            let relation = json!({
                "type": "relation", "from_id": from, "to_id": to, "direction": "right",
                "labels": [link.label],
            });
            let own = &link.line.annotation;
            results.push(match own.fragments.is_empty() {
                true => with_whole(page, &own.id, relation),
                false => relation,
            });
        }
    }
    for (n, line) in carried.fields.iter().enumerate() {
        let annotation = &line.annotation;
        let value = annotation.attrs.get("value").and_then(AttrValue::as_text);
        let value = value.unwrap_or_default();
        // What was read off the whole is what a field without a place is taken for.
        let others = annotation.attrs.iter().filter(|(name, value)| {
            *name != "value"
                && !(*name == "source" && **value == AttrValue::from("document"))
        });
        others.for_each(|_| written.lose("attribute"));
        let key = if is_choice(value) { "choices" } else { "text" };
        let kind = if is_choice(value) { "choices" } else { "textarea" };
        results.push(with_whole(
            page,
            &annotation.id,
            json!({
                "id": format!("d{:02}", n + 1), "from_name": annotation.label,
                "to_name": "text", "type": kind, "value": {key: [value]},
            }),
        ));
    }
    let tasks = written.files.entry(TASKS.to_owned()).or_default();
    let id = tasks.iter().filter(|byte| **byte == b'\n').count() + 1;
    let mut task = json!({
        "id": id, "data": {"text": page.text}, "predictions": [],
        "annotations": [{
            "id": id, "was_cancelled": false, "ground_truth": false, "result": results,
        }],
    });
    let mut meta = json!({});
    page.put_homeless(&carried.homeless, &mut meta);
    if meta.get(WHOLE).is_some() {
        task["meta"] = meta;
    }
    tasks.extend_from_slice(format!("{task}\n").as_bytes());
}

/// A result with the whole line in its meta data, where that is asked for.
fn with_whole(page: &Page<'_>, id: &str, mut result: Value) -> Value {
    if page.whole(id).is_some() {
        result["meta"] = json!({});
        page.put_whole(id, &mut result["meta"]);
    }
    result
}

fn is_choice(value: &str) -> bool {
    value.chars().count() <= CHOICE_CHARS && !value.contains('\n')
}

fn attribute(
    schema: &Schema,
    annotation: &LooseAnnotation,
    id: &str,
    name: &str,
    value: &AttrValue,
) -> Option<Value> {
    let values: Vec<String> = match value {
        AttrValue::Null => return None,
        AttrValue::Bool(yes) => vec![yes.to_string()],
        AttrValue::Integer(number) => vec![number.to_string()],
        AttrValue::Text(text) => vec![text.clone()],
        AttrValue::List(texts) => texts.clone(),
    };
    if values.is_empty() {
        return None;
    }
    let layer = schema.layer(&annotation.layer)?;
    let spec = layer.attrs.iter().find(|spec| spec.name == name);
    let is_closed =
        spec.is_some_and(|s| matches!(s.kind, AttrKind::Enum | AttrKind::Bool));
    let range = annotation.fragments[0];
    let mut place = json!({"start": range.start, "end": range.end});
    if is_closed {
        place["text"] = json!(annotation.text);
        place["choices"] = json!(values);
    } else {
        place["text"] = json!(values);
    }
    let kind = if is_closed { "choices" } else { "textarea" };
    Some(json!({
        "id": id, "from_name": name, "to_name": "text", "type": kind, "value": place,
    }))
}

/// Makes a list of the tasks and adds the configuration.
pub(super) fn finish(schema: &Schema, written: &mut Written) {
    let Some(lines) = written.files.get(TASKS) else { return };
    let lines = String::from_utf8_lossy(lines).into_owned();
    let tasks: Vec<&str> = lines.lines().collect();
    let list = format!("[\n{}\n]\n", tasks.join(",\n"));
    written.files.insert(TASKS.to_owned(), list.clone().into_bytes());
    let values = used_values(&list);
    let config = configuration(schema, &values);
    written.files.insert("config.xml".to_owned(), config.into_bytes());
}

/// Values of choices that occur, by control.
fn used_values(list: &str) -> BTreeMap<String, BTreeSet<String>> {
    let tasks: Value = serde_json::from_str(list).unwrap_or_default();
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for task in tasks.as_array().into_iter().flatten() {
        for result in task["annotations"][0]["result"].as_array().into_iter().flatten() {
            let name = result["from_name"].as_str().unwrap_or_default();
            for choice in result["value"]["choices"].as_array().into_iter().flatten() {
                let choice = choice.as_str().unwrap_or_default().to_owned();
                used.entry(name.to_owned()).or_default().insert(choice);
            }
        }
    }
    used
}

fn configuration(schema: &Schema, used: &BTreeMap<String, BTreeSet<String>>) -> String {
    let mut out = "<View>\n".to_owned();
    let mut links: BTreeSet<&str> = BTreeSet::new();
    let mut attributes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for layer in &schema.layers {
        if layer.kind == LayerKind::Field {
            for label in
                layer.labels.iter().filter(|label| used.contains_key(&label.name))
            {
                let values = used[&label.name].iter().map(String::as_str);
                out.push_str(&choices(&label.name, values, false));
            }
            continue;
        }
        let labels: String =
            layer.labels.iter().map(|label| tag("Label", &label.name)).collect();
        let name = escaped(&layer.name);
        out.push_str(&format!(
            "  <Labels name=\"{name}\" toName=\"text\">{labels}</Labels>\n"
        ));
        links.extend(layer.args.iter().map(|arg| arg.role.as_str()));
        if layer.kind == LayerKind::Relation {
            links.extend(layer.labels.iter().map(|label| label.name.as_str()));
        }
        for attr in &layer.attrs {
            let values = attributes.entry(&attr.name).or_default();
            values.extend(attr.values.iter().map(String::as_str));
            if attr.kind == AttrKind::Bool {
                values.extend(["true", "false"]);
            }
        }
    }
    let relations: String = links.iter().map(|link| tag("Relation", link)).collect();
    out.push_str(&format!("  <Relations>{relations}</Relations>\n"));
    out.push_str("  <Text name=\"text\" value=\"$text\"/>\n");
    for (name, values) in attributes {
        let values: BTreeSet<&str> = values.into_iter().collect();
        if values.is_empty() {
            let name = escaped(name);
            out.push_str(&format!(
                "  <TextArea name=\"{name}\" toName=\"text\" perRegion=\"true\"/>\n"
            ));
        } else {
            out.push_str(&choices(name, values.into_iter(), true));
        }
    }
    out.push_str("</View>\n");
    out
}

fn choices<'a>(
    name: &str,
    values: impl Iterator<Item = &'a str>,
    per_region: bool,
) -> String {
    let values: String = values.map(|value| tag("Choice", value)).collect();
    let region = if per_region { " perRegion=\"true\"" } else { "" };
    let name = escaped(name);
    format!("  <Choices name=\"{name}\" toName=\"text\"{region}>{values}</Choices>\n")
}

fn tag(element: &str, value: &str) -> String {
    format!("<{element} value=\"{}\"/>", escaped(value))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}
