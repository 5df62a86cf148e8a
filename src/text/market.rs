//! Words of market days: when a counter opens, what a day came to, what to buy.

use super::{T, refusal::RefusalWords};
use crate::domain::{
    forecast::{Advice, DAYS_MIN, Forecast},
    lang::Lang,
    lunar,
    market::{LunarDate, MarketDay, Opening, OpeningRule, Otherwise, RuleKind, When, rule::clock},
    time::Day,
    turnout::ServedBy,
};

/// Refusals of market days.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "not_market_day",
        "{counter}今天不开门，按开门日历不能兑换。下次开门：{next}。",
        "{counter_en} does not open today, and by its calendar nothing is handed over. It opens next on {next}.",
    ),
    ("rule_kind_unknown", "没有这种开门规则：{text}", "There is no such kind of rule: {text}"),
    (
        "rule_days_wrong",
        "这样的日子认不出来：{text}。写法见每种规则的例子。",
        "These days cannot be read: {text}. See the example of each kind of rule.",
    ),
    (
        "opening_hours_wrong",
        "开门时间不对：{text}。要写几点到几点，如08:00到11:30；停开和照常不写时间。",
        "These hours cannot be: {text}. Say from when to when, such as 08:00 to 11:30; only a day that opens has hours.",
    ),
    ("rules_number_wrong", "开门日历要有1到{limit}条规则。", "A calendar has 1 to {limit} rules."),
    (
        "market_day_out_of_range",
        "日子要在{first}到{last}之间：过去的不改，也不排到一年以后。",
        "The day must be from {first} to {last}: what is over stays as it was.",
    ),
    ("market_reason_long", "原因最多{limit}个字。", "The reason is at most {limit} characters."),
    (
        "market_rows_full",
        "这个兑换点的日历已有{limit}条，记不下了。",
        "The calendar of this counter has {limit} rows: no more fit.",
    ),
];

