//! An order (订单): from asking to posted hours. States, the only moves between them, what settles it, and the three
//! verdicts. Who may move it is decided in the service layer.

use super::policy::Counting;
use crate::domain::{time::Timestamp, wording::vocabulary};

vocabulary! {
    /// Where an order stands.
    OrderState {
        /// The public pool pays and has too little: it waits its turn.
        Queued = "queued", "排队待拨", "waiting for the pool";
        /// On the board (发布): nobody has taken it.
        Open = "open", "待接", "open";
        /// Somebody took it.
        Accepted = "accepted", "已接", "accepted";
        /// Checked in.
        Serving = "serving", "服务中", "under way";
        /// Checked out; both sides still have to confirm.
        Done = "done", "待确认", "awaiting confirmation";
        /// Both confirmed.
        Rated = "rated", "已评价", "confirmed";
        /// The hours are in the account.
        Posted = "posted", "已入账", "posted";
        /// A low rating, or one person's word for all of it, holds it until another has looked into it.
        Held = "held", "暂缓待查", "held until it was looked into";
        /// One side disputes it.
        Disputed = "disputed", "争议中", "in dispute";
        /// Decided with hours to post.
        Cleared = "cleared", "已裁定", "decided";
        /// Entered afterwards; the second signer is missing.
        Late = "late", "补录待复核", "late entry to be countersigned";
        /// Called off.
        Cancelled = "cancelled", "已取消", "called off";
        /// One side did not come.
        NoShow = "no_show", "爽约", "no-show";
        /// Over without hours: too short, or decided so.
        NotCounted = "not_counted", "不计时", "not counted";
    }
}

vocabulary! {
    /// What can happen to an order.
    OrderMove {
        /// The pool can pay for it now.
        Fund = "fund", "拨付", "fund";
        /// A volunteer takes it, or the desk writes down that one does.
        Accept = "accept", "接单", "accept";
        /// The volunteer gives it back in time.
        GiveBack = "give_back", "退单", "give back";
        /// Another volunteer goes instead.
        Substitute = "substitute", "替换", "substitute";
        /// One side did not come.
        Miss = "miss", "爽约", "report a no-show";
        /// After a no-show it goes on the board again.
        Reopen = "reopen", "重新发布", "open again";
        /// It is called off.
        Cancel = "cancel", "取消", "call off";
        /// The volunteer arrives.
        CheckIn = "check_in", "签到", "check in";
        /// The volunteer leaves.
        CheckOut = "check_out", "签退", "check out";
        /// The check-out was forgotten: the open pair counts nothing.
        Forget = "forget", "漏签退", "drop the open pair";
        /// Both have confirmed.
        Confirm = "confirm", "确认", "confirm";
        /// One side disputes it.
        Dispute = "dispute", "提出争议", "dispute";
        /// The arbiters decide.
        Decide = "decide", "裁定", "decide";
        /// A second person signs under a late entry.
        Countersign = "countersign", "复核", "countersign";
        /// The second person does not sign.
        Reject = "reject", "不予补录", "reject";
        /// The hours go into the account.
        Post = "post", "入账", "post";
    }
}

/// That move is not possible from that state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an order that is {from} cannot {attempted}")]
pub struct InvalidMove {
    /// Where it stands.
    pub from: OrderState,
    /// What was tried.
    pub attempted: OrderMove,
}

/// How something that has more than one way out ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// With hours to post.
    Counted,
    /// Held for a low rating.
    Low,
    /// Without hours.
    Nothing,
}

