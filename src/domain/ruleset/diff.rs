//! What a revision changes, in plain words: for the assembly that adopts it and the township that files it.

use serde::Serialize;

use super::{RuleSet, said};
use crate::domain::{lang::Lang, rule::Label};

/// One change between two rule sets or compacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What changed: an item's code, `programme`, a clause's id.
    pub subject: String,
    /// What people call it.
    pub name: Label,
    /// Which side of it; of what is added or removed, that it is.
    pub what: Label,
    /// What was said before.
    pub was: Option<Label>,
    /// What is said now.
    pub now: Option<Label>,
}

impl Change {
    /// One side of something is another.
    pub(super) fn facet(subject: String, name: Label, what: (&str, &str), was: Label, now: Label) -> Self {
        let what = Label { zh: what.0.to_owned(), en: what.1.to_owned() };
        Self { subject, name, what, was: Some(was), now: Some(now) }
    }

    /// Something is new.
    pub(super) fn added(subject: String, name: Label, now: Label) -> Self {
        let what = Label { zh: "新增".to_owned(), en: "added".to_owned() };
        Self { subject, name, what, was: None, now: Some(now) }
    }

    /// Something is no more.
    pub(super) fn removed(subject: String, name: Label) -> Self {
        let what = Label { zh: "删去".to_owned(), en: "removed".to_owned() };
        Self { subject, name, what, was: None, now: None }
    }

    /// The change in one line, by code.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let (subject, name, what) = (&self.subject, self.name.get(lang), self.what.get(lang));
        match (&self.was, &self.now, lang) {
            (Some(was), Some(now), Lang::Zh) => format!("{subject}: {what}由 {} 改为 {}", was.zh, now.zh),
            (Some(was), Some(now), Lang::En) => format!("{subject}: {what} from {} to {}", was.en, now.en),
            (_, Some(now), Lang::Zh) => format!("{subject}: {what} {name}：{}", now.zh),
            (_, Some(now), Lang::En) => format!("{subject}: {what} {name}: {}", now.en),
            (_, None, _) => format!("{subject}: {what} {name}"),
        }
    }

    /// The change as one would say it: `月度最清洁户（A2）：分值 +5分 → +8分`.
    #[must_use]
    pub fn sentence(&self, lang: Lang) -> String {
        let (subject, name, what) = (&self.subject, self.name.get(lang), self.what.get(lang));
        let of_code = !matches!(subject.as_str(), PROGRAMME) && !subject.starts_with("compact-");
        let who = match (of_code, lang) {
            (true, Lang::Zh) => format!("{name}（{subject}）"),
            (true, Lang::En) => format!("{name} ({subject})"),
            (false, _) => name.to_owned(),
        };
        match (&self.was, &self.now, lang) {
            (Some(was), Some(now), Lang::Zh) => format!("{who}：{what} {} → {}", was.zh, now.zh),
            (Some(was), Some(now), Lang::En) => format!("{who}: {what} {} → {}", was.en, now.en),
            (_, Some(now), Lang::Zh) => format!("{who}：{what}，{}", now.zh),
            (_, Some(now), Lang::En) => format!("{who}: {what}, {}", now.en),
            (_, None, Lang::Zh) => format!("{who}：{what}"),
            (_, None, Lang::En) => format!("{who}: {what}"),
        }
    }
}

type Facet = (&'static str, &'static str, Label);

/// The subject of what the header changes.
const PROGRAMME: &str = "programme";

/// What differs from `a` to `b`: the header first, then each item in the order of the codes.
#[must_use]
pub fn diff(a: &RuleSet, b: &RuleSet) -> Vec<Change> {
    let mut changes = Vec::new();
    let general = Label { zh: "总则".to_owned(), en: "In general".to_owned() };
    compare(PROGRAMME, &general, &header(a), &header(b), &mut changes);
    for item in &b.items {
        let code = item.code.as_str();
        match a.item(code) {
            Some(old) => compare(code, &item.name, &facets(a, old), &facets(b, item), &mut changes),
            None => {
                let worth = both(|lang| item.worth_words(lang));
                changes.push(Change::added(code.to_owned(), item.name.clone(), worth));
            }
        }
    }
    for old in a.items.iter().filter(|old| b.item(old.code.as_str()).is_none()) {
        changes.push(Change::removed(old.code.to_string(), old.name.clone()));
    }
    changes
}

fn compare(subject: &str, name: &Label, old: &[Facet], new: &[Facet], changes: &mut Vec<Change>) {
    for ((zh, en, was), (_, _, now)) in old.iter().zip(new) {
        if was != now {
            changes.push(Change::facet(subject.to_owned(), name.clone(), (zh, en), was.clone(), now.clone()));
        }
    }
}

fn same(text: &impl ToString) -> Label {
    Label { zh: text.to_string(), en: text.to_string() }
}

fn both(of: impl Fn(Lang) -> String) -> Label {
    Label { zh: of(Lang::Zh), en: of(Lang::En) }
}

/// `无` and `none` for an empty list.
pub(super) fn list(parts: &[Label]) -> Label {
    if parts.is_empty() {
        return Label { zh: "无".to_owned(), en: "none".to_owned() };
    }
    let join = |lang: Lang, by: &str| parts.iter().map(|p| p.get(lang)).collect::<Vec<_>>().join(by);
    Label { zh: join(Lang::Zh, "、"), en: join(Lang::En, ", ") }
}

