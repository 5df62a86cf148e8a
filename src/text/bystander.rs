//! Words of who stands beside a household at the counter, of its helpers, of alerts, of its passbook and its messages.

use super::{T, refusal::RefusalWords};
use crate::domain::bystander::{NothingShown, Part, Recused};

/// Refusals.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "second_needed",
        "这是您本户或您亲属的户，您一个人不能办。请另一位登记在册的人在场确认：输入他的户号和密码，或登录名和动态码。没有扣分。",
        "This is your own household or your kin's: you cannot do it alone. Another registered person confirms with household number and PIN, or login and code. No points were taken.",
    ),
    (
        "bystander_unknown",
        "没有认出在场的这个人。请输入本村的户号（或登录名），卡和户都要在用。没有扣分。",
        "The other person is not known here. Type a household number of this village, or a login. No points were taken.",
    ),
    (
        "bystander_is_shopkeeper",
        "见证或确认的人不能是营业员自己，请换一个人。没有扣分。",
        "The other person cannot be the shopkeeper. Ask somebody else. No points were taken.",
    ),
    (
        "bystander_of_household",
        "见证或确认的人不能是这一户的人，请换一个人。没有扣分。",
        "The other person cannot be of this household. Ask somebody else. No points were taken.",
    ),
    (
        "bystander_of_shopkeeper",
        "见证或确认的人不能是营业员本户或亲属户的人，请换一个人。没有扣分。",
        "The other person cannot be of the shopkeeper's household or kin. Ask somebody else. No points were taken.",
    ),
    ("witness_reason", "请选为什么出示不了手机码和卡。", "Say why neither phone nor card can be shown."),
    (
        "witness_needless",
        "已经出示了卡或手机码，不用见证人，请直接兑换。",
        "A card or code was shown: no witness is needed.",
    ),
    (
        "witness_limit",
        "只凭见证人每户每天最多兑{limit}分，今天已兑{used}分，这次要{needed}分。请带卡或手机再来。",
        "With a witness alone at most {limit} points a day: {used} taken today, {needed} asked for. Come with card or phone.",
    ),
    (
        "witness_times",
        "只凭见证人每户每月最多{limit}次，本月已满。请找村文书补一张卡。",
        "With a witness alone at most {limit} times a month. Ask the clerk for a card.",
    ),
    (
        "not_a_helper",
        "这个人不是{household}户登记的代办人，或代办已经取消。请该户先登记。没有扣分。",
        "This person is no registered helper of {household}, or no longer. The household registers helpers itself. No points were taken.",
    ),
    (
        "helper_limit",
        "这一户给代办人的每日上限是{limit}分，今天已兑{used}分，这次要{needed}分。",
        "The household lets helpers take {limit} points a day: {used} taken today, {needed} asked for.",
    ),
    (
        "helper_unknown",
        "{household}户没有这个姓名的人，请核对户号和姓名。",
        "Nobody of that name belongs to household {household}. Look again.",
    ),
    (
        "helper_of_household",
        "自家人不用登记代办，拿着卡或手机码就能兑。",
        "People of the household need not be registered: card or phone is enough.",
    ),
    ("helper_known", "这个人已经是您户的代办人。", "This person is a helper of the household already."),
    (
        "helpers_enough",
        "一户最多登记{limit}位代办人，请先取消一位。",
        "At most {limit} helpers at a time. End one first.",
    ),
    (
        "helper_of_many",
        "这个人已经替{limit}户代办，不能再多。请换一个人。",
        "This person helps {limit} households already and cannot help more. Choose somebody else.",
    ),
    (
        "helper_day_max",
        "每日上限要大于0，最多{limit}分。",
        "The daily limit must be above 0 and at most {limit} points.",
    ),
    ("alert_reviewed", "这条提醒已经有人核查过了。", "Somebody has looked into this already."),
    (
        "alert_own",
        "这条提醒和您自己经手或作证的兑换有关，请另一个人核查。",
        "You served or vouched in this yourself: another person must look into it.",
    ),
    (
        "passbook_moved",
        "存折刚才已经打印到别处，请重新打开这一页。",
        "The passbook was printed elsewhere meanwhile. Open this page again.",
    ),
    (
        "passbook_not_here",
        "这一户今天没有在您的兑换点兑换，不能打印它的存折。请找村文书。",
        "This household redeemed nothing at your counter today. The clerk prints its passbook.",
    ),
];

