//! Blocks: the runs of places of a log by which entries stand together. Whoever reads an account asks each block for
//! it; whoever reads places needs none of this.

/// Places in a block. Few enough that the last block, the only one that is written to, stays in memory and shares its
/// pages among the postings of a batch; so many that a book of millions has hundreds of blocks to ask, not thousands.
pub const BLOCK: i64 = 16_384;

/// The block of a place.
#[must_use]
pub const fn of(seq: i64) -> i64 {
    seq / BLOCK
}

/// The blocks `block (n)` of book `$1`, before the statement proper.
macro_rules! blocks {
    () => {
        "WITH RECURSIVE block (n) AS (SELECT seq / 16384 FROM book WHERE book_id = $1 \
         UNION ALL SELECT n - 1 FROM block WHERE n > 0) "
    };
}
pub(crate) use blocks;
