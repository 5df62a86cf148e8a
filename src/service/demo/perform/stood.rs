//! Who stood at the counter of the demo: a neighbour fetches for the household that the demo shows, and its people answer for
//! three neighbours who had left card and phone at home, one after the other, which somebody is to look into.

use super::{missing, pin_of};
use crate::{
    domain::{
        amount::POINT_MINOR,
        basket::Basket,
        bystander::{BEARER_HOUSEHOLDS, NothingShown, Part},
        household::HouseholdNo,
        ids::BookId,
    },
    service::{
        Desk, ServiceError, ServiceResult,
        caller::{Resident, Shopkeeper, Staff},
        helpers::NewHelper,
        redeem::{Bystander, RedeemRequest},
    },
    store,
};

/// Households looked at for some that have points.
const NEIGHBOURS: i64 = 30;
/// What the helper may take in a day.
const HELPER_DAY: i64 = 20 * POINT_MINOR;

/// Registers the helper and redeems.
pub(super) async fn stood(desk: &Desk, book: BookId, keeper: &Staff, no: &HouseholdNo) -> ServiceResult<()> {
    let keeper = Shopkeeper::of(keeper).ok_or_else(|| missing("keeper"))?;
    let counter = desk.counter_at(&keeper, None).await?;
    let mut articles = desk.catalogue(book, &counter.code).await?;
    articles.retain(|a| a.stock.is_some_and(|pieces| pieces > 0) && a.row.quota.is_none());
    let article =
        articles.into_iter().min_by_key(|a| (a.row.price, a.row.sku)).ok_or_else(|| missing("article"))?;
    let mut tx = desk.db.begin_read().await?;
    let home = store::household::by_no(&mut tx, book, no).await?.ok_or_else(|| missing("household"))?;
    let near = store::household::page(&mut tx, book, no.as_str(), NEIGHBOURS).await?;
    let mut neighbours = Vec::new();
    for neighbour in near {
        if let Some(name) = store::person::head(&mut tx, book, neighbour.id).await? {
            neighbours.push((neighbour, name));
        }
    }
    drop(tx);
    let (first, name) = neighbours.first().ok_or_else(|| missing("neighbour"))?;
    let new = NewHelper { household_no: first.no.to_string(), name: name.clone(), day_max: HELPER_DAY };
    allowed(desk.register_helper(&Resident { book, household: home.id }, &new).await)?;
    let basket = || Basket::new([(article.row.sku, 1)]).map_err(|_| missing("basket"));
    let request = |credential: &HouseholdNo, part, who: &HouseholdNo| {
        let reason = (part == Part::Witness).then_some(NothingShown::Forgot);
        let secret = pin_of(who.as_str());
        Ok::<_, ServiceError>(RedeemRequest {
            counter: Some(counter.id),
            credential: credential.to_string(),
            visit: None,
            pin: None,
            basket: basket()?,
            bystander: Some(Bystander { part, who: who.to_string(), secret, reason }),
            same_as: None,
        })
    };
    allowed(desk.redeem(&keeper, &request(no, Part::Helper, &first.no)?, "demo:helped").await)?;
    let mut done = 0;
    for (neighbour, _) in neighbours.iter().skip(1) {
        let by = Resident { book, household: neighbour.id };
        if done == BEARER_HOUSEHOLDS || desk.own_holdings(&by).await?.available < article.row.price {
            continue;
        }
        let key = format!("demo:witnessed:{}", neighbour.no);
        let request = request(&neighbour.no, Part::Witness, no)?;
        done += usize::from(allowed(desk.redeem(&keeper, &request, &key).await)?);
    }
    Ok(())
}

/// Whether the village's own rules let it.
fn allowed<T>(done: ServiceResult<T>) -> ServiceResult<bool> {
    match done {
        Ok(_) => Ok(true),
        Err(ServiceError::Refused(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
