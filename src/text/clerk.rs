//! Words of the clerk's and reviewers' pages: recording, review, notices, registers.

catalogue! {}
