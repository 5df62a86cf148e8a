//! Bodies of operations, filled with what fields of that name take.

use axum::http::Method;
use serde_json::{Value, json};

use super::Full;
use crate::support::{Answer, Client};

/// A public key of a device: the generator of P-256.
pub const DEVICE_KEY: &str =
    "BGsX0fLhLEJH+Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT+NC4v4af5uO5+tKfA+eFivOM1drMV7Oy7ZAaDe/UfU=";

/// A value that a field of that name takes.
fn filled(name: &str, schema: &Value, full: &Full) -> Value {
    match name {
        "step" if schema["example"] == "accept" => json!("reopen"),
        "fix_by" => json!("2026-06-20"),
        "opening" => json!("closed"),
        "on" | "from" | "day" | "first_day" | "occurred_on" => json!("2026-06-03"),
        "why" => json!("asked"),
        "goes_to" => json!("shelf"),
        "decision" => json!("back"),
        "device_key" => json!(DEVICE_KEY),
        "counter" => json!(full.stall.counter.id.to_string()),
        "verdict" => json!("approve"),
        "grade" => json!("small"),
        "user" | "inspector" => json!(full.keeper),
        "vote" => json!("yes"),
        "finding" => json!("dismiss"),
        "step" => json!("close"),
        "meeting" => json!("branch"),
        "kin" | "relation" => json!("child"),
        "kind" => json!("group"),
        "labels" => json!("rural"),
        "role" => json!("clerk"),
        "org" => json!(full.stall.app.village.org.to_string()),
        "to" | "household" => json!("H0001"),
        "relative" | "person" => json!("P000001"),
        "pin" => json!("258146"),
        "photo" => json!("eA=="),
        "points" | "price" | "cost" => json!("1"),
        "item" => json!("D3"),
        "code" => json!("510123456789"),
        "login" => json!("linju"),
        _ if schema["items"]["$ref"].as_str().is_some_and(|item| item.ends_with("/Item")) => {
            json!([{ "sku": 1, "pieces": 1 }])
        }
        _ => match schema["type"].as_str() {
            Some("integer") => json!(1),
            Some("boolean") => json!(false),
            Some("array") => json!([]),
            Some("object") => json!({}),
            _ => json!("x"),
        },
    }
}

pub fn body(document: &Value, operation: &Value, full: &Full) -> Value {
    let reference = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
    let Some(reference) = reference.as_str() else { return json!({}) };
    let schema = &document["components"]["schemas"][reference.rsplit('/').next().unwrap()];
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let optional = ["words", "household"].into_iter().filter(|n| schema["properties"].get(*n).is_some());
    let wanted = required.iter().map(|n| n.as_str().unwrap()).chain(optional);
    wanted.map(|name| (name.to_owned(), filled(name, &schema["properties"][name], full))).collect()
}

/// A form with a file.
pub(super) async fn send_photo(client: &mut Client, at: &str) -> Answer {
    let csrf = client.csrf().await;
    let part = "Content-Disposition: form-data; name";
    let body = format!(
        "--b\r\n{part}=\"csrf\"\r\n\r\n{csrf}\r\n--b\r\n{part}=\"photo\"; filename=\"a.jpg\"\r\n\r\nx\r\n--b--\r\n"
    );
    client.send(Method::POST, at, Some("multipart/form-data; boundary=b"), body.into_bytes()).await
}
