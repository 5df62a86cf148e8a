//! Who stood beside a redemption, as both parties and the auditor read it: on the receipt, the statement and the list of the
//! month. A helper by masked name, a witness by household or by the name of a sign-in.

use std::collections::BTreeMap;

use super::{Desk, ServiceResult, actor_name, masked_head};
use crate::{
    domain::{
        bystander::{NothingShown, Part, Recused},
        ids::{BookId, CounterId, OrderId},
        person::Name,
        time::{Day, Period},
    },
    service::{Actor, caller::Bookkeeper},
    store::{
        StoreError, Tx, bearer,
        bystander::{self, BystanderRow},
        counter, helper, household, person, redemption,
    },
};

/// Redemptions of a month shown at once.
pub const BESIDE_MAX: i64 = 300;

/// Who stood beside a redemption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// What for.
    pub part: Part,
    /// Who: a household's number, a masked name or the name of a sign-in.
    pub who: String,
    /// Why nothing could be shown.
    pub reason: Option<NothingShown>,
    /// What the shopkeeper is to the household.
    pub recused: Option<Recused>,
}

/// A redemption with somebody beside, for whoever looks into them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BesideLine {
    /// The redemption.
    pub id: OrderId,
    /// The receipt number.
    pub no: i64,
    /// The household's number.
    pub household_no: String,
    /// Its head, masked.
    pub masked_name: String,
    /// Who served.
    pub cashier: String,
    /// When.
    pub at: crate::domain::time::Timestamp,
    /// Points taken, in hundredths.
    pub points: i64,
    /// Who stood beside.
    pub beside: Beside,
}

/// What was redeemed with somebody beside in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BesideMonth {
    /// The first day of the month, and of the next.
    pub month: (Day, Day),
    /// How many of each part, by counter: its name in both languages.
    pub counts: Vec<(String, String, Part, i64)>,
    /// The redemptions, the latest first, at most [`BESIDE_MAX`].
    pub lines: Vec<BesideLine>,
    /// How many alerts wait.
    pub open: i64,
}

fn wrong(column: &'static str, row: &BystanderRow) -> StoreError {
    StoreError::inconsistent("redemption_bystander", column, row.redemption_id.to_string())
}

/// Who stood beside a redemption, if anybody did.
pub(super) async fn of(tx: &mut Tx, book: BookId, redemption: OrderId) -> ServiceResult<Option<Beside>> {
    match bystander::of(tx, book, redemption).await? {
        Some(row) => beside(tx, book, &row).await,
        None => Ok(None),
    }
}

async fn beside(tx: &mut Tx, book: BookId, row: &BystanderRow) -> ServiceResult<Option<Beside>> {
    let Some(part) = &row.part else { return Ok(None) };
    let part: Part = part.parse().map_err(|_| wrong("part", row))?;
    let reason = row.reason.as_deref().map(str::parse).transpose().map_err(|_| wrong("reason", row))?;
    let recused = row.recused.as_deref().map(str::parse).transpose().map_err(|_| wrong("recused", row))?;
    let who = match row.helper_id {
        Some(id) => {
            let helper = helper::one(tx, book, id).await?.ok_or_else(|| wrong("helper_id", row))?;
            masked_person(tx, book, helper.person_id).await?
        }
        None => bystander_name(tx, book, row.person.as_deref().unwrap_or_default()).await?,
    };
    Ok(Some(Beside { part, who, reason, recused }))
}

/// Somebody of the register, masked.
pub(in crate::service) async fn masked_person(
    tx: &mut Tx,
    book: BookId,
    id: crate::domain::ids::PersonId,
) -> ServiceResult<String> {
    let name = person::by_id(tx, book, id).await?.map(|p| p.name);
    Ok(name.and_then(|n| Name::parse(&n).ok()).map_or_else(|| "*".to_owned(), |n| n.masked()))
}

/// The number of a household, or the name of a sign-in.
async fn bystander_name(tx: &mut Tx, book: BookId, actor: &str) -> ServiceResult<String> {
    match actor.parse() {
        Ok(Actor::Household(id)) => {
            Ok(household::by_id(tx, book, id).await?.map(|h| h.no.to_string()).unwrap_or_default())
        }
        _ => actor_name(tx, actor).await,
    }
}

impl Desk {
    /// What was redeemed with somebody beside in the month of `day`, counted and one by one.
    pub async fn beside_month(&self, by: &Bookkeeper, day: Day) -> ServiceResult<BesideMonth> {
        let month = day.period(Period::Month);
        let span = (month.0.start(), month.1.start());
        let mut tx = self.db.begin_read().await?;
        let mut names: BTreeMap<CounterId, (String, String)> = BTreeMap::new();
        for row in counter::list(&mut tx, by.book).await? {
            names.insert(row.id, (row.name, row.name_en));
        }
        let mut counts = Vec::new();
        for (at, part, count) in bystander::counts(&mut tx, by.book, span).await? {
            let (name, name_en) = names.get(&at).cloned().unwrap_or_default();
            let part =
                part.parse().map_err(|_| StoreError::inconsistent("redemption_bystander", "part", &part))?;
            counts.push((name, name_en, part, count));
        }
        let mut lines = Vec::new();
        for row in bystander::list(&mut tx, by.book, span, BESIDE_MAX).await? {
            let Some(beside) = beside(&mut tx, by.book, &row).await? else { continue };
            let taken = redemption::by_id(&mut tx, by.book, row.redemption_id).await?;
            let taken = taken.ok_or_else(|| wrong("redemption_id", &row))?;
            let home = household::by_id(&mut tx, by.book, row.household_id).await?;
            let home = home.ok_or_else(|| wrong("household_id", &row))?;
            lines.push(BesideLine {
                id: taken.id,
                no: taken.no,
                household_no: home.no.to_string(),
                masked_name: masked_head(&mut tx, by.book, &home).await?,
                cashier: actor_name(&mut tx, &taken.cashier).await?,
                at: taken.placed_at,
                points: taken.points,
                beside,
            });
        }
        lines.sort_by_key(|line| std::cmp::Reverse(line.no));
        let open = bearer::open(&mut tx, by.book).await?;
        Ok(BesideMonth { month, counts, lines, open })
    }
}
