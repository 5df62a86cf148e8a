//! Evidence (佐证): what has to lie in the file before an item can be claimed. Holds no files.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A kind of evidence (佐证).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// A photo (P).
    Photo,
    /// A sign-in, or a sign-in and a sign-out (S).
    SignIn,
    /// The sign-out that closes a sign-in (S out).
    SignOut,
    /// A weighing slip (W).
    WeighingSlip,
    /// A document (D).
    Document,
    /// A confirmation by the one who was helped (B).
    Beneficiary,
    /// Minutes of a meeting (M).
    Minutes,
    /// An inspection sheet signed by two inspectors (I).
    Inspection,
    /// A scan at a station.
    StationScan,
    /// An order of the time bank, closed by both sides.
    ServiceOrder,
    /// A fact the system itself has on record.
    SystemRecord,
}

/// What has to lie in the file before an item can be claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The kinds accepted.
    pub kinds: Vec<EvidenceKind>,
    /// Whether each of the kinds is needed, or any one of them will do.
    pub all: bool,
    /// How many pieces at least.
    pub min_count: u32,
}
