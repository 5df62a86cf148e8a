//! Words of matters: reporting one, how far it is, deciding on it, seeing to it, what everybody may read.

use super::{T, refusal::RefusalWords};
use crate::domain::{
    matter::{HandledBy, MatterGrade, MatterKind, MatterManner, MatterState},
    time::Day,
};

catalogue! {
    matters { zh: "随手拍、事项", en: "Matters" }
    menu_matters { zh: "事项", en: "Matters" }
    matter_hint { zh: "村民上报：核实、派办、验收、办结", en: "What households report: check, assign, look, close" }
    matter_no(no) { zh: "事项{no}号", en: "Matter no. {no}" }
    matter_new { zh: "随手拍", en: "Snap and report" }
    matter_new_hint { zh: "看见卫生死角、路灯井盖坏了、火情险情，拍一张报上来。5个工作日内有人核实；属实的，第一个上报的家庭加分。别拍到人脸和车牌。", en: "Dirt, a broken lamp or lid, a fire: take a photo and report it. Somebody looks within 5 working days; if it is so, the first household to report it earns points. Leave faces and number plates out of the photo." }
    matter_danger_hint { zh: "有人受伤、着火，请先打119、120、110。", en: "Fire or somebody hurt: ring 119, 120 or 110 first." }
    matter_mine { zh: "我报的事项", en: "What we reported" }
    matter_none { zh: "还没有上报过。", en: "Nothing reported yet." }
    matter_none_here { zh: "没有这样的事项。", en: "No such matters." }
    matter_kind { zh: "什么事", en: "What about" }
    matter_words { zh: "在哪里、怎么了", en: "Where it is and what is wrong" }
    matter_group { zh: "在哪个组", en: "In which group" }
    matter_own_group { zh: "我家这个组", en: "our own group" }
    matter_person { zh: "谁看见的", en: "Who saw it" }
    matter_photo { zh: "照片（选填，自动缩小，不留拍照地点）", en: "Photo (optional; made small, without where it was taken)" }
    matter_send { zh: "报上去", en: "Report it" }
    matter_taken(no) { zh: "已收到，事项{no}号。进度随时可以在这里看。", en: "Received as no. {no}. Its progress is shown here." }
    matter_withdraw { zh: "撤回", en: "Take it back" }
    matter_withdrawn_said { zh: "已撤回，照片和文字已删除。", en: "Taken back; photo and words are erased." }
    matter_enter { zh: "录入上报", en: "Key a report in" }
    matter_enter_hint { zh: "没有手机的家庭打电话来、写纸条或当面说的，从这里录入，和手机上报一样算。", en: "For a household without a phone: by telephone, on paper or by word of mouth. It counts like a report from a phone." }
    matter_manner { zh: "怎么报的", en: "How it came" }
    matter_given { zh: "交给我的", en: "Given to me" }
    matter_late_count(count) { zh: "{count}件超过5个工作日没有人看", en: "{count} waited for a look longer than 5 working days" }
    matter_late { zh: "已超期", en: "late" }
    matter_look_by(day) { zh: "最迟{day}核实", en: "to be looked at by {day}" }
    matter_reported_on { zh: "上报日期", en: "Reported on" }
    matter_closed_on { zh: "办结日期", en: "Closed on" }
    matter_reporter { zh: "谁报的", en: "Reported by" }
    matter_reporter_kept { zh: "上报人不公开", en: "not told" }
    matter_grade { zh: "分级", en: "Grade" }
    matter_grade_by(grade, handler) { zh: "{grade}（{handler}办）", en: "{grade} (for {handler})" }
    matter_assignee { zh: "谁在办", en: "Seen to by" }
    matter_remark { zh: "村里答复", en: "What the village says" }
    matter_points { zh: "加分", en: "Points" }
    matter_accept { zh: "属实，受理", en: "It is so" }
    matter_accept_hint { zh: "同组同类的上报按先后核实。属实的，给第一个上报的家庭申报加分；公示上只写“平安建设”，不写是谁、是什么事。", en: "Reports of one kind from one group are decided in their order. The first to report earns points; the notice says the category only, never who or what." }
    matter_accepted(no) { zh: "已受理；加分{no}已申报，等初审。", en: "It is so; the award is on record ({no}) and waits for review." }
    matter_accepted_unpaid { zh: "已受理；按细则这次不加分。", en: "It is so; by the rules it earns nothing this time." }
    matter_any_person { zh: "不指定", en: "nobody in particular" }
    matter_duplicate { zh: "重复上报", en: "Reported before" }
    matter_duplicate_of { zh: "重复了哪一号（30天内、先报且属实的）", en: "Which one (within 30 days, earlier and so)" }
    matter_mended { zh: "上报人自行处置", en: "Mended by the reporter" }
    matter_mended_tick { zh: "上报人已在自己能力范围内处理好", en: "Whoever reported it has mended it within their own reach" }
    matter_mended_hint { zh: "细则有这一项的，另加分；危险的不鼓励自己动手。", en: "Where the rules give for it, it earns beside. Nobody is asked to do what is dangerous." }
    matter_mended_unpaid { zh: "按细则不另加分", en: "Earns nothing beside by the rules" }
    matter_malicious { zh: "恶意上报", en: "In bad faith" }
    matter_malicious_tick { zh: "认定为恶意上报", en: "It was made in bad faith" }
    matter_malicious_hint { zh: "两次恶意上报，暂停上报90天；险情随时可报。", en: "Twice in bad faith, and reports pause for 90 days; a danger is always heard." }
    matter_refuse { zh: "不属实", en: "Not so" }
    matter_refuse_why { zh: "为什么（告诉上报的家庭）", en: "Why (the household reads it)" }
    matter_assign { zh: "派给", en: "Give to" }
    matter_assign_do { zh: "派办", en: "Assign" }
    matter_nobody { zh: "没有可派的人，请乡镇先设账号。", en: "Nobody can be given it: accounts are made by the county." }
    matter_finish { zh: "办完了", en: "Done" }
    matter_finish_what { zh: "办了什么（告诉上报的家庭，不写人名）", en: "What was done (the household reads it; no names)" }
    matter_verify { zh: "看过了，办好了", en: "Seen: it is done" }
    matter_verify_hint { zh: "由办事人以外的人到现场看。", en: "By somebody else than who did it." }
    matter_send_back { zh: "没办好，退回", en: "Not done: send back" }
    matter_send_back_why { zh: "哪里没办好", en: "What is not done" }
    matter_close { zh: "办结", en: "Close" }
    matter_close_hint { zh: "办结后公开一行：什么事、哪个组、几月几日报、几月几日办结。", en: "One line is public then: what about, which group, when reported, when closed." }
    matter_saved { zh: "已办理。", en: "Done." }
    matter_erase { zh: "删除照片和文字", en: "Erase photo and words" }
    matter_erased_said { zh: "已删除，摘要保留。", en: "Erased; the digest stays." }
    matter_erased_photo { zh: "照片已删除", en: "photo erased" }
    matter_photo_of(no) { zh: "事项{no}号的照片", en: "Photo of matter no. {no}" }
    matter_same_photo(what) { zh: "这张照片和{what}的完全一样", en: "The very photo of {what}" }
    matter_like_photo(what) { zh: "这张照片和{what}的很像，请核对", en: "Looks like the photo of {what}: compare" }
    matter_before { zh: "30天内同组同类的上报", en: "Reports of the same kind and group in the last 30 days" }
    matter_board { zh: "已办结的事项", en: "Matters seen to" }
    matter_board_hint { zh: "村民上报、村里办结的事。不写谁报的、是谁家的。", en: "What households reported and the village saw to. Never who reported it, or whose it was." }
    matter_board_days(days) { zh: "用了{days}天", en: "{days} days" }
    matter_audit_none { zh: "没有超期的事项。", en: "Nothing waits too long." }
    matter_since { zh: "从哪天起等", en: "Waits since" }
    matter_due { zh: "应核实日期", en: "Due" }
    matter_told_reported(month, day) { zh: "已收到，{month}月{day}日前有人核实", en: "Received; somebody looks by {month}/{day}" }
    matter_told_late { zh: "已收到，核实超期了，村里和监督人员都看得到", en: "Received; the look is overdue, and the village and its auditors see that" }
    matter_told_accepted { zh: "属实，正在安排人办", en: "It is so; somebody will be found for it" }
    matter_told_duplicate(no) { zh: "别家先报过了（事项{no}号），一起办", en: "Reported before as no. {no}: seen to together" }
    matter_told_invalid { zh: "核实后不属实", en: "Looked at: not so" }
    matter_told_withdrawn { zh: "已撤回", en: "Taken back" }
    matter_told_assigned(handler) { zh: "{handler}正在办", en: "In hand: {handler}" }
    matter_told_done { zh: "办完了，等另一个人去看", en: "Done; somebody else is to look" }
    matter_told_verified { zh: "看过了，办好了", en: "Seen to be done" }
    matter_told_closed { zh: "已办结", en: "Closed" }
    matter_unpaid_cap { zh: "本期上报加分已到上限，这次不加", en: "the cap is reached, nothing this time" }
    matter_unpaid_exclusive { zh: "这件事已经奖励过，不再加", en: "rewarded already" }
    matter_unpaid_paused { zh: "加分暂停期内，不加", en: "points are paused" }
    matter_unpaid_rules { zh: "现行细则没有这一项加分", en: "the rules in force give nothing for it" }
    matter_verb_report { zh: "上报", en: "Reported" }
    matter_verb_accept { zh: "核实属实", en: "Found so" }
    matter_verb_merge { zh: "认定重复", en: "Found to repeat another" }
    matter_verb_refuse { zh: "核实不属实", en: "Found not so" }
    matter_verb_withdraw { zh: "撤回", en: "Taken back" }
    matter_verb_assign { zh: "派办", en: "Given to somebody" }
    matter_verb_finish { zh: "办完", en: "Done" }
    matter_verb_send_back { zh: "退回重办", en: "Sent back" }
    matter_verb_verify { zh: "验收", en: "Seen to be done" }
    matter_verb_close { zh: "办结", en: "Closed" }
    matter_verb_erase { zh: "删除照片和文字", en: "Photo and words erased" }
}

