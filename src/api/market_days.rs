//! Market days of counters: the calendar, single days, when they open next.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{
        ids::CounterId,
        lang::Lang,
        lunar,
        market::{Hours, MarketDay, Opening, OpeningRule, Otherwise, RuleKind, When, rule::clock},
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Path},
    service::{
        Desk, ServiceError,
        caller::{Clerk, Staff},
        market::{CounterCalendar, NewCalendar, NewException, NextOpening, invalid_rule, read_rules},
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(calendar, set)).routes(routes!(set_day)).routes(routes!(openings))
}

/// Which days, and from when to when.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DayRule {
    /// `every_day`, `weekdays`, `month_days`, `dates`, `lunar_days`, `solar_digits`, `lunar_digits` or `cycle`.
    #[schema(value_type = String, example = "solar_digits")]
    kind: RuleKind,
    /// `3,6` (days of the week or month, last digits), `2026-12-01` (dates), `1,12-23` (lunar), `2026-11-01/5` (cycle).
    #[serde(default)]
    #[schema(example = "3,8")]
    on: String,
    /// When it opens.
    #[schema(example = "08:00")]
    opens: String,
    /// When it closes.
    #[schema(example = "11:30")]
    closes: String,
}

impl From<&OpeningRule> for DayRule {
    fn from(rule: &OpeningRule) -> Self {
        let (opens, closes) = (rule.hours.opens_text(), rule.hours.closes_text());
        Self { kind: rule.when.kind(), on: rule.when.to_string(), opens, closes }
    }
}

impl DayRule {
    fn read(&self) -> Result<OpeningRule, ServiceError> {
        let when = When::parse(self.kind, &self.on).map_err(invalid_rule)?;
        Ok(OpeningRule { when, hours: Hours::parse(&self.opens, &self.closes).map_err(invalid_rule)? })
    }
}

/// A calendar of a counter.
#[derive(Serialize, ToSchema)]
struct CalendarOfCounter {
    /// From this day on.
    #[schema(value_type = String, format = Date)]
    first_day: Day,
    /// Nothing is handed over on other days.
    refuse_outside: bool,
    /// Which days.
    rules: Vec<DayRule>,
    /// When it was entered.
    #[schema(value_type = String, format = DateTime)]
    entered_at: Timestamp,
}

/// A single day that is otherwise.
#[derive(Serialize, ToSchema)]
struct SingleDay {
    /// The day.
    #[schema(value_type = String, format = Date)]
    day: Day,
    /// `open`, `closed` or `usual`.
    opening: String,
    /// When it opens, of one that opens.
    opens: Option<String>,
    /// When it closes.
    closes: Option<String>,
    /// What everybody reads.
    reason: String,
    /// When it was entered.
    #[schema(value_type = String, format = DateTime)]
    entered_at: Timestamp,
}

/// A day on which a counter opens.
#[derive(Serialize, ToSchema)]
pub(super) struct OpenDay {
    /// The day.
    #[schema(value_type = String, format = Date)]
    day: Day,
    /// The lunar day, `10-20`.
    lunar: Option<String>,
    /// From when to when, `08:00-11:30`; none where it is open always.
    hours: Vec<String>,
}

impl From<&MarketDay> for OpenDay {
    fn from(of: &MarketDay) -> Self {
        let hours = match &of.opening {
            Opening::Open { hours, .. } => hours.iter().map(ToString::to_string).collect(),
            Opening::Always | Opening::Shut { .. } => Vec::new(),
        };
        let lunar = lunar::of(of.day).map(|l| l.words(Lang::En));
        Self { day: of.day, lunar, hours }
    }
}

/// All about a counter's days.
#[derive(Serialize, ToSchema)]
struct CounterDays {
    /// The next day on which it opens; none where the calendar names no further day.
    next: Option<OpenDay>,
    /// Calendars in the order in which they were entered: of those that have begun the last holds. None: open always.
    calendars: Vec<CalendarOfCounter>,
    /// Single days, likewise.
    single_days: Vec<SingleDay>,
}

fn shown(desk: &Desk, file: &CounterCalendar) -> Result<CounterDays, ServiceError> {
    let mut calendars = Vec::new();
    for row in &file.calendars {
        calendars.push(CalendarOfCounter {
            first_day: row.first_day,
            refuse_outside: row.refuse_outside,
            rules: read_rules(row)?.iter().map(DayRule::from).collect(),
            entered_at: row.entered_at,
        });
    }
    let time = |minute: Option<i64>| minute.and_then(|m| u16::try_from(m).ok()).map(clock);
    let single = file.exceptions.iter().map(|row| SingleDay {
        day: row.day,
        opening: row.kind.clone(),
        opens: time(row.opens),
        closes: time(row.closes),
        reason: row.reason.clone(),
        entered_at: row.entered_at,
    });
    let next = file.openings.next_at(desk.now());
    Ok(CounterDays { next: next.as_ref().map(OpenDay::from), calendars, single_days: single.collect() })
}

