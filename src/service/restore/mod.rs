//! What can be done with a pack: check it against itself and its signed head with no database at all, and read it back
//! into an empty one. Blocks on files, so it is for the command line.
//!
//! * [`row`] — JSON Lines, strictly: a wrong value is named by file, line and field
//! * [`log`] — transactions put together from their three files, every leaf computed again
//! * [`open`] — manifest, signature, digests, and nothing that does not belong
//! * [`check`] — the log, its tiles, spreadsheets and journals say the same
//! * [`journals`] — journals against the log
//! * [`import`] — books into an empty database, all or none
//! * [`book`] — the rows of one book

mod book;
mod check;
mod import;
mod journals;
mod log;
mod open;
mod row;

pub use check::{PackReport, check_pack};
pub use import::{ImportError, Imported};
pub use open::books_of;
pub use row::PackFault;
