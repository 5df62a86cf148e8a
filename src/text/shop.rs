//! Words of the counter: basket, receipts, stock, day close.

catalogue! {}
