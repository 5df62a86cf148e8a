//! Words of the public notice board, of an objection's course from acceptance to the township's final word, and of
//! whoever is late with it.

use super::{T, refusal::RefusalWords};
use crate::domain::objection::{Course, Finding};

catalogue! {
    board_title { zh: "公示栏", en: "Notice board" }
    board_of(village) { zh: "{village} 公示栏", en: "Notice board of {village}" }
    board_hint { zh: "这里只有正在公示的内容，姓名已隐去，期满后自动撤下。不用登录，也可以提异议。", en: "Only what hangs now, with names masked; it goes when its time is over. Anyone may object without signing in." }
    board_rules_of(village) { zh: "{village} 积分办法", en: "Rules of {village}" }
    board_rules_hint { zh: "正在实行的积分办法和村规民约，以及正在走程序的草案。可打印张贴。", en: "The rules and the compact in force, and what is on its way. Print it and hang it up." }
    board_rules_speak { zh: "有意见：登录后在“积分办法”里说，或者到村部说，都会记下并答复。", en: "To speak to it: sign in and open “Rules”, or come to the village office. Every word is kept and answered." }
    board_empty { zh: "现在没有公示。", en: "Nothing hangs now." }
    board_choose { zh: "看哪个村的公示？", en: "Which village's notices?" }
    board_open { zh: "打开公示栏", en: "Open the board" }
    board_object { zh: "匿名提异议", en: "Object without a name" }
    board_object_hint { zh: "不用写姓名。提交后这一行暂停计时，村里3天内受理、10天内答复。请记下查询码，凭它看答复。", en: "No name is needed. The line stops; the village accepts it within 3 days and answers within 10. Keep the code: it shows you the answer." }
    board_by_name { zh: "想署名？", en: "By name instead?" }
    board_taken { zh: "异议已收到", en: "Your objection has arrived" }
    board_taken_hint { zh: "请抄下或截图。没有查询码就看不到答复，也不能申诉。", en: "Write it down or take a picture: without the code nobody sees the answer or can appeal." }
    board_number { zh: "异议编号", en: "Number" }
    board_code { zh: "查询码", en: "Code" }
    board_ask { zh: "查异议答复", en: "Ask for an answer" }
    board_ask_button { zh: "查询", en: "Show" }
    board_elsewhere(no) { zh: "手机打开本系统“公示栏”，村编号 {no}，可看公示、匿名提异议。", en: "On a phone: “Notice board”, village no. {no}, to read it and to object without a name." }
    course_raised { zh: "待受理", en: "waiting to be accepted" }
    course_accepted { zh: "已受理，调查中", en: "accepted, being looked into" }
    course_upheld { zh: "村级答复：成立", en: "the village: upheld" }
    course_in_part { zh: "村级答复：部分成立", en: "the village: upheld in part" }
    course_amended { zh: "改为", en: "Changed to" }
    course_amended_to(no, amount) { zh: "{amount}（第{no}号），重新公示", en: "{amount} (no. {no}), to hang on a new sheet" }
    course_amended_from(no, amount, from) { zh: "{amount}（第{no}号），{from} 以后重新公示", en: "{amount} (no. {no}), to hang on a new sheet after {from}" }
    course_restored { zh: "恢复", en: "Stands again" }
    award_replaces { zh: "改自", en: "Stands in place of" }
    award_replaced { zh: "已改为", en: "In its place" }
    verb_amend { zh: "改分，重新公示", en: "Stands again, for a new sheet" }
    verb_uphold_in_part { zh: "异议部分成立，改分", en: "Objection upheld in part" }
    objection_in_part { zh: "部分成立，改小后重新公示", en: "Upheld in part: less, on a new sheet" }
    objection_less { zh: "部分成立时改为", en: "Changed to, if upheld in part" }
    objection_less_hint { zh: "只能改小。原条驳回，按改后的数重新计算，申诉期（5天）过后另上一张公示表，由别人发布。", en: "Less only. The line is rejected and computed anew; when the 5 days to appeal are over it goes onto a new sheet, which somebody else publishes." }
    objection_grade { zh: "等次", en: "Grade" }
    objection_less_not { zh: "这一项的分值是固定的，没有更小的数：成立就驳回，再按对的项目另行记录。", en: "This item has one worth and nothing less: uphold it, and record what is right as what it is." }
    appeal_about_rest { zh: "村里认为异议部分成立，已改小。申诉的是提异议的人，认为改小还不够。改变答复：改后的也驳回。", en: "The village upheld the objection in part. Whoever objected appeals: what is left is too much. Overruled, what is left is rejected, too." }
    appeal_about_whole { zh: "村里认为异议部分成立，已改小。申诉的是受奖户，认为不该改。改变答复：按原数恢复，另上一张公示表。", en: "The village upheld the objection in part. The awarded household appeals: nothing should have been taken away. Overruled, the whole stands again on a new sheet." }
    course_dismissed { zh: "村级答复：不成立", en: "the village: dismissed" }
    course_appealed { zh: "已申诉，乡镇复核中", en: "with the township" }
    course_overruled { zh: "乡镇终结：改变村级答复", en: "final: the village is overruled" }
    course_confirmed { zh: "乡镇终结：维持村级答复", en: "final: the village is confirmed" }
    course_raised_at { zh: "提出", en: "Raised" }
    course_accepted_at { zh: "受理", en: "Accepted" }
    course_decided_at { zh: "村级答复", en: "Answered" }
    course_appealed_at { zh: "申诉", en: "Appealed" }
    course_concluded_at { zh: "终结", en: "Concluded" }
    course_due { zh: "最迟", en: "Due by" }
    course_late { zh: "已超期", en: "overdue" }
    course_told { zh: "已报乡镇", en: "told to the township" }
    course_told_at { zh: "报乡镇", en: "Township told" }
    course_answer { zh: "答复", en: "Answer" }
    course_final { zh: "乡镇意见", en: "The township's word" }
    course_about { zh: "所提条目", en: "The line" }
    course_accept { zh: "受理", en: "Accept" }
    course_accept_hint { zh: "受理表示已看到，会调查；不等于同意。3天内要受理，超期自动报乡镇。", en: "Accepting says that it was read and will be looked into, no more. Due within 3 days; after that the township is told." }
    course_accepted_said(no) { zh: "异议{no}号已受理，10天内要答复。", en: "Objection no. {no} is accepted; an answer is due within 10 days." }
    course_not_yet { zh: "还没有受理，受理后才能处理。", en: "Not accepted yet: it is accepted first, then decided." }
    course_none { zh: "没有异议。", en: "There are no objections." }
    appeal_title { zh: "申诉", en: "Appeals" }
    appeal_no(no) { zh: "申诉 {no} 号", en: "Appeal no. {no}" }
    appeal_make { zh: "不服，向乡镇申诉", en: "Appeal to the township" }
    appeal_until(until) { zh: "对答复不服的，{until} 前可以向乡镇申诉一次，15天内终结。", en: "Whoever is not satisfied may ask the township once, until {until}; its final word comes within 15 days." }
    appeal_why { zh: "为什么不服？", en: "Why does the answer not satisfy you?" }
    appeal_taken(no) { zh: "申诉{no}号已交乡镇，15天内答复。", en: "Appeal no. {no} is with the township, which answers within 15 days." }
    appeal_for { zh: "替谁申诉（户号）", en: "For whom (household number)" }
    appeal_proxy { zh: "代为申诉", en: "Appeal for a household" }
    appeal_hint { zh: "收到的申诉和村里超期未办的异议。与加分、初审、村级答复有关的人要回避。", en: "Appeals, and objections with which a village is late. Whoever had a part in the award or in the answer steps back." }
    appeal_open { zh: "待终结", en: "Waiting for a final word" }
    appeal_decided { zh: "已终结", en: "Concluded" }
    appeal_late { zh: "村里超期的异议", en: "Objections a village is late with" }
    appeal_none { zh: "没有待办的申诉。", en: "No appeal waits." }
    appeal_words { zh: "终结意见（给申诉人看）", en: "Final word, for whoever appealed" }
    appeal_uphold { zh: "申诉成立，改变村级答复", en: "Upheld: overrule the village" }
    appeal_dismiss { zh: "申诉不成立，维持村级答复", en: "Dismissed: confirm the village" }
    appeal_concluded { zh: "申诉已终结。", en: "The appeal is concluded." }
    appeal_about_dismissed { zh: "村里认为异议不成立。改变答复：未入账的这一条驳回，已入账的提请冲正。", en: "The village dismissed the objection. Overruled, the line is rejected, or a reversal is asked for when it is posted already." }
    appeal_about_upheld { zh: "村里认为异议成立，驳回了这一条。改变答复：按原数恢复，另上一张公示表，旧公示表不改。", en: "The village upheld the objection and rejected the award. Overruled, it stands again whole, on a new sheet: a sheet that hung is never changed." }
    verb_appeal { zh: "向乡镇申诉", en: "Taken to the township" }
    verb_overrule { zh: "乡镇改变村级答复", en: "The township overruled the village" }
    verb_confirm { zh: "乡镇维持村级答复", en: "The township confirmed the village" }
    audit_kind_notice { zh: "公示存证", en: "Notice sheet" }
    my_objections { zh: "我的异议", en: "Our objections" }
    my_objections_hint { zh: "提过的异议，和别人对我家加分提的、已成立的异议。", en: "What we objected to, and what was upheld against our own awards." }
    who_unnamed { zh: "匿名", en: "unnamed" }
    chat_copy { zh: "复制", en: "Copy" }
    chat_copied { zh: "已复制", en: "Copied" }
    print_a4 { zh: "A4 纸", en: "A4 paper" }
    print_a3 { zh: "A3 纸", en: "A3 paper" }
}

