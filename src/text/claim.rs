//! Words of claims: handing in, progress, looking into them.

use super::{T, refusal::RefusalWords};
use crate::domain::{
    amount,
    claim::{Manner, Progress},
    due_process::ReviewStep,
};

catalogue! {
    claims { zh: "申报", en: "Claims" }
    claim_no(no) { zh: "申报{no}号", en: "Claim no. {no}" }
    claim_new { zh: "申报加分", en: "Claim points" }
    claim_mine { zh: "申报进度", en: "My claims" }
    claim_what { zh: "做了什么", en: "What was done" }
    claim_find { zh: "查找（名称、编号）", en: "Find (name, code)" }
    claim_send { zh: "交上去", en: "Hand in" }
    claim_more { zh: "照片、录音、日期、谁做的", en: "Photo, voice, day, who did it" }
    claim_whom { zh: "替谁申报", en: "For whom" }
    claim_own_household { zh: "自己家", en: "our own household" }
    claim_quantity { zh: "数量（小时、公斤…，不清楚就不填）", en: "How much (hours, kg …; leave it out if unsure)" }
    claim_person { zh: "谁做的", en: "Who did it" }
    claim_any_person { zh: "不指定", en: "nobody in particular" }
    claim_words { zh: "说明", en: "In your words" }
    claim_photo { zh: "照片（选填，自动缩小，不留拍照地点）", en: "Photo (optional; made small, without where it was taken)" }
    claim_voice { zh: "录音说明（选填，1兆以内）", en: "Voice note (optional, up to 1 MB)" }
    claim_helper { zh: "代办人姓名（别人帮您填时写）", en: "Who helps you (if somebody else fills this in)" }
    claim_paper { zh: "纸质申报单编号，或谁口头说的", en: "Number of the paper, or who said it" }
    claim_enter { zh: "录入申报", en: "Key a claim in" }
    claim_enter_hint { zh: "纸质的、口头的、联户长代报的，都从这里录入，和手机申报一样看得到进度。", en: "On paper, by word of mouth, by a group head: keyed in here, with the same progress as from a phone." }
    claim_taken(no) { zh: "已收到，编号{no}。进度随时可以在这里看。", en: "Received as no. {no}. Its progress is shown here." }
    claim_withdraw { zh: "撤回", en: "Take it back" }
    claim_withdrawn_said { zh: "已撤回，照片和录音已删除。", en: "Taken back; photo and voice note are erased." }
    claim_none { zh: "还没有申报。", en: "No claims yet." }
    claim_none_waits { zh: "没有等待核实的申报。", en: "No claim waits." }
    claim_received_tab(count) { zh: "新收到 {count}", en: "Received {count}" }
    claim_checking_tab(count) { zh: "核实中 {count}", en: "Being checked {count}" }
    claim_begin { zh: "我来核实", en: "I look into it" }
    claim_begun { zh: "已开始核实，这一户看得到。", en: "Begun; its household sees it." }
    claim_accept { zh: "属实，记为加分", en: "It holds: record it" }
    claim_accept_hint { zh: "记录人是您，由别人审核；照片的摘要一并记入佐证。", en: "You are its recorder, somebody else reviews it; the digest of the photo becomes evidence." }
    claim_accepted(no) { zh: "已记为加减分{no}号，等初审。", en: "Recorded as award no. {no}; it waits for the first review." }
    claim_refuse { zh: "不通过", en: "Refuse" }
    claim_refuse_why { zh: "不通过的理由（告诉这一户）", en: "Why (the household reads it)" }
    claim_refused_said { zh: "已告知这一户。", en: "The household is told." }
    claim_erase { zh: "删除照片、录音和说明", en: "Erase photo, voice note and words" }
    claim_erased_said { zh: "已删除，摘要保留。", en: "Erased; the digests stay." }
    claim_erased_file { zh: "已删除", en: "erased" }
    claim_same_photo(no) { zh: "这张照片和申报{no}号的完全一样", en: "The very photo of claim no. {no}" }
    claim_like_photo(no) { zh: "这张照片和申报{no}号的很像，请核对", en: "Looks like the photo of claim no. {no}: compare" }
    claim_by(who) { zh: "{who}交来", en: "handed in by {who}" }
    claim_photo_of(no) { zh: "申报{no}号的照片", en: "Photo of claim no. {no}" }
    progress_received { zh: "已收到", en: "Received" }
    progress_checking { zh: "网格员核实中", en: "Being checked" }
    progress_review { zh: "初审中", en: "In first review" }
    progress_panel { zh: "评议中", en: "Before the panel" }
    progress_recheck { zh: "两委复核中", en: "Being rechecked" }
    progress_township { zh: "乡镇核对中", en: "Being checked by the township" }
    progress_returned { zh: "材料补正中", en: "Being mended" }
    progress_passed { zh: "已通过，等待公示", en: "Passed, soon in notice" }
    progress_in_notice(month, day) { zh: "公示至{month}月{day}日", en: "In notice until {month}/{day}" }
    progress_objected { zh: "有人提异议，村里正在调查", en: "Somebody objected; the village looks into it" }
    progress_posted(points) { zh: "已入账 {points}分", en: "In your account: {points} points" }
    progress_posted_honor(points) { zh: "已入账 评比分{points}", en: "In your account: honour {points}" }
    progress_undone(reason) { zh: "已冲正：{reason}", en: "Undone: {reason}" }
    progress_refused(reason) { zh: "未通过：{reason}", en: "Not passed: {reason}" }
    progress_withdrawn { zh: "已撤回", en: "Taken back" }
    elsewhere_title { zh: "别处已奖励（互斥）", en: "Rewarded elsewhere" }
    elsewhere_hint { zh: "同一件事已由别的项目奖励的，先登记在这里；记加分时写同样的活动名，就会提示互斥，不会重复奖励。", en: "Note here what another programme rewarded. An award for an event of the same name is then refused as exclusive." }
    elsewhere_programme { zh: "哪个项目", en: "Which programme" }
    elsewhere_basis { zh: "依据（文件、发放表）", en: "The paper that says so" }
    elsewhere_none_known { zh: "现行细则没有与别的项目互斥的事项。", en: "The rules in force exclude no other programme." }
    elsewhere_noted { zh: "已登记。", en: "Noted." }
}

