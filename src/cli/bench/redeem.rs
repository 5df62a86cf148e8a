//! Redemptions over HTTP: clients of a served village, each waiting for its receipt before it sends the next basket.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use anyhow::{Context, bail};
use hyper::Method;
use serde_json::json;
use tokio::task::JoinSet;

use super::{
    served::{Http, Served, send},
    sheet::Row,
};
use crate::{
    domain::{
        book::TxnKind,
        chart,
        goods::GoodsKind,
        ids::{BookId, CounterId, HouseholdId},
        posting::{Commodity, Line},
    },
    http::token,
    service::{
        Desk,
        books::{Order, facts},
        caller::{Clerk, Shopkeeper, Staff, StockWitness, Storekeeper},
        goods::NewGoods,
        stock::{Donor, Draft, Incoming},
    },
    store,
};

/// Households whose cards are shown.
const CARDS: i64 = 200;
/// What one of them may take by card in a day, in articles of one point.
const ARTICLES_PER_CARD: usize = 50;
/// Points each gets, in hundredths.
pub(super) const POINTS: i64 = 100 * 100;
/// What a piece costs, in fen.
pub(super) const COST_FEN: i64 = 80;
/// Pieces on the shelf.
const PIECES: i64 = 20_000;

/// A village in which there is something to redeem.
pub(super) struct Shop {
    bearer: String,
    cards: Vec<String>,
    sku: i64,
    next: AtomicUsize,
}

/// Puts one article of one point on the shelf, points on the accounts and cards into the hands of some households.
pub(super) async fn prepare(desk: &Desk, book: BookId) -> anyhow::Result<Shop> {
    let clerk = Clerk::of(&staff(desk, book, "clerk").await?).context("the clerk is none")?;
    let shop = Shopkeeper::of(&staff(desk, book, "shop1").await?).context("the shopkeeper is none")?;
    let counter = desk.counter_at(&shop, None).await?;
    let mut tx = desk.db.begin_read().await?;
    let fund = store::fund::list(&mut tx, book).await?.into_iter().next().context("there is no fund")?.code;
    let homes = store::household::page(&mut tx, book, "", CARDS).await?;
    drop(tx);
    let sku = desk.add_goods(&clerk, article("测量用毛巾", "Towel to measure with", 100)).await?.sku;
    desk.receive_money(&clerk, "bench money", &fund, "Bench", PIECES * COST_FEN).await?;
    stock_up(desk, (&shop, &clerk), (counter.id, &fund), &[(sku, PIECES)]).await?;
    desk.authorise(&clerk, "bench points", &fund, POINTS * CARDS, "bench").await?;
    for home in &homes {
        endow(desk, &clerk, &fund, home.no.as_str()).await?;
    }
    let ids: Vec<HouseholdId> = homes
        .iter()
        .filter(|h| h.state().is_ok_and(crate::domain::household::HouseholdState::may_redeem))
        .map(|h| h.id)
        .collect();
    let cards = desk.issue_cards(&clerk, &ids).await?.into_iter().map(|card| card.digits).collect();
    let bearer = format!("Bearer {}", token::issue(desk, shop.user)?);
    Ok(Shop { bearer, cards, sku, next: AtomicUsize::new(0) })
}

/// An article that is not in the demo village, at `price` hundredths of a point.
pub(super) fn article(name: &str, name_en: &str, price: i64) -> NewGoods {
    NewGoods {
        name: name.to_owned(),
        name_en: name_en.to_owned(),
        unit: "件".to_owned(),
        unit_en: "piece".to_owned(),
        category: "日用".to_owned(),
        kind: GoodsKind::Goods,
        barcode: None,
        quota: None,
        price,
        cost_fen: COST_FEN,
    }
}

/// A hundred points for a household, as brought over from paper.
pub(super) async fn endow(desk: &Desk, clerk: &Clerk, fund: &str, no: &str) -> anyhow::Result<()> {
    let lines = vec![
        Line::new(chart::budget(fund)?, Commodity::point(), POINTS),
        Line::new(chart::household_available(no)?, Commodity::point(), -POINTS),
    ];
    let key = format!("bench {no}");
    let order = Order {
        key: &key,
        kind: TxnKind::Opening,
        effective_on: desk.today(),
        source: None,
        body: facts([("household", no.to_owned())]),
    };
    let command = desk.command(&clerk.actor(), order, lines)?;
    desk.posted(clerk.book, command, Vec::new()).await?;
    Ok(())
}

