//! Words of the auditor's and the township's pages: identities, drill through, verification, exports.

catalogue! {
    audit_title { zh: "审计总览", en: "Audit" }
    audit_trial { zh: "试算平衡", en: "Trial balance" }
    audit_lines { zh: "流水查询", en: "Ledger lines" }
    audit_refused { zh: "未办成的请求", en: "Refused commands" }
    audit_refused_hint { zh: "账本拒绝过的请求一条不删：同一个请求编号再来，还是同样的答复。", en: "Whatever the ledger refused stays on record: the same key gets the same answer for ever." }
    audit_refused_at { zh: "时间", en: "At" }
    audit_refused_what { zh: "要办什么", en: "What was asked" }
    audit_refused_why { zh: "为什么没有办", en: "Why it was not done" }
    audit_refused_code { zh: "原因", en: "Reason" }
    audit_refused_day { zh: "日期", en: "Day" }
    audit_refused_older { zh: "更早的", en: "Earlier" }
    audit_export { zh: "导出", en: "Export" }
    audit_verify { zh: "校验结果", en: "Verification" }
    audit_verify_now { zh: "立即校验全账", en: "Verify the whole book now" }
    audit_voucher(seq) { zh: "第{seq}笔", en: "Transaction {seq}" }
    audit_transactions { zh: "交易笔数", en: "Transactions" }
    audit_entries { zh: "分录", en: "Entries" }
    audit_awards { zh: "重算的加减分", en: "Awards computed again" }
    audit_redemptions { zh: "核对的兑换单", en: "Redemptions compared" }
    audit_last_posting { zh: "最近一笔", en: "Last posting" }
    audit_root { zh: "账页总指纹（默克尔根）", en: "Root of the log" }
    audit_root_of(size) { zh: "前{size}笔的总指纹", en: "Root over {size} transactions" }
    audit_last_verify { zh: "上次校验", en: "Last verification" }
    audit_never { zh: "还没有校验过", en: "Not yet" }
    audit_holds { zh: "相符", en: "Holds" }
    audit_watch { zh: "注意", en: "Watch" }
    audit_fails { zh: "不符", en: "Does not hold" }
    audit_holds_words { zh: "从第一笔到最后一笔逐笔重算，全部相符。", en: "Every transaction was computed again from the first to the last, and everything agrees." }
    audit_fault_words { zh: "下面是第一处不符。请保留现场，通知乡镇，不要再记账。", en: "Below is the first thing that does not hold. Keep everything as it is and tell the township before anything more is posted." }
    audit_fault_table { zh: "位置", en: "Place" }
    audit_fault_expected { zh: "应为", en: "Expected" }
    audit_fault_found { zh: "实为", en: "Found" }
    audit_identities { zh: "应当相符的各项", en: "What must tie out" }
    audit_identity { zh: "核对项", en: "Identity" }
    audit_left { zh: "左边", en: "Left" }
    audit_right { zh: "右边", en: "Right" }
    audit_id_zero { zh: "1 各单位借贷合计为零", en: "1 Every commodity sums to zero" }
    audit_id_zero_left { zh: "合计", en: "sum" }
    audit_id_zero_right { zh: "应为零", en: "must be zero" }
    audit_id_issued { zh: "2 发出的积分都有去处", en: "2 What was issued is accounted for" }
    audit_id_issued_left { zh: "已发出", en: "issued" }
    audit_id_issued_right { zh: "可用、冻结、核销与过期", en: "available, held, redeemed, expired" }
    audit_id_ceiling { zh: "3 发行不超过核定额度", en: "3 Issue within the ceiling" }
    audit_id_ceiling_right { zh: "核定额度", en: "authorised" }
    audit_id_coverage { zh: "3 资金与货物足以兑付", en: "3 Money and goods cover the points" }
    audit_id_coverage_left { zh: "资金与库存成本（元）", en: "fund and stock at cost (yuan)" }
    audit_id_coverage_right { zh: "未兑积分折价（元）", en: "points outstanding at rate (yuan)" }
    audit_id_orders { zh: "4 兑换单与明细相加一致", en: "4 Redemptions add up to their lines" }
    audit_id_orders_left { zh: "不一致的单数", en: "that do not" }
    audit_id_stock { zh: "5 进出库与库存一致（件）", en: "5 Stock is what came in less what went out (pieces)" }
    audit_id_stock_cost { zh: "5 件数×成本价与库存成本一致（元）", en: "5 Pieces × cost is the goods at cost (yuan)" }
    audit_id_stock_left { zh: "入库", en: "came in" }
    audit_id_stock_right { zh: "在库、发出与报损", en: "on the shelf, issued, lost" }
    audit_id_merchants { zh: "6 应付商户（元）", en: "6 Owed to merchants (yuan)" }
    audit_id_merchants_left { zh: "应付", en: "owed" }
    audit_id_merchants_right { zh: "不为负", en: "never negative" }
    audit_id_sheets { zh: "7 公示表与入账一致", en: "7 Sheets say what was posted" }
    audit_id_sheets_left { zh: "公示表合计", en: "on the sheets" }
    audit_id_sheets_right { zh: "入账合计", en: "in the ledger" }
    audit_id_minutes { zh: "8 服务时长有来有去（分钟）", en: "8 Minutes earned are accounted for" }
    audit_id_minutes_left { zh: "服务与资金发行", en: "issued by service or fund" }
    audit_id_minutes_right { zh: "结存、预留、公共池与荣誉时数", en: "saved, put aside, pooled, for honour" }
    audit_id_log { zh: "9 账页指纹与笔数一致", en: "9 The head of the log agrees" }
    audit_id_log_left { zh: "账面笔数", en: "transactions" }
    audit_id_log_right { zh: "指纹笔数", en: "leaves" }
    audit_id_numbers { zh: "10 单据连号不缺", en: "10 Papers are numbered without gaps" }
    audit_id_numbers_left { zh: "单据数", en: "papers" }
    audit_id_numbers_right { zh: "末号之和", en: "last numbers" }
    audit_chart { zh: "每月发放与兑换（分）", en: "Points issued and redeemed by month" }
    audit_figures { zh: "查看数字", en: "Show the figures" }
    audit_month { zh: "月份", en: "Month" }
    audit_issued { zh: "发放", en: "Issued" }
    audit_redeemed { zh: "兑换", en: "Redeemed" }
    audit_sign_hint { zh: "借方为正，贷方为负；住户的积分是账套的负债，余额在贷方。", en: "Debit is positive, credit negative. A household's points are owed by the book and stand in credit." }
    audit_commodity { zh: "单位", en: "Commodity" }
    audit_minutes { zh: "分钟", en: "minutes" }
    audit_yuan { zh: "元", en: "yuan" }
    audit_account_kind { zh: "科目", en: "Kind of account" }
    audit_accounts { zh: "账户数", en: "Accounts" }
    audit_account { zh: "账户", en: "Account" }
    audit_debit { zh: "借方", en: "Debit" }
    audit_credit { zh: "贷方", en: "Credit" }
    audit_seq { zh: "序号", en: "No." }
    audit_line { zh: "行", en: "Line" }
    audit_day { zh: "业务日期", en: "Business day" }
    audit_recorded_at { zh: "记账时间", en: "Recorded at" }
    audit_kind { zh: "类别", en: "Kind" }
    audit_amount { zh: "发生额", en: "Amount" }
    audit_after { zh: "余额", en: "Balance" }
    audit_rule { zh: "细则", en: "Rule" }
    audit_ruleset { zh: "细则版本", en: "Rule version" }
    audit_source { zh: "来源", en: "Source" }
    audit_actor { zh: "经办", en: "By" }
    audit_key { zh: "请求编号", en: "Request key" }
    audit_name { zh: "凭证编号", en: "Voucher id" }
    audit_household_no { zh: "户号", en: "Household no." }
    audit_person_no { zh: "人员编号", en: "Person no." }
    audit_from { zh: "从", en: "From" }
    audit_to { zh: "到", en: "To" }
    audit_entries_count(count) { zh: "{count}笔分录", en: "{count} entries" }
    audit_opened_at(seq) { zh: "第{seq}笔开户", en: "opened by {seq}" }
    audit_reverses { zh: "冲正了", en: "Undoes" }
    audit_corrects { zh: "更正了", en: "Puts right" }
    audit_corrected_by { zh: "更正为", en: "Put right by" }
    audit_reversed_by { zh: "被冲正于", en: "Undone by" }
    audit_resolves { zh: "处理了预占", en: "Resolves hold" }
    audit_resolved_by { zh: "预占处理于", en: "Resolved by" }
    audit_expires(day) { zh: "{day}到期", en: "lapses {day}" }
    audit_meters { zh: "限额与编号", en: "Limits and numbers" }
    audit_award_no(no) { zh: "加减分第{no}号", en: "Award {no}" }
    audit_why { zh: "为什么", en: "Why" }
    audit_occurred { zh: "发生日期", en: "Happened on" }
    audit_inputs { zh: "计算输入", en: "Inputs" }
    audit_evidence { zh: "佐证", en: "Evidence" }
    audit_recorder { zh: "记录人", en: "Recorded by" }
    audit_reviewer(no) { zh: "第{no}道审核", en: "Review {no}" }
    audit_notice { zh: "公示", en: "Notice" }
    audit_notice_no(no) { zh: "公示第{no}号", en: "Sheet {no}" }
    audit_notice_line(line) { zh: "第{line}行", en: "line {line}" }
    audit_objection { zh: "异议", en: "Objection" }
    audit_history { zh: "经过", en: "History" }
    audit_receipt_no(no) { zh: "兑换单第{no}号", en: "Receipt {no}" }
    audit_credential { zh: "出示", en: "Shown" }
    audit_cost { zh: "成本（元）", en: "Cost (yuan)" }
    audit_proof { zh: "在账证明", en: "Proof of inclusion" }
    audit_leaf { zh: "本笔指纹", en: "Leaf hash" }
    audit_path { zh: "证明路径", en: "Path" }
    audit_format { zh: "格式", en: "Format" }
    audit_make_export { zh: "生成清单", en: "List the files" }
    audit_export_hint { zh: "不含姓名；金额为最小单位整数。每个文件的SHA-256与清单一致，清单写明账页总指纹。", en: "No names; amounts are integers in minor units. Each file's SHA-256 stands in the manifest, which names the root of the log." }
    import_place { zh: "导入的账套", en: "Imported books" }
    audit_pack { zh: "下载全套（ZIP）", en: "Download the whole pack (ZIP)" }
    audit_pack_hint { zh: "全套含以上各种格式和账页文件，清单已签名。解压后用 greencoin verify --pack 核对，不需要数据库。", en: "The pack holds every format and the files of the log, under a signed manifest. Unpacked, greencoin verify --pack checks it with no database." }
    audit_format_csv { zh: "CSV 表格", en: "CSV" }
    audit_format_xlsx { zh: "Excel 工作簿", en: "Excel workbooks" }
    audit_format_hledger { zh: "hledger 账本", en: "hledger journal" }
    audit_format_beancount { zh: "beancount 账本", en: "beancount file" }
    audit_made_at { zh: "签署时间", en: "Signed at" }
    audit_file { zh: "文件", en: "File" }
    audit_rows { zh: "行数", en: "Rows" }
    audit_kind_award { zh: "加分入账", en: "Award" }
    audit_kind_deduction { zh: "扣分入账", en: "Deduction" }
    audit_kind_redemption { zh: "兑换", en: "Redemption" }
    audit_kind_hold { zh: "预占", en: "Hold" }
    audit_kind_release { zh: "预占退回", en: "Release" }
    audit_kind_capture { zh: "预占取货", en: "Capture" }
    audit_kind_goods_return { zh: "退货", en: "Goods return" }
    audit_kind_expiry { zh: "过期", en: "Expiry" }
    audit_kind_reversal { zh: "冲正", en: "Reversal" }
    audit_kind_correction { zh: "更正", en: "Correction" }
    audit_kind_opening { zh: "期初", en: "Opening balance" }
    audit_kind_budget { zh: "核定额度", en: "Budget" }
    audit_kind_goods_in { zh: "入库", en: "Goods in" }
    audit_kind_goods_out { zh: "出库", en: "Goods out" }
    audit_kind_goods_move { zh: "调拨", en: "Goods moved" }
    audit_kind_recost { zh: "成本调整", en: "Cost put right" }
    audit_kind_stocktake { zh: "盘点", en: "Stocktake" }
    audit_kind_funding { zh: "资金到位", en: "Funding" }
    audit_kind_settlement { zh: "结算", en: "Settlement" }
    audit_kind_honor_base { zh: "年度基础分", en: "Yearly base score" }
    audit_kind_honor { zh: "评比分变动", en: "Honour change" }
    audit_kind_period_close { zh: "关账", en: "Period closed" }
    audit_outcome { zh: "入账结果", en: "Outcome" }
    audit_no_entries { zh: "这一笔只留痕，没有移动任何积分。", en: "This transaction is on record only: it moved nothing." }
    audit_budget_holds { zh: "到期的公示都已入账，额度够用。", en: "Every line whose notice is over is posted: the budget sufficed." }
    audit_kind_household_change { zh: "户变更", en: "Household change" }
    as_of_title { zh: "查历史余额", en: "As it stood" }
    as_of_day { zh: "业务日期截至", en: "Business days up to" }
    as_of_instant { zh: "截至何时已记账", en: "As recorded by" }
    as_of_show { zh: "查看", en: "Show" }
    as_of_hint { zh: "业务日期看事情算在哪一天，记账时间看当时账上已经有什么。两项都可不填。", en: "The business day says when a thing counts, the instant what stood in the book by then. Either may be left empty." }
    as_of_both(day, minute) { zh: "按{day}业务日期、截至{minute}时已记账", en: "By business days up to {day}, as recorded by {minute}" }
    as_of_by_day(day) { zh: "按{day}业务日期、截至现在已记账", en: "By business days up to {day}, as recorded so far" }
    as_of_by_instant(minute) { zh: "不限业务日期、截至{minute}时已记账", en: "All business days, as recorded by {minute}" }
    as_of_now { zh: "现在的余额", en: "As it stands now" }
    township_title { zh: "村级概览", en: "Villages" }
    township_hint { zh: "只看运行是否正常，不排名次。", en: "Health only: villages are not ranked." }
    township_village { zh: "村", en: "Village" }
    township_people { zh: "在册人数", en: "People" }
    township_outstanding { zh: "未兑积分", en: "Points outstanding" }
    township_budget_left { zh: "剩余额度", en: "Budget left" }
    township_late { zh: "超过7天待办", en: "Waiting over 7 days" }
    township_objections { zh: "未决异议", en: "Open objections" }
    township_reversals { zh: "待批冲正", en: "Reversals waiting" }
    township_coverage { zh: "备付率", en: "Coverage" }
    township_last { zh: "最近入账", en: "Last posting" }
}

