//! Words of what has its day: points put aside, points that lapse, periods that are closed.

use std::borrow::Borrow;

use super::T;
use crate::domain::period::{Unresolved, Way};

catalogue! {
    hold_until(points, day) { zh: "{points}分，到{day}", en: "{points} points, until {day}" }
    hold_what(counter, reason) { zh: "{counter}：{reason}", en: "{counter}: {reason}" }
    hold_hint { zh: "到期没有取用，第二天自动退回可用积分。", en: "What nobody took by then goes back the day after." }
    holds_title { zh: "冻结中的积分", en: "Points put aside" }
    holds_until { zh: "保留到", en: "Until" }
    holds_counter { zh: "兑换点", en: "Counter" }
    holds_reason { zh: "用途", en: "What for" }
    holds_points { zh: "冻结分", en: "Points" }
    holds_over { zh: "已过期，待退回", en: "over, to be given back" }
    holds_none { zh: "没有冻结中的积分。", en: "Nothing is put aside." }
    my_lapse(points, day) { zh: "{points}分{day}到期", en: "{points} points lapse after {day}" }
    my_lapse_hint { zh: "请在到期前兑换，过期自动清掉，不能补回。", en: "Spend them before then: what lapses is gone." }
    my_lapse_soon { zh: "快到期了", en: "Soon" }
    lapsing_title { zh: "积分到期提醒", en: "Points that lapse soon" }
    lapsing_hint { zh: "按小组和户号排列，可打印张贴，也可照着在广播里念。", en: "By group and household number: to hang up, or to read out." }
    lapsing_as_of(day) { zh: "截至{day}", en: "As of {day}" }
    lapsing_none { zh: "近期没有到期的积分。", en: "Nothing lapses soon." }
    lapsing_head { zh: "户主", en: "Head" }
    lapsing_points { zh: "到期积分", en: "Points that lapse" }
    lapsing_by(points, day) { zh: "{points}分 {day}前用", en: "{points} by {day}" }
    lapsing_read_out { zh: "广播稿", en: "To be read out" }
    lapsing_said(no, points, day) { zh: "{no}户{points}分，{day}到期", en: "household {no}, {points} points by {day}" }
    lapsing_between { zh: "；", en: "; " }
    lapsing_call(group, homes) { zh: "{group}的乡亲请注意，下面几户有积分快到期：{homes}。请带积分卡或手机到兑换点使用，过期作废。", en: "Neighbours of {group}: these households have points that lapse soon: {homes}. Please bring your card or phone to the counter." }
    correction_title { zh: "冲正并改少（更正）", en: "Undo and post less" }
    correction_hint { zh: "原来那笔冲正，同时给同一户记上较少的正确分数：两笔一起成，或都不成。记错了户、少记了分，请只冲正，再重新记录、评审、公示。", en: "The posting is undone and the smaller right one posted for the same household: both happen, or neither. What belongs to another household, or is more, is undone only, then recorded, reviewed and hung out anew." }
    correction_points { zh: "应记积分", en: "Points" }
    correction_honor { zh: "应记评比分", en: "Honour score" }
    correction_do { zh: "冲正并更正", en: "Undo and correct" }
    lapsing_link { zh: "快到期的积分", en: "Points that lapse soon" }
    periods_title { zh: "月结与关账", en: "Closing of periods" }
    periods_hint { zh: "一个月过完、该处理的处理完，就可以关账。关账后这段日子的账不能再动，也不能重开。", en: "When a month is over and settled, it is closed. What is closed cannot move any more and is never reopened." }
    periods_after { zh: "关账以后发现的差错，记在下一个账期：业务日期写办理当天，事情发生的日子写在说明里。", en: "What is found afterwards lands in the next period: posted for the day on which it is put right, with the day it happened in the reason." }
    periods_check { zh: "关账前看一看", en: "Before closing" }
    periods_through { zh: "关账到哪一天", en: "Close through" }
    periods_closed_through { zh: "已关账到", en: "Closed through" }
    periods_in_review { zh: "本期还在审核的申报", en: "Awards of the period in review" }
    periods_approved { zh: "本期已通过、还没上公示的", en: "Approved, on no sheet yet" }
    periods_in_notice { zh: "本期公示中、还没入账的", en: "In notice, not posted yet" }
    periods_claims { zh: "本期还没有核实完的居民申报", en: "Claims of the period not decided" }
    periods_rounds { zh: "本期还没有记分的检查", en: "Inspection rounds not on record" }
    periods_sittings { zh: "还没有结束的评议会", en: "Sittings of the panel not closed" }
    periods_notices { zh: "正在张贴的公示表", en: "Sheets that hang" }
    periods_objections { zh: "没有答复的异议", en: "Objections not decided" }
    periods_reversals { zh: "没有批的冲正和更正", en: "Reversals and corrections not decided" }
    periods_holds { zh: "还冻结着的积分（笔）", en: "Points still put aside (holds)" }
    periods_check_hint { zh: "标“先办”的办完才能关账；标“要确认”的关账时勾选确认，以后入账的都算在下一个账期。点开可逐条办理。", en: "What is marked “first” is settled before the period can be closed; what is marked “to be confirmed” is confirmed in closing and counts for the next period. Open a kind to deal with each." }
    periods_lapses { zh: "到期未清的积分（户）", en: "Points that lapsed and are not posted (accounts)" }
    periods_appeals { zh: "乡镇没有终结的申诉", en: "Appeals not concluded" }
    periods_reminders { zh: "要提醒积分快到期的户", en: "Households to be reminded of points that lapse" }
    periods_first { zh: "先办", en: "first" }
    periods_to_confirm { zh: "要确认", en: "to be confirmed" }
    periods_confirm { zh: "以上未决事项我已看过，留到下一个账期。", en: "I have seen what is not resolved; it stays for the next period." }
    periods_open_hint(day) { zh: "账期到{day}，还没有办完的：", en: "Not resolved in the period to {day}:" }
    periods_for_ever(day) { zh: "关账到{day}：这一天和以前的账从此不能再记入。请先核对上面的数字。", en: "Closing through {day}: nothing lands on that day or before it any more. Check the figures above first." }
    periods_close(day) { zh: "关账到{day}", en: "Close through {day}" }
    periods_closed { zh: "已关的账期", en: "Closed periods" }
    periods_none { zh: "还没有关过账。", en: "Nothing is closed yet." }
    periods_span { zh: "账期", en: "Period" }
    periods_beginning { zh: "建账", en: "the beginning" }
    periods_digest { zh: "结存表摘要", en: "Digest of the statement" }
    periods_closed_said(day) { zh: "已关账到{day}，结存表如下，请打印签字。", en: "Closed through {day}. Print the statement below and sign it." }
    periods_statement { zh: "账期结存表", en: "Statement of the period" }
    periods_statement_of(day) { zh: "账期结存表（到{day}）", en: "Statement of the period to {day}" }
    periods_csv { zh: "下载全部账户（CSV）", en: "All accounts (CSV)" }
    periods_agrees { zh: "按账重算，与关账时的摘要一致", en: "Drawn up again from the log: the digest is the one that was signed" }
    periods_differs { zh: "按账重算，与关账时的摘要不一致", en: "Drawn up again from the log: the digest is another" }
    periods_unsigned { zh: "这次关账没有带结存表摘要", en: "This closing carries no digest" }
    periods_opening { zh: "期初", en: "Opening" }
    periods_closing { zh: "期末", en: "Closing" }
    periods_drawn_up { zh: "结存表算到", en: "Drawn up at" }
    periods_closing_txn { zh: "关账", en: "Closed by" }
    periods_at(seq) { zh: "第{seq}笔", en: "transaction {seq}" }
    periods_sign_clerk { zh: "经办：", en: "Drawn up by:" }
    periods_sign_supervision { zh: "村务监督委员会：", en: "Supervision committee:" }
    periods_sign_township { zh: "乡镇：", en: "Township:" }
    periods_accounts(count) { zh: "全部{count}个账户", en: "All {count} accounts" }
}

