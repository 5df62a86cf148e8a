//! Favouritism made visible: six figures of a month with their definitions, thresholds, charts and the lines behind each.
//! They change nothing and rank nobody.

use askama::Template;
use axum::{Router, extract::State, routing::get};
use serde::Deserialize;

use crate::{
    domain::{
        fairness::{
            CADRE_TIMES, CadreShare, LAST_DAYS, LAST_DAYS_TIMES, LINES_MIN, ONE_HOUSEHOLD, PairFigure, ROUND,
            RecorderFigure, Share, too_round,
        },
        time::Day,
    },
    http::{AppState, As, HttpResult, Query, error::escape_query},
    service::{
        Desk,
        award::lines::AwardLine,
        caller::Auditor,
        fairness::{Fairness, LinesAsked},
        refuse,
    },
    text::{T, fairness::per_cent},
    web::{
        chart::{Bars, Limit, Mark, Series, Shape},
        page::{Chrome, Page},
    },
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new().route("/audit/fairness", get(figures)).route("/audit/fairness/lines", get(lines))
}

/// Which month: `2026-10`; left out, the last that is over.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct MonthAsked {
    #[serde(default)]
    pub(in crate::web) month: String,
}

/// The first day of the month that was asked for.
pub(in crate::web) fn month_of(desk: &Desk, text: &str) -> HttpResult<Day> {
    match text.trim() {
        "" => Ok(desk.last_month()),
        text => Ok(format!("{text}-01").parse().map_err(|_| refuse("bad_query").with("reason", "month"))?),
    }
}

/// `2026-10`.
pub(in crate::web) fn month_text(first: Day) -> String {
    let (year, month, _) = first.ymd();
    format!("{year:04}-{month:02}")
}

#[derive(Template)]
#[template(path = "audit/fairness.html", config = ".askama.toml")]
struct FiguresPage {
    chrome: Chrome,
    month: String,
    view: Fairness,
    /// Of how many with a role of the village nobody has said who they are.
    unsaid: usize,
}

impl FiguresPage {
    fn badge(&self, stands_out: bool) -> (&'static str, &'static str) {
        let t = self.chrome.t;
        if stands_out { ("warn", t.fair_look()) } else { ("good", t.fair_usual()) }
    }

    fn cadres_badge(&self) -> (&'static str, &'static str) {
        self.badge(self.view.cadres.stands_out())
    }

    fn recorder_badge(&self, figure: &RecorderFigure) -> (&'static str, &'static str) {
        self.badge(figure.concentrated() || figure.generous())
    }

    fn month_end_badge(&self) -> (&'static str, &'static str) {
        self.badge(self.view.month_end.stands_out())
    }

    fn round_badge(&self) -> (&'static str, &'static str) {
        self.badge(too_round(self.view.round))
    }

    fn photos_badge(&self) -> (&'static str, &'static str) {
        self.badge(!self.view.reused.is_empty())
    }