impl super::T {
    /// The name of a format of exports.
    #[must_use]
    pub fn export_format(self, format: &str) -> &'static str {
        match format {
            "csv" => self.audit_format_csv(),
            "xlsx" => self.audit_format_xlsx(),
            "hledger" => self.audit_format_hledger(),
            "beancount" => self.audit_format_beancount(),
            _ => "JSON Lines",
        }
    }

    /// The name of a kind of transaction.
    #[must_use]
    pub fn txn_kind(self, kind: &str) -> &'static str {
        match kind {
            "award" => self.audit_kind_award(),
            "deduction" => self.audit_kind_deduction(),
            "redemption" => self.audit_kind_redemption(),
            "hold" => self.audit_kind_hold(),
            "release" => self.audit_kind_release(),
            "capture" => self.audit_kind_capture(),
            "goods_return" => self.audit_kind_goods_return(),
            "expiry" => self.audit_kind_expiry(),
            "reversal" => self.audit_kind_reversal(),
            "correction" => self.audit_kind_correction(),
            "opening" => self.audit_kind_opening(),
            "budget" => self.audit_kind_budget(),
            "goods_in" => self.audit_kind_goods_in(),
            "goods_out" => self.audit_kind_goods_out(),
            "goods_move" => self.audit_kind_goods_move(),
            "recost" => self.audit_kind_recost(),
            "stocktake" => self.audit_kind_stocktake(),
            "funding" => self.audit_kind_funding(),
            "settlement" => self.audit_kind_settlement(),
            "honor_base" => self.audit_kind_honor_base(),
            "honor" => self.audit_kind_honor(),
            "period_close" => self.audit_kind_period_close(),
            "notice" => self.audit_kind_notice(),
            "household_change" => self.audit_kind_household_change(),
            _ => "",
        }
    }
}

