//! Photos as evidence: made small and upright, without what a phone hides in them (place, time, device), and what they
//! look like in 64 bits, so that a photo handed in twice is noticed even after it was cropped a little or compressed.
//!
//! Pure and slow: some tens of milliseconds a photo. The caller runs it on a blocking thread, a few at a time.

use image::{
    DynamicImage, ExtendedColorType, ImageEncoder,
    codecs::jpeg::JpegEncoder,
    imageops::{self, FilterType},
};

use super::decode::{DecodeError, open};

/// The longest photo that is kept.
pub const PHOTO_BYTES_MAX: usize = 200 * 1024;
/// The longer side of a photo that is kept, as the phone makes it too.
pub const SIDE_PIXELS_MAX: u32 = 1_280;
/// Bits by which two photos may differ and still look alike.
pub const ALIKE_BITS_MAX: u32 = 6;

/// From what is tried first to what is small enough for anything: the longer side and the quality.
const TRIES: [(u32, u8); 5] = [(1_280, 78), (1_280, 60), (1_024, 60), (800, 55), (640, 45)];

/// The longest thumbnail of an article: a screenful of them weighs less than a page may.
pub const THUMBNAIL_BYTES_MAX: usize = 4 * 1024;
/// The same for thumbnails of articles, whatever they show.
const THUMBNAILS: [(u32, u8); 5] = [(160, 60), (144, 50), (128, 40), (96, 30), (64, 20)];

/// A photo as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// JPEG without any metadata.
    pub jpeg: Vec<u8>,
    /// What it looks like.
    pub look: u64,
}

/// Makes a photo small enough to keep.
///
/// # Errors
/// [`DecodeError`] if the bytes are too many or not a photo.
pub fn fit(bytes: &[u8]) -> Result<Picture, DecodeError> {
    let picture = open(bytes)?;
    let look = look(&picture);
    let mut jpeg = Vec::new();
    for (side, quality) in TRIES {
        jpeg = encode(&picture, side, quality)?;
        if jpeg.len() <= PHOTO_BYTES_MAX {
            break;
        }
    }
    Ok(Picture { jpeg, look })
}

/// Makes a photo the thumbnail of an article: the square in its middle, small.
///
/// # Errors
/// [`DecodeError`] if the bytes are too many or not a photo.
pub fn thumbnail(bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let picture = open(bytes)?;
    let side = picture.width().min(picture.height());
    let (left, top) = ((picture.width() - side) / 2, (picture.height() - side) / 2);
    let square = picture.crop_imm(left, top, side, side);
    let mut jpeg = Vec::new();
    for (side, quality) in THUMBNAILS {
        jpeg = encode(&square, side, quality)?;
        if jpeg.len() <= THUMBNAIL_BYTES_MAX {
            break;
        }
    }
    Ok(jpeg)
}

fn encode(picture: &DynamicImage, side: u32, quality: u8) -> Result<Vec<u8>, DecodeError> {
    let longer = picture.width().max(picture.height());
    let small = if longer > side { picture.thumbnail(side, side) } else { picture.clone() };
    let rgb = small.into_rgb8();
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, quality)
        .write_image(rgb.as_raw(), rgb.width(), rgb.height(), ExtendedColorType::Rgb8)
        .map_err(DecodeError::Unreadable)?;
    Ok(out)
}

/// A difference hash: the picture as 9 × 8 greys, and for each of 64 neighbours whether it grows lighter.
fn look(picture: &DynamicImage) -> u64 {
    let grey = picture.thumbnail_exact(72, 64).into_luma8();
    let tiny = imageops::resize(&grey, 9, 8, FilterType::Triangle);
    let mut bits = 0;
    for row in tiny.rows() {
        let row: Vec<u8> = row.map(|pixel| pixel.0[0]).collect();
        for pair in row.windows(2) {
            let lighter = matches!(pair, [left, right] if right > left);
            bits = (bits << 1) | u64::from(lighter);
        }
    }
    bits
}

/// Whether two photos look alike.
#[must_use]
pub const fn alike(a: u64, b: u64) -> bool {
    (a ^ b).count_ones() <= ALIKE_BITS_MAX
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;

    /// A made-up scene: shades that run and a few blocks, different for every `seed`.
    fn scene(width: u32, height: u32, seed: u32) -> DynamicImage {
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
            let (u, v) = (x * 16 / width, y * 16 / height);
            let block = (u / 2 * 7 + v / 2 * 13 + seed * 29) % 11;
            let shade = u8::try_from((block * 20 + u * 3 + v) % 256).unwrap();
            Rgb([shade, shade / 2 + 40, 255 - shade])
        }))
    }

    fn jpeg(picture: &DynamicImage) -> Vec<u8> {
        encode(picture, 4_000, 90).unwrap()
    }

    #[test]
    fn a_photo_is_made_small_and_the_same_photo_comes_out_the_same() {
        let large = jpeg(&scene(2_400, 1_800, 1));
        let kept = fit(&large).unwrap();
        assert!(kept.jpeg.len() <= PHOTO_BYTES_MAX, "{}", kept.jpeg.len());
        let again = open(&kept.jpeg).unwrap();
        assert_eq!(again.width().max(again.height()), SIDE_PIXELS_MAX);
        assert_eq!(fit(&large).unwrap(), kept);
    }

    #[test]
    fn what_a_phone_hides_in_a_photo_does_not_stay() {
        let plain = jpeg(&scene(320, 240, 1));
        let secret = b"Exif\0\0GPS 25.4901N 103.7962E";
        let mut tagged = plain[..2].to_vec();
        tagged.extend([0xff, 0xe1]);
        tagged.extend(u16::try_from(secret.len() + 2).unwrap().to_be_bytes());
        tagged.extend(secret);
        tagged.extend(&plain[2..]);
        let kept = fit(&tagged).unwrap();
        assert!(!kept.jpeg.windows(4).any(|w| w == b"Exif" || w == b"GPS "));
        assert_eq!(kept, fit(&plain).unwrap());
    }

    #[test]
    fn a_photo_sent_again_smaller_or_worse_looks_alike_and_another_does_not() {
        let first = fit(&jpeg(&scene(1_600, 1_200, 1))).unwrap();
        let smaller = fit(&encode(&scene(1_600, 1_200, 1), 640, 40).unwrap()).unwrap();
        assert_ne!(first.jpeg, smaller.jpeg);
        assert!(alike(first.look, smaller.look), "{:064b} {:064b}", first.look, smaller.look);
        for seed in 2..8 {
            let other = fit(&jpeg(&scene(1_600, 1_200, seed))).unwrap();
            assert!(!alike(first.look, other.look), "scene {seed}");
        }
    }

    #[test]
    fn what_is_no_photo_is_refused() {
        assert!(fit(b"not a photo").is_err());
        assert!(fit(&[]).is_err());
    }
}
