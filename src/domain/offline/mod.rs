//! Selling without network (断网): a device gets points and goods put aside for it, sells from them alone, and sends back
//! what it sold. Pure: what an entry says, whether it was signed and stands in its place, and what becomes of it. Holds no
//! posting: what is put aside, taken and given back is the service's.
//!
//! * [`entry`] — the text of a sale as the device signs it
//! * [`round`] — what a device was given, and what each entry takes of it

use super::{amount::POINT_MINOR, time::Timestamp, wording::vocabulary};

pub mod entry;
pub mod round;

/// Points of one household that may be out on devices on one day, those that were sold there included.
pub const OFFLINE_HOUSEHOLD_MAX: i64 = 50 * POINT_MINOR;
/// Points that one device may have in hand.
pub const OFFLINE_COUNTER_MAX: i64 = 2_000 * POINT_MINOR;
/// Hours after it was made ready until which a device sells.
pub const OFFLINE_HOURS: i64 = 72;
/// Hours before its end from which people are told.
pub const OFFLINE_WARN_HOURS: i64 = 12;
/// Households of one device.
pub const OFFLINE_HOUSEHOLDS_MAX: usize = 200;
/// Entries of one request.
pub const OFFLINE_ENTRIES_MAX: usize = 100;
/// Seconds that a device's clock may differ before people are told.
pub const SKEW_SECONDS: i64 = 300;

vocabulary! {
    /// How far what a device was given is.
    RoundState {
        /// It may sell, and send what it sold.
        Open = "open", "使用中", "in use";
        /// Everything was sent; what was left went back.
        Closed = "closed", "已收回", "closed";
        /// A signature or the order of its entries was wrong: nothing of it is taken any more.
        Stopped = "stopped", "已停用", "stopped";
        /// The device is gone; what it had went back.
        Lost = "lost", "设备遗失", "lost";
    }
}

vocabulary! {
    /// Why an entry is for people to decide: nothing was taken from the household.
    ConflictKind {
        /// The card is not on the device's list.
        UnknownCard = "unknown_card", "卡不在名单上", "card not on the list";
        /// The card was declared dead; nothing proves that it was used before.
        CardRevoked = "card_revoked", "卡已挂失", "card declared dead";
        /// The household may not redeem.
        Frozen = "frozen", "该户已停用", "household may not redeem";
        /// Whoever sent it, or their kin, took the goods.
        OwnHousehold = "own_household", "回传人自己家或亲属家", "of whoever sent it, or of their kin";
        /// An article that the device was not given.
        ArticleUnknown = "article_unknown", "商品不在名单上", "article not on the list";
        /// A price or a total that is not the device's list's.
        Figures = "figures", "价格或合计不符", "price or total does not agree";
        /// More pieces than were put aside.
        BeyondGoods = "beyond_goods", "超出预留数量", "more pieces than were put aside";
        /// More points than were put aside, or more than may be taken at once without a PIN.
        BeyondAllowance = "beyond_allowance", "超出断网额度", "beyond the allowance";
        /// It came after what the device had was given back.
        AfterEnd = "after_end", "额度收回后才送到", "came after the allowance went back";
    }
}

vocabulary! {
    /// What people decided about an entry.
    Decision {
        /// The household agrees: points are taken as for any redemption.
        Posted = "posted", "住户认可，补扣分", "the household agrees: points are taken";
        /// The goods came back onto the shelf.
        Back = "back", "货已收回", "the goods came back";
        /// The goods are gone: written off.
        Loss = "loss", "报损", "written off";
    }
}

vocabulary! {
    /// What people should know of a sale that was taken.
    Flag {
        /// Sold when the device should have stopped.
        Late = "late", "超过72小时", "later than 72 hours";
        /// The device's clock was wrong.
        Skew = "skew", "设备时钟不准", "the device's clock was wrong";
        /// The price is another by now; the device's was taken.
        PriceChanged = "price_changed", "现价已变", "the price is another by now";
    }
}

/// Whether the clock of a device that says `device` at the server's `now` is wrong.
#[must_use]
pub const fn is_skewed(device: Timestamp, now: Timestamp) -> bool {
    (device.micros() - now.micros()).abs() > SKEW_SECONDS * super::time::MICROS_PER_SECOND
}

#[cfg(test)]
mod tests;
