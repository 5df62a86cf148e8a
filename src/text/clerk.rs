//! Words of the clerk's and reviewers' pages: recording, review, notices, objections, reversals.

use super::{T, refusal::RefusalWords};

catalogue! {
    clerk_today { zh: "今日待办", en: "To do today" }
    clerk_record_hint { zh: "选户、选项目、保存", en: "household, item, save" }
    clerk_sheet { zh: "批量签到表", en: "Meeting sheet" }
    clerk_sheet_hint { zh: "一个项目，逐户输入，一分钟二十户", en: "one item, twenty households in a minute" }
    clerk_mine { zh: "我的记录", en: "My records" }
    clerk_mine_hint { zh: "已记的和退回的", en: "recorded and returned" }
    clerk_register_hint { zh: "户、人、积分卡", en: "households, people, cards" }
    clerk_waiting { zh: "等待办理", en: "Waiting" }
    clerk_budget { zh: "可发额度", en: "Left to issue" }
    clerk_amount { zh: "分值", en: "Amount" }
    clerk_evidence { zh: "佐证", en: "Evidence" }
    clerk_fund { zh: "资金来源", en: "Fund" }
    clerk_group { zh: "村民小组", en: "Group" }
    clerk_household { zh: "户", en: "Household" }
    clerk_lines { zh: "条数", en: "Lines" }
    clerk_number { zh: "编号", en: "No." }
    clerk_reason { zh: "理由", en: "Reason" }
    clerk_state { zh: "状态", en: "State" }
    clerk_objection { zh: "异议", en: "Objection" }
    todo_to_review { zh: "待审核", en: "Waiting for review" }
    todo_returned { zh: "退回待改", en: "Sent back" }
    todo_approved { zh: "待公示", en: "Approved, waiting for a notice" }
    todo_to_publish { zh: "公示表待核对发布", en: "Sheets waiting for the second person" }
    todo_published { zh: "正在公示", en: "Sheets hanging" }
    todo_in_notice { zh: "公示中的条目", en: "Lines in notice" }
    todo_on_sheets { zh: "已编入公示表、待张贴", en: "Lines on sheets not yet posted" }
    todo_objections { zh: "待处理异议", en: "Open objections" }
    todo_reversals { zh: "待复核冲正", en: "Reversals waiting" }
    record_open_household { zh: "打开这一户", en: "Open the household" }
    record_code_unknown { zh: "没有找到这张卡或这个号码，请重新扫，或按姓名查找。", en: "No such card or number. Scan again, or search by name." }
    record_search { zh: "户号、姓名或拼音首字母", en: "Household number, name or pinyin initials" }
    record_none_found { zh: "没有找到，请换一个写法。", en: "Nothing found; try another spelling." }
    record_by_card { zh: "扫积分卡或手机码", en: "Scan a card or phone" }
    record_again_heading { zh: "下一户", en: "Next household" }
    record_again(item) { zh: "同样记 {item}，选户后直接保存。", en: "The same {item} again: choose the household and save." }
    record_another_item { zh: "换项目", en: "Another item" }
    record_find_item { zh: "查找项目（名称、拼音、编号）", en: "Find an item (name, pinyin, code)" }
    record_item { zh: "项目", en: "Item" }
    record_recent_items { zh: "最近记过的项目", en: "Recorded lately" }
    record_items(count) { zh: "{count}项", en: "{count} items" }
    record_more { zh: "日期、活动、备注、代办", en: "Day, event, remark, on behalf" }
    record_by_person { zh: "按人计", en: "by person" }
    record_person { zh: "谁做的（按人计的项目）", en: "Who did it (for items by person)" }
    record_day { zh: "发生日期", en: "Day" }
    record_event { zh: "活动或事项", en: "Event" }
    record_event_hint { zh: "同一活动写同样的名字，避免重复计分。", en: "The same event under the same name, so that it counts once." }
    record_note { zh: "备注", en: "Remark" }
    record_on_behalf { zh: "代办（替谁申报）", en: "On behalf of" }
    record_recent { zh: "这一户最近的记录", en: "This household lately" }
    record_saved(no, head, given) { zh: "已记：{no} {head} {given}，等待审核。", en: "Recorded: {no} {head} {given}, waiting for review." }
    evidence_on_file { zh: "纸质材料存村台账", en: "paper on file in the village" }
    mine_all { zh: "全部", en: "All" }
    recorder_own_mark { zh: "记录人现为本户成员", en: "its recorder is of this household now" }
    recorder_kin_mark { zh: "记录人与本户是亲属", en: "its recorder is kin of this household" }
    late_mark { zh: "补录", en: "late entry" }
    returned_because { zh: "退回理由", en: "Sent back because" }
    returned_send { zh: "改好后再报", en: "Hand in again" }
    returned_sent { zh: "已重新上报，等待审核。", en: "Handed in again, waiting for review." }
    returned_give_up { zh: "放弃这一条", en: "Give it up" }
    returned_given_up { zh: "已放弃，记录保留。", en: "Given up; the record stays." }
    award_recorded { zh: "待审核", en: "recorded" }
    award_returned { zh: "已退回", en: "sent back" }
    award_approved { zh: "待公示", en: "approved" }
    award_in_notice { zh: "公示中", en: "in notice" }
    award_on_sheet { zh: "待张贴", en: "on a sheet, not yet posted" }
    award_objected { zh: "异议处理中", en: "objected" }
    award_rejected { zh: "已驳回", en: "rejected" }
    award_posted { zh: "已入账", en: "posted" }
    award_reversed { zh: "已冲正", en: "reversed" }
    posted_at_floor(asked) { zh: "应扣{asked}分，评比分已到最低，这次没有扣。", en: "{asked} points were due; the honour score is at its lowest, so nothing was taken." }
    posted_to_floor(asked, taken) { zh: "应扣{asked}分，扣到评比分最低为止，实扣{taken}分。", en: "{asked} points were due; down to the lowest honour score {taken} were taken." }
    paused_awards(until) { zh: "暂停加分，到{until}为止。", en: "New credits are paused until {until}." }
    paused_sign_up(until) { zh: "暂停活动报名，到{until}为止。", en: "Signing up is paused until {until}." }
    paused_because(name) { zh: "原因：{name}", en: "Because of: {name}" }
    budget_short(fund, lines, points) { zh: "{fund}：{lines}行因预算不足未入账，差{points}分。乡镇追加额度后自动入账。", en: "{fund}: {lines} lines are not posted for want of budget, {points} points short. They are posted when the township adds to it." }
    award_no(no) { zh: "加减分 {no} 号", en: "Award no. {no}" }
    award_life { zh: "经过", en: "What happened" }
    honor_amount(points) { zh: "评比分{points}", en: "honour {points}" }
    step_review { zh: "待初审", en: "first review" }
    step_recheck { zh: "待两委复核", en: "recheck" }
    step_township { zh: "待乡镇核", en: "township check" }
    recorded_by { zh: "记录人", en: "Recorded by" }
    reviewed_by { zh: "审核人", en: "Reviewed by" }
    notice_number { zh: "公示编号", en: "Notice" }
    ledger_place { zh: "账号序号", en: "Place in the ledger" }
    rule_version { zh: "细则版本", en: "Rule version" }
    verb_record { zh: "记录", en: "Recorded" }
    verb_approve { zh: "审核通过", en: "Approved" }
    verb_return { zh: "退回", en: "Sent back" }
    verb_reject { zh: "驳回", en: "Rejected" }
    verb_resubmit { zh: "改后再报", en: "Handed in again" }
    verb_give_up { zh: "放弃", en: "Given up" }
    verb_compile { zh: "编入公示", en: "Put on a notice" }
    verb_uncompile { zh: "撤出公示表", en: "Taken off an unpublished notice" }
    verb_object { zh: "有异议", en: "Objected to" }
    verb_dismiss { zh: "异议不成立", en: "Objection dismissed" }
    verb_uphold { zh: "异议成立", en: "Objection upheld" }
    verb_post { zh: "入账", en: "Posted" }
    verb_reverse { zh: "冲正", en: "Reversed" }
    review_awards { zh: "加减分", en: "Awards" }
    review_empty { zh: "没有轮到您审核的记录。", en: "Nothing waits for your review." }
    review_summary(awards, sheets, objections, reversals) { zh: "全村待审核{awards}条，待发布公示{sheets}张，异议{objections}件，冲正{reversals}件。", en: "In the whole village: awards to review {awards}, sheets to publish {sheets}, objections {objections}, reversals {reversals}." }
    review_none_chosen { zh: "请先勾选要审核的记录。", en: "Tick the awards to review first." }
    review_done(count) { zh: "已审核{count}条。", en: "{count} reviewed." }
    review_partly(done, left, why) { zh: "已审核{done}条，{left}条没有动：{why}", en: "{done} reviewed, {left} left as they were: {why}" }
    review_reason_hint { zh: "退回或驳回必填", en: "needed to send back or reject" }
    verdict_approve { zh: "通过", en: "Approve" }
    verdict_return { zh: "退回", en: "Send back" }
    verdict_reject { zh: "驳回", en: "Reject" }
    decision_words { zh: "处理意见", en: "Words for the record" }
    objections { zh: "异议", en: "Objections" }
    objections_hint { zh: "登记异议：在公示表里打开那一条，点“登记异议”。只冻结那一条，其他照常。", en: "To enter one, open the line of a notice and choose “Enter an objection”. Only that line is frozen." }
    objection_enter { zh: "登记异议", en: "Enter an objection" }
    objection_household { zh: "谁提出（户号；匿名线索不填）", en: "Who objects (household number; empty for an unnamed lead)" }
    objection_content { zh: "异议内容", en: "What is objected" }
    objection_entered(no) { zh: "异议{no}号已登记，该条已暂停计时。", en: "Objection no. {no} entered; the line's clock has stopped." }
    objection_no(no) { zh: "异议 {no} 号", en: "Objection no. {no}" }
    objection_open { zh: "待处理", en: "open" }
    objection_upheld { zh: "成立", en: "upheld" }
    objection_dismissed { zh: "不成立", en: "dismissed" }
    objection_self { zh: "本人提出", en: "by the household" }
    objection_proxy { zh: "代为登记", en: "entered for a household" }
    objection_anonymous { zh: "匿名线索", en: "unnamed lead" }
    objection_answer { zh: "答复（给提出人看）", en: "Answer to whoever objected" }
    objection_uphold { zh: "成立，驳回该条", en: "Upheld: reject the award" }
    objection_dismiss { zh: "不成立，继续公示", en: "Dismissed: the clock goes on" }
    objection_decided { zh: "异议已处理。", en: "The objection is decided." }
    reversals { zh: "冲正", en: "Reversals" }
    reversal_ask { zh: "申请冲正", en: "Ask for a reversal" }
    reversal_hint { zh: "账不能改也不能删。记错的，由第二人复核后用一笔相反的账抵消。", en: "Nothing is edited or deleted. A wrong posting is undone by its mirror, after a second person agrees." }
    reversal_asked { zh: "已申请，等第二人复核。", en: "Asked for; it waits for a second person." }
    reversal_requested { zh: "待复核", en: "waiting" }
    reversal_posted { zh: "已冲正", en: "done" }
    reversal_refused { zh: "未同意", en: "refused" }
    reversal_approve { zh: "同意冲正", en: "Agree and reverse" }
    reversal_refuse { zh: "不同意", en: "Refuse" }
    reversal_decided { zh: "冲正申请已处理。", en: "The request is decided." }
}