/// Pieces onto the shelf: the shopkeeper draws up the receipt, the clerk agrees.
pub(super) async fn stock_up(
    desk: &Desk,
    (shop, clerk): (&Shopkeeper, &Clerk),
    (counter, fund): (CounterId, &str),
    articles: &[(i64, i64)],
) -> anyhow::Result<()> {
    let first = Storekeeper::of(shop).context("the shopkeeper keeps no goods")?;
    let second = StockWitness::of(clerk).context("the clerk is no second person")?;
    let incoming = |(sku, pieces): &(i64, i64)| Incoming {
        sku: *sku,
        pieces: *pieces,
        cost_fen: None,
        last_day: None,
        label: String::new(),
    };
    let lines = articles.iter().map(incoming).collect();
    let draft = Draft::Receipt { counter, fund: fund.to_owned(), donor: Donor::default(), lines };
    let paper = desk.draw_stock_paper(&first, &draft, "").await?;
    desk.approve_stock_paper(&second, paper.id, "").await?;
    Ok(())
}

/// A member of the demo village's staff.
pub(super) async fn staff(desk: &Desk, book: BookId, login: &str) -> anyhow::Result<Staff> {
    let mut tx = desk.db.begin_read().await?;
    let found = store::login::by_name(&mut tx, login).await?;
    drop(tx);
    let user = found.with_context(|| format!("the demo village has no {login}"))?.id;
    let who = desk.staff_sign_in(user).await?.with_context(|| format!("{login} may not sign in"))?;
    desk.staff_for(&who, book).await?.with_context(|| format!("{login} has no role"))
}

/// Redeems `count` baskets with `concurrency` clients.
pub(super) async fn measure(
    engine: &'static str,
    served: &Served,
    shop: &Arc<Shop>,
    concurrency: u32,
    count: usize,
) -> anyhow::Result<Row> {
    let first = shop.next.load(Ordering::Relaxed);
    if first + count > shop.cards.len() * ARTICLES_PER_CARD {
        bail!("not enough cards for {count} redemptions");
    }
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..concurrency {
        let (http, base) = (served.http.clone(), served.base().to_owned());
        tasks.spawn(client(http, base, Arc::clone(shop), first + count));
    }
    let mut latencies = Vec::with_capacity(count);
    while let Some(done) = tasks.join_next().await {
        latencies.extend(done??);
    }
    let seconds = started.elapsed().as_secs_f64();
    // each client drew one number too many
    shop.next.store(first + count, Ordering::Relaxed);
    latencies.sort_unstable();
    let per_s = f64::from(u32::try_from(latencies.len())?) / seconds;
    Ok(Row::of((engine, "redemption", "http"), concurrency, per_s, &latencies))
}

async fn client(http: Http, base: String, shop: Arc<Shop>, end: usize) -> anyhow::Result<Vec<u64>> {
    let mut latencies = Vec::new();
    loop {
        let number = shop.next.fetch_add(1, Ordering::Relaxed);
        if number >= end {
            return Ok(latencies);
        }
        let card = number.checked_rem(shop.cards.len()).and_then(|place| shop.cards.get(place));
        let basket = json!({ "credential": card, "lines": [{ "sku": shop.sku, "pieces": 1 }] });
        let key = format!("bench-{number}");
        let headers = [
            ("authorization", shop.bearer.as_str()),
            ("content-type", "application/json"),
            ("idempotency-key", &key),
        ];
        let asked = Instant::now();
        let (status, answer) =
            send(&http, &base, Method::POST, "/api/v1/redemptions", &headers, basket.to_string().into())
                .await?;
        latencies.push(u64::try_from(asked.elapsed().as_micros())?);
        if !status.is_success() {
            bail!("a redemption answers {status}: {}", String::from_utf8_lossy(&answer));
        }
    }
}
