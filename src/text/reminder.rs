//! Words of reminders: for the office, for the household alone, on the letter. None of them ever stands on a notice.

use super::{T, refusal::RefusalWords};
use crate::domain::{due_process::AwardState, reminder::ReminderState};

catalogue! {
    reminders { zh: "提醒整改", en: "Reminders" }
    reminders_hint { zh: "扣分之前：提醒、限期、复查", en: "before a deduction: remind, wait, look again" }
    reminders_why { zh: "扣分只动评比分，不动积分。先提醒这一户，给时间整改；到期由另一人复查，没改才能申报扣分，改好了可以修复。提醒只给本户看。", en: "A deduction touches the honour score only, never points. The household is reminded first and has time to mend; when it is over another person looks again. Only what is unmended can be deducted for, and it is given back once mended. Only the household reads the reminder." }
    reminder_new { zh: "给一户提醒", en: "Remind a household" }
    reminder_household { zh: "户号", en: "Household number" }
    reminder_item { zh: "事项", en: "Matter" }
    reminder_what { zh: "要整改什么（只给本户看）", en: "What is to be mended (for the household only)" }
    reminder_given_on { zh: "提醒日期（纸质提醒可补登）", en: "Given on (earlier, if on paper)" }
    reminder_fix_by { zh: "整改期限", en: "Mend by" }
    reminder_send { zh: "提醒", en: "Remind" }
    reminder_sent(no) { zh: "已提醒（{no}号），请把告知书送到本户。", en: "Reminded (no. {no}). Hand the letter to the household." }
    reminder_no(no) { zh: "提醒 {no} 号", en: "Reminder no. {no}" }
    reminder_times { zh: "已提醒", en: "Reminded" }
    reminder_times_count(count) { zh: "{count}次", en: "{count} times" }
    reminder_over { zh: "期限已过", en: "time is over" }
    reminder_conditions { zh: "细则要求", en: "The rules also ask" }
    reminder_found { zh: "复查情况", en: "What was found" }
    reminder_look { zh: "复查（由提醒人以外的人）", en: "Look again (not whoever reminded)" }
    reminder_mended { zh: "已整改，不扣分", en: "Mended: nothing is deducted" }
    reminder_unmended { zh: "没有整改", en: "Not mended" }
    reminder_again { zh: "再提醒一次", en: "Remind once more" }
    reminder_withdraw { zh: "提醒有误，撤回", en: "A mistake: withdraw" }
    reminder_deduct { zh: "申报扣评比分", en: "Put the deduction on record" }
    reminder_deduct_hint { zh: "进入初审、复核、公示；公示表上不写姓名。", en: "It goes through review, recheck and notice; the notice names nobody." }
    reminder_deducted(no) { zh: "已申报扣分（{no}号），等待审核。", en: "The deduction is on record (no. {no}), waiting for review." }
    reminder_restore { zh: "已整改，申报修复", en: "Mended now: give it back" }
    reminder_restored(no) { zh: "已申报修复（{no}号），等待审核。", en: "Giving back is on record (no. {no}), waiting for review." }
    reminder_saved { zh: "已记下。", en: "Noted." }
    reminder_letter { zh: "打印告知书", en: "Print the letter" }
    reminder_letter_title { zh: "整改提醒告知书", en: "Reminder" }
    reminder_letter_to(no, head) { zh: "{no}户 {head}：", en: "To household {no}, {head}:" }
    reminder_letter_body(what) { zh: "请您家整改：{what}", en: "Please mend: {what}" }
    reminder_letter_until(fix_by, days) { zh: "期限到{fix_by}（{days}天）。期限内改好，一分不扣。", en: "You have until {fix_by} ({days} days). Mended by then, nothing is deducted." }
    reminder_letter_then { zh: "到期由另一人上门复查。没有改的，按细则申报扣评比分；积分和兑换不受影响。以后改好，可以申请修复。", en: "When the time is over another person looks again. What is not mended may be deducted from the honour score by the rules; points and goods are not touched. Mended later, it can be given back." }
    reminder_letter_private { zh: "这封信只给您家，不张贴，不公开。有不同意见，请到村委会说明，或请人代办。", en: "This letter is for you alone: it is posted nowhere. If you see it otherwise, tell the village office, or let somebody do it for you." }
    reminder_letter_signed { zh: "户主签收：", en: "Received by:" }
    reminder_my { zh: "给我家的提醒", en: "Reminders to us" }
    reminder_my_open(count) { zh: "有{count}条整改提醒，点开看期限。", en: "{count} reminders: see until when." }
    reminder_evidence(no) { zh: "整改提醒{no}号及复查记录，存村台账", en: "reminder no. {no} and what was found, on file" }
    reminder_note(no, times, fix_by) { zh: "整改提醒{no}号：提醒{times}次，期限{fix_by}，复查未整改。", en: "Reminder no. {no}: given {times} times, time until {fix_by}, found unmended." }
    reminder_state_reminded { zh: "整改期内", en: "time to mend" }
    reminder_state_mended { zh: "已整改，没有扣分", en: "mended, nothing deducted" }
    reminder_state_withdrawn { zh: "已撤回", en: "withdrawn" }
    reminder_state_unmended { zh: "复查没有整改", en: "found unmended" }
    reminder_state_claimed { zh: "扣分审核中", en: "deduction on its way" }
    reminder_state_dropped { zh: "扣分未通过", en: "deduction not upheld" }
    reminder_state_deducted { zh: "已扣评比分", en: "honour score deducted" }
    reminder_state_restoring { zh: "修复审核中", en: "giving back on its way" }
    reminder_state_restored { zh: "已修复", en: "given back" }
    reminder_verb_remind { zh: "提醒", en: "Reminded" }
    reminder_verb_again { zh: "再提醒", en: "Reminded again" }
    reminder_verb_mended { zh: "复查：已整改", en: "Looked again: mended" }
    reminder_verb_unmended { zh: "复查：没有整改", en: "Looked again: not mended" }
    reminder_verb_withdraw { zh: "撤回", en: "Withdrawn" }
    reminder_verb_deduct { zh: "申报扣分", en: "Deduction put on record" }
    reminder_verb_restore { zh: "申报修复", en: "Giving back put on record" }
}