/// Refusals of the auditor's pages.
pub(super) const REFUSALS: &[super::refusal::RefusalWords] = &[
    (
        "dates_reversed",
        "开始日期{from}在结束日期{to}之后，请对调。",
        "The first day {from} is after the last {to}: swap them.",
    ),
    (
        "journal_is_whole",
        "{format}账本每行都写有当时的余额，只能整本导出。请去掉起止日期，或改选CSV。",
        "A journal of {format} states the balance on every line, so it is exported whole: leave out the dates, or choose CSV.",
    ),
    (
        "pack_too_large",
        "本账套超过{max}笔，全套请由管理员用 greencoin export --format pack 导出；这里可以逐个文件下载。",
        "The book has more than {max} transactions: have the operator run greencoin export --format pack, or download file by file here.",
    ),
    (
        "invalid_number",
        "“{number}”不是户号或人员编号，例如H0001、P000001。",
        "“{number}” is not a number such as H0001 or P000001.",
    ),
    (
        "invalid_account",
        "“{account}”不是账户，请从流水中点选。",
        "“{account}” is not an account: choose one from the lines.",
    ),
    (
        "invalid_instant",
        "“{text}”不是时间，请写成2026-06-03T18:00或带时区的完整时间。",
        "“{text}” is not an instant: write it as 2026-06-03T18:00, or in full with its time zone.",
    ),
    (
        "invalid_cursor",
        "翻页位置不对，请从第一页重新查。",
        "The place in the list is wrong: start from the first page.",
    ),
];
