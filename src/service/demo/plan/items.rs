//! What the sample rules pay for the items the demo uses, so that the plan keeps within caps and never spends what a
//! household has not got. The service layer computes the real awards.

use rust_decimal::Decimal;

use super::deeds::{DemoLine, Sheet};

/// Hundredths of a point for so many units of an item.
const fn rate(item: &str, grade: Option<&'static str>) -> (i64, i64) {
    match (item.as_bytes(), grade) {
        (b"A3", Some(grade)) => match grade.as_bytes() {
            b"paper" => (100, 1),
            b"bottles" => (100, 20),
            _ => (200, 1),
        },
        (b"D7", Some(grade)) => match grade.as_bytes() {
            b"first" => (2_000, 1),
            b"second" => (1_000, 1),
            _ => (500, 1),
        },
        (b"A1" | b"B7" | b"C1" | b"C3" | b"E2", _) => (200, 1),
        (b"A2" | b"A5" | b"A7" | b"B2" | b"C4" | b"D3" | b"E1", _) => (500, 1),
        (b"A4", _) => (200, 500),
        (b"B1" | b"B4" | b"C2" | b"C6" | b"D2" | b"D5", _) => (1_000, 1),
        (b"B3" | b"C7" | b"D6", _) => (300, 1),
        (b"B5" | b"D4", _) => (100, 1),
        (b"C8" | b"D1", _) => (2_000, 1),
        _ => (0, 1),
    }
}

/// Spendable points a line is worth, in hundredths.
pub(super) fn worth(item: &str, line: &DemoLine) -> i64 {
    let (points, per) = rate(item, line.grade);
    let value = line.quantity * Decimal::from(points) / Decimal::from(per);
    i64::try_from(value.floor()).unwrap_or(0)
}

/// The sheet an item's lines go on.
pub(super) fn sheet(item: &str) -> Sheet {
    match item {
        "C8" | "D1" | "D2" | "D7" => Sheet::Major,
        _ if item.starts_with('F') && item != "F9" => Sheet::Deductions,
        _ => Sheet::Ordinary,
    }
}
