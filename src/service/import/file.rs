//! From bytes to rows of text, whatever program wrote them: CSV in UTF-8 or GB18030, or the first sheet of an XLSX
//! file. How many rows, columns and letters come out is bounded here. Knows nothing of what the columns mean.

use std::{borrow::Cow, collections::BTreeMap, io::Cursor};

use calamine::{DataRef, Reader, Xlsx};

use super::archive;

/// The largest file read, in bytes.
pub const FILE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Columns read of a row; what stands further to the right is passed over.
const COLUMNS_MAX: usize = 64;
/// Letters of all cells together, in bytes.
const TEXT_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Rows beyond the wanted ones: a title, headings, a date.
const ROWS_ABOVE_MAX: usize = 20;
/// The day numbers of a spreadsheet end with the year 9999.
const DAY_NUMBERS_END: f64 = 2_958_466.0;
const ZIP_MAGIC: &[u8] = b"PK\x03\x04";

/// Why a file gives no rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFault {
    /// Neither CSV nor XLSX, too large, or in an unknown encoding.
    Unreadable,
    /// More rows than are wanted.
    TooMany,
}

/// One row of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// As the spreadsheet counts.
    pub number: usize,
    cells: Vec<String>,
}

impl Row {
    /// The trimmed text of a cell; empty when there is none.
    #[must_use]
    pub fn cell(&self, place: usize) -> &str {
        self.cells.get(place).map_or("", |text| text.trim())
    }

    /// Its cells, from the left.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(String::as_str)
    }
}

/// The rows of a file that are not blank, at most `rows_max` and a few above them. `is_heading` finds the line of
/// headings, by which the mark between the cells of a CSV file is told.
pub fn rows(file: &[u8], rows_max: usize, is_heading: impl Fn(&str) -> bool) -> Result<Vec<Row>, FileFault> {
    if file.len() > FILE_BYTES_MAX {
        return Err(FileFault::Unreadable);
    }
    let mut kept = Kept { rows: BTreeMap::new(), rows_max: rows_max + ROWS_ABOVE_MAX, bytes: 0 };
    if file.starts_with(ZIP_MAGIC) {
        xlsx(file, &mut kept)?;
    } else {
        csv(file, &mut kept, is_heading)?;
    }
    Ok(kept.rows.into_iter().map(|(number, cells)| Row { number, cells }).collect())
}

/// What was read so far.
struct Kept {
    rows: BTreeMap<usize, Vec<String>>,
    rows_max: usize,
    bytes: usize,
}

impl Kept {
    fn cell(&mut self, row: usize, column: usize, text: &str) -> Result<(), FileFault> {
        if text.trim().is_empty() || column >= COLUMNS_MAX {
            return Ok(());
        }
        self.bytes += text.len();
        let cells = self.rows.entry(row).or_default();
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        if let Some(cell) = cells.get_mut(column) {
            text.clone_into(cell);
        }
        if self.bytes > TEXT_BYTES_MAX || self.rows.len() > self.rows_max {
            return Err(FileFault::TooMany);
        }
        Ok(())
    }
}

fn decode(file: &[u8]) -> Option<Cow<'_, str>> {
    let bytes = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (!text.contains('\0')).then_some(Cow::Borrowed(text));
    }
    encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes)
}

fn csv(file: &[u8], kept: &mut Kept, is_heading: impl Fn(&str) -> bool) -> Result<(), FileFault> {
    // the reader would count a line's two marks as belonging to two lines
    let text = decode(file).ok_or(FileFault::Unreadable)?.replace("\r\n", "\n");
    let heads = |line: &&str| line.split(['\t', ';', ',']).any(|c| is_heading(c.trim_matches('"')));
    let first = text.lines().find(heads).or_else(|| text.lines().next()).unwrap_or_default();
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
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| FileFault::Unreadable)? {
        let line = record.position().map_or(0, csv::Position::line);
        let number = usize::try_from(line).map_err(|_| FileFault::Unreadable)?;
        for (column, cell) in record.iter().take(COLUMNS_MAX).enumerate() {
            kept.cell(number, column, cell)?;
        }
    }
    Ok(())
}

fn xlsx(file: &[u8], kept: &mut Kept) -> Result<(), FileFault> {
    let clean = archive::repacked(file).ok_or(FileFault::Unreadable)?;
    let mut book = Xlsx::new(Cursor::new(clean)).map_err(|_| FileFault::Unreadable)?;
    let Some(first) = book.sheet_names().into_iter().next() else { return Ok(()) };
    // cell by cell: a table made in one piece would be as large as its furthest corner says
    let mut cells = book.worksheet_cells_reader(&first).map_err(|_| FileFault::Unreadable)?;
    while let Some(cell) = cells.next_cell().map_err(|_| FileFault::Unreadable)? {
        let (row, column) = cell.get_position();
        let (Ok(row), Ok(column)) = (usize::try_from(row), usize::try_from(column)) else {
            return Err(FileFault::Unreadable);
        };
        kept.cell(row + 1, column, &cell_text(cell.get_value()))?;
    }
    Ok(())
}

fn cell_text<'a>(cell: &'a DataRef<'a>) -> Cow<'a, str> {
    match cell {
        DataRef::SharedString(text) => Cow::Borrowed(text),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Cow::Borrowed(text.as_str())
        }
        DataRef::Int(number) => number.to_string().into(),
        DataRef::Float(number) => number.to_string().into(),
        DataRef::Bool(truth) => truth.to_string().into(),
        DataRef::DateTime(at) if (0.0..DAY_NUMBERS_END).contains(&at.as_f64()) => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}").into()
        }
        DataRef::DateTime(at) => at.as_f64().to_string().into(),
        DataRef::Error(_) => "#".into(),
        DataRef::Empty => "".into(),
    }
}

/// `2026-06-03`, `2026/6/3`, `2026.6.3`, `2026年6月3日`, `20260603`; a time behind it is left out.
#[must_use]
pub fn date(text: &str) -> Option<(i32, u8, u8)> {
    let date = text.split(['T', ' ']).next().unwrap_or_default();
    let mut parts: Vec<&str> = date.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).collect();
    if let [whole] = parts.as_slice()
        && whole.len() == 8
        && whole.len() == date.len()
    {
        parts = vec![whole.get(..4)?, whole.get(4..6)?, whole.get(6..)?];
    }
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => {
            Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
        }
        _ => None,
    }
}