impl T {
    /// What a household is told of its report.
    #[must_use]
    pub fn matter_told(
        self,
        state: MatterState,
        due: Option<Day>,
        late: bool,
        first: Option<i64>,
        grade: Option<MatterGrade>,
    ) -> String {
        match state {
            MatterState::Reported if late => self.matter_told_late().to_owned(),
            MatterState::Reported => {
                let (_, month, day) = due.map_or((0, 0, 0), Day::ymd);
                self.matter_told_reported(month, day)
            }
            MatterState::Accepted => self.matter_told_accepted().to_owned(),
            MatterState::Duplicate => self.matter_told_duplicate(first.unwrap_or_default()),
            MatterState::Invalid => self.matter_told_invalid().to_owned(),
            MatterState::Withdrawn => self.matter_told_withdrawn().to_owned(),
            MatterState::Assigned => {
                let handler = grade.map_or(HandledBy::Office, MatterGrade::handler);
                self.matter_told_assigned(handler.words().text(self.lang()))
            }
            MatterState::Done => self.matter_told_done().to_owned(),
            MatterState::Verified => self.matter_told_verified().to_owned(),
            MatterState::Closed => self.matter_told_closed().to_owned(),
        }
    }

    /// Why a true report earns nothing.
    #[must_use]
    pub fn matter_unpaid(self, code: &str) -> &'static str {
        match code {
            "cap_reached" | "quota_full" | "highest_only" => self.matter_unpaid_cap(),
            "exclusive" => self.matter_unpaid_exclusive(),
            "paused" | "household_not_active" => self.matter_unpaid_paused(),
            _ => self.matter_unpaid_rules(),
        }
    }

    /// What happened to a matter.
    #[must_use]
    pub fn matter_verb(self, verb: &str) -> &'static str {
        match verb {
            "accept" => self.matter_verb_accept(),
            "merge" => self.matter_verb_merge(),
            "refuse" => self.matter_verb_refuse(),
            "withdraw" => self.matter_verb_withdraw(),
            "assign" => self.matter_verb_assign(),
            "finish" => self.matter_verb_finish(),
            "send_back" => self.matter_verb_send_back(),
            "verify" => self.matter_verb_verify(),
            "close" => self.matter_verb_close(),
            "erase" => self.matter_verb_erase(),
            _ => self.matter_verb_report(),
        }
    }

    /// Where a matter stands.
    #[must_use]
    pub fn matter_state(self, state: &MatterState) -> &'static str {
        state.words().text(self.lang())
    }

    /// What a matter is about.
    #[must_use]
    pub fn matter_kind_name(self, kind: &MatterKind) -> &'static str {
        kind.words().text(self.lang())
    }

    /// How a report came.
    #[must_use]
    pub fn matter_manner_name(self, manner: &MatterManner) -> &'static str {
        manner.words().text(self.lang())
    }

    /// How large a matter is.
    #[must_use]
    pub fn matter_grade_name(self, grade: &MatterGrade) -> &'static str {
        grade.words().text(self.lang())
    }

    /// How large a matter is, and who sees to such.
    #[must_use]
    pub fn matter_grade_words(self, grade: &MatterGrade) -> String {
        let handler = grade.handler().words().text(self.lang());
        self.matter_grade_by(self.matter_grade_name(grade), handler)
    }
}

