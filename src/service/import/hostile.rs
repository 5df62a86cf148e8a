//! Files made to harm whoever reads them: each is refused quickly, or read as far as it says something.

use std::io::Write;

use flate2::{Compression, write::DeflateEncoder};

use super::file::{FileFault, Row, rows};

const SHEET: &str = "xl/worksheets/sheet1.xml";
const STRINGS: &str = "xl/sharedStrings.xml";

struct Packed {
    name: String,
    /// What the list of files says of its length, if not the truth.
    says: Option<u32>,
    packed: Vec<u8>,
    length: u32,
}

fn pack(name: &str, pieces: impl Iterator<Item = Vec<u8>>) -> Packed {
    let mut deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
    let mut length = 0;
    for piece in pieces {
        deflate.write_all(&piece).unwrap();
        length += u32::try_from(piece.len()).unwrap();
    }
    Packed { name: name.to_owned(), says: None, packed: deflate.finish().unwrap(), length }
}

fn part(name: &str, content: &str) -> Packed {
    pack(name, std::iter::once(content.as_bytes().to_vec()))
}

/// An archive, with nothing checked.
fn archive(parts: &[Packed]) -> Vec<u8> {
    let (mut out, mut list) = (Vec::new(), Vec::new());
    for part in parts {
        let at = u32::try_from(out.len()).unwrap();
        let name = u16::try_from(part.name.len()).unwrap();
        let packed = u32::try_from(part.packed.len()).unwrap();
        let length = part.says.unwrap_or(part.length);
        let mut crc = flate2::Crc::new();
        crc.update(b"");
        let middle = |out: &mut Vec<u8>| {
            for field in [0_u16, 8, 0, 0x21] {
                out.extend_from_slice(&field.to_le_bytes());
            }
            for field in [crc.sum(), packed, length] {
                out.extend_from_slice(&field.to_le_bytes());
            }
            out.extend_from_slice(&name.to_le_bytes());
            out.extend_from_slice(&[0, 0]);
        };
        out.extend_from_slice(b"PK\x03\x04\x14\x00");
        middle(&mut out);
        out.extend_from_slice(part.name.as_bytes());
        out.extend_from_slice(&part.packed);
        list.extend_from_slice(b"PK\x01\x02\x14\x00\x14\x00");
        middle(&mut list);
        list.extend_from_slice(&[0; 10]);
        list.extend_from_slice(&at.to_le_bytes());
        list.extend_from_slice(part.name.as_bytes());
    }
    let (start, size) = (u32::try_from(out.len()).unwrap(), u32::try_from(list.len()).unwrap());
    let count = u16::try_from(parts.len()).unwrap();
    out.extend_from_slice(&list);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&size.to_le_bytes());
    out.extend_from_slice(&start.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out
}

/// A workbook of one sheet, the rest as it should be.
fn workbook(more: Vec<Packed>) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let mut parts = vec![
        part(
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{links}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        part(
            "xl/_rels/workbook.xml.rels",
            &format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{links}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{links}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
            ),
        ),
        part(
            "_rels/.rels",
            &format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{links}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        part(
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        ),
    ];
    parts.extend(more);
    archive(&parts)
}

fn sheet(cells: &str) -> Packed {
    part(SHEET, &format!("<worksheet><sheetData>{cells}</sheetData></worksheet>"))
}

fn read(file: &[u8]) -> Result<Vec<Row>, FileFault> {
    rows(file, 1_000, |text| text == "户号")
}

#[test]
fn the_workbook_of_these_tests_is_read_when_nothing_is_wrong_with_it() {
    let cells = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>户号</t></is></c></row><row r=\"2\"><c r=\"B2\"><v>7</v></c></row>";
    let got = read(&workbook(vec![sheet(cells)])).unwrap();
    assert_eq!((got[0].cell(0), got[1].number, got[1].cell(1)), ("户号", 2, "7"));
}

