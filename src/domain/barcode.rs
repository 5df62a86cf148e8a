//! The maker's bar code of an article (商品条码): EAN-13, its check digit and its bars. Reads no pictures.

use std::fmt;

use super::wording::fold_typed;

/// Modules of a symbol, without the quiet zones.
pub const MODULES: usize = 95;

/// The bars of each digit left of the middle, seven modules, a set bit is dark (ISO/IEC 15420, set A).
const LEFT: [u8; 10] = [
    0b000_1101, 0b001_1001, 0b001_0011, 0b011_1101, 0b010_0011, 0b011_0001, 0b010_1111, 0b011_1011,
    0b011_0111, 0b000_1011,
];
/// Which of the six digits left of the middle are of set B, by the first digit, which has no bars of its own.
const OF_SET_B: [u8; 10] = [
    0b00_0000, 0b00_1011, 0b00_1101, 0b00_1110, 0b01_0011, 0b01_1001, 0b01_1100, 0b01_0101, 0b01_0110,
    0b01_1010,
];

/// A bar code of thirteen digits, the last of which proves the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ean13([u8; 13]);

/// Why a text is no bar code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBarcode {
    /// Not thirteen digits.
    #[error("a bar code has thirteen digits")]
    Form,
    /// The last digit does not prove the others.
    #[error("the last digit of the bar code does not fit the others")]
    CheckDigit,
}

impl Ean13 {
    /// Reads one as it was typed or scanned.
    ///
    /// # Errors
    /// [`InvalidBarcode`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, InvalidBarcode> {
        let digit = |c: char| c.to_digit(10).and_then(|d| u8::try_from(d).ok());
        let digits: Option<Vec<u8>> = fold_typed(text).chars().map(digit).collect();
        let digits: [u8; 13] = digits.and_then(|d| d.try_into().ok()).ok_or(InvalidBarcode::Form)?;
        let sum: u32 =
            digits.iter().zip([1, 3].iter().cycle()).map(|(d, weight)| u32::from(*d) * weight).sum();
        if sum.is_multiple_of(10) { Ok(Self(digits)) } else { Err(InvalidBarcode::CheckDigit) }
    }

    /// Its symbol from left to right; dark modules are set.
    #[must_use]
    pub fn modules(&self) -> Vec<bool> {
        let [first, digits @ ..] = &self.0;
        let of_set_b = OF_SET_B.get(usize::from(*first)).copied().unwrap_or(0);
        let mut out = vec![true, false, true];
        for (place, digit) in digits.iter().enumerate() {
            if place == 6 {
                out.extend([false, true, false, true, false]);
            }
            let left = LEFT.get(usize::from(*digit)).copied().unwrap_or(0);
            let right = !left & 0b111_1111;
            let bars = match place {
                0..=5 if (of_set_b >> (5 - place)) & 1 == 1 => right.reverse_bits() >> 1,
                0..=5 => left,
                _ => right,
            };
            out.extend((0..7).rev().map(|module| (bars >> module) & 1 == 1));
        }
        out.extend([true, false, true]);
        out
    }
}

impl fmt::Display for Ean13 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|digit| write!(f, "{digit}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_digit_proves_the_others() {
        for good in ["6901028075862", "4006381333931", " 69 0102 8075862", "６９０１０２８０７５８６２"]
        {
            assert!(Ean13::parse(good).is_ok(), "{good}");
        }
        assert_eq!(Ean13::parse("6901028075863"), Err(InvalidBarcode::CheckDigit));
        // two neighbours changed places
        assert_eq!(Ean13::parse("9601028075862"), Err(InvalidBarcode::CheckDigit));
        for form in ["", "690102807586", "69010280758620", "690102807586X"] {
            assert_eq!(Ean13::parse(form), Err(InvalidBarcode::Form), "{form}");
        }
    }

    #[test]
    fn the_bars_are_those_of_the_standard() {
        // a pen's code, module by module as on its box
        let bars: String = Ean13::parse("4006381333931")
            .unwrap()
            .modules()
            .into_iter()
            .map(|dark| if dark { '1' } else { '0' })
            .collect();
        assert_eq!(bars.len(), MODULES);
        let (left, rest) = bars.split_at(45);
        assert_eq!(left, concat!("101", "0001101", "0100111", "0101111", "0111101", "0001001", "0110011"));
        let right = concat!("01010", "1000010", "1000010", "1000010", "1110100", "1000010", "1100110", "101");
        assert_eq!(rest, right);
    }
}