impl OrderState {
    /// Whether nothing can happen to it any more.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Posted | Self::Cancelled | Self::NotCounted)
    }

    /// Whether minutes are put aside for it.
    #[must_use]
    pub const fn holds_minutes(self) -> bool {
        !self.is_over() && !matches!(self, Self::Queued)
    }

    /// Whether its volunteer is bound to it.
    #[must_use]
    pub const fn has_volunteer(self) -> bool {
        !matches!(self, Self::Queued | Self::Open | Self::NoShow | Self::Cancelled)
    }

    /// The state after `step`, which may end in more ways than one only where it confirms or decides.
    ///
    /// # Errors
    /// When nothing of the kind can happen to it.
    pub const fn after(self, step: OrderMove, ending: Ending) -> Result<Self, InvalidMove> {
        use OrderMove as M;
        Ok(match (self, step, ending) {
            (Self::Queued, M::Fund, _) | (Self::Accepted, M::GiveBack, _) | (Self::NoShow, M::Reopen, _) => {
                Self::Open
            }
            (Self::Open, M::Accept, _) | (Self::Accepted | Self::NoShow, M::Substitute, _) => Self::Accepted,
            (Self::Accepted, M::Miss, _) => Self::NoShow,
            (Self::Queued | Self::Open | Self::Accepted | Self::NoShow, M::Cancel, _) => Self::Cancelled,
            (Self::Accepted | Self::Done, M::CheckIn, _) => Self::Serving,
            (Self::Serving, M::CheckOut | M::Forget, _) => Self::Done,
            (Self::Done, M::Confirm, Ending::Low) => Self::Held,
            (Self::Done, M::Confirm, Ending::Counted) | (Self::Late, M::Countersign, _) => Self::Rated,
            (Self::Done | Self::Rated | Self::Held, M::Dispute, _) => Self::Disputed,
            (Self::Disputed | Self::Held, M::Decide, Ending::Counted) => Self::Cleared,
            (Self::Done, M::Confirm, Ending::Nothing)
            | (Self::Disputed | Self::Held, M::Decide, Ending::Nothing)
            | (Self::Late, M::Reject, _) => Self::NotCounted,
            (Self::Rated | Self::Cleared, M::Post, _) => Self::Posted,
            (from, attempted, _) => return Err(InvalidMove { from, attempted }),
        })
    }
}

/// One to five, given by whoever was served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rating(u8);

/// Not a rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a rating is 1 to 5")]
pub struct InvalidRating;

impl TryFrom<i64> for Rating {
    type Error = InvalidRating;
    fn try_from(value: i64) -> Result<Self, InvalidRating> {
        u8::try_from(value).ok().filter(|n| (1..=5).contains(n)).map(Self).ok_or(InvalidRating)
    }
}

impl Rating {
    /// The number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }
}

/// How an order ends once both have confirmed: `minutes` counted, and the rating if one was given. One that was called
/// about and confirmed without a rating is not held.
#[must_use]
pub const fn confirmed(counting: &Counting, minutes: i64, rating: Option<Rating>) -> Ending {
    match rating {
        _ if minutes <= 0 => Ending::Nothing,
        Some(Rating(number)) if number <= counting.hold_rating => Ending::Low,
        _ => Ending::Counted,
    }
}

/// Whether an order that both should have confirmed goes on the call-back list.
#[must_use]
pub const fn to_be_called(counting: &Counting, done_at: Timestamp, now: Timestamp) -> bool {
    now.since(done_at) > counting.confirm_hours * 3_600 * 1_000_000
}

vocabulary! {
    /// What a call-back found.
    CallBack {
        /// Whoever was served says yes.
        Confirmed = "confirmed", "对方确认", "confirmed";
        /// Whoever was served says no.
        Denied = "denied", "对方否认", "denied";
        /// Nobody answered.
        Unreached = "unreached", "联系不上", "nobody answered";
    }
}

/// What a call-back leads to: confirmed, disputed, or nothing yet. Unreached, only check-in and check-out that prove
/// themselves confirm it.
#[must_use]
pub const fn called(found: CallBack, proven: bool) -> Option<OrderMove> {
    match (found, proven) {
        (CallBack::Confirmed, _) | (CallBack::Unreached, true) => Some(OrderMove::Confirm),
        (CallBack::Denied, _) => Some(OrderMove::Dispute),
        (CallBack::Unreached, false) => None,
    }
}

vocabulary! {
    /// What arbiters may find.
    Verdict {
        /// All of it counts.
        AsServed = "as_served", "照记", "counts as served";
        /// A part of it counts.
        InPart = "in_part", "部分计入", "counts in part";
        /// Nothing counts.
        Nothing = "nothing", "不计", "counts nothing";
    }
}

/// The verdict does not fit its figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a part is more than nothing, less than {served}, in steps of {quarter} minutes and no less than {least}"
)]
pub struct InvalidPart {
    /// What was served.
    pub served: i64,
    /// The step.
    pub quarter: i64,
    /// The least.
    pub least: i64,
}

/// The minutes that a verdict counts of those `served`.
///
/// # Errors
/// When a part is none.
pub fn decided(
    counting: &Counting,
    verdict: Verdict,
    served: i64,
    part: Option<i64>,
) -> Result<i64, InvalidPart> {
    match verdict {
        Verdict::AsServed => Ok(served),
        Verdict::Nothing => Ok(0),
        Verdict::InPart => part
            .filter(|part| 0 < *part && *part < served && counting.counted(*part) == *part)
            .ok_or(InvalidPart { served, quarter: counting.quarter, least: counting.least }),
    }
}

#[cfg(test)]
mod tests;
