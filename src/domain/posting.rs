//! A posting: signed quantities of commodities over accounts that sum to zero for each commodity. One that does
//! not balance cannot be constructed. Holds no knowledge of which accounts exist: see [`crate::domain::chart`].

use std::{collections::BTreeMap, fmt, str::FromStr, sync::Arc};

use super::time::Day;

/// The most lines one posting may have.
pub const MAX_LINES: usize = 1000;
/// The largest quantity a line or a balance may reach: 2^53 − 1, exact in every JSON reader.
pub const MAX_QUANTITY: i64 = (1 << 53) - 1;
/// The longest account path, in bytes.
pub const MAX_PATH_BYTES: usize = 200;

/// What is counted: points, honour points, minutes, fen, pieces of one article. `^[A-Z][A-Z0-9-]{0,22}[A-Z0-9]$`,
/// the form that both hledger and beancount accept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Commodity(Arc<str>);

impl Commodity {
    /// Spendable points, in hundredths.
    pub const POINT: &str = "POINT";
    /// Reputation points (评比分), in hundredths. Never redeemable.
    pub const HONOR: &str = "HONOR";
    /// Minutes of service.
    pub const MIN: &str = "MIN";
    /// Chinese fen.
    pub const CNYFEN: &str = "CNYFEN";

    /// Spendable points.
    #[must_use]
    pub fn point() -> Self {
        Self(Self::POINT.into())
    }

    /// Reputation points.
    #[must_use]
    pub fn honor() -> Self {
        Self(Self::HONOR.into())
    }

    /// Minutes of service.
    #[must_use]
    pub fn min() -> Self {
        Self(Self::MIN.into())
    }

    /// Chinese fen.
    #[must_use]
    pub fn cnyfen() -> Self {
        Self(Self::CNYFEN.into())
    }

    /// Pieces of the article with that number: `SKU-000017`.
    #[must_use]
    pub fn sku(number: u32) -> Self {
        Self(format!("SKU-{number:06}").into())
    }

    /// Its code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it counts pieces of an article.
    #[must_use]
    pub fn is_sku(&self) -> bool {
        self.0.strip_prefix("SKU-").is_some_and(|n| n.len() >= 6 && n.bytes().all(|b| b.is_ascii_digit()))
    }

    /// Decimal digits after the point: 2 for points and honour, 0 for everything else.
    #[must_use]
    pub fn scale(&self) -> u32 {
        match self.as_str() {
            Self::POINT | Self::HONOR => 2,
            _ => 0,
        }
    }
}

impl FromStr for Commodity {
    type Err = InvalidCommodity;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let upper = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        let bytes = text.as_bytes();
        let fits = (2..=24).contains(&bytes.len())
            && bytes.first().is_some_and(u8::is_ascii_uppercase)
            && bytes.last().is_some_and(|b| upper(*b))
            && bytes.iter().all(|b| upper(*b) || *b == b'-')
            && !matches!(text, "TRUE" | "FALSE" | "NULL");
        if fits { Ok(Self(text.into())) } else { Err(InvalidCommodity(text.to_owned())) }
    }
}

impl fmt::Display for Commodity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not a commodity code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a commodity code: 2 to 24 of A-Z, 0-9 and -, first a letter, last not -")]
pub struct InvalidCommodity(pub String);

/// An account's place: at least two ASCII components joined by `:`, the first one of the five roots.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Arc<str>);

impl Path {
    /// The five roots, as hledger and beancount know them.
    pub const ROOTS: [&str; 5] = ["Assets", "Liabilities", "Equity", "Income", "Expenses"];

    /// For the chart's own constants, which its tests parse.
    pub(super) fn constant(text: &'static str) -> Self {
        Self(text.into())
    }

    /// The whole path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its components, root first.
    pub fn components(&self) -> impl Iterator<Item = &str> {
        self.0.split(':')
    }
}

