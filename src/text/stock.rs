//! Words of stock papers, shelves and counts.

use super::{T, refusal::RefusalWords};
use crate::domain::stock::{LossReason, PaperKind, PaperState};

/// Refusals of stock papers.
pub const REFUSALS: &[RefusalWords] = &[
    (
        "own_paper",
        "第{no}号单是您自己开的，要由另一个人核对。",
        "You drew up paper {no} yourself: another person must look.",
    ),
    (
        "kin_of_the_first",
        "第{no}号单是您同户或近亲属开的，要由别人核对。",
        "Paper {no} was drawn up by somebody of your household or kin: somebody else must look.",
    ),
    (
        "not_from_the_counter",
        "第{no}号单是报损或盘点，要由村文书或评议组核对。",
        "Paper {no} is a loss or a count: the clerk or the panel must look.",
    ),
    (
        "not_your_paper",
        "第{no}号单不是您开的，只有开单人能改或撤回。",
        "You did not draw up paper {no}: only who did can change it or take it back.",
    ),
    (
        "still_counting",
        "还在盘点，等开单人点“盘完了”再核对。",
        "It is still being counted. Wait until the count is finished.",
    ),
    (
        "count_closed",
        "第{no}号单已经盘完，不能再改。要重盘请另开一张。",
        "Paper {no} takes no more figures. Begin another count to count again.",
    ),
    (
        "already_counting",
        "这个兑换点正在盘点（第{no}号单），请先盘完或撤回。",
        "This counter is being counted already (paper {no}). Finish it or take it back first.",
    ),
    (
        "shelf_is_counted",
        "正在盘点，盘完之前不显示账面数。",
        "It is being counted: figures are shown when the count is finished.",
    ),
    ("same_counter", "调出和调入是同一个兑换点。", "It cannot go to the counter it comes from."),
    ("batch_unknown", "没有这个批次：{batch}。", "There is no such batch: {batch}."),
    (
        "shelf_has_less",
        "{article}账面只有{available}，要出{needed}不够。请核对后重开。",
        "{article}: the book has {available}, {needed} are to leave. Look again.",
    ),
    (
        "count_impossible",
        "{article}盘亏{needed}，可是现在账面只有{available}。请重盘这一种。",
        "{article}: {needed} short, but the book has only {available} now. Count it again.",
    ),
    ("article_unread", "第{line}行的商品没认出来：{text}", "Line {line}: no such article: {text}"),
];

impl T {
    /// The name of a kind of paper.
    #[must_use]
    pub fn paper_kind(self, kind: PaperKind) -> &'static str {
        kind.words().text(self.lang())
    }

    /// How far a paper is.
    #[must_use]
    pub fn paper_state(self, state: PaperState) -> &'static str {
        state.words().text(self.lang())
    }

    /// Why goods are written off.
    #[must_use]
    pub fn loss_reason(self, reason: LossReason) -> &'static str {
        reason.words().text(self.lang())
    }
}

