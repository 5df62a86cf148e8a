//! Goods on shelves (库存): the papers that move them, the batches they lie in, what a piece costs. Holds no balances:
//! pieces and cost are the ledger's.

pub mod cost;
pub mod shelf;

use super::wording::vocabulary;

/// Days before its last day from which a batch is reported (临期).
pub const EXPIRY_ALERT_DAYS: i32 = 60;

vocabulary! {
    /// What a stock paper is about.
    PaperKind {
        /// Goods come in.
        Receipt = "receipt", "入库单", "goods receipt";
        /// Goods go from one counter to another.
        Transfer = "transfer", "调拨单", "transfer";
        /// Goods are written off.
        Loss = "loss", "报损单", "loss";
        /// What lies on the shelf is counted.
        Count = "count", "盘点单", "stocktake";
    }
}

vocabulary! {
    /// How far a stock paper is.
    PaperState {
        /// A stocktake is under way; nobody sees the book's figures.
        Counting = "counting", "盘点中", "being counted";
        /// It waits for the second person.
        DrawnUp = "drawn_up", "待第二人核对", "waiting for the second person";
        /// The second person agreed; it is in the ledger.
        Posted = "posted", "已入账", "posted";
        /// The second person did not agree.
        Refused = "refused", "未通过", "not agreed";
        /// Who drew it up took it back.
        Withdrawn = "withdrawn", "已撤回", "withdrawn";
    }
}

vocabulary! {
    /// Why goods are written off.
    LossReason {
        /// Past the last day.
        Expired = "expired", "过期", "past its last day";
        /// Broken, torn, wet.
        Damaged = "damaged", "破损", "damaged";
        /// Gone bad before the last day.
        Spoiled = "spoiled", "变质", "gone bad";
        /// Stolen or not to be found.
        Missing = "missing", "丢失", "missing";
        /// Sent back to who delivered it.
        SentBack = "sent_back", "退回供货方", "sent back";
        /// Anything else: the note says what.
        Other = "other", "其他", "other";
    }
}

/// What can be done with a stock paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperStep {
    /// The count is finished.
    Submit,
    /// The second person agrees.
    Approve,
    /// The second person does not agree.
    Refuse,
    /// Who drew it up takes it back.
    Withdraw,
}

/// That cannot be done any more, or not yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a paper that is {0} does not take this step")]
pub struct InvalidPaperStep(pub PaperState);

impl PaperState {
    /// Where a paper of `kind` begins.
    #[must_use]
    pub const fn first(kind: PaperKind) -> Self {
        match kind {
            PaperKind::Count => Self::Counting,
            PaperKind::Receipt | PaperKind::Transfer | PaperKind::Loss => Self::DrawnUp,
        }
    }

    /// Where `step` leads.
    pub const fn after(self, step: PaperStep) -> Result<Self, InvalidPaperStep> {
        match (self, step) {
            (Self::Counting, PaperStep::Submit) => Ok(Self::DrawnUp),
            (Self::DrawnUp, PaperStep::Approve) => Ok(Self::Posted),
            (Self::DrawnUp, PaperStep::Refuse) => Ok(Self::Refused),
            (Self::Counting | Self::DrawnUp, PaperStep::Withdraw) => Ok(Self::Withdrawn),
            _ => Err(InvalidPaperStep(self)),
        }
    }

    /// Whether nothing can happen to it any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Posted | Self::Refused | Self::Withdrawn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_count_begins_with_counting_and_an_end_is_an_end() {
        let steps = [PaperStep::Submit, PaperStep::Approve, PaperStep::Refuse, PaperStep::Withdraw];
        for kind in PaperKind::ALL {
            let first = PaperState::first(*kind);
            assert_eq!(first == PaperState::Counting, *kind == PaperKind::Count);
            assert_eq!(first.after(PaperStep::Submit).is_ok(), *kind == PaperKind::Count);
        }
        assert!(PaperState::Counting.after(PaperStep::Approve).is_err());
        for state in PaperState::ALL {
            let stuck = steps.iter().all(|step| state.after(*step).is_err());
            assert_eq!(stuck, state.is_final(), "{state}");
        }
    }
}
