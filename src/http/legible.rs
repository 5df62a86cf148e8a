//! The one character that no text of ours may hold: zero. One engine keeps it and the other refuses the row, so it is
//! turned away where it would come in, whatever the field. Says what it finds; the extractors refuse.

/// In an address or an urlencoded form.
pub(crate) fn urlencoded_zero(text: &[u8]) -> bool {
    text.contains(&0) || text.windows(3).any(|w| w == b"%00")
}

/// In a JSON text: written out, or as the escape `\u0000` that is not itself escaped.
pub(crate) fn json_zero(text: &[u8]) -> bool {
    if text.contains(&0) {
        return true;
    }
    let mut escaped = false;
    for window in text.windows(6) {
        if escaped {
            escaped = false;
        } else if window.first() == Some(&b'\\') {
            if window == b"\\u0000" {
                return true;
            }
            escaped = true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escaped_backslash_before_u0000_is_not_a_zero() {
        assert!(json_zero(br#"{"a":"x\u0000"}"#));
        assert!(json_zero(br#"{"a":"\\\u0000"}"#));
        assert!(!json_zero(br#"{"a":"\\u0000"}"#));
        assert!(!json_zero(br#"{"a":"\u00001"}"#.get(..5).unwrap()));
        assert!(json_zero(b"\"\0\""));
        assert!(!json_zero(r#"{"a":"张\n三"}"#.as_bytes()));
    }

    #[test]
    fn a_zero_in_an_address_or_a_form_is_seen() {
        assert!(urlencoded_zero(b"q=%00") && urlencoded_zero(b"a\0"));
        assert!(!urlencoded_zero(b"q=%2500") && !urlencoded_zero(b"q=%E5%BC%A0"));
    }
}
