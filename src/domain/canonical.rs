//! The one way typed values become bytes to be hashed: every value carries a tag and, where its length varies, that
//! length, so that no two different values share their bytes. Never JSON text, never joined by a separator.
//!
//! Text is taken as it is: it was brought to NFC at the border.

const ABSENT: u8 = 0;
const TEXT: u8 = 1;
const INTEGER: u8 = 2;
const BYTES: u8 = 3;
const LIST: u8 = 4;

/// Collects canonical bytes. Each method appends one value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Encoder(Vec<u8>);

impl Encoder {
    /// Begins with the name of what is encoded, so that two kinds of record never share their bytes.
    #[must_use]
    pub fn new(what: &str) -> Self {
        let mut encoder = Self(Vec::with_capacity(512));
        encoder.text(what);
        encoder
    }

    /// Text: tag 1, length in bytes, UTF-8.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.sized(TEXT, text.as_bytes())
    }

    /// Bytes: tag 3, length, bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.sized(BYTES, bytes)
    }

    /// An integer: tag 2, eight bytes, most significant first, two's complement.
    pub fn integer(&mut self, value: i64) -> &mut Self {
        self.0.push(INTEGER);
        self.0.extend_from_slice(&value.to_be_bytes());
        self
    }

    /// Text or its absence, which is tag 0 and differs from empty text.
    pub fn optional_text(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text(text),
            None => self.absent(),
        }
    }

    /// An integer or its absence.
    pub fn optional_integer(&mut self, value: Option<i64>) -> &mut Self {
        match value {
            Some(value) => self.integer(value),
            None => self.absent(),
        }
    }

    /// The head of a list of `count` items, which the caller appends next: tag 4 and the count.
    pub fn list(&mut self, count: usize) -> &mut Self {
        self.0.push(LIST);
        self.length(count);
        self
    }

    /// The bytes.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    fn absent(&mut self) -> &mut Self {
        self.0.push(ABSENT);
        self
    }

    fn sized(&mut self, tag: u8, bytes: &[u8]) -> &mut Self {
        self.0.push(tag);
        self.length(bytes.len());
        self.0.extend_from_slice(bytes);
        self
    }

    fn length(&mut self, length: usize) {
        // Every input is bounded far below 4 GiB at the border; saturating keeps this total.
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
    }
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // a half byte is a digit below 16
        out.extend([byte >> 4, byte & 15].map(|half| char::from_digit(u32::from(half), 16).unwrap_or('0')));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(fill: impl for<'a> FnOnce(&'a mut Encoder) -> &'a mut Encoder) -> String {
        let mut encoder = Encoder::default();
        fill(&mut encoder);
        hex(&encoder.finish())
    }

    #[test]
    fn golden_vectors_hold() {
        let text = |t: &str| of(|e| e.text(t));
        assert_eq!(text(""), "0100000000");
        assert_eq!(text("绿币"), "0100000006e7bbbfe5b881");
        // Outside the basic plane, and a rare name character inside it.
        assert_eq!(text("𬭎"), "0100000004f0acad8e");
        assert_eq!(text("㛃"), "0100000003e39b83");
        // The name dot U+00B7 and its look-alike U+30FB differ.
        assert_eq!(text("·"), "0100000002c2b7");
        assert_eq!(text("・"), "0100000003e383bb");
        assert_eq!(text("\"\\'"), "0100000003225c27");
        assert_eq!(text("\u{2028}"), "0100000003e280a8");
        assert_eq!(of(|e| e.optional_text(None)), "00");
        assert_eq!(of(|e| e.optional_text(Some(""))), "0100000000");
        assert_eq!(of(|e| e.integer(-1)), "02ffffffffffffffff");
        assert_eq!(of(|e| e.integer(9_007_199_254_740_991)), "02001fffffffffffff");
        assert_eq!(of(|e| e.optional_integer(None)), "00");
        assert_eq!(of(|e| e.optional_integer(Some(0))), "020000000000000000");
        assert_eq!(of(|e| e.bytes(&[0, 255])), "030000000200ff");
        assert_eq!(of(|e| e.list(2).text("a").text("b")), "0400000002010000000161010000000162");
    }

    #[test]
    fn moving_a_boundary_changes_the_bytes() {
        let pair = |a: &str, b: &str| of(|e| e.text(a).text(b));
        assert_ne!(pair("ab", "c"), pair("a", "bc"));
        assert_ne!(pair("", "a"), pair("a", ""));
    }
}
