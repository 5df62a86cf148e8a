//! How the time bank does: four figures of a year with their course, for clerks, auditors and the township. Nobody is
//! ranked, and what stands out is a place to look.

use askama::Template;
use axum::{extract::State, response::IntoResponse};

use crate::{
    domain::timebank::supervision::{EARNED_TIMES, Month, UNFILLED, YOUNG_BELOW},
    http::{As, HttpResult, Query},
    service::{Desk, caller::Bookkeeper, timebank::supervision::Supervision},
    text::fairness::per_cent,
    web::{
        audit::fairness::{MonthAsked, month_of, month_text},
        chart::{Limit, Mark, Series, Shape},
        page::{Chrome, Page},
    },
};

#[derive(Template)]
#[template(path = "time/supervision.html", config = ".askama.toml")]
struct SupervisionPage {
    chrome: Chrome,
    month: String,
    view: Supervision,
}

impl SupervisionPage {
    fn series(
        &self,
        title: &str,
        head: &str,
        say: fn(i64) -> String,
        of: &dyn Fn(&Month) -> (i64, String),
    ) -> Series {
        let mark = |month: &Month| {
            let (value, text) = of(month);
            Mark { label: month_text(month.first), tick: month.first.ymd().1.to_string(), value, text }
        };
        Series {
            title: title.to_owned(),
            heads: (self.chrome.t.fair_month().to_owned(), head.to_owned()),
            marks: self.view.months.iter().map(mark).collect(),
            limit: None,
            shape: Shape::Columns,
            say,
        }
    }

    fn earned_chart(&self) -> Series {
        let t = self.chrome.t;
        self.series(t.watch_earned(), t.watch_hours(), in_hours, &|m| (m.earned, t.service_time(m.earned)))
    }

    fn drawn_chart(&self) -> Series {
        let t = self.chrome.t;
        let words = |m: &Month| t.watch_drawn_mark(t.service_time(m.drawn), t.service_time(m.pooled));
        self.series(t.watch_drawn(), t.watch_hours(), in_hours, &|m| (m.drawn + m.pooled, words(m)))
    }

    fn wait_chart(&self) -> Series {
        let t = self.chrome.t;
        self.series(t.watch_wait(), t.watch_median(), |v| v.to_string(), &|m| {
            (m.wait_median.unwrap_or(0) / 3_600, self.wait(&m.wait_median))
        })
    }

    fn unfilled_chart(&self) -> Series {
        let t = self.chrome.t;
        let words = |m: &Month| t.watch_part(m.unfilled.part, m.unfilled.whole, t.percent(m.unfilled));
        let chart = self.series(t.watch_unfilled(), t.watch_share(), per_cent, &|m| {
            (m.unfilled.per_mille().unwrap_or(0), words(m))
        });
        Series {
            limit: Some(Limit { value: UNFILLED, label: t.watch_limit(per_cent(UNFILLED)) }),
            shape: Shape::Line,
            ..chart
        }
    }

    fn wait(&self, seconds: &Option<i64>) -> String {
        let t = self.chrome.t;
        seconds.map_or_else(|| "—".to_owned(), |seconds| t.service_time(seconds / 60))
    }

    /// 存 5.2 小时，取 1 小时.
    fn ratio(&self) -> String {
        let t = self.chrome.t;
        let times = self.view.year.earned_to_drawn();
        times.map_or_else(
            || t.watch_nothing_drawn().to_owned(),
            |times| t.watch_ratio(crate::domain::amount::points(times)),
        )
    }

    fn badge(&self, stands_out: bool) -> (&'static str, &'static str) {
        let t = self.chrome.t;
        if stands_out { ("warn", t.fair_look()) } else { ("good", t.fair_usual()) }
    }

    fn ratio_badge(&self) -> (&'static str, &'static str) {
        let year = &self.view.year;
        self.badge(year.earned > 0 && year.earned_to_drawn().is_none_or(|times| times > EARNED_TIMES))
    }

    fn unfilled_badge(&self) -> (&'static str, &'static str) {
        self.badge(self.view.year.unfilled.per_mille().is_some_and(|share| share > UNFILLED))
    }

    fn young_below(&self) -> i32 {
        YOUNG_BELOW
    }
}

/// Minutes on an axis, in hours.
fn in_hours(minutes: i64) -> String {
    (minutes / 60).to_string()
}

pub(super) async fn page(
    State(desk): State<Desk>,
    by: As<Bookkeeper>,
    chrome: Chrome,
    Query(asked): Query<MonthAsked>,
) -> HttpResult<impl IntoResponse> {
    let day = if asked.month.trim().is_empty() { desk.today() } else { month_of(&desk, &asked.month)? };
    let view = desk.time_supervision(&by, day).await?;
    let title = chrome.t.watch_title();
    Ok(Page(SupervisionPage { chrome: chrome.titled(title), month: month_text(day), view }))
}