impl FromStr for Path {
    type Err = InvalidPath;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let component = |part: &str| {
            part.bytes().next().is_some_and(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        let mut parts = text.split(':');
        let fits = text.len() <= MAX_PATH_BYTES
            && parts.next().is_some_and(|root| Self::ROOTS.contains(&root))
            && text.contains(':')
            && parts.all(component);
        if fits { Ok(Self(text.into())) } else { Err(InvalidPath(text.to_owned())) }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not an account path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not an account: two or more parts of A-Z, a-z, 0-9 and - joined by `:`, first one of the five roots"
)]
pub struct InvalidPath(pub String);

/// One line of a posting: debit +, credit −.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The account moved.
    pub account: Path,
    /// What is moved.
    pub commodity: Commodity,
    /// How much, in minor units.
    pub quantity: i64,
    /// The last day on which a credit may be spent; only where points or minutes lapse.
    pub expires_on: Option<Day>,
}

impl Line {
    /// A line that does not lapse.
    #[must_use]
    pub const fn new(account: Path, commodity: Commodity, quantity: i64) -> Self {
        Self { account, commodity, quantity, expires_on: None }
    }

    /// The same line, spendable up to and with `day`.
    #[must_use]
    pub fn expiring(self, day: Option<Day>) -> Self {
        Self { expires_on: day, ..self }
    }
}

/// Lines that balance. Each account and commodity appears at most once: two lines on the same one are refused, not
/// merged, because a merged line could no longer say which of two expiry days it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting(Vec<Line>);

impl Posting {
    /// Checks the lines: at least two, at most [`MAX_LINES`], none zero, none beyond [`MAX_QUANTITY`], no account
    /// and commodity twice, and zero for each commodity.
    pub fn new(lines: Vec<Line>) -> Result<Self, Unbalanced> {
        if lines.len() < 2 {
            return Err(Unbalanced::TooFewLines(lines.len()));
        }
        if lines.len() > MAX_LINES {
            return Err(Unbalanced::TooManyLines(lines.len()));
        }
        let mut sums: BTreeMap<&Commodity, i64> = BTreeMap::new();
        let mut seen = std::collections::HashSet::with_capacity(lines.len());
        for line in &lines {
            if line.quantity == 0 {
                return Err(Unbalanced::Zero(line.account.clone()));
            }
            // `unsigned_abs`, because i64::MIN has no positive twin.
            if line.quantity.unsigned_abs() > MAX_QUANTITY.unsigned_abs() {
                return Err(Unbalanced::TooLarge(line.account.clone()));
            }
            if !seen.insert((&line.account, &line.commodity)) {
                return Err(Unbalanced::Repeated(line.account.clone(), line.commodity.clone()));
            }
            let sum = sums.entry(&line.commodity).or_default();
            // MAX_LINES × MAX_QUANTITY is below 2^63, yet the sum is checked: the two constants may change.
            *sum =
                sum.checked_add(line.quantity).ok_or_else(|| Unbalanced::TooLarge(line.account.clone()))?;
        }
        if let Some((commodity, sum)) = sums.into_iter().find(|(_, sum)| *sum != 0) {
            return Err(Unbalanced::NotZero { commodity: commodity.clone(), sum });
        }
        Ok(Self(lines))
    }

    /// No lines at all: what is put on record without moving anything. Which kinds may is decided by the book.
    #[must_use]
    pub const fn nothing() -> Self {
        Self(Vec::new())
    }

    /// Its lines, in the order given.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.0
    }

    /// The same lines with every sign turned: what undoes it.
    #[must_use]
    pub fn mirror(&self) -> Self {
        // Bounded by MAX_QUANTITY, so the negation is exact, and a balanced sum stays balanced.
        Self(self.0.iter().map(|l| Line { quantity: -l.quantity, ..l.clone() }).collect())
    }

    /// One posting with the effect of `self` and `other` together: quantities on the same account and commodity
    /// are added, those that cancel are left out. Fails when nothing or too much is left.
    pub fn combined(&self, other: &Self) -> Result<Self, Unbalanced> {
        let mut lines = self.0.clone();
        for line in &other.0 {
            match lines.iter_mut().find(|l| l.account == line.account && l.commodity == line.commodity) {
                Some(same) => same.quantity += line.quantity,
                None => lines.push(line.clone()),
            }
        }
        lines.retain(|l| l.quantity != 0);
        Self::new(lines)
    }
}

