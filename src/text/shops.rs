//! Words of private shops: agreements, monthly statements, payments.

use super::{T, refusal::RefusalWords};
use crate::domain::shop::{ShopEntryKind, ShopState, ShopVerb};

/// Refusals of private shops.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "shop_not_in_force",
        "{shop}的兑换协议（{from}至{until}）今天不生效，不能兑换。请到别的兑换点，或请村文书续签协议。",
        "The agreement with {shop} ({from} to {until}) is not in force today: points cannot be redeemed here. Go to another counter, or see the clerk.",
    ),
    (
        "shop_goods_only",
        "这里是商户兑换点（{shop}），商品是商户自己的：不能在这里放村里的库存、预约、冻结积分或断网兑换。",
        "This is a private shop ({shop}) with goods of its own: no stock of the village, no orders, no points put aside and no sales without network here.",
    ),
    (
        "shop_has_stock",
        "{counter}还有村里的库存或待取的预约，不能签给商户。请先调拨或清空，或为商户另设兑换点。",
        "{counter} still has goods of the village. Carry them to another counter first, or set up a counter for the shop.",
    ),
    (
        "shop_sold_before",
        "这个兑换点{from}以后已有村里的兑换，协议不能从那天开始。请改开始日期，或另设兑换点。",
        "Points were redeemed here for the village on or after {from}. Let the agreement begin later, or set up another counter.",
    ),
    (
        "shop_overlaps",
        "这个兑换点已有第{no}号协议，日期重叠。",
        "Agreement no. {no} about this counter has some of the same days.",
    ),
    (
        "shop_days",
        "协议日期不对：{from}至{until}。结束不早于开始和今天，最长三年。",
        "Those days do not fit: {from} to {until}. The end is not before the beginning or today, and three years at most.",
    ),
    (
        "own_agreement",
        "第{no}号协议是您自己拟的，要由另一个人同意。",
        "You drew agreement no. {no} up yourself: another person agrees to it.",
    ),
    (
        "own_shop",
        "您就是这家商户的，不能代表村里办理。请由另一个人办。",
        "You belong to this shop and cannot act for the village here. Somebody else does.",
    ),
    (
        "kin_of_the_shop",
        "这家商户是您家或近亲属的，请回避，由另一个人办。",
        "The shop is your household's or your kin's: step back and let somebody else do it.",
    ),
    (
        "statement_month_open",
        "{until}还没有过完，月底以后再出对账单。",
        "{until} is not over yet: draw the statement up afterwards.",
    ),
    (
        "statement_covered",
        "到{until}为止的对账单已经出过。",
        "Statements are drawn up as far as {until} already.",
    ),
    (
        "nothing_to_settle",
        "{from}至{until}没有要结算的。",
        "There is nothing to settle from {from} to {until}.",
    ),
    (
        "own_statement",
        "第{no}号对账单是您自己出的，要由另一个人代表村里确认。",
        "You drew statement no. {no} up yourself: another person confirms it for the village.",
    ),
    (
        "both_sides",
        "第{no}号对账单，您已代表村里经手，不能再代表商户确认。",
        "You had a hand in statement no. {no} for the village: you cannot confirm it for the shop.",
    ),
    (
        "statement_not_now",
        "第{no}号对账单现在的状态是“{state}”，不能这样办。请刷新后再看。",
        "Statement no. {no} is {state}: that cannot be done now. Load the page again.",
    ),
    (
        "earlier_statement",
        "请先结清第{earlier}号对账单，再付第{no}号。",
        "Settle statement no. {earlier} before no. {no}.",
    ),
    (
        "nothing_due",
        "第{no}号对账单没有应付金额（{due}元），不用付款，转入下一期。",
        "Nothing is due by statement no. {no} ({due} yuan): it is carried to the next.",
    ),
    (
        "fund_has_less",
        "{fund}账上只有{available}元，要付{needed}元。请换资金来源，或等资金到账。",
        "{fund} has {available} yuan, {needed} are to be paid. Choose another source, or wait until there is more.",
    ),
];

impl T {
    /// How far an agreement has come.
    #[must_use]
    pub fn shop_state(self, state: impl AsRef<str>) -> &'static str {
        state.as_ref().parse::<ShopState>().map_or("", |s| s.words().text(self.lang()))
    }

    /// What was done with a statement.
    #[must_use]
    pub fn shop_verb(self, verb: impl AsRef<str>) -> &'static str {
        verb.as_ref().parse::<ShopVerb>().map_or("", |v| v.words().text(self.lang()))
    }

    /// What a line of a statement is.
    #[must_use]
    pub fn shop_entry(self, kind: impl AsRef<str>) -> &'static str {
        kind.as_ref().parse::<ShopEntryKind>().map_or("", |k| k.words().text(self.lang()))
    }

    /// How far a statement has come.
    #[must_use]
    pub fn shop_standing(self, standing: impl AsRef<str>) -> &'static str {
        match standing.as_ref() {
            "drawn" => self.shops_is_drawn(),
            "disputed" => self.shops_is_disputed(),
            "confirmed" => self.shops_is_confirmed(),
            "reviewed" => self.shops_is_reviewed(),
            _ => self.shops_is_paid(),
        }
    }
}

