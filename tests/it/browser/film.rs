//! What a camera sees: a card, a phone or a bar code, held straight or aslant, near or far, in good light or poor; and the
//! film that Chromium plays in place of a camera.

use std::{fs, io::Write, path::Path};

use greencoin::domain::{
    barcode::{Ean13, MODULES},
    entropy::{ChaChaEntropy, Entropy},
};
use image::{GrayImage, Luma, codecs::jpeg::JpegEncoder, imageops};
use qrcode::{Color, EcLevel, QrCode, Version};

const WIDTH: u32 = 640;
const HEIGHT: u32 = 480;
/// How far away, in pixels, a lens of 65 degrees has its middle.
const LENS: f64 = 502.0;
/// Around what is printed, in modules: white paper.
const PAPER: f64 = 11.0;
/// How high the bars of an article are, in modules.
const BARS: f64 = 60.0;
/// The level of what lies behind.
const WALL: u8 = 110;

/// Something flat with something printed on it.
pub struct Sign {
    width: f64,
    height: f64,
    dark: Vec<bool>,
    columns: usize,
}

impl Sign {
    /// The code of a phone or a card.
    pub fn code(digits: &str) -> Self {
        let symbol = QrCode::with_version(digits, Version::Normal(2), EcLevel::Q).unwrap();
        let (columns, colors) = (symbol.width(), symbol.to_colors());
        let side = f64::from(u32::try_from(columns).unwrap());
        let dark = colors.into_iter().map(|color| color == Color::Dark).collect();
        Self { width: side, height: side, dark, columns }
    }

    /// The bar code of an article.
    pub fn article(code: &str) -> Self {
        let dark = Ean13::parse(code).unwrap().modules();
        let width = f64::from(u32::try_from(MODULES).unwrap());
        Self { width, height: BARS, dark, columns: MODULES }
    }

    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "a place inside the sign is a small positive number"
    )]
    /// What is at a place, from the middle, in modules: dark print, paper, or nothing of it.
    fn at(&self, x: f64, y: f64) -> Option<bool> {
        let (x, y) = (x + self.width / 2.0, y + self.height / 2.0);
        let outside = |at: f64, side: f64| at < -PAPER || at >= side + PAPER;
        if outside(x, self.width) || outside(y, self.height) {
            return None;
        }
        if x < 0.0 || y < 0.0 || x >= self.width || y >= self.height {
            return Some(false);
        }
        let row = if self.dark.len() == self.columns { 0 } else { y as usize };
        Some(self.dark[row * self.columns + x as usize])
    }
}

/// How it is held, and in what light.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// A module in the middle, in pixels.
    pub module: f64,
    /// Turned in its plane.
    pub degrees: f64,
    /// Leaning away at one side.
    pub tilt: f64,
    /// Out of focus, in pixels.
    pub blur: f32,
    /// Levels of print and paper.
    pub levels: (f64, f64),
    /// How much the levels shake.
    pub noise: i16,
}

/// As a careful person holds it in daylight.
pub const STILL: Held =
    Held { module: 8.0, degrees: 0.0, tilt: 0.0, blur: 0.0, levels: (35.0, 220.0), noise: 0 };

/// The frame.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "levels are between black and white by construction"
)]
pub fn picture(sign: &Sign, held: Held) -> GrayImage {
    let (turn_sin, turn_cos) = held.degrees.to_radians().sin_cos();
    let (tilt_sin, tilt_cos) = held.tilt.to_radians().sin_cos();
    let level = |x: f64, y: f64| {
        let (x, y) = ((x - f64::from(WIDTH) / 2.0) / LENS, (y - f64::from(HEIGHT) / 2.0) / LENS);
        let across = x / (tilt_cos - x * tilt_sin);
        let down = y * (1.0 + across * tilt_sin);
        let (across, down) = (across * LENS / held.module, down * LENS / held.module);
        let place = (across * turn_cos + down * turn_sin, down * turn_cos - across * turn_sin);
        match sign.at(place.0, place.1) {
            Some(true) => held.levels.0,
            Some(false) => held.levels.1,
            None => f64::from(WALL).min(held.levels.1),
        }
    };
    let sharp = GrayImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let corners = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)];
        let sum: f64 = corners.iter().map(|(dx, dy)| level(f64::from(x) + dx, f64::from(y) + dy)).sum();
        Luma([(sum / 4.0) as u8])
    });
    let mut seen = if held.blur > 0.0 { imageops::blur(&sharp, held.blur) } else { sharp };
    let mut random = vec![0_u8; seen.as_raw().len()];
    ChaChaEntropy::from_seed(7).fill(&mut random);
    for (pixel, byte) in seen.pixels_mut().zip(random) {
        let shaken = i16::from(pixel.0[0]) + (i16::from(byte) - 128) * held.noise / 128;
        pixel.0[0] = u8::try_from(shaken.clamp(0, 255)).unwrap();
    }
    seen
}

/// The square in the middle, as the page sends it.
pub fn sent(picture: &GrayImage) -> Vec<u8> {
    let square = imageops::crop_imm(picture, (WIDTH - HEIGHT) / 2, 0, HEIGHT, HEIGHT).to_image();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 70).encode_image(&square).unwrap();
    jpeg
}

/// Writes what the camera sees: an empty wall, then what is held still; Chromium plays it in a loop.
pub fn write(path: &Path, held: Option<&GrayImage>) {
    let size = usize::try_from(WIDTH * HEIGHT).unwrap();
    let wall = vec![WALL; size];
    let shown = held.map_or(&wall, |picture| picture.as_raw());
    let grey = vec![128_u8; size / 2];
    let mut film = std::io::BufWriter::new(fs::File::create(path).unwrap());
    writeln!(film, "YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420").unwrap();
    for frame in 0..15 {
        film.write_all(b"FRAME\n").unwrap();
        film.write_all(if frame < 5 { &wall } else { shown }).unwrap();
        film.write_all(&grey).unwrap();
    }
    film.flush().unwrap();
}
