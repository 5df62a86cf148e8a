//! Words of the panel: bodies and seats, sittings, votes, minutes.

use super::{T, refusal::RefusalWords};
use crate::domain::{
    due_process::ReviewStep,
    panel::{BodyKind, Outcome, Post, Vote},
};

catalogue! {
    sittings { zh: "评议会", en: "Panel sittings" }
    sitting_no(no) { zh: "第{no}次评议会", en: "Sitting no. {no}" }
    sitting_open { zh: "进行中", en: "open" }
    sitting_closed { zh: "已结束", en: "closed" }
    sitting_called_off { zh: "已取消", en: "called off" }
    sitting_convene { zh: "召集评议会", en: "Convene a sitting" }
    sitting_convened(no) { zh: "已召集第{no}次评议会。", en: "Sitting no. {no} is convened." }
    sitting_day { zh: "日期", en: "Day" }
    sitting_place { zh: "地点", en: "Place" }
    sitting_agenda { zh: "议程", en: "Agenda" }
    sitting_agenda_hint { zh: "初审通过、等评议的加减分；不勾的留到下一次。", en: "Awards that passed the first review. What is not ticked waits for another sitting." }
    sitting_nothing_waits { zh: "没有等评议的加减分。", en: "No award waits for the panel." }
    sitting_no_panel { zh: "还没有评议小组。由乡镇按村民代表会议的决议登记后，评议才成为必经的一步。", en: "There is no panel yet. The township enters it after the assembly's decision; then its vote becomes a step of every route above R0." }
    sitting_people { zh: "到会", en: "Attendance" }
    sitting_here { zh: "到会", en: "here" }
    sitting_away { zh: "未到", en: "away" }
    sitting_attend { zh: "我到了，签到", en: "I am here" }
    sitting_attended { zh: "已签到。", en: "You are signed in to the sitting." }
    sitting_line(line, lines) { zh: "第{line}条，共{lines}条", en: "{line} of {lines}" }
    sitting_step_back { zh: "回避：", en: "You step back: " }
    sitting_mine(vote) { zh: "您投了：{vote}", en: "You voted {vote}" }
    sitting_voted { zh: "已记下，散会前可以改。", en: "Noted; you can change it until the sitting closes." }
    sitting_all_voted { zh: "您都投完了，谢谢。散会前可以逐条回看、修改。", en: "You have voted on everything. You can go back and change until the sitting closes." }
    sitting_previous { zh: "上一条", en: "Previous" }
    sitting_next { zh: "下一条", en: "Next" }
    sitting_observe_hint { zh: "您是监督员：看程序，不投票。看完后签字，可以写意见，记入会议记录。", en: "You are the observer: you watch and do not vote. Sign when it is done; remarks go into the minutes." }
    sitting_remarks { zh: "监督意见", en: "Observer's remarks" }
    sitting_observe { zh: "程序合规，签字", en: "It went by the rules: sign" }
    sitting_observed { zh: "已签字。", en: "Signed." }
    sitting_observed_by(name) { zh: "监督员{name}已签字", en: "Signed by the observer {name}" }
    sitting_not_observed { zh: "等监督员签字", en: "The observer has not signed" }
    sitting_not_yet(day) { zh: "{day}开会，到时候再签到、投票。", en: "It sits on {day}; sign in and vote then." }
    sitting_cast(cast, voters) { zh: "已投{cast}，应投{voters}", en: "{cast} of {voters} voted" }
    sitting_count(yes, no, abstained, recused) { zh: "同意{yes}，不同意{no}，弃权{abstained}，回避{recused}", en: "{yes} yes, {no} no, {abstained} abstained, {recused} stepped back" }
    sitting_so_far(outcome) { zh: "现在散会：{outcome}", en: "Closed now: {outcome}" }
    sitting_line_words { zh: "未通过的理由（告诉这一户）", en: "Why it is refused (the household reads it)" }
    sitting_minutes { zh: "会议记录", en: "Minutes" }
    sitting_minutes_hint { zh: "谁主持、讨论了什么、怎么决定的。票数自动记入。", en: "Who presided, what was said, how it was decided. The counts are added by themselves." }
    sitting_close { zh: "计票散会", en: "Count and close" }
    sitting_closed_said(no) { zh: "第{no}次评议会已散会，结果已生效。", en: "Sitting no. {no} is closed; its decisions stand." }
    sitting_call_off { zh: "取消这次会", en: "Call it off" }
    sitting_call_off_why { zh: "取消的理由", en: "Why it is called off" }
    sitting_called_off_said { zh: "已取消，议程上的留到下一次。", en: "Called off; its agenda waits for another sitting." }
    sitting_secretary(name) { zh: "记录人：{name}", en: "Secretary: {name}" }
    sitting_digest { zh: "会议记录摘要", en: "Digest of the minutes" }
    panel_counts(no, yes, noes, abstained, recused, words) { zh: "第{no}次评议会：同意{yes}，不同意{noes}，弃权{abstained}，回避{recused}。{words}", en: "Sitting no. {no}: {yes} yes, {noes} no, {abstained} abstained, {recused} stepped back. {words}" }
    verb_panel_pass { zh: "评议通过", en: "Passed by the panel" }
    verb_panel_refuse { zh: "评议未通过", en: "Refused by the panel" }
    verb_panel_defer { zh: "评议留待下次", en: "Deferred by the panel" }
    step_panel { zh: "待评议", en: "panel" }
    step_name_review { zh: "初审", en: "First review" }
    step_name_panel { zh: "评议", en: "Panel" }
    step_name_recheck { zh: "两委复核", en: "Recheck" }
    step_name_township { zh: "乡镇核", en: "Township check" }
    bodies { zh: "评议小组与两委", en: "Panel and committees" }
    bodies_hint { zh: "由村民代表会议推选，乡镇按决议登记。新一届从生效日起整届替换上一届。", en: "Named by the villagers' assembly and entered by the township. A new body replaces the one before from its first day." }
    body_new(kind) { zh: "登记{kind}", en: "Enter the {kind}" }
    body_from { zh: "从哪天起", en: "From" }
    body_basis { zh: "村民代表会议决议（文号）", en: "Decision of the villagers' assembly" }
    body_nobody { zh: "不担任", en: "no seat" }
    body_in_force { zh: "现任", en: "in force" }
    body_no_candidates { zh: "村里还没有评议员账号，请县管理员先开。", en: "The village has no accounts of reviewers yet: the county administrator makes them." }
    body_named(kind) { zh: "{kind}已登记。", en: "The {kind} is entered." }
}

