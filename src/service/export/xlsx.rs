//! A workbook (ISO/IEC 29500) of one table, written as a stream: rows go out as they come, a new sheet begins before
//! the old one is full. Text stands as text and can never be a formula; integers that a spreadsheet would round stand
//! as text too.

use super::{
    cells::Cell,
    zip::{TooLarge, Zip},
};

/// Rows of a sheet with its headings: a spreadsheet takes 1,048,576.
const SHEET_ROWS_MAX: usize = 1_000_000;
/// What a cell takes, in UTF-16 units.
const CELL_UNITS_MAX: usize = 32_767;
/// Stands at the end of a text that was cut.
const CUT: &str = "… [cut: whole in the JSON Lines]";
/// Integers up to here are exact in a spreadsheet.
const EXACT_MAX: u64 = 1 << 53;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const DECLARED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const TYPES: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// A workbook that is being written.
pub(in crate::service) struct Workbook {
    zip: Zip,
    name: &'static str,
    columns: &'static [&'static str],
    sheets: usize,
    rows: usize,
}

impl Workbook {
    /// Begins the workbook of a table.
    pub(in crate::service) fn begin(
        name: &'static str,
        columns: &'static [&'static str],
    ) -> Result<Self, TooLarge> {
        let mut book = Self { zip: Zip::default(), name, columns, sheets: 0, rows: 0 };
        book.sheet()?;
        Ok(book)
    }

    fn sheet(&mut self) -> Result<(), TooLarge> {
        self.close();
        self.sheets += 1;
        self.zip.begin(&format!("xl/worksheets/sheet{}.xml", self.sheets))?;
        self.zip.write(format!("{DECLARED}<worksheet xmlns=\"{MAIN}\"><sheetData>").as_bytes());
        self.rows = 0;
        let headings: Vec<Cell> = self.columns.iter().map(|c| Cell::from(*c)).collect();
        self.line(&headings);
        Ok(())
    }

    fn close(&mut self) {
        self.zip.write(b"</sheetData></worksheet>");
    }

    fn line(&mut self, row: &[Cell]) {
        let mut out = String::from("<row>");
        for cell in row {
            match cell {
                Cell::None => out.push_str("<c/>"),
                Cell::Int(value) if value.unsigned_abs() <= EXACT_MAX => {
                    out.push_str(&format!("<c><v>{value}</v></c>"));
                }
                Cell::Int(value) => text(&mut out, &value.to_string()),
                Cell::Text(words) => text(&mut out, words),
            }
        }
        out.push_str("</row>");
        self.zip.write(out.as_bytes());
        self.rows += 1;
    }

    /// Adds rows.
    pub(in crate::service) fn rows(&mut self, rows: &[Vec<Cell>]) -> Result<(), TooLarge> {
        for row in rows {
            if self.rows >= SHEET_ROWS_MAX {
                self.sheet()?;
            }
            self.line(row);
        }
        Ok(())
    }

    /// What can be sent by now.
    pub(in crate::service) fn take(&mut self) -> Vec<u8> {
        self.zip.take()
    }

    /// Ends the workbook.
    pub(in crate::service) fn finish(&mut self) -> Result<(), TooLarge> {
        self.close();
        let each = |form: fn(usize, &str) -> String| -> String {
            (1..=self.sheets).map(|n| form(n, self.name)).collect()
        };
        let sheets = each(|n, name| {
            let name = if n == 1 { name.to_owned() } else { format!("{name} {n}") };
            format!("<sheet name=\"{name}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>")
        });
        let links = each(|n, _| {
            format!(
                "<Relationship Id=\"rId{n}\" Type=\"{LINKS}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
            )
        });
        let parts = each(|n, _| {
            format!(
                "<Override PartName=\"/xl/worksheets/sheet{n}.xml\" ContentType=\"{TYPES}.worksheet+xml\"/>"
            )
        });
        let files = [
            (
                "xl/workbook.xml",
                format!(
                    "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{LINKS}\"><sheets>{sheets}</sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{links}</Relationships>"),
            ),
            (
                "_rels/.rels",
                format!(
                    "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" \
                     Type=\"{LINKS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "[Content_Types].xml",
                format!(
                    "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
                     ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                     <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
                     <Override PartName=\"/xl/workbook.xml\" ContentType=\"{TYPES}.sheet.main+xml\"/>{parts}</Types>"
                ),
            ),
        ];
        for (name, content) in files {
            self.zip.begin(name)?;
            self.zip.write(DECLARED.as_bytes());
            self.zip.write(content.as_bytes());
        }
        self.zip.finish()
    }
}

