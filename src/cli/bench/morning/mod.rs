//! A market morning at one counter: households come within an hour or so, each shows a phone code or a card, takes one to
//! five articles and goes with a receipt. The pages are those the shopkeeper's browser loads, one household after the
//! other, as one counter does; the seconds that people take are given, not waited for, and the queue is worked out from both.

use std::path::Path;

use anyhow::{Context, ensure};

use super::{
    Bench, pages, redeem,
    served::{Place, Served},
    sheet::{Figure, Row, Sheet, float, percentile},
    village,
};
use crate::{
    domain::{
        entropy::ChaChaEntropy,
        ids::{BookId, HouseholdId},
        time::ManualClock,
    },
    service::{
        Desk, HashCost,
        caller::{Clerk, Resident, Shopkeeper},
        demo::{perform, plan},
        session::Owner,
    },
    store::{self, household::Household},
};

mod counter;
mod queue;

pub use queue::Think;

use counter::{Counter, Visit};
use queue::{arrivals, queue};

/// Articles that a card takes without PIN all together (20 points), and in hundredths what each costs.
const ARTICLES: [(&str, &str, i64); 5] = [
    ("测量用肥皂", "Soap to measure with", 200),
    ("测量用毛巾", "Towel to measure with", 300),
    ("测量用牙膏", "Toothpaste to measure with", 400),
    ("测量用洗衣粉", "Washing powder to measure with", 500),
    ("测量用洗洁精", "Dish soap to measure with", 600),
];
/// An article for which a card needs its PIN.
const DEAR: (&str, &str, i64) = ("测量用大米", "Rice to measure with", 2_200);
/// Households looked at for each that comes: some are frozen, some are the shopkeeper's kin.
const SPARE: i64 = 2;

/// What a household shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shows {
    /// A live code on a phone.
    Phone,
    /// A card, below the amount that needs its PIN.
    Card,
    /// A card and its PIN.
    CardAndPin,
}

impl Shows {
    const ALL: [Self; 3] = [Self::Phone, Self::Card, Self::CardAndPin];

    const fn named(self) -> &'static str {
        match self {
            Self::Phone => "phone code",
            Self::Card => "card",
            Self::CardAndPin => "card and PIN",
        }
    }
}

/// A household that comes.
struct Comer {
    household: HouseholdId,
    no: String,
    card: String,
    shows: Shows,
    /// Article numbers, a piece of each.
    takes: Vec<i64>,
}

/// Lays out the village, serves the households one after the other and tells how the morning went.
pub(super) async fn measure(
    options: &Bench,
    sheet: &Sheet,
    folder: &Path,
    url: Option<&str>,
) -> anyhow::Result<()> {
    let place = Place { folder, database_url: url };
    if options.no_year {
        lay_out(place).await?;
    } else {
        village::fill(place)?;
    }
    let desk = place.books()?.open_desk().await?;
    let book = village::book(&desk).await?;
    let (keeper, comers) = comers(&desk, book, options.visitors).await?;
    let cookie = pages::cookie(&desk, Owner::User(keeper.user)).await?;
    // from here on the served process is the only one that writes
    let served = Served::start(place).await?;
    let counter = Counter::new(&served, &cookie);
    let mut visits = Vec::with_capacity(comers.len());
    for comer in &comers {
        let (code, pin) = match comer.shows {
            Shows::Phone => {
                let resident = Resident { book, household: comer.household };
                (desk.phone_code(&resident).await?.digits, None)
            }
            Shows::Card => (comer.card.clone(), None),
            Shows::CardAndPin => (comer.card.clone(), Some(perform::pin_of(&comer.no))),
        };
        let visit = counter.serve(&code, pin.as_deref(), &comer.takes).await;
        visits.push(visit.with_context(|| format!("{} with a {}", comer.no, comer.shows.named()))?);
    }
    drop(served);
    tell(options, sheet, desk.db.engine().as_str(), &comers, &visits)?;
    desk.db.close().await;
    Ok(())
}

/// The demo village as it was founded, with nothing that happened in its year.
async fn lay_out(place: Place<'_>) -> anyhow::Result<()> {
    let mut books = place.books()?;
    books.no_migrate = false;
    let desk = books.open_desk().await?;
    let mut plan = plan::plan(plan::SEED, desk.today());
    plan.events.clear();
    plan.starts_on = plan.today.plus(-1);
    let clock = std::sync::Arc::new(ManualClock::new(plan.starts_on.start()));
    let entropy = std::sync::Arc::new(ChaChaEntropy::from_seed(plan::SEED));
    let mut founding = Desk::new(desk.db.clone(), clock.clone(), entropy, desk.keys.clone());
    founding.hash_cost = HashCost::LEAST;
    perform::perform(&founding, &clock, &plan).await.context("laying out the demo village")?;
    desk.db.close().await;
    Ok(())
}

