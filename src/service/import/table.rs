//! The columns of a register among the rows of a file. Finds the row of headings, which may stand below a title. Holds
//! no checks of content.

use super::{
    Column, FaultKind, ROWS_MAX, RowFault,
    file::{self, FileFault, Row},
};
use crate::domain::wording::fold_typed;

/// Rows above the headings that are passed over: a title, a date.
const TITLE_ROWS_MAX: usize = 9;

/// A register as text.
#[derive(Debug)]
pub(super) struct Table {
    columns: Vec<(usize, Column)>,
    /// Rows below the headings that are not blank, with their numbers.
    pub(super) rows: Vec<Row>,
}

impl Table {
    /// The trimmed text of a cell; empty when the column or the cell is missing.
    pub(super) fn cell<'a>(&self, row: &'a Row, column: Column) -> &'a str {
        let place = self.columns.iter().find(|(_, c)| *c == column).map(|(place, _)| *place);
        place.map_or("", |p| row.cell(p))
    }
}

/// Reads a file.
pub(super) fn read(file: &[u8]) -> Result<Table, RowFault> {
    let rows = file::rows(file, ROWS_MAX, |text| heading(text) == Some(Column::Name));
    let mut rows = rows.map_err(|fault| {
        RowFault::file(match fault {
            FileFault::Unreadable => FaultKind::Unreadable,
            FileFault::TooMany => FaultKind::TooMany,
        })
    })?;
    let place = rows
        .iter()
        .take(TITLE_ROWS_MAX + 1)
        .position(|r| r.cells().any(|c| heading(c) == Some(Column::Name)));
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
    for (place, text) in head.cells().enumerate() {
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
