//! What can go wrong between us and the database, by cause. Messages are for logs; people never see them.

/// A database call that did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique key was taken already. Decided by the engine's error class, never by a constraint's name.
    #[error("the row exists already")]
    Duplicate,
    /// The database refused an UPDATE or DELETE of a table that only grows.
    #[error("the table is append-only")]
    AppendOnly,
    /// A statement that must touch `expected` rows touched `actual`: somebody else was faster, or the row is gone.
    #[error("a statement touched {actual} rows instead of {expected}")]
    RowsAffected {
        /// How many rows the statement must touch.
        expected: u64,
        /// How many it touched.
        actual: u64,
    },
    /// A second writer, or the end, while a part of a unit is still at work: a fault of the program.
    #[error("a part of this unit of work is still open")]
    UnitBusy,
    /// What was read cannot be: the table was altered from outside, or a migration is wrong.
    #[error("{table}.{column} holds something that cannot be: {found}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What was found there.
        found: String,
    },
    /// The URL names an engine we do not have.
    #[error("unknown database URL scheme in {0:?}: use sqlite://FILE or postgres://…")]
    UnknownScheme(String),
    /// The schema is older than this program and migrating was not allowed.
    #[error("{0} migrations are pending: start once without --no-migrate")]
    Pending(usize),
    /// A migration failed or was edited.
    #[error("migration failed")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// The engine or the connection failed.
    #[error("database call failed")]
    Driver(#[source] sqlx::Error),
}

/// Why the database as a whole does not do its work: nothing that the request could mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// The disk is full.
    Full,
    /// It may be read only.
    ReadOnly,
    /// It does not answer, or its files cannot be read or written. What was under way may have come about.
    Away,
}

impl StoreError {
    /// Whether the database as a whole does not do its work.
    #[must_use]
    pub fn outage(&self) -> Option<Outage> {
        let Self::Driver(error) = self else { return None };
        match error {
            sqlx::Error::Database(db) => {
                let code = db.code().unwrap_or_default();
                if db.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
                    of_sqlite(code.parse().ok()?)
                } else {
                    of_postgres(&code)
                }
            }
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed => Some(Outage::Away),
            _ => None,
        }
    }

    /// A failure of the connection, as tests want it.
    #[cfg(debug_assertions)]
    #[must_use]
    pub fn injected() -> Self {
        Self::Driver(sqlx::Error::Io(std::io::Error::other("a planned fault")))
    }

    /// An [`StoreError::Inconsistent`] for `table.column`.
    pub fn inconsistent(table: &'static str, column: &'static str, found: impl Into<String>) -> Self {
        Self::Inconsistent { table, column, found: found.into() }
    }
}

/// By SQLite's result code; what stands above the lowest byte says more than we need.
const fn of_sqlite(code: i32) -> Option<Outage> {
    const BUSY: i32 = 5;
    const READONLY: i32 = 8;
    const IOERR: i32 = 10;
    const FULL: i32 = 13;
    const CANTOPEN: i32 = 14;
    match code & 0xff {
        FULL => Some(Outage::Full),
        READONLY => Some(Outage::ReadOnly),
        BUSY | IOERR | CANTOPEN => Some(Outage::Away),
        _ => None,
    }
}

/// By SQLSTATE.
fn of_postgres(code: &str) -> Option<Outage> {
    match code {
        "53100" => Some(Outage::Full),
        "25006" => Some(Outage::ReadOnly),
        // no connection, too many of them, an operator's shutdown, its files
        _ if ["08", "53", "57P", "58"].iter().any(|class| code.starts_with(class)) => Some(Outage::Away),
        _ => None,
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(db) = &error {
            if db.is_unique_violation() {
                return Self::Duplicate;
            }
            if db.message().starts_with("append-only") {
                return Self::AppendOnly;
            }
        }
        Self::Driver(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ails_the_database_is_told_by_its_codes() {
        for (code, outage) in [
            (13, Some(Outage::Full)),
            (8, Some(Outage::ReadOnly)),
            (1032, Some(Outage::ReadOnly)),
            (778, Some(Outage::Away)),
            (14, Some(Outage::Away)),
            (1, None),
            (2067, None),
        ] {
            assert_eq!(of_sqlite(code), outage, "{code}");
        }
        for (code, outage) in [
            ("53100", Some(Outage::Full)),
            ("25006", Some(Outage::ReadOnly)),
            ("57P01", Some(Outage::Away)),
            ("08006", Some(Outage::Away)),
            ("53300", Some(Outage::Away)),
            ("57014", None),
            ("23505", None),
        ] {
            assert_eq!(of_postgres(code), outage, "{code}");
        }
    }
}