fn text(out: &mut String, words: &str) {
    out.push_str("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">");
    let units: usize = words.chars().map(char::len_utf16).sum();
    if units <= CELL_UNITS_MAX {
        escaped(out, words);
    } else {
        let mut left = CELL_UNITS_MAX - CUT.chars().count();
        let fits = |c: &char| {
            left = left.saturating_sub(c.len_utf16());
            left > 0
        };
        escaped(out, &words.chars().take_while(fits).collect::<String>());
        escaped(out, CUT);
    }
    out.push_str("</t></is></c>");
}

/// As the format wants it: what XML cannot hold as `_x001F_`, and text that looks so with its line escaped.
fn escaped(out: &mut String, words: &str) {
    let mut rest = words.chars();
    while let Some(c) = rest.next() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '_' if is_escape(rest.as_str()) => out.push_str("_x005F_"),
            '\t' | '\n' => out.push(c),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                out.push_str(&format!("_x{:04X}_", u32::from(c)));
            }
            _ => out.push(c),
        }
    }
}

/// Whether `x001F_` follows.
fn is_escape(after: &str) -> bool {
    let mut chars = after.chars();
    chars.next() == Some('x')
        && (0..4).all(|_| chars.next().is_some_and(|c| c.is_ascii_hexdigit()))
        && chars.next() == Some('_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader, Xlsx};
    use std::io::Cursor;

    const COLUMNS: &[&str] = &["n", "words"];

    fn written(rows: &[Vec<Cell>]) -> Vec<u8> {
        let mut book = Workbook::begin("table", COLUMNS).unwrap();
        let mut out = book.take();
        book.rows(rows).unwrap();
        out.extend(book.take());
        book.finish().unwrap();
        out.extend(book.take());
        out
    }

    #[test]
    fn a_spreadsheet_reads_what_was_written_and_no_formula() {
        let texts = ["=1+1", "+1", "@a", "a<b>&\"'", "a\u{1}b", "_x0041_", " a ", "\u{202e}😀", ""];
        let rows: Vec<Vec<Cell>> =
            texts.iter().zip(-3_i64..).map(|(t, n)| vec![Cell::Int(n), Cell::from(*t)]).collect();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(written(&rows))).unwrap();
        assert_eq!(book.sheet_names(), ["table"]);
        let sheet = book.worksheet_range("table").unwrap();
        let read: Vec<String> = sheet.rows().skip(1).map(|row| row[1].to_string()).collect();
        assert_eq!(read, texts);
        assert_eq!(sheet.get_value((1, 0)), Some(&Data::Float(-3.0)));
        assert!(book.worksheet_formula("table").unwrap().used_cells().next().is_none());
    }

    #[test]
    fn what_a_spreadsheet_would_round_stays_text_and_long_text_says_that_it_was_cut() {
        let exact = i64::try_from(EXACT_MAX).unwrap();
        let long = "长".repeat(40_000);
        let rows = [vec![Cell::Int(exact), Cell::from(long)], vec![Cell::Int(exact + 1), Cell::None]];
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(written(&rows))).unwrap();
        let sheet = book.worksheet_range("table").unwrap();
        assert_eq!(sheet.get_value((2, 0)), Some(&Data::String("9007199254740993".to_owned())));
        assert!(matches!(sheet.get_value((1, 0)), Some(Data::Float(_))));
        let cut = sheet.get_value((1, 1)).unwrap().to_string();
        assert!(cut.ends_with(CUT) && cut.encode_utf16().count() <= CELL_UNITS_MAX);
    }

    #[test]
    fn a_full_sheet_is_followed_by_another() {
        let mut book = Workbook::begin("table", &["n"]).unwrap();
        let (mut bytes, mut out) = (0, book.take());
        let rows: Vec<Vec<Cell>> = (0..500).map(|n| vec![Cell::Int(n)]).collect();
        for _ in 0..=SHEET_ROWS_MAX / 500 {
            book.rows(&rows).unwrap();
            let piece = book.take();
            bytes = bytes.max(piece.len());
            out.extend(piece);
        }
        book.finish().unwrap();
        out.extend(book.take());
        assert!(bytes < 100_000, "{bytes} bytes were held at once");
        let book: Xlsx<_> = Xlsx::new(Cursor::new(out)).unwrap();
        assert_eq!(book.sheet_names(), ["table", "table 2"]);
    }
}
