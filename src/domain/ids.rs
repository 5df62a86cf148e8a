//! Identifiers: one newtype for each thing that can be named, so that a household id cannot be passed
//! where a person id is meant. Holds no generation of ids: see [`crate::domain::entropy`].

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text was not a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct InvalidId;

macro_rules! decl_id {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self).map_err(|_| InvalidId)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

decl_id! {
    /// A node of the tree county → township → village → group → household group (联户).
    OrgId;
    /// A book (账套): one village programme, the unit of sequence, Merkle log, idempotency and sharding.
    BookId;
    /// A household (户), the holder of points.
    HouseholdId;
    /// A person, the holder of hours.
    PersonId;
    /// Someone who signs in. Not a person and not an account: identity ≠ person ≠ account.
    UserId;
    /// A sign-in that can be revoked.
    SessionId;
    /// One proposed credit or deduction (加减分) on its way from claim to posting.
    AwardId;
    /// A program that is told what happens in a book.
    WebhookId;
    /// A notice sheet (公示).
    NoticeId;
    /// An objection (异议) to one line of a notice.
    ObjectionId;
    /// An appeal (申诉) to the township against what the village found.
    AppealId;
    /// An entry of the honours registry (荣誉登记).
    HonourId;
    /// A red list (红榜).
    RedListId;
    /// A redemption counter (兑换点).
    CounterId;
    /// A redemption (兑换单).
    OrderId;
    /// Goods that came back (退货单).
    ReturnId;
    /// A stock paper (入库单, 调拨单, 报损单, 盘点单).
    StockPaperId;
    /// A printed household card (积分卡).
    CardId;
    /// Somebody who redeems for another household (代办人).
    HelperId;
    /// One person came for several households (代刷提醒).
    AlertId;
    /// A request to undo a posting (冲正), waiting for its second person.
    ReversalId;
    /// A reminder (提醒) that comes before a deduction.
    ReminderId;
    /// A transaction of a book. The place in the log is its `seq`; this is its name outside.
    TxnId;
    /// One recorded happening in the life of something (留痕).
    EventId;
    /// A source of money behind points (资金来源).
    FundId;
    /// Money that came in, on its way into the ledger.
    MoneyId;
    /// A rule set or compact on its way into force.
    ProposalId;
    /// A comment on a draft, or an objection to a decision about one.
    VoiceId;
    /// A batch of records entered together.
    BatchId;
    /// A body that the villagers named: the panel, the two committees.
    BodyId;
    /// A sitting of the panel (评议会).
    SittingId;
    /// What a resident claims (申报).
    ClaimId;
    /// A matter that somebody reported (随手拍).
    MatterId;
    /// An inspection round (巡查).
    RoundId;
    /// A photo or a voice note.
    EvidenceId;
    /// A random call-back (随机回访) about one award.
    CallBackId;
    /// An order of the time bank (时间银行订单).
    TimeOrderId;
    /// What a volunteer offers.
    TimeOfferId;
    /// A gift of minutes.
    TimeGiftId;
    /// An inheritance of minutes.
    TimeEstateId;
    /// Points and goods that a device has in hand to sell without network (断网额度).
    OfflineRoundId;
}
