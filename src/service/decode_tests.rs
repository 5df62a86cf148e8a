//! Pictures that a phone would take of a card, made here: turned, noisy, soft, dim, small and huge.

use super::*;
use crate::domain::entropy::{ChaChaEntropy, Entropy};
use image::{DynamicImage, ImageEncoder, ImageFormat, Luma, codecs::jpeg::JpegEncoder};
use qrcode::{Color, EcLevel, QrCode, Version};

const DIGITS: &str = "110123456789012345678901234567890123456789012345";

/// How the picture is taken.
#[derive(Clone, Copy)]
struct Shot {
    side: u32,
    module_pixels: f64,
    degrees: f64,
    dark: f64,
    light: f64,
    blur_modules: f32,
    noise: i16,
}

const PLAIN: Shot = Shot {
    side: 480,
    module_pixels: 8.0,
    degrees: 0.0,
    dark: 20.0,
    light: 235.0,
    blur_modules: 0.0,
    noise: 0,
};

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "a rendering of a picture rounds levels and coordinates that are in range by construction"
)]
fn photo(text: &str, shot: Shot) -> GrayImage {
    let symbol = QrCode::with_version(text, Version::Normal(2), EcLevel::Q).unwrap();
    let (width, colors) = (symbol.width(), symbol.to_colors());
    let (sin, cos) = shot.degrees.to_radians().sin_cos();
    let middle = f64::from(shot.side) / 2.0;
    let half = f64::from(u32::try_from(width).unwrap()) / 2.0;
    let module = |x: f64, y: f64| {
        let (dx, dy) = ((x - middle) / shot.module_pixels, (y - middle) / shot.module_pixels);
        let (column, row) = ((dx * cos + dy * sin + half).floor(), (dy * cos - dx * sin + half).floor());
        let inside = |v: f64| v >= 0.0 && v < half * 2.0;
        inside(column) && inside(row) && colors[row as usize * width + column as usize] == Color::Dark
    };
    let sharp = GrayImage::from_fn(shot.side, shot.side, |x, y| {
        let dark = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)]
            .iter()
            .filter(|(ox, oy)| module(f64::from(x) + ox, f64::from(y) + oy))
            .count();
        let share = f64::from(u32::try_from(dark).unwrap()) / 4.0;
        Luma([(shot.light + (shot.dark - shot.light) * share) as u8])
    });
    let mut soft = if shot.blur_modules > 0.0 {
        imageops::blur(&sharp, shot.blur_modules * shot.module_pixels as f32)
    } else {
        sharp
    };
    let mut random = vec![0_u8; soft.as_raw().len()];
    ChaChaEntropy::from_seed(7).fill(&mut random);
    for (pixel, byte) in soft.pixels_mut().zip(random) {
        let shaken = i16::from(pixel.0[0]) + (i16::from(byte) - 128) * shot.noise / 128;
        pixel.0[0] = u8::try_from(shaken.clamp(0, 255)).unwrap();
    }
    soft
}

fn jpeg(picture: &GrayImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (width, height) = (picture.width(), picture.height());
    let grey = image::ExtendedColorType::L8;
    JpegEncoder::new_with_quality(&mut bytes, 70).write_image(picture.as_raw(), width, height, grey).unwrap();
    bytes
}

fn png(picture: GrayImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(picture).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn read(shot: Shot) -> Option<String> {
    decode(&jpeg(&photo(DIGITS, shot))).unwrap()
}

#[test]
fn a_plain_frame_is_read_from_jpeg_and_png() {
    assert_eq!(read(PLAIN).as_deref(), Some(DIGITS));
    assert_eq!(decode(&png(photo(DIGITS, PLAIN))).unwrap().as_deref(), Some(DIGITS));
}

#[test]
fn a_turned_card_is_read_at_every_angle() {
    for degrees in [7.0, 30.0, 45.0, 90.0, 135.0, 200.0, 301.0] {
        assert_eq!(read(Shot { degrees, ..PLAIN }).as_deref(), Some(DIGITS), "{degrees} degrees");
    }
}

#[test]
fn a_noisy_a_soft_and_a_dim_picture_are_read() {
    let noisy = Shot { noise: 60, degrees: 12.0, ..PLAIN };
    let soft = Shot { blur_modules: 0.35, degrees: 12.0, ..PLAIN };
    let dim = Shot { dark: 12.0, light: 48.0, noise: 6, degrees: 12.0, ..PLAIN };
    for (name, shot) in [("noisy", noisy), ("soft", soft), ("dim", dim)] {
        assert_eq!(read(shot).as_deref(), Some(DIGITS), "{name}");
    }
}

#[test]
fn a_card_held_far_away_is_read() {
    let far = Shot { module_pixels: 3.0, degrees: 5.0, noise: 10, ..PLAIN };
    assert_eq!(read(far).as_deref(), Some(DIGITS));
}

#[test]
fn a_large_photo_is_scaled_down_and_read() {
    let large = Shot { side: 2600, module_pixels: 40.0, degrees: 20.0, ..PLAIN };
    assert_eq!(read(large).as_deref(), Some(DIGITS));
}

#[test]
fn a_picture_without_a_symbol_has_no_text() {
    let blank = GrayImage::from_pixel(200, 200, Luma([128]));
    assert_eq!(decode(&jpeg(&blank)).unwrap(), None);
    assert_eq!(decode(&png(GrayImage::from_pixel(1, 1, Luma([0])))).unwrap(), None);
}

#[test]
fn what_is_no_picture_or_too_much_is_refused_with_advice() {
    let said = |bytes: &[u8]| decode(bytes).unwrap_err().to_string();
    assert!(said(b"hello").contains("send a JPEG or PNG"));
    assert!(said(&jpeg(&photo(DIGITS, PLAIN))[..300]).contains("send a JPEG or PNG"));
    assert!(said(&vec![0; BODY_BYTES_MAX + 1]).contains("more than 8 MB"));
    assert!(said(&png(GrayImage::new(4001, 4000))).contains("more than 16 million"));
}
