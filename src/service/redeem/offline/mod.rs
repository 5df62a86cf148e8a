//! The counter without network (断网): a device is made ready with points and goods that are put aside for it, sells from
//! them alone, and sends back what it sold. Every sale then becomes a redemption like any other, in one act with the
//! release of what was put aside and the new hold of what is left; what cannot be taken is for people to decide.
//!
//! * [`ready`] — putting aside, and what the device is told
//! * [`sync`] — taking what it sent
//! * [`turn`] — the postings of that
//! * [`selling`] — one sale as a redemption
//! * [`rows`] — the rows that go with them
//! * [`end`] — a device that is gone
//! * [`decide`] — what people decide

use std::collections::BTreeMap;

use super::{Desk, ServiceError, ServiceResult, card_meter, closed, refuse};
use crate::{
    domain::{
        household::HouseholdState,
        ids::{BookId, OfflineRoundId},
        offline::{
            RoundState,
            entry::Sum,
            round::{Allowance, Round, Shelved, Standing},
        },
    },
    store::{
        Tx,
        offline::{self, AllowanceRow, OfflineGoodsRow, RoundRow},
    },
};

mod decide;
mod end;
mod ready;
mod rows;
mod selling;
mod sync;
mod turn;

pub use decide::Undecided;
pub use end::InHand;
pub use ready::{Given, GivenArticle, GivenHousehold, NewRound};
pub use sync::{Answered, Sent, Synced};

/// A round as stored, and as the rules see it.
struct Loaded {
    row: RoundRow,
    allowances: Vec<AllowanceRow>,
    goods: Vec<OfflineGoodsRow>,
    round: Round,
}

/// A round with the standing of its cards at this moment.
async fn load(tx: &mut Tx, book: BookId, id: OfflineRoundId) -> ServiceResult<Loaded> {
    let row = offline::by_id(tx, book, id).await?.ok_or(ServiceError::NotFound("offline round"))?;
    let allowances = offline::allowances(tx, book, id).await?;
    let goods = offline::goods(tx, book, id).await?;
    let mut known = BTreeMap::new();
    for (number, digest) in offline::entry::digests(tx, book, id).await? {
        known.insert(number, sum(&digest)?);
    }
    let mut round = Round {
        book,
        id,
        state: state_of(&row)?,
        next: row.next_no,
        head: sum(&row.head)?,
        sale_max: row.sale_max,
        marks: BTreeMap::new(),
        allowances: BTreeMap::new(),
        goods: goods.iter().map(|g| (g.sku, Shelved { left: g.remaining, price: g.price })).collect(),
        known,
    };
    for a in &allowances {
        round.marks.insert(sum(&a.qr_mark)?, a.household_id);
        round.marks.insert(sum(&a.number_mark)?, a.household_id);
        round.allowances.insert(a.household_id, Allowance { left: a.remaining, standing: standing(a) });
    }
    Ok(Loaded { row, allowances, goods, round })
}

fn standing(a: &AllowanceRow) -> Standing {
    let state: Option<HouseholdState> = a.household_state.parse().ok();
    if a.card_state != "active" {
        Standing::CardRevoked
    } else if state.is_some_and(HouseholdState::may_redeem) {
        Standing::Good
    } else {
        Standing::Frozen
    }
}

fn state_of(row: &RoundRow) -> ServiceResult<RoundState> {
    let wrong = || ServiceError::Internal(format!("offline round {} is {}", row.id, row.state));
    row.state.parse().map_err(|_| wrong())
}

fn sum(bytes: &[u8]) -> ServiceResult<Sum> {
    bytes.try_into().map_err(|_| ServiceError::Internal("a digest that is not 32 bytes".to_owned()))
}
