//! Words of the procedure: drafts, comments, deliberations, disclosures, filing, compacts.

use super::{T, refusal::RefusalWords};
use crate::domain::lang::Lang;

catalogue! {
    proposal_basis(body, day, filing) { zh: "{body} {day} 决议；乡镇备案 {filing}", en: "resolved by {body} on {day}; on file as {filing}" }
    proposals_title { zh: "规则与村规", en: "Rules and compact" }
    proposals_hint { zh: "积分细则和村规民约怎么来、怎么改、怎么废：起草、征求意见、合法性自检、四议两公开、乡镇备案，每一步有日期、人数和记录。", en: "How rule sets and the compact come, change and go: draft, comment, legality check, four deliberations and two disclosures, filing. Each step has its day, headcount and record." }
    proposals_under_way { zh: "提案", en: "Proposals" }
    papers_title { zh: "现行和以往的版本", en: "Versions in force and before" }
    paper_in_force { zh: "现行", en: "in force" }
    paper_to_come { zh: "待生效", en: "to come" }
    paper_replaced { zh: "已由新版代替", en: "replaced" }
    paper_repealed { zh: "已废止", en: "repealed" }
    paper_repeal { zh: "责令废止", en: "Order repeal" }
    paper_repeal_from { zh: "从哪天起不再适用", en: "Applies no more from" }
    paper_repeal_law { zh: "依据的条款", en: "By which article" }
    paper_repeal_law_usual { zh: "《村民委员会组织法》第二十七条", en: "Law of Organisation of the Villagers' Committees art. 27" }
    paper_repeal_done { zh: "已责令废止，村里和村民都能看到。", en: "Repeal ordered; the village and its people can see it." }
    proposal_no(no) { zh: "提案{no}号", en: "Proposal no. {no}" }
    proposal_title { zh: "名称", en: "Title" }
    proposal_paper { zh: "文件", en: "Paper" }
    proposal_when { zh: "期限", en: "When" }
    proposal_until(until) { zh: "到{until}为止", en: "until the end of {until}" }
    proposal_from(from) { zh: "{from}起生效", en: "in force from {from}" }
    proposal_version(version) { zh: "第{version}版", en: "v{version}" }
    proposal_round(round) { zh: "第{round}轮", en: "round {round}" }
    proposal_open { zh: "提意见的期限", en: "Open" }
    proposal_effect { zh: "生效日", en: "First day" }
    proposal_digest { zh: "文本指纹", en: "Digest of the text" }
    proposal_way { zh: "程序", en: "The procedure" }
    proposal_changes { zh: "改了什么", en: "What changes" }
    proposal_history { zh: "经过", en: "What happened" }
    proposal_text { zh: "全文", en: "The whole text" }
    proposal_text_hint { zh: "先可以在电脑上用 greencoin rules check 检查；有问题会写明第几行。", en: "Try it with greencoin rules check first; faults name their line." }
    proposal_template { zh: "样本", en: "Template" }
    proposal_faults(count) { zh: "有{count}处问题，改好才能往下走。", en: "{count} faults; put them right before the next step." }
    proposal_begin { zh: "起草", en: "Begin a draft" }
    proposal_begun(no) { zh: "提案{no}号已建立，草案可以修改。", en: "Proposal no. {no} is begun; the draft can be changed." }
    proposal_begin_template { zh: "由样本起草积分细则", en: "Rules from a template" }
    proposal_begin_template_hint { zh: "只写本村和样本不同的地方。上一版的改动会带过来，并注明是谁、哪天、凭什么改的。", en: "Say only what your village says otherwise. What it said last time is kept, with who said it, when and on what ground." }
    proposal_begin_text { zh: "上传完整的积分细则", en: "Rules from a text of your own" }
    proposal_begin_compact { zh: "起草或修订村规民约", en: "Draft or amend the compact" }
    proposal_step_taken { zh: "已记录。", en: "Recorded." }
    stale_citations { zh: "现行细则引用的条款已经不在现行村规民约里，请修订细则。", en: "Rules in force cite clauses that are no longer in force: amend the rules." }
    compact_title { zh: "村规民约", en: "Village compact" }
    compact_in_force { zh: "现行村规民约", en: "The compact in force" }
    compact_text { zh: "条文", en: "Clauses" }
    compact_text_hint { zh: "每条一行，写成“第三条 …”或“3. …”。条号不变，规则就能一直引用。", en: "One clause a line, “3. …”. A clause keeps its number, so that rules can cite it." }
    rule_rests_on { zh: "依据：", en: "Rests on:" }
    override_title { zh: "本村改动", en: "What your village says otherwise" }
    override_hint { zh: "一次改一处，写明依据。留空的值表示恢复样本。", en: "One change at a time, with its ground. An empty value means the template's word again." }
    override_target { zh: "项目", en: "Of what" }
    override_key { zh: "改什么", en: "Which key" }
    override_value { zh: "改成", en: "Value" }
    override_value_hint { zh: "分值写数字，启用写 true 或 false。", en: "A number for points, true or false for in use." }
    override_ground { zh: "依据（哪次会议、谁的意见）", en: "On what ground (which meeting, whose comment)" }
    override_from { zh: "来历", en: "Since" }
    override_origin(no, day, who) { zh: "提案{no}号，{day}，{who}", en: "proposal no. {no}, {day}, {who}" }
    override_as_template { zh: "同样本", en: "as the template" }
    override_programme { zh: "总则", en: "In general" }
    overrides_title { zh: "和样本不同的地方", en: "Otherwise than the template" }
    meeting_figures(entitled, present, yes, no, abstain) { zh: "应到{entitled}人，实到{present}人；赞成{yes}，反对{no}，弃权{abstain}", en: "{entitled} entitled, {present} present; for {yes}, against {no}, abstaining {abstain}" }
    act_days { zh: "天数", en: "Days" }
    act_place { zh: "张贴在哪里", en: "Where it hangs" }
    act_comment { zh: "开始征求意见", en: "Open for comment" }
    act_check { zh: "合法性自检通过", en: "Legality check passed" }
    act_check_hint { zh: "系统已逐条对照法律底线；请再读一遍，写下结论。起草人不能自检。", en: "The program has compared every line with the hard lines of the law; read it once more and write down what you found. Not for whoever wrote it." }
    act_check_words { zh: "自检结论", en: "What was found" }
    act_meeting(name) { zh: "记录会议：{name}", en: "Enter the meeting: {name}" }
    act_held_on { zh: "开会日期", en: "Held on" }
    act_body { zh: "哪种会议", en: "Which body" }
    act_minutes { zh: "会议记录", en: "Minutes" }
    act_record { zh: "记录", en: "Enter" }
    act_disclose { zh: "决议公开", en: "Disclose the decision" }
    act_file { zh: "报乡镇备案", en: "File with the township" }
    act_filing { zh: "备案审查", en: "Filing" }
    act_filing_words { zh: "意见（退回必填）", en: "Words (needed to send it back)" }
    act_accept { zh: "同意备案", en: "Take on file" }
    act_return { zh: "退回", en: "Send back" }
    act_announce { zh: "实施结果公开", en: "Disclose the result" }
    act_announce_hint { zh: "备案满7天后生效。生效以前的事仍按旧版本。", en: "In force seven days after filing at the earliest. What happened before goes by the old version." }
    act_withdraw { zh: "撤回提案", en: "Take it back" }
    act_speak { zh: "代记意见（口头、意见箱）", en: "Write down what somebody said" }
    act_speak_for { zh: "替哪一户（户号）", en: "For which household (number)" }
    act_speak_hint { zh: "意见箱里的匿名意见，户号留空。", en: "Leave it empty for what lay in the box without a name." }
    filing_no { zh: "备案号", en: "Number on file" }
    filings_title { zh: "备案审查", en: "Filings" }
    filings_hint { zh: "各村报来备案的积分细则和村规民约：打开看改了什么、每一步的记录，再同意或退回。", en: "What the villages have sent to be filed: see what changes and every step on record, then take it on file or send it back." }
    voices_title(count) { zh: "意见（{count}条）", en: "Voices ({count})" }
    voice_comment { zh: "意见", en: "Comment" }
    objection_word { zh: "异议", en: "Objection" }
    voice_self { zh: "本户提出", en: "by the household" }
    voice_proxy { zh: "代记", en: "written down for a household" }
    voice_anonymous { zh: "意见箱", en: "without a name" }
    voice_words { zh: "说什么", en: "In your words" }
    voice_answer { zh: "答复", en: "Answer" }
    voice_taken { zh: "采纳", en: "taken up" }
    voice_not_taken { zh: "不采纳", en: "not taken up" }
    voice_right { zh: "异议成立", en: "right: sent back" }
    voice_groundless { zh: "异议不成立", en: "groundless" }
    voice_answered { zh: "已答复。", en: "Answered." }
    my_speak { zh: "提意见", en: "Say something" }
    my_speak_hint { zh: "不显示您的名字。每条都要答复。", en: "Your name is not shown. Each word gets an answer." }
    my_spoken { zh: "已收到您的意见，答复会显示在这里。", en: "Your words are kept; the answer will stand here." }
}

