//! The statement of a period (账期结存表): every account with what it began with, what came and went, and what it ended
//! with. Its digest stands in the transaction that closes the period, so that the statement people sign is part of the
//! log. Holds no reading of books.

use sha2::{Digest, Sha256};

use super::{canonical::Encoder, due_process::AwardState, ids::BookId, merkle::Hash, time::Day};

/// Which encoding the statement has.
const STATEMENT_VERSION: i64 = 1;

/// What may not be resolved when a period is to be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unresolved {
    /// Points whose last day is over and that are not posted as lapsed.
    Lapses,
    /// Reversals and corrections that wait for their second person.
    Reversals,
    /// Appeals the township has not decided.
    Appeals,
    /// Objections not decided.
    Objections,
    /// Awards of the period in review.
    InReview,
    /// Awards of the period on no sheet yet.
    Approved,
    /// Awards of the period in notice or objected to.
    InNotice,
    /// Claims of the period that nobody has decided.
    Claims,
    /// Inspection rounds of the period that are not on record.
    Rounds,
    /// Sittings of the panel that are not closed.
    Sittings,
    /// Sheets that hang.
    Notices,
    /// Points still put aside.
    Holds,
    /// Households to be reminded of points that lapse soon.
    Reminders,
}

/// Whether something stands in the way of closing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The period is not closed before it is settled: the closing would fix figures that somebody contests, or that
    /// the rules have changed already.
    Refuses,
    /// Whoever closes says that they have seen it: it lands in the next period.
    Asks,
    /// Good to know.
    Free,
}

impl Unresolved {
    /// Every kind, the gravest first.
    pub const ALL: [Self; 13] = [
        Self::Lapses,
        Self::Reversals,
        Self::Appeals,
        Self::Objections,
        Self::InReview,
        Self::Approved,
        Self::InNotice,
        Self::Claims,
        Self::Rounds,
        Self::Sittings,
        Self::Notices,
        Self::Holds,
        Self::Reminders,
    ];

    /// What it means for the closing.
    #[must_use]
    pub const fn way(self) -> Way {
        match self {
            Self::Lapses | Self::Reversals => Way::Refuses,
            Self::Appeals
            | Self::Objections
            | Self::InReview
            | Self::Approved
            | Self::InNotice
            | Self::Claims
            | Self::Rounds
            | Self::Sittings
            | Self::Notices => Way::Asks,
            Self::Holds | Self::Reminders => Way::Free,
        }
    }

    /// The states of the awards that are meant.
    #[must_use]
    pub const fn award_states(self) -> &'static [AwardState] {
        match self {
            Self::InReview => &[AwardState::Recorded, AwardState::Returned],
            Self::Approved => &[AwardState::Approved],
            Self::InNotice => &[AwardState::InNotice, AwardState::Objected],
            _ => &[],
        }
    }

    /// As the API says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lapses => "lapses",
            Self::Reversals => "reversals",
            Self::Appeals => "appeals",
            Self::Objections => "objections",
            Self::InReview => "in_review",
            Self::Approved => "approved",
            Self::InNotice => "in_notice",
            Self::Claims => "claims",
            Self::Rounds => "rounds",
            Self::Sittings => "sittings",
            Self::Notices => "notices",
            Self::Holds => "holds",
            Self::Reminders => "reminders",
        }
    }
}

/// An account over a period, debit positive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodLine {
    /// Its path.
    pub path: String,
    /// What is counted.
    pub commodity: String,
    /// What it began with: what it ended the last period with.
    pub opening: i64,
    /// What was debited.
    pub debits: i64,
    /// What was credited.
    pub credits: i64,
    /// What it ended with.
    pub closing: i64,
}

impl PeriodLine {
    /// Whether there is nothing to say of it.
    #[must_use]
    pub const fn is_idle(&self) -> bool {
        self.opening == 0 && self.debits == 0 && self.credits == 0
    }
}

/// The statement of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodStatement {
    /// The book.
    pub book: BookId,
    /// The first day; nothing for the first period, which reaches back to the beginning.
    pub from: Option<Day>,
    /// The last day.
    pub through: Day,
    /// How many transactions the book had when it was drawn up.
    pub seq: i64,
    /// The accounts, by path and commodity; those with nothing to say are left out.
    pub lines: Vec<PeriodLine>,
}

impl PeriodStatement {
    /// Puts the accounts in order.
    #[must_use]
    pub fn new(book: BookId, last: Option<Day>, through: Day, seq: i64, mut lines: Vec<PeriodLine>) -> Self {
        lines.retain(|line| !line.is_idle());
        lines.sort_by(|a, b| (&a.path, &a.commodity).cmp(&(&b.path, &b.commodity)));
        Self { book, from: last.map(|day| day.plus(1)), through, seq, lines }
    }

    /// SHA-256 over the canonical bytes of everything it says.
    #[must_use]
    pub fn digest(&self) -> Hash {
        let mut out = Encoder::new("greencoin.period");
        out.integer(STATEMENT_VERSION)
            .bytes(self.book.0.as_bytes())
            .optional_integer(self.from.map(|day| i64::from(day.number())))
            .integer(i64::from(self.through.number()))
            .integer(self.seq)
            .list(self.lines.len());
        for line in &self.lines {
            out.text(&line.path)
                .text(&line.commodity)
                .integer(line.opening)
                .integer(line.debits)
                .integer(line.credits)
                .integer(line.closing);
        }
        Sha256::digest(out.finish()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn everything_it_says_is_in_the_digest_and_the_order_of_finding_is_not() {
        let line = |path: &str, opening, debits, credits| PeriodLine {
            path: path.to_owned(),
            commodity: "POINT".to_owned(),
            opening,
            debits,
            credits,
            closing: opening + debits - credits,
        };
        let lines = vec![line("B", 0, 5, 0), line("A", -5, 0, 5), line("C", 0, 0, 0)];
        let (book, day) = (BookId(Uuid::from_u128(1)), Day::from_number(20_000));
        let first = PeriodStatement::new(book, None, day, 7, lines.clone());
        assert_eq!(first.lines.len(), 2);
        let turned = PeriodStatement::new(book, None, day, 7, lines.iter().rev().cloned().collect());
        assert_eq!(turned.digest(), first.digest());
        let mut seen = std::collections::HashSet::from([first.digest()]);
        let others = [
            PeriodStatement { book: BookId(Uuid::from_u128(2)), ..first.clone() },
            PeriodStatement { from: Some(day), ..first.clone() },
            PeriodStatement { through: day.plus(1), ..first.clone() },
            PeriodStatement { seq: 8, ..first.clone() },
            PeriodStatement { lines: vec![line("A", -5, 0, 5)], ..first.clone() },
            PeriodStatement { lines: vec![line("A", -5, 0, 5), line("B", 0, 6, 0)], ..first.clone() },
            PeriodStatement { lines: vec![line("A", -5, 0, 5), line("B", 1, 5, 0)], ..first },
        ];
        assert!(others.iter().all(|other| seen.insert(other.digest())));
    }
}
