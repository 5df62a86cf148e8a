//! Words of the money behind the points: sources, what came in, budgets.

catalogue! {
    money_title { zh: "资金与额度", en: "Money and budgets" }
    money_hint { zh: "积分要有钱在后面：钱到账由一人登记、另一人核对后入账；乡镇在到账资金以内核定可发的积分。", en: "Points need money behind them: one person writes down what came, another confirms it; the township authorises points within that money." }
    issue_title { zh: "发放进度与备付", en: "Issue, and money behind it" }
    issue_issued(year) { zh: "{year}年已发放（分）", en: "Issued for {year} (points)" }
    issue_promised { zh: "公示中（分）", en: "On the board (points)" }
    issue_by_month(month) { zh: "到{month}月底最多可发（分）", en: "Most by the end of month {month} (points)" }
    issue_by_year { zh: "全年最多可发（分）", en: "Most of the year (points)" }
    issue_coverage { zh: "备付率", en: "Coverage" }
    issue_coverage_then { zh: "公示全部入账后", en: "When all on the board is posted" }
    issue_coverage_hint { zh: "备付率＝（账上资金＋库存成本）÷未兑积分折价。低于1.2提醒，低于1.0不能再公示新积分。", en: "Coverage is money and stock at cost over what the points out are worth. Below 1.2 warns; below 1.0 no new points go on the board." }
    issue_thin(ratio) { zh: "备付率只有{ratio}，低于1.2：请尽早补充资金。", en: "Coverage is {ratio}, below 1.2: bring in more money soon." }
    issue_short(ratio) { zh: "备付率只有{ratio}，低于1.0：资金补足以前，不能再公示新积分。", en: "Coverage is {ratio}, below 1.0: until there is more money no new points go on the board." }
    money_sources { zh: "资金来源", en: "Sources" }
    money_none { zh: "还没有登记资金来源。", en: "No source is registered yet." }
    money_on_account { zh: "账上资金（元）", en: "Money on account (yuan)" }
    money_free { zh: "未核定额度的资金（元）", en: "Money no budget has taken (yuan)" }
    money_authorised { zh: "核定积分", en: "Points authorised" }
    money_left { zh: "还可发放", en: "Left to issue" }
    money_payer { zh: "付款方", en: "Payer" }
    money_document { zh: "文号或单据号", en: "Number of the paper" }
    money_purpose { zh: "限定用途", en: "What it may be spent on" }
    money_kind { zh: "来源类别", en: "Kind of source" }
    money_carries { zh: "年末余下的额度结转下年", en: "What a year leaves of the budget stays for the next" }
    money_lapses { zh: "年末余下的额度关闭", en: "What a year leaves of the budget is closed" }
    money_award_in_lieu { zh: "以奖代补", en: "award in lieu of subsidy" }
    money_service_fund { zh: "服务群众专项经费", en: "fund for serving residents" }
    money_donation { zh: "捐赠", en: "donation" }
    money_collective { zh: "集体收益", en: "collective income" }
    money_merchant { zh: "商户让利", en: "partner shops" }
    money_other { zh: "其他", en: "other" }
    money_received { zh: "到账登记", en: "Money that came in" }
    money_received_none { zh: "还没有登记到账资金。", en: "Nothing is written down yet." }
    money_no { zh: "登记号", en: "No." }
    money_amount { zh: "金额（元）", en: "Amount (yuan)" }
    money_day { zh: "到账日期", en: "Day it came" }
    money_state { zh: "进度", en: "State" }
    money_waits { zh: "待第二人核对", en: "waits for the second person" }
    money_posted(seq) { zh: "已入账（第{seq}笔）", en: "posted (transaction {seq})" }
    money_refused(reason) { zh: "不予入账：{reason}", en: "not posted: {reason}" }
    money_undone(seq) { zh: "已冲正（第{seq}笔）", en: "undone (transaction {seq})" }
    money_paper(no) { zh: "捐赠收据第{no}号", en: "donation receipt no. {no}" }
    money_record { zh: "登记到账", en: "Write down money" }
    money_record_hint { zh: "付款方不填时用来源的付款方。登记后由另一人核对入账；错了用冲正，不修改。", en: "Without a payer the source's payer counts. Another person confirms; a mistake is undone by a reversal, never edited." }
    money_recorded { zh: "已登记，等第二人核对。", en: "Written down. It waits for the second person." }
    money_confirm { zh: "钱和单据都看过，核对入账", en: "I saw money and paper: confirm" }
    money_refuse { zh: "不予入账", en: "Refuse" }
    money_why { zh: "不予入账的理由", en: "Why it is refused" }
    money_confirmed_said(no) { zh: "第{no}号已入账。", en: "No. {no} is posted." }
    money_refused_said(no) { zh: "第{no}号不予入账，理由已记下。", en: "No. {no} is refused, with its reason." }
    money_open { zh: "登记资金来源", en: "Register a source" }
    money_opened(name) { zh: "已登记：{name}", en: "Registered: {name}" }
    money_code { zh: "代码（字母和数字）", en: "Code (letters and digits)" }
    money_name { zh: "名称", en: "Name" }
    money_budget { zh: "核定或关闭额度", en: "Authorise or close a budget" }
    money_points { zh: "核定积分（分）", en: "Points to authorise" }
    money_basis { zh: "依据（批复、决议）", en: "Decision it rests on" }
    money_authorise { zh: "核定额度", en: "Authorise" }
    money_close { zh: "关闭余下额度", en: "Close what is left" }
    money_authorised_said { zh: "额度已核定。", en: "The budget is authorised." }
    money_closed_said { zh: "余下的额度已关闭，对应的资金可以另行核定。", en: "What was left is closed; its money is free again." }
    money_receipt_title(no) { zh: "捐赠收据第{no}号", en: "Donation receipt no. {no}" }
    money_receipt_thanks { zh: "兹收到下列捐赠，专用于村级积分兑换物资，使用情况按季公示。", en: "Received with thanks for the village's points programme; its use is disclosed every quarter." }
    money_receipt_from { zh: "捐赠人", en: "Donor" }
    money_receipt_hands { zh: "经手人", en: "Received by" }
    money_receipt_second { zh: "核对人", en: "Confirmed by" }
    money_receipt_void { zh: "本收据已冲正作废", en: "This receipt was undone" }
    money_receipt_mask { zh: "隐去捐赠人姓名", en: "Mask the donor" }
    money_receipt_full { zh: "显示捐赠人姓名", en: "Show the donor" }
    money_receipt_proof { zh: "账本核验", en: "Proof in the ledger" }
}

