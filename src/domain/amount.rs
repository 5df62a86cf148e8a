//! Quantities as people write them: points with at most two decimals, yuan with two. Holds no arithmetic of rules.

use unicode_normalization::UnicodeNormalization;

use super::posting::Commodity;

/// Minor units in a point.
pub const POINT_MINOR: i64 = 100;

/// Points (or honour points) as people read them: `20`, `0.5`, `-3`. Never more decimals than needed.
#[must_use]
pub fn points(minor: i64) -> String {
    let (sign, size) = (if minor < 0 { "-" } else { "" }, minor.unsigned_abs());
    let (whole, rest) = (size / 100, size % 100);
    match (rest, rest % 10) {
        (0, _) => format!("{sign}{whole}"),
        (_, 0) => format!("{sign}{whole}.{}", rest / 10),
        _ => format!("{sign}{whole}.{rest:02}"),
    }
}

/// Reads points as people write them, at most two decimals: `20`, `0.5`. Nothing when it is not such a number.
#[must_use]
pub fn parse_points(text: &str) -> Option<i64> {
    let folded: String = text.trim().nfkc().collect();
    let (whole, rest) = folded.split_once('.').unwrap_or((&folded, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || rest.len() > 2 || !digits(whole) || !digits(rest) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let rest: i64 = format!("{rest:0<2}").parse().ok()?;
    Some(whole * POINT_MINOR + rest)
}

/// Fen as yuan with two decimals: `12.50`.
#[must_use]
pub fn yuan(fen: i64) -> String {
    let (sign, size) = (if fen < 0 { "-" } else { "" }, fen.unsigned_abs());
    format!("{sign}{}.{:02}", size / 100, size % 100)
}

/// A quantity as decimal text in the unit of its commodity.
#[must_use]
pub fn decimal(quantity: i64, commodity: &str) -> String {
    match commodity {
        Commodity::POINT | Commodity::HONOR => points(quantity),
        _ => quantity.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_written_with_no_more_decimals_than_needed() {
        for (minor, text) in
            [(2_000, "20"), (50, "0.5"), (5, "0.05"), (0, "0"), (-300, "-3"), (-125, "-1.25")]
        {
            assert_eq!(points(minor), text);
        }
        assert_eq!(yuan(1_250), "12.50");
        assert_eq!(yuan(-5), "-0.05");
    }

    #[test]
    fn points_read_back_and_nothing_else_does() {
        for (text, minor) in [("20", 2_000), ("0.5", 50), (" １２.25 ", 1_225), ("0.05", 5)] {
            assert_eq!(parse_points(text), Some(minor), "{text}");
        }
        for bad in ["", ".5", "-3", "1.234", "1,5", "十", "1e3", "9999999999999"] {
            assert_eq!(parse_points(bad), None, "{bad}");
        }
    }
}
