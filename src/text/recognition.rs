//! Words of recognition: the honours registry and the red list.

use super::{T, refusal::RefusalWords};
use crate::domain::recognition::{Consent, HonourState, Level, RedListState};

catalogue! {
    honours_title { zh: "荣誉登记", en: "Honours" }
    honours_hint { zh: "凭文件登记，由另一人看过文件后确认。同一年只有最高一级可以申报加分，不与别户比较。", en: "Entered with the paper it rests on and confirmed by somebody else who has seen it. Of a year only the highest is claimed as an award; nobody is compared with anybody." }
    honour_new { zh: "登记荣誉", en: "Enter an honour" }
    honour_household { zh: "户号", en: "Household" }
    honour_name { zh: "荣誉名称", en: "Honour" }
    honour_level { zh: "级别", en: "Level" }
    honour_granted_by { zh: "授予单位", en: "Granted by" }
    honour_granted_on { zh: "授予日期", en: "Granted on" }
    honour_document { zh: "文件或证书编号", en: "Paper or certificate" }
    honour_recorded { zh: "已登记，等第二人确认。", en: "Entered; it waits for a second person." }
    honour_confirm { zh: "已看文件，确认", en: "I have seen the paper: confirm" }
    honour_confirmed_said { zh: "已确认。", en: "Confirmed." }
    honour_withdraw { zh: "登记有误，撤销", en: "Entered by mistake: withdraw" }
    honour_withdrawn_said { zh: "已撤销，记录保留。", en: "Withdrawn; the record stays." }
    honour_claim { zh: "申报加分", en: "Claim the award" }
    honour_claimed_said(no) { zh: "已申报加分，{no}号，等待审核。", en: "Claimed as award no. {no}; it waits for review." }
    honour_claimed { zh: "已申报", en: "claimed" }
    honour_proposed { zh: "待确认", en: "to be confirmed" }
    honour_confirmed { zh: "已确认", en: "confirmed" }
    honour_withdrawn { zh: "已撤销", en: "withdrawn" }
    level_village { zh: "村级", en: "village" }
    level_town { zh: "乡镇级", en: "township" }
    level_county { zh: "县级", en: "county" }
    level_province { zh: "省级", en: "province" }
    level_state { zh: "国家级", en: "state" }
    red_list_title { zh: "红榜", en: "Red list" }
    red_list_hint { zh: "先由村民评议产生，逐户征求同意，另一人审定后才张贴，最多30天。不同意的不上榜，随时可以撤回。按户号排列，不排名次。", en: "It rests on a vote; every household is asked, a second person approves it, and it hangs for 30 days at most. Who does not agree is not shown and may take it back at any time. Ordered by household number: nobody is ranked." }
    red_list_new { zh: "编制红榜", en: "Put a red list together" }
    red_list_name { zh: "标题", en: "Heading" }
    red_list_basis { zh: "依据（哪次评议、会议）", en: "What it rests on (vote, meeting)" }
    red_list_rests_on(basis) { zh: "依据：{basis}", en: "It rests on: {basis}" }
    red_list_homes { zh: "每行一户：户号、空格、事迹", en: "One household a line: its number, a blank, what it is praised for" }
    red_list_proposed_said { zh: "已编好，请逐户征求同意。", en: "Put together: now every household is asked." }
    red_list_no(no) { zh: "红榜 {no} 号", en: "Red list no. {no}" }
    red_list_approve { zh: "审定通过", en: "Approve" }
    red_list_approved_said { zh: "已审定，可以张贴。", en: "Approved: it can be hung up." }
    red_list_show { zh: "张贴（网上公开）", en: "Hang it up" }
    red_list_shown_said { zh: "已张贴，30天后自动撤下。", en: "It hangs, and goes by itself after 30 days." }
    red_list_take_down { zh: "撤下", en: "Take it down" }
    red_list_give_up { zh: "放弃这张榜", en: "Give it up" }
    red_list_ended_said { zh: "已撤下，记录保留。", en: "Taken down; the record stays." }
    red_list_until(until) { zh: "张贴到 {until}", en: "It hangs until {until}" }
    red_list_none { zh: "现在没有红榜。", en: "No red list hangs now." }
    red_list_agree { zh: "同意上榜", en: "We agree" }
    red_list_decline { zh: "不同意", en: "We do not" }
    red_list_answered { zh: "已记下您的意见。", en: "Your answer is noted." }
    red_list_paper_yes { zh: "已签字同意", en: "Signed: agrees" }
    red_list_paper_no { zh: "不同意", en: "Does not agree" }
    red_list_my_hint { zh: "村里想表扬您家，先问您同不同意公开（只写组别、隐去的姓名和事迹）。不同意没有任何影响，以后也可以撤回。", en: "The village would like to praise your household and asks first whether it may do so in public (group, masked name and deed only). To decline has no consequence, and you may take it back later." }
    red_list_proposed { zh: "征求同意中", en: "asking" }
    red_list_approved { zh: "已审定", en: "approved" }
    red_list_shown { zh: "张贴中", en: "hanging" }
    red_list_taken_down { zh: "已撤下", en: "taken down" }
    red_list_withdrawn { zh: "已放弃", en: "given up" }
    consent_asked { zh: "等答复", en: "asked" }
    consent_given { zh: "同意", en: "agrees" }
    consent_refused { zh: "不同意", en: "does not agree" }
}

