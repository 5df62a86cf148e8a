//! A file for the national system as CSV and as JSON: the same columns in the same order. Holds no decision about what is
//! in it.

use serde_json::{Map, Value};

use super::transfer::{FileRecord, Handover};
use crate::{
    domain::timebank::record::decimal_hours,
    service::export::cells::{Cell, csv as line, headings},
};

/// The columns, by the fields of a volunteer's record.
const COLUMNS: [&str; 23] = [
    "file",
    "place",
    "volunteer_no",
    "person_no",
    "name",
    "birth_year",
    "contact",
    "residence",
    "activity",
    "date",
    "location",
    "content",
    "hours",
    "minutes",
    "unit",
    "in_charge",
    "rating",
    "rated_on",
    "recorded_on",
    "late",
    "log_place",
    "replaces",
    "withdrawn",
];

/// The file as CSV, with the mark by which spreadsheets know UTF-8.
#[must_use]
pub fn csv(file: &Handover) -> Vec<u8> {
    let mut out = "\u{feff}".as_bytes().to_vec();
    headings(&mut out, &COLUMNS);
    for record in &file.lines {
        line(&mut out, &cells(file, record));
    }
    out
}

/// The file as JSON.
#[must_use]
pub fn json(file: &Handover) -> String {
    let lines = file.lines.iter().map(|record| {
        let cells = COLUMNS.iter().zip(cells(file, record));
        let object: Map<String, Value> = cells
            .map(|(name, cell)| {
                let value = match cell {
                    Cell::None => Value::Null,
                    Cell::Int(value) => Value::from(value),
                    Cell::Text(text) => Value::from(text),
                };
                ((*name).to_owned(), value)
            })
            .collect();
        Value::Object(object)
    });
    serde_json::json!({ "file": file.row.no, "made_at": file.row.made_at.rfc3339(), "services": lines.collect::<Vec<_>>() })
        .to_string()
}

fn cells(file: &Handover, r: &FileRecord) -> Vec<Cell> {
    let (s, text) = (&r.service, |text: &str| Cell::Text(text.to_owned()));
    let known = |text: &str| if text.is_empty() { Cell::None } else { Cell::Text(text.to_owned()) };
    let number = |value: Option<i64>| value.map_or(Cell::None, Cell::Int);
    vec![
        Cell::Int(file.row.no),
        Cell::Int(r.line.place),
        number(r.who.volunteer),
        text(r.who.no.as_str()),
        text(&r.who.name),
        number(r.birth_year.map(i64::from)),
        known(&r.phone),
        known(&r.residence),
        text(&s.content),
        Cell::Text(s.day.to_string()),
        text(&s.place),
        text(&s.content),
        decimal_hours(r.line.minutes).map_or(Cell::None, Cell::Text),
        Cell::Int(r.line.minutes),
        text(&file.unit),
        text(&file.in_charge),
        number(s.row.rating.map(i64::from)),
        s.row.rating.map_or(Cell::None, |_| Cell::Text(s.recorded_on.to_string())),
        Cell::Text(s.recorded_on.to_string()),
        Cell::Int(i64::from(s.late)),
        Cell::Int(r.line.seq),
        known(r.replaces.as_deref().unwrap_or_default()),
        Cell::Int(i64::from(r.line.seq == 0)),
    ]
}
