//! Reads the maker's bar code (EAN-13) of an article out of a frame of grey levels, in pure Rust.
//!
//! Lines are laid over the picture in twelve directions. Along each, bars begin and end halfway between the lightest and the
//! darkest level on either side, so that neither shadow nor a soft focus moves them far. What one line alone reads does not
//! count: a second must say the same. Knows no articles.

use image::GrayImage;

use crate::domain::barcode::{Ean13, RUNS};

/// The directions, 15° apart: cosine and sine in 1/65,536.
const DIRECTIONS: [(i64, i64); 12] = [
    (65_536, 0),
    (0, 65_536),
    (63_303, 16_962),
    (63_303, -16_962),
    (16_962, 63_303),
    (-16_962, 63_303),
    (56_756, 32_768),
    (56_756, -32_768),
    (32_768, 56_756),
    (-32_768, 56_756),
    (46_341, 46_341),
    (-46_341, 46_341),
];
const UNIT: i64 = 65_536;
/// Parallel lines in a direction, on either side of the middle one.
const LINES_BESIDE: i64 = 9;
/// How broad a line is: the levels of so many pixels across it are added up, which averages noise away.
const BREADTH: [i64; 5] = [-2, -1, 0, 1, 2];
/// The faintest symbol, in grey levels between its darkest and its lightest.
const CONTRAST_MIN: i64 = 12;
/// The faintest bar, in hundredths of the contrast of its line: boldly first, so that noise makes no bars.
const FAINTEST: [i64; 2] = [26, 13];
/// The quiet zone on either side, in 95ths of the symbol's width.
const QUIET: i64 = 3;
/// Parts of a pixel that places on a line are measured in.
const PARTS: i64 = 256;

/// The bar code that the picture shows; none if it shows none, or only one line of it can be read.
#[must_use]
pub fn read(picture: &GrayImage) -> Option<Ean13> {
    let sheet = Sheet::of(picture)?;
    let mut seen: Vec<Ean13> = Vec::new();
    for beside in 0..=LINES_BESIDE {
        for direction in DIRECTIONS {
            for place in if beside == 0 { vec![0] } else { vec![beside, -beside] } {
                let Some(code) = along(&sheet.line(direction, place)) else { continue };
                if seen.contains(&code) {
                    return Some(code);
                }
                seen.push(code);
            }
        }
    }
    None
}

/// The grey levels, by place.
struct Sheet<'a> {
    levels: &'a [u8],
    width: i64,
    height: i64,
    row: usize,
}

impl<'a> Sheet<'a> {
    fn of(picture: &'a GrayImage) -> Option<Self> {
        let (width, height) = (i64::from(picture.width()), i64::from(picture.height()));
        let row = usize::try_from(picture.width()).ok()?;
        Some(Self { levels: picture.as_raw(), width, height, row })
    }

    fn level(&self, x: i64, y: i64) -> Option<i64> {
        if x < 0 || x >= self.width {
            return None;
        }
        let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
        self.levels.get(y.checked_mul(self.row)? + x).copied().map(i64::from)
    }

    /// The levels along the line number `place` from the middle, as far as it lies within the picture.
    fn line(&self, (cos, sin): (i64, i64), place: i64) -> Vec<i64> {
        let apart = self.width.min(self.height) * UNIT / (2 * LINES_BESIDE + 2);
        let across = place * (apart / UNIT).max(1);
        let reach = (self.width + self.height) / 2;
        let (middle_x, middle_y) = (self.width * UNIT / 2, self.height * UNIT / 2);
        let steps = -reach..=reach;
        steps
            .filter_map(|step| {
                BREADTH.iter().try_fold(0, |sum, beside| {
                    let off = across + beside;
                    let x = (middle_x + step * cos - off * sin) / UNIT;
                    let y = (middle_y + step * sin + off * cos) / UNIT;
                    Some(sum + self.level(x, y)?)
                })
            })
            .collect()
    }
}

/// The bar code on a line of levels, in whichever direction it runs.
fn along(levels: &[i64]) -> Option<Ean13> {
    let (darkest, lightest) = (levels.iter().min()?, levels.iter().max()?);
    let contrast = lightest - darkest;
    let broad = i64::try_from(BREADTH.len()).ok()?;
    if contrast < CONTRAST_MIN * broad {
        return None;
    }
    FAINTEST.iter().find_map(|share| symbol(&edges(levels, contrast * share / 100)))
}

/// Where bars begin and end, in parts of a pixel; each with whether it grows darker there.
fn edges(levels: &[i64], faintest: i64) -> Vec<(i64, bool)> {
    let turns = turns(levels, faintest);
    let pairs = turns.windows(2).filter_map(|pair| {
        let [(from, high), (to, low)] = pair else { return None };
        let half = (high + low) / 2;
        let stretch = levels.get(*from..=*to)?;
        let crossing = |step: &[i64]| matches!(step, [a, b] if (*a >= half) != (*b >= half));
        let at = stretch.windows(2).position(crossing)?;
        let (a, b) = (stretch.get(at)?, stretch.get(at + 1)?);
        let place = i64::try_from(from + at).ok()? * PARTS + (a - half) * PARTS / (a - b);
        Some((place, high > low))
    });
    pairs.collect()
}

/// The levels at which a line turns from growing lighter to growing darker and back, by turns.
fn turns(levels: &[i64], faintest: i64) -> Vec<(usize, i64)> {
    let mut out = Vec::new();
    let Some(first) = levels.first() else { return out };
    let (mut high, mut low) = ((0, *first), (0, *first));
    let mut lighter = None;
    for (place, level) in levels.iter().enumerate() {
        if *level > high.1 {
            high = (place, *level);
        }
        if *level < low.1 {
            low = (place, *level);
        }
        if lighter != Some(false) && *level < high.1 - faintest {
            out.push(high);
            (low, lighter) = ((place, *level), Some(false));
        } else if lighter != Some(true) && *level > low.1 + faintest {
            out.push(low);
            (high, lighter) = ((place, *level), Some(true));
        }
    }
    match lighter {
        Some(true) => out.push(high),
        Some(false) => out.push(low),
        None => {}
    }
    out
}

/// The first symbol among the edges that has its quiet zones, read from either side.
fn symbol(edges: &[(i64, bool)]) -> Option<Ean13> {
    let modules = 95;
    edges.windows(RUNS + 1).enumerate().find_map(|(at, window)| {
        let ((begin, darker), (end, _)) = (window.first()?, window.last()?);
        let before = at.checked_sub(1).and_then(|at| edges.get(at)).map_or(0, |(place, _)| *place);
        let after = edges.get(at + RUNS + 1).map_or(i64::MAX, |(place, _)| *place);
        let quiet = (end - begin) * QUIET / modules;
        if !darker || begin - before < quiet || after - end < quiet {
            return None;
        }
        let widths = window.windows(2).filter_map(|pair| match pair {
            [(from, _), (to, _)] => Some(to - from),
            _ => None,
        });
        let mut runs: [i64; RUNS] = widths.collect::<Vec<_>>().try_into().ok()?;
        Ean13::of_runs(&runs).or_else(|| {
            runs.reverse();
            Ean13::of_runs(&runs)
        })
    })
}