catalogue! {
    paper_title { zh: "库存", en: "Stock" }
    paper_no(no) { zh: "第{no}号", en: "No. {no}" }
    paper_new_receipt { zh: "入库", en: "Goods in" }
    paper_new_transfer { zh: "调拨", en: "Move" }
    paper_new_loss { zh: "报损", en: "Write off" }
    paper_new_count { zh: "盘点", en: "Count" }
    paper_waiting { zh: "待核对和盘点中的单子", en: "Waiting or being counted" }
    paper_latest { zh: "最近的单子", en: "Latest papers" }
    paper_earlier { zh: "更早的", en: "Earlier" }
    paper_none { zh: "没有单子。", en: "No papers." }
    paper_all { zh: "回到库存", en: "Back to stock" }
    paper_state_word { zh: "状态", en: "State" }
    paper_drawn_by { zh: "开单人", en: "Drawn up by" }
    paper_decided_by { zh: "核对人", en: "Second person" }
    paper_to { zh: "调入", en: "To" }
    paper_from { zh: "调出", en: "From" }
    paper_donor { zh: "捐赠人（受赠才填；不填为购入）", en: "Given by (only for gifts; bought when empty)" }
    paper_donor_home { zh: "捐赠户号（本村农户捐的才填）", en: "Its number, if a household of the village gave them" }
    paper_donor_word { zh: "捐赠人", en: "Given by" }
    paper_reason { zh: "报损原因", en: "Why" }
    paper_note { zh: "说明（选填）", en: "Note (optional)" }
    paper_note_word { zh: "说明", en: "Note" }
    paper_words { zh: "核对意见（不同意必填）", en: "Words (needed to refuse)" }
    paper_article { zh: "商品（编号、条码或名称）", en: "Article (number, bar code or name)" }
    paper_pieces { zh: "数量", en: "Pieces" }
    paper_unit_cost { zh: "单价（元）", en: "Cost of one (yuan)" }
    paper_unit_cost_hint { zh: "不填按现成本价", en: "As now when empty" }
    paper_last_day { zh: "保质到", en: "Last day" }
    paper_label { zh: "批号（选填）", en: "Batch mark (optional)" }
    paper_batch { zh: "批次", en: "Batch" }
    paper_batch_hint { zh: "批次（不填先到期先出）", en: "Batch (what lapses first when empty)" }
    paper_batch_none { zh: "批次不明", en: "not of a batch" }
    paper_line(no) { zh: "第{no}行", en: "Line {no}" }
    paper_more_lines { zh: "要更多行", en: "More lines" }
    paper_draw { zh: "开单，交第二人核对", en: "Draw up for the second person" }
    paper_begin_count { zh: "开始盘点", en: "Begin counting" }
    paper_draw_hint { zh: "开单还不入账。要由另一个人核对同意，才同时记数量和成本。", en: "Nothing moves yet. Somebody else must agree; then pieces and cost are posted together." }
    paper_count_hint { zh: "盲盘：盘完之前谁也看不到账面数。数完一种就填一种、保存一次，这一种就按那一刻的账来比；边盘边兑换也不会算错。", en: "Blind count: nobody sees the book's figures before it is finished. Fill in and save as you count: each article is compared with the book of that moment, so goods may go on being handed out." }
    paper_counted(count) { zh: "已数{count}种", en: "{count} articles counted" }
    paper_save_count { zh: "保存已数的", en: "Save what was counted" }
    paper_submit { zh: "盘完了，交第二人核对", en: "Finished: to the second person" }
    paper_withdraw { zh: "撤回", en: "Take back" }
    paper_approve { zh: "核对无误，同意入账", en: "Agree and post" }
    paper_refuse { zh: "不同意", en: "Do not agree" }
    paper_drawn(no) { zh: "第{no}号单已开，等第二人核对", en: "Paper {no} waits for the second person" }
    paper_posted(no) { zh: "第{no}号单已入账", en: "Paper {no} is posted" }
    paper_found { zh: "盘得", en: "Found" }
    paper_book { zh: "账面", en: "Book" }
    paper_difference { zh: "盈亏", en: "Difference" }
    paper_not_yet { zh: "核对前不显示", en: "not shown yet" }
    paper_worth { zh: "金额（元）", en: "Worth (yuan)" }
    paper_cost_moved(was, now) { zh: "成本价{was}→{now}", en: "cost {was} → {now}" }
    paper_wait_for_other { zh: "等另一个人核对：不能是开单人本人、同户或近亲属；报损和盘点要由村文书或评议组核对。", en: "Somebody else must look: not who drew it up, nor their household or kin; losses and counts are for the clerk or the panel." }
    shelf_of(counter) { zh: "{counter}的货架", en: "Shelf of {counter}" }
    shelf_first_out { zh: "先拿这批", en: "Hand out first" }
    shelf_left(pieces) { zh: "{pieces}件", en: "{pieces} pieces" }
    shelf_until(day) { zh: "保质到{day}", en: "until {day}" }
    shelf_lapsing { zh: "临期（60天内）", en: "Lapsing within 60 days" }
    shelf_lapsed { zh: "已过期", en: "lapsed" }
    shelf_low { zh: "库存不足", en: "Running low" }
    shelf_floor { zh: "少于多少提醒", en: "Alert below" }
    shelf_floor_set { zh: "已设提醒", en: "Alert set" }
    shelf_nothing_lapses { zh: "没有临期的商品。", en: "Nothing lapses soon." }
    shelf_nothing_low { zh: "没有低于提醒数的商品。", en: "Nothing runs low." }
    shelf_being_counted { zh: "正在盘点，盘完之前不显示账面数。", en: "It is being counted: figures are shown when the count is finished." }
    shelf_counted_word { zh: "盘点中", en: "being counted" }
    shelf_empty { zh: "货架上没有记过商品。", en: "Nothing was ever on this shelf." }
    shelf_then { zh: "任意一天的库存", en: "Stock as of any day" }
    shelf_then_cost { zh: "库存成本（元）", en: "Goods at cost (yuan)" }
    shelf_ties { zh: "件数×成本价 与 总账库存成本", en: "Pieces × cost, and goods at cost in the ledger" }
    shelf_ties_left { zh: "件数×成本价（元）", en: "Pieces × cost (yuan)" }
    shelf_ties_right { zh: "总账（元）", en: "Ledger (yuan)" }
    shelf_agrees { zh: "相符", en: "agree" }
    shelf_differs { zh: "不符", en: "differ" }
}
