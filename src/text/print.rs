//! Words of printed sheets: notices, cards, slips, passbook lines.

catalogue! {}
