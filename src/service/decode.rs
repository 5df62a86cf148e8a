//! Reads a QR symbol or a bar code out of a photo or a camera frame, in pure Rust.
//!
//! Two readers fail on different pictures, so they take turns on the picture as it is, at half size (which averages
//! noise away) and stretched and sharpened (which rescues dim and soft ones). Costs some milliseconds on a hit, tens on
//! a miss: the caller runs it on a blocking thread, a few at a time.

use image::{
    DynamicImage, GrayImage, ImageDecoder, ImageReader, Limits,
    imageops::{self, FilterType},
    metadata::Orientation,
};
use rxing::{
    BinaryBitmap, DecodeHints, Luma8LuminanceSource, Reader, common::HybridBinarizer, qrcode::QRCodeReader,
};
use std::io::Cursor;

use super::barcode;

/// The longest picture that is looked at.
pub const BODY_BYTES_MAX: usize = 8 << 20;
/// The largest picture that is unpacked.
pub const PIXELS_MAX: u64 = 16_000_000;
/// The longer side that a picture is scaled down to: more pixels cost time and find nothing more.
const SIDE_PIXELS_MAX: u32 = 1280;
/// Below this a symbol of 25 modules has no pixel to spare for halving.
const HALVED_SIDE_PIXELS_MIN: u32 = 120;
/// The share of pixels, in thousandths, that a stretch of contrast lets go to pure black and pure white.
const STRETCH_PER_MILLE: u64 = 10;

/// Why a picture could not be looked at.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// More bytes than [`BODY_BYTES_MAX`].
    #[error("the picture is {0} bytes long, more than 8 MB: take a smaller photo")]
    TooLong(usize),
    /// More pixels than [`PIXELS_MAX`].
    #[error("the picture is {width} × {height} pixels, more than 16 million: take a smaller photo")]
    TooLarge {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// Neither JPEG nor PNG, or damaged.
    #[error("the picture cannot be read: send a JPEG or PNG photo")]
    Unreadable(#[source] image::ImageError),
}

/// What is looked for in a picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reads {
    /// The QR symbol of a phone or a card.
    #[default]
    Codes,
    /// The maker's bar code of an article.
    Goods,
    /// Either: whatever is held before the camera.
    Both,
}

/// The text of the QR symbol in a JPEG or PNG picture; none if it shows no readable symbol.
///
/// # Errors
///
/// [`DecodeError`] if the bytes are too many or not a picture.
pub fn decode(bytes: &[u8]) -> Result<Option<String>, DecodeError> {
    read(bytes, Reads::Codes)
}

/// The text of what is looked for in a JPEG or PNG picture; none if it shows nothing readable of it.
///
/// # Errors
///
/// [`DecodeError`] if the bytes are too many or not a picture.
pub fn read(bytes: &[u8], what: Reads) -> Result<Option<String>, DecodeError> {
    let picture = open(bytes)?.into_luma8();
    let longer = picture.width().max(picture.height());
    let picture = if longer > SIDE_PIXELS_MAX {
        let (width, height) = (scaled(picture.width(), longer), scaled(picture.height(), longer));
        imageops::thumbnail(&picture, width, height)
    } else {
        picture
    };
    let goods = || barcode::read(&picture).or_else(|| barcode::read(&sharpened(&picture)));
    let goods = || goods().map(|code| code.to_string());
    Ok(match what {
        Reads::Codes => decode_grey(&picture),
        Reads::Goods => goods(),
        Reads::Both => decode_grey(&picture).or_else(goods),
    })
}

