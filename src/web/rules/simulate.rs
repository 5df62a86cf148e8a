//! A draft tried out, for those who work on it: points by month and item against the ceiling, what the limits held back,
//! what never fires, how long the money lasts.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    domain::{
        amount::{points, yuan},
        ids::ProposalId,
        money::{COVERAGE_STOP, COVERAGE_WARN},
        simulate::{ItemOutcome, Outcome},
        time::Day,
    },
    http::{As, HttpResult, Path, Query},
    service::{
        Desk,
        caller::Staff,
        proposal::simulate::{Basis, Trial},
    },
    text::T,
    web::{
        chart::{Bars, Limit, Mark, Series, Shape},
        page::{Chrome, Page},
    },
};

/// Which facts.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ByQuery {
    by: String,
}

/// An item that limits held back, as text.
struct HeldBack {
    name: String,
    refused: String,
    cut: u32,
}

/// What there is behind the points, as text.
struct Behind {
    backing: String,
    coverage: String,
    tone: &'static str,
    lasts: String,
}

#[derive(Template)]
#[template(path = "rules/simulate.html", config = ".askama.toml")]
struct SimulationPage {
    chrome: Chrome,
    id: ProposalId,
    recorded: bool,
    hint: String,
    verdict: String,
    breaks: Option<String>,
    points: String,
    cost: String,
    in_force: Option<String>,
    reached: String,
    counted: String,
    behind: Option<Behind>,
    months: Series,
    so_far: Series,
    items: Bars,
    held_back: Vec<HeldBack>,
    never: Vec<String>,
    unknown: Vec<String>,
}

/// A draft tried out.
pub async fn page(
    State(desk): State<Desk>,
    As(by): As<Staff>,
    chrome: Chrome,
    Path(id): Path<ProposalId>,
    Query(query): Query<ByQuery>,
) -> HttpResult<Response> {
    super::list::insider(&by)?;
    let t = chrome.t;
    let basis = if query.by == "stated" { Basis::Stated } else { Basis::Recorded };
    let file = desk.proposal(by.book, id).await?;
    let trial = desk.try_draft(by.book, id, basis).await?;
    let chrome = chrome.titled(t.sim_title(file.row.title));
    Ok(Page(build(chrome, id, &trial)).into_response())
}

fn build(chrome: Chrome, id: ProposalId, trial: &Trial) -> SimulationPage {
    let t = chrome.t;
    let out = &trial.draft;
    let (total, ceiling, percent) = (points(out.points), points(out.ceiling), out.of_ceiling_percent());
    let last = trial.until.plus(-1);
    SimulationPage {
        id,
        recorded: trial.basis == Basis::Recorded,
        hint: match trial.basis {
            Basis::Recorded => t.sim_recorded_hint(trial.first, last),
            Basis::Stated => t.sim_stated_hint(trial.first, last),
        },
        verdict: match out.overrun {
            None => t.sim_within(&total, ceiling, percent),
            Some(_) => t.sim_over(&total, ceiling, percent),
        },
        breaks: out.overrun.map(|o| t.sim_breaks(month(o.month), points(o.shortage))),
        cost: t.yuan_amount(yuan(out.fen)),
        in_force: trial.in_force.as_ref().map(|o| t.points_amount(points(o.points))),
        reached: t.sim_households(out.reached, out.households, points(out.reached_permille() * 10)),
        counted: t.sim_counted(out.awards, out.facts),
        behind: behind(t, trial),
        months: months(t, out),
        so_far: so_far(t, out),
        items: items(t, out),
        held_back: out.items.iter().filter_map(|item| held_back(t, item)).collect(),
        never: out.never.iter().map(|code| named(t, out, code.as_str())).collect(),
        unknown: out.unknown.iter().map(|(item, count)| t.sim_unknown_of(item, count)).collect(),
        points: t.points_amount(total),
        chrome,
    }
}

/// `2026-11`.
fn month(day: Day) -> String {
    let (year, month, _) = day.ymd();
    format!("{year}-{month:02}")
}

fn behind(t: T, trial: &Trial) -> Option<Behind> {
    let money = trial.draft.money?;
    let ratio = |of: Option<i64>| of.map_or_else(|| "—".to_owned(), points);
    let after = money.coverage_after;
    Some(Behind {
        backing: if money.backing_fen > 0 {
            t.yuan_amount(yuan(money.backing_fen))
        } else {
            t.sim_no_money().to_owned()
        },
        coverage: t.sim_coverage_of(ratio(money.coverage_before), ratio(after)),
        tone: match after {
            Some(after) if after < COVERAGE_STOP => "bad",
            Some(after) if after < COVERAGE_WARN => "warn",
            _ => "good",
        },
        lasts: trial.runs_out.map_or_else(|| t.sim_lasts().to_owned(), |day| t.sim_until(day)),
    })
}

/// Whole points, for the side of a picture.
fn short(minor: i64) -> String {
    (minor / 100).to_string()
}

fn months(t: T, out: &Outcome) -> Series {
    let marks = out.months.iter().map(|m| Mark {
        label: month(m.month),
        tick: m.month.ymd().1.to_string(),
        value: m.points,
        text: points(m.points),
    });
    Series {
        title: t.sim_by_month().to_owned(),
        heads: (t.sim_month().to_owned(), t.points().to_owned()),
        marks: marks.collect(),
        limit: Some(Limit { value: out.soft_ceiling, label: t.sim_soft(short(out.soft_ceiling)) }),
        shape: Shape::Columns,
        say: short,
    }
}

fn so_far(t: T, out: &Outcome) -> Series {
    let marks = out.months.iter().map(|m| Mark {
        label: month(m.month),
        tick: m.month.ymd().1.to_string(),
        value: m.so_far,
        text: points(m.so_far),
    });
    Series {
        title: t.sim_so_far().to_owned(),
        heads: (t.sim_month().to_owned(), t.points().to_owned()),
        marks: marks.collect(),
        limit: Some(Limit { value: out.ceiling, label: t.sim_ceiling(points(out.ceiling)) }),
        shape: Shape::Line,
        say: short,
    }
}

fn items(t: T, out: &Outcome) -> Bars {
    let mut fired: Vec<&ItemOutcome> = out.items.iter().filter(|i| i.points > 0).collect();
    fired.sort_by_key(|i| std::cmp::Reverse(i.points));
    let marks = fired.into_iter().map(|i| Mark {
        label: format!("{} {}", i.item, i.name.get(t.lang())),
        tick: String::new(),
        value: i.points,
        text: t.sim_item_figure(points(i.points), i.households),
    });
    Bars {
        title: t.sim_by_item().to_owned(),
        heads: (t.sim_item().to_owned(), t.points().to_owned()),
        marks: marks.collect(),
        limit: None,
    }
}

fn held_back(t: T, item: &ItemOutcome) -> Option<HeldBack> {
    if item.refused.is_empty() && item.cut == 0 {
        return None;
    }
    let reasons: Vec<_> = item.refused.iter().map(|(why, n)| format!("{} {n}", t.sim_reason(why))).collect();
    let name = format!("{} {}", item.item, item.name.get(t.lang()));
    Some(HeldBack { name, refused: reasons.join(" · "), cut: item.cut })
}

fn named(t: T, out: &Outcome, code: &str) -> String {
    let found = out.items.iter().find(|i| i.item.as_str() == code);
    format!("{code} {}", found.map_or("", |i| i.name.get(t.lang())))
}
