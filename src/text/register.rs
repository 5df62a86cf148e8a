//! Words of the register's pages: households, people, taking over a register.

catalogue! {
    register_by_group { zh: "按小组看", en: "By group" }
    register_title { zh: "户籍台账", en: "Register" }
    register_household { zh: "户", en: "Household" }
    register_search_hint { zh: "户号、姓名或拼音首字母", en: "Household number, name or initials" }
    register_none { zh: "没有找到。可以换个写法，或者先导入台账。", en: "Nothing found. Try another spelling, or take over the register first." }
    register_head { zh: "户主", en: "Head" }
    register_state { zh: "状态", en: "State" }
    register_opened { zh: "登记日期", en: "Registered" }
    register_members { zh: "成员", en: "Members" }
    register_cards { zh: "积分卡", en: "Cards" }
    register_card_active { zh: "在用", en: "in use" }
    register_card_revoked { zh: "已作废", en: "revoked" }
    register_name { zh: "姓名", en: "Name" }
    register_relation { zh: "与户主关系", en: "Relation to head" }
    register_birth_year { zh: "出生年", en: "Year of birth" }
    register_phone { zh: "手机", en: "Phone" }
    register_group { zh: "小组", en: "Group" }
    register_from_day { zh: "从哪天起", en: "From" }
    register_to_day { zh: "到哪天止", en: "Until" }
    register_reason { zh: "原因", en: "Reason" }
    register_open { zh: "新立一户", en: "Open a household" }
    register_add { zh: "增加成员", en: "Add a member" }
    register_leave { zh: "迁出或去世", en: "Leave or death" }
    register_move { zh: "迁到另一户", en: "Move to another household" }
    register_to_household { zh: "迁入户号", en: "To household no." }
    register_ties { zh: "登记过的亲属关系", en: "Kin written down" }
    register_tie_until(day) { zh: "{day}起撤销", en: "taken back from {day}" }
    register_tie_hint { zh: "撤销从今天起生效，今天以前的事仍要回避；记录不删除。自己的亲属关系要由另一位文书撤销。", en: "Taken back from today on; for days before it still bars, and the record stays. A tie of your own is taken back by another clerk." }
    register_tie_withdraw { zh: "撤销这层关系", en: "Take it back" }
    register_kin { zh: "登记近亲属", en: "Write down kin" }
    register_kin_hint { zh: "只用于回避：近亲属之间互不记录、审核和兑换。", en: "For recusal only: relatives do not record, review or redeem for each other." }
    register_relative { zh: "亲属的人员编号", en: "Relative's person no." }
    register_kin_kind { zh: "是其", en: "Who is their" }
    register_change_state { zh: "冻结、解冻、注销", en: "Freeze, free, close" }
    register_freeze_card { zh: "冻结：挂失", en: "Freeze: card lost" }
    register_freeze_dispute { zh: "冻结：争议", en: "Freeze: dispute" }
    register_freeze_death { zh: "冻结：死亡待继承", en: "Freeze: death" }
    register_unfreeze { zh: "解冻", en: "Free" }
    register_close { zh: "注销", en: "Close" }
    register_saved { zh: "已保存", en: "Saved" }
    register_import { zh: "导入台账", en: "Take over a register" }
    register_file { zh: "CSV 或 XLSX 文件", en: "CSV or XLSX file" }
    register_file_hint { zh: "先预览，不会直接写入。", en: "You see it first; nothing is written yet." }
    register_template { zh: "下载空白表", en: "Download an empty one" }
    register_look { zh: "预览", en: "Preview" }
    register_confirm { zh: "确认写入", en: "Write it" }
    register_would_write(households, people) { zh: "没有错误。将写入{households}户、{people}人，全部写入或全部不写。", en: "No faults. {households} households and {people} people would be written, all or none." }
    register_imported(households, people) { zh: "已写入{households}户、{people}人", en: "{households} households and {people} people were written" }
    register_faults(count) { zh: "有{count}处要改，什么都没有写入。", en: "{count} things need a correction. Nothing was written." }
    register_where { zh: "位置", en: "Where" }
    register_what { zh: "怎么改", en: "What to do" }
    register_people { zh: "人数", en: "People" }
}

/// Refusals of the register.
pub(super) const REFUSALS: &[super::refusal::RefusalWords] = &[
    (
        "household_exists",
        "户号{no}已经登记，没有写入任何一户。请重新预览。",
        "Household {no} is registered already. Nothing was written: look at the preview again.",
    ),
    (
        "place_unknown",
        "{household}的小组不在本村，没有写入任何一户。",
        "The group of {household} is not in this village. Nothing was written.",
    ),
    (
        "membership_reversed",
        "离开日期必须晚于加入日期{from}。",
        "The day of leaving must be later than the day of joining, {from}.",
    ),
    (
        "two_households",
        "此人{day}已属于另一户，请先办理迁出。",
        "On {day} this person belongs to another household: move them out first.",
    ),
    ("two_heads", "这一户{day}已有户主，请先变更户主。", "On {day} this household has a head already."),
    ("household_closed", "{no}已注销，不能再加人。", "{no} is closed: nobody can join it."),
    (
        "household_state",
        "这一户现在的状态不能这样办理，请刷新后再看。",
        "The household is not in a state for this: refresh and look again.",
    ),
    (
        "household_has_points",
        "{no}还有积分没有处理，不能注销。",
        "{no} still has points: they must be carried over before it is closed.",
    ),
    ("reason_needed", "请写明原因。", "Give a reason."),
    ("kin_of_oneself", "不能登记自己是自己的亲属。", "Nobody is their own relative."),
    (
        "kin_unknown",
        "台账里没有这层亲属关系，或者已经撤销。",
        "There is no such tie in the register, or it was taken back already.",
    ),
    (
        "own_kin",
        "自己的亲属关系不能由自己撤销，请另一位文书办理。",
        "You cannot take back a tie of your own: another clerk must do it.",
    ),
    ("kin_known", "这层亲属关系已经登记。", "This tie is written down already."),
    (
        "name_invalid",
        "“{name}”不像姓名，请去掉数字和符号。",
        "“{name}” is not a name: remove digits and signs.",
    ),
    (
        "relation_unknown",
        "看不懂关系“{relation}”，请从列表里选。",
        "The relation “{relation}” is not known: choose one from the list.",
    ),
    (
        "birth_year_invalid",
        "出生年“{year}”不对，请填四位年份。",
        "The year of birth “{year}” is wrong: write four digits.",
    ),
    (
        "phone_invalid",
        "手机号“{phone}”不对，应为11位；没有可以不填。",
        "The phone number “{phone}” is wrong: eleven digits, or leave it empty.",
    ),
    (
        "date_invalid",
        "日期“{date}”不对，请写成2026-01-31的样子。",
        "The date “{date}” is wrong: write it like 2026-01-31.",
    ),
];
