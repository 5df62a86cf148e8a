//! Awards kept in a spreadsheet (积分登记表): its columns, its rows as text, the file to fill in. What the rows mean is
//! found out in [`super::from_file`]. Pure.

use sha2::{Digest, Sha256};

use crate::{
    domain::wording::{fold_typed, vocabulary},
    service::{
        Refusal, ServiceError, ServiceResult,
        export::{cells::Cell, xlsx::Workbook},
        import::file::{self, FileFault, Row},
        refuse,
        session::hex,
    },
};

/// The most rows of one file.
pub const ROWS_MAX: usize = 1_000;
/// Rows above the headings that are passed over: a title, a date.
const TITLE_ROWS_MAX: usize = 9;

vocabulary! {
    /// A column of the file.
    Column {
        /// The household's number.
        Household = "household", "户号", "household no.";
        /// Who did it, where the item counts by person; elsewhere only compared.
        Name = "name", "姓名", "name";
        /// The item, by code or by name.
        Item = "item", "项目", "item";
        /// Which grade, for an item that has grades.
        Grade = "grade", "等级", "grade";
        /// How much; 1 when left out.
        Quantity = "quantity", "数量", "quantity";
        /// The day it happened.
        OccurredOn = "day", "日期", "day";
        /// Acts of one event share it.
        Event = "event", "活动", "event";
        /// A remark; also tells apart two rows that are alike otherwise.
        Note = "note", "备注", "remark";
    }
}

impl Column {
    /// The columns no file can do without.
    const REQUIRED: [Self; 3] = [Self::Household, Self::Item, Self::OccurredOn];
    const HEADINGS: [&'static str; 8] = ["户号", "姓名", "项目", "等级", "数量", "日期", "活动", "备注"];
}

/// The rows of a file as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwardRows {
    columns: Vec<(usize, Column)>,
    /// In the order of the file.
    pub rows: Vec<Row>,
    /// What the file itself says of how many rows it has (合计), and in which row.
    pub said: Option<(usize, usize)>,
}

impl AwardRows {
    /// The text of a cell; empty when the column or the cell is missing.
    #[must_use]
    pub fn cell<'a>(&self, row: &'a Row, column: Column) -> &'a str {
        let place = self.columns.iter().find(|(_, c)| *c == column).map(|(place, _)| *place);
        place.map_or("", |p| row.cell(p))
    }

    /// The same rows as plain CSV: what the confirmation carries back.
    #[must_use]
    pub fn plain(&self) -> String {
        let mut out = Column::HEADINGS.join(",");
        for row in &self.rows {
            let quoted = |c: &Column| format!("\"{}\"", self.cell(row, *c).replace('"', "\"\""));
            let cells: Vec<String> = Column::ALL.iter().map(quoted).collect();
            out.push_str(&format!("\n{}", cells.join(",")));
        }
        out
    }
}

/// Reads a file.
pub fn read(file: &[u8]) -> ServiceResult<AwardRows> {
    let rows = file::rows(file, ROWS_MAX, |text| heading(text) == Some(Column::Household));
    let mut rows = rows.map_err(|fault| match fault {
        FileFault::Unreadable => refuse("file_unreadable"),
        FileFault::TooMany => refuse("file_too_long").with("limit", ROWS_MAX),
    })?;
    let is_head = |r: &Row| r.cells().any(|c| heading(c) == Some(Column::Household));
    let place = rows.iter().take(TITLE_ROWS_MAX + 1).position(is_head);
    let place =
        place.ok_or_else(|| refuse("file_column_missing").with("column", Column::Household.words().zh))?;
    let mut body = rows.split_off(place + 1);
    let columns = rows.last().map_or_else(|| Ok(Vec::new()), columns)?;
    let said = body.last().and_then(total);
    if said.is_some() {
        body.pop();
    }
    if body.is_empty() {
        return Err(refuse("file_empty").into());
    }
    if body.len() > ROWS_MAX {
        return Err(refuse("file_too_long").with("limit", ROWS_MAX).into());
    }
    Ok(AwardRows { columns, rows: body, said })
}

/// The number in a last row that begins with 合计: how many rows there should be.
fn total(row: &Row) -> Option<(usize, usize)> {
    let mut cells = row.cells().map(str::trim).filter(|c| !c.is_empty());
    let first = fold_typed(cells.next()?).to_lowercase();
    if !["合计", "共计", "总计", "total"].contains(&first.as_str()) {
        return None;
    }
    let number = cells.find_map(|c| {
        let digits: String = fold_typed(c).chars().filter(char::is_ascii_digit).collect();
        digits.parse().ok()
    });
    Some((row.number, number?))
}

