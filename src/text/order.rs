//! Words of orders: put aside, collected, cancelled, given back.

use super::{T, refusal::RefusalWords};
use crate::domain::order::{CancelReason, OrderState};

/// Refusals of orders.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "orders_waiting",
        "每户最多同时有{limit}张待取的预约单，请先取货或取消一张。",
        "At most {limit} orders of a household may wait. Collect or cancel one first.",
    ),
    (
        "order_ended",
        "预约单第{no}号已经结束（{state}），不能再取货或取消。",
        "Order {no} is over ({state}): it can be neither collected nor cancelled.",
    ),
    (
        "order_over",
        "预约单第{no}号只保留到{until}，积分和商品会自动退回，请重新预约或现场兑换。",
        "Order {no} was kept until {until}: points and goods go back by themselves. Order again, or redeem at the counter.",
    ),
    (
        "order_has_less",
        "{article}只预约了{available}，不能取{needed}。",
        "{article}: {available} put aside, {needed} asked for.",
    ),
    (
        "pickup_code_wrong",
        "这不是预约单第{no}号的取货码。请居民打开“我的预约”，或出示积分卡、兑换码。",
        "That is not the pick-up code of order {no}. Ask for it, or for the card or the phone code.",
    ),
    (
        "not_their_order",
        "这是{household}户的卡（码），预约单第{no}号不是这一户的。",
        "That is the card or code of household {household}; order {no} is not theirs.",
    ),
];

impl T {
    /// How far an order is.
    #[must_use]
    pub fn order_state(self, state: &OrderState) -> &'static str {
        state.words().text(self.lang())
    }

    /// Why an order was cancelled.
    #[must_use]
    pub fn order_reason(self, reason: &CancelReason) -> &'static str {
        reason.words().text(self.lang())
    }
}

catalogue! {
    orders_mine { zh: "我的预约", en: "My orders" }
    orders_new { zh: "预约取货", en: "Put goods aside" }
    orders_new_hint { zh: "先占住商品和积分，七天内凭取货码来取。到期没取，自动退回。", en: "Goods and points are kept for you for seven days. Come with the pick-up code; what is not collected goes back by itself." }
    orders_which_counter { zh: "在哪里取", en: "Where to collect" }
    orders_place { zh: "预约这些", en: "Put these aside" }
    orders_placed(no) { zh: "预约单第{no}号已下", en: "Order {no} is placed" }
    orders_no(no) { zh: "预约单第{no}号", en: "Order {no}" }
    orders_code { zh: "取货码", en: "Pick-up code" }
    orders_code_hint { zh: "取货时把这个码告诉超市管理员，也可以出示积分卡或兑换码。", en: "Say this code at the counter, or show the card or the phone code." }
    orders_kept_until(day) { zh: "保留到{day}", en: "Kept until {day}" }
    orders_points(points) { zh: "冻结{points}分", en: "{points} points held" }
    orders_cancel { zh: "取消预约", en: "Cancel the order" }
    orders_cancelled(no) { zh: "预约单第{no}号已取消，积分和商品已退回", en: "Order {no} is cancelled; points and goods are back" }
    orders_cancel_why { zh: "为什么取消", en: "Why" }
    orders_pick_up { zh: "预约取货单", en: "Pick-up list" }
    orders_pick_up_count(count) { zh: "{count}张待取", en: "{count} waiting" }
    orders_lay_out { zh: "先备好这些", en: "Lay these out first" }
    orders_waiting { zh: "待取的预约单", en: "Orders that wait" }
    orders_none { zh: "没有待取的预约单。", en: "No order waits." }
    orders_show { zh: "取货码、积分卡或兑换码", en: "Pick-up code, card or phone code" }
    orders_take { zh: "这次取", en: "Taken now" }
    orders_take_hint { zh: "少取的部分马上退回居民，以后要再取请重新预约。", en: "What is not taken now goes back to the household at once." }
    orders_hand_over { zh: "交货并扣分", en: "Hand over and take the points" }
    orders_by_clerk { zh: "代居民预约", en: "Orders for households" }
    orders_by_clerk_hint { zh: "居民打电话或当面说了要什么，先替他占住；把取货码告诉他。", en: "A household said what it wants: put it aside, and tell them the code." }
    orders_no_such_household { zh: "户号不对，例如 H0012。", en: "That is no household number, such as H0012." }
    orders_receipt { zh: "看凭条", en: "See the receipt" }
}