impl T {
    /// Whose honour it is.
    #[must_use]
    pub fn honour_level_of(self, level: impl AsRef<str>) -> &'static str {
        match Level::of(level.as_ref()) {
            Some(Level::Village) => self.level_village(),
            Some(Level::Town) => self.level_town(),
            Some(Level::County) => self.level_county(),
            Some(Level::Province) => self.level_province(),
            Some(Level::State) => self.level_state(),
            None => "",
        }
    }

    /// Where an honour stands.
    #[must_use]
    pub fn honour_state(self, state: impl AsRef<str>) -> &'static str {
        match HonourState::of(state.as_ref()) {
            Some(HonourState::Proposed) => self.honour_proposed(),
            Some(HonourState::Confirmed) => self.honour_confirmed(),
            Some(HonourState::Withdrawn) => self.honour_withdrawn(),
            None => "",
        }
    }

    /// Where a red list stands.
    #[must_use]
    pub fn red_list_state(self, state: impl AsRef<str>) -> &'static str {
        match RedListState::of(state.as_ref()) {
            Some(RedListState::Proposed) => self.red_list_proposed(),
            Some(RedListState::Approved) => self.red_list_approved(),
            Some(RedListState::Shown) => self.red_list_shown(),
            Some(RedListState::TakenDown) => self.red_list_taken_down(),
            Some(RedListState::Withdrawn) => self.red_list_withdrawn(),
            None => "",
        }
    }

    /// What a household says.
    #[must_use]
    pub fn consent(self, consent: impl AsRef<str>) -> &'static str {
        match Consent::of(consent.as_ref()) {
            Some(Consent::Asked) => self.consent_asked(),
            Some(Consent::Given) => self.consent_given(),
            Some(Consent::Refused) => self.consent_refused(),
            None => "",
        }
    }
}

/// Refusals of recognition.
pub(super) const REFUSALS: &[RefusalWords] = &[
    ("bad_level", "没有“{text}”这个级别。", "There is no level “{text}”."),
    (
        "honour_claimed",
        "这项荣誉已经申报过加分，请先冲正那一笔。",
        "This honour was claimed as an award already: that award is undone first.",
    ),
    (
        "honour_not_confirmed",
        "这项荣誉还没有由第二人确认，或者已撤销。",
        "This honour is not confirmed by a second person, or was withdrawn.",
    ),
    (
        "honour_not_highest",
        "这一户同一年有更高级别的荣誉，就高不重复，请申报那一项。",
        "The household has a higher honour of the same year: only the highest counts, claim that one.",
    ),
    (
        "honour_feeds_nothing",
        "现行细则里没有按荣誉级别加分的项目。",
        "The rules in force have no item that pays for honours by level.",
    ),
    ("red_list_size", "红榜要有1到{limit}户。", "A red list has 1 to {limit} households."),
    ("unknown_household", "没有户号{household}。", "There is no household {household}."),
    (
        "red_list_over",
        "这张榜现在不能改答复了。",
        "The answer to this list can no longer be changed in that way.",
    ),
    (
        "red_list_unanswered",
        "还有户没有答复。每户都答复了才能审定。",
        "Somebody has not answered yet: a list is approved when every household has.",
    ),
    ("red_list_nobody", "榜上没有一户同意公开。", "Nobody on the list agrees to be shown."),
];