impl T {
    /// What a ballot says.
    #[must_use]
    pub fn vote(self, vote: &Vote) -> &'static str {
        vote.words().text(self.lang())
    }

    /// What a line came to.
    #[must_use]
    pub fn outcome(self, outcome: &Outcome) -> &'static str {
        outcome.words().text(self.lang())
    }

    /// What somebody does on a body.
    #[must_use]
    pub fn post(self, post: &Post) -> &'static str {
        post.words().text(self.lang())
    }

    /// A body.
    #[must_use]
    pub fn body_kind(self, kind: &BodyKind) -> &'static str {
        kind.words().text(self.lang())
    }

    /// Where a sitting stands.
    #[must_use]
    pub fn sitting_state(self, state: &str) -> &'static str {
        match state {
            "open" => self.sitting_open(),
            "closed" => self.sitting_closed(),
            _ => self.sitting_called_off(),
        }
    }

    /// The name of a step.
    #[must_use]
    pub fn step_name(self, step: &ReviewStep) -> &'static str {
        match step {
            ReviewStep::Review => self.step_name_review(),
            ReviewStep::Panel => self.step_name_panel(),
            ReviewStep::Recheck => self.step_name_recheck(),
            ReviewStep::Township => self.step_name_township(),
        }
    }
}

/// Refusals of bodies and sittings.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "panel_decides",
        "这一步由评议会投票决定，不能由一个人办理。",
        "The panel votes on this at a sitting: no single person decides it.",
    ),
    (
        "not_seated",
        "村民代表会议没有推选您担任这一职务，这一步不由您办理。",
        "The assembly gave you no seat there: this step is not yours to take.",
    ),
    ("seat_twice", "有人被排了两个席位，请改正。", "Somebody has two seats: correct it."),
    (
        "too_few_members",
        "成员至少{least}人，现在只有{members}人。",
        "At least {least} members are needed, here are {members}.",
    ),
    (
        "no_observer",
        "评议小组至少要有一名村务监督委员会的监督员。",
        "A panel needs an observer of the supervision committee.",
    ),
    ("members_only", "两委只登记成员。", "The two committees have members only."),
    (
        "body_from_past",
        "{from}已经过去，最早从今天{today}起。",
        "{from} is past: today, {today}, is the earliest.",
    ),
    (
        "not_a_reviewer",
        "有人没有本村评议员账号，请县管理员先开。",
        "Somebody has no reviewer's account of this village: the county administrator makes one first.",
    ),
    ("no_panel", "{day}没有现任的评议小组。", "No panel is in force on {day}."),
    (
        "sitting_day",
        "{day}不行：请选今天到{days}天以内的日子。",
        "{day} will not do: choose a day from today up to {days} days ahead.",
    ),
    (
        "agenda_size",
        "议程要有1到{limit}条，不能重复，这里有{lines}条。",
        "An agenda has 1 to {limit} different awards, here are {lines}.",
    ),
    ("not_for_panel", "{no}号现在不等评议。", "Award no. {no} does not wait for the panel now."),
    (
        "on_agenda",
        "{no}号已经在第{sitting}次评议会的议程上。",
        "Award no. {no} is on the agenda of sitting no. {sitting} already.",
    ),
    ("sitting_over", "第{no}次评议会已经结束。", "Sitting no. {no} is over."),
    ("sitting_not_yet", "{day}才开会。", "It sits on {day}."),
    ("observer_only", "监督员不投票。", "An observer does not vote."),
    ("not_present", "请先签到。", "Sign in to the sitting first."),
    (
        "substitute_not_needed",
        "这一条成员够数，候补不投票。",
        "No member is missing on this line: a substitute does not vote.",
    ),
    ("not_observer", "只有监督员签字。", "Only an observer signs."),
    (
        "not_observed",
        "监督员还没有签字，不能散会。",
        "The observer has not signed: the sitting cannot be closed yet.",
    ),
    ("line_words_missing", "第{line}条未通过，请写明理由。", "Line {line} is refused: say why."),
];
