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

impl StoreError {
    /// An [`StoreError::Inconsistent`] for `table.column`.
    pub fn inconsistent(table: &'static str, column: &'static str, found: impl Into<String>) -> Self {
        Self::Inconsistent { table, column, found: found.into() }
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