impl T {
    /// What the other person is at the counter for.
    #[must_use]
    pub fn part_word(self, part: &Part) -> &'static str {
        part.words().text(self.lang())
    }

    /// Why nothing could be shown.
    #[must_use]
    pub fn nothing_shown(self, reason: &NothingShown) -> &'static str {
        reason.words().text(self.lang())
    }

    /// What the shopkeeper is to the household.
    #[must_use]
    pub fn recused_word(self, recused: &Recused) -> &'static str {
        recused.words().text(self.lang())
    }
}

catalogue! {
    without_title { zh: "没带手机和卡 / 代办", en: "No phone, no card / a helper" }
    without_hint { zh: "居民什么也拿不出来，要有见证人；替别人来拿，要是登记过的代办人。", en: "Who can show nothing needs a witness; who comes for others must be registered as their helper." }
    without_household { zh: "这一户的户号", en: "Number of the household" }
    without_how { zh: "怎么来的", en: "Who came" }
    without_witness { zh: "本户的人来了，请一位见证人", en: "Somebody of the household, with a witness" }
    without_helper { zh: "登记过的代办人来了", en: "A registered helper" }
    without_why { zh: "出示不了的原因", en: "Why nothing can be shown" }
    without_limits(points, times) { zh: "只凭见证人：每户每天最多{points}分，每月最多{times}次，会写在凭条和对账单上。", en: "With a witness alone: at most {points} points a day and {times} times a month. It stands on receipt and statement." }
    bystander_who(part) { zh: "{part}的户号、卡号或登录名", en: "The {part}'s household number, card number or login" }
    bystander_secret(part) { zh: "{part}的户密码或动态码（六位）", en: "PIN or sign-in code of the {part} (six digits)" }
    bystander_hint { zh: "请这个人自己输入。不能是这一户的人，也不能是营业员本人、本户和亲属。", en: "That person types it. Nobody of this household, and neither the shopkeeper nor their household or kin." }
    bystander_second_hint(what) { zh: "这是{what}，要另一位登记人在场确认。", en: "It is {what}: another registered person confirms." }
    beside_line(part, who) { zh: "{part}：{who}", en: "{part}: {who}" }
    beside_reason(reason) { zh: "原因：{reason}", en: "Because: {reason}" }
    same_bearer { zh: "同一个人还带了别户的卡", en: "The same person brought another household's card" }
    same_bearer_hint { zh: "刚才兑换的人又替一户来兑。一个人十分钟内替三户以上兑换，会提醒村文书和审计核查，不影响兑换。", en: "The person of the last receipt came for one more household. Three or more within ten minutes are looked into; nothing is stopped." }
    alerts_title { zh: "柜台核查", en: "Who stood at the counter" }
    alerts_waiting(count) { zh: "有{count}条代刷提醒待核查", en: "{count} alerts of one person with many cards wait" }
    alerts_link { zh: "柜台核查（见证、第二人、代办、一人多卡）", en: "Who stood at the counter (witnesses, helpers, one person with many cards)" }
    alerts_none { zh: "没有一人多卡的提醒。", en: "No alerts." }
    alerts_heading { zh: "一人多卡", en: "One person, many cards" }
    alert_said(count, minutes) { zh: "同一人在{minutes}分钟内替{count}户兑换", en: "One person came for {count} households within {minutes} minutes" }
    alert_unnamed { zh: "营业员认出是同一个人", en: "Seen to be the same by the shopkeeper" }
    alert_open { zh: "待核查", en: "waits" }
    alert_done { zh: "已核查", en: "looked into" }
    alert_note { zh: "核查情况", en: "What was found" }
    alert_review { zh: "记下核查情况", en: "Keep what was found" }
    alert_kept { zh: "核查情况已记下", en: "What was found is kept" }
    beside_heading { zh: "见证、第二人和代办", en: "Witnesses, second persons, helpers" }
    beside_count { zh: "笔数", en: "Redemptions" }
    beside_none { zh: "这个月没有。", en: "None in this month." }
    beside_month { zh: "月份", en: "Month" }
    beside_earlier { zh: "上一个月", en: "The month before" }
    beside_who { zh: "在场的人", en: "Who stood beside" }
    beside_what { zh: "身份", en: "As" }
    helpers_title { zh: "代办人", en: "Helpers" }
    helpers_hint { zh: "信得过的别家人可以替您户兑换。他用自己的户密码，凭条和对账单上会写明是他代办。随时可以取消。", en: "Somebody of another household whom you trust may redeem for you, with a PIN of their own. Receipt and statement say so. End it at any time." }
    helpers_limits(households, helpers) { zh: "一个人最多替{households}户代办，一户最多{helpers}位代办人。", en: "One person helps at most {households} households; a household has at most {helpers} helpers." }
    helpers_none { zh: "还没有登记代办人。", en: "No helpers yet." }
    helper_of(no) { zh: "{no} 的代办人", en: "Helpers of {no}" }
    helper_home { zh: "代办人的户号", en: "Their household's number" }
    helper_name { zh: "代办人的姓名", en: "Their name" }
    helper_day { zh: "每天最多（分）", en: "At most a day (points)" }
    helper_day_line(points) { zh: "每天最多{points}分", en: "At most {points} points a day" }
    helper_register { zh: "登记代办人", en: "Register" }
    helper_registered { zh: "代办人已登记", en: "The helper is registered" }
    helper_by_clerk { zh: "村文书代为登记", en: "registered by the clerk" }
    helper_end { zh: "取消代办", en: "End it" }
    helper_ended { zh: "代办已取消", en: "It is ended" }
    helper_active { zh: "有效", en: "in force" }
    helper_over { zh: "已取消", en: "ended" }
    messages_title { zh: "消息", en: "Messages" }
    messages_new(count) { zh: "{count}条新消息", en: "{count} new messages" }
    message_fresh { zh: "新", en: "new" }
    message_taken(points, left) { zh: "扣{points}分，余{left}分", en: "{points} points taken, {left} left" }
    message_given(points, left) { zh: "加{points}分，余{left}分", en: "{points} points added, {left} left" }
    message_helper_on(name) { zh: "登记了代办人{name}", en: "{name} was registered as a helper" }
    message_helper_off(name) { zh: "取消了代办人{name}", en: "{name} is a helper no more" }
    message_read { zh: "都看过了", en: "All read" }
    speak_on { zh: "打开朗读", en: "Read aloud" }
    speak_off { zh: "关闭朗读", en: "Stop reading aloud" }
    speak_again { zh: "再念一遍", en: "Say it again" }
    print_slip_58 { zh: "打印小票（58毫米）", en: "Print the slip (58 mm)" }
    print_slip_a6 { zh: "打印凭条（A6）", en: "Print on A6" }
    passbook_title(no) { zh: "{no} 的存折", en: "Passbook of {no}" }
    passbook_link { zh: "打印存折行", en: "Print passbook lines" }
    passbook_hint { zh: "把存折翻到没打满的那一页放进打印机，只会打出新的几行。打好了，按“已打好”。", en: "Put in the passbook at the page that is not full: only the new lines are printed. Then press Printed." }
    passbook_nothing { zh: "没有新的行要打印。", en: "There are no new lines to print." }
    passbook_next(line) { zh: "从本页第{line}行接着打", en: "It goes on at line {line} of the page" }
    passbook_more(count) { zh: "这一页打满后还有{count}行，换页再打。", en: "{count} more lines for the next page." }
    passbook_done { zh: "已打好", en: "Printed" }
    passbook_kept { zh: "已记下打到哪一行", en: "Kept how far it is printed" }
    passbook_page { zh: "换新的一页，从第一行打", en: "A fresh page, from its first line" }
    passbook_print { zh: "打印", en: "Print" }
    passbook_day { zh: "日期", en: "Day" }
    passbook_what { zh: "摘要", en: "What" }
    passbook_in_out { zh: "加减", en: "+ / −" }
    passbook_left { zh: "余额", en: "Left" }
}