impl T {
    /// What a household is told of its claim.
    #[must_use]
    pub fn progress(self, progress: &Progress) -> String {
        let signed = |minor: i64| {
            let sign = if minor < 0 { "−" } else { "+" };
            format!("{sign}{}", amount::points(minor.abs()))
        };
        match progress {
            Progress::Received => self.progress_received().to_owned(),
            Progress::Checking => self.progress_checking().to_owned(),
            Progress::InReview(step) => match step {
                ReviewStep::Review => self.progress_review(),
                ReviewStep::Panel => self.progress_panel(),
                ReviewStep::Recheck => self.progress_recheck(),
                ReviewStep::Township => self.progress_township(),
            }
            .to_owned(),
            Progress::Returned => self.progress_returned().to_owned(),
            Progress::Passed => self.progress_passed().to_owned(),
            Progress::InNotice(day) => {
                let (_, month, day) = day.ymd();
                self.progress_in_notice(month, day)
            }
            Progress::Objected => self.progress_objected().to_owned(),
            Progress::Posted { points: 0, honor } => self.progress_posted_honor(signed(*honor)),
            Progress::Posted { points, .. } => self.progress_posted(signed(*points)),
            Progress::Undone(reason) => self.progress_undone(reason),
            Progress::Refused(reason) => self.progress_refused(reason),
            Progress::Withdrawn => self.progress_withdrawn().to_owned(),
        }
    }

    /// How a claim came in.
    #[must_use]
    pub fn manner(self, manner: &Manner) -> &'static str {
        manner.words().text(self.lang())
    }
}

/// Refusals of claims.
pub(super) const REFUSALS: &[RefusalWords] = &[
    ("claim_moved_on", "这件申报已经处理过了。", "This claim has been decided already."),
    ("not_claimable", "{item}不用申报，由村里记录。", "{item} is not claimed: the village records it."),
    (
        "not_your_kin",
        "只能替登记过的亲属家申报。请先到村文书处登记亲属关系。",
        "You can only claim for kin in the register. Ask the village clerk to enter the kinship first.",
    ),
    (
        "too_many_claims",
        "这一户已有{limit}件申报在等，请等处理后再交。",
        "{limit} claims of this household wait already; hand in more when they are decided.",
    ),
    (
        "too_many_helped",
        "一天最多替{limit}户申报。",
        "One household may claim for at most {limit} others on a day.",
    ),
    (
        "unknown_programme",
        "现行细则没有与{programme}互斥的事项。",
        "The rules in force know no programme {programme}.",
    ),
    (
        "rewarded_here",
        "“{event}”在本村已经加分，不能再登记为别处奖励。请先驳回或冲正那一条。",
        "“{event}” is rewarded here already. Reject or reverse that award first.",
    ),
    (
        "voice_too_long",
        "录音太大，最多{limit}KB，请录短一点。",
        "The recording is too large, at most {limit} KB: make it shorter.",
    ),
    (
        "not_a_recording",
        "这个文件不是录音，请用手机录音后再传。",
        "This file is no recording: record with the phone and try again.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lang::Lang;

    #[test]
    fn progress_is_told_in_plain_words() {
        let told = |p: Progress| T(Lang::Zh).progress(&p);
        assert_eq!(told(Progress::Checking), "网格员核实中");
        assert_eq!(told(Progress::InReview(ReviewStep::Panel)), "评议中");
        assert_eq!(told(Progress::InNotice("2026-06-09".parse().unwrap())), "公示至6月9日");
        assert_eq!(told(Progress::Posted { points: 500, honor: 500 }), "已入账 +5分");
        assert_eq!(told(Progress::Refused("照片不清".to_owned())), "未通过：照片不清");
    }
}
