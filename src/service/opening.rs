//! Balances brought over from paper (期初): what households had in the old passbooks. It is points out of an
//! authorised budget, once for ever for each household, and the township that authorised it enters it, not the
//! village; the paper it comes from is kept with every posting.

use super::{
    Desk, Refusal, ServiceError, ServiceResult,
    award::required,
    books::{Order, facts, path},
    bulk::{self, ItemAnswer, Mode},
    caller::Township,
    poster::Task,
    recusal, refuse, rulesets,
};
use crate::{
    domain::{
        amount::{parse_points, points},
        book::{MeterUse, Outcome, PriorResult, RefusalCode, Refused, TxnKind},
        chart,
        household::HouseholdNo,
        ids::BookId,
        posting::{Commodity, Line, MAX_QUANTITY},
    },
    store::{Tx, fund, household, ledger::read},
};

/// Balances to be brought over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningSheet {
    /// The code of the fund whose budget they come out of.
    pub fund: String,
    /// The paper they come from.
    pub basis: String,
    /// All or each.
    pub mode: Mode,
    /// Households and points, as written.
    pub items: Vec<OpeningItem>,
}

/// One balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningItem {
    /// The household's number.
    pub household: String,
    /// Points, as people write them.
    pub points: String,
}

/// A balance that was brought over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    /// Its place in the ledger.
    pub seq: i64,
    /// Spendable points with it, in minor units.
    pub available: i64,
}

impl Desk {
    /// Brings balances over, in one commit; the answer tells item by item. The same key again gets the same answers.
    pub async fn bring_over(
        &self,
        by: &Township,
        key: &str,
        sheet: &OpeningSheet,
    ) -> ServiceResult<Vec<ItemAnswer<Opened>>> {
        bulk::check_size(sheet.items.len())?;
        let basis = required("basis", &sheet.basis)?;
        path(chart::budget(&sheet.fund))?;
        let mut tx = self.db.begin_read().await?;
        let fund =
            fund::by_code(&mut tx, by.book, &sheet.fund).await?.ok_or(ServiceError::NotFound("fund"))?.code;
        let mut prepared = Vec::with_capacity(sheet.items.len());
        for (place, item) in sheet.items.iter().enumerate() {
            let key = bulk::item_key(key, place);
            let order = Order {
                key: &key,
                kind: TxnKind::Opening,
                effective_on: self.today(),
                source: None,
                body: facts([
                    ("household", item.household.clone()),
                    ("points", item.points.clone()),
                    ("fund", fund.clone()),
                ]),
            };
            prepared.push(match self.opening(&mut tx, by, order, item, basis).await {
                Ok(task) => Ok(task),
                Err(error) => Err(bulk::refused(error)?),
            });
        }
        drop(tx);
        self.post_openings(by.book, &fund, sheet.mode, prepared).await
    }

    async fn post_openings(
        &self,
        book: BookId,
        fund: &str,
        mode: Mode,
        prepared: Vec<Result<Task, ItemAnswer<Opened>>>,
    ) -> ServiceResult<Vec<ItemAnswer<Opened>>> {
        if mode == Mode::Atomic && prepared.iter().any(Result::is_err) {
            let refusal = |item: Result<Task, ItemAnswer<Opened>>| match item {
                Err(ItemAnswer::Refused(refusal)) => Some(refusal),
                _ => None,
            };
            return Ok(bulk::none_of(prepared.into_iter().map(refusal).collect()));
        }
        let (mut answers, mut tasks) = (Vec::with_capacity(prepared.len()), Vec::new());
        for item in prepared {
            match item {
                Ok(task) => {
                    tasks.push(task);
                    answers.push(None);
                }
                Err(answer) => answers.push(Some(answer)),
            }
        }
        let outcomes: Vec<ServiceResult<Outcome>> = match mode {
            Mode::Atomic => self.poster.post_together(book, tasks).await?.into_iter().map(Ok).collect(),
            Mode::Each => self.poster.post_each(book, tasks).await?,
        };
        let mut tx = self.db.begin_read().await?;
        for (answer, outcome) in answers.iter_mut().filter(|answer| answer.is_none()).zip(outcomes) {
            *answer = Some(match outcome {
                Ok(outcome) => said(&mut tx, book, fund, outcome).await?,
                Err(error) => bulk::refused(error)?,
            });
        }
        Ok(answers.into_iter().flatten().collect())
    }