impl T {
    /// Where a reminder stands, with what became of the deduction and of giving it back; and the colour.
    #[must_use]
    pub fn reminder_standing(
        self,
        state: ReminderState,
        award: Option<AwardState>,
        restore: Option<AwardState>,
    ) -> (&'static str, &'static str) {
        let fell = |s: Option<AwardState>| matches!(s, Some(AwardState::Rejected | AwardState::Reversed));
        match state {
            ReminderState::Reminded => (self.reminder_state_reminded(), "warn"),
            ReminderState::Mended => (self.reminder_state_mended(), "good"),
            ReminderState::Withdrawn => (self.reminder_state_withdrawn(), ""),
            ReminderState::Unmended => (self.reminder_state_unmended(), "bad"),
            ReminderState::Restored if restore == Some(AwardState::Posted) => {
                (self.reminder_state_restored(), "good")
            }
            ReminderState::Restored if !fell(restore) => (self.reminder_state_restoring(), "info"),
            ReminderState::Deducted | ReminderState::Restored => match award {
                Some(AwardState::Posted) => (self.reminder_state_deducted(), "bad"),
                award if fell(award) => (self.reminder_state_dropped(), "good"),
                _ => (self.reminder_state_claimed(), "warn"),
            },
        }
    }

    /// What happened to a reminder.
    #[must_use]
    pub fn reminder_verb(self, verb: &str) -> &'static str {
        match verb {
            "remind_again" => self.reminder_verb_again(),
            "found_mended" => self.reminder_verb_mended(),
            "found_unmended" => self.reminder_verb_unmended(),
            "withdraw" => self.reminder_verb_withdraw(),
            "deduct" => self.reminder_verb_deduct(),
            "restore" => self.reminder_verb_restore(),
            _ => self.reminder_verb_remind(),
        }
    }
}

/// Refusals of reminders.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "remind_first",
        "{item}扣分之前要先提醒这一户并给整改时间，到期复查没有改才能申报。请到“提醒整改”办理。",
        "Before {item} the household is reminded and has time to mend; only what is found unmended then can be recorded. Go to “Reminders”.",
    ),
    (
        "remind_again_first",
        "{item}要提醒{needed}次，这一户才提醒了{times}次。请再提醒一次，到期复查没有改才能申报。",
        "{item} needs {needed} reminders; this household was given {times}. Remind once more; only what is found unmended after that can be recorded.",
    ),
    ("reminder_item", "{item}不是扣分项，不用提醒。", "{item} is no deduction: it needs no reminder."),
    (
        "reminder_term",
        "整改期限要在提醒之后{least}到{most}天之间。",
        "The time to mend is {least} to {most} days after the reminder.",
    ),
    (
        "reminder_given",
        "提醒日期{given_on}不对：不能晚于今天，也不能早于60天前。",
        "{given_on} cannot be entered: not later than today, not more than 60 days ago.",
    ),
    (
        "reminder_not_over",
        "整改期限到{fix_by}，还没有到期。期限内只能记已整改。",
        "The household has until {fix_by}. Before that only “mended” can be noted.",
    ),
    (
        "own_reminder",
        "提醒的人不能自己复查，请另一位工作人员去看。",
        "Whoever reminded does not look again: let somebody else do it.",
    ),
    (
        "reminder_state",
        "这条提醒已经往下办了（{state}），请刷新后再看。",
        "This reminder has gone on ({state}): reload and look again.",
    ),
    ("reminder_not_deducted", "扣分入账以后才能修复。", "It can be given back once the deduction is posted."),
    (
        "reminder_no_restoration",
        "细则里{item}没有修复的规定。",
        "The rules do not say how {item} is given back.",
    ),
];
