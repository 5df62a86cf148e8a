//! Words of the county and township administration: organisations, people, programmes, funds.

catalogue! {}
