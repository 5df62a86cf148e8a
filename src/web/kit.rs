//! Page parts with behaviour: the box that scans a code, and the live code itself.
//!
//! A page holds one as a field and writes `{{ scan|safe }}`; the part escapes its own text. The page then loads
//! `scan.js` or `code.js` in its `scripts` block.

use crate::text::T;
use askama::Template;

/// A form that takes a code by camera, photo, scanner gun or hand, and posts it as the field `code`.
///
/// Frames and photos go to `decode`, which answers `200 {"text": "…"}` or `204` and expects the token in `X-CSRF-Token`.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/scan.html", config = ".askama.toml")]
pub struct ScanBox {
    /// The language of its words.
    pub t: T,
    /// The token of the session.
    pub csrf: String,
    /// Where the form posts the code.
    pub action: String,
    /// Where frames and photos are decoded.
    pub decode: String,
    /// What the button says.
    pub submit: String,
    /// Hidden fields that travel with the code, by name.
    pub carried: Vec<(String, String)>,
}

/// A code that is good for some seconds, drawn and counted down; `code.js` renews it from the same page.
///
/// Without script, put `<noscript><meta http-equiv="refresh" content="{{ code.seconds }}"></noscript>` into the page's
/// `head` block.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/code.html", config = ".askama.toml")]
pub struct LiveCode {
    /// The language of its words.
    pub t: T,
    /// The symbol, from [`super::qr::svg`].
    pub svg: String,
    /// The digits to read out when nothing scans; may be empty.
    pub digits: String,
    /// How many more seconds the code is good for.
    pub seconds: u32,
}

impl LiveCode {
    /// The digits in groups of four, as people read them.
    #[must_use]
    pub fn grouped(&self) -> String {
        let mut out = String::new();
        for (place, digit) in self.digits.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                out.push(' ');
            }
            out.push(digit);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lang::Lang;

    #[test]
    fn the_scan_box_escapes_what_it_carries() {
        let carried = vec![("order".to_owned(), "\"><script>".to_owned())];
        let (csrf, action, decode) = ("t".to_owned(), "/counter".to_owned(), "/scan".to_owned());
        let html = ScanBox { t: T(Lang::En), csrf, action, decode, submit: "Open".to_owned(), carried };
        let html = html.render().unwrap();
        assert!(!html.contains("<script>"), "{html}");
        assert!(html.contains("data-decode=\"/scan\""), "{html}");
    }

    #[test]
    fn the_digits_of_a_code_are_read_in_fours() {
        let svg = "<svg class=\"qr\"></svg>".to_owned();
        let code = LiveCode { t: T(Lang::Zh), svg, digits: "1234567890".to_owned(), seconds: 60 };
        assert_eq!(code.grouped(), "1234 5678 90");
        let html = code.render().unwrap();
        assert!(html.contains("<svg class=\"qr\">"), "{html}");
        assert!(html.contains("data-counting=\"{seconds}秒后自动刷新\""), "{html}");
    }
}