    fn pair_words(&self, pair: &PairFigure) -> Vec<&'static str> {
        let t = self.chrome.t;
        let mut words = Vec::new();
        if pair.always_each_other {
            words.push(t.fair_each_other());
        }
        if pair.always_the_same() {
            words.push(t.fair_always());
        }
        words
    }

    fn behind(&self, more: &str) -> String {
        format!("/audit/fairness/lines?month={}{more}", self.month)
    }

    fn of_recorder(&self, recorder: &str) -> String {
        self.behind(&format!("&recorder={}", escape_query(recorder)))
    }

    fn of_pair(&self, pair: &PairFigure) -> String {
        let (recorder, reviewer) = (&pair.count.recorder, &pair.count.reviewer);
        let more = format!("&recorder={}&reviewer={}", escape_query(recorder), escape_query(reviewer));
        self.behind(&more)
    }

    fn cadres_chart(&self) -> Series {
        let t = self.chrome.t;
        let mark = |(first, share): &(Day, CadreShare)| Mark {
            label: month_text(*first),
            tick: first.ymd().1.to_string(),
            value: share.times().unwrap_or(0),
            text: t.fair_cadres_mark(
                t.factor(share.times()),
                t.percent(share.points),
                t.percent(share.people),
            ),
        };
        Series {
            title: t.fair_cadres_chart().to_owned(),
            heads: (t.fair_month().to_owned(), t.fair_cadres_head().to_owned()),
            marks: self.view.course.iter().map(mark).collect(),
            limit: Some(times_limit(t, CADRE_TIMES)),
            shape: Shape::Line,
            say: crate::domain::amount::points,
        }
    }

    /// Those with enough lines to say something.
    fn recorders_chart(&self) -> Bars {
        let t = self.chrome.t;
        let many = self.view.recorders.iter().filter(|(_, figure)| figure.count.lines >= LINES_MIN);
        let mark = |(name, figure): &(String, RecorderFigure)| share_mark(t, name, figure.one);
        Bars {
            title: t.fair_recorders_chart().to_owned(),
            heads: (t.fair_recorder().to_owned(), t.fair_one().to_owned()),
            marks: many.map(mark).collect(),
            limit: Some(share_limit(t, ONE_HOUSEHOLD)),
        }
    }

    fn pairs_chart(&self) -> Bars {
        let t = self.chrome.t;
        let mark = |(recorder, reviewer, pair): &(String, String, PairFigure)| {
            share_mark(t, &t.fair_pair(recorder, reviewer), pair.of_recorder)
        };
        Bars {
            title: t.fair_pairs_chart().to_owned(),
            heads: (t.fair_recorder().to_owned(), t.fair_reviewer().to_owned()),
            marks: self.view.pairs.iter().map(mark).collect(),
            limit: None,
        }
    }

    /// Three days at a time, counted from the end, so that the last mark is the last days.
    fn days_chart(&self) -> Series {
        let t = self.chrome.t;
        let (first, next) = self.view.month;
        let width = i32::try_from(LAST_DAYS).unwrap_or(1);
        let mut marks = Vec::new();
        let mut end = next;
        while end > first {
            let start = end.plus(-width).max(first);
            let days = i64::from(start.number())..i64::from(end.number());
            let value = self.view.days.iter().filter(|d| days.contains(&d.day)).map(|d| d.lines).sum();
            let (from, to) = (start.ymd().2, end.plus(-1).ymd().2);
            let label = t.fair_days_mark(from, to);
            marks.push(Mark { label, tick: to.to_string(), value, text: format!("{value}") });
            end = start;
        }
        marks.reverse();
        let end = self.view.month_end;
        let value = end.even() * LAST_DAYS_TIMES / 100;
        let limit = (end.lines.whole >= LINES_MIN).then(|| Limit { value, label: t.fair_limit_lines(value) });
        Series {
            title: t.fair_days_chart().to_owned(),
            heads: (t.fair_day().to_owned(), t.fair_line_count().to_owned()),
            marks,
            limit,
            shape: Shape::Columns,
            say: |value| value.to_string(),
        }
    }

    fn last_days(&self) -> String {
        let end = self.view.month_end;
        let t = self.chrome.t;
        t.fair_last_days(end.lines.part, end.lines.whole, t.factor(end.times()))
    }

    fn round_chart(&self) -> Bars {
        let t = self.chrome.t;
        let share = self.view.round;
        let text = t.fair_round_mark(share.part, share.whole, t.percent(share));
        let value = share.per_mille().unwrap_or(0);
        Bars {
            title: String::new(),
            heads: (t.fair_round().to_owned(), t.fair_line_count().to_owned()),
            marks: vec![Mark { label: t.fair_round_chart().to_owned(), tick: String::new(), value, text }],
            limit: (share.whole >= LINES_MIN).then(|| share_limit(t, ROUND)),
        }
    }

    fn photos_chart(&self) -> Bars {
        let t = self.chrome.t;
        let same = self.view.reused.iter().filter(|r| r.same).count();
        let counts = [
            (t.fair_photos_all(), self.view.photos),
            (t.fair_same(), same),
            (t.fair_alike(), self.view.reused.len() - same),
        ];
        let mark = |(label, count): (&str, usize)| Mark {
            label: label.to_owned(),
            tick: String::new(),
            value: i64::try_from(count).unwrap_or(i64::MAX),
            text: count.to_string(),
        };
        Bars {
            title: t.fair_photos_chart().to_owned(),
            heads: (t.fair_photos().to_owned(), t.fair_line_count().to_owned()),
            marks: counts.into_iter().map(mark).collect(),
            limit: None,
        }
    }
}

fn share_mark(t: T, label: &str, share: Share) -> Mark {
    Mark {
        label: label.to_owned(),
        tick: String::new(),
        value: share.per_mille().unwrap_or(0),
        text: t.percent(share),
    }
}

fn share_limit(t: T, value: i64) -> Limit {
    Limit { value, label: t.fair_limit_share(per_cent(value)) }
}

fn times_limit(t: T, value: i64) -> Limit {
    Limit { value, label: t.fair_limit_times(crate::domain::amount::points(value)) }
}

async fn figures(
    State(desk): State<Desk>,
    by: As<Auditor>,
    chrome: Chrome,
    Query(asked): Query<MonthAsked>,
) -> HttpResult<Page<impl Template>> {
    let view = desk.fairness(&by, month_of(&desk, &asked.month)?).await?;
    let month = month_text(view.month.0);
    let title = chrome.t.fair_title();
    let unsaid = desk.unsaid(&by).await?;
    Ok(Page(FiguresPage { chrome: chrome.titled(title), month, view, unsaid }))
}

/// Which lines.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    month: String,
    #[serde(default)]
    recorder: String,
    #[serde(default)]
    reviewer: String,
    #[serde(default)]
    of: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    fn lines(&self) -> LinesAsked {
        LinesAsked {
            recorder: self.recorder.clone(),
            reviewer: self.reviewer.clone(),
            cadres: self.of == "cadres",
            last_days: self.of == "last_days",
            measured: self.of == "measured",
            after: self.after.parse().unwrap_or(0),
        }
    }

    fn next(&self, month: &str, after: i64) -> String {
        let fields = [("recorder", &self.recorder), ("reviewer", &self.reviewer), ("of", &self.of)];
        let given = fields.iter().filter(|(_, value)| !value.is_empty());
        let more: String = given.map(|(name, value)| format!("&{name}={}", escape_query(value))).collect();
        format!("/audit/fairness/lines?month={month}&after={after}{more}")
    }
}

#[derive(Template)]
#[template(path = "audit/fairness_lines.html", config = ".askama.toml")]
struct LinesPage {
    chrome: Chrome,
    month: String,
    lines: Vec<AwardLine>,
    next: Option<String>,
}

impl LinesPage {
    fn state(&self, line: &AwardLine) -> &'static str {
        self.chrome.t.award_state(line.award.state.as_str())
    }
}

async fn lines(
    State(desk): State<Desk>,
    by: As<Auditor>,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> HttpResult<Page<impl Template>> {
    let first = month_of(&desk, &asked.month)?;
    let month = month_text(first);
    let (lines, more) = desk.fairness_lines(&by, first, &asked.lines()).await?;
    let next = more.map(|after| asked.next(&month, after));
    let title = chrome.t.fair_lines_title();
    Ok(Page(LinesPage { chrome: chrome.titled(title), month, lines, next }))
}
