//! Words of orders: put aside, collected, cancelled, given back.

use super::{T, refusal::RefusalWords};
use crate::domain::{
    day_close::SlipDifference,
    order::{CancelReason, OrderState},
    returns::{ReturnKind, ReturnedTo},
};

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
    (
        "return_too_late",
        "凭条第{no}号已过{hours}小时，不能退货。商品有问题请找村文书。",
        "Receipt {no} is older than {hours} hours: nothing of it can be taken back. See the clerk if the goods are faulty.",
    ),
    (
        "void_too_late",
        "凭条第{no}号不是今天的，不能作废。请办退货，或请村文书申请冲正。",
        "Receipt {no} is not of today and cannot be made void. Take the goods back, or ask the clerk for a reversal.",
    ),
    (
        "not_their_receipt",
        "这是{household}户的卡（码），凭条第{no}号不是这一户的。",
        "That is the card or code of household {household}; receipt {no} is not theirs.",
    ),
    (
        "not_on_receipt",
        "凭条第{no}号上没有编号{article}的商品。",
        "There is no article {article} on receipt {no}.",
    ),
    (
        "service_not_returned",
        "{article}是服务，不能退。",
        "{article_en} is a service and cannot be taken back.",
    ),
    (
        "returned_already",
        "{article}只剩{left}可退，要退{needed}不行。",
        "{article_en}: {left} left to take back, {needed} asked for.",
    ),
    (
        "slips_differ",
        "凭条有{slips}张，账上是{redemptions}笔，请重数；确实不一样就选原因。",
        "{slips} slips, and {redemptions} redemptions by the book. Count again, or say why.",
    ),
    (
        "slips_agree",
        "凭条{slips}张，账上{redemptions}笔，一样多，不用选原因。",
        "{slips} slips and {redemptions} redemptions agree: no reason is needed.",
    ),
    (
        "day_closed",
        "{day}已经日结，今天不再开门，请明天再来。",
        "{day} is closed: the counter opens again tomorrow.",
    ),
    (
        "own_day_close",
        "{day}的日结是您自己做的，要由另一个人签字。",
        "You closed {day} yourself: another person must sign.",
    ),
    ("nothing_to_return", "凭条第{no}号没有可退的了。", "Nothing of receipt {no} is left to take back."),
    (
        "returned_not_reversed",
        "第{seq}号流水已经办过退货，不能再冲正。余下的请继续办退货。",
        "Goods of transaction {seq} came back: it cannot be reversed. Take back what is left of it.",
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

    /// Why slips and redemptions differ.
    #[must_use]
    pub fn slip_difference(self, why: &SlipDifference) -> &'static str {
        why.words().text(self.lang())
    }

    /// Returned or void.
    #[must_use]
    pub fn return_kind(self, kind: &ReturnKind) -> &'static str {
        kind.words().text(self.lang())
    }

    /// Where goods that come back go.
    #[must_use]
    pub fn returned_to(self, to: &ReturnedTo) -> &'static str {
        to.words().text(self.lang())
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
    returns_title(no) { zh: "凭条第{no}号：退货或作废", en: "Receipt {no}: take back or make void" }
    returns_link { zh: "退货／作废", en: "Take back or make void" }
    returns_hint { zh: "24小时内可退。积分、库存和限兑数量一起退回。", en: "Within 24 hours. Points, goods and quota go back together." }
    returns_pieces { zh: "退几件", en: "How many come back" }
    returns_goes_to { zh: "商品怎么处理", en: "Where the goods go" }
    returns_show { zh: "居民的积分卡或兑换码", en: "The household's card or phone code" }
    returns_take { zh: "收货并退积分", en: "Take the goods and give points back" }
    returns_void_hint { zh: "录错了、货没有拿走：整张凭条剩下的全部作废，只能在当天。", en: "Typed wrongly and nothing left the shelf: all that is left of the receipt is made void, on the same day only." }
    returns_void { zh: "整张作废", en: "Make it void" }
    returns_done(points) { zh: "已退回{points}分", en: "{points} points given back" }
    returns_line(kind, points) { zh: "{kind}：退回{points}分", en: "{kind}: {points} points given back" }
    returns_of_day { zh: "退货和作废", en: "Taken back or void" }
    closes_title { zh: "日结", en: "Close the day" }
    closes_link { zh: "兑换点日结（第二人签字）", en: "Closed days of the counters (second signature)" }
    closes_today(day) { zh: "今天（{day}）到现在", en: "Today ({day}) so far" }
    closes_hint { zh: "数一数今天的凭条再填。日结以后今天不再开门，明天照常。", en: "Count the slips of today first. After closing, the counter stays shut until tomorrow." }
    closes_slips { zh: "清点凭条张数", en: "Slips counted" }
    closes_why { zh: "张数和账上不一样时：为什么", en: "If they are not as many as by the book: why" }
    closes_agree { zh: "一样", en: "They agree" }
    closes_close { zh: "日结并关门", en: "Close the day and the counter" }
    closes_done(day) { zh: "{day}已日结，请第二人签字", en: "{day} is closed; a second person signs" }
    closes_closed { zh: "已日结的日子", en: "Closed days" }
    closes_signed { zh: "两人已签", en: "signed by two" }
    closes_unsigned { zh: "待第二人签字", en: "waits for the second signature" }
    closes_sign { zh: "我核对过，签字", en: "I have checked it: sign" }
    closes_signed_day(day) { zh: "{day}的日结已签字", en: "{day} is signed" }
    orders_receipt { zh: "看凭条", en: "See the receipt" }
}
