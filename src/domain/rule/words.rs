//! The words of the closed vocabularies of a rule, in both languages, for explanations and for the rules page.

use rust_decimal::Decimal;

use super::{
    Cap, CapPeriod, Direction, Evidence, EvidenceKind, GradeWorth, Item, Limit, Measure, Quota, QuotaSize,
    Rate, Recorder, Target, Unit, UsageScope, Worth,
};
use crate::domain::{amount::points, lang::Lang};

const fn pick(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

impl Unit {
    /// The word that follows a number.
    #[must_use]
    pub const fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Time => pick(lang, "次", "×"),
            Self::Hour => pick(lang, "小时", "h"),
            Self::Day => pick(lang, "天", "days"),
            Self::Month => pick(lang, "个月", "months"),
            Self::Quarter => pick(lang, "个季度", "quarters"),
            Self::Year => pick(lang, "年", "years"),
            Self::Kilogram => pick(lang, "公斤", "kg"),
            Self::Gram => pick(lang, "克", "g"),
            Self::Bottle => pick(lang, "个", "bottles"),
            Self::Mu => pick(lang, "亩", "mu"),
            Self::Place => pick(lang, "处", "places"),
            Self::Case => pick(lang, "件", "cases"),
            Self::Idea => pick(lang, "条", "entries"),
            Self::Lesson => pick(lang, "课时", "lessons"),
            Self::Point => pick(lang, "分", "points"),
        }
    }
}

impl CapPeriod {
    /// `本月`, `this month`.
    #[must_use]
    pub const fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Event => pick(lang, "本次", "this event"),
            Self::Day => pick(lang, "当日", "that day"),
            Self::Month => pick(lang, "本月", "this month"),
            Self::Quarter => pick(lang, "本季度", "this quarter"),
            Self::Year => pick(lang, "本年", "this year"),
            Self::Ever => pick(lang, "累计", "so far"),
        }
    }
}

impl UsageScope {
    /// `本户`, `the household`.
    #[must_use]
    pub const fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Person => pick(lang, "本人", "the person"),
            Self::Household => pick(lang, "本户", "the household"),
            Self::Group => pick(lang, "本组", "the group"),
            Self::Village => pick(lang, "全村", "the village"),
        }
    }
}

impl EvidenceKind {
    /// What the kind is called on forms.
    #[must_use]
    pub const fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Photo => pick(lang, "照片", "photo"),
            Self::SignIn => pick(lang, "签到", "sign-in"),
            Self::SignOut => pick(lang, "签退", "sign-out"),
            Self::WeighingSlip => pick(lang, "过磅单", "weighing slip"),
            Self::Document => pick(lang, "证明材料", "document"),
            Self::Beneficiary => pick(lang, "受助人确认", "confirmation by the person helped"),
            Self::Minutes => pick(lang, "会议记录", "minutes"),
            Self::Inspection => pick(lang, "检查单", "inspection sheet"),
            Self::StationScan => pick(lang, "站点扫码", "scan at the station"),
            Self::ServiceOrder => pick(lang, "服务订单", "service order"),
            Self::SystemRecord => pick(lang, "系统记录", "system record"),
        }
    }
}

impl Recorder {
    /// What they are called.
    #[must_use]
    pub const fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Resident => pick(lang, "农户申报", "the household's own claim"),
            Self::GroupHead => pick(lang, "联户长", "head of the household group"),
            Self::Grid => pick(lang, "网格员", "grid officer"),
            Self::Clerk => pick(lang, "文书", "clerk"),
            Self::System => pick(lang, "系统", "the system"),
        }
    }
}

fn rate_words(rate: &Rate, unit: Unit, lang: Lang) -> String {
    let (points, word) = (rate.points.normalize(), unit.word(lang));
    let per = if rate.per == Decimal::ONE { String::new() } else { rate.per.normalize().to_string() };
    match lang {
        Lang::Zh => format!("{points}分/{per}{word}"),
        Lang::En if per.is_empty() => format!("{points} a unit ({word})"),
        Lang::En => format!("{points} for {per} {word}"),
    }
}