catalogue! {
    shops_title { zh: "商户兑换点", en: "Private shops" }
    shops_hint { zh: "商户用自己的商品兑换积分，村里按月对账付款。协议要两个人办，商户本人和亲属回避。", en: "Private shops redeem points for goods of their own and are paid monthly. An agreement takes two people, neither the shop nor its kin." }
    shops_none { zh: "还没有商户协议。", en: "There is no agreement with a shop yet." }
    shops_of(name) { zh: "{name}：兑换协议", en: "{name}: agreement" }
    shops_no(no) { zh: "协议第{no}号", en: "Agreement no. {no}" }
    shops_name { zh: "商户名称", en: "Name of the shop" }
    shops_licence { zh: "营业执照号", en: "Licence number" }
    shops_counter { zh: "兑换点", en: "Counter" }
    shops_household { zh: "经营户（户号，外村的不填）", en: "Household that runs it (number; empty if of elsewhere)" }
    shops_discount { zh: "让利（千分之几，0–300）", en: "Discount (per mille, 0 to 300)" }
    shops_per_mille(share) { zh: "{share}‰", en: "{share}‰" }
    shops_settles { zh: "每月结算日（1–28）", en: "Day of settlement in the month (1 to 28)" }
    shops_from { zh: "开始日期", en: "First day" }
    shops_until { zh: "结束日期", en: "Last day" }
    shops_days { zh: "有效期", en: "Days" }
    shops_state { zh: "状态", en: "State" }
    shops_owed { zh: "现在应付（元）", en: "Owed now (yuan)" }
    shops_since { zh: "未出账的", en: "Not on a statement yet" }
    shops_reason { zh: "理由", en: "Reason" }
    shops_draw { zh: "拟协议", en: "Draw an agreement up" }
    shops_draw_hint { zh: "先在“兑换点”里设好商户的兑换点和值守人，那里不能有村里的库存。", en: "Set up the shop's counter and its keepers first; nothing of the village may lie there." }
    shops_drawn_said { zh: "协议已拟好，等第二人同意。", en: "Drawn up. It waits for the second person." }
    shops_agree { zh: "我核对过，同意", en: "I have checked it: agree" }
    shops_refuse { zh: "不同意", en: "Do not agree" }
    shops_end { zh: "终止协议", en: "End the agreement" }
    shops_end_hint { zh: "今天是最后一天，明天起不能在这里兑换。", en: "Today is its last day; from tomorrow points cannot be redeemed here." }
    shops_done { zh: "已办好。", en: "Done." }
    shops_statements { zh: "月对账单", en: "Monthly statements" }
    shops_statement(no) { zh: "月对账单第{no}号", en: "Statement no. {no}" }
    shops_statement_draw { zh: "出上月对账单", en: "Draw up last month's statement" }
    shops_statement_month { zh: "哪个月（不填是上个月）", en: "Which month (last month when empty)" }
    shops_statement_drawn(no) { zh: "第{no}号对账单已出，请商户和村里各一人确认。", en: "Statement no. {no} is drawn up: the shop and somebody of the village confirm it." }
    shops_points { zh: "积分", en: "Points" }
    shops_gross { zh: "折价（元）", en: "Worth (yuan)" }
    shops_discount_fen { zh: "让利（元）", en: "Discount (yuan)" }
    shops_net { zh: "应付（元）", en: "Owed (yuan)" }
    shops_carried { zh: "上期结转（元）", en: "Carried over (yuan)" }
    shops_due { zh: "本期应付合计（元）", en: "Due in all (yuan)" }
    shops_paid_fen { zh: "实付（元）", en: "Paid (yuan)" }
    shops_receipt { zh: "凭条号", en: "Receipt" }
    shops_day { zh: "日期", en: "Day" }
    shops_kind { zh: "事项", en: "What" }
    shops_seq { zh: "账上笔号", en: "In the log" }
    shops_lines(count) { zh: "明细{count}笔", en: "{count} lines" }
    shops_steps { zh: "双方经过", en: "What both sides did" }
    shops_confirm_shop { zh: "商户：核对无误，确认", en: "The shop: confirm" }
    shops_confirm_village { zh: "村里：核对无误，确认", en: "The village: confirm" }
    shops_dispute { zh: "有差错，提出异议", en: "It is not right: dispute it" }
    shops_answer { zh: "答复异议，请双方重新确认", en: "Answer the dispute: both confirm anew" }
    shops_review { zh: "财务复核无误", en: "Checked before payment" }
    shops_pay { zh: "登记付款", en: "Write the payment down" }
    shops_pay_hint { zh: "付款由乡镇登记；金额由账上算出，不会多于应付。", en: "The township writes it down; the amount follows from the books and is never more than is owed." }
    shops_fund { zh: "资金来源", en: "Source of money" }
    shops_payer { zh: "付款人", en: "Who paid" }
    shops_voucher { zh: "付款凭证号", en: "Voucher number" }
    shops_paid_on { zh: "付款日期", en: "Day of payment" }
    shops_payment(seq) { zh: "已付款（第{seq}笔）", en: "paid (transaction {seq})" }
    shops_payment_undone(seq) { zh: "付款已冲正（第{seq}笔），金额转入下一期", en: "the payment was undone (transaction {seq}) and is carried to the next" }
    shops_is_drawn { zh: "待双方确认", en: "to be confirmed by both" }
    shops_is_disputed { zh: "有异议，待答复", en: "disputed" }
    shops_is_confirmed { zh: "双方已确认", en: "confirmed by both" }
    shops_is_reviewed { zh: "已复核，待付款", en: "checked, to be paid" }
    shops_is_paid { zh: "已付款", en: "paid" }
    shops_sign_shop { zh: "商户签字", en: "For the shop" }
    shops_sign_village { zh: "村里签字", en: "For the village" }
    shops_sign_township { zh: "乡镇付款人签字", en: "For the township" }
    shops_link { zh: "商户协议与对账单", en: "Private shops: agreements and statements" }
}
