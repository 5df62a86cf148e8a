//! JSON Lines, read strictly: every line is an object with exactly the columns of its table. A value that cannot be is
//! named by file, line and field. Holds no rules about what rows mean.

use std::{
    fmt,
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
    str::FromStr,
};

use serde_json::{Map, Value};

use crate::service::{
    export::{Format, Table, cells::Cell},
    session::unhex,
};

/// The longest line: a transaction has at most 64 KiB, and what JSON makes of it at most six times that.
const LINE_BYTES_MAX: u64 = 1 << 20;

/// The first thing in a pack that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct PackFault {
    /// The file.
    pub file: String,
    /// The line, from 1, where the file has lines.
    pub line: Option<u64>,
    /// The field of that line, or what of the file.
    pub field: String,
    /// What it must be.
    pub expected: String,
    /// What it is.
    pub found: String,
}

impl PackFault {
    pub(super) fn of(
        file: impl Into<String>,
        field: impl Into<String>,
        expected: impl ToString,
        found: impl ToString,
    ) -> Self {
        let (expected, found) = (expected.to_string(), found.to_string());
        Self { file: file.into(), line: None, field: field.into(), expected, found }
    }

    pub(super) fn at(self, line: u64) -> Self {
        Self { line: Some(line), ..self }
    }

    pub(super) fn unread(file: impl Into<String>, error: &std::io::Error) -> Self {
        Self::of(file, "file", "a file that can be read", error.kind())
    }
}

impl fmt::Display for PackFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        write!(f, ", {}: expected {}, found {}", self.field, self.expected, self.found)
    }
}

/// The rows of one file, in order.
pub(super) struct Lines {
    pub(super) file: String,
    table: Table,
    reader: BufReader<File>,
    line: u64,
    ahead: Option<Row>,
}

impl Lines {
    pub(super) fn open(folder: &Path, table: Table) -> Result<Self, PackFault> {
        let file = table.file(Format::Jsonl);
        let opened = File::open(folder.join(&file)).map_err(|e| PackFault::unread(&file, &e))?;
        Ok(Self { file, table, reader: BufReader::new(opened), line: 0, ahead: None })
    }

    /// The next row; nothing at the end.
    pub(super) fn next(&mut self) -> Result<Option<Row>, PackFault> {
        if let Some(row) = self.ahead.take() {
            return Ok(Some(row));
        }
        let mut bytes = Vec::new();
        let mut limited = (&mut self.reader).take(LINE_BYTES_MAX);
        limited.read_until(b'\n', &mut bytes).map_err(|e| PackFault::unread(&self.file, &e))?;
        if bytes.is_empty() {
            return Ok(None);
        }
        self.line += 1;
        let wrong =
            |expected: &str, found: &str| PackFault::of(&self.file, "line", expected, found).at(self.line);
        if bytes.pop() != Some(b'\n') {
            return Err(wrong("a whole line", "no end of line"));
        }
        let fields: Map<String, Value> =
            serde_json::from_slice(&bytes).map_err(|e| wrong("a JSON object", &e.to_string()))?;
        let row = Row { file: self.file.clone(), line: self.line, fields };
        for column in self.table.columns() {
            row.value(column)?;
        }
        if row.fields.len() != self.table.columns().len() {
            let known = |name: &&String| !self.table.columns().contains(&name.as_str());
            let other = row.fields.keys().find(known).cloned().unwrap_or_default();
            return Err(wrong("the columns of the table", &other));
        }
        Ok(Some(row))
    }

    /// The next row if it belongs to transaction `seq`; one of an earlier transaction belongs to none.
    pub(super) fn next_of(&mut self, seq: i64) -> Result<Option<Row>, PackFault> {
        let Some(row) = self.next()? else { return Ok(None) };
        let of = row.int("seq")?;
        if of < seq {
            return Err(row.fault("seq", format!("{seq} or later"), of));
        }
        if of == seq {
            return Ok(Some(row));
        }
        self.ahead = Some(row);
        Ok(None)
    }

