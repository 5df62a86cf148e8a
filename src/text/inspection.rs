//! Words of inspection rounds: opening, walking, differences, confirming.

use super::{T, refusal::RefusalWords};
use crate::domain::inspection::{RoundState, Settled};

catalogue! {
    rounds { zh: "巡查", en: "Inspection rounds" }
    rounds_hint { zh: "两人各看一遍，断网也能用", en: "two people look, with or without a line" }
    rounds_manage { zh: "巡查安排与确认", en: "Inspection rounds: open and confirm" }
    round_no(no) { zh: "第{no}轮巡查", en: "Inspection round {no}" }
    round_open { zh: "开始一轮巡查", en: "Open a round" }
    round_opened(no) { zh: "第{no}轮巡查已开始，两位检查员在“巡查”里看得到。", en: "Round {no} is open; those who look find it under Inspection rounds." }
    round_day_of { zh: "检查日期", en: "Day" }
    round_items { zh: "检查哪些项目", en: "Items" }
    round_groups { zh: "检查哪些组（不选就是全村）", en: "Groups (none ticked: all)" }
    round_first { zh: "检查员一", en: "First inspector" }
    round_second { zh: "检查员二", en: "Second inspector" }
    round_third { zh: "第三人（两人看法不同时由他定，自家和亲属家由他补）", en: "Third person (decides where two differ, stands in for kin)" }
    round_no_third { zh: "还没有第三人", en: "nobody yet" }
    round_name_third { zh: "指定第三人", en: "Name the third person" }
    round_third_named { zh: "第三人已指定。", en: "The third person is named." }
    round_none { zh: "还没有巡查。", en: "No round yet." }
    round_none_own { zh: "没有轮到您检查的巡查。", en: "No round names you." }
    round_progress { zh: "进度", en: "Progress" }
    round_households { zh: "户数", en: "Households" }
    round_settled { zh: "已一致", en: "Settled" }
    round_differ { zh: "不一致", en: "Differ" }
    round_waiting { zh: "没看完", en: "To look at" }
    round_no_pair { zh: "回避后人手不够", en: "Too few may look" }
    round_looked(name, count) { zh: "{name}看了{count}户", en: "{name}: {count} households" }
    round_differences { zh: "两人看法不同的户", en: "Where two differ" }
    round_differences_hint { zh: "由第三人到户再看，以他的为准；两位检查员不知道对方看的结果。", en: "The third person looks, and that stands. The two never learn what the other found." }
    round_blind { zh: "您也是这一轮的检查员，收表之前看不到别人的结果。", en: "You look in this round yourself: what others found is shown to you when it is closed." }
    round_more(count) { zh: "还有{count}户没有列出。", en: "{count} more are not listed." }
    round_nothing_marked { zh: "都没有评上", en: "none" }
    round_close { zh: "收表，不再接收", en: "Close: no more looks" }
    round_close_hint(count) { zh: "还有{count}户没有结论，收表后不计分；手机上还没传的也收不到。可以再打开。", en: "{count} households are not settled and will not count; looks still on a phone will not be taken. It can be opened again." }
    round_close_ready { zh: "每一户都有结论，可以收表。", en: "Every household is settled." }
    round_closed_said { zh: "已收表。请核对后确认记分。", en: "Closed. Read it over, then confirm." }
    round_reopen { zh: "再打开，继续检查", en: "Open again" }
    round_reopened { zh: "又打开了，手机上的会接着传。", en: "Open again; phones go on sending." }
    round_withdraw { zh: "作废这一轮", en: "Give this round up" }
    round_withdraw_why { zh: "作废的理由", en: "Why" }
    round_withdrawn_said { zh: "已作废，这一轮不计分。", en: "Given up: nothing of it counts." }
    round_preview { zh: "先算一算", en: "Work it out first" }
    round_previewed { zh: "现在确认，会这样记：", en: "Confirmed now, this is what is recorded:" }
    round_confirm { zh: "确认记分", en: "Confirm and record" }
    round_confirm_hint { zh: "每一户记一条，之后照常初审、评议、公示；两位检查员不能再审核。名额不够时，两人一致的在前，其余按本轮编号抽签定先后，谁也不能挑。", en: "One award each, which then goes the ordinary way; those who looked cannot review it. Where a quota has too few places, households two agreed on come first, and a draw fixed by the round decides the rest: nobody chooses." }
    round_rest_hint(count) { zh: "还有{count}条没有记上。上一位确认的人该回避的户，可以由另一位文书补记。", en: "{count} are not on record. What the one who confirmed had to step back from another clerk can record." }
    round_result(recorded, points, refused) { zh: "记{recorded}条，共{points}分；没有记{refused}条", en: "{recorded} recorded, {points} points; {refused} not" }
    round_earned { zh: "评上的户数", en: "Households that earned it" }
    round_on_record(count, points) { zh: "已记{count}条，共{points}分。", en: "{count} on record, {points} points." }
    round_evidence_agreed(no) { zh: "第{no}轮巡查，两人检查，结果一致", en: "round {no}, two looked and found the same" }
    round_evidence_decided(no) { zh: "第{no}轮巡查，两人检查结果不同，第三人到户裁定", en: "round {no}, two differed and a third decided" }
    round_looked_by(names) { zh: "检查人：{names}", en: "Looked at by {names}" }
    round_faults { zh: "发现的问题", en: "What was found wrong" }
    round_faults_hint { zh: "不直接扣分：先提醒这些户，到期再由另一人去看，改好了一分不扣。", en: "Nothing is deducted: the households are reminded in private first, somebody else looks again when the time is over, and what is mended costs nothing." }
    round_fault_seen(no, day, item) { zh: "第{no}轮巡查（{day}）到户看到问题，对应细则“{item}”。请在期限内整改。", en: "Inspection round {no} ({day}) saw something wrong, item “{item}” of the rules. Please mend it in time." }
    round_faults_remind(count) { zh: "提醒这些户（{count}条）", en: "Remind these households ({count})" }
    round_faults_said(count) { zh: "已提醒{count}条。", en: "{count} reminded of." }
    round_faults_not(count) { zh: "没有提醒{count}条", en: "{count} not reminded of" }
    round_fault_item { zh: "只提醒", en: "reminder only" }
    walk_fault { zh: "有问题", en: "Found" }
    walk_no_fault { zh: "没有问题", en: "Not found" }
    walk_begin { zh: "开始检查", en: "Begin" }
    walk_done(done, all) { zh: "已看{done}户，共{all}户", en: "{done} of {all} looked at" }
    walk_of_group { zh: "组", en: "Group" }
    walk_find { zh: "户号、姓名或拼音首字母", en: "Number, name or pinyin initials" }
    walk_pass { zh: "合格", en: "Yes" }
    walk_fail { zh: "不合格", en: "No" }
    walk_no_grade { zh: "不评", en: "None" }
    walk_skip { zh: "先跳过", en: "Skip" }
    walk_back { zh: "上一户", en: "Previous" }
    walk_list { zh: "本组各户", en: "Households of the group" }
    walk_all_done { zh: "这一组都看完了。", en: "This group is done." }
    walk_next_group { zh: "下一组", en: "Next group" }
    walk_nothing { zh: "现在没有要您看的户。", en: "Nothing to look at now." }
    walk_stepped_back(count) { zh: "有{count}户是您自家或亲属家，按规定回避，由第三人看。", en: "You step back from {count} households of your own or kin; the third person looks there." }
    walk_third { zh: "您是第三人：只看两人看法不同的户和他们回避的户，以您看的为准。", en: "You are the third person: only what two differ on and what they step back from is yours, and your look stands." }
    walk_online { zh: "在线", en: "Online" }
    walk_offline { zh: "离线", en: "Offline" }
    walk_sending { zh: "同步中", en: "Sending" }
    walk_attention { zh: "要处理", en: "See below" }
    walk_waiting { zh: "没传", en: "waiting" }
    walk_offline_hint { zh: "没有网也可以继续，结果存在手机里，有网自动传。", en: "Go on without a line: looks are kept in this phone and sent by themselves." }
    walk_sign_in_again { zh: "登录过期了。结果还在手机里，重新登录再打开这一页就会传。", en: "You are signed out. The looks are kept in this phone and sent when you sign in and open this page again." }
    walk_refused { zh: "没有收下的", en: "Not taken" }
    walk_seen { zh: "知道了", en: "Seen" }
    walk_others { zh: "这台手机上还有别的账号没传的检查结果，请他登录后打开巡查。", en: "This phone keeps looks of another account: let them sign in and open their round." }
    walk_leave(count) { zh: "还有{count}户没有传上去，存在这台手机里。要退出请再点一次。", en: "{count} looks are not sent and stay in this phone. Press again to sign out." }
    walk_no_store { zh: "这个浏览器存不住数据（可能是无痕模式），不能断网检查，请换一个浏览器。", en: "This browser keeps nothing (a private window?): use another one." }
    walk_needs_script { zh: "这一页要打开浏览器的脚本功能。也可以用纸表检查，由文书在批量签到表里录入。", en: "This page needs script. Or look on paper and let the clerk key it in on a meeting sheet." }
}