fn columns(head: &Row) -> Result<Vec<(usize, Column)>, Refusal> {
    let mut found: Vec<(usize, Column)> = Vec::new();
    for (place, text) in head.cells().enumerate() {
        let Some(column) = heading(text) else { continue };
        if found.iter().any(|(_, c)| *c == column) {
            return Err(refuse("file_column_twice").with("column", text.trim()));
        }
        found.push((place, column));
    }
    for column in Column::REQUIRED {
        if !found.iter().any(|(_, c)| *c == column) {
            return Err(refuse("file_column_missing").with("column", column.words().zh));
        }
    }
    Ok(found)
}

/// The column a heading names, in either language; anything in brackets is a remark.
fn heading(text: &str) -> Option<Column> {
    let folded = fold_typed(text).to_lowercase().replace(['_', '.', '*', ':'], "");
    Some(match folded.split(['(', '[']).next().unwrap_or_default() {
        "户号" | "户编号" | "家庭编号" | "household" | "householdno" | "householdnumber" => {
            Column::Household
        }
        "姓名" | "名字" | "参加人" | "name" | "fullname" | "person" => Column::Name,
        "项目" | "积分项" | "积分项目" | "项目编号" | "item" | "code" => Column::Item,
        "等级" | "档次" | "类别" | "grade" | "level" => Column::Grade,
        "数量" | "次数" | "时长" | "quantity" | "amount" | "qty" => Column::Quantity,
        "日期" | "发生日期" | "时间" | "date" | "day" | "occurredon" => Column::OccurredOn,
        "活动" | "活动或事项" | "事项" | "event" => Column::Event,
        "备注" | "说明" | "note" | "remark" | "remarks" => Column::Note,
        _ => return None,
    })
}

/// The file to fill in: headings and two examples, which the import refuses until they are replaced.
pub fn template() -> ServiceResult<Vec<u8>> {
    let full = |_| ServiceError::Internal("a template larger than an archive".to_owned());
    let mut book = Workbook::begin("积分登记", &Column::HEADINGS).map_err(full)?;
    let rows = [
        ["H0000", "", "C3", "", "1", "2026-01-31", "一月院坝会", "示例，请改成实际内容"],
        ["H0000", "张建国", "A5", "", "1", "2026-01-31", "一月保洁日", "示例，请改成实际内容"],
    ];
    let rows = rows.map(|row| row.map(Cell::from).to_vec());
    book.rows(&rows).map_err(full)?;
    book.finish().map_err(full)?;
    Ok(book.take())
}

/// The key of a row, from everything it says: the same row in the same or another file is the same award.
#[must_use]
pub(super) fn key(facts: &str) -> String {
    format!("file:{}", hex(&Sha256::digest(facts.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(file: &[u8]) -> &'static str {
        match read(file) {
            Err(ServiceError::Refused(refusal)) => refusal.code,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_sheet_with_a_title_other_headings_and_a_total_is_read() {
        let text = "六月院坝会登记\n户 号,姓名,积分项目,发生日期(年月日),备注\nH0001,张建国,C3,2026/6/2,\n,,,,\nH0002,,C3,2026-06-02,晚到\n合计,2户,,,\n";
        let rows = read(text.as_bytes()).unwrap();
        assert_eq!(rows.said, Some((6, 2)));
        assert_eq!(rows.rows.iter().map(|r| r.number).collect::<Vec<_>>(), [3, 5]);
        assert_eq!(rows.cell(&rows.rows[1], Column::Note), "晚到");
        assert_eq!(rows.cell(&rows.rows[0], Column::Quantity), "");
        let again = read(rows.plain().as_bytes()).unwrap();
        for column in Column::ALL {
            assert_eq!(again.cell(&again.rows[1], *column), rows.cell(&rows.rows[1], *column));
        }
    }

    #[test]
    fn the_template_is_read_by_what_it_is_made_for() {
        let rows = read(&template().unwrap()).unwrap();
        assert_eq!(rows.rows.len(), 2);
        assert_eq!(rows.cell(&rows.rows[1], Column::Event), "一月保洁日");
    }

    #[test]
    fn what_is_missing_or_twice_or_too_long_is_named() {
        assert_eq!(refused(b""), "file_column_missing");
        assert_eq!(refused("姓名,项目\n张,C3\n".as_bytes()), "file_column_missing");
        assert_eq!(refused("户号,项目\nH0001,C3\n".as_bytes()), "file_column_missing");
        assert_eq!(refused("户号,项目,日期,户号\nH0001,C3,,\n".as_bytes()), "file_column_twice");
        assert_eq!(refused("户号,项目,日期\n合计,3,\n".as_bytes()), "file_empty");
        let long = format!("户号,项目,日期\n{}", "H0001,C3,2026-06-01\n".repeat(ROWS_MAX + 1));
        assert_eq!(refused(long.as_bytes()), "file_too_long");
    }
}