catalogue! {
    market_calendar { zh: "开门日历", en: "Opening calendar" }
    market_calendar_of(counter) { zh: "{counter}的开门日历", en: "Opening calendar of {counter}" }
    market_always { zh: "没有开门日历，天天可以兑换。", en: "It has no calendar and may open any day." }
    market_now { zh: "现在的日历", en: "The calendar now" }
    market_next_line(counter, day) { zh: "{counter}下次开门：{day}", en: "{counter} opens next: {day}" }
    market_today_line(counter, day) { zh: "{counter}今天开门：{day}", en: "{counter} opens today: {day}" }
    market_no_next(counter) { zh: "{counter}没有排定下次开门的日子", en: "{counter}: no further opening day is set" }
    market_not_today { zh: "今天不是开门的日子。", en: "Today is not an opening day." }
    market_not_today_refused { zh: "今天不是开门的日子，按开门日历不能兑换。", en: "Today is not an opening day, and by the calendar nothing is handed over." }
    market_not_today_why(reason) { zh: "今天停开：{reason}", en: "Shut today: {reason}" }
    market_day_words(month, day, lunar, why, hours) { zh: "{month}月{day}日（农历{lunar}）{why}，{hours}", en: "{month}-{day} (lunar {lunar}), {why}, {hours}" }
    market_order_late(until, next) { zh: "预约只保留到{until}，这些天都不开门，下次开门是{next}。到{until}没有取，积分和商品会自动退回。", en: "An order is kept until {until}, and the counter does not open before then but on {next}. What is not collected by {until} goes back by itself." }
    market_new { zh: "定新的日历", en: "Set a new calendar" }
    market_new_hint { zh: "新的日历从第一天起代替旧的，过去的日子不变。", en: "From its first day on it takes the place of the one before; days that are over stay as they were." }
    market_first_day { zh: "从哪天起", en: "First day" }
    market_rule(n) { zh: "第{n}条", en: "Rule {n}" }
    market_rule_kind { zh: "哪种日子", en: "Kind of days" }
    market_rule_on { zh: "哪些日子", en: "Which days" }
    market_rule_none { zh: "不用", en: "none" }
    market_rule_hint { zh: "星期：3,6　每月：1,15　日期：2026-12-01　农历：1,15 或 12-23（腊月二十三）　逢几：3,8　几天一集：2026-11-01/5", en: "Week: 3,6. Month: 1,15. Dates: 2026-12-01. Lunar: 1,15 or 12-23. Ending in: 3,8. Cycle: 2026-11-01/5" }
    market_opens { zh: "几点开", en: "Opens" }
    market_closes { zh: "几点关", en: "Closes" }
    market_refuse_outside { zh: "不是开门日不许兑换（不勾只提醒）", en: "Refuse on other days (otherwise only a warning)" }
    market_refuses { zh: "不是开门日不许兑换", en: "nothing is handed over on other days" }
    market_warns { zh: "不是开门日只提醒", en: "other days only warn" }
    market_set { zh: "开门日历已定", en: "The calendar is set" }
    market_single { zh: "某一天另外安排", en: "A single day otherwise" }
    market_single_day { zh: "哪一天", en: "Day" }
    market_single_kind { zh: "怎样", en: "What" }
    market_single_reason { zh: "原因（大家都看得到）", en: "Reason (everybody reads it)" }
    market_single_set(day) { zh: "{day}已另外安排", en: "{day} is set" }
    market_history { zh: "定过的日历", en: "Calendars so far" }
    market_from(day) { zh: "从{day}起", en: "from {day}" }
    market_days { zh: "赶集日数字", en: "Market days" }
    market_days_hint { zh: "从存下的凭条算，只看一天的整体，不看个人。", en: "Counted from the receipts, of each day as a whole and of no person." }
    market_day_of(day) { zh: "{day}的数字", en: "Figures of {day}" }
    market_households { zh: "来的户数", en: "Households" }
    market_receipts { zh: "凭条张数", en: "Receipts" }
    market_points { zh: "兑换积分", en: "Points taken" }
    market_median { zh: "两张凭条之间（一半不超过）", en: "Between receipts (median)" }
    market_p90 { zh: "两张凭条之间（九成不超过）", en: "Between receipts (90 %)" }
    market_pause { zh: "最长间隔", en: "Longest pause" }
    market_pause_words(long, from, to) { zh: "{long}（{from}到{to}）", en: "{long} ({from} to {to})" }
    market_busiest { zh: "最忙的半小时", en: "Busiest half hour" }
    market_busiest_words(from, receipts) { zh: "{from}起，{receipts}张", en: "from {from}, {receipts} receipts" }
    market_by_step { zh: "每半小时的凭条", en: "Receipts by half hour" }
    market_step { zh: "半小时", en: "Half hour" }
    market_ways { zh: "怎么兑换的", en: "How they were served" }
    market_way { zh: "方式", en: "Way" }
    market_way_words(receipts, percent) { zh: "{receipts}张，{percent}%", en: "{receipts}, {percent} %" }
    market_compare { zh: "和前几次开门比", en: "Beside earlier market days" }
    market_seconds(n) { zh: "{n}秒", en: "{n} s" }
    market_minutes(m, s) { zh: "{m}分{s}秒", en: "{m} min {s} s" }
    market_nobody { zh: "没有人来", en: "Nobody came" }
    market_day_head { zh: "日子", en: "Day" }
    market_unplanned { zh: "不是开门日", en: "not an opening day" }
    market_signature { zh: "签字", en: "Signature" }
    market_print_hint { zh: "打印本页可作当天的记录。", en: "Print this page as the record of the day." }
    forecast_title { zh: "下次开门要备多少货", en: "What to buy" }
    forecast_method { zh: "算法：看最近4到8次开门，取其中拿得最多的一次，但不超过大家手里的积分够买的数；减去架上还能发的（60天内到期的先发，已过期的不算）。预约的已经留好，不再算。只是参考。", en: "How: of the last 4 to 8 market days the one on which most was taken, but no more than the points still out can pay for, less what lies on the shelf and may be handed out (what lapses within 60 days goes first, what has lapsed does not count). What is kept for orders is not counted again. It is a proposal only." }
    forecast_days(n) { zh: "看了最近{n}次开门", en: "Looked back on {n} market days" }
    forecast_outstanding(points) { zh: "各户还可以用{points}分", en: "Households may still spend {points} points" }
    forecast_advice { zh: "建议", en: "Advice" }
    forecast_why { zh: "依据", en: "Because" }
    forecast_buy(n) { zh: "至少进{n}件", en: "buy at least {n}" }
    forecast_nothing { zh: "不用进", en: "buy nothing" }
    forecast_use_up(n) { zh: "不用进，先发快到期的{n}件", en: "buy nothing; first hand out the {n} that lapse soon" }
    forecast_too_few(n, min) { zh: "只有{n}次开门的数字，少于{min}次，说不准", en: "only {n} market days, fewer than {min}: nothing can be said" }
    forecast_numbers(mean, highest, affordable, on_hand, lapsing, held) { zh: "平均每次{mean}件，最多{highest}件；积分够买{affordable}件；架上{on_hand}件，其中60天内到期{lapsing}件；预约已留{held}件", en: "{mean} a day on average, {highest} at most; points could pay for {affordable}; {on_hand} on the shelf, {lapsing} of them lapse within 60 days; {held} kept for orders" }
    forecast_csv { zh: "下载表格（CSV）", en: "Download (CSV)" }
}