impl T {
    /// Where a round stands.
    #[must_use]
    pub fn round_state(self, state: &RoundState) -> &'static str {
        state.words().text(self.lang())
    }

    /// What the sheet of a line says.
    #[must_use]
    pub fn round_evidence(self, no: i64, how: Settled) -> String {
        match how {
            Settled::Agreed => self.round_evidence_agreed(no),
            Settled::Decided => self.round_evidence_decided(no),
        }
    }
}

/// Refusals of inspection rounds.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "own_look",
        "这一条是您到户检查评出来的，请由别人审核。",
        "This award rests on your own look at the household: leave it to somebody else.",
    ),
    (
        "round_moved_on",
        "这一轮巡查现在不能这样办：可能已经收表、记分或作废，也可能还没有收表。请刷新后再看。",
        "Not now: the round is closed, confirmed or given up already, or still open. Load the page again.",
    ),
    (
        "round_day",
        "{day}不行：请选今天或之前{days}天内的日子。",
        "{day} will not do: choose today or one of the {days} days before.",
    ),
    ("round_items", "请选1到{limit}个项目。", "Choose 1 to {limit} items."),
    (
        "round_item",
        "{item}不能用巡查来记：要凭检查表、按户计、不按数量的项目才行。",
        "{item} cannot be inspected: only what counts by household, by an inspection sheet and without a measure.",
    ),
    (
        "fault_reminded",
        "这一户同一事项的{no}号提醒还没有了结，请在那一号提醒里处理。",
        "Reminder no. {no} of the same matter is still open for this household: go on from there.",
    ),
    ("round_groups", "没有这个村民小组，请重新选。", "There is no such group: choose again."),
    (
        "round_two",
        "请选两位不同的检查员，第三人也要另选。",
        "Name two different inspectors, and a third who is neither.",
    ),
    (
        "not_an_inspector",
        "有人不是本村的工作人员，请重新选。",
        "Somebody is not of the village's staff: choose again.",
    ),
    ("third_named", "第三人已经指定过了。", "The third person is named already."),
    (
        "not_in_round",
        "{household}不在这一轮的名单里（可能已销户或换了组），这一户不用看。",
        "{household} is not in this round (closed, or moved to another group): it need not be looked at.",
    ),
    (
        "look_marks",
        "看不懂这个结果（{mark}），请刷新页面再看一次这一户。",
        "The mark {mark} is none of this round: load the page again and look once more.",
    ),
];