/// Why lines are not a posting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unbalanced {
    /// Fewer than two lines.
    #[error("a posting needs at least 2 lines, not {0}")]
    TooFewLines(usize),
    /// More than [`MAX_LINES`].
    #[error("a posting has at most {MAX_LINES} lines, not {0}")]
    TooManyLines(usize),
    /// A line of nothing.
    #[error("the line on {0} moves nothing")]
    Zero(Path),
    /// Beyond [`MAX_QUANTITY`].
    #[error("the line on {0} is too large")]
    TooLarge(Path),
    /// The same account and commodity twice.
    #[error("{0} appears twice for {1}")]
    Repeated(Path, Commodity),
    /// Debits and credits differ.
    #[error("{commodity} is out of balance by {sum}")]
    NotZero {
        /// The commodity.
        commodity: Commodity,
        /// What its lines add up to.
        sum: i64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(account: &str, commodity: &str, quantity: i64) -> Line {
        Line::new(account.parse().unwrap(), commodity.parse().unwrap(), quantity)
    }

    #[test]
    fn commodity_codes_are_those_both_exports_accept() {
        for good in ["POINT", "SKU-000017", "MIN", "A1", "ABCDEFGHIJKLMNOPQRSTUVWX"] {
            assert_eq!(good.parse::<Commodity>().unwrap().as_str(), good);
        }
        for bad in ["", "A", "point", "1A", "A-", "积分", "A B", "NULL", "ABCDEFGHIJKLMNOPQRSTUVWXY"] {
            assert!(bad.parse::<Commodity>().is_err(), "{bad}");
        }
        assert_eq!(Commodity::sku(17).as_str(), "SKU-000017");
        assert!(Commodity::sku(u32::MAX).as_str().parse::<Commodity>().unwrap().is_sku());
    }

    #[test]
    fn paths_have_a_root_and_ascii_components() {
        for good in ["Equity:Expired", "Liabilities:Households:H0001:Available", "Assets:1a-"] {
            assert_eq!(good.parse::<Path>().unwrap().as_str(), good);
        }
        for bad in
            ["", "Equity", "Equity:", "Equity::A", "Foo:A", "Equity:a", "Equity:户", "Equity:A_B", ":A"]
        {
            assert!(bad.parse::<Path>().is_err(), "{bad}");
        }
    }

    #[test]
    fn lines_that_do_not_balance_are_no_posting() {
        let (a, b) = ("Equity:Budget:F", "Liabilities:Households:H1:Available");
        let new = |lines: &[(&str, &str, i64)]| {
            Posting::new(lines.iter().map(|(p, c, q)| line(p, c, *q)).collect())
        };
        assert!(new(&[(a, "POINT", 5), (b, "POINT", -5)]).is_ok());
        assert_eq!(new(&[(a, "POINT", 5)]), Err(Unbalanced::TooFewLines(1)));
        let out = new(&[(a, "POINT", 5), (b, "POINT", -4)]);
        assert_eq!(out, Err(Unbalanced::NotZero { commodity: Commodity::point(), sum: 1 }));
        assert!(matches!(new(&[(a, "POINT", 5), (b, "HONOR", -5)]), Err(Unbalanced::NotZero { .. })));
        assert!(matches!(new(&[(a, "POINT", 0), (b, "POINT", 0)]), Err(Unbalanced::Zero(_))));
        assert!(matches!(new(&[(a, "POINT", 5), (a, "POINT", -5)]), Err(Unbalanced::Repeated(..))));
        for big in [MAX_QUANTITY + 1, i64::MIN, i64::MAX] {
            assert!(matches!(new(&[(a, "POINT", big), (b, "POINT", 1)]), Err(Unbalanced::TooLarge(_))));
        }
        let many = (0..=MAX_LINES).map(|n| line(&format!("Equity:A{n}"), "POINT", 1)).collect();
        assert_eq!(Posting::new(many), Err(Unbalanced::TooManyLines(MAX_LINES + 1)));
    }

    #[test]
    fn a_posting_and_its_mirror_cancel() {
        let lines =
            vec![line("Equity:A", "POINT", 5), line("Equity:B", "POINT", -3), line("Equity:C", "POINT", -2)];
        let posting = Posting::new(lines).unwrap();
        assert_eq!(posting.mirror().mirror(), posting);
        assert_eq!(posting.combined(&posting.mirror()), Err(Unbalanced::TooFewLines(0)));
    }
}