impl T {
    /// Who has to come to one of the four meetings.
    #[must_use]
    pub fn act_meeting_hint(self, meeting: &str) -> &'static str {
        match (meeting, self.lang()) {
            ("members", Lang::Zh) => "党员半数以上到会，赞成超过应到党员的半数。",
            ("members", Lang::En) => {
                "Half of the members or more; carried by more than half of all who may vote."
            }
            ("assembly", Lang::Zh) => {
                "村民会议：十八周岁以上村民过半数，或三分之二以上的户代表；村民代表会议：三分之二以上。到会过半数通过。"
            }
            ("assembly", Lang::En) => {
                "More than half of the adults, or two thirds of the households' or of the villagers' representatives; \
                 carried by more than half of those present."
            }
            (_, Lang::Zh) => "超过半数到会，到会过半数通过。",
            (_, Lang::En) => "More than half of them; carried by more than half of those present.",
        }
    }

    /// The figures of a meeting: field and label.
    #[must_use]
    pub fn tally_fields(self) -> [(&'static str, &'static str); 5] {
        match self.lang() {
            Lang::Zh => [
                ("entitled", "应到"),
                ("present", "实到"),
                ("yes", "赞成"),
                ("no", "反对"),
                ("abstain", "弃权"),
            ],
            Lang::En => [
                ("entitled", "Entitled"),
                ("present", "Present"),
                ("yes", "For"),
                ("no", "Against"),
                ("abstain", "Abstaining"),
            ],
        }
    }

    /// What people call a key of a rule file; an unknown one is itself.
    #[must_use]
    pub fn override_key_name(self, key: &str) -> String {
        let (zh, en) = match key {
            "points" => ("分值", "points"),
            "rate" => ("每单位分值", "points a unit"),
            "caps" => ("上限", "caps"),
            "quota" => ("名额", "quota"),
            "enabled" => ("启用", "in use"),
            "name" => ("名称", "name"),
            "name_en" => ("英文名称", "English name"),
            "notice_days" => ("公示天数", "days of notice"),
            "basis" => ("依据条款", "clauses it rests on"),
            "conditions" => ("条件", "conditions"),
            "cap_month" => ("每月可兑换上限（总则）", "redeemable a month (in general)"),
            "cap_year" => ("每年可兑换上限（总则）", "redeemable a year (in general)"),
            "annual_ceiling" => ("年度发行额度（总则）", "annual ceiling (in general)"),
            "rate_fen" => ("每分几分钱（总则）", "fen a point (in general)"),
            "redeem_days" => ("兑换日（总则）", "days of redemption (in general)"),
            "version" => ("版本号（总则）", "version (in general)"),
            other => (other, other),
        };
        match self.lang() {
            Lang::Zh => zh.to_owned(),
            Lang::En => en.to_owned(),
        }
    }

    /// What people call the target of an override.
    #[must_use]
    pub fn override_target_name(self, target: &str) -> String {
        match target {
            "programme" => self.override_programme().to_owned(),
            other => other.strip_prefix("item ").unwrap_or(other).to_owned(),
        }
    }
}

