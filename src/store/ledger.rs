//! The ledger's rows.

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Placeholder until the file is whole.
        BOOK_EXISTS = "SELECT seq FROM book WHERE book_id = $1";
    }
}
