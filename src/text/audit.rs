//! Words of the auditor's pages: identities, drill through, findings, exports.

catalogue! {}