impl super::T {
    /// The name of a kind of source.
    #[must_use]
    pub fn source_kind(self, kind: impl AsRef<str>) -> &'static str {
        match kind.as_ref() {
            "award_in_lieu" => self.money_award_in_lieu(),
            "service_fund" => self.money_service_fund(),
            "donation" => self.money_donation(),
            "collective" => self.money_collective(),
            "merchant" => self.money_merchant(),
            _ => self.money_other(),
        }
    }
}

/// Refusals of money and budgets.
pub(super) const REFUSALS: &[super::refusal::RefusalWords] = &[
    (
        "own_receipt",
        "这笔到账是您自己登记的，要由另一个人核对。",
        "You wrote this down yourself: another person must confirm it.",
    ),
    (
        "budget_beyond_money",
        "资金不够，不能核定：这些积分值{needed}元，{fund}没有核定过的资金只有{available}元，差{shortage}元。请等资金到账后再核定。",
        "The money does not cover it: the points are worth {needed} yuan, {fund} has {available} yuan that no budget has taken, {shortage} short. Authorise when more has come in.",
    ),
    (
        "month_ceiling_reached",
        "到{year}年{month}月底最多可发{ceiling}分，整张不能发布：已发的以外还可发{available}分，公示中共需{needed}分，差{shortage}分。请撤回后少列几行，余下的下个月再公示。",
        "By the end of month {month} of {year} at most {ceiling} points may be issued: {available} are left, {needed} would be on the board, {shortage} too many. Withdraw the sheet, publish part of it, and the rest next month.",
    ),
    (
        "year_ceiling_reached",
        "{year}年最多可发{ceiling}分，整张不能发布：还可发{available}分，公示中共需{needed}分，差{shortage}分。请撤回后少列几行；要多发，须按程序修改细则。",
        "At most {ceiling} points may be issued for {year}: {available} are left, {needed} would be on the board, {shortage} too many. Withdraw the sheet and publish part of it; a higher ceiling needs new rules, by procedure.",
    ),
    (
        "coverage_short",
        "资金不够兑付，整张不能发布：未兑的和公示中的积分值{needed}元，账上资金和库存只有{available}元，差{shortage}元。请等资金到账后再公示。",
        "There is not money enough behind it: the points out and on the board are worth {needed} yuan, money and stock come to {available}, {shortage} short. Publish when more has come in.",
    ),
    (
        "budget_empty",
        "{fund}没有可以关闭的额度：余下的都在公示中，或已经发完。",
        "{fund} has nothing to close: what is left is promised by sheets that hang, or issued.",
    ),
];
