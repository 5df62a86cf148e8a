//! Draws a bar code in SVG, for tags that are printed.

use std::fmt::Write;

use crate::domain::barcode::{Ean13, MODULES};

/// Light modules that a reader needs left and right of the bars (ISO/IEC 15420).
const QUIET_LEFT: usize = 11;
const QUIET_RIGHT: usize = 7;
/// The height of the bars, in modules.
const HEIGHT: usize = 36;

/// An inline `<svg>`, sized by the page.
#[must_use]
pub fn svg(code: &Ean13) -> String {
    let (mut path, mut x) = (String::new(), QUIET_LEFT);
    for run in code.modules().chunk_by(|a, b| a == b) {
        let width = run.len();
        if run.first() == Some(&true) {
            // writing to a string does not fail
            let _ = write!(path, "M{x} 0h{width}v{HEIGHT}h-{width}z");
        }
        x += width;
    }
    let width = QUIET_LEFT + MODULES + QUIET_RIGHT;
    format!(
        "<svg class=\"ean\" viewBox=\"0 0 {width} {HEIGHT}\" role=\"img\" aria-label=\"{code}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{width}v{HEIGHT}h-{width}z\"/>\
         <path d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_begin_after_the_quiet_zone_and_end_before_the_other() {
        let drawn = svg(&Ean13::parse("4006381333931").unwrap());
        assert!(drawn.contains("viewBox=\"0 0 113 36\""), "{drawn}");
        assert!(drawn.contains("d=\"M11 0h1v36h-1zM13 0h1v36h-1z"), "{drawn}");
        assert!(drawn.ends_with("M103 0h1v36h-1zM105 0h1v36h-1z\"/></svg>"), "{drawn}");
    }
}
