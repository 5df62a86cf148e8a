//! The house checks that a compiler does not make: layers, file sizes, headers, where SQL and HTTP may stand, and words
//! that have no place in the project.

use std::{
    fs,
    path::{Path, PathBuf},
};

const LINES_MAX: usize = 400;
const DIALECTS_MAX: usize = 4;

fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, ending: &str, out: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, ending, out);
            } else if path.extension().is_some_and(|e| e == ending) {
                let text = fs::read_to_string(&path).unwrap();
                out.push((path, text));
            }
        }
    }
    let mut out = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), ending, &mut out);
    out.sort();
    assert!(!out.is_empty());
    out
}

fn relative(path: &Path) -> String {
    path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display().to_string()
}

/// The layer a file belongs to: the folder right under `src`, or the file itself.
fn layer(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// What each layer may use. `http` is shared by `api` and `web`.
fn may_use(layer: &str) -> &'static [&'static str] {
    match layer {
        "domain" => &["domain"],
        "text" => &["text", "domain"],
        "store" => &["store", "domain"],
        "service" => &["service", "store", "domain", "text"],
        "http" => &["http", "service", "store", "domain", "text"],
        "api" => &["api", "http", "service", "domain", "text", "store"],
        "web" => &["web", "http", "service", "domain", "text", "store"],
        "jobs" => &["jobs", "service", "domain", "store"],
        // cli puts everything together, lib.rs lists the layers, main.rs calls cli
        _ => &["cli", "api", "web", "jobs", "http", "service", "store", "domain", "text"],
    }
}

#[test]
fn nothing_is_imported_from_a_higher_layer_or_a_neighbour() {
    let layers = ["domain", "text", "store", "service", "http", "api", "web", "jobs", "cli"];
    let mut wrong = Vec::new();
    for (path, text) in files("src", "rs") {
        let own = layer(&path);
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap();
            for other in layers {
                let direct = code.contains(&format!("crate::{other}::"))
                    || code.contains(&format!("use crate::{other};"));
                if direct && !may_use(&own).contains(&other) {
                    wrong.push(format!("{}:{}: {own} uses {other}", relative(&path), number + 1));
                }
            }
        }
        wrong.extend(grouped(&text).into_iter().filter(|other| layers.contains(&other.as_str())).filter_map(
            |other| {
                (!may_use(&own).contains(&other.as_str()))
                    .then(|| format!("{}: {own} uses {other}", relative(&path)))
            },
        ));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The first names inside `use crate::{ … }` groups.
fn grouped(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for rest in text.split("use crate::{").skip(1) {
        let mut depth = 0;
        let mut word = String::new();
        let mut at_start = true;
        for c in rest.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    out.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
                    at_start = true;
                    continue;
                }
                _ => {}
            }
            if at_start && depth == 0 {
                if c.is_alphanumeric() || c == '_' {
                    word.push(c);
                } else if !word.is_empty() {
                    out.push(std::mem::take(&mut word));
                    at_start = false;
                }
            }
        }
        out.extend((!word.is_empty()).then_some(word));
    }
    out
}

#[test]
fn frameworks_stay_in_their_layers() {
    let mut wrong = Vec::new();
    for (path, text) in files("src", "rs") {
        let (own, name) = (layer(&path), relative(&path));
        let says = |what: &str| text.lines().any(|l| l.split("//").next().unwrap().contains(what));
        let only_derives = text
            .lines()
            .filter(|l| l.contains("sqlx"))
            .all(|l| l.contains("sqlx::Type") || l.contains("#[sqlx("));
        if says("sqlx::") && own != "store" && !(own == "domain" && only_derives) {
            wrong.push(format!("{name}: sqlx outside the store"));
        }
        if says("axum::")
            && !["http", "api", "web"].contains(&own.as_str())
            && !name.starts_with("src/cli/serve")
        {
            wrong.push(format!("{name}: axum outside http, api and web"));
        }
        if (says("clap::") || says("anyhow::")) && own != "cli" && own != "main" {
            wrong.push(format!("{name}: clap or anyhow outside cli"));
        }
        if says("std::env::") && !name.starts_with("src/cli/") && own != "main" {
            wrong.push(format!("{name}: the environment is read in cli"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_small_and_say_what_they_hold() {
    let mut wrong = Vec::new();
    for (path, text) in files("src", "rs").into_iter().chain(files("tests", "rs")) {
        let lines = text.lines().count();
        if lines > LINES_MAX {
            wrong.push(format!("{}: {lines} lines", relative(&path)));
        }
        if !text.starts_with("//!") {
            wrong.push(format!("{}: does not open with //!", relative(&path)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_unfinished_or_silenced() {
    let words =
        ["TO".to_owned() + "DO", "FIX".to_owned() + "ME", "XX".to_owned() + "X", "HA".to_owned() + "CK"];
    let ignored = "#[ign".to_owned() + "ore";
    let mut wrong = Vec::new();
    for (path, text) in files("src", "rs").into_iter().chain(files("tests", "rs")) {
        for (number, line) in text.lines().enumerate() {
            let word = words.iter().any(|w| line.split(|c: char| !c.is_alphanumeric()).any(|part| part == w));
            if word || line.contains(&ignored) {
                wrong.push(format!("{}:{}: {}", relative(&path), number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn statements_that_differ_by_engine_are_few() {
    let count: usize = files("src", "rs").iter().map(|(_, text)| text.matches("Dialect = ").count()).sum();
    assert!(count <= DIALECTS_MAX, "{count} statements differ by engine");
}

#[test]
fn every_store_file_lists_its_statements() {
    let registry =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/sql.rs")).unwrap();
    for (path, text) in files("src/store", "rs") {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if text.contains("statements! {") && name != "sql" {
            let folder = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
            let listed = [&name, &folder].iter().any(|n| registry.contains(&format!("super::{n}::")));
            assert!(listed, "{} is not in store::sql::all()", relative(&path));
        }
    }
}

#[test]
fn no_page_carries_script_or_style_inside() {
    for (path, text) in files("src/web/templates", "html") {
        let lower = text.to_lowercase();
        let at = relative(&path);
        assert!(
            !lower.contains("<style") && !lower.contains(" style=\""),
            "{at}: styles stand in the style sheet"
        );
        for tag in lower.split("<script").skip(1) {
            assert!(
                tag.split('>').next().unwrap().contains("src="),
                "{at}: scripts stand in files of their own"
            );
        }
        for handler in [" onclick=", " onload=", " onsubmit=", " onchange=", "javascript:"] {
            assert!(!lower.contains(handler), "{at}: {handler}");
        }
        assert!(
            !lower.contains("http://") || lower.contains("http://www.w3.org"),
            "{at}: nothing from a network"
        );
    }
}
