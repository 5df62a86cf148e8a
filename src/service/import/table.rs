//! From bytes to rows of text, whatever program wrote them: CSV in UTF-8 or GB18030, or the first sheet of an XLSX
//! file. Finds the row of headings, which may stand below a title. Holds no checks of content.

use std::{borrow::Cow, io::Cursor};

use calamine::{Data, Reader, Xlsx};

use super::{Column, FILE_BYTES_MAX, FaultKind, ROWS_MAX, RowFault};
use crate::domain::wording::fold_typed;

/// Rows above the headings that are passed over: a title, a date.
const TITLE_ROWS_MAX: usize = 9;
const ZIP_MAGIC: &[u8] = b"PK\x03\x04";

/// A register as text.
#[derive(Debug)]
pub(super) struct Table {
    columns: Vec<(usize, Column)>,
    /// Rows below the headings that are not blank, with their numbers.
    pub(super) rows: Vec<Row>,
}

/// One row of text.
#[derive(Debug)]
pub(super) struct Row {
    /// As the spreadsheet counts.
    pub(super) number: usize,
    cells: Vec<String>,
}

impl Table {
    /// The trimmed text of a cell; empty when the column or the cell is missing.
    pub(super) fn cell<'a>(&self, row: &'a Row, column: Column) -> &'a str {
        let place = self.columns.iter().find(|(_, c)| *c == column).map(|(place, _)| *place);
        place.and_then(|p| row.cells.get(p)).map_or("", |text| text.trim())
    }
}

/// Reads a file.
pub(super) fn read(file: &[u8]) -> Result<Table, RowFault> {
    if file.len() > FILE_BYTES_MAX {
        return Err(RowFault::file(FaultKind::Unreadable));
    }
    let rows = if file.starts_with(ZIP_MAGIC) { xlsx(file)? } else { csv(file)? };
    let mut rows: Vec<Row> =
        rows.into_iter().filter(|r| r.cells.iter().any(|c| !c.trim().is_empty())).collect();
    let place = rows
        .iter()
        .take(TITLE_ROWS_MAX + 1)
        .position(|r| r.cells.iter().any(|c| heading(c) == Some(Column::Name)));
    let Some(place) = place else {
        let kind = if rows.is_empty() { FaultKind::Empty } else { FaultKind::MissingColumn };
        return Err(RowFault { column: Some(Column::Name), ..RowFault::file(kind) });
    };
    let body = rows.split_off(place + 1);
    let Some(head) = rows.pop() else { return Err(RowFault::file(FaultKind::Empty)) };
    let columns = columns(&head)?;
    if body.is_empty() {
        return Err(RowFault::file(FaultKind::Empty));
    }
    if body.len() > ROWS_MAX {
        return Err(RowFault::file(FaultKind::TooMany));
    }
    Ok(Table { columns, rows: body })
}

fn columns(head: &Row) -> Result<Vec<(usize, Column)>, RowFault> {
    let mut found: Vec<(usize, Column)> = Vec::new();
    for (place, text) in head.cells.iter().enumerate() {
        let Some(column) = heading(text) else { continue };
        if found.iter().any(|(_, c)| *c == column) {
            return Err(RowFault::cell(head.number, column, FaultKind::RepeatedColumn, text));
        }
        found.push((place, column));
    }
    for column in Column::REQUIRED {
        if !found.iter().any(|(_, c)| *c == column) {
            return Err(RowFault::cell(head.number, column, FaultKind::MissingColumn, ""));
        }
    }
    Ok(found)
}

/// The column a heading names, in either language; anything in brackets is a remark.
fn heading(text: &str) -> Option<Column> {
    let folded = fold_typed(text).to_lowercase().replace(['_', '.', '*', ':'], "");
    let word = folded.split(['(', '[']).next().unwrap_or_default();
    Some(match word {
        "户号" | "户编号" | "家庭编号" | "household" | "householdno" | "householdnumber" => {
            Column::Household
        }
        "姓名" | "名字" | "name" | "fullname" => Column::Name,
        "与户主关系" | "关系" | "户主关系" | "relation" | "relationtohead" | "relationship" => {
            Column::Relation
        }
        "出生年" | "出生年份" | "出生日期" | "出生年月" | "birthyear" | "yearofbirth" | "born" => {
            Column::BirthYear
        }
        "手机" | "手机号" | "手机号码" | "电话" | "联系电话" | "phone" | "mobile" | "phonenumber" => {
            Column::Phone
        }
        "小组/联户" | "小组" | "村民小组" | "组别" | "联户" | "网格" | "小区" | "楼栋" | "group"
        | "householdgroup" | "grid" => Column::Place,
        "入户日期" | "入户时间" | "joinedon" | "joined" | "since" => Column::JoinedOn,
        _ => return None,
    })
}

fn decode(file: &[u8]) -> Option<Cow<'_, str>> {
    let bytes = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (!text.contains('\0')).then_some(Cow::Borrowed(text));
    }
    encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes)
}

fn csv(file: &[u8]) -> Result<Vec<Row>, RowFault> {
    let unreadable = || RowFault::file(FaultKind::Unreadable);
    let text = decode(file).ok_or_else(unreadable)?;
    let first = text.lines().find(|l| heading_line(l)).or_else(|| text.lines().next()).unwrap_or_default();
    let delimiter = if first.contains('\t') {
        b'\t'
    } else if first.contains(';') && !first.contains(',') {
        b';'
    } else {
        b','
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| unreadable())?;
        let line = record.position().map_or(0, csv::Position::line);
        let number = usize::try_from(line).map_err(|_| unreadable())?;
        rows.push(Row { number, cells: record.iter().map(str::to_owned).collect() });
    }
    Ok(rows)
}

fn heading_line(line: &str) -> bool {
    line.split(['\t', ';', ',']).any(|c| heading(c.trim_matches('"')) == Some(Column::Name))
}

fn xlsx(file: &[u8]) -> Result<Vec<Row>, RowFault> {
    let unreadable = |_| RowFault::file(FaultKind::Unreadable);
    let mut book = Xlsx::new(Cursor::new(file)).map_err(unreadable)?;
    let range = match book.worksheet_range_at(0) {
        Some(range) => range.map_err(unreadable)?,
        None => return Err(RowFault::file(FaultKind::Empty)),
    };
    let top = range.start().map_or(0, |(row, _)| row);
    let top = usize::try_from(top).unwrap_or(0);
    Ok(range
        .rows()
        .enumerate()
        .map(|(i, cells)| Row { number: top + i + 1, cells: cells.iter().map(cell_text).collect() })
        .collect())
}

fn cell_text(cell: &Data) -> String {
    match cell {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(truth) => truth.to_string(),
        Data::DateTime(at) => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::Error(_) => "#".to_owned(),
        Data::Empty => String::new(),
    }
}
