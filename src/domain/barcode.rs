//! The maker's bar code of an article (商品条码): EAN-13, its check digit, its bars, and the digits that bars of measured
//! widths say. Reads no pictures.

use std::fmt;

use super::wording::fold_typed;

/// Modules of a symbol, without the quiet zones.
pub const MODULES: usize = 95;

/// Bars and spaces of a symbol, without the quiet zones.
pub const RUNS: usize = 59;
/// How wide a bar of the guards may be, in twentieths of a module: it is one, seen from aslant or out of focus.
const GUARD_TWENTIETHS: std::ops::RangeInclusive<i64> = 6..=50;
/// By how much of its width a digit may miss the nearest pattern, in hundredths of all its modules.
const MISSED_MAX: i64 = 28;

/// Bars and spaces of each digit, in modules (set A; the right half has the same, set B the same backwards).
const WIDTHS: [[i64; 4]; 10] = [
    [3, 2, 1, 1],
    [2, 2, 2, 1],
    [2, 1, 2, 2],
    [1, 4, 1, 1],
    [1, 1, 3, 2],
    [1, 2, 3, 1],
    [1, 1, 1, 4],
    [1, 3, 1, 2],
    [1, 2, 1, 3],
    [3, 1, 1, 2],
];

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
        Self::proved(digits)
    }

    fn proved(digits: [u8; 13]) -> Result<Self, InvalidBarcode> {
        let sum: u32 =
            digits.iter().zip([1, 3].iter().cycle()).map(|(d, weight)| u32::from(*d) * weight).sum();
        if sum.is_multiple_of(10) { Ok(Self(digits)) } else { Err(InvalidBarcode::CheckDigit) }
    }

    /// The code whose bars and spaces, from left to right, are so wide (in any unit); none if they are no symbol.
    #[must_use]
    pub fn of_runs(runs: &[i64; RUNS]) -> Option<Self> {
        let modules = i64::try_from(MODULES).ok()?;
        let whole: i64 = runs.iter().sum();
        let (left_guard, rest) = runs.split_first_chunk::<3>()?;
        let (left, rest) = rest.split_first_chunk::<24>()?;
        let (middle, rest) = rest.split_first_chunk::<5>()?;
        let (right, right_guard) = rest.split_first_chunk::<24>()?;
        let narrow = |run: &i64| whole > 0 && GUARD_TWENTIETHS.contains(&(run * modules * 20 / whole));
        if !left_guard.iter().chain(middle).chain(right_guard).all(narrow) {
            return None;
        }
        let (mut digits, mut of_set_b) = (vec![0], 0);
        for widths in left.chunks_exact(4) {
            let (digit, backwards) = nearest(widths)?;
            digits.push(digit);
            of_set_b = (of_set_b << 1) | u8::from(backwards);
        }
        for widths in right.chunks_exact(4) {
            let (digit, backwards) = nearest(widths)?;
            if backwards {
                return None;
            }
            digits.push(digit);
        }
        let first = OF_SET_B.iter().position(|set| *set == of_set_b)?;
        *digits.first_mut()? = u8::try_from(first).ok()?;
        Self::proved(digits.try_into().ok()?).ok()
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

/// The digit whose four widths these are most like, and whether it stands backwards (set B).
fn nearest(widths: &[i64]) -> Option<(u8, bool)> {
    let whole: i64 = widths.iter().sum();
    let missed = |pattern: &mut dyn Iterator<Item = &i64>| -> i64 {
        widths.iter().zip(pattern).map(|(width, modules)| (width * 7 - modules * whole).abs()).sum()
    };
    let ways = (0_u8..).zip(&WIDTHS).flat_map(|(digit, pattern)| {
        [(missed(&mut pattern.iter()), digit, false), (missed(&mut pattern.iter().rev()), digit, true)]
    });
    let (least, digit, backwards) = ways.min()?;
    (least * 100 <= whole * 7 * MISSED_MAX).then_some((digit, backwards))
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

    fn runs(code: &str) -> [i64; RUNS] {
        let modules = Ean13::parse(code).unwrap().modules();
        let runs: Vec<i64> =
            modules.chunk_by(|a, b| a == b).map(|run| i64::try_from(run.len()).unwrap()).collect();
        runs.try_into().unwrap()
    }

    #[test]
    fn bars_of_any_width_say_the_digits_they_were_made_of() {
        for code in ["6901028075862", "4006381333931", "0012345678905", "9780201379624", "8711253001202"] {
            let (runs, code) = (runs(code), Ean13::parse(code).unwrap());
            assert_eq!(Ean13::of_runs(&runs), Some(code));
            // seen aslant: what is farther to the right is narrower; out of focus: bars are wider than spaces
            let mut place = 0;
            let slanted = runs.map(|run| {
                place += run;
                run * (400 - place)
            });
            assert_eq!(Ean13::of_runs(&slanted), Some(code));
            let mut dark = false;
            let blurred = runs.map(|run| {
                dark = !dark;
                run * 100 + if dark { 15 } else { -15 }
            });
            assert_eq!(Ean13::of_runs(&blurred), Some(code));
        }
    }

    #[test]
    fn bars_that_are_no_symbol_say_nothing() {
        let mut backwards = runs("6901028075862");
        backwards.reverse();
        assert_eq!(Ean13::of_runs(&backwards), None);
        assert_eq!(Ean13::of_runs(&[1; RUNS]), None);
        assert_eq!(Ean13::of_runs(&[0; RUNS]), None);
        let mut wrong = runs("6901028075862");
        // the last digit becomes a 3: its check no longer proves the others
        wrong[52..56].copy_from_slice(&WIDTHS[3]);
        assert_eq!(Ean13::of_runs(&wrong), None);
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
