//! One value of one row, and how it is written so that neither a spreadsheet nor a parser is led astray. Holds no
//! tables.

use serde_json::Value;

use crate::domain::time::{Day, Timestamp};

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Nothing.
    None,
    /// An exact integer.
    Int(i64),
    /// Text that people wrote: guarded in spreadsheets.
    Text(String),
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<i32> for Cell {
    fn from(value: i32) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Day> for Cell {
    fn from(value: Day) -> Self {
        Self::Text(value.to_string())
    }
}

impl From<Timestamp> for Cell {
    fn from(value: Timestamp) -> Self {
        Self::Text(value.rfc3339())
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}

/// The line of headings.
pub(crate) fn headings(out: &mut Vec<u8>, columns: &[&str]) {
    line(out, columns.iter().map(|c| quoted(c)));
}

/// A row of a spreadsheet.
pub(crate) fn csv(out: &mut Vec<u8>, row: &[Cell]) {
    line(
        out,
        row.iter().map(|cell| match cell {
            Cell::None => String::new(),
            Cell::Int(value) => value.to_string(),
            Cell::Text(text) => quoted(&guarded(text)),
        }),
    );
}

/// A row as a JSON object. Integers are exact for every reader: the ledger keeps them within 2^53.
pub(super) fn jsonl(out: &mut Vec<u8>, columns: &[&str], row: &[Cell]) {
    let mut object = serde_json::Map::new();
    for (column, cell) in columns.iter().zip(row) {
        let value = match cell {
            Cell::None => Value::Null,
            Cell::Int(value) => Value::from(*value),
            Cell::Text(text) => Value::from(text.as_str()),
        };
        object.insert((*column).to_owned(), value);
    }
    out.extend_from_slice(Value::Object(object).to_string().as_bytes());
    out.push(b'\n');
}

fn line(out: &mut Vec<u8>, cells: impl Iterator<Item = String>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(cell.as_bytes());
    }
    out.extend_from_slice(b"\r\n");
}

/// A spreadsheet takes text that begins so for a formula: an apostrophe keeps it text.
fn guarded(text: &str) -> String {
    let first = text.trim_start_matches(['\u{feff}', ' ', '\u{3000}']).chars().next();
    match first {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '|' | '%' | '＝' | '＋' | '－' | '＠') => {
            format!("'{text}")
        }
        _ => text.to_owned(),
    }
}

fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\r', '\n', ';', '\t']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_looks_like_a_formula_stays_text() {
        let written = |text: &str| {
            let mut out = Vec::new();
            csv(&mut out, &[Cell::from(text)]);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(written("=HYPERLINK(\"x\",1)"), "\"'=HYPERLINK(\"\"x\"\",1)\"\r\n");
        assert_eq!(written("+86 138"), "'+86 138\r\n");
        assert_eq!(written("-5"), "'-5\r\n");
        assert_eq!(written("＠cmd"), "'＠cmd\r\n");
        assert_eq!(written("卷纸, 3卷"), "\"卷纸, 3卷\"\r\n");
        assert_eq!(written("卷纸"), "卷纸\r\n");
    }

    #[test]
    fn an_integer_is_never_guarded_and_nothing_is_empty() {
        let mut out = Vec::new();
        csv(&mut out, &[Cell::Int(-5), Cell::None, Cell::from(Some("a"))]);
        assert_eq!(String::from_utf8(out).unwrap(), "-5,,a\r\n");
        let mut out = Vec::new();
        jsonl(&mut out, &["n", "t"], &[Cell::Int(9_007_199_254_740_991), Cell::None]);
        assert_eq!(String::from_utf8(out).unwrap(), "{\"n\":9007199254740991,\"t\":null}\n");
    }
}
