//! The decision core: given a book and a command, what happens. Pure and synchronous; it alone knows limits, meters,
//! holds, reversals, closed periods and idempotency. Holds no storage: the store loads what [`Book::needs`] names
//! before, and writes what [`Book::decide`] returns after, in one transaction.

mod command;
mod decide;
mod leaf;
mod links;
mod outcome;
mod private;
mod refusal;
mod state;
mod together;

pub(in crate::domain) use command::named;
pub use command::{Command, InvalidKey, Key, MAX_KEY_BYTES, MeterUse, ONCE, TxnKind, UnknownKind};
pub use leaf::{Entry, HASH_VERSION, LEAF_BYTES_MAX, MeterRecord, Record, leaf_bytes, leaf_hash};
pub use outcome::{Opened, Outcome, Posted, Prior, PriorResult, RefusalCode, Refused, UnknownRefusal};
pub use private::{PrivateText, commitment, in_body, is_commitment, may_hold_commitment};
pub use refusal::{RefusalRecord, refusal_chain};
pub use state::{
    Account, AccountKey, Book, DRAWN_UP_FIELD, Needs, Original, STATEMENT_FIELD, debited_change, lapsed,
    lapsing,
};

#[cfg(test)]
mod tests;