/// Why a step was not taken.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "not_its_turn",
        "现在是“{state}”，还轮不到这一步。请按程序一步一步来。",
        "It is “{state_en}”: not the turn of this step. Go through the procedure step by step.",
    ),
    ("period_days", "天数要在{least}到{most}天之间。", "It runs {least} to {most} days."),
    (
        "still_open",
        "到{until}为止大家还可以提意见，期满第二天再办。",
        "People may speak until the end of {until}; go on the day after.",
    ),
    (
        "unanswered",
        "还有{count}条意见没有答复，请先逐条答复。",
        "{count} voices have no answer yet: answer each of them first.",
    ),
    (
        "own_draft",
        "起草和修改过文本的人不能做这一步，请换一位。",
        "Whoever wrote the text cannot take this step; ask somebody else.",
    ),
    (
        "own_hand",
        "在村里经手过这件事的人不能代表乡镇办理，请换一位。",
        "Whoever had a hand in it in the village cannot act for the township; ask somebody else.",
    ),
    (
        "meeting_day",
        "会议日期要在{earliest}（上一步）到{latest}（今天）之间。",
        "The meeting was held between {earliest} (the step before) and {latest} (today).",
    ),
    (
        "headcount",
        "人数对不上：实到不能超过应到，赞成、反对、弃权加起来要等于实到。",
        "The figures do not add up: nobody beyond those entitled, and for, against and abstaining together are those present.",
    ),
    (
        "entitled_below_register",
        "应到户数写了{entitled}，登记的有{households}户。应到不能少于登记的户数。",
        "{entitled} households are said to be entitled, and {households} are registered. It cannot be fewer than those.",
    ),
    (
        "no_quorum",
        "到会人数不够，至少要{needed}人，会议不能作出决定（《村民委员会组织法》第二十二条、第二十六条，2018年条号；党员会议按支部工作条例）。请改日再开。",
        "Too few were present: {needed} are needed for a decision (Law of Organisation of the Villagers' Committees art. 22, 26, 2018 numbering; party meetings by the branch regulations). Meet again.",
    ),
    (
        "which_body",
        "村民决议要写明是村民会议还是村民代表会议；其他会议不用写。",
        "Say which body of the villagers met; of the other meetings leave it out.",
    ),
    (
        "assembly_only",
        "村规民约只能由村民会议制定和修改，村民代表会议不能代替（《村民委员会组织法》第二十七条，2018年条号）。",
        "Only the villagers' assembly itself adopts a compact, never the representatives (Law of Organisation of the Villagers' Committees art. 27, 2018 numbering).",
    ),
    (
        "effect_day",
        "日期要在{earliest}到{latest}之间：新规则只管以后的事。",
        "The day has to be between {earliest} and {latest}: rules never reach back.",
    ),
    (
        "proposal_under_way",
        "{no}号提案还没有走完程序，一种文件同时只办一份。请先办完或撤回。",
        "Proposal no. {no} is still on its way; a village works on one of a kind at a time. Finish it or take it back first.",
    ),
    (
        "no_such_template",
        "没有找到这份样本，或者样本不能用。请另选一份。",
        "There is no such template, or it cannot be used. Choose another.",
    ),
    (
        "from_template",
        "这份草案由样本而来，请逐项改动，这样每处改动都有来历。",
        "This draft comes from a template: change it item by item, so that each change has its ground.",
    ),
    (
        "no_template",
        "这份草案不是由样本而来，请直接改文本。",
        "This draft does not come from a template: change its text.",
    ),
    (
        "too_many_overrides",
        "改动太多，最多{limit}处。请上传完整文本。",
        "There are too many changes, {limit} at most. Upload a whole text instead.",
    ),
    ("override_target", "样本里没有“{target}”。", "The template has no “{target}”."),
    (
        "override_code",
        "编号不能改：换编号就是另一项。",
        "A code cannot be changed: another code is another item.",
    ),
    (
        "override_value",
        "“{key}”写的内容看不懂：数字直接写，文字直接写，列表写成 [\"a\", \"b\"]。",
        "What is written for “{key}” cannot be read: write a number, a text, or a list [\"a\", \"b\"].",
    ),
    (
        "override_item",
        "新增项目 {code} 看不懂，或者这个编号已经有了：写一段 [[item]]，编号相同。",
        "The new item {code} cannot be read, or the code is taken: write one [[item]] table with that code.",
    ),
    (
        "version_not_raised",
        "版本号要比上一版（第{last}版）大。",
        "The version has to be above the last one ({last}).",
    ),
    (
        "begins_later",
        "文本里写的生效日是{day}，不能早于它生效。",
        "The text itself begins on {day}; it cannot take effect before.",
    ),
    (
        "nobody_asked",
        "现在不在征求意见或决议公开期间，不能提。",
        "Nobody is asked now: it is open neither for comment nor for objections.",
    ),
    (
        "too_many_voices",
        "这一轮已经提了{limit}条，请先等答复。",
        "{limit} have been said in this round; wait for the answers first.",
    ),
    ("already_answered", "这条意见已经答复过了。", "This has its answer already."),
    ("already_repealed", "这一版已经废止。", "This version is repealed already."),
    (
        "already_replaced",
        "{from}起已由新版本代替，不用再废止。",
        "A newer version replaces it from {from}: there is nothing left to repeal.",
    ),
    (
        "by_procedure",
        "本村已有积分细则：以后每一版都要走程序（起草、征求意见、四议两公开、备案）。",
        "The village has rules: every later version goes by procedure (draft, comment, deliberations, disclosures, filing).",
    ),
];