fn header(set: &RuleSet) -> Vec<Facet> {
    let p = &set.programme;
    let points = |minor: i64| same(&rust_decimal::Decimal::new(minor, super::SCALE).normalize());
    let routes: Vec<_> = set.routes.iter().map(said::route).collect();
    let exclusives: Vec<_> = set
        .exclusives
        .iter()
        .map(|g| {
            let codes: Vec<_> =
                g.members.iter().chain(&g.outside).map(crate::domain::rule::ItemCode::as_str).collect();
            same(&format!("{{{}}}", codes.join(", ")))
        })
        .collect();
    vec![
        ("名称", "name", p.name.clone()),
        ("版本", "version", same(&p.version)),
        ("生效日", "effective", same(&p.effective_from)),
        ("账户", "account", said::account(p.account)),
        ("单位", "unit", p.unit.clone()),
        ("每分兑换价（分钱）", "fen a point", same(&p.rate_fen)),
        ("年度基础评比分", "base honor score", points(p.base_honor)),
        ("评比分下限", "honor floor", points(p.honor_floor)),
        ("年度发行额度", "annual ceiling", points(p.annual_ceiling)),
        ("月度系数", "monthly factor", same(&p.monthly_factor.normalize())),
        ("每月可兑换上限", "redeemable a month", points(p.cap_month)),
        ("每年可兑换上限", "redeemable a year", points(p.cap_year)),
        ("记分周期", "award period", said::period(p.award_period)),
        ("兑换日", "redeem days", said::redeem(&p.redeem_days)),
        ("公示计日", "notice days are", said::notice(p.notice_mode)),
        ("R0 上限", "R0 up to", points(p.r0_max)),
        ("有效期", "expiry", said::expiry(&p.expiry)),
        ("单笔兑换上限", "order limit", points(p.counter.order_max)),
        ("积分卡每日上限", "cards a day", points(p.counter.card_day_max)),
        ("积分卡免密上限", "card without PIN up to", points(p.counter.card_pin_above)),
        ("手机码有效秒数", "phone code lives (s)", same(&p.counter.code_seconds)),
        ("密码错几次锁住", "wrong PINs that block", same(&p.counter.pin_tries)),
        ("办理路径", "routes", list(&routes)),
        ("互斥", "exclusive groups", list(&exclusives)),
    ]
}

fn facets(set: &RuleSet, item: &crate::domain::rule::Item) -> Vec<Facet> {
    let name = |code: &String, found: Option<&Label>| found.cloned().unwrap_or_else(|| same(code));
    let verifiers: Vec<_> = item.verifiers.iter().map(|b| name(b, set.body(b))).collect();
    let bases: Vec<_> = item.basis.iter().map(|b| name(b, set.basis(b).map(|b| &b.title))).collect();
    let caps: Vec<_> = item.caps.iter().map(|cap| both(|lang| cap.words(lang))).collect();
    let quota: Vec<_> = item.quota.iter().map(|q| both(|lang| q.words(lang))).collect();
    let recorders: Vec<_> = item.recorders.iter().map(|r| both(|lang| r.word(lang).to_owned())).collect();
    let yes = |flag: bool| {
        let (zh, en) = if flag { ("是", "yes") } else { ("否", "no") };
        Label { zh: zh.to_owned(), en: en.to_owned() }
    };
    let range = [item.min_quantity, item.max_quantity]
        .map(|n| n.map_or("–".to_owned(), |n| n.normalize().to_string()));
    let restores: Vec<_> = item
        .restores
        .iter()
        .flat_map(|r| r.items.iter().map(same).chain([same(&format!("≤{} d", r.within_days))]))
        .collect();
    vec![
        ("名称", "name", item.name.clone()),
        ("类别", "category", set.category(&item.category).cloned().unwrap_or_else(|| same(&&item.category))),
        ("方向", "direction", said::direction(item.direction)),
        ("对象", "subject", said::subject(item.subject)),
        ("计入", "score", said::target(item.target)),
        ("分值", "worth", both(|lang| item.worth_words(lang))),
        ("单位", "unit", both(|lang| item.unit.word(lang).to_owned())),
        ("单次数量", "quantity of a claim", same(&range.join("…"))),
        ("上限", "caps", list(&caps)),
        ("超限处理", "over a cap", said::over_cap(item.over_cap)),
        ("名额", "quota", list(&quota)),
        ("就高不重复", "highest only", yes(item.highest_only)),
        ("佐证", "evidence", both(|lang| item.evidence.words(lang))),
        ("记录人", "recorders", list(&recorders)),
        ("核验", "verifiers", list(&verifiers)),
        ("路径", "route", same(&item.route)),
        ("公示天数", "notice days", same(&item.notice_days.map_or("–".to_owned(), |d| d.to_string()))),
        ("记服务时长", "saves hours", yes(item.service_minutes)),
        ("起始", "from", same(&item.effective_from.map_or("–".to_owned(), |d| d.to_string()))),
        ("截止", "until", same(&item.effective_until.map_or("–".to_owned(), |d| d.to_string()))),
        ("依据", "basis", list(&bases)),
        ("条件", "conditions", list(&item.conditions)),
        ("扣分前提醒", "reminders", same(&item.reminders.to_string())),
        ("修复", "restores", list(&restores)),
        ("暂停", "pauses", said::sanction(item.sanction)),
        ("隐去事由", "facts hidden", yes(item.hide_facts)),
        ("敏感", "sensitive", yes(item.sensitive)),
        ("启用", "in use", yes(item.enabled)),
    ]
}
