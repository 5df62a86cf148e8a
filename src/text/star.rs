//! Words of stars and bars: the pages, and why something was refused.

use super::refusal::RefusalWords;

catalogue! {
    star_title { zh: "志愿者星级", en: "Stars of volunteers" }
    star_hint { zh: "按累计服务时长认定，公示后授予；星级不能换钱换物。", en: "By hours served, given after public notice; a star is worth no money and no goods." }
    star_shown(stars) { zh: "{stars}星", en: "{stars} stars" }
    star_none { zh: "还没有星级", en: "no star yet" }
    star_to_next(hours) { zh: "再服务{hours}可申请下一星", en: "{hours} to the next" }
    star_apply { zh: "申请星级", en: "Apply" }
    star_empty { zh: "这里没有申请。", en: "No applications here." }
    star_no(no) { zh: "申请 {no} 号", en: "Application no. {no}" }
    star_due(at) { zh: "公示到{at}", en: "on notice until {at}" }
    star_hang { zh: "初审通过并公示", en: "Right: hang it" }
    star_decline { zh: "不通过", en: "Decline" }
    star_grant { zh: "授予", en: "Give it" }
    star_object { zh: "提出异议", en: "Object" }
    star_uphold { zh: "异议成立", en: "The objection is right" }
    star_dismiss { zh: "异议不成立", en: "It is not right" }
    star_why { zh: "理由", en: "Why" }
    star_saved { zh: "已办好。", en: "Done." }
    star_board { zh: "志愿者星级公示", en: "Stars on public notice" }
    star_board_hint { zh: "只公布志愿者编号。有异议的，登录后在时间银行“志愿者星级”里提出，或到村文书处说。", en: "Volunteer numbers only. Object under “Stars of volunteers” when signed in, or tell the clerk." }
    star_number { zh: "志愿者编号", en: "Volunteer number" }
    star_level { zh: "拟授星级", en: "Stars" }
    star_until { zh: "公示截止", en: "Until" }
    star_given { zh: "已授予", en: "Given" }
    bar_title { zh: "虚假时长", en: "False hours" }
    bar_new { zh: "提请暂停", en: "Propose a bar" }
    bar_hint { zh: "先把虚假时长冲正，再写入账笔号；由另一人签字才生效。", en: "Undo the false hours first, then name the entry; another person signs." }
    bar_seq { zh: "被冲正的入账笔号", en: "Number of the entry that is undone" }
    bar_years { zh: "暂停几年（1到3）", en: "Years (1 to 3)" }
    bar_sign { zh: "签字暂停", en: "Sign the bar" }
    bar_refuse { zh: "不签字", en: "Do not sign" }
    bar_waits(years) { zh: "提请暂停{years}年，等另一人签字", en: "{years} years proposed; another person signs" }
    bar_until(day) { zh: "因虚假时长暂停到{day}。不服的，可以向乡镇申诉。", en: "Barred until {day} for false hours. The township hears an appeal." }
    bar_not { zh: "没有签字，不暂停", en: "not signed: no bar" }
}

/// Refusals of stars and bars.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "time_star_hours",
        "时长还不够，再服务{minutes}分钟可以申请。",
        "Not enough hours yet: {minutes} more minutes.",
    ),
    ("time_star_notice", "公示要到{until}才满。", "It is on notice until {until}."),
    (
        "time_star_moved_on",
        "这份申请已经走到别的一步，这一步不能办。请重新打开看看。",
        "The application stands elsewhere by now: this cannot be done to it. Open it again.",
    ),
    ("time_star_fell", "账上的时长已经不够这个星级了。", "The hours on record no longer carry this star."),
    ("time_bar_years", "暂停1到3年。", "A bar lasts 1 to 3 years."),
    (
        "time_bar_standing",
        "第{seq}笔不是这个人的时长，或者还没有冲正。请先冲正。",
        "Entry no. {seq} is not this person's hours, or still stands: undo it first.",
    ),
    ("time_bar_decided", "已经有人签过字了。", "It was decided already."),
];
