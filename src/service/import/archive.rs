//! Takes a workbook's archive apart before anything else reads it: how much comes out of it is counted while it comes
//! out, and only the few kinds of parts that a table needs are packed again. So a small file that unfolds to gigabytes,
//! an archive that two programs would read differently, and a document type with entities end here.

use std::io::Read;

use flate2::read::DeflateDecoder;

use crate::service::export::zip::Zip;

/// The most that the parts of a workbook may hold together, in bytes.
const PARTS_BYTES_MAX: u64 = 48 * 1024 * 1024;
/// The most parts.
const PARTS_MAX: usize = 512;
/// The end record with the longest remark.
const END_BYTES_MAX: usize = 22 + 65_535;
const END: &[u8] = b"PK\x05\x06";
const LISTED: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";

/// A part of the archive: what it is called, and what it holds.
type Part = (String, Vec<u8>);

/// The same workbook, packed anew from what was taken out of it; nothing when it is none or too much.
pub(super) fn repacked(file: &[u8]) -> Option<Vec<u8>> {
    let mut zip = Zip::default();
    for (name, content) in parts(file)? {
        zip.begin(&name).ok()?;
        zip.write(&content);
    }
    zip.finish().ok()?;
    Some(zip.take())
}

fn parts(file: &[u8]) -> Option<Vec<Part>> {
    let tail = file.get(file.len().saturating_sub(END_BYTES_MAX)..)?;
    let end = tail.get(tail.windows(END.len()).rposition(|w| w == END)?..)?;
    let count = usize::from(u16_at(end, 10)?);
    let mut at = usize::try_from(u32_at(end, 16)?).ok()?;
    if count == 0 || count > PARTS_MAX {
        return None;
    }
    let (mut parts, mut left): (Vec<Part>, u64) = (Vec::new(), PARTS_BYTES_MAX);
    for _ in 0..count {
        let entry = file.get(at..)?;
        let lengths = [u16_at(entry, 28)?, u16_at(entry, 30)?, u16_at(entry, 32)?].map(usize::from);
        let name = std::str::from_utf8(entry.get(46..46 + lengths.first()?)?).ok()?;
        at += 46 + lengths.iter().sum::<usize>();
        if !entry.starts_with(LISTED) || u16_at(entry, 8)? & 1 != 0 {
            return None;
        }
        let lower = name.to_ascii_lowercase();
        if !(lower.ends_with(".xml") || lower.ends_with(".rels")) {
            continue;
        }
        if parts.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
            return None;
        }
        let content = content(file, entry, left)?;
        left -= u64::try_from(content.len()).ok()?;
        // a workbook has no document type; whoever brings one wants its entities read
        if content.windows(9).any(|w| w.starts_with(b"<!") && w.eq_ignore_ascii_case(b"<!DOCTYPE")) {
            return None;
        }
        parts.push((name.to_owned(), content));
    }
    Some(parts)
}

/// What a part holds, if it is no more than `left` bytes.
fn content(file: &[u8], entry: &[u8], left: u64) -> Option<Vec<u8>> {
    let packed = usize::try_from(u32_at(entry, 20)?).ok()?;
    let local = file.get(usize::try_from(u32_at(entry, 42)?).ok()?..)?;
    if !local.starts_with(LOCAL) {
        return None;
    }
    let start = 30 + usize::from(u16_at(local, 26)?) + usize::from(u16_at(local, 28)?);
    let packed = local.get(start..start.checked_add(packed)?)?;
    let mut out = Vec::new();
    match u16_at(entry, 10)? {
        0 => packed.take(left + 1).read_to_end(&mut out).ok()?,
        8 => DeflateDecoder::new(packed).take(left + 1).read_to_end(&mut out).ok()?,
        _ => return None,
    };
    (u64::try_from(out.len()).ok()? <= left).then_some(out)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
