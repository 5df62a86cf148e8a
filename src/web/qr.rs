//! Draws a credential's digits, or the address of a page, as a QR symbol in SVG, for the screen and for print.

use std::fmt::Write;

use axum::http::{HeaderMap, header};
use qrcode::{EcLevel, QrCode, Version, types::QrError};

use crate::http::Visitor;

/// Light modules around the symbol that a reader needs (ISO/IEC 18004).
const QUIET_ZONE_MODULES: usize = 4;

/// The text does not fit the symbol; for cards that is version 2-Q.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a text of {0} characters does not fit the QR symbol: a credential has at most 48 decimal digits")]
pub struct DoesNotFit(usize);

/// An inline `<svg>` of version 2, level Q (25 × 25 modules and a quiet zone of 4), sized by the page.
///
/// # Errors
///
/// [`DoesNotFit`] if `digits` is longer than 48 decimal digits.
pub fn svg(digits: &str) -> Result<String, DoesNotFit> {
    symbol(digits).map(|symbol| draw(&symbol)).map_err(|_| DoesNotFit(digits.chars().count()))
}

/// An inline `<svg>` of any text, in whatever size of symbol it needs, level M.
///
/// # Errors
///
/// [`DoesNotFit`] if `text` is longer than the largest symbol holds.
pub fn svg_of_text(text: &str) -> Result<String, DoesNotFit> {
    let symbol = QrCode::with_error_correction_level(text, EcLevel::M);
    symbol.map(|symbol| draw(&symbol)).map_err(|_| DoesNotFit(text.chars().count()))
}

/// The symbol that leads to a page of this installation, as the visitor reached it.
#[must_use]
pub fn symbol_of_page(visitor: &Visitor, headers: &HeaderMap, way: &str) -> String {
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let scheme = if visitor.secure { "https" } else { "http" };
    svg_of_text(&format!("{scheme}://{host}{way}")).unwrap_or_default()
}

fn draw(symbol: &QrCode) -> String {
    let width = symbol.width();
    let side = width + 2 * QUIET_ZONE_MODULES;
    let mut path = String::new();
    for (row, modules) in symbol.to_colors().chunks(width).enumerate() {
        let mut column = 0;
        // One rectangle for each run of dark modules: half the bytes, and no hairlines between neighbours.
        for run in modules.chunk_by(|a, b| a == b) {
            if run.first().is_some_and(|color| *color == qrcode::Color::Dark) {
                let (x, y, length) = (column + QUIET_ZONE_MODULES, row + QUIET_ZONE_MODULES, run.len());
                // Writing to a String cannot fail.
                let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
            }
            column += run.len();
        }
    }
    format!(
        "<svg class=\"qr\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\" aria-hidden=\"true\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\
         <path d=\"{path}\"/></svg>"
    )
}

fn symbol(digits: &str) -> Result<QrCode, QrError> {
    QrCode::with_version(digits, Version::Normal(2), EcLevel::Q)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGITS: &str = "110123456789012345678901234567890123456789012345";

    #[test]
    fn forty_eight_digits_fill_a_symbol_of_25_modules() {
        let svg = svg(DIGITS).unwrap();
        assert!(svg.contains("viewBox=\"0 0 33 33\""), "{svg}");
        assert!(svg.len() < 9_000, "{} bytes", svg.len());
    }

    #[test]
    fn more_digits_are_refused() {
        assert_eq!(svg(&format!("{DIGITS}0")), Err(DoesNotFit(49)));
    }
}