/// Reads a counter's calendar, single days and next opening day.
#[utoipa::path(
    get, path = "/counters/{id}/calendar", tag = "counter", operation_id = "get_market_calendar",
    params(("id" = String, Path, description = "The counter")),
    responses((status = 200, description = "The calendar", body = CounterDays),
        (status = 404, description = "No such counter", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn calendar(
    State(desk): State<Desk>,
    by: As<Staff>,
    Path(id): Path<CounterId>,
) -> HttpResult<Json<CounterDays>> {
    let file = desk.market_calendar(by.book, id).await?;
    Ok(Json(shown(&desk, &file)?))
}

/// A calendar to be set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CalendarInput {
    /// From this day on; today or later.
    #[schema(value_type = String, format = Date)]
    first_day: Day,
    /// One to eight.
    rules: Vec<DayRule>,
    /// Nothing is handed over on other days; otherwise the shopkeeper is only warned.
    #[serde(default)]
    refuse_outside: bool,
}

/// Sets the calendar of a counter from a day on; it takes the place of the one before.
#[utoipa::path(
    post, path = "/counters/{id}/calendar", tag = "counter", operation_id = "set_market_calendar",
    params(("id" = String, Path, description = "The counter")), request_body = CalendarInput,
    responses((status = 200, description = "Set", body = CounterDays),
        (status = 404, description = "No such counter", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn set(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<CounterId>,
    Json(input): Json<CalendarInput>,
) -> HttpResult<Json<CounterDays>> {
    let rules = input.rules.iter().map(DayRule::read).collect::<Result<_, _>>()?;
    let new = NewCalendar { first_day: input.first_day, rules, refuse_outside: input.refuse_outside };
    let file = desk.set_market_calendar(&by, id, &new).await?;
    Ok(Json(shown(&desk, &file)?))
}

/// A single day to be set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SingleDayInput {
    /// The day; today or later.
    #[schema(value_type = String, format = Date)]
    day: Day,
    /// `open`, `closed`, or `usual` to take back what was said of it.
    #[schema(value_type = String)]
    opening: Otherwise,
    /// Only of one that opens.
    opens: Option<String>,
    /// Only of one that opens.
    closes: Option<String>,
    /// What everybody reads.
    reason: String,
}

/// Says of a single day that the counter opens, stays shut, or is as usual after all.
#[utoipa::path(
    post, path = "/counters/{id}/calendar/days", tag = "counter", operation_id = "set_market_day",
    params(("id" = String, Path, description = "The counter")), request_body = SingleDayInput,
    responses((status = 200, description = "Set", body = CounterDays),
        (status = 404, description = "No such counter", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn set_day(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<CounterId>,
    Json(input): Json<SingleDayInput>,
) -> HttpResult<Json<CounterDays>> {
    let hours = match (input.opens, input.closes) {
        (None, None) => None,
        (opens, closes) => {
            let (opens, closes) = (opens.unwrap_or_default(), closes.unwrap_or_default());
            Some(Hours::parse(&opens, &closes).map_err(invalid_rule)?)
        }
    };
    let new = NewException { day: input.day, kind: input.opening, hours, reason: input.reason };
    let file = desk.set_market_day(&by, id, &new).await?;
    Ok(Json(shown(&desk, &file)?))
}

/// When a counter opens next.
#[derive(Serialize, ToSchema)]
struct CounterOpening {
    /// The counter.
    counter: String,
    /// Its name.
    name: String,
    /// The same in English.
    name_en: String,
    /// Whether today is a market day.
    open_today: bool,
    /// The next; none where the calendar names no further day.
    next: Option<OpenDay>,
}

impl From<NextOpening> for CounterOpening {
    fn from(of: NextOpening) -> Self {
        Self {
            counter: of.counter.id.to_string(),
            name: of.counter.name,
            name_en: of.counter.name_en,
            open_today: of.today.is_open(),
            next: of.next.as_ref().map(OpenDay::from),
        }
    }
}

/// Tells everybody when the counters of a village open next; those without a calendar are open always and left out.
#[utoipa::path(
    get, path = "/board/{village}/openings", tag = "counter", operation_id = "board_openings",
    params(("village" = i64, Path)),
    responses((status = 200, description = "Counters with a calendar", body = Vec<CounterOpening>),
        (status = 404, description = "No such village", body = Problem))
)]
async fn openings(
    State(desk): State<Desk>,
    Path(village): Path<i64>,
) -> HttpResult<Json<Vec<CounterOpening>>> {
    let book = desk.public_book(village).await?.book_id;
    Ok(Json(desk.next_openings(book).await?.into_iter().map(CounterOpening::from).collect()))
}