#[test]
fn a_small_file_that_unfolds_to_gigabytes_ends_at_the_limit() {
    for (name, says) in [(SHEET, None), (SHEET, Some(100)), (STRINGS, None), ("docProps/app.xml", Some(0))] {
        let blanks = std::iter::repeat_n(vec![b' '; 1 << 20], 60);
        let bomb = Packed { says, ..pack(name, blanks) };
        let file = workbook(vec![bomb]);
        assert!(file.len() < 1 << 20, "{}", file.len());
        assert_eq!(read(&file), Err(FileFault::Unreadable), "{name}");
    }
    // what is no part of a table is not even unfolded
    let picture = pack("xl/media/image1.png", std::iter::repeat_n(vec![0; 1 << 20], 60));
    assert_eq!(read(&workbook(vec![sheet(""), picture])), Ok(Vec::new()));
}

#[test]
fn one_long_text_used_over_and_over_ends_at_the_limit() {
    let strings = format!("<sst><si><t>{}</t></si></sst>", "长".repeat(30_000));
    let cells: String =
        (1..900).map(|r| format!("<row r=\"{r}\"><c r=\"A{r}\" t=\"s\"><v>0</v></c></row>")).collect();
    assert_eq!(read(&workbook(vec![part(STRINGS, &strings), sheet(&cells)])), Err(FileFault::TooMany));
}

#[test]
fn a_cell_in_the_furthest_corner_takes_no_more_room_than_itself() {
    let cells = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"A1048576\"><v>2</v></c><c r=\"XFD1048576\"><v>3</v></c></row>";
    let got = read(&workbook(vec![sheet(cells)])).unwrap();
    assert_eq!(got.iter().map(|r| r.number).collect::<Vec<_>>(), [1, 1_048_576]);
}

#[test]
fn more_rows_than_are_wanted_are_not_all_read() {
    let cells: String =
        (1..=1_100).map(|r| format!("<row r=\"{r}\"><c r=\"A{r}\"><v>1</v></c></row>")).collect();
    assert_eq!(read(&workbook(vec![sheet(&cells)])), Err(FileFault::TooMany));
    assert_eq!(read("1\n".repeat(1_100).as_bytes()), Err(FileFault::TooMany));
    assert_eq!(read(",,,,\n".repeat(400_000).as_bytes()), Ok(Vec::new()), "blank rows are none");
}

#[test]
fn entities_and_document_types_are_refused() {
    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&b;</t></is></c></row></sheetData></worksheet>";
    assert_eq!(read(&workbook(vec![part(SHEET, laughs)])), Err(FileFault::Unreadable));
    let outside = "<!doctype x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><worksheet/>";
    assert_eq!(read(&workbook(vec![part(SHEET, outside)])), Err(FileFault::Unreadable));
    // without a document type an entity has no meaning
    let unknown = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&b;</t></is></c></row>";
    if let Ok(rows) = read(&workbook(vec![sheet(unknown)])) {
        assert!(rows.iter().all(|r| !r.cell(0).contains("ha")));
    }
}

#[test]
fn two_parts_of_one_name_and_a_cut_archive_are_refused() {
    assert_eq!(
        read(&workbook(vec![sheet(""), part("XL/worksheets/Sheet1.xml", "<x/>")])),
        Err(FileFault::Unreadable)
    );
    let whole = workbook(vec![sheet("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>")]);
    for length in (4..whole.len()).step_by(7) {
        assert_eq!(read(&whole[..length]), Err(FileFault::Unreadable), "{length}");
    }
    for at in 0..whole.len() {
        let mut turned = whole.clone();
        turned[at] ^= 0x55;
        // whatever it says then, it says something and does not break
        let _told = read(&turned);
    }
}

#[test]
fn numbers_that_are_no_days_stay_numbers() {
    let styles = "<styleSheet><cellXfs><xf numFmtId=\"14\"/></cellXfs></styleSheet>";
    for odd in ["1e300", "-1e300", "NaN", "inf", "-5", "99999999999", "2958465", "0", "x"] {
        let cells = format!("<row r=\"1\"><c r=\"A1\" s=\"0\"><v>{odd}</v></c></row>");
        let _told = read(&workbook(vec![part("xl/styles.xml", styles), sheet(&cells)]));
    }
}
