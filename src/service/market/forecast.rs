//! What to buy before the next market day, article by article, from what was taken on the last ones.

use std::collections::HashMap;

use super::{days::days_before, on_file};
use crate::{
    domain::{
        chart::AccountKind,
        forecast::{DAYS_MAX, Forecast, Known, forecast},
        ids::{BookId, CounterId},
        market::MarketDay,
        posting::Commodity,
        stock::EXPIRY_ALERT_DAYS,
        time::Day,
    },
    service::{
        Desk, ServiceError, ServiceResult,
        audit::trial_lines,
        caller::StockReader,
        export::cells::{Cell, csv, headings},
        refuse,
    },
    store::{
        Tx,
        counter::{self, CounterRow},
        goods::GoodsRow,
        market, order,
    },
};

/// What stands in each row of the table.
const COLUMNS: [&str; 13] = [
    "sku",
    "name",
    "unit",
    "advice",
    "buy",
    "days",
    "mean",
    "highest",
    "need",
    "on_hand",
    "lapsing",
    "held",
    "affordable",
];

/// What to do about one article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleForecast {
    /// The article.
    pub article: GoodsRow,
    /// What follows, and from what.
    pub forecast: Forecast,
}

/// What to do about a counter's goods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterForecast {
    /// The counter.
    pub counter: CounterRow,
    /// For which day.
    pub next: Option<MarketDay>,
    /// The days looked back on, the latest first.
    pub days: Vec<Day>,
    /// Points that households may still spend, in hundredths.
    pub outstanding: i64,
    /// Article by article.
    pub articles: Vec<ArticleForecast>,
}

impl Desk {
    /// What to buy for a counter. Nothing is said while it is being counted.
    pub async fn buying_forecast(&self, by: &StockReader, at: CounterId) -> ServiceResult<CounterForecast> {
        self.may_see_days(by, at).await?;
        let shelf = self.stock_shelf(by, at).await?.ok_or_else(|| refuse("shelf_is_counted"))?;
        let goods = self.goods(by.book, 0, crate::store::goods::GOODS_MAX).await?;
        let mut tx = self.db.begin_read().await?;
        let counter = counter::by_id(&mut tx, by.book, at).await?.ok_or(ServiceError::NotFound("counter"))?;
        let file = on_file(&mut tx, by.book, counter).await?;
        let today = self.today();
        let days = days_before(&mut tx, by.book, (at, &file.openings), today, DAYS_MAX).await?;
        let taken = taken(&mut tx, by.book, at, &days).await?;
        let held: HashMap<i64, i64> = order::aside(&mut tx, by.book, at).await?.into_iter().collect();
        let outstanding = outstanding(&mut tx, by.book).await?;
        let mut articles = Vec::new();
        for article in goods.into_iter().map(|g| g.row).filter(|row| row.is_on_sale() && !row.is_service()) {
            let here = shelf.iter().find(|s| s.article.sku == article.sku);
            let lots = here.map_or(&[][..], |s| &s.lots);
            let of = |until: Day| {
                let by_then = lots.iter().filter(|lot| lot.last_day.is_some_and(|day| day < until));
                by_then.map(|lot| lot.left).sum::<i64>()
            };
            let (lapsed, soon) = (of(today), of(today.plus(EXPIRY_ALERT_DAYS + 1)));
            let known = Known {
                taken: days.iter().map(|day| taken.get(&(*day, article.sku)).copied().unwrap_or(0)).collect(),
                on_hand: here.map_or(0, |s| s.pieces) - lapsed,
                lapsing: soon - lapsed,
                held: held.get(&article.sku).copied().unwrap_or(0),
                affordable: outstanding / article.price.max(1),
            };
            articles.push(ArticleForecast { article, forecast: forecast(known) });
        }
        let next = file.openings.next_at(self.now());
        Ok(CounterForecast { counter: file.counter, next, days, outstanding, articles })
    }
}

/// Pieces taken on each of the days and not brought back, by day and article.
async fn taken(
    tx: &mut Tx,
    book: BookId,
    at: CounterId,
    days: &[Day],
) -> ServiceResult<HashMap<(Day, i64), i64>> {
    let Some((last, first)) = days.first().zip(days.last()) else { return Ok(HashMap::new()) };
    let span = (first.start(), last.plus(1).start());
    let mut out = HashMap::new();
    for (day, sku, pieces) in market::pieces(tx, book, at, span).await? {
        *out.entry((day, sku)).or_insert(0) += pieces;
    }
    for (day, sku, pieces) in market::pieces_back(tx, book, at, span).await? {
        *out.entry((day, sku)).or_insert(0) -= pieces;
    }
    Ok(out)
}

/// Points that households may still spend.
async fn outstanding(tx: &mut Tx, book: BookId) -> ServiceResult<i64> {
    let lines = trial_lines(tx, book).await?;
    let own =
        lines.iter().filter(|l| l.commodity == Commodity::POINT && l.kind == Some(AccountKind::Available));
    Ok(-own.map(|l| l.quantity).sum::<i64>())
}

/// The forecast as a table for spreadsheets.
#[must_use]
pub fn table(of: &CounterForecast) -> Vec<u8> {
    // spreadsheets take a file for UTF-8 only when it says so
    let mut out = "\u{feff}".as_bytes().to_vec();
    headings(&mut out, &COLUMNS);
    for ArticleForecast { article, forecast: f } in &of.articles {
        let known = &f.known;
        let days = i64::try_from(f.days).unwrap_or(0);
        let row: [Cell; 13] = [
            article.sku.into(),
            article.name.as_str().into(),
            article.unit.as_str().into(),
            f.advice.as_str().into(),
            f.advice.pieces().into(),
            days.into(),
            f.mean.into(),
            f.highest.into(),
            f.need.into(),
            known.on_hand.into(),
            known.lapsing.into(),
            known.held.into(),
            known.affordable.into(),
        ];
        csv(&mut out, &row);
    }
    out
}
