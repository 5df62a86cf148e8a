//! The description of the API is what was agreed: a change of it is a change of a file that people review.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use greencoin::api;
use serde_json::Value;

fn served() -> Value {
    serde_json::to_value(api::description()).unwrap()
}

/// Each operation with its method and path.
fn operations(document: &Value) -> Vec<(String, Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let all = paths.flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (format!("{method} {path}"), operation.clone()))
    });
    all.collect()
}

/// One line an operation and one a schema, so that a change is one line of a diff.
fn snapshot(document: &Value) -> String {
    let schemas = document["components"]["schemas"].as_object().unwrap().iter();
    let schemas = schemas.map(|(name, schema)| (format!("schema {name}"), schema.clone()));
    let all: BTreeMap<String, Value> = operations(document).into_iter().chain(schemas).collect();
    let lines: Vec<String> =
        all.iter().map(|(name, it)| format!("{}:{it}", Value::from(name.as_str()))).collect();
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

#[test]
fn the_served_description_is_the_one_that_was_agreed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let kept = fs::read_to_string(root.join("tests/it/openapi.json")).unwrap_or_default();
    let served = snapshot(&served());
    if kept != served {
        let at = root.join("target/tmp/openapi.json");
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        fs::write(&at, served).unwrap();
        panic!("the API changed: look at {}, then copy it to tests/it/openapi.json", at.display());
    }
}

#[test]
fn every_operation_has_an_id_of_its_own_a_summary_a_tag_and_a_problem() {
    let document = served();
    let tags: BTreeSet<&str> =
        document["tags"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
    let mut ids = BTreeSet::new();
    for (name, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
        assert!(!id.is_empty() && ids.insert(id), "{name}: no id of its own");
        assert!(operation["summary"].as_str().is_some_and(|s| !s.is_empty()), "{name}: no summary");
        let tag = operation["tags"][0].as_str().unwrap_or_default();
        assert!(tags.contains(tag), "{name}: the tag {tag:?} is not described");
        let problem = operation["responses"].to_string().contains("#/components/schemas/Problem\"");
        assert!(problem, "{name}: no problem");
    }
}

#[test]
fn no_two_schemas_share_a_name() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        for derived in text.split("#[derive(").skip(1) {
            let (traits, rest) = derived.split_once(")]").unwrap();
            if !traits.contains("ToSchema") {
                continue;
            }
            let (_, name) = rest.split_once("struct ").or_else(|| rest.split_once("enum ")).unwrap();
            let name = name.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned();
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            if let Some(other) = seen.insert(name.clone(), file.clone()) {
                panic!("{name} is declared in {other} and in {file}");
            }
        }
    }
}