impl Item {
    /// What it is worth, in a few words: `+5分`, `2分/小时`, `省 +80分、县 +40分`.
    #[must_use]
    pub fn worth_words(&self, lang: Lang) -> String {
        let sign = if self.direction == Direction::Deduct { "−" } else { "+" };
        let word = match (self.target, lang) {
            (Target::Honor, Lang::Zh) => "评比分",
            (_, Lang::Zh) => "分",
            (Target::Honor, Lang::En) => " honor points",
            (_, Lang::En) => " points",
        };
        match &self.worth {
            Worth::Fixed(amount) => format!("{sign}{}{word}", points(*amount)),
            Worth::Rate(rate) => format!("{sign}{}", rate_words(rate, self.unit, lang)),
            Worth::Range { min, max } => format!("{sign}{}…{}{word}", points(*min), points(*max)),
            Worth::Restored => pick(lang, "恢复所扣分值", "gives back what was taken").to_owned(),
            Worth::Grades(grades) => {
                let each = grades.iter().map(|grade| {
                    let worth = match &grade.worth {
                        GradeWorth::Fixed(amount) => format!("{sign}{}{word}", points(*amount)),
                        GradeWorth::Rate(rate) => format!("{sign}{}", rate_words(rate, grade.unit, lang)),
                    };
                    format!("{} {worth}", grade.label.get(lang))
                });
                each.collect::<Vec<_>>().join(pick(lang, "、", ", "))
            }
        }
    }
}

impl Limit {
    /// `40 小时`, `2 人`, `24 分`.
    #[must_use]
    pub fn words(self, lang: Lang) -> String {
        let max = self.max;
        match self.measure {
            Measure::Times => format!("{max} {}", pick(lang, "次", "times")),
            Measure::Points => format!("{} {}", points(max), pick(lang, "分", "points")),
            Measure::Honor => format!("{} {}", points(max), pick(lang, "评比分", "honor points")),
            Measure::Minutes => {
                let hours = (Decimal::from(max) / Decimal::from(60)).round_dp(2).normalize();
                format!("{hours} {}", pick(lang, "小时", "h"))
            }
            Measure::People => format!("{max} {}", pick(lang, "人", "people")),
            Measure::Households => format!("{max} {}", pick(lang, "户", "households")),
        }
    }
}

impl CapPeriod {
    /// `每月`, `a month`.
    #[must_use]
    pub const fn each(self, lang: Lang) -> &'static str {
        match self {
            Self::Event => pick(lang, "每次", "an event"),
            Self::Day => pick(lang, "每日", "a day"),
            Self::Month => pick(lang, "每月", "a month"),
            Self::Quarter => pick(lang, "每季度", "a quarter"),
            Self::Year => pick(lang, "每年", "a year"),
            Self::Ever => pick(lang, "总共", "in all"),
        }
    }
}

impl UsageScope {
    /// `每人`, `each person`.
    #[must_use]
    pub const fn each(self, lang: Lang) -> &'static str {
        match self {
            Self::Person => pick(lang, "每人", "each person"),
            Self::Household => pick(lang, "每户", "each household"),
            Self::Group => pick(lang, "每组", "each group"),
            Self::Village => pick(lang, "全村", "the village"),
        }
    }
}

impl Cap {
    /// `每人每月 40 小时`, `40 h a month for each person`.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let (scope, period, limit) = (self.scope.each(lang), self.period.each(lang), self.limit.words(lang));
        match lang {
            Lang::Zh => format!("{scope}{period} {limit}"),
            Lang::En => format!("{limit} {period} for {scope}"),
        }
    }
}

impl Quota {
    /// `每组每月 20% 的户`, `20 % of the households of each group a month`.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let (scope, period) = (self.scope.each(lang), self.period.each(lang));
        match (self.size, lang) {
            (QuotaSize::Percent(p), Lang::Zh) => format!("{scope}{period} {p}% 的户"),
            (QuotaSize::Percent(p), Lang::En) => format!("{p} % of the households of {scope} {period}"),
            (QuotaSize::Count(n), Lang::Zh) => format!("{scope}{period} {n} 户"),
            (QuotaSize::Count(n), Lang::En) => format!("{n} households of {scope} {period}"),
        }
    }
}

impl Evidence {
    /// `签到、签退`, `photo or document`.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let kinds: Vec<_> = self.kinds.iter().map(|kind| kind.word(lang)).collect();
        let by = match (self.all, lang) {
            (true, Lang::Zh) => "和",
            (false, Lang::Zh) => "或",
            (true, Lang::En) => " and ",
            (false, Lang::En) => " or ",
        };
        let kinds = kinds.join(by);
        match (self.min_count, lang) {
            (0 | 1, _) => kinds,
            (n, Lang::Zh) => format!("{kinds}，至少 {n} 份"),
            (n, Lang::En) => format!("{kinds}, {n} pieces at least"),
        }
    }
}
