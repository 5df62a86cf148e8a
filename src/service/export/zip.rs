//! A ZIP archive written as a stream: every file is compressed as it comes, its digest and length follow it, the list of
//! files ends the archive. The same files give the same bytes: no times. Holds at most what was not yet taken. Up to
//! 4 GiB, beyond which the format needs other fields: more is refused.

use std::io::Write;

use flate2::{Compression, Crc, write::DeflateEncoder};

/// What does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an archive holds at most 4 GiB and 65,535 files")]
pub(in crate::service) struct TooLarge;

/// 1 January 1980, where the format's time begins.
const NO_DATE: u16 = 0x21;
/// Version 2.0: compressed files in folders.
const VERSION: u16 = 20;
/// Length and digest follow the file; names are UTF-8.
const FLAGS: u16 = 0x0808;
const DEFLATE: u16 = 8;

/// An archive that is being written.
#[derive(Default)]
pub(in crate::service) struct Zip {
    out: Vec<u8>,
    /// Bytes before `out`.
    taken: u64,
    open: Option<Open>,
    files: Vec<Listed>,
}

struct Open {
    name: String,
    at: u32,
    crc: Crc,
    packed: u64,
    length: u64,
    deflate: DeflateEncoder<Vec<u8>>,
}

struct Listed {
    name: String,
    at: u32,
    crc: u32,
    packed: u32,
    length: u32,
}

fn small<T: TryFrom<u64>>(value: u64) -> Result<T, TooLarge> {
    T::try_from(value).map_err(|_| TooLarge)
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

impl Zip {
    /// Begins the next file.
    pub(in crate::service) fn begin(&mut self, name: &str) -> Result<(), TooLarge> {
        self.end()?;
        let at = small(self.taken + length(&self.out))?;
        put(&mut self.out, 0x0403_4b50);
        for field in [VERSION, FLAGS, DEFLATE, 0, NO_DATE] {
            self.out.extend_from_slice(&field.to_le_bytes());
        }
        // digest and lengths follow the file
        self.out.extend_from_slice(&[0; 12]);
        self.out.extend_from_slice(&small::<u16>(length(name.as_bytes()))?.to_le_bytes());
        self.out.extend_from_slice(&[0; 2]);
        self.out.extend_from_slice(name.as_bytes());
        let deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
        self.open = Some(Open { name: name.to_owned(), at, crc: Crc::new(), packed: 0, length: 0, deflate });
        Ok(())
    }

    /// More of the file.
    pub(in crate::service) fn write(&mut self, bytes: &[u8]) {
        if let Some(open) = &mut self.open {
            open.crc.update(bytes);
            open.length += length(bytes);
            // writing to memory does not fail
            let _written = open.deflate.write_all(bytes);
            let packed = std::mem::take(open.deflate.get_mut());
            open.packed += length(&packed);
            self.out.extend_from_slice(&packed);
        }
    }

    /// What can be sent by now.
    pub(in crate::service) fn take(&mut self) -> Vec<u8> {
        self.taken += length(&self.out);
        std::mem::take(&mut self.out)
    }

    fn end(&mut self) -> Result<(), TooLarge> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let crc = open.crc.sum();
        let size = small(open.length)?;
        // writing to memory does not fail
        let rest = open.deflate.finish().unwrap_or_default();
        let packed = small(open.packed + length(&rest))?;
        self.out.extend_from_slice(&rest);
        for field in [0x0807_4b50, crc, packed, size] {
            put(&mut self.out, field);
        }
        self.files.push(Listed { name: open.name, at: open.at, crc, packed, length: size });
        Ok(())
    }

    /// Ends the archive.
    pub(in crate::service) fn finish(&mut self) -> Result<(), TooLarge> {
        self.end()?;
        let start: u32 = small(self.taken + length(&self.out))?;
        for file in &self.files {
            put(&mut self.out, 0x0201_4b50);
            for field in [VERSION, VERSION, FLAGS, DEFLATE, 0, NO_DATE] {
                self.out.extend_from_slice(&field.to_le_bytes());
            }
            for field in [file.crc, file.packed, file.length] {
                put(&mut self.out, field);
            }
            self.out.extend_from_slice(&small::<u16>(length(file.name.as_bytes()))?.to_le_bytes());
            self.out.extend_from_slice(&[0; 12]);
            put(&mut self.out, file.at);
            self.out.extend_from_slice(file.name.as_bytes());
        }
        let size: u32 = small(self.taken + length(&self.out) - u64::from(start))?;
        let count: u16 = small(u64::try_from(self.files.len()).unwrap_or(u64::MAX))?;
        put(&mut self.out, 0x0605_4b50);
        self.out.extend_from_slice(&[0; 4]);
        for _ in 0..2 {
            self.out.extend_from_slice(&count.to_le_bytes());
        }
        put(&mut self.out, size);
        put(&mut self.out, start);
        self.out.extend_from_slice(&[0; 2]);
        Ok(())
    }
}

fn put(out: &mut Vec<u8>, field: u32) {
    out.extend_from_slice(&field.to_le_bytes());
}