impl T {
    /// What happened to an award, by the verb of its history.
    #[must_use]
    pub fn award_verb(self, verb: &str) -> &'static str {
        match verb {
            "record" => self.verb_record(),
            "approve" => self.verb_approve(),
            "return" => self.verb_return(),
            "reject" => self.verb_reject(),
            "resubmit" => self.verb_resubmit(),
            "give_up" => self.verb_give_up(),
            "compile" => self.verb_compile(),
            "uncompile" => self.verb_uncompile(),
            "recall" => self.verb_recall(),
            "object" => self.verb_object(),
            "dismiss" => self.verb_dismiss(),
            "uphold" => self.verb_uphold(),
            "uphold_in_part" => self.verb_uphold_in_part(),
            "amend" => self.verb_amend(),
            "appeal" => self.verb_appeal(),
            "overrule" => self.verb_overrule(),
            "confirm" => self.verb_confirm(),
            "post" => self.verb_post(),
            "reverse" => self.verb_reverse(),
            "panel_pass" => self.verb_panel_pass(),
            "panel_refuse" => self.verb_panel_refuse(),
            "panel_defer" => self.verb_panel_defer(),
            _ => "",
        }
    }
}

/// Refusals of recording, review, notices, objections and reversals.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "batch_size",
        "一次最多{limit}条，这里有{lines}条。请分开保存。",
        "At most {limit} lines at once, here are {lines}. Save them in parts.",
    ),
    (
        "future_date",
        "日期{effective_on}还没有到，今天是{today}。",
        "{effective_on} has not come yet; today is {today}.",
    ),
    (
        "too_long_ago",
        "{occurred_on}已超过{days}天，不能再补录。",
        "{occurred_on} is more than {days} days ago and can no longer be entered.",
    ),
    ("unknown_item", "现行细则里没有{item}这一项。", "The rules in force have no item {item}."),
    ("item_missing", "请选择项目。", "Choose an item."),
    ("household_missing", "请写户号，例如 H0001。", "Give the household's number, such as H0001."),
    (
        "person_missing",
        "这一项按人计分，请选择是哪一位家庭成员。",
        "This item counts by person: choose the member of the household.",
    ),
    (
        "not_a_member",
        "{day}那天这个人不属于这一户，请核对成员和日期。",
        "On {day} this person did not belong to this household. Check the member and the day.",
    ),
    (
        "household_not_active",
        "{household}户未启用或已注销，不能加减分。",
        "Household {household} is not active and cannot be awarded.",
    ),
    (
        "outside_scope",
        "{household}户不在您负责的范围内。",
        "Household {household} is outside your part of the village.",
    ),
    (
        "recorder_not_allowed",
        "{item}不由网格员或联户长记录，请交给村文书。",
        "{item} is not recorded by grid staff; hand it to the village clerk.",
    ),
    ("evidence_kind", "{item}只认这些佐证：{accepted}。", "{item} accepts this evidence only: {accepted}."),
    ("evidence_missing", "{item}缺少佐证：{accepted}。", "{item} lacks its evidence: {accepted}."),
    (
        "own_household",
        "这是您自己家的事，请换一位办理（回避）。",
        "This is your own household: somebody else must do it.",
    ),
    (
        "kin_household",
        "这一户是您的亲属，请换一位办理（回避）。",
        "This household is your kin: somebody else must do it.",
    ),
    (
        "own_record",
        "这是您自己记录的，要由另一个人审核。",
        "You recorded this yourself: another person must decide it.",
    ),
    (
        "already_reviewed",
        "您已经审核过这一条，下一步要由另一个人办理。",
        "You reviewed this already: the next step takes another person.",
    ),
    ("wrong_step", "这一步不由您办理。", "This step is not yours to take."),
    (
        "state_changed",
        "这一条的状态刚刚变了，请刷新后再看。",
        "Its state has just changed. Reload and look again.",
    ),
    ("text_missing", "请写明内容或理由。", "Please write the text or the reason."),
    ("text_too_long", "文字太长，最多{limit}字。", "The text is too long: at most {limit} characters."),
    (
        "not_the_recorder",
        "只有原记录人可以修改退回的记录。",
        "Only its own recorder may mend a returned award.",
    ),
    (
        "household_fixed",
        "退回后只能改数量、日期和备注，不能换户。请放弃这一条，另记一条。",
        "A returned award stays with its household. Give it up and record another.",
    ),
    (
        "item_fixed",
        "退回后不能换项目。请放弃这一条，另记一条。",
        "A returned award keeps its item. Give it up and record another.",
    ),
    ("nobody_chosen", "还没有勾选任何一户。", "Nobody is ticked yet."),
    ("bad_number", "“{text}”不是数字。", "“{text}” is not a number."),
    ("bad_day", "“{text}”不是日期。", "“{text}” is not a day."),
    ("group_missing", "没有这个村民小组。", "There is no such group."),
    (
        "idempotency_conflict",
        "这张表已经提交过，但内容不同（{fields}）。请刷新页面再填。",
        "This form was sent before with other contents ({fields}). Reload the page and fill it in again.",
    ),
    ("invalid_key", "请求缺少有效的幂等键。", "The request needs a valid idempotency key."),
    ("nothing_to_compile", "没有待公示的记录。", "No approved award waits for a notice."),
    (
        "own_sheet",
        "这张公示表是您编制的，要由另一个人办理。",
        "You put this sheet together: another person must do it.",
    ),
    (
        "ceiling_reached",
        "额度不够，整张不能发布：公示中共需{needed}分，{fund}只剩{available}分，差{shortage}分。请乡镇追加额度，或撤回后分批公示。",
        "The budget does not cover the sheet: {needed} points in notice, {fund} has {available} left, {shortage} short. Ask the township for more, or withdraw and publish in parts.",
    ),
    (
        "not_in_notice",
        "这一条现在不在公示期，不能提异议。",
        "This line is not in notice now, so nobody can object to it.",
    ),
    (
        "notice_over",
        "公示期已满，不能再提异议。可以向村里申请冲正。",
        "Its notice is over. Ask the village for a reversal instead.",
    ),
    (
        "already_objected",
        "这一户对这一条已有未处理的异议。",
        "This household has an open objection to this line already.",
    ),
    (
        "too_many_objections",
        "这一条的匿名线索已有{limit}件，请署名提出。",
        "This line has {limit} unnamed leads already; please object by name.",
    ),
    ("already_decided", "已经处理过了。", "It has been decided already."),
    (
        "already_requested",
        "这笔账（{seq}）已有人申请冲正，等待复核。",
        "Somebody has asked to reverse {seq} already; it waits for a second person.",
    ),
    (
        "own_request",
        "这是您自己申请的，要由另一个人复核。",
        "You asked for it yourself: another person must decide.",
    ),
    ("already_reversed", "这笔账已经冲正过，不能再冲。", "This posting has been reversed already."),
    (
        "reversal_of_reversal",
        "冲正不能再冲正；请另记一笔正确的。",
        "A reversal cannot be reversed; record what is right instead.",
    ),
    (
        "shortfall",
        "收不回来：需要{needed}分，账户只剩{available}分，差{shortage}分。等余额够了再复核。",
        "It cannot be taken back: {needed} points needed, {available} left, {shortage} short. Decide again when there is enough.",
    ),
    ("no_rules_in_force", "{day}那天还没有生效的积分细则。", "No rule set was in force on {day}."),
    (
        "retroactive_rules",
        "细则不能倒回{from}生效，最早从今天起。",
        "Rules cannot take effect back on {from}: today is the earliest.",
    ),
    ("basis_missing", "请写明村民代表会议的决议。", "Name the decision of the villagers' assembly."),
    ("already_adopted", "{from}起已经采用了一版细则。", "A rule set is adopted from {from} already."),
    ("faulty_rules", "细则有{count}处问题：{faults}", "The rule set has {count} faults: {faults_en}"),
    ("code_taken", "代码{code}已经用过。", "The code {code} is taken."),
];