/// Unpacks a JPEG or PNG picture, upright.
pub(super) fn open(bytes: &[u8]) -> Result<DynamicImage, DecodeError> {
    if bytes.len() > BODY_BYTES_MAX {
        return Err(DecodeError::TooLong(bytes.len()));
    }
    let format = image::guess_format(bytes).map_err(DecodeError::Unreadable)?;
    let reader = || ImageReader::with_format(Cursor::new(bytes), format);
    // The size comes first: a picture of a few bytes may claim to be huge.
    let (width, height) = reader().into_dimensions().map_err(DecodeError::Unreadable)?;
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(DecodeError::TooLarge { width, height });
    }
    let mut limits = Limits::default();
    // Eight bytes a pixel: sixteen-bit colour with transparency.
    limits.max_alloc = Some(8 * PIXELS_MAX);
    let mut reader = reader();
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(DecodeError::Unreadable)?;
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(DecodeError::Unreadable)?;
    picture.apply_orientation(turned);
    Ok(picture)
}

fn scaled(side: u32, longer: u32) -> u32 {
    let exact = u64::from(side) * u64::from(SIDE_PIXELS_MAX) / u64::from(longer);
    u32::try_from(exact).unwrap_or(SIDE_PIXELS_MAX).max(1)
}

/// The text of the QR symbol in a frame of grey levels.
#[must_use]
pub fn decode_grey(picture: &GrayImage) -> Option<String> {
    either(picture).or_else(|| halved(picture)).or_else(|| either(&sharpened(picture)))
}

fn either(picture: &GrayImage) -> Option<String> {
    by_rxing(picture).or_else(|| by_rqrr(picture))
}

fn halved(picture: &GrayImage) -> Option<String> {
    let (width, height) = (picture.width() / 2, picture.height() / 2);
    if width.min(height) < HALVED_SIDE_PIXELS_MIN {
        return None;
    }
    either(&imageops::resize(picture, width, height, FilterType::Triangle))
}

fn sharpened(picture: &GrayImage) -> GrayImage {
    imageops::unsharpen(&stretched(picture), 2.0, 0)
}

/// The same picture with its darkest grey made black and its lightest white.
fn stretched(picture: &GrayImage) -> GrayImage {
    let mut histogram = [0_u64; 256];
    for level in picture.as_raw() {
        if let Some(count) = histogram.get_mut(usize::from(*level)) {
            *count += 1;
        }
    }
    let spare = histogram.iter().sum::<u64>() * STRETCH_PER_MILLE / 1000;
    let dark = level_past(histogram.iter(), spare);
    let light = 255 - level_past(histogram.iter().rev(), spare);
    if light <= dark {
        return picture.clone();
    }
    let mut out = picture.clone();
    for pixel in out.pixels_mut() {
        for level in &mut pixel.0 {
            let wide = u32::from(*level).saturating_sub(dark) * 255 / (light - dark);
            *level = u8::try_from(wide).unwrap_or(u8::MAX);
        }
    }
    out
}

/// How many levels it takes to pass over `spare` pixels.
fn level_past<'a>(counts: impl Iterator<Item = &'a u64>, spare: u64) -> u32 {
    let mut passed = 0;
    let levels = counts.take_while(|count| {
        passed += **count;
        passed <= spare
    });
    u32::try_from(levels.count()).unwrap_or(0)
}

fn by_rxing(picture: &GrayImage) -> Option<String> {
    let source =
        Luma8LuminanceSource::new(picture.as_raw().clone(), picture.width(), picture.height()).ok()?;
    let hints = DecodeHints { TryHarder: Some(true), ..DecodeHints::default() };
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    let read = QRCodeReader::new().decode_with_hints(&mut bitmap, &hints).ok()?;
    Some(read.getText().to_owned()).filter(|text| !text.is_empty())
}

fn by_rqrr(picture: &GrayImage) -> Option<String> {
    let width = usize::try_from(picture.width()).ok()?;
    let height = usize::try_from(picture.height()).ok()?;
    let levels = picture.as_raw();
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        levels.get(y * width + x).copied().unwrap_or(u8::MAX)
    });
    let mut texts =
        prepared.detect_grids().into_iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text);
    let first = texts.next()?;
    // A counter has other symbols lying about (payment plates, packages): ours is all digits.
    let ours = |text: &String| text.chars().all(|c| c.is_ascii_digit());
    if ours(&first) { Some(first) } else { Some(texts.find(ours).unwrap_or(first)) }
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