    /// The posting of one balance, if the household may have it.
    async fn opening(
        &self,
        tx: &mut Tx,
        by: &Township,
        order: Order<'_>,
        item: &OpeningItem,
        basis: &str,
    ) -> ServiceResult<Task> {
        let no: HouseholdNo =
            item.household.parse().map_err(|_| refuse("invalid_number").with("number", &item.household))?;
        let quantity = parse_points(&item.points).filter(|quantity| (1..=MAX_QUANTITY).contains(quantity));
        let quantity = quantity.ok_or_else(|| refuse("bad_number").with("text", &item.points))?;
        let home = household::by_no(tx, by.book, &no).await?.ok_or(ServiceError::NotFound("household"))?;
        if !home.state()?.may_earn() {
            return Err(refuse("household_not_active").with("household", &no).into());
        }
        recusal::check(tx, by, home.id, self.today()).await?;
        let fund = order.body.get("fund").cloned().unwrap_or_default();
        let last_day = match rulesets::in_force(tx, by.book, self.today()).await {
            Ok(set) => set.programme.expiry.last_day_of_opening(self.today()),
            // a village without rules yet
            Err(ServiceError::Refused(_)) => None,
            Err(other) => return Err(other),
        };
        let available = path(chart::household_available(no.as_str()))?;
        let lines = vec![
            Line::new(path(chart::budget(&fund))?, Commodity::point(), quantity),
            Line::new(available, Commodity::point(), -quantity).expiring(last_day),
        ];
        let mut command = self.command(&by.actor(), order, lines)?;
        command.meters = vec![MeterUse::once(&format!("opening:{no}"))];
        command.private = self.private("basis", basis);
        Ok(Task { command, effects: Vec::new() })
    }
}

/// What the ledger said, as an answer to people.
async fn said(tx: &mut Tx, book: BookId, fund: &str, outcome: Outcome) -> ServiceResult<ItemAnswer<Opened>> {
    let (seq, repeated) = match outcome {
        Outcome::Posted(posted) => (posted.seq, false),
        Outcome::Replayed(PriorResult::Posted { seq }) => (seq, true),
        Outcome::Refused(refused) | Outcome::Replayed(PriorResult::Refused(refused)) => {
            return Ok(ItemAnswer::Refused(in_words(fund, refused)));
        }
        Outcome::Conflict { fields } => {
            let refusal = refuse("idempotency_conflict").with("fields", fields.join(", "));
            return Ok(ItemAnswer::Refused(refusal));
        }
        Outcome::NotApplied { because } => return Ok(ItemAnswer::NotApplied { because }),
    };
    let entries = read::entries(tx, book, seq - 1, seq).await?;
    let home = entries.iter().find(|entry| entry.quantity < 0);
    let available = home.map_or(0, |entry| -entry.balance_after);
    Ok(ItemAnswer::Done { what: Opened { seq, available }, repeated })
}

fn in_words(fund: &str, refused: Refused) -> Refusal {
    let fact = |name: &str| refused.facts.get(name).cloned().unwrap_or_default();
    let amount = |name: &str| points(fact(name).parse().unwrap_or(0));
    match refused.code {
        RefusalCode::LimitExceeded => {
            let meter = fact("meter");
            refuse("brought_over").with("household", meter.rsplit(':').next().unwrap_or_default())
        }
        RefusalCode::InsufficientBudget => refuse("budget_short")
            .with("fund", fund)
            .with("needed", amount("needed"))
            .with("available", amount("available")),
        _ => Refusal::from(refused),
    }
}