/// Refusals of matters.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "matter_moved_on",
        "这件事已经往下办了，请刷新后再看。",
        "This matter has gone on: reload and look again.",
    ),
    (
        "matter_earlier_waits",
        "同组同类的事项{no}号报得更早，请先核实它，再核实这一件。",
        "No. {no} of the same kind and group came earlier: decide on it first.",
    ),
    (
        "matter_not_first",
        "重复的那一号要比这件早，而且已经核实属实，请核对编号。",
        "A report can only repeat an earlier one that was found so. Check the number.",
    ),
    (
        "matter_long_ago",
        "事项{no}号是{days}天以前报的，这件不算重复，请重新核实。",
        "No. {no} came more than {days} days before: this is no duplicate. Look into it anew.",
    ),
    (
        "matter_not_theirs",
        "这一级的事项不归这个人办，请从名单里选。",
        "Matters of this grade are not for this person: choose from the list.",
    ),
    (
        "matter_own_work",
        "办事的人不能自己验收，请另一位工作人员去看。",
        "Nobody looks at their own work: let somebody else do it.",
    ),
    ("matter_no_group", "请选择本村的一个组。", "Choose a group of this village."),
    ("matter_no_kind", "请选择是什么事。", "Choose what it is about."),
    ("matter_no_grade", "请选择分级：微事、小事、大事还是难事。", "Choose a grade."),
    (
        "matter_paused",
        "这一户两次恶意上报，暂停到{until}。险情（火情、地灾）仍可上报。",
        "This household reported twice in bad faith: its reports pause until {until}. Fire, flood and other danger are heard.",
    ),
    (
        "too_many_matters",
        "这一户已有{limit}件上报在等核实，请等一等再报。",
        "{limit} reports of this household wait already; report more when they are looked at.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lang::Lang;

    #[test]
    fn how_far_a_report_is_is_told_in_plain_words() {
        let t = T(Lang::Zh);
        let due = "2026-06-10".parse().ok();
        let told = |state, late| t.matter_told(state, due, late, Some(3), Some(MatterGrade::Tiny));
        assert_eq!(told(MatterState::Reported, false), "已收到，6月10日前有人核实");
        assert!(told(MatterState::Reported, true).contains("超期"));
        assert_eq!(told(MatterState::Duplicate, false), "别家先报过了（事项3号），一起办");
        assert_eq!(told(MatterState::Assigned, false), "组长、联户长正在办");
    }
}