const DIGITS: [&str; 10] = ["十", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
const WEEK: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
const WEEK_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

fn join<'a, V: 'a>(
    all: impl IntoIterator<Item = &'a V>,
    between: &str,
    say: impl Fn(&V) -> String,
) -> String {
    all.into_iter().map(say).collect::<Vec<_>>().join(between)
}

fn pick(words: &[&str], n: usize) -> String {
    words.get(n).copied().unwrap_or_default().to_owned()
}

fn digit_zh(digit: &u8) -> String {
    pick(&DIGITS, usize::from(*digit))
}

fn lunar_zh(date: &LunarDate) -> String {
    format!("{}{}", date.month.map(lunar::month_zh).unwrap_or_default(), lunar::day_zh(date.day))
}

fn short(hours: &crate::domain::market::Hours) -> String {
    format!("{}–{}", clock(hours.opens()).trim_start_matches('0'), clock(hours.closes()))
}

impl T {
    /// The kind of a rule.
    #[must_use]
    pub fn rule_kind(self, kind: &RuleKind) -> &'static str {
        kind.words().text(self.0)
    }

    /// What a single day may be.
    #[must_use]
    pub fn otherwise(self, kind: &Otherwise) -> &'static str {
        kind.words().text(self.0)
    }

    /// How somebody was served.
    #[must_use]
    pub fn served_by(self, by: &ServedBy) -> &'static str {
        by.words().text(self.0)
    }

    /// Which days a rule means: 每周三、六, 农历初一、十五, 逢三、八集.
    #[must_use]
    pub fn rule_days(self, rule: &OpeningRule) -> String {
        match self.0 {
            Lang::Zh => rule_zh(&rule.when),
            Lang::En => rule_en(&rule.when),
        }
    }

    /// A rule with its hours.
    #[must_use]
    pub fn rule_words(self, rule: &OpeningRule) -> String {
        format!("{} {}", self.rule_days(rule), short(&rule.hours))
    }

    /// A market day: 11月28日（农历十月二十）逢三、八集，8:00–11:30.
    #[must_use]
    pub fn market_day(self, of: &MarketDay) -> String {
        let (_, month, day) = of.day.ymd();
        let Opening::Open { hours, rules, reason } = &of.opening else { return of.day.to_string() };
        let why = reason.clone().unwrap_or_else(|| join(rules, "、", |rule| self.rule_days(rule)));
        let lunar = lunar::of(of.day).map_or_else(|| "—".to_owned(), |l| l.words(self.0));
        self.market_day_words(month, day, lunar, why, join(hours, "、", short))
    }

    /// When a counter opens next, in one line.
    #[must_use]
    pub fn market_opening(self, counter: &str, today: Day, next: Option<&MarketDay>) -> String {
        match next {
            Some(next) if next.day == today => self.market_today_line(counter, self.market_day(next)),
            Some(next) => self.market_next_line(counter, self.market_day(next)),
            None => self.market_no_next(counter),
        }
    }

    /// So many seconds as people say them.
    #[must_use]
    pub fn market_long(self, seconds: i64) -> String {
        if seconds < 60 {
            self.market_seconds(seconds)
        } else {
            self.market_minutes(seconds / 60, seconds % 60)
        }
    }

    /// What to do about an article.
    #[must_use]
    pub fn forecast_words(self, advice: &Advice) -> String {
        match *advice {
            Advice::Buy(pieces) => self.forecast_buy(pieces),
            Advice::UseUp(pieces) => self.forecast_use_up(pieces),
            Advice::Nothing => self.forecast_nothing().to_owned(),
            Advice::TooFewDays(days) => self.forecast_too_few(days, DAYS_MIN),
        }
    }

    /// The numbers that led to it.
    #[must_use]
    pub fn forecast_because(self, of: &Forecast) -> String {
        let known = &of.known;
        self.forecast_numbers(of.mean, of.highest, known.affordable, known.on_hand, known.lapsing, known.held)
    }
}

