//! Words of the figures of favouritism and of the random call-backs.

use super::{T, refusal::RefusalWords};
use crate::domain::{amount, callback::Answer, fairness::Share};

catalogue! {
    fair_title { zh: "公平检查", en: "Fairness" }
    fair_hint { zh: "这些数字只说明该先看哪里，不说明谁错了，也不给任何人排名。起提示的线是本系统自定的，全国没有统一标准；样本不足20条的不提示。", en: "These figures say where to look first. They prove nothing and rank nobody. The thresholds are this program's own, as no national ones are known; fewer than 20 lines are never marked." }
    fair_month { zh: "月份", en: "Month" }
    fair_show { zh: "查看", en: "Show" }
    fair_look { zh: "值得看一看", en: "worth a look" }
    fair_usual { zh: "平常", en: "usual" }
    fair_lines { zh: "看明细", en: "The lines" }
    fair_lines_title { zh: "数字背后的记录", en: "The lines behind a figure" }
    fair_cadres { zh: "干部户得分占比", en: "Points of cadres' households" }
    fair_cadres_what { zh: "干部户：家里有人现在担任记录、文书、评议、超市等岗位的户。拿“积分占比”除以“人口占比”，超过1.5倍就提示。积分按当月记录、已经入账的算。", en: "Cadres' households: somebody in them records, reviews, clerks or keeps shop now. Their share of points is divided by their share of people; more than 1.5 times is marked. Points are those recorded in the month and posted." }
    fair_people_share { zh: "人口占比", en: "Share of people" }
    fair_points_share { zh: "积分占比", en: "Share of points" }
    fair_times { zh: "倍数", en: "Times" }
    fair_cadres_chart { zh: "干部户：积分占比是人口占比的几倍", en: "Cadres' households: share of points against share of people" }
    fair_cadres_mark(times, points, people) { zh: "{times}（{points} / {people}）", en: "{times} ({points} / {people})" }
    fair_cadres_head { zh: "倍数（积分 / 人口）", en: "Times (points / people)" }
    fair_limit_times(times) { zh: "提示线 {times}倍", en: "marked above {times}×" }
    fair_limit_share(share) { zh: "提示线 {share}", en: "marked above {share}" }
    fair_recorders { zh: "记录人的集中程度", en: "Concentration by recorder" }
    fair_recorders_what { zh: "一个记录人记的分，最多有多少给了同一户：超过20%就提示。平均每条的分，超过其他记录人平均的2倍也提示。按姓名排列，不按大小。", en: "How much of what one recorder entered went to one household: more than 20 % is marked, and so is a mean more than twice that of the other recorders. Listed by name, never by size." }
    fair_recorders_chart { zh: "给同一户最多的占该记录人所记积分的多少", en: "The household that got most, of the recorder's points" }
    fair_recorder { zh: "记录人", en: "Recorder" }
    fair_line_count { zh: "条数", en: "Lines" }
    fair_homes { zh: "户数", en: "Households" }
    fair_one { zh: "最多一户占", en: "One household" }
    fair_mean { zh: "平均每条", en: "Mean" }
    fair_others { zh: "其他人平均", en: "Others' mean" }
    fair_pairs { zh: "固定搭档", en: "Pairs" }
    fair_pairs_what { zh: "两个人互相审核、每次都通过（各至少10条），或者一个人的记录有80%以上由同一个人审、20条以上从不说不，就提示。不满10条的不列。", en: "Marked: two people who review each other and always approve (10 lines each way at least), or a reviewer who decides 80 % or more of one recorder's lines, 20 at least, and never says no. Under 10 lines are not listed." }
    fair_pairs_chart { zh: "该审核人审了这个记录人的多少", en: "Of the recorder's lines, decided by this reviewer" }
    fair_pair(recorder, reviewer) { zh: "{recorder} → {reviewer}", en: "{recorder} → {reviewer}" }
    fair_reviewer { zh: "审核人", en: "Reviewer" }
    fair_decided { zh: "审了", en: "Decided" }
    fair_approved { zh: "通过", en: "Approved" }
    fair_each_other { zh: "互相审核、从不说不", en: "always approve each other" }
    fair_always { zh: "总是同一人、从不说不", en: "always the same, never a no" }
    fair_month_end { zh: "月末突击", en: "Rush at the month's end" }
    fair_month_end_what { zh: "月末三天记录的条数，和平均分布相比超过2倍就提示。按月集中评议的村月末多是正常的，看看是不是补造。", en: "Lines recorded in the last three days, against an even month; more than twice is marked. Villages that review once a month have one anyway: look whether it was made up." }
    fair_days_chart { zh: "每三天记录的条数", en: "Lines recorded, three days at a time" }
    fair_days_mark(first, last) { zh: "{first}–{last}日", en: "{first}–{last}" }
    fair_limit_lines(lines) { zh: "提示线 {lines}条", en: "marked above {lines} lines" }
    fair_last_days(part, whole, times) { zh: "月末三天{part}条，全月{whole}条，是平均的{times}倍", en: "{part} of {whole} lines in the last three days, {times} times an even month" }
    fair_day { zh: "日期", en: "Day" }
    fair_round { zh: "整数", en: "Round numbers" }
    fair_round_what { zh: "要计量的记录（数量不是1的）里，5的倍数占多少。随机的整数约20%，超过40%就提示：可能是估的，不是数的。", en: "Of measured quantities (anything but 1), those that are multiples of five. By chance 20 % of whole numbers are; more than 40 % is marked: guessed rather than counted." }
    fair_round_chart { zh: "计量记录里5的倍数", en: "Multiples of five among measured quantities" }
    fair_round_mark(part, whole, share) { zh: "{whole}条里{part}条，{share}", en: "{part} of {whole}, {share}" }
    fair_photos { zh: "重复的照片", en: "Reused photos" }
    fair_photos_what { zh: "当月申报的照片，和一年内其他申报的照片一模一样或很像。每一对都提示。", en: "Photos of this month's claims that are the same as, or look like, one of another claim within a year. Every pair is marked." }
    fair_photos_chart { zh: "当月照片", en: "Photos of the month" }
    fair_photos_all { zh: "比对了", en: "Compared" }
    fair_same { zh: "一模一样", en: "the same" }
    fair_alike { zh: "很像", en: "alike" }
    fair_photo_pair(no, older) { zh: "申报{no}号，像申报{older}号", en: "Claim {no}, like claim {older}" }
    fair_photo_this { zh: "这一张", en: "This photo" }
    fair_photo_older { zh: "以前那张", en: "The older one" }
    fair_no_pairs { zh: "没有达到10条的搭档。", en: "No two people met over 10 lines." }
    fair_state { zh: "状态", en: "State" }
    callback_title { zh: "随机回访", en: "Random call-backs" }
    callback_what { zh: "从当月入账的加分里随机抽5%（至少5条），问一问本人是不是真的。有份经办的人和亲属不能回访。", en: "5 % of the awards posted in the month, five at least, are drawn at random, and their households are asked whether it is so. Whoever had a part in the award, or is kin, does not ask." }
    callback_why { zh: "种子是覆盖当月全部入账的第一个签名账页头的指纹：当月最后一笔入账之前谁也算不出来，之后谁也改不了。排法：种子加上每条加分的编号（16字节）求SHA-256，从小到大取前几条。拿着账页头和当月名单，谁都能重抽一遍。", en: "The seed is the digest of the first signed head of the log that covers the whole month: nobody can know it before the last posting of the month, and nobody can change it after. Order: SHA-256 of the seed and the award's id (16 bytes), the smallest first. Whoever has the head and the month's awards can draw again." }
    callback_draw { zh: "抽取本月名单", en: "Draw this month's list" }
    callback_drawn(many) { zh: "已抽取，{many}条里的5%。", en: "Drawn, 5 % of {many}." }
    callback_by(by, at) { zh: "{by} 于 {at} 抽取", en: "Drawn by {by} at {at}" }
    callback_seed { zh: "种子", en: "Seed" }
    callback_head(size) { zh: "账页头（{size}笔）", en: "Head over {size} transactions" }
    callback_awards { zh: "当月入账", en: "Posted in the month" }
    callback_not_yet { zh: "还没有抽取。", en: "Not drawn yet." }
    callback_chart { zh: "回访结果", en: "What the call-backs found" }
    callback_open { zh: "未回访", en: "not called yet" }
    callback_answer { zh: "结果", en: "Answer" }
    callback_ask { zh: "回访", en: "Call" }
    callback_no(place) { zh: "回访{place}号", en: "Call-back no. {place}" }
    callback_phones { zh: "电话", en: "Telephone" }
    callback_no_phone { zh: "没有登记电话，请上门问", en: "No number on record: ask at the door" }
    callback_words { zh: "本人怎么说", en: "What was said" }
    callback_save { zh: "记下结果", en: "Write it down" }
    callback_saved { zh: "已记下，不能再改。", en: "Written down; it cannot be changed." }
    callback_over { zh: "已有结果。", en: "It is answered." }
    callback_denied_next { zh: "本人说不属实：请村文书核对后提请冲正。回访本身不动积分。", en: "The household says it is not so: the clerk looks into it and asks for the reversal. A call-back itself moves no points." }
    callback_denied_title { zh: "回访说不属实的", en: "Denied in a call-back" }
    callback_reverse { zh: "提请冲正", en: "Ask for the reversal" }
    callback_voucher { zh: "看凭证", en: "The voucher" }
}