    /// The only row.
    pub(super) fn only(mut self) -> Result<Row, PackFault> {
        let row = self.next()?;
        let row = row.ok_or_else(|| PackFault::of(&self.file, "line", "one row", "none").at(1))?;
        self.end()?;
        Ok(row)
    }

    /// Nothing may follow.
    pub(super) fn end(&mut self) -> Result<(), PackFault> {
        match self.next()? {
            None => Ok(()),
            Some(row) => Err(row.fault("line", "the end of the file", "another row")),
        }
    }
}

/// One row.
pub(super) struct Row {
    file: String,
    line: u64,
    fields: Map<String, Value>,
}

impl Row {
    /// A fault of this row.
    pub(super) fn fault(&self, field: &str, expected: impl ToString, found: impl ToString) -> PackFault {
        PackFault::of(&self.file, field, expected, found).at(self.line)
    }

    /// A fault unless the two agree.
    pub(super) fn same<T: PartialEq + ToString>(
        &self,
        field: &str,
        expected: T,
        found: T,
    ) -> Result<(), PackFault> {
        if expected == found { Ok(()) } else { Err(self.fault(field, expected, found)) }
    }

    fn value(&self, field: &str) -> Result<&Value, PackFault> {
        self.fields.get(field).ok_or_else(|| self.fault(field, "a value", "nothing"))
    }

    /// The cells in the order of the table's columns.
    pub(super) fn cells(&self, columns: &[&str]) -> Result<Vec<Cell>, PackFault> {
        let cell = |column: &&str| {
            Ok(match self.value(column)? {
                Value::Null => Cell::None,
                Value::String(text) => Cell::Text(text.clone()),
                _ => Cell::Int(self.int(column)?),
            })
        };
        columns.iter().map(cell).collect()
    }

    pub(super) fn maybe_int(&self, field: &str) -> Result<Option<i64>, PackFault> {
        match self.value(field)? {
            Value::Null => Ok(None),
            value => {
                let number = value.as_i64();
                number.map(Some).ok_or_else(|| self.fault(field, "an integer of 64 bits", value))
            }
        }
    }

    pub(super) fn int(&self, field: &str) -> Result<i64, PackFault> {
        self.maybe_int(field)?.ok_or_else(|| self.fault(field, "an integer", "null"))
    }

    pub(super) fn small(&self, field: &str) -> Result<i32, PackFault> {
        let value = self.int(field)?;
        i32::try_from(value).map_err(|_| self.fault(field, "an integer of 32 bits", value))
    }

    pub(super) fn maybe_text(&self, field: &str) -> Result<Option<String>, PackFault> {
        match self.value(field)? {
            Value::Null => Ok(None),
            Value::String(text) if !text.contains('\0') => Ok(Some(text.clone())),
            value => Err(self.fault(field, "text", value)),
        }
    }

    pub(super) fn text(&self, field: &str) -> Result<String, PackFault> {
        self.maybe_text(field)?.ok_or_else(|| self.fault(field, "text", "null"))
    }

    pub(super) fn maybe<T: FromStr>(&self, field: &str, what: &str) -> Result<Option<T>, PackFault> {
        let Some(text) = self.maybe_text(field)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| self.fault(field, what, text))
    }

    pub(super) fn parsed<T: FromStr>(&self, field: &str, what: &str) -> Result<T, PackFault> {
        self.maybe(field, what)?.ok_or_else(|| self.fault(field, what, "null"))
    }

    pub(super) fn bytes(&self, field: &str) -> Result<Vec<u8>, PackFault> {
        let text = self.text(field)?;
        let plain = !text.bytes().any(|b| b.is_ascii_uppercase());
        let bytes = unhex(&text).filter(|_| plain);
        bytes.ok_or_else(|| self.fault(field, "hexadecimal text", text))
    }
}