fn rule_zh(when: &When) -> String {
    match when {
        When::EveryDay => "每天".to_owned(),
        When::Weekdays(days) => format!("每周{}", join(days, "、", |n| pick(&WEEK, usize::from(*n) - 1))),
        When::MonthDays(days) => format!("每月{}日", join(days, "、", ToString::to_string)),
        When::Dates(_) => "定日".to_owned(),
        When::LunarDays(days) => format!("农历{}", join(days, "、", lunar_zh)),
        When::SolarDigits(digits) => format!("逢{}集", join(digits, "、", digit_zh)),
        When::LunarDigits(digits) => format!("农历逢{}集", join(digits, "、", digit_zh)),
        When::Cycle { every, .. } => format!("每{every}天一集"),
    }
}

fn rule_en(when: &When) -> String {
    let list = |days: &std::collections::BTreeSet<u8>| join(days, ", ", ToString::to_string);
    match when {
        When::EveryDay => "every day".to_owned(),
        When::Weekdays(days) => join(days, ", ", |n| pick(&WEEK_EN, usize::from(*n) - 1)),
        When::MonthDays(days) => format!("day {} of the month", list(days)),
        When::Dates(_) => "given date".to_owned(),
        When::LunarDays(days) => format!("lunar {}", join(days, ", ", ToString::to_string)),
        When::SolarDigits(digits) => format!("days ending in {}", list(digits)),
        When::LunarDigits(digits) => format!("lunar days ending in {}", list(digits)),
        When::Cycle { every, .. } => format!("every {every} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::market::{OpeningCalendar, Openings};

    fn next(rules: &[&str], from: &str) -> MarketDay {
        let rules = rules.iter().map(|rule| rule.parse().unwrap()).collect();
        let calendar = OpeningCalendar { rules, refuse_outside: false };
        let first: Day = "2026-01-01".parse().unwrap();
        Openings::new(vec![(first, calendar)], []).next_from(from.parse().unwrap()).unwrap()
    }

    #[test]
    fn the_next_opening_is_said_in_plain_words() {
        let day = next(&["solar_digits|3,8|8:00|11:30"], "2026-11-24");
        let today = "2026-11-24".parse().unwrap();
        let said = T(Lang::Zh).market_opening("村口", today, Some(&day));
        assert_eq!(said, "村口下次开门：11月28日（农历十月二十）逢三、八集，8:00–11:30");
        let said = T(Lang::En).market_opening("Gate", day.day, Some(&day));
        assert_eq!(said, "Gate opens today: 11-28 (lunar 10-20), days ending in 3, 8, 8:00–11:30");
        let both = next(&["lunar_days|1,12-23|9:00|12:00", "weekdays|1|14:00|16:30"], "2026-11-09");
        let said = T(Lang::Zh).market_day(&both);
        assert_eq!(said, "11月9日（农历十月初一）农历初一、腊月廿三、每周一，9:00–12:00、14:00–16:30");
        assert_eq!(T(Lang::Zh).market_opening("村口", today, None), "村口没有排定下次开门的日子");
    }
}
