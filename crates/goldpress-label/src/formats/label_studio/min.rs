//! JSON-MIN: a task's data with its regions beside them, under the names of the controls.
//!
//! What it leaves out is lost on its way: links, ids of regions, which person wrote a field.

use serde_json::{Map, Value, json};

/// Keys that the tool writes of the annotation, not of the text.
const ABOUT: [&str; 7] = [
    "id",
    "annotator",
    "annotation_id",
    "created_at",
    "updated_at",
    "lead_time",
    "agreement",
];

/// Whether tasks are of JSON-MIN: they say who annotated them, or hold bare regions.
pub(super) fn recognises(tasks: &[Value]) -> bool {
    let is_plain = |task: &Value| {
        task.is_object() && task.get("data").is_none_or(|data| !data.is_object())
    };
    let is_told = |task: &Value| {
        task.get("annotation_id").is_some()
            || task.get("annotator").is_some() && task.get("lead_time").is_some()
    };
    let has_regions = |task: &Value| {
        let mut values = task.as_object().into_iter().flat_map(Map::values);
        values
            .any(|value| value.as_array().is_some_and(|list| list.iter().any(is_region)))
    };
    tasks.iter().all(is_plain)
        && tasks.iter().any(|task| is_told(task) || has_regions(task))
}

fn is_region(value: &Value) -> bool {
    let labels = ["labels", "hypertextlabels"].iter().any(|key| value[*key].is_array());
    labels && (value.get("start").is_some() || value.get("globalOffsets").is_some())
}

/// Tasks as the full export would have them; what one person says twice stands twice.
pub(super) fn whole(tasks: &[Value]) -> Vec<Value> {
    let mut whole: Vec<(Value, Value)> = Vec::new();
    for task in tasks {
        let annotation = annotation(task);
        // Each annotation of a task is a line of its own here.
        let same = |(known, _): &&mut (Value, Value)| {
            !task["id"].is_null() && known["id"] == task["id"]
        };
        match whole.iter_mut().find(same) {
            Some((_, full)) => {
                if let Some(annotations) = full["annotations"].as_array_mut() {
                    annotations.push(annotation);
                }
            }
            None => {
                let data = data(task);
                let full =
                    json!({"id": task["id"], "data": data, "annotations": [annotation]});
                whole.push((task.clone(), full));
            }
        }
    }
    whole.into_iter().map(|(_, full)| full).collect()
}

/// The text and whatever else is a word of the task itself.
fn data(task: &Value) -> Value {
    let mut data = Map::new();
    for (key, value) in task.as_object().into_iter().flatten() {
        if value.is_string() && !ABOUT.contains(&key.as_str()) {
            data.insert(key.clone(), value.clone());
        }
    }
    // Where no key is called `text`, the text is what the regions stand in.
    if !data.contains_key("text")
        && let Some(longest) =
            data.values().filter_map(Value::as_str).max_by_key(|t| t.len())
    {
        data.insert("text".to_owned(), json!(longest));
    }
    Value::Object(data)
}

fn annotation(task: &Value) -> Value {
    let mut results = Vec::new();
    for (control, value) in task.as_object().into_iter().flatten() {
        if ABOUT.contains(&control.as_str()) {
            continue;
        }
        let regions = value.as_array().into_iter().flatten().filter(|v| is_region(v));
        for region in regions {
            results
                .push(json!({"from_name": control, "type": "labels", "value": region}));
        }
        if value["choices"].is_array() {
            results
                .push(json!({"from_name": control, "type": "choices", "value": value}));
        }
    }
    json!({"completed_by": task["annotator"], "result": results})
}
