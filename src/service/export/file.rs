//! The files of an export and what they are called. Holds no rows.

use super::Table;
use crate::domain::merkle::tiles::{self, Resource};

macro_rules! formats {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $ending:literal, $media:literal;)+) => {
        /// How rows are written.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Format { $($(#[$doc])* $name,)+ }

        impl Format {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// As the command line and addresses say it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// The ending of its files.
            #[must_use]
            pub const fn ending(self) -> &'static str {
                match self { $(Self::$name => $ending,)+ }
            }

            /// The media type.
            #[must_use]
            pub const fn media_type(self) -> &'static str {
                match self { $(Self::$name => $media,)+ }
            }
        }
    };
}

formats! {
    /// Comma-separated values in UTF-8 with a byte-order mark, as spreadsheets want it.
    Csv = "csv", "csv", "text/csv; charset=utf-8";
    /// Workbooks.
    Xlsx = "xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    /// One JSON object a line: complete, what `import` reads.
    Jsonl = "jsonl", "jsonl", "application/jsonl; charset=utf-8";
    /// The journal of hledger.
    Hledger = "hledger", "journal", "text/plain; charset=utf-8";
    /// The file of beancount.
    Beancount = "beancount", "beancount", "text/plain; charset=utf-8";
}

impl Format {
    /// Whether it is one text of all transactions, not a file a table.
    #[must_use]
    pub const fn is_journal(self) -> bool {
        matches!(self, Self::Hledger | Self::Beancount)
    }

    /// Its files, the signed head and the keys that verify it.
    #[must_use]
    pub fn files(self) -> Vec<File> {
        let mut files = self.own_files();
        files.extend([File::Checkpoint, File::Keys]);
        files
    }

    fn own_files(self) -> Vec<File> {
        if self.is_journal() {
            vec![File::Journal(self)]
        } else {
            Table::ALL.into_iter().map(|table| File::Table(table, self)).collect()
        }
    }
}

impl std::str::FromStr for Format {
    type Err = UnknownName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|f| f.as_str() == text).ok_or(UnknownName)
    }
}

/// There is no such format or table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no such format or table")]
pub struct UnknownName;

/// A file of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    /// The rows of a table.
    Table(Table, Format),
    /// All transactions as one text.
    Journal(Format),
    /// The signed head that everything is taken at.
    Checkpoint,
    /// What verifies heads: one key a line, newest last.
    Keys,
    /// Hashes or entries of the log, in the layout of C2SP tlog-tiles. The head proves them, so no manifest lists them.
    Tile(Resource),
}

impl File {
    /// The files of a whole pack that its manifest lists.
    #[must_use]
    pub fn listed() -> Vec<Self> {
        let mut files: Vec<Self> = Format::ALL.iter().flat_map(|format| format.own_files()).collect();
        files.extend([Self::Checkpoint, Self::Keys]);
        files
    }

    /// The files of the log of that size.
    pub fn tiles(size: u64) -> impl Iterator<Item = Self> {
        tiles::all(size).flat_map(|tile| {
            let entries = (tile.level == 0).then_some(Self::Tile(Resource::Entries(tile)));
            std::iter::once(Self::Tile(Resource::Tile(tile))).chain(entries)
        })
    }

    /// Its name within the export.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Table(table, format) => table.file(*format),
            Self::Journal(format) => format!("ledger.{}", format.ending()),
            Self::Checkpoint => "checkpoint".to_owned(),
            Self::Keys => "verifier-keys.txt".to_owned(),
            Self::Tile(Resource::Tile(tile)) => tile.path(),
            Self::Tile(Resource::Entries(tile)) => tile.entries_path(),
        }
    }

    /// The media type.
    #[must_use]
    pub const fn media_type(&self) -> &'static str {
        match self {
            Self::Table(_, format) | Self::Journal(format) => format.media_type(),
            Self::Checkpoint | Self::Keys => "text/plain; charset=utf-8",
            Self::Tile(_) => "application/octet-stream",
        }
    }
}
