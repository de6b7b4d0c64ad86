//! What a schema of one's own may say, and what is refused.

use goldpress_label::{news, parse_schema, schema_page};
use goldpress_model::{ContentClass, Role};
use insta::assert_snapshot;

#[test]
fn news_has_nine_layers() {
    let layers: Vec<String> = news()
        .layers
        .iter()
        .map(|layer| format!("{} {}", layer.name, layer.labels.len()))
        .collect();
    assert_snapshot!(
        layers.join(", "),
        @"block 17, metadata 15, entity 15, timex 4, attribution 5, hedge 6, claim 4, event 16, relation 8"
    );
}

#[test]
fn roles_and_classes_of_news_are_those_of_the_model() {
    let block = news().layer("block").expect("news has blocks");
    assert_eq!(block.labels.len(), Role::ALL.len());
    for label in &block.labels {
        let role: Role = label.name.parse().expect("a role");
        let class: ContentClass =
            label.class.as_deref().expect("a class").parse().expect("a class");
        assert_eq!(role.class(), class, "{}", label.name);
    }
}

#[test]
fn every_label_stands_on_the_guideline_page() {
    let page = schema_page(news());
    for layer in &news().layers {
        for label in &layer.labels {
            assert!(page.contains(&format!("| `{}` | ", label.name)), "{}", label.name);
        }
    }
}

#[test]
fn a_file_without_a_schema_means_news() {
    assert_eq!(parse_schema("").unwrap(), *news());
    assert_eq!(parse_schema("schema = \"news@1\"\n[gate]\nx = 1").unwrap(), *news());
}

#[test]
fn an_extension_keeps_what_it_does_not_drop() {
    let schema = parse_schema(MINING).unwrap();
    assert_eq!(schema.id(), "mining@2");
    assert!(schema.follows("news"));
    assert!(schema.layer("relation").is_none());
    assert!(schema.label("event", "ASSAULT").is_none());
    assert!(schema.label("event", "COERCE").is_some());
    assert_eq!(schema.label("entity", "MINE").unwrap().key, Some('m'));
    assert_eq!(schema.label("entity", "MONEY").unwrap().key, None);
    let event = schema.layer("event").unwrap();
    assert!(event.attrs.iter().all(|attr| !attr.labels.contains(&"ASSAULT".into())));
    let incident = schema.layer("incident").unwrap();
    assert_eq!(incident.derive.len(), 2);
}

#[test]
fn dropping_a_layer_drops_the_arguments_that_point_to_it() {
    let schema = parse_schema(
        "[schema]\nname = \"x\"\nversion = 1\nextends = \"news@1\"\ndrop = [\"timex\"]",
    )
    .unwrap();
    let event = schema.layer("event").unwrap();
    assert!(event.args.iter().all(|arg| arg.role != "date"));
    assert!(event.args.iter().any(|arg| arg.role == "actor"));
}

#[test]
fn what_does_not_fit_is_refused_with_every_fault() {
    assert_snapshot!(refusal("schema = \"news@2\""), @"schema `news@2` is not built in; news@1, ner@1, spans@1 are");
    assert_snapshot!(
        refusal(&MINING.replace(
            "an outing\" }]",
            "an outing\", key = \"o\" }, { name = \"LEAK\", key = \"o\", guide = \"g\", example = \"e\", counter = \"c\" }]",
        )),
        @"schema `mining@2`: layer `incident`: label `LEAK` has the key of another label"
    );
    assert_snapshot!(
        refusal(&MINING.replace("entity/MINE", "entity/PIT").replace("\"relation\"", "\"relations\"")),
        @"schema `mining@2`: `drop` names `relations`, which the base has not; layer `incident`: role `site` points to unknown `entity/PIT`"
    );
    let unknown = refusal(&MINING.replace("guide =", "guid ="));
    assert!(unknown.contains("guid"), "{unknown}");
}

#[track_caller]
fn refusal(toml: &str) -> String {
    parse_schema(toml).expect_err("it does not fit").to_string()
}

const MINING: &str = r#"
[schema]
name = "mining"
version = 2
extends = "news@1"
drop = ["relation", "event/ASSAULT"]
[[schema.layers]]
name = "entity"
labels = [{ name = "MINE", key = "m", guide = "A named mine.", example = "the [Sable] mine", counter = "a gold mine of data" }]
[[schema.layers]]
name = "incident"
kind = "event"
scope = "main"
labels = [{ name = "OUTAGE", guide = "Supply stops.", example = "an [outage] of two hours", counter = "an outing" }]
args = [{ role = "site", target = ["entity/MINE"], min = 0, max = 1 }]
attrs = [{ name = "severity", type = "enum", values = ["low", "high"], required = true }, { name = "alarm", type = "bool" }]
derive = [{ attr = "alarm", when = { label = ["OUTAGE"], severity = ["high"] }, value = true }, { attr = "alarm", value = false }]
"#;