impl T {
    /// How far an objection has come.
    #[must_use]
    pub fn course(self, course: Course) -> &'static str {
        match course {
            Course::Raised => self.course_raised(),
            Course::Accepted => self.course_accepted(),
            Course::Decided(Finding::Uphold) => self.course_upheld(),
            Course::Decided(Finding::Dismiss) => self.course_dismissed(),
            Course::Appealed(_) => self.course_appealed(),
            Course::Concluded { township: Finding::Uphold, .. } => self.course_overruled(),
            Course::Concluded { township: Finding::Dismiss, .. } => self.course_confirmed(),
        }
    }
}

/// Refusals of the course of an objection.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "not_accepted",
        "这件异议还没有受理，请先受理。",
        "This objection is not accepted yet: accept it first.",
    ),
    ("already_accepted", "这件异议已经受理过了。", "This objection is accepted already."),
    (
        "not_decided",
        "村里还没有答复，答复后才能申诉。",
        "The village has not answered yet: appeal when it has.",
    ),
    (
        "already_appealed",
        "这件事已经申诉过，乡镇的意见是最终意见。",
        "The township was asked already; its word is final.",
    ),
    (
        "appeal_late",
        "申诉期到 {until} 为止，已经过了。",
        "An appeal was possible until {until}; that is over.",
    ),
    (
        "not_your_objection",
        "只有提出异议的人，或者被驳回、改小加分的那一户，可以申诉。",
        "Only whoever objected, or the household that lost its award or a part of it, may appeal.",
    ),
    (
        "nothing_to_appeal",
        "这一条已经驳回、冲正或者撤回重审，没有可申诉的。",
        "This award is rejected, reversed, or being reviewed anew: there is nothing left to appeal.",
    ),
    (
        "amendment_beyond",
        "部分成立只能改小：原来是 {points} 分、评比分 {honor}，改后要比它小、不为零。",
        "Upheld in part leaves less: it was {points} points and {honor} honour points; what is left must be less, and something.",
    ),
    (
        "own_amendment",
        "这张表里有您改过的条目，请另一个人发布。",
        "A line of this sheet stands on your word: another person must publish it.",
    ),
    (
        "appeals_open",
        "这一条还有另一件申诉没有终结，先终结那一件。",
        "Another appeal about this line is open: conclude that one first.",
    ),
    (
        "own_decision",
        "村级答复是您作的，要由另一个人复核。",
        "You gave the village's answer: another person must say the final word.",
    ),
    (
        "wrong_objection_code",
        "没有编号{no}的匿名异议，或者查询码不对。",
        "There is no objection {no} without a name, or the code is wrong.",
    ),
];