impl T {
    /// What a call-back found.
    #[must_use]
    pub fn call_back_answer(self, answer: Option<Answer>) -> &'static str {
        answer.map_or(self.callback_open(), |answer| answer.words().text(self.lang()))
    }

    /// A share in per cent with one decimal, or a dash.
    #[must_use]
    pub fn percent(self, share: Share) -> String {
        share.per_mille().map_or_else(|| "—".to_owned(), per_cent)
    }

    /// Hundredths as a factor, or a dash.
    #[must_use]
    pub fn factor(self, times: Option<i64>) -> String {
        times.map_or_else(|| "—".to_owned(), amount::points)
    }
}

/// Thousandths as `12.3%`.
#[must_use]
pub fn per_cent(thousandths: i64) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

/// Refusals of call-backs.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "month_not_over",
        "这个月到{until}才过完，过完才能抽取。",
        "The month runs until {until}: the list is drawn when it is over.",
    ),
    (
        "nothing_posted",
        "这个月没有入账的加分，不用回访。",
        "Nothing was posted in this month: there is nobody to call.",
    ),
    (
        "head_not_signed",
        "当月的账页头还没有签名，一般一分钟内就好，请稍后再抽。",
        "The head of the month is not signed yet, which takes a minute at most: draw again shortly.",
    ),
    (
        "call_back_answered",
        "这条已经有回访结果，不能再改。",
        "This call-back is answered already and cannot be changed.",
    ),
    (
        "call_back_tried",
        "这条已经试过{limit}次，按没有联系上结束。",
        "This was tried {limit} times and ends as not reached.",
    ),
];
