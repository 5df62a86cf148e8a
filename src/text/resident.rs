//! Words of the resident's pages: balance, history, claims, the live code, the time bank.

catalogue! {}
