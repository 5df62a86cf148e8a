//! The PIN of a card: six digits, no easy ones, three wrong tries and it is blocked.
//! Holds no hashing: the stored form is made in the service layer.

use std::fmt;

use super::wording::fold_typed;

/// Wrong tries in a row after which a card is blocked.
pub const PIN_TRIES_MAX: u8 = 3;

/// Six digits that only the resident knows. Never printed, never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(String);

/// Why a PIN cannot be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPin {
    /// Not six digits.
    #[error("a PIN has six digits")]
    Shape,
    /// One of the first that anyone would try.
    #[error("this PIN is too easy to guess")]
    Trivial,
}

impl Pin {
    /// Reads a PIN that someone enters to be checked: the shape only.
    ///
    /// # Errors
    /// [`InvalidPin::Shape`] when it is not six digits.
    pub fn entered(text: &str) -> Result<Self, InvalidPin> {
        let folded = fold_typed(text);
        if folded.len() == 6 && folded.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(folded))
        } else {
            Err(InvalidPin::Shape)
        }
    }

    /// Reads a PIN that someone chooses: refuses runs, repetitions and year-and-month dates.
    ///
    /// # Errors
    /// [`InvalidPin`] says what is wrong with it.
    pub fn chosen(text: &str) -> Result<Self, InvalidPin> {
        let pin = Self::entered(text)?;
        if pin.is_trivial() { Err(InvalidPin::Trivial) } else { Ok(pin) }
    }

    /// The digits, for the hash function alone.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn is_trivial(&self) -> bool {
        let d = self.0.as_bytes();
        let steps: Vec<i16> = d
            .iter()
            .zip(d.iter().skip(1))
            .map(|(a, b)| (i16::from(*b) - i16::from(*a)).rem_euclid(10))
            .collect();
        let run = steps.iter().all(|s| Some(s) == steps.first() && matches!(s, 0 | 1 | 9));
        let repeats = |n: usize| d.iter().zip(d.iter().skip(n)).all(|(a, b)| a == b);
        let pairs = d.chunks(2).all(|p| p.first() == p.last());
        run || repeats(2) || repeats(3) || pairs || self.is_date()
    }

    /// A year of the last or this century followed by a month, or a two-digit year on both sides of its long form.
    fn is_date(&self) -> bool {
        let number =
            |from: usize, to: usize| self.0.get(from..to).and_then(|s| s.parse::<u16>().ok()).unwrap_or(0);
        let year = |n: u16| (1900..2050).contains(&n);
        let (front, back) = (number(0, 4), number(2, 6));
        (year(front) && ((1..=12).contains(&number(4, 6)) || front % 100 == number(4, 6)))
            || (year(back) && back % 100 == number(0, 2))
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(……)")
    }
}

/// Wrong tries in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PinTries {
    wrong: u8,
}

impl PinTries {
    /// The count as stored.
    #[must_use]
    pub const fn new(wrong: u8) -> Self {
        Self { wrong }
    }

    /// The count to store.
    #[must_use]
    pub const fn wrong(self) -> u8 {
        self.wrong
    }

    /// Whether no try is left.
    #[must_use]
    pub const fn is_blocked(self) -> bool {
        self.wrong >= PIN_TRIES_MAX
    }

    /// Tries left.
    #[must_use]
    pub const fn left(self) -> u8 {
        PIN_TRIES_MAX.saturating_sub(self.wrong)
    }

    /// The count after a try. A blocked card stays blocked, even with the right PIN.
    #[must_use]
    pub const fn after(self, right: bool) -> Self {
        if self.is_blocked() {
            self
        } else if right {
            Self { wrong: 0 }
        } else {
            Self { wrong: self.wrong + 1 }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easy_pins_cannot_be_chosen() {
        for easy in [
            "123456", "654321", "000000", "111111", "890123", "121212", "123123", "112233", "198506",
            "198585", "851985",
        ] {
            assert_eq!(Pin::chosen(easy), Err(InvalidPin::Trivial), "{easy}");
        }
        for fine in ["258146", "905513", "730926"] {
            assert!(Pin::chosen(fine).is_ok(), "{fine}");
        }
        assert_eq!(Pin::chosen("12345"), Err(InvalidPin::Shape));
        assert_eq!(Pin::entered("１２３４５６").unwrap().expose(), "123456");
        assert!(!format!("{:?}", Pin::entered("258146").unwrap()).contains("258"));
    }

    #[test]
    fn the_third_wrong_try_blocks_and_a_right_one_before_it_clears() {
        let two = PinTries::default().after(false).after(false);
        assert!(!two.is_blocked());
        assert_eq!(two.left(), 1);
        assert_eq!(two.after(true), PinTries::default());
        let blocked = two.after(false);
        assert!(blocked.is_blocked());
        assert!(blocked.after(true).is_blocked());
    }
}
