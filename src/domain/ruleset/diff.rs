//! What a revision changes, in plain words: for the assembly that adopts it and the township that files it.

use serde::Serialize;

use super::RuleSet;
use crate::domain::{lang::Lang, rule::Label};

/// One change between two rule sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What changed: an item's code, or `programme`, `routes`, `exclusives`.
    pub subject: String,
    /// How, in both languages.
    pub text: Label,
}

impl Change {
    /// The change in one line.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        format!("{}: {}", self.subject, self.text.get(lang))
    }
}

type Facet = (&'static str, &'static str, Label);

/// What differs from `a` to `b`: the header first, then each item in the order of the codes.
#[must_use]
pub fn diff(a: &RuleSet, b: &RuleSet) -> Vec<Change> {
    let mut changes = Vec::new();
    compare("programme", &header(a), &header(b), &mut changes);
    for item in &b.items {
        match a.item(item.code.as_str()) {
            Some(old) => compare(item.code.as_str(), &facets(a, old), &facets(b, item), &mut changes),
            None => changes.push(Change {
                subject: item.code.to_string(),
                text: Label {
                    zh: format!("新增 {}：{}", item.name.zh, item.worth_words(Lang::Zh)),
                    en: format!("added {}: {}", item.name.en, item.worth_words(Lang::En)),
                },
            }),
        }
    }
    for old in a.items.iter().filter(|old| b.item(old.code.as_str()).is_none()) {
        changes.push(Change {
            subject: old.code.to_string(),
            text: Label { zh: format!("取消 {}", old.name.zh), en: format!("removed {}", old.name.en) },
        });
    }
    changes
}

fn compare(subject: &str, old: &[Facet], new: &[Facet], changes: &mut Vec<Change>) {
    for ((zh, en, was), (_, _, is)) in old.iter().zip(new) {
        if was != is {
            changes.push(Change {
                subject: subject.to_owned(),
                text: Label {
                    zh: format!("{zh}由 {} 改为 {}", was.zh, is.zh),
                    en: format!("{en} from {} to {}", was.en, is.en),
                },
            });
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
fn list(parts: &[Label]) -> Label {
    if parts.is_empty() {
        return Label { zh: "无".to_owned(), en: "none".to_owned() };
    }
    let join = |lang: Lang, by: &str| parts.iter().map(|p| p.get(lang)).collect::<Vec<_>>().join(by);
    Label { zh: join(Lang::Zh, "、"), en: join(Lang::En, ", ") }
}

fn debug(value: &impl Serialize) -> Label {
    same(&serde_json::to_string(value).unwrap_or_default())
}

fn header(set: &RuleSet) -> Vec<Facet> {
    let p = &set.programme;
    let points = |minor: i64| same(&rust_decimal::Decimal::new(minor, super::SCALE).normalize());
    let routes: Vec<_> = set
        .routes
        .iter()
        .map(|r| {
            let from = r.from_points.map(|f| rust_decimal::Decimal::new(f, super::SCALE).normalize());
            let steps = serde_json::to_string(&r.steps).unwrap_or_default();
            let from = from.map_or_else(String::new, |f| format!(" ≥{f}"));
            same(&format!("{}{from} {steps} {}", r.route, r.notice_days))
        })
        .collect();
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
        ("账户", "account", debug(&p.account)),
        ("单位", "unit", p.unit.clone()),
        ("每分兑换价（分钱）", "fen a point", same(&p.rate_fen)),
        ("年度基础评比分", "base honor score", points(p.base_honor)),
        ("评比分下限", "honor floor", points(p.honor_floor)),
        ("年度发行额度", "annual ceiling", points(p.annual_ceiling)),
        ("月度系数", "monthly factor", same(&p.monthly_factor.normalize())),
        ("每月可兑换上限", "redeemable a month", points(p.cap_month)),
        ("每年可兑换上限", "redeemable a year", points(p.cap_year)),
        ("记分周期", "award period", debug(&p.award_period)),
        ("兑换日", "redeem days", debug(&p.redeem_days)),
        ("公示计日", "notice days are", debug(&p.notice_mode)),
        ("R0 上限", "R0 up to", points(p.r0_max)),
        ("有效期", "expiry", debug(&p.expiry)),
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
        ("方向", "direction", debug(&item.direction)),
        ("对象", "subject", debug(&item.subject)),
        ("计入", "score", debug(&item.target)),
        ("分值", "worth", both(|lang| item.worth_words(lang))),
        ("单位", "unit", both(|lang| item.unit.word(lang).to_owned())),
        ("单次数量", "quantity of a claim", same(&range.join("…"))),
        ("上限", "caps", list(&caps)),
        ("超限处理", "over a cap", debug(&item.over_cap)),
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
        ("修复", "restores", list(&restores)),
        ("暂停", "pauses", debug(&item.sanction)),
        ("隐去事由", "facts hidden", yes(item.hide_facts)),
        ("敏感", "sensitive", yes(item.sensitive)),
        ("启用", "in use", yes(item.enabled)),
    ]
}