/// Puts goods on the shelf, points on accounts and cards into hands, and says who comes with what.
async fn comers(desk: &Desk, book: BookId, visitors: u32) -> anyhow::Result<(Shopkeeper, Vec<Comer>)> {
    let clerk = Clerk::of(&redeem::staff(desk, book, "clerk").await?).context("the clerk is none")?;
    let shop =
        Shopkeeper::of(&redeem::staff(desk, book, "shop1").await?).context("the shopkeeper is none")?;
    let counter = desk.counter_at(&shop, None).await?;
    let mut tx = desk.db.begin_read().await?;
    let fund = store::fund::list(&mut tx, book).await?.into_iter().next().context("there is no fund")?.code;
    let homes = store::household::page(&mut tx, book, "", i64::from(visitors) * SPARE).await?;
    drop(tx);
    let (mut cheap, mut pieces) = (Vec::new(), Vec::new());
    for (name, name_en, price) in ARTICLES {
        cheap.push(desk.add_goods(&clerk, redeem::article(name, name_en, price)).await?.sku);
    }
    let dear = desk.add_goods(&clerk, redeem::article(DEAR.0, DEAR.1, DEAR.2)).await?.sku;
    pieces.extend(cheap.iter().chain([&dear]).map(|sku| (*sku, i64::from(visitors))));
    // more than the goods cost, and than stands behind the points
    let money = i64::from(visitors) * redeem::POINTS * 2;
    desk.receive_money(&clerk, "bench money", &fund, "Bench", money).await?;
    redeem::stock_up(desk, (&shop, &clerk), (counter.id, &fund), &pieces).await?;
    desk.authorise(&clerk, "bench points", &fund, redeem::POINTS * i64::from(visitors), "bench").await?;
    let mut comers: Vec<Comer> = Vec::new();
    for home in
        homes.iter().filter(|h| h.state().is_ok_and(crate::domain::household::HouseholdState::may_redeem))
    {
        if comers.len() == usize::try_from(visitors)? {
            break;
        }
        let number = comers.len();
        if let Some(comer) = comer(desk, (&clerk, &shop), &fund, home, number, (&cheap, dear)).await? {
            comers.push(comer);
        }
    }
    ensure!(comers.len() == usize::try_from(visitors)?, "only {} households can come", comers.len());
    Ok((shop, comers))
}

/// A household with points and a card, and with a PIN if it will need one; nothing if this shopkeeper may not serve it.
async fn comer(
    desk: &Desk,
    (clerk, shop): (&Clerk, &Shopkeeper),
    fund: &str,
    home: &Household,
    number: usize,
    (cheap, dear): (&[i64], i64),
) -> anyhow::Result<Option<Comer>> {
    let (household, no) = (home.id, home.no.as_str().to_owned());
    let card = desk.issue_cards(clerk, &[household]).await?.into_iter().next().context("a card")?.digits;
    if desk.identify(shop, None, &card, None).await.is_err() {
        return Ok(None);
    }
    redeem::endow(desk, clerk, fund, &no).await?;
    let shows = match number % Shows::ALL.len() {
        0 => Shows::Phone,
        1 => Shows::Card,
        _ => Shows::CardAndPin,
    };
    let mut takes: Vec<i64> = cheap.iter().copied().take(1 + number % cheap.len()).collect();
    if shows == Shows::CardAndPin {
        desk.set_pin(clerk, household, &perform::pin_of(&no)).await?;
        takes.pop();
        takes.push(dear);
    }
    Ok(Some(Comer { household, no, card, shows, takes }))
}

/// A part of what a visit took of the server.
type Part = fn(&Visit) -> u64;

fn tell(
    options: &Bench,
    sheet: &Sheet,
    engine: &'static str,
    comers: &[Comer],
    visits: &[Visit],
) -> anyhow::Result<()> {
    let think: Vec<f64> =
        comers.iter().map(|c| options.think.seconds(c.takes.len(), c.shows == Shows::CardAndPin)).collect();
    let services: Vec<f64> =
        think.iter().zip(visits).map(|(think, v)| think + float(v.page_to_receipt_us()) / 1e6).collect();
    let count = f64::from(u32::try_from(services.len())?);
    let mean = services.iter().sum::<f64>() / count;
    sheet.say(super::sheet::HEAD)?;
    let sorted = |take: Part, of: Option<Shows>| {
        let those = comers.iter().zip(visits).filter(|(c, _)| of.is_none_or(|of| of == c.shows));
        let mut times: Vec<u64> = those.map(|(_, visit)| take(visit)).collect();
        times.sort_unstable();
        times
    };
    let parts: [(&str, Part); 3] =
        [("redeem", Visit::redeem_us), ("frame", Visit::frame_us), ("all-pages", Visit::page_to_receipt_us)];
    for (path, take) in parts {
        let times = sorted(take, None);
        let per_s = count / (float(times.iter().sum()) / 1e6);
        sheet.row(&Row::of((engine, "morning", path), 1, per_s, &times))?;
    }
    sheet.say("")?;
    for shows in Shows::ALL {
        let times = sorted(Visit::page_to_receipt_us, Some(shows));
        let what = format!("server, page to receipt, {}, p99", shows.named());
        sheet.figure(&Figure::plain(&what, percentile(&times, 990), "ms"))?;
    }
    let line = queue(&arrivals(services.len(), f64::from(options.minutes) * 60.0)?, &services);
    for (what, value, unit) in [
        ("households", count, ""),
        ("a household, people and server", mean, "s"),
        ("of that people", think.iter().sum::<f64>() / count, "s"),
        ("waiting at most", float(u64::try_from(line.longest)?), "households"),
        ("wait on average", line.mean_wait_s / 60.0, "min"),
        ("longest wait", line.longest_wait_s / 60.0, "min"),
        ("the last one goes after", line.over_s / 60.0, "min"),
    ] {
        sheet.figure(&Figure::plain(what, value, unit))?;
    }
    Ok(())
}