impl T {
    /// What is not resolved before a closing.
    #[must_use]
    pub fn unresolved(self, kind: impl Borrow<Unresolved>) -> &'static str {
        match kind.borrow() {
            Unresolved::Lapses => self.periods_lapses(),
            Unresolved::Reversals => self.periods_reversals(),
            Unresolved::Appeals => self.periods_appeals(),
            Unresolved::Objections => self.periods_objections(),
            Unresolved::InReview => self.periods_in_review(),
            Unresolved::Approved => self.periods_approved(),
            Unresolved::InNotice => self.periods_in_notice(),
            Unresolved::Claims => self.periods_claims(),
            Unresolved::Rounds => self.periods_rounds(),
            Unresolved::Sittings => self.periods_sittings(),
            Unresolved::Notices => self.periods_notices(),
            Unresolved::Holds => self.periods_holds(),
            Unresolved::Reminders => self.periods_reminders(),
        }
    }

    /// What that means for the closing.
    #[must_use]
    pub fn unresolved_way(self, way: impl Borrow<Way>) -> Option<&'static str> {
        match way.borrow() {
            Way::Refuses => Some(self.periods_first()),
            Way::Asks => Some(self.periods_to_confirm()),
            Way::Free => None,
        }
    }
}

/// Refusals of holds, lapses and periods.
pub(super) const REFUSALS: &[super::refusal::RefusalWords] = &[
    (
        "hold_until",
        "保留日期{until}不行，请选今天到{latest}之间的一天。",
        "Points cannot be put aside until {until}: choose a day from today to {latest}.",
    ),
    (
        "hold_amount",
        "取用的分数不对：这一笔冻结了{held}分，不能更多，也不能是零。",
        "The amount is wrong: {held} points are put aside; no more than that can be taken, and not nothing.",
    ),
    (
        "hold_over",
        "这笔冻结只保留到{until}，已经过期，分数会退回给这户，请重新办理。",
        "These points were put aside until {until} only and go back to the household. Put them aside anew.",
    ),
    (
        "not_your_counter",
        "这笔冻结在{counter}，不是您站的兑换点，请到那里办理。",
        "These points are put aside at {counter}, where you do not stand. It is done there.",
    ),
    ("same_village", "这就是本村，不用转。", "This is the same village: there is nothing to move."),
    (
        "not_the_same_person",
        "{person}和那边的{person_there}不是同一个人（姓名或出生年份不一致），不能转。",
        "{person} here and {person_there} there are not the same person (name or year of birth differ).",
    ),
    (
        "correction_kind",
        "第{seq}笔不能这样更正：这里只更正加减分，服务时长要冲正后重新申报。",
        "Transaction {seq} cannot be put right so: only awards and deductions can; minutes are undone and recorded anew.",
    ),
    (
        "correction_fund",
        "原来那笔没有动积分，更正时不能加积分，只能改评比分。",
        "The posting moved no points: only the honour score can be put right.",
    ),
    (
        "correction_beyond",
        "更正只能比原来少：原来记了积分{points}、评比分{honor}。要多记或记到别的户，请先冲正，再重新记录、评审、公示。",
        "A correction says less than before: the posting said {points} points and {honor} honour points. To give more, or to another household, undo it and record it anew, through review and notice.",
    ),
    (
        "period_not_over",
        "{through}还没有过完（今天是{today}），过完了才能关账。",
        "{through} is not over yet (today is {today}): a period is closed when its last day is over.",
    ),
    (
        "period_closed",
        "账期已经关到{closed_through}，不能再关更早的日子，也不能重开。",
        "The books are closed through {closed_through} already: no earlier day can be closed, and nothing is reopened.",
    ),
    (
        "period_unresolved",
        "还有{count}件必须先办完才能关账。请在未决清单里逐条办理。",
        "{count} things must be settled before the period is closed. Open the list and deal with each.",
    ),
    (
        "period_unconfirmed",
        "还有{count}件没有办完。看过以后勾选确认，它们留到下一个账期。",
        "{count} things are not resolved. Look at them and confirm: they stay for the next period.",
    ),
    (
        "period_moved",
        "正在关账时有一笔（第{landed}笔）记入了这个账期，请再关一次。",
        "Transaction {landed} landed in the period while it was being closed: close it again.",
    ),
];
